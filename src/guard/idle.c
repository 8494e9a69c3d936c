/* Accounts that nobody uses: known by when they were last used, and disabled. */
#include "guard/account.h"
#include "guard/guard.sql.h"
#include "guard/log.h"
#include "policy/policy.h"

/* The latest use that is too long ago; unknown: nobody's is. What a demo city shows
 * must last, and its passwords guard nobody. */
static struct aw_maybe
too_long_ago(const struct aw_act *act)
{
	int64_t days = act->demo || act->policy == NULL ? 0 : act->policy->idle.days;

	return days == 0 ? AW_UNKNOWN : AW_KNOWN(act->real_ms - days * AW_DAY_MS);
}

bool
aw_account_idle(const struct aw_act *act, const struct aw_account *account)
{
	struct aw_maybe before = too_long_ago(act);

	return before.known && account->used_at.known && account->used_at.v <= before.v;
}

enum aw_account_state
aw_account_state_shown(const struct aw_act *act, const struct aw_account *account)
{
	enum aw_account_state state = aw_account_state(account, act->real_ms);

	return state < AW_ACCOUNT_EXPIRED && aw_account_idle(act, account) ? AW_ACCOUNT_DISABLED
									   : state;
}

enum aw_status
aw_account_used(struct aw_act *act, int64_t account, struct aw_error *err)
{
	return sql_guard_account_used(act->tx,
		&(struct sql_guard_account_used_in){ .id = account, .used_at = act->real_ms }, err);
}

enum aw_status
aw_accounts_sweep(struct aw_act *act, size_t *ret_disabled, struct aw_error *err)
{
	struct aw_maybe before = too_long_ago(act);
	struct sql_guard_accounts_idle *rows;
	size_t count;

	*ret_disabled = 0;
	if (!before.known)
		return AW_OK;
	if (sql_guard_accounts_begin(act->tx,
		    &(struct sql_guard_accounts_begin_in){ .used_at = act->real_ms },
		    err) != AW_OK ||
		sql_guard_accounts_idle(act->tx,
			&(struct sql_guard_accounts_idle_in){ .before = before.v }, act->arena,
			&rows, &count, err) != AW_OK)
		return err->status;
	act->action = "account.idle";
	for (size_t i = 0; i < count; i++) {
		act->object = rows[i].login;
		if (aw_account_disable(act, rows[i].id, err) != AW_OK ||
			aw_log_append(act, "ok",
				aw_arena_printf(act->arena, "{\"days\":%lld}",
					(long long)act->policy->idle.days),
				err) != AW_OK)
			return err->status;
	}
	*ret_disabled = count;
	return AW_OK;
}
