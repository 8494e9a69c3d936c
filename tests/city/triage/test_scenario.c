/* city/triage: each city's scenarios, and what the pure part keeps of a case */
#include "../../testing.h"
#include "city/triage/scenario.h"
#include "city/triage/triage.h"
#include "rule/model.h"

struct city {
	struct aw_arena arena;
	struct aw_policy *policy;
	const struct aw_dmn_model *model;
	int32_t day;
};

static const char *const cities[] = { "keelung", "kaohsiung", "new-taipei" };

static void
set_up_city(struct city *c, const char *folder)
{
	struct aw_error err = { 0 };
	const char *dir;

	memset(c, 0, sizeof(*c));
	dir = aw_arena_printf(&c->arena, "%s/policy/%s", source_dir(), folder);
	assert_ok(aw_policy_load_dir(dir, NULL, &c->policy, &err));
	c->day = aw_day_of_date((struct aw_date){ 2021, 12, 6 });
	assert_non_null(aw_policy_triage(c->policy, c->day));
	c->model = aw_policy_triage(c->policy, c->day)->model;
}

static void
set_up(struct city *c)
{
	set_up_city(c, "keelung");
}

static void
tear_down(struct city *c)
{
	aw_policy_free(c->policy);
	aw_arena_done(&c->arena);
}

static void
every_scenario_of_a_city_comes_out_as_expected_in(const char *folder)
{
	struct city c;
	struct aw_mistakes mistakes = { 0 };
	struct aw_scenarios ran;

	set_up_city(&c, folder);
	mistakes.arena = &c.arena;
	aw_triage_scenarios(c.policy, c.day, &mistakes, &ran);
	for (size_t i = 0; i < mistakes.count; i++)
		print_message("# %s:%u %s\n", mistakes.at[i].file, mistakes.at[i].line,
			mistakes.at[i].text);
	assert_int_equal(mistakes.count, 0);
	assert_true(ran.count >= 30);
	tear_down(&c);
}

static void
every_scenario_of_a_city_comes_out_as_expected(void **state)
{
	(void)state;
	for (size_t i = 0; i < AW_COUNT(cities); i++)
		every_scenario_of_a_city_comes_out_as_expected_in(cities[i]);
}

/* Runs a text as the only scenarios of Keelung's policy. */
static void
run_text(struct city *c, const char *text, struct aw_mistakes *mistakes, struct aw_scenarios *ran)
{
	const char *path = "scenarios/triage-text.yaml";
	struct aw_policy_file file = { .path = path, .from = path, .text = aw_str(text) };
	struct aw_policy other = *c->policy;

	other.files = &file;
	other.file_count = 1;
	mistakes->arena = &c->arena;
	aw_triage_scenarios(&other, c->day, mistakes, ran);
}

static void
a_scenario_that_comes_out_otherwise_is_named_with_its_line(void **state)
{
	static const char text[] =
		"scenarios:\n"
		"  - name: wrong\n"
		"    facts: {kind: suicide, suicide_class: attempt}\n"
		"    expect: {level: low, co: [school], immediate: false, not_a_key: 1}\n"
		"  - name: empty\n"
		"    facts: {kind: suicide}\n"
		"    expect: {}\n";
	struct city c;
	struct aw_mistakes mistakes = { 0 };
	struct aw_scenarios ran;

	(void)state;
	set_up(&c);
	run_text(&c, text, &mistakes, &ran);
	assert_int_equal(ran.count, 2);
	assert_int_equal(mistakes.count, 5);
	assert_string_equal(mistakes.at[0].text, "wrong: level came out high, not low");
	assert_int_equal(mistakes.at[0].line, 4);
	assert_string_equal(mistakes.at[1].text, "wrong: immediate came out true");
	assert_string_equal(mistakes.at[2].text, "wrong: school is no co-unit");
	tear_down(&c);
}

static void
a_fact_or_code_that_no_report_can_give_is_a_mistake(void **state)
{
	static const char text[] =
		"scenarios:\n"
		"  - name: slips\n"
		"    facts: {kind: vulnerable_family, vf_factors: [vf1-1, VF3-1], vf_degree: "
		"grave,\n"
		"      child_at_risk: false, child_at_rest: true, other_kinds: [no_such_kind]}\n"
		"    expect: {lead: family_centre}\n";
	struct city c;
	struct aw_mistakes mistakes = { 0 };
	struct aw_scenarios ran;

	(void)state;
	set_up(&c);
	run_text(&c, text, &mistakes, &ran);
	assert_int_equal(mistakes.count, 4);
	assert_string_equal(mistakes.at[0].text, "\"vf1-1\" is no answer to \"vf_factors\"");
	assert_string_equal(mistakes.at[1].text, "\"grave\" is no answer to \"vf_degree\"");
	assert_string_equal(mistakes.at[2].text, "the model does not ask for \"child_at_rest\"");
	assert_string_equal(
		mistakes.at[3].text, "\"no_such_kind\" is no answer to \"other_kinds\"");
	tear_down(&c);
}

