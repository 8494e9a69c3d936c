/**
 * text/grid - a small sheet as rows and columns of text: out as CSV or ODS, in from both, from XLSX, and
 * from what a spreadsheet puts on the clipboard.
 * Layer: text.  Threads: a grid belongs to one thread.  Example: tests/text/test_grid.c
 *
 * No cell is ever a formula. In ODS each is text, under a style that takes what is typed for text. In CSV
 * a spreadsheet would compute what begins with = + - @, a tab or a return: text/csv.h puts an apostrophe
 * before it, and reading takes it away. So that nothing else is taken away, a value that itself begins
 * with an apostrophe and one of those (or a second apostrophe) is written with one more. What was written
 * is what is read, whichever way it went.
 *
 * Limits of what is read: 1 MiB of text, 4,000 rows, 256 columns.
 */
#ifndef AW_TEXT_GRID_H
#define AW_TEXT_GRID_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#define AW_GRID_MOST_BYTES ((size_t)1 << 20)
#define AW_GRID_MOST_ROWS 4000

struct aw_grid_row {
	const char **cells;
	size_t count, room;
};

/* Start with { .arena = arena }. */
struct aw_grid {
	struct aw_arena *arena;
	struct aw_grid_row *rows;
	size_t count, room;
};

/** Begins another row; the last one is closed. */
void aw_grid_row(struct aw_grid *grid);
/** Another cell of the last row, copied; NULL is an empty one. */
void aw_grid_put(struct aw_grid *grid, struct aw_str text);
/** Rows and columns from 0; "" where there is none. */
const char *aw_grid_at(const struct aw_grid *grid, size_t row, size_t column);
/** "A", "AB": what a spreadsheet calls a column, in the arena. */
const char *aw_grid_column(struct aw_arena *arena, size_t column);

/** CSV with a byte order mark, by which spreadsheets know UTF-8, and lines that end in CR LF. */
void aw_grid_csv(const struct aw_grid *grid, struct aw_buf *out);

/** An ODF 1.2 spreadsheet, the same bytes for the same grid: mimetype first and stored, each cell text. The
 *  first head_rows are marked as heads. Errors: AW_INTERNAL. */
AW_MUST_CHECK enum aw_status aw_grid_ods(const struct aw_grid *grid, const char *name,
	size_t head_rows, struct aw_bytes *ret_bytes, struct aw_error *err);

/**
 * Reads CSV, text with tabs, ODS or XLSX into an empty grid; rows keep their places, empty ones too. In
 * text with tabs, a cell that begins with a quote is taken as it stands unless only quoting explains it:
 * what a spreadsheet copies is quoted where a cell has several lines, and else not. Text has tabs when one
 * stands in its first row outside quoted cells.
 * Errors: AW_INVALID (encoding, a damaged file, a control character), AW_TOO_LARGE.
 */
AW_MUST_CHECK enum aw_status
aw_grid_read(struct aw_str bytes, const char *file, struct aw_grid *grid, struct aw_error *err);

#endif
