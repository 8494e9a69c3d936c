/* city/desk/account_pages - 帳號: who may come in, and which systems may send. New accounts and new
 * passwords are made by the command line: their hash is slow on purpose. */
#include <string.h>

#include "city/desk/log_pages.h"
#include "guard/factor.h"
#include "page/parts.h"
#include "policy/policy.h"
#include "text/roc.h"

static const AW_VIEW_TYPE(role_view, "AccountRole", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN));

static const AW_VIEW_TYPE(account_view, "Account", NULL, AW_FIELD("login", TEXT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("title", TEXT, OPEN), AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("extension", TEXT, OPEN), AW_FIELD_OF("roles", LIST, OPEN, &role_view),
	AW_FIELD_CODE("state", OPEN, "account.state"), AW_FIELD("active", FLAG, OPEN),
	AW_FIELD("disabled", FLAG, OPEN), AW_FIELD("locked", FLAG, OPEN),
	AW_FIELD("locked_until", INSTANT, OPEN), AW_FIELD("expired", FLAG, OPEN),
	AW_FIELD("valid_until", DAY, OPEN), AW_FIELD("days_left", NUMBER, OPEN),
	AW_FIELD("idle", FLAG, OPEN), AW_FIELD("used_at", INSTANT, OPEN),
	AW_FIELD("created_at", INSTANT, OPEN), AW_FIELD("own", FLAG, OPEN),
	AW_FIELD("log_link", LINK, OPEN), AW_FIELD("has_factor", FLAG, OPEN),
	AW_FIELD("needs_factor", FLAG, OPEN));

static const AW_VIEW_TYPE(reason_view, "ResetReason", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN));

static const AW_VIEW_TYPE(sender_view, "ApiSender", NULL, AW_FIELD("sender", TEXT, OPEN),
	AW_FIELD("unit", TEXT, OPEN), AW_FIELD("created_at", INSTANT, OPEN),
	AW_FIELD("disabled_at", INSTANT, OPEN), AW_FIELD("active", FLAG, OPEN));

const AW_VIEW_TYPE(aw_accounts_view, "Accounts", "desk/accounts", AW_FIELD("count", NUMBER, OPEN),
	AW_FIELD("active_count", NUMBER, OPEN), AW_FIELD("locked_count", NUMBER, OPEN),
	AW_FIELD("expired_count", NUMBER, OPEN), AW_FIELD("disabled_count", NUMBER, OPEN),
	AW_FIELD("today", DAY, OPEN), AW_FIELD("idle_days", NUMBER, OPEN),
	AW_FIELD_CODE("chosen_state", OPEN, NULL),
	AW_FIELD_OF("unit_filter", OBJECT, OPEN, &aw_filter_view),
	AW_FIELD_OF("accounts", LIST, OPEN, &account_view),
	AW_FIELD_OF("reset_reasons", LIST, OPEN, &reason_view),
	AW_FIELD_OF("senders", LIST, OPEN, &sender_view));

static const char *
text_of(const struct aw_call *call, const char *list, const char *code)
{
	const char *text = aw_call_label(call, list, code);

	return text == NULL ? code : text;
}

static void
show_roles(const struct aw_call *call, struct aw_view *item, const char *roles)
{
	struct aw_str rest = aw_str(roles);

	while (rest.at != NULL) {
		struct aw_str code = aw_str_cut(rest, ' ', &rest);
		struct aw_view *role;

		if (code.len == 0)
			continue;
		role = aw_view_item(item, "roles");
		aw_view_text(role, "code", aw_arena_strndup(call->act.arena, code.at, code.len));
		aw_view_text(role, "label",
			text_of(call, "role",
				aw_arena_strndup(call->act.arena, code.at, code.len)));
	}
}

/* Who has a second factor. */
struct factors {
	int64_t *accounts;
	size_t count;
};

static bool
has_factor(const struct factors *factors, int64_t account)
{
	for (size_t i = 0; i < factors->count; i++)
		if (factors->accounts[i] == account)
			return true;
	return false;
}

static void
show_reset_reasons(struct aw_call *call)
{
	const struct aw_policy *policy = call->act.policy;

	for (size_t i = 0; i < policy->reason_count[AW_REASONS_FACTOR_RESET]; i++) {
		const struct aw_reason_code *reason = &policy->reasons[AW_REASONS_FACTOR_RESET][i];
		struct aw_view *item = aw_view_item(call->view, "reset_reasons");

		aw_view_text(item, "code", reason->code);
		aw_view_text(item, "label", aw_label_text(reason->label, call->language));
	}
}

