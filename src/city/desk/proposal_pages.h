/**
 * city/desk/proposal_pages - a change of policy by two persons, as pages.
 * Layer: city, room desk.  Example: tests/net/test_policy.c
 */
#ifndef AW_CITY_DESK_PROPOSAL_PAGES_H
#define AW_CITY_DESK_PROPOSAL_PAGES_H

#include "page/call.h"
#include "policy/proposal.h"

extern const struct aw_view_type aw_proposal_view;	/* GET /policy/proposals/{number} */
extern const struct aw_view_type aw_proposal_item_view; /* one in a list */

aw_handler_fn aw_proposal_show;
aw_handler_fn
	aw_policy_propose; /* POST /policy/propose   release: hash of a former one; none: the folder */
aw_handler_fn aw_proposal_confirm_post;
aw_handler_fn aw_proposal_refuse_post; /* words */
aw_handler_fn aw_proposal_withdraw_post;

/** What waits and what was answered, into the LIST field `proposals` of a view. */
AW_MUST_CHECK enum aw_status aw_proposals_fill(struct aw_call *call, struct aw_error *err);

/** Proposes a policy with the form's day and words, after it was checked whole; what is wrong is noted at
 *  the form. *ret_number 0: something was. The policy is only read. */
AW_MUST_CHECK enum aw_status aw_propose(struct aw_call *call, const struct aw_policy *policy,
	const char *base, int64_t draft, int64_t *ret_number, struct aw_error *err);

/** The call's viewer as one of the two. */
struct aw_proposal_by aw_proposal_viewer(const struct aw_call *call);

#endif
