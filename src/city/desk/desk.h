/**
 * city/desk/desk - what one person sees first, and the pages about the house itself.
 * Layer: city, rightmost room.
 *
 * 我的工作: what waits for this person, overdue first, made from the other rooms' rows; 政策: the
 * policy in force, as tables; 系統: work items and their failures.
 */
#ifndef AW_CITY_DESK_DESK_H
#define AW_CITY_DESK_DESK_H

#include "page/call.h"

extern const struct aw_view_type aw_my_work_view;  /* GET /work */
extern const struct aw_view_type aw_policy_view;   /* GET /policy */
extern const struct aw_view_type aw_operator_view; /* GET /operator */

aw_handler_fn aw_my_work_show;	 /* query: show all|contact|decide|answer */
aw_handler_fn aw_policy_show;	 /* query: part kinds|units|tables|deadlines|reasons|roles */
aw_handler_fn aw_operator_show;	 /* query: state waiting|done|failed */
aw_handler_fn aw_operator_retry; /* POST /operator/retry   all that were given up */

/* Counts beside the left menu. */
struct aw_desk_counts {
	int64_t work;	   /* items that wait for the viewer */
	bool work_hot;	   /* one of them overdue or due today */
	int64_t waiting;   /* reports to be screened */
	int64_t submitted; /* reports to be reviewed */
	int64_t held;	   /* reports held back (city/intake/held.h) */
};
AW_MUST_CHECK enum aw_status
aw_desk_counts(struct aw_act *act, struct aw_desk_counts *ret_counts, struct aw_error *err);

#endif
