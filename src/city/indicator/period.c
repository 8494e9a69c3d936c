/* Periods as people write them: ROC or common years, halves, quarters, months, days. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "city/indicator/indicator.h"

#define ROC 1911

static bool
read_number(struct aw_str text, int64_t least, int64_t most, int32_t *ret)
{
	int64_t number = 0;

	if (text.len == 0 || text.len > 4 || text.at[0] == '-' || text.at[0] == '+' ||
		!aw_str_int64(text, &number) || number < least || number > most)
		return false;
	*ret = (int32_t)number;
	return true;
}

/* Up to three digits are an ROC year. */
static bool
read_year(struct aw_str text, int32_t *ret_year)
{
	int32_t year = 0;

	if (!read_number(text, 1, 2099, &year))
		return false;
	if (text.len <= 3)
		year += ROC;
	*ret_year = year;
	return year >= 1970 && year <= 2099;
}

static void
months(int32_t year, int32_t first, int32_t last, struct aw_period *ret)
{
	ret->from_day = aw_day_of_date((struct aw_date){ year, first, 1 });
	ret->to_day = aw_day_of_date((struct aw_date){ year, last, aw_month_days(year, last) });
}

/* 109, 110H1, 110Q2, 110-03, 110-03-05: a stretch of days. */
static bool
read_stretch(struct aw_str text, struct aw_period *ret)
{
	struct aw_str rest = { 0 }, day_text = { 0 };
	int32_t year, number, day;

	if (text.len > 2 && (text.at[text.len - 2] == 'H' || text.at[text.len - 2] == 'Q')) {
		int32_t span = text.at[text.len - 2] == 'H' ? 6 : 3;
		if (!read_year((struct aw_str){ text.at, text.len - 2 }, &year) ||
			!read_number((struct aw_str){ text.at + text.len - 1, 1 }, 1, 12 / span,
				&number))
			return false;
		months(year, (number - 1) * span + 1, number * span, ret);
		return true;
	}
	if (!read_year(aw_str_cut(text, '-', &rest), &year))
		return false;
	if (rest.at == NULL) {
		months(year, 1, 12, ret);
		return true;
	}
	if (!read_number(aw_str_cut(rest, '-', &day_text), 1, 12, &number))
		return false;
	if (day_text.at == NULL) {
		months(year, number, number, ret);
		return true;
	}
	if (!read_number(day_text, 1, aw_month_days(year, number), &day))
		return false;
	ret->from_day = ret->to_day = aw_day_of_date((struct aw_date){ year, number, day });
	return true;
}

enum aw_status
aw_period_parse(const char *text, struct aw_period *ret_period, struct aw_error *err)
{
	const char *dots = strstr(text, "..");
	struct aw_period from, to;
	bool good;

	if (dots == NULL) {
		good = read_stretch(aw_str(text), &from);
		to = from;
	} else {
		good = read_stretch((struct aw_str){ text, (size_t)(dots - text) }, &from) &&
		       read_stretch(aw_str(dots + 2), &to);
	}
	if (!good || from.from_day > to.to_day)
		return aw_fail(err, AW_INVALID,
			"a period is 109, 110H1, 110Q2, 110-03, 110-01..110-06 or "
			"2021-01-01..2021-06-30, not \"%.40s\"",
			text);
	ret_period->from_day = from.from_day;
	ret_period->to_day = to.to_day;
	return AW_OK;
}

/* Whole months of one year: their first and last; false otherwise. */
static bool
whole_months(struct aw_period period, int32_t *ret_year, int32_t *ret_first, int32_t *ret_last)
{
	struct aw_date from = aw_date_of_day(period.from_day), to = aw_date_of_day(period.to_day);

	*ret_year = from.year;
	*ret_first = from.month;
	*ret_last = to.month;
	return from.day == 1 && from.year == to.year && to.day == aw_month_days(to.year, to.month);
}

const char *
aw_period_text(struct aw_arena *arena, struct aw_period period, const char *language)
{
	struct aw_date from = aw_date_of_day(period.from_day), to = aw_date_of_day(period.to_day);
	int32_t year, first, last;

	if (aw_text_eq(language, "en"))
		return aw_arena_printf(arena, "%s to %s", aw_day_iso(arena, period.from_day),
			aw_day_iso(arena, period.to_day));
	if (whole_months(period, &year, &first, &last)) {
		if (first == 1 && last == 12)
			return aw_arena_printf(arena, "%d年", year - ROC);
		if (first == last)
			return aw_arena_printf(arena, "%d年%d月", year - ROC, first);
		return aw_arena_printf(arena, "%d年%d–%d月", year - ROC, first, last);
	}
	if (from.year == to.year)
		return aw_arena_printf(arena, "%d年%d月%d日至%d月%d日", from.year - ROC, from.month,
			from.day, to.month, to.day);
	return aw_arena_printf(arena, "%d年%d月%d日至%d年%d月%d日", from.year - ROC, from.month,
		from.day, to.year - ROC, to.month, to.day);
}

const char *
aw_period_code(struct aw_arena *arena, struct aw_period period)
{
	int32_t year, first, last;

	if (!whole_months(period, &year, &first, &last))
		return aw_arena_printf(arena, "%s..%s", aw_day_iso(arena, period.from_day),
			aw_day_iso(arena, period.to_day));
	if (first == 1 && last == 12)
		return aw_arena_printf(arena, "%d", year - ROC);
	if (last - first == 5 && first % 6 == 1)
		return aw_arena_printf(arena, "%dH%d", year - ROC, last / 6);
	if (last - first == 2 && first % 3 == 1)
		return aw_arena_printf(arena, "%dQ%d", year - ROC, last / 3);
	if (first == last)
		return aw_arena_printf(arena, "%d-%02d", year - ROC, first);
	return aw_arena_printf(arena, "%d-%02d..%d-%02d", year - ROC, first, year - ROC, last);
}
