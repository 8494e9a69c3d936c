/**
 * city/desk/replay_page - 試算: last year's reports under a draft, as a page.
 * Layer: city, room desk.  Example: tests/net/test_draft.c
 *
 * Counts are for whoever may release a policy. Which reports change is told one by one, as an
 * indicator's rows are: to whom may see rows, and of those only what the viewer may know of.
 */
#ifndef AW_CITY_DESK_REPLAY_PAGE_H
#define AW_CITY_DESK_REPLAY_PAGE_H

#include "page/call.h"

extern const struct aw_view_type aw_replay_view;

/** GET /policy/drafts/{number}/replay   query: period (none: the last 365 days), first (row, from 1).
 *  Cost: about 0.1 ms a decision of the period, with its record read and both policies asked. */
aw_handler_fn aw_replay_show;

#endif
