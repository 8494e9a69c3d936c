/**
 * rule/explain_prospect - what inputs and decisions may be worth when something is unknown.
 * Layer: rule; for explain_prospect.c, explain_table.c and why*.c alone.  Example: tests/rule/test_explain.c
 */
#ifndef AW_RULE_EXPLAIN_PROSPECT_H
#define AW_RULE_EXPLAIN_PROSPECT_H

#include "rule/drg.h"

enum {
	OTHERS_MOST = 32, /* values of an item that are told apart */
	WAYS_MOST = 64,	  /* combinations of values that an expression is tried for */
	ROOTS_MOST = 8,	  /* uncertain items of an expression */
};

/* What an item may be worth. */
struct aw_prospect {
	const struct aw_dmn_item *item;
	const char *source;
	struct aw_value values[OTHERS_MOST]; /* all that it may be, the value it has among them */
	size_t count;			     /* 1: certain */
	bool anything;			     /* it may be something that is not in values */
	uint64_t *
		causes; /* unknown inputs behind it, a bit each by place among the maybes; NULL: none */
};

struct aw_explain_pass {
	struct aw_drg *drg;
	struct aw_arena *arena;
	struct aw_explain *explain;
	struct aw_prospect *maybes;
	size_t count, words; /* of causes */
	size_t unknown_room;
};

/* The uncertain items that an expression names. */
struct aw_roots {
	const struct aw_prospect *at[ROOTS_MOST];
	size_t count;
	bool more; /* than fit */
};

/* Every value that an expression may have. eval() is called with a scope for each combination. */
typedef struct aw_value
aw_way_fn(struct aw_explain_pass *p, const struct aw_scope *scope, const void *what);

/** Is there more than one thing that it may be? */
bool aw_prospect_uncertain(const struct aw_prospect *m);
/** Adds a value that it may have, once; too many become "anything". */
void aw_prospect_add(struct aw_prospect *m, struct aw_value v);
void aw_prospect_add_causes(
	const struct aw_explain_pass *p, struct aw_prospect *m, const struct aw_prospect *from);
/** What is known of an item that was evaluated; NULL if it was not. */
struct aw_prospect *aw_prospect_of(const struct aw_explain_pass *p, const struct aw_dmn_item *item);
/** Fills in what an input may be: its value, the others given with it, or its type's domain. */
void aw_prospect_input(struct aw_explain_pass *p, struct aw_prospect *m, struct aw_value value);

/** Adds the uncertain items that an expression of `item` names. */
void aw_roots_find(const struct aw_explain_pass *p, const struct aw_dmn_item *item,
	const struct aw_node *node, struct aw_roots *r);
/** Adds every value that eval() gives over all that the roots may be. */
void aw_roots_try(struct aw_explain_pass *p, const struct aw_scope *scope,
	const struct aw_roots *roots, aw_way_fn *eval, const void *what, struct aw_prospect *ret);
/** Ways: what a column sees (what: its aw_table_input), what a decision is worth (what: its item), each as
 *  its type has it. */
aw_way_fn aw_way_column, aw_way_decision;

#endif
