/* rule/temporal - comparing, adding and taking apart dates, times and durations. */
#include <string.h>

#include "rule/temporal.h"

enum { DAY_SECONDS = 86400, NANOS = 1000000000 };

int
aw_lapse_compare(struct aw_lapse a, struct aw_lapse b)
{
	if (a.seconds != b.seconds)
		return a.seconds < b.seconds ? -1 : 1;
	return a.nanos < b.nanos ? -1 : a.nanos > b.nanos;
}

static struct aw_value
lapse_value(int64_t seconds, int64_t nanos)
{
	seconds += nanos / NANOS;
	nanos %= NANOS;
	if (seconds > 0 && nanos < 0) {
		seconds--;
		nanos += NANOS;
	} else if (seconds < 0 && nanos > 0) {
		seconds++;
		nanos -= NANOS;
	}
	return (struct aw_value){ .kind = AW_VALUE_LAPSE, .u.lapse = { seconds, nanos } };
}

static struct aw_value
months_value(int64_t months)
{
	return (struct aw_value){ .kind = AW_VALUE_MONTHS, .u.months = months };
}

static bool
is_when(struct aw_value v)
{
	return v.kind == AW_VALUE_DATE || v.kind == AW_VALUE_TIME || v.kind == AW_VALUE_DATE_TIME;
}

bool
aw_when_compare(struct aw_value a, struct aw_value b, int *ret)
{
	const struct aw_when *x = a.u.when, *y = b.u.when;
	int64_t s, t;

	if (a.kind != AW_VALUE_DATE && (x->zone == AW_ZONE_NONE) != (y->zone == AW_ZONE_NONE))
		return false;
	if (a.kind == AW_VALUE_TIME) {
		s = (int64_t)x->second - x->offset;
		t = (int64_t)y->second - y->offset;
	} else {
		s = aw_when_seconds(x);
		t = aw_when_seconds(y);
	}
	if (s == t) {
		s = x->nano;
		t = y->nano;
	}
	*ret = s < t ? -1 : s > t;
	return true;
}

static struct aw_value
add_months(struct aw_arena *arena, struct aw_value v, int64_t months)
{
	struct aw_when when = *v.u.when;
	int64_t total = when.year * 12 + when.month - 1 + months;
	int64_t year = total >= 0 ? total / 12 : -((11 - total) / 12);

	if (!aw_year_valid(year))
		return aw_null;
	when.year = year;
	when.month = (int32_t)(total - year * 12) + 1;
	int32_t last = aw_month_length(when.year, when.month);

	when.day = when.day > last ? last : when.day;
	return aw_when_value(arena, v.kind, when);
}

static struct aw_value
add_lapse(struct aw_arena *arena, struct aw_value v, struct aw_lapse lapse)
{
	struct aw_when when = *v.u.when;
	int64_t nano = when.nano + lapse.nanos;
	int64_t second = when.second + lapse.seconds;

	if (nano < 0) {
		nano += NANOS;
		second--;
	} else if (nano >= NANOS) {
		nano -= NANOS;
		second++;
	}
	int64_t days =
		second >= 0 ? second / DAY_SECONDS : -((DAY_SECONDS - 1 - second) / DAY_SECONDS);

	when.second = (int32_t)(second - days * DAY_SECONDS);
	when.nano = (int32_t)nano;
	if (v.kind != AW_VALUE_TIME)
		aw_when_set_days(&when, aw_when_days(&when) + days);
	if (v.kind == AW_VALUE_DATE) {
		when.second = 0;
		when.nano = 0;
	}
	if (!aw_year_valid(when.year))
		return aw_null;
	return aw_when_value(arena, v.kind, when);
}

struct aw_value
aw_duration_negate(struct aw_value a)
{
	if (a.kind == AW_VALUE_MONTHS)
		return months_value(-a.u.months);
	if (a.kind == AW_VALUE_LAPSE)
		return lapse_value(-a.u.lapse.seconds, -a.u.lapse.nanos);
	return aw_null;
}

