/* rule/model - names that nothing in scope has: in a decision that is null, in a strict model an error. */
#include "rule/model_read.h"

enum { BOUND_MOST = 64 };

struct lint {
	struct aw_model_reader *r;
	const struct aw_dmn_item *item;
	struct aw_str bound[BOUND_MOST]; /* iterators, parameters, entries of contexts */
	size_t count;
	const struct aw_cell_text *cell;
};

static void
bind(struct lint *l, struct aw_str name)
{
	if (l->count < BOUND_MOST)
		l->bound[l->count++] = name;
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

void
aw_model_lint(struct aw_model_reader *r)
{
	for (size_t i = 0; i < r->model->item_count && !aw_model_failed(r); i++) {
		struct lint l = { .r = r, .item = r->model->items[i] };
		const struct aw_box *box = l.item->box;

		if (box != NULL && box->kind == AW_BOX_FUNCTION) {
			for (size_t k = 0; k < box->name_count; k++)
				bind(&l, box->names[k]);
			box = box->count > 0 ? box->kids[0] : NULL;
		}
		if (box == NULL)
			continue;
		if (box->kind == AW_BOX_TABLE)
			check_table(&l, box->table);
		if (box->kind == AW_BOX_LITERAL)
			check_cell(&l,
				&(struct aw_cell_text){
					.text = box->text, .line = box->line, .node = box->node });
	}
}
