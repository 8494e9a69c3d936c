/**
 * text/sheet - the XML of a sheet, ODF or SpreadsheetML, as CSV.
 * Layer: text; inner to table.c.  Threads: any.
 */
#ifndef AW_TEXT_SHEET_H
#define AW_TEXT_SHEET_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Both stop with AW_TOO_LARGE behind about `most` bytes of CSV: a few bytes of a sheet can repeat a row a
 * million times. */

/** First table of an ODF content.xml. */
AW_MUST_CHECK enum aw_status aw_sheet_ods(struct aw_arena *arena, struct aw_str content,
	size_t most, struct aw_buf *csv, struct aw_error *err);

/** A worksheet of SpreadsheetML with its shared strings and styles (either may be empty). */
AW_MUST_CHECK enum aw_status
aw_sheet_xlsx(struct aw_arena *arena, struct aw_str sheet, struct aw_str shared,
	struct aw_str styles, size_t most, struct aw_buf *csv, struct aw_error *err);

#endif
