/**
 * city/triage/triage_view - a decision with its reasons, as a page shows it.
 * Layer: city, room triage.  Example: tests/net/test_instruments.c
 *
 * One sentence first, then each table: the facts of this case, the rows in the policy's words, those
 * that fired, the one that was used, failing cells, unknown facts and what they could change.
 */
#ifndef AW_CITY_TRIAGE_TRIAGE_VIEW_H
#define AW_CITY_TRIAGE_TRIAGE_VIEW_H

#include "city/triage/triage.h"
#include "guard/access.h"
#include "page/view.h"
#include "policy/policy.h"

extern const struct aw_view_type aw_decision_view;

/** Fills a view of that type, as far as the access goes to facts that are more than risk (fact_class.h);
 *  everything is copied into the view's arena or borrowed from decision and policy, which must live as long. */
void aw_decision_fill(struct aw_view *view, const struct aw_act *act,
	const struct aw_access *access, const struct aw_decision *decision, const char *language);

/** A cell of a decision table in the reader's words: codes by the policy, signs as people write them.
 *  name: what the column looks at, or the decision for an output. In the arena, or borrowed. */
const char *aw_triage_words(struct aw_arena *arena, const struct aw_policy *policy,
	const char *name, const char *entry, const char *language);

#endif
