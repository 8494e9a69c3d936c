/* rule/plan - making a plan. */
#include <string.h>

#include "rule/drg.h"
#include "rule/plan_inner.h"

struct making {
	struct aw_plan *plan;
	struct aw_run run; /* for what is constant */
	const struct aw_dmn_item *
		*open; /* being collected: to find a decision that requires itself */
	size_t open_count, open_room;
	bool refused;
};

/* -- slots ------------------------------------------------------------------------------------- */

int
aw_plan_slot(const struct aw_plan *plan, const struct aw_dmn_item *item)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->slots[i].item == item)
			return (int)i;
	}
	return AW_PLAN_NONE;
}

static enum plan_kind
kind_of(const struct aw_dmn_item *item)
{
	if (item->kind == AW_DMN_INPUT)
		return PLAN_INPUT;
	if (item->kind == AW_DMN_KNOWLEDGE)
		return PLAN_FUNCTION;
	return item->box != NULL && item->box->kind == AW_BOX_TABLE ? PLAN_TABLE : PLAN_EXPRESSION;
}

static void
collect(struct making *m, const struct aw_dmn_item *item)
{
	struct plan_slot *slot;

	for (size_t i = 0; i < m->open_count; i++)
		m->refused = m->refused || m->open[i] == item;
	if (item->kind == AW_DMN_SERVICE || item->model != m->plan->model)
		m->refused = true;
	if (m->refused || aw_plan_slot(m->plan, item) != AW_PLAN_NONE)
		return;
	*AW_PUSH(m->plan->arena, m->open, m->open_count, m->open_room) = item;
	for (size_t i = 0; i < item->needs.count && !m->refused; i++) {
		m->refused = item->needs.at[i].import.len > 0;
		collect(m, item->needs.at[i].item);
	}
	m->open_count--;
	if (m->refused)
		return;
	slot = AW_PUSH(m->plan->arena, m->plan->slots, m->plan->count, m->plan->room);
	*slot = (struct plan_slot){ .item = item,
		.kind = kind_of(item),
		.need_count = item->needs.count,
		.needs = AW_NEW_ARRAY(m->plan->arena, size_t, item->needs.count + 1),
		.symbols = { .arena = m->plan->arena } };
	for (size_t i = 0; i < item->needs.count; i++)
		slot->needs[i] = (size_t)aw_plan_slot(m->plan, item->needs.at[i].item);
}

static void
index_names(struct aw_plan *plan)
{
	size_t room = 16;

	while (room < plan->count * 2)
		room *= 2;
	plan->names = AW_NEW_ARRAY(plan->arena, uint32_t, room);
	plan->name_room = room;
	for (size_t i = 0; i < plan->count; i++) {
		size_t at = aw_symbols_hash(plan->slots[i].item->name) & (room - 1);

		if (plan->slots[i].kind != PLAN_INPUT)
			continue;
		while (plan->names[at] != 0)
			at = (at + 1) & (room - 1);
		plan->names[at] = (uint32_t)i + 1;
	}
}

int
aw_plan_input(const struct aw_plan *plan, struct aw_str name)
{
	size_t at = aw_symbols_hash(name) & (plan->name_room - 1);

	for (; plan->names[at] != 0; at = (at + 1) & (plan->name_room - 1)) {
		if (aw_str_eq(plan->slots[plan->names[at] - 1].item->name, name))
			return (int)plan->names[at] - 1;
	}
	return AW_PLAN_NONE;
}

/* -- symbols ----------------------------------------------------------------------------------- */

/* What the types of a value allow: each of them cuts its values. */
static void
add_type(struct making *m, struct aw_symbols *symbols, const struct aw_type *type)
{
	for (int depth = 0; type != NULL && depth < 20; depth++) {
		type = aw_type_resolve(&m->plan->model->types, type);
		aw_symbols_add(symbols, &m->run, type->allowed);
		if (type->allowed != NULL && aw_symbols_computes(type->allowed))
			symbols->mixed = true;
		if (type->kind != AW_TYPE_NAMED || type->of == NULL)
			return;
		type = type->of;
	}
}

