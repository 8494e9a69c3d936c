/**
 * guard/own_session - one's own open sessions, seen and ended (ASVS 5.0, 7.5.2).
 * Layer: guard.  Threads: inside a reading or a unit of work.  Example: tests/net/test_sessions.c
 *
 * A session is named by a code made of what the table knows it by: it opens nothing, and tells nothing
 * of its token. Each server of a city asks the table with each request, so one that was ended is over on
 * all of them.
 */
#ifndef AW_GUARD_OWN_SESSION_H
#define AW_GUARD_OWN_SESSION_H

#include "guard/account.h"

struct aw_own_session {
	const char *code;
	int64_t created_at, seen_at;
	const char *system, *browser; /* as guard/signin.h has them; NULL: not known */
	bool has_place;		      /* here is known */
	bool here;		      /* the same network as the session that asks */
	bool half;		      /* the password was given, and no code yet */
	bool present;		      /* the session that asks */
};

/** Those that are open, the present one first, then by when they were last used. The session needs its
 *  hash, account and has_factor. In the act's arena. */
AW_MUST_CHECK enum aw_status aw_own_sessions(struct aw_act *act, const struct aw_session *session,
	struct aw_own_session **ret_list, size_t *ret_count, struct aw_error *err);

/** Ends one of them. AW_NOT_FOUND when no open session of the account has that code; AW_CONFLICT for the
 *  one that asks, which logs out. */
AW_MUST_CHECK enum aw_status aw_own_session_end(struct aw_act *act,
	const struct aw_session *session, const char *code, struct aw_error *err);

#endif
