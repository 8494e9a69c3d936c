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

/* Most units that two texts can have in common, by the kinds of characters that only one of them has. */
static uint32_t
common_most(const struct aw_comparator *comparator, const uint32_t values[2],
	const struct aw_units units[2])
{
	uint64_t x = comparator->bags[values[0]], y = comparator->bags[values[1]];
	uint32_t a = units[0].count - (uint32_t)__builtin_popcountll(x & ~y);
	uint32_t b = units[1].count - (uint32_t)__builtin_popcountll(y & ~x);

	return a < b ? a : b;
}

static bool
within(const struct aw_units units[2], uint32_t common, const struct aw_level *level)
{
	struct aw_units a = units[0], b = units[1];
	bool osa = level->kind == AW_LEVEL_OSA;

	if ((a.count > b.count ? a.count : b.count) > common + level->count)
		return false;
	if (osa && level->count == 1 && a.count == b.count && a.count <= 16 && !a.wide && !b.wide)
		return aw_kernel_one_slip(a.at, b.at, a.count);
	return aw_kernel_distance(a, b, osa, level->count) <= level->count;
}

/* No likeness of strings of these lengths is above this, with that much in common. */
static double
like_most(const struct aw_units units[2], uint32_t common, bool winkler)
{
	double jaro = common == 0 ? 0.0
				  : ((double)common / units[0].count +
					    (double)common / units[1].count + 1.0) /
					    3.0;

	return winkler && jaro > 0.7 ? jaro + 0.4 * (1.0 - jaro) : jaro;
}

static bool
like(const struct aw_units units[2], uint32_t common, const struct aw_level *level,
	double *jaro_winkler)
{
	bool winkler = level->kind == AW_LEVEL_JARO_WINKLER;

	if (like_most(units, common, winkler) < level->least - 1e-9)
		return false;
	if (!winkler)
		return aw_kernel_jaro(units[0], units[1]) >= level->least;
	if (*jaro_winkler < 0.0)
		*jaro_winkler = aw_kernel_jaro_winkler(units[0], units[1]);
	return *jaro_winkler >= level->least;
}

static uint8_t
level_by_text(const struct aw_comparator *comparator, uint32_t a, uint32_t b)
{
	const uint32_t values[2] = { a, b };
	const struct aw_units units[2] = { aw_column_units(comparator->column, a),
		aw_column_units(comparator->column, b) };
	uint32_t common = comparator->dear ? common_most(comparator, values, units) : 0;
	double jaro_winkler = -1.0;

	for (size_t l = 1; l + 1 < comparator->count; l++) {
		const struct aw_level *level = &comparator->levels[l];
		bool holds = false;

		switch (level->kind) {
		case AW_LEVEL_SWAPPED:
			holds = swapped(units[0], units[1]);
			break;
		case AW_LEVEL_INITIAL:
			holds = initial(units[0], units[1]);
			break;
		case AW_LEVEL_SOUND:
			holds = comparator->sounds[a] != 0 &&
				comparator->sounds[a] == comparator->sounds[b];
			break;
		case AW_LEVEL_FIRST:
			holds = same_first(units[0], units[1], level->count);
			break;
		case AW_LEVEL_LEVENSHTEIN:
		case AW_LEVEL_OSA:
			holds = within(units, common, level);
			break;
		case AW_LEVEL_JARO:
		case AW_LEVEL_JARO_WINKLER:
			holds = like(units, common, level, &jaro_winkler);
			break;
		case AW_LEVEL_EXACT: /* other numbers are other texts */
		case AW_LEVEL_FORM:
		case AW_LEVEL_REST:
		default:
			break;
		}
		if (holds)
			return (uint8_t)l;
	}
	return (uint8_t)(comparator->count - 1);
}

uint8_t
aw_comparator_level(const struct aw_comparator *comparator, uint32_t a, uint32_t b)
{
	assert(a != 0 && b != 0);
	if (comparator->by_form)
		return level_by_form(comparator, a, b);
	return a == b ? comparator->equal : level_by_text(comparator, a, b);
}
