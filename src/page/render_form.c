/* page/render - a form that is shown again: what was typed, what is wrong and where. */
#include <string.h>

#include "page/render_inner.h"

/* A field's name as far as the template has written it: names of fields may have dots. */
struct path {
	const struct aw_call *call;
	const char *name;
};

static struct path *
longer_path(struct aw_mustache *m, const struct path *before, struct aw_str name)
{
	struct path *path = AW_NEW(m->out.arena, struct path);

	path->call = before->call;
	path->name = before->name == NULL ? aw_arena_strndup(m->out.arena, name.at, name.len)
					  : aw_arena_printf(m->out.arena, "%s.%.*s", before->name,
						    (int)name.len, name.at);
	return path;
}

/* ---- typed.field ---- */

static const struct aw_mustache_source typed_source;

static bool
typed_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	struct path *path = longer_path(m, self, name);
	const struct aw_call *call = path->call;

	for (size_t i = 0; call != NULL && i < call->value_count; i++) {
		if (strcmp(call->values[i].name, path->name) == 0) {
			*ret = aw_text_value(call->values[i].value);
			break;
		}
	}
	ret->source = &typed_source;
	ret->self = path;
	return true;
}

static const struct aw_mustache_source typed_source = { .lookup = typed_lookup };

/* ---- picked.field.value ---- */

static const struct aw_mustache_source picked_source;

static bool
picked_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct path *before = self;
	const struct aw_call *call = before->call;

	for (size_t i = 0; before->name != NULL && call != NULL && i < call->value_count; i++) {
		if (strcmp(call->values[i].name, before->name) == 0 &&
			aw_str_is(name, call->values[i].value))
			ret->kind = AW_MUSTACHE_VALUE;
	}
	ret->source = &picked_source;
	ret->self = longer_path(m, before, name);
	return true;
}

static const struct aw_mustache_source picked_source = { .lookup = picked_lookup };

/* ---- problem.field ---- */

static const char *
problem_text(struct aw_mustache *m, const struct aw_form_problem *problem)
{
	const struct aw_message_arg arg =
		AW_ARG_TEXT("detail", problem->detail == NULL ? "" : problem->detail);

	return aw_message(
		m->out.arena, aw_rendering_of(m)->reader.catalog, problem->message, &arg, 1);
}

static const struct aw_form_problem *
find_problem(const struct aw_call *call, const char *field)
{
	const struct aw_form_problem *problem = call == NULL ? NULL : call->problems;

	while (problem != NULL && strcmp(problem->field, field) != 0)
		problem = problem->next;
	return problem;
}

static const struct aw_mustache_source problem_source;

static bool
problem_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	struct path *path = longer_path(m, self, name);
	const struct aw_form_problem *problem = find_problem(path->call, path->name);

	if (problem != NULL)
		*ret = aw_text_value(problem_text(m, problem));
	ret->source = &problem_source;
	ret->self = path;
	return true;
}

static const struct aw_mustache_source problem_source = { .lookup = problem_lookup };

/* ---- {{#problems}} ---- */

static bool
one_problem_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct aw_form_problem *problem = self;

	if (aw_str_is(name, "field"))
		*ret = aw_text_value(problem->field);
	else if (aw_str_is(name, "text"))
		*ret = aw_text_value(problem_text(m, problem));
	else
		return false;
	return true;
}

static const struct aw_mustache_source one_problem_source = { .lookup = one_problem_lookup };

static void
problem_item(struct aw_mustache *m, const void *self, size_t i, struct aw_mustache_value *ret)
{
	const struct aw_form_problem *problem = ((const struct aw_call *)self)->problems;

	(void)m;
	while (i-- > 0)
		problem = problem->next;
	*ret = (struct aw_mustache_value){
		.kind = AW_MUSTACHE_VALUE, .source = &one_problem_source, .self = problem
	};
}

static size_t
count_problems(const struct aw_call *call)
{
	size_t count = 0;

	for (const struct aw_form_problem *p = call == NULL ? NULL : call->problems; p != NULL;
		p = p->next)
		count++;
	return count;
}

static bool
problems_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	size_t count = count_problems(self);

	if (aw_str_is(name, "any")) {
		ret->kind = count > 0 ? AW_MUSTACHE_VALUE : AW_MUSTACHE_NOTHING;
	} else if (aw_str_is(name, "count")) {
		*ret = aw_text_value(aw_arena_printf(m->out.arena, "%zu", count));
		ret->numeric = true;
		ret->number = (int64_t)count;
	} else {
		return false;
	}
	return true;
}

static const struct aw_mustache_source problems_source = { .lookup = problems_lookup,
	.item = problem_item };

/* ---- {{#wrong}}{{prefix}}.born{{/wrong}} ---- */

/* The text with {{name}} replaced by what the name prints. */
static const char *
filled_in(struct aw_mustache *m, struct aw_str text)
{
	struct aw_buf out = { .arena = m->out.arena };

	while (text.len > 0) {
		const char *open = memmem(text.at, text.len, "{{", 2), *close;
		size_t before = open == NULL ? text.len : (size_t)(open - text.at);
		struct aw_mustache_value value;

		aw_buf_add(&out, text.at, before);
		text.at += before;
		text.len -= before;
		close = text.len == 0 ? NULL : memmem(text.at, text.len, "}}", 2);
		if (close == NULL)
			break;
		aw_mustache_find(
			m, (struct aw_str){ text.at + 2, (size_t)(close - text.at) - 2 }, &value);
		aw_buf_str(&out, value.text);
		text.len -= (size_t)(close + 2 - text.at);
		text.at = close + 2;
	}
	return aw_buf_z(&out);
}

static enum aw_status
wrong_section(struct aw_mustache *m, const void *self, struct aw_str inner, struct aw_error *err)
{
	const struct aw_form_problem *problem =
		find_problem(self, filled_in(m, aw_str_trim(inner)));
	struct aw_mustache_value text;

	if (problem == NULL)
		return AW_OK;
	text = aw_text_value(problem_text(m, problem));
	return aw_mustache_part(m, "part/error", &text, err);
}

static const struct aw_mustache_source wrong_source = { .section = wrong_section };

bool
aw_form_name(struct aw_mustache *m, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct aw_call *call = aw_rendering_of(m)->page->call;

	static const struct {
		const char *name;
		const struct aw_mustache_source *source;
	} paths[] = { { "typed", &typed_source }, { "picked", &picked_source },
		{ "problem", &problem_source } };

	for (size_t i = 0; i < AW_COUNT(paths); i++) {
		if (aw_str_is(name, paths[i].name)) {
			struct path *root = AW_NEW(m->out.arena, struct path);

			root->call = call;
			ret->source = paths[i].source;
			ret->self = root;
			return true;
		}
	}
	if (aw_str_is(name, "problems"))
		*ret = (struct aw_mustache_value){ .kind = AW_MUSTACHE_LIST,
			.source = &problems_source,
			.self = call,
			.count = count_problems(call) };
	else if (aw_str_is(name, "wrong"))
		*ret = (struct aw_mustache_value){
			.kind = AW_MUSTACHE_LAMBDA, .source = &wrong_source, .self = call
		};
	else
		return false;
	return true;
}
