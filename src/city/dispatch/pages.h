/**
 * city/dispatch/pages - the handlers and view types that net/routes.c lists.
 * Layer: city, room dispatch.
 *
 * {number} is a report's public number, {unit} a unit's code. Each POST is one use case of
 * dispatch.h and goes back to the report's page.
 */
#ifndef AW_CITY_DISPATCH_PAGES_H
#define AW_CITY_DISPATCH_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_board_view;	      /* GET /board, /board/list */
extern const struct aw_view_type aw_handover_view;    /* GET /board/handover 交班單 */
extern const struct aw_view_type aw_report_page_view; /* GET /reports/{number} */

/* view: board; query: kind, district, mine, urgent */
aw_handler_fn aw_board_show;
aw_handler_fn aw_board_list;	/* the same rows as one list, for narrow screens and exports */
aw_handler_fn aw_handover_show; /* open clocks and who holds what, printable */
aw_handler_fn aw_report_page_show;

aw_handler_fn aw_report_claim;	/* POST /reports/{number}/claim */
aw_handler_fn aw_report_link;	/* .../link       position, choice same|other|new, person */
aw_handler_fn aw_report_screen; /* .../screen     index, result, duplicate_of */
aw_handler_fn aw_report_edit;	/* .../edit       unit, role, task, side, remove, reason, note */
aw_handler_fn aw_report_grade;	/* .../grade      level, child_class, priority, reason, note */
aw_handler_fn aw_report_submit; /* .../submit     note, follow_up */
aw_handler_fn aw_report_urgent; /* .../urgent     reason */
aw_handler_fn aw_report_review; /* .../review     answer approve|back, note */

aw_handler_fn aw_unit_accept;	   /* POST /reports/{number}/units/{unit}/accept */
aw_handler_fn aw_unit_return;	   /* .../return     code, note */
aw_handler_fn aw_unit_assign;	   /* .../assign     worker (login) */
aw_handler_fn aw_unit_acknowledge; /* .../acknowledge */
aw_handler_fn aw_unit_redirect;	   /* .../redirect   to, reason, note */
aw_handler_fn aw_unit_dispute;	   /* .../dispute    note */
aw_handler_fn aw_unit_settle;	   /* .../settle     to, note */
aw_handler_fn aw_unit_finish;	   /* .../finish     a co-unit is done with its part */

/** The dispatch of {number} and {unit} that is not withdrawn, newest first. */
AW_MUST_CHECK enum aw_status
aw_call_dispatch(struct aw_call *call, int64_t *ret_dispatch, struct aw_error *err);

/** AW_NOT_FOUND for a report that does not exist or that the viewer may not know of, in the same words:
 *  net/ asks before every act on one. The call stays as it is. */
AW_MUST_CHECK enum aw_status aw_report_gate(const struct aw_call *call, struct aw_error *err);

#endif
