/* rule/cover - columns: which values to try, and which of them no cell tells apart. */
#include "rule/cover_column.h"

#include <string.h>

#include "rule/symbols.h"

enum { TEXT_MOST = 60 };

struct probing {
	const struct aw_cover_source *s;
	struct aw_run run;
	struct aw_symbols symbols;
	const struct aw_symbol **probes; /* the values to try */
	size_t count, room;
};

static void
add_probe(struct probing *p, const struct aw_symbol *symbol)
{
	*AW_PUSH(p->s->arena, p->probes, p->count, p->room) = symbol;
}

/* -- what a decision can be ---------------------------------------------------------------------- */

static const struct aw_dmn_item *
named_item(const struct aw_dmn_item *item, const struct aw_node *node)
{
	for (size_t i = 0; node != NULL && node->op == AW_OP_NAME && i < item->needs.count; i++) {
		if (item->needs.at[i].import.len == 0 &&
			aw_str_eq(item->needs.at[i].item->name, node->text))
			return item->needs.at[i].item;
	}
	return NULL;
}

/* Does the cell hold for nothing but the constants that it lists? */
static bool
is_list_of_constants(const struct aw_node *cell)
{
	if (cell == NULL || cell->op != AW_OP_TESTS || cell->negated)
		return false;
	for (size_t i = 0; i < cell->count; i++) {
		if (cell->kids[i]->op != AW_OP_LITERAL)
			return false;
	}
	return cell->count > 0;
}

/* The cell by which a rule has already narrowed what its output names; NULL: none does. */
static const struct aw_node *
narrowing_cell(const struct aw_table *table, size_t rule, const struct aw_node *output)
{
	for (size_t i = 0; i < table->input_count; i++) {
		const struct aw_node *expression = table->inputs[i].expression.node;

		if (expression != NULL && expression->op == AW_OP_NAME &&
			aw_str_eq(expression->text, output->text) &&
			is_list_of_constants(table->rules[rule].tests[i].node))
			return table->rules[rule].tests[i].node;
	}
	return NULL;
}

static const struct aw_type *
item_type(const struct aw_dmn_item *item)
{
	return aw_type_resolve(&item->model->types, item->type);
}

/* Adds what one output may give; false when that cannot be told. rule = rule_count: the default. */
static bool
add_output(struct probing *p, const struct aw_dmn_item *decision, size_t rule)
{
	const struct aw_table *table = decision->box->table;
	bool otherwise = rule == table->rule_count;
	const struct aw_node *node =
		otherwise ? table->outputs[0].otherwise.node : table->rules[rule].outputs[0].node;

	if (node == NULL)
		return otherwise;
	if (node->op == AW_OP_NAME) {
		const struct aw_node *cell = otherwise ? NULL : narrowing_cell(table, rule, node);
		const struct aw_dmn_item *from = named_item(decision, node);

		if (cell == NULL &&
			(from == NULL || !is_list_of_constants(item_type(from)->allowed)))
			return false;
		aw_symbols_add(
			&p->symbols, &p->run, cell != NULL ? cell : item_type(from)->allowed);
		return true;
	}
	if (aw_symbols_computes(node))
		return false;
	aw_symbols_add_value(&p->symbols, aw_eval(&p->run, NULL, node));
	return true;
}

/* Adds the outputs of a decision's table; false when they cannot all be told. */
static bool
add_outputs(struct probing *p, const struct aw_dmn_item *decision)
{
	const struct aw_table *table = decision->box != NULL && decision->box->kind == AW_BOX_TABLE
					       ? decision->box->table
					       : NULL;

	if (table == NULL || table->output_count != 1 || table->hit >= AW_HIT_RULE_ORDER)
		return false;
	for (size_t r = 0; r <= table->rule_count; r++) {
		if (!add_output(p, decision, r))
			return false;
	}
	return p->symbols.end_count > 0;
}

static bool
output_may_be_null(const struct aw_cover_source *s, size_t rule, const struct aw_node *node)
{
	const struct aw_dmn_item *from = named_item(s->item, node);

	if (node == NULL)
		return true;
	if (node->op == AW_OP_LITERAL)
		return node->value.kind == AW_VALUE_NULL;
	if (from == NULL)
		return true;
	if (rule < s->table->rule_count && narrowing_cell(s->table, rule, node) != NULL)
		return false;
	return s->may_be_null(s->arg, from);
}

bool
aw_cover_tells_null(const struct aw_cover_source *source)
{
	const struct aw_table *table = source->table;

	for (size_t i = 0; i < table->output_count; i++) {
		for (size_t r = 0; r < table->rule_count; r++) {
			if (output_may_be_null(source, r, table->rules[r].outputs[i].node))
				return true;
		}
		if (table->outputs[i].otherwise.node != NULL &&
			output_may_be_null(
				source, table->rule_count, table->outputs[i].otherwise.node))
			return true;
	}
	return false;
}

/* -- columns ----------------------------------------------------------------------------------- */

static bool
same_expression(const struct aw_table *table, size_t a, size_t b)
{
	return aw_str_eq(table->inputs[a].expression.text, table->inputs[b].expression.text);
}

static void
add_cells(struct probing *p, size_t input)
{
	const struct aw_table *table = p->s->table;

	for (size_t i = input; i < table->input_count; i++) {
		for (size_t r = 0; same_expression(table, input, i) && r < table->rule_count; r++)
			aw_symbols_add(&p->symbols, &p->run, table->rules[r].tests[i].node);
	}
}

/* All the constants, and nothing else. */
static void
probe_constants(struct probing *p)
{
	aw_symbols_close(&p->symbols, AW_VALUE_NULL);
	for (size_t i = 0; i < p->symbols.count; i++) {
		if (i != AW_SYMBOL_NULL && p->symbols.at[i].single)
			add_probe(p, &p->symbols.at[i]);
	}
}

