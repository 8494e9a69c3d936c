/* A grid of text goes out as CSV or ODS and comes back as it was, and is never a formula on the way. */
#include "text/grid.h"

#include <stdlib.h>

#include "../testing.h"
#include "text/table.h"

static void
put_row(struct aw_grid *grid, const char *const *cells)
{
	aw_grid_row(grid);
	for (; *cells != NULL; cells++)
		aw_grid_put(grid, aw_str(*cells));
}

/* Cells alone count: neither empty ones behind the last nor rows behind it. */
static bool
same(const struct aw_grid *a, const struct aw_grid *b)
{
	for (size_t r = 0; r < a->count || r < b->count; r++)
		for (size_t c = 0; c < 40; c++)
			if (strcmp(aw_grid_at(a, r, c), aw_grid_at(b, r, c)) != 0)
				return false;
	return true;
}

static struct aw_str
csv_of(const struct aw_grid *grid)
{
	struct aw_buf out = { .arena = grid->arena };

	aw_grid_csv(grid, &out);
	return (struct aw_str){ aw_buf_z(&out), out.len };
}

static struct aw_str
ods_of(const struct aw_grid *grid)
{
	struct aw_bytes bytes;
	struct aw_error err = { 0 };

	assert_ok(aw_grid_ods(grid, "表<1>", 1, &bytes, &err));
	return (struct aw_str){ (const char *)bytes.at, bytes.len };
}

static void
comes_back(const struct aw_grid *grid)
{
	const struct aw_str ways[] = { csv_of(grid), ods_of(grid) };

	for (size_t i = 0; i < AW_COUNT(ways); i++) {
		struct aw_grid read = { .arena = grid->arena };
		struct aw_error err = { 0 };

		assert_ok(aw_grid_read(ways[i], "x", &read, &err));
		if (!same(grid, &read))
			fail_msg("way %zu: something came back otherwise", i);
	}
}

static void
what_goes_out_comes_back(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_grid grid = { .arena = &arena };

	(void)state;
	put_row(&grid, (const char *const[]){ "#table", "決策表", "lead_kind", NULL });
	put_row(&grid, (const char *const[]){ "", NULL });
	put_row(&grid, (const char *const[]){
			       "-", ">= 8", "\"a\", \"b\"", "=1+1", "@x", "+1", "", "last", NULL });
	put_row(&grid, (const char *const[]){ "'-", "''", "''-", "'x", "'", "\tx", NULL });
	put_row(&grid,
		(const char *const[]){ "  two  spaces ", "two\nlines\n", "a\tb", "<&>\"", NULL });
	comes_back(&grid);
}

/* A tab in a quoted cell of the first row does not make text with tabs of a CSV. */
static void
a_tab_in_a_heads_cell_is_no_separator(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_grid grid = { .arena = &arena };

	(void)state;
	put_row(&grid, (const char *const[]){ "a\tb", "\"x\"\t", "c", NULL });
	put_row(&grid, (const char *const[]){ "1", "2", "3", NULL });
	comes_back(&grid);
}

/* No cell of a CSV begins with what a spreadsheet computes; ODS has strings alone. */
static void
no_cell_is_a_formula(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_grid grid = { .arena = &arena };
	struct aw_str text;

	(void)state;
	put_row(&grid, (const char *const[]){ "=1+1", "+1", "-", "@x", "=a,\"b\"", NULL });
	text = csv_of(&grid);
	assert_true(aw_str_starts(text, "\xEF\xBB\xBF'=1+1,'+1,'-,'@x,\"'=a,\"\"b\"\"\""));
	text = ods_of(&grid);
	assert_memory_equal(
		text.at + 30, "mimetypeapplication/vnd.oasis.opendocument.spreadsheet", 54);
	assert_int_equal(text.at[8] | text.at[9], 0); /* stored */
	assert_null(memmem(text.at, text.len, "formula", 7));
}

