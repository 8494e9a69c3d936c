/**
 * demo/household - composes one household: who lives in it, how old, and how they are related.
 * Layer: demo.  Threads: pure over the caller's random.  Example: tests/demo/test_population.c
 */
#ifndef AW_DEMO_HOUSEHOLD_H
#define AW_DEMO_HOUSEHOLD_H

#include "demo/population.h"

enum { AW_DEMO_HOUSEHOLD_MOST = 12 };

enum aw_demo_home {
	AW_HOME_SINGLE,
	AW_HOME_ELDER_ALONE,
	AW_HOME_ELDER_COUPLE,
	AW_HOME_COUPLE,
	AW_HOME_NUCLEAR,
	AW_HOME_SINGLE_PARENT,
	AW_HOME_THREE_GENERATIONS,
	AW_HOME_SKIPPED_GENERATION,
	AW_HOME_ADULT_CHILD,
	AW_HOME_LATE_FAMILY,
	AW_HOME_SIBLINGS,
	AW_HOME_COUNT
};

/** How often homes of a kind stand, in parts of all the kinds' weights: assumed, see population.c. */
unsigned aw_demo_home_weight(enum aw_demo_home home);

/* Where the composer writes: members stand one behind the other, older generations first;
 * relations are indexes into `at`, to be shifted by the caller. */
struct aw_demo_draft {
	struct aw_random *random;
	int32_t as_of_day;
	struct aw_demo_person at[AW_DEMO_HOUSEHOLD_MOST];
	uint32_t count;
};

/** Fills draft->at with sex, role, birth day, relations and twins. */
void aw_demo_household_compose(struct aw_demo_draft *draft, enum aw_demo_home home);

#endif