/* What the type does not allow never comes. */
static void
probe_allowed(struct probing *p, const struct aw_node *allowed)
{
	for (size_t i = 1; i < p->symbols.count; i++) {
		if (allowed == NULL ||
			aw_eval_tests(&p->run, NULL, allowed, p->symbols.at[i].value) == AW_TRUE)
			add_probe(p, &p->symbols.at[i]);
	}
}

/* Every value that matters of an input, or of a decision whose outputs are not all told. */
static void
probe_domain(
	struct probing *p, size_t input, const struct aw_type *type, const struct aw_node *allowed)
{
	while (type->kind == AW_TYPE_NAMED && type->of != NULL) /* past what it allows */
		type = aw_type_resolve(&p->s->item->model->types, type->of);
	aw_symbols_add(&p->symbols, &p->run, allowed);
	add_cells(p, input);
	aw_symbols_close(&p->symbols, type->kind == AW_TYPE_BASIC ? type->basic : AW_VALUE_NULL);
	probe_allowed(p, allowed);
}

static void
probe_column(struct probing *p, size_t input)
{
	static const struct aw_symbol unknown = { .text = "unknown" };
	const struct aw_table_input *in = &p->s->table->inputs[input];
	const struct aw_dmn_item *from = named_item(p->s->item, in->expression.node);
	const struct aw_type *type = aw_type_resolve(&p->s->item->model->types,
		from != NULL && from->type != NULL ? from->type : in->type);
	const struct aw_node *allowed = in->values.node != NULL ? in->values.node : type->allowed;

	if (from != NULL && from->kind == AW_DMN_DECISION && add_outputs(p, from)) {
		probe_constants(p);
	} else {
		p->symbols = (struct aw_symbols){ .arena = p->s->arena };
		probe_domain(p, input, type, allowed);
	}
	if (from == NULL || p->s->may_be_null(p->s->arg, from))
		add_probe(p, &unknown);
}

/* -- classes ----------------------------------------------------------------------------------- */

static void
add_class(const struct aw_cover_source *s, struct aw_cover_column *column, aw_rule_set rules,
	const char *text, bool guessed)
{
	size_t bytes = aw_rule_words(s->table) * sizeof(uint64_t);

	for (size_t i = 0; i < column->count; i++) {
		struct aw_cover_class *c = &column->classes[i];

		if (memcmp(c->rules, rules, bytes) != 0 || c->guessed != guessed)
			continue;
		if (strlen(c->text) < TEXT_MOST)
			c->text = aw_arena_printf(s->arena, "%s, %s%s", c->text, text,
				strlen(c->text) + strlen(text) < TEXT_MOST ? "" : " …");
		return;
	}
	*AW_PUSH(s->arena, column->classes, column->count, column->room) =
		(struct aw_cover_class){ text, rules, guessed };
}

enum guess { COMPUTED_MET, COMPUTED_MISSED };

/* Does a value meet the rule's cells of this expression? Of cells that compute, the guess says so. */
static bool
meets(struct probing *p, size_t rule, size_t input, struct aw_value v, enum guess guess)
{
	const struct aw_table *table = p->s->table;
	bool met = true;

	for (size_t i = input; i < table->input_count && met; i++) {
		const struct aw_node *node = table->rules[rule].tests[i].node;

		if (!same_expression(table, input, i))
			continue;
		p->run.steps = 0;
		if (node != NULL && aw_symbols_computes(node))
			met = guess == COMPUTED_MET;
		else
			met = aw_table_test(&p->run, NULL, table, rule, i, v) == AW_TRUE;
	}
	return met;
}

static aw_rule_set
rules_met(struct probing *p, size_t input, struct aw_value v, enum guess guess)
{
	const struct aw_table *table = p->s->table;
	aw_rule_set rules = AW_NEW_ARRAY(p->s->arena, uint64_t, aw_rule_words(table) + 1);

	for (size_t r = 0; r < table->rule_count; r++) {
		if (meets(p, r, input, v, guess))
			rules[r / 64] |= UINT64_C(1) << (r % 64);
	}
	return rules;
}

static void
make_classes(struct probing *p, struct aw_cover_column *column)
{
	const struct aw_cover_source *s = p->s;
	size_t bytes = aw_rule_words(s->table) * sizeof(uint64_t);

	for (size_t i = 0; i < p->count; i++) {
		const struct aw_symbol *probe = p->probes[i];
		aw_rule_set met = rules_met(p, column->input, probe->value, COMPUTED_MET);
		aw_rule_set missed = rules_met(p, column->input, probe->value, COMPUTED_MISSED);
		bool guessed = memcmp(met, missed, bytes) != 0;

		add_class(s, column, met, probe->text, guessed);
		if (guessed)
			add_class(s, column, missed, probe->text, true);
	}
}

struct aw_cover_column *
aw_cover_columns(const struct aw_cover_source *source, size_t *ret_count)
{
	const struct aw_table *table = source->table;
	struct aw_cover_column *columns =
		AW_NEW_ARRAY(source->arena, struct aw_cover_column, table->input_count + 1);

	*ret_count = 0;
	for (size_t i = 0; i < table->input_count; i++) {
		struct probing p = { .s = source,
			.run = { .arena = source->arena, .types = &source->item->model->types },
			.symbols = { .arena = source->arena } };
		size_t earlier = 0;

		while (!same_expression(table, earlier, i))
			earlier++;
		if (earlier < i)
			continue;
		columns[*ret_count] = (struct aw_cover_column){ .input = i };
		probe_column(&p, i);
		make_classes(&p, &columns[(*ret_count)++]);
	}
	return columns;
}
