/* rule/explain - the second pass: cells in three values, and the outcomes that are still open. */
#include <string.h>

#include "rule/explain_prospect.h"

/* -- tables ------------------------------------------------------------------------------------ */

struct table_pass {
	struct aw_explain_pass *p;
	const struct aw_memo *memo;
	const struct aw_table *table;
	struct aw_prospect *columns; /* one an input: what it may see */
	struct aw_value *seen;	     /* what it saw */
	struct aw_explain_decision *out;
	bool *fired, *sure, *open; /* one a rule */
};

static void
see_column(struct table_pass *t, size_t i)
{
	const struct aw_table_input *in = &t->table->inputs[i];
	struct aw_run *run = &t->p->drg->run;
	struct aw_prospect *column = &t->columns[i];
	struct aw_roots roots = { 0 };
	bool ok;

	t->seen[i] = aw_table_input_eval(run, t->memo->scope, t->table, i);
	t->seen[i] = aw_type_coerce(run, run->types, in->type, t->seen[i], &ok);
	if (in->expression.node != NULL)
		aw_roots_find(t->p, t->memo->item, in->expression.node, &roots);
	if (roots.count == 0)
		aw_prospect_add(column, t->seen[i]);
	else
		aw_roots_try(
			t->p, t->memo->scope, &roots, aw_way_node, in->expression.node, column);
}

static enum aw_cell
see_cell(struct table_pass *t, size_t rule, size_t i)
{
	const struct aw_cell_text *cell = &t->table->rules[rule].tests[i];
	const struct aw_prospect *column = &t->columns[i];
	struct aw_run *run = &t->p->drg->run;
	struct aw_roots roots = { 0 };
	size_t yes = 0;

	if (cell->node == NULL)
		return cell->problem == NULL ? AW_CELL_ANY : AW_CELL_FALSE;
	if (cell->node->op == AW_OP_ANY)
		return AW_CELL_ANY;
	aw_roots_find(t->p, t->memo->item, cell->node, &roots);
	if (roots.count > 0)
		return AW_CELL_UNKNOWN;
	for (size_t k = 0; k < column->count; k++)
		yes += aw_table_test(run, t->memo->scope, t->table, rule, i, column->values[k]) ==
		       AW_TRUE;
	if (column->anything)
		return AW_CELL_UNKNOWN;
	return yes == column->count ? AW_CELL_TRUE : yes == 0 ? AW_CELL_FALSE : AW_CELL_UNKNOWN;
}

static void
see_rule(struct table_pass *t, size_t rule)
{
	struct aw_explain_row *row = &t->out->rows[rule];
	struct aw_run *run = &t->p->drg->run;
	bool fired = true, none_false = true, none_unknown = true;

	for (size_t i = 0; i < t->table->input_count; i++) {
		row->cells[i] = see_cell(t, rule, i);
		none_false = none_false && row->cells[i] != AW_CELL_FALSE;
		none_unknown = none_unknown && row->cells[i] != AW_CELL_UNKNOWN;
		fired = fired && (row->cells[i] == AW_CELL_ANY ||
					 aw_table_test(run, t->memo->scope, t->table, rule, i,
						 t->seen[i]) == AW_TRUE);
	}
	t->fired[rule] = fired;
	t->sure[rule] = none_false && none_unknown;
	t->open[rule] = none_false && !none_unknown;
	row->fired = fired;
	row->could_fire = t->open[rule] && !fired;
}

static const char *
cell_copy(const struct aw_cell_text *cell)
{
	return cell->text.at == NULL ? "" : cell->text.at;
}

