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
	size_t unknowns_before;	   /* entries of the decisions before */
};

enum { UNKNOWNS_MOST = 2000 };

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
		aw_roots_try(t->p, t->memo->scope, &roots, aw_way_column, in, column);
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
	size_t missed = 0;

	for (size_t i = 0; i < t->table->input_count; i++) {
		row->cells[i] = see_cell(t, rule, i);
		none_false = none_false && row->cells[i] != AW_CELL_FALSE;
		missed += row->cells[i] == AW_CELL_FALSE;
		none_unknown = none_unknown && row->cells[i] != AW_CELL_UNKNOWN;
		fired = fired && (row->cells[i] == AW_CELL_ANY ||
					 aw_table_test(run, t->memo->scope, t->table, rule, i,
						 t->seen[i]) == AW_TRUE);
	}
	t->fired[rule] = fired;
	t->sure[rule] = none_false && none_unknown;
	t->open[rule] = none_false && !none_unknown;
	row->fired = fired;
	row->open = t->open[rule];
	row->could_fire = t->open[rule] && !fired;
	row->near = missed == 1 && none_unknown && !fired;
	for (size_t i = 0; i < t->table->input_count; i++)
		t->out->inputs[i].closed =
			t->out->inputs[i].closed && row->cells[i] == AW_CELL_FALSE;
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

