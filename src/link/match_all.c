/* All pairs of all blocks compared, a row against a whole block at a time. */
#include <string.h>

#include "base/parallel.h"
#include "link/match.h"
#include "link/room.h"

enum { WINDOW_STEP = 1024 };

/* What one thread works with: its block, field behind field, so that a row meets all others of a field in
 * one loop without a branch. */
struct seat {
	struct aw_memo memo;
	struct aw_match_count count;
	uint32_t *cells;  /* field x row */
	uint64_t *shapes; /* field x row, of dear fields */
	uint64_t *keys;	  /* pass x row */
	int32_t *totals;  /* of the row at hand with each other row */
	uint8_t *met;	  /* they meet in an earlier pass */
	size_t cell_room, shape_room, key_room, total_room, met_room;
};

struct all {
	const struct aw_matcher *matcher;
	const struct aw_blocks *blocks;
	aw_hit_fn *fn;
	void *arg;
	struct seat *seats;
	size_t pass;
	struct aw_shares shares;
};

/* The block at hand. */
struct block {
	const uint32_t *rows;
	size_t count;
};

/* -- a block fetched ----------------------------------------------------------------------------- */

/* Rows of a block are far apart in the table: what is compared of them is fetched once. */
static void
fetch(const struct all *all, struct seat *seat, size_t pass, struct block block)
{
	const struct aw_matcher *matcher = all->matcher;
	size_t width = matcher->spec->field_count, n = block.count;

	seat->cells = aw_room(seat->cells, n * width, &seat->cell_room, sizeof(uint32_t));
	seat->shapes = aw_room(seat->shapes, n * width, &seat->shape_room, sizeof(uint64_t));
	seat->keys = aw_room(seat->keys, n * pass, &seat->key_room, sizeof(uint64_t));
	seat->totals = aw_room(seat->totals, n, &seat->total_room, sizeof(int32_t));
	seat->met = aw_room(seat->met, n, &seat->met_room, 1);
	for (size_t i = 0; i < n; i++) {
		const uint32_t *cells = aw_table_row(matcher->table, block.rows[i]);
		const uint64_t *keys = aw_blocks_keys(all->blocks, block.rows[i]);

		for (size_t f = 0; f < width; f++)
			seat->cells[f * n + i] = cells[f];
		for (size_t p = 0; p < pass; p++)
			seat->keys[p * n + i] = keys[p];
	}
	for (size_t f = 0; f < width; f++) {
		const uint64_t *shapes = matcher->comparators[f].shapes;

		for (size_t i = 0; shapes != NULL && i < n; i++)
			seat->shapes[f * n + i] = shapes[seat->cells[f * n + i]];
	}
}

/* -- one row against the block ------------------------------------------------------------------- */

/* What two values of a field can add at most: equal ones, and others. */
struct most {
	int32_t equal, other;
};

/* The strongest level is for equal values alone, but for places: their texts may differ where their
 * parts do not. */
static inline int32_t
most_other(const struct aw_matcher *matcher, size_t f)
{
	const struct aw_comparator *comparator = &matcher->comparators[f];
	bool equal_alone = comparator->by_form ? comparator->form_field != AW_LINK_ADDRESS
					       : comparator->levels[1].kind == AW_LEVEL_EXACT;

	return matcher->fit->weight[f][equal_alone ? 2 : 1];
}

static struct most
most_of(const struct aw_matcher *matcher, size_t f, uint32_t a)
{
	const struct aw_comparator *comparator = &matcher->comparators[f];
	uint8_t equal = comparator->by_form ? 1 : comparator->equal;

	return (struct most){ aw_match_weight(matcher, f, equal, a, a), most_other(matcher, f) };
}

/* Adds a field for rows side by side: a few at a time, without a branch. */
static void
add_field(struct most most, uint32_t a, const uint32_t *restrict cells, size_t count,
	int32_t *restrict totals)
{
	for (size_t j = 0; j < count; j++) {
		int32_t weight = cells[j] == a ? most.equal : most.other;

		totals[j] += cells[j] == 0 ? 0 : weight;
	}
}

/* The most that row i can come to with rows j0 on, told by what is equal alone. */
static void
add_fields(const struct all *all, struct seat *seat, size_t n, size_t i, size_t j0)
{
	const struct aw_matcher *matcher = all->matcher;

	for (size_t j = j0; j < n; j++)
		seat->totals[j] = matcher->fit->prior_mbits;
	for (size_t f = 0; f < matcher->spec->field_count; f++) {
		const uint32_t *cells = seat->cells + f * n;

		if (cells[i] != 0)
			add_field(most_of(matcher, f, cells[i]), cells[i], cells + j0, n - j0,
				seat->totals + j0);
	}
}

/* Takes from the total what shapes say is too much; false when it falls below the least. */
static bool
shapes_allow(
	const struct aw_matcher *matcher, const struct seat *seat, size_t n, size_t i, size_t j)
{
	int32_t total = seat->totals[j];

	for (size_t k = 0; k < matcher->spec->field_count; k++) {
		size_t f = matcher->order[k];
		const struct aw_comparator *comparator = &matcher->comparators[f];
		const uint32_t *cells = seat->cells + f * n;
		const uint64_t *shapes = seat->shapes + f * n;
		uint8_t level;

		if (!comparator->dear || cells[i] == cells[j] || cells[i] == 0 || cells[j] == 0)
			continue;
		level = aw_comparator_best(comparator, cells[i], shapes[i], cells[j], shapes[j]);
		total += matcher->fit->weight[f][level] - most_other(matcher, f);
		if (total < matcher->least)
			return false;
	}
	return true;
}

