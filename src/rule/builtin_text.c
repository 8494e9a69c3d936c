/* rule/builtin - texts. */
#include <string.h>

#include "rule/builtin.h"
#include "rule/fold.h"
#include "rule/regex.h"

static struct aw_value
text_of(struct aw_run *run, struct aw_buf *buf)
{
	return aw_value_text(
		(struct aw_str){ aw_arena_strndup(run->arena, aw_buf_z(buf), buf->len), buf->len });
}

static bool
two_texts(struct aw_run *run, const struct aw_value *args, size_t count, struct aw_str *a,
	struct aw_str *b)
{
	return aw_arg_text(run, args, count, 0, a) && aw_arg_text(run, args, count, 1, b);
}

static const char *
find(struct aw_str text, struct aw_str part)
{
	if (part.len == 0)
		return text.at == NULL ? "" : text.at;
	return text.len == 0 ? NULL : memmem(text.at, text.len, part.at, part.len);
}

static struct aw_value
call_length(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text;

	(void)c;
	return aw_arg_text(run, args, count, 0, &text) ? aw_value_int((int64_t)aw_utf8_count(text))
						       : aw_null;
}

static struct aw_value
call_substring(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text;
	int64_t start, length = INT64_MAX;
	struct aw_buf buf = { .arena = run->arena };

	(void)c;
	if (!aw_arg_text(run, args, count, 0, &text) || !aw_arg_int(run, args, count, 1, &start) ||
		(count > 2 && args[2].kind != AW_VALUE_NULL &&
			!aw_arg_int(run, args, count, 2, &length)))
		return aw_null;
	int64_t total = (int64_t)aw_utf8_count(text), i = 0;

	if (start == 0 || start > total || -start > total || length < 1) {
		aw_run_note(run, NULL, "the text has no such part");
		return aw_null;
	}
	start = start < 0 ? total + start : start - 1;
	for (size_t at = 0; at < text.len; i++) {
		uint32_t cp = aw_utf8_next(text, &at);

		if (i >= start && i - start < length)
			aw_buf_utf8(&buf, cp);
	}
	return text_of(run, &buf);
}

static struct aw_value
call_case(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text;
	struct aw_buf buf = { .arena = run->arena };
	bool upper = c->name[0] == 'u';

	if (!aw_arg_text(run, args, count, 0, &text))
		return aw_null;
	for (size_t at = 0; at < text.len;) {
		uint32_t cp = aw_utf8_next(text, &at);

		aw_buf_utf8(&buf, upper ? aw_upper(cp) : aw_lower(cp));
	}
	return text_of(run, &buf);
}

static struct aw_value
call_before_after(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text, part;
	bool before = c->name[strlen("substring ")] == 'b';

	if (!two_texts(run, args, count, &text, &part))
		return aw_null;
	const char *at = find(text, part);

	if (at == NULL || text.len == 0)
		return aw_value_text(AW_STR_LIT(""));
	size_t head = (size_t)(at - text.at);

	if (before)
		return aw_value_text((struct aw_str){ text.at, head });
	return aw_value_text((struct aw_str){ at + part.len, text.len - head - part.len });
}

static struct aw_value
call_contains(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text, part;

	(void)c;
	return two_texts(run, args, count, &text, &part) ? aw_value_flag(find(text, part) != NULL)
							 : aw_null;
}

static struct aw_value
call_starts_ends(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text, part;

	if (!two_texts(run, args, count, &text, &part))
		return aw_null;
	if (part.len > text.len)
		return aw_value_flag(false);
	size_t at = c->name[0] == 's' ? 0 : text.len - part.len;

	return aw_value_flag(part.len == 0 || memcmp(text.at + at, part.at, part.len) == 0);
}

/* -- regular expressions ----------------------------------------------------------------------- */

static const struct aw_regex *
regex_arg(struct aw_run *run, const struct aw_value *args, size_t count, size_t flags_at)
{
	struct aw_str pattern, flags = { 0 };

	if (!aw_arg_text(run, args, count, 1, &pattern))
		return NULL;
	if (count > flags_at && args[flags_at].kind != AW_VALUE_NULL &&
		!aw_arg_text(run, args, count, flags_at, &flags))
		return NULL;
	const struct aw_regex *regex = aw_regex_compile(run->arena, pattern, flags);

	if (regex == NULL)
		aw_run_note(run, NULL, "the regular expression or its flags are not valid");
	return regex;
}

