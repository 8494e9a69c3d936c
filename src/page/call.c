/* page/call - reading a form, noting what is wrong with it, answering with a way to go. */
#include "page/call.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/policy.h"

static const char *
find_value(const struct aw_form_value *values, size_t count, const char *name, size_t i)
{
	for (size_t at = 0; at < count; at++) {
		if (strcmp(values[at].name, name) == 0 && i-- == 0)
			return values[at].value;
	}
	return NULL;
}

/* In the arena only when trimming changed it. */
static const char *
trimmed(const struct aw_call *call, const char *value)
{
	struct aw_str text = aw_str_trim(aw_str(value));

	if (value == NULL || text.len == 0)
		return NULL;
	return text.len == strlen(value) ? value
					 : aw_arena_strndup(call->act.arena, text.at, text.len);
}

struct aw_call
aw_call_probe(const struct aw_call *call)
{
	struct aw_call probe = *call;

	probe.act.known = NULL;
	probe.act.looked = NULL;
	return probe;
}

const char *
aw_call_path(const struct aw_call *call, const char *name)
{
	return find_value(call->path_values, call->path_count, name, 0);
}

int64_t
aw_call_path_number(const struct aw_call *call, const char *name)
{
	const char *text = aw_call_path(call, name);
	int64_t number = 0;

	return text != NULL && aw_str_int64(aw_str(text), &number) ? number : 0;
}

const char *
aw_call_value(const struct aw_call *call, const char *name)
{
	return trimmed(call, find_value(call->values, call->value_count, name, 0));
}

const char *
aw_call_label(const struct aw_call *call, const char *list, const char *code)
{
	return code == NULL ? NULL : aw_policy_text(call->act.policy, list, code, call->language);
}

const char *
aw_call_value_at(const struct aw_call *call, const char *name, size_t i)
{
	const char *value = find_value(call->values, call->value_count, name, i);
	const char *text = trimmed(call, value);

	return value != NULL && text == NULL ? "" : text; /* keeps repeated rows in step */
}

void
aw_call_problem(struct aw_call *call, const char *field, const char *message, const char *detail)
{
	struct aw_form_problem *problem = AW_NEW(call->act.arena, struct aw_form_problem);
	struct aw_form_problem **tail = &call->problems;

	while (*tail != NULL)
		tail = &(*tail)->next;
	problem->field = field;
	problem->message = message;
	problem->detail = detail == NULL ? NULL : aw_arena_strdup(call->act.arena, detail);
	*tail = problem;
}

int64_t
aw_call_int(struct aw_call *call, const char *name, int64_t least, int64_t most, int64_t otherwise)
{
	const char *text = aw_call_value(call, name);
	int64_t value;

	if (text == NULL)
		return otherwise;
	if (!aw_str_int64(aw_str(text), &value) || value < least || value > most) {
		aw_call_problem(call, name, "form.number",
			aw_arena_printf(
				call->act.arena, "%" PRId64 "\xe2\x80\x93%" PRId64, least, most));
		return otherwise;
	}
	return value;
}

void
aw_call_answer_file(
	struct aw_call *call, const char *name, const char *content_type, struct aw_str bytes)
{
	char *safe = aw_arena_strndup(call->act.arena, name, strlen(name));

	for (char *c = safe; *c != '\0'; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			    (*c >= '0' && *c <= '9') || *c == '.' || *c == '-' || *c == '_'))
			*c = '_';
	call->answer = AW_ANSWER_FILE;
	call->file = (struct aw_call_file){ safe, content_type, bytes };
}

bool
aw_call_inside(const char *path)
{
	return path != NULL && path[0] == '/' && path[1] != '/' && path[1] != '\\' &&
	       strpbrk(path, "\r\n\t") == NULL;
}

void
aw_call_redirect(struct aw_call *call, const char *notice, const char *fmt, ...)
{
	va_list args;
	char path[1024];
	int len;

	va_start(args, fmt);
	len = vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	call->answer = AW_ANSWER_REDIRECT;
	call->notice = notice;
	if (len <= 0 || (size_t)len >= sizeof(path) || !aw_call_inside(path))
		call->location = "/";
	else
		call->location = aw_arena_strdup(call->act.arena, path);
}
