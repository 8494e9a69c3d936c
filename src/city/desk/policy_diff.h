/**
 * city/desk/policy_diff - what is different in another policy, table by table.
 * Layer: city, room desk.  Threads: a page's.  Example: tests/net/test_policy.c
 *
 * Rules are the same rule when their ids are; without ids, when all they say is. Of a changed rule each
 * changed cell stands with what it said before. Of every other file it is said that it differs.
 */
#ifndef AW_CITY_DESK_POLICY_DIFF_H
#define AW_CITY_DESK_POLICY_DIFF_H

#include "page/call.h"
#include "policy/policy.h"

extern const struct aw_view_type aw_policy_diff_view;

/** Fills a view of that type with what `now` has otherwise than `before`, by the models in force on a day
 *  in each. Both must live as long as the view. */
void aw_policy_diff(struct aw_call *call, struct aw_view *view, const struct aw_policy *before,
	const struct aw_policy *now, int32_t day);

#endif
