/* rule/value - making, comparing and printing FEEL values. */
#include "rule/value.h"

#include <string.h>

#include "rule/temporal.h"

const struct aw_value aw_null = { .kind = AW_VALUE_NULL };

struct aw_value
aw_value_flag(bool flag)
{
	return (struct aw_value){ .kind = AW_VALUE_FLAG, .u.flag = flag };
}

struct aw_value
aw_value_number(struct aw_num number)
{
	return (struct aw_value){ .kind = AW_VALUE_NUMBER, .u.number = number };
}

struct aw_value
aw_value_int(int64_t number)
{
	return aw_value_number(aw_num_int(number));
}

struct aw_value
aw_value_text(struct aw_str text)
{
	return (struct aw_value){ .kind = AW_VALUE_TEXT, .u.text = text };
}

struct aw_value
aw_value_list(const struct aw_list *list)
{
	return (struct aw_value){ .kind = AW_VALUE_LIST, .u.list = list };
}

struct aw_value
aw_value_context(const struct aw_context *context)
{
	return (struct aw_value){ .kind = AW_VALUE_CONTEXT, .u.context = context };
}

const char *
aw_value_kind_name(enum aw_value_kind kind)
{
	static const char *const names[] = {
		[AW_VALUE_NULL] = "Null",
		[AW_VALUE_FLAG] = "boolean",
		[AW_VALUE_NUMBER] = "number",
		[AW_VALUE_TEXT] = "string",
		[AW_VALUE_DATE] = "date",
		[AW_VALUE_TIME] = "time",
		[AW_VALUE_DATE_TIME] = "date and time",
		[AW_VALUE_MONTHS] = "years and months duration",
		[AW_VALUE_LAPSE] = "days and time duration",
		[AW_VALUE_LIST] = "list",
		[AW_VALUE_CONTEXT] = "context",
		[AW_VALUE_RANGE] = "range",
		[AW_VALUE_FUNCTION] = "function",
	};

	return names[kind];
}

void
aw_list_add(struct aw_arena *arena, struct aw_list *list, struct aw_value value)
{
	*AW_PUSH(arena, list->at, list->count, list->room) = value;
}

void
aw_context_put(struct aw_arena *arena, struct aw_context *context, struct aw_str name,
	struct aw_value value)
{
	for (size_t i = 0; i < context->count; i++) {
		if (aw_str_eq(context->at[i].name, name)) {
			context->at[i].value = value;
			return;
		}
	}
	*AW_PUSH(arena, context->at, context->count, context->room) =
		(struct aw_entry){ name, value };
}

const struct aw_value *
aw_context_get(const struct aw_context *context, struct aw_str name)
{
	for (size_t i = 0; i < context->count; i++) {
		struct aw_str there = context->at[i].name;

		/* the first byte tells most names apart without a call */
		if (there.len == name.len && (name.len == 0 || there.at[0] == name.at[0]) &&
			aw_str_eq(there, name))
			return &context->at[i].value;
	}
	return NULL;
}

static enum aw_truth
lists_equal(const struct aw_list *a, const struct aw_list *b)
{
	if (a->count != b->count)
		return AW_FALSE;
	for (size_t i = 0; i < a->count; i++) {
		enum aw_truth t = aw_value_equal(a->at[i], b->at[i]);

		if (t != AW_TRUE)
			return t;
	}
	return AW_TRUE;
}

static enum aw_truth
contexts_equal(const struct aw_context *a, const struct aw_context *b)
{
	if (a->count != b->count)
		return AW_FALSE;
	for (size_t i = 0; i < a->count; i++) {
		const struct aw_value *other = aw_context_get(b, a->at[i].name);

		if (other == NULL)
			return AW_FALSE;
		enum aw_truth t = aw_value_equal(a->at[i].value, *other);

		if (t != AW_TRUE)
			return t;
	}
	return AW_TRUE;
}

static enum aw_truth
ranges_equal(const struct aw_range *a, const struct aw_range *b)
{
	if (a->low_closed != b->low_closed || a->high_closed != b->high_closed ||
		a->not_equal != b->not_equal)
		return AW_FALSE;
	enum aw_truth low = aw_value_equal(a->low, b->low);

	return low == AW_TRUE ? aw_value_equal(a->high, b->high) : low;
}

enum aw_truth
aw_value_equal(struct aw_value a, struct aw_value b)
{
	int order = 1;

	if (a.kind == AW_VALUE_NULL || b.kind == AW_VALUE_NULL)
		return a.kind == b.kind ? AW_TRUE : AW_FALSE;
	if (a.kind != b.kind)
		return AW_NULL;
	if (a.kind == AW_VALUE_FLAG)
		return a.u.flag == b.u.flag ? AW_TRUE : AW_FALSE;
	if (a.kind == AW_VALUE_LIST)
		return lists_equal(a.u.list, b.u.list);
	if (a.kind == AW_VALUE_CONTEXT)
		return contexts_equal(a.u.context, b.u.context);
	if (a.kind == AW_VALUE_RANGE)
		return ranges_equal(a.u.range, b.u.range);
	if (a.kind == AW_VALUE_FUNCTION)
		return a.u.function == b.u.function ? AW_TRUE : AW_FALSE;
	return aw_value_compare(a, b, &order) && order == 0 ? AW_TRUE : AW_FALSE;
}

