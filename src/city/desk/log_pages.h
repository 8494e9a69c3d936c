/**
 * city/desk/log_pages - 調閱紀錄 and 帳號: who looked at what, and who may come in.
 * Layer: city, room desk.
 *
 * The log page answers "who saw this person" (person=PC...), "whom did this account see"
 * (login=...), and what was done about a number (object=...). It shows people under their public
 * numbers; the one who was asked for also by name, if the viewer may know it. Looking at it is
 * itself logged, with that person as its subject.
 */
#ifndef AW_CITY_DESK_LOG_PAGES_H
#define AW_CITY_DESK_LOG_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_log_view;	   /* GET /log */
extern const struct aw_view_type aw_accounts_view; /* GET /accounts */

/* query: person, login, object, action, outcome, from, to (days), before (leaf), check=all */
aw_handler_fn aw_log_show;
aw_handler_fn aw_accounts_show;	       /* query: unit, state active|disabled|locked|expired */
aw_handler_fn aw_account_shut;	       /* POST /accounts/{login}/disable */
aw_handler_fn aw_account_reopen;       /* POST /accounts/{login}/enable */
aw_handler_fn aw_account_limit;	       /* POST /accounts/{login}/until   until; absent: no end */
aw_handler_fn aw_account_factor_reset; /* POST /accounts/{login}/factor   reason */
aw_handler_fn aw_api_sender_shut;      /* POST /senders/disable   sender */

#endif
