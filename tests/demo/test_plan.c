/* tests/demo/plan - the published counts come out by counting the plan's events, for every seed. */
#include "../testing.h"

#include "counter.h"
#include "demo/target.h"

#define assert_counted(call, n, d)                                                                 \
	do {                                                                                       \
		struct counted c_ = (call);                                                        \
		assert_int_equal(c_.numerator, (n));                                               \
		assert_int_equal(c_.denominator, (d));                                             \
	} while (0)

static struct span
year(int32_t roc)
{
	return span_of(roc + 1911, 1, 1, roc + 1911, 12, 31);
}

static struct span
half_110(void)
{
	return span_of(2021, 1, 1, 2021, 6, 30);
}

static struct aw_demo_plan *
make(struct aw_arena *arena, uint64_t seed, double scale, double reports)
{
	struct aw_demo_plan_options options = { seed, scale, reports };

	return aw_demo_plan_make(arena, aw_demo_city_make(arena, seed, scale), &options);
}

/* The city of `make run`, made once for all tests that look at it. */
static struct aw_demo_plan *
whole(void)
{
	static struct aw_arena arena;
	static struct aw_demo_plan *plan;

	if (plan == NULL)
		plan = make(&arena, 20211206, 1, 1);
	return plan;
}

static void
check_published(const struct aw_demo_plan *plan)
{
	uint32_t by_child;

	assert_int_equal(plan->fallbacks, 0);
	assert_counted(count_within_24_hours(plan, year(108)), 773, 798);
	assert_counted(count_within_24_hours(plan, year(109)), 1011, 1011);
	assert_counted(count_re_reports(plan, year(108), -1), 169, 1460);
	assert_counted(count_re_reports(plan, year(109), -1), 121, 1757);
	assert_counted(count_children_opened(plan, year(108)), 135, 385);
	assert_counted(count_children_opened(plan, year(109)), 198, 408);
	assert_counted(count_adults_opened(plan, year(108)), 597, 862);
	assert_counted(count_adults_opened(plan, year(109)), 651, 1017);
	assert_counted(count_served_reported(plan, half_110(), &by_child), 12, 229);
	assert_int_equal(by_child, 11);
	assert_counted(count_re_reports(plan, half_110(), -1), 93, 1344);
	assert_counted(count_earlier_issue(plan, half_110()), 126, 1344);
}

/* Everything that must hold of one report, whatever the counts. */
static void
check_report(const struct aw_demo_plan *plan, const struct aw_demo_report *r)
{
	bool any_valid = false;

	assert_true(r->received_at < plan->now_ms);
	assert_true(r->claimed_at > r->received_at && r->submitted_at >= r->claimed_at);
	for (uint32_t i = r->first_issue; i < r->first_issue + r->issue_count; i++) {
		const struct aw_demo_issue *issue = &plan->issues[i];
		any_valid = any_valid || issue->result == AW_DEMO_VALID;
		assert_int_equal(issue->report, r - plan->reports);
		if (issue->subject == AW_DEMO_NOBODY) {
			assert_int_not_equal(issue->result, AW_DEMO_VALID);
			continue;
		}
		assert_true(plan->city->people[issue->subject].birth_day <
			    aw_taipei_day(r->received_at));
		assert_int_equal(plan->city->people[issue->subject].household, r->household);
		assert_int_not_equal(issue->subject, r->respondent);
		if (issue->kind == AW_DEMO_CHILD_PROTECTION && issue->result == AW_DEMO_VALID)
			assert_true(aw_demo_age(plan->city, issue->subject,
					    aw_taipei_day(r->received_at)) < 18);
	}
	if (!any_valid) {
		assert_int_equal(r->dispatched_at, 0);
		return;
	}
	assert_true(r->dispatched_at >= r->submitted_at && r->reviewed_at >= r->dispatched_at);
	assert_true(r->accepted_at >= r->dispatched_at && r->assigned_at >= r->accepted_at);
	if (r->live)
		return;
	assert_true(r->accepted_at > r->dispatched_at && r->contact_at > r->assigned_at);
	assert_true(plan->issues[r->first_issue].decided_at > r->contact_at);
}

static void
the_published_counts_hold_for_two_seeds_with_other_people(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *a = whole(), *b = make(&arena, 7, 1, 1);
	uint32_t same = 0;

	(void)state;
	check_published(a);
	check_published(b);
	for (uint32_t i = 0; i < 1000; i++) {
		const struct aw_demo_person *x = &a->city->people[a->cases[i].subject];
		const struct aw_demo_person *y = &b->city->people[b->cases[i].subject];
		same += strcmp(x->national_id, y->national_id) == 0;
	}
	assert_true(same < 5);
	for (uint32_t i = 0; i < a->report_count; i++)
		check_report(a, &a->reports[i]);
	for (uint32_t i = 1; i < a->report_count; i++)
		assert_true(a->reports[a->order[i - 1]].received_at <=
			    a->reports[a->order[i]].received_at);
}

static void
late_dispatches_and_invalid_reports_are_as_many_as_targeted(void **state)
{
	struct aw_demo_plan *plan = whole();
	uint32_t late[5] = { 0 }, invalid[5] = { 0 }, all[5] = { 0 }, reclassified = 0;

	(void)state;
	for (uint32_t i = 0; i < plan->report_count; i++) {
		const struct aw_demo_report *r = &plan->reports[i];
		int32_t at = aw_date_of_day(aw_taipei_day(r->received_at)).year - 2018;
		all[at]++;
		invalid[at] += plan->issues[r->first_issue].result != AW_DEMO_VALID;
		reclassified += r->kind != plan->issues[r->first_issue].kind;
		if (!r->live)
			late[at] += r->dispatched_at - r->received_at > 24 * AW_HOUR_MS;
	}
	assert_int_equal(late[1], 25);
	assert_int_equal(late[0] + late[2] + late[3], 0);
	for (int i = 0; i < 4; i++)
		assert_in_range(100 * invalid[i] / (all[i] - invalid[i]), 25, 35);
	assert_in_range(all[1], 2800, 3500);
	assert_true(reclassified > 40);
}

