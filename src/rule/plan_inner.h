/**
 * rule/plan_inner - the inside of a plan and of a run, for plan*.c and why*.c.
 * Layer: rule.
 */
#ifndef AW_RULE_PLAN_INNER_H
#define AW_RULE_PLAN_INNER_H

#include "rule/plan.h"
#include "rule/symbols.h"

enum plan_kind { PLAN_INPUT, PLAN_TABLE, PLAN_EXPRESSION, PLAN_FUNCTION };

/* What a symbol does to a column beside the rules it lets through. */
enum plan_odd {
	PLAN_POISON = 1, /* inputValues do not allow it: the table is null */
	PLAN_NOTED = 2,	 /* the interpreter would note something */
};

/* A column of a table. */
struct plan_column {
	size_t input;	      /* of the table */
	size_t slot;	      /* what it sees, when it is indexed */
	const uint64_t *rows; /* rules let through, `words` for each symbol; NULL: not indexed */
	const uint8_t *odd;   /* of each symbol: plan_odd */
};

struct plan_node;
/* False: the interpreter has to be asked, and has something to note. */
typedef bool plan_node_fn(const struct plan_node *node, const struct aw_value *values,
	struct aw_arena *arena, struct aw_value *ret);

/* A compiled expression: names are slots. */
struct plan_node {
	plan_node_fn *value_of;
	enum aw_op op; /* LITERAL, NAME, LIST, CONTEXT, EQ, NE, AND, OR, IF; CALL is not() */
	size_t slot;   /* NAME */
	struct aw_value value;	    /* LITERAL */
	const struct aw_str *names; /* CONTEXT */
	struct plan_node **kids;
	size_t count;
};

/* A value that a slot may have, with its symbol in the slot. */
struct plan_result {
	struct aw_value value;
	size_t symbol;
	uint64_t hash;
	bool noted; /* working it out, the interpreter notes something */
	const struct plan_node
		*node; /* it depends on the case, and value is none; NULL: it does not */
};

struct plan_table {
	const struct aw_table *table;
	struct plan_column *columns;
	size_t column_count, words;
	struct plan_result *results; /* one a rule, then "no rule"; NULL: outputs that compute */
	uint32_t *rank;		     /* PRIORITY: of each rule */
	uint32_t *same;		     /* ANY: the first rule that gives the same as each */
	bool computes;		     /* some results have a node */
};

struct plan_slot {
	const struct aw_dmn_item *item;
	enum plan_kind kind;
	size_t *needs; /* slots */
	size_t need_count;
	struct aw_symbols symbols; /* mixed: it has none */
	bool *allowed;		   /* INPUT: by symbol */
	bool *noted;		   /* INPUT: by symbol: more than that the type does not have it */
	uint64_t *hashes;	   /* by symbol; 0: of a class of many values */
	struct plan_table *table;  /* TABLE */
	bool volatile_too;	   /* EXPRESSION: depends on more than its needs' values */
	struct plan_node *node;	   /* EXPRESSION; NULL: interpreted */
};

struct aw_plan {
	struct aw_arena *arena;
	const struct aw_dmn_model *model;
	struct plan_slot *slots; /* each behind what it requires */
	size_t count, room;
	size_t decided;	 /* decisions it was made for */
	uint32_t *names; /* inputs by name: open addressing, slot + 1 */
	size_t name_room;
};

enum {
	SLOW_SYMBOL = INT32_MAX, /* the value is not among the slot's kinds */
	USED_FIRED = INT32_MAX,
	USED_NONE = INT32_MAX - 1,
};

/* What an expression was worth for values that hash alike. Kept when they come the second time: most
 * never do, and copying costs more than working out again. */
struct memo {
	uint64_t hash;		       /* 0: empty */
	const struct aw_value *values; /* NULL: they came once */
	struct aw_value result;
};

/* An expression's memos, and whether they are of use. */
struct memos {
	struct memo *at;
	uint32_t tries, hits;
	bool useless;
};

struct aw_plan_run {
	const struct aw_plan *plan;
	struct aw_arena own;  /* as long as the run */
	struct aw_arena kept; /* of memos */
	struct aw_arena a_case;
	struct aw_run run;
	struct aw_value *values; /* one a slot, as are the others */
	uint64_t *hashes;	 /* 0: not worked out, or not kept */
	uint32_t *symbols;
	const struct aw_scope **scopes;
	uint64_t **fired;
	uint32_t *used; /* the rule that counts; USED_FIRED: all that fired */
	struct memos *memos;
	struct aw_dmn_input *given; /* by aw_plan_give(); without a name: it was not */
	bool gave;
	bool *unfit; /* INPUT: its value was not of its type, and is null */
	bool noted;  /* the interpreter would have noted something else in this case */
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

/** Compiles an expression of a slot; NULL: it holds what is not compiled. */
struct plan_node *plan_node_make(
	const struct aw_plan *plan, const struct plan_slot *slot, const struct aw_node *node);
/** Its value, made in the arena. */
plan_node_fn plan_node_value;

/** Where the slot's expressions find what it requires. */
const struct aw_scope *plan_scope(struct aw_plan_run *run, size_t at);
/** Says to diagnostics where they come from. */
void plan_enter(struct aw_plan_run *run, const struct plan_slot *slot);
/** v as the slot's type has it; what does not fit is noted. */
struct aw_value
plan_typed(struct aw_plan_run *run, const struct plan_slot *slot, struct aw_value v);
/** The value of an EXPRESSION for the values that are there, not put anywhere. */
struct aw_value plan_express(struct aw_plan_run *run, size_t at);
/** Forgets what expressions were worth when that has become too much. */
void plan_forget(struct aw_plan_run *run);
/** What a rule of a table that computes gives in this case. False: the interpreter would note something. */
bool plan_rule_value(struct aw_plan_run *run, size_t at, size_t rule, struct aw_value *ret);
/** The rule that counts of a table that gives one rule's value: the table's rule_count for none that
 *  fires, rule_count + 1 when several do that must not. */
size_t plan_pick(const struct plan_table *table, const uint64_t *fired);

#endif
