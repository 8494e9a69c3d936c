/* Sessions of people, and tokens of agencies. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/hash.h"
#include "guard/access.h"
#include "guard/account.h"
#include "guard/factor.h"
#include "guard/guard.sql.h"
#include "guard/signin.h"
#include "policy/policy.h"

enum { TOKEN_BYTES = 32, TOUCH_MS = 30000 };

static_assert(AW_TOKEN_TEXT == 2 * TOKEN_BYTES + 1, "a token is shown as hexadecimal");

/* What the table knows a token by; false when the text is not one. */
static bool
hash_token(const char *token, uint8_t ret_hash[32])
{
	uint8_t bytes[TOKEN_BYTES];

	if (token == NULL || strlen(token) != 2 * sizeof(bytes) ||
		!aw_unhex(token, bytes, sizeof(bytes)))
		return false;
	crypto_generichash(ret_hash, 32, bytes, sizeof(bytes), NULL, 0);
	return true;
}

/* Another hash of the token, that no table has. */
static bool
make_handle_key(const char *token, uint8_t ret_key[32])
{
	static const char use[] = "anwang handle";
	uint8_t bytes[TOKEN_BYTES];

	if (!aw_unhex(token, bytes, sizeof(bytes)))
		return false;
	crypto_generichash(
		ret_key, 32, (const uint8_t *)use, sizeof(use) - 1, bytes, sizeof(bytes));
	return true;
}

static void
make_token(char ret_token[AW_TOKEN_TEXT])
{
	uint8_t bytes[TOKEN_BYTES];

	aw_random_bytes(bytes, sizeof(bytes));
	sodium_bin2hex(ret_token, AW_TOKEN_TEXT, bytes, sizeof(bytes));
}

static const char *
first_purpose(const struct aw_policy *policy, const struct aw_viewer *viewer)
{
	struct aw_str rest = aw_str(viewer->roles), word;

	while (rest.len != 0) {
		word = aw_str_cut(rest, ' ', &rest);
		for (size_t i = 0; i < policy->role_count; i++) {
			const struct aw_role *role = &policy->roles[i];
			if (aw_str_is(word, role->code) && role->purpose_count != 0)
				return role->purposes[0];
		}
	}
	return NULL;
}

enum aw_status
aw_session_start(struct aw_act *act, const struct aw_account *account, const char *purpose,
	bool factor_given, char ret_token[AW_TOKEN_TEXT], struct aw_error *err)
{
	struct aw_viewer viewer = aw_account_viewer(account, purpose);
	char token[AW_TOKEN_TEXT];
	struct aw_signin_codes codes = { 0 };
	uint8_t hash[32], csrf[TOKEN_BYTES];

	if (purpose == NULL)
		purpose = first_purpose(act->policy, &viewer);
	if (purpose == NULL || !aw_access_may_purpose(act->policy, &viewer, purpose))
		return aw_fail(
			err, AW_DENIED, "none of the account's roles may act for this purpose");
	if (act->from != NULL)
		codes = aw_signin_codes(act->arena, account->id, act->from);
	make_token(token);
	aw_random_bytes(csrf, sizeof(csrf));
	(void)hash_token(token, hash);
	if (sql_guard_sessions_forget(act->tx,
		    &(struct sql_guard_sessions_forget_in){ .account = account->id,
			    .before = act->real_ms - 2 * AW_SESSION_LIMIT_MS },
		    err) != AW_OK ||
		sql_guard_session_add(act->tx,
			&(struct sql_guard_session_add_in){ .token_hash = { hash, sizeof(hash) },
				.account = account->id,
				.purpose = purpose,
				.csrf = { csrf, sizeof(csrf) },
				.created_at = act->real_ms,
				.factor_at = factor_given ? AW_KNOWN(act->real_ms) : AW_UNKNOWN,
				.place = codes.place,
				.system = codes.system,
				.browser = codes.browser },
			err) != AW_OK)
		return err->status;
	memcpy(ret_token, token, AW_TOKEN_TEXT);
	return AW_OK;
}

