/* The second factor at the login, and a fresh proof of who it is before protected things are shown. */
#include "base/clock.h"
#include "guard/access.h"
#include "guard/factor.h"
#include "guard/log.h"
#include "net/life.h"
#include "policy/policy.h"

AW_VIEW_TYPE(aw_prove_view, "Prove", "net/prove", AW_FIELD("next", LINK, OPEN),
	AW_FIELD("to", LINK, OPEN), AW_FIELD("again", FLAG, OPEN), AW_FIELD("by_code", FLAG, OPEN),
	AW_FIELD("refused", FLAG, OPEN), AW_FIELD("minutes", NUMBER, OPEN));

/* again: who is in already proves it anew; else the login goes on. */
static enum aw_status
show(struct aw_life *life, bool again, bool refused, struct aw_error *err)
{
	struct aw_view *view = aw_view_new(life->arena, &aw_prove_view);

	aw_view_text(view, "next", aw_life_next(life, &life->viewer));
	aw_view_text(view, "to", again ? "/verify" : "/login/factor");
	aw_view_flag(view, "again", again);
	aw_view_flag(view, "by_code", life->session.has_factor);
	aw_view_flag(view, "refused", refused);
	aw_view_int(view, "minutes", aw_house_policy(life->server->house)->step_up.minutes);
	return aw_show_view(life, view, refused ? 403 : 200, err);
}

/* from: of a sign-in that the code completes; else NULL. */
static enum aw_status
check_code(struct aw_life *life, const struct aw_signin_from *from, struct aw_error *err)
{
	struct aw_act act = aw_life_act(life, "factor");
	const char *code = aw_life_value(life, "code");

	act.from = from;
	return aw_factor_check(life->server->house->db, &act, &life->session.account,
		code == NULL ? "" : code, err);
}

static enum aw_status
check_password(struct aw_life *life, struct aw_error *err)
{
	struct aw_server *server = life->server;
	struct aw_act act = aw_life_act(life, "login");
	const char *password = aw_life_value(life, "password");
	struct aw_account account;
	enum aw_status status;

	while (sem_wait(&server->hashing) != 0)
		continue;
	status = aw_account_check_password(server->house->db, &act, life->session.account.login,
		password == NULL ? "" : password, &account, err);
	(void)sem_post(&server->hashing);
	return status;
}

enum aw_status
aw_own_factor_form(struct aw_life *life, struct aw_error *err)
{
	if (life->state == AW_SESSION_NEEDS_FACTOR)
		return show(life, false, false, err);
	aw_show_redirect(life, aw_life_next(life, &life->viewer), NULL);
	return AW_OK;
}

/* A new session in place of the half one: its token was known before the factor was given. */
enum aw_status
aw_own_factor(struct aw_life *life, struct aw_error *err)
{
	const struct aw_signin_from from = aw_life_from(life);
	const char *next = aw_life_next(life, &life->viewer);
	enum aw_status status;

	if (aw_life_limit_tries(life, err) != AW_OK)
		return err->status;
	status = check_code(life, &from, err);
	if (status == AW_DENIED)
		return show(life, false, true, err);
	if (status != AW_OK ||
		aw_life_start_session(life, &life->session.account, life->session.purpose, true,
			&life->session, err) != AW_OK ||
		aw_life_tell_first(life, &life->session.account, &next, err) != AW_OK)
		return err->status;
	aw_show_redirect(life, next, NULL);
	return AW_OK;
}

enum aw_status
aw_own_verify_form(struct aw_life *life, struct aw_error *err)
{
	return show(life, true, false, err);
}

static enum aw_status
note_proof(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_life *life = arg;
	struct aw_act act = aw_life_act(life, life->route->action);

	act.tx = tx;
	if (aw_session_proved(&act, &life->session, life->session.has_factor, err) != AW_OK)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

enum aw_status
aw_own_verify(struct aw_life *life, struct aw_error *err)
{
	enum aw_status status;

	if (aw_life_limit_tries(life, err) != AW_OK)
		return err->status;
	status = life->session.has_factor ? check_code(life, NULL, err) : check_password(life, err);
	if (status == AW_DENIED)
		return show(life, true, true, err);
	if (status != AW_OK || aw_db_write(life->server->house->db, note_proof, life, err) != AW_OK)
		return err->status;
	aw_show_redirect(life, aw_life_next(life, &life->viewer), NULL);
	return AW_OK;
}
