/* Routes with a life of their own: logging in and out, purpose, home, health, OpenAPI. */
#include <string.h>

#include "base/clock.h"
#include "db/setting.h"
#include "guard/access.h"
#include "guard/factor.h"
#include "guard/log.h"
#include "net/life.h"
#include "policy/policy.h"

AW_VIEW_TYPE(aw_login_view, "Login", "net/login", AW_FIELD("next", LINK, OPEN),
	AW_FIELD("login", TEXT, OPEN), AW_FIELD("refused", FLAG, OPEN),
	AW_FIELD("demo", FLAG, OPEN));

static AW_VIEW_TYPE(purpose_item_view, "PurposeItem", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN), AW_FIELD("chosen", FLAG, OPEN));

AW_VIEW_TYPE(aw_purpose_view, "Purposes", "net/purpose", AW_FIELD("next", LINK, OPEN),
	AW_FIELD_OF("purposes", LIST, OPEN, &purpose_item_view));

const char *
aw_life_next(const struct aw_life *life, const struct aw_viewer *viewer)
{
	const char *next = aw_life_value(life, "next");

	if (!aw_call_inside(next) || strncmp(next, "/login", 6) == 0)
		return aw_routes_home(aw_house_policy(life->server->house), viewer);
	return next;
}

static const char *
next_of(const struct aw_life *life)
{
	return aw_life_next(life, &life->viewer);
}

static enum aw_status
show_login(struct aw_life *life, const char *login, bool refused, struct aw_error *err)
{
	struct aw_view *view = aw_view_new(life->arena, &aw_login_view);

	/* only what was asked for: where an account begins is known when it is */
	aw_view_text(view, "next", aw_life_value(life, "next") == NULL ? NULL : next_of(life));
	aw_view_text(view, "login", login);
	aw_view_flag(view, "refused", refused);
	aw_view_flag(view, "demo", life->server->house->demo);
	return aw_show_view(life, view, refused ? 403 : 200, err);
}

enum aw_status
aw_own_login_form(struct aw_life *life, struct aw_error *err)
{
	if (life->has_session && !life->wants_json) {
		aw_show_redirect(life, next_of(life), NULL);
		return AW_OK;
	}
	return show_login(life, NULL, false, err);
}

struct start {
	struct aw_life *life;
	const struct aw_account *account;
	const char *purpose;
	bool factor_given;
	const struct aw_session *ends;
	char token[AW_TOKEN_TEXT];
};

static enum aw_status
start_session(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct start *start = arg;
	struct aw_act act = aw_life_act(start->life, "login.session");
	struct aw_viewer viewer = aw_account_viewer(start->account, NULL);
	const struct aw_signin_from from = aw_life_from(start->life);

	act.tx = tx;
	act.viewer = &viewer;
	act.from = &from;
	if (start->ends != NULL && aw_session_end(&act, start->ends, err) != AW_OK)
		return err->status;
	return aw_session_start(
		&act, start->account, start->purpose, start->factor_given, start->token, err);
}

enum aw_status
aw_life_start_session(struct aw_life *life, const struct aw_account *account, const char *purpose,
	bool factor_given, const struct aw_session *ends, struct aw_error *err)
{
	struct start start = { life, account, purpose, factor_given, ends, { 0 } };

	if (aw_db_write(life->server->house->db, start_session, &start, err) != AW_OK)
		return err->status;
	aw_reply_header(life->arena, life->reply, "Set-Cookie",
		aw_arena_printf(life->arena,
			AW_SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict",
			start.token));
	return AW_OK;
}

enum aw_status
aw_life_limit_tries(struct aw_life *life, struct aw_error *err)
{
	if (aw_limit_take(life->server->login_limit, life->request->address, aw_monotonic_us()))
		return AW_OK;
	life->status = 429;
	aw_reply_header(life->arena, life->reply, "Retry-After", "60");
	return aw_fail(err, AW_BUSY, "too many attempts from this address");
}

struct asked {
	const struct aw_account *account;
	struct aw_second_factor factor;
	struct aw_life *life;
};

static enum aw_status
ask_factor(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct asked *asked = arg;
	struct aw_act act = aw_life_act(asked->life, "login.factor");

	act.tx = tx;
	return aw_factor_get(&act, asked->account, &asked->factor, err);
}

/* A page that leads on to next. */
static const char *
leading_on(struct aw_life *life, const char *path, const char *next)
{
	return strpbrk(next, "&+%#?") == NULL
		       ? aw_arena_printf(life->arena, "%s?next=%s", path, next)
		       : path;
}

struct told {
	struct aw_life *life;
	struct aw_session session;
	struct aw_signins signins;
};

static enum aw_status
read_signins(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct told *told = arg;
	struct aw_act act = aw_life_act(told->life, "login");

	act.tx = tx;
	return aw_signins_read(&act, &told->session, &told->signins, err);
}

enum aw_status
aw_life_tell_first(struct aw_life *life, const struct aw_account *account, const char **next,
	struct aw_error *err)
{
	const struct aw_act act = aw_life_act(life, "login");
	struct told told = { .life = life,
		.session = { .account = *account, .created_at = act.real_ms } };

	if (aw_db_read(life->server->house->db, read_signins, &told, err) != AW_OK)
		return err->status;
	if (told.signins.tell)
		*next = leading_on(life, "/account/sign-ins", *next);
	return AW_OK;
}

