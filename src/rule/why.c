/* rule/why - texts of rules and results, written once. */
#include "rule/why_inner.h"

#include <string.h>

static struct aw_str
text_of(const struct aw_buf *buf)
{
	return (struct aw_str){ buf->at, buf->len };
}

/* -- tables ------------------------------------------------------------------------------------ */

static void
put_pair(struct aw_buf *out, const struct aw_table *table, size_t rule, size_t column)
{
	const struct aw_str test = table->rules[rule].tests[column].text;

	aw_buf_char(out, '[');
	aw_buf_json(out, table->inputs[column].expression.text.at);
	aw_buf_char(out, ',');
	aw_buf_json(out, test.at == NULL ? "" : test.at);
	aw_buf_char(out, ']');
}

static bool
is_tested(const struct aw_table *table, size_t rule, size_t column)
{
	const struct aw_node *node = table->rules[rule].tests[column].node;

	return node != NULL && node->op != AW_OP_ANY;
}

static void
make_row(struct aw_arena *arena, const struct aw_table *table, struct why_table *t, size_t rule)
{
	struct aw_buf row = { .arena = arena }, texts = { .arena = arena };
	const char *id = table->rules[rule].id;
	bool first = true;

	aw_buf_printf(&row, "{\"n\":%zu", rule + 1);
	if (id != NULL) {
		aw_buf_text(&row, ",\"id\":");
		aw_buf_json(&row, id);
	}
	aw_buf_text(&texts, ",\"tests\":[");
	for (size_t i = 0; i < table->input_count; i++) {
		struct aw_buf pair = { .arena = arena };

		put_pair(&pair, table, rule, i);
		t->pairs[rule * table->input_count + i] = text_of(&pair);
		if (!is_tested(table, rule, i))
			continue;
		aw_buf_text(&texts, first ? "" : ",");
		aw_buf_add(&texts, pair.at, pair.len);
		first = false;
	}
	aw_buf_text(&texts, "],\"notes\":[");
	for (size_t i = 0; i < table->note_count; i++) {
		aw_buf_text(&texts, i == 0 ? "" : ",");
		aw_buf_json(&texts, table->rules[rule].notes[i]);
	}
	aw_buf_text(&texts, "],\"used\":");
	t->rows[rule] = text_of(&row);
	t->texts[rule] = text_of(&texts);
}

static void
make_results(struct aw_arena *arena, const struct plan_table *plan, struct why_table *t)
{
	size_t rules = plan->table->rule_count;

	t->results = AW_NEW_ARRAY(arena, struct why_value, rules + 2);
	t->same = AW_NEW_ARRAY(arena, uint32_t, rules + 2);
	for (size_t r = 0; r < rules + 2; r++) {
		struct why_value *result = &t->results[r];

		result->symbol = AW_SYMBOL_NULL;
		if (r <= rules)
			*result = (struct why_value){ .value = plan->results[r].value,
				.symbol = plan->results[r].symbol };
		result->json = why_json(arena, result->value);
		while (t->same[r] < r && !plan_same(t->results[t->same[r]].value, result->value))
			t->same[r]++;
	}
}

/* A table of which every column and every result is known beforehand. */
static bool
is_compiled(const struct plan_table *plan)
{
	bool all = plan->results != NULL && plan->table->hit <= AW_HIT_COLLECT;

	for (size_t i = 0; i < plan->column_count; i++)
		all = all && plan->columns[i].rows != NULL;
	return all;
}

static struct why_table *
make_table(struct aw_arena *arena, const struct plan_table *plan, struct aw_why_texts *why)
{
	const struct aw_table *table = plan->table;
	struct why_table *t;
	size_t cells = table->rule_count * table->input_count;

	if (!is_compiled(plan))
		return NULL;
	t = AW_NEW(arena, struct why_table);
	t->lists = table->hit >= AW_HIT_RULE_ORDER;
	t->rows = AW_NEW_ARRAY(arena, struct aw_str, table->rule_count + 1);
	t->texts = AW_NEW_ARRAY(arena, struct aw_str, table->rule_count + 1);
	t->pairs = AW_NEW_ARRAY(arena, struct aw_str, cells + 1);
	t->tested = AW_NEW_ARRAY(arena, uint64_t, table->input_count * plan->words + 1);
	for (size_t r = 0; r < table->rule_count; r++) {
		make_row(arena, table, t, r);
		for (size_t i = 0; i < table->input_count; i++) {
			if (is_tested(table, r, i))
				t->tested[i * plan->words + r / 64] |= UINT64_C(1) << (r % 64);
		}
	}
	t->names = AW_NEW_ARRAY(arena, struct aw_str, table->input_count + 1);
	for (size_t i = 0; i < table->input_count; i++) {
		struct aw_buf name = { .arena = arena };

		aw_buf_json(&name, table->inputs[i].expression.text.at);
		t->names[i] = text_of(&name);
	}
	for (size_t i = 0; i < table->output_count; i++)
		t->has_default = t->has_default || table->outputs[i].otherwise.node != NULL;
	make_results(arena, plan, t);
	if (why->mask_words < (table->input_count + 1) * plan->words)
		why->mask_words = (table->input_count + 1) * plan->words;
	return t;
}

/* -- inputs and expressions -------------------------------------------------------------------- */

