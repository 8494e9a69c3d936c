/* Time codes and recovery codes: made, answered, counted once. */
#include "guard/factor.h"

#include <assert.h>
#include <oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "guard/factor.sql.h"
#include "guard/log.h"
#include "guard/password.h"
#include "guard/signin.h"
#include "policy/policy.h"

enum { STEP_MS = 30000, SLACK_STEPS = 1, DIGITS = 6, RECOVERY_BITS = 120 };

typedef struct sql_factor_find factor_row;

static_assert((int)AW_FACTOR_FREE_TRIES == (int)AW_LOGIN_FREE_TRIES, "one back-off serves both");

static struct aw_place
place_of(int64_t account, int64_t version)
{
	return (struct aw_place){ "second_factor", "sealed", account, version };
}

static enum aw_status
find(struct aw_act *act, int64_t account, factor_row *ret_row, bool *ret_found,
	struct aw_error *err)
{
	return sql_factor_find(act->tx, &(struct sql_factor_find_in){ .account = account },
		act->arena, ret_row, ret_found, err);
}

static enum aw_status
open_secret(struct aw_act *act, int64_t account, const factor_row *row,
	uint8_t ret_secret[AW_FACTOR_SECRET_BYTES], struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_str text;

	if (aw_key_get(act->tx, act->keyring, row->key, &key, err) != AW_OK ||
		aw_unseal(act->arena, act->keyring, &key, place_of(account, row->version),
			row->sealed, &text, err) != AW_OK)
		return err->status;
	if (!aw_unhex(text.at, ret_secret, AW_FACTOR_SECRET_BYTES))
		return aw_fail(err, AW_CORRUPT, "a second factor's secret is not one");
	return AW_OK;
}

/* -- codes, pure -------------------------------------------------------------------------------- */

void
aw_factor_code(const uint8_t secret[AW_FACTOR_SECRET_BYTES], int64_t counter, char ret_code[7])
{
	int rc = oath_hotp_generate((const char *)secret, AW_FACTOR_SECRET_BYTES, (uint64_t)counter,
		DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, ret_code);

	if (rc != OATH_OK) /* no memory: no code is right */
		memset(ret_code, '!', 7);
}

/* The counter whose code this is, 0 when it is none now. All are compared, whichever is right. */
static int64_t
counter_of(const uint8_t secret[AW_FACTOR_SECRET_BYTES], const char *code, int64_t real_ms)
{
	int64_t now = real_ms / STEP_MS, found = 0;

	for (int64_t c = now - SLACK_STEPS; c <= now + SLACK_STEPS; c++) {
		char right[DIGITS + 1];

		aw_factor_code(secret, c, right);
		if (sodium_memcmp(right, code, DIGITS) == 0)
			found = c;
		sodium_memzero(right, sizeof(right));
	}
	return found;
}

/* Six digits with or without spaces; false when it is something else. */
static bool
digits_of(const char *typed, char ret_code[DIGITS + 1])
{
	size_t count = 0;

	for (const char *at = typed; *at != '\0'; at++) {
		if (*at == ' ')
			continue;
		if (*at < '0' || *at > '9' || count == DIGITS)
			return false;
		ret_code[count++] = *at;
	}
	ret_code[count] = '\0';
	return count == DIGITS;
}

static void
hash_recovery(int64_t account, const char *canonical, uint8_t ret_hash[32])
{
	crypto_generichash_state state;
	uint8_t id[8];

	aw_put_be(id, sizeof(id), (uint64_t)account);
	crypto_generichash_init(&state, NULL, 0, 32);
	crypto_generichash_update(&state, id, sizeof(id));
	crypto_generichash_update(&state, (const uint8_t *)canonical, strlen(canonical));
	crypto_generichash_final(&state, ret_hash, 32);
}

bool
aw_factor_required(const struct aw_policy *policy, const char *roles)
{
	struct aw_str rest = aw_str(roles);

	while (rest.at != NULL) {
		struct aw_str word = aw_str_cut(rest, ' ', &rest);

		for (size_t i = 0; i < policy->role_count; i++)
			if (policy->roles[i].second_factor &&
				aw_str_is(word, policy->roles[i].code))
				return true;
	}
	return false;
}

/* -- enrolment ---------------------------------------------------------------------------------- */

static char *
base32(struct aw_arena *arena, const uint8_t secret[AW_FACTOR_SECRET_BYTES])
{
	char *made = NULL, *text;
	size_t len = 0;

	if (oath_base32_encode((const char *)secret, AW_FACTOR_SECRET_BYTES, &made, &len) !=
		OATH_OK)
		return NULL;
	text = aw_arena_strndup(arena, made, len);
	sodium_memzero(made, len);
	free(made);
	return text;
}

static enum aw_status
show_secret(struct aw_act *act, const struct aw_account *account, const factor_row *row,
	struct aw_second_factor *factor, struct aw_error *err)
{
	uint8_t secret[AW_FACTOR_SECRET_BYTES];

