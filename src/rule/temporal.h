/**
 * rule/temporal - dates, times and durations as FEEL has them.
 * Layer: rule.  Threads: plain data.  Example: tests/rule/test_temporal.c
 *
 * Proleptic Gregorian calendar, years -999,999,999 to 999,999,999. A time may have an offset or an
 * IANA zone; zones are read from the system's zone files, the clock never is.
 */
#ifndef AW_RULE_TEMPORAL_H
#define AW_RULE_TEMPORAL_H

#include "rule/value.h"

enum aw_zone { AW_ZONE_NONE, AW_ZONE_OFFSET, AW_ZONE_NAME };

struct aw_when {
	int64_t year;
	int32_t month, day; /* 0 in a time */
	int32_t second;	    /* of the day; 0 in a date */
	int32_t nano;
	enum aw_zone zone;
	int32_t offset;	  /* seconds east; for AW_ZONE_NAME as it was at that moment */
	const char *name; /* AW_ZONE_NAME: "Europe/Paris" */
};

/** The text forms of ISO 8601 that FEEL allows; null if it is not one. */
struct aw_value aw_date_parse(struct aw_arena *arena, struct aw_str text);
struct aw_value aw_time_parse(struct aw_arena *arena, struct aw_str text);
struct aw_value aw_date_time_parse(struct aw_arena *arena, struct aw_str text);
struct aw_value aw_duration_parse(struct aw_str text);
/** What @"..." means: whichever of the four it is. */
struct aw_value aw_temporal_parse(struct aw_arena *arena, struct aw_str text);

char *aw_when_text(struct aw_arena *arena, struct aw_value v);
char *aw_months_text(struct aw_arena *arena, int64_t months);
char *aw_lapse_text(struct aw_arena *arena, struct aw_lapse lapse);

struct aw_value aw_when_value(struct aw_arena *arena, enum aw_value_kind kind, struct aw_when when);
/** Days since 1970-01-01 of the date part, and back. */
int64_t aw_when_days(const struct aw_when *when);
void aw_when_set_days(struct aw_when *when, int64_t days);
bool aw_year_valid(int64_t year);
int32_t aw_month_length(int64_t year, int32_t month);
/** Seconds since 1970 in UTC (zone none counts as UTC). */
int64_t aw_when_seconds(const struct aw_when *when);
/** Offset in seconds of a zone at a local moment; false when there is no such zone. */
bool aw_zone_offset(const char *name, int64_t local_seconds, int32_t *ret_offset);

/** -1, 0, 1; false when one has a zone and the other has none. Kinds must be the same. */
bool aw_when_compare(struct aw_value a, struct aw_value b, int *ret);

/** a + b and a - b where at least one is temporal or a duration; null when there is no such sum. */
struct aw_value aw_temporal_add(struct aw_arena *arena, struct aw_value a, struct aw_value b);
struct aw_value aw_temporal_sub(struct aw_arena *arena, struct aw_value a, struct aw_value b);
struct aw_value aw_temporal_mul(struct aw_value a, struct aw_value b);
struct aw_value aw_temporal_div(struct aw_value a, struct aw_value b);
struct aw_value aw_duration_negate(struct aw_value a);

/** .year .month .day .weekday .hour .minute .second .time offset .timezone .years .months .days
 *  .hours .minutes .seconds; *ret_found false when the kind has no such property. */
struct aw_value aw_temporal_property(
	struct aw_arena *arena, struct aw_value v, struct aw_str name, bool *ret_found);

/** Whole years and months from a to b. */
struct aw_value aw_months_between(struct aw_value a, struct aw_value b);
/** The instant as FEEL's now(), in +08:00. */
struct aw_value aw_now_value(struct aw_arena *arena, int64_t now_ms);

int aw_lapse_compare(struct aw_lapse a, struct aw_lapse b);

#endif
