/* A small sheet as rows and columns of text: built, written as CSV, read from anything. */
#include "text/grid.h"

#include <string.h>

#include "text/csv.h"
#include "text/table.h"

#define FORMULA "=+-@\t\r"

void
aw_grid_row(struct aw_grid *grid)
{
	*AW_PUSH(grid->arena, grid->rows, grid->count, grid->room) = (struct aw_grid_row){ 0 };
}

void
aw_grid_put(struct aw_grid *grid, struct aw_str text)
{
	struct aw_grid_row *row = &grid->rows[grid->count - 1];

	*AW_PUSH(grid->arena, row->cells, row->count, row->room) =
		aw_arena_strndup(grid->arena, text.at == NULL ? "" : text.at, text.len);
}

const char *
aw_grid_at(const struct aw_grid *grid, size_t row, size_t column)
{
	return row < grid->count && column < grid->rows[row].count ? grid->rows[row].cells[column]
								   : "";
}

const char *
aw_grid_column(struct aw_arena *arena, size_t column)
{
	return column < 26 ? aw_arena_printf(arena, "%c", (int)('A' + column))
			   : aw_arena_printf(arena, "%c%c", (int)('A' + column / 26 - 1),
				     (int)('A' + column % 26));
}

/* -- out ----------------------------------------------------------------------------------------- */

void
aw_grid_csv(const struct aw_grid *grid, struct aw_buf *out)
{
	aw_buf_text(out, "\xEF\xBB\xBF");
	for (size_t r = 0; r < grid->count; r++) {
		for (size_t c = 0; c < grid->rows[r].count; c++) {
			const char *cell = grid->rows[r].cells[c];

			if (cell[0] == '\'' && cell[1] != '\0' &&
				strchr(FORMULA "'", cell[1]) != NULL)
				cell = aw_arena_printf(grid->arena, "'%s", cell);
			aw_csv_put(out, cell, c == 0);
		}
		aw_buf_text(out, "\r\n");
	}
}

/* -- in ------------------------------------------------------------------------------------------ */

/* Without the apostrophe that keeps a spreadsheet from computing, with plain ends of lines. */
static struct aw_str
unguarded(struct aw_arena *arena, struct aw_str cell)
{
	struct aw_buf out = { .arena = arena };

	if (cell.len > 1 && cell.at[0] == '\'' && strchr(FORMULA "'", cell.at[1]) != NULL)
		cell = (struct aw_str){ cell.at + 1, cell.len - 1 };
	if (cell.len == 0 || memchr(cell.at, '\r', cell.len) == NULL)
		return cell;
	for (size_t i = 0; i < cell.len; i++)
		if (cell.at[i] != '\r')
			aw_buf_char(&out, cell.at[i]);
		else if (i + 1 == cell.len || cell.at[i + 1] != '\n')
			aw_buf_char(&out, '\n');
	return (struct aw_str){ aw_buf_z(&out), out.len };
}

static enum aw_status
begin_row(struct aw_grid *grid, struct aw_error *err)
{
	if (grid->count == AW_GRID_MOST_ROWS)
		return aw_fail(
			err, AW_TOO_LARGE, "the sheet has more than %d rows", AW_GRID_MOST_ROWS);
	aw_grid_row(grid);
	return AW_OK;
}

static enum aw_status
read_csv(struct aw_str text, const char *file, struct aw_grid *grid, struct aw_error *err)
{
	struct aw_csv csv = { .text = text, .file = file };
	struct aw_csv_row row;
	bool more;

	while (aw_csv_next(&csv, grid->arena, &row, &more, err) == AW_OK) {
		if (!more)
			return AW_OK;
		if (begin_row(grid, err) != AW_OK)
			return err->status;
		for (size_t i = 0; i < row.count && !row.blank; i++)
			aw_grid_put(grid, unguarded(grid->arena, row.fields[i]));
	}
	return err->status;
}

/* The byte behind a cell that is quoted, with one of ends or nothing there; at where there is none. */
static size_t
behind_quoted(struct aw_str text, size_t at, const char *ends)
{
	for (size_t i = at + 1; i < text.len && text.at[at] == '"'; i++) {
		if (text.at[i] != '"')
			continue;
		if (i + 1 == text.len || strchr(ends, text.at[i + 1]) != NULL)
			return i + 1;
		if (text.at[i + 1] != '"')
			return at;
		i++;
	}
	return at;
}

/* A cell that is quoted: its length with both quotes; 0 when what stands there is no quoted cell, or would
 * be the same cell without. ("" alone is FEEL's empty text.) */
