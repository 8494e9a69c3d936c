/* Dates, times, lengths of time and periods as Taiwan shows them; periods read. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "text/fold.h"
#include "text/roc.h"

enum { ROC_OFFSET = 1911 };

static char *
year_text(struct aw_arena *arena, int32_t ce)
{
	return ce > ROC_OFFSET ? aw_arena_printf(arena, "%d年", ce - ROC_OFFSET)
			       : aw_arena_printf(arena, "民國前%d年", 1912 - ce);
}

char *
aw_roc_day(struct aw_arena *arena, int32_t day)
{
	struct aw_date d = aw_date_of_day(day);

	return aw_arena_printf(arena, "%s%d月%d日", year_text(arena, d.year), d.month, d.day);
}

const char *
aw_roc_weekday(int32_t weekday)
{
	static const char *const names[] = { "一", "二", "三", "四", "五", "六", "日" };

	return weekday >= 0 && weekday < 7 ? names[weekday] : "";
}

char *
aw_roc_day_week(struct aw_arena *arena, int32_t day)
{
	return aw_arena_printf(
		arena, "%s（%s）", aw_roc_day(arena, day), aw_roc_weekday(aw_weekday(day)));
}

char *
aw_roc_day_short(struct aw_arena *arena, int32_t day)
{
	struct aw_date d = aw_date_of_day(day);

	return aw_arena_printf(arena, "%d月%d日", d.month, d.day);
}

char *
aw_roc_day_slash(struct aw_arena *arena, int32_t day)
{
	struct aw_date d = aw_date_of_day(day);

	if (d.year <= ROC_OFFSET)
		return aw_roc_day(arena, day);
	return aw_arena_printf(arena, "%d/%02d/%02d", d.year - ROC_OFFSET, d.month, d.day);
}

char *
aw_roc_month(struct aw_arena *arena, int32_t day)
{
	struct aw_date d = aw_date_of_day(day);

	return aw_arena_printf(arena, "%s%d月", year_text(arena, d.year), d.month);
}

char *
aw_roc_time(struct aw_arena *arena, int64_t ms)
{
	int32_t minute = aw_taipei_minute(ms);

	return aw_arena_printf(arena, "%02d:%02d", minute / 60, minute % 60);
}

char *
aw_roc_instant(struct aw_arena *arena, int64_t ms)
{
	return aw_arena_printf(
		arena, "%s%s", aw_roc_day_week(arena, aw_taipei_day(ms)), aw_roc_time(arena, ms));
}

char *
aw_roc_instant_short(struct aw_arena *arena, int64_t ms)
{
	return aw_arena_printf(
		arena, "%s %s", aw_roc_day_short(arena, aw_taipei_day(ms)), aw_roc_time(arena, ms));
}

char *
aw_roc_date_text(struct aw_arena *arena, const struct aw_roc_date *date)
{
	switch (date->precision) {
	case AW_PRECISION_MONTH:
		return aw_roc_month(arena, date->from_day);
	case AW_PRECISION_YEAR:
		return year_text(arena, aw_date_of_day(date->from_day).year);
	case AW_PRECISION_DAY:
	default:
		return aw_roc_day(arena, date->from_day);
	}
}

char *
aw_roc_duration(struct aw_arena *arena, int64_t ms)
{
	uint64_t length = ms < 0 ? (uint64_t)(-(ms + 1)) + 1 : (uint64_t)ms;
	uint64_t minutes = length / (uint64_t)AW_MINUTE_MS;
	uint64_t days = minutes / 1440, hours = minutes / 60 % 24;

	minutes %= 60;
	if (days > 0)
		return hours > 0 ? aw_arena_printf(arena, "%" PRIu64 "日%" PRIu64 "時", days, hours)
				 : aw_arena_printf(arena, "%" PRIu64 "日", days);
	if (hours > 0)
		return minutes > 0 ? aw_arena_printf(
					     arena, "%" PRIu64 "時%" PRIu64 "分", hours, minutes)
				   : aw_arena_printf(arena, "%" PRIu64 "時", hours);
	return aw_arena_printf(arena, "%" PRIu64 "分", minutes);
}

/* -- periods ------------------------------------------------------------------------------------ */

static struct aw_period
months(int32_t ce, int32_t first, int32_t last)
{
	return (struct aw_period){
		.from_day = aw_day_of_date((struct aw_date){ ce, first, 1 }),
		.to_day = aw_day_of_date((struct aw_date){ ce, last, aw_month_days(ce, last) }),
	};
}

/* Digits at the front of *text, at most four; -1 when there are none. */
static int32_t
take_digits(struct aw_str *text)
{
	int32_t value = -1;
	size_t n = 0;

	while (n < text->len && n < 4 && text->at[n] >= '0' && text->at[n] <= '9') {
		value = (value < 0 ? 0 : value) * 10 + (text->at[n] - '0');
		n++;
	}
	text->at += n;
	text->len -= n;
	return value;
}

