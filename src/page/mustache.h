/**
 * page/mustache - templates: compiled once, rendered against whatever answers for names.
 * Layer: page.  Threads: a template never changes after it is compiled; a rendering belongs to one
 * thread.  Example: tests/page/test_mustache.c
 *
 * The Mustache specification's modules comments, delimiters, interpolation, inverted, partials and
 * sections hold (v1.4); of its optional modules, inheritance ({{<layout}} and {{$block}}).
 * Values are escaped for HTML unless {{{x}}} or {{&x}} asks otherwise; which templates may ask is
 * the caller's rule (tools/check_pages.py).
 */
#ifndef AW_PAGE_MUSTACHE_H
#define AW_PAGE_MUSTACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define AW_MUSTACHE_DEPTH 48	      /* sections, partials and names on the stack at once */
#define AW_MUSTACHE_LIMIT (4U << 20U) /* bytes of output */

enum aw_mustache_kind {
	AW_MUSTACHE_NOTHING, /* absent, false, unknown: prints nothing, an inverted section shows */
	AW_MUSTACHE_VALUE,   /* prints its text; as a section it becomes the context, once */
	AW_MUSTACHE_LIST,    /* a section is shown for each item */
	AW_MUSTACHE_LAMBDA,  /* a section hands its inner text over */
};

struct aw_mustache_value;
struct aw_mustache; /* one rendering */

/* What answers for a value: names inside it, its items, its doing as a lambda. */
struct aw_mustache_source {
	/* false: no such name here, the next outer context is asked. May be NULL. */
	bool (*lookup)(struct aw_mustache *mustache, const void *self, struct aw_str name,
		struct aw_mustache_value *ret_value);
	void (*item)(struct aw_mustache *mustache, const void *self, size_t i,
		struct aw_mustache_value *ret_value);
	enum aw_status (*section)(struct aw_mustache *mustache, const void *self,
		struct aw_str inner, struct aw_error *err);
};

struct aw_mustache_value {
	enum aw_mustache_kind kind;
	struct aw_str text;
	bool numeric; /* number is what text shows, for plural forms */
	int64_t number;
	/* VALUE outside a tag's angle brackets: shown by this part with itself as the context,
	 * instead of its text; NULL = text. */
	const char *part;
	const struct aw_mustache_source *source; /* may be NULL: no names inside */
	const void *self;
	size_t count; /* LIST */
};

enum aw_mustache_node_kind {
	AW_NODE_TEXT,
	AW_NODE_ESCAPED,
	AW_NODE_RAW,
	AW_NODE_SECTION,
	AW_NODE_INVERTED,
	AW_NODE_PARTIAL,
	AW_NODE_PARENT,
	AW_NODE_BLOCK,
};

/* The tree is open to read, so that tests and checks can walk it. */
struct aw_mustache_node {
	struct aw_mustache_node *next;
	struct aw_mustache_node *child;
	enum aw_mustache_node_kind kind;
	bool in_tag;	      /* stands between < and > */
	struct aw_str text;   /* TEXT: itself; else the name as written, without blanks */
	struct aw_str inner;  /* SECTION: its source text, for lambdas */
	struct aw_str indent; /* PARTIAL alone on its line: what stands before it */
	uint32_t line;
};

struct aw_mustache_template {
	const char *name;
	struct aw_mustache_node *nodes;
};

/** Compiles text, which must live as long as the template. Errors: AW_INVALID with name and line
 *  (a tag or section left open, a doubled close, nested more than AW_MUSTACHE_DEPTH). */
AW_MUST_CHECK enum aw_status aw_mustache_compile(struct aw_arena *arena, const char *name,
	struct aw_str text, struct aw_mustache_template **ret_template, struct aw_error *err);

struct aw_mustache_frame;

struct aw_mustache {
	struct aw_buf out; /* .arena set by the caller */
	/* A template by name for {{>name}}, {{<name}} and parts; NULL: prints nothing. */
	const struct aw_mustache_template *(*partial)(void *user, struct aw_str name);
	void *user;
	/* kept by the renderer */
	struct aw_mustache_value stack[AW_MUSTACHE_DEPTH];
	size_t depth;
	const struct aw_mustache_frame *frames;
	struct aw_str indent;
	bool line_start;
	uint32_t nested;
};

/** Puts a context on the stack; the last one is asked first. Before rendering only. */
void aw_mustache_push(struct aw_mustache *mustache, const struct aw_mustache_value *context);

/** Renders into mustache->out. Errors: AW_TOO_LARGE (depth or size), what a lambda returned. */
AW_MUST_CHECK enum aw_status aw_mustache_render(struct aw_mustache *mustache,
	const struct aw_mustache_template *template, struct aw_error *err);

/* For lambdas and sources. */
/** The value of a dotted name on the stack; false when nothing has it. */
bool aw_mustache_find(
	struct aw_mustache *mustache, struct aw_str name, struct aw_mustache_value *ret_value);
void aw_mustache_escape(struct aw_mustache *mustache, struct aw_str text);
/** Renders a part with context as its innermost. */
AW_MUST_CHECK enum aw_status aw_mustache_part(struct aw_mustache *mustache, const char *name,
	const struct aw_mustache_value *context, struct aw_error *err);

#endif
