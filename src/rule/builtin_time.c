/* rule/builtin - dates, times and durations. */
#include <string.h>

#include "rule/builtin.h"
#include "rule/temporal.h"

static struct aw_value
noted(struct aw_run *run, struct aw_value v, const char *what)
{
	if (v.kind == AW_VALUE_NULL)
		aw_run_note(run, NULL, "this is not a %s", what);
	return v;
}

static bool
in_range(int64_t v, int64_t low, int64_t high)
{
	return v >= low && v <= high;
}

/* date(from) */
static struct aw_value
call_date(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value v = aw_arg(args, count, 0, AW_VALUE_TEXT);
	struct aw_when when;

	(void)c;
	if (v.kind == AW_VALUE_TEXT)
		return noted(run, aw_date_parse(run->arena, v.u.text), "date");
	if (v.kind != AW_VALUE_DATE && v.kind != AW_VALUE_DATE_TIME)
		return noted(run, aw_null, "date");
	when = (struct aw_when){
		.year = v.u.when->year, .month = v.u.when->month, .day = v.u.when->day
	};
	return aw_when_value(run->arena, AW_VALUE_DATE, when);
}

static bool
date_parts(struct aw_run *run, const struct aw_value *args, size_t count, struct aw_when *when)
{
	int64_t month, day;

	*when = (struct aw_when){ 0 };
	if (!aw_arg_int(run, args, count, 0, &when->year) ||
		!aw_arg_int(run, args, count, 1, &month) ||
		!aw_arg_int(run, args, count, 2, &day) || !aw_year_valid(when->year) ||
		!in_range(month, 1, 12) ||
		!in_range(day, 1, aw_month_length(when->year, (int32_t)month)))
		return false;
	when->month = (int32_t)month;
	when->day = (int32_t)day;
	return true;
}

static struct aw_value
call_date_parts(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_when when;

	(void)c;
	if (!date_parts(run, args, count, &when))
		return noted(run, aw_null, "date");
	return aw_when_value(run->arena, AW_VALUE_DATE, when);
}

static struct aw_value
call_time(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value v = aw_arg(args, count, 0, AW_VALUE_TEXT);
	struct aw_when when;

	(void)c;
	if (v.kind == AW_VALUE_TEXT)
		return noted(run, aw_time_parse(run->arena, v.u.text), "time");
	if (v.kind != AW_VALUE_TIME && v.kind != AW_VALUE_DATE_TIME && v.kind != AW_VALUE_DATE)
		return noted(run, aw_null, "time");
	when = *v.u.when;
	when.year = 0;
	when.month = 0;
	when.day = 0;
	if (v.kind == AW_VALUE_DATE)
		when.zone = AW_ZONE_OFFSET;
	return aw_when_value(run->arena, AW_VALUE_TIME, when);
}

/* hour, minute, second (with a fraction) from argument `at` on. */
static bool
time_parts(struct aw_run *run, const struct aw_value *args, size_t count, size_t at,
	struct aw_when *when)
{
	int64_t hour, minute, second, nano;
	struct aw_num n, whole;

	if (!aw_arg_int(run, args, count, at, &hour) ||
		!aw_arg_int(run, args, count, at + 1, &minute) ||
		!aw_arg_number(run, args, count, at + 2, &n) ||
		!aw_num_round(n, 0, AW_ROUND_FLOOR, &whole) || !aw_num_int64(whole, &second) ||
		!aw_num_sub(n, whole, &n) || !aw_num_mul(n, aw_num_int(1000000000), &n) ||
		!aw_num_round(n, 0, AW_ROUND_DOWN, &n) || !aw_num_int64(n, &nano))
		return false;
	if (!in_range(hour, 0, 23) || !in_range(minute, 0, 59) || !in_range(second, 0, 59))
		return false;
	when->second = (int32_t)((hour * 60 + minute) * 60 + second);
	when->nano = (int32_t)nano;
	return true;
}

static bool
offset_arg(struct aw_run *run, const struct aw_value *args, size_t count, size_t at,
	struct aw_when *when)
{
	if (at >= count || args[at].kind == AW_VALUE_NULL)
		return true;
	if (args[at].kind == AW_VALUE_LAPSE && in_range(args[at].u.lapse.seconds, -64800, 64800)) {
		when->zone = AW_ZONE_OFFSET;
		when->offset = (int32_t)args[at].u.lapse.seconds;
		return true;
	}
	if (args[at].kind == AW_VALUE_TEXT) {
		when->zone = AW_ZONE_NAME;
		when->name = aw_arena_strndup(run->arena, args[at].u.text.at, args[at].u.text.len);
		return aw_zone_offset(when->name,
			aw_when_days(when) * INT64_C(86400) + when->second, &when->offset);
	}
	return false;
}

static struct aw_value
call_time_parts(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_when when = { 0 };

	(void)c;
	if (!time_parts(run, args, count, 0, &when) ||
		(count > 3 && args[3].kind == AW_VALUE_TEXT) ||
		!offset_arg(run, args, count, 3, &when))
		return noted(run, aw_null, "time");
	return aw_when_value(run->arena, AW_VALUE_TIME, when);
}

static struct aw_value
call_date_time(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value v = aw_arg(args, count, 0, AW_VALUE_TEXT);
	struct aw_when when;

	(void)c;
	if (v.kind == AW_VALUE_TEXT)
		return noted(run, aw_date_time_parse(run->arena, v.u.text), "date and time");
	if (v.kind == AW_VALUE_DATE_TIME)
		return v;
	if (v.kind != AW_VALUE_DATE)
		return noted(run, aw_null, "date and time");
	when = *v.u.when;
	when.zone = AW_ZONE_OFFSET;
	return aw_when_value(run->arena, AW_VALUE_DATE_TIME, when);
}

