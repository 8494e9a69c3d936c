/**
 * demo/schedule - a plan as a list of single acts in the order in which they happened.
 * Layer: demo.  Threads: pure.  Example: tests/demo/test_schedule.c
 *
 * Each act is one use case of a room, at its own moment. Acts after the demo's first moment are not
 * on the list. Acts of one report and of one case stand in the order that the rooms demand.
 */
#ifndef AW_DEMO_SCHEDULE_H
#define AW_DEMO_SCHEDULE_H

#include "demo/plan.h"

enum aw_demo_act {
	/* of a report */
	AW_ACT_RECEIVE,
	AW_ACT_CLAIM,
	AW_ACT_SUBMIT, /* people confirmed, issues screened, sent to review or closed */
	AW_ACT_URGENT, /* the same, and dispatched at once */
	AW_ACT_REVIEW,
	AW_ACT_RETURN,	 /* the lead unit gives it back */
	AW_ACT_REDIRECT, /* to another unit; a review follows */
	AW_ACT_DISPUTE,
	AW_ACT_ACCEPT, /* by the lead unit */
	AW_ACT_ASSIGN,
	AW_ACT_CO_ACCEPT, /* by every co-unit */
	AW_ACT_MISSED,	  /* a contact that found nobody */
	AW_ACT_CONTACT,
	AW_ACT_ASSESS,
	AW_ACT_CO_FINISH,
	/* of an issue */
	AW_ACT_DECIDE,
	AW_ACT_APPROVE, /* a decision not to open */
	/* of a case */
	AW_ACT_FOUND, /* opened with no report */
	AW_ACT_GOAL,
	AW_ACT_VISIT,
	AW_ACT_CLOSE_ASK,
	AW_ACT_CLOSE,
	AW_ACTS
};
const char *aw_demo_act_name(enum aw_demo_act act); /* for messages */

struct aw_demo_step {
	int64_t at;
	uint32_t order; /* among steps at the same moment */
	uint32_t ref;	/* report, issue or case of the plan */
	uint8_t act;
};

struct aw_demo_schedule {
	struct aw_demo_step *steps;
	size_t count;
};

/** Lays the plan out. Cost: a sort of some 200,000 steps. */
void aw_demo_schedule(
	struct aw_arena *arena, const struct aw_demo_plan *plan, struct aw_demo_schedule *ret);

#endif
