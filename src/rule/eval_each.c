/* rule/eval - for, some, every, filters and paths. */
#include "rule/eval.h"
#include "rule/temporal.h"

enum { ELEMENTS_MOST = 1000000 };

/* Whole numbers or days from a to b, up or down; null ends give nothing. */
static const struct aw_list *
span_elements(struct aw_run *run, const struct aw_node *node, struct aw_value a, struct aw_value b)
{
	struct aw_list *list = AW_NEW(run->arena, struct aw_list);
	bool dates = a.kind == AW_VALUE_DATE && b.kind == AW_VALUE_DATE;
	int64_t from, to;

	if (dates) {
		from = aw_when_days(a.u.when);
		to = aw_when_days(b.u.when);
	} else if (a.kind != AW_VALUE_NUMBER || b.kind != AW_VALUE_NUMBER ||
		   !aw_num_int64(a.u.number, &from) || !aw_num_int64(b.u.number, &to)) {
		if (node != NULL)
			aw_run_note(run, node, "an iteration runs over whole numbers or dates");
		return NULL;
	}
	if (from - to > ELEMENTS_MOST || to - from > ELEMENTS_MOST) {
		aw_run_note(run, node, "an iteration of more than %d elements", ELEMENTS_MOST);
		return NULL;
	}
	for (int64_t i = from;; i += from <= to ? 1 : -1) {
		struct aw_when when = { 0 };

		if (dates)
			aw_when_set_days(&when, i);
		aw_list_add(run->arena, list,
			dates ? aw_when_value(run->arena, AW_VALUE_DATE, when) : aw_value_int(i));
		if (i == to)
			break;
	}
	return list;
}

const struct aw_list *
aw_value_elements(struct aw_run *run, struct aw_value v)
{
	struct aw_list *list = AW_NEW(run->arena, struct aw_list);

	if (v.kind == AW_VALUE_LIST)
		return v.u.list;
	if (v.kind == AW_VALUE_RANGE) {
		const struct aw_list *all =
			span_elements(run, NULL, v.u.range->low, v.u.range->high);

		if (all == NULL)
			return NULL;
		for (size_t i = 0; i < all->count; i++) {
			bool out = (i == 0 && !v.u.range->low_closed) ||
				   (i + 1 == all->count && !v.u.range->high_closed);

			if (!out)
				aw_list_add(run->arena, list, all->at[i]);
		}
		return list;
	}
	if (v.kind != AW_VALUE_NULL)
		aw_list_add(run->arena, list, v);
	return list;
}

/* -- for, some, every -------------------------------------------------------------------------- */

/* An iteration in progress: domains are nested from the first to the last. */
struct loop {
	struct aw_run *run;
	const struct aw_node *node;
	struct aw_list *results;
	struct aw_value decided; /* some, every: of the outermost level so far */
	bool failed;
};

static const struct aw_list *
domain(struct loop *loop, const struct aw_scope *scope, size_t i)
{
	const struct aw_node *node = loop->node->kids[i];
	struct aw_run *run = loop->run;

	if (node->op == AW_OP_SPAN)
		return span_elements(run, node, aw_eval(run, scope, node->kids[0]),
			aw_eval(run, scope, node->kids[1]));
	struct aw_value v = aw_eval(run, scope, node);
	const struct aw_list *list = v.kind == AW_VALUE_NULL ? NULL : aw_value_elements(run, v);

	if (list == NULL)
		aw_run_note(run, node, "there is nothing to iterate over");
	return list;
}

/* Returns true when the result is decided and the loop may end. */
static bool
visit(struct loop *loop, const struct aw_scope *scope)
{
	const struct aw_node *body = loop->node->kids[loop->node->count - 1];
	struct aw_value v = aw_eval(loop->run, scope, body);

	if (loop->node->op == AW_OP_FOR) {
		aw_list_add(loop->run->arena, loop->results, v);
		return false;
	}
	bool decides = loop->node->op == AW_OP_SOME;

	if (v.kind == AW_VALUE_FLAG && v.u.flag == decides) {
		loop->decided = v;
		return true;
	}
	if (v.kind != AW_VALUE_FLAG)
		loop->decided = aw_null;
	return false;
}

static bool
iterate(struct loop *loop, const struct aw_scope *scope, size_t level)
{
	if (level == loop->node->name_count)
		return visit(loop, scope);
	const struct aw_list *list = domain(loop, scope, level);

	if (list == NULL) {
		loop->failed = true;
		return true;
	}
	for (size_t i = 0; i < list->count; i++) {
		struct aw_context *names = AW_NEW(loop->run->arena, struct aw_context);
		struct aw_scope *inner = AW_NEW(loop->run->arena, struct aw_scope);

		aw_context_put(loop->run->arena, names, loop->node->names[level], list->at[i]);
		if (loop->results != NULL) {
			struct aw_list *partial = AW_NEW(loop->run->arena, struct aw_list);

			*partial = *loop->results;
			partial->room = partial->count;
			aw_context_put(loop->run->arena, names, AW_STR_LIT("partial"),
				aw_value_list(partial));
		}
		*inner = (struct aw_scope){ scope, names };
		if (loop->run->exhausted || iterate(loop, inner, level + 1))
			return true;
	}
	return false;
}

