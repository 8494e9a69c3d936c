/* Comparators made from a spec. */
#include "link/level.h"

#include <math.h>
#include <string.h>

#include "link/room.h"
#include "link/value.h"

/* -- which levels -------------------------------------------------------------------------------- */

static const char *const default_levels[AW_TYPES][8] = {
	[AW_TYPE_TEXT] = { "exact", "osa<=1", "jaro_winkler>=0.92", "jaro_winkler>=0.8" },
	[AW_TYPE_LATIN_NAME] = { "exact", "swapped", "osa<=1", "jaro_winkler>=0.92", "initial",
		"sound", "jaro_winkler>=0.8" },
	[AW_TYPE_CODE] = { "exact", "osa<=1", "osa<=2" },
	[AW_TYPE_PHONE] = { "exact", "osa<=1" },
	[AW_TYPE_POSTCODE] = { "exact", "osa<=1", "first>=3" },
};

static const struct {
	const char *code;
	enum aw_level_kind kind;
	char sign; /* '<' or '>' and a number; 0 = none */
} text_levels[] = {
	{ "exact", AW_LEVEL_EXACT, 0 },
	{ "swapped", AW_LEVEL_SWAPPED, 0 },
	{ "initial", AW_LEVEL_INITIAL, 0 },
	{ "sound", AW_LEVEL_SOUND, 0 },
	{ "first", AW_LEVEL_FIRST, '>' },
	{ "levenshtein", AW_LEVEL_LEVENSHTEIN, '<' },
	{ "osa", AW_LEVEL_OSA, '<' },
	{ "jaro", AW_LEVEL_JARO, '>' },
	{ "jaro_winkler", AW_LEVEL_JARO_WINKLER, '>' },
};

static const char TEXT_HELP[] = "exact, swapped, initial, sound, first>=N, levenshtein<=N, osa<=N, "
				"jaro>=X, jaro_winkler>=X";

/* A number behind "<=" or ">=": distances are whole, likeness lies in (0, 1]. */
static bool
read_bound(const char *text, struct aw_level *level)
{
	bool whole = level->kind != AW_LEVEL_JARO && level->kind != AW_LEVEL_JARO_WINKLER;
	int64_t count;
	char *end;

	if (whole) {
		if (!aw_str_int64(aw_str(text), &count) || count < 1 || count > 99)
			return false;
		level->count = (uint32_t)count;
		return true;
	}
	level->least = strtod(text, &end);
	return end != text && *end == '\0' && level->least > 0.0 && level->least <= 1.0;
}

static bool
read_text_level(const char *code, struct aw_level *ret)
{
	for (size_t i = 0; i < AW_COUNT(text_levels); i++) {
		struct aw_level level = { .kind = text_levels[i].kind, .code = code };
		size_t len = strlen(text_levels[i].code);

		if (strncmp(code, text_levels[i].code, len) != 0)
			continue;
		if (text_levels[i].sign == 0 && code[len] == '\0') {
			*ret = level;
			return true;
		}
		if (text_levels[i].sign != 0 && code[len] == text_levels[i].sign &&
			code[len + 1] == '=' && read_bound(code + len + 2, &level)) {
			*ret = level;
			return true;
		}
	}
	return false;
}

static bool
form_field_of(enum aw_field_type type, enum aw_link_field *ret)
{
	switch (type) {
	case AW_TYPE_NAME:
		*ret = AW_LINK_NAME;
		return true;
	case AW_TYPE_NATIONAL_ID:
		*ret = AW_LINK_NUMBER;
		return true;
	case AW_TYPE_DATE:
		*ret = AW_LINK_BIRTH;
		return true;
	case AW_TYPE_TW_ADDRESS:
		*ret = AW_LINK_ADDRESS;
		return true;
	case AW_TYPE_TEXT:
	case AW_TYPE_LATIN_NAME:
	case AW_TYPE_CODE:
	case AW_TYPE_PHONE:
	case AW_TYPE_POSTCODE:
	case AW_TYPES:
	default:
		return false;
	}
}

/* Level of that code among compare.h's; 0 when there is none. */
static uint8_t
form_level(enum aw_link_field field, const char *code)
{
	for (size_t l = 1; l < aw_link_level_count(field); l++)
		if (strcmp(aw_link_level_code(field, (uint8_t)l), code) == 0)
			return (uint8_t)l;
	return 0;
}

static enum aw_status
fail_level(const struct aw_spec_field *field, const char *code, struct aw_error *err)
{
	enum aw_link_field form;
	char known[200] = "";

	if (form_field_of(field->type, &form))
		for (size_t l = 1; l < aw_link_level_count(form); l++) {
			strncat(known, aw_link_level_code(form, (uint8_t)l),
				sizeof(known) - strlen(known) - 1);
			strncat(known, ", ", sizeof(known) - strlen(known) - 1);
		}
	return aw_fail(err, AW_INVALID,
		"field %.60s (%s) has no level \"%.40s\"; there are %s%sby text %s", field->column,
		aw_field_type_code(field->type), code, known, known[0] != '\0' ? "or " : "",
		TEXT_HELP);
}

