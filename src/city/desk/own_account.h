/**
 * city/desk/own_account - 我的帳號: one's own account, its sign-ins, its sessions and its second
 * factor.
 * Layer: city, room desk.  Example: tests/net/test_factor.c, tests/net/test_signin.c,
 * tests/net/test_sessions.c
 *
 * Open to a session that a required second factor is still to be made for (net/route.h). Whatever
 * shows or changes the factor, or ends sessions, leads to /verify first when the last proof of who asks is too old.
 */
#ifndef AW_CITY_DESK_OWN_ACCOUNT_H
#define AW_CITY_DESK_OWN_ACCOUNT_H

#include "page/call.h"

extern const struct aw_view_type aw_own_account_view;  /* GET /account */
extern const struct aw_view_type aw_own_signins_view;  /* GET /account/sign-ins */
extern const struct aw_view_type aw_own_sessions_view; /* GET /account/sessions */
extern const struct aw_view_type aw_factor_view;       /* GET /account/factor */
extern const struct aw_view_type aw_recovery_view;     /* recovery codes, shown once */

aw_handler_fn aw_own_account_show;
aw_handler_fn aw_own_signins_show;  /* GET /account/sign-ins   next */
aw_handler_fn aw_own_sessions_show; /* GET /account/sessions */
aw_handler_fn aw_own_session_shut;  /* POST /account/sessions/end   session */
aw_handler_fn aw_own_sessions_shut; /* POST /account/sessions/end-others */
aw_handler_fn aw_factor_start;	    /* POST /account/factor */
aw_handler_fn aw_factor_show;	    /* GET /account/factor */
aw_handler_fn aw_factor_answer;	    /* POST /account/factor/confirm   code */
aw_handler_fn aw_factor_recover;    /* POST /account/factor/codes */
aw_handler_fn aw_factor_drop;	    /* POST /account/factor/remove */

/** Leads to the proof first when the last one is too old. */
bool aw_own_leads_to_proof(struct aw_call *call, const char *next);

#endif
