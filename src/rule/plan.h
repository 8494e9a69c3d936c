/**
 * rule/plan - decisions compiled: made once, run for case after case.
 * Layer: rule.  Threads: a plan is constant and shared; a run belongs to one thread.
 * Example: tests/rule/test_plan.c
 *
 * Every input and decision is a slot. A column that sees a slot through cells of constants has, for each
 * symbol of the slot (rule/symbols.h), the set of rules it lets through; the rules that fire are the
 * intersection. Rows and results of constants are worked out by the interpreter when the plan is made, so
 * a plan gives what aw_dmn_decide() gives; whatever is not of constants is interpreted as it comes, and
 * an expression that was worked out for the same values lately is not worked out again.
 * A plan keeps no explanation: which rules fired is enough to make one from the model again.
 */
#ifndef AW_RULE_PLAN_H
#define AW_RULE_PLAN_H

#include "rule/model.h"

struct aw_plan;	    /* opaque; lives in the arena it was made in */
struct aw_plan_run; /* opaque */

/**
 * Compiles decisions with all that they require; the model must outlive the plan. NULL when there is no
 * plan for them: a decision service, an import, or a decision that requires itself is among what they
 * require. Cost: about as much as a few hundred decisions.
 */
const struct aw_plan *
aw_plan_make(struct aw_arena *arena, const struct aw_dmn_item *const *decisions, size_t count);

enum { AW_PLAN_NONE = -1 };
/** The slot of an input or decision; AW_PLAN_NONE when nothing in the plan requires it. */
int aw_plan_slot(const struct aw_plan *plan, const struct aw_dmn_item *item);
/** The slot of the input of that name; AW_PLAN_NONE. Cost: one hash. */
int aw_plan_input(const struct aw_plan *plan, struct aw_str name);

/** The caller owns it: aw_plan_run_free(). */
struct aw_plan_run *aw_plan_run_new(const struct aw_plan *plan) __attribute__((returns_nonnull));
void aw_plan_run_free(struct aw_plan_run *run); /* NULL is fine */

/** Begins a case: all inputs are unknown. What the last case gave goes. */
void aw_plan_start(struct aw_plan_run *run, int64_t now_ms);
/** Gives an input its value, which lives until the case is decided. AW_PLAN_NONE is passed over. */
void aw_plan_set(struct aw_plan_run *run, int slot, struct aw_value value);
/** The same, with its source and what else it may be, which an explanation tells (rule/why.h). What input
 *  points at lives until the case is explained. */
void aw_plan_give(struct aw_plan_run *run, int slot, const struct aw_dmn_input *input);
/**
 * Begins a case and gives it the members of a JSON object: {"weapon": true, "other_kinds": ["suicide"]};
 * null and what is absent is unknown, what nothing requires is passed over. Texts are borrowed until the
 * case is explained. AW_INVALID, when it is no such object (base/json.h), leaves a case without inputs.
 * What has escapes, other letters than ASCII, fractions or objects is parsed as a tree first, which costs
 * about as much as to decide and explain the case.
 */
AW_MUST_CHECK enum aw_status
aw_plan_read(struct aw_plan_run *run, int64_t now_ms, struct aw_str text, struct aw_error *err);
/** Decides. Values live until the next aw_plan_start(). */
void aw_plan_decide(struct aw_plan_run *run);
struct aw_value aw_plan_value(const struct aw_plan_run *run, int slot);
/** The rules of a decision's table of which every cell is true, a bit each from the first on, in
 *  *ret_words words; NULL for what is not a table. */
const uint64_t *aw_plan_fired(const struct aw_plan_run *run, int slot, size_t *ret_words);
/** Does the table's value come from this rule (from 0)? Of a list, from each that fired. */
bool aw_plan_used(const struct aw_plan_run *run, int slot, size_t rule);
/** What the plan decides, in the order in which it does: items of slots 0, 1, ...; NULL behind the last. */
const struct aw_dmn_item *aw_plan_item(const struct aw_plan *plan, int slot);

/** Memory for what a case makes: values for aw_plan_set(). It goes with the case. */
struct aw_arena *aw_plan_arena(struct aw_plan_run *run);

#endif