static struct aw_value
call_date_time_of(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value date = aw_arg(args, count, 0, AW_VALUE_DATE);
	struct aw_value time = aw_arg(args, count, 1, AW_VALUE_TIME);

	(void)c;
	if ((date.kind != AW_VALUE_DATE && date.kind != AW_VALUE_DATE_TIME) ||
		time.kind != AW_VALUE_TIME)
		return noted(run, aw_null, "date and a time");
	struct aw_when when = *time.u.when;

	when.year = date.u.when->year;
	when.month = date.u.when->month;
	when.day = date.u.when->day;
	if (when.zone == AW_ZONE_NAME)
		(void)aw_zone_offset(when.name, aw_when_days(&when) * INT64_C(86400) + when.second,
			&when.offset);
	return aw_when_value(run->arena, AW_VALUE_DATE_TIME, when);
}

static struct aw_value
call_date_time_parts(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_when when;

	(void)c;
	if (!date_parts(run, args, count, &when) || !time_parts(run, args, count, 3, &when) ||
		!offset_arg(run, args, count, 6, &when))
		return noted(run, aw_null, "date and time");
	return aw_when_value(run->arena, AW_VALUE_DATE_TIME, when);
}

static struct aw_value
call_duration(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value v = aw_arg(args, count, 0, AW_VALUE_TEXT);

	(void)c;
	if (v.kind == AW_VALUE_MONTHS || v.kind == AW_VALUE_LAPSE)
		return v;
	return noted(
		run, v.kind == AW_VALUE_TEXT ? aw_duration_parse(v.u.text) : aw_null, "duration");
}

static struct aw_value
call_months(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value from = aw_arg(args, count, 0, AW_VALUE_DATE);
	struct aw_value to = aw_arg(args, count, 1, AW_VALUE_DATE);

	(void)c;
	if ((from.kind != AW_VALUE_DATE && from.kind != AW_VALUE_DATE_TIME) ||
		(to.kind != AW_VALUE_DATE && to.kind != AW_VALUE_DATE_TIME))
		return noted(run, aw_null, "date");
	return aw_months_between(from, to);
}

static struct aw_value
call_now(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_value now = aw_now_value(run->arena, run->now_ms);

	(void)args;
	(void)count;
	if (strcmp(c->name, "now") == 0)
		return now;
	return call_date(run, c, &now, 1);
}

/* ISO 8601: week 1 holds the year's first Thursday. */
static int64_t
week_of_year(const struct aw_when *when)
{
	int64_t days = aw_when_days(when);
	int64_t weekday = ((days + 3) % 7 + 7) % 7; /* 0 = Monday */
	struct aw_when thursday = *when;

	aw_when_set_days(&thursday, days - weekday + 3);
	struct aw_when first = { .year = thursday.year, .month = 1, .day = 1 };

	return (days - weekday + 3 - aw_when_days(&first)) / 7 + 1;
}

static struct aw_value
call_calendar(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday" };
	static const char *const months[] = { "January", "February", "March", "April", "May",
		"June", "July", "August", "September", "October", "November", "December" };
	struct aw_value v = aw_arg(args, count, 0, AW_VALUE_DATE);

	if (v.kind != AW_VALUE_DATE && v.kind != AW_VALUE_DATE_TIME)
		return noted(run, aw_null, "date");
	if (strcmp(c->name, "day of week") == 0)
		return aw_value_text(aw_str(days[((aw_when_days(v.u.when) + 3) % 7 + 7) % 7]));
	if (strcmp(c->name, "month of year") == 0)
		return aw_value_text(aw_str(months[v.u.when->month - 1]));
	if (strcmp(c->name, "week of year") == 0)
		return aw_value_int(week_of_year(v.u.when));
	struct aw_when first = { .year = v.u.when->year, .month = 1, .day = 1 };

	return aw_value_int(aw_when_days(v.u.when) - aw_when_days(&first) + 1);
}

#define P AW_PARAM
static const struct aw_closure functions[] = {
	AW_BUILTIN(call_date, "date", 1, P("from")),
	AW_BUILTIN(call_date_parts, "date", 3, P("year"), P("month"), P("day")),
	AW_BUILTIN(call_time, "time", 1, P("from")),
	AW_BUILTIN(call_time_parts, "time", 3, P("hour"), P("minute"), P("second"), P("offset")),
	AW_BUILTIN(call_date_time, "date and time", 1, P("from")),
	AW_BUILTIN(call_date_time_of, "date and time", 2, P("date"), P("time")),
	AW_BUILTIN(call_date_time_parts, "date and time", 6, P("year"), P("month"), P("day"),
		P("hour"), P("minute"), P("second"), P("offset")),
	AW_BUILTIN(call_date_time_parts, "date and time", 6, P("year"), P("month"), P("day"),
		P("hour"), P("minute"), P("second"), P("timezone")),
	AW_BUILTIN(call_duration, "duration", 1, P("from")),
	AW_BUILTIN(call_months, "years and months duration", 2, P("from"), P("to")),
	{ .call = call_now, .name = "now" },
	{ .call = call_now, .name = "today" },
	AW_BUILTIN(call_calendar, "day of year", 1, P("date")),
	AW_BUILTIN(call_calendar, "day of week", 1, P("date")),
	AW_BUILTIN(call_calendar, "month of year", 1, P("date")),
	AW_BUILTIN(call_calendar, "week of year", 1, P("date")),
};
const struct aw_builtin_table aw_builtin_times = { functions, AW_COUNT(functions) };
