/* rule/builtin - contexts. */
#include <string.h>

#include "rule/builtin.h"

static bool
arg_context(struct aw_run *run, const struct aw_value *args, size_t count, size_t i,
	const struct aw_context **ret)
{
	struct aw_value v = aw_arg(args, count, i, AW_VALUE_CONTEXT);

	if (v.kind == AW_VALUE_CONTEXT) {
		*ret = v.u.context;
		return true;
	}
	aw_run_note(run, NULL, "argument %zu is not a context", i + 1);
	return false;
}

static struct aw_value
call_get_value(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_context *context;
	struct aw_str key;

	(void)c;
	if (!arg_context(run, args, count, 0, &context) || !aw_arg_text(run, args, count, 1, &key))
		return aw_null;
	const struct aw_value *v = aw_context_get(context, key);

	return v == NULL ? aw_null : *v;
}

static struct aw_value
call_get_entries(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_context *context;
	struct aw_list *list = AW_NEW(run->arena, struct aw_list);

	(void)c;
	if (!arg_context(run, args, count, 0, &context))
		return aw_null;
	for (size_t i = 0; i < context->count; i++) {
		struct aw_context *entry = AW_NEW(run->arena, struct aw_context);

		aw_context_put(
			run->arena, entry, AW_STR_LIT("key"), aw_value_text(context->at[i].name));
		aw_context_put(run->arena, entry, AW_STR_LIT("value"), context->at[i].value);
		aw_list_add(run->arena, list, aw_value_context(entry));
	}
	return aw_value_list(list);
}

/* context([{key: ..., value: ...}]): each key once. */
static struct aw_value
call_context(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_context *made = AW_NEW(run->arena, struct aw_context);

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		struct aw_value entry = list->at[i];
		const struct aw_value *key =
			entry.kind != AW_VALUE_CONTEXT
				? NULL
				: aw_context_get(entry.u.context, AW_STR_LIT("key"));
		const struct aw_value *value =
			key == NULL ? NULL : aw_context_get(entry.u.context, AW_STR_LIT("value"));

		if (value == NULL || key->kind != AW_VALUE_TEXT ||
			aw_context_get(made, key->u.text) != NULL) {
			aw_run_note(run, NULL,
				"element %zu is not an entry with a key and a value of its own",
				i + 1);
			return aw_null;
		}
		aw_context_put(run->arena, made, key->u.text, *value);
	}
	return aw_value_context(made);
}

static struct aw_context *
copy_of(struct aw_run *run, const struct aw_context *context)
{
	struct aw_context *copy = AW_NEW(run->arena, struct aw_context);

	for (size_t i = 0; i < context->count; i++)
		aw_context_put(run->arena, copy, context->at[i].name, context->at[i].value);
	return copy;
}

/* Puts a value at a path of keys; null when a key on the way is not a context. */
static struct aw_value
put_at(struct aw_run *run, const struct aw_context *context, const struct aw_value *keys,
	size_t count, struct aw_value value)
{
	struct aw_context *copy = copy_of(run, context);

	if (count == 0 || keys[0].kind != AW_VALUE_TEXT) {
		aw_run_note(run, NULL, "a key of a context is a text");
		return aw_null;
	}
	if (count > 1) {
		const struct aw_value *inner = aw_context_get(context, keys[0].u.text);

		if (inner == NULL || inner->kind != AW_VALUE_CONTEXT) {
			aw_run_note(run, NULL, "a key on the way is not a context");
			return aw_null;
		}
		value = put_at(run, inner->u.context, keys + 1, count - 1, value);
		if (value.kind == AW_VALUE_NULL)
			return aw_null;
	}
	aw_context_put(run->arena, copy, keys[0].u.text, value);
	return aw_value_context(copy);
}

static struct aw_value
call_put(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_context *context;

	if (!arg_context(run, args, count, 0, &context))
		return aw_null;
	if (args[1].kind == AW_VALUE_LIST && aw_str_is(c->params[1], "keys"))
		return put_at(run, context, args[1].u.list->at, args[1].u.list->count, args[2]);
	return put_at(run, context, &args[1], 1, args[2]);
}

static struct aw_value
call_merge(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_context *merged = AW_NEW(run->arena, struct aw_context);

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].kind != AW_VALUE_CONTEXT) {
			aw_run_note(run, NULL, "element %zu is not a context", i + 1);
			return aw_null;
		}
		const struct aw_context *context = list->at[i].u.context;

		for (size_t k = 0; k < context->count; k++)
			aw_context_put(
				run->arena, merged, context->at[k].name, context->at[k].value);
	}
	return aw_value_context(merged);
}

#define P AW_PARAM
static const struct aw_closure functions[] = {
	AW_BUILTIN(call_get_value, "get value", 2, P("m"), P("key")),
	AW_BUILTIN(call_get_value, "get value", 2, P("context"), P("key")),
	AW_BUILTIN(call_get_entries, "get entries", 1, P("m")),
	AW_BUILTIN(call_get_entries, "get entries", 1, P("context")),
	AW_BUILTIN(call_context, "context", 1, P("entries")),
	AW_BUILTIN(call_put, "context put", 3, P("context"), P("keys"), P("value")),
	AW_BUILTIN(call_put, "context put", 3, P("context"), P("key"), P("value")),
	AW_BUILTIN(call_merge, "context merge", 1, P("contexts")),
};
const struct aw_builtin_table aw_builtin_contexts = { functions, AW_COUNT(functions) };