static bool
is_over(const struct sql_guard_session_find *row, int64_t now)
{
	return row->ended_at.known || now - row->seen_at >= AW_SESSION_IDLE_MS ||
	       now - row->created_at >= AW_SESSION_LIMIT_MS ||
	       row->created_at - now > AW_MINUTE_MS; /* the clock went back */
}

enum aw_status
aw_session_again(struct aw_tx *tx, struct aw_arena *arena, const uint8_t hash[32], int64_t real_ms,
	struct aw_session *ret_session, bool *ret_found, struct aw_error *err)
{
	struct sql_guard_session_find row = { 0 };
	struct aw_session session = { 0 };
	bool found = false;

	*ret_found = false;
	memcpy(session.hash, hash, sizeof(session.hash));
	if (sql_guard_session_find(tx,
		    &(struct sql_guard_session_find_in){ .token_hash = { session.hash, 32 } },
		    arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found || is_over(&row, real_ms))
		return AW_OK;
	if (aw_account_get(tx, arena, row.account, &session.account, err) != AW_OK)
		return err->status;
	if (aw_account_state(&session.account, real_ms) >= AW_ACCOUNT_EXPIRED)
		return AW_OK;
	if (row.csrf.len != TOKEN_BYTES)
		return aw_fail(err, AW_CORRUPT, "a session's form token is not 32 bytes long");
	sodium_bin2hex(session.csrf, sizeof(session.csrf), row.csrf.at, row.csrf.len);
	session.purpose = row.purpose;
	session.created_at = row.created_at;
	session.seen_at = row.seen_at;
	session.proved_at = row.proved_at.known ? row.proved_at.v : row.created_at;
	session.factor_at = row.factor_at;
	session.has_factor = row.confirmed_at.known;
	*ret_session = session;
	*ret_found = true;
	return AW_OK;
}

enum aw_status
aw_session_find(struct aw_tx *tx, struct aw_arena *arena, const char *token, int64_t real_ms,
	struct aw_session *ret_session, bool *ret_found, struct aw_error *err)
{
	uint8_t hash[32], handle_key[32];

	*ret_found = false;
	if (!hash_token(token, hash) || !make_handle_key(token, handle_key))
		return AW_OK;
	if (aw_session_again(tx, arena, hash, real_ms, ret_session, ret_found, err) != AW_OK)
		return err->status;
	if (*ret_found)
		memcpy(ret_session->handle_key, handle_key, sizeof(handle_key));
	return AW_OK;
}

enum aw_status
aw_session_touch(
	struct aw_tx *tx, const struct aw_session *session, int64_t real_ms, struct aw_error *err)
{
	if (real_ms - session->seen_at < TOUCH_MS)
		return AW_OK;
	return sql_guard_session_touch(tx,
		&(struct sql_guard_session_touch_in){
			.token_hash = { session->hash, 32 }, .seen_at = real_ms },
		err);
}

bool
aw_session_csrf_ok(const struct aw_session *session, const char *sent)
{
	char text[AW_TOKEN_TEXT] = { 0 };

	if (sent != NULL && strlen(sent) == sizeof(text) - 1)
		memcpy(text, sent, sizeof(text));
	return sodium_memcmp(text, session->csrf, sizeof(text)) == 0;
}

enum aw_status
aw_session_purpose(struct aw_act *act, const struct aw_session *session, const char *purpose,
	struct aw_error *err)
{
	struct aw_viewer viewer = aw_account_viewer(&session->account, purpose);

