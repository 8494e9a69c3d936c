/**
 * rule/value - what a FEEL expression can be worth.
 * Layer: rule.  Threads: plain data in one arena, never changed once made.
 * Example: tests/rule/test_value.c
 */
#ifndef AW_RULE_VALUE_H
#define AW_RULE_VALUE_H

#include "base/json.h"
#include "rule/num.h"

enum aw_value_kind {
	AW_VALUE_NULL,
	AW_VALUE_FLAG,
	AW_VALUE_NUMBER,
	AW_VALUE_TEXT,
	AW_VALUE_DATE,
	AW_VALUE_TIME,
	AW_VALUE_DATE_TIME,
	AW_VALUE_MONTHS, /* years and months duration */
	AW_VALUE_LAPSE,	 /* days and time duration */
	AW_VALUE_LIST,
	AW_VALUE_CONTEXT,
	AW_VALUE_RANGE,
	AW_VALUE_FUNCTION,
};

struct aw_when;	   /* rule/temporal.h: date, time, date and time */
struct aw_closure; /* rule/eval.h */

/* Seconds and nanoseconds of the same sign. */
struct aw_lapse {
	int64_t seconds;
	int64_t nanos;
};

struct aw_value {
	enum aw_value_kind kind;
	union {
		bool flag;
		struct aw_num number;
		struct aw_str text;
		const struct aw_when *when;
		int64_t months;
		struct aw_lapse lapse;
		const struct aw_list *list;
		const struct aw_context *context;
		const struct aw_range *range;
		const struct aw_closure *function;
	} u;
};

struct aw_list {
	struct aw_value *at;
	size_t count, room;
};

struct aw_entry {
	struct aw_str name;
	struct aw_value value;
};

/* Entries in the order they were written; names are unique. */
struct aw_context {
	struct aw_entry *at;
	size_t count, room;
};

/* A range written as a comparison has one end; the other is null. */
struct aw_range {
	struct aw_value low, high;
	bool low_closed, high_closed;
	bool unary;	/* written as a comparison: (< 5) */
	bool not_equal; /* (!= 5): low holds the value */
};

extern const struct aw_value aw_null;

struct aw_value aw_value_flag(bool flag);
struct aw_value aw_value_number(struct aw_num number);
struct aw_value aw_value_int(int64_t number);
struct aw_value aw_value_text(struct aw_str text);
struct aw_value aw_value_list(const struct aw_list *list);
struct aw_value aw_value_context(const struct aw_context *context);

static inline bool
aw_value_is(struct aw_value v, enum aw_value_kind kind)
{
	return v.kind == kind;
}
static inline bool
aw_value_true(struct aw_value v)
{
	return v.kind == AW_VALUE_FLAG && v.u.flag;
}

/** Name of a kind as FEEL says it: "number", "days and time duration". */
const char *aw_value_kind_name(enum aw_value_kind kind);

void aw_list_add(struct aw_arena *arena, struct aw_list *list, struct aw_value value);
/** Sets or replaces an entry. */
void aw_context_put(struct aw_arena *arena, struct aw_context *context, struct aw_str name,
	struct aw_value value);
/** NULL if there is no such entry. */
const struct aw_value *aw_context_get(const struct aw_context *context, struct aw_str name);

enum aw_truth { AW_FALSE, AW_TRUE, AW_NULL };

/** FEEL's `=`: null equals null alone; values of different kinds are not comparable (AW_NULL). */
enum aw_truth aw_value_equal(struct aw_value a, struct aw_value b);
/** Orders numbers, texts, temporal values and durations. False: not comparable. */
bool aw_value_compare(struct aw_value a, struct aw_value b, int *ret);
/** Is v inside the range? */
enum aw_truth aw_range_has(const struct aw_range *range, struct aw_value v);

/** FEEL text of a value: "abc" in quotes, 12, [1, 2], {a: 1}. */
char *aw_value_print(struct aw_arena *arena, struct aw_value v);
/** What FEEL's string() gives: as above, but a text is itself. */
char *aw_value_string(struct aw_arena *arena, struct aw_value v);

/** JSON: numbers as JSON numbers, temporal values and durations as texts. Caller owns it. */
json_t *aw_value_json(struct aw_arena *arena, struct aw_value v);
/** The same as compact JSON text; numbers with all their digits. */
void aw_value_write(struct aw_buf *out, struct aw_value v);
/** JSON texts stay texts; types turn them into dates (rule/type.h). */
struct aw_value aw_value_of_json(struct aw_arena *arena, const json_t *json);

#endif
