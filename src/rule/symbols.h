/**
 * rule/symbols - the values of one column cut into classes that no cell tells apart.
 * Layer: rule; for cover_column.c and plan.c.  Threads: plain data, constant once made.
 * Example: tests/rule/test_cover.c
 *
 * Made from the constants that cells name: a flag has two classes, texts one for each constant and one
 * for all others, numbers one for each constant and for each gap between two; null is always one of its
 * own. Each class has a value that stands for all of it, and is a small number: a symbol.
 */
#ifndef AW_RULE_SYMBOLS_H
#define AW_RULE_SYMBOLS_H

#include "rule/table.h"

struct aw_symbol {
	struct aw_value value; /* one of the class; for a single constant, that */
	const char *text;      /* "F", (6..14), > 15, any other, unknown */
	bool single;	       /* the class is this value alone */
};

struct aw_symbols {
	struct aw_arena *arena;
	enum aw_value_kind
		kind; /* FLAG, NUMBER, TEXT; NULL: no constant is known, or any other kind */
	bool mixed; /* constants of several kinds, or texts that are put in order: not for symbols */
	struct aw_value *ends; /* the constants, each once; numbers ascending once closed */
	size_t end_count, end_room;
	struct aw_symbol *at; /* [0] is null */
	size_t count, room;
	int64_t *whole;	 /* ends as integers, when all are */
	uint32_t *slots; /* texts: open addressing, symbol + 1 */
	size_t slot_count;
};

enum { AW_SYMBOL_NULL = 0 };

/** Does a test depend on more than its own text and the value that is tested? */
bool aw_symbols_computes(const struct aw_node *node);
/** Adds the constants of a cell, or of a type's allowed values; what computes is passed over. run: for
 *  constant expressions; its types are the model's. */
void aw_symbols_add(struct aw_symbols *symbols, struct aw_run *run, const struct aw_node *tests);
void aw_symbols_add_value(struct aw_symbols *symbols, struct aw_value v);
/** Makes the classes. kind: of the column's type; NULL: that of the constants. */
void aw_symbols_close(struct aw_symbols *symbols, enum aw_value_kind kind);

/** What texts are looked up by, here and in plans. */
uint64_t aw_symbols_hash(struct aw_str text);

/** The symbol of a value; SIZE_MAX when it is of another kind than the constants. */
size_t aw_symbols_find(const struct aw_symbols *symbols, struct aw_value v);

#endif
