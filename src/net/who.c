/* Who asks, may they, and was it asked for by our own page. */
#include <string.h>

#include "base/clock.h"
#include "guard/access.h"
#include "net/life.h"
#include "policy/policy.h"

/* -- who ------------------------------------------------------------------------------------------ */

static enum aw_status
read_session(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_life *life = arg;
	struct aw_str cookie = aw_cookie_find(aw_str(life->request->cookie), AW_SESSION_COOKIE);

	if (cookie.len != AW_TOKEN_TEXT - 1)
		return AW_OK;
	return aw_session_find(tx, life->arena,
		aw_arena_strndup(life->arena, cookie.at, cookie.len),
		aw_clock_real_ms(&life->server->house->clock), &life->session, &life->has_session,
		err);
}

static enum aw_status
read_token(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_life *life = arg;
	struct aw_api_sender sender;
	bool found = false;

	if (aw_api_token_find(tx, life->arena, life->request->authorization + strlen("Bearer "),
		    &sender, &found, err) != AW_OK)
		return err->status;
	if (!found || sender.disabled_at.known)
		return AW_OK;
	life->by_token = true;
	life->viewer = (struct aw_viewer){
		.login = aw_arena_printf(life->arena, "api:%s", sender.sender),
		.name = sender.sender,
		.title = "",
		.unit = sender.unit,
		.roles = "reporter",
	};
	return AW_OK;
}

/* Is the session good for this route? Where it is not, there is none. */
static bool
is_enough(const struct aw_life *life)
{
	const char *permission = life->route == NULL ? "" : life->route->permission;
	bool half = strcmp(permission, AW_PERMIT_PASSWORD) == 0;
	const struct aw_route *route = life->route;

	switch (life->state) {
	case AW_SESSION_WHOLE:
		return true;
	case AW_SESSION_NEEDS_FACTOR:
		return half;
	case AW_SESSION_NEEDS_PASSWORD: /* and the proof that the page of passwords may ask for */
		return half || (route != NULL && (route->own == aw_own_password_form ||
							 route->own == aw_own_password ||
							 route->own == aw_own_verify_form ||
							 route->own == aw_own_verify));
	case AW_SESSION_NEEDS_ENROLMENT:
		break;
	}
	return half || strcmp(permission, AW_PERMIT_OWN_ACCOUNT) == 0;
}

enum aw_status
aw_life_identify(struct aw_life *life, struct aw_error *err)
{
	struct aw_db *db = life->server->house->db;

	if (life->request->authorization != NULL) {
		if (strncmp(life->request->authorization, "Bearer ", 7) == 0 &&
			aw_db_read(db, read_token, life, err) != AW_OK)
			return err->status;
		if (!life->by_token) {
			life->status = 401;
			return aw_fail(err, AW_DENIED, "this token is not known");
		}
		life->wants_json = true;
		return AW_OK;
	}
	if (life->request->cookie == NULL)
		return AW_OK;
	if (aw_db_read(db, read_session, life, err) != AW_OK)
		return err->status;
	if (!life->has_session)
		return AW_OK;
	life->state = aw_session_state(aw_house_policy(life->server->house), &life->session);
	life->has_session = is_enough(life);
	if (life->has_session)
		life->viewer = aw_account_viewer(&life->session.account, life->session.purpose);
	return AW_OK;
}

bool
aw_life_has_menu(const struct aw_life *life)
{
	return life->has_session && life->state == AW_SESSION_WHOLE && !life->wants_json;
}

const char *
aw_life_login_path(struct aw_life *life)
{
	struct aw_buf path = { .arena = life->arena };

	aw_buf_text(&path, life->state == AW_SESSION_NEEDS_FACTOR      ? "/login/factor"
			   : life->state == AW_SESSION_NEEDS_PASSWORD  ? "/account/password"
			   : life->state == AW_SESSION_NEEDS_ENROLMENT ? "/account"
								       : "/login");
	if (strcmp(life->route->method, "GET") == 0 && strpbrk(life->call.path, "&+%#") == NULL)
		aw_buf_printf(&path, "?next=%s", life->call.path);
	return aw_buf_z(&path);
}

/* A system has the permissions of its role and no account. */
static bool
may(const struct aw_life *life, const char *permission)
{
	const struct aw_policy *policy = aw_house_policy(life->server->house);

	return life->by_token ? aw_policy_may(policy, life->viewer.roles, permission)
			      : aw_access_may_do(policy, &life->viewer, permission);
}

enum aw_status
aw_life_permit(struct aw_life *life, bool *ret_login, struct aw_error *err)
{
	const char *permission = life->route->permission;

	*ret_login = false;
	if (strcmp(permission, AW_PERMIT_PUBLIC) == 0)
		return AW_OK;
	if (!life->has_session && !life->by_token) {
		*ret_login = !life->wants_json;
		life->status = 401;
		return aw_fail(err, AW_DENIED,
			life->state == AW_SESSION_WHOLE ? "sign in first"
			: life->state == AW_SESSION_NEEDS_PASSWORD
				? "the password that was handed over has to be changed first"
				: "the second factor is missing in this session");
	}
	if (strcmp(permission, AW_PERMIT_SIGNED_IN) == 0 ||
		strcmp(permission, AW_PERMIT_OWN_ACCOUNT) == 0 ||
		strcmp(permission, AW_PERMIT_PASSWORD) == 0)
		return life->has_session ? AW_OK
					 : aw_fail(err, AW_DENIED, "a token cannot do this");
	if (!may(life, permission))
		return aw_fail(err, AW_DENIED, "this needs the permission %s", permission);
	return AW_OK;
}

/* -- a change is asked for by our own page ----------------------------------------------------------- */

static bool
same_origin(const struct aw_request *request)
{
	const char *origin = request->origin;

	if (request->sec_fetch_site != NULL &&
		strcmp(request->sec_fetch_site, "same-origin") != 0 &&
		strcmp(request->sec_fetch_site, "none") != 0)
		return false;
	if (origin == NULL)
		return true;
	if (strncmp(origin, "http://", 7) == 0)
		origin += 7;
	else if (strncmp(origin, "https://", 8) == 0)
		origin += 8;
	else
		return false;
	return request->host != NULL && strcmp(origin, request->host) == 0;
}

enum aw_status
aw_life_check_origin(struct aw_life *life, struct aw_error *err)
{
	const char *sent = life->request->csrf;

	if (life->by_token)
		return AW_OK;
	if (!same_origin(life->request))
		return aw_fail(err, AW_DENIED, "this was not sent from a page of this server");
	if (!life->has_session)
		return AW_OK;
	if (sent == NULL)
		sent = aw_life_value(life, "csrf");
	if (sent == NULL || !aw_session_csrf_ok(&life->session, sent))
		return aw_fail(err, AW_DENIED,
			"the form is from another session: load the page again and send it anew");
	return AW_OK;
}