static int
text_compare(struct aw_str a, struct aw_str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n == 0 ? 0 : memcmp(a.at, b.at, n);

	if (order != 0)
		return order < 0 ? -1 : 1;
	return a.len < b.len ? -1 : a.len > b.len;
}

bool
aw_value_compare(struct aw_value a, struct aw_value b, int *ret)
{
	if (a.kind != b.kind)
		return false;
	if (a.kind == AW_VALUE_NUMBER) {
		*ret = aw_num_compare(a.u.number, b.u.number);
		return true;
	}
	if (a.kind == AW_VALUE_TEXT) {
		*ret = text_compare(a.u.text, b.u.text);
		return true;
	}
	if (a.kind == AW_VALUE_MONTHS) {
		*ret = a.u.months < b.u.months ? -1 : a.u.months > b.u.months;
		return true;
	}
	if (a.kind == AW_VALUE_LAPSE) {
		*ret = aw_lapse_compare(a.u.lapse, b.u.lapse);
		return true;
	}
	if (a.kind == AW_VALUE_DATE || a.kind == AW_VALUE_TIME || a.kind == AW_VALUE_DATE_TIME)
		return aw_when_compare(a, b, ret);
	return false;
}

/* One end: is v on the inner side of it? */
static enum aw_truth
end_allows(struct aw_value end, bool closed, struct aw_value v, int wrong_side)
{
	int order;

	if (end.kind == AW_VALUE_NULL)
		return closed ? AW_NULL : AW_TRUE;
	if (!aw_value_compare(v, end, &order))
		return AW_NULL;
	return order == wrong_side || (order == 0 && !closed) ? AW_FALSE : AW_TRUE;
}

enum aw_truth
aw_range_has(const struct aw_range *range, struct aw_value v)
{
	if (range->not_equal) {
		enum aw_truth same = aw_value_equal(v, range->low);

		return same == AW_NULL ? AW_NULL : same == AW_TRUE ? AW_FALSE : AW_TRUE;
	}
	if (!range->unary &&
		(range->low.kind == AW_VALUE_NULL || range->high.kind == AW_VALUE_NULL))
		return AW_NULL;
	enum aw_truth low = end_allows(range->low, range->low_closed, v, -1);
	enum aw_truth high = end_allows(range->high, range->high_closed, v, 1);

	if (low == AW_NULL || high == AW_NULL)
		return AW_NULL;
	return low == AW_TRUE && high == AW_TRUE ? AW_TRUE : AW_FALSE;
}

static void print_to(struct aw_buf *buf, struct aw_value v);

static void
print_text(struct aw_buf *buf, struct aw_str text)
{
	aw_buf_char(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '"' || c == '\\')
			aw_buf_char(buf, '\\');
		if (c == '\n')
			aw_buf_text(buf, "\\n");
		else
			aw_buf_char(buf, c);
	}
	aw_buf_char(buf, '"');
}

static void
print_range(struct aw_buf *buf, const struct aw_range *r)
{
	if (r->unary) {
		bool high = r->low.kind == AW_VALUE_NULL;
		bool closed = high ? r->high_closed : r->low_closed;
		bool equal = !r->not_equal && r->low_closed && r->high_closed;

		aw_buf_text(buf, r->not_equal ? "!= " : equal ? "= " : high ? "<" : ">");
		if (!r->not_equal && !equal)
			aw_buf_text(buf, closed ? "= " : " ");
		print_to(buf, high ? r->high : r->low);
		return;
	}
	aw_buf_char(buf, r->low_closed ? '[' : '(');
	print_to(buf, r->low);
	aw_buf_text(buf, "..");
	print_to(buf, r->high);
	aw_buf_char(buf, r->high_closed ? ']' : ')');
}

static void
print_list(struct aw_buf *buf, const struct aw_list *list)
{
	aw_buf_char(buf, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			aw_buf_text(buf, ", ");
		print_to(buf, list->at[i]);
	}
	aw_buf_char(buf, ']');
}

static bool
plain_name(struct aw_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (strchr("{}[](),:\"", name.at[i]) != NULL)
			return false;
	}
	return name.len > 0;
}

static void
print_context(struct aw_buf *buf, const struct aw_context *context)
{
	aw_buf_char(buf, '{');
	for (size_t i = 0; i < context->count; i++) {
		if (i > 0)
			aw_buf_text(buf, ", ");
		if (plain_name(context->at[i].name))
			aw_buf_str(buf, context->at[i].name);
		else
			print_text(buf, context->at[i].name);
		aw_buf_text(buf, ": ");
		print_to(buf, context->at[i].value);
	}
	aw_buf_char(buf, '}');
}