static void
add_level(struct aw_comparator *comparator, struct aw_level level)
{
	comparator->levels[comparator->count++] = level;
}

/* Where a level goes that the spec leaves out. */
static void
map_forms(struct aw_comparator *comparator, const uint8_t chosen[AW_LINK_LEVEL_LIMIT])
{
	enum aw_link_field field = comparator->form_field;
	size_t n = aw_link_level_count(field);
	uint8_t next = (uint8_t)(comparator->count - 1);

	for (size_t l = n - 1; l >= 1; l--) {
		if (chosen[l] != 0)
			next = chosen[l];
		comparator->of_form[l] = next;
	}
	if (field != AW_LINK_BIRTH)
		return;
	if (chosen[AW_BIRTH_NEW_YEAR] == 0)
		comparator->of_form[AW_BIRTH_NEW_YEAR] = comparator->of_form[AW_BIRTH_EXACT];
	if (chosen[AW_BIRTH_WITHIN] == 0)
		comparator->of_form[AW_BIRTH_WITHIN] = 0;
	if (chosen[AW_BIRTH_NEAR] == 0)
		comparator->of_form[AW_BIRTH_NEAR] = 0;
}

static enum aw_status
make_by_form(
	const struct aw_spec_field *field, struct aw_comparator *comparator, struct aw_error *err)
{
	enum aw_link_field form = comparator->form_field;
	uint8_t chosen[AW_LINK_LEVEL_LIMIT] = { 0 };
	size_t n = aw_link_level_count(form);

	for (size_t i = 0; i < field->level_count; i++) {
		uint8_t l = form_level(form, field->levels[i]);

		if (l == 0)
			return fail_level(field, field->levels[i], err);
		chosen[l] = 1;
	}
	for (size_t l = 1; l + 1 < n; l++) {
		if (field->level_count != 0 && chosen[l] == 0)
			continue;
		chosen[l] = (uint8_t)comparator->count;
		add_level(comparator, (struct aw_level){ .kind = AW_LEVEL_FORM,
					      .code = aw_link_level_code(form, (uint8_t)l) });
	}
	chosen[n - 1] = (uint8_t)comparator->count;
	add_level(comparator, (struct aw_level){ .kind = AW_LEVEL_REST,
				      .code = aw_link_level_code(form, (uint8_t)(n - 1)) });
	map_forms(comparator, chosen);
	return AW_OK;
}

static enum aw_status
make_by_text(
	const struct aw_spec_field *field, struct aw_comparator *comparator, struct aw_error *err)
{
	const char *const *codes =
		field->level_count != 0 ? field->levels : default_levels[field->type];
	size_t count = field->level_count;

	if (count == 0)
		while (codes[count] != NULL)
			count++;
	for (size_t i = 0; i < count; i++) {
		struct aw_level level;

		if (strcmp(codes[i], "differs") == 0 && i + 1 == count)
			break;
		if (comparator->count + 1 == AW_SPEC_LEVELS)
			return aw_fail(err, AW_TOO_LARGE, "field %.60s has more than %d levels",
				field->column, AW_SPEC_LEVELS - 2);
		if (!read_text_level(codes[i], &level))
			return fail_level(field, codes[i], err);
		comparator->dear |= level.kind != AW_LEVEL_EXACT;
		if (level.kind == AW_LEVEL_SOUND && comparator->sound == 0)
			comparator->sound = (uint8_t)comparator->count;
		if (comparator->equal == 0 && level.kind != AW_LEVEL_SWAPPED &&
			level.kind != AW_LEVEL_INITIAL)
			comparator->equal = (uint8_t)comparator->count;
		add_level(comparator, level);
	}
	if (comparator->equal == 0)
		comparator->equal = (uint8_t)comparator->count;
	add_level(comparator, (struct aw_level){ .kind = AW_LEVEL_REST, .code = "differs" });
	return AW_OK;
}

static void
fill_sounds(struct aw_comparator *comparator)
{
	const struct aw_column *column = comparator->column;
	AW_SCOPE(aw_arena) arena = { 0 };

	for (size_t l = 1; l < comparator->count; l++)
		if (comparator->levels[l].kind == AW_LEVEL_SOUND && comparator->sounds == NULL)
			comparator->sounds =
				aw_room_new((size_t)column->count + 1, sizeof(uint64_t));
	if (comparator->sounds == NULL)
		return;
	for (uint32_t v = 1; v <= column->count; v++) {
		comparator->sounds[v] = aw_value_sound(aw_column_text(column, v, &arena));
		if (v % 1024 == 0)
			aw_arena_done(&arena);
	}
}

