/* m and u of every level. */
#include "link/model.h"

#include <math.h>
#include <string.h>

#include "base/json.h"

struct pair {
	double m, u;
};

/* Learned by bench_train (bench/train.c) from one half of the made-up Taiwan (bench/taiwan.h, seed 1,
 * 1,000,000 records against how the person is registered, 20,000,000 against strangers) and held
 * against the other half by bench_live: m, and u of names, births and sexes. Not learned:
 * - u of the number's levels follows from how numbers are made: 26 x 2 x 10^7 of them, 115 one slip away;
 *   two slips in a valid number are what siblings have who were registered together: for nobody;
 * - u of a name that agrees is the name's own share, found at each search; here the mean;
 * - what those records do not hold keeps what people judged: an alias, a masked or a married name, the
 *   first of January, ages; a lunar day, whose u is that of two days among all;
 * - nothing is rarer than two in a thousand: no generator knows every way in which people err; and no level
 *   weighs more than a better one (the given name alone: 6.3e-5 came out). */
static const struct pair number_pairs[] = { { 0, 0 }, { 0.977, 2e-9 }, { 0.010, 2e-9 },
	{ 0.0164, 1e-7 }, { 0.0026, 1e-6 }, { 0.002, 1e-4 }, { 0.002, 0.5 }, { 0.003, 1.0 } };
static const struct pair name_pairs[] = { { 0, 0 }, { 0.958, 4e-5 }, { 0.040, 4e-5 },
	{ 0.010, 4e-4 }, { 0.0148, 8.3e-6 }, { 0.006, 1e-4 }, { 0.0027, 1e-5 }, { 0.0102, 3.0e-4 },
	{ 0.0036, 1.1e-4 }, { 0.0089, 0.0405 }, { 0.002, 0.959 } };
static const struct pair birth_pairs[] = { { 0, 0 }, { 0.971, 3.4e-5 }, { 0.010, 3e-4 },
	{ 0.0028, 1.35e-5 }, { 0.008, 1.1e-3 }, { 0.009, 1.4e-4 }, { 0.002, 6.8e-5 },
	{ 0.940, 0.0135 }, { 0.040, 0.026 }, { 0.0047, 0.0123 }, { 0.002, 0.986 } };
static const struct pair sex_pairs[] = { { 0, 0 }, { 0.994, 0.501 }, { 0.006, 0.499 } };
/* A phone and a door are shared by a household, and people move: judged, not learned, and capped so that
 * together they make nobody. */
static const struct pair phone_pairs[] = { { 0, 0 }, { 0.500, 0.002 }, { 0.500, 0.998 } };
static const struct pair address_pairs[] = { { 0, 0 }, { 0.400, 0.004 }, { 0.200, 0.003 },
	{ 0.060, 0.003 }, { 0.060, 0.008 }, { 0.060, 0.012 }, { 0.120, 0.130 }, { 0.100, 0.840 } };

static const struct {
	const struct pair *pairs;
	size_t count;
} defaults[AW_LINK_FIELDS] = {
	{ number_pairs, AW_COUNT(number_pairs) },
	{ name_pairs, AW_COUNT(name_pairs) },
	{ birth_pairs, AW_COUNT(birth_pairs) },
	{ sex_pairs, AW_COUNT(sex_pairs) },
	{ phone_pairs, AW_COUNT(phone_pairs) },
	{ address_pairs, AW_COUNT(address_pairs) },
};

int32_t
aw_link_log2_mbits(double x)
{
	return (int32_t)lround(log2(x) * 1000.0);
}

static void
weigh(struct aw_link_model *model)
{
	for (size_t f = 0; f < AW_LINK_FIELDS; f++) {
		for (size_t l = 1; l < defaults[f].count; l++) {
			model->log_m[f][l] = aw_link_log2_mbits(model->m[f][l]);
			model->weight[f][l] = aw_link_log2_mbits(model->m[f][l] / model->u[f][l]);
		}
	}
}

void
aw_link_model_default(struct aw_link_model *ret_model)
{
	memset(ret_model, 0, sizeof(*ret_model));
	for (size_t f = 0; f < AW_LINK_FIELDS; f++) {
		for (size_t l = 1; l < defaults[f].count; l++) {
			ret_model->m[f][l] = defaults[f].pairs[l].m;
			ret_model->u[f][l] = defaults[f].pairs[l].u;
		}
	}
	weigh(ret_model);
}

static bool
probability(const json_t *object, const char *key, double *ret)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL)
		return true;
	if (!json_is_number(value) || json_number_value(value) <= 0.0 ||
		json_number_value(value) > 1.0)
		return false;
	*ret = json_number_value(value);
	return true;
}

static enum aw_status
read_field(struct aw_link_model *model, size_t field, json_t *levels, const char *file,
	struct aw_error *err)
{
	const char *name, *code = aw_link_field_code((enum aw_link_field)field);
	json_t *value;

	json_object_foreach(levels, name, value)
	{
		size_t l = 1;

		while (l < defaults[field].count &&
			strcmp(aw_link_level_code((enum aw_link_field)field, (uint8_t)l), name) !=
				0)
			l++;
		if (l == defaults[field].count)
			return aw_fail_at(
				err, file, 0, 0, "field %s has no level of that name", code);
		if (!probability(value, "m", &model->m[field][l]) ||
			!probability(value, "u", &model->u[field][l]))
			return aw_fail_at(err, file, 0, 0,
				"field %s: m and u are numbers above 0, at most 1", code);
	}
	return AW_OK;
}

enum aw_status
aw_link_model_read(
	struct aw_str json, const char *file, struct aw_link_model *ret_model, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) root = NULL;
	struct aw_link_model model;
	const char *name;
	json_t *value;

	if (aw_json_parse(json, file, &root, err) != AW_OK)
		return err->status;
	if (!json_is_object(root))
		return aw_fail_at(err, file, 0, 0, "a model is an object of fields");
	aw_link_model_default(&model);
	json_object_foreach(root, name, value)
	{
		size_t f = 0;

		while (f < AW_LINK_FIELDS &&
			strcmp(aw_link_field_code((enum aw_link_field)f), name) != 0)
			f++;
		if (f == AW_LINK_FIELDS || !json_is_object(value))
			return aw_fail_at(err, file, 0, 0, "the model names a field that is none");
		if (read_field(&model, f, value, file, err) != AW_OK)
			return err->status;
	}
	weigh(&model);
	*ret_model = model;
	return AW_OK;
}