static void
make_input(struct aw_arena *arena, struct aw_why_texts *why, const struct plan_slot *slot,
	struct why_slot *made)
{
	static const struct aw_dmn_case nothing = { 0 };
	struct aw_drg drg = { .run = { .arena = arena, .types = &why->plan->model->types },
		.the_case = &nothing };
	struct aw_prospect *m = AW_NEW(arena, struct aw_prospect);
	struct aw_explain_pass p = { .drg = &drg, .arena = arena, .maybes = m, .words = 1 };
	struct why_maybe *domain = &made->domain;

	struct aw_buf unfit = { .arena = arena };

	aw_drg_note_unfit(&drg, slot->item);
	aw_explain_write_notes(drg.run.diagnostics, &unfit);
	made->unfit = text_of(&unfit);
	made->number = why->input_count++;
	m->item = slot->item;
	aw_prospect_input(&p, m, aw_null);
	domain->anything = m->anything;
	domain->at = AW_NEW_ARRAY(arena, struct why_value, m->count + 1);
	for (; domain->count < m->count; domain->count++)
		domain->at[domain->count] = (struct why_value){ m->values[domain->count],
			aw_symbols_find(&slot->symbols, m->values[domain->count]),
			why_json(arena, m->values[domain->count]) };
	made->symbols = AW_NEW_ARRAY(arena, struct aw_str, slot->symbols.count);
	for (size_t s = 0; s < slot->symbols.count; s++) {
		if (slot->symbols.at[s].single)
			made->symbols[s] = why_json(arena, slot->symbols.at[s].value);
	}
}

static void
add_named(struct why_slot *made, size_t slot)
{
	for (size_t i = 0; i < made->named_count; i++) {
		if (made->named[i] == slot)
			return;
	}
	made->named[made->named_count++] = slot;
}

static void
find_named(const struct aw_plan *plan, const struct plan_slot *slot, const struct aw_node *node,
	struct why_slot *made)
{
	for (size_t i = 0; node->op == AW_OP_NAME && i < slot->need_count; i++) {
		if (aw_str_eq(plan->slots[slot->needs[i]].item->name, node->text))
			add_named(made, slot->needs[i]);
	}
	for (size_t i = 0; i < node->count; i++) {
		if (node->kids[i] != NULL)
			find_named(plan, slot, node->kids[i], made);
	}
}

static void
make_expression(struct aw_arena *arena, const struct aw_plan *plan, const struct plan_slot *slot,
	struct why_slot *made)
{
	const struct aw_box *box = slot->item->box;

	made->named = AW_NEW_ARRAY(arena, size_t, slot->need_count + 1);
	made->is_tried = box != NULL && box->kind == AW_BOX_LITERAL && box->node != NULL;
	if (made->is_tried)
		find_named(plan, slot, box->node, made);
	for (size_t i = 0; !made->is_tried && i < slot->need_count; i++)
		add_named(made, slot->needs[i]);
}

/* -- all --------------------------------------------------------------------------------------- */

static void
make_slot(struct aw_arena *arena, struct aw_why_texts *why, size_t at)
{
	const struct plan_slot *slot = &why->plan->slots[at];
	const struct aw_dmn_item *item = slot->item;
	struct aw_buf head = { .arena = arena }, name = { .arena = arena };
	struct why_slot *made = &why->slots[at];
	const char *id = item->id != NULL ? item->id : item->name.at;

	if (slot->kind == PLAN_INPUT) {
		make_input(arena, why, slot, made);
		aw_buf_char(&head, '[');
		aw_buf_json(&head, item->name.at);
		aw_buf_char(&head, ',');
		aw_buf_text(&name, "{\"input\":");
		aw_buf_json(&name, item->name.at);
		aw_buf_text(&name, ",\"decisions\":{");
	} else {
		aw_buf_text(&head, "{\"id\":");
		aw_buf_json(&head, id);
		if (slot->kind == PLAN_TABLE)
			aw_buf_printf(
				&head, ",\"hit\":\"%s\"", aw_hit_letter(slot->table->table->hit));
		aw_buf_text(&head, ",\"result\":");
		aw_buf_json(&name, id);
		aw_buf_text(&name, ":[");
	}
	if (slot->kind == PLAN_TABLE)
		made->table = make_table(arena, slot->table, why);
	if (slot->kind == PLAN_EXPRESSION)
		make_expression(arena, why->plan, slot, made);
	made->head = text_of(&head);
	made->name = text_of(&name);
}

const struct aw_why_texts *
aw_why_make(struct aw_arena *arena, const struct aw_plan *plan, const char *hash)
{
	struct aw_why_texts *why = AW_NEW(arena, struct aw_why_texts);
	struct aw_buf head = { .arena = arena };

	if (plan->decided != 1)
		return NULL;
	why->plan = plan;
	why->decision = plan->slots[plan->count - 1].item;
	why->hash = aw_arena_strdup(arena, hash);
	aw_explain_write_head(plan->model->name, hash, &head);
	why->head = text_of(&head);
	why->mask_words = 1;
	why->slots = AW_NEW_ARRAY(arena, struct why_slot, plan->count);
	for (size_t i = 0; i < plan->count; i++)
		make_slot(arena, why, i);
	why->input_words = why->input_count / 64 + 1;
	return why;
}
