/**
 * rule/why - a plan's cases explained, compiled.
 * Layer: rule.  Threads: constant once made, and shared.  Example: tests/rule/test_why.c
 *
 * The same bytes as aw_dmn_decide() and aw_explain_write() give, from the bits that a plan decides by: a
 * cell is true, false or unknown for a set of symbols, a row is near when one set alone lacks it, and texts of
 * rows are escaped once, when this is made. What the plan interprets, and any case in which the
 * interpreter has something to note, is explained by the interpreter.
 */
#ifndef AW_RULE_WHY_H
#define AW_RULE_WHY_H

#include "rule/plan.h"

struct aw_why_texts; /* opaque; lives in the arena it was made in */

/** For a plan of one decision, which must outlive it; NULL for one of several. hash: of the policy, may be
 *  NULL. */
const struct aw_why_texts *
aw_why_make(struct aw_arena *arena, const struct aw_plan *plan, const char *hash);

/**
 * Adds the explanation of the case that was decided last, whose inputs came by aw_plan_give(). True: from
 * the plan; false: by the interpreter, some fifty times as slow. Cost: 20 us and 11 KB for 42 decisions over
 * 55 inputs.
 */
bool aw_why_write(const struct aw_why_texts *why, struct aw_plan_run *run, struct aw_buf *out);

#endif
