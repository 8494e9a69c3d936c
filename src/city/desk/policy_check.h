/**
 * city/desk/policy_check - everything that is looked at before a policy may decide.
 * Layer: city, room desk.  Threads: any; a policy is constant.  Example: tests/cli/test_policy.c
 *
 * What loading a policy already found is not looked for again: mappings, registers and indicators are
 * read by their rooms, each decision table is searched for gaps, overlaps and rules that can never fire,
 * the policy's own scenarios are run, and a rule that none of them makes fire is a mistake.
 */
#ifndef AW_CITY_DESK_POLICY_CHECK_H
#define AW_CITY_DESK_POLICY_CHECK_H

#include "city/triage/scenario.h"

struct aw_policy_checked {
	struct aw_scenarios scenarios;
	size_t registers;
};

/** Every mistake goes to mistakes, in whose arena *ret_checked lives. Scenarios run by the model in force on
 *  `day`. Cost: about 0.2 s for Keelung's tables. */
void aw_policy_check(const struct aw_policy *policy, int32_t day, struct aw_mistakes *mistakes,
	struct aw_policy_checked *ret_checked);

#endif
