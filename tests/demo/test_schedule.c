/* tests/demo/schedule - acts stand in the order the rooms demand, and none lies in the future. */
#include "../testing.h"

#include "demo/schedule.h"

static struct aw_demo_plan *
plan_of(struct aw_arena *arena)
{
	struct aw_demo_plan_options options = { 6, 0.2, 1 };

	return aw_demo_plan_make(arena, aw_demo_city_make(arena, 6, 0.2), &options);
}

static void
time_only_goes_forward_and_stops_at_the_first_morning(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena);
	struct aw_demo_schedule schedule;

	(void)state;
	aw_demo_schedule(&arena, plan, &schedule);
	assert_true(schedule.count > 10 * plan->report_count);
	for (size_t i = 0; i < schedule.count; i++) {
		assert_true(schedule.steps[i].at <= plan->now_ms);
		assert_true(i == 0 || schedule.steps[i - 1].at <= schedule.steps[i].at);
	}
}

/* What must have been done to a report before an act; 0 = nothing. */
static const uint32_t before[AW_ACTS] = {
	[AW_ACT_CLAIM] = 1U << AW_ACT_RECEIVE,
	[AW_ACT_SUBMIT] = 1U << AW_ACT_CLAIM,
	[AW_ACT_URGENT] = 1U << AW_ACT_CLAIM,
	[AW_ACT_RETURN] = 1U << AW_ACT_REVIEW,
	[AW_ACT_REDIRECT] = 1U << AW_ACT_RETURN,
	[AW_ACT_DISPUTE] = 1U << AW_ACT_RETURN,
	[AW_ACT_ASSIGN] = 1U << AW_ACT_ACCEPT,
	[AW_ACT_CO_ACCEPT] = 1U << AW_ACT_ACCEPT,
	[AW_ACT_MISSED] = 1U << AW_ACT_ASSIGN,
	[AW_ACT_CONTACT] = 1U << AW_ACT_ASSIGN,
	[AW_ACT_ASSESS] = 1U << AW_ACT_CONTACT,
	[AW_ACT_CO_FINISH] = 1U << AW_ACT_ASSESS,
};

static void
every_act_of_a_report_comes_after_what_it_needs(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena);
	struct aw_demo_schedule schedule;
	uint32_t *done = AW_NEW_ARRAY(&arena, uint32_t, plan->report_count);
	uint32_t decided = 0;

	(void)state;
	aw_demo_schedule(&arena, plan, &schedule);
	for (size_t i = 0; i < schedule.count; i++) {
		const struct aw_demo_step *step = &schedule.steps[i];
		if (step->act < AW_ACT_DECIDE) {
			if ((done[step->ref] & before[step->act]) != before[step->act])
				fail_msg("%s too early",
					aw_demo_act_name((enum aw_demo_act)step->act));
			if (step->act == AW_ACT_REVIEW || step->act == AW_ACT_ACCEPT)
				assert_true((done[step->ref] & (1U << AW_ACT_SUBMIT |
								       1U << AW_ACT_URGENT)) != 0);
			done[step->ref] |= 1U << step->act;
		} else if (step->act == AW_ACT_DECIDE) {
			assert_true(
				(done[plan->issues[step->ref].report] & 1U << AW_ACT_ASSESS) != 0);
			decided++;
		}
	}
	assert_true(decided > plan->report_count / 2);
}

static void
a_case_is_worked_between_its_opening_and_its_closing(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena);
	struct aw_demo_schedule schedule;
	bool *asked = AW_NEW_ARRAY(&arena, bool, plan->case_count);
	bool *closed = AW_NEW_ARRAY(&arena, bool, plan->case_count);
	uint32_t visits = 0;

	(void)state;
	aw_demo_schedule(&arena, plan, &schedule);
	for (size_t i = 0; i < schedule.count; i++) {
		const struct aw_demo_step *step = &schedule.steps[i];
		if (step->act < AW_ACT_FOUND)
			continue;
		assert_true(step->at >= plan->cases[step->ref].opened_at);
		assert_false(closed[step->ref]);
		if (step->act == AW_ACT_GOAL || step->act == AW_ACT_VISIT)
			assert_false(asked[step->ref]);
		asked[step->ref] = asked[step->ref] || step->act == AW_ACT_CLOSE_ASK;
		closed[step->ref] = closed[step->ref] || step->act == AW_ACT_CLOSE;
		visits += step->act == AW_ACT_VISIT;
	}
	assert_true(visits > plan->case_count);
}

AW_TESTS(cmocka_unit_test(time_only_goes_forward_and_stops_at_the_first_morning),
	cmocka_unit_test(every_act_of_a_report_comes_after_what_it_needs),
	cmocka_unit_test(a_case_is_worked_between_its_opening_and_its_closing))
