/* anwang user: adds, lists, disables and resets accounts, and says until when. */
#include <string.h>

#include "guard/account.h"
#include "guard/log.h"
#include "net/console_guard.h"
#include "text/roc.h"

/* One change to one account, in one unit of work with its entry in the log. */
struct change {
	struct aw_console *console;
	const char *verb;
	const char *action;
	const char *login;
	struct aw_account account; /* whose password it is */
	char hash[AW_PASSWORD_TEXT];
	struct aw_maybe until; /* known: made here, for somebody to hand over */
	struct aw_maybe last_day;
};

static enum aw_status
add(struct aw_act *act, const struct change *change, struct aw_error *err)
{
	const struct aw_console *console = change->console;
	int64_t account;

	return aw_account_add(act,
		&(struct aw_account_in){ .login = change->login,
			.name = aw_console_value(console, "name"),
			.title = aw_console_value(console, "title"),
			.unit = aw_console_value(console, "unit"),
			.roles = aw_console_value(console, "roles"),
			.extension = aw_console_value(console, "extension"),
			.password_hash = change->hash,
			.password_until = change->until,
			.valid_until = change->last_day },
		&account, err);
}

static enum aw_status
change_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct change *change = arg;
	struct aw_console *console = change->console;
	struct aw_act act =
		aw_house_act(console->house, console->arena, console->viewer, change->action);
	struct aw_account account;
	enum aw_status status;

	act.tx = tx;
	act.object = change->login;
	if (aw_console_value(console, "until") != NULL)
		act.detail = aw_account_until_detail(act.arena, change->last_day);
	if (strcmp(change->verb, "add") == 0)
		status = add(&act, change, err);
	else if (aw_account_by_login(tx, act.arena, change->login, &account, err) != AW_OK)
		status = err->status;
	else if (strcmp(change->verb, "until") == 0)
		status = aw_account_set_until(&act, account.id, change->last_day, err);
	else if (strcmp(change->verb, "disable") == 0)
		status = aw_account_disable(&act, account.id, err);
	else if (strcmp(change->verb, "enable") == 0)
		status = aw_account_enable(&act, account.id, err);
	else
		status = aw_account_reset(&act, account.id, change->hash, change->until, err);
	if (status != AW_OK)
		return status;
	return aw_log_append(&act, "ok", act.detail, err);
}

/* What the account is known by: of one that is there, what it has; of a new one, what was sent. */
static enum aw_status
read_whose(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct change *change = arg;
	const struct aw_console *console = change->console;

	change->account = (struct aw_account){ .login = change->login,
		.name = aw_console_value(console, "name"),
		.unit = aw_console_value(console, "unit"),
		.roles = aw_console_value(console, "roles") };
	if (strcmp(change->verb, "add") == 0)
		return AW_OK;
	return aw_account_by_login(tx, console->arena, change->login, &change->account, err);
}

/* The password of the body, or one made here, which is then part of the answer. */
static enum aw_status
choose_password(struct change *change, const char **ret_made, struct aw_error *err)
{
	struct aw_console *console = change->console;
	struct aw_str given = aw_str_trim(console->body);
	const char *password = given.len > 0 ? aw_arena_strndup(console->arena, given.at, given.len)
					     : aw_password_make(console->arena);
	struct aw_password_of of;

	if (aw_db_read(console->house->db, read_whose, change, err) != AW_OK)
		return err->status;
	of = aw_password_words(console->arena, aw_house_policy(console->house), &change->account);
	if (aw_password_allowed(password, &of, err) != AW_OK ||
		aw_password_hash(password, false, change->hash, err) != AW_OK)
		return err->status;
	*ret_made = given.len > 0 ? NULL : password;
	if (given.len == 0)
		change->until =
			AW_KNOWN(aw_clock_real_ms(&console->house->clock) + AW_PASSWORD_FIRST_MS);
	return AW_OK;
}

/* --until: a day in any written form, or "none". */
static enum aw_status
read_last_day(struct change *change, struct aw_error *err)
{
	const char *text = aw_console_value(change->console, "until");
	bool needs = strcmp(change->verb, "until") == 0;
	int32_t day = 0;

	if (text == NULL && !needs)
		return AW_OK;
	if (text == NULL)
		return aw_fail(err, AW_INVALID, "user until needs --until: a day, or none");
	if (!needs && strcmp(change->verb, "add") != 0)
		return aw_fail(err, AW_INVALID, "--until goes with user add and user until");
	if (strcmp(text, "none") == 0)
		return AW_OK;
	if (aw_roc_read_day(aw_str(text), &day, err) != AW_OK)
		return aw_wrap(err, "--until");
	change->last_day = AW_KNOWN(day);
	return AW_OK;
}

static enum aw_status
change_account(
	struct aw_console *console, const char *verb, const char *action, struct aw_error *err)
{
	struct change change = { .console = console,
		.verb = verb,
		.action = action,
		.login = aw_console_value(console, "login") };
	AW_SCOPED(json, json_t *) json = json_object();
	const char *made = NULL;

