/**
 * demo/planner - what the parts of the plan share while they make it: slots, pickers, courses.
 * Layer: demo, for plan*.c alone.
 */
#ifndef AW_DEMO_PLANNER_H
#define AW_DEMO_PLANNER_H

#include "demo/plan.h"
#include "demo/target.h"

#define AW_NEVER_MS INT64_MAX

/* A report to be planned: when, of which kind, for how many subjects, where, after what. */
struct aw_demo_slot {
	int64_t at;
	uint32_t service; /* vulnerable case whose household it concerns; AW_DEMO_NOBODY */
	uint8_t kind, subjects, district, past;
	bool late;
};

/* Candidates of one kind and district, in random order. */
struct aw_demo_list {
	uint32_t *at;
	uint32_t count, cursor;
};

enum aw_demo_group {
	AW_GROUP_CHILD,	 /* somebody under 22 today */
	AW_GROUP_COUPLE, /* with a spouse, 20 to 80 */
	AW_GROUP_ELDER,	 /* 64 and older */
	AW_GROUP_DISABLED,
	AW_GROUP_ADULT,	  /* 21 and older, not living alone */
	AW_GROUP_YOUNG,	  /* 8 to 24 */
	AW_GROUP_FAMILY,  /* heads of families with children, or with low income */
	AW_GROUP_ANYBODY, /* 15 and older */
	AW_GROUPS
};

/* What is known of a person while planning. */
struct aw_demo_trail {
	uint32_t last_case;  /* protective; AW_DEMO_NOBODY */
	uint32_t last_issue; /* valid protective; AW_DEMO_NOBODY */
	uint8_t years_open;  /* bit a period: counted as an opened child */
};

struct aw_demo_planner {
	struct aw_arena *arena;
	struct aw_demo_plan *plan;
	const struct aw_demo_city *city;
	struct aw_random random;
	double scale;
	size_t report_room, issue_room, case_room;
	size_t report_n, issue_n, case_n;
	struct aw_demo_list lists[AW_GROUPS][AW_DEMO_DISTRICTS];
	bool *used;		     /* by household */
	bool *served;		     /* by household: has a vulnerable case */
	struct aw_demo_trail *trail; /* by person */
	bool anybody_again;	     /* households may be used twice (additional reports) */
	uint32_t fallbacks;
};

/* -- plan_people.c: who -------------------------------------------------------------------- */

void aw_demo_lists_make(struct aw_demo_planner *p);
/* A chosen household: subjects, and who did it. */
struct aw_demo_pick {
	uint32_t subjects[AW_DEMO_SIBLINGS];
	uint32_t subject_count;
	uint32_t respondent;
};
/** People with no history for a slot; false if the district has none left. */
bool aw_demo_pick_fresh(
	struct aw_demo_planner *p, const struct aw_demo_slot *slot, struct aw_demo_pick *ret);
/** Somebody with the slot's history; false if there is nobody. recent: the earlier issue must
 *  lie within 365 days, if such a person can be found. */
bool aw_demo_pick_again(struct aw_demo_planner *p, const struct aw_demo_slot *slot, bool recent,
	struct aw_demo_pick *ret);
/** Somebody of a served family that fits the slot's kind. */
bool aw_demo_pick_served(
	struct aw_demo_planner *p, const struct aw_demo_slot *slot, struct aw_demo_pick *ret);
/** True if the person could be the subject of such an issue on that day. */
bool
aw_demo_fits(const struct aw_demo_planner *p, enum aw_demo_kind kind, uint32_t person, int32_t day);
uint32_t aw_demo_respondent_of(
	struct aw_demo_planner *p, enum aw_demo_kind kind, uint32_t subject, int32_t day);

/* -- plan_course.c: when and how it goes on ---------------------------------------------------- */

/** Adds a report and its issues (valid, outcome open) with all its times. Returns the report. */
uint32_t aw_demo_course_report(struct aw_demo_planner *p, const struct aw_demo_slot *slot,
	const struct aw_demo_pick *pick);
/** Decides an issue; Y and S open a case or join the subject's open one of that kind. */
void aw_demo_course_decide(struct aw_demo_planner *p, uint32_t issue, char outcome);
/** A case with no report behind it. */
uint32_t aw_demo_course_found(
	struct aw_demo_planner *p, uint32_t person, enum aw_demo_kind kind, int64_t at);
/** A random moment of a day span, by the hours in which reports come in. */
int64_t aw_demo_moment(struct aw_random *random, int32_t from_day, int32_t to_day);
/** The next moment of office hours at least so many minutes later. */
int64_t aw_demo_office(struct aw_random *random, int64_t from, int64_t least, int64_t most);
/** The next moment of duty hours (08:00 to 21:30, every day). */
int64_t aw_demo_duty(struct aw_random *random, int64_t from, int64_t least, int64_t most);

/* -- plan_slots.c: the slots of a period --------------------------------------------------------- */

struct aw_demo_slots {
	struct aw_demo_slot *at;
	size_t count, room;
};
uint32_t aw_demo_scaled(const struct aw_demo_planner *p, uint32_t count);
int32_t aw_demo_from_day(const struct aw_demo_target *target);
int32_t aw_demo_to_day(const struct aw_demo_target *target);
/** Vulnerable and suicide reports of a period, by time. */
void aw_demo_slots_plain(struct aw_demo_planner *p, const struct aw_demo_target *target,
	enum aw_demo_kind kind, uint32_t count, struct aw_demo_slots *ret);
/** Protective reports of a period with district, history and served family, by time. */
void aw_demo_slots_protective(
	struct aw_demo_planner *p, const struct aw_demo_target *target, struct aw_demo_slots *ret);
void aw_demo_slots_sort(struct aw_demo_slots *slots);

/* -- plan_live.c: the last days ------------------------------------------------------------------- */

void aw_demo_plan_live(struct aw_demo_planner *p);

#endif
