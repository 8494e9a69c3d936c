/* rule/builtin - finding functions by name, and reading their arguments. */
#include "rule/builtin.h"

static const struct aw_builtin_table *const tables[] = { &aw_builtin_numbers, &aw_builtin_texts,
	&aw_builtin_lists, &aw_builtin_contexts, &aw_builtin_times, &aw_builtin_ranges };

const struct aw_closure *
aw_builtin_find(struct aw_str name)
{
	for (size_t t = 0; t < AW_COUNT(tables); t++) {
		for (size_t i = 0; i < tables[t]->count; i++) {
			if (aw_str_is(name, tables[t]->at[i].name))
				return &tables[t]->at[i];
		}
	}
	return NULL;
}

const struct aw_closure *
aw_builtin_next(const struct aw_closure *closure)
{
	for (size_t t = 0; t < AW_COUNT(tables); t++) {
		const struct aw_closure *end = tables[t]->at + tables[t]->count;

		if (closure < tables[t]->at || closure >= end)
			continue;
		for (const struct aw_closure *c = closure + 1; c < end; c++) {
			if (aw_text_eq(c->name, closure->name))
				return c;
		}
	}
	return NULL;
}

struct aw_value
aw_arg(const struct aw_value *args, size_t count, size_t i, enum aw_value_kind kind)
{
	if (i >= count)
		return aw_null;
	if (args[i].kind == AW_VALUE_LIST && kind != AW_VALUE_LIST && args[i].u.list->count == 1)
		return args[i].u.list->at[0];
	return args[i];
}

static bool
arg_of(struct aw_run *run, const struct aw_value *args, size_t count, size_t i,
	enum aw_value_kind kind, struct aw_value *ret)
{
	*ret = aw_arg(args, count, i, kind);
	if (ret->kind == kind)
		return true;
	aw_run_note(run, NULL, "argument %zu is a %s where a %s is needed", i + 1,
		aw_value_kind_name(ret->kind), aw_value_kind_name(kind));
	return false;
}

bool
aw_arg_number(
	struct aw_run *run, const struct aw_value *args, size_t count, size_t i, struct aw_num *ret)
{
	struct aw_value v;

	if (!arg_of(run, args, count, i, AW_VALUE_NUMBER, &v))
		return false;
	*ret = v.u.number;
	return true;
}

bool
aw_arg_int(struct aw_run *run, const struct aw_value *args, size_t count, size_t i, int64_t *ret)
{
	struct aw_num number;

	if (!aw_arg_number(run, args, count, i, &number))
		return false;
	if (aw_num_round(number, 0, AW_ROUND_DOWN, &number) && aw_num_int64(number, ret))
		return true;
	aw_run_note(run, NULL, "argument %zu is too large", i + 1);
	return false;
}

bool
aw_arg_text(
	struct aw_run *run, const struct aw_value *args, size_t count, size_t i, struct aw_str *ret)
{
	struct aw_value v;

	if (!arg_of(run, args, count, i, AW_VALUE_TEXT, &v))
		return false;
	*ret = v.u.text;
	return true;
}

bool
aw_arg_list(struct aw_run *run, const struct aw_value *args, size_t count, size_t i,
	const struct aw_list **ret)
{
	struct aw_list *single;

	if (i >= count || args[i].kind == AW_VALUE_NULL) {
		aw_run_note(run, NULL, "argument %zu is null where a list is needed", i + 1);
		return false;
	}
	if (args[i].kind == AW_VALUE_LIST) {
		*ret = args[i].u.list;
		return true;
	}
	single = AW_NEW(run->arena, struct aw_list);
	aw_list_add(run->arena, single, args[i]);
	*ret = single;
	return true;
}