static void
a_co_unit_is_expected_for_one_side(void **state)
{
	static const char text[] = "scenarios:\n"
				   "  - name: side\n"
				   "    facts: {kind: adult_ipv, respondent_mental: true}\n"
				   "    expect: {co: [mental_health, mental_health/respondent, "
				   "mental_health/protected],\n"
				   "      not_co: [mental_health/protected]}\n";
	struct city c;
	struct aw_mistakes mistakes = { 0 };
	struct aw_scenarios ran;

	(void)state;
	set_up(&c);
	run_text(&c, text, &mistakes, &ran);
	assert_int_equal(mistakes.count, 1);
	assert_string_equal(mistakes.at[0].text, "side: mental_health/protected is no co-unit");
	tear_down(&c);
}

/* One scenario tries few rules; the folder's own try each. */
static void
a_rule_that_no_scenario_tries_is_named(void **state)
{
	static const char text[] = "scenarios:\n"
				   "  - name: alone\n"
				   "    facts: {kind: suicide, suicide_class: attempt}\n"
				   "    expect: {level: high}\n";
	struct city c;
	struct aw_mistakes mistakes = { 0 };
	struct aw_scenarios ran;

	(void)state;
	set_up(&c);
	run_text(&c, text, &mistakes, &ran);
	assert_int_equal(mistakes.count, 0);
	assert_string_equal(ran.model, "triage.dmn");
	assert_true(ran.untried_count > 100 && ran.untried_count < ran.rules);
	for (size_t i = 0; i < ran.untried_count; i++)
		assert_true(ran.untried[i].line > 0 && ran.untried[i].rule > 0);
	aw_triage_scenarios(c.policy, c.day, &mistakes, &ran);
	assert_int_equal(ran.untried_count, 0);
	tear_down(&c);
}

static void
a_decision_says_which_units_and_kinds_exist_in(const char *folder)
{
	struct city c;
	struct aw_error err = { 0 };

	set_up_city(&c, folder);
	for (size_t k = 0; k < c.policy->kind_count; k++) {
		struct aw_triage_facts facts = { .arena = &c.arena };
		struct aw_decision d = { 0 };

		aw_fact_text(&facts, "kind", c.policy->kinds[k].code, "issue");
		assert_ok(aw_triage_run(&c.arena, c.model, &facts, 0, &d, &err));
		assert_string_equal(d.kind, c.policy->kinds[k].code);
		assert_non_null(aw_policy_unit_type(c.policy, d.lead.type));
		assert_string_equal(d.scale,
			c.policy->kinds[k].scale == NULL ? "none" : c.policy->kinds[k].scale);
		assert_true(d.clock_count >= 2);
		assert_true(d.lead.first_contact.unit != AW_SPAN_NONE);
		for (size_t i = 0; i < d.co_count; i++)
			assert_non_null(aw_policy_unit_type(c.policy, d.co_units[i].type));
	}
	tear_down(&c);
}

static void
a_decision_says_which_units_and_kinds_exist(void **state)
{
	(void)state;
	for (size_t i = 0; i < AW_COUNT(cities); i++)
		a_decision_says_which_units_and_kinds_exist_in(cities[i]);
}

