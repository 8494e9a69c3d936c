/* rule/table - which rules fire, and what the hit policy makes of them. */
#include "rule/table.h"

#include <stdio.h>
#include <string.h>

const char *
aw_hit_letter(enum aw_hit hit)
{
	static const char *const letters[] = { "U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>",
		"C#" };

	return letters[hit];
}

/* Where we are, for the notes that were added since `last`: made only when there are some. */
static void
tell_place(struct aw_run *run, struct aw_diagnostic *last, const char *what, size_t rule,
	size_t column)
{
	struct aw_diagnostic *d = last == NULL ? run->diagnostics : last->next;
	char place[80];

	if (d == NULL)
		return;
	if (rule > 0)
		snprintf(place, sizeof(place), "rule %zu, %s %zu", rule, what, column);
	else
		snprintf(place, sizeof(place), "%s %zu", what, column);
	for (; d != NULL; d = d->next)
		d->place = aw_arena_strdup(run->arena, place);
}

static struct aw_value
eval_cell(struct aw_run *run, const struct aw_scope *scope, const struct aw_cell_text *cell,
	const char *what, size_t rule, size_t column)
{
	struct aw_diagnostic *last = run->last;
	struct aw_value v = aw_null;

	run->line = cell->line;
	run->text = cell->text;
	if (cell->node != NULL)
		v = aw_eval(run, scope, cell->node);
	else if (cell->problem != NULL)
		aw_run_note(run, NULL, "%s", cell->problem);
	tell_place(run, last, what, rule, column);
	return v;
}

struct aw_value
aw_table_input_eval(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table,
	size_t input)
{
	const struct aw_table_input *in = &table->inputs[input];

	return eval_cell(run, scope, &in->expression, "input", 0, input + 1);
}

enum aw_truth
aw_table_test(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table,
	size_t rule, size_t input, struct aw_value v)
{
	const struct aw_cell_text *cell = &table->rules[rule].tests[input];

	struct aw_diagnostic *last = run->last;

	if (cell->node == NULL)
		return cell->problem == NULL ? AW_TRUE : AW_NULL;
	run->line = cell->line;
	run->text = cell->text;
	enum aw_truth t = aw_eval_tests(run, scope, cell->node, v);

	tell_place(run, last, "input", rule + 1, input + 1);
	return t;
}

/* One output of a rule, or the default of the table (rule = rule_count). */
static struct aw_value
output_value(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table,
	size_t rule, size_t output)
{
	const struct aw_table_output *out = &table->outputs[output];
	bool otherwise = rule == table->rule_count;
	const struct aw_cell_text *cell =
		otherwise ? &out->otherwise : &table->rules[rule].outputs[output];
	struct aw_value v =
		eval_cell(run, scope, cell, "output", otherwise ? 0 : rule + 1, output + 1);
	bool ok;

	v = aw_type_coerce(run, run->types, out->type, v, &ok);
	if (!ok)
		aw_run_note(run, cell->node, "the output is not of its type");
	if (ok && v.kind != AW_VALUE_NULL && out->values.node != NULL &&
		aw_eval_tests(run, scope, out->values.node, v) == AW_FALSE) {
		aw_run_note(run, cell->node, "the output is not one of the allowed values");
		return aw_null;
	}
	return v;
}

struct aw_value
aw_table_rule_value(
	struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table, size_t rule)
{
	if (table->output_count == 1)
		return output_value(run, scope, table, rule, 0);
	struct aw_context *context = AW_NEW(run->arena, struct aw_context);

	for (size_t i = 0; i < table->output_count; i++)
		aw_context_put(run->arena, context, table->outputs[i].name,
			output_value(run, scope, table, rule, i));
	return aw_value_context(context);
}

/* Position of an output in its list of allowed values; behind all when it is not there. */
static size_t
rank_of(struct aw_run *run, const struct aw_scope *scope, const struct aw_table_output *output,
	struct aw_value v)
{
	const struct aw_node *values = output->values.node;

	if (values == NULL)
		values = aw_type_resolve(run->types, output->type)->allowed;
	if (values == NULL || values->op != AW_OP_TESTS)
		return 0;
	for (size_t i = 0; i < values->count; i++) {
		if (aw_value_in(v, aw_eval(run, scope, values->kids[i])) == AW_TRUE)
			return i;
	}
	return values->count;
}

bool
aw_table_comes_before(struct aw_run *run, const struct aw_scope *scope,
	const struct aw_table *table, size_t a, size_t b)
{
	for (size_t i = 0; i < table->output_count; i++) {
		const struct aw_table_output *out = &table->outputs[i];
		size_t x = rank_of(run, scope, out, output_value(run, scope, table, a, i));
		size_t y = rank_of(run, scope, out, output_value(run, scope, table, b, i));

		if (x != y)
			return x < y;
	}
	return false;
}

static size_t
fired_rules(const struct aw_table *table, const bool *fired, size_t *ret_rules)
{
	size_t n = 0;

	for (size_t i = 0; i < table->rule_count; i++) {
		if (fired[i])
			ret_rules[n++] = i;
	}
	return n;
}

/* Insertion sort: stable, and lists of fired rules are short. */
static void
order_by_output(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table,
	size_t *rules, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		size_t rule = rules[i], k = i;

		for (; k > 0 && aw_table_comes_before(run, scope, table, rule, rules[k - 1]); k--)
			rules[k] = rules[k - 1];
		rules[k] = rule;
	}
}