/* Places of the unknown inputs behind a column. */
static void
name_causes(struct aw_explain_pass *p, const struct aw_prospect *m, struct aw_explain_input *out)
{
	size_t *causes, place = 0;

	if (m->causes == NULL)
		return;
	causes = AW_NEW_ARRAY(p->arena, size_t, p->explain->given_count + 1);
	for (size_t i = 0; i < p->count; i++) {
		if (p->maybes[i].item->kind != AW_DMN_INPUT)
			continue;
		if ((m->causes[i / 64] >> (i % 64) & 1) != 0)
			causes[out->cause_count++] = place;
		place++;
	}
	out->causes = causes;
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
		out->closed = t->table->rule_count > 0;
		out->unknown = aw_prospect_uncertain(&t->columns[i]);
		name_causes(t->p, &t->columns[i], out);
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
	const struct aw_dmn_item *item = t->memo->item;
	struct aw_run *run = &t->p->drg->run;
	bool alone =
		open != SIZE_MAX && (t->table->hit == AW_HIT_UNIQUE || t->table->hit == AW_HIT_ANY);
	bool ok;

	for (size_t i = 0; i < t->table->rule_count; i++)
		fired[i] = (t->sure[i] && !alone) || i == open;
	return aw_type_coerce(run, run->types, item->type,
		aw_table_result(run, t->memo->scope, t->table, fired, NULL), &ok);
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

/* Is it said already that the input could change this decision? Past UNKNOWNS_MOST entries only what is
 * not is added, so that no input is lost. */
static bool
is_told(const struct table_pass *t, const char *input)
{
	const struct aw_explain *explain = t->p->explain;

	for (size_t i = explain->unknown_count; i > t->unknowns_before; i--) {
		if (strcmp(explain->unknowns[i - 1].input, input) == 0)
			return true;
	}
	return false;
}

static void
add_unknown(struct table_pass *t, size_t rule, size_t column, const char *outcome)
{
	struct aw_explain *explain = t->p->explain;
	const struct aw_explain_input *in = &t->out->inputs[column];

	for (size_t k = 0; k < in->cause_count; k++) {
		const char *input = explain->given[in->causes[k]].name;
		struct aw_explain_unknown *u;

		if (explain->unknown_count >= UNKNOWNS_MOST && is_told(t, input))
			continue;
		u = AW_PUSH(
			t->p->arena, explain->unknowns, explain->unknown_count, t->p->unknown_room);
		u->input = input;
		u->decision = t->out->id;
		u->row = (int64_t)rule + 1;
		u->needs = cell_copy(&t->table->rules[rule].tests[column]);
		u->outcome = outcome;
	}
}

/* What rule does, or does not do, changes the result to outcome. */
static void
add_change(struct table_pass *t, size_t rule, struct aw_value outcome, struct aw_prospect *m)
{
	struct aw_explain_row *row = &t->out->rows[rule];
	const char *text = aw_value_print(t->p->arena, outcome);
	struct aw_value *kept = AW_NEW(t->p->arena, struct aw_value);

	*kept = outcome;
	row->outcome = kept;
	for (size_t i = 0; i < t->table->input_count; i++) {
		if (row->cells[i] != AW_CELL_UNKNOWN)
			continue;
		aw_prospect_add_causes(t->p, m, &t->columns[i]);
		add_unknown(t, rule, i, text);
	}
}

/* Several open rules may fire together. */
static void
see_lists(struct table_pass *t, struct aw_prospect *m)
{
	for (size_t i = 0; i < t->table->rule_count; i++) {
		if (!t->open[i])
			continue;
		m->anything = true;
		add_change(t, i, added_by(t, i), m);
	}
}

static bool
has_default(const struct aw_table *table)
{
	for (size_t i = 0; i < table->output_count; i++) {
		if (table->outputs[i].otherwise.node != NULL)
			return true;
	}
	return false;
}

/* The other outcomes that open rules leave possible: with each of them, and without those that fired. */
static void
see_outcomes(struct table_pass *t, struct aw_prospect *m)
{
	struct aw_value without = t->memo->value, v;
	bool any_sure = false, any_open = false;

	for (size_t i = 0; i < t->table->rule_count; i++) {
		any_sure = any_sure || t->sure[i];
		any_open = any_open || t->open[i];
	}
	if (!any_open)
		return;
	if (any_sure || has_default(t->table))
		without = outcome_with(t, SIZE_MAX);
	for (size_t i = 0; i < t->table->rule_count; i++) {
		if (!t->open[i])
			continue;
		v = outcome_with(t, i);
		if (aw_value_equal(v, t->memo->value) == AW_TRUE && t->fired[i])
			v = without;
		if (aw_value_equal(v, t->memo->value) == AW_TRUE)
			continue;
		aw_prospect_add(m, v);
		add_change(t, i, v, m);
	}
	aw_prospect_add(m, without);
	if (t->table->hit > AW_HIT_FIRST && m->count > 1)
		m->anything = true; /* so may those of a sum or a count */
}

/* Where every row misses a column, that is said of the column. */
static void
leave_closed(const struct aw_explain_decision *d, struct aw_explain_row *row)
{
	for (size_t i = 0; i < d->input_count; i++)
		row->near = row->near && !d->inputs[i].closed;
}

static void
explain_table(struct aw_explain_pass *p, const struct aw_memo *memo,
	struct aw_explain_decision *out, struct aw_prospect *m)
{
	const struct aw_table *table = memo->item->box->table;
	struct table_pass t = { .p = p,
		.memo = memo,
		.table = table,
		.out = out,
		.unknowns_before = p->explain->unknown_count };
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
	for (size_t r = 0; r < table->rule_count; r++)
		leave_closed(out, &out->rows[r]);
	(void)aw_table_result(&p->drg->run, memo->scope, table, t.fired, used);
	for (size_t r = 0; r < table->rule_count; r++)
		out->rows[r].used = used[r];
	if (is_list_policy(table->hit))
		see_lists(&t, m);
	else
		see_outcomes(&t, m);
}

/* -- decisions --------------------------------------------------------------------------------- */

static void
explain_other(struct aw_explain_pass *p, const struct aw_memo *memo, struct aw_prospect *m)
{
	const struct aw_box *box = memo->item->box;
	struct aw_roots roots = { 0 };
	bool put_together =
		memo->value.kind == AW_VALUE_LIST || memo->value.kind == AW_VALUE_CONTEXT;

	if (box != NULL && box->kind == AW_BOX_LITERAL && box->node != NULL) {
		aw_roots_find(p, memo->item, box->node, &roots);
		for (size_t i = 0; i < roots.count; i++) {
			/* no list of values would be whole; nor is one given of what is put together
			 * of others' values, each of which is listed */
			m->anything = m->anything || roots.at[i]->anything || put_together;
			aw_prospect_add_causes(p, m, roots.at[i]);
		}
		if (roots.count > 0 && !m->anything)
			aw_roots_try(p, memo->scope, &roots, aw_way_decision, memo->item, m);
		return;
	}
	for (size_t i = 0; i < memo->item->needs.count; i++) {
		const struct aw_prospect *need = aw_prospect_of(p, memo->item->needs.at[i].item);

		if (need == NULL || !aw_prospect_uncertain(need))
			continue;
		m->anything = true;
		aw_prospect_add_causes(p, m, need);
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
	out->value = &memo->value;
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
	out->others = m->values + 1;
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

/* What was given for an input, and whether that leaves it open. */
static void
explain_input(struct aw_explain_pass *p, const struct aw_memo *memo, struct aw_prospect *m)
{
	struct aw_explain_given *given = &p->explain->given[p->explain->given_count++];
	const struct aw_dmn_case *c = p->drg->the_case;

	aw_prospect_input(p, m, memo->value);
	*given = (struct aw_explain_given){ .name = m->item->name.at,
		.source = m->source,
		.value = &memo->value,
		.unknown = aw_prospect_uncertain(m) };
	for (size_t i = 0; i < c->input_count; i++) {
		if (!aw_str_is(m->item->name, c->inputs[i].name))
			continue;
		given->others = c->inputs[i].others;
		given->other_count = c->inputs[i].other_count;
	}
}

void
aw_explain_make(struct aw_drg *drg, struct aw_explain *explain)
{
	struct aw_explain_pass p = { .drg = drg, .arena = drg->run.arena, .explain = explain };
	struct aw_run plain = drg->run;

	explain->model = drg->done[drg->done_count - 1].item->model->name;
	explain->given = AW_NEW_ARRAY(p.arena, struct aw_explain_given, drg->done_count + 1);
	p.words = drg->done_count / 64 + 1;
	p.maybes = AW_NEW_ARRAY(p.arena, struct aw_prospect, drg->done_count + 1);
	explain->decisions = AW_NEW_ARRAY(p.arena, struct aw_explain_decision, drg->done_count + 1);
	for (size_t i = 0; i < drg->done_count; i++) {
		const struct aw_memo *memo = &drg->done[i];
		struct aw_prospect *m = &p.maybes[p.count];

		m->item = memo->item;
		if (memo->item->kind == AW_DMN_INPUT)
			explain_input(&p, memo, m);
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
