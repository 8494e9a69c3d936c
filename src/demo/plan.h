/**
 * demo/plan - four years of reports, decided before anything is written: who, when, how it ends.
 * Layer: demo.  Threads: pure; the same city, seed and options give the same bytes.
 * Example: tests/demo/test_plan.c (with a counter of its own over the definitions)
 *
 * The plan never sets an indicator: it arranges reports, decisions and cases in time, and the
 * published counts follow when the events are counted. What is planned after the demo's first
 * moment (110-12-06 08:30) has not happened yet and is not played.
 */
#ifndef AW_DEMO_PLAN_H
#define AW_DEMO_PLAN_H

#include "demo/population.h"

enum aw_demo_kind {
	AW_DEMO_IPV,
	AW_DEMO_ELDER,
	AW_DEMO_DISABILITY,
	AW_DEMO_FAMILY_OTHER,
	AW_DEMO_CHILD_PROTECTION,
	AW_DEMO_SEXUAL,
	AW_DEMO_EXPLOITATION,
	AW_DEMO_VULNERABLE,
	AW_DEMO_SUICIDE,
	AW_DEMO_KINDS
};
const char *aw_demo_kind_code(enum aw_demo_kind kind); /* "adult_ipv", ... */
static inline bool
aw_demo_adult(enum aw_demo_kind kind)
{
	return kind <= AW_DEMO_FAMILY_OTHER;
}
static inline bool
aw_demo_protective(enum aw_demo_kind kind)
{
	return kind <= AW_DEMO_EXPLOITATION;
}

enum aw_demo_result {
	AW_DEMO_VALID,
	AW_DEMO_DUPLICATE,
	AW_DEMO_UNIDENTIFIABLE,
	AW_DEMO_OTHER_CITY,
	AW_DEMO_MISTAKEN,
	AW_DEMO_TEST,
};
const char *aw_demo_result_code(enum aw_demo_result result);

/* What came before a report, as far as the plan cares. */
enum aw_demo_past {
	AW_PAST_NONE,	 /* nothing of this person */
	AW_PAST_CLOSED,	 /* a protective case closed within 365 days, none open: re-report */
	AW_PAST_IN_CASE, /* an open case of the same kind */
	AW_PAST_SEEN,	 /* an earlier valid issue that was not opened */
};

struct aw_demo_issue {
	uint32_t report;
	uint32_t subject; /* person; AW_DEMO_NOBODY: somebody who is not of the city */
	uint8_t kind;	  /* after screening */
	uint8_t result;
	uint8_t past;
	char outcome;	       /* Y N S M; 0 for issues that are not valid */
	uint32_t service_case; /* opened or joined; AW_DEMO_NOBODY */
	int64_t decided_at;    /* 0: not valid */
};

/* How far a report of the last days has come. */
enum aw_demo_stage {
	AW_STAGE_DONE, /* nothing special: as far as the clock lets it */
	AW_STAGE_WAITING,
	AW_STAGE_CLAIMED,
	AW_STAGE_SUBMITTED,
	AW_STAGE_UNREVIEWED, /* dispatched urgently */
	AW_STAGE_DISPATCHED,
	AW_STAGE_RETURNED,
	AW_STAGE_DISPUTED,
	AW_STAGE_ACCEPTED,
	AW_STAGE_ASSIGNED,
};

struct aw_demo_report {
	int64_t received_at, claimed_at, submitted_at;
	int64_t dispatched_at; /* 0: never (no valid issue) */
	int64_t reviewed_at;   /* = dispatched_at but when urgent */
	int64_t accepted_at, assigned_at, contact_at;
	uint32_t first_issue, issue_count;
	uint32_t household;  /* of the subjects; AW_DEMO_NOBODY: not of the city */
	uint32_t respondent; /* person; AW_DEMO_NOBODY: nobody named */
	uint32_t repeats;    /* report of the same incident; AW_DEMO_NOBODY */
	uint8_t kind;	     /* as reported */
	uint8_t stage;
	bool urgent;   /* dispatched before the second review */
	bool returned; /* the first unit gave it back, another one took it */
	bool live;     /* of the last days */
	uint32_t seed; /* for everything that the plan leaves open: channel, words, mistakes */
};

struct aw_demo_case {
	uint8_t kind;
	uint32_t subject;
	uint32_t issue; /* it began with; AW_DEMO_NOBODY: found by the unit itself */
	int64_t opened_at;
	int64_t closed_at; /* may lie after now: still open */
	uint32_t seed;
};

struct aw_demo_plan {
	const struct aw_demo_city *city;
	int64_t now_ms; /* 110-12-06 08:30 */
	struct aw_demo_report *reports;
	uint32_t report_count;
	struct aw_demo_issue *issues;
	uint32_t issue_count;
	struct aw_demo_case *cases;
	uint32_t case_count;
	uint32_t *order;    /* reports by received_at, then by index */
	bool additional;    /* reports beyond the published ones, about anybody */
	uint32_t fallbacks; /* wishes of the targets that found nobody; 0 at scale 1 */
};

struct aw_demo_plan_options {
	uint64_t seed;
	double scale; /* of the targets; use the city's */
	/* Times as many reports; 1 = none. The additional ones come after 110-06-30 at scale 1, where the
	 * published counts must hold, and else in all of the demo's years. */
	double reports;
};

/** Plans the history. Cost: well under a second at scale 1. */
struct aw_demo_plan *aw_demo_plan_make(struct aw_arena *arena, const struct aw_demo_city *city,
	const struct aw_demo_plan_options *options);

/** 2021-12-06T08:30:00+08:00, where the demo's clock starts. */
int64_t aw_demo_now_ms(void);

#endif