static void
describe_row(struct table_pass *t, size_t rule)
{
	const struct aw_table *table = t->table;
	struct aw_arena *arena = t->p->arena;
	struct aw_explain_row *row = &t->out->rows[rule];
	const char **entries = AW_NEW_ARRAY(arena, const char *, table->input_count + 1);
	const char **outputs = AW_NEW_ARRAY(arena, const char *, table->output_count + 1);

	row->number = (int64_t)rule + 1;
	row->id = table->rules[rule].id;
	row->cells = AW_NEW_ARRAY(arena, enum aw_cell, table->input_count + 1);
	for (size_t i = 0; i < table->input_count; i++)
		entries[i] = cell_copy(&table->rules[rule].tests[i]);
	for (size_t i = 0; i < table->output_count; i++)
		outputs[i] = cell_copy(&table->rules[rule].outputs[i]);
	row->entries = entries;
	row->outputs = outputs;
	row->notes = table->rules[rule].notes;
}

static void
describe_inputs(struct table_pass *t)
{
	struct aw_arena *arena = t->p->arena;

	t->out->input_count = t->table->input_count;
	t->out->inputs = AW_NEW_ARRAY(arena, struct aw_explain_input, t->table->input_count + 1);
	for (size_t i = 0; i < t->table->input_count; i++) {
		const struct aw_table_input *in = &t->table->inputs[i];
		struct aw_explain_input *out = &t->out->inputs[i];

		out->label = in->label;
		out->expression = in->expression.text.at;
		out->unknown = aw_prospect_uncertain(&t->columns[i]);
		if (t->seen[i].kind != AW_VALUE_NULL)
			out->value = aw_value_print(arena, t->seen[i]);
		for (size_t k = 0; k < t->p->count && in->expression.node != NULL; k++) {
			if (in->expression.node->op == AW_OP_NAME &&
				aw_str_eq(t->p->maybes[k].item->name, in->expression.node->text))
				out->source = t->p->maybes[k].source;
		}
	}
}

static void
describe_outputs(struct table_pass *t)
{
	const struct aw_table *table = t->table;
	const char **names = AW_NEW_ARRAY(t->p->arena, const char *, table->output_count + 1);
	const char **labels = AW_NEW_ARRAY(t->p->arena, const char *, table->output_count + 1);

	for (size_t i = 0; i < table->output_count; i++) {
		const struct aw_table_output *out = &table->outputs[i];

		names[i] = out->name.len > 0 ? out->name.at : t->out->id;
		labels[i] = out->label != NULL	? out->label
			    : out->name.len > 0 ? out->name.at
						: t->memo->item->label;
	}
	t->out->output_names = names;
	t->out->output_labels = labels;
	t->out->output_count = table->output_count;
	t->out->note_names = table->notes;
	t->out->note_count = table->note_count;
	t->out->hit_policy = aw_hit_letter(table->hit);
}

/* What the table would say if rule `open` fired too (SIZE_MAX: if none of the open ones did). */
static struct aw_value
outcome_with(struct table_pass *t, size_t open)
{
	bool *fired = AW_NEW_ARRAY(t->p->arena, bool, t->table->rule_count + 1);
	bool alone =
		open != SIZE_MAX && (t->table->hit == AW_HIT_UNIQUE || t->table->hit == AW_HIT_ANY);

	for (size_t i = 0; i < t->table->rule_count; i++)
		fired[i] = (t->sure[i] && !alone) || i == open;
	return aw_table_result(&t->p->drg->run, t->memo->scope, t->table, fired, NULL);
}

static bool
is_list_policy(enum aw_hit hit)
{
	return hit == AW_HIT_COLLECT || hit == AW_HIT_RULE_ORDER || hit == AW_HIT_OUTPUT_ORDER;
}

/* What a rule adds: its own output, not the whole list it would be added to. */
static struct aw_value
added_by(struct table_pass *t, size_t rule)
{
	bool *fired = AW_NEW_ARRAY(t->p->arena, bool, t->table->rule_count + 1);

	fired[rule] = true;
	struct aw_value v = aw_table_result(&t->p->drg->run, t->memo->scope, t->table, fired, NULL);

	return v.kind == AW_VALUE_LIST && v.u.list->count == 1 ? v.u.list->at[0] : v;
}

