/* rule/model - what a strict model may not hold: a name that nothing in scope has (in a decision it is
 * null), two items of one id or one name, a decision that requires itself. */
#include <stdlib.h>
#include <string.h>

#include "rule/model_read.h"

/* -- names ------------------------------------------------------------------------------------- */

struct lint {
	struct aw_model_reader *r;
	const struct aw_dmn_item *item;
	struct aw_str *bound; /* iterators, parameters, entries of contexts */
	size_t count, room;
	const struct aw_cell_text *cell;
};

static void
bind(struct lint *l, struct aw_str name)
{
	*AW_PUSH(l->r->arena, l->bound, l->count, l->room) = name;
}

static bool
is_known(const struct lint *l, struct aw_str name)
{
	struct aw_str rest, head = aw_str_cut(name, '.', &rest);

	for (size_t i = 0; i < l->count; i++) {
		if (aw_str_eq(l->bound[i], name) || aw_str_eq(l->bound[i], head))
			return true;
	}
	for (size_t i = 0; i < l->item->needs.count; i++) {
		const struct aw_dmn_need *need = &l->item->needs.at[i];

		if (aw_str_eq(need->item->name, name) || aw_str_eq(need->item->name, head) ||
			(need->import.len > 0 &&
				(aw_str_eq(need->import, name) || aw_str_eq(need->import, head))))
			return true;
	}
	return aw_str_is(name, "?") || aw_builtin_find(name) != NULL;
}

static void
complain(struct lint *l, const struct aw_node *node)
{
	uint32_t line = l->cell->line, column = 1;

	for (size_t i = 0; i < node->at && i < l->cell->text.len; i++) {
		column++;
		if (l->cell->text.at[i] == '\n') {
			line++;
			column = 1;
		}
	}
	aw_model_problem(l->r, line, column,
		aw_arena_printf(l->r->arena,
			"\"%.*s\" requires nothing that is called \"%.*s\"; a text needs quotation "
			"marks",
			(int)l->item->name.len, l->item->name.at,
			(int)(node->text.len > 80 ? 80 : node->text.len), node->text.at));
}

static void
check(struct lint *l, const struct aw_node *node)
{
	size_t outer = l->count;
	bool iterates = node->op == AW_OP_FOR || node->op == AW_OP_SOME || node->op == AW_OP_EVERY;

	if (node->op == AW_OP_NAME && !is_known(l, node->text))
		complain(l, node);
	for (size_t i = 0; node->op == AW_OP_FUNCTION && i < node->name_count; i++)
		bind(l, node->names[i]);
	if (node->op == AW_OP_FOR)
		bind(l, AW_STR_LIT("partial"));
	for (size_t i = 0; i < node->count; i++) {
		/* the condition of a filter sees the entries of each element, which nobody knows here */
		if (node->kids[i] == NULL || (node->op == AW_OP_FILTER && i == 1))
			continue;
		check(l, node->kids[i]);
		if ((iterates || node->op == AW_OP_CONTEXT) && i < node->name_count)
			bind(l, node->names[i]);
	}
	l->count = outer;
}

static void
check_cell(struct lint *l, const struct aw_cell_text *cell)
{
	l->cell = cell;
	if (cell->node != NULL)
		check(l, cell->node);
}

static void
check_table(struct lint *l, const struct aw_table *table)
{
	for (size_t i = 0; i < table->input_count; i++)
		check_cell(l, &table->inputs[i].expression);
	for (size_t r = 0; r < table->rule_count; r++) {
		for (size_t i = 0; i < table->input_count; i++)
			check_cell(l, &table->rules[r].tests[i]);
		for (size_t i = 0; i < table->output_count; i++)
			check_cell(l, &table->rules[r].outputs[i]);
	}
	for (size_t i = 0; i < table->output_count; i++)
		check_cell(l, &table->outputs[i].otherwise);
}

static void
check_literal(struct lint *l, const struct aw_box *box)
{
	struct aw_cell_text cell = { .text = box->text, .line = box->line, .node = box->node };

	check_cell(l, &cell);
	l->cell = NULL;
}

static void
check_box(struct lint *l, const struct aw_box *box)
{
	bool iterates =
		box->kind == AW_BOX_FOR || box->kind == AW_BOX_SOME || box->kind == AW_BOX_EVERY;
	size_t outer = l->count, kids = box->count;

	if (box->kind == AW_BOX_TABLE)
		check_table(l, box->table);
	if (box->kind == AW_BOX_LITERAL)
		check_literal(l, box);
	for (size_t i = 0; box->kind == AW_BOX_FUNCTION && i < box->name_count; i++)
		bind(l, box->names[i]);
	if (box->kind == AW_BOX_FOR)
		bind(l, AW_STR_LIT("partial"));
	if (box->external)
		kids = 0;
	if (box->kind == AW_BOX_FILTER && kids > 1)
		kids = 1; /* its condition sees the entries of each element */
	for (size_t i = 0; i < kids; i++) {
		if (box->kids[i] != NULL)
			check_box(l, box->kids[i]);
		if ((iterates || box->kind == AW_BOX_CONTEXT) && i < box->name_count)
			bind(l, box->names[i]);
	}
	l->count = outer;
}

