/* What stands in a URL, a form body, a cookie and a header, read strictly. */
#include "net/form.h"

#include <string.h>
#include <strings.h>

static bool
forbidden_control(char c)
{
	unsigned char byte = (unsigned char)c;

	return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

static bool
has_any_control(struct aw_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
			return true;
	}
	return false;
}

static bool
has_forbidden_control(struct aw_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (forbidden_control(text.at[i]))
			return true;
	}
	return false;
}

enum aw_status
aw_form_decode(struct aw_arena *arena, struct aw_str text, bool plus, const char **ret_text,
	struct aw_error *err)
{
	char *out = aw_arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '%') {
			int high = i + 2 < text.len ? aw_hex_digit(text.at[i + 1]) : -1;
			int low = i + 2 < text.len ? aw_hex_digit(text.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				return aw_fail(
					err, AW_INVALID, "an escape %%XX is broken at byte %zu", i);
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (forbidden_control(c))
			return aw_fail(err, AW_INVALID, "a control character at byte %zu", i);
		out[len++] = c;
	}
	if (!aw_utf8_valid((struct aw_str){ out, len }))
		return aw_fail(err, AW_INVALID, "the text is not UTF-8");
	out[len] = '\0';
	*ret_text = out;
	return AW_OK;
}

static enum aw_status
add(struct aw_arena *arena, struct aw_form *form, const char *name, const char *value,
	struct aw_error *err)
{
	if (form->count >= AW_FORM_MOST_VALUES)
		return aw_fail(err, AW_TOO_LARGE, "more than %d values in one request",
			AW_FORM_MOST_VALUES);
	*AW_PUSH(arena, form->values, form->count, form->room) =
		(struct aw_form_value){ .name = name, .value = value };
	return AW_OK;
}

enum aw_status
aw_form_read(struct aw_arena *arena, struct aw_str text, struct aw_form *form, struct aw_error *err)
{
	struct aw_str rest = text;

	while (rest.at != NULL && rest.len > 0) {
		struct aw_str pair = aw_str_cut(rest, '&', &rest);
		struct aw_str raw_value = { 0 };
		struct aw_str raw_name = aw_str_cut(pair, '=', &raw_value);
		const char *name, *value;

		if (pair.len == 0)
			continue;
		if (aw_form_decode(arena, raw_name, true, &name, err) != AW_OK ||
			aw_form_decode(arena, raw_value, true, &value, err) != AW_OK)
			return err->status;
		if (add(arena, form, name, value, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* The text of a plain JSON value; NULL for null, objects and fractions. */
static const char *
plain_text(struct aw_arena *arena, const json_t *value)
{
	if (json_is_string(value))
		return aw_arena_strdup(arena, json_string_value(value));
	if (json_is_integer(value))
		return aw_arena_printf(arena, "%lld", (long long)json_integer_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	return NULL;
}

static enum aw_status
add_json(struct aw_arena *arena, struct aw_form *form, const char *name, const json_t *value,
	struct aw_error *err)
{
	const char *text = plain_text(arena, value);
	struct aw_str slice = aw_str(text);

	if (text == NULL)
		return AW_OK;
	if (json_is_string(value) && json_string_length(value) != slice.len)
		return aw_fail(err, AW_INVALID, "a text holds U+0000");
	if (has_forbidden_control(slice) || has_forbidden_control(aw_str(name)))
		return aw_fail(err, AW_INVALID, "a text or its name holds a control character");
	return add(arena, form, aw_arena_strdup(arena, name), text, err);
}

enum aw_status
aw_form_json(struct aw_arena *arena, json_t *object, struct aw_form *form, struct aw_error *err)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		if (!json_is_array(value)) {
			if (add_json(arena, form, name, value, err) != AW_OK)
				return err->status;
			continue;
		}
		for (size_t i = 0; i < json_array_size(value); i++) {
			if (add_json(arena, form, name, json_array_get(value, i), err) != AW_OK)
				return err->status;
		}
	}
	return AW_OK;
}

enum aw_status
aw_form_idempotency(
	struct aw_arena *arena, const char *header, struct aw_form *form, struct aw_error *err)
{
	struct aw_str key = aw_str(header);

	if (header == NULL)
		return AW_OK;
	if (key.len == 0 || key.len > 200 || !aw_utf8_valid(key) || has_any_control(key))
		return aw_fail(err, AW_INVALID, "Idempotency-Key: 1 to 200 bytes of text");
	return add(arena, form, "idempotency_key", header, err);
}

struct aw_str
aw_cookie_find(struct aw_str header, const char *name)
{
	struct aw_str rest = header;

	while (rest.at != NULL) {
		struct aw_str pair = aw_str_trim(aw_str_cut(rest, ';', &rest));
		struct aw_str value = { 0 };
		struct aw_str key = aw_str_cut(pair, '=', &value);

		if (value.at != NULL && aw_str_is(key, name))
			return value;
	}
	return (struct aw_str){ 0 };
}

static bool
media_type_is(struct aw_str text, const char *media_type)
{
	struct aw_str rest, type = aw_str_trim(aw_str_cut(text, ';', &rest));

	return type.len == strlen(media_type) && strncasecmp(type.at, media_type, type.len) == 0;
}

bool
aw_media_type_is(const char *content_type, const char *media_type)
{
	return media_type_is(aw_str(content_type), media_type);
}

bool
aw_accepts_json(const char *accept)
{
	struct aw_str rest = aw_str(accept);

	/* The first of the two that the client names wins: browsers name text/html first. */
	while (rest.at != NULL) {
		struct aw_str part = aw_str_cut(rest, ',', &rest);

		if (media_type_is(part, "text/html") ||
			media_type_is(part, "application/xhtml+xml"))
			return false;
		if (media_type_is(part, "application/json") ||
			media_type_is(part, "application/problem+json"))
			return true;
	}
	return false;
}
