/* city/triage: each city's scenarios, and reports made up, are explained alike by plan and interpreter */
#include "rule/why.h"

#include "../../testing.h"
#include "cases.h"
#include "city/triage/outcome.h"
#include "city/triage/scenario.h"
#include "policy/policy.h"

enum { MADE_UP = 300 };

struct explaining {
	struct aw_arena arena;
	struct aw_policy *policy;
	const struct aw_dmn_model *model;
	const struct aw_dmn_item *triage;
	const struct aw_plan *plan;
	const struct aw_why_texts *why;
	struct aw_plan_run *run;
	size_t cases, compiled, bytes;
};

static void
set_up(struct explaining *e, const char *city)
{
	struct aw_error err = { 0 };
	const char *dir = aw_arena_printf(&e->arena, "%s/policy/%s", source_dir(), city);

	assert_ok(aw_policy_load_dir(dir, NULL, &e->policy, &err));
	e->model =
		aw_policy_triage(e->policy, aw_day_of_date((struct aw_date){ 2021, 12, 6 }))->model;
	e->triage = aw_dmn_find(e->model, AW_DMN_DECISION, "triage");
	e->plan = aw_plan_make(&e->arena, &e->triage, 1);
	assert_non_null(e->plan);
	e->why = aw_why_make(&e->arena, e->plan, e->policy->hash);
	e->run = aw_plan_run_new(e->plan);
}

static void
tear_down(struct explaining *e)
{
	aw_plan_run_free(e->run);
	aw_policy_free(e->policy);
	aw_arena_done(&e->arena);
}

static void
explain(struct explaining *e, const struct aw_triage_facts *facts)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_buf expected = { .arena = &arena }, got = { .arena = &arena };
	struct aw_dmn_case the_case = { .now_ms = 1 };
	struct aw_explain explained = { 0 };
	struct aw_error err = { 0 };

	the_case.inputs = aw_triage_inputs(&arena, facts, &the_case.input_count);
	(void)aw_dmn_decide(&arena, e->triage, &the_case, &explained);
	aw_explain_write(&explained, e->policy->hash, &expected);
	aw_plan_start(e->run, 1);
	for (size_t i = 0; i < the_case.input_count; i++)
		aw_plan_give(e->run, aw_plan_input(e->plan, aw_str(the_case.inputs[i].name)),
			&the_case.inputs[i]);
	aw_plan_decide(e->run);
	e->compiled += aw_why_write(e->why, e->run, &got);
	e->cases++;
	e->bytes += got.len;
	assert_string_equal(aw_buf_z(&got), aw_buf_z(&expected));
	assert_ok(aw_json_parse((struct aw_str){ got.at, got.len }, "explanation", &json, &err));
}

static void
explain_scenarios(struct explaining *e, const char *path)
{
	struct aw_mistakes mistakes = { .arena = &e->arena };
	const struct aw_yaml_node *list;
	struct aw_yaml yaml;

	assert_true(aw_policy_yaml(e->policy, path, &e->arena, &mistakes, &yaml));
	list = aw_yaml_list(&yaml, yaml.root, "scenarios", true);
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_yaml_node *map =
			aw_yaml_map(&yaml, aw_yaml_item(&yaml, list, i), "facts", true);
		struct aw_triage_facts facts = { .arena = &e->arena };

		for (size_t k = 0; k < map->count; k++)
			aw_scenario_fact(&facts, map->keys[k], map->items[k]);
		explain(e, &facts);
	}
}

static void
explain_city(const char *city)
{
	struct explaining e = { 0 };
	uint64_t seed = 1101206;
	size_t scenarios;

	set_up(&e, city);
	for (size_t i = 0; i < e.policy->file_count; i++) {
		const char *path = e.policy->files[i].path;

		if (aw_str_starts(aw_str(path), "scenarios/triage") &&
			aw_str_ends(aw_str(path), ".yaml"))
			explain_scenarios(&e, path);
	}
	scenarios = e.cases;
	for (size_t i = 0; i < MADE_UP; i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_triage_facts facts = case_facts(&arena, e.model, &seed);

		explain(&e, &facts);
	}
	print_message("# %s: %zu scenarios, %d made up; %zu compiled; %zu bytes each\n", city,
		scenarios, MADE_UP, e.compiled, e.bytes / e.cases);
	assert_true(scenarios >= 30);
	assert_int_equal(e.compiled, e.cases);
	tear_down(&e);
}

static void
keelung_explains_the_same(void **state)
{
	(void)state;
	explain_city("keelung");
}

static void
kaohsiung_explains_the_same(void **state)
{
	(void)state;
	explain_city("kaohsiung");
}

static void
new_taipei_explains_the_same(void **state)
{
	(void)state;
	explain_city("new-taipei");
}

AW_TESTS(cmocka_unit_test(keelung_explains_the_same), cmocka_unit_test(kaohsiung_explains_the_same),
	cmocka_unit_test(new_taipei_explains_the_same))
