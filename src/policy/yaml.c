/* policy/yaml - libyaml's events into a tree in the arena, and the mistakes on the way. */
#include "policy/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { LIMIT_BYTES = 4 * 1024 * 1024, LIMIT_DEPTH = 32, LIMIT_NODES = 400000, LIMIT_KEYS = 2000 };

/* -- mistakes --------------------------------------------------------------------------------- */

static void AW_PRINTF(5, 0) note(struct aw_mistakes *mistakes, const char *file, uint32_t line,
	uint32_t column, const char *fmt, va_list args)
{
	char text[400];
	struct aw_mistake *mistake;

	if (mistakes->count >= AW_MISTAKES_MOST) {
		mistakes->left_out++;
		return;
	}
	(void)vsnprintf(text, sizeof(text), fmt, args);
	mistake = AW_PUSH(mistakes->arena, mistakes->at, mistakes->count, mistakes->room);
	mistake->file = aw_arena_strdup(mistakes->arena, file);
	mistake->line = line;
	mistake->column = column;
	mistake->text = aw_arena_strdup(mistakes->arena, text);
	mistake->where = NULL;
}

void
aw_mistake(struct aw_mistakes *mistakes, const char *file, uint32_t line, uint32_t column,
	const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note(mistakes, file, line, column, fmt, args);
	va_end(args);
}

void
aw_mistake_where(struct aw_mistakes *mistakes, const char *where)
{
	if (mistakes->left_out == 0 && mistakes->count > 0)
		mistakes->at[mistakes->count - 1].where =
			where == NULL ? NULL : aw_arena_strdup(mistakes->arena, where);
}

enum aw_status
aw_mistakes_error(const struct aw_mistakes *mistakes, struct aw_error *err)
{
	const struct aw_mistake *first = mistakes->at;

	if (mistakes->count == 0)
		return AW_OK;
	if (mistakes->count == 1)
		return aw_fail_at(err, first->file, first->line, first->column, "%s", first->text);
	return aw_fail_at(err, first->file, first->line, first->column,
		"%s (and %zu more mistakes)", first->text,
		mistakes->count + mistakes->left_out - 1);
}

void
aw_yaml_mistake(struct aw_yaml *yaml, const struct aw_yaml_node *node, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note(yaml->mistakes, yaml->file, node != NULL ? node->line : 0,
		node != NULL ? node->column : 0, fmt, args);
	va_end(args);
}

/* -- libyaml's events into a tree ------------------------------------------------------------- */

struct builder {
	struct aw_yaml *yaml;
	yaml_parser_t *parser;
	size_t nodes;
	bool failed;
};

static void
fail_at(struct builder *b, yaml_mark_t mark, const char *text)
{
	if (!b->failed)
		aw_mistake(b->yaml->mistakes, b->yaml->file, (uint32_t)mark.line + 1,
			(uint32_t)mark.column + 1, "%s", text);
	b->failed = true;
}

static bool
next_event(struct builder *b, yaml_event_t *ret_event)
{
	const yaml_parser_t *p = b->parser;

	if (yaml_parser_parse(b->parser, ret_event))
		return true;
	fail_at(b, p->error == YAML_READER_ERROR ? p->mark : p->problem_mark,
		aw_arena_printf(b->yaml->arena, "not YAML: %s",
			p->problem != NULL ? p->problem : "cannot be read"));
	return false;
}

static struct aw_yaml_node *
new_node(struct builder *b, enum aw_yaml_kind kind, yaml_mark_t mark)
{
	struct aw_yaml_node *node = AW_NEW(b->yaml->arena, struct aw_yaml_node);

	node->kind = kind;
	node->line = (uint32_t)mark.line + 1;
	node->column = (uint32_t)mark.column + 1;
	if (++b->nodes > LIMIT_NODES)
		fail_at(b, mark, "more than 400000 values in one file");
	return node;
}

static bool
is_null(const char *text)
{
	return text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static struct aw_yaml_node *
build_scalar(struct builder *b, const yaml_event_t *event)
{
	struct aw_yaml_node *node = new_node(b, AW_YAML_TEXT, event->start_mark);
	const char *value = (const char *)event->data.scalar.value;

	if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
		fail_at(b, event->start_mark, "anchors and tags are not accepted");
	if (strlen(value) != event->data.scalar.length)
		fail_at(b, event->start_mark, "a text holds a NUL character");
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (!node->quoted && is_null(value))
		node->kind = AW_YAML_NULL;
	else
		node->text = aw_arena_strdup(b->yaml->arena, value);
	return node;
}

static struct aw_yaml_node *build(struct builder *b, yaml_event_t *event, int depth);

static void
add_entry(struct builder *b, struct aw_yaml_node *map, size_t *room, const yaml_event_t *key,
	struct aw_yaml_node *value)
{
	struct aw_arena *arena = b->yaml->arena;
	const char *name = (const char *)key->data.scalar.value;

	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->keys[i], name) == 0)
			aw_mistake(b->yaml->mistakes, b->yaml->file,
				(uint32_t)key->start_mark.line + 1,
				(uint32_t)key->start_mark.column + 1,
				"the key \"%.80s\" stands here twice (first on line %u)", name,
				map->key_lines[i]);
	if (map->count >= LIMIT_KEYS)
		fail_at(b, key->start_mark, "more than 2000 keys in one place");
	if (map->count == *room) { /* three arrays of one size */
		size_t room_lines = *room, room_keys = *room;
		map->key_lines = aw_arena_grow(
			arena, map->key_lines, map->count, &room_lines, sizeof(uint32_t));
		map->keys =
			aw_arena_grow(arena, map->keys, map->count, &room_keys, sizeof(*map->keys));
		map->items =
			aw_arena_grow(arena, map->items, map->count, room, sizeof(*map->items));
	}
	map->items[map->count] = value;
	map->keys[map->count] = aw_arena_strdup(arena, name);
	map->key_lines[map->count] = (uint32_t)key->start_mark.line + 1;
	map->count++;
}