	if (open_secret(act, account->id, row, secret, err) != AW_OK)
		return err->status;
	factor->secret = base32(act->arena, secret);
	sodium_memzero(secret, sizeof(secret));
	if (factor->secret == NULL)
		return aw_fail(err, AW_IO, "no memory to write a secret");
	factor->uri = aw_arena_printf(act->arena,
		"otpauth://totp/Anwang:%s?secret=%s&issuer=Anwang&algorithm=SHA1&digits=6&"
		"period=30",
		account->login, factor->secret);
	return AW_OK;
}

enum aw_status
aw_factor_get(struct aw_act *act, const struct aw_account *account,
	struct aw_second_factor *ret_factor, struct aw_error *err)
{
	struct sql_factor_codes_left left = { 0 };
	struct aw_second_factor factor = { 0 };
	factor_row row = { 0 };
	bool found = false;

	if (find(act, account->id, &row, &found, err) != AW_OK)
		return err->status;
	if (found) {
		factor = (struct aw_second_factor){ .begun = true,
			.confirmed = row.confirmed_at.known,
			.made_at = row.made_at,
			.confirmed_at = row.confirmed_at.known ? row.confirmed_at.v : 0,
			.locked_until = row.locked_until };
		if (sql_factor_codes_left(act->tx,
			    &(struct sql_factor_codes_left_in){ .account = account->id },
			    act->arena, &left, &found, err) != AW_OK ||
			(!factor.confirmed &&
				show_secret(act, account, &row, &factor, err) != AW_OK))
			return err->status;
		factor.codes_left = left.codes;
	}
	*ret_factor = factor;
	return AW_OK;
}

static enum aw_status
drop(struct aw_act *act, int64_t account, const factor_row *row, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_factor_codes_remove(act->tx,
		    &(struct sql_factor_codes_remove_in){ .account = account }, err) != AW_OK ||
		sql_factor_remove(act->tx, &(struct sql_factor_remove_in){ .account = account },
			&changed, err) != AW_OK)
		return err->status;
	return aw_key_erase(act->tx, row->key, err);
}

enum aw_status
aw_factor_begin(struct aw_act *act, int64_t account, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	uint8_t secret[AW_FACTOR_SECRET_BYTES];
	int64_t key_id = aw_act_id(act);
	factor_row row = { 0 };
	struct aw_bytes cell;
	bool found = false;

	if (find(act, account, &row, &found, err) != AW_OK)
		return err->status;
	if (found && row.confirmed_at.known)
		return aw_fail(err, AW_CONFLICT, "the account has a second factor already");
	if ((found && drop(act, account, &row, err) != AW_OK) ||
		aw_key_make(act->tx, act->keyring, key_id, "account", &key, err) != AW_OK)
		return err->status;
	aw_random_bytes(secret, sizeof(secret));
	cell = aw_seal(act->arena, act->keyring, &key, place_of(account, 1),
		aw_str(aw_hex(act->arena, secret, sizeof(secret))));
	sodium_memzero(secret, sizeof(secret));
	return sql_factor_add(act->tx,
		&(struct sql_factor_add_in){ .account = account,
			.key = key_id,
			.sealed = cell,
			.made_at = act->real_ms },
		err);
}

enum aw_status
aw_factor_confirm(struct aw_act *act, int64_t account, const char *code, bool *ret_right,
	struct aw_error *err)
{
	uint8_t secret[AW_FACTOR_SECRET_BYTES];
	int64_t counter = 0, changed = 0;
	char digits[DIGITS + 1];
	factor_row row = { 0 };
	bool found = false;

	if (find(act, account, &row, &found, err) != AW_OK)
		return err->status;
	if (!found || row.confirmed_at.known)
		return aw_fail(err, AW_CONFLICT, "there is no second factor to confirm");
	if (open_secret(act, account, &row, secret, err) != AW_OK)
		return err->status;
	if (digits_of(code, digits))
		counter = counter_of(secret, digits, act->real_ms);
	sodium_memzero(secret, sizeof(secret));
	*ret_right = counter != 0;
	if (counter == 0)
		return AW_OK;
	if (sql_factor_took(act->tx,
		    &(struct sql_factor_took_in){ .account = account, .counter = counter },
		    &changed, err) != AW_OK)
		return err->status;
	return sql_factor_confirm(act->tx,
		&(struct sql_factor_confirm_in){ .account = account, .confirmed_at = act->real_ms },
		err);
}

