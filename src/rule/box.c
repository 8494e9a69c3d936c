/* rule/drg - boxed expressions. */
#include "rule/drg.h"

static struct aw_value
typed(struct aw_run *run, const struct aw_type *type, struct aw_value v)
{
	bool ok;

	v = aw_type_coerce(run, run->types, type, v, &ok);
	if (!ok)
		aw_run_note(run, NULL, "the value is not of the type that is declared");
	return v;
}

static struct aw_value
eval_literal(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	run->place = "literal expression";
	run->line = box->line;
	run->text = box->text;
	if (box->node == NULL) {
		aw_run_note(run, NULL, "%s", box->problem == NULL ? "empty" : box->problem);
		return aw_null;
	}
	return aw_eval(run, scope, box->node);
}

static struct aw_value
eval_table(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	return aw_table_eval(run, scope, box->table);
}

static struct aw_value
eval_context(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	struct aw_context *context = AW_NEW(run->arena, struct aw_context);
	struct aw_scope *inner = AW_NEW(run->arena, struct aw_scope);

	*inner = (struct aw_scope){ scope, context };
	for (size_t i = 0; i < box->count; i++) {
		if (box->names[i].len == 0)
			return aw_box_eval(run, inner, box->kids[i]);
		struct aw_value v =
			typed(run, box->types[i], aw_box_eval(run, inner, box->kids[i]));

		aw_context_put(run->arena, context, box->names[i], v);
	}
	return aw_value_context(context);
}

static struct aw_value
eval_relation(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	struct aw_list *rows = AW_NEW(run->arena, struct aw_list);

	for (size_t i = 0; i < box->count; i += box->name_count) {
		struct aw_context *row = AW_NEW(run->arena, struct aw_context);

		for (size_t k = 0; k < box->name_count; k++)
			aw_context_put(run->arena, row, box->names[k],
				aw_box_eval(run, scope, box->kids[i + k]));
		aw_list_add(run->arena, rows, aw_value_context(row));
	}
	return aw_value_list(rows);
}

static struct aw_value
eval_list(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	struct aw_list *list = AW_NEW(run->arena, struct aw_list);

	for (size_t i = 0; i < box->count; i++)
		aw_list_add(run->arena, list, aw_box_eval(run, scope, box->kids[i]));
	return aw_value_list(list);
}

static struct aw_value
call_box(struct aw_run *run, const struct aw_closure *closure, const struct aw_value *args,
	size_t count)
{
	struct aw_context *names = AW_NEW(run->arena, struct aw_context);
	struct aw_scope *scope = AW_NEW(run->arena, struct aw_scope);
	const struct aw_box *box = closure->self;

	if (box->external) {
		aw_run_note(run, NULL, "functions in other languages are not run");
		return aw_null;
	}
	if (run->depth > 300) {
		run->exhausted = true;
		aw_run_note(run, NULL, "stopped: the calculation is too deep");
		return aw_null;
	}
	for (size_t i = 0; i < count; i++)
		aw_context_put(run->arena, names, closure->params[i], args[i]);
	*scope = (struct aw_scope){ closure->scope, names };
	run->depth += 4;
	struct aw_value v = aw_box_eval(run, scope, box->count > 0 ? box->kids[0] : NULL);

	run->depth -= 4;
	return v;
}

struct aw_value
aw_box_function(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box,
	const char *name)
{
	struct aw_closure *closure = AW_NEW(run->arena, struct aw_closure);

	closure->call = call_box;
	closure->name = name;
	closure->params = box->names;
	closure->types = box->types;
	closure->param_count = box->name_count;
	closure->least_count = box->name_count;
	closure->result = box->type;
	closure->type_scope = run->types;
	closure->scope = scope;
	closure->self = box;
	return (struct aw_value){ .kind = AW_VALUE_FUNCTION, .u.function = closure };
}

static struct aw_value
eval_function(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	return aw_box_function(run, scope, box, NULL);
}

static struct aw_value
eval_invocation(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	struct aw_value callee = aw_box_eval(run, scope, box->count > 0 ? box->kids[0] : NULL);
	struct aw_value args[64];

	if (callee.kind != AW_VALUE_FUNCTION || callee.u.function->param_count > AW_COUNT(args)) {
		aw_run_note(run, NULL, "what is invoked is not a function");
		return aw_null;
	}
	const struct aw_closure *closure = callee.u.function;

	for (size_t i = 0; i < closure->param_count; i++) {
		args[i] = aw_null;
		for (size_t k = 0; k < box->name_count; k++) {
			if (aw_str_eq(box->names[k], closure->params[i]))
				args[i] = aw_box_eval(run, scope, box->kids[k + 1]);
		}
	}
	for (size_t k = 0; k < box->name_count; k++) {
		bool known = false;

		for (size_t i = 0; i < closure->param_count; i++)
			known = known || aw_str_eq(box->names[k], closure->params[i]);
		if (!known) {
			aw_run_note(run, NULL, "\"%.*s\" is not a parameter of it",
				(int)box->names[k].len, box->names[k].at);
			return aw_null;
		}
	}
	return aw_call(run, closure, args, closure->param_count);
}

