/* page/mustache - rendering a tree against a stack of contexts. */
#include <assert.h>
#include <string.h>

#include "page/mustache.h"
#include "text/markup.h"

/* The blocks that a template gives to the layout it is written in; outer frames win. */
struct aw_mustache_frame {
	const struct aw_mustache_frame *outer;
	const struct aw_mustache_node *blocks;
};

static enum aw_status
render_nodes(struct aw_mustache *m, const struct aw_mustache_node *node, struct aw_error *err);

static enum aw_status
check_size(const struct aw_mustache *m, struct aw_error *err)
{
	if (m->out.len > AW_MUSTACHE_LIMIT)
		return aw_fail(
			err, AW_TOO_LARGE, "the page is larger than %u bytes", AW_MUSTACHE_LIMIT);
	return AW_OK;
}

/* At the start of a line of an indented partial, the indentation comes first. */
static void
begin_line(struct aw_mustache *m)
{
	if (m->line_start && m->indent.len > 0)
		aw_buf_str(&m->out, m->indent);
	m->line_start = false;
}

static void
put_text(struct aw_mustache *m, struct aw_str text)
{
	if (m->indent.len == 0) {
		aw_buf_str(&m->out, text);
		return;
	}
	while (text.len > 0) {
		const char *newline = memchr(text.at, '\n', text.len);
		size_t len = newline == NULL ? text.len : (size_t)(newline - text.at) + 1;

		begin_line(m);
		aw_buf_add(&m->out, text.at, len);
		m->line_start = newline != NULL;
		text.at += len;
		text.len -= len;
	}
}

void
aw_mustache_escape(struct aw_mustache *m, struct aw_str text)
{
	size_t from = 0;

	begin_line(m);
	for (size_t i = 0; i < text.len; i++) {
		const char *entity = aw_markup_entity(text.at[i]);

		if (entity == NULL)
			continue;
		aw_buf_add(&m->out, text.at + from, i - from);
		aw_buf_text(&m->out, entity);
		from = i + 1;
	}
	if (from < text.len) /* an empty text may have no place */
		aw_buf_add(&m->out, text.at + from, text.len - from);
}

static bool
ask(struct aw_mustache *m, const struct aw_mustache_value *context, struct aw_str name,
	struct aw_mustache_value *ret_value)
{
	if (context->source == NULL || context->source->lookup == NULL)
		return false;
	*ret_value = (struct aw_mustache_value){ .kind = AW_MUSTACHE_NOTHING };
	return context->source->lookup(m, context->self, name, ret_value);
}

bool
aw_mustache_find(struct aw_mustache *m, struct aw_str name, struct aw_mustache_value *ret_value)
{
	struct aw_str rest, first;
	size_t i = m->depth;
	bool found = false;

	if (aw_str_is(name, ".")) {
		if (m->depth == 0)
			return false;
		*ret_value = m->stack[m->depth - 1];
		return true;
	}
	first = aw_str_cut(name, '.', &rest);
	while (!found && i > 0)
		found = ask(m, &m->stack[--i], first, ret_value);
	while (found && rest.at != NULL) {
		struct aw_mustache_value outer = *ret_value;

		first = aw_str_cut(rest, '.', &rest);
		found = ask(m, &outer, first, ret_value);
	}
	if (!found)
		*ret_value = (struct aw_mustache_value){ .kind = AW_MUSTACHE_NOTHING };
	return found;
}

void
aw_mustache_push(struct aw_mustache *m, const struct aw_mustache_value *context)
{
	assert(m->depth < AW_MUSTACHE_DEPTH);
	m->stack[m->depth++] = *context;
}

static enum aw_status
render_in(struct aw_mustache *m, const struct aw_mustache_value *context,
	const struct aw_mustache_node *nodes, struct aw_error *err)
{
	enum aw_status status;

	if (m->depth == AW_MUSTACHE_DEPTH)
		return aw_fail(
			err, AW_TOO_LARGE, "contexts nested more than %d deep", AW_MUSTACHE_DEPTH);
	m->stack[m->depth++] = *context;
	status = render_nodes(m, nodes, err);
	m->depth--;
	return status;
}

static enum aw_status
render_section(struct aw_mustache *m, const struct aw_mustache_node *node, struct aw_error *err)
{
	struct aw_mustache_value value = { .kind = AW_MUSTACHE_NOTHING }, item;

	aw_mustache_find(m, node->text, &value);
	switch (value.kind) {
	case AW_MUSTACHE_NOTHING:
		return AW_OK;
	case AW_MUSTACHE_VALUE:
		return render_in(m, &value, node->child, err);
	case AW_MUSTACHE_LIST:
		for (size_t i = 0; i < value.count; i++) {
			item = (struct aw_mustache_value){ .kind = AW_MUSTACHE_NOTHING };
			value.source->item(m, value.self, i, &item);
			if (render_in(m, &item, node->child, err) != AW_OK)
				return err->status;
		}
		return AW_OK;
	case AW_MUSTACHE_LAMBDA:
		return value.source->section(m, value.self, node->inner, err);
	}
	return AW_OK;
}

static bool
is_something(const struct aw_mustache_value *value)
{
	return value->kind != AW_MUSTACHE_NOTHING &&
	       (value->kind != AW_MUSTACHE_LIST || value->count > 0);
}