/* -- ids and names given twice ----------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	const struct aw_dmn_item *one = *(struct aw_dmn_item *const *)a;
	const struct aw_dmn_item *other = *(struct aw_dmn_item *const *)b;
	int order = strcmp(one->name.at, other->name.at);

	return order != 0 ? order : (one->at > other->at) - (one->at < other->at);
}

static void
check_twice(struct aw_model_reader *r)
{
	struct aw_dmn_model *m = r->model;
	struct aw_dmn_item **named =
		AW_NEW_ARRAY(r->arena, struct aw_dmn_item *, m->item_count + 1);

	for (size_t i = 1; i < m->by_id_count; i++) {
		if (strcmp(m->by_id[i]->id, m->by_id[i - 1]->id) == 0)
			aw_model_mistake(r, m->by_id[i]->line,
				"the id \"%.80s\" is given in line %u already", m->by_id[i]->id,
				m->by_id[i - 1]->line);
	}
	for (size_t i = 0; i < m->item_count; i++)
		named[i] = m->items[i];
	qsort(named, m->item_count, sizeof(*named), by_name);
	for (size_t i = 1; i < m->item_count; i++) {
		if (named[i]->name.len > 0 && strcmp(named[i]->name.at, named[i - 1]->name.at) == 0)
			aw_model_mistake(r, named[i]->line,
				"the name \"%.80s\" is given in line %u already", named[i]->name.at,
				named[i - 1]->line);
	}
}

/* -- decisions that require themselves --------------------------------------------------------- */

static bool
is_decision_of(const struct aw_dmn_model *m, const struct aw_dmn_item *item)
{
	return item->model == m && item->kind == AW_DMN_DECISION;
}

/* How many of its requirements each item still waits for, when all that can be worked out is: what waits
 * then is on a circle or behind one (Kahn 1962). */
static size_t *
work_out(struct aw_model_reader *r)
{
	struct aw_dmn_model *m = r->model;
	size_t *waits = AW_NEW_ARRAY(r->arena, size_t, m->item_count + 1);
	size_t *first = AW_NEW_ARRAY(r->arena, size_t, m->item_count + 2), *next, *ready;
	size_t needs = 0, count = 0;

	for (size_t i = 0; i < m->item_count; i++) {
		for (size_t k = 0; k < m->items[i]->needs.count; k++) {
			const struct aw_dmn_item *need = m->items[i]->needs.at[k].item;

			if (is_decision_of(m, need)) {
				waits[i]++;
				first[need->at + 2]++;
				needs++;
			}
		}
	}
	for (size_t i = 2; i < m->item_count + 2; i++)
		first[i] += first[i - 1];
	next = AW_NEW_ARRAY(r->arena, size_t, needs + 1);
	ready = AW_NEW_ARRAY(r->arena, size_t, m->item_count + 1);
	for (size_t i = 0; i < m->item_count; i++) {
		for (size_t k = 0; k < m->items[i]->needs.count; k++) {
			const struct aw_dmn_item *need = m->items[i]->needs.at[k].item;

			if (is_decision_of(m, need))
				next[first[need->at + 1]++] = i;
		}
		if (waits[i] == 0)
			ready[count++] = i;
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t k = first[ready[i]]; k < first[ready[i] + 1]; k++) {
			if (--waits[next[k]] == 0)
				ready[count++] = next[k];
		}
	}
	return waits;
}

/* The first decision that an item still waits for. */
static const struct aw_dmn_item *
waits_for(const struct aw_dmn_model *m, const size_t *waits, const struct aw_dmn_item *item)
{
	for (size_t k = 0; k < item->needs.count; k++) {
		const struct aw_dmn_item *need = item->needs.at[k].item;

		if (is_decision_of(m, need) && waits[need->at] > 0)
			return need;
	}
	return NULL;
}

static void
check_circles(struct aw_model_reader *r)
{
	const struct aw_dmn_model *m = r->model;
	const struct aw_dmn_item *item = NULL, *next;
	size_t *waits = work_out(r);

	for (size_t i = 0; i < m->item_count && item == NULL; i++)
		item = waits[i] > 0 ? m->items[i] : NULL;
	if (item == NULL)
		return;
	/* what waits leads into a circle, in as many steps as there are items at most */
	for (size_t i = 0; i < m->item_count && item != NULL; i++)
		item = waits_for(m, waits, item);
	next = item == NULL ? NULL : waits_for(m, waits, item);
	if (next == NULL)
		return;
	if (next == item)
		aw_model_mistake(r, item->line, "\"%.80s\" requires itself", item->name.at);
	else
		aw_model_mistake(r, item->line, "\"%.80s\" requires itself, by way of \"%.80s\"",
			item->name.at, next->name.at);
}

/* -- what is wrong, by line ---------------------------------------------------------------------- */

static int
by_line(const void *a, const void *b)
{
	const struct aw_dmn_problem *one = *(struct aw_dmn_problem *const *)a;
	const struct aw_dmn_problem *other = *(struct aw_dmn_problem *const *)b;
	int order = (one->line > other->line) - (one->line < other->line);

	return order != 0 ? order : (one->column > other->column) - (one->column < other->column);
}

static void
sort_problems(struct aw_dmn_model *model)
{
	struct aw_dmn_problem **sorted = NULL, **to = &model->problems;
	size_t count = 0, room = 0;

	for (struct aw_dmn_problem *p = model->problems; p != NULL; p = p->next)
		*AW_PUSH(model->arena, sorted, count, room) = p;
	if (count == 0)
		return;
	qsort(sorted, count, sizeof(struct aw_dmn_problem *), by_line);
	for (size_t i = 0; i < count; i++) {
		*to = sorted[i];
		to = &sorted[i]->next;
	}
	*to = NULL;
}

void
aw_model_lint(struct aw_model_reader *r)
{
	check_twice(r);
	check_circles(r);
	for (size_t i = 0; i < r->model->item_count && !aw_model_failed(r); i++) {
		struct lint l = { .r = r, .item = r->model->items[i] };

		if (l.item->box != NULL)
			check_box(&l, l.item->box);
	}
	sort_problems(r->model);
}