enum aw_status
aw_factor_codes(struct aw_act *act, int64_t account, const char **ret_codes, struct aw_error *err)
{
	if (sql_factor_codes_remove(act->tx,
		    &(struct sql_factor_codes_remove_in){ .account = account }, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < AW_FACTOR_CODES; i++) {
		uint8_t random[RECOVERY_BITS / 8], hash[32];

		aw_random_bytes(random, sizeof(random));
		ret_codes[i] = aw_code32(act->arena, random, RECOVERY_BITS);
		hash_recovery(account, aw_code32_canonical(act->arena, ret_codes[i]), hash);
		if (sql_factor_code_add(act->tx,
			    &(struct sql_factor_code_add_in){ .code_hash = { hash, sizeof(hash) },
				    .account = account,
				    .made_at = act->real_ms },
			    err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_factor_remove(struct aw_act *act, int64_t account, struct aw_error *err)
{
	factor_row row = { 0 };
	bool found = false;

	if (find(act, account, &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "the account has no second factor");
	return drop(act, account, &row, err);
}

enum aw_status
aw_factor_accounts(
	struct aw_act *act, int64_t **ret_accounts, size_t *ret_count, struct aw_error *err)
{
	struct sql_factor_accounts *rows = NULL;
	size_t count = 0;

	if (sql_factor_accounts(act->tx, act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	*ret_accounts = AW_NEW_ARRAY(act->arena, int64_t, count);
	for (size_t i = 0; i < count; i++)
		(*ret_accounts)[i] = rows[i].account;
	*ret_count = count;
	return AW_OK;
}

/* -- asked for ---------------------------------------------------------------------------------- */

struct check {
	struct aw_act *act;
	const struct aw_account *account;
	const char *code;
	const char *why; /* right, recovery, wrong, replayed, locked, none */
	bool let_in;
};

static enum aw_status
take_digits(struct aw_act *act, struct check *check, const factor_row *row, const char *digits,
	struct aw_error *err)
{
	uint8_t secret[AW_FACTOR_SECRET_BYTES];
	int64_t counter, changed = 0;

	if (open_secret(act, check->account->id, row, secret, err) != AW_OK)
		return err->status;
	counter = counter_of(secret, digits, act->real_ms);
	sodium_memzero(secret, sizeof(secret));
	check->why = "wrong";
	if (counter == 0)
		return AW_OK;
	if (sql_factor_took(act->tx,
		    &(struct sql_factor_took_in){
			    .account = check->account->id, .counter = counter },
		    &changed, err) != AW_OK)
		return err->status;
	check->let_in = changed > 0;
	check->why = check->let_in ? "right" : "replayed";
	return AW_OK;
}

static enum aw_status
take_recovery(struct aw_act *act, struct check *check, struct aw_error *err)
{
	const char *canonical = aw_code32_canonical(act->arena, check->code);
	int64_t changed = 0;
	uint8_t hash[32];

	check->why = "wrong";
	if (canonical == NULL)
		return AW_OK;
	hash_recovery(check->account->id, canonical, hash);
	if (sql_factor_code_use(act->tx,
		    &(struct sql_factor_code_use_in){ .code_hash = { hash, sizeof(hash) },
			    .account = check->account->id,
			    .used_at = act->real_ms },
		    &changed, err) != AW_OK)
		return err->status;
	check->let_in = changed > 0;
	if (check->let_in)
		check->why = "recovery";
	return AW_OK;
}

/* A try while it is locked does not count, so that nobody can keep somebody out for ever. */
static enum aw_status
try_code(struct aw_act *act, struct check *check, struct aw_error *err)
{
	char digits[DIGITS + 1];
	factor_row row = { 0 };
	bool found = false;
	int64_t failed;

	check->let_in = false;
	check->why = "none";
	if (find(act, check->account->id, &row, &found, err) != AW_OK)
		return err->status;
	if (!found || !row.confirmed_at.known)
		return AW_OK;
	check->why = "locked";
	if (row.locked_until.known && row.locked_until.v > act->real_ms)
		return AW_OK;
	if (digits_of(check->code, digits) ? take_digits(act, check, &row, digits, err) != AW_OK
					   : take_recovery(act, check, err) != AW_OK)
		return err->status;
	failed = check->let_in ? 0 : row.failed_count + 1;
	return sql_factor_tried(act->tx,
		&(struct sql_factor_tried_in){ .account = check->account->id,
			.failed_count = failed,
			.locked_until = aw_locked_until(failed, act->real_ms) },
		err);
}

static enum aw_status
finish(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct check *check = arg;
	struct aw_act act = *check->act;
	struct aw_viewer viewer = aw_account_viewer(check->account, NULL);

	act.tx = tx;
	act.viewer = &viewer;
	act.looked = NULL;
	act.object = check->account->login;
	if (try_code(&act, check, err) != AW_OK)
		return err->status;
	if (check->let_in && aw_account_used(&act, check->account->id, err) != AW_OK)
		return err->status;
	act.action = check->let_in ? "factor.ok" : "factor.failed";
	return aw_log_append(&act, check->let_in ? "ok" : "denied",
		aw_signin_detail(act.arena, check->why, check->account->id, act.from, false), err);
}

enum aw_status
aw_factor_check(struct aw_db *db, struct aw_act *act, const struct aw_account *account,
	const char *code, struct aw_error *err)
{
	struct check check = { .act = act, .account = account, .code = code };

	if (aw_db_write(db, finish, &check, err) != AW_OK)
		return err->status;
	return check.let_in ? AW_OK : aw_fail(err, AW_DENIED, "the code is not right");
}
