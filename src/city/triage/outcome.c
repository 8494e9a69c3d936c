/* city/triage/outcome - facts in, codes out. */
#include "city/triage/outcome.h"

#include <string.h>

#include "city/triage/record.h"
#include "rule/plan.h"

enum {
	RANGE_MOST = 31, /* values of a score that are tried beside the one that is certain */
	HINTS = 128,
};

/* -- facts to inputs ------------------------------------------------------------------------- */

static struct aw_value
text_value(const char *text)
{
	return aw_value_text(aw_str(text));
}

static struct aw_value
fact_value(struct aw_arena *arena, const struct aw_fact *fact)
{
	struct aw_list *list;

	if (fact->kind == AW_FACT_TEXT)
		return text_value(fact->text);
	if (fact->kind == AW_FACT_FLAG)
		return aw_value_flag(fact->flag);
	if (fact->kind == AW_FACT_NUMBER)
		return aw_value_int(fact->number);
	if (fact->kind != AW_FACT_LIST)
		return aw_null;
	list = AW_NEW(arena, struct aw_list);
	for (size_t i = 0; i < fact->list_count; i++)
		aw_list_add(arena, list, text_value(fact->list[i]));
	return aw_value_list(list);
}

static void
set_input(struct aw_arena *arena, const struct aw_fact *fact, struct aw_dmn_input *input)
{
	int64_t count = fact->kind == AW_FACT_NUMBER ? fact->most - fact->number : 0;
	struct aw_value *others;

	input->name = fact->name;
	input->source = fact->source;
	input->value = fact_value(arena, fact);
	if (count <= 0)
		return;
	count = count > RANGE_MOST ? RANGE_MOST : count;
	others = AW_NEW_ARRAY(arena, struct aw_value, (size_t)count);
	for (int64_t i = 0; i < count; i++)
		others[i] = aw_value_int(fact->number + 1 + i);
	input->others = others;
	input->other_count = (size_t)count;
}

struct aw_dmn_input *
aw_triage_inputs(struct aw_arena *arena, const struct aw_triage_facts *facts, size_t *ret_count)
{
	struct aw_dmn_input *inputs = AW_NEW_ARRAY(arena, struct aw_dmn_input, facts->count + 1);
	size_t n = 0;

	for (size_t i = 0; i < facts->count; i++)
		set_input(arena, &facts->at[i], &inputs[n++]);
	if (aw_fact_find(facts, "other_kinds") == NULL)
		inputs[n++] = (struct aw_dmn_input){ .name = "other_kinds",
			.value = aw_value_list(AW_NEW(arena, struct aw_list)),
			.source = "issue" };
	*ret_count = n;
	return inputs;
}

/* -- values to codes --------------------------------------------------------------------------- */

struct aw_value
aw_triage_entry(const struct aw_context *context, const char *name)
{
	const struct aw_value *v = context == NULL ? NULL : aw_context_get(context, aw_str(name));

	return v == NULL ? aw_null : *v;
}

const char *
aw_triage_code(struct aw_arena *arena, const struct aw_context *context, const char *name)
{
	struct aw_value v = aw_triage_entry(context, name);

	if (v.kind != AW_VALUE_TEXT || aw_str_is(v.u.text, "none"))
		return NULL;
	return aw_arena_strndup(arena, v.u.text.at, v.u.text.len);
}

static void
add_co(struct aw_arena *arena, const struct aw_context *unit, struct aw_outcome *outcome)
{
	const char *type = aw_triage_code(arena, unit, "type");

	if (type == NULL || aw_text_eq(type, outcome->lead) ||
		outcome->co_count == AW_OUTCOME_CO_MOST)
		return;
	for (size_t i = 0; i < outcome->co_count; i++) {
		if (strcmp(outcome->co[i], type) == 0)
			return;
	}
	outcome->co[outcome->co_count++] = type;
}

static void
read_co_units(struct aw_arena *arena, const struct aw_context *result, struct aw_outcome *outcome)
{
	struct aw_value tables = aw_triage_entry(result, "co units");

	for (size_t t = 0; tables.kind == AW_VALUE_LIST && t < tables.u.list->count; t++) {
		struct aw_value part = tables.u.list->at[t], units = aw_null;

		if (part.kind == AW_VALUE_CONTEXT)
			units = aw_triage_entry(part.u.context, "units");
		for (size_t i = 0; units.kind == AW_VALUE_LIST && i < units.u.list->count; i++) {
			if (units.u.list->at[i].kind == AW_VALUE_CONTEXT)
				add_co(arena, units.u.list->at[i].u.context, outcome);
		}
	}
}

static enum aw_status
read_outcome(struct aw_arena *arena, struct aw_value v, struct aw_outcome *ret_outcome,
	struct aw_error *err)
{
	const struct aw_context *result = v.kind == AW_VALUE_CONTEXT ? v.u.context : NULL;
	struct aw_value lead = aw_triage_entry(result, "lead");
	struct aw_outcome o = { 0 };

	o.kind = aw_triage_code(arena, result, "kind");
	o.scale = aw_triage_code(arena, result, "scale");
	o.scale = o.scale == NULL ? "none" : o.scale;
	o.level = aw_triage_code(arena, result, "level");
	o.child_class = aw_triage_code(arena, result, "child class");
	o.priority = aw_triage_code(arena, result, "priority");
	o.immediate = aw_value_true(aw_triage_entry(result, "immediate"));
	if (lead.kind == AW_VALUE_CONTEXT)
		o.lead = aw_triage_code(arena, lead.u.context, "type");
	if (o.kind == NULL || o.priority == NULL || o.lead == NULL)
		return aw_fail(err, AW_INVALID, "the decision \"triage\" came out without %s",
			o.kind == NULL	     ? "a kind"
			: o.priority == NULL ? "a priority"
					     : "a lead unit");
	read_co_units(arena, result, &o);
	*ret_outcome = o;
	return AW_OK;
}

