/* rule/eval - operators, tests, contexts, and the notes of silent nulls. */
#include "rule/eval.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rule/temporal.h"

enum { DEPTH_MOST = 400, NOTES_MOST = 200 };

void
aw_run_note(struct aw_run *run, const struct aw_node *node, const char *fmt, ...)
{
	char text[300];
	va_list args;

	if (run->diagnostic_count >= NOTES_MOST)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	struct aw_diagnostic *d = AW_NEW(run->arena, struct aw_diagnostic);

	d->decision = run->decision;
	d->place = run->place;
	d->line = run->line;
	d->text = aw_arena_strdup(run->arena, text);
	if (node != NULL) {
		d->column = 1;
		for (size_t i = 0; i < node->at && i < run->text.len; i++) {
			d->column++;
			if (run->text.at[i] == '\n') {
				d->column = 1;
				d->line++;
			}
		}
	}
	if (run->last == NULL)
		run->diagnostics = d;
	else
		run->last->next = d;
	run->last = d;
	run->diagnostic_count++;
}

const struct aw_value *
aw_scope_find(const struct aw_scope *scope, struct aw_str name)
{
	for (; scope != NULL; scope = scope->parent) {
		const struct aw_value *v = aw_context_get(scope->names, name);

		if (v != NULL)
			return v;
	}
	return NULL;
}

static struct aw_value
of_truth(enum aw_truth truth)
{
	return truth == AW_NULL ? aw_null : aw_value_flag(truth == AW_TRUE);
}

static enum aw_truth
truth_of(struct aw_value v)
{
	if (v.kind != AW_VALUE_FLAG)
		return AW_NULL;
	return v.u.flag ? AW_TRUE : AW_FALSE;
}

static struct aw_value
eval_name(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	const struct aw_value *v = aw_scope_find(scope, node->text);

	if (v != NULL)
		return *v;
	const char *dot = memchr(node->text.at, '.', node->text.len);

	if (dot != NULL) { /* a parameter called "a.b" elsewhere in the model: here it is a path */
		struct aw_str rest, head = aw_str_cut(node->text, '.', &rest);

		v = aw_scope_find(scope, head);
		if (v != NULL)
			return aw_value_path(run, node, *v, rest);
	}
	if (node->value.kind == AW_VALUE_FUNCTION)
		return node->value;
	aw_run_note(run, node, "nothing here is called \"%.*s\"",
		(int)(node->text.len > 80 ? 80 : node->text.len), node->text.at);
	return aw_null;
}

static struct aw_value
eval_literal(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	(void)run;
	(void)scope;
	return node->value;
}

static struct aw_value
eval_logic(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	enum aw_truth decides = node->op == AW_OP_OR ? AW_TRUE : AW_FALSE;
	enum aw_truth a = truth_of(aw_eval(run, scope, node->kids[0]));

	if (a == decides)
		return of_truth(a);
	enum aw_truth b = truth_of(aw_eval(run, scope, node->kids[1]));

	if (b == decides)
		return of_truth(b);
	return a == AW_NULL || b == AW_NULL ? aw_null : of_truth(a);
}

static enum aw_truth
compare(enum aw_op op, struct aw_value a, struct aw_value b)
{
	int order;
	enum aw_truth equal;

	if (op == AW_OP_EQ || op == AW_OP_NE) {
		equal = aw_value_equal(a, b);
		if (op == AW_OP_EQ || equal == AW_NULL)
			return equal;
		return equal == AW_TRUE ? AW_FALSE : AW_TRUE;
	}
	if (!aw_value_compare(a, b, &order))
		return AW_NULL;
	bool holds = (op == AW_OP_LT && order < 0) || (op == AW_OP_LE && order <= 0) ||
		     (op == AW_OP_GT && order > 0) || (op == AW_OP_GE && order >= 0);

	return holds ? AW_TRUE : AW_FALSE;
}

