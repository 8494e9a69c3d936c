/**
 * guard/handle - what somebody typed, sealed so that it can stand in a URL.
 * Layer: guard.  Threads: pure over its arguments.  Example: tests/guard/test_handle.c
 *
 * A search for people is posted, and leads to a page whose URL holds a handle instead of the name: so
 * the page can be gone back to, loaded again and paged without a script, and no name, number or
 * telephone stands in a history, a Referer, or a proxy's log (ASVS 5.0, 14.2.1). The handle is the
 * text under XChaCha20-Poly1305, by a key made of the session's token: it opens in that session
 * alone, on each server of the city, for half an hour. Nothing is kept, and the table of sessions
 * does not open it, for it has the token's hash. Texts of up to 55 bytes have handles of one length.
 */
#ifndef AW_GUARD_HANDLE_H
#define AW_GUARD_HANDLE_H

#include "guard/account.h"

#define AW_HANDLE_LIMIT_MS (30 * AW_MINUTE_MS)

enum { AW_HANDLE_TEXT_MOST = 500 /* bytes */ };

/** A handle for a text in the arena: digits, letters, '-' and '_'. what: "people"; it opens as
 *  nothing else. Errors: AW_TOO_LARGE. */
AW_MUST_CHECK enum aw_status
aw_handle_make(struct aw_arena *arena, const struct aw_session *session, const char *what,
	const char *text, int64_t real_ms, const char **ret_handle, struct aw_error *err);

/** Its text in the arena; NULL when it is none, is older than half an hour, is of another session or
 *  for something else, or was changed. */
const char *aw_handle_open(struct aw_arena *arena, const struct aw_session *session,
	const char *what, const char *handle, int64_t real_ms);

#endif
