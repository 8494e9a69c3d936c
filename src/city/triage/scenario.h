/**
 * city/triage/scenario - the policy's own tests: given these facts, expect this decision.
 * Layer: city, room triage.  Threads: any; nothing is kept.  Example: tests/city/triage/test_scenario.c
 *
 * scenarios/triage.yaml and any other scenarios/triage*.yaml hold
 *
 *	scenarios:
 *	  - name: 九歲男童瘀青，妹妹在場，90日內第3次
 *	    facts: {kind: child_protection, subject_age: 9, young_child_present: true, tipvda: 5..7}
 *	    expect: {level: second, child_class: first, priority: urgent, lead: dv_child,
 *	      co: [school, mental_health/respondent], not_co: [police_station], immediate: false,
 *	      may_rise: true, first_contact: 24 hours}
 *
 * A fact that is left out is unknown. Expectations are written by a person, not copied from a run.
 * A fact that the model does not ask for, and a code that no form can give, are mistakes.
 */
#ifndef AW_CITY_TRIAGE_SCENARIO_H
#define AW_CITY_TRIAGE_SCENARIO_H

#include "city/triage/triage.h"
#include "policy/policy.h"

/* A rule of a decision table that no scenario makes fire. */
struct aw_untried {
	const char *decision; /* what people call it */
	size_t rule;	      /* from 1 */
	uint32_t line;	      /* of the model's file */
};

struct aw_scenarios {
	const char *model; /* path of the model that was run; NULL: none is in force */
	size_t count;	   /* that were run */
	size_t rules;	   /* of the model, in all its tables */
	struct aw_untried *untried;
	size_t untried_count, untried_room;
};

/** Adds a fact as a scenario says it. */
void
aw_scenario_fact(struct aw_triage_facts *facts, const char *name, const struct aw_yaml_node *node);
/** Runs every scenario of a policy against the model in force on `day`; what does not come out as
 *  expected is a mistake at the scenario's line. *ret_ran lives in the mistakes' arena. */
void aw_triage_scenarios(const struct aw_policy *policy, int32_t day, struct aw_mistakes *mistakes,
	struct aw_scenarios *ret_ran);

#endif
