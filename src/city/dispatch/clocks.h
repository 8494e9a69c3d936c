/**
 * city/dispatch/clocks - the clocks of a report and of its dispatches, from events alone.
 * Layer: city, inside room dispatch.  Source of limits: the policy's deadlines.
 *
 * dispatch 派案: receipt to first confirmed dispatch, calendar hours · post_review 補複核: urgent
 * dispatch to review · accept 接案: dispatch to acceptance · assign 指派: acceptance to assignment
 * · first_contact 首次面訪: receipt to first contact.
 */
#ifndef AW_CITY_DISPATCH_CLOCKS_H
#define AW_CITY_DISPATCH_CLOCKS_H

#include "city/dispatch/dispatch.h"
#include "page/parts.h"

struct aw_clock_facts {
	const char *kind;
	int64_t received_at;
	struct aw_maybe dispatched_at, urgent_at, review_due_at, reviewed_at;
};

struct aw_clock_face
aw_clock_dispatch(const struct aw_policy *policy, const struct aw_clock_facts *facts);
/** Idle unless the urgent path was taken. */
struct aw_clock_face
aw_clock_post_review(const struct aw_policy *policy, const struct aw_clock_facts *facts);
struct aw_clock_face aw_clock_accept(const struct aw_policy *policy, const struct aw_dispatch *d);
struct aw_clock_face aw_clock_assign(const struct aw_policy *policy, const struct aw_dispatch *d);
struct aw_clock_face aw_clock_first_contact(const struct aw_policy *policy,
	const struct aw_dispatch *d, int64_t received_at, struct aw_maybe contacted_at);

/** 改派 after a return, 裁定 of a dispute. */
struct aw_clock_face aw_clock_came_back(
	const struct aw_policy *policy, const char *kind, bool disputed, struct aw_maybe at);

/** The clock that matters now for a card: post review, dispatch, acceptance or assignment of the
 *  dispatch that waits longest. *ret_dispatch: whose; NULL = the report's. */
struct aw_clock_face aw_clock_pressing(const struct aw_policy *policy,
	const struct aw_clock_facts *facts, const char *state, const struct aw_dispatch *list,
	size_t count, const struct aw_dispatch **ret_dispatch);

#endif
