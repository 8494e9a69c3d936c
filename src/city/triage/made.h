/**
 * city/triage/made - the decisions of a period as the program made them, and what people made of them.
 * Layer: city, room triage.  Threads: aw_made_facts() may be called by several at once.
 * Example: tests/city/triage/test_override.c
 *
 * One of each report and issue: the program's last. What was erased with its report is left out.
 */
#ifndef AW_CITY_TRIAGE_MADE_H
#define AW_CITY_TRIAGE_MADE_H

#include "city/triage/triage.h"
#include "text/roc.h"

/* A record as it is stored, with the key that opens it. */
struct aw_made_sealed {
	int64_t decision, key, epoch;
	struct aw_bytes sealed, wrapped;
};

/** Opens a record and reads its facts into the arena. */
AW_MUST_CHECK enum aw_status
aw_made_facts(const struct aw_act *act, struct aw_arena *arena, const struct aw_made_sealed *sealed,
	struct aw_triage_facts *ret_facts, struct aw_error *err);

/* Borrowed while the callback runs. */
struct aw_made {
	const char *number, *district; /* of the report; district may be NULL */
	int64_t received_at;
	int32_t received_day;
	const char *kind, *scale, *level, *child_class, *priority, *lead_type;
	bool changed; /* a person's decision stands instead, with its reason */
	const char *level_now, *class_now, *priority_now, *reason;
	const char *lead_unit,
		*lead_reason; /* a person's choice of lead before it was sent; NULL: none */
	struct aw_triage_facts facts;
};

typedef enum aw_status
aw_made_fn(const struct aw_made *made, struct aw_arena *scratch, void *arg, struct aw_error *err);

/** Calls fn for each, by the day of receipt. scratch lasts for the call. Reads in the act's snapshot. */
AW_MUST_CHECK enum aw_status aw_made_each(const struct aw_act *act, struct aw_period period,
	aw_made_fn *fn, void *arg, struct aw_error *err);

#endif
