/* How two forms agree, field by field. */
#include "link/compare.h"

#include <string.h>

#include "base/clock.h"
#include "text/fold.h"
#include "text/idno.h"
#include "text/lunar.h"

enum { ROC_OFFSET = 1911, NEAR_LIKENESS = 900, CUT_LEAST = 18, LUNAR_LEAST = 14, LUNAR_MOST = 60 };

/* -- numbers ------------------------------------------------------------------------------------- */

static enum aw_number_level
compare_numbers(const struct aw_link_form *a, const struct aw_link_form *b)
{
	bool both = (a->flags & b->flags & AW_FORM_NUMBER_CHECKED) != 0;

	if (a->number == 0 || b->number == 0)
		return AW_NUMBER_MISSING;
	switch (aw_idno_compare(a->number, b->number)) {
	case AW_IDNO_SAME:
		return ((a->flags | b->flags) & AW_FORM_NUMBER_ALIAS) != 0 ? AW_NUMBER_ALIAS
									   : AW_NUMBER_SAME;
	case AW_IDNO_SLIP:
		return both ? AW_NUMBER_SLIP_VALID : AW_NUMBER_SLIP;
	case AW_IDNO_TWO:
		return both ? AW_NUMBER_OTHER : AW_NUMBER_TWO;
	case AW_IDNO_APART:
	default:
		return both ? AW_NUMBER_OTHER : AW_NUMBER_DIFFERS;
	}
}

/* -- names --------------------------------------------------------------------------------------- */

static uint32_t
han_count(const uint32_t han[AW_NAME_HAN_LIMIT])
{
	uint32_t n = 0;

	while (n < AW_NAME_HAN_LIMIT && han[n] != 0)
		n++;
	return n;
}

/* The longer name without one of its characters is the shorter one. */
static bool
one_more(const uint32_t *longer, uint32_t n, const uint32_t *shorter)
{
	uint32_t skipped = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (i - skipped < n - 1 && longer[i] == shorter[i - skipped])
			continue;
		if (skipped == 1)
			return false;
		skipped = 1;
	}
	return true;
}

static enum aw_name_level
compare_lengths(const uint32_t *longer, uint32_t n, const uint32_t *raw_longer,
	const uint32_t *shorter, uint32_t m)
{
	if (n == 4 && m == 3 && aw_name_married(raw_longer) &&
		(memcmp(longer + 1, shorter, 3 * sizeof(*longer)) == 0 ||
			(longer[0] == shorter[0] && longer[2] == shorter[1] &&
				longer[3] == shorter[2])))
		return AW_NAMES_MARRIED;
	if (n == m + 1 && m >= 2 && longer[0] == shorter[0] && one_more(longer, n, shorter))
		return AW_NAMES_ONE_CHAR;
	return longer[0] == shorter[0] ? AW_NAMES_SURNAME : AW_NAMES_NONE;
}

static bool
same_sounds(const uint32_t *a, const uint32_t *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (a[i] != b[i] && !aw_char_heard_alike(a[i], b[i]))
			return false;
	}
	return true;
}

static enum aw_name_level
compare_equal_lengths(const uint32_t *a, const uint32_t *b, uint32_t n)
{
	uint32_t differ = 0, masked = 0, first = n;

	for (uint32_t i = 0; i < n; i++) {
		if (a[i] == AW_NAME_MASK || b[i] == AW_NAME_MASK) {
			masked++;
		} else if (a[i] != b[i]) {
			differ++;
			first = first == n ? i : first;
		}
	}
	if (differ == 0)
		return masked == 0		  ? AW_NAMES_VARIANT
		       : masked < n - 1 || n == 2 ? AW_NAMES_MASKED
						  : AW_NAMES_SURNAME;
	if (masked == 0 && same_sounds(a, b, n))
		return AW_NAMES_SOUND;
	if (differ == 1 && masked == 0)
		return first == 0 ? AW_NAMES_GIVEN : n > 2 ? AW_NAMES_ONE_CHAR : AW_NAMES_SURNAME;
	if (n == 3 && differ == 2 && first == 1 && a[1] == b[2] && a[2] == b[1])
		return AW_NAMES_SWAPPED;
	return a[0] == b[0] ? AW_NAMES_SURNAME : AW_NAMES_NONE;
}

