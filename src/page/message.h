/**
 * page/message - what the pages say: catalogs of ICU MessageFormat texts by key, one a language.
 * Layer: page.  Threads: a catalog never changes after it is loaded.  Example:
 * tests/page/test_message.c
 *
 * A catalog is messages/<language>.json: flat keys to texts. Of MessageFormat's syntax the
 * catalogs use named arguments {x}, {x, number}, {x, plural, ...}, {x, selectordinal, ...},
 * {x, select, ...}, # and apostrophe quoting; ICU's C interface takes no named arguments, so the
 * texts are compiled here, once, and plural forms are asked of ICU (upluralrules). A test holds
 * every text against ICU's own parser.
 */
#ifndef AW_PAGE_MESSAGE_H
#define AW_PAGE_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct aw_message_arg {
	const char *name;
	const char *text; /* what {name} prints; NULL for a number: its digits */
	bool numeric;	  /* number decides plural forms */
	int64_t number;
};

#define AW_ARG_TEXT(name_, text_) ((struct aw_message_arg){ .name = (name_), .text = (text_) })
#define AW_ARG_INT(name_, number_)                                                                 \
	((struct aw_message_arg){ .name = (name_), .numeric = true, .number = (number_) })

struct aw_message_entry;
struct UPluralRules;

struct aw_catalog {
	const char *language;		  /* "zh-Hant-TW" */
	struct aw_message_entry *entries; /* sorted by key */
	size_t count;
	struct UPluralRules *cardinal;
	struct UPluralRules *ordinal;
};

void aw_catalog_done(struct aw_catalog *catalog);

/** Compiles a catalog; text must outlive it. Errors: AW_INVALID (JSON, or a text's syntax: says
 *  which key), AW_IO when ICU lacks its data. */
AW_MUST_CHECK enum aw_status aw_catalog_load(struct aw_arena *arena, const char *language,
	struct aw_str json, struct aw_catalog *ret_catalog, struct aw_error *err);

bool aw_catalog_has(const struct aw_catalog *catalog, const char *key);
/** The i-th key, for tests; NULL behind the last. */
const char *aw_catalog_key(const struct aw_catalog *catalog, size_t i);

/** Calls fn with the name of each argument of a message; false when there is no such key. */
bool aw_message_arguments(const struct aw_catalog *catalog, struct aw_str key,
	void (*fn)(void *user, struct aw_str name), void *user);

/* Answers for an argument: false when there is none of that name (it prints as {name}). */
typedef bool aw_message_arg_fn(void *user, struct aw_str name, struct aw_message_arg *ret_arg);

/** Writes a message with arguments asked of fn. A key that the catalog lacks is written between
 *  ⟦ ⟧, so that it is seen. */
void aw_message_write(struct aw_buf *out, const struct aw_catalog *catalog, struct aw_str key,
	aw_message_arg_fn *fn, void *user);

/** A message with the given arguments, in the arena. */
const char *aw_message(struct aw_arena *arena, const struct aw_catalog *catalog, const char *key,
	const struct aw_message_arg *args, size_t count);

/** 1,344: digits in groups of three. */
void aw_number_write(struct aw_buf *out, int64_t number);

#endif
