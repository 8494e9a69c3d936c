/**
 * city/indicator/fairness - how grave and to whom, by who it is about: the program's decisions of a year.
 * Layer: city, room indicator.  Threads: as the act.  Example: tests/city/indicator/test_fairness.c
 *
 * Counted from the decisions as they were made and the facts that they were made from. A group of few people
 * is put together with other small ones, and small cells are hidden with as many more as it takes
 * (suppress.h). Tables are of whole years that have ended, and of all kinds together: tables of
 * overlapping parts could be subtracted from each other.
 * Levels of different scales are counted by their place: the gravest of its scale, the next, and so on.
 */
#ifndef AW_CITY_INDICATOR_FAIRNESS_H
#define AW_CITY_INDICATOR_FAIRNESS_H

#include "city/indicator/suppress.h"
#include "guard/act.h"
#include "policy/policy.h"
#include "text/roc.h"

#define AW_FAIRNESS_FILE "indicators/fairness.yaml"

enum aw_fair_by {
	AW_FAIR_SEX,
	AW_FAIR_AGE,
	AW_FAIR_DISTRICT,
	AW_FAIR_INDIGENOUS,
	AW_FAIR_NEW_IMMIGRANT,
	AW_FAIR_BY_COUNT
};
enum aw_fair_of { AW_FAIR_LEVEL, AW_FAIR_UNIT, AW_FAIR_OF_COUNT };
/** "sex", "age", "district", "indigenous", "new_immigrant"; "level", "unit". */
const char *aw_fair_by_code(enum aw_fair_by by);
const char *aw_fair_of_code(enum aw_fair_of of);

enum { AW_FAIR_COLUMNS = 5 };

struct aw_fair_group {
	const char *
		code; /* F, M; 6 (from that age); a district's; yes, no; "": not known; "*": put together */
	struct aw_label label;
	int64_t total;
	int64_t cells[AW_FAIR_COLUMNS];
	bool hidden[AW_FAIR_COLUMNS]; /* then the cell is not to be shown */
};

struct aw_fairness {
	int64_t least;	       /* smaller counts are hidden */
	int64_t total;	       /* decisions; 0 also when they are too few to show anything */
	struct aw_label title; /* of what is counted */
	const char *
		columns[AW_FAIR_COLUMNS]; /* level: 1, 2, 3, none; unit: types; "*": put together */
	struct aw_label column_labels[AW_FAIR_COLUMNS];
	int64_t column_totals[AW_FAIR_COLUMNS];
	size_t column_count;
	struct aw_fair_group *groups;
	size_t group_count;
	bool any_hidden;
};

/** Reads in the act's snapshot; the result lives in its arena. Errors: AW_INVALID with the first mistake of
 *  indicators/fairness.yaml, AW_NOT_FOUND when the policy has none. Cost: about 40 us a decision. */
AW_MUST_CHECK enum aw_status
aw_fairness_count(struct aw_act *act, struct aw_period year, enum aw_fair_by by, enum aw_fair_of of,
	struct aw_fairness *ret_fairness, struct aw_error *err);

/** Notes every mistake in indicators/fairness.yaml, for `anwang policy check`. */
void aw_fairness_check(
	const struct aw_policy *policy, struct aw_arena *arena, struct aw_mistakes *mistakes);

#endif
