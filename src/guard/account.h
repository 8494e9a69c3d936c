/**
 * guard/account - people who may log in, their sessions, and agencies' tokens.
 * Layer: guard.  Threads: password functions anywhere but the writer's thread, the rest inside a
 * unit of work or a reading.  Example: tests/guard/test_account.c
 *
 * Passwords: argon2id, 64 MiB, 2 passes (libsodium); about 0.1 s of one core. After 3 failures in a
 * row an account is locked for 15 minutes, and for twice as long after each further one, 4 hours
 * at most. Wrong, unknown, disabled, ended and locked are answered alike and take the same time.
 * Limits per address are net/'s.
 *
 * A password that the program made is handed over by somebody, so it is good for 72 hours and for one
 * thing: a session in which its holder sets a password of their own (ASVS 5.0, 6.4.1 and 6.4.6).
 *
 * Nobody takes one again that they had lately: the three before the present one are kept, hashed as
 * it is.
 *
 * An account may have a last day (a substitute's, a student's). From the day after it is as if
 * it were disabled: no login, no session, nobody's colleague to give work to. Nothing has to run for that.
 *
 * An account that nobody used for as many days as the policy says (roles.yaml, idle_accounts) lets
 * nobody in and is disabled within a minute. What counts is real time since somebody last came in
 * whole, or since it was made, enabled or given another password. A demo's are left alone.
 *
 * Sessions: a token of 256 random bits in the cookie, its BLAKE2b-256 in the table; ended after 30
 * minutes without a request, after 10 hours, at log-out, when the account is disabled or its
 * password reset. All by the real clock. A session of an account with a second factor (guard/factor.h)
 * opens nothing until a code of it was given. Roles and unit are read anew with each request, so what
 * an administrator changes holds at once.
 */
#ifndef AW_GUARD_ACCOUNT_H
#define AW_GUARD_ACCOUNT_H

#include "guard/act.h"

#define AW_SESSION_IDLE_MS (30 * AW_MINUTE_MS)
#define AW_SESSION_LIMIT_MS (10 * AW_HOUR_MS)
#define AW_PASSWORD_FIRST_MS (72 * AW_HOUR_MS)

enum {
	AW_PASSWORD_LEAST = 12, /* characters */
	AW_PASSWORD_MOST = 256, /* bytes */
	AW_PASSWORD_TEXT = 128, /* bytes of a hash with its NUL */
	AW_TOKEN_TEXT = 64 + 1, /* hexadecimal, with its NUL */
	AW_LOGIN_FREE_TRIES = 3,
};

struct aw_account {
	int64_t id;
	const char *login;
	const char *name;
	const char *title;
	const char *unit;
	const char *roles;     /* codes separated by spaces */
	const char *extension; /* may be NULL */
	int64_t failed_count;
	struct aw_maybe locked_until;
	struct aw_maybe disabled_at;
	struct aw_maybe
		password_until;	     /* known: a password that was handed over, good until then */
	struct aw_maybe valid_until; /* its last day, Taipei's; unknown: it has none */
	struct aw_maybe used_at;     /* what its idleness counts from; unknown: not counted yet */
	int64_t created_at;
};

/* What becomes of a login, the first that holds. */
enum aw_account_state {
	AW_ACCOUNT_ACTIVE,
	AW_ACCOUNT_LOCKED,  /* after wrong passwords, for a time */
	AW_ACCOUNT_EXPIRED, /* its last day is over */
	AW_ACCOUNT_DISABLED,
};

enum aw_account_state aw_account_state(const struct aw_account *account, int64_t real_ms);
/** Has nobody used it for as long as the act's policy allows? Of a disabled one, too. */
bool aw_account_idle(const struct aw_act *act, const struct aw_account *account);
/** Its state as an administrator sees it: one that has been idle for too long opens nothing, be it disabled yet
 *  or not. */
enum aw_account_state
aw_account_state_shown(const struct aw_act *act, const struct aw_account *account);
/** active, locked, expired, disabled. */
const char *aw_account_state_code(enum aw_account_state state);

/* Whose password it is to be: words that whoever tries to guess it would think of. */
struct aw_password_of {
	const char *const *words; /* UTF-8 */
	size_t word_count;
};

/** The words of an account: login, name, the program, the city, unit and roles in both languages. In
 *  the arena. The account needs login, name, unit and roles; NULL and unknown ones count nothing. */
struct aw_password_of aw_password_words(
	struct aw_arena *arena, const struct aw_policy *policy, const struct aw_account *account);

enum aw_password_fault {
	AW_PASSWORD_GOOD,
	AW_PASSWORD_TOO_LONG,
	AW_PASSWORD_NOT_TEXT,
	AW_PASSWORD_TOO_SHORT,
	AW_PASSWORD_HOLDS_LOGIN,
	AW_PASSWORD_COMMON,
};

/** What keeps a password from being used. Length and being hard to think of count; which kinds of
 *  characters it has does not (ASVS 5.0, 6.2.5). words[0] is the login. */
