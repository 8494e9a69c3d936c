/* page/mustache - compiling a template text into its tree. */
#include "page/mustache.h"

#include <stdio.h>
#include <string.h>

#define MAX_DELIMITER 8

struct compiler {
	struct aw_arena *arena;
	const char *name;
	struct aw_str text;
	size_t at;
	uint32_t line;
	char open[MAX_DELIMITER + 1];
	char close[MAX_DELIMITER + 1];
	bool in_tag;
	struct {
		struct aw_mustache_node *node;
		struct aw_mustache_node **tail; /* of the list the section stands in */
	} stack[AW_MUSTACHE_DEPTH];
	size_t depth;
	struct aw_mustache_node **tail;
};

struct tag {
	char kind; /* one of ! = > < $ # ^ / & { or 'v' */
	struct aw_str content;
	size_t start; /* of the opening delimiter */
	size_t end;   /* behind the closing one */
	struct aw_str indent;
	bool alone; /* on its line; start and end then cover the line */
};

static struct aw_mustache_node *
add_node(struct compiler *c, enum aw_mustache_node_kind kind, struct aw_str text)
{
	struct aw_mustache_node *node = AW_NEW(c->arena, struct aw_mustache_node);

	node->kind = kind;
	node->text = text;
	node->line = c->line;
	node->in_tag = c->in_tag;
	*c->tail = node;
	c->tail = &node->next;
	return node;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Where `word` next stands at or behind `from`; text.len when it does not. */
static size_t
find(struct aw_str text, size_t from, const char *word)
{
	size_t len = strlen(word);
	const char *hit =
		from + len > text.len ? NULL : memmem(text.at + from, text.len - from, word, len);

	return hit == NULL ? text.len : (size_t)(hit - text.at);
}

static void
add_text(struct compiler *c, size_t from, size_t to)
{
	struct aw_str text = { c->text.at + from, to - from };

	if (to <= from)
		return;
	add_node(c, AW_NODE_TEXT, text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\n')
			c->line++;
		else if (text.at[i] == '<')
			c->in_tag = true;
		else if (text.at[i] == '>')
			c->in_tag = false;
	}
}

static void
count_lines(struct compiler *c, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		c->line += c->text.at[i] == '\n';
}

/* A tag that prints nothing itself takes its whole line along when it stands alone on it. */
static void
widen_if_alone(const struct compiler *c, struct tag *tag)
{
	size_t from = tag->start, to = tag->end;

	while (from > 0 && is_blank(c->text.at[from - 1]))
		from--;
	if (from > 0 && c->text.at[from - 1] != '\n')
		return;
	while (to < c->text.len && is_blank(c->text.at[to]))
		to++;
	if (to < c->text.len && c->text.at[to] == '\r')
		to++;
	if (to < c->text.len && c->text.at[to] != '\n')
		return;
	tag->indent = (struct aw_str){ c->text.at + from, tag->start - from };
	tag->alone = true;
	tag->start = from;
	tag->end = to < c->text.len ? to + 1 : to;
}

static enum aw_status
read_tag(struct compiler *c, size_t start, struct tag *ret_tag, struct aw_error *err)
{
	struct tag tag = { .kind = 'v', .start = start };
	size_t from = start + strlen(c->open), to;
	char close[MAX_DELIMITER + 3];
	const char *fixed = "";

	if (from < c->text.len && strchr("!=><$#^/&{", c->text.at[from]) != NULL)
		tag.kind = c->text.at[from++];
	if (tag.kind == '{')
		fixed = "}";
	else if (tag.kind == '=')
		fixed = "=";
	(void)snprintf(close, sizeof(close), "%s%s", fixed, c->close);
	to = find(c->text, from, close);
	if (to == c->text.len) {
		count_lines(c, c->at, start);
		return aw_fail_at(err, c->name, c->line, 0, "this tag is never closed");
	}
	tag.content = aw_str_trim((struct aw_str){ c->text.at + from, to - from });
	tag.end = to + strlen(close);
	if (strchr("v&{", tag.kind) == NULL)
		widen_if_alone(c, &tag);
	*ret_tag = tag;
	return AW_OK;
}

static enum aw_status
set_delimiters(struct compiler *c, struct aw_str content, struct aw_error *err)
{
	struct aw_str close, open = aw_str_cut(content, ' ', &close);

	close = aw_str_trim(close.at == NULL ? (struct aw_str){ "", 0 } : close);
	if (open.len == 0 || close.len == 0 || open.len > MAX_DELIMITER ||
		close.len > MAX_DELIMITER || memchr(content.at, '=', content.len) != NULL ||
		memchr(close.at, ' ', close.len) != NULL)
		return aw_fail_at(
			err, c->name, c->line, 0, "a change of delimiters is {{=open close=}}");
	memcpy(c->open, open.at, open.len);
	c->open[open.len] = '\0';
	memcpy(c->close, close.at, close.len);
	c->close[close.len] = '\0';
	return AW_OK;
}

static enum aw_status
open_section(struct compiler *c, enum aw_mustache_node_kind kind, const struct tag *tag,
	struct aw_error *err)
{
	struct aw_mustache_node *node;

	if (c->depth == AW_MUSTACHE_DEPTH)
		return aw_fail_at(
			err, c->name, c->line, 0, "nested more than %d deep", AW_MUSTACHE_DEPTH);
	node = add_node(c, kind, tag->content);
	node->inner.at = c->text.at + tag->end;
	c->stack[c->depth].node = node;
	c->stack[c->depth++].tail = c->tail;
	c->tail = &node->child;
	return AW_OK;
}

static enum aw_status
close_section(struct compiler *c, const struct tag *tag, struct aw_error *err)
{
	struct aw_mustache_node *node;

	if (c->depth == 0)
		return aw_fail_at(err, c->name, c->line, 0, "no section is open to close here");
	node = c->stack[--c->depth].node;
	if (!aw_str_eq(node->text, tag->content))
		return aw_fail_at(err, c->name, c->line, 0,
			"the section open since line %u has another name", node->line);
	node->inner.len = (size_t)(c->text.at + tag->start - node->inner.at);
	c->tail = c->stack[c->depth].tail;
	return AW_OK;
}

static enum aw_status
take_tag(struct compiler *c, const struct tag *tag, struct aw_error *err)
{
	if (tag->kind != '!' && tag->content.len == 0)
		return aw_fail_at(err, c->name, c->line, 0, "this tag has no name");
	switch (tag->kind) {
	case '!':
		return AW_OK;
	case '=':
		return set_delimiters(c, tag->content, err);
	case '#':
		return open_section(c, AW_NODE_SECTION, tag, err);
	case '^':
		return open_section(c, AW_NODE_INVERTED, tag, err);
	case '<':
		return open_section(c, AW_NODE_PARENT, tag, err);
	case '$':
		return open_section(c, AW_NODE_BLOCK, tag, err);
	case '/':
		return close_section(c, tag, err);
	case '>':
		add_node(c, AW_NODE_PARTIAL, tag->content)->indent = tag->indent;
		return AW_OK;
	case '&':
	case '{':
		add_node(c, AW_NODE_RAW, tag->content);
		return AW_OK;
	default:
		add_node(c, AW_NODE_ESCAPED, tag->content);
		return AW_OK;
	}
}

enum aw_status
aw_mustache_compile(struct aw_arena *arena, const char *name, struct aw_str text,
	struct aw_mustache_template **ret_template, struct aw_error *err)
{
	struct aw_mustache_template *template = AW_NEW(arena, struct aw_mustache_template);
	struct compiler c = {
		.arena = arena, .name = name, .text = text, .line = 1, .open = "{{", .close = "}}"
	};
	size_t start;

	template->name = name;
	c.tail = &template->nodes;
	while ((start = find(text, c.at, c.open)) < text.len) {
		struct tag tag = { 0 };

		if (read_tag(&c, start, &tag, err) != AW_OK)
			return err->status;
		add_text(&c, c.at, tag.start);
		if (take_tag(&c, &tag, err) != AW_OK)
			return err->status;
		count_lines(&c, tag.start, tag.end);
		c.at = tag.end;
	}
	add_text(&c, c.at, text.len);
	if (c.depth > 0)
		return aw_fail_at(err, name, c.stack[c.depth - 1].node->line, 0,
			"this section is never closed");
	*ret_template = template;
	return AW_OK;
}