static struct aw_value
call_matches(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text;
	struct aw_regex_match match;
	const struct aw_regex *regex;

	(void)c;
	if (!aw_arg_text(run, args, count, 0, &text))
		return aw_null;
	regex = regex_arg(run, args, count, 2);
	if (regex == NULL)
		return aw_null;
	enum aw_regex_answer answer = aw_regex_find(run->arena, regex, text, 0, &match);

	if (answer == AW_REGEX_GAVE_UP)
		aw_run_note(run, NULL, "the regular expression takes too long");
	return answer == AW_REGEX_GAVE_UP ? aw_null : aw_value_flag(answer == AW_REGEX_YES);
}

/* $1 ... $9 and beyond while there are so many groups; \$ and \\ are themselves. */
static bool
add_replacement(struct aw_buf *buf, struct aw_str text, struct aw_str with, size_t groups,
	const struct aw_regex_match *match)
{
	for (size_t i = 0; i < with.len; i++) {
		char ch = with.at[i];

		if (ch == '\\') {
			if (++i >= with.len || (with.at[i] != '\\' && with.at[i] != '$'))
				return false;
			aw_buf_char(buf, with.at[i]);
		} else if (ch == '$') {
			if (i + 1 >= with.len || with.at[i + 1] < '0' || with.at[i + 1] > '9')
				return false;
			size_t g = (size_t)(with.at[++i] - '0');

			while (i + 1 < with.len && with.at[i + 1] >= '0' && with.at[i + 1] <= '9' &&
				g * 10 + (size_t)(with.at[i + 1] - '0') <= groups)
				g = g * 10 + (size_t)(with.at[++i] - '0');
			if (g <= groups && match->from[g] != SIZE_MAX && match->to[g] != SIZE_MAX)
				aw_buf_add(buf, text.at + match->from[g],
					match->to[g] - match->from[g]);
		} else {
			aw_buf_char(buf, ch);
		}
	}
	return true;
}

static struct aw_value
call_replace(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text, with;
	struct aw_buf buf = { .arena = run->arena };
	struct aw_regex_match match;
	size_t at = 0;

	(void)c;
	if (!aw_arg_text(run, args, count, 0, &text) || !aw_arg_text(run, args, count, 2, &with))
		return aw_null;
	const struct aw_regex *regex = regex_arg(run, args, count, 3);

	if (regex == NULL)
		return aw_null;
	while (at <= text.len &&
		aw_regex_find(run->arena, regex, text, at, &match) == AW_REGEX_YES) {
		if (match.to[0] == match.from[0]) {
			aw_run_note(run, NULL, "the regular expression matches an empty text");
			return aw_null;
		}
		aw_buf_add(&buf, text.at + at, match.from[0] - at);
		if (!add_replacement(&buf, text, with, aw_regex_group_count(regex), &match))
			return aw_null;
		at = match.to[0];
	}
	aw_buf_add(&buf, text.at + at, text.len - at);
	return text_of(run, &buf);
}

static struct aw_value
call_split(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text;
	struct aw_list *parts = AW_NEW(run->arena, struct aw_list);
	struct aw_regex_match match;
	size_t at = 0;

	(void)c;
	if (!aw_arg_text(run, args, count, 0, &text))
		return aw_null;
	const struct aw_regex *regex = regex_arg(run, args, count, 2);

	if (regex == NULL)
		return aw_null;
	while (at <= text.len &&
		aw_regex_find(run->arena, regex, text, at, &match) == AW_REGEX_YES &&
		match.to[0] > match.from[0]) {
		aw_list_add(run->arena, parts,
			aw_value_text((struct aw_str){ text.at + at, match.from[0] - at }));
		at = match.to[0];
	}
	aw_list_add(
		run->arena, parts, aw_value_text((struct aw_str){ text.at + at, text.len - at }));
	return aw_value_list(parts);
}