static enum aw_name_level
compare_han(const uint32_t a[AW_NAME_HAN_LIMIT], const uint32_t b[AW_NAME_HAN_LIMIT])
{
	uint32_t x[AW_NAME_HAN_LIMIT], y[AW_NAME_HAN_LIMIT];
	uint32_t n = han_count(a), m = han_count(b);

	if (memcmp(a, b, sizeof(x)) == 0 && a[1] != AW_NAME_MASK && a[2] != AW_NAME_MASK &&
		a[0] != AW_NAME_MASK && a[3] != AW_NAME_MASK)
		return n >= 2 ? AW_NAMES_EXACT : AW_NAMES_SURNAME;
	for (uint32_t i = 0; i < AW_NAME_HAN_LIMIT; i++) {
		x[i] = aw_char_fold(a[i]);
		y[i] = aw_char_fold(b[i]);
	}
	if (n > m)
		return compare_lengths(x, n, a, y, m);
	if (m > n)
		return compare_lengths(y, m, b, x, n);
	return n >= 2	      ? compare_equal_lengths(x, y, n)
	       : x[0] == y[0] ? AW_NAMES_SURNAME
			      : AW_NAMES_NONE;
}

/* Tokens of a that stand among the tokens of b. */
static size_t
common_tokens(struct aw_str a, struct aw_str b, size_t *ret_count, size_t *ret_long)
{
	struct aw_str rest_a = a;
	size_t common = 0;

	*ret_count = *ret_long = 0;
	while (rest_a.len > 0) {
		struct aw_str token = aw_str_cut(rest_a, ' ', &rest_a), rest_b = b;

		++*ret_count;
		while (rest_b.len > 0) {
			if (!aw_str_eq(token, aw_str_cut(rest_b, ' ', &rest_b)))
				continue;
			common++;
			*ret_long += token.len >= 3 ? 1 : 0;
			break;
		}
	}
	return common;
}

/* Machines cut long names, at 20 to 30 characters as a rule. */
static bool
cut_short(struct aw_str a, struct aw_str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;

	return shorter >= CUT_LEAST && memcmp(a.at, b.at, shorter) == 0;
}

static enum aw_name_level
compare_others(struct aw_str a, struct aw_str b)
{
	size_t count_a, count_b, longs, common;

	if (aw_str_eq(a, b))
		return AW_NAMES_EXACT;
	(void)common_tokens(b, a, &count_b, &longs);
	common = common_tokens(a, b, &count_a, &longs);
	if (common == count_a && count_a == count_b)
		return AW_NAMES_SWAPPED;
	if (common >= 2 || cut_short(a, b) || aw_name_likeness(a, b) >= NEAR_LIKENESS)
		return AW_NAMES_ONE_CHAR;
	return longs > 0 ? AW_NAMES_SURNAME : AW_NAMES_NONE;
}

static enum aw_name_level
compare_names(const struct aw_link_form *a, struct aw_str a_other, const struct aw_link_form *b,
	struct aw_str b_other)
{
	if (a->han[0] != 0 && b->han[0] != 0)
		return compare_han(a->han, b->han);
	if (a_other.len > 0 && b_other.len > 0)
		return compare_others(a_other, b_other);
	return AW_NAMES_MISSING;
}

/* -- births -------------------------------------------------------------------------------------- */

/* How many digits differ in two numbers that are written with as many. */
static int
digits_off(int32_t p, int32_t q)
{
	int differ = 0;

	for (; p != q; p /= 10, q /= 10)
		differ += p % 10 != q % 10 ? 1 : 0;
	return differ;
}

/* Of year, month and day two stand, and the third is off by a digit, in one of the two countings. */
static bool
one_digit_off(struct aw_date x, struct aw_date y)
{
	if (x.year == y.year)
		return (x.month == y.month) != (x.day == y.day) &&
		       digits_off(x.month * 100 + x.day, y.month * 100 + y.day) == 1;
	if (x.month != y.month || x.day != y.day)
		return false;
	return digits_off(x.year, y.year) == 1 ||
	       (x.year >= ROC_OFFSET && y.year >= ROC_OFFSET &&
		       digits_off(x.year - ROC_OFFSET, y.year - ROC_OFFSET) == 1);
}

/* Whether two days are so far from a whole number of years apart that they cannot be the same day of a
 * year, nor be of one year. Spares most pairs the calendar: a year has 365.2425 days. */
static bool
far_apart(int32_t a, int32_t b)
{
	int64_t quarters = 4 * (a > b ? (int64_t)a - b : (int64_t)b - a);
	int64_t years = (quarters + 730) / 1461, off = quarters - 1461 * years;

	return quarters > (int64_t)4 * 366 && (off > 0 ? off : -off) > 8 + years / 16;
}

