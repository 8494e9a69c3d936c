/* city/triage/scenario - running the policy's own tests. */
#include "city/triage/scenario.h"

#include <stdio.h>
#include <string.h>

#include "rule/model.h"

/* Which rules have fired so far: one flag a rule, one array an item of the model; NULL: no table. */
struct tally {
	const struct aw_dmn_model *model;
	bool **fired;
};

struct run {
	const struct aw_policy *policy;
	const struct aw_triage *triage;
	int32_t day;
	struct tally tally;
};

/* -- facts ----------------------------------------------------------------------------------- */

/* "5..7": at least 5, at most 7. */
static bool
read_range(struct aw_str text, int64_t *least, int64_t *most)
{
	const char *dots = memmem(text.at, text.len, "..", 2);

	if (dots == NULL)
		return false;
	struct aw_str low = { text.at, (size_t)(dots - text.at) };
	struct aw_str high = { dots + 2, text.len - low.len - 2 };

	return aw_str_int64(low, least) && aw_str_int64(high, most) && *least <= *most;
}

void
aw_scenario_fact(struct aw_triage_facts *facts, const char *name, const struct aw_yaml_node *node)
{
	int64_t least, most;

	if (node->kind == AW_YAML_LIST) {
		for (size_t i = 0; i < node->count; i++)
			aw_fact_add(facts, name, node->items[i]->text, "scenario");
	} else if (node->kind != AW_YAML_TEXT) {
		aw_fact_unknown(facts, name, "scenario");
	} else if (!node->quoted &&
		   (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0)) {
		aw_fact_flag(facts, name, node->text[0] == 't', "scenario");
	} else if (aw_str_int64(aw_str(node->text), &least)) {
		aw_fact_number(facts, name, least, "scenario");
	} else if (read_range(aw_str(node->text), &least, &most)) {
		aw_fact_between(facts, name, least, most, "scenario");
	} else {
		aw_fact_text(facts, name, node->text, "scenario");
	}
}

/* The question behind a fact, of any form that asks it; NULL: no form does. */
static const struct aw_question *
question_of(const struct aw_policy *policy, const char *name)
{
	const struct aw_question *question = NULL;

	for (size_t i = 0; question == NULL && i < policy->kind_count; i++)
		question = aw_kind_question(&policy->kinds[i], name);
	return question != NULL && question->choice_count > 0 ? question : NULL;
}

static bool
may_be(const struct aw_policy *policy, const char *name, const struct aw_yaml_node *node)
{
	const struct aw_question *question = question_of(policy, name);

	if (node->kind != AW_YAML_TEXT)
		return true;
	if (strcmp(name, "kind") == 0 || strcmp(name, "other_kinds") == 0)
		return aw_policy_kind(policy, node->text) != NULL;
	for (size_t i = 0; question != NULL && i < question->choice_count; i++)
		if (strcmp(question->choices[i].code, node->text) == 0)
			return true;
	return question == NULL;
}

/* A fact that the model does not ask for, or that no form can give, tests nothing. */
static void
check_fact(struct aw_yaml *yaml, const struct aw_policy *policy, const struct aw_dmn_model *model,
	const char *name, const struct aw_yaml_node *node)
{
	if (aw_dmn_find(model, AW_DMN_INPUT, name) == NULL)
		aw_yaml_mistake(yaml, node, "the model does not ask for \"%s\"", name);
	if (!may_be(policy, name, node))
		aw_yaml_mistake(yaml, node, "\"%s\" is no answer to \"%s\"", node->text, name);
	for (size_t i = 0; node->kind == AW_YAML_LIST && i < node->count; i++)
		if (!may_be(policy, name, node->items[i]))
			aw_yaml_mistake(yaml, node->items[i], "\"%s\" is no answer to \"%s\"",
				node->items[i]->text, name);
}