static struct aw_value
eval_compare(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value a = aw_eval(run, scope, node->kids[0]);
	struct aw_value b = aw_eval(run, scope, node->kids[1]);
	enum aw_truth t = compare(node->op, a, b);

	if (t == AW_NULL && a.kind != AW_VALUE_NULL && b.kind != AW_VALUE_NULL)
		aw_run_note(run, node, "%s and %s cannot be compared", aw_value_kind_name(a.kind),
			aw_value_kind_name(b.kind));
	return of_truth(t);
}

static struct aw_value
eval_between(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value v = aw_eval(run, scope, node->kids[0]);
	enum aw_truth low = compare(AW_OP_GE, v, aw_eval(run, scope, node->kids[1]));
	enum aw_truth high = compare(AW_OP_LE, v, aw_eval(run, scope, node->kids[2]));

	if (low == AW_NULL || high == AW_NULL)
		return aw_null;
	return of_truth(low == AW_TRUE ? high : AW_FALSE);
}

static bool
calculate(enum aw_op op, struct aw_num a, struct aw_num b, struct aw_num *ret)
{
	if (op == AW_OP_ADD)
		return aw_num_add(a, b, ret);
	if (op == AW_OP_SUB)
		return aw_num_sub(a, b, ret);
	if (op == AW_OP_MUL)
		return aw_num_mul(a, b, ret);
	if (op == AW_OP_DIV)
		return aw_num_div(a, b, ret);
	return aw_num_pow(a, b, ret);
}

static struct aw_value
join_texts(struct aw_run *run, struct aw_str a, struct aw_str b)
{
	char *text = aw_arena_alloc(run->arena, a.len + b.len + 1);

	if (a.len > 0)
		memcpy(text, a.at, a.len);
	if (b.len > 0)
		memcpy(text + a.len, b.at, b.len);
	return aw_value_text((struct aw_str){ text, a.len + b.len });
}

static struct aw_value
calculate_temporal(struct aw_run *run, enum aw_op op, struct aw_value a, struct aw_value b)
{
	if (op == AW_OP_ADD)
		return aw_temporal_add(run->arena, a, b);
	if (op == AW_OP_SUB)
		return aw_temporal_sub(run->arena, a, b);
	if (op == AW_OP_MUL)
		return aw_temporal_mul(a, b);
	return op == AW_OP_DIV ? aw_temporal_div(a, b) : aw_null;
}

static struct aw_value
eval_arithmetic(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value a = aw_eval(run, scope, node->kids[0]);
	struct aw_value b = aw_eval(run, scope, node->kids[1]);
	struct aw_num n;
	struct aw_value v = aw_null;

	if (a.kind == AW_VALUE_NUMBER && b.kind == AW_VALUE_NUMBER) {
		if (calculate(node->op, a.u.number, b.u.number, &n))
			return aw_value_number(n);
		aw_run_note(run, node, "this calculation has no result (a division by zero?)");
		return aw_null;
	}
	if (node->op == AW_OP_ADD && a.kind == AW_VALUE_TEXT && b.kind == AW_VALUE_TEXT)
		return join_texts(run, a.u.text, b.u.text);
	if (a.kind != AW_VALUE_NULL && b.kind != AW_VALUE_NULL)
		v = calculate_temporal(run, node->op, a, b);
	if (v.kind == AW_VALUE_NULL)
		aw_run_note(run, node, "%s and %s cannot be calculated with so",
			aw_value_kind_name(a.kind), aw_value_kind_name(b.kind));
	return v;
}

static struct aw_value
eval_negate(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value v = aw_eval(run, scope, node->kids[0]);

	if (v.kind == AW_VALUE_NUMBER)
		return aw_value_number(aw_num_negate(v.u.number));
	v = aw_duration_negate(v);
	if (v.kind == AW_VALUE_NULL)
		aw_run_note(run, node, "only numbers and durations have a negative");
	return v;
}

static struct aw_value
eval_if(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value condition = aw_eval(run, scope, node->kids[0]);

	return aw_eval(run, scope, node->kids[aw_value_true(condition) ? 1 : 2]);
}

static struct aw_value
eval_list(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_list *list = AW_NEW(run->arena, struct aw_list);

	for (size_t i = 0; i < node->count; i++)
		aw_list_add(run->arena, list, aw_eval(run, scope, node->kids[i]));
	return aw_value_list(list);
}

