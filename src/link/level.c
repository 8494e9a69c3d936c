/* How two values of a field agree. */
#include "link/level.h"

#include <assert.h>

/* The other name of a form, where it has no Han one: at most this much of it is looked at. */
enum { OTHER_LIMIT = 256 };

static struct aw_str
other_of(const struct aw_column *column, uint32_t value, char out[OTHER_LIMIT])
{
	struct aw_units units = aw_column_units(column, value);
	size_t len = 0;

	if (column->forms[value].han[0] != 0)
		return (struct aw_str){ "", 0 };
	if (!units.wide)
		return (struct aw_str){ units.at, units.count };
	for (uint32_t i = 0; i < units.count && len + 4 < OTHER_LIMIT; i++) {
		uint32_t c = aw_unit_at(units, i);

		if (c >= 0x10000)
			out[len++] = (char)(0xf0 | c >> 18);
		if (c >= 0x800)
			out[len++] =
				(char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f) : 0xe0 | c >> 12);
		if (c >= 0x80)
			out[len++] = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
		out[len++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	return (struct aw_str){ out, len };
}

static uint8_t
level_by_form(const struct aw_comparator *comparator, uint32_t a, uint32_t b)
{
	const struct aw_column *column = comparator->column;
	const struct aw_link_form *x = &column->forms[a], *y = &column->forms[b];
	struct aw_str x_other = { "", 0 }, y_other = { "", 0 };
	char x_text[OTHER_LIMIT], y_text[OTHER_LIMIT];
	uint8_t level;

	if (comparator->form_field == AW_LINK_NAME) {
		x_other = other_of(column, a, x_text);
		y_other = other_of(column, b, y_text);
	}
	level = aw_link_compare_field(comparator->form_field, x, x_other, y, y_other);
	if (level != 0)
		return comparator->of_form[level];
	if (a == b)
		return comparator->of_form[1]; /* unreadable, but the same to the letter */
	if (comparator->form_field == AW_LINK_BIRTH &&
		aw_kernel_distance(
			aw_column_units(column, a), aw_column_units(column, b), true, 1) <= 1)
		return comparator->of_form[AW_BIRTH_ONE_DIGIT];
	return 0;
}

static bool
has_blank(struct aw_units units)
{
	for (uint32_t i = 0; i < units.count; i++)
		if (aw_unit_at(units, i) == ' ')
			return true;
	return false;
}

/* The tokens of a stand in b, and as many, in another order. */
static bool
swapped(struct aw_units a, struct aw_units b)
{
	uint32_t tokens = 0, from = 0;

	if (a.count != b.count || !has_blank(a))
		return false;
	for (uint32_t i = 0; i <= a.count; i++) {
		uint32_t at = 0, len = i - from;

		if (i < a.count && aw_unit_at(a, i) != ' ')
			continue;
		for (; at + len <= b.count; at++) {
			uint32_t k = 0;

			if (at > 0 && aw_unit_at(b, at - 1) != ' ')
				continue;
			while (k < len && aw_unit_at(a, from + k) == aw_unit_at(b, at + k))
				k++;
			if (k == len && (at + len == b.count || aw_unit_at(b, at + len) == ' '))
				break;
		}
		if (at + len > b.count)
			return false;
		tokens++;
		from = i + 1;
	}
	return tokens >= 2;
}

static bool
initial(struct aw_units a, struct aw_units b)
{
	return a.count > 0 && b.count > 0 && (a.count == 1) != (b.count == 1) &&
	       aw_unit_at(a, 0) == aw_unit_at(b, 0);
}

static bool
same_first(struct aw_units a, struct aw_units b, uint32_t count)
{
	if (a.count < count || b.count < count)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (aw_unit_at(a, i) != aw_unit_at(b, i))
			return false;
	return true;
}

static bool
within(struct aw_units a, struct aw_units b, const struct aw_level *level)
{
	bool osa = level->kind == AW_LEVEL_OSA;

	if (osa && level->count == 1 && a.count == b.count && a.count <= 16 && !a.wide && !b.wide)
		return aw_kernel_one_slip(a.at, b.at, a.count);
	return aw_kernel_distance(a, b, osa, level->count) <= level->count;
}

static bool
like(struct aw_units a, struct aw_units b, const struct aw_level *level, double *jaro_winkler)
{
	if (level->kind == AW_LEVEL_JARO)
		return aw_kernel_jaro(a, b) >= level->least;
	if (*jaro_winkler < 0.0)
		*jaro_winkler = aw_kernel_jaro_winkler(a, b);
	return *jaro_winkler >= level->least;
}

/* Does the level hold, for two values that differ? */
static bool
holds(const struct aw_comparator *comparator, const struct aw_level *level, uint32_t a, uint32_t b,
	double *jaro_winkler)
{
	struct aw_units x = aw_column_units(comparator->column, a);
	struct aw_units y = aw_column_units(comparator->column, b);

	switch (level->kind) {
	case AW_LEVEL_SWAPPED:
		return swapped(x, y);
	case AW_LEVEL_INITIAL:
		return initial(x, y);
	case AW_LEVEL_SOUND:
		return comparator->sounds[a] != 0 && comparator->sounds[a] == comparator->sounds[b];
	case AW_LEVEL_FIRST:
		return same_first(x, y, level->count);
	case AW_LEVEL_LEVENSHTEIN:
	case AW_LEVEL_OSA:
		return within(x, y, level);
	case AW_LEVEL_JARO:
	case AW_LEVEL_JARO_WINKLER:
		return like(x, y, level, jaro_winkler);
	case AW_LEVEL_REST:
		return true;
	case AW_LEVEL_EXACT: /* other numbers are other texts */
	case AW_LEVEL_FORM:
	default:
		return false;
	}
}

static uint8_t
level_by_text(const struct aw_comparator *comparator, uint32_t a, uint32_t b)
{
	double jaro_winkler = -1.0;
	uint8_t l = 1;

	if (comparator->dear)
		l = aw_comparator_best(
			comparator, a, comparator->shapes[a], b, comparator->shapes[b]);
	while (!holds(comparator, &comparator->levels[l], a, b, &jaro_winkler))
		l++;
	return l;
}

uint8_t
aw_comparator_level(const struct aw_comparator *comparator, uint32_t a, uint32_t b)
{
	assert(a != 0 && b != 0);
	if (comparator->by_form)
		return level_by_form(comparator, a, b);
	return a == b ? comparator->equal : level_by_text(comparator, a, b);
}
