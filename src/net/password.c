/* One's own password changed: the old one is asked for, none that was one's own lately is taken
 * again, and other sessions end. */
#include "guard/access.h"
#include "guard/log.h"
#include "net/life.h"

AW_VIEW_TYPE(aw_password_view, "Password", "net/password", AW_FIELD("login", TEXT, OPEN),
	AW_FIELD("least", NUMBER, OPEN), AW_FIELD("first", FLAG, OPEN),
	AW_FIELD("until", INSTANT, OPEN));

static enum aw_status
show(struct aw_life *life, struct aw_error *err)
{
	struct aw_view *view = aw_view_new(life->arena, &aw_password_view);

	aw_view_text(view, "login", life->session.account.login);
	aw_view_int(view, "least", AW_PASSWORD_LEAST);
	aw_view_flag(view, "first", life->session.account.password_until.known);
	if (life->session.account.password_until.known)
		aw_view_int(view, "until", life->session.account.password_until.v);
	return aw_show_view(life, view, life->call.problems != NULL ? 422 : 200, err);
}

/* Leads to the proof first where there is a second factor, and its last code is too old: who found a
 * session open does not have the telephone. */
static bool
leads_to_proof(struct aw_life *life)
{
	struct aw_act act = aw_life_act(life, life->route->action);

	if (!life->session.has_factor || !aw_access_stale(&act))
		return false;
	aw_show_redirect(life, "/verify?next=/account/password", NULL);
	return true;
}

enum aw_status
aw_own_password_form(struct aw_life *life, struct aw_error *err)
{
	return leads_to_proof(life) ? AW_OK : show(life, err);
}

/* What is wrong with the new one, as the page says it; NULL: nothing. */
static const char *
message_of(enum aw_password_fault fault)
{
	switch (fault) {
	case AW_PASSWORD_GOOD:
		return NULL;
	case AW_PASSWORD_TOO_LONG:
		return "password.long";
	case AW_PASSWORD_NOT_TEXT:
		return "password.not_text";
	case AW_PASSWORD_TOO_SHORT:
		return "password.short";
	case AW_PASSWORD_HOLDS_LOGIN:
		return "password.login";
	case AW_PASSWORD_COMMON:
		break;
	}
	return "password.common";
}

static void
check_new(struct aw_life *life, const char *old, const char *fresh, const char *again)
{
	struct aw_password_of of = aw_password_words(
		life->arena, aw_house_policy(life->server->house), &life->session.account);
	const char *message =
		fresh == NULL ? "password.short" : message_of(aw_password_fault(fresh, &of));

	if (old == NULL)
		aw_call_problem(&life->call, "old", "password.old_missing", NULL);
	if (message == NULL && aw_text_eq(old, fresh))
		message = "password.same";
	if (message != NULL)
		aw_call_problem(&life->call, "new", message, NULL);
	else if (!aw_text_eq(fresh, again))
		aw_call_problem(&life->call, "again", "password.differ", NULL);
}

struct change {
	struct aw_life *life;
	bool is_earlier; /* the new one was the account's before */
	char hash[AW_PASSWORD_TEXT];
};

static enum aw_status
change_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct change *change = arg;
	struct aw_life *life = change->life;
	struct aw_act act = aw_life_act(life, life->route->action);

	act.tx = tx;
	act.object = life->session.account.login;
	if (aw_account_change_password(&act, &life->session, change->hash, err) != AW_OK ||
		(!life->session.has_factor &&
			aw_session_proved(&act, &life->session, false, err) != AW_OK))
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

/* The old one, at the cost and under the limits of a login; then the new one is compared with
 * earlier ones, which is the dearest, and hashed. */
static enum aw_status
exchange(struct aw_life *life, const char *old, const char *fresh, struct change *change,
	struct aw_error *err)
{
	struct aw_server *server = life->server;
	struct aw_act act = aw_life_act(life, "login");
	struct aw_account account;
	enum aw_status status;

	while (sem_wait(&server->hashing) != 0)
		continue;
	status = aw_account_check_password(
		server->house->db, &act, life->session.account.login, old, &account, err);
	if (status == AW_OK)
		status = aw_password_is_earlier(server->house->db, life->arena,
			life->session.account.id, fresh, &change->is_earlier, err);
	if (status == AW_OK && !change->is_earlier)
		status = aw_password_hash(fresh, false, change->hash, err);
	(void)sem_post(&server->hashing);
	return status;
}

enum aw_status
aw_own_password(struct aw_life *life, struct aw_error *err)
{
	const char *old = aw_life_value(life, "old"), *fresh = aw_life_value(life, "new");
	struct change change = { .life = life };
	enum aw_status status;

	if (leads_to_proof(life))
		return AW_OK;
	if (aw_life_limit_tries(life, err) != AW_OK)
		return err->status;
	life->call.act = aw_life_act(life, life->route->action);
	check_new(life, old, fresh, aw_life_value(life, "again"));
	if (life->call.problems != NULL)
		return show(life, err);
	status = exchange(life, old, fresh, &change, err);
	if (status == AW_DENIED) {
		aw_error_clear(err);
		aw_call_problem(&life->call, "old", "password.refused", NULL);
		return show(life, err);
	}
	if (status == AW_OK && change.is_earlier) {
		aw_call_problem(&life->call, "new", "password.earlier", NULL);
		return show(life, err);
	}
	if (status != AW_OK ||
		aw_db_write(life->server->house->db, change_in, &change, err) != AW_OK)
		return err->status;
	aw_show_redirect(life, "/account", "notice.password_changed");
	return AW_OK;
}
