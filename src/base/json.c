/* base/json - jansson with our limits and our errors. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_LIMIT = 32 };

/* Depth is checked before the parser sees the text: the packaged limit is fixed at 2048. */
static bool
too_deep(struct aw_str text, uint32_t *ret_line)
{
	uint32_t line = 1, depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		if (c == '\n')
			line++;
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > DEPTH_LIMIT) {
				*ret_line = line;
				return true;
			}
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return false;
}

static enum aw_json_fault
fault_of(const json_error_t *error)
{
	enum json_error_code code = json_error_code(error);

	return code == json_error_duplicate_key || code == json_error_null_byte_in_key ||
			       code == json_error_numeric_overflow ||
			       code == json_error_stack_overflow
		       ? AW_JSON_LIMIT
		       : AW_JSON_SYNTAX;
}

enum aw_status
aw_json_parse(struct aw_str text, const char *file, json_t **ret_json, struct aw_error *err)
{
	enum aw_json_fault ignored;

	return aw_json_read(text, file, ret_json, &ignored, err);
}

enum aw_status
aw_json_read(struct aw_str text, const char *file, json_t **ret_json, enum aw_json_fault *ret_fault,
	struct aw_error *err)
{
	json_error_t error;
	uint32_t line;
	json_t *json;

	*ret_fault = AW_JSON_SYNTAX;
	/* the packaged reader takes a NUL byte for the end of its input */
	if (text.len != 0 && memchr(text.at, '\0', text.len) != NULL)
		return aw_fail_at(err, file, 0, 0, "not valid JSON: a NUL byte");
	if (too_deep(text, &line)) {
		*ret_fault = AW_JSON_LIMIT;
		return aw_fail_at(err, file, line, 0, "nested more than %d deep", DEPTH_LIMIT);
	}
	json = json_loadb(text.at == NULL ? "" : text.at, text.len,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	if (json == NULL) {
		*ret_fault = fault_of(&error);
		/* jansson quotes the input behind " near '": that may be a name, so it is cut off */
		char *near = strstr(error.text, " near '");
		if (near != NULL)
			*near = '\0';
		return aw_fail_at(err, file, error.line > 0 ? (uint32_t)error.line : 0,
			error.column > 0 ? (uint32_t)error.column : 0, "not valid JSON: %s",
			error.text);
	}
	*ret_json = json;
	return AW_OK;
}

static int
add_piece(const char *piece, size_t len, void *arg)
{
	aw_buf_add(arg, piece, len);
	return 0;
}

static char *
dump(struct aw_arena *arena, const json_t *json, size_t flags)
{
	struct aw_buf buf = { .arena = arena };

	aw_buf_add(&buf, "", 0);
	if (json_dump_callback(
		    json, add_piece, &buf, flags | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) != 0)
		aw_die("a JSON value could not be written");
	return buf.at;
}

char *
aw_json_text(struct aw_arena *arena, const json_t *json)
{
	return dump(arena, json, JSON_COMPACT | JSON_SORT_KEYS);
}

char *
aw_json_compact(struct aw_arena *arena, const json_t *json)
{
	return dump(arena, json, JSON_COMPACT);
}

char *
aw_json_pretty(struct aw_arena *arena, const json_t *json)
{
	return dump(arena, json, JSON_INDENT(2));
}

static void
add_escaped(struct aw_buf *buf, char c)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *found = c == '\0' ? NULL : strchr(plain, c);

	if (found == NULL) {
		aw_buf_printf(buf, "\\u%04X", (unsigned)c);
		return;
	}
	aw_buf_char(buf, '\\');
	aw_buf_char(buf, letters[found - plain]);
}

void
aw_buf_json_str(struct aw_buf *buf, struct aw_str text)
{
	size_t from = 0;

	aw_buf_char(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		aw_buf_add(buf, text.at + from, i - from);
		add_escaped(buf, text.at[i]);
		from = i + 1;
	}
	aw_buf_add(buf, text.at + from, text.len - from);
	aw_buf_char(buf, '"');
}

void
aw_buf_json(struct aw_buf *buf, const char *text)
{
	if (text == NULL)
		aw_buf_text(buf, "null");
	else
		aw_buf_json_str(buf, aw_str(text));
}

const char *
aw_json_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

bool
aw_json_int(const json_t *object, const char *key, int64_t *ret)
{
	const json_t *member = json_object_get(object, key);

	if (!json_is_integer(member))
		return false;
	*ret = json_integer_value(member);
	return true;
}

static void
let_go(void *json)
{
	json_decref(json);
}

json_t *
aw_json_keep(struct aw_arena *arena, json_t *json)
{
	if (json != NULL)
		aw_arena_at_end(arena, let_go, json);
	return json;
}

bool
aw_json_bool(const json_t *object, const char *key, bool otherwise)
{
	const json_t *member = json_object_get(object, key);

	return json_is_boolean(member) ? json_is_true(member) : otherwise;
}

void
aw_json_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		aw_die("a JSON value could not be made");
}

void
aw_json_put_text(json_t *object, const char *key, const char *text)
{
	aw_json_put(object, key, text == NULL ? json_null() : json_string(text));
}

void
aw_json_put_int(json_t *object, const char *key, int64_t value)
{
	aw_json_put(object, key, json_integer(value));
}

void
aw_json_push(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		aw_die("a JSON value could not be made");
}