static void
read_facts(struct aw_yaml *yaml, const struct aw_yaml_node *map, const struct run *run,
	struct aw_triage_facts *facts)
{
	for (size_t i = 0; i < map->count; i++) {
		(void)aw_yaml_get(yaml, map, map->keys[i]);
		check_fact(yaml, run->policy, run->triage->model, map->keys[i], map->items[i]);
		aw_scenario_fact(facts, map->keys[i], map->items[i]);
	}
}

/* -- expectations ---------------------------------------------------------------------------- */

struct scenario {
	struct aw_yaml *yaml;
	const struct aw_yaml_node *expect;
	const char *name;
	const struct aw_decision *d;
};

static void
expect_text(struct scenario *s, const char *key, const char *got)
{
	const char *wanted = aw_yaml_text(s->yaml, s->expect, key, false);

	if (wanted != NULL && !aw_text_eq(wanted, got == NULL ? "none" : got))
		aw_yaml_mistake(s->yaml, s->expect, "%s: %s came out %s, not %s", s->name, key,
			got == NULL ? "none" : got, wanted);
}

static void
expect_flag(struct scenario *s, const char *key, bool got)
{
	if (aw_yaml_get(s->yaml, s->expect, key) != NULL &&
		aw_yaml_flag(s->yaml, s->expect, key, got) != got)
		aw_yaml_mistake(s->yaml, s->expect, "%s: %s came out %s", s->name, key,
			got ? "true" : "false");
}

/* "mental_health", or "mental_health/respondent": who is served counts too. */
static bool
has_co_unit(const struct aw_decision *d, const char *wanted)
{
	struct aw_str side, type = aw_str_cut(aw_str(wanted), '/', &side);

	for (size_t i = 0; i < d->co_count; i++) {
		const struct aw_proposed_unit *unit = &d->co_units[i];
		const char *serves = unit->side == NULL ? "protected" : unit->side;

		if (aw_str_is(type, unit->type) && (side.at == NULL || aw_str_is(side, serves)))
			return true;
	}
	return false;
}

static void
expect_co_units(struct scenario *s, const char *key, bool wanted)
{
	size_t count = 0;
	const char *const *types = aw_yaml_texts(s->yaml, s->expect, key, false, &count);

	for (size_t i = 0; i < count; i++) {
		if (has_co_unit(s->d, types[i]) != wanted)
			aw_yaml_mistake(s->yaml, s->expect, "%s: %s is %s co-unit", s->name,
				types[i], wanted ? "no" : "a");
	}
}

static const char *
span_text(struct aw_arena *arena, struct aw_span span)
{
	static const char *const units[] = { "none", "hours", "working_days", "days" };

	if (span.unit == AW_SPAN_NONE)
		return NULL;
	return aw_arena_printf(arena, "%lld %s", (long long)span.amount, units[span.unit]);
}

static void
check(struct scenario *s)
{
	const struct aw_decision *d = s->d;

	expect_text(s, "kind", d->kind);
	expect_text(s, "scale", d->scale);
	expect_text(s, "level", d->level);
	expect_text(s, "child_class", d->child_class);
	expect_text(s, "priority", d->priority);
	expect_text(s, "lead", d->lead.type);
	expect_text(s, "first_contact", span_text(s->yaml->arena, d->lead.first_contact));
	expect_flag(s, "immediate", d->immediate);
	expect_flag(s, "reference_only", d->reference_only);
	expect_flag(s, "reclassified", d->reclassified);
	expect_flag(s, "may_rise", d->may_rise);
	expect_co_units(s, "co", true);
	expect_co_units(s, "not_co", false);
}

/* -- files ----------------------------------------------------------------------------------- */

static const struct aw_table *
table_of(const struct aw_dmn_item *item)
{
	return item->box != NULL && item->box->kind == AW_BOX_TABLE ? item->box->table : NULL;
}