	if (change.login == NULL)
		return aw_fail(err, AW_INVALID, "user %s needs a login", verb);
	if (read_last_day(&change, err) != AW_OK)
		return err->status;
	if ((strcmp(verb, "add") == 0 || strcmp(verb, "reset") == 0) &&
		choose_password(&change, &made, err) != AW_OK)
		return err->status;
	if (aw_db_write(console->house->db, change_in, &change, err) != AW_OK)
		return err->status;
	aw_json_put_text(json, "login", change.login);
	if (made != NULL) {
		aw_json_put_text(json, "password", made);
		aw_json_put_text(json, "until", aw_instant_iso(console->arena, change.until.v));
	}
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
	return AW_OK;
}

static const char *
state_of(const struct aw_console *console, const struct aw_account *account)
{
	struct aw_act act =
		aw_house_act(console->house, console->arena, console->viewer, "user.list");

	return aw_account_state_code(aw_account_state_shown(&act, account));
}

static void
print_json(struct aw_console *console, const struct aw_account *account)
{
	AW_SCOPED(json, json_t *) json = json_object();

	aw_json_put_text(json, "login", account->login);
	aw_json_put_text(json, "state", state_of(console, account));
	aw_json_put_text(json, "unit", account->unit);
	aw_json_put_text(json, "roles", account->roles);
	aw_json_put_text(json, "name", account->name);
	aw_json_put_text(json, "title", account->title);
	aw_json_put_text(json, "extension", account->extension);
	if (account->valid_until.known)
		aw_json_put_text(
			json, "until", aw_day_iso(console->arena, (int32_t)account->valid_until.v));
	if (account->used_at.known)
		aw_json_put_text(
			json, "used_at", aw_instant_iso(console->arena, account->used_at.v));
	aw_json_put_text(json, "created_at", aw_instant_iso(console->arena, account->created_at));
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
}

static enum aw_status
list_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_console *console = arg;
	bool json = aw_text_eq(aw_console_value(console, "format"), "json");
	struct aw_account *accounts;
	size_t count;

	if (aw_account_list(tx, console->arena, aw_console_value(console, "unit"), &accounts,
		    &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_account *a = &accounts[i];

		if (json) /* names last: their width is not that of their bytes */
			print_json(console, a);
		else
			aw_buf_printf(&console->out, "%-16s %-8s %-20s %-28s %s %s\n", a->login,
				state_of(console, a), a->unit, a->roles, a->name, a->title);
	}
	return AW_OK;
}

/* -- systems that send reports ------------------------------------------------------------------- */

struct token {
	struct aw_console *console;
	const char *sender;
	bool ends;
	char text[AW_TOKEN_TEXT];
};

static enum aw_status
token_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct token *token = arg;
	struct aw_console *console = token->console;
	struct aw_act act = aw_house_act(console->house, console->arena, console->viewer,
		token->ends ? "user.token_end" : "user.token");
	enum aw_status status;

	act.tx = tx;
	act.object = token->sender;
	status = token->ends ? aw_api_token_disable(&act, token->sender, err)
			     : aw_api_token_add(&act, token->sender,
				       aw_console_value(console, "unit"), token->text, err);
	if (status != AW_OK)
		return status;
	return aw_log_append(&act, "ok", NULL, err);
}

static enum aw_status
change_token(struct aw_console *console, bool ends, struct aw_error *err)
{
	struct token token = {
		.console = console, .sender = aw_console_value(console, "login"), .ends = ends
	};
	AW_SCOPED(json, json_t *) json = json_object();

	if (token.sender == NULL)
		return aw_fail(err, AW_INVALID, "which sending system?");
	if (aw_db_write(console->house->db, token_in, &token, err) != AW_OK)
		return err->status;
	aw_json_put_text(json, "sender", token.sender);
	if (!ends)
		aw_json_put_text(json, "token", token.text);
	aw_buf_printf(&console->out, "%s\n", aw_json_text(console->arena, json));
	return AW_OK;
}

enum aw_status
aw_console_user(struct aw_console *console, struct aw_error *err)
{
	static const struct {
		const char *verb, *action;
	} changes[] = { { "add", "user.add" }, { "disable", "user.disable" },
		{ "enable", "user.enable" }, { "reset", "user.reset" }, { "until", "user.until" } };
	const char *verb = aw_console_value(console, "verb");

	for (size_t i = 0; i < AW_COUNT(changes); i++)
		if (aw_text_eq(verb, changes[i].verb))
			return change_account(console, verb, changes[i].action, err);
	if (aw_text_eq(verb, "list"))
		return aw_db_read(console->house->db, list_in, console, err);
	if (aw_text_eq(verb, "token") || aw_text_eq(verb, "token-end"))
		return change_token(console, aw_text_eq(verb, "token-end"), err);
	return aw_fail(err, AW_INVALID,
		"user does not know \"%.40s\": add, list, disable, enable, reset, "
		"until, token, token-end",
		verb == NULL ? "" : verb);
}
