/**
 * rule/cover_column - the values of a table's column, cut into classes that no cell tells apart.
 * Layer: rule; for cover.c and cover_column.c alone.
 */
#ifndef AW_RULE_COVER_COLUMN_H
#define AW_RULE_COVER_COLUMN_H

#include "rule/cover.h"

/* A set of rules, a bit each. */
typedef uint64_t *aw_rule_set;

static inline size_t
aw_rule_words(const struct aw_table *table)
{
	return (table->rule_count + 63) / 64;
}
static inline bool
aw_rule_in(const uint64_t *set, size_t rule)
{
	return (set[rule / 64] >> (rule % 64) & 1) != 0;
}

struct aw_cover_class {
	const char *text;  /* "F", 6..14, 未知: values of the class, as a table shows them */
	aw_rule_set rules; /* whose cells of this column they meet */
	bool guessed;	   /* rests on a cell that computes */
};

struct aw_cover_column {
	size_t input; /* of the table: the first with this expression */
	struct aw_cover_class *classes;
	size_t count, room;
};

struct aw_cover_source {
	struct aw_arena *arena;
	const struct aw_dmn_item *item;
	const struct aw_table *table;
	/* May this input or decision be null? */
	bool (*may_be_null)(void *arg, const struct aw_dmn_item *item);
	void *arg;
};

/** The columns of a table; inputs with the same expression are one. */
struct aw_cover_column *aw_cover_columns(const struct aw_cover_source *source, size_t *ret_count);
/** Does a rule, or the default, of the table give something that may be null? */
bool aw_cover_tells_null(const struct aw_cover_source *source);

#endif