static struct aw_value
fold(struct aw_run *run, enum aw_hit hit, const struct aw_list *list)
{
	struct aw_value total = list->at[0];
	int order;

	for (size_t i = 1; i < list->count; i++) {
		struct aw_value v = list->at[i];

		if (hit == AW_HIT_SUM) {
			if (total.kind != AW_VALUE_NUMBER || v.kind != AW_VALUE_NUMBER ||
				!aw_num_add(total.u.number, v.u.number, &total.u.number))
				return aw_null;
		} else if (!aw_value_compare(v, total, &order)) {
			aw_run_note(run, NULL, "the collected outputs cannot be compared");
			return aw_null;
		} else if (hit == AW_HIT_MIN ? order < 0 : order > 0) {
			total = v;
		}
	}
	return hit == AW_HIT_SUM && total.kind != AW_VALUE_NUMBER ? aw_null : total;
}

static struct aw_value
collect(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table,
	const size_t *rules, size_t n)
{
	struct aw_list *list = AW_NEW(run->arena, struct aw_list);

	for (size_t i = 0; i < n; i++)
		aw_list_add(run->arena, list, aw_table_rule_value(run, scope, table, rules[i]));
	if (table->hit == AW_HIT_COUNT)
		return aw_value_int((int64_t)n);
	if (table->hit == AW_HIT_SUM || table->hit == AW_HIT_MIN || table->hit == AW_HIT_MAX)
		return fold(run, table->hit, list);
	return aw_value_list(list);
}

static struct aw_value
single(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table,
	const size_t *rules, size_t n)
{
	struct aw_value v = aw_table_rule_value(run, scope, table, rules[0]);

	if (table->hit == AW_HIT_UNIQUE && n > 1) {
		aw_run_note(run, NULL, "rules %zu and %zu both fire in a table that is UNIQUE",
			rules[0] + 1, rules[1] + 1);
		return aw_null;
	}
	for (size_t i = 1; table->hit == AW_HIT_ANY && i < n; i++) {
		if (aw_value_equal(v, aw_table_rule_value(run, scope, table, rules[i])) !=
			AW_TRUE) {
			aw_run_note(run, NULL,
				"rules %zu and %zu fire with different outputs in a table that is "
				"ANY",
				rules[0] + 1, rules[i] + 1);
			return aw_null;
		}
	}
	return v;
}

static bool
is_single(enum aw_hit hit)
{
	return hit == AW_HIT_UNIQUE || hit == AW_HIT_ANY || hit == AW_HIT_PRIORITY ||
	       hit == AW_HIT_FIRST;
}

static struct aw_value
default_value(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table)
{
	bool any = false;

	for (size_t i = 0; i < table->output_count; i++)
		any = any || table->outputs[i].otherwise.node != NULL;
	if (any)
		return aw_table_rule_value(run, scope, table, table->rule_count);
	if (table->hit == AW_HIT_COUNT)
		return aw_value_int(0);
	if (table->hit == AW_HIT_COLLECT || table->hit == AW_HIT_RULE_ORDER ||
		table->hit == AW_HIT_OUTPUT_ORDER)
		return aw_value_list(AW_NEW(run->arena, struct aw_list));
	aw_run_note(run, NULL, "no rule of the table fires and it has no default");
	return aw_null;
}

struct aw_value
aw_table_result(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table,
	const bool *fired, bool *used)
{
	size_t *rules = AW_NEW_ARRAY(run->arena, size_t, table->rule_count + 1);
	size_t n = fired_rules(table, fired, rules);

	if (n == 0)
		return default_value(run, scope, table);
	if (table->hit == AW_HIT_PRIORITY || table->hit == AW_HIT_OUTPUT_ORDER)
		order_by_output(run, scope, table, rules, n);
	if (used != NULL) {
		used[rules[0]] = true;
		for (size_t i = 1; i < n && !is_single(table->hit); i++)
			used[rules[i]] = true;
	}
	return is_single(table->hit) ? single(run, scope, table, rules, n)
				     : collect(run, scope, table, rules, n);
}

/* False when a column's value is not among its inputValues: then no rule fires. */
static bool
read_inputs(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table,
	struct aw_value *values)
{
	bool ok;

	for (size_t i = 0; i < table->input_count; i++) {
		const struct aw_table_input *in = &table->inputs[i];

		values[i] = aw_table_input_eval(run, scope, table, i);
		values[i] = aw_type_coerce(run, run->types, in->type, values[i], &ok);
		if (!ok)
			aw_run_note(run, in->expression.node, "the input is not of its type");
		if (values[i].kind != AW_VALUE_NULL && in->values.node != NULL &&
			aw_eval_tests(run, scope, in->values.node, values[i]) == AW_FALSE) {
			aw_run_note(run, in->expression.node,
				"the input is not one of the allowed values");
			return false;
		}
	}
	return true;
}

struct aw_value
aw_table_eval(struct aw_run *run, const struct aw_scope *scope, const struct aw_table *table)
{
	struct aw_value *values = AW_NEW_ARRAY(run->arena, struct aw_value, table->input_count + 1);
	bool *fired = AW_NEW_ARRAY(run->arena, bool, table->rule_count + 1);

	run->place = "decision table";
	if (!read_inputs(run, scope, table, values))
		return aw_null;
	for (size_t r = 0; r < table->rule_count; r++) {
		fired[r] = true;
		for (size_t i = 0; i < table->input_count && fired[r]; i++)
			fired[r] = aw_table_test(run, scope, table, r, i, values[i]) == AW_TRUE;
		if (fired[r] && table->hit == AW_HIT_FIRST)
			break;
	}
	return aw_table_result(run, scope, table, fired, NULL);
}
