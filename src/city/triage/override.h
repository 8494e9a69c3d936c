/**
 * city/triage/override - how often people decide otherwise than a rule does.
 * Layer: city, room triage.  Threads: as the act.  Example: tests/city/triage/test_override.c
 *
 * Level, class, priority and lead unit are each what one rule of one table says. A decision of the period
 * counts for the rules that it comes from, by the tables in force on its day, and as changed when a
 * person put another value of the same kind in its place, with a reason. What the tables in force would
 * decide otherwise than was decided then is counted apart: no rule of theirs was changed.
 */
#ifndef AW_CITY_TRIAGE_OVERRIDE_H
#define AW_CITY_TRIAGE_OVERRIDE_H

#include "guard/act.h"
#include "text/roc.h"

enum aw_aspect { AW_ASPECT_LEVEL, AW_ASPECT_CLASS, AW_ASPECT_PRIORITY, AW_ASPECT_LEAD };
enum { AW_ASPECTS = 4 };
/** "level", "child_class", "priority", "lead". */
const char *aw_aspect_code(enum aw_aspect aspect);

/* A rule, in the words of the table in force today. */
struct aw_rule_tally {
	enum aw_aspect aspect;
	const char *table, *label;  /* id; what people call it */
	int64_t rule;		    /* from 1 */
	const char *words, *source; /* of the rule: why, and by what; may be NULL */
	const char *outcome;	    /* what the rule says, as written */
	int64_t decided, changed;
};

/* A decision of a rule that a person changed. */
struct aw_override_case {
	const char *number, *district, *kind; /* of the report */
	int32_t day;
	const char *scale;	  /* of a level */
	const char *before, *now; /* level, class, priority, or type of unit */
	const char *reason;	  /* code */
};

struct aw_overrides {
	struct aw_period period;
	int64_t decisions; /* of the program, in the period */
	int64_t changed;   /* of them, by a person in any way */
	int64_t otherwise; /* of them, what the tables in force decide otherwise: in no rule's count */
	struct aw_rule_tally *rules; /* that decided anything, as the model lists them */
	size_t rule_count, rule_room;
	struct aw_override_case *cases; /* of the rule that was asked for */
	size_t case_count, case_room;
};

/** Reads in the act's snapshot; the result lives in its arena. table NULL: no cases; rule from 1.
 *  Errors: AW_INVALID when no decision model is in force on a day. Cost: about 50 us a decision. */
AW_MUST_CHECK enum aw_status aw_triage_overrides(struct aw_act *act, struct aw_period period,
	const char *table, int64_t rule, struct aw_overrides *ret_overrides, struct aw_error *err);

#endif
