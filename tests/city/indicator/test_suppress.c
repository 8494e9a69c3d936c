/* city/indicator: hidden counts against a reader who knows all sums and tries every table that fits */
#include "../../testing.h"

#include "city/indicator/suppress.h"

enum { SIDE = 4, CELLS = SIDE * SIDE, LEAST = 5, TABLES = 3000 };

static uint32_t
next(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

/* -- the attacker ------------------------------------------------------------------------------------ */

/* Fills hidden cells one by one with everything that rows and columns still allow. */
struct attack {
	size_t rows, columns;
	const bool *hidden;
	int64_t row_left[SIDE], column_left[SIDE];
	int64_t trial[CELLS], least[CELLS], most[CELLS];
	size_t tables;
};

static bool
last_of(const struct attack *a, size_t cell, bool row)
{
	for (size_t i = cell + 1; i < a->rows * a->columns; i++) {
		if (a->hidden[i] && (row ? i / a->columns == cell / a->columns
					 : i % a->columns == cell % a->columns))
			return false;
	}
	return true;
}

static void
fill(struct attack *a, size_t cell)
{
	while (cell < a->rows * a->columns && !a->hidden[cell])
		cell++;
	if (cell == a->rows * a->columns) {
		a->tables++;
		for (size_t i = 0; i < cell; i++) {
			a->least[i] = a->trial[i] < a->least[i] ? a->trial[i] : a->least[i];
			a->most[i] = a->trial[i] > a->most[i] ? a->trial[i] : a->most[i];
		}
		return;
	}
	int64_t *row = &a->row_left[cell / a->columns],
		*column = &a->column_left[cell % a->columns];
	int64_t from = 0, to = *row < *column ? *row : *column;

	if (last_of(a, cell, true))
		from = *row;
	if (last_of(a, cell, false))
		from = *column > from ? *column : from;
	for (int64_t v = from; v <= to; v++) {
		a->trial[cell] = v;
		*row -= v;
		*column -= v;
		if ((!last_of(a, cell, true) || *row == 0) &&
			(!last_of(a, cell, false) || *column == 0))
			fill(a, cell + 1);
		*row += v;
		*column += v;
	}
}

/* Does a small cell come out as certainly small? */
static bool
found_out(const int64_t *at, size_t rows, size_t columns, const bool *hidden, bool exact)
{
	struct attack a = { .rows = rows, .columns = columns, .hidden = hidden };
	bool found = false;

	for (size_t i = 0; i < rows * columns; i++) {
		a.trial[i] = at[i];
		a.least[i] = INT64_MAX;
		a.row_left[i / columns] += hidden[i] ? at[i] : 0;
		a.column_left[i % columns] += hidden[i] ? at[i] : 0;
	}
	fill(&a, 0);
	assert_true(a.tables > 0); /* the true one at least */
	for (size_t i = 0; i < rows * columns; i++) {
		if (at[i] > 0 && at[i] < LEAST)
			found = found || !hidden[i] || a.most[i] < LEAST;
		if (exact && hidden[i])
			assert_int_equal(aw_suppress_most(at, rows, columns, hidden, i), a.most[i]);
	}
	return found;
}

/* -- tables -------------------------------------------------------------------------------------------- */

/* Small counts, many of them 0; sums of 1 to LEAST - 1 do not come: groups are put together first. */
static bool
made_up(uint64_t *seed, int64_t *at, size_t *ret_rows, size_t *ret_columns)
{
	size_t rows = 2 + next(seed, 2), columns = 2 + next(seed, SIDE - 1);

	for (size_t i = 0; i < rows * columns; i++)
		at[i] = next(seed, 3) == 0   ? 0
			: next(seed, 2) == 0 ? next(seed, 5)
					     : next(seed, 12);
	for (size_t r = 0; r < rows; r++) {
		int64_t sum = 0;
		for (size_t c = 0; c < columns; c++)
			sum += at[r * columns + c];
		if (sum > 0 && sum < LEAST)
			return false;
	}
	for (size_t c = 0; c < columns; c++) {
		int64_t sum = 0;
		for (size_t r = 0; r < rows; r++)
			sum += at[r * columns + c];
		if (sum > 0 && sum < LEAST)
			return false;
	}
	*ret_rows = rows;
	*ret_columns = columns;
	return true;
}

static void
no_small_count_is_found_out_from_the_sums(void **state)
{
	uint64_t seed = 1101206;
	size_t tables = 0, naive_found = 0, hidden_cells = 0, cells = 0;

	(void)state;
	while (tables < TABLES) {
		int64_t at[CELLS];
		bool hidden[CELLS], naive[CELLS];
		size_t rows, columns;

		if (!made_up(&seed, at, &rows, &columns))
			continue;
		tables++;
		aw_suppress(at, rows, columns, LEAST, hidden);
		assert_false(found_out(at, rows, columns, hidden, tables % 8 == 0));
		for (size_t i = 0; i < rows * columns; i++) {
			naive[i] = at[i] > 0 && at[i] < LEAST;
			hidden_cells += hidden[i];
			cells++;
		}
		naive_found += found_out(at, rows, columns, naive, false);
	}
	/* the control: hiding the small ones alone does not help */
	assert_true(naive_found > TABLES / 3);
	/* nor is all hidden to be safe */
	assert_true(hidden_cells < cells * 9 / 10);
}

static void
a_table_without_small_counts_is_shown_whole(void **state)
{
	static const int64_t at[] = { 5, 0, 9, 7, 12, 0 };
	bool hidden[6];

	(void)state;
	aw_suppress(at, 2, 3, LEAST, hidden);
	for (size_t i = 0; i < AW_COUNT(hidden); i++)
		assert_false(hidden[i]);
}

static void
small_groups_are_put_together_until_they_are_enough(void **state)
{
	static const int64_t totals[] = { 2, 40, 1, 0, 30, 6 }, few[] = { 1, 0, 2 };
	static const int64_t plain[] = { 5, 0, 8 };
	size_t into[AW_COUNT(totals)];

	(void)state;
	assert_true(aw_suppress_merge(totals, AW_COUNT(totals), LEAST, into));
	assert_int_equal(into[0], 5); /* 2 + 1 are too few: 6 joins them */
	assert_int_equal(into[2], 5);
	assert_int_equal(into[5], 5);
	assert_int_equal(into[1], 1);
	assert_int_equal(into[3], 3);
	assert_false(aw_suppress_merge(few, AW_COUNT(few), LEAST, into));
	assert_true(aw_suppress_merge(plain, AW_COUNT(plain), LEAST, into));
	assert_int_equal(into[0], 0);
	assert_int_equal(into[2], 2);
}

AW_TESTS(cmocka_unit_test(no_small_count_is_found_out_from_the_sums),
	cmocka_unit_test(a_table_without_small_counts_is_shown_whole),
	cmocka_unit_test(small_groups_are_put_together_until_they_are_enough))
