/* Checks a login, and a new password against earlier ones: the slow hash on the caller's thread, what
 * came of it through the writer. */
#include <assert.h>

#include "guard/account.h"
#include "guard/factor.sql.h"
#include "guard/guard.sql.h"
#include "guard/log.h"
#include "guard/password.h"
#include "guard/signin.h"

struct login {
	struct aw_act *act;
	const char *login;
	struct aw_account account;
	bool known;
	const char *password; /* its hash */
	bool right;
	bool let_in;
	bool asks; /* a code has to follow */
};

static enum aw_status
read_account(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct login *login = arg;
	struct aw_arena *arena = login->act->arena;
	struct sql_guard_account_password row = { 0 };
	bool found = false;

	if (aw_account_by_login(tx, arena, login->login, &login->account, err) != AW_OK) {
		login->known = false;
		return err->status == AW_NOT_FOUND ? AW_OK : err->status;
	}
	login->known = true;
	if (sql_guard_account_password(tx,
		    &(struct sql_guard_account_password_in){ .id = login->account.id }, arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	login->password = found ? row.password : NULL;
	return AW_OK;
}

/* A password that was handed over and lay about for too long. */
static bool
is_expired(const struct aw_account *account, int64_t now)
{
	return account->password_until.known && account->password_until.v <= now;
}

/* For the log alone: whoever asks hears the same of each. */
static const char *
why_of(const struct login *login)
{
	switch (aw_account_state(&login->account, login->act->real_ms)) {
	case AW_ACCOUNT_DISABLED:
		return "disabled";
	case AW_ACCOUNT_EXPIRED:
		return "ended";
	case AW_ACCOUNT_LOCKED:
		return "locked";
	case AW_ACCOUNT_ACTIVE:
		break;
	}
	if (aw_account_idle(login->act, &login->account))
		return "idle";
	if (!login->right)
		return "wrong";
	return is_expired(&login->account, login->act->real_ms) ? "expired" : "right";
}

static enum aw_status
count_try(struct aw_tx *tx, struct login *login, struct aw_error *err)
{
	const struct aw_account *account = &login->account;
	int64_t failed = login->let_in ? 0 : account->failed_count + 1;

	if (login->let_in && account->failed_count == 0)
		return AW_OK;
	return sql_guard_account_tried(tx,
		&(struct sql_guard_account_tried_in){ .id = account->id,
			.failed_count = failed,
			.locked_until = login->let_in
						? AW_UNKNOWN
						: aw_locked_until(failed, login->act->real_ms) },
		err);
}

static enum aw_status
ask_factor(struct aw_tx *tx, struct login *login, struct aw_error *err)
{
	struct sql_factor_find row = { 0 };
	bool found = false;

	if (sql_factor_find(tx, &(struct sql_factor_find_in){ .account = login->account.id },
		    login->act->arena, &row, &found, err) != AW_OK)
		return err->status;
	login->asks = found && row.confirmed_at.known;
	return AW_OK;
}

/* Decides on the account as it is now: others may have tried meanwhile. A try on a locked,
 * ended, idle or disabled account does not count, so that nobody can keep somebody out for ever. */
static enum aw_status
finish(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct login *login = arg;
	struct aw_act act = *login->act;
	struct aw_viewer viewer = { .login = "public" };
	const char *why = "unknown";

	act.tx = tx;
	act.looked = NULL;
	act.object = NULL;
	if (login->known) {
		if (aw_account_get(tx, act.arena, login->account.id, &login->account, err) != AW_OK)
			return err->status;
		why = why_of(login);
		login->let_in = aw_text_eq(why, "right");
		if ((login->let_in || aw_text_eq(why, "wrong")) &&
			count_try(tx, login, err) != AW_OK)
			return err->status;
		act.object = login->account.login;
	}
	if (login->let_in) {
		viewer = aw_account_viewer(&login->account, NULL);
		if (act.from != NULL && ask_factor(tx, login, err) != AW_OK)
			return err->status;
		if (!login->asks && aw_account_used(&act, login->account.id, err) != AW_OK)
			return err->status;
	}
	act.viewer = &viewer;
	act.action = login->let_in ? "login.ok" : "login.failed";
	return aw_log_append(&act, login->let_in ? "ok" : "denied",
		aw_signin_detail(act.arena, why, login->account.id, login->known ? act.from : NULL,
			login->asks),
		err);
}

struct earlier {
	struct aw_arena *arena;
	int64_t account;
	struct sql_guard_account_earlier row;
};

static enum aw_status
read_earlier(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct earlier *earlier = arg;
	bool found = false;

	return sql_guard_account_earlier(tx,
		&(struct sql_guard_account_earlier_in){ .id = earlier->account }, earlier->arena,
		&earlier->row, &found, err);
}

static bool
is_of(const char *hash, const char *password)
{
	return hash != NULL && aw_password_check(hash, password);
}

enum aw_status
aw_password_is_earlier(struct aw_db *db, struct aw_arena *arena, int64_t account,
	const char *password, bool *ret_is, struct aw_error *err)
{
	struct earlier earlier = { .arena = arena, .account = account };
	const struct sql_guard_account_earlier *row = &earlier.row;

	if (aw_db_read(db, read_earlier, &earlier, err) != AW_OK)
		return err->status;
	*ret_is = is_of(row->earlier_1, password) || is_of(row->earlier_2, password) ||
		  is_of(row->earlier_3, password);
	return AW_OK;
}

enum aw_status
aw_account_check_password(struct aw_db *db, struct aw_act *act, const char *login,
	const char *password, struct aw_account *ret_account, struct aw_error *err)
{
	struct login l = { .act = act, .login = login };

	if (aw_db_read(db, read_account, &l, err) != AW_OK)
		return err->status;
	l.right = aw_password_check(l.password, password);
	if (aw_db_write(db, finish, &l, err) != AW_OK)
		return err->status;
	if (!l.let_in)
		return aw_fail(err, AW_DENIED, "the login or the password is not right");
	*ret_account = l.account;
	return AW_OK;
}
