/**
 * city/intake/held - reports that came too many at once: kept, and held back until somebody looked.
 * Layer: city, room intake.  Threads: each call runs in its act's unit of work.
 * Example: tests/net/test_held.c
 *
 * No report is refused for being one too many. What the public form's limits (net/) overflow with is
 * received like any other, with number, receipt and clock, but in the state `held`: it is not
 * screened and counted in no indicator. A screener releases it, or refuses it with a coded reason
 * (policy's reasons "held"); what was refused is kept and can still be released.
 */
#ifndef AW_CITY_INTAKE_HELD_H
#define AW_CITY_INTAKE_HELD_H

#include "city/intake/report.h"
#include "page/call.h"

struct aw_held {
	int64_t report;
	const char *number, *kind;
	const char *district; /* NULL: unknown */
	int64_t received_at;
	bool urgent;
	int64_t complete_permille;
	const char *source;	   /* the same code: the same sender */
	struct aw_maybe ended_at;  /* refused ones */
	const char *reason, *name; /* ... why, and by whom */
};

/** What is held (state "held") or was refused ("refused"); urgent first, then the oldest. */
AW_MUST_CHECK enum aw_status aw_held_list(const struct aw_act *act, const char *state,
	int64_t at_most, struct aw_held **ret, size_t *ret_count, struct aw_error *err);

struct aw_held_counts {
	int64_t held, urgent;
};
AW_MUST_CHECK enum aw_status
aw_held_count(const struct aw_act *act, struct aw_held_counts *ret, struct aw_error *err);

/** Lets a held or refused report go to screening. AW_CONFLICT: it is neither. */
AW_MUST_CHECK enum aw_status
aw_held_release(struct aw_act *act, int64_t report, struct aw_error *err);

/** Refuses a held report. AW_INVALID: no such reason; AW_CONFLICT: it is not held. */
AW_MUST_CHECK enum aw_status
aw_held_refuse(struct aw_act *act, int64_t report, const char *reason, struct aw_error *err);

extern const struct aw_view_type aw_held_view; /* intake/held */

aw_handler_fn aw_held_show;	    /* GET /held */
aw_handler_fn aw_held_release_post; /* POST /held/release: numbers, or all */
aw_handler_fn aw_held_refuse_post;  /* POST /held/refuse: numbers, reason */

#endif
