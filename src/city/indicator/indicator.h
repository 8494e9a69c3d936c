/**
 * city/indicator - what it adds up to: indicators by definition files, each number down to its rows.
 * Layer: city, room indicator.  Threads: an act's thread.
 * Example: tests/city/indicator/test_indicator.c
 *
 * A definition is policy/<city>/indicators/<name>.yaml and the .sql it names: version, days in force,
 * what is counted, targets by year, printed figures, notes. Its SQL gives one row for each thing in
 * the denominator and says whether the thing is in the numerator; everything shown is a sum of these
 * rows, so groups add up to the total and every number opens. The SQL sees the published views alone
 * (db/published.h). Counted as of a day, by default 31 days after the period: what happened later
 * has not happened yet.
 *
 * A value is numerator / denominator in hundredths of a percent, rounded half up. Whether a target
 * is met is decided on the exact fraction.
 */
#ifndef AW_CITY_INDICATOR_INDICATOR_H
#define AW_CITY_INDICATOR_INDICATOR_H

#include "guard/act.h"
#include "policy/policy.h"
#include "text/roc.h"

/* -- definitions ------------------------------------------------------------------------------ */

enum aw_indicator_direction { AW_INDICATOR_HIGHER, AW_INDICATOR_LOWER }; /* which is better */
enum aw_indicator_value { AW_INDICATOR_NO_VALUE, AW_INDICATOR_DAYS, AW_INDICATOR_DURATION };

struct aw_indicator_target {
	int32_t from_day, to_day;
	int64_t value; /* hundredths of a percent */
	bool strict;   /* lower than, not at most */
	struct aw_label printed;
};

/* A figure as a document prints it. */
struct aw_indicator_printed {
	struct aw_period period;
	int64_t numerator, denominator;
	int64_t value; /* hundredths of a percent, as printed */
	bool agrees;   /* false: it does not follow from its own numbers */
	struct aw_label note;
};

/* Where a printed figure or its definition does not hold together. */
struct aw_indicator_note {
	const char *code;
	struct aw_label text;
};

struct aw_indicator {
	const char *code;    /* P1-S2-1 */
	const char *version; /* 107.1 */
	bool draft;	     /* for trial beside the version in force */
	struct aw_label label, strategy, owner;
	const char *continues; /* code of the indicator it goes on from; NULL: none */
	struct aw_label continues_note;
	struct aw_label numerator, numerator_unit, denominator, denominator_unit;
	enum aw_indicator_direction direction;
	struct aw_label rule;	   /* how it is counted */
	struct aw_label scope;	   /* what the source leaves open, and the reading taken */
	struct aw_label row_value; /* what a row's value is; zh NULL = rows have none */
	enum aw_indicator_value row_value_kind;
	struct aw_label prior; /* what a row's prior number is; zh NULL = none */
	int32_t as_of_days;
	const struct aw_indicator_target *targets;
	size_t target_count;
	const struct aw_indicator_printed *printed; /* by period */
	size_t printed_count;
	const struct aw_indicator_note *notes;
	size_t note_count;
	struct aw_valid valid;
	const char *sql_path; /* indicators/handled-in-24-hours.sql */
	const char *sql;
};

/** Every definition of the policy, by code, those in force before drafts, versions by date. Errors:
 *  AW_INVALID, with the first mistake's place. */
AW_MUST_CHECK enum aw_status
aw_indicator_list(const struct aw_policy *policy, struct aw_arena *arena,
	struct aw_indicator **ret_list, size_t *ret_count, struct aw_error *err);

/** Notes every mistake in the definitions, for `anwang policy check`. */
void aw_indicator_check(
	const struct aw_policy *policy, struct aw_arena *arena, struct aw_mistakes *mistakes);

/** A definition by code and version; version NULL: the one in force on that day, else the nearest
 *  that is not a draft. NULL if there is none. */
const struct aw_indicator *aw_indicator_find(const struct aw_indicator *list, size_t count,
	const char *code, const char *version, int32_t day);

/** The target in force at the end of a period; NULL if there is none. */
const struct aw_indicator_target *
aw_indicator_target(const struct aw_indicator *indicator, struct aw_period period);

/* A district on the map of equal tiles: policy/<city>/indicators/map.yaml, which may be absent. */
struct aw_indicator_tile {
	const char *district; /* code */
	struct aw_label label;
	int32_t column_half, row;
};