/* What two values cannot have in common is known before they are compared. */
static void
fill_shapes(struct aw_comparator *comparator)
{
	const struct aw_column *column = comparator->column;

	if (!comparator->dear)
		return;
	comparator->shapes = aw_room_new((size_t)column->count + 1, sizeof(uint32_t));
	for (uint32_t v = 1; v <= column->count; v++) {
		struct aw_units units = aw_column_units(column, v);
		uint32_t shape = units.count < AW_SHAPE_LONG ? units.count : AW_SHAPE_LONG;

		shape <<= AW_SHAPE_KINDS;
		for (uint32_t i = 0; i < units.count; i++)
			shape |= UINT32_C(1) << aw_unit_at(units, i) % AW_SHAPE_KINDS;
		comparator->shapes[v] = shape;
	}
}

enum { NEVER = 255 };

/* Units that two texts of these lengths must have in common to reach a level. */
static uint8_t
need_of(const struct aw_level *level, uint32_t x, uint32_t y)
{
	uint32_t longer = x > y ? x : y, shorter = x > y ? y : x;
	double jaro = level->least, units;

	switch (level->kind) {
	case AW_LEVEL_SWAPPED:
		return x == y ? (uint8_t)x : NEVER;
	case AW_LEVEL_INITIAL:
		return (x == 1) != (y == 1) ? 1 : NEVER;
	case AW_LEVEL_FIRST:
		return shorter >= level->count ? 1 : NEVER;
	case AW_LEVEL_LEVENSHTEIN:
	case AW_LEVEL_OSA:
		return longer > level->count ? (uint8_t)(longer - level->count) : 0;
	case AW_LEVEL_JARO_WINKLER:
		/* the common beginning adds 0.4 of what is missing at most, and above 0.7 alone */
		jaro = (jaro - 0.4) / 0.6;
		jaro = level->least <= 0.7 ? level->least : jaro < 0.7 ? 0.7 : jaro;
		/* fallthrough */
	case AW_LEVEL_JARO:
		units = (3.0 * jaro - 1.0 - 1e-9) * x * y / (x + y);
		return x == 0 || y == 0 || units <= 0.0 ? 0
		       : units > shorter		? NEVER
							: (uint8_t)ceil(units);
	case AW_LEVEL_EXACT: /* other values are other texts */
	case AW_LEVEL_SOUND: /* asked for itself: aw_comparator_best() */
		return NEVER;
	case AW_LEVEL_FORM:
	case AW_LEVEL_REST:
	default:
		return 0;
	}
}

static uint8_t
best_level(const struct aw_comparator *comparator, uint32_t x, uint32_t y, uint32_t common)
{
	uint8_t l = 1;

	if (x == AW_SHAPE_LONG || y == AW_SHAPE_LONG)
		return 1; /* long ones are looked at */
	while (l + 1u < comparator->count && need_of(&comparator->levels[l], x, y) > common)
		l++;
	return l;
}

static void
fill_best(struct aw_comparator *comparator)
{
	uint8_t *best;

	if (!comparator->dear)
		return;
	best = comparator->best =
		aw_room_new(AW_SHAPE_LENGTHS * AW_SHAPE_LENGTHS, AW_SHAPE_LENGTHS);
	for (uint32_t x = 0; x < AW_SHAPE_LENGTHS; x++)
		for (uint32_t y = 0; y < AW_SHAPE_LENGTHS; y++)
			for (uint32_t common = 0; common < AW_SHAPE_LENGTHS; common++)
				*best++ = best_level(comparator, x, y, common);
}

/* By form, unless the first level named is one of texts alone. */
static bool
asks_forms(const struct aw_spec_field *field, enum aw_link_field form)
{
	struct aw_level level;

	for (size_t i = 0; i < field->level_count; i++)
		if (form_level(form, field->levels[i]) == 0 &&
			read_text_level(field->levels[i], &level))
			return false;
	return true;
}

enum aw_status
aw_comparator_make(const struct aw_spec_field *field, const struct aw_column *column,
	struct aw_comparator *ret_comparator, struct aw_error *err)
{
	struct aw_comparator comparator = { .column = column, .count = 1 };
	enum aw_status status;

	comparator.levels[0] = (struct aw_level){ .code = "missing" };
	comparator.by_form = form_field_of(field->type, &comparator.form_field) &&
			     asks_forms(field, comparator.form_field);
	status = comparator.by_form ? make_by_form(field, &comparator, err)
				    : make_by_text(field, &comparator, err);
	if (status != AW_OK)
		return status;
	fill_sounds(&comparator);
	fill_shapes(&comparator);
	fill_best(&comparator);
	*ret_comparator = comparator;
	return AW_OK;
}

void
aw_comparator_done(struct aw_comparator *comparator)
{
	free(comparator->sounds);
	free(comparator->shapes);
	free(comparator->best);
	comparator->sounds = NULL;
	comparator->shapes = NULL;
	comparator->best = NULL;
}
