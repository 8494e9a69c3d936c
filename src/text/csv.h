/**
 * text/csv - CSV as RFC 4180 and as agencies really send it; and the encodings it comes in.
 * Layer: text.  Threads: a reader belongs to one thread.  Example: tests/text/test_csv.c
 *
 * Quotes, doubled quotes, line breaks inside quotes, CRLF or LF, a byte order mark. A quote that
 * stands inside an unquoted value, or is never closed, is an error with line and column. Fields
 * point into the text, or into the arena where a doubled quote had to go.
 */
#ifndef AW_TEXT_CSV_H
#define AW_TEXT_CSV_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum { AW_CSV_FIELD_LIMIT = 256, AW_CSV_VALUE_LIMIT = 65536 };

struct aw_csv {
	struct aw_str text; /* UTF-8; borrowed */
	const char *file;   /* for errors; may be NULL */
	size_t at;
	uint32_t line;	/* where the next row begins, from 1; 0 at the start is 1 */
	char separator; /* 0 = ',' */
};

struct aw_csv_row {
	struct aw_str *fields; /* in the arena */
	size_t count;
	uint32_t line;	     /* where the row begins */
	struct aw_str whole; /* the row as written, without its line break */
	bool blank;	     /* an empty line */
};

/**
 * Reads the next row; *ret_more is false (and the row untouched) at the end.
 * Errors: AW_INVALID with line and column; AW_TOO_LARGE past the limits. After an error aw_csv_skip()
 * goes on with the next line.
 */
AW_MUST_CHECK enum aw_status aw_csv_next(struct aw_csv *csv, struct aw_arena *arena,
	struct aw_csv_row *ret_row, bool *ret_more, struct aw_error *err);
/**
 * The same for a row that is plain: no quote in it, not blank, nothing wrong. Its values go to `fields`,
 * which has room for AW_CSV_FIELD_LIMIT and is all the memory it needs. False when the next row is not
 * plain, is the first of the text, or stands near its end: nothing is read, and aw_csv_next() tells.
 */
bool aw_csv_plain(struct aw_csv *csv, struct aw_str *fields, struct aw_csv_row *ret_row);
/** Leaves the row that could not be read: goes behind the next line break. Gives what was left out. */
struct aw_str aw_csv_skip(struct aw_csv *csv);

/** Appends one value, quoted when it has to be. A value that a spreadsheet would take for a formula
 *  (= + - @, a tab or a return at the front) gets a leading apostrophe. */
void aw_csv_put(struct aw_buf *buf, const char *value, bool first);

/**
 * Text in UTF-8, whatever it came in: UTF-8 with or without a mark, UTF-16 with one, Big5 (as
 * Windows writes it, code page 950). *ret_encoding names what was found ("utf-8", "big5", ...).
 * Errors: AW_INVALID when it is none of these, with the byte where it stops being so.
 */
AW_MUST_CHECK enum aw_status aw_text_decode(struct aw_arena *arena, struct aw_str bytes,
	struct aw_str *ret_text, const char **ret_encoding, struct aw_error *err);

#endif
