/* rule/temporal - reading and printing dates, times and durations; zones. */
#include "rule/temporal.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_MOST = 999999999, DAY_SECONDS = 86400, ZONE_FILE_MOST = 65536 };

bool
aw_year_valid(int64_t year)
{
	return year >= -YEAR_MOST && year <= YEAR_MOST;
}

int32_t
aw_month_length(int64_t year, int32_t month)
{
	static const int32_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : lengths[month - 1];
}

/* Days from the civil calendar and back, after Howard Hinnant's public description. */
int64_t
aw_when_days(const struct aw_when *when)
{
	int64_t y = when->year - (when->month <= 2 ? 1 : 0);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t m = when->month;
	int64_t doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + when->day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
aw_when_set_days(struct aw_when *when, int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	when->day = (int32_t)(doy - (153 * mp + 2) / 5 + 1);
	when->month = (int32_t)(mp < 10 ? mp + 3 : mp - 9);
	when->year = yoe + era * 400 + (when->month <= 2 ? 1 : 0);
}

int64_t
aw_when_seconds(const struct aw_when *when)
{
	return aw_when_days(when) * DAY_SECONDS + when->second - when->offset;
}

struct aw_value
aw_when_value(struct aw_arena *arena, enum aw_value_kind kind, struct aw_when when)
{
	struct aw_when *copy = AW_NEW(arena, struct aw_when);

	*copy = when;
	return (struct aw_value){ .kind = kind, .u.when = copy };
}

/* -- zones ------------------------------------------------------------------------------------- */

static int64_t
big_endian(const uint8_t *at, int bytes)
{
	uint64_t v = at[0] & 0x80 ? ~UINT64_C(0) : 0;

	for (int i = 0; i < bytes; i++)
		v = v << 8 | at[i];
	return (int64_t)v;
}

static size_t
zone_read(const char *name, uint8_t *data)
{
	char path[128];
	size_t len = strlen(name);

	if (len == 0 || len > 64 || name[0] == '/' || strstr(name, "..") != NULL)
		return 0;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rbe");

	if (file == NULL)
		return 0;
	size_t n = fread(data, 1, ZONE_FILE_MOST, file);

	fclose(file);
	return n >= 44 && memcmp(data, "TZif", 4) == 0 ? n : 0;
}

/* RFC 8536: a header, transition times, their types, the types; once with 32 and once with 64 bits. */
struct zone_block {
	const uint8_t *times, *indexes, *types;
	int64_t time_count, type_count;
};

static bool
zone_block(const uint8_t *data, size_t len, struct zone_block *block)
{
	size_t at = 44;
	int width = 4;
	const uint8_t *head = data;

	if (data[4] >= '2') {
		int64_t skip = big_endian(head + 32, 4) * 5 + big_endian(head + 36, 4) * 6 +
			       big_endian(head + 40, 4) + big_endian(head + 28, 4) * 8 +
			       big_endian(head + 24, 4) + big_endian(head + 20, 4);

		if (skip < 0 || at + (size_t)skip + 44 > len)
			return false;
		head = data + at + (size_t)skip;
		at += (size_t)skip + 44;
		width = 8;
	}
	block->time_count = big_endian(head + 32, 4);
	block->type_count = big_endian(head + 36, 4);
	if (block->time_count < 0 || block->type_count < 1 ||
		at + (size_t)(block->time_count * (width + 1) + block->type_count * 6) > len)
		return false;
	block->times = width == 8 ? data + at : NULL;
	block->indexes = data + at + (size_t)(block->time_count * width);
	block->types = block->indexes + block->time_count;
	return width == 8;
}

bool
aw_zone_offset(const char *name, int64_t local_seconds, int32_t *ret_offset)
{
	uint8_t data[ZONE_FILE_MOST];
	size_t len = zone_read(name, data);
	struct zone_block block = { 0 };
	int64_t type = 0;

	if (len == 0 || !zone_block(data, len, &block))
		return false;
	for (int64_t i = 0; i < block.time_count; i++) {
		const uint8_t *t = block.types + 6 * (int64_t)block.indexes[i];

		if (block.indexes[i] >= block.type_count)
			return false;
		if (big_endian(block.times + 8 * i, 8) + big_endian(t, 4) > local_seconds)
			break;
		type = block.indexes[i];
	}
	*ret_offset = (int32_t)big_endian(block.types + 6 * type, 4);
	return true;
}

/* -- reading ----------------------------------------------------------------------------------- */

struct cursor {
	const char *at, *end;
};

static bool
eat(struct cursor *c, char wanted)
{
	if (c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

/* least to most digits; false when there are fewer or more. */
static bool
digits(struct cursor *c, int least, int most, int64_t *ret)
{
	int64_t v = 0;
	int n = 0;

	while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
		if (++n > most)
			return false;
		v = v * 10 + (*c->at++ - '0');
	}
	*ret = v;
	return n >= least;
}

static bool
read_date(struct cursor *c, struct aw_when *when)
{
	bool negative = eat(c, '-');
	const char *start = c->at;
	int64_t year, month, day;

	if (!digits(c, 4, 9, &year) || (c->at - start > 4 && *start == '0') || !eat(c, '-') ||
		!digits(c, 2, 2, &month) || !eat(c, '-') || !digits(c, 2, 2, &day))
		return false;
	year = negative ? -year : year;
	if (month < 1 || month > 12 || day < 1 || day > aw_month_length(year, (int32_t)month))
		return false;
	when->year = year;
	when->month = (int32_t)month;
	when->day = (int32_t)day;
	return true;
}

/* Nanoseconds behind the point; digits beyond the ninth are dropped. */
static bool
read_fraction(struct cursor *c, int64_t *nano)
{
	int64_t v = 0;
	int n = 0;

	for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++, n++) {
		if (n < 9)
			v = v * 10 + (*c->at - '0');
	}
	for (int i = n; i < 9; i++)
		v *= 10;
	*nano = v;
	return n > 0;
}

static bool
read_offset(struct cursor *c, struct aw_when *when)
{
	bool west = *c->at == '-';
	int64_t hours, minutes, seconds = 0;

	c->at++;
	if (!digits(c, 2, 2, &hours) || !eat(c, ':') || !digits(c, 2, 2, &minutes) ||
		(eat(c, ':') && !digits(c, 2, 2, &seconds)))
		return false;
	if (hours > 18 || minutes > 59 || seconds > 59 || (hours == 18 && minutes + seconds > 0))
		return false;
	when->zone = AW_ZONE_OFFSET;
	when->offset = (int32_t)((hours * 60 + minutes) * 60 + seconds);
	if (west)
		when->offset = -when->offset;
	return true;
}

static bool
read_zone(struct aw_arena *arena, struct cursor *c, struct aw_when *when)
{
	if (c->at == c->end)
		return true;
	if (eat(c, 'Z')) {
		when->zone = AW_ZONE_OFFSET;
		return true;
	}
	if (*c->at == '+' || *c->at == '-')
		return read_offset(c, when);
	if (!eat(c, '@'))
		return false;
	when->name = aw_arena_strndup(arena, c->at, (size_t)(c->end - c->at));
	when->zone = AW_ZONE_NAME;
	c->at = c->end;
	int64_t local = when->month == 0 ? 0 : aw_when_days(when) * DAY_SECONDS + when->second;

	return aw_zone_offset(when->name, local, &when->offset);
}

static bool
read_time(struct aw_arena *arena, struct cursor *c, struct aw_when *when)
{
	int64_t hour, minute, second, nano = 0;

	if (!digits(c, 2, 2, &hour) || !eat(c, ':') || !digits(c, 2, 2, &minute) || !eat(c, ':') ||
		!digits(c, 2, 2, &second) || (eat(c, '.') && !read_fraction(c, &nano)))
		return false;
	if (hour == 24 && minute == 0 && second == 0 && nano == 0 && when->month != 0) {
		aw_when_set_days(when, aw_when_days(when) + 1);
		hour = 0;
	}
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	when->second = (int32_t)((hour * 60 + minute) * 60 + second);
	when->nano = (int32_t)nano;
	return read_zone(arena, c, when);
}

struct aw_value
aw_date_parse(struct aw_arena *arena, struct aw_str text)
{
	struct cursor c = { text.at, text.at + text.len };
	struct aw_when when = { 0 };

	if (text.len == 0 || !read_date(&c, &when) || c.at != c.end)
		return aw_null;
	return aw_when_value(arena, AW_VALUE_DATE, when);
}

struct aw_value
aw_time_parse(struct aw_arena *arena, struct aw_str text)
{
	struct cursor c = { text.at, text.at + text.len };
	struct aw_when when = { 0 };

	if (text.len > 0 && text.at[0] == 'T')
		c.at++;
	if (text.len == 0 || !read_time(arena, &c, &when) || c.at != c.end)
		return aw_null;
	return aw_when_value(arena, AW_VALUE_TIME, when);
}

struct aw_value
aw_date_time_parse(struct aw_arena *arena, struct aw_str text)
{
	struct cursor c = { text.at, text.at + text.len };
	struct aw_when when = { 0 };

	if (text.len == 0 || !read_date(&c, &when))
		return aw_null;
	if (c.at != c.end && (!eat(&c, 'T') || !read_time(arena, &c, &when)))
		return aw_null;
	if (c.at != c.end)
		return aw_null;
	return aw_when_value(arena, AW_VALUE_DATE_TIME, when);
}

/* One "<number><letter>" of a duration into *into when the letter is next. */
static bool
read_part(struct cursor *c, char letter, int64_t *into, bool *any)
{
	struct cursor try = *c;
	int64_t v;

	if (!digits(&try, 1, 12, &v) || !eat(&try, letter))
		return false;
	*c = try;
	*into = v;
	*any = true;
	return true;
}

static bool
read_lapse(struct cursor *c, int64_t days, bool any, bool negative, struct aw_value *ret)
{
	int64_t hours = 0, minutes = 0, seconds = 0, nano = 0;

	if (eat(c, 'T')) {
		bool time = false;

		(void)read_part(c, 'H', &hours, &time);
		(void)read_part(c, 'M', &minutes, &time);
		struct cursor try = *c;

		if (digits(&try, 1, 12, &seconds)) {
			if ((eat(&try, '.') && !read_fraction(&try, &nano) && *try.at != 'S') ||
				!eat(&try, 'S'))
				return false;
			*c = try;
			time = true;
		} else {
			seconds = 0;
		}
		if (!time)
			return false;
		any = true;
	}
	if (!any || c->at != c->end)
		return false;
	int64_t total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;

	ret->kind = AW_VALUE_LAPSE;
	ret->u.lapse.seconds = negative ? -total : total;
	ret->u.lapse.nanos = negative ? -nano : nano;
	return true;
}

struct aw_value
aw_duration_parse(struct aw_str text)
{
	struct cursor c = { text.at, text.at + text.len };
	bool negative = text.len > 0 && eat(&c, '-'), any = false;
	int64_t years = 0, months = 0, days = 0;
	struct aw_value v = aw_null;

	if (text.len == 0 || !eat(&c, 'P'))
		return aw_null;
	(void)read_part(&c, 'Y', &years, &any);
	(void)read_part(&c, 'M', &months, &any);
	if (any && c.at == c.end) {
		v.kind = AW_VALUE_MONTHS;
		v.u.months = years * 12 + months;
		if (negative)
			v.u.months = -v.u.months;
		return v;
	}
	if (any)
		return aw_null;
	(void)read_part(&c, 'D', &days, &any);
	return read_lapse(&c, days, any, negative, &v) ? v : aw_null;
}

struct aw_value
aw_temporal_parse(struct aw_arena *arena, struct aw_str text)
{
	struct aw_value v = aw_duration_parse(text);

	if (v.kind == AW_VALUE_NULL)
		v = aw_date_parse(arena, text);
	if (v.kind == AW_VALUE_NULL)
		v = aw_time_parse(arena, text);
	return v.kind == AW_VALUE_NULL ? aw_date_time_parse(arena, text) : v;
}

/* -- printing ---------------------------------------------------------------------------------- */

static void
print_fraction(struct aw_buf *buf, int64_t nano)
{
	char text[16];
	int n;

	if (nano == 0)
		return;
	n = snprintf(text, sizeof(text), ".%09d", (int)nano);
	while (n > 0 && text[n - 1] == '0')
		n--;
	aw_buf_add(buf, text, (size_t)n);
}

static void
print_zone(struct aw_buf *buf, const struct aw_when *when)
{
	int32_t offset = when->offset < 0 ? -when->offset : when->offset;

	if (when->zone == AW_ZONE_NAME) {
		aw_buf_printf(buf, "@%s", when->name);
	} else if (when->zone == AW_ZONE_OFFSET && offset == 0) {
		aw_buf_char(buf, 'Z');
	} else if (when->zone == AW_ZONE_OFFSET) {
		aw_buf_printf(buf, "%c%02d:%02d", when->offset < 0 ? '-' : '+', offset / 3600,
			offset / 60 % 60);
		if (offset % 60 != 0)
			aw_buf_printf(buf, ":%02d", offset % 60);
	}
}

char *
aw_when_text(struct aw_arena *arena, struct aw_value v)
{
	struct aw_buf buf = { .arena = arena };
	const struct aw_when *when = v.u.when;

	if (v.kind != AW_VALUE_TIME) {
		int64_t year = when->year < 0 ? -when->year : when->year;

		aw_buf_printf(&buf, "%s%04lld-%02d-%02d", when->year < 0 ? "-" : "",
			(long long)year, when->month, when->day);
	}
	if (v.kind == AW_VALUE_DATE_TIME)
		aw_buf_char(&buf, 'T');
	if (v.kind != AW_VALUE_DATE) {
		aw_buf_printf(&buf, "%02d:%02d:%02d", when->second / 3600, when->second / 60 % 60,
			when->second % 60);
		print_fraction(&buf, when->nano);
		print_zone(&buf, when);
	}
	return aw_arena_strdup(arena, aw_buf_z(&buf));
}

char *
aw_months_text(struct aw_arena *arena, int64_t months)
{
	struct aw_buf buf = { .arena = arena };
	int64_t n = months < 0 ? -months : months;

	aw_buf_text(&buf, months < 0 ? "-P" : "P");
	if (n >= 12)
		aw_buf_printf(&buf, "%lldY", (long long)(n / 12));
	if (n % 12 != 0 || n == 0)
		aw_buf_printf(&buf, "%lldM", (long long)(n % 12));
	return aw_arena_strdup(arena, aw_buf_z(&buf));
}

char *
aw_lapse_text(struct aw_arena *arena, struct aw_lapse lapse)
{
	struct aw_buf buf = { .arena = arena };
	bool negative = lapse.seconds < 0 || lapse.nanos < 0;
	int64_t s = negative ? -lapse.seconds : lapse.seconds;
	int64_t n = negative ? -lapse.nanos : lapse.nanos;

	if (s == 0 && n == 0)
		return aw_arena_strdup(arena, "PT0S");
	aw_buf_text(&buf, negative ? "-P" : "P");
	if (s >= DAY_SECONDS)
		aw_buf_printf(&buf, "%lldD", (long long)(s / DAY_SECONDS));
	if (s % DAY_SECONDS != 0 || n != 0)
		aw_buf_char(&buf, 'T');
	if (s / 3600 % 24 != 0)
		aw_buf_printf(&buf, "%dH", (int)(s / 3600 % 24));
	if (s / 60 % 60 != 0)
		aw_buf_printf(&buf, "%dM", (int)(s / 60 % 60));
	if (s % 60 != 0 || n != 0) {
		aw_buf_printf(&buf, "%d", (int)(s % 60));
		print_fraction(&buf, n);
		aw_buf_char(&buf, 'S');
	}
	return aw_arena_strdup(arena, aw_buf_z(&buf));
}