/* One end of a period: a year, half, quarter, month or day. */
static bool
read_unit(struct aw_str text, struct aw_period *ret)
{
	int32_t year = take_digits(&text), part, day;
	char letter;

	if (year < 1)
		return false;
	if (year < 1000)
		year += ROC_OFFSET;
	if (year < 1850 || year > 2200)
		return false;
	if (text.len == 0) {
		*ret = months(year, 1, 12);
		return true;
	}
	letter = text.at[0];
	text.at++;
	text.len--;
	part = take_digits(&text);
	if (letter == 'H' || letter == 'h') {
		if (part < 1 || part > 2 || text.len > 0)
			return false;
		*ret = months(year, part * 6 - 5, part * 6);
		return true;
	}
	if (letter == 'Q' || letter == 'q') {
		if (part < 1 || part > 4 || text.len > 0)
			return false;
		*ret = months(year, part * 3 - 2, part * 3);
		return true;
	}
	if (letter != '-' || part < 1 || part > 12)
		return false;
	if (text.len == 0) {
		*ret = months(year, part, part);
		return true;
	}
	if (text.at[0] != '-')
		return false;
	text.at++;
	text.len--;
	day = take_digits(&text);
	if (text.len > 0 || !aw_date_valid(year, part, day))
		return false;
	ret->from_day = ret->to_day = aw_day_of_date((struct aw_date){ year, part, day });
	return true;
}

enum aw_status
aw_period_read(struct aw_str text, struct aw_period *ret_period, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str plain = aw_text_nfkc(&arena, text), second = { 0 };
	struct aw_period from, to;
	const char *dots = memmem(plain.at, plain.len, "..", 2);

	if (dots != NULL) {
		second = (struct aw_str){ dots + 2, plain.len - (size_t)(dots + 2 - plain.at) };
		plain.len = (size_t)(dots - plain.at);
	}
	if (!read_unit(plain, &from) || (dots != NULL && !read_unit(second, &to)))
		return aw_fail(err, AW_INVALID,
			"this is not a period: write 109, 110H1, 110Q2, 110-01..110-06 or "
			"2021-01-01..2021-06-30");
	if (dots == NULL)
		to = from;
	if (to.to_day < from.from_day)
		return aw_fail(err, AW_INVALID, "the period ends before it begins");
	*ret_period = (struct aw_period){ .from_day = from.from_day, .to_day = to.to_day };
	return AW_OK;
}

/* First and last month when the period is whole months of one year. */
static bool
whole_months(struct aw_period period, int32_t *ce, int32_t *first, int32_t *last)
{
	struct aw_date from = aw_date_of_day(period.from_day), to = aw_date_of_day(period.to_day);

	*ce = from.year;
	*first = from.month;
	*last = to.month;
	return from.year == to.year && from.day == 1 && from.year > ROC_OFFSET &&
	       to.day == aw_month_days(to.year, to.month);
}

char *
aw_period_name(struct aw_arena *arena, struct aw_period period)
{
	int32_t ce, first, last;

	if (!whole_months(period, &ce, &first, &last))
		return aw_arena_printf(arena, "%s..%s", aw_day_iso(arena, period.from_day),
			aw_day_iso(arena, period.to_day));
	ce -= ROC_OFFSET;
	if (first == 1 && last == 12)
		return aw_arena_printf(arena, "%d", ce);
	if (last - first == 5 && first % 6 == 1)
		return aw_arena_printf(arena, "%dH%d", ce, last / 6);
	if (last - first == 2 && first % 3 == 1)
		return aw_arena_printf(arena, "%dQ%d", ce, last / 3);
	if (first == last)
		return aw_arena_printf(arena, "%d-%02d", ce, first);
	return aw_arena_printf(arena, "%d-%02d..%d-%02d", ce, first, ce, last);
}

char *
aw_period_text(struct aw_arena *arena, struct aw_period period)
{
	struct aw_date from = aw_date_of_day(period.from_day), to = aw_date_of_day(period.to_day);
	int32_t ce, first, last;

	if (whole_months(period, &ce, &first, &last)) {
		if (first == 1 && last == 12)
			return year_text(arena, ce);
		if (first == last)
			return aw_roc_month(arena, period.from_day);
		return aw_arena_printf(arena, "%s%d–%d月", year_text(arena, ce), first, last);
	}
	if (period.from_day == period.to_day)
		return aw_roc_day(arena, period.from_day);
	if (from.year != to.year)
		return aw_arena_printf(arena, "%s–%s", aw_roc_day(arena, period.from_day),
			aw_roc_day(arena, period.to_day));
	return aw_arena_printf(arena, "%s–%s", aw_roc_day(arena, period.from_day),
		aw_roc_day_short(arena, period.to_day));
}
