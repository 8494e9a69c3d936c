/* rule/eval - functions: calling them, arguments by place and by name, closures. */
#include "rule/eval.h"

enum { ARGS_MOST = 64 };

static struct aw_value
call_body(struct aw_run *run, const struct aw_closure *closure, const struct aw_value *args,
	size_t count)
{
	struct aw_context *names = AW_NEW(run->arena, struct aw_context);
	struct aw_scope *scope = AW_NEW(run->arena, struct aw_scope);

	for (size_t i = 0; i < count; i++)
		aw_context_put(run->arena, names, closure->params[i], args[i]);
	*scope = (struct aw_scope){ closure->scope, names };
	return aw_eval(run, scope, closure->body);
}

static struct aw_value
call_external(struct aw_run *run, const struct aw_closure *closure, const struct aw_value *args,
	size_t count)
{
	(void)closure;
	(void)args;
	(void)count;
	aw_run_note(run, NULL, "functions in other languages are not run");
	return aw_null;
}

struct aw_value
aw_eval_function(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_closure *closure = AW_NEW(run->arena, struct aw_closure);

	closure->call = node->negated ? call_external : call_body;
	closure->params = node->names;
	closure->types = node->types;
	closure->param_count = node->name_count;
	closure->least_count = node->name_count;
	closure->body = node->kids[0];
	closure->scope = scope;
	closure->type_scope = run->types;
	return (struct aw_value){ .kind = AW_VALUE_FUNCTION, .u.function = closure };
}

struct aw_value
aw_call(struct aw_run *run, const struct aw_closure *closure, const struct aw_value *args,
	size_t count)
{
	struct aw_value coerced[ARGS_MOST];
	bool ok;

	if (count > ARGS_MOST || count < closure->least_count || count > closure->param_count) {
		aw_run_note(run, NULL, "the function %s takes %zu arguments, not %zu",
			closure->name == NULL ? "without a name" : closure->name,
			closure->param_count, count);
		return aw_null;
	}
	for (size_t i = 0; i < count; i++) {
		coerced[i] = args[i];
		if (closure->types == NULL)
			continue;
		coerced[i] =
			aw_type_coerce(run, closure->type_scope, closure->types[i], args[i], &ok);
		if (!ok) {
			aw_run_note(run, NULL, "argument %zu is of the wrong type", i + 1);
			return aw_null;
		}
	}
	struct aw_value v = closure->call(run, closure, coerced, count);

	if (closure->result == NULL)
		return v;
	v = aw_type_coerce(run, closure->type_scope, closure->result, v, &ok);
	if (!ok)
		aw_run_note(run, NULL, "the result of %s is of the wrong type",
			closure->name == NULL ? "a function" : closure->name);
	return v;
}

/* Puts named arguments, *count of them, in the order of the parameters. False: a name is not a parameter. */
static bool
order_arguments(const struct aw_closure *closure, const struct aw_node *node,
	const struct aw_value *given, struct aw_value *args, size_t *count)
{
	bool filled[ARGS_MOST] = { false };

	if (closure->param_count > ARGS_MOST || node->name_count > *count)
		return false;
	*count = 0;
	for (size_t k = 0; k < closure->param_count; k++)
		args[k] = aw_null;
	for (size_t i = 0; i < node->name_count; i++) {
		size_t k = 0;

		while (k < closure->param_count && !aw_str_eq(closure->params[k], node->names[i]))
			k++;
		if (k == closure->param_count || filled[k])
			return false;
		args[k] = given[i];
		filled[k] = true;
		if (k + 1 > *count)
			*count = k + 1;
	}
	for (size_t k = 0; k < *count; k++) {
		if (!filled[k] && k < closure->least_count)
			return false;
	}
	return *count >= closure->least_count;
}

/* Arguments of a built-in that takes a list or its elements. */
static struct aw_value
gather(struct aw_run *run, const struct aw_value *given, size_t count)
{
	struct aw_list *list = AW_NEW(run->arena, struct aw_list);

	for (size_t i = 0; i < count; i++)
		aw_list_add(run->arena, list, given[i]);
	return aw_value_list(list);
}

static struct aw_value
call_variadic(struct aw_run *run, const struct aw_closure *closure, const struct aw_value *given,
	size_t count)
{
	struct aw_value all =
		count == 1 && given[0].kind == AW_VALUE_LIST ? given[0] : gather(run, given, count);

	if (count == 0) {
		aw_run_note(run, NULL, "%s needs an argument", closure->name);
		return aw_null;
	}
	return closure->call(run, closure, &all, 1);
}

/* Tries the built-ins of one name in turn: the first whose parameters fit. */
static struct aw_value
call_builtin(struct aw_run *run, const struct aw_closure *closure, const struct aw_node *node,
	const struct aw_value *given, size_t count)
{
	struct aw_value args[ARGS_MOST];

	for (const struct aw_closure *c = closure; c != NULL; c = aw_builtin_next(c)) {
		size_t n = count;

		if (node->name_count > 0) {
			if (order_arguments(c, node, given, args, &n))
				return c->call(run, c, args, n);
		} else if (c->variadic) {
			return call_variadic(run, c, given, count);
		} else if (count >= c->least_count && count <= c->param_count) {
			return c->call(run, c, given, count);
		}
	}
	aw_run_note(run, node, "%s does not take these arguments", closure->name);
	return aw_null;
}

struct aw_value
aw_eval_call(struct aw_run *run, const struct aw_scope *scope, const struct aw_node *node)
{
	struct aw_value callee = aw_eval(run, scope, node->kids[0]);
	struct aw_value given[ARGS_MOST], args[ARGS_MOST]; /* of which `count` are set */
	size_t count = node->count - 1;

	if (callee.kind != AW_VALUE_FUNCTION) {
		aw_run_note(run, node, "this is not a function");
		return aw_null;
	}
	const struct aw_closure *closure = callee.u.function;

	if (count > ARGS_MOST && !closure->variadic) {
		aw_run_note(run, node, "more than %d arguments", ARGS_MOST);
		return aw_null;
	}
	if (count > ARGS_MOST) {
		struct aw_value *many = AW_NEW_ARRAY(run->arena, struct aw_value, count);

		for (size_t i = 0; i < count; i++)
			many[i] = aw_eval(run, scope, node->kids[i + 1]);
		return call_variadic(run, closure, many, count);
	}
	for (size_t i = 0; i < count; i++)
		given[i] = aw_eval(run, scope, node->kids[i + 1]);
	if (closure->self == NULL && closure->body == NULL && closure->call != call_external)
		return call_builtin(run, closure, node, given, count);
	if (node->name_count == 0)
		return aw_call(run, closure, given, count);
	if (!order_arguments(closure, node, given, args, &count)) {
		aw_run_note(run, node, "these are not the names of its parameters");
		return aw_null;
	}
	return aw_call(run, closure, args, count);
}