static void
show_state(const struct aw_call *call, struct aw_view *item, const struct aw_account *account)
{
	enum aw_account_state state = aw_account_state_shown(&call->act, account);

	aw_view_text(item, "state", aw_account_state_code(state));
	aw_view_flag(item, "active", state == AW_ACCOUNT_ACTIVE);
	aw_view_flag(item, "disabled", state == AW_ACCOUNT_DISABLED);
	aw_view_flag(
		item, "idle", state == AW_ACCOUNT_DISABLED && aw_account_idle(&call->act, account));
	aw_view_flag(item, "expired", state == AW_ACCOUNT_EXPIRED);
	aw_view_flag(item, "locked", state == AW_ACCOUNT_LOCKED);
	if (state == AW_ACCOUNT_LOCKED)
		aw_view_int(item, "locked_until", account->locked_until.v);
	if (!account->valid_until.known)
		return;
	aw_view_int(item, "valid_until", account->valid_until.v);
	if (account->valid_until.v >= aw_taipei_day(call->act.real_ms))
		aw_view_int(item, "days_left",
			account->valid_until.v - aw_taipei_day(call->act.real_ms));
}

static void
show_account(struct aw_call *call, const struct aw_account *account, const struct factors *factors)
{
	struct aw_view *item = aw_view_item(call->view, "accounts");

	aw_view_text(item, "login", account->login);
	aw_view_text(item, "name", account->name);
	aw_view_text(item, "title", account->title);
	aw_view_text(item, "unit", text_of(call, "unit_short", account->unit));
	aw_view_text(item, "extension", account->extension);
	show_roles(call, item, account->roles);
	show_state(call, item, account);
	if (account->used_at.known)
		aw_view_int(item, "used_at", account->used_at.v);
	aw_view_int(item, "created_at", account->created_at);
	aw_view_flag(item, "own", account->id == call->act.viewer->account);
	aw_view_flag(item, "has_factor", has_factor(factors, account->id));
	aw_view_flag(item, "needs_factor", aw_factor_required(call->act.policy, account->roles));
	aw_view_text(item, "log_link",
		aw_arena_printf(call->act.arena, "/log?login=%s", account->login));
}

/* The units that have accounts, as a filter. */
static void
show_units(struct aw_call *call, const struct aw_account *accounts, size_t count)
{
	const char *chosen = aw_call_value(call, "unit");
	const char *last = NULL;
	const struct aw_label *city = &call->act.policy->city.label;
	struct aw_view *filter = aw_filter_put(call->view, "unit_filter", "accounts.unit",
		chosen == NULL ? NULL : text_of(call, "unit_short", chosen));

	aw_filter_choice(filter, aw_label_text(*city, call->language), "/accounts", chosen == NULL);
	for (size_t i = 0; i < count; i++) {
		if (last != NULL && strcmp(last, accounts[i].unit) == 0)
			continue;
		last = accounts[i].unit;
		aw_filter_choice(filter, text_of(call, "unit_short", last),
			aw_arena_printf(call->act.arena, "/accounts?unit=%s", last),
			aw_text_eq(chosen, last));
	}
}

