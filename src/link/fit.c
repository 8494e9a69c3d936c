/* m and u of every level, and the weights they come to. */
#include "link/fit.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "link/model.h"

void
aw_fit_assume(struct aw_fit *fit, size_t field, const struct aw_comparator *comparator)
{
	double rest = 0.1, all = 0.9;

	fit->m[field][1] = 0.9;
	for (size_t l = 2; l < comparator->count; l++) {
		rest *= 0.5;
		fit->m[field][l] = rest;
		all += rest;
	}
	for (size_t l = 1; l < comparator->count; l++)
		fit->m[field][l] /= all;
}

static double
at_least(double p, double least)
{
	return p > least ? p : least;
}

/* Pool adjacent violators (Ayer and others 1955): levels l..k share the ratio of their sums. */
static void
pool_levels(const double *m, const double *u, size_t count, int32_t *ret_weight)
{
	struct {
		double m, u;
		size_t levels;
	} pools[AW_SPEC_LEVELS];
	size_t n = 0, l = 1;

	for (size_t i = 1; i < count; i++) {
		pools[n].m = m[i];
		pools[n].u = u[i];
		pools[n++].levels = 1;
		while (n > 1 && pools[n - 1].m * pools[n - 2].u > pools[n - 2].m * pools[n - 1].u) {
			pools[n - 2].m += pools[n - 1].m;
			pools[n - 2].u += pools[n - 1].u;
			pools[n - 2].levels += pools[n - 1].levels;
			n--;
		}
	}
	for (size_t p = 0; p < n; p++)
		for (size_t i = 0; i < pools[p].levels; i++)
			ret_weight[l++] = aw_link_log2_mbits(pools[p].m / pools[p].u);
}

void
aw_fit_weigh(struct aw_fit *fit, const struct aw_comparator *comparators)
{
	for (size_t f = 0; f < fit->field_count; f++) {
		size_t count = comparators[f].count;

		for (size_t l = 1; l < count; l++) {
			fit->m[f][l] = at_least(fit->m[f][l], AW_FIT_LEAST_M);
			fit->u[f][l] = at_least(fit->u[f][l], AW_FIT_LEAST_U);
		}
		pool_levels(fit->m[f], fit->u[f], count, fit->weight[f]);
		fit->weight[f][0] = 0;
	}
	fit->prior_mbits = aw_link_log2_mbits(fit->prior / (1.0 - fit->prior));
}

static json_t *
calibration_json(const struct aw_calibration *calibration)
{
	json_t *json = json_object();

	aw_json_put(json, "slope", json_real(calibration->slope));
	aw_json_put(json, "shift", json_real(calibration->shift));
	aw_json_put_int(json, "same", (int64_t)calibration->same);
	aw_json_put_int(json, "not_same", (int64_t)calibration->not_same);
	return json;
}

char *
aw_fit_json(
	struct aw_arena *arena, const struct aw_fit *fit, const struct aw_comparator *comparators)
{
	AW_SCOPED(json, json_t *) root = json_object();
	json_t *fields = json_object();

	aw_json_put(root, "prior", json_real(fit->prior));
	for (size_t f = 0; f < fit->field_count; f++) {
		json_t *levels = json_object();

		for (size_t l = 1; l < comparators[f].count; l++) {
			json_t *level = json_object();

			aw_json_put(level, "m", json_real(fit->m[f][l]));
			aw_json_put(level, "u", json_real(fit->u[f][l]));
			aw_json_put(levels, comparators[f].levels[l].code, level);
		}
		aw_json_put(fields, comparators[f].column->name, levels);
	}
	aw_json_put(root, "fields", fields);
	if (fit->calibration.same > 0)
		aw_json_put(root, "calibration", calibration_json(&fit->calibration));
	return aw_json_pretty(arena, root);
}

/* -- reading ------------------------------------------------------------------------------------- */

static bool
probability(const json_t *object, const char *key, double *ret)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL || !json_is_number(value) || json_number_value(value) <= 0.0 ||
		json_number_value(value) > 1.0)
		return false;
	*ret = json_number_value(value);
	return true;
}

static enum aw_status
read_field(struct aw_fit *fit, size_t f, const struct aw_comparator *comparator,
	const json_t *levels, const char *file, struct aw_error *err)
{
	const char *name = comparator->column->name;

	if (!json_is_object(levels))
		return aw_fail_at(err, file, 0, 0, "the model has no field \"%.60s\"", name);
	if (json_object_size(levels) != comparator->count - 1)
		return aw_fail_at(err, file, 0, 0, "field \"%.60s\" has %zu levels, the model %zu",
			name, comparator->count - 1, json_object_size(levels));
	for (size_t l = 1; l < comparator->count; l++) {
		const json_t *level = json_object_get(levels, comparator->levels[l].code);

		if (!probability(level, "m", &fit->m[f][l]) ||
			!probability(level, "u", &fit->u[f][l]))
			return aw_fail_at(err, file, 0, 0,
				"field \"%.60s\", level \"%.40s\": the model must say m and u, "
				"above 0 and at most 1",
				name, comparator->levels[l].code);
	}
	fit->trained[f] = true;
	return AW_OK;
}

/* A model that nobody decided about has none. */
static enum aw_status
read_calibration(
	const json_t *json, const char *file, struct aw_calibration *ret, struct aw_error *err)
{
	const json_t *slope = json_object_get(json, "slope"),
		     *shift = json_object_get(json, "shift");
	int64_t same = 0, not_same = 0;

	*ret = AW_CALIBRATION_NONE;
	if (json == NULL)
		return AW_OK;
	if (!json_is_number(slope) || json_number_value(slope) <= 0.0 || !json_is_number(shift) ||
		!aw_json_int(json, "same", &same) || !aw_json_int(json, "not_same", &not_same) ||
		same <= 0 || not_same <= 0)
		return aw_fail_at(err, file, 0, 0,
			"a calibration has a slope above 0, a shift, and how many were the same "
			"and not");
	*ret = (struct aw_calibration){ json_number_value(slope), json_number_value(shift),
		(size_t)same, (size_t)not_same };
	return AW_OK;
}

enum aw_status
aw_fit_read(struct aw_str json, const char *file, const struct aw_comparator *comparators,
	size_t count, struct aw_fit *ret_fit, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) root = NULL;
	struct aw_fit fit = { .field_count = count };
	const json_t *fields;

	if (aw_json_parse(json, file, &root, err) != AW_OK)
		return err->status;
	if (!probability(root, "prior", &fit.prior) || fit.prior >= 1.0)
		return aw_fail_at(
			err, file, 0, 0, "a model has a \"prior\" between 0 and 1, and \"fields\"");
	fields = json_object_get(root, "fields");
	if (json_object_size(fields) != count)
		return aw_fail_at(err, file, 0, 0, "the spec has %zu fields, the model %zu", count,
			json_object_size(fields));
	for (size_t f = 0; f < count; f++)
		if (read_field(&fit, f, &comparators[f],
			    json_object_get(fields, comparators[f].column->name), file,
			    err) != AW_OK)
			return err->status;
	if (read_calibration(json_object_get(root, "calibration"), file, &fit.calibration, err) !=
		AW_OK)
		return err->status;
	*ret_fit = fit;
	return AW_OK;
}