static void
add_unknowns(struct table_pass *t, size_t rule, struct aw_value outcome, struct aw_prospect *m)
{
	struct aw_explain *explain = t->p->explain;
	const char *text = aw_value_print(t->p->arena, outcome);

	for (size_t i = 0; i < t->table->input_count; i++) {
		if (t->out->rows[rule].cells[i] != AW_CELL_UNKNOWN)
			continue;
		aw_prospect_add_causes(m, &t->columns[i]);
		for (size_t k = 0;
			k < t->columns[i].cause_count && explain->unknown_count < UNKNOWNS_MOST;
			k++) {
			struct aw_explain_unknown *u = AW_PUSH(t->p->arena, explain->unknowns,
				explain->unknown_count, t->p->unknown_room);

			u->input = t->columns[i].causes[k]->name.at;
			u->decision = t->out->id;
			u->row = (int64_t)rule + 1;
			u->needs = cell_copy(&t->table->rules[rule].tests[i]);
			u->outcome = text;
		}
	}
}

/* The other outcomes that open rules leave possible. */
static void
see_outcomes(struct table_pass *t, struct aw_prospect *m)
{
	bool any_sure = false, any_open = false, has_default = false;

	for (size_t i = 0; i < t->table->rule_count; i++)
		any_sure = any_sure || t->sure[i];
	for (size_t i = 0; i < t->table->output_count; i++)
		has_default = has_default || t->table->outputs[i].otherwise.node != NULL;
	for (size_t i = 0; i < t->table->rule_count; i++) {
		if (!t->open[i])
			continue;
		any_open = true;
		if (is_list_policy(t->table->hit)) {
			m->anything = true; /* several open rules may fire together */
			add_unknowns(t, i, added_by(t, i), m);
			continue;
		}
		struct aw_value v = outcome_with(t, i);

		if (aw_value_equal(v, t->memo->value) == AW_TRUE)
			continue;
		aw_prospect_add(m, v);
		add_unknowns(t, i, v, m);
	}
	if (is_list_policy(t->table->hit))
		return;
	if (any_open && (any_sure || has_default))
		aw_prospect_add(m, outcome_with(t, SIZE_MAX));
	if (any_open && t->table->hit > AW_HIT_FIRST && m->count > 1)
		m->anything = true; /* so may those of a sum or a count */
}

static void
explain_table(struct aw_explain_pass *p, const struct aw_memo *memo,
	struct aw_explain_decision *out, struct aw_prospect *m)
{
	const struct aw_table *table = memo->item->box->table;
	struct table_pass t = { .p = p, .memo = memo, .table = table, .out = out };
	bool *used = AW_NEW_ARRAY(p->arena, bool, table->rule_count + 1);

	t.columns = AW_NEW_ARRAY(p->arena, struct aw_prospect, table->input_count + 1);
	t.seen = AW_NEW_ARRAY(p->arena, struct aw_value, table->input_count + 1);
	t.fired = AW_NEW_ARRAY(p->arena, bool, table->rule_count + 1);
	t.sure = AW_NEW_ARRAY(p->arena, bool, table->rule_count + 1);
	t.open = AW_NEW_ARRAY(p->arena, bool, table->rule_count + 1);
	for (size_t i = 0; i < table->input_count; i++)
		see_column(&t, i);
	describe_inputs(&t);
	describe_outputs(&t);
	out->row_count = table->rule_count;
	out->rows = AW_NEW_ARRAY(p->arena, struct aw_explain_row, table->rule_count + 1);
	for (size_t r = 0; r < table->rule_count; r++) {
		describe_row(&t, r);
		see_rule(&t, r);
	}
	(void)aw_table_result(&p->drg->run, memo->scope, table, t.fired, used);
	for (size_t r = 0; r < table->rule_count; r++)
		out->rows[r].used = used[r];
	see_outcomes(&t, m);
}

/* -- decisions --------------------------------------------------------------------------------- */

