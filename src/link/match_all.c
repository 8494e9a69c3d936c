/* All pairs of all blocks compared, a row against a whole block at a time. */
#include <string.h>

#include "base/parallel.h"
#include "link/match_block.h"
#include "link/room.h"

enum { WINDOW_STEP = 1024 };

/* What one thread works with. */
struct seat {
	struct aw_memo memo;
	struct aw_match_count count;
	struct aw_ring ring;
};

struct all {
	const struct aw_matcher *matcher;
	const struct aw_blocks *blocks;
	struct aw_bout bout;
	aw_hit_fn *fn;
	void *arg;
	struct seat *seats;
	size_t pass;
	struct aw_shares shares;
};

/* -- pairs that are left ------------------------------------------------------------------------- */

/* What every field does say. */
static void
weigh_pair(void *arg, size_t thread, uint32_t left, uint32_t right)
{
	const struct all *all = arg;
	const struct aw_matcher *matcher = all->matcher;
	const uint32_t *a = aw_deck_card(&all->bout.deck, left);
	const uint32_t *b = aw_deck_card(&all->bout.deck, right);
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
border(const struct aw_table *table, const uint32_t *rows, size_t count)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (rows[middle] < table->left_rows)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
ask_for(void *arg, uint32_t row)
{
	const struct all *all = arg;

	__builtin_prefetch(aw_deck_card(&all->bout.deck, row));
}

static void
match_block(void *arg, size_t thread, size_t pass, const uint32_t *rows, size_t count)
{
	struct all *all = arg;
	struct seat *seat = &all->seats[thread];
	bool link = all->matcher->spec->mode == AW_MODE_LINK;
	size_t middle = link ? border(all->matcher->table, rows, count) : count;

	if (link && (middle == 0 || middle == count))
		return;
	seat->count.met += aw_bout_block(&all->bout, &seat->ring, pass, rows, count, middle);
}

/* -- windows ------------------------------------------------------------------------------------- */

static void
match_near(struct all *all, size_t thread, uint32_t a, uint32_t b)
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

void
aw_match_all(const struct aw_matcher *matcher, const struct aw_blocks *blocks, size_t threads,
	aw_hit_fn *fn, void *arg, struct aw_match_count *ret_count)
{
	struct all all = { .matcher = matcher, .blocks = blocks, .fn = fn, .arg = arg };
	struct aw_match_count sum = { 0 };

	all.seats = aw_room_new(threads, sizeof(*all.seats));
	for (size_t t = 0; t < threads; t++) {
		aw_memo_make(matcher, &all.seats[t].memo);
		all.seats[t].ring.thread = t;
	}
	aw_bout_make(matcher, blocks->passes, threads, &all.bout);
	all.bout.fn = weigh_pair;
	all.bout.arg = &all;
	for (size_t p = 0; p < blocks->passes; p++)
		aw_blocks_each(
			blocks, p, threads, &(struct aw_block_visit){ match_block, ask_for, &all });
	for (all.pass = 0; all.pass < blocks->passes; all.pass++) {
		all.shares = (struct aw_shares){ .total = blocks->windows[all.pass].count,
			.step = WINDOW_STEP };
		aw_parallel(threads, match_windows, &all);
	}
	for (size_t t = 0; t < threads; t++) {
		sum.met += all.seats[t].count.met;
		sum.windows += all.seats[t].count.windows;
		aw_memo_done(&all.seats[t].memo);
		aw_ring_done(&all.seats[t].ring);
	}
	aw_bout_done(&all.bout);
	free(all.seats);
	*ret_count = sum;
}