struct aw_value
aw_eval_for(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct loop loop = { .run = run, .node = node };

	loop.results = AW_NEW(run->arena, struct aw_list);
	(void)iterate(&loop, scope, 0);
	return loop.failed ? aw_null : aw_value_list(loop.results);
}

struct aw_value
aw_eval_quantified(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct loop loop = { .run = run, .node = node };

	loop.decided = aw_value_flag(node->op == AW_OP_EVERY);
	(void)iterate(&loop, scope, 0);
	return loop.failed ? aw_null : loop.decided;
}

/* -- filters and paths ------------------------------------------------------------------------- */

static struct aw_value
element(struct aw_run *run, const struct aw_node *node, const struct aw_list *list,
	struct aw_num position)
{
	int64_t i;
	int64_t count = (int64_t)list->count;

	if (!aw_num_int64(position, &i) || i == 0 || i > count || i < -count) {
		aw_run_note(run, node, "the list has no element of that number");
		return aw_null;
	}
	return list->at[i > 0 ? i - 1 : count + i];
}

struct aw_value
aw_eval_filter(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value base = aw_eval(run, scope, node->kids[0]);
	struct aw_list *kept = AW_NEW(run->arena, struct aw_list), single = { 0 };
	const struct aw_list *list = base.u.list;

	if (base.kind != AW_VALUE_LIST) {
		if (base.kind != AW_VALUE_NULL)
			aw_list_add(run->arena, &single, base);
		list = &single;
	}
	if (node->kids[1]->op == AW_OP_LITERAL && node->kids[1]->value.kind == AW_VALUE_NUMBER)
		return element(run, node, list, node->kids[1]->value.u.number);
	if (list->count == 0 && base.kind != AW_VALUE_NULL) {
		struct aw_run probe = *run; /* is it an index? what it notes is of no interest */
		struct aw_value v = aw_eval(&probe, scope, node->kids[1]);

		run->steps = probe.steps;
		if (run->last != NULL)
			run->last->next = NULL;
		if (v.kind == AW_VALUE_NUMBER)
			return element(run, node, list, v.u.number);
	}
	for (size_t i = 0; i < list->count; i++) {
		struct aw_context *item = AW_NEW(run->arena, struct aw_context);
		struct aw_scope *inner = AW_NEW(run->arena, struct aw_scope);
		struct aw_scope *entries = AW_NEW(run->arena, struct aw_scope);

		aw_context_put(run->arena, item, AW_STR_LIT("item"), list->at[i]);
		*inner = (struct aw_scope){ scope, item };
		*entries = *inner;
		if (list->at[i].kind == AW_VALUE_CONTEXT)
			*entries = (struct aw_scope){ inner, list->at[i].u.context };
		struct aw_value v = aw_eval(run, entries, node->kids[1]);

		if (v.kind == AW_VALUE_NUMBER)
			return element(run, node, list, v.u.number);
		if (aw_value_true(v))
			aw_list_add(run->arena, kept, list->at[i]);
	}
	return aw_value_list(kept);
}

static bool
range_path(const struct aw_range *range, struct aw_str name, struct aw_value *ret)
{
	if (aw_str_is(name, "start"))
		*ret = range->low;
	else if (aw_str_is(name, "end"))
		*ret = range->high;
	else if (aw_str_is(name, "start included"))
		*ret = aw_value_flag(range->low_closed);
	else if (aw_str_is(name, "end included"))
		*ret = aw_value_flag(range->high_closed);
	else
		return false;
	return true;
}

struct aw_value
aw_value_path(
	struct aw_run *run, const struct aw_node *node, struct aw_value base, struct aw_str name)
{
	struct aw_value v = aw_null;
	bool found = false;

	if (base.kind == AW_VALUE_LIST) {
		struct aw_list *list = AW_NEW(run->arena, struct aw_list);

		for (size_t i = 0; i < base.u.list->count; i++)
			aw_list_add(run->arena, list,
				aw_value_path(run, node, base.u.list->at[i], name));
		return aw_value_list(list);
	}
	if (base.kind == AW_VALUE_CONTEXT) {
		const struct aw_value *entry = aw_context_get(base.u.context, name);

		found = entry != NULL;
		v = found ? *entry : aw_null;
	} else if (base.kind == AW_VALUE_RANGE) {
		found = range_path(base.u.range, name, &v);
	} else if (base.kind != AW_VALUE_NULL) {
		v = aw_temporal_property(run->arena, base, name, &found);
	}
	if (!found)
		aw_run_note(run, node, "%s has nothing called \"%.*s\"",
			aw_value_kind_name(base.kind), (int)(name.len > 80 ? 80 : name.len),
			name.at);
	return v;
}

struct aw_value
aw_eval_path(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	return aw_value_path(run, node, aw_eval(run, scope, node->kids[0]), node->text);
}