static enum aw_status
render_template(struct aw_mustache *m, struct aw_str name, struct aw_str indent,
	const struct aw_mustache_frame *frame, struct aw_error *err)
{
	const struct aw_mustache_template *template =
		m->partial == NULL ? NULL : m->partial(m->user, name);
	const struct aw_mustache_frame *outer_frames = m->frames;
	struct aw_str outer_indent = m->indent;
	enum aw_status status;

	if (template == NULL)
		return AW_OK;
	if (m->nested == AW_MUSTACHE_DEPTH)
		return aw_fail(
			err, AW_TOO_LARGE, "templates nested more than %d deep", AW_MUSTACHE_DEPTH);
	m->nested++;
	if (indent.len > 0) {
		m->indent = (struct aw_str){ aw_arena_printf(m->out.arena, "%.*s%.*s",
						     (int)outer_indent.len,
						     outer_indent.len == 0 ? "" : outer_indent.at,
						     (int)indent.len, indent.at),
			outer_indent.len + indent.len };
		m->line_start = true;
	}
	if (frame != NULL)
		m->frames = frame;
	status = render_nodes(m, template->nodes, err);
	m->frames = outer_frames;
	m->indent = outer_indent;
	m->nested--;
	return status;
}

enum aw_status
aw_mustache_part(struct aw_mustache *m, const char *name, const struct aw_mustache_value *context,
	struct aw_error *err)
{
	enum aw_status status;

	if (m->depth == AW_MUSTACHE_DEPTH)
		return aw_fail(
			err, AW_TOO_LARGE, "contexts nested more than %d deep", AW_MUSTACHE_DEPTH);
	m->stack[m->depth] = *context;
	m->stack[m->depth++].part = NULL; /* inside its own part, {{.}} is its text */
	status = render_template(m, aw_str(name), (struct aw_str){ "", 0 }, NULL, err);
	m->depth--;
	return status;
}

/* {{x}}: text; what has a part is shown by it, each item of a list too. */
static enum aw_status
render_value(struct aw_mustache *m, const struct aw_mustache_node *node, struct aw_error *err)
{
	struct aw_mustache_value value = { .kind = AW_MUSTACHE_NOTHING }, item;

	aw_mustache_find(m, node->text, &value);
	if (value.kind == AW_MUSTACHE_NOTHING || value.kind == AW_MUSTACHE_LAMBDA)
		return AW_OK;
	if (value.kind == AW_MUSTACHE_LIST) {
		for (size_t i = 0; i < value.count; i++) {
			item = (struct aw_mustache_value){ .kind = AW_MUSTACHE_NOTHING };
			value.source->item(m, value.self, i, &item);
			if (item.part != NULL &&
				aw_mustache_part(m, item.part, &item, err) != AW_OK)
				return err->status;
		}
		return AW_OK;
	}
	if (value.part != NULL && !node->in_tag)
		return aw_mustache_part(m, value.part, &value, err);
	if (node->kind == AW_NODE_ESCAPED) {
		aw_mustache_escape(m, value.text);
	} else {
		begin_line(m);
		aw_buf_str(&m->out, value.text);
	}
	return AW_OK;
}

/* The outermost frame that gives a block of this name has the word. */
static const struct aw_mustache_node *
find_block(const struct aw_mustache *m, const struct aw_mustache_node *block)
{
	const struct aw_mustache_node *found = block;

	for (const struct aw_mustache_frame *f = m->frames; f != NULL; f = f->outer) {
		for (const struct aw_mustache_node *n = f->blocks; n != NULL; n = n->next) {
			if (n->kind == AW_NODE_BLOCK && aw_str_eq(n->text, block->text))
				found = n;
		}
	}
	return found;
}

static enum aw_status
render_node(struct aw_mustache *m, const struct aw_mustache_node *node, struct aw_error *err)
{
	struct aw_mustache_frame frame = { .outer = m->frames, .blocks = node->child };
	struct aw_mustache_value value = { .kind = AW_MUSTACHE_NOTHING };

	switch (node->kind) {
	case AW_NODE_TEXT:
		put_text(m, node->text);
		return AW_OK;
	case AW_NODE_ESCAPED:
	case AW_NODE_RAW:
		return render_value(m, node, err);
	case AW_NODE_SECTION:
		return render_section(m, node, err);
	case AW_NODE_INVERTED:
		aw_mustache_find(m, node->text, &value);
		return is_something(&value) ? AW_OK : render_nodes(m, node->child, err);
	case AW_NODE_PARTIAL:
		return render_template(m, node->text, node->indent, NULL, err);
	case AW_NODE_PARENT:
		return render_template(m, node->text, node->indent, &frame, err);
	case AW_NODE_BLOCK:
		return render_nodes(m, find_block(m, node)->child, err);
	}
	return AW_OK;
}

static enum aw_status
render_nodes(struct aw_mustache *m, const struct aw_mustache_node *node, struct aw_error *err)
{
	for (; node != NULL; node = node->next) {
		if (render_node(m, node, err) != AW_OK || check_size(m, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_mustache_render(
	struct aw_mustache *m, const struct aw_mustache_template *template, struct aw_error *err)
{
	assert(m->out.arena != NULL);
	return render_nodes(m, template->nodes, err);
}
