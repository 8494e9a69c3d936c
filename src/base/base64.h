/**
 * base/base64 - bytes as a form's field holds them: base64url without padding (RFC 4648, section 5).
 * Layer: base.  Threads: pure.  Example: tests/net/test_sheets.c
 */
#ifndef AW_BASE_BASE64_H
#define AW_BASE_BASE64_H

#include "base/str.h"

/** The bytes, in the arena; false, and *ret_bytes untouched, when the text is nothing of the kind. */
bool aw_base64url_read(struct aw_arena *arena, struct aw_str text, struct aw_str *ret_bytes);

#endif
