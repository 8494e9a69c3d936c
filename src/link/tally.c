/* Patterns and levels counted. */
#include "link/tally.h"

#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"
#include "link/room.h"

enum {
	PASS_PAIRS = 3000000,	/* of a pass that are counted: about this many */
	RANDOM_PAIRS = 1 << 20, /* most */
	RANDOM_ROUND = 1 << 17, /* after each the levels are looked at */
	SEEN_ENOUGH = 1000,	/* of each level but the last */
	FIRST_SLOTS = 1024,
	DRAW_STEP = 4096
};

/* -- pairs of a pass ----------------------------------------------------------------------------- */

/* Open addressing by pattern + 1. */
struct counter {
	struct aw_pattern_count *slots;
	size_t slot_count, used;
	uint64_t pairs;
	struct aw_memo memo;
};

static struct aw_pattern_count *
slot_of(struct aw_pattern_count *slots, size_t slot_count, uint64_t stored)
{
	size_t at = aw_link_mix(stored) & (slot_count - 1);

	while (slots[at].pattern != 0 && slots[at].pattern != stored)
		at = (at + 1) & (slot_count - 1);
	return &slots[at];
}

static void
grow(struct counter *counter)
{
	size_t count = counter->slot_count == 0 ? FIRST_SLOTS : counter->slot_count * 2;
	struct aw_pattern_count *slots = aw_room_new(count, sizeof(*slots));

	for (size_t i = 0; i < counter->slot_count; i++)
		if (counter->slots[i].pattern != 0)
			*slot_of(slots, count, counter->slots[i].pattern) = counter->slots[i];
	free(counter->slots);
	counter->slots = slots;
	counter->slot_count = count;
}

static void
add_count(struct counter *counter, uint64_t stored, uint64_t all, uint64_t first)
{
	struct aw_pattern_count *slot;

	if (counter->used * 2 >= counter->slot_count)
		grow(counter);
	slot = slot_of(counter->slots, counter->slot_count, stored);
	counter->used += slot->pattern == 0 ? 1 : 0;
	slot->pattern = stored;
	slot->all += all;
	slot->first += first;
}

struct tallying {
	const struct aw_matcher *matcher;
	const struct aw_blocks *blocks;
	struct counter *counters;
	uint64_t seed;
	uint64_t below; /* blocks whose hash is below this are counted */
	atomic_uint_fast64_t pairs;
};

/* Rows before the border are left ones. */
static uint64_t
pairs_of(const struct tallying *t, const uint32_t *rows, size_t count, size_t *ret_middle)
{
	size_t middle = 0;

	*ret_middle = count;
	if (t->matcher->spec->mode != AW_MODE_LINK)
		return (uint64_t)count * (count - 1) / 2;
	while (middle < count && rows[middle] < t->matcher->table->left_rows)
		middle++;
	*ret_middle = middle;
	return (uint64_t)middle * (count - middle);
}

static void
size_block(void *arg, size_t thread, size_t pass, const uint32_t *rows, size_t count)
{
	struct tallying *t = arg;
	size_t middle;

	(void)thread;
	(void)pass;
	atomic_fetch_add(&t->pairs, pairs_of(t, rows, count, &middle));
}

static void
ask_for(void *arg, uint32_t row)
{
	const struct tallying *t = arg;

	__builtin_prefetch(aw_table_row(t->matcher->table, row));
	__builtin_prefetch(aw_blocks_keys(t->blocks, row));
}

static void
tally_block(void *arg, size_t thread, size_t pass, const uint32_t *rows, size_t count)
{
	struct tallying *t = arg;
	const struct aw_table *table = t->matcher->table;
	struct counter *counter = &t->counters[thread];
	bool link = t->matcher->spec->mode == AW_MODE_LINK;
	uint8_t levels[AW_SPEC_FIELDS];
	size_t middle;

	if (aw_link_mix(t->seed ^ aw_blocks_keys(t->blocks, rows[0])[pass]) >= t->below)
		return;
	counter->pairs += pairs_of(t, rows, count, &middle);
	for (size_t i = 0; i < middle; i++) {
		const uint64_t *keys = aw_blocks_keys(t->blocks, rows[i]);

		for (size_t j = link ? middle : i + 1; j < count; j++) {
			bool met = aw_blocks_met(keys, aw_blocks_keys(t->blocks, rows[j]), pass);

			aw_match_levels(t->matcher, &counter->memo, aw_table_row(table, rows[i]),
				aw_table_row(table, rows[j]), levels);
			add_count(counter, aw_pattern(t->matcher, levels) + 1, 1, met ? 0 : 1);
		}
	}
}

static int
by_pattern(const void *a, const void *b)
{
	const struct aw_pattern_count *x = a, *y = b;

	return x->pattern < y->pattern ? -1 : x->pattern > y->pattern ? 1 : 0;
}

