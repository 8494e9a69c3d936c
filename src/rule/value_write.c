/* rule/value - a value as JSON text, without a tree of it first. */
#include <string.h>

#include "rule/value.h"

/* FEEL's numbers are JSON's, but for whole ones that are too large for one without a point. */
static void
write_number(struct aw_buf *out, struct aw_num number)
{
	const char *text;
	int64_t whole;
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest;

	if (!aw_num_int64(number, &whole)) {
		text = aw_num_text(out->arena, number);
		aw_buf_text(out, text);
		aw_buf_text(out, strchr(text, '.') == NULL ? ".0" : "");
		return;
	}
	rest = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;
	do
		digits[--at] = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (whole < 0)
		digits[--at] = '-';
	aw_buf_add(out, digits + at, sizeof(digits) - at);
}

static void
write_list(struct aw_buf *out, const struct aw_list *list)
{
	aw_buf_char(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		aw_buf_add(out, ",", i == 0 ? 0 : 1);
		aw_value_write(out, list->at[i]);
	}
	aw_buf_char(out, ']');
}

static void
write_context(struct aw_buf *out, const struct aw_context *context)
{
	aw_buf_char(out, '{');
	for (size_t i = 0; i < context->count; i++) {
		aw_buf_add(out, ",", i == 0 ? 0 : 1);
		aw_buf_json_str(out, context->at[i].name);
		aw_buf_char(out, ':');
		aw_value_write(out, context->at[i].value);
	}
	aw_buf_char(out, '}');
}

void
aw_value_write(struct aw_buf *out, struct aw_value v)
{
	if (v.kind == AW_VALUE_NULL || v.kind == AW_VALUE_FUNCTION)
		aw_buf_add(out, "null", 4);
	else if (v.kind == AW_VALUE_FLAG)
		aw_buf_text(out, v.u.flag ? "true" : "false");
	else if (v.kind == AW_VALUE_NUMBER)
		write_number(out, v.u.number);
	else if (v.kind == AW_VALUE_TEXT)
		aw_buf_json_str(out, v.u.text);
	else if (v.kind == AW_VALUE_LIST)
		write_list(out, v.u.list);
	else if (v.kind == AW_VALUE_CONTEXT)
		write_context(out, v.u.context);
	else
		aw_buf_json(out, aw_value_string(out->arena, v));
}