static struct aw_value
eval_conditional(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	struct aw_value condition = aw_box_eval(run, scope, box->kids[0]);

	if (condition.kind != AW_VALUE_FLAG) {
		aw_run_note(run, NULL, "the condition is neither true nor false");
		return aw_null;
	}
	return aw_box_eval(run, scope, box->kids[aw_value_true(condition) ? 1 : 2]);
}

static const struct aw_scope *
element_scope(struct aw_run *run, const struct aw_scope *scope, struct aw_str name,
	struct aw_value element, const struct aw_list *partial)
{
	struct aw_context *names = AW_NEW(run->arena, struct aw_context);
	struct aw_scope *inner = AW_NEW(run->arena, struct aw_scope);

	aw_context_put(run->arena, names, name, element);
	if (partial != NULL) {
		struct aw_list *copy = AW_NEW(run->arena, struct aw_list);

		*copy = *partial;
		copy->room = copy->count;
		aw_context_put(run->arena, names, AW_STR_LIT("partial"), aw_value_list(copy));
	}
	*inner = (struct aw_scope){ scope, names };
	return inner;
}

static struct aw_value
eval_filter(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	struct aw_value base = aw_box_eval(run, scope, box->kids[0]);
	const struct aw_list *list = aw_value_elements(run, base);
	struct aw_list *kept = AW_NEW(run->arena, struct aw_list);

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const struct aw_scope *item =
			element_scope(run, scope, AW_STR_LIT("item"), list->at[i], NULL);
		struct aw_scope *entries = AW_NEW(run->arena, struct aw_scope);

		if (list->at[i].kind == AW_VALUE_CONTEXT) {
			*entries = (struct aw_scope){ item, list->at[i].u.context };
			item = entries;
		}
		struct aw_value v = aw_box_eval(run, item, box->kids[1]);

		if (v.kind != AW_VALUE_FLAG && v.kind != AW_VALUE_NULL) {
			aw_run_note(run, NULL, "the condition is neither true nor false");
			return aw_null;
		}
		if (aw_value_true(v))
			aw_list_add(run->arena, kept, list->at[i]);
	}
	return base.kind == AW_VALUE_NULL ? aw_null : aw_value_list(kept);
}

static struct aw_value
eval_iteration(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	struct aw_value in = aw_box_eval(run, scope, box->kids[0]);
	const struct aw_list *list = in.kind == AW_VALUE_NULL ? NULL : aw_value_elements(run, in);
	struct aw_list *results = AW_NEW(run->arena, struct aw_list);
	struct aw_value decided = aw_value_flag(box->kind == AW_BOX_EVERY);

	if (list == NULL) {
		aw_run_note(run, NULL, "there is nothing to iterate over");
		return aw_null;
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct aw_scope *inner = element_scope(run, scope, box->names[0], list->at[i],
			box->kind == AW_BOX_FOR ? results : NULL);
		struct aw_value v = aw_box_eval(run, inner, box->kids[1]);

		if (box->kind == AW_BOX_FOR)
			aw_list_add(run->arena, results, v);
		else if (v.kind == AW_VALUE_FLAG && v.u.flag == (box->kind == AW_BOX_SOME))
			return v;
		else if (v.kind != AW_VALUE_FLAG)
			decided = aw_null;
	}
	return box->kind == AW_BOX_FOR ? aw_value_list(results) : decided;
}

struct aw_value
aw_box_eval(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box)
{
	typedef struct aw_value box_fn(
		struct aw_run *, const struct aw_scope *, const struct aw_box *);
	static box_fn *const by_kind[] = {
		[AW_BOX_LITERAL] = eval_literal,
		[AW_BOX_TABLE] = eval_table,
		[AW_BOX_INVOCATION] = eval_invocation,
		[AW_BOX_CONTEXT] = eval_context,
		[AW_BOX_RELATION] = eval_relation,
		[AW_BOX_LIST] = eval_list,
		[AW_BOX_FUNCTION] = eval_function,
		[AW_BOX_CONDITIONAL] = eval_conditional,
		[AW_BOX_FILTER] = eval_filter,
		[AW_BOX_FOR] = eval_iteration,
		[AW_BOX_SOME] = eval_iteration,
		[AW_BOX_EVERY] = eval_iteration,
	};

	if (box == NULL) {
		aw_run_note(run, NULL, "there is no logic here");
		return aw_null;
	}
	struct aw_value v = by_kind[box->kind](run, scope, box);

	return box->kind == AW_BOX_FUNCTION ? v : typed(run, box->type, v);
}