struct aw_value
aw_temporal_add(struct aw_arena *arena, struct aw_value a, struct aw_value b)
{
	if (is_when(b) && !is_when(a))
		return aw_temporal_add(arena, b, a);
	if (is_when(a) && b.kind == AW_VALUE_LAPSE)
		return add_lapse(arena, a, b.u.lapse);
	if (is_when(a) && a.kind != AW_VALUE_TIME && b.kind == AW_VALUE_MONTHS)
		return add_months(arena, a, b.u.months);
	if (a.kind == AW_VALUE_MONTHS && b.kind == AW_VALUE_MONTHS)
		return months_value(a.u.months + b.u.months);
	if (a.kind == AW_VALUE_LAPSE && b.kind == AW_VALUE_LAPSE)
		return lapse_value(
			a.u.lapse.seconds + b.u.lapse.seconds, a.u.lapse.nanos + b.u.lapse.nanos);
	return aw_null;
}

struct aw_value
aw_temporal_sub(struct aw_arena *arena, struct aw_value a, struct aw_value b)
{
	if (b.kind == AW_VALUE_MONTHS || b.kind == AW_VALUE_LAPSE)
		return is_when(b) ? aw_null : aw_temporal_add(arena, a, aw_duration_negate(b));
	if (!is_when(a) || !is_when(b))
		return aw_null;
	if ((a.kind == AW_VALUE_TIME) != (b.kind == AW_VALUE_TIME))
		return aw_null;
	const struct aw_when *x = a.u.when, *y = b.u.when;
	/* a date counts as its midnight in UTC */
	bool zone_x = x->zone != AW_ZONE_NONE || a.kind == AW_VALUE_DATE;
	bool zone_y = y->zone != AW_ZONE_NONE || b.kind == AW_VALUE_DATE;

	if (zone_x != zone_y && a.kind == b.kind)
		return aw_null;
	if (a.kind != b.kind && x->zone == AW_ZONE_NONE && y->zone == AW_ZONE_NONE)
		return aw_null;
	if (a.kind == AW_VALUE_TIME)
		return lapse_value((int64_t)x->second - x->offset - y->second + y->offset,
			(int64_t)x->nano - y->nano);
	return lapse_value(aw_when_seconds(x) - aw_when_seconds(y), (int64_t)x->nano - y->nano);
}

/* seconds and nanoseconds as one number */
static bool
lapse_num(struct aw_lapse lapse, struct aw_num *ret)
{
	struct aw_num nano;

	return aw_num_div(aw_num_int(lapse.nanos), aw_num_int(NANOS), &nano) &&
	       aw_num_add(aw_num_int(lapse.seconds), nano, ret);
}

static struct aw_value
lapse_of_num(struct aw_num total)
{
	struct aw_num whole, rest;
	int64_t seconds, nanos;

	if (!aw_num_round(total, 0, AW_ROUND_DOWN, &whole) || !aw_num_int64(whole, &seconds) ||
		!aw_num_sub(total, whole, &rest) || !aw_num_mul(rest, aw_num_int(NANOS), &rest) ||
		!aw_num_round(rest, 0, AW_ROUND_DOWN, &rest) || !aw_num_int64(rest, &nanos))
		return aw_null;
	return lapse_value(seconds, nanos);
}

static struct aw_value
months_of_num(struct aw_num total)
{
	int64_t months;

	if (!aw_num_round(total, 0, AW_ROUND_DOWN, &total) || !aw_num_int64(total, &months))
		return aw_null;
	return months_value(months);
}

struct aw_value
aw_temporal_mul(struct aw_value a, struct aw_value b)
{
	struct aw_num n;

	if (a.kind == AW_VALUE_NUMBER)
		return b.kind == AW_VALUE_NUMBER ? aw_null : aw_temporal_mul(b, a);
	if (b.kind != AW_VALUE_NUMBER)
		return aw_null;
	if (a.kind == AW_VALUE_MONTHS && aw_num_mul(aw_num_int(a.u.months), b.u.number, &n))
		return months_of_num(n);
	if (a.kind == AW_VALUE_LAPSE && lapse_num(a.u.lapse, &n) && aw_num_mul(n, b.u.number, &n))
		return lapse_of_num(n);
	return aw_null;
}