/* Marks rows that meet row i in an earlier pass; returns how many do not. */
static size_t
mark_met(struct seat *seat, size_t pass, size_t n, size_t i, size_t j0)
{
	size_t met = 0;

	memset(seat->met + j0, 0, n - j0);
	for (size_t p = 0; p < pass; p++) {
		const uint64_t *keys = seat->keys + p * n;

		for (size_t j = j0; keys[i] != 0 && j < n; j++)
			seat->met[j] |= keys[j] == keys[i] ? 1 : 0;
	}
	for (size_t j = j0; j < n; j++)
		met += seat->met[j];
	return n - j0 - met;
}

/* -- pairs that are left ------------------------------------------------------------------------- */

/* What every field does say. */
static void
weigh_pair(const struct all *all, size_t thread, uint32_t left, uint32_t right)
{
	const struct aw_matcher *matcher = all->matcher;
	const uint32_t *a = aw_table_row(matcher->table, left);
	const uint32_t *b = aw_table_row(matcher->table, right);
	struct aw_hit hit = { .total = matcher->fit->prior_mbits, .left = left, .right = right };

	for (size_t k = 0; k < matcher->spec->field_count; k++) {
		size_t f = matcher->order[k];
		uint8_t level;

		if (hit.total + matcher->remaining[k] < matcher->least)
			return;
		level = aw_match_level(matcher, &all->seats[thread].memo, f, a[f], b[f]);
		hit.total += aw_match_weight(matcher, f, level, a[f], b[f]);
		hit.pattern += level * matcher->radix[f];
	}
	if (hit.total >= matcher->least)
		all->fn(all->arg, thread, &hit);
}

/* First of the block's rows that is a right one. */
static size_t
border(const struct aw_table *table, struct block block)
{
	size_t low = 0, high = block.count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (block.rows[middle] < table->left_rows)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* First the most that a pair can come to by what is equal, then by shapes; both cost little and let go of
 * nearly all pairs. What is left is compared. Nothing says less than the levels will, and weights fall
 * with the levels, so no pair is let go that would have reached the least weight. */
static void
match_block(void *arg, size_t thread, size_t pass, const uint32_t *rows, size_t count)
{
	const struct all *all = arg;
	struct seat *seat = &all->seats[thread];
	struct block block = { rows, count };
	bool link = all->matcher->spec->mode == AW_MODE_LINK;
	size_t middle = link ? border(all->matcher->table, block) : count;

	if (link && (middle == 0 || middle == count))
		return;
	fetch(all, seat, pass, block);
	for (size_t i = 0; i < middle; i++) {
		size_t j0 = link ? middle : i + 1;

		seat->count.met += mark_met(seat, pass, count, i, j0);
		add_fields(all, seat, count, i, j0);
		for (size_t j = j0; j < count; j++)
			if (seat->totals[j] >= all->matcher->least && seat->met[j] == 0 &&
				shapes_allow(all->matcher, seat, count, i, j))
				weigh_pair(all, thread, rows[i], rows[j]);
	}
}

/* -- windows ------------------------------------------------------------------------------------- */

static void
match_near(const struct all *all, size_t thread, uint32_t a, uint32_t b)
{
	const struct aw_blocks *blocks = all->blocks;
	size_t left_rows = all->matcher->table->left_rows;
	uint32_t first = a < b ? a : b, second = a < b ? b : a;

	if (all->matcher->spec->mode == AW_MODE_LINK && (first >= left_rows || second < left_rows))
		return;
	if (aw_blocks_met(aw_blocks_keys(blocks, a), aw_blocks_keys(blocks, b), blocks->passes) ||
		aw_blocks_near(blocks, all->pass, a, b))
		return;
	all->seats[thread].count.windows++;
	weigh_pair(all, thread, first, second);
}

static void
match_windows(void *arg, size_t thread)
{
	struct all *all = arg;
	const struct aw_windows *windows = &all->blocks->windows[all->pass];
	size_t from, to, window = all->matcher->spec->window;

	while (aw_share_take(&all->shares, &from, &to)) {
		for (size_t i = from; i < to; i++) {
			uint32_t a = windows->rows[i];

			for (size_t j = i + 1; a != UINT32_MAX && j <= i + window; j++) {
				if (j >= windows->count || windows->rows[j] == UINT32_MAX)
					break;
				match_near(all, thread, a, windows->rows[j]);
			}
		}
	}
}

/* -- the whole ----------------------------------------------------------------------------------- */

static void
seat_done(struct seat *seat)
{
	aw_memo_done(&seat->memo);
	free(seat->cells);
	free(seat->shapes);
	free(seat->keys);
	free(seat->totals);
	free(seat->met);
}

void
aw_match_all(const struct aw_matcher *matcher, const struct aw_blocks *blocks, size_t threads,
	aw_hit_fn *fn, void *arg, struct aw_match_count *ret_count)
{
	struct all all = { .matcher = matcher, .blocks = blocks, .fn = fn, .arg = arg };
	struct aw_match_count sum = { 0 };

	all.seats = aw_room_new(threads, sizeof(*all.seats));
	for (size_t t = 0; t < threads; t++)
		aw_memo_make(matcher, &all.seats[t].memo);
	for (size_t p = 0; p < blocks->passes; p++)
		aw_blocks_each(blocks, p, threads, match_block, &all);
	for (all.pass = 0; all.pass < blocks->passes; all.pass++) {
		all.shares = (struct aw_shares){ .total = blocks->windows[all.pass].count,
			.step = WINDOW_STEP };
		aw_parallel(threads, match_windows, &all);
	}
	for (size_t t = 0; t < threads; t++) {
		sum.met += all.seats[t].count.met;
		sum.windows += all.seats[t].count.windows;
		seat_done(&all.seats[t]);
	}
	free(all.seats);
	*ret_count = sum;
}