/* A lunar day read as a solar one is two to eight weeks early: nobody else needs the calendar. */
static bool
lunar_mistaken(int32_t a, int32_t b)
{
	int64_t days = a > b ? (int64_t)a - b : (int64_t)b - a;

	return days >= LUNAR_LEAST && days <= LUNAR_MOST && aw_lunar_mistaken(a, b);
}

static enum aw_birth_level
compare_days(int32_t a, int32_t b)
{
	struct aw_date x, y;
	int32_t years;

	if (far_apart(a, b))
		return AW_BIRTH_DIFFERS;
	x = aw_date_of_day(a);
	if (a == b)
		return x.month == 1 && x.day == 1 ? AW_BIRTH_NEW_YEAR : AW_BIRTH_EXACT;
	y = aw_date_of_day(b);
	years = x.year > y.year ? x.year - y.year : y.year - x.year;
	if (years == 0 && x.month == y.day && x.day == y.month)
		return AW_BIRTH_SWAPPED;
	if (x.month == y.month && x.day == y.day &&
		(years == 1 || years == 11 || years == ROC_OFFSET))
		return AW_BIRTH_YEAR_OFF;
	if (one_digit_off(x, y))
		return AW_BIRTH_ONE_DIGIT;
	if (lunar_mistaken(a, b))
		return AW_BIRTH_LUNAR;
	return years == 0 ? AW_BIRTH_SAME_YEAR : AW_BIRTH_DIFFERS;
}

static enum aw_birth_level
compare_births(const struct aw_link_form *a, const struct aw_link_form *b)
{
	int64_t a_last, b_last;

	if (a->birth_day == AW_BIRTH_UNKNOWN || b->birth_day == AW_BIRTH_UNKNOWN)
		return AW_BIRTH_MISSING;
	if (a->birth_span == 0 && b->birth_span == 0)
		return compare_days(a->birth_day, b->birth_day);
	a_last = (int64_t)a->birth_day + a->birth_span;
	b_last = (int64_t)b->birth_day + b->birth_span;
	if (a->birth_day <= b_last && b->birth_day <= a_last)
		return AW_BIRTH_WITHIN;
	if (a->birth_day <= b_last + 366 && b->birth_day <= a_last + 366)
		return AW_BIRTH_NEAR;
	return AW_BIRTH_DIFFERS;
}

/* -- the rest ------------------------------------------------------------------------------------ */

static enum aw_sex_level
compare_sexes(uint8_t a, uint8_t b)
{
	if (a == 0 || b == 0)
		return AW_SEX_MISSING;
	return a == b ? AW_SEX_SAME : AW_SEX_DIFFERS;
}

static enum aw_phone_level
compare_phones(const uint32_t a[2], const uint32_t b[2])
{
	if ((a[0] | a[1]) == 0 || (b[0] | b[1]) == 0)
		return AW_PHONE_MISSING;
	for (int i = 0; i < 2; i++)
		if (a[i] != 0 && (a[i] == b[0] || a[i] == b[1]))
			return AW_PHONE_SAME;
	return AW_PHONE_DIFFERS;
}

static enum aw_address_level
compare_places(const struct aw_link_form *a, const struct aw_link_form *b)
{
	if (a->door != 0 && a->door == b->door) {
		if (a->floor != 0 && a->floor == b->floor)
			return AW_PLACE_FLOOR;
		return AW_PLACE_DOOR;
	}
	if (a->lane != 0 && a->lane == b->lane)
		return AW_PLACE_LANE;
	if (a->road != 0 && a->road == b->road)
		return AW_PLACE_ROAD;
	if (a->village != 0 && a->village == b->village)
		return AW_PLACE_VILLAGE;
	if (a->district == 0 || b->district == 0)
		return AW_PLACE_MISSING;
	return a->district == b->district ? AW_PLACE_DISTRICT : AW_PLACE_ELSEWHERE;
}

uint8_t
aw_link_compare_field(enum aw_link_field field, const struct aw_link_form *a, struct aw_str a_other,
	const struct aw_link_form *b, struct aw_str b_other)
{
	switch (field) {
	case AW_LINK_NUMBER:
		return (uint8_t)compare_numbers(a, b);
	case AW_LINK_NAME:
		return (uint8_t)compare_names(a, a_other, b, b_other);
	case AW_LINK_BIRTH:
		return (uint8_t)compare_births(a, b);
	case AW_LINK_SEX:
		return (uint8_t)compare_sexes(a->sex, b->sex);
	case AW_LINK_PHONE:
		return (uint8_t)compare_phones(a->phone, b->phone);
	case AW_LINK_ADDRESS:
		return (uint8_t)compare_places(a, b);
	case AW_LINK_FIELDS:
	default:
		return 0;
	}
}

