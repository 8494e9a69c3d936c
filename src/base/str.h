/**
 * base/str - byte slices and a growable text buffer.
 * Layer: base.  Threads: plain data.  Example: tests/base/test_str.c
 *
 * Text is UTF-8. A `const char *` is NUL-terminated; a struct aw_str is a slice that need not be.
 */
#ifndef AW_BASE_STR_H
#define AW_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct aw_str {
	const char *at; /* borrowed; may be NULL when len is 0 */
	size_t len;
};

struct aw_bytes {
	const uint8_t *at; /* borrowed; NULL = no value at all (SQL NULL) */
	size_t len;
};

#define AW_STR_LIT(text) ((struct aw_str){ (text), sizeof(text) - 1 })
#define AW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** A number as that many bytes, the greatest first (1 to 8; what does not fit is cut off), and back. */
void aw_put_be(uint8_t *out, size_t bytes, uint64_t number);
uint64_t aw_get_be(const uint8_t *in, size_t bytes);

struct aw_str aw_str(const char *text); /* NULL becomes the empty slice */
bool aw_str_eq(struct aw_str a, struct aw_str b);
bool aw_str_is(struct aw_str a, const char *text);
bool aw_str_starts(struct aw_str a, const char *prefix);
bool aw_str_ends(struct aw_str a, const char *suffix);
struct aw_str aw_str_trim(struct aw_str a); /* ASCII white space and U+3000 at both ends */
/** Equality of two C strings, either of which may be NULL (NULL equals NULL alone). */
bool aw_text_eq(const char *a, const char *b);
/** True if the text is one of the words; NULL is none. */
bool aw_text_in(const char *text, const char *const *words, size_t count);

/** Cuts at the first separator: returns the part before it, *rest becomes the part after it
 *  (at = NULL when there was none). */
struct aw_str aw_str_cut(struct aw_str a, char separator, struct aw_str *rest);

/** Whole slice as a decimal integer; false on anything else or overflow, then *ret is untouched. */
bool aw_str_int64(struct aw_str a, int64_t *ret);

/** True if the bytes are well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). */
bool aw_utf8_valid(struct aw_str a);
/** Decodes the code point at *pos and moves *pos behind it; U+FFFD and one byte on bad input. */
uint32_t aw_utf8_next(struct aw_str a, size_t *pos);
/** Number of code points. */
size_t aw_utf8_count(struct aw_str a);

/* A growable text in an arena, always NUL-terminated. Start with { .arena = arena }. */
struct aw_buf {
	struct aw_arena *arena;
	char *at;
	size_t len;
	size_t room;
};

void aw_buf_add(struct aw_buf *buf, const void *data, size_t len);
/** Makes room for so many bytes more: for what is written in many small pieces. */
void aw_buf_reserve(struct aw_buf *buf, size_t more);
void aw_buf_text(struct aw_buf *buf, const char *text); /* NULL adds nothing */
void aw_buf_str(struct aw_buf *buf, struct aw_str text);
void aw_buf_char(struct aw_buf *buf, char c);
void aw_buf_utf8(struct aw_buf *buf, uint32_t code_point);
void aw_buf_printf(struct aw_buf *buf, const char *fmt, ...) AW_PRINTF(2, 3);
/** The text so far; "" when nothing was added. Valid until the next call on buf. */
const char *aw_buf_z(const struct aw_buf *buf);

/** Lower-case hexadecimal of data, in the arena. */
char *aw_hex(struct aw_arena *arena, const void *data, size_t len);
/** Value of a hexadecimal digit, -1 for anything else. */
int aw_hex_digit(char c);
/** Reads 2*len hexadecimal digits; false on anything else. */
bool aw_unhex(const char *text, void *ret, size_t len);

#endif
