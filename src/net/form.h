/**
 * net/form - what stands in a URL, a form body, a cookie and a header, read strictly.
 * Layer: net.  Threads: pure over its arguments.  Example: tests/net/test_form.c
 *
 * The library below us decodes nothing: every byte that reaches a handler came through here and is
 * valid UTF-8 without NUL. application/x-www-form-urlencoded as the WHATWG URL standard, section
 * 5.1, reads it, but a broken escape or bad UTF-8 is refused instead of replaced.
 */
#ifndef AW_NET_FORM_H
#define AW_NET_FORM_H

#include "base/arena.h"
#include "base/str.h"
#include "page/call.h"

#define AW_FORM_MOST_VALUES 2000 /* of one query or body */

/* A growing list of values: the query first, then the body. */
struct aw_form {
	struct aw_form_value *values;
	size_t count, room;
};

/** Decodes %XX (and '+' as a space when plus is true). Errors: AW_INVALID for a broken escape, bad
 *  UTF-8, or a control character other than tab, line feed and carriage return. */
AW_MUST_CHECK enum aw_status aw_form_decode(struct aw_arena *arena, struct aw_str text, bool plus,
	const char **ret_text, struct aw_error *err);

/** Appends the pairs of a query or a form body. Errors: AW_INVALID; AW_TOO_LARGE past
 *  AW_FORM_MOST_VALUES. */
AW_MUST_CHECK enum aw_status aw_form_read(
	struct aw_arena *arena, struct aw_str text, struct aw_form *form, struct aw_error *err);

/** Appends the members of a JSON object that are text, whole numbers or flags ("true", "false"),
 *  and the texts of lists of texts; nested objects are left to whoever reads the JSON itself. */
AW_MUST_CHECK enum aw_status
aw_form_json(struct aw_arena *arena, json_t *object, struct aw_form *form, struct aw_error *err);

/** Appends the header Idempotency-Key as the value idempotency_key; NULL appends nothing. Errors:
 *  AW_INVALID unless it is 1 to 200 bytes of text without control characters. */
AW_MUST_CHECK enum aw_status aw_form_idempotency(
	struct aw_arena *arena, const char *header, struct aw_form *form, struct aw_error *err);

/** The cookie of that name in a Cookie header; at NULL when it is not there. */
struct aw_str aw_cookie_find(struct aw_str header, const char *name);

/** True when an Accept header would rather have JSON than HTML. NULL or "*" would not. */
bool aw_accepts_json(const char *accept);

/** True when a Content-Type names this media type, whatever parameters follow. */
bool aw_media_type_is(const char *content_type, const char *media_type);

#endif
