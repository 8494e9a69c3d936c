/**
 * city/family/pages - the handlers and view types that net/routes.c lists.
 * Layer: city, room family.
 *
 * {number} of a family or a case is its public number; {report} and {unit} name a dispatch as in
 * city/dispatch/pages.h.
 */
#ifndef AW_CITY_FAMILY_PAGES_H
#define AW_CITY_FAMILY_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_family_view; /* GET /families/{number} */
extern const struct aw_view_type aw_work_view;	 /* GET /reports/{number}/units/{unit}/work */

aw_handler_fn aw_family_show; /* query: show all|reports|contacts */
aw_handler_fn aw_case_show;   /* GET /cases/{number}: goes to its family */
aw_handler_fn aw_work_show;   /* the worker's page of a dispatch: assess, contact, decide */

aw_handler_fn aw_work_assess; /* POST .../work/assess    position, findings */
aw_handler_fn
	aw_work_contact; /* POST .../work/contact   position, form, outcome, at_day, at_time, partner, note */
aw_handler_fn
	aw_work_decide; /* POST .../work/decide    issue (index), reason (code with its outcome), level */
aw_handler_fn aw_work_approve; /* POST .../work/approve   issue (index) */

aw_handler_fn aw_case_contact;	/* POST /cases/{number}/contact */
aw_handler_fn aw_case_goal;	/* .../goal      goal, step, responsible, due */
aw_handler_fn aw_case_goal_set; /* .../goals/{index}  state */
aw_handler_fn aw_case_close;	/* .../close     reason */
aw_handler_fn aw_case_answer;	/* .../close/answer  answer approve|refuse, note */
aw_handler_fn aw_case_reopen;	/* .../reopen */
aw_handler_fn aw_case_assign;	/* .../assign    worker (login) */

aw_handler_fn aw_found_open; /* POST /people/{number}/open   kind, level: 主動發掘 */

/** AW_NOT_FOUND for a case that does not exist or that the viewer may not know of, in the same words:
 *  net/ asks before every act on one. The call stays as it is. */
AW_MUST_CHECK enum aw_status aw_case_gate(const struct aw_call *call, struct aw_error *err);

#endif
