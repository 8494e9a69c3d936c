/**
 * city/desk/notice_pages - what is unusual in the log, for the auditors: a part of 調閱紀錄.
 * Layer: city, room desk.  The rules are roles.yaml's, see guard/unusual.h.
 */
#ifndef AW_CITY_DESK_NOTICE_PAGES_H
#define AW_CITY_DESK_NOTICE_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_notice_view; /* one notice */

/** Fills the list "notices" of a view: those that wait for an answer, oldest first. Notes the people
 *  whom a notice names as looked at. */
AW_MUST_CHECK enum aw_status aw_notices_show(struct aw_call *call, struct aw_error *err);

aw_handler_fn aw_notice_post; /* POST /log/notices/{number}   finding: explained, pursued */

#endif
