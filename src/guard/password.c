/* Passwords: what is allowed, and their slow hash. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/hash.h"
#include "guard/account.h"
#include "guard/password.h"
#include "policy/policy.h"

/* argon2id, 64 MiB, 2 passes; security.md measured 88 to 215 ms. */
enum { PASSES = 2, MEMORY = 64 * 1024 * 1024 };

enum { LOCK_DOUBLINGS = 4 }; /* 15 minutes to 4 hours */

/* A hash of nobody's password, so that an unknown login takes the time of a known one. */
static const char nobody[crypto_pwhash_STRBYTES] = "$argon2id$v=19$m=65536,t=2,p=1$"
						   "c29tZXNhbHRzb21lc2FsdA$"
						   "3rjPMAlGa+qk6H6RIbZdWpK7zTGLzYYsGIjWkD5bI0c";

static_assert(AW_PASSWORD_TEXT == crypto_pwhash_STRBYTES, "room for libsodium's string");

static size_t
add_word(const char **words, size_t count, const char *word)
{
	if (word == NULL || word[0] == '\0')
		return count;
	words[count] = word;
	return count + 1;
}

struct aw_password_of
aw_password_words(
	struct aw_arena *arena, const struct aw_policy *policy, const struct aw_account *account)
{
	static const char *const languages[] = { "zh-Hant-TW", "en" };
	struct aw_str rest = aw_str(account->roles == NULL ? "" : account->roles);
	const char **words = AW_NEW_ARRAY(arena, const char *, 10 + 3 * rest.len);
	size_t count = add_word(words, 0, account->login);

	count = add_word(words, count, account->name);
	count = add_word(words, count, account->unit);
	count = add_word(words, count, "anwang");
	count = add_word(words, count, policy->city.code);
	for (size_t i = 0; i < AW_COUNT(languages); i++) {
		count = add_word(words, count, aw_label_text(policy->city.label, languages[i]));
		count = add_word(words, count,
			account->unit == NULL
				? NULL
				: aw_policy_text(policy, "unit", account->unit, languages[i]));
	}
	while (rest.at != NULL) {
		struct aw_str word = aw_str_cut(rest, ' ', &rest);
		const char *role = aw_arena_strndup(arena, word.at, word.len);

		count = add_word(words, count, role);
		for (size_t i = 0; i < AW_COUNT(languages); i++)
			count = add_word(
				words, count, aw_policy_text(policy, "role", role, languages[i]));
	}
	return (struct aw_password_of){ .words = words, .word_count = count };
}

enum aw_password_fault
aw_password_fault(const char *password, const struct aw_password_of *of)
{
	const char *login = of->word_count > 0 ? of->words[0] : "";

	if (strlen(password) > AW_PASSWORD_MOST)
		return AW_PASSWORD_TOO_LONG;
	if (!aw_utf8_valid(aw_str(password)))
		return AW_PASSWORD_NOT_TEXT;
	if (aw_utf8_count(aw_str(password)) < AW_PASSWORD_LEAST)
		return AW_PASSWORD_TOO_SHORT;
	if (login[0] != '\0' && strcasestr(password, login) != NULL)
		return AW_PASSWORD_HOLDS_LOGIN;
	return aw_password_is_common(password, of) ? AW_PASSWORD_COMMON : AW_PASSWORD_GOOD;
}

enum aw_status
aw_password_allowed(const char *password, const struct aw_password_of *of, struct aw_error *err)
{
	switch (aw_password_fault(password, of)) {
	case AW_PASSWORD_GOOD:
		return AW_OK;
	case AW_PASSWORD_TOO_LONG:
		return aw_fail(
			err, AW_INVALID, "a password has at most %d bytes", AW_PASSWORD_MOST);
	case AW_PASSWORD_NOT_TEXT:
		return aw_fail(err, AW_INVALID, "the password is not UTF-8 text");
	case AW_PASSWORD_TOO_SHORT:
		return aw_fail(err, AW_INVALID, "a password has at least %d characters",
			AW_PASSWORD_LEAST);
	case AW_PASSWORD_HOLDS_LOGIN:
		return aw_fail(err, AW_INVALID, "a password does not hold the login");
	case AW_PASSWORD_COMMON:
		break;
	}
	return aw_fail(err, AW_INVALID,
		"this password is made of words that are tried first: take some that do not "
		"belong together");
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
