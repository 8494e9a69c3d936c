/* rule/type - conformance and coercion. */
#include "rule/type.h"

#include "rule/eval.h"
#include "rule/temporal.h"

enum { DEPTH_MOST = 64 };

const struct aw_type aw_type_any = { .kind = AW_TYPE_ANY };

static const struct {
	const char *name;
	struct aw_type type;
} builtins[] = {
	{ "Any", { .kind = AW_TYPE_ANY } },
	{ "any", { .kind = AW_TYPE_ANY } },
	{ "Null", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_NULL } },
	{ "number", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_NUMBER } },
	{ "string", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_TEXT } },
	{ "boolean", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_FLAG } },
	{ "date", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_DATE } },
	{ "time", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_TIME } },
	{ "date and time", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_DATE_TIME } },
	{ "dateTime", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_DATE_TIME } },
	{ "years and months duration", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_MONTHS } },
	{ "yearMonthDuration", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_MONTHS } },
	{ "days and time duration", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_LAPSE } },
	{ "dayTimeDuration", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_LAPSE } },
	{ "duration", { .kind = AW_TYPE_BASIC, .basic = AW_VALUE_LAPSE, .days_or_months = true } },
	{ "list", { .kind = AW_TYPE_LIST } },
	{ "context", { .kind = AW_TYPE_CONTEXT } },
	{ "range", { .kind = AW_TYPE_RANGE } },
	{ "function", { .kind = AW_TYPE_FUNCTION } },
};

const struct aw_type *
aw_type_builtin(struct aw_str name)
{
	struct aw_str rest = name;

	if (aw_str_starts(name, "feel.")) /* the prefix that old files give to FEEL's namespace */
		rest = (struct aw_str){ name.at + 5, name.len - 5 };
	for (size_t i = 0; i < AW_COUNT(builtins); i++) {
		if (aw_str_is(rest, builtins[i].name))
			return &builtins[i].type;
	}
	return NULL;
}

const struct aw_type *
aw_type_find(const struct aw_types *types, struct aw_str name)
{
	const struct aw_type *type = aw_type_builtin(name);

	if (type != NULL)
		return type;
	for (; types != NULL; types = types->parent) {
		for (size_t i = 0; i < types->count; i++) {
			if (aw_str_eq(types->at[i]->name, name))
				return types->at[i];
		}
	}
	return &aw_type_any;
}

const struct aw_type *
aw_type_resolve(const struct aw_types *types, const struct aw_type *type)
{
	for (int i = 0; i < DEPTH_MOST; i++) {
		if (type == NULL)
			return &aw_type_any;
		if (type->kind != AW_TYPE_NAMED || type->allowed != NULL)
			return type;
		type = type->of != NULL ? type->of : aw_type_find(types, type->name);
	}
	return &aw_type_any;
}

static bool has(struct aw_run *run, const struct aw_types *types, const struct aw_type *type,
	struct aw_value v, int depth);

static bool
allows(struct aw_run *run, const struct aw_type *type, struct aw_value v)
{
	return type->allowed == NULL || aw_eval_tests(run, NULL, type->allowed, v) == AW_TRUE;
}

static bool
has_list(struct aw_run *run, const struct aw_types *types, const struct aw_type *type,
	struct aw_value v, int depth)
{
	if (v.kind != AW_VALUE_LIST)
		return false;
	for (size_t i = 0; i < v.u.list->count; i++) {
		if (type->of != NULL && !has(run, types, type->of, v.u.list->at[i], depth))
			return false;
		if (!type->allowed_whole && !allows(run, type, v.u.list->at[i]))
			return false;
	}
	return !type->allowed_whole || allows(run, type, v);
}

static bool
has_context(struct aw_run *run, const struct aw_types *types, const struct aw_type *type,
	struct aw_value v, int depth)
{
	if (v.kind != AW_VALUE_CONTEXT)
		return false;
	for (size_t i = 0; i < type->field_count; i++) {
		const struct aw_value *entry = aw_context_get(v.u.context, type->fields[i].name);

		if (entry == NULL || !has(run, types, type->fields[i].type, *entry, depth))
			return false;
	}
	return allows(run, type, v);
}

/* Is every value of type a also one of type b? */
static bool
type_fits(const struct aw_types *types, const struct aw_type *a, const struct aw_type *b, int depth)
{
	a = aw_type_resolve(types, a);
	b = aw_type_resolve(types, b);
	if (b->kind == AW_TYPE_ANY || depth > DEPTH_MOST || a == b)
		return true;
	if (a->kind != b->kind || (a->kind == AW_TYPE_BASIC && a->basic != b->basic))
		return false;
	if (a->kind == AW_TYPE_LIST || a->kind == AW_TYPE_RANGE)
		return type_fits(types, a->of, b->of, depth + 1);
	for (size_t i = 0; a->kind == AW_TYPE_CONTEXT && i < b->field_count; i++) {
		const struct aw_type *found = NULL;

		for (size_t k = 0; k < a->field_count; k++) {
			if (aw_str_eq(a->fields[k].name, b->fields[i].name))
				found = a->fields[k].type;
		}
		if (found == NULL || !type_fits(types, found, b->fields[i].type, depth + 1))
			return false;
	}
	return true;
}

