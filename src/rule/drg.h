/**
 * rule/drg - evaluating the graph of decisions: each item once, what it requires before it.
 * Layer: rule; for drg.c, box.c, explain_*.c, plan*.c and why*.c alone.
 */
#ifndef AW_RULE_DRG_H
#define AW_RULE_DRG_H

#include "rule/model.h"

enum aw_memo_state { AW_MEMO_VISITING, AW_MEMO_DONE };

struct aw_memo {
	const struct aw_dmn_item *item;
	enum aw_memo_state state;
	struct aw_value value;
	const struct aw_scope *scope; /* DECISION: what it was evaluated in */
};

/* One case in evaluation. */
struct aw_drg {
	struct aw_run run;
	const struct aw_dmn_case *the_case;
	struct aw_memo *memos; /* in the order in which they were begun */
	size_t count, room;
	struct aw_memo *done; /* in the order in which they were finished */
	size_t done_count, done_room;
};

/** The value of any item; functions for knowledge models and services. */
struct aw_value aw_drg_value(struct aw_drg *drg, const struct aw_dmn_item *item);
/** Notes that the value of an item is not of its type. */
void aw_drg_note_unfit(struct aw_drg *drg, const struct aw_dmn_item *item);
/** The scope of what an item requires, on top of `outer`. */
const struct aw_scope *
aw_drg_scope(struct aw_drg *drg, const struct aw_dmn_item *item, const struct aw_scope *outer);

/** The value of a boxed expression. NULL is null. */
struct aw_value
aw_box_eval(struct aw_run *run, const struct aw_scope *scope, const struct aw_box *box);
/** The second pass: what every table saw, and what unknown inputs leave open. */
void aw_explain_make(struct aw_drg *drg, struct aw_explain *explain);

/** A function definition as a closure. */
struct aw_value aw_box_function(struct aw_run *run, const struct aw_scope *scope,
	const struct aw_box *box, const char *name);

#endif