/* -- case after case --------------------------------------------------------------------------- */

struct aw_outcomes {
	struct aw_arena arena; /* of the plan, and of this */
	const struct aw_dmn_item *decision;
	const struct aw_plan *plan; /* NULL: there is none for this model */
	struct aw_plan_run *run;
	int slot;
	struct aw_fired *fired; /* of each decision, by slot: which rules the run says fired */
	size_t fired_count;
	int kinds;	  /* slot of the report's other kinds */
	int hints[HINTS]; /* slot of the i-th fact of the case before: mostly of this one's too */
};

/* Where the run tells, for each decision of the plan, which rules fired. */
static void
watch(struct aw_outcomes *o)
{
	const struct aw_dmn_item *item;
	size_t room = 0;

	for (int slot = 0; (item = aw_plan_item(o->plan, slot)) != NULL; slot++) {
		struct aw_fired fired = { .decision = item->id };

		fired.rules = aw_plan_fired(o->run, slot, &fired.words);
		if (fired.rules != NULL)
			*AW_PUSH(&o->arena, o->fired, o->fired_count, room) = fired;
	}
}

enum aw_status
aw_outcomes_new(
	const struct aw_dmn_model *model, struct aw_outcomes **ret_outcomes, struct aw_error *err)
{
	const struct aw_dmn_item *item =
		model == NULL ? NULL : aw_dmn_find(model, AW_DMN_DECISION, "triage");
	struct aw_arena arena = { 0 };
	struct aw_outcomes *o;

	if (item == NULL)
		return aw_fail(err, AW_INVALID, "the model has no decision called \"triage\"");
	o = AW_NEW(&arena, struct aw_outcomes);
	o->arena = arena;
	o->decision = item;
	o->plan = aw_plan_make(&o->arena, &o->decision, 1);
	if (o->plan != NULL) {
		o->run = aw_plan_run_new(o->plan);
		o->slot = aw_plan_slot(o->plan, item);
		o->kinds = aw_plan_input(o->plan, AW_STR_LIT("other_kinds"));
		watch(o);
	}
	*ret_outcomes = o;
	return AW_OK;
}

void
aw_outcomes_free(struct aw_outcomes *o)
{
	struct aw_arena arena;

	if (o == NULL)
		return;
	aw_plan_run_free(o->run);
	arena = o->arena; /* which holds the struct itself */
	aw_arena_done(&arena);
}

static int
slot_of(struct aw_outcomes *o, size_t at, const char *name)
{
	const struct aw_dmn_item *item = at < HINTS ? aw_plan_item(o->plan, o->hints[at]) : NULL;
	int slot;

	if (item != NULL && item->kind == AW_DMN_INPUT &&
		(item->name.at == name || strcmp(item->name.at, name) == 0))
		return o->hints[at];
	slot = aw_plan_input(o->plan, aw_str(name));
	if (at < HINTS)
		o->hints[at] = slot;
	return slot;
}

/* As aw_triage_inputs(), without a list of them. */
static void
give(struct aw_outcomes *o, struct aw_arena *arena, const struct aw_triage_facts *facts)
{
	bool kinds = false;

	for (size_t i = 0; i < facts->count; i++) {
		int slot = slot_of(o, i, facts->at[i].name);

		kinds = kinds || (slot == o->kinds && slot != AW_PLAN_NONE);
		aw_plan_set(o->run, slot, fact_value(arena, &facts->at[i]));
	}
	if (!kinds)
		aw_plan_set(o->run, o->kinds, aw_value_list(AW_NEW(arena, struct aw_list)));
}

enum aw_status
aw_outcomes_decide(struct aw_outcomes *o, struct aw_arena *arena,
	const struct aw_triage_facts *facts, int64_t now_ms, struct aw_outcome *ret_outcome,
	struct aw_error *err)
{
	struct aw_dmn_case the_case = { .now_ms = now_ms };

	if (o->plan != NULL) {
		aw_plan_start(o->run, now_ms);
		give(o, arena, facts);
		aw_plan_decide(o->run);
		return read_outcome(arena, aw_plan_value(o->run, o->slot), ret_outcome, err);
	}
	the_case.inputs = aw_triage_inputs(arena, facts, &the_case.input_count);
	return read_outcome(
		arena, aw_dmn_decide(arena, o->decision, &the_case, NULL), ret_outcome, err);
}

bool
aw_outcomes_record(
	const struct aw_outcomes *o, const struct aw_triage_facts *facts, struct aw_buf *out)
{
	if (o->plan == NULL)
		return false;
	aw_record_write(out, facts, o->fired, o->fired_count, NULL);
	return true;
}

struct aw_value
aw_outcomes_value(const struct aw_outcomes *o, const struct aw_dmn_item *decision)
{
	return o->plan == NULL ? aw_null : aw_plan_value(o->run, aw_plan_slot(o->plan, decision));
}

bool
aw_outcomes_used(const struct aw_outcomes *o, const struct aw_dmn_item *decision, size_t rule)
{
	return o->plan != NULL && aw_plan_used(o->run, aw_plan_slot(o->plan, decision), rule);
}
