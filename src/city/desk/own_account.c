/* city/desk/own_account - 我的帳號: who one is here, and the second factor: made, answered, taken
 * away. What changes it wants a fresh proof of who asks. */
#include "city/desk/own_account.h"

#include "guard/access.h"
#include "guard/factor.h"
#include "guard/signin.h"
#include "page/qr.h"
#include "policy/policy.h"

static const AW_VIEW_TYPE(role_view, "OwnRole", NULL, AW_FIELD("label", TEXT, OPEN));

const AW_VIEW_TYPE(aw_own_account_view, "OwnAccount", "desk/account", AW_FIELD("login", TEXT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("title", TEXT, OPEN), AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("purpose", TEXT, OPEN), AW_FIELD_OF("roles", LIST, OPEN, &role_view),
	AW_FIELD("has_factor", FLAG, OPEN), AW_FIELD("required", FLAG, OPEN),
	AW_FIELD("missing", FLAG, OPEN), AW_FIELD("confirmed_at", INSTANT, OPEN),
	AW_FIELD("codes_left", NUMBER, OPEN), AW_FIELD("few_codes", FLAG, OPEN),
	AW_FIELD("tell", FLAG, OPEN), AW_FIELD("last_at", INSTANT, OPEN),
	AW_FIELD("valid_until", DAY, OPEN), AW_FIELD("days_left", NUMBER, OPEN),
	AW_FIELD("demo", FLAG, OPEN));

const AW_VIEW_TYPE(aw_factor_view, "FactorSetup", "desk/factor", AW_FIELD("qr", RAW, OPEN),
	AW_FIELD("uri", TEXT, OPEN), AW_FIELD("key", TEXT, OPEN), AW_FIELD("login", TEXT, OPEN));

static const AW_VIEW_TYPE(code_view, "RecoveryCode", NULL, AW_FIELD("code", TEXT, OPEN));

const AW_VIEW_TYPE(aw_recovery_view, "RecoveryCodes", "desk/recovery",
	AW_FIELD("fresh", FLAG, OPEN), AW_FIELD_OF("codes", LIST, OPEN, &code_view));

enum { FEW_CODES = 3, KEY_GROUP = 4 };

/* A page of one's own; programs and tokens have none. */
static const struct aw_account *
own(const struct aw_call *call)
{
	return call->act.session == NULL ? NULL : &call->act.session->account;
}

static enum aw_status
ask_own(const struct aw_call *call, const struct aw_account **ret_account, struct aw_error *err)
{
	*ret_account = own(call);
	return *ret_account != NULL ? AW_OK : aw_fail(err, AW_DENIED, "this needs a session");
}

bool
aw_own_leads_to_proof(struct aw_call *call, const char *next)
{
	if (!aw_access_stale(&call->act))
		return false;
	aw_call_redirect(call, NULL, "/verify?next=%s", next);
	return true;
}

static void
show_roles(struct aw_call *call, const char *roles)
{
	struct aw_str rest = aw_str(roles);

	while (rest.at != NULL) {
		struct aw_str word = aw_str_cut(rest, ' ', &rest);

		if (word.len > 0)
			aw_view_text(aw_view_item(call->view, "roles"), "label",
				aw_call_label(call, "role",
					aw_arena_strndup(call->act.arena, word.at, word.len)));
	}
}

/* GET /account */
enum aw_status
aw_own_account_show(struct aw_call *call, struct aw_error *err)
{
	const struct aw_account *account;
	struct aw_second_factor factor;
	struct aw_signins signins;
	bool required;

	if (ask_own(call, &account, err) != AW_OK ||
		aw_factor_get(&call->act, account, &factor, err) != AW_OK ||
		aw_signins_read(&call->act, call->act.session, &signins, err) != AW_OK)
		return err->status;
	required = aw_factor_required(call->act.policy, account->roles);
	aw_view_text(call->view, "login", account->login);
	aw_view_text(call->view, "name", account->name);
	aw_view_text(call->view, "title", account->title);
	aw_view_text(call->view, "unit", aw_call_label(call, "unit", account->unit));
	aw_view_text(
		call->view, "purpose", aw_call_label(call, "purpose", call->act.viewer->purpose));
	show_roles(call, account->roles);
	if (account->valid_until.known) {
		aw_view_int(call->view, "valid_until", account->valid_until.v);
		aw_view_int(call->view, "days_left",
			account->valid_until.v - aw_taipei_day(call->act.real_ms));
	}
	aw_view_flag(call->view, "has_factor", factor.confirmed);
	aw_view_flag(call->view, "required", required);
	aw_view_flag(call->view, "missing", required && !factor.confirmed);
	aw_view_flag(call->view, "demo", call->act.demo);
	aw_view_flag(call->view, "tell", signins.tell);
	if (signins.last_at.known)
		aw_view_int(call->view, "last_at", signins.last_at.v);
	if (!factor.confirmed)
		return AW_OK;
	aw_view_int(call->view, "confirmed_at", factor.confirmed_at);
	aw_view_int(call->view, "codes_left", factor.codes_left);
	aw_view_flag(call->view, "few_codes", factor.codes_left < FEW_CODES);
	return AW_OK;
}

/* POST /account/factor: a new secret. */
enum aw_status
aw_factor_start(struct aw_call *call, struct aw_error *err)
{
	const struct aw_account *account;

	if (ask_own(call, &account, err) != AW_OK)
		return err->status;
	if (aw_own_leads_to_proof(call, "/account"))
		return AW_OK;
	if (aw_factor_begin(&call->act, account->id, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, NULL, "/account/factor");
	return AW_OK;
}

/* The secret in groups of four, to be typed. */
static const char *
grouped(struct aw_arena *arena, const char *secret)
{
	struct aw_buf out = { .arena = arena };

	for (size_t i = 0; secret[i] != '\0'; i++) {
		if (i > 0 && i % KEY_GROUP == 0)
			aw_buf_char(&out, ' ');
		aw_buf_char(&out, secret[i]);
	}
	return aw_arena_strdup(arena, aw_buf_z(&out));
}

/* GET /account/factor: the secret, until it is answered. */
enum aw_status
aw_factor_show(struct aw_call *call, struct aw_error *err)
{
	const struct aw_account *account;
	struct aw_second_factor factor;

	if (ask_own(call, &account, err) != AW_OK)
		return err->status;
	if (aw_own_leads_to_proof(call, "/account/factor"))
		return AW_OK;
	if (aw_factor_get(&call->act, account, &factor, err) != AW_OK)
		return err->status;
	if (factor.secret == NULL) {
		aw_call_redirect(call, NULL, "/account");
		return AW_OK;
	}
	aw_view_text(call->view, "qr", aw_qr_svg(call->act.arena, factor.uri, account->login));
	aw_view_text(call->view, "uri", factor.uri);
	aw_view_text(call->view, "key", grouped(call->act.arena, factor.secret));
	aw_view_text(call->view, "login", account->login);
	return AW_OK;
}

static enum aw_status
show_codes(struct aw_call *call, int64_t account, struct aw_error *err)
{
	const char *codes[AW_FACTOR_CODES];

	if (aw_factor_codes(&call->act, account, codes, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < AW_COUNT(codes); i++)
		aw_view_text(aw_view_item(call->view, "codes"), "code", codes[i]);
	return AW_OK;
}

/* POST /account/factor/confirm: the first code; from now on it is asked for, and whoever came in
 * elsewhere without it is out. */
enum aw_status
aw_factor_answer(struct aw_call *call, struct aw_error *err)
{
	const char *code = aw_call_value(call, "code");
	const struct aw_account *account;
	bool right = false;

	if (ask_own(call, &account, err) != AW_OK)
		return err->status;
	if (aw_own_leads_to_proof(call, "/account/factor"))
		return AW_OK;
	if (code != NULL && aw_factor_confirm(&call->act, account->id, code, &right, err) != AW_OK)
		return err->status;
	if (!right) {
		aw_call_problem(call, "code", "factor.wrong", NULL);
		return AW_OK;
	}
	call->act.object = account->login;
	aw_view_flag(call->view, "fresh", true);
	if (aw_session_proved(&call->act, call->act.session, true, err) != AW_OK ||
		aw_session_end_others(&call->act, call->act.session, err) != AW_OK)
		return err->status;
	return show_codes(call, account->id, err);
}

/* POST /account/factor/codes: recovery codes anew. */
enum aw_status
aw_factor_recover(struct aw_call *call, struct aw_error *err)
{
	const struct aw_account *account;

	if (ask_own(call, &account, err) != AW_OK)
		return err->status;
	if (aw_own_leads_to_proof(call, "/account"))
		return AW_OK;
	if (!call->act.session->has_factor)
		return aw_fail(err, AW_CONFLICT, "the account has no second factor");
	call->act.object = account->login;
	return show_codes(call, account->id, err);
}

/* POST /account/factor/remove */
enum aw_status
aw_factor_drop(struct aw_call *call, struct aw_error *err)
{
	const struct aw_account *account;

	if (ask_own(call, &account, err) != AW_OK)
		return err->status;
	if (aw_own_leads_to_proof(call, "/account"))
		return AW_OK;
	if (aw_factor_remove(&call->act, account->id, err) != AW_OK)
		return err->status;
	call->act.object = account->login;
	aw_call_redirect(call, "notice.factor_removed", "/account");
	return AW_OK;
}