static enum aw_value_kind
basic_kind(const struct aw_plan *plan, const struct aw_type *type)
{
	for (int depth = 0; type != NULL && depth < 20; depth++) {
		type = aw_type_resolve(&plan->model->types, type);
		if (type->kind == AW_TYPE_BASIC)
			return type->basic;
		if (type->kind != AW_TYPE_NAMED || type->of == NULL)
			return AW_VALUE_NULL;
		type = type->of;
	}
	return AW_VALUE_NULL;
}

/* The slot that a column sees by its name, when every cell of it is constant; SIZE_MAX. */
static size_t
indexable(const struct aw_plan *plan, const struct plan_slot *slot, size_t input)
{
	const struct aw_table *table = slot->item->box->table;
	const struct aw_table_input *in = &table->inputs[input];

	if (in->expression.node == NULL || in->expression.node->op != AW_OP_NAME ||
		!plan_is_constant(&in->values))
		return SIZE_MAX;
	for (size_t r = 0; r < table->rule_count; r++) {
		if (!plan_is_constant(&table->rules[r].tests[input]))
			return SIZE_MAX;
	}
	for (size_t i = 0; i < slot->need_count; i++) {
		const struct plan_slot *need = &plan->slots[slot->needs[i]];

		if (need->kind != PLAN_FUNCTION &&
			aw_str_eq(need->item->name, in->expression.node->text))
			return slot->needs[i];
	}
	return SIZE_MAX;
}

static void
add_column(struct making *m, const struct plan_slot *slot, size_t input, size_t seen)
{
	const struct aw_table *table = slot->item->box->table;
	struct aw_symbols *symbols = &m->plan->slots[seen].symbols;

	add_type(m, symbols, table->inputs[input].type);
	aw_symbols_add(symbols, &m->run, table->inputs[input].values.node);
	for (size_t r = 0; r < table->rule_count; r++)
		aw_symbols_add(symbols, &m->run, table->rules[r].tests[input].node);
}

/* Outputs that are known beforehand, or names and the like where one rule alone gives the result. */
static bool
known_outputs(const struct aw_plan *plan, const struct plan_slot *slot, size_t output)
{
	const struct aw_table *table = slot->item->box->table;
	bool single = table->output_count == 1 &&
		      (table->hit == AW_HIT_UNIQUE || table->hit == AW_HIT_FIRST);

	for (size_t r = 0; r < table->rule_count; r++) {
		const struct aw_cell_text *cell = &table->rules[r].outputs[output];

		if (!plan_is_constant(cell) &&
			(!single || cell->node == NULL ||
				plan_node_make(plan, slot, cell->node) == NULL))
			return false;
	}
	return plan_is_constant(&table->outputs[output].otherwise) &&
	       plan_is_constant(&table->outputs[output].values);
}

static bool
all_outputs_known(const struct aw_plan *plan, const struct plan_slot *slot)
{
	for (size_t i = 0; i < slot->item->box->table->output_count; i++) {
		if (!known_outputs(plan, slot, i))
			return false;
	}
	return true;
}

static struct aw_value
typed(struct making *m, const struct aw_dmn_item *item, struct aw_value v, bool *ret_ok)
{
	m->run.steps = 0;
	return aw_type_coerce(&m->run, &item->model->types, item->type, v, ret_ok);
}

/* Results of a table whose outputs are constants, each of them a symbol of its own. */
static void
make_results(struct making *m, struct plan_slot *slot)
{
	struct plan_table *t = slot->table;
	size_t rules = t->table->rule_count;
	bool lists = t->table->hit >= AW_HIT_RULE_ORDER;
	bool *none = AW_NEW_ARRAY(m->plan->arena, bool, rules + 1);

	t->results = AW_NEW_ARRAY(m->plan->arena, struct plan_result, rules + 1);
	for (size_t r = 0; r <= rules; r++) {
		size_t notes = m->run.diagnostic_count;
		bool ok = true;

		if (r < rules && !plan_is_constant(&t->table->rules[r].outputs[0])) {
			t->results[r].node =
				plan_node_make(m->plan, slot, t->table->rules[r].outputs[0].node);
			t->computes = true;
			continue;
		}
		m->run.steps = 0;
		t->results[r].value =
			r < rules ? aw_table_rule_value(&m->run, NULL, t->table, r)
				  : aw_table_result(&m->run, NULL, t->table, none, NULL);
		if (!lists || r == rules)
			t->results[r].value = typed(m, slot->item, t->results[r].value, &ok);
		t->results[r].noted = !ok || m->run.diagnostic_count != notes;
	}
	for (size_t r = 0; r <= rules && !lists; r++) {
		if (t->results[r].node == NULL)
			aw_symbols_add_value(&slot->symbols, t->results[r].value);
	}
}

