/**
 * text/table - a spreadsheet's first sheet as CSV text: ODS and XLSX, beside CSV itself.
 * Layer: text.  Threads: any.  Example: tests/text/test_table.c
 *
 * Cells come as they are shown where the file keeps that (ODS) and as stored otherwise; XLSX dates,
 * which are numbers with a date format, come as ISO days. Empty rows stay, so that the line in an
 * error is the row in the sheet. Limits: 192 MiB unpacked a part, 256 columns, 1,048,576 rows.
 */
#ifndef AW_TEXT_TABLE_H
#define AW_TEXT_TABLE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/** CSV text of a file: a ZIP with a sheet is read, anything else comes back as it is (for
 *  aw_text_decode). file names it in errors. Errors: AW_INVALID, AW_TOO_LARGE. */
AW_MUST_CHECK enum aw_status aw_table_text(struct aw_arena *arena, struct aw_str bytes,
	const char *file, struct aw_str *ret_csv, struct aw_error *err);

/** The same for what a page sends: AW_TOO_LARGE behind about `most` bytes of text from a sheet. */
AW_MUST_CHECK enum aw_status aw_table_text_most(struct aw_arena *arena, struct aw_str bytes,
	const char *file, size_t most, struct aw_str *ret_csv, struct aw_error *err);

#endif