static size_t
quoted_len(struct aw_str text, size_t at)
{
	size_t len = behind_quoted(text, at, "\t\r\n") - at;

	for (size_t i = 1; i + 1 < len; i++)
		if (strchr("\"\n\t", text.at[at + i]) != NULL)
			return len;
	return 0;
}

static struct aw_str
unquoted(struct aw_arena *arena, struct aw_str cell)
{
	struct aw_buf out = { .arena = arena };

	for (size_t i = 1; i + 1 < cell.len; i++) {
		aw_buf_char(&out, cell.at[i]);
		if (cell.at[i] == '"')
			i++;
	}
	return (struct aw_str){ aw_buf_z(&out), out.len };
}

static enum aw_status
read_tabbed(struct aw_str text, struct aw_grid *grid, struct aw_error *err)
{
	size_t at = aw_str_starts(text, "\xEF\xBB\xBF") ? 3 : 0;
	bool begins = true;

	while (at < text.len) {
		struct aw_str cell = { text.at + at, 0 };

		if (begins && begin_row(grid, err) != AW_OK)
			return err->status;
		if (grid->rows[grid->count - 1].count == AW_CSV_FIELD_LIMIT)
			return aw_fail(err, AW_TOO_LARGE, "row %zu has more than %d columns",
				grid->count, AW_CSV_FIELD_LIMIT);
		cell.len = text.at[at] == '"' ? quoted_len(text, at) : 0;
		if (cell.len > 0) {
			at += cell.len;
			cell = unquoted(grid->arena, cell);
		} else {
			while (at < text.len && text.at[at] != '\t' && text.at[at] != '\n')
				at++;
			cell.len = (size_t)(text.at + at - cell.at);
			if (cell.len > 0 && cell.at[cell.len - 1] == '\r')
				cell.len--;
		}
		aw_grid_put(grid, unguarded(grid->arena, cell));
		at += at < text.len && text.at[at] == '\r';
		begins = at < text.len && text.at[at] == '\n';
		at++;
	}
	return AW_OK;
}

/* What XML has no place for: controls, and U+FFFE and U+FFFF, which are no characters. UTF-8 is checked. */
static bool
no_xml(const char *at)
{
	unsigned char first = (unsigned char)*at;

	return (first < ' ' && first != '\t' && first != '\n') ||
	       (first == 0xEF && (unsigned char)at[1] == 0xBF && (unsigned char)at[2] >= 0xBE);
}

/* Text of an XML file, which holds no others. */
static enum aw_status
check_characters(const struct aw_grid *grid, struct aw_error *err)
{
	for (size_t r = 0; r < grid->count; r++)
		for (size_t c = 0; c < grid->rows[r].count; c++)
			for (const char *at = grid->rows[r].cells[c]; *at != '\0'; at++)
				if (no_xml(at))
					return aw_fail(err, AW_INVALID,
						"row %zu, column %s: a control character", r + 1,
						aw_grid_column(grid->arena, c));
	return AW_OK;
}

/* Does a tab stand in the first row, and in no quoted cell of it? */
static bool
is_tabbed(struct aw_str text)
{
	size_t at = aw_str_starts(text, "\xEF\xBB\xBF") ? 3 : 0;
	bool begins = true;

	while (at < text.len && text.at[at] != '\n' && text.at[at] != '\t') {
		size_t behind = begins ? behind_quoted(text, at, ",\t\r\n") : at;

		begins = behind == at && text.at[at] == ',';
		at = behind == at ? at + 1 : behind;
	}
	return at < text.len && text.at[at] == '\t';
}

enum aw_status
aw_grid_read(struct aw_str bytes, const char *file, struct aw_grid *grid, struct aw_error *err)
{
	bool zipped = aw_str_starts(bytes, "PK\003\004");
	const char *encoding;
	struct aw_str text;

	if (aw_table_text_most(grid->arena, bytes, file, AW_GRID_MOST_BYTES, &text, err) != AW_OK ||
		aw_text_decode(grid->arena, text, &text, &encoding, err) != AW_OK)
		return err->status;
	if (text.len > AW_GRID_MOST_BYTES)
		return aw_fail(err, AW_TOO_LARGE, "a sheet of more than 1 MiB of text");
	if (text.len > 0 && memchr(text.at, '\0', text.len) != NULL)
		return aw_fail(err, AW_INVALID, "this is neither a spreadsheet nor text");
	if ((!zipped && is_tabbed(text) ? read_tabbed(text, grid, err)
					: read_csv(text, file, grid, err)) != AW_OK)
		return err->status;
	return check_characters(grid, err);
}