static void
gather_symbols(struct making *m)
{
	struct aw_plan *plan = m->plan;

	for (size_t i = 0; i < plan->count; i++) {
		struct plan_slot *slot = &plan->slots[i];

		if (slot->kind == PLAN_INPUT)
			add_type(m, &slot->symbols, slot->item->type);
		if (slot->kind != PLAN_TABLE)
			continue;
		slot->table = AW_NEW(plan->arena, struct plan_table);
		slot->table->table = slot->item->box->table;
		slot->table->words = (slot->table->table->rule_count + 63) / 64;
		for (size_t k = 0; k < slot->table->table->input_count; k++) {
			size_t seen = indexable(plan, slot, k);

			if (seen != SIZE_MAX)
				add_column(m, slot, k, seen);
		}
		if (all_outputs_known(plan, slot))
			make_results(m, slot);
	}
	for (size_t i = 0; i < plan->count; i++) {
		struct plan_slot *slot = &plan->slots[i];

		aw_symbols_close(&slot->symbols, basic_kind(plan, slot->item->type));
		slot->hashes = AW_NEW_ARRAY(plan->arena, uint64_t, slot->symbols.count);
		for (size_t s = 0; s < slot->symbols.count; s++) {
			if (slot->symbols.at[s].single || s == AW_SYMBOL_NULL)
				slot->hashes[s] = plan_hash(slot->symbols.at[s].value);
		}
	}
}

/* -- rows -------------------------------------------------------------------------------------- */

static void
make_rows(struct making *m, struct plan_table *t, struct plan_column *column)
{
	const struct aw_symbols *symbols = &m->plan->slots[column->slot].symbols;
	const struct aw_table_input *in = &t->table->inputs[column->input];
	uint64_t *rows = AW_NEW_ARRAY(m->plan->arena, uint64_t, symbols->count * t->words + 1);
	uint8_t *odd = AW_NEW_ARRAY(m->plan->arena, uint8_t, symbols->count);

	for (size_t s = 0; s < symbols->count; s++) {
		size_t notes = m->run.diagnostic_count;
		bool ok;
		struct aw_value v =
			aw_type_coerce(&m->run, m->run.types, in->type, symbols->at[s].value, &ok);

		m->run.steps = 0;
		if (v.kind != AW_VALUE_NULL && in->values.node != NULL &&
			aw_eval_tests(&m->run, NULL, in->values.node, v) == AW_FALSE)
			odd[s] |= PLAN_POISON;
		for (size_t r = 0; r < t->table->rule_count; r++) {
			m->run.steps = 0;
			if (aw_table_test(&m->run, NULL, t->table, r, column->input, v) == AW_TRUE)
				rows[s * t->words + r / 64] |= UINT64_C(1) << (r % 64);
		}
		if (!ok || m->run.diagnostic_count != notes)
			odd[s] |= PLAN_NOTED;
	}
	column->rows = rows;
	column->odd = odd;
}

/* PRIORITY: rules in the order in which they count, of equal ones the first. */
static void
make_ranks(struct making *m, struct plan_table *t)
{
	size_t rules = t->table->rule_count;
	uint32_t *order = AW_NEW_ARRAY(m->plan->arena, uint32_t, rules + 1);

	t->rank = AW_NEW_ARRAY(m->plan->arena, uint32_t, rules + 1);
	for (size_t i = 0; i < rules; i++) {
		size_t low = 0, high = i;

		while (low < high) { /* behind all that come before it or are its equals */
			size_t middle = (low + high) / 2;

			m->run.steps = 0;
			if (aw_table_comes_before(&m->run, NULL, t->table, i, order[middle]))
				high = middle;
			else
				low = middle + 1;
		}
		memmove(order + low + 1, order + low, (i - low) * sizeof(*order));
		order[low] = (uint32_t)i;
	}
	for (size_t i = 0; i < rules; i++)
		t->rank[order[i]] = (uint32_t)i;
}