static struct aw_value
eval_context(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_context *context = AW_NEW(run->arena, struct aw_context);
	struct aw_scope *inner = AW_NEW(run->arena, struct aw_scope);

	*inner = (struct aw_scope){ scope, context };
	for (size_t i = 0; i < node->count; i++) {
		if (aw_context_get(context, node->names[i]) != NULL) {
			aw_run_note(run, node, "two entries of this context have the same name");
			return aw_null;
		}
		struct aw_value v = aw_eval(run, inner, node->kids[i]);

		aw_context_put(run->arena, context, node->names[i], v);
	}
	return aw_value_context(context);
}

static bool
can_be_end(struct aw_value v)
{
	return v.kind != AW_VALUE_FLAG && v.kind != AW_VALUE_LIST && v.kind != AW_VALUE_CONTEXT &&
	       v.kind != AW_VALUE_RANGE && v.kind != AW_VALUE_FUNCTION;
}

static struct aw_value
eval_range(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_range *range = AW_NEW(run->arena, struct aw_range);
	int order;

	range->low = aw_eval(run, scope, node->kids[0]);
	range->high = aw_eval(run, scope, node->kids[1]);
	range->low_closed = node->low_closed;
	range->high_closed = node->high_closed;
	bool open = range->low.kind == AW_VALUE_NULL || range->high.kind == AW_VALUE_NULL;

	if (!can_be_end(range->low) || !can_be_end(range->high) ||
		(!open && (!aw_value_compare(range->low, range->high, &order) || order > 0))) {
		aw_run_note(run, node, "the ends of this range do not fit together");
		return aw_null;
	}
	return (struct aw_value){ .kind = AW_VALUE_RANGE, .u.range = range };
}

/* "< 5" as a value is the range of what is below 5. */
static struct aw_value
eval_compare_range(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_range *range = AW_NEW(run->arena, struct aw_range);
	struct aw_value v = aw_eval(run, scope, node->kids[0]);
	bool below = node->compare == AW_OP_LT || node->compare == AW_OP_LE;
	bool equal = node->compare == AW_OP_EQ || node->compare == AW_OP_NE;

	range->unary = true;
	range->low = below ? aw_null : v;
	range->high = below || equal ? v : aw_null;
	range->low_closed = node->compare == AW_OP_GE || equal;
	range->high_closed = node->compare == AW_OP_LE || equal;
	range->not_equal = node->compare == AW_OP_NE;
	if (!can_be_end(v)) {
		aw_run_note(
			run, node, "a %s cannot be the end of a range", aw_value_kind_name(v.kind));
		return aw_null;
	}
	return (struct aw_value){ .kind = AW_VALUE_RANGE, .u.range = range };
}

static struct aw_value
eval_instance(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value v = aw_eval(run, scope, node->kids[0]);
	const struct aw_type *type = aw_type_resolve(run->types, node->types[0]);

	if (v.kind == AW_VALUE_NULL)
		return aw_value_flag(type->kind == AW_TYPE_BASIC && type->basic == AW_VALUE_NULL);
	return aw_value_flag(aw_type_has(run, run->types, type, v));
}

/* -- tests ------------------------------------------------------------------------------------- */

enum aw_truth
aw_value_in(struct aw_value v, struct aw_value set)
{
	enum aw_truth result = AW_FALSE;

	if (set.kind == AW_VALUE_RANGE && v.kind != AW_VALUE_RANGE)
		return aw_range_has(set.u.range, v);
	if (set.kind != AW_VALUE_LIST)
		return aw_value_equal(v, set);
	if (v.kind == AW_VALUE_LIST && aw_value_equal(v, set) == AW_TRUE)
		return AW_TRUE;
	for (size_t i = 0; i < set.u.list->count; i++) {
		struct aw_value e = set.u.list->at[i];
		enum aw_truth t = e.kind == AW_VALUE_RANGE && v.kind != AW_VALUE_RANGE
					  ? aw_range_has(e.u.range, v)
					  : aw_value_equal(v, e);

		if (t == AW_TRUE)
			return AW_TRUE;
		if (t == AW_NULL && e.kind == AW_VALUE_RANGE)
			result = AW_NULL;
	}
	return result;
}

