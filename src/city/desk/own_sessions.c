/* city/desk/own_sessions - 登入中的裝置: one's own open sessions, and their end. Ending wants a fresh
 * proof of who asks: whoever finds a session open must not be able to throw its holder out elsewhere. */
#include "city/desk/own_account.h"
#include "guard/own_session.h"

static const AW_VIEW_TYPE(session_view, "OwnSession", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("created_at", INSTANT, OPEN), AW_FIELD("seen_at", INSTANT, OPEN),
	AW_FIELD_CODE("system", OPEN, "signin.system"),
	AW_FIELD_CODE("browser", OPEN, "signin.browser"),
	AW_FIELD_CODE("network", OPEN, "signin.network"), AW_FIELD("half", FLAG, OPEN),
	AW_FIELD("present", FLAG, OPEN));

const AW_VIEW_TYPE(aw_own_sessions_view, "OwnSessions", "desk/sessions",
	AW_FIELD("others", NUMBER, OPEN), AW_FIELD_OF("sessions", LIST, OPEN, &session_view));

static void
show_session(struct aw_call *call, const struct aw_own_session *session)
{
	struct aw_view *item = aw_view_item(call->view, "sessions");

	aw_view_text(item, "code", session->code);
	aw_view_int(item, "created_at", session->created_at);
	aw_view_int(item, "seen_at", session->present ? call->act.real_ms : session->seen_at);
	aw_view_text(item, "system", session->system);
	aw_view_text(item, "browser", session->browser);
	if (session->has_place && !session->present)
		aw_view_text(item, "network", session->here ? "here" : "elsewhere");
	aw_view_flag(item, "half", session->half);
	aw_view_flag(item, "present", session->present);
}

/* GET /account/sessions */
enum aw_status
aw_own_sessions_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_own_session *list;
	size_t count;
	int64_t others = 0;

	if (call->act.session == NULL)
		return aw_fail(err, AW_DENIED, "this needs a session");
	if (aw_own_sessions(&call->act, call->act.session, &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		show_session(call, &list[i]);
		others += !list[i].present;
	}
	aw_view_int(call->view, "others", others);
	return AW_OK;
}

/* POST /account/sessions/end   session */
enum aw_status
aw_own_session_shut(struct aw_call *call, struct aw_error *err)
{
	const char *code = aw_call_value(call, "session");

	if (call->act.session == NULL)
		return aw_fail(err, AW_DENIED, "this needs a session");
	if (aw_own_leads_to_proof(call, "/account/sessions"))
		return AW_OK;
	call->act.object = call->act.session->account.login;
	if (aw_own_session_end(&call->act, call->act.session, code == NULL ? "" : code, err) !=
		AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.session_ended", "/account/sessions");
	return AW_OK;
}

/* POST /account/sessions/end-others */
enum aw_status
aw_own_sessions_shut(struct aw_call *call, struct aw_error *err)
{
	if (call->act.session == NULL)
		return aw_fail(err, AW_DENIED, "this needs a session");
	if (aw_own_leads_to_proof(call, "/account/sessions"))
		return AW_OK;
	call->act.object = call->act.session->account.login;
	if (aw_session_end_others(&call->act, call->act.session, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.sessions_ended", "/account/sessions");
	return AW_OK;
}
