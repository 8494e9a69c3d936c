/**
 * policy/yaml - a typed reader of one YAML file that finds every mistake, each with its line.
 * Layer: policy.  Threads: a reading belongs to one thread (it marks what was read).
 * Example: tests/policy/test_yaml.c
 *
 * libyaml's document becomes a tree in the arena; nothing of libyaml outlives aw_yaml_parse().
 * Readers take a map and a key. They never stop: a mistake is noted with file, line and column and
 * a harmless value comes back, so that one run names all mistakes (up to AW_MISTAKES_MOST). A key
 * that nobody asked for is a mistake too: call aw_yaml_end() on each map once it is read.
 * Anchors, aliases and tags are refused; a doubled key is a mistake. Limits: 4 MiB, 32 levels,
 * 400,000 values, 2,000 keys in one map.
 *
 *	struct aw_yaml yaml = { 0 };
 *	if (!aw_yaml_parse(arena, "registers/drug.yaml", text, &mistakes, &yaml))
 *		return;
 *	code = aw_yaml_code(&yaml, yaml.root, "code");
 *	columns = aw_yaml_list(&yaml, yaml.root, "columns", true);
 *	for (size_t i = 0; i < columns->count; i++)
 *		read_column(&yaml, aw_yaml_item(&yaml, columns, i));
 *	aw_yaml_end(&yaml, yaml.root);
 */
#ifndef AW_POLICY_YAML_H
#define AW_POLICY_YAML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define AW_MISTAKES_MOST 100

struct aw_mistake {
	const char *file; /* relative to the policy's folder */
	uint32_t line;	  /* from 1; 0 = the file as a whole */
	uint32_t column;
	const char *text;  /* what is wrong and what was expected */
	const char *where; /* in a decision table: decision, row, column; NULL */
};

/* Start with { .arena = arena }. */
struct aw_mistakes {
	struct aw_arena *arena;
	struct aw_mistake *at;
	size_t count, room;
	size_t left_out; /* more than AW_MISTAKES_MOST */
};

/** Notes a mistake. file and the text are copied. */
void aw_mistake(struct aw_mistakes *mistakes, const char *file, uint32_t line, uint32_t column,
	const char *fmt, ...) AW_PRINTF(5, 6);
/** Says where in a table the mistake is that was noted last; copied. */
void aw_mistake_where(struct aw_mistakes *mistakes, const char *where);
/** Turns the first mistake into an error (AW_INVALID with its place); AW_OK when there is none. */
enum aw_status aw_mistakes_error(const struct aw_mistakes *mistakes, struct aw_error *err);

enum aw_yaml_kind {
	AW_YAML_NONE, /* absent, or of another kind than asked: empty, safe to read from */
	AW_YAML_NULL, /* written as null, ~ or nothing */
	AW_YAML_TEXT,
	AW_YAML_LIST,
	AW_YAML_MAP,
};

struct aw_yaml_node {
	enum aw_yaml_kind kind;
	uint32_t line, column;
	const char *text;	     /* TEXT */
	bool quoted;		     /* TEXT in quotes: never a number, a flag or null */
	size_t count;		     /* LIST: items; MAP: entries */
	struct aw_yaml_node **items; /* LIST: items; MAP: values */
	const char **keys;	     /* MAP */
	uint32_t *key_lines;	     /* MAP */
	bool *used;		     /* MAP: somebody asked for the key */
};

struct aw_yaml {
	struct aw_arena *arena;
	const char *file;
	struct aw_mistakes *mistakes;
	struct aw_yaml_node *root; /* a map when aw_yaml_parse said true */
};

/* Two languages: what a code is called on a page. */
struct aw_label {
	const char *zh;
	const char *en;
};

/** Parses text; the root must be a map. False when it is not YAML at all (the mistake is noted). */
bool aw_yaml_parse(struct aw_arena *arena, const char *file, struct aw_str text,
	struct aw_mistakes *mistakes, struct aw_yaml *ret_yaml);

/** Notes a mistake at a node. */
void aw_yaml_mistake(struct aw_yaml *yaml, const struct aw_yaml_node *node, const char *fmt, ...)
	AW_PRINTF(3, 4);

/** The value behind a key of any kind; NULL if absent or written as null. Marks the key as read. */
const struct aw_yaml_node *
aw_yaml_get(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key);

/* All below mark the key. Lists and maps come back never NULL: absent ones have count 0. */
const struct aw_yaml_node *
aw_yaml_map(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required);
const struct aw_yaml_node *
aw_yaml_list(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required);
/** Item i of a list, which must be a map; an empty map otherwise. */
const struct aw_yaml_node *
aw_yaml_item(struct aw_yaml *yaml, const struct aw_yaml_node *list, size_t i);
/** Text; NULL if absent. */
const char *
aw_yaml_text(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required);
/** A required code: [A-Za-z0-9][A-Za-z0-9_.-]*, at most 64. "" after a mistake. */
const char *aw_yaml_code(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key);
/** A list of texts (a single text is a list of one); *ret_count 0 if absent. */
const char *const *aw_yaml_texts(struct aw_yaml *yaml, const struct aw_yaml_node *map,
	const char *key, bool required, size_t *ret_count);
int64_t aw_yaml_int(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	int64_t least, int64_t most, int64_t otherwise);
/** As aw_yaml_int, and absent is a mistake. */
int64_t aw_yaml_need_int(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	int64_t least, int64_t most);
double aw_yaml_number(
	struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, double otherwise);
bool
aw_yaml_flag(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool otherwise);
/** An ISO day (2021-12-06) as days since 1970. */
int32_t aw_yaml_day(
	struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, int32_t otherwise);
/** Index of the text among names; `otherwise` if absent (a mistake when otherwise is -1). */
int aw_yaml_choice(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	const char *const *names, size_t name_count, int otherwise);
/** A map {zh: ..., en: ...}, both required. */
struct aw_label
aw_yaml_label(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key, bool required);
/** Notes every key of map that nobody asked for. */
void aw_yaml_end(struct aw_yaml *yaml, const struct aw_yaml_node *map);

#endif