/* Known from the people, the earlier reports and the registers, without being asked. */
static bool
known_without_asking(const char *name)
{
	static const char *const names[] = { "subject_age", "subject_sex", "respondent_sex",
		"relation", "cohabiting", "prior_90", "high_risk_list", "order_in_force",
		"open_vulnerable", "mental_open", "respondent_mental_open", "attempt_90d",
		"drug_open", "disability", "discharged_14d" };

	for (size_t i = 0; i < AW_COUNT(names); i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static void
no_table_waits_for_an_answer_that_the_form_does_not_ask_in(const char *folder)
{
	struct city c;
	struct aw_error err = { 0 };
	size_t seen = 0, bad = 0;

	set_up_city(&c, folder);
	for (size_t k = 0; k < c.policy->kind_count; k++) {
		const struct aw_kind *kind = &c.policy->kinds[k];
		struct aw_triage_facts facts = { .arena = &c.arena };
		struct aw_decision d = { 0 };

		aw_fact_text(&facts, "kind", kind->code, "issue");
		/* else the report could still become one of child protection */
		aw_fact_flag(&facts, "child_at_risk", false, "answer");
		assert_ok(aw_triage_run(&c.arena, c.model, &facts, 0, &d, &err));
		for (size_t i = 0; i < d.explain.unknown_count; i++) {
			const struct aw_explain_unknown *u = &d.explain.unknowns[i];
			const char *question =
				strcmp(u->input, "bsrs5_suicide") == 0 ? "bsrs5" : u->input;

			if (u->decision == NULL)
				continue;
			seen++;
			if (known_without_asking(u->input) ||
				aw_kind_question(kind, question) != NULL)
				continue;
			print_message("# %s: %s row %lld waits for %s\n", kind->code, u->decision,
				(long long)u->row, u->input);
			bad++;
		}
	}
	assert_true(seen > 100);
	assert_int_equal(bad, 0);
	tear_down(&c);
}

static void
no_table_waits_for_an_answer_that_the_form_does_not_ask(void **state)
{
	(void)state;
	for (size_t i = 0; i < AW_COUNT(cities); i++)
		no_table_waits_for_an_answer_that_the_form_does_not_ask_in(cities[i]);
}

static void
every_unit_type_that_a_table_names_is_one_of_the_city_in(const char *folder)
{
	struct city c;
	const struct aw_triage *triage;
	size_t seen = 0;

	set_up_city(&c, folder);
	triage = aw_policy_triage(c.policy, c.day);
	for (size_t i = 0; i < triage->model->item_count; i++) {
		const struct aw_dmn_item *item = triage->model->items[i];
		const struct aw_table *table = item->box == NULL ? NULL : item->box->table;

		if (table == NULL || !aw_str_is(table->outputs[0].name, "type"))
			continue;
		for (size_t r = 0; r < table->rule_count; r++) {
			struct aw_value v = table->rules[r].outputs[0].node->value;
			const char *type = aw_arena_strndup(&c.arena, v.u.text.at, v.u.text.len);

			if (aw_policy_unit_type(c.policy, type) == NULL)
				fail_msg("%s row %zu: %s", item->id, r + 1, type);
			seen++;
		}
	}
	assert_true(seen > 50);
	tear_down(&c);
}

static void
every_unit_type_that_a_table_names_is_one_of_the_city(void **state)
{
	(void)state;
	for (size_t i = 0; i < AW_COUNT(cities); i++)
		every_unit_type_that_a_table_names_is_one_of_the_city_in(cities[i]);
}

static void
the_boy_of_nine_has_his_reasons(void **state)
{
	struct city c;
	struct aw_error err = { 0 };
	struct aw_triage_facts facts = { 0 };
	struct aw_decision d = { 0 };

	(void)state;
	set_up(&c);
	facts.arena = &c.arena;
	aw_fact_text(&facts, "kind", "child_protection", "issue");
	aw_fact_number(&facts, "subject_age", 9, "person");
	aw_fact_text(&facts, "relation", "father", "answer");
	aw_fact_text(&facts, "safety", "worried", "answer");
	aw_fact_flag(&facts, "young_child_present", true, "answer");
	aw_fact_number(&facts, "prior_90", 2, "reports");
	assert_ok(aw_triage_run(&c.arena, c.model, &facts, 0, &d, &err));
	assert_int_equal(d.reason_count, 3);
	assert_string_equal(d.reasons[0].words, "不符第56條四款條件");
	assert_string_equal(d.reasons[1].words, "行為人是照顧人或家庭成員");
	assert_string_equal(d.reasons[2].words, "6歲以下手足在場");
	assert_true(d.may_rise); /* nobody asked whether a doctor is needed */
	const struct aw_explain_decision *order = aw_explain_find(&d.explain, "priority_child");

	assert_true(order->rows[1].fired && order->rows[1].used);
	assert_true(order->rows[2].fired && !order->rows[2].used);
	assert_true(order->rows[3].could_fire); /* living together: not known */
	assert_int_equal(order->rows[0].cells[2], AW_CELL_FALSE);
	tear_down(&c);
}

static void
a_model_without_its_decision_is_refused(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_triage_facts facts = { .arena = &arena };
	struct aw_decision d = { 0 };
	struct aw_error err = { 0 };
	struct city c;

	(void)state;
	assert_fails(aw_triage_run(&arena, NULL, &facts, 0, &d, &err), AW_INVALID, "triage");
	set_up(&c);
	aw_fact_text(&facts, "kind", "no_such_kind", "issue");
	aw_error_clear(&err);
	assert_fails(
		aw_triage_run(&arena, c.model, &facts, 0, &d, &err), AW_INVALID, "without a kind");
	tear_down(&c);
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(every_scenario_of_a_city_comes_out_as_expected),
	cmocka_unit_test(a_scenario_that_comes_out_otherwise_is_named_with_its_line),
	cmocka_unit_test(a_fact_or_code_that_no_report_can_give_is_a_mistake),
	cmocka_unit_test(a_co_unit_is_expected_for_one_side),
	cmocka_unit_test(a_rule_that_no_scenario_tries_is_named),
	cmocka_unit_test(a_decision_says_which_units_and_kinds_exist),
	cmocka_unit_test(no_table_waits_for_an_answer_that_the_form_does_not_ask),
	cmocka_unit_test(every_unit_type_that_a_table_names_is_one_of_the_city),
	cmocka_unit_test(the_boy_of_nine_has_his_reasons),
	cmocka_unit_test(a_model_without_its_decision_is_refused))