/* Parameters are contravariant, the result covariant. */
static bool
has_function(const struct aw_types *types, const struct aw_type *type, struct aw_value v)
{
	if (v.kind != AW_VALUE_FUNCTION)
		return false;
	const struct aw_closure *f = v.u.function;

	if (type->of == NULL && type->field_count == 0)
		return true;
	if (f->param_count != type->field_count)
		return false;
	for (size_t i = 0; i < type->field_count; i++) {
		const struct aw_type *own = f->types == NULL ? &aw_type_any : f->types[i];

		if (!type_fits(types, type->fields[i].type, own, 0))
			return false;
	}
	return f->result == NULL || type_fits(types, f->result, type->of, 0);
}

static bool
has_range(struct aw_run *run, const struct aw_types *types, const struct aw_type *type,
	struct aw_value v, int depth)
{
	if (v.kind != AW_VALUE_RANGE)
		return false;
	if (type->of == NULL)
		return true;
	return has(run, types, type->of, v.u.range->low, depth) &&
	       has(run, types, type->of, v.u.range->high, depth);
}

static bool
has(struct aw_run *run, const struct aw_types *types, const struct aw_type *type, struct aw_value v,
	int depth)
{
	type = aw_type_resolve(types, type);
	if (v.kind == AW_VALUE_NULL || depth > DEPTH_MOST)
		return true;
	switch (type->kind) {
	case AW_TYPE_ANY:
		return allows(run, type, v);
	case AW_TYPE_BASIC:
		return (v.kind == type->basic ||
			       (type->days_or_months && v.kind == AW_VALUE_MONTHS)) &&
		       allows(run, type, v);
	case AW_TYPE_LIST:
		return has_list(run, types, type, v, depth + 1);
	case AW_TYPE_CONTEXT:
		return has_context(run, types, type, v, depth + 1);
	case AW_TYPE_RANGE:
		return has_range(run, types, type, v, depth + 1);
	case AW_TYPE_FUNCTION:
		return has_function(types, type, v);
	case AW_TYPE_NAMED: /* an item definition: another one, narrowed */
		return has(run, types, type->of, v, depth + 1) && allows(run, type, v);
	}
	return false;
}

bool
aw_type_has(struct aw_run *run, const struct aw_types *types, const struct aw_type *type,
	struct aw_value v)
{
	return has(run, types, type, v, 0);
}

struct aw_value
aw_type_coerce(struct aw_run *run, const struct aw_types *types, const struct aw_type *type,
	struct aw_value v, bool *ret_ok)
{
	*ret_ok = true;
	if (type == NULL || type->kind == AW_TYPE_ANY || aw_type_has(run, types, type, v))
		return v;
	if (v.kind == AW_VALUE_LIST && v.u.list->count == 1 &&
		aw_type_has(run, types, type, v.u.list->at[0]))
		return v.u.list->at[0];
	struct aw_list *single = AW_NEW(run->arena, struct aw_list);

	aw_list_add(run->arena, single, v);
	if (v.kind != AW_VALUE_LIST && aw_type_has(run, types, type, aw_value_list(single)))
		return aw_value_list(single);
	const struct aw_type *plain = aw_type_resolve(types, type);

	if (v.kind == AW_VALUE_DATE && plain->kind == AW_TYPE_BASIC &&
		plain->basic == AW_VALUE_DATE_TIME) {
		struct aw_when midnight = *v.u.when;

		midnight.zone = AW_ZONE_OFFSET;
		return aw_when_value(run->arena, AW_VALUE_DATE_TIME, midnight);
	}
	*ret_ok = false;
	return aw_null;
}

static struct aw_value
read_basic(struct aw_arena *arena, const struct aw_type *type, struct aw_value v)
{
	struct aw_value read = v;

	if (v.kind != AW_VALUE_TEXT)
		return v;
	if (type->basic == AW_VALUE_DATE)
		read = aw_date_parse(arena, v.u.text);
	else if (type->basic == AW_VALUE_TIME)
		read = aw_time_parse(arena, v.u.text);
	else if (type->basic == AW_VALUE_DATE_TIME)
		read = aw_date_time_parse(arena, v.u.text);
	else if (type->basic == AW_VALUE_MONTHS || type->basic == AW_VALUE_LAPSE)
		read = aw_duration_parse(v.u.text);
	return read.kind == AW_VALUE_NULL ? v : read;
}

struct aw_value
aw_type_read(struct aw_arena *arena, const struct aw_types *types, const struct aw_type *type,
	struct aw_value v)
{
	type = aw_type_resolve(types, type);
	if (type->kind == AW_TYPE_NAMED && type->of != NULL)
		return aw_type_read(arena, types, type->of, v);
	if (type->kind == AW_TYPE_BASIC)
		return read_basic(arena, type, v);
	if (type->kind == AW_TYPE_LIST && v.kind == AW_VALUE_LIST && type->of != NULL) {
		struct aw_list *list = AW_NEW(arena, struct aw_list);

		for (size_t i = 0; i < v.u.list->count; i++)
			aw_list_add(
				arena, list, aw_type_read(arena, types, type->of, v.u.list->at[i]));
		return aw_value_list(list);
	}
	if (type->kind != AW_TYPE_CONTEXT || v.kind != AW_VALUE_CONTEXT)
		return v;
	struct aw_context *context = AW_NEW(arena, struct aw_context);

	for (size_t i = 0; i < v.u.context->count; i++) {
		struct aw_entry entry = v.u.context->at[i];

		for (size_t k = 0; k < type->field_count; k++) {
			if (aw_str_eq(type->fields[k].name, entry.name))
				entry.value = aw_type_read(
					arena, types, type->fields[k].type, entry.value);
		}
		aw_context_put(arena, context, entry.name, entry.value);
	}
	return aw_value_context(context);
}
