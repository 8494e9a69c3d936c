/* The page of rules with what people changed, and the cases behind a number. */
#include "city/desk/override_pages.h"

#include "../citytest.h"
#include "../pagetest.h"
#include "city/triage/triage.h"

static json_t *
shown(struct citytest *city, const char *login, struct request r)
{
	struct aw_error err = { 0 };

	assert_ok(city_as(city, login, handle, &r, &err));
	return r.page;
}

static enum aw_status
raise_level(struct aw_act *act, void *arg, struct aw_error *err)
{
	const char *number = arg;
	struct aw_triage_change change = { .level = "high" };
	struct aw_decision decision, made;
	struct aw_report report;
	bool found;

	if (aw_report_by_number(act, number, AW_REPORT_PLAIN, &report, err) != AW_OK ||
		aw_triage_get(act, report.id, &decision, &found, err) != AW_OK)
		return err->status;
	return aw_triage_override(act, decision.id, &change,
		act->policy->reasons[AW_REASONS_EDIT][0].code, "現場看過", &made, err);
}

/* The rule of a table that was changed most. */
static json_t *
changed_rule(json_t *page, const char *aspect, int64_t *ret_changed)
{
	json_t *found = NULL, *table, *rule;
	size_t i, k;

	*ret_changed = -1;
	json_array_foreach(json_object_get(page, "tables"), i, table)
	{
		if (!aw_text_eq(aw_json_string(table, "aspect"), aspect))
			continue;
		json_array_foreach(json_object_get(table, "rules"), k, rule)
		{
			int64_t changed = 0;

			assert_true(aw_json_int(rule, "changed", &changed));
			if (changed <= *ret_changed)
				continue;
			*ret_changed = changed;
			found = rule;
		}
	}
	assert_non_null(found);
	return found;
}

static int
setup(void **state)
{
	static const struct city_account accounts[] = {
		{ "screener", "centre", "screener", "screening" },
		{ "planner", "social_affairs", "planner", "planning" },
		{ "reviewer", "centre", "dispatch_reviewer", "screening" },
		{ "mental_worker", "mental_health", "worker", "casework" },
	};

	city_start(state, "keelung", accounts, AW_COUNT(accounts));
	return 0;
}

static void
a_figure_opens_to_its_cases(void **state)
{
	struct citytest *city = *state;
	const char *number = city_partner_report(city, 3);
	struct request all = { .handler = aw_overrides_show, .type = &aw_overrides_view };
	struct request cases = { .handler = aw_override_cases_show,
		.type = &aw_override_cases_view };
	struct aw_error err = { 0 };
	const json_t *rule, *row;
	int64_t changed, n = 0;
	json_t *page;

	(void)city_partner_report(city, 3);
	page = shown(city, "reviewer", all);
	rule = changed_rule(page, "level", &changed);
	assert_int_equal(changed, 0);
	assert_null(aw_json_string(rule, "link")); /* nothing to open */

	assert_ok(city_as(city, "screener", raise_level, (void *)(uintptr_t)number, &err));
	page = shown(city, "reviewer", all);
	rule = changed_rule(page, "level", &changed);
	assert_int_equal(changed, 1);
	assert_true(aw_json_int(rule, "rate", &n));
	assert_int_equal(n, 5000); /* one of two */
	assert_non_null(strstr(aw_json_string(rule, "link"), "table=tipvda"));
	(void)changed_rule(page, "lead", &changed);
	assert_int_equal(changed, 0);

	assert_true(aw_json_int(rule, "rule", &n));
	cases.values[0] = (struct aw_form_value){ "table", "tipvda" };
	cases.values[1] = (struct aw_form_value){ "rule",
		aw_arena_printf(&city->arena, "%lld", (long long)n) };
	cases.value_count = 2;
	page = shown(city, "planner", cases);
	assert_int_equal(json_array_size(json_object_get(page, "cases")), 1);
	row = json_array_get(json_object_get(page, "cases"), 0);
	assert_string_equal(aw_json_string(row, "number"), number);
	assert_non_null(aw_json_string(row, "reason"));
	assert_string_not_equal(aw_json_string(row, "before"), aw_json_string(row, "now"));

	/* a unit that has nothing to do with it is not told which report it is */
	page = shown(city, "mental_worker", cases);
	row = json_array_get(json_object_get(page, "cases"), 0);
	assert_null(aw_json_string(row, "number"));
	assert_null(aw_json_string(row, "link"));
	assert_null(aw_json_string(row, "now"));
}

static void
no_table_has_no_cases(void **state)
{
	json_t *page = shown(*state, "reviewer",
		(struct request){
			.handler = aw_override_cases_show, .type = &aw_override_cases_view });

	assert_int_equal(json_array_size(json_object_get(page, "cases")), 0);
}

AW_TESTS(cmocka_unit_test_setup_teardown(a_figure_opens_to_its_cases, setup, city_teardown),
	cmocka_unit_test_setup_teardown(no_table_has_no_cases, setup, city_teardown))
