/**
 * base/clock - instants, Taipei's days, and the business clock of a demo.
 * Layer: base.  Threads: a clock never changes after set-up.  Example: tests/base/test_clock.c
 *
 * An instant is UTC milliseconds since 1970 (int64_t, named *_ms). A day is a number of days since
 * 1970-01-01 (int32_t, named *_day): the local day of an instant is Taipei's, UTC+8 without
 * daylight saving since 1979 (instants before are shifted by 8 hours all the same). Birth and court
 * dates are days without a zone. Civil-calendar arithmetic after Howard Hinnant's public
 * description of days_from_civil, proleptic Gregorian.
 */
#ifndef AW_BASE_CLOCK_H
#define AW_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define AW_SECOND_MS INT64_C(1000)
#define AW_MINUTE_MS INT64_C(60000)
#define AW_HOUR_MS INT64_C(3600000)
#define AW_DAY_MS INT64_C(86400000)
#define AW_TAIPEI_MS (8 * AW_HOUR_MS)

/* Business time = real time + offset. The offset is 0 but in a demo database, which stores it.
 *
 * A started clock does not jump with the machine's wall clock: its real time is the wall clock at its
 * start and what has passed since the boot, sleep included. A wall clock set back, or ahead by more
 * than an hour, is not followed: no deadline is missed by it or begins anew, no session ends or lasts
 * longer, no receipt is forgotten early. Ahead by up to an hour is: that is a machine that was paused. */
struct aw_clock {
	int64_t offset_ms;
	int64_t start_ms;      /* the wall clock at the start */
	int64_t start_boot_us; /* since the boot, then; 0 = not started: the wall clock is the time */
};

struct aw_date {
	int32_t year; /* CE; ROC year = year - 1911 */
	int32_t month;
	int32_t day;
};

int64_t aw_real_ms(void); /* CLOCK_REALTIME: sessions, rate limits, log time */
void aw_clock_start(struct aw_clock *clock);
int64_t aw_clock_real_ms(const struct aw_clock *clock); /* what acts call real time */
/** The same, of a wall clock and a time since the boot: aw_clock_real_ms reads both. */
int64_t aw_clock_believed_ms(const struct aw_clock *clock, int64_t wall_ms, int64_t boot_us);
/** How far the wall clock is from what is believed: 0 or nearly, but after a jump. */
int64_t aw_clock_off_ms(const struct aw_clock *clock);
int64_t aw_business_ms(const struct aw_clock *clock);
int64_t aw_monotonic_us(void); /* for durations */

int32_t aw_day_of_date(struct aw_date date); /* date must be valid */
struct aw_date aw_date_of_day(int32_t day);
bool aw_date_valid(int32_t year, int32_t month, int32_t day);
int32_t aw_month_days(int32_t year, int32_t month);

/** Taipei's day of an instant, and the instant at which a Taipei day begins. */
int32_t aw_taipei_day(int64_t ms);
int64_t aw_taipei_day_start_ms(int32_t day);
/** Minutes since Taipei's midnight, 0 to 1439. */
int32_t aw_taipei_minute(int64_t ms);
/** 0 = Monday ... 6 = Sunday. */
int32_t aw_weekday(int32_t day);
/** Adds calendar months; a day that the month lacks becomes the month's last (民法 §121 II). */
int32_t aw_add_months(int32_t day, int32_t months);
/** Completed years between two days, as an age is counted. Negative if `on` is before `birth`. */
int32_t aw_years_between(int32_t birth_day, int32_t on_day);

/** "2021-12-06T08:30:00+08:00": reads RFC 3339 (zone required), milliseconds kept. */
bool aw_instant_parse(struct aw_str text, int64_t *ret_ms);
char *aw_instant_iso(struct aw_arena *arena, int64_t ms);    /* in +08:00 */
bool aw_day_parse_iso(struct aw_str text, int32_t *ret_day); /* "2021-12-06" */
char *aw_day_iso(struct aw_arena *arena, int32_t day);

#endif