static struct aw_yaml_node *
build_map(struct builder *b, const yaml_event_t *start, int depth)
{
	struct aw_yaml_node *map = new_node(b, AW_YAML_MAP, start->start_mark);
	size_t room = 0;

	while (!b->failed) {
		yaml_event_t key, event;
		if (!next_event(b, &key))
			break;
		if (key.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&key);
			break;
		}
		if (key.type != YAML_SCALAR_EVENT || key.data.scalar.length == 0) {
			fail_at(b, key.start_mark, "a key must be a text");
		} else if (next_event(b, &event)) {
			struct aw_yaml_node *value = build(b, &event, depth + 1);
			yaml_event_delete(&event);
			if (value != NULL)
				add_entry(b, map, &room, &key, value);
		}
		yaml_event_delete(&key);
	}
	map->used = AW_NEW_ARRAY(b->yaml->arena, bool, map->count);
	return map;
}

static struct aw_yaml_node *
build_list(struct builder *b, const yaml_event_t *start, int depth)
{
	struct aw_yaml_node *list = new_node(b, AW_YAML_LIST, start->start_mark);
	size_t room = 0;

	while (!b->failed) {
		yaml_event_t event;
		struct aw_yaml_node *item;
		if (!next_event(b, &event))
			break;
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			break;
		}
		item = build(b, &event, depth + 1);
		yaml_event_delete(&event);
		if (item != NULL)
			*AW_PUSH(b->yaml->arena, list->items, list->count, room) = item;
	}
	return list;
}

static struct aw_yaml_node *
build(struct builder *b, yaml_event_t *event, int depth)
{
	if (depth > LIMIT_DEPTH) {
		fail_at(b, event->start_mark, "nested more than 32 levels deep");
		return NULL;
	}
	if (event->type == YAML_SCALAR_EVENT)
		return build_scalar(b, event);
	if (event->type == YAML_ALIAS_EVENT) {
		fail_at(b, event->start_mark, "anchors and aliases are not accepted");
		return NULL;
	}
	if (event->type == YAML_MAPPING_START_EVENT) {
		if (event->data.mapping_start.anchor != NULL ||
			event->data.mapping_start.tag != NULL)
			fail_at(b, event->start_mark, "anchors and tags are not accepted");
		return build_map(b, event, depth);
	}
	if (event->type == YAML_SEQUENCE_START_EVENT) {
		if (event->data.sequence_start.anchor != NULL ||
			event->data.sequence_start.tag != NULL)
			fail_at(b, event->start_mark, "anchors and tags are not accepted");
		return build_list(b, event, depth);
	}
	fail_at(b, event->start_mark, "not YAML: a value was expected");
	return NULL;
}

/* Stream start, document start, one value, document end, stream end. */
static struct aw_yaml_node *
build_stream(struct builder *b)
{
	struct aw_yaml_node *root = NULL;
	bool ended = false;

	while (!ended && !b->failed) {
		yaml_event_t event;
		if (!next_event(b, &event))
			break;
		if (event.type == YAML_STREAM_END_EVENT)
			ended = true;
		else if (event.type == YAML_DOCUMENT_START_EVENT && root != NULL)
			fail_at(b, event.start_mark, "a second document: one file holds one");
		else if (event.type != YAML_STREAM_START_EVENT &&
			 event.type != YAML_DOCUMENT_START_EVENT &&
			 event.type != YAML_DOCUMENT_END_EVENT)
			root = build(b, &event, 1);
		yaml_event_delete(&event);
	}
	return root;
}

bool
aw_yaml_parse(struct aw_arena *arena, const char *file, struct aw_str text,
	struct aw_mistakes *mistakes, struct aw_yaml *ret_yaml)
{
	struct aw_yaml yaml = { .arena = arena, .file = file, .mistakes = mistakes };
	yaml_parser_t parser;
	struct builder b = { .yaml = &yaml, .parser = &parser };
	struct aw_yaml_node *root;

	if (text.len > LIMIT_BYTES) {
		aw_mistake(mistakes, file, 0, 0, "larger than 4 MiB");
		return false;
	}
	if (!aw_utf8_valid(text)) {
		aw_mistake(mistakes, file, 0, 0, "not UTF-8: save the file as UTF-8");
		return false;
	}
	if (!yaml_parser_initialize(&parser))
		aw_die("out of memory in libyaml");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)(text.at != NULL ? text.at : ""), text.len);
	root = build_stream(&b);
	yaml_parser_delete(&parser);
	if (b.failed)
		return false;
	if (root == NULL || root->kind != AW_YAML_MAP) {
		aw_mistake(mistakes, file, root != NULL ? root->line : 0,
			root != NULL ? root->column : 0, "the file must hold keys and values");
		return false;
	}
	yaml.root = root;
	*ret_yaml = yaml;
	return true;
}