static void
districts_add_up_to_the_city(void **state)
{
	struct aw_demo_plan *plan = whole();
	uint32_t numerators = 0;

	(void)state;
	for (int d = 0; d < AW_DEMO_DISTRICTS; d++) {
		struct counted c = count_re_reports(plan, half_110(), d);
		assert_int_equal(c.denominator, aw_demo_issue_share[d]);
		assert_int_equal(c.numerator, aw_demo_re_report_share[d]);
		numerators += c.numerator;
	}
	assert_int_equal(numerators, 93);
}

static void
nobody_has_two_open_cases_of_protection_at_once(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = make(&arena, 5, 0.3, 1);
	int64_t *until = aw_arena_array(&arena, plan->city->people_count, sizeof(*until));

	(void)state;
	/* Cases stand in the order of their opening for one person. */
	for (uint32_t i = 0; i < plan->case_count; i++) {
		const struct aw_demo_case *c = &plan->cases[i];
		assert_true(c->closed_at > c->opened_at);
		if (c->kind > AW_DEMO_EXPLOITATION)
			continue;
		assert_true(c->opened_at >= until[c->subject]);
		until[c->subject] = c->closed_at;
	}
}

static void
every_column_of_the_board_has_something_in_it(void **state)
{
	struct aw_demo_plan *plan = whole();
	uint32_t stages[AW_STAGE_ASSIGNED + 1] = { 0 };

	(void)state;
	for (uint32_t i = 0; i < plan->report_count; i++)
		stages[plan->reports[i].stage] += plan->reports[i].live;
	for (int i = AW_STAGE_WAITING; i <= AW_STAGE_ASSIGNED; i++)
		assert_true(stages[i] > 0);
}

static void
the_same_seed_gives_the_same_bytes(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *a = make(&arena, 5, 0.1, 1), *b = make(&arena, 5, 0.1, 1);

	(void)state;
	assert_int_equal(a->report_count, b->report_count);
	assert_int_equal(a->issue_count, b->issue_count);
	assert_int_equal(a->case_count, b->case_count);
	assert_memory_equal(a->reports, b->reports, a->report_count * sizeof(*a->reports));
	assert_memory_equal(a->issues, b->issues, a->issue_count * sizeof(*a->issues));
	assert_memory_equal(a->cases, b->cases, a->case_count * sizeof(*a->cases));
	assert_memory_equal(a->order, b->order, a->report_count * sizeof(*a->order));
}

static void
more_reports_come_after_the_published_ones_and_change_no_count(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *one = whole();
	struct aw_demo_plan *three = make(&arena, 20211206, 1, 3);

	(void)state;
	check_published(three);
	assert_in_range(three->report_count, one->report_count * 29 / 10, one->report_count * 3);
}

/* A city that is not of Keelung's size has no published counts: there they spread over all its years. */
static void
more_reports_of_another_size_come_in_all_years(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *one = make(&arena, 20211206, 0.2, 1);
	struct aw_demo_plan *three = make(&arena, 20211206, 0.2, 3);
	struct aw_demo_plan *plans[2] = { one, three };
	uint32_t by_year[2][4] = { 0 };

	(void)state;
	for (int n = 0; n < 2; n++)
		for (uint32_t i = 0; i < plans[n]->report_count; i++) {
			int64_t at = plans[n]->reports[i].received_at;
			by_year[n][aw_date_of_day(aw_taipei_day(at)).year - 2018]++;
		}
	for (int i = 0; i < 4; i++)
		assert_in_range(by_year[1][i] - by_year[0][i], one->report_count * 46 / 100,
			one->report_count * 54 / 100);
}

/* The house refuses to find somebody whom it serves. */
static void
nobody_is_found_whose_case_more_reports_have_opened(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_demo_plan *plan = make(&arena, 20211206, 0.2, 10);
	bool *found = AW_NEW_ARRAY(&arena, bool, plan->city->people_count);
	uint32_t seen = 0, again = 0;

	(void)state;
	for (uint32_t i = 0; i < plan->case_count; i++)
		if (plan->cases[i].issue == AW_DEMO_NOBODY)
			found[plan->cases[i].subject] = ++seen != 0;
	for (uint32_t i = 0; i < plan->case_count; i++)
		again += plan->cases[i].issue != AW_DEMO_NOBODY && found[plan->cases[i].subject];
	assert_true(seen > 10);
	assert_int_equal(again, 0);
}

AW_TESTS(cmocka_unit_test(the_published_counts_hold_for_two_seeds_with_other_people),
	cmocka_unit_test(late_dispatches_and_invalid_reports_are_as_many_as_targeted),
	cmocka_unit_test(districts_add_up_to_the_city),
	cmocka_unit_test(nobody_has_two_open_cases_of_protection_at_once),
	cmocka_unit_test(every_column_of_the_board_has_something_in_it),
	cmocka_unit_test(the_same_seed_gives_the_same_bytes),
	cmocka_unit_test(more_reports_come_after_the_published_ones_and_change_no_count),
	cmocka_unit_test(more_reports_of_another_size_come_in_all_years),
	cmocka_unit_test(nobody_is_found_whose_case_more_reports_have_opened))
