/**
 * city/triage/replay - last year's reports under another policy: what would change?
 * Layer: city, room triage.  Threads: as the act; works with one more.
 * Example: tests/city/triage/test_replay.c
 *
 * Every decision that the program made in a period is made again from the facts it had, under a draft:
 * which level, priority and unit then, which now. What a person changed afterwards is not counted: a
 * draft is compared with a policy, not with people. Nothing is written.
 * Co-units are counted under the policy in force and under the draft, from the same facts.
 */
#ifndef AW_CITY_TRIAGE_REPLAY_H
#define AW_CITY_TRIAGE_REPLAY_H

#include "guard/act.h"
#include "text/roc.h"

/* How many went from one to another. */
struct aw_replay_pair {
	const char *from, *to; /* level: "scale/level"; unit: type; priority */
	int64_t count;
};

struct aw_replay_pairs {
	struct aw_replay_pair
		*at; /* by from, then to: levels from grave to light, others by code */
	size_t count, room;
};

/* Reports that a unit type leads or joins, before and now. */
struct aw_replay_load {
	const char *type;
	int64_t lead_before, lead_now, co_before, co_now;
};

struct aw_replay_district {
	const char *code; /* "": not known */
	int64_t reports, changed, urgent_before, urgent_now;
};

/* A report whose level, class, priority or unit would be another. */
struct aw_replay_change {
	const char *report; /* public number */
	int32_t day;	    /* received */
	const char *district;
	const char *kind_before, *kind_now;
	const char *level_before, *level_now; /* "scale/level" */
	const char *class_before, *class_now; /* NULL: no child case */
	const char *priority_before, *priority_now;
	const char *lead_before, *lead_now;
};

struct aw_replay {
	struct aw_period period;
	const char *draft; /* hash */
	int64_t decisions; /* of the program, in the period */
	int64_t unread; /* erased, or from facts that the draft cannot decide: not counted below */
	int64_t changed, graver, lighter;
	int64_t urgent_before, urgent_now;
	struct aw_replay_pairs levels, priorities, leads;
	struct aw_replay_load *loads; /* by type */
	size_t load_count, load_room;
	struct aw_replay_district *districts; /* as the city lists them */
	size_t district_count, district_room;
	struct aw_replay_change *changes; /* by report */
	size_t change_count, change_room;
	const char *first_unread; /* why, of the first; NULL: none */
};

/** Reads in the act's snapshot; the result lives in its arena. Errors: AW_INVALID when the draft has no
 *  decision model in force in the period. Cost: about 30 us a decision. */
AW_MUST_CHECK enum aw_status aw_triage_replay(struct aw_act *act, const struct aw_policy *draft,
	struct aw_period period, struct aw_replay *ret_replay, struct aw_error *err);

/** What the command prints: tables for eyes, or JSON. rows: each report that changes as well. */
void aw_replay_print(const struct aw_policy *policy, const struct aw_policy *draft,
	const struct aw_replay *replay, bool rows, struct aw_buf *out);
void aw_replay_json(const struct aw_replay *replay, bool rows, struct aw_buf *out);

#endif
