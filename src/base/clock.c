/* base/clock - instants, Taipei's days, and the business clock of a demo. */
#include "base/clock.h"

#include <time.h>

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

int64_t
aw_real_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		aw_die("the clock cannot be read");
	return (int64_t)now.tv_sec * AW_SECOND_MS + now.tv_nsec / 1000000;
}

/* Of a machine that sleeps too: the monotonic clock stands still then. */
static int64_t
boot_us(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_BOOTTIME, &now) != 0)
		aw_die("the clock cannot be read");
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void
aw_clock_start(struct aw_clock *clock)
{
	clock->start_ms = aw_real_ms();
	clock->start_boot_us = boot_us();
}

int64_t
aw_clock_believed_ms(const struct aw_clock *clock, int64_t wall_ms, int64_t boot)
{
	int64_t own_ms = clock->start_ms + (boot - clock->start_boot_us) / 1000;

	if (clock->start_boot_us == 0 || (wall_ms > own_ms && wall_ms - own_ms <= AW_HOUR_MS))
		return wall_ms;
	return own_ms;
}

int64_t
aw_clock_real_ms(const struct aw_clock *clock)
{
	return aw_clock_believed_ms(clock, aw_real_ms(), boot_us());
}

int64_t
aw_clock_off_ms(const struct aw_clock *clock)
{
	return aw_real_ms() - aw_clock_real_ms(clock);
}

int64_t
aw_business_ms(const struct aw_clock *clock)
{
	return aw_clock_real_ms(clock) + clock->offset_ms;
}