static void
tally_start(struct tally *tally, struct aw_arena *arena, const struct aw_dmn_model *model)
{
	tally->model = model;
	tally->fired = AW_NEW_ARRAY(arena, bool *, model->item_count + 1);
	for (size_t i = 0; i < model->item_count; i++) {
		const struct aw_table *table = table_of(model->items[i]);

		if (table != NULL)
			tally->fired[i] = AW_NEW_ARRAY(arena, bool, table->rule_count + 1);
	}
}

static void
tally_add(struct tally *tally, const struct aw_explain *explain)
{
	for (size_t i = 0; i < tally->model->item_count; i++) {
		const struct aw_explain_decision *decision =
			tally->fired[i] == NULL
				? NULL
				: aw_explain_find(explain, tally->model->items[i]->id);

		for (size_t r = 0; decision != NULL && r < decision->row_count; r++)
			tally->fired[i][r] |= decision->rows[r].fired;
	}
}

static void
tally_end(const struct tally *tally, struct aw_arena *arena, struct aw_scenarios *ran)
{
	for (size_t i = 0; i < tally->model->item_count; i++) {
		const struct aw_dmn_item *item = tally->model->items[i];
		const struct aw_table *table = table_of(item);

		for (size_t r = 0; table != NULL && r < table->rule_count; r++) {
			ran->rules++;
			if (!tally->fired[i][r])
				*AW_PUSH(arena, ran->untried, ran->untried_count,
					ran->untried_room) = (struct aw_untried){ item->label,
					r + 1, table->rules[r].line };
		}
	}
}

static void
run_one(struct aw_yaml *yaml, const struct aw_yaml_node *map, struct run *run)
{
	struct aw_triage_facts facts = { .arena = yaml->arena };
	struct aw_decision decision = { 0 };
	struct aw_error err = { 0 };
	struct scenario s = { .yaml = yaml, .d = &decision };

	s.name = aw_yaml_text(yaml, map, "name", true);
	s.name = s.name == NULL ? "?" : s.name;
	read_facts(yaml, aw_yaml_map(yaml, map, "facts", true), run, &facts);
	s.expect = aw_yaml_map(yaml, map, "expect", true);
	if (s.expect->count == 0)
		aw_yaml_mistake(yaml, map, "%s: expects nothing", s.name);
	if (aw_triage_run(yaml->arena, run->triage->model, &facts, aw_taipei_day_start_ms(run->day),
		    &decision, &err) != AW_OK)
		aw_yaml_mistake(yaml, map, "%s: %s", s.name, err.text);
	else
		check(&s);
	tally_add(&run->tally, &decision.explain);
	aw_yaml_end(yaml, s.expect);
	aw_yaml_end(yaml, map);
}

void
aw_triage_scenarios(const struct aw_policy *policy, int32_t day, struct aw_mistakes *mistakes,
	struct aw_scenarios *ret_ran)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct run run = { .policy = policy, .triage = aw_policy_triage(policy, day), .day = day };

	*ret_ran = (struct aw_scenarios){ 0 };
	if (run.triage != NULL) {
		ret_ran->model = run.triage->path;
		tally_start(&run.tally, &arena, run.triage->model);
	}
	for (size_t i = 0; i < policy->file_count; i++) {
		const char *path = policy->files[i].path;
		struct aw_yaml yaml;

		if (!aw_str_starts(aw_str(path), "scenarios/triage") ||
			!aw_str_ends(aw_str(path), ".yaml"))
			continue;
		if (run.triage == NULL) {
			aw_mistake(mistakes, path, 1, 0, "no decision model is in force");
			continue;
		}
		if (!aw_policy_yaml(policy, path, &arena, mistakes, &yaml))
			continue;
		const struct aw_yaml_node *list = aw_yaml_list(&yaml, yaml.root, "scenarios", true);

		for (size_t k = 0; k < list->count; k++)
			run_one(&yaml, aw_yaml_item(&yaml, list, k), &run);
		ret_ran->count += list->count;
		aw_yaml_end(&yaml, yaml.root);
	}
	if (run.triage != NULL)
		tally_end(&run.tally, mistakes->arena, ret_ran);
}