static void
make_table(struct making *m, struct plan_slot *slot)
{
	struct plan_table *t = slot->table;
	size_t rules = t->table->rule_count;

	t->columns = AW_NEW_ARRAY(m->plan->arena, struct plan_column, t->table->input_count + 1);
	for (size_t i = 0; i < t->table->input_count; i++) {
		struct plan_column *column = &t->columns[t->column_count++];
		size_t seen = indexable(m->plan, slot, i);

		*column = (struct plan_column){ .input = i, .slot = seen };
		if (seen != SIZE_MAX && !m->plan->slots[seen].symbols.mixed)
			make_rows(m, t, column);
	}
	if (t->results == NULL)
		return;
	for (size_t r = 0; r <= rules; r++) {
		t->results[r].symbol = aw_symbols_find(&slot->symbols, t->results[r].value);
		t->results[r].hash = plan_hash(t->results[r].value);
	}
	if (t->table->hit == AW_HIT_PRIORITY)
		make_ranks(m, t);
	if (t->table->hit != AW_HIT_ANY)
		return;
	t->same = AW_NEW_ARRAY(m->plan->arena, uint32_t, rules + 1);
	for (size_t r = 0; r < rules; r++) {
		while (t->same[r] < r &&
			!plan_same(t->results[t->same[r]].value, t->results[r].value))
			t->same[r]++;
	}
}

/* -- inputs and expressions ---------------------------------------------------------------------- */

static void
make_input(struct making *m, struct plan_slot *slot)
{
	slot->allowed = AW_NEW_ARRAY(m->plan->arena, bool, slot->symbols.count);
	slot->noted = AW_NEW_ARRAY(m->plan->arena, bool, slot->symbols.count);
	for (size_t s = 0; s < slot->symbols.count; s++) {
		size_t notes = m->run.diagnostic_count;

		(void)typed(m, slot->item, slot->symbols.at[s].value, &slot->allowed[s]);
		slot->noted[s] = m->run.diagnostic_count != notes;
	}
}

static bool
asks_time(const struct aw_node *node)
{
	if (node->op == AW_OP_NAME &&
		(aw_str_is(node->text, "now") || aw_str_is(node->text, "today")))
		return true;
	for (size_t i = 0; i < node->count; i++) {
		if (node->kids[i] != NULL && asks_time(node->kids[i]))
			return true;
	}
	return false;
}

static bool
box_asks_time(const struct aw_box *box)
{
	if (box == NULL)
		return false;
	if (box->kind == AW_BOX_TABLE || (box->node != NULL && asks_time(box->node)))
		return true; /* a table inside an expression is not looked through */
	for (size_t i = 0; i < box->count; i++) {
		if (box_asks_time(box->kids[i]))
			return true;
	}
	return false;
}

static void
make_expression(struct making *m, struct plan_slot *slot)
{
	const struct aw_box *box = slot->item->box;

	slot->volatile_too = box_asks_time(box);
	if (box != NULL && box->kind == AW_BOX_LITERAL && box->node != NULL)
		slot->node = plan_node_make(m->plan, slot, box->node);
	for (size_t i = 0; i < slot->need_count; i++)
		slot->volatile_too =
			slot->volatile_too || m->plan->slots[slot->needs[i]].kind == PLAN_FUNCTION;
}

const struct aw_plan *
aw_plan_make(struct aw_arena *arena, const struct aw_dmn_item *const *decisions, size_t count)
{
	struct aw_plan *plan = AW_NEW(arena, struct aw_plan);
	struct making m = { .plan = plan, .run = { .arena = arena } };

	if (count == 0)
		return NULL;
	plan->arena = arena;
	plan->decided = count;
	plan->model = decisions[0]->model;
	m.run.types = &plan->model->types;
	for (size_t i = 0; i < count; i++)
		collect(&m, decisions[i]);
	if (m.refused)
		return NULL;
	index_names(plan);
	gather_symbols(&m);
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->slots[i].kind == PLAN_INPUT)
			make_input(&m, &plan->slots[i]);
		else if (plan->slots[i].kind == PLAN_TABLE)
			make_table(&m, &plan->slots[i]);
		else if (plan->slots[i].kind == PLAN_EXPRESSION)
			make_expression(&m, &plan->slots[i]);
	}
	return plan;
}