static void
explain_other(struct aw_explain_pass *p, const struct aw_memo *memo, struct aw_prospect *m)
{
	const struct aw_box *box = memo->item->box;
	struct aw_roots roots = { 0 };

	if (box != NULL && box->kind == AW_BOX_LITERAL && box->node != NULL) {
		aw_roots_find(p, memo->item, box->node, &roots);
		for (size_t i = 0; i < roots.count; i++) {
			if (!roots.at[i]->anything)
				continue;
			m->anything = true; /* no list of values would be whole */
			aw_prospect_add_causes(m, roots.at[i]);
		}
		if (roots.count > 0 && !m->anything)
			aw_roots_try(p, memo->scope, &roots, aw_way_box, box, m);
		return;
	}
	for (size_t i = 0; i < memo->item->needs.count; i++) {
		const struct aw_prospect *need = aw_prospect_of(p, memo->item->needs.at[i].item);

		if (need == NULL || !aw_prospect_uncertain(need))
			continue;
		m->anything = true;
		aw_prospect_add_causes(m, need);
	}
}

static void
explain_decision(struct aw_explain_pass *p, const struct aw_memo *memo, struct aw_prospect *m)
{
	struct aw_explain_decision *out = &p->explain->decisions[p->explain->decision_count++];
	const char **possible;

	out->id = memo->item->id != NULL ? memo->item->id : memo->item->name.at;
	out->name = memo->item->name.at;
	out->label = memo->item->label;
	out->result = aw_value_print(p->arena, memo->value);
	p->drg->run.types = &memo->item->model->types;
	p->drg->run.decision = memo->item->name.at;
	aw_prospect_add(m, memo->value);
	if (memo->item->box != NULL && memo->item->box->kind == AW_BOX_TABLE)
		explain_table(p, memo, out, m);
	else
		explain_other(p, memo, m);
	possible = AW_NEW_ARRAY(p->arena, const char *, m->count + 1);
	for (size_t i = 1; i < m->count; i++)
		possible[out->possible_count++] = aw_value_print(p->arena, m->values[i]);
	out->possible = possible;
	out->anything = m->anything;
}

static void
add_harmless(struct aw_explain_pass *p)
{
	struct aw_explain *explain = p->explain;
	size_t found = explain->unknown_count;

	for (size_t i = 0; i < p->count; i++) {
		const struct aw_prospect *m = &p->maybes[i];
		bool there = m->item->kind != AW_DMN_INPUT || !aw_prospect_uncertain(m);

		for (size_t k = 0; k < found && !there; k++)
			there = strcmp(explain->unknowns[k].input, m->item->name.at) == 0;
		if (!there) {
			struct aw_explain_unknown *u = AW_PUSH(p->arena, explain->unknowns,
				explain->unknown_count, p->unknown_room);

			u->input = m->item->name.at;
		}
	}
}

void
aw_explain_make(struct aw_drg *drg, struct aw_explain *explain)
{
	struct aw_explain_pass p = { .drg = drg, .arena = drg->run.arena, .explain = explain };
	struct aw_run plain = drg->run;

	p.maybes = AW_NEW_ARRAY(p.arena, struct aw_prospect, drg->done_count + 1);
	explain->decisions = AW_NEW_ARRAY(p.arena, struct aw_explain_decision, drg->done_count + 1);
	for (size_t i = 0; i < drg->done_count; i++) {
		const struct aw_memo *memo = &drg->done[i];
		struct aw_prospect *m = &p.maybes[p.count];

		m->item = memo->item;
		if (memo->item->kind == AW_DMN_INPUT)
			aw_prospect_input(&p, m, memo->value);
		else if (memo->item->kind == AW_DMN_DECISION)
			explain_decision(&p, memo, m);
		else
			aw_prospect_add(m, memo->value);
		p.count++;
	}
	add_harmless(&p);
	if (plain.last != NULL) /* notes of this pass repeat those of the first: drop them */
		plain.last->next = NULL;
	drg->run = plain;
	explain->diagnostics = plain.diagnostics;
}
