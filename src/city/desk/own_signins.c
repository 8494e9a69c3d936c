/* city/desk/own_signins - 登入紀錄: one's own sign-ins, the tries that failed, and what was changed in
 * password, second factor and account. Who signs in is led here first when something is to be looked at. */
#include "city/desk/own_account.h"
#include "guard/signin.h"

static const AW_VIEW_TYPE(event_view, "SignIn", NULL, AW_FIELD("at", INSTANT, OPEN),
	AW_FIELD_CODE("what", OPEN, "signin.what"), AW_FIELD("in", FLAG, OPEN),
	AW_FIELD("bad", FLAG, OPEN), AW_FIELD("times", NUMBER, OPEN), AW_FIELD("many", FLAG, OPEN),
	AW_FIELD("present", FLAG, OPEN), AW_FIELD("since", FLAG, OPEN),
	AW_FIELD_CODE("system", OPEN, "signin.system"),
	AW_FIELD_CODE("browser", OPEN, "signin.browser"), AW_FIELD("new_client", FLAG, OPEN),
	AW_FIELD_CODE("network", OPEN, "signin.network"), AW_FIELD_CODE("by", OPEN, "signin.by"),
	AW_FIELD("by_name", TEXT, OPEN));

const AW_VIEW_TYPE(aw_own_signins_view, "SignIns", "desk/sign_ins", AW_FIELD("next", LINK, OPEN),
	AW_FIELD("tell", FLAG, OPEN), AW_FIELD("last_at", INSTANT, OPEN),
	AW_FIELD("tries", NUMBER, OPEN), AW_FIELD("tries_more", FLAG, OPEN),
	AW_FIELD("half", NUMBER, OPEN), AW_FIELD("changes", NUMBER, OPEN),
	AW_FIELD("new_place", FLAG, OPEN), AW_FIELD("new_client", FLAG, OPEN),
	AW_FIELD("absent", FLAG, OPEN), AW_FIELD_OF("events", LIST, OPEN, &event_view),
	AW_FIELD("cut", FLAG, OPEN));

enum { SHOWN = 30 };

static const char *const what_codes[AW_SIGNIN_WHATS] = {
	[AW_SIGNIN_IN] = "in",
	[AW_SIGNIN_HALF] = "half",
	[AW_SIGNIN_WRONG] = "wrong",
	[AW_SIGNIN_WRONG_CODE] = "wrong_code",
	[AW_SIGNIN_PASSWORD] = "password",
	[AW_SIGNIN_RESET] = "reset",
	[AW_SIGNIN_FACTOR_ON] = "factor_on",
	[AW_SIGNIN_CODES] = "codes",
	[AW_SIGNIN_FACTOR_OFF] = "factor_off",
	[AW_SIGNIN_FACTOR_RESET] = "factor_reset",
	[AW_SIGNIN_DISABLED] = "disabled",
	[AW_SIGNIN_ENABLED] = "enabled",
	[AW_SIGNIN_UNTIL] = "until",
	[AW_SIGNIN_IDLE] = "idle",
};

/* Who changed it: of a try nobody knows. */
static enum aw_status
show_by(struct aw_call *call, struct aw_view *item, const struct aw_signin_event *event,
	struct aw_error *err)
{
	struct aw_account by;

	if (event->what < AW_SIGNIN_PASSWORD)
		return AW_OK;
	if (!event->account.known) {
		aw_view_text(item, "by", event->what == AW_SIGNIN_IDLE ? "program" : "machine");
		return AW_OK;
	}
	if (event->account.v == call->act.session->account.id) {
		aw_view_text(item, "by", "own");
		return AW_OK;
	}
	if (aw_account_get(call->act.tx, call->act.arena, event->account.v, &by, err) != AW_OK)
		return err->status;
	aw_view_text(item, "by", "other");
	aw_view_text(item, "by_name", aw_arena_printf(call->act.arena, "%s %s", by.name, by.title));
	return AW_OK;
}

static enum aw_status
show_event(
	struct aw_call *call, const struct aw_signin_event *event, bool tell, struct aw_error *err)
{
	struct aw_view *item = aw_view_item(call->view, "events");

	aw_view_int(item, "at", event->at);
	aw_view_text(item, "what", what_codes[event->what]);
	aw_view_flag(item, "in", event->what == AW_SIGNIN_IN);
	aw_view_flag(item, "bad", event->what > AW_SIGNIN_IN && event->what < AW_SIGNIN_PASSWORD);
	aw_view_int(item, "times", event->times);
	aw_view_flag(item, "many", event->times > 1);
	aw_view_flag(item, "present", event->own);
	aw_view_flag(item, "since", tell && event->since && !event->own);
	if (event->place != NULL) {
		aw_view_text(item, "system", event->system);
		aw_view_text(item, "browser", event->browser);
		aw_view_flag(item, "new_client", event->new_client);
		aw_view_text(item, "network",
			event->new_place ? "new"
			: event->here	 ? "here"
					 : "elsewhere");
	}
	return show_by(call, item, event, err);
}

/* GET /account/sign-ins */
enum aw_status
aw_own_signins_show(struct aw_call *call, struct aw_error *err)
{
	const char *next = aw_call_value(call, "next");
	struct aw_signins signins;

	if (call->act.session == NULL)
		return aw_fail(err, AW_DENIED, "this needs a session");
	if (aw_signins_read(&call->act, call->act.session, &signins, err) != AW_OK)
		return err->status;
	aw_view_text(call->view, "next", aw_call_inside(next) ? next : "/");
	aw_view_flag(call->view, "tell", signins.tell);
	if (signins.last_at.known)
		aw_view_int(call->view, "last_at", signins.last_at.v);
	aw_view_int(call->view, "tries", signins.tries);
	aw_view_flag(call->view, "tries_more", signins.tries_more);
	aw_view_int(call->view, "half", signins.half);
	aw_view_int(call->view, "changes", signins.changes);
	aw_view_flag(call->view, "new_place", signins.new_place);
	aw_view_flag(call->view, "new_client", signins.new_client);
	aw_view_flag(call->view, "absent", signins.absent);
	aw_view_flag(call->view, "cut", signins.count > SHOWN);
	for (size_t i = 0; i < signins.count && i < SHOWN; i++)
		if (show_event(call, &signins.events[i], signins.tell, err) != AW_OK)
			return err->status;
	return AW_OK;
}