struct aw_value
aw_temporal_div(struct aw_value a, struct aw_value b)
{
	struct aw_num n, m;

	if (a.kind == AW_VALUE_MONTHS) {
		if (b.kind == AW_VALUE_MONTHS &&
			aw_num_div(aw_num_int(a.u.months), aw_num_int(b.u.months), &n))
			return aw_value_number(n);
		if (b.kind == AW_VALUE_NUMBER && aw_num_div(aw_num_int(a.u.months), b.u.number, &n))
			return months_of_num(n);
	}
	if (a.kind == AW_VALUE_LAPSE && lapse_num(a.u.lapse, &n)) {
		if (b.kind == AW_VALUE_LAPSE && lapse_num(b.u.lapse, &m) && aw_num_div(n, m, &n))
			return aw_value_number(n);
		if (b.kind == AW_VALUE_NUMBER && aw_num_div(n, b.u.number, &n))
			return lapse_of_num(n);
	}
	return aw_null;
}

static struct aw_value
when_property(struct aw_arena *arena, struct aw_value v, struct aw_str name, bool *found)
{
	const struct aw_when *when = v.u.when;
	bool date = v.kind != AW_VALUE_TIME, time = v.kind != AW_VALUE_DATE;

	*found = true;
	if (date && aw_str_is(name, "year"))
		return aw_value_int(when->year);
	if (date && aw_str_is(name, "month"))
		return aw_value_int(when->month);
	if (date && aw_str_is(name, "day"))
		return aw_value_int(when->day);
	if (date && aw_str_is(name, "weekday")) { /* 1970-01-01 was a Thursday: 4 */
		int64_t days = aw_when_days(when);

		return aw_value_int(((days + 3) % 7 + 7) % 7 + 1);
	}
	if (aw_str_is(name, "hour") || aw_str_is(name, "minute") || aw_str_is(name, "second")) {
		*found = time || v.kind == AW_VALUE_DATE;
		if (name.at[0] == 'h')
			return aw_value_int(when->second / 3600);
		return aw_value_int(name.at[0] == 'm' ? when->second / 60 % 60 : when->second % 60);
	}
	if (aw_str_is(name, "time offset")) {
		if (v.kind == AW_VALUE_DATE)
			return lapse_value(0, 0);
		return when->zone == AW_ZONE_NONE ? aw_null : lapse_value(when->offset, 0);
	}
	if (time && aw_str_is(name, "timezone"))
		return when->zone == AW_ZONE_NAME
			       ? aw_value_text(aw_str(aw_arena_strdup(arena, when->name)))
			       : aw_null;
	*found = false;
	return aw_null;
}

struct aw_value
aw_temporal_property(struct aw_arena *arena, struct aw_value v, struct aw_str name, bool *ret_found)
{
	if (is_when(v))
		return when_property(arena, v, name, ret_found);
	*ret_found = true;
	if (v.kind == AW_VALUE_MONTHS) {
		if (aw_str_is(name, "years"))
			return aw_value_int(v.u.months / 12);
		if (aw_str_is(name, "months"))
			return aw_value_int(v.u.months % 12);
	}
	if (v.kind == AW_VALUE_LAPSE) {
		int64_t s = v.u.lapse.seconds;

		if (aw_str_is(name, "days"))
			return aw_value_int(s / DAY_SECONDS);
		if (aw_str_is(name, "hours"))
			return aw_value_int(s / 3600 % 24);
		if (aw_str_is(name, "minutes"))
			return aw_value_int(s / 60 % 60);
		if (aw_str_is(name, "seconds"))
			return aw_value_int(s % 60);
	}
	*ret_found = false;
	return aw_null;
}

struct aw_value
aw_months_between(struct aw_value a, struct aw_value b)
{
	const struct aw_when *x = a.u.when, *y = b.u.when;
	int64_t months = (y->year - x->year) * 12 + y->month - x->month;

	if (months > 0 && y->day < x->day)
		months--;
	else if (months < 0 && y->day > x->day)
		months++;
	return months_value(months);
}

struct aw_value
aw_now_value(struct aw_arena *arena, int64_t now_ms)
{
	struct aw_when when = { .zone = AW_ZONE_OFFSET, .offset = 8 * 3600 };
	int64_t local = now_ms + INT64_C(8) * 3600 * 1000;
	int64_t day_ms = INT64_C(86400) * 1000;
	int64_t days = local >= 0 ? local / day_ms : -((day_ms - 1 - local) / day_ms);

	aw_when_set_days(&when, days);
	int64_t rest = local - days * day_ms;

	when.second = (int32_t)(rest / 1000);
	when.nano = (int32_t)(rest % 1000) * 1000000;
	return aw_when_value(arena, AW_VALUE_DATE_TIME, when);
}
