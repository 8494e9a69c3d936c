/* Passwords: what is allowed, and their slow hash. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/hash.h"
#include "guard/account.h"
#include "guard/password.h"

/* argon2id, 64 MiB, 2 passes; security.md measured 88 to 215 ms. */
enum { PASSES = 2, MEMORY = 64 * 1024 * 1024 };

enum { LOCK_DOUBLINGS = 4 }; /* 15 minutes to 4 hours */

/* A hash of nobody's password, so that an unknown login takes the time of a known one. */
static const char nobody[crypto_pwhash_STRBYTES] = "$argon2id$v=19$m=65536,t=2,p=1$"
						   "c29tZXNhbHRzb21lc2FsdA$"
						   "3rjPMAlGa+qk6H6RIbZdWpK7zTGLzYYsGIjWkD5bI0c";

static_assert(AW_PASSWORD_TEXT == crypto_pwhash_STRBYTES, "room for libsodium's string");

static size_t
distinct_bytes(const char *text)
{
	bool seen[256] = { false };
	size_t count = 0;

	for (const uint8_t *at = (const uint8_t *)text; *at != '\0'; at++) {
		count += !seen[*at];
		seen[*at] = true;
	}
	return count;
}

enum aw_status
aw_password_allowed(const char *password, const char *login, struct aw_error *err)
{
	size_t bytes = strlen(password);

	if (bytes > AW_PASSWORD_MOST)
		return aw_fail(
			err, AW_INVALID, "a password has at most %d bytes", AW_PASSWORD_MOST);
	if (!aw_utf8_valid(aw_str(password)))
		return aw_fail(err, AW_INVALID, "the password is not UTF-8 text");
	if (aw_utf8_count(aw_str(password)) < AW_PASSWORD_LEAST)
		return aw_fail(err, AW_INVALID, "a password has at least %d characters",
			AW_PASSWORD_LEAST);
	if (distinct_bytes(password) < 5)
		return aw_fail(err, AW_INVALID, "a password has at least 5 different characters");
	if (login != NULL && login[0] != '\0' && strcasestr(password, login) != NULL)
		return aw_fail(err, AW_INVALID, "a password does not hold the login");
	return AW_OK;
}

enum aw_status
aw_password_hash(const char *password, bool cheap, char ret[AW_PASSWORD_TEXT], struct aw_error *err)
{
	unsigned long long passes = cheap ? crypto_pwhash_OPSLIMIT_MIN : PASSES;
	size_t memory = cheap ? crypto_pwhash_MEMLIMIT_MIN : MEMORY;

	if (sodium_init() < 0)
		return aw_fail(err, AW_INTERNAL, "libsodium does not start");
	if (crypto_pwhash_str(ret, password, strlen(password), passes, memory) != 0)
		return aw_fail(err, AW_IO, "no memory to hash a password: 64 MiB are needed");
	return AW_OK;
}

bool
aw_password_check(const char *hash, const char *password)
{
	size_t len = strlen(password);
	bool known = hash != NULL;

	if (sodium_init() < 0)
		return false;
	if (len > AW_PASSWORD_MOST) /* argon2 would read it all */
		len = AW_PASSWORD_MOST;
	return crypto_pwhash_str_verify(known ? hash : nobody, password, len) == 0 && known &&
	       password[len] == '\0';
}

struct aw_maybe
aw_locked_until(int64_t failed_count, int64_t now_ms)
{
	int64_t over = failed_count - AW_LOGIN_FREE_TRIES;

	if (over < 0)
		return AW_UNKNOWN;
	return AW_KNOWN(
		now_ms + ((15 * AW_MINUTE_MS) << (over > LOCK_DOUBLINGS ? LOCK_DOUBLINGS : over)));
}

char *
aw_password_make(struct aw_arena *arena)
{
	uint8_t random[10];

	aw_random_bytes(random, sizeof(random));
	return aw_code32(arena, random, 80);
}