/* All threads' counts in one, sorted: whoever counted what, the answer is the same. */
static void
gather(struct counter *counters, size_t threads, struct aw_tally *tally)
{
	struct counter *sum = &counters[0];

	for (size_t t = 1; t < threads; t++) {
		for (size_t i = 0; i < counters[t].slot_count; i++) {
			const struct aw_pattern_count *slot = &counters[t].slots[i];

			if (slot->pattern != 0)
				add_count(sum, slot->pattern, slot->all, slot->first);
		}
		sum->pairs += counters[t].pairs;
	}
	tally->counts = aw_room_new(sum->used, sizeof(*tally->counts));
	for (size_t i = 0; i < sum->slot_count; i++) {
		if (sum->slots[i].pattern == 0)
			continue;
		tally->counts[tally->count] = sum->slots[i];
		tally->counts[tally->count++].pattern--;
	}
	qsort(tally->counts, tally->count, sizeof(*tally->counts), by_pattern);
	tally->looked = sum->pairs;
}

void
aw_tally_pass(const struct aw_matcher *matcher, const struct aw_blocks *blocks, size_t pass,
	uint64_t seed, size_t threads, struct aw_tally *ret_tally)
{
	struct tallying t = { .matcher = matcher, .blocks = blocks, .seed = aw_link_mix(seed + 1) };
	struct aw_tally tally = { 0 };

	atomic_init(&t.pairs, 0);
	aw_blocks_each(blocks, pass, threads, &(struct aw_block_visit){ size_block, NULL, &t });
	tally.pairs = atomic_load(&t.pairs);
	t.below = UINT64_MAX;
	if (tally.pairs > PASS_PAIRS)
		t.below = (uint64_t)((double)PASS_PAIRS / (double)tally.pairs * 0x1p63) * 2;
	t.counters = aw_room_new(threads, sizeof(*t.counters));
	for (size_t i = 0; i < threads; i++)
		aw_memo_make(matcher, &t.counters[i].memo);
	aw_blocks_each(blocks, pass, threads, &(struct aw_block_visit){ tally_block, ask_for, &t });
	gather(t.counters, threads, &tally);
	for (size_t i = 0; i < threads; i++) {
		aw_memo_done(&t.counters[i].memo);
		free(t.counters[i].slots);
	}
	free(t.counters);
	*ret_tally = tally;
}

void
aw_tally_done(struct aw_tally *tally)
{
	free(tally->counts);
	*tally = (struct aw_tally){ 0 };
}

/* -- random pairs -------------------------------------------------------------------------------- */

typedef uint64_t level_counts[AW_SPEC_FIELDS][AW_SPEC_LEVELS];

struct drawing {
	const struct aw_matcher *matcher;
	uint64_t seed, first; /* number of the round's first pair */
	uint64_t asking;      /* bit f: the field is still compared */
	bool every;	      /* all pairs one after the other, none drawn */
	struct aw_shares shares;
	level_counts *counts; /* one a thread */
};

double
aw_tally_possible(const struct aw_matcher *matcher)
{
	double rows = (double)matcher->table->rows, left = (double)matcher->table->left_rows;

	return matcher->spec->mode == AW_MODE_LINK ? left * (rows - left) : rows * (rows - 1) / 2;
}

/* Uniform below `below`, from a number (Lemire 2019, without the rejection: the bias is below 2^-32). */
static size_t
scaled(uint64_t random, size_t below)
{
	return (size_t)(((random >> 32) * below) >> 32);
}

/* Pair number n: drawn by it and the seed, or the n-th of all. False when a row was drawn twice. */
static bool
pair_of(const struct drawing *d, uint64_t n, size_t *ret_a, size_t *ret_b)
{
	const struct aw_table *table = d->matcher->table;
	bool link = d->matcher->spec->mode == AW_MODE_LINK;
	size_t right = table->rows - table->left_rows;

	if (d->every) {
		size_t width = link ? right : table->rows;

		*ret_a = (size_t)(n / width);
		*ret_b = (size_t)(n % width) + (link ? table->left_rows : 0);
		return link || *ret_a < *ret_b;
	}
	n = aw_link_mix(d->seed ^ aw_link_mix(n + 1));
	*ret_a = scaled(n, link ? table->left_rows : table->rows);
	n = aw_link_mix(n + UINT64_C(0x9E3779B97F4A7C15));
	*ret_b = link ? table->left_rows + scaled(n, right) : scaled(n, table->rows);
	return *ret_a != *ret_b;
}