static void
print_to(struct aw_buf *buf, struct aw_value v)
{
	switch (v.kind) {
	case AW_VALUE_NULL:
		aw_buf_text(buf, "null");
		break;
	case AW_VALUE_FLAG:
		aw_buf_text(buf, v.u.flag ? "true" : "false");
		break;
	case AW_VALUE_NUMBER:
		aw_buf_text(buf, aw_num_text(buf->arena, v.u.number));
		break;
	case AW_VALUE_TEXT:
		print_text(buf, v.u.text);
		break;
	case AW_VALUE_DATE:
	case AW_VALUE_TIME:
	case AW_VALUE_DATE_TIME:
		aw_buf_text(buf, aw_when_text(buf->arena, v));
		break;
	case AW_VALUE_MONTHS:
		aw_buf_text(buf, aw_months_text(buf->arena, v.u.months));
		break;
	case AW_VALUE_LAPSE:
		aw_buf_text(buf, aw_lapse_text(buf->arena, v.u.lapse));
		break;
	case AW_VALUE_LIST:
		print_list(buf, v.u.list);
		break;
	case AW_VALUE_CONTEXT:
		print_context(buf, v.u.context);
		break;
	case AW_VALUE_RANGE:
		print_range(buf, v.u.range);
		break;
	case AW_VALUE_FUNCTION:
		aw_buf_text(buf, "function(...)");
		break;
	}
}

char *
aw_value_print(struct aw_arena *arena, struct aw_value v)
{
	struct aw_buf buf = { .arena = arena };

	print_to(&buf, v);
	return aw_arena_strndup(arena, aw_buf_z(&buf), buf.len);
}

char *
aw_value_string(struct aw_arena *arena, struct aw_value v)
{
	if (v.kind == AW_VALUE_TEXT)
		return aw_arena_strndup(arena, v.u.text.at, v.u.text.len);
	return aw_value_print(arena, v);
}

/* -- JSON -------------------------------------------------------------------------------------- */

static json_t *
number_json(struct aw_num number)
{
	int64_t whole;

	if (aw_num_int64(number, &whole))
		return json_integer(whole);
	return json_real(aw_num_double(number));
}

json_t *
aw_value_json(struct aw_arena *arena, struct aw_value v)
{
	json_t *json;

	if (v.kind == AW_VALUE_NULL || v.kind == AW_VALUE_FUNCTION)
		return json_null();
	if (v.kind == AW_VALUE_FLAG)
		return json_boolean(v.u.flag);
	if (v.kind == AW_VALUE_NUMBER)
		return number_json(v.u.number);
	if (v.kind == AW_VALUE_LIST) {
		json = json_array();
		for (size_t i = 0; i < v.u.list->count; i++)
			aw_json_push(json, aw_value_json(arena, v.u.list->at[i]));
		return json;
	}
	if (v.kind == AW_VALUE_CONTEXT) {
		json = json_object();
		for (size_t i = 0; i < v.u.context->count; i++) {
			struct aw_str name = v.u.context->at[i].name;

			aw_json_put(json, aw_arena_strndup(arena, name.at, name.len),
				aw_value_json(arena, v.u.context->at[i].value));
		}
		return json;
	}
	return json_string(aw_value_string(arena, v));
}

static struct aw_value
context_of_json(struct aw_arena *arena, const json_t *json)
{
	struct aw_context *context = AW_NEW(arena, struct aw_context);
	json_t *object = json_incref((json_t *)(uintptr_t)json);
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		aw_context_put(arena, context, aw_str(aw_arena_strdup(arena, name)),
			aw_value_of_json(arena, value));
	}
	json_decref(object);
	return aw_value_context(context);
}

struct aw_value
aw_value_of_json(struct aw_arena *arena, const json_t *json)
{
	struct aw_num number;

	if (json_is_boolean(json))
		return aw_value_flag(json_is_true(json));
	if (json_is_integer(json))
		return aw_value_int(json_integer_value(json));
	if (json_is_real(json) && aw_num_of_double(json_real_value(json), &number))
		return aw_value_number(number);
	if (json_is_string(json))
		return aw_value_text((struct aw_str){
			aw_arena_strndup(arena, json_string_value(json), json_string_length(json)),
			json_string_length(json) });
	if (json_is_array(json)) {
		struct aw_list *list = AW_NEW(arena, struct aw_list);

		for (size_t i = 0; i < json_array_size(json); i++)
			aw_list_add(arena, list, aw_value_of_json(arena, json_array_get(json, i)));
		return aw_value_list(list);
	}
	return json_is_object(json) ? context_of_json(arena, json) : aw_null;
}
