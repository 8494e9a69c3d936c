/* fuzz/grid - any bytes as a sheet that somebody uploads or pastes; what was read goes out as CSV and as ODS,
 * and is the same grid when it comes back. */
#include <stdlib.h>
#include <string.h>

#include "text/grid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Empty rows and cells at the end are none: a sheet has no end of its own. */
static void
check_same(const struct aw_grid *a, const struct aw_grid *b)
{
	size_t rows = a->count > b->count ? a->count : b->count;

	for (size_t row = 0; row < rows; row++) {
		size_t cells = row < a->count ? a->rows[row].count : 0;

		if (row < b->count && b->rows[row].count > cells)
			cells = b->rows[row].count;
		for (size_t i = 0; i < cells; i++)
			if (strcmp(aw_grid_at(a, row, i), aw_grid_at(b, row, i)) != 0)
				abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_grid grid = { .arena = &arena }, csv = grid, ods = grid;
	struct aw_buf text = { .arena = &arena };
	struct aw_error err = { 0 };
	struct aw_bytes bytes;

	if (size > 16384 || aw_grid_read((struct aw_str){ (const char *)data, size }, "x", &grid,
				    &err) != AW_OK)
		return 0;
	aw_grid_csv(&grid, &text);
	if (text.len <= AW_GRID_MOST_BYTES) {
		if (aw_grid_read((struct aw_str){ text.at, text.len }, "x", &csv, &err) != AW_OK)
			abort();
		check_same(&grid, &csv);
	}
	if (aw_grid_ods(&grid, "x", 1, &bytes, &err) != AW_OK)
		abort();
	if (aw_grid_read((struct aw_str){ (const char *)bytes.at, bytes.len }, "x", &ods, &err) !=
		AW_OK)
		abort();
	check_same(&grid, &ods);
	return 0;
}