	if (purpose == NULL || !aw_access_may_purpose(act->policy, &viewer, purpose))
		return aw_fail(
			err, AW_DENIED, "none of the account's roles may act for this purpose");
	return sql_guard_session_purpose(act->tx,
		&(struct sql_guard_session_purpose_in){
			.token_hash = { session->hash, 32 }, .purpose = purpose },
		err);
}

enum aw_session_state
aw_session_state(const struct aw_policy *policy, const struct aw_session *session)
{
	if (session->has_factor && !session->factor_at.known)
		return AW_SESSION_NEEDS_FACTOR;
	if (session->account.password_until.known)
		return AW_SESSION_NEEDS_PASSWORD;
	return !session->has_factor && aw_factor_required(policy, session->account.roles)
		       ? AW_SESSION_NEEDS_ENROLMENT
		       : AW_SESSION_WHOLE;
}

enum aw_status
aw_session_proved(
	struct aw_act *act, const struct aw_session *session, bool factor, struct aw_error *err)
{
	return sql_guard_session_proved(act->tx,
		&(struct sql_guard_session_proved_in){ .token_hash = { session->hash, 32 },
			.proved_at = act->real_ms,
			.factor_at = factor ? AW_KNOWN(act->real_ms) : session->factor_at },
		err);
}

enum aw_status
aw_session_end_others(struct aw_act *act, const struct aw_session *session, struct aw_error *err)
{
	return sql_guard_sessions_end_others(act->tx,
		&(struct sql_guard_sessions_end_others_in){ .account = session->account.id,
			.token_hash = { session->hash, 32 },
			.ended_at = act->real_ms },
		err);
}

enum aw_status
aw_session_end(struct aw_act *act, const struct aw_session *session, struct aw_error *err)
{
	return sql_guard_session_end(act->tx,
		&(struct sql_guard_session_end_in){
			.token_hash = { session->hash, 32 }, .ended_at = act->real_ms },
		err);
}

/* -- agencies' tokens ---------------------------------------------------------------------------- */

enum aw_status
aw_api_token_add(struct aw_act *act, const char *sender, const char *unit,
	char ret_token[AW_TOKEN_TEXT], struct aw_error *err)
{
	char token[AW_TOKEN_TEXT];
	uint8_t hash[32];

	if (sender == NULL || sender[0] == '\0' || strlen(sender) > 64)
		return aw_fail(err, AW_INVALID, "a sending system has a name of 1 to 64 bytes");
	if (unit == NULL || aw_policy_unit(act->policy, unit) == NULL)
		return aw_fail(err, AW_INVALID, "there is no unit \"%.40s\" in units.yaml",
			unit == NULL ? "" : unit);
	make_token(token);
	(void)hash_token(token, hash);
	if (sql_guard_token_add(act->tx,
		    &(struct sql_guard_token_add_in){ .token_hash = { hash, sizeof(hash) },
			    .sender = sender,
			    .unit = unit,
			    .created_at = act->real_ms },
		    err) != AW_OK)
		return err->status;
	memcpy(ret_token, token, AW_TOKEN_TEXT);
	return AW_OK;
}

enum aw_status
aw_api_token_disable(struct aw_act *act, const char *sender, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_guard_token_disable(act->tx,
		    &(struct sql_guard_token_disable_in){
			    .sender = sender, .disabled_at = act->real_ms },
		    &changed, err) != AW_OK)
		return err->status;
	return changed > 0 ? AW_OK
			   : aw_fail(err, AW_NOT_FOUND, "this sender has no token that is in use");
}

enum aw_status
aw_api_token_find(struct aw_tx *tx, struct aw_arena *arena, const char *token,
	struct aw_api_sender *ret_sender, bool *ret_found, struct aw_error *err)
{
	struct sql_guard_token_find row = { 0 };
	uint8_t hash[32];
	bool found = false;

	*ret_found = false;
	if (!hash_token(token, hash))
		return AW_OK;
	if (sql_guard_token_find(tx,
		    &(struct sql_guard_token_find_in){ .token_hash = { hash, sizeof(hash) } },
		    arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found || row.disabled_at.known)
		return AW_OK;
	*ret_sender = (struct aw_api_sender){
		.sender = row.sender, .unit = row.unit, .created_at = row.created_at
	};
	*ret_found = true;
	return AW_OK;
}

enum aw_status
aw_api_token_list(struct aw_tx *tx, struct aw_arena *arena, struct aw_api_sender **ret_list,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_guard_token_find *rows = NULL;
	struct aw_api_sender *list;
	size_t count = 0;

	if (sql_guard_token_list(tx, arena, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(arena, struct aw_api_sender, count);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct aw_api_sender){ .sender = rows[i].sender,
			.unit = rows[i].unit,
			.created_at = rows[i].created_at,
			.disabled_at = rows[i].disabled_at };
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}