/** The map; no tiles when the policy has none. Errors: AW_INVALID with the first mistake. */
AW_MUST_CHECK enum aw_status
aw_indicator_map(const struct aw_policy *policy, struct aw_arena *arena,
	struct aw_indicator_tile **ret_tiles, size_t *ret_count, struct aw_error *err);

/* -- counting --------------------------------------------------------------------------------- */

/* One thing of the denominator. Ids of people and cases are public numbers. */
struct aw_indicator_row {
	const char *number;	  /* of the report or the service case */
	const char *person;	  /* NULL: nobody recognised, or not about a person */
	struct aw_maybe position; /* of the subject in the report */
	int64_t at;
	int32_t day;
	const char *district; /* NULL: unknown */
	const char *unit;     /* lead unit; NULL: none yet */
	const char *kind;
	bool numerator;
	const char *numerator_kind; /* NULL: as kind */
	const char *prior;	    /* what put it into the numerator; NULL: nothing */
	struct aw_maybe value;	    /* see row_value_kind */
	struct aw_maybe age;
};

enum aw_indicator_met { AW_INDICATOR_NO_TARGET, AW_INDICATOR_MET, AW_INDICATOR_MISSED };

struct aw_indicator_sum {
	int64_t numerator, denominator;
	struct aw_maybe value; /* hundredths of a percent; unknown when the denominator is 0 */
	enum aw_indicator_met met;
};

struct aw_indicator_result {
	const struct aw_indicator *indicator;
	struct aw_period period;
	int32_t as_of_day;			  /* its end is the last moment that counts */
	const struct aw_indicator_target *target; /* NULL: none */
	struct aw_indicator_sum sum;
	const struct aw_indicator_row *rows; /* in the definition's order */
	size_t row_count;
};

/** Counts. as_of_day unknown: the definition's own. Errors: AW_INVALID and AW_TOO_LARGE of the
 *  definition's SQL, with its file. Cost: the SQL's; no row is kept anywhere. */
AW_MUST_CHECK enum aw_status aw_indicator_eval(const struct aw_act *act,
	const struct aw_indicator *indicator, struct aw_period period, struct aw_maybe as_of_day,
	struct aw_indicator_result *ret_result, struct aw_error *err);

enum aw_indicator_by { AW_BY_NOTHING, AW_BY_DISTRICT, AW_BY_UNIT, AW_BY_MONTH, AW_BY_KIND };
#define AW_BY_COUNT 5
/** "district", "unit", "month", "kind"; "" for nothing. */
const char *aw_indicator_by_code(enum aw_indicator_by by);
/** False when the text is none of these; NULL is nothing. */
bool aw_indicator_by_parse(const char *text, enum aw_indicator_by *ret_by);

struct aw_indicator_group {
	const char *key; /* code of the district, unit or kind; month 2021-03; "" = unknown */
	struct aw_label label;
	struct aw_indicator_sum sum;
};

/** Sums by group: districts and kinds in the policy's order (every district, even without rows),
 *  months in time (every month of the period), units by code. Groups add up to the total. */
void aw_indicator_group(const struct aw_policy *policy, struct aw_arena *arena,
	const struct aw_indicator_result *result, enum aw_indicator_by by,
	struct aw_indicator_group **ret_groups, size_t *ret_count);

/** The group that a row belongs to, by its denominator (kind: of the thing itself). */
const char *aw_indicator_row_key(
	struct aw_arena *arena, const struct aw_indicator_row *row, enum aw_indicator_by by);

/* -- the command ------------------------------------------------------------------------------ */

enum aw_indicator_format { AW_FORMAT_TABLE, AW_FORMAT_CSV, AW_FORMAT_JSON };

struct aw_indicator_query {
	const char *code;    /* NULL: every indicator whose definition is in force in the period */
	const char *version; /* NULL: the one in force */
	const char *period;  /* required */
	const char *by;	     /* NULL: nothing */
	const char *as_of;   /* ISO day; NULL: the definition's own */
	const char *format;  /* table, csv, json; NULL: table */
	bool rows;
};

/** What `anwang indicator` prints. Errors: AW_INVALID (a word of the query), AW_NOT_FOUND (no such
 *  indicator or version), and those of counting. */
AW_MUST_CHECK enum aw_status aw_indicator_print(struct aw_act *act,
	const struct aw_indicator_query *query, struct aw_buf *out, struct aw_error *err);

#endif