static enum aw_status
show_senders(struct aw_call *call, struct aw_error *err)
{
	struct aw_api_sender *senders;
	size_t count;

	if (aw_api_token_list(call->act.tx, call->act.arena, &senders, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(call->view, "senders");

		aw_view_text(item, "sender", senders[i].sender);
		aw_view_text(item, "unit", text_of(call, "unit_short", senders[i].unit));
		aw_view_int(item, "created_at", senders[i].created_at);
		if (senders[i].disabled_at.known)
			aw_view_int(item, "disabled_at", senders[i].disabled_at.v);
		aw_view_flag(item, "active", !senders[i].disabled_at.known);
	}
	return AW_OK;
}

/* GET /accounts */
enum aw_status
aw_accounts_show(struct aw_call *call, struct aw_error *err)
{
	const char *unit = aw_call_value(call, "unit"), *state = aw_call_value(call, "state");
	int64_t counts[AW_ACCOUNT_DISABLED + 1] = { 0 }, shown = 0;
	struct aw_account *accounts;
	struct factors factors;
	size_t count;

	if (aw_account_list(call->act.tx, call->act.arena, NULL, &accounts, &count, err) != AW_OK ||
		aw_factor_accounts(&call->act, &factors.accounts, &factors.count, err) != AW_OK)
		return err->status;
	show_reset_reasons(call);
	show_units(call, accounts, count);
	for (size_t i = 0; i < count; i++) {
		enum aw_account_state is = aw_account_state_shown(&call->act, &accounts[i]);

		if (unit != NULL && strcmp(accounts[i].unit, unit) != 0)
			continue;
		counts[is]++;
		shown++;
		if (state == NULL || strcmp(aw_account_state_code(is), state) == 0)
			show_account(call, &accounts[i], &factors);
	}
	aw_view_int(call->view, "count", shown);
	aw_view_int(call->view, "active_count", counts[AW_ACCOUNT_ACTIVE]);
	aw_view_int(call->view, "locked_count", counts[AW_ACCOUNT_LOCKED]);
	aw_view_int(call->view, "expired_count", counts[AW_ACCOUNT_EXPIRED]);
	aw_view_int(call->view, "disabled_count", counts[AW_ACCOUNT_DISABLED]);
	aw_view_int(call->view, "today", aw_taipei_day(call->act.real_ms));
	aw_view_int(call->view, "idle_days", call->act.demo ? 0 : call->act.policy->idle.days);
	aw_view_text(call->view, "chosen_state", state);
	return show_senders(call, err);
}

/* The account that a path names; never the viewer's own: nobody shuts themself out. */
static enum aw_status
find_other(struct aw_call *call, struct aw_account *ret_account, struct aw_error *err)
{
	const char *login = aw_call_path(call, "login");

	if (aw_account_by_login(call->act.tx, call->act.arena, login, ret_account, err) != AW_OK)
		return err->status;
	if (ret_account->id == call->act.viewer->account)
		return aw_fail(err, AW_CONFLICT, "nobody changes the state of their own account");
	call->act.object = ret_account->login;
	return AW_OK;
}

/* POST /accounts/{login}/disable */
enum aw_status
aw_account_shut(struct aw_call *call, struct aw_error *err)
{
	struct aw_account account;

	if (find_other(call, &account, err) != AW_OK ||
		aw_account_disable(&call->act, account.id, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.account_disabled", "/accounts");
	return AW_OK;
}

/* POST /accounts/{login}/enable */
enum aw_status
aw_account_reopen(struct aw_call *call, struct aw_error *err)
{
	struct aw_account account;

	if (find_other(call, &account, err) != AW_OK ||
		aw_account_enable(&call->act, account.id, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.account_enabled", "/accounts");
	return AW_OK;
}

/* POST /accounts/{login}/until: a last day, or none. */
enum aw_status
aw_account_limit(struct aw_call *call, struct aw_error *err)
{
	const char *text = aw_call_value(call, "until");
	struct aw_maybe until = AW_UNKNOWN;
	struct aw_account account;
	struct aw_error own = { 0 };
	int32_t day = 0;

	if (find_other(call, &account, err) != AW_OK)
		return err->status;
	if (text != NULL && aw_roc_read_day(aw_str(text), &day, &own) != AW_OK) {
		aw_call_problem(call, "", "problem.date", NULL);
		return AW_OK;
	}
	if (text != NULL && day < aw_taipei_day(call->act.real_ms)) {
		aw_call_problem(call, "", "accounts.until_over", account.login);
		return AW_OK;
	}
	if (text != NULL)
		until = AW_KNOWN(day);
	call->act.detail = aw_account_until_detail(call->act.arena, until);
	if (aw_account_set_until(&call->act, account.id, until, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, until.known ? "notice.account_until" : "notice.account_until_none",
		"/accounts");
	return AW_OK;
}

/* POST /accounts/{login}/factor */
enum aw_status
aw_account_factor_reset(struct aw_call *call, struct aw_error *err)
{
	const char *reason = aw_call_value(call, "reason");
	struct aw_account account;

	if (find_other(call, &account, err) != AW_OK)
		return err->status;
	if (reason == NULL ||
		aw_policy_reason(call->act.policy, AW_REASONS_FACTOR_RESET, reason) == NULL) {
		aw_call_problem(call, "reason", "form.required", NULL);
		return AW_OK;
	}
	call->act.detail = aw_arena_printf(call->act.arena, "{\"reason\":\"%s\"}", reason);
	if (aw_factor_remove(&call->act, account.id, err) != AW_OK ||
		aw_account_end_sessions(&call->act, account.id, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.factor_reset", "/accounts");
	return AW_OK;
}

/* POST /senders/disable */
enum aw_status
aw_api_sender_shut(struct aw_call *call, struct aw_error *err)
{
	const char *sender = aw_call_value(call, "sender");

	if (sender == NULL)
		return aw_fail(err, AW_INVALID, "which sender?");
	call->act.object = sender;
	if (aw_api_token_disable(&call->act, sender, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.sender_disabled", "/accounts");
	return AW_OK;
}