int64_t
aw_monotonic_us(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		aw_die("the clock cannot be read");
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool
leap(int32_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int32_t
aw_month_days(int32_t year, int32_t month)
{
	static const int32_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool
aw_date_valid(int32_t year, int32_t month, int32_t day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= aw_month_days(year, month);
}

int32_t
aw_day_of_date(struct aw_date date)
{
	int64_t y = date.month <= 2 ? date.year - 1 : date.year;
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t month = (date.month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (int32_t)(era * 146097 + day_of_era - 719468);
}

struct aw_date
aw_date_of_day(int32_t day)
{
	int64_t z = (int64_t)day + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct aw_date date = {
		.year = (int32_t)(yoe + era * 400 + (mp >= 10 ? 1 : 0)),
		.month = (int32_t)(mp < 10 ? mp + 3 : mp - 9),
		.day = (int32_t)(doy - (153 * mp + 2) / 5 + 1),
	};

	return date;
}

int32_t
aw_taipei_day(int64_t ms)
{
	return (int32_t)floor_div(ms + AW_TAIPEI_MS, AW_DAY_MS);
}

int64_t
aw_taipei_day_start_ms(int32_t day)
{
	return (int64_t)day * AW_DAY_MS - AW_TAIPEI_MS;
}

int32_t
aw_taipei_minute(int64_t ms)
{
	return (int32_t)((ms - aw_taipei_day_start_ms(aw_taipei_day(ms))) / AW_MINUTE_MS);
}

int32_t
aw_weekday(int32_t day)
{
	int32_t w = (day + 3) % 7; /* 1970-01-01 was a Thursday */

	return w < 0 ? w + 7 : w;
}

int32_t
aw_add_months(int32_t day, int32_t months)
{
	struct aw_date date = aw_date_of_day(day);
	int64_t index = (int64_t)date.year * 12 + date.month - 1 + months;
	int32_t last;

	date.year = (int32_t)floor_div(index, 12);
	date.month = (int32_t)(index - floor_div(index, 12) * 12 + 1);
	last = aw_month_days(date.year, date.month);
	if (date.day > last)
		date.day = last;
	return aw_day_of_date(date);
}

int32_t
aw_years_between(int32_t birth_day, int32_t on_day)
{
	struct aw_date birth = aw_date_of_day(birth_day), on = aw_date_of_day(on_day);
	int32_t years = on.year - birth.year;

	if (on.month < birth.month || (on.month == birth.month && on.day < birth.day))
		years--;
	return years;
}

/* Reads exactly `width` digits at *pos. */
static bool
digits(struct aw_str text, size_t *pos, size_t width, int32_t *ret)
{
	int32_t value = 0;

	if (text.len - *pos < width)
		return false;
	for (size_t i = 0; i < width; i++) {
		char c = text.at[*pos + i];
		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*pos += width;
	*ret = value;
	return true;
}

static bool
one_of(struct aw_str text, size_t *pos, const char *chars)
{
	for (; *chars != '\0'; chars++) {
		if (*pos < text.len && text.at[*pos] == *chars) {
			(*pos)++;
			return true;
		}
	}
	return false;
}

static bool
read_date(struct aw_str text, size_t *pos, int32_t *ret_day)
{
	struct aw_date date;

	if (!digits(text, pos, 4, &date.year) || !one_of(text, pos, "-") ||
		!digits(text, pos, 2, &date.month) || !one_of(text, pos, "-") ||
		!digits(text, pos, 2, &date.day) || !aw_date_valid(date.year, date.month, date.day))
		return false;
	*ret_day = aw_day_of_date(date);
	return true;
}

bool
aw_day_parse_iso(struct aw_str text, int32_t *ret_day)
{
	size_t pos = 0;
	int32_t day;

	if (!read_date(text, &pos, &day) || pos != text.len)
		return false;
	*ret_day = day;
	return true;
}

static bool
read_zone(struct aw_str text, size_t *pos, int64_t *ret_ms)
{
	int32_t hour, minute;
	bool west;

	if (one_of(text, pos, "Zz")) {
		*ret_ms = 0;
		return true;
	}
	west = *pos < text.len && text.at[*pos] == '-';
	if (!one_of(text, pos, "+-") || !digits(text, pos, 2, &hour) || !one_of(text, pos, ":") ||
		!digits(text, pos, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*ret_ms = (west ? -1 : 1) * (hour * AW_HOUR_MS + minute * AW_MINUTE_MS);
	return true;
}

bool
aw_instant_parse(struct aw_str text, int64_t *ret_ms)
{
	size_t pos = 0;
	int32_t day, hour, minute, second = 0, digit;
	int64_t zone, part = 100, milli = 0;

	if (!read_date(text, &pos, &day) || !one_of(text, &pos, "Tt ") ||
		!digits(text, &pos, 2, &hour) || !one_of(text, &pos, ":") ||
		!digits(text, &pos, 2, &minute))
		return false;
	if (one_of(text, &pos, ":") && !digits(text, &pos, 2, &second))
		return false;
	if (one_of(text, &pos, ".")) {
		if (!digits(text, &pos, 1, &digit))
			return false;
		do {
			milli += digit * part;
			part /= 10;
		} while (digits(text, &pos, 1, &digit));
	}
	if (hour > 23 || minute > 59 || second > 59 || !read_zone(text, &pos, &zone) ||
		pos != text.len)
		return false;
	*ret_ms = (int64_t)day * AW_DAY_MS + hour * AW_HOUR_MS + minute * AW_MINUTE_MS +
		  second * AW_SECOND_MS + milli - zone;
	return true;
}

char *
aw_instant_iso(struct aw_arena *arena, int64_t ms)
{
	struct aw_date date = aw_date_of_day(aw_taipei_day(ms));
	int64_t of_day = ms - aw_taipei_day_start_ms(aw_taipei_day(ms));
	int hour = (int)(of_day / AW_HOUR_MS), minute = (int)(of_day / AW_MINUTE_MS % 60);
	int second = (int)(of_day / AW_SECOND_MS % 60), milli = (int)(of_day % AW_SECOND_MS);
	char fraction[8] = "";

	if (milli != 0) {
		fraction[0] = '.';
		fraction[1] = (char)('0' + milli / 100);
		fraction[2] = (char)('0' + milli / 10 % 10);
		fraction[3] = (char)('0' + milli % 10);
	}
	return aw_arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%s+08:00", date.year,
		date.month, date.day, hour, minute, second, fraction);
}

char *
aw_day_iso(struct aw_arena *arena, int32_t day)
{
	struct aw_date date = aw_date_of_day(day);

	return aw_arena_printf(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}
