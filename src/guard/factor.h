/**
 * guard/factor - the second factor beside a password: time codes and recovery codes.
 * Layer: guard.  Threads: inside a unit of work or a reading, but for aw_factor_check.
 * Example: tests/guard/test_factor.c
 *
 * Codes: TOTP of RFC 6238 with HMAC-SHA-1, six digits, 30 seconds (what every authenticator on a
 * telephone knows), a secret of 160 random bits, sealed under the account's key. One step to either
 * side is taken for clocks that are not quite right. The counter of the last code taken is kept: a
 * code counts once, and none before it (RFC 6238 5.2). After 3 wrong ones in a row no code is looked
 * at for 15 minutes, twice as long after each further one, 4 hours at most; this count is apart from
 * the password's. All by the real clock.
 *
 * Recovery codes: ten of 120 random bits, shown once, kept as BLAKE2b-256 with the account, each good
 * once in place of a time code.
 */
#ifndef AW_GUARD_FACTOR_H
#define AW_GUARD_FACTOR_H

#include "guard/account.h"

enum {
	AW_FACTOR_CODES = 10,	     /* recovery codes made at a time */
	AW_FACTOR_SECRET_BYTES = 20, /* RFC 4226 4: at least 16, 20 recommended */
	AW_FACTOR_FREE_TRIES = 3,
};

struct aw_second_factor {
	bool begun;	/* a secret was made */
	bool confirmed; /* ... and answered: it is asked for at every login */
	int64_t made_at;
	int64_t confirmed_at; /* when confirmed */
	struct aw_maybe locked_until;
	int64_t codes_left; /* recovery codes not used yet */
	const char *secret; /* base 32, only while it is not confirmed; else NULL */
	const char *uri;    /* otpauth://totp/... for the telephone; as secret */
};

/** The factor of an account, zero when it has none. Secrets in the act's arena. */
AW_MUST_CHECK enum aw_status aw_factor_get(struct aw_act *act, const struct aw_account *account,
	struct aw_second_factor *ret_factor, struct aw_error *err);

/** Makes a secret for an account; one that was never confirmed is thrown away. AW_CONFLICT when a
 *  confirmed one is there. */
AW_MUST_CHECK enum aw_status
aw_factor_begin(struct aw_act *act, int64_t account, struct aw_error *err);

/** The secret was put into a telephone: the first code of it. Its counter is taken. ret_right false:
 *  it is not one, and nothing changed. AW_CONFLICT when there is nothing to confirm. */
AW_MUST_CHECK enum aw_status aw_factor_confirm(struct aw_act *act, int64_t account,
	const char *code, bool *ret_right, struct aw_error *err);

/** Makes AW_FACTOR_CODES recovery codes in place of the old ones; in the act's arena, and nowhere
 *  else in the clear. */
AW_MUST_CHECK enum aw_status
aw_factor_codes(struct aw_act *act, int64_t account, const char **ret_codes, struct aw_error *err);

/** Takes factor and recovery codes away; the secret's key is destroyed. AW_NOT_FOUND if none. */
AW_MUST_CHECK enum aw_status
aw_factor_remove(struct aw_act *act, int64_t account, struct aw_error *err);

/**
 * Checks a time code or a recovery code in a unit of work of its own, and records what came of it
 * (action factor.ok or factor.failed, with why). AW_DENIED for every kind of refusal; AW_BUSY when
 * the log cannot be written. act->tx is not used. act->from: as at aw_account_check_password.
 */
AW_MUST_CHECK enum aw_status aw_factor_check(struct aw_db *db, struct aw_act *act,
	const struct aw_account *account, const char *code, struct aw_error *err);

/** The accounts that have a confirmed factor, sorted by id. */
AW_MUST_CHECK enum aw_status aw_factor_accounts(
	struct aw_act *act, int64_t **ret_accounts, size_t *ret_count, struct aw_error *err);

/** True if the roles (codes separated by spaces) may not do without a second factor. */
bool aw_factor_required(const struct aw_policy *policy, const char *roles);

/** The code of six digits at a counter (real time / 30 s); pure. */
void
aw_factor_code(const uint8_t secret[AW_FACTOR_SECRET_BYTES], int64_t counter, char ret_code[7]);

#endif