void
aw_link_compare_rest(const struct aw_link_form *a, const struct aw_link_form *b,
	struct aw_link_levels *ret_levels)
{
	ret_levels->at[AW_LINK_NUMBER] = (uint8_t)compare_numbers(a, b);
	ret_levels->at[AW_LINK_BIRTH] = (uint8_t)compare_births(a, b);
	ret_levels->at[AW_LINK_SEX] = (uint8_t)compare_sexes(a->sex, b->sex);
	ret_levels->at[AW_LINK_PHONE] = (uint8_t)compare_phones(a->phone, b->phone);
	ret_levels->at[AW_LINK_ADDRESS] = (uint8_t)compare_places(a, b);
}

void
aw_link_compare(const struct aw_link_form *a, struct aw_str a_other, const struct aw_link_form *b,
	struct aw_str b_other, struct aw_link_levels *ret_levels)
{
	aw_link_compare_rest(a, b, ret_levels);
	ret_levels->at[AW_LINK_NAME] = (uint8_t)compare_names(a, a_other, b, b_other);
}

/* -- codes --------------------------------------------------------------------------------------- */

static const char *const number_codes[] = { "missing", "same", "alias", "slip", "slip_valid", "two",
	"differs", "other" };
static const char *const name_codes[] = { "missing", "exact", "variant", "masked", "sound",
	"married", "swapped", "one_char", "given", "surname", "none" };
static const char *const birth_codes[] = { "missing", "exact", "new_year", "swapped", "one_digit",
	"year_off", "lunar", "within", "near", "same_year", "differs" };
static const char *const sex_codes[] = { "missing", "same", "differs" };
static const char *const phone_codes[] = { "missing", "same", "differs" };
static const char *const address_codes[] = { "missing", "floor", "door", "lane", "road", "village",
	"district", "elsewhere" };

static const struct {
	const char *code;
	const char *const *levels;
	size_t count;
} fields[AW_LINK_FIELDS] = {
	{ "national_id", number_codes, AW_COUNT(number_codes) },
	{ "name", name_codes, AW_COUNT(name_codes) },
	{ "birth_date", birth_codes, AW_COUNT(birth_codes) },
	{ "sex", sex_codes, AW_COUNT(sex_codes) },
	{ "phone", phone_codes, AW_COUNT(phone_codes) },
	{ "address", address_codes, AW_COUNT(address_codes) },
};

size_t
aw_link_level_count(enum aw_link_field field)
{
	return fields[field].count;
}

const char *
aw_link_field_code(enum aw_link_field field)
{
	return fields[field].code;
}

const char *
aw_link_level_code(enum aw_link_field field, uint8_t level)
{
	return level < fields[field].count ? fields[field].levels[level] : "missing";
}

char *
aw_link_levels_text(struct aw_arena *arena, const struct aw_link_levels *levels)
{
	struct aw_buf buf = { .arena = arena };

	for (size_t i = 0; i < AW_LINK_FIELDS; i++) {
		if (levels->at[i] == 0)
			continue;
		aw_buf_printf(&buf, "%s%s=%s", buf.len > 0 ? "|" : "", fields[i].code,
			aw_link_level_code((enum aw_link_field)i, levels->at[i]));
	}
	return buf.len == 0 ? aw_arena_strndup(arena, "", 0) : buf.at;
}

/* "name=variant" */
static void
read_level(struct aw_str one, struct aw_link_levels *levels)
{
	for (size_t f = 0; f < AW_LINK_FIELDS; f++) {
		size_t len = strlen(fields[f].code);

		if (one.len <= len || one.at[len] != '=' ||
			memcmp(one.at, fields[f].code, len) != 0)
			continue;
		for (size_t l = 0; l < aw_link_level_count((enum aw_link_field)f); l++)
			if (aw_str_is((struct aw_str){ one.at + len + 1, one.len - len - 1 },
				    aw_link_level_code((enum aw_link_field)f, (uint8_t)l)))
				levels->at[f] = (uint8_t)l;
	}
}

void
aw_link_levels_read(struct aw_str text, struct aw_link_levels *ret_levels)
{
	*ret_levels = (struct aw_link_levels){ { 0 } };
	while (text.len > 0) {
		const char *bar = memchr(text.at, '|', text.len);
		size_t len = bar == NULL ? text.len : (size_t)(bar - text.at);

		read_level((struct aw_str){ text.at, len }, ret_levels);
		len += bar == NULL ? 0 : 1;
		text = (struct aw_str){ text.at + len, text.len - len };
	}
}