struct aw_signin_from
aw_life_from(const struct aw_life *life)
{
	return (struct aw_signin_from){ life->request->address, life->request->agent };
}

/* The password was right: to the work, or to the second factor first. */
static enum aw_status
go_in(struct aw_life *life, const struct aw_account *account, struct aw_error *err)
{
	struct aw_viewer viewer = aw_account_viewer(account, NULL);
	struct asked asked = { .account = account, .life = life };
	const char *next = aw_life_next(life, &viewer);

	if (aw_db_read(life->server->house->db, ask_factor, &asked, err) != AW_OK ||
		aw_life_start_session(life, account, NULL, false, NULL, err) != AW_OK)
		return err->status;
	if (asked.factor.confirmed)
		next = leading_on(life, "/login/factor", next);
	else if (account->password_until.known)
		next = "/account/password";
	else if (aw_factor_required(aw_house_policy(life->server->house), account->roles))
		next = "/account"; /* where the news stand too */
	else if (aw_life_tell_first(life, account, &next, err) != AW_OK)
		return err->status;
	aw_show_redirect(life, next, NULL);
	return AW_OK;
}

enum aw_status
aw_own_login(struct aw_life *life, struct aw_error *err)
{
	struct aw_server *server = life->server;
	const char *login = aw_life_value(life, "login");
	const char *password = aw_life_value(life, "password");
	const struct aw_signin_from from = aw_life_from(life);
	struct aw_act act = aw_life_act(life, "login");
	struct aw_account account;
	enum aw_status status;

	if (aw_life_limit_tries(life, err) != AW_OK)
		return err->status;
	if (login == NULL || password == NULL)
		return show_login(life, login, true, err);
	while (sem_wait(&server->hashing) != 0)
		continue;
	act.from = &from;
	status = aw_account_check_password(server->house->db, &act, login, password, &account, err);
	(void)sem_post(&server->hashing);
	if (status == AW_DENIED)
		return show_login(life, login, true, err);
	return status == AW_OK ? go_in(life, &account, err) : status;
}

static enum aw_status
end_session(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_life *life = arg;
	struct aw_act act = aw_life_act(life, life->route->action);

	act.tx = tx;
	if (aw_session_end(&act, &life->session, err) != AW_OK)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

enum aw_status
aw_own_logout(struct aw_life *life, struct aw_error *err)
{
	if (aw_db_write(life->server->house->db, end_session, life, err) != AW_OK)
		return err->status;
	aw_reply_header(life->arena, life->reply, "Set-Cookie",
		AW_SESSION_COOKIE "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict");
	aw_reply_header(
		life->arena, life->reply, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
	aw_show_redirect(life, "/login", NULL);
	return AW_OK;
}

enum aw_status
aw_own_purposes(struct aw_life *life, struct aw_error *err)
{
	const struct aw_policy *policy = aw_house_policy(life->server->house);
	struct aw_view *view = aw_view_new(life->arena, &aw_purpose_view);

	aw_view_text(view, "next", next_of(life));
	for (size_t i = 0; i < policy->purpose_count; i++) {
		const struct aw_purpose *purpose = &policy->purposes[i];
		struct aw_view *item;

		if (!aw_access_may_purpose(policy, &life->viewer, purpose->code))
			continue;
		item = aw_view_item(view, "purposes");
		aw_view_text(item, "code", purpose->code);
		aw_view_text(item, "label",
			aw_policy_text(policy, "purpose", purpose->code, life->catalog->language));
		aw_view_flag(item, "chosen", aw_text_eq(purpose->code, life->viewer.purpose));
	}
	return aw_show_view(life, view, 200, err);
}

static enum aw_status
change_purpose(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_life *life = arg;
	struct aw_act act = aw_life_act(life, life->route->action);
	const char *purpose = aw_life_value(life, "purpose");

	act.tx = tx;
	if (aw_session_purpose(&act, &life->session, purpose != NULL ? purpose : "", err) != AW_OK)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

enum aw_status
aw_own_purpose(struct aw_life *life, struct aw_error *err)
{
	if (aw_db_write(life->server->house->db, change_purpose, life, err) != AW_OK)
		return err->status;
	aw_show_redirect(life, next_of(life), "notice.purpose_changed");
	return AW_OK;
}

enum aw_status
aw_own_home(struct aw_life *life, struct aw_error *err)
{
	(void)err;
	aw_show_redirect(life,
		life->has_session
			? aw_routes_home(aw_house_policy(life->server->house), &life->viewer)
			: "/report",
		NULL);
	return AW_OK;
}

static enum aw_status
read_something(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const char *value;

	return aw_setting_get(tx, arg, "deployment", &value, err);
}

enum aw_status
aw_own_health(struct aw_life *life, struct aw_error *err)
{
	AW_SCOPED(json, json_t *) json = json_object();

	if (aw_db_read(life->server->house->db, read_something, life->arena, err) != AW_OK)
		return err->status;
	aw_json_put(json, "ok", json_true());
	aw_show_json(life, json, 200, "application/json");
	return AW_OK;
}

enum aw_status
aw_own_openapi(struct aw_life *life, struct aw_error *err)
{
	(void)err;
	life->reply->status = 200;
	life->reply->content_type = "application/json";
	life->reply->body = life->server->openapi;
	return AW_OK;
}