static struct aw_value
call_join(struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	const struct aw_list *list;
	struct aw_str delimiter = { 0 };
	struct aw_buf buf = { .arena = run->arena };
	bool first = true;

	(void)c;
	if (!aw_arg_list(run, args, count, 0, &list) ||
		(count > 1 && args[1].kind != AW_VALUE_NULL &&
			!aw_arg_text(run, args, count, 1, &delimiter)))
		return aw_null;
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].kind == AW_VALUE_NULL)
			continue;
		if (list->at[i].kind != AW_VALUE_TEXT) {
			aw_run_note(run, NULL, "element %zu of the list is not a text", i + 1);
			return aw_null;
		}
		if (!first)
			aw_buf_str(&buf, delimiter);
		aw_buf_str(&buf, list->at[i].u.text);
		first = false;
	}
	return text_of(run, &buf);
}

/* -- conversions ------------------------------------------------------------------------------- */

static struct aw_value
call_string(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	(void)c;
	if (args[0].kind == AW_VALUE_NULL || count != 1)
		return aw_null;
	return aw_value_text(aw_str(aw_value_string(run->arena, args[0])));
}

/* One character of a set, or null; false when it is something else. */
static bool
separator(const struct aw_value *args, size_t count, size_t i, const char *allowed, char *ret)
{
	*ret = '\0';
	if (i >= count || args[i].kind == AW_VALUE_NULL)
		return true;
	if (args[i].kind != AW_VALUE_TEXT || args[i].u.text.len != 1 ||
		strchr(allowed, args[i].u.text.at[0]) == NULL)
		return false;
	*ret = args[i].u.text.at[0];
	return true;
}

static struct aw_value
call_number(
	struct aw_run *run, const struct aw_closure *c, const struct aw_value *args, size_t count)
{
	struct aw_str text;
	struct aw_buf buf = { .arena = run->arena };
	char grouping, point;
	struct aw_num number;

	(void)c;
	if (!aw_arg_text(run, args, count, 0, &text))
		return aw_null;
	if (!separator(args, count, 1, " ,.", &grouping) ||
		!separator(args, count, 2, ".,", &point) ||
		(grouping != '\0' && grouping == point)) {
		aw_run_note(run, NULL, "the separators are not valid");
		return aw_null;
	}
	for (size_t i = 0; i < text.len; i++) {
		char ch = text.at[i];

		if (grouping != '\0' && ch == grouping)
			continue;
		if (point == ',' && ch == '.')
			return aw_null;
		aw_buf_char(&buf, point != '\0' && ch == point ? '.' : ch);
	}
	if (aw_num_parse(aw_str(aw_buf_z(&buf)), &number))
		return aw_value_number(number);
	aw_run_note(run, NULL, "this text is not a number");
	return aw_null;
}

#define P AW_PARAM
static const struct aw_closure functions[] = {
	AW_BUILTIN(call_length, "string length", 1, P("string")),
	AW_BUILTIN(call_substring, "substring", 2, P("string"), P("start position"), P("length")),
	AW_BUILTIN(call_case, "upper case", 1, P("string")),
	AW_BUILTIN(call_case, "lower case", 1, P("string")),
	AW_BUILTIN(call_before_after, "substring before", 2, P("string"), P("match")),
	AW_BUILTIN(call_before_after, "substring after", 2, P("string"), P("match")),
	AW_BUILTIN(call_contains, "contains", 2, P("string"), P("match")),
	AW_BUILTIN(call_starts_ends, "starts with", 2, P("string"), P("match")),
	AW_BUILTIN(call_starts_ends, "ends with", 2, P("string"), P("match")),
	AW_BUILTIN(call_matches, "matches", 2, P("input"), P("pattern"), P("flags")),
	AW_BUILTIN(
		call_replace, "replace", 3, P("input"), P("pattern"), P("replacement"), P("flags")),
	AW_BUILTIN(call_split, "split", 2, P("string"), P("delimiter")),
	AW_BUILTIN(call_join, "string join", 1, P("list"), P("delimiter")),
	AW_BUILTIN(call_string, "string", 1, P("from")),
	AW_BUILTIN(call_number, "number", 1, P("from")),
	AW_BUILTIN(call_number, "number", 3, P("from"), P("grouping separator"),
		P("decimal separator")),
};
const struct aw_builtin_table aw_builtin_texts = { functions, AW_COUNT(functions) };
