/**
 * rule/plan_inner - the inside of a plan, for plan.c and plan_run.c.
 * Layer: rule.
 */
#ifndef AW_RULE_PLAN_INNER_H
#define AW_RULE_PLAN_INNER_H

#include "rule/plan.h"
#include "rule/symbols.h"

enum plan_kind { PLAN_INPUT, PLAN_TABLE, PLAN_EXPRESSION, PLAN_FUNCTION };

/* A column of a table. */
struct plan_column {
	size_t input;	      /* of the table */
	size_t slot;	      /* what it sees, when it is indexed */
	const uint64_t *rows; /* rules let through, `words` for each symbol; NULL: not indexed */
	const bool *poison;   /* a symbol that inputValues do not allow: the table is null */
};

/* A value that a slot may have, with its symbol in the slot. */
struct plan_result {
	struct aw_value value;
	size_t symbol;
	uint64_t hash;
};

struct plan_table {
	const struct aw_table *table;
	struct plan_column *columns;
	size_t column_count, words;
	struct plan_result *results; /* one a rule, then "no rule"; NULL: outputs that compute */
	uint32_t *rank;		     /* PRIORITY: of each rule */
	uint32_t *same;		     /* ANY: the first rule that gives the same as each */
};

struct plan_slot {
	const struct aw_dmn_item *item;
	enum plan_kind kind;
	size_t *needs; /* slots */
	size_t need_count;
	struct aw_symbols symbols; /* mixed: it has none */
	bool *allowed;		   /* INPUT: by symbol */
	uint64_t *hashes;	   /* by symbol; 0: of a class of many values */
	struct plan_table *table;  /* TABLE */
	bool volatile_too;	   /* EXPRESSION: depends on more than its needs' values */
};

struct aw_plan {
	struct aw_arena *arena;
	const struct aw_dmn_model *model;
	struct plan_slot *slots; /* each behind what it requires */
	size_t count, room;
	uint32_t *names; /* inputs by name: open addressing, slot + 1 */
	size_t name_room;
};

/** Is the value of the expression, and the kind of its tests, all known beforehand? */
static inline bool
plan_is_constant(const struct aw_cell_text *cell)
{
	return cell->problem == NULL && (cell->node == NULL || !aw_symbols_computes(cell->node));
}

/** Equal, null and null too. */
static inline bool
plan_same(struct aw_value a, struct aw_value b)
{
	return a.kind == b.kind && (a.kind == AW_VALUE_NULL || aw_value_equal(a, b) == AW_TRUE);
}

/** What hashes alike is looked at; 0 for kinds that are not kept. */
uint64_t plan_hash(struct aw_value v);

#endif
