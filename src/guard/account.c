/* Accounts: who may log in, and with what. */
#include "guard/account.h"

#include "guard/guard.sql.h"
#include "policy/policy.h"

typedef struct sql_guard_account_get account_row;

static struct aw_account
account_of(const account_row *row)
{
	return (struct aw_account){ .id = row->id,
		.login = row->login,
		.name = row->name,
		.title = row->title,
		.unit = row->unit,
		.roles = row->roles,
		.extension = row->extension,
		.failed_count = row->failed_count,
		.locked_until = row->locked_until,
		.disabled_at = row->disabled_at,
		.password_until = row->password_until,
		.valid_until = row->valid_until,
		.used_at = row->used_at,
		.created_at = row->created_at };
}

enum aw_account_state
aw_account_state(const struct aw_account *account, int64_t real_ms)
{
	if (account->disabled_at.known)
		return AW_ACCOUNT_DISABLED;
	if (account->valid_until.known && account->valid_until.v < aw_taipei_day(real_ms))
		return AW_ACCOUNT_EXPIRED;
	return account->locked_until.known && account->locked_until.v > real_ms ? AW_ACCOUNT_LOCKED
										: AW_ACCOUNT_ACTIVE;
}

const char *
aw_account_state_code(enum aw_account_state state)
{
	static const char *const codes[] = { [AW_ACCOUNT_ACTIVE] = "active",
		[AW_ACCOUNT_LOCKED] = "locked",
		[AW_ACCOUNT_EXPIRED] = "expired",
		[AW_ACCOUNT_DISABLED] = "disabled" };

	return codes[state];
}

static bool
login_allowed(const char *login)
{
	size_t len = 0;

	for (; login[len] != '\0'; len++) {
		char c = login[len];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
			    c == '-'))
			return false;
	}
	return len >= 2 && len <= 32;
}

static const char *
all_roles(const struct aw_policy *policy, struct aw_arena *arena)
{
	struct aw_buf codes = { .arena = arena };

	for (size_t i = 0; i < policy->role_count; i++)
		aw_buf_printf(&codes, " %s", policy->roles[i].code);
	return aw_buf_z(&codes);
}

static enum aw_status
check_roles(const struct aw_policy *policy, struct aw_arena *arena, const char *roles,
	struct aw_error *err)
{
	struct aw_str rest = aw_str(roles);
	size_t count = 0;

	while (rest.at != NULL) {
		struct aw_str role = aw_str_cut(rest, ' ', &rest);
		const char *code = aw_arena_strndup(arena, role.at, role.len);

		if (role.len == 0)
			continue;
		count++;
		if (aw_policy_role(policy, code) == NULL)
			return aw_fail(err, AW_INVALID,
				"there is no role \"%.40s\" in roles.yaml; there are:%s", code,
				all_roles(policy, arena));
	}
	if (count == 0)
		return aw_fail(err, AW_INVALID, "an account needs at least one role");
	return AW_OK;
}

static enum aw_status
check_until(const struct aw_act *act, struct aw_maybe day, struct aw_error *err)
{
	if (day.known && day.v < aw_taipei_day(act->real_ms))
		return aw_fail(err, AW_INVALID,
			"the last day is over already: disable the account instead");
	return AW_OK;
}

static enum aw_status
check_account(const struct aw_act *act, const struct aw_account_in *in, struct aw_error *err)
{
	if (!login_allowed(in->login))
		return aw_fail(err, AW_INVALID,
			"a login is 2 to 32 of a-z, 0-9, dot, dash and underscore");
	if (in->name == NULL || in->name[0] == '\0' || in->title == NULL)
		return aw_fail(err, AW_INVALID, "an account needs a name and a title");
	if (in->unit == NULL || aw_policy_unit(act->policy, in->unit) == NULL)
		return aw_fail(err, AW_INVALID, "there is no unit \"%.40s\" in units.yaml",
			in->unit == NULL ? "" : in->unit);
	return check_roles(act->policy, act->arena, in->roles, err);
}

enum aw_status
aw_account_add(struct aw_act *act, const struct aw_account_in *in, int64_t *ret_account,
	struct aw_error *err)
{
	account_row row = { 0 };
	int64_t id = aw_act_id(act);
	bool found = false;

	if (check_account(act, in, err) != AW_OK ||
		check_until(act, in->valid_until, err) != AW_OK ||
		sql_guard_account_by_login(act->tx,
			&(struct sql_guard_account_by_login_in){ .login = in->login }, act->arena,
			&row, &found, err) != AW_OK)
		return err->status;
	if (found)
		return aw_fail(err, AW_CONFLICT, "the login %s is taken", in->login);
	if (sql_guard_account_add(act->tx,
		    &(struct sql_guard_account_add_in){ .id = id,
			    .login = in->login,
			    .name = in->name,
			    .title = in->title,
			    .unit = in->unit,
			    .roles = in->roles,
			    .extension = in->extension,
			    .password = in->password_hash,
			    .password_until = in->password_until,
			    .valid_until = in->valid_until,
			    .created_at = act->real_ms },
		    err) != AW_OK)
		return err->status;
	*ret_account = id;
	return AW_OK;
}