static enum aw_truth
eval_test(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *test,
	struct aw_value v)
{
	if (test->op == AW_OP_COMPARE)
		return compare(test->compare, v, aw_eval(run, scope, test->kids[0]));
	struct aw_value t = aw_eval(run, scope, test);

	if (test->asks)
		return truth_of(t);
	return aw_value_in(v, t);
}

enum aw_truth
aw_eval_tests(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *tests,
	struct aw_value v)
{
	struct aw_entry entry = { AW_STR_LIT("?"), v };
	struct aw_context names = { &entry, 1, 1 };
	struct aw_scope inner = { scope, &names };
	enum aw_truth result = AW_FALSE;

	if (tests->op == AW_OP_ANY)
		return AW_TRUE;
	if (tests->op != AW_OP_TESTS)
		return eval_test(run, &inner, tests, v);
	for (size_t i = 0; i < tests->count && result != AW_TRUE; i++) {
		enum aw_truth t = eval_test(run, &inner, tests->kids[i], v);

		if (t != AW_FALSE)
			result = t;
	}
	if (tests->negated && result != AW_NULL)
		return result == AW_TRUE ? AW_FALSE : AW_TRUE;
	return result;
}

static struct aw_value
eval_in(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value v = aw_eval(run, scope, node->kids[0]);

	return of_truth(aw_eval_tests(run, scope, node->kids[1], v));
}

static struct aw_value
eval_tests_alone(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	(void)scope;
	aw_run_note(run, node, "tests have no value of their own");
	return aw_null;
}

struct aw_value
aw_eval(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	typedef struct aw_value eval_fn(
		struct aw_run *, const struct aw_scope *, const struct aw_node *);
	static eval_fn *const by_op[] = {
		[AW_OP_LITERAL] = eval_literal,
		[AW_OP_NAME] = eval_name,
		[AW_OP_OR] = eval_logic,
		[AW_OP_AND] = eval_logic,
		[AW_OP_EQ] = eval_compare,
		[AW_OP_NE] = eval_compare,
		[AW_OP_LT] = eval_compare,
		[AW_OP_LE] = eval_compare,
		[AW_OP_GT] = eval_compare,
		[AW_OP_GE] = eval_compare,
		[AW_OP_ADD] = eval_arithmetic,
		[AW_OP_SUB] = eval_arithmetic,
		[AW_OP_MUL] = eval_arithmetic,
		[AW_OP_DIV] = eval_arithmetic,
		[AW_OP_POW] = eval_arithmetic,
		[AW_OP_NEG] = eval_negate,
		[AW_OP_BETWEEN] = eval_between,
		[AW_OP_IN] = eval_in,
		[AW_OP_INSTANCE] = eval_instance,
		[AW_OP_PATH] = aw_eval_path,
		[AW_OP_FILTER] = aw_eval_filter,
		[AW_OP_CALL] = aw_eval_call,
		[AW_OP_FUNCTION] = aw_eval_function,
		[AW_OP_IF] = eval_if,
		[AW_OP_FOR] = aw_eval_for,
		[AW_OP_SOME] = aw_eval_quantified,
		[AW_OP_EVERY] = aw_eval_quantified,
		[AW_OP_SPAN] = eval_tests_alone,
		[AW_OP_LIST] = eval_list,
		[AW_OP_CONTEXT] = eval_context,
		[AW_OP_RANGE] = eval_range,
		[AW_OP_COMPARE] = eval_compare_range,
		[AW_OP_TESTS] = eval_tests_alone,
		[AW_OP_ANY] = eval_tests_alone,
	};
	struct aw_value v;

	if (run->exhausted)
		return aw_null;
	if (++run->steps > AW_RUN_STEPS || run->depth >= DEPTH_MOST) {
		run->exhausted = true;
		aw_run_note(run, node, "stopped: the calculation is too long or too deep");
		return aw_null;
	}
	run->depth++;
	v = by_op[node->op](run, scope, node);
	run->depth--;
	return run->exhausted ? aw_null : v;
}
