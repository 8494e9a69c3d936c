/**
 * city/desk/review - 勾稽複核: links that the program proposed and a person settles.
 * Layer: city, room desk.  Example: tests/city/desk/test_review.c
 *
 * The queue holds what stands between the review and the link threshold, and what is likelier but a
 * conflict bars. First what a report waits for. A pair is shown to whoever may know of the person and
 * of the register's record; it is neither listed nor counted for anybody else, and each field shows
 * what the viewer's role may see. The answer stays with reason and name, and can be taken back.
 */
#ifndef AW_CITY_DESK_REVIEW_H
#define AW_CITY_DESK_REVIEW_H

#include "page/call.h"

extern const struct aw_view_type aw_review_queue_view; /* GET /links */
extern const struct aw_view_type aw_review_view;       /* GET /links/{link} */

/* query: register, why conflict|doubtful, search (handle of what was typed), page */
aw_handler_fn aw_review_queue_show;
aw_handler_fn
	aw_review_next; /* GET /links/next: to the first of the queue, or to the empty queue */
aw_handler_fn aw_review_show; /* GET /links/{link} */
/* POST /links/{link}   choice same|other|unsure, reason (code), words */
aw_handler_fn aw_review_answer;
aw_handler_fn aw_review_undo; /* POST /links/{link}/undo: takes back a decision of the last day */

/** AW_NOT_FOUND for a link that does not exist or that the viewer may not know of, in the same words. */
AW_MUST_CHECK enum aw_status aw_review_gate(const struct aw_call *call, struct aw_error *err);

/** How many pairs wait that the viewer may know of, and for how many of them a report waits. */
AW_MUST_CHECK enum aw_status aw_review_counts(
	struct aw_act *act, int64_t *ret_waiting, int64_t *ret_urgent, struct aw_error *err);

#endif