static enum aw_status
must_exist(int64_t changed, struct aw_error *err)
{
	return changed > 0 ? AW_OK : aw_fail(err, AW_NOT_FOUND, "there is no such account");
}

enum aw_status
aw_account_end_sessions(struct aw_act *act, int64_t account, struct aw_error *err)
{
	return sql_guard_sessions_end(act->tx,
		&(struct sql_guard_sessions_end_in){ .account = account, .ended_at = act->real_ms },
		err);
}

enum aw_status
aw_account_disable(struct aw_act *act, int64_t account, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_guard_account_disable(act->tx,
		    &(struct sql_guard_account_disable_in){
			    .id = account, .disabled_at = act->real_ms },
		    &changed, err) != AW_OK ||
		must_exist(changed, err) != AW_OK)
		return err->status;
	return aw_account_end_sessions(act, account, err);
}

enum aw_status
aw_account_enable(struct aw_act *act, int64_t account, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_guard_account_enable(act->tx,
		    &(struct sql_guard_account_enable_in){ .id = account, .used_at = act->real_ms },
		    &changed, err) != AW_OK)
		return err->status;
	return must_exist(changed, err);
}

enum aw_status
aw_account_set_until(struct aw_act *act, int64_t account, struct aw_maybe day, struct aw_error *err)
{
	int64_t changed = 0;

	if (check_until(act, day, err) != AW_OK ||
		sql_guard_account_until(act->tx,
			&(struct sql_guard_account_until_in){ .id = account, .valid_until = day },
			&changed, err) != AW_OK)
		return err->status;
	return must_exist(changed, err);
}

const char *
aw_account_until_detail(struct aw_arena *arena, struct aw_maybe day)
{
	return day.known ? aw_arena_printf(
				   arena, "{\"until\":\"%s\"}", aw_day_iso(arena, (int32_t)day.v))
			 : "{\"until\":null}";
}

enum aw_status
aw_account_reset(struct aw_act *act, int64_t account, const char *password_hash,
	struct aw_maybe until, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_guard_account_reset(act->tx,
		    &(struct sql_guard_account_reset_in){ .id = account,
			    .password = password_hash,
			    .password_until = until,
			    .used_at = act->real_ms },
		    &changed, err) != AW_OK ||
		must_exist(changed, err) != AW_OK)
		return err->status;
	return aw_account_end_sessions(act, account, err);
}

enum aw_status
aw_account_change_password(struct aw_act *act, const struct aw_session *session,
	const char *password_hash, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_guard_account_reset(act->tx,
		    &(struct sql_guard_account_reset_in){ .id = session->account.id,
			    .password = password_hash,
			    .password_until = AW_UNKNOWN,
			    .used_at = act->real_ms },
		    &changed, err) != AW_OK ||
		must_exist(changed, err) != AW_OK)
		return err->status;
	return aw_session_end_others(act, session, err);
}

enum aw_status
aw_account_get(struct aw_tx *tx, struct aw_arena *arena, int64_t id, struct aw_account *ret_account,
	struct aw_error *err)
{
	account_row row = { 0 };
	bool found = false;

	if (sql_guard_account_get(tx, &(struct sql_guard_account_get_in){ .id = id }, arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such account");
	*ret_account = account_of(&row);
	return AW_OK;
}

enum aw_status
aw_account_by_login(struct aw_tx *tx, struct aw_arena *arena, const char *login,
	struct aw_account *ret_account, struct aw_error *err)
{
	account_row row = { 0 };
	bool found = false;

	if (sql_guard_account_by_login(tx,
		    &(struct sql_guard_account_by_login_in){ .login = login }, arena, &row, &found,
		    err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no account with this login");
	*ret_account = account_of(&row);
	return AW_OK;
}

enum aw_status
aw_account_list(struct aw_tx *tx, struct aw_arena *arena, const char *unit,
	struct aw_account **ret_list, size_t *ret_count, struct aw_error *err)
{
	account_row *rows = NULL;
	struct aw_account *list;
	size_t count = 0;

	if (sql_guard_account_list(tx, &(struct sql_guard_account_list_in){ .unit = unit }, arena,
		    &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(arena, struct aw_account, count);
	for (size_t i = 0; i < count; i++)
		list[i] = account_of(&rows[i]);
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}

struct aw_viewer
aw_account_viewer(const struct aw_account *account, const char *purpose)
{
	return (struct aw_viewer){ .account = account->id,
		.login = account->login,
		.name = account->name,
		.title = account->title,
		.unit = account->unit,
		.roles = account->roles,
		.purpose = purpose };
}