static void
draw(void *arg, size_t thread)
{
	struct drawing *d = arg;
	const struct aw_table *table = d->matcher->table;
	const struct aw_comparator *comparators = d->matcher->comparators;
	size_t from, to, a, b;

	while (aw_share_take(&d->shares, &from, &to)) {
		for (size_t n = from; n < to; n++) {
			const uint32_t *x, *y;

			if (!pair_of(d, d->first + n, &a, &b))
				continue;
			x = aw_table_row(table, a);
			y = aw_table_row(table, b);
			for (size_t f = 0; f < table->field_count; f++) {
				uint8_t level;

				if (x[f] == y[f] || x[f] == 0 || y[f] == 0 ||
					(d->asking >> f & 1) == 0)
					continue;
				level = aw_comparator_level(&comparators[f], x[f], y[f]);
				d->counts[thread][f][level]++;
			}
		}
	}
}

/* How often a value is on each side. */
static void
count_sides(const struct aw_table *table, size_t f, uint32_t *left)
{
	for (size_t r = 0; r < table->left_rows; r++)
		left[aw_table_row(table, r)[f]]++;
}

/* Shares of the levels of equal values among all pairs that have the field on both sides. */
static void
equal_shares(const struct aw_matcher *matcher, size_t f, double ret[AW_SPEC_LEVELS])
{
	const struct aw_table *table = matcher->table;
	const struct aw_column *column = &table->columns[f];
	bool link = matcher->spec->mode == AW_MODE_LINK;
	uint32_t *left = aw_room_new((size_t)column->count + 1, sizeof(*left));
	double all = 0.0, on_left = 0.0, there = (double)(table->rows - column->frequency[0]);

	if (link)
		count_sides(table, f, left);
	for (uint32_t v = 1; v <= column->count; v++) {
		double n = column->frequency[v], l = left[v];
		double pairs = link ? l * (n - l) : n * (n - 1) / 2;

		on_left += l;
		if (pairs > 0.0)
			ret[aw_comparator_level(&matcher->comparators[f], v, v)] += pairs;
	}
	all = link ? on_left * (there - on_left) : there * (there - 1) / 2;
	for (size_t l = 0; l < AW_SPEC_LEVELS; l++)
		ret[l] = all > 0.0 ? ret[l] / all : 0.0;
	free(left);
}

/* A field is asked no more when each of its levels but first and last was seen often enough. */
static void
stop_asking(struct drawing *d, size_t threads)
{
	for (size_t f = 0; f < d->matcher->spec->field_count; f++) {
		bool enough = true;

		for (size_t l = 2; l + 1 < d->matcher->comparators[f].count; l++) {
			uint64_t seen = 0;

			for (size_t t = 0; t < threads; t++)
				seen += d->counts[t][f][l];
			enough &= seen >= SEEN_ENOUGH;
		}
		if (enough)
			d->asking &= ~(UINT64_C(1) << f);
	}
}

static void
set_u(const struct aw_matcher *matcher, level_counts *counts, size_t threads, struct aw_fit *fit)
{
	for (size_t f = 0; f < matcher->spec->field_count; f++) {
		double equal[AW_SPEC_LEVELS] = { 0 }, seen[AW_SPEC_LEVELS] = { 0 };
		double all_equal = 0.0, all_seen = 0.0;

		equal_shares(matcher, f, equal);
		for (size_t l = 1; l < matcher->comparators[f].count; l++) {
			for (size_t t = 0; t < threads; t++)
				seen[l] += (double)counts[t][f][l];
			all_seen += seen[l];
			all_equal += equal[l];
		}
		for (size_t l = 1; l < matcher->comparators[f].count; l++)
			fit->u[f][l] =
				equal[l] +
				(all_seen > 0.0 ? (1.0 - all_equal) * seen[l] / all_seen : 0.0);
	}
}

void
aw_tally_random(const struct aw_matcher *matcher, uint64_t seed, size_t threads, struct aw_fit *fit,
	struct aw_trained *trained)
{
	double possible = aw_tally_possible(matcher), rows = (double)matcher->table->rows;
	struct drawing d = { .matcher = matcher, .seed = aw_link_mix(seed + 2) };
	size_t total = RANDOM_PAIRS;

	d.every = 2 * possible <= RANDOM_PAIRS;
	if (d.every)
		total = (size_t)(matcher->spec->mode == AW_MODE_LINK ? possible : rows * rows);
	d.counts = aw_room_new(threads, sizeof(*d.counts));
	d.asking = (UINT64_C(1) << matcher->spec->field_count) - 1;
	while (d.first < total && d.asking != 0) {
		size_t left = total - (size_t)d.first;

		d.shares = (struct aw_shares){ .total = left < RANDOM_ROUND ? left : RANDOM_ROUND,
			.step = DRAW_STEP };
		aw_parallel(threads, draw, &d);
		d.first += d.shares.total;
		if (!d.every)
			stop_asking(&d, threads);
	}
	set_u(matcher, d.counts, threads, fit);
	trained->all_pairs = d.every;
	trained->random_pairs = d.every ? (uint64_t)possible : d.first;
	free(d.counts);
}