/* What a spreadsheet's clipboard holds: quotes are the cell's own unless they must be quoting. */
static void
a_pasted_cell_keeps_its_quotes(void **state)
{
	static const struct {
		const char *text, *cells[4];
	} tries[] = {
		{ "\"a\"\t-\n", { "\"a\"", "-" } },
		{ "x\t\"a\", \"b\"\r\n", { "x", "\"a\", \"b\"" } },
		{ "x\t\"\"\"a\"\", \"\"b\"\"\"\n", { "x", "\"a\", \"b\"" } },
		{ "x\t\"two\nlines\"\ty", { "x", "two\nlines", "y" } },
		{ "x\t\"\"\ty", { "x", "\"\"", "y" } },
		{ "x\t\"never closed\ty", { "x", "\"never closed", "y" } },
		{ "x\t'-\t", { "x", "-", "" } },
		{ "\"two\tcells\"\ty", { "two\tcells", "y" } },
		{ "\"never closed\ty", { "\"never closed", "y" } },
	};
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(tries); i++) {
		struct aw_grid grid = { .arena = &arena };
		struct aw_error err = { 0 };

		assert_ok(aw_grid_read(aw_str(tries[i].text), "x", &grid, &err));
		assert_int_equal(grid.count, 1);
		for (size_t c = 0; c < 4; c++)
			assert_string_equal(aw_grid_at(&grid, 0, c),
				tries[i].cells[c] == NULL ? "" : tries[i].cells[c]);
	}
}

static void
what_is_no_table_or_too_much_is_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_grid grid = { .arena = &arena }, many = { .arena = &arena };
	struct aw_buf rows = { .arena = &arena };
	struct aw_error err = { 0 };

	(void)state;
	assert_fails(aw_grid_read(AW_STR_LIT("a,\x01\n"), "x", &grid, &err), AW_INVALID,
		"row 1, column B: a control character");
	aw_error_clear(&err);
	assert_fails(aw_grid_read(AW_STR_LIT("a,b\xEF\xBF\xBF\n"), "x", &grid, &err), AW_INVALID,
		"column B: a control character");
	aw_error_clear(&err);
	assert_fails(aw_grid_read((struct aw_str){ "a\0b", 3 }, "x", &grid, &err), AW_INVALID,
		"neither a spreadsheet nor text");
	aw_error_clear(&err);
	for (size_t i = 0; i <= AW_GRID_MOST_ROWS; i++)
		aw_buf_text(&rows, "a,b\n");
	assert_fails(aw_grid_read((struct aw_str){ rows.at, rows.len }, "x", &many, &err),
		AW_TOO_LARGE, "more than 4000 rows");
}

/* A few hundred bytes that would be a gigabyte. */
static void
a_sheet_that_repeats_a_row_for_ever_is_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_grid grid = { .arena = &arena };
	struct aw_buf csv = { .arena = &arena };
	struct aw_error err = { 0 };
	struct aw_str bomb, read;

	(void)state;
	put_row(&grid, (const char *const[]){ "a", NULL });
	for (size_t i = 0; i < 18; i++) /* one cell of 256 KiB, many times */
		aw_buf_text(&csv, i == 0 ? "x" : csv.at);
	for (size_t i = 0; i < 40; i++)
		put_row(&grid, (const char *const[]){ csv.at, NULL });
	bomb = ods_of(&grid);
	assert_true(bomb.len < 300000);
	assert_ok(aw_table_text(&arena, bomb, "x.ods", &read, &err));
	assert_fails(aw_table_text_most(&arena, bomb, "x.ods", 1 << 20, &read, &err), AW_TOO_LARGE,
		"too large");
}

/* Any text there is, however odd, and any shape. */
static void
random_grids_come_back(void **state)
{
	static const char *const pieces[] = { "'", "\"", "-", "=", ",", " ", "  ", "a", "列", "\n",
		"\t", "<", "&", "\"\"", "+", "@" };

	(void)state;
	srand(20211206);
	for (size_t round = 0; round < 300; round++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_grid grid = { .arena = &arena };
		size_t rows = 1 + (size_t)rand() % 5;

		put_row(&grid, (const char *const[]){ "#", NULL }); /* no tab in the first row */
		for (size_t r = 0; r < rows; r++) {
			aw_grid_row(&grid);
			for (size_t c = (size_t)rand() % 6; c > 0; c--) {
				struct aw_buf cell = { .arena = &arena };

				for (size_t n = (size_t)rand() % 5; n > 0; n--)
					aw_buf_text(
						&cell, pieces[(size_t)rand() % AW_COUNT(pieces)]);
				aw_grid_put(&grid, aw_str(aw_buf_z(&cell)));
			}
		}
		comes_back(&grid);
	}
}

AW_TESTS(cmocka_unit_test(what_goes_out_comes_back),
	cmocka_unit_test(a_tab_in_a_heads_cell_is_no_separator),
	cmocka_unit_test(no_cell_is_a_formula), cmocka_unit_test(a_pasted_cell_keeps_its_quotes),
	cmocka_unit_test(what_is_no_table_or_too_much_is_refused),
	cmocka_unit_test(a_sheet_that_repeats_a_row_for_ever_is_refused),
	cmocka_unit_test(random_grids_come_back))