enum aw_password_fault aw_password_fault(const char *password, const struct aw_password_of *of);

/** AW_INVALID, saying what is wrong, unless the password may be used. */
AW_MUST_CHECK enum aw_status
aw_password_allowed(const char *password, const struct aw_password_of *of, struct aw_error *err);

/** Hashes a password into ret. Slow and 64 MiB large on purpose; never on the writer's thread.
 *  cheap: libsodium's least cost, for made-up accounts of tests and of the demo alone. */
AW_MUST_CHECK enum aw_status aw_password_hash(
	const char *password, bool cheap, char ret[AW_PASSWORD_TEXT], struct aw_error *err);

/** A password of 80 random bits to hand over: "7K3M-Q2XP-..." in the arena. */
char *aw_password_make(struct aw_arena *arena);

/* -- accounts, inside a unit of work ------------------------------------------------------------ */

struct aw_session;

struct aw_account_in {
	const char *login; /* a-z 0-9 . _ -, 2 to 32 */
	const char *name;
	const char *title;
	const char *unit;      /* code of the policy */
	const char *roles;     /* codes of the policy, separated by spaces */
	const char *extension; /* may be NULL */
	const char *password_hash;
	struct aw_maybe password_until; /* unknown: its holder chose it */
	struct aw_maybe valid_until;	/* last day; unknown: it has none */
};

/** AW_CONFLICT when the login is taken; AW_INVALID names an unknown unit or role, and a last day
 *  that is over. */
AW_MUST_CHECK enum aw_status aw_account_add(struct aw_act *act, const struct aw_account_in *in,
	int64_t *ret_account, struct aw_error *err);
/** Disables an account and ends its sessions. Open work stays with it until it is reassigned. */
AW_MUST_CHECK enum aw_status
aw_account_disable(struct aw_act *act, int64_t account, struct aw_error *err);
/** Enables it again; its idleness counts anew. */
AW_MUST_CHECK enum aw_status
aw_account_enable(struct aw_act *act, int64_t account, struct aw_error *err);
/** Sets an account's last day, or takes it away (unknown). AW_INVALID when it is over already. */
AW_MUST_CHECK enum aw_status aw_account_set_until(
	struct aw_act *act, int64_t account, struct aw_maybe day, struct aw_error *err);
/** The log's words for that: {"until":"2022-03-31"} or {"until":null}. In the arena. */
const char *aw_account_until_detail(struct aw_arena *arena, struct aw_maybe day);
/** Ends every session of an account. */
AW_MUST_CHECK enum aw_status
aw_account_end_sessions(struct aw_act *act, int64_t account, struct aw_error *err);
/** Disables those that nobody uses, each with an entry of its own (account.idle); none while all are
 *  idle, which a machine started under a wrong clock would believe. Cheap when there are none: once a
 *  minute. */
AW_MUST_CHECK enum aw_status
aw_accounts_sweep(struct aw_act *act, size_t *ret_disabled, struct aw_error *err);
/** Somebody came in with it, whole. */
AW_MUST_CHECK enum aw_status
aw_account_used(struct aw_act *act, int64_t account, struct aw_error *err);
/** Is it one of the three that its holder had before the present one? Reads, and hashes on the
 *  calling thread up to three times: ask it last. */
AW_MUST_CHECK enum aw_status aw_password_is_earlier(struct aw_db *db, struct aw_arena *arena,
	int64_t account, const char *password, bool *ret_is, struct aw_error *err);
/** Its holder's own change of the password, in a session: every other one of the account ends. */
AW_MUST_CHECK enum aw_status aw_account_change_password(struct aw_act *act,
	const struct aw_session *session, const char *password_hash, struct aw_error *err);
/** Sets another password, unlocks, ends all sessions. until: as in aw_account_in. */
AW_MUST_CHECK enum aw_status aw_account_reset(struct aw_act *act, int64_t account,
	const char *password_hash, struct aw_maybe until, struct aw_error *err);

