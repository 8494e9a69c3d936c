/* tests/demo/words - every report of the plan is one that intake takes as it is. */
#include "../testing.h"

#include "demo/words.h"

static struct aw_policy *
keelung(struct aw_arena *arena)
{
	struct aw_error err = { 0 };
	struct aw_policy *policy;

	assert_ok(aw_policy_load_dir(
		aw_arena_printf(arena, "%s/policy/keelung", source_dir()), NULL, &policy, &err));
	return policy;
}

static struct aw_demo_plan *
plan_of(struct aw_arena *arena)
{
	struct aw_demo_plan_options options = { 6, 0.2, 1 };

	return aw_demo_plan_make(arena, aw_demo_city_make(arena, 6, 0.2), &options);
}

static void
no_report_is_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena);
	struct aw_policy *policy = keelung(&arena);
	uint32_t kinds[AW_DEMO_KINDS] = { 0 };

	(void)state;
	for (uint32_t i = 0; i < plan->report_count; i++) {
		AW_SCOPE(aw_arena) one = { 0 };
		struct aw_report_problems problems = { 0 }, warnings = { 0 };
		struct aw_demo_words words;
		aw_demo_words_report(&one, plan, policy, i, &words);
		aw_report_check(policy, &one, plan->reports[i].received_at, true, &words.in,
			&problems, &warnings);
		if (problems.count != 0)
			fail_msg("report %u of kind %s: %s %s", i, words.in.kind,
				problems.at[0].field, problems.at[0].message);
		kinds[plan->reports[i].kind]++;
		json_decref(words.answers);
	}
	for (int i = 0; i < AW_DEMO_KINDS; i++)
		assert_true(kinds[i] > 0);
	aw_policy_free(policy);
}

static void
subjects_stand_first_and_the_truth_is_kept(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena);
	struct aw_policy *policy = keelung(&arena);
	uint32_t without_number = 0, respondents = 0;

	(void)state;
	for (uint32_t i = 0; i < plan->report_count; i++) {
		const struct aw_demo_report *r = &plan->reports[i];
		AW_SCOPE(aw_arena) one = { 0 };
		struct aw_demo_words words;
		aw_demo_words_report(&one, plan, policy, i, &words);
		assert_true(words.in.person_count >= r->issue_count);
		for (uint32_t k = 0; k < r->issue_count; k++)
			assert_int_equal(words.who[k], plan->issues[r->first_issue + k].subject);
		without_number += words.persons[0].national_id == NULL;
		for (size_t k = 0; k < words.in.person_count; k++)
			respondents +=
				words.who[k] != AW_DEMO_NOBODY && words.who[k] == r->respondent;
		json_decref(words.answers);
	}
	assert_in_range(without_number, plan->report_count / 4, plan->report_count * 6 / 10);
	assert_true(respondents > plan->report_count / 4);
	aw_policy_free(policy);
}

static void
the_same_report_has_the_same_words(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena);
	struct aw_policy *policy = keelung(&arena);

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		struct aw_demo_words a, b;
		aw_demo_words_report(&arena, plan, policy, i, &a);
		aw_demo_words_report(&arena, plan, policy, i, &b);
		assert_string_equal(a.in.incident.narrative, b.in.incident.narrative);
		assert_string_equal(a.persons[0].name, b.persons[0].name);
		assert_true(json_equal(a.answers, b.answers));
		json_decref(a.answers);
		json_decref(b.answers);
	}
	aw_policy_free(policy);
}

AW_TESTS(cmocka_unit_test(no_report_is_refused),
	cmocka_unit_test(subjects_stand_first_and_the_truth_is_kept),
	cmocka_unit_test(the_same_report_has_the_same_words))