/** AW_NOT_FOUND if there is none. */
AW_MUST_CHECK enum aw_status aw_account_get(struct aw_tx *tx, struct aw_arena *arena, int64_t id,
	struct aw_account *ret_account, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_account_by_login(struct aw_tx *tx, struct aw_arena *arena,
	const char *login, struct aw_account *ret_account, struct aw_error *err);
/** All, by unit and login; unit NULL = every unit. */
AW_MUST_CHECK enum aw_status aw_account_list(struct aw_tx *tx, struct aw_arena *arena,
	const char *unit, struct aw_account **ret_list, size_t *ret_count, struct aw_error *err);

/** The account as a viewer. Borrowed from the account. */
struct aw_viewer aw_account_viewer(const struct aw_account *account, const char *purpose);

/* -- logging in --------------------------------------------------------------------------------- */

/**
 * Checks a login. Reads, hashes on the calling thread, then records success or failure with a log
 * entry (action login.ok or login.failed) through the writer. AW_DENIED for every kind of refusal;
 * AW_BUSY when the log cannot be written. The account's texts are in act->arena; act->tx and
 * act->viewer are not used. act->from: it is a sign-in; NULL: a proof in a session.
 */
AW_MUST_CHECK enum aw_status
aw_account_check_password(struct aw_db *db, struct aw_act *act, const char *login,
	const char *password, struct aw_account *ret_account, struct aw_error *err);

struct aw_session {
	uint8_t hash[32];
	struct aw_account account;
	const char *purpose;
	char csrf[AW_TOKEN_TEXT];
	int64_t created_at;
	int64_t seen_at;
	int64_t proved_at;	   /* when its holder last gave a password or a code */
	uint8_t handle_key[32];	   /* made of its token: guard/handle.h */
	struct aw_maybe factor_at; /* when the second factor was given in it */
	bool has_factor;	   /* the account has a confirmed one */
};

/* What a session may be used for. */
enum aw_session_state {
	AW_SESSION_WHOLE,
	AW_SESSION_NEEDS_FACTOR,    /* password given, second factor not yet */
	AW_SESSION_NEEDS_PASSWORD,  /* the password was handed over, and is to be changed */
	AW_SESSION_NEEDS_ENROLMENT, /* a role wants a second factor, and the account has none */
};

/** Starts a session in a unit of work; the token goes into the cookie and nowhere else. purpose
 *  NULL: the first one the account's roles may act for. factor_given: the second factor was given
 *  too. act->from, where it is known, is kept as codes. AW_DENIED for a purpose they may not. */
AW_MUST_CHECK enum aw_status
aw_session_start(struct aw_act *act, const struct aw_account *account, const char *purpose,
	bool factor_given, char ret_token[AW_TOKEN_TEXT], struct aw_error *err);

/** What the policy lets a session be used for. */
enum aw_session_state
aw_session_state(const struct aw_policy *policy, const struct aw_session *session);

/** The session's holder has just proved who it is; factor: by a code of the second factor. */
AW_MUST_CHECK enum aw_status aw_session_proved(
	struct aw_act *act, const struct aw_session *session, bool factor, struct aw_error *err);

/** Ends every session of the account but this one. */
AW_MUST_CHECK enum aw_status
aw_session_end_others(struct aw_act *act, const struct aw_session *session, struct aw_error *err);

/** The session of a cookie's value at the real time now. ret_found false: none, ended, too old or
 *  idle too long, account disabled or past its last day. Reads only; texts in the arena. */
AW_MUST_CHECK enum aw_status
aw_session_find(struct aw_tx *tx, struct aw_arena *arena, const char *token, int64_t real_ms,
	struct aw_session *ret_session, bool *ret_found, struct aw_error *err);

/** The same session again, by its hash: is it still there, and whose roles and unit are they now? Its
 *  handle_key is not known (zero). */
AW_MUST_CHECK enum aw_status
aw_session_again(struct aw_tx *tx, struct aw_arena *arena, const uint8_t hash[32], int64_t real_ms,
	struct aw_session *ret_session, bool *ret_found, struct aw_error *err);

/** Moves the idle limit on; writes at most once in 30 s. Done by aw_log_reads() for reads. */
AW_MUST_CHECK enum aw_status aw_session_touch(
	struct aw_tx *tx, const struct aw_session *session, int64_t real_ms, struct aw_error *err);

/** True if what a form sent is the session's own. Takes the same time whatever it is. */
bool aw_session_csrf_ok(const struct aw_session *session, const char *sent);

/** Acts for another purpose from now on. AW_DENIED unless a role of the account allows it. */
AW_MUST_CHECK enum aw_status aw_session_purpose(struct aw_act *act,
	const struct aw_session *session, const char *purpose, struct aw_error *err);

AW_MUST_CHECK enum aw_status
aw_session_end(struct aw_act *act, const struct aw_session *session, struct aw_error *err);

/* -- agencies' tokens --------------------------------------------------------------------------- */

struct aw_api_sender {
	const char *sender; /* name of the sending system */
	const char *unit;
	int64_t created_at;
	struct aw_maybe disabled_at;
};

/** A token for a sending system; shown once, stored hashed. */
AW_MUST_CHECK enum aw_status aw_api_token_add(struct aw_act *act, const char *sender,
	const char *unit, char ret_token[AW_TOKEN_TEXT], struct aw_error *err);
/** Disables every token of a sender. */
AW_MUST_CHECK enum aw_status
aw_api_token_disable(struct aw_act *act, const char *sender, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_api_token_find(struct aw_tx *tx, struct aw_arena *arena,
	const char *token, struct aw_api_sender *ret_sender, bool *ret_found, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_api_token_list(struct aw_tx *tx, struct aw_arena *arena,
	struct aw_api_sender **ret_list, size_t *ret_count, struct aw_error *err);

#endif
