/* Rows of a block against each other, eight at a time. */
#include "link/match_block.h"

#include <string.h>

#include "link/room.h"

/* One text of the loops, compiled once for every machine and once for what most have. */
#define INLINE static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define HAS_WIDE 1
#define WIDE __attribute__((target("avx2,popcnt")))
#else
#define HAS_WIDE 0
#endif

enum { LANES = 8, LENGTHS_AND_COMMON = AW_SHAPE_LENGTHS * AW_SHAPE_LENGTHS };

/* Eight numbers side by side, wherever they lie. */
typedef int32_t lanes
	__attribute__((vector_size(LANES * sizeof(int32_t)), aligned(sizeof(int32_t)), may_alias));
typedef uint32_t shapes __attribute__((
	vector_size(LANES * sizeof(uint32_t)), aligned(sizeof(uint32_t)), may_alias));

/* The block at hand. */
struct block {
	const struct aw_bout *bout;
	const uint32_t *words;
	const int32_t *base;
	const uint32_t *rows;
	size_t count, stride; /* rows; from one word to the next */
	size_t pass, thread;
};

/* A dear field of the row at hand. */
struct look {
	const struct aw_comparator *comparator;
	const int32_t *losses; /* of values as long as the row's */
	const uint32_t *cells, *shapes;
	uint32_t cell, shape;
};

/* An earlier block of the row at hand. */
struct past {
	const uint32_t *words;
	int32_t number;
};

/* The row at hand: what it asks of the others. */
struct row {
	size_t at;
	int32_t least;
	int32_t cells[AW_SPEC_FIELDS], gains[AW_SPEC_FIELDS];
	struct look looks[AW_SPEC_FIELDS];
	size_t look_count;
	struct past pasts[AW_SPEC_BLOCKS];
	size_t past_count;
};

/* -- what all blocks have in common -------------------------------------------------------------- */

/* The strongest level is for equal values alone, but for places: their texts may differ where their
 * parts do not. */
static int32_t
most_other(const struct aw_matcher *matcher, size_t f)
{
	const struct aw_comparator *comparator = &matcher->comparators[f];
	bool equal_alone = comparator->by_form ? comparator->form_field != AW_LINK_ADDRESS
					       : comparator->levels[1].kind == AW_LEVEL_EXACT;

	return matcher->fit->weight[f][equal_alone ? 2 : 1];
}

/* What the strongest level that two shapes leave open is short of the most that two values can add. */
static int32_t *
losses_of(const struct aw_comparator *comparator, const int32_t *weight, int32_t other)
{
	size_t count = (size_t)AW_SHAPE_LENGTHS * AW_SHAPE_LENGTHS * AW_SHAPE_LENGTHS;
	int32_t *losses = aw_room_new(count, sizeof(*losses));

	for (size_t i = 0; i < count; i++) {
		uint8_t level = comparator->best[i];

		/* what sounds alike is asked for itself, and may be stronger */
		if (comparator->sound != 0 && comparator->sound < level)
			level = comparator->sound;
		losses[i] = weight[level] - other;
	}
	return losses;
}

void
aw_bout_make(
	const struct aw_matcher *matcher, size_t passes, size_t threads, struct aw_bout *ret_bout)
{
	struct aw_bout *bout = ret_bout;

	*bout = (struct aw_bout){ .matcher = matcher };
	aw_deck_make(matcher, passes, threads, &bout->deck);
	for (size_t f = 0; f < matcher->spec->field_count; f++) {
		const struct aw_comparator *comparator = &matcher->comparators[f];
		const int32_t *weight = matcher->fit->weight[f];

		bout->other[f] = most_other(matcher, f);
		bout->equal[f] = weight[comparator->by_form ? 1 : comparator->equal];
		if (comparator->dear)
			bout->losses[f] = losses_of(comparator, weight, bout->other[f]);
	}
#if HAS_WIDE
	bout->plain = !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("popcnt");
#else
	bout->plain = true;
#endif
}

void
aw_bout_done(struct aw_bout *bout)
{
	aw_deck_done(&bout->deck);
	for (size_t f = 0; f < AW_SPEC_FIELDS; f++) {
		free(bout->losses[f]);
		bout->losses[f] = NULL;
	}
}

void
aw_ring_done(struct aw_ring *ring)
{
	free(ring->words);
	free(ring->base);
	*ring = (struct aw_ring){ 0 };
}

/* -- a block laid out ---------------------------------------------------------------------------- */

static struct block
lay_out(const struct aw_bout *bout, struct aw_ring *ring, size_t pass, const uint32_t *rows,
	size_t n)
{
	const struct aw_deck *deck = &bout->deck;
	size_t width = deck->fields + deck->dear_count + pass, stride = n + LANES;

	ring->words = aw_room(ring->words, width * stride, &ring->word_room, sizeof(uint32_t));
	ring->base = aw_room(ring->base, stride, &ring->base_room, sizeof(int32_t));
	for (size_t i = 0; i < n; i++) {
		uint32_t *card = aw_deck_card(deck, rows[i]);

		for (size_t w = 0; w < width; w++)
			ring->words[w * stride + i] = card[w];
		card[width] = rows[0] + 1; /* no other block of this pass begins with it */
		ring->base[i] = bout->matcher->fit->prior_mbits;
	}
	for (size_t w = 0; w < width; w++) /* lanes behind the end are nobody's */
		memset(&ring->words[w * stride + n], 0, LANES * sizeof(uint32_t));
	memset(&ring->base[n], 0, LANES * sizeof(int32_t));
	for (size_t f = 0; f < deck->fields; f++)
		for (size_t i = 0; i < n; i++)
			ring->base[i] += ring->words[f * stride + i] == 0 ? 0 : bout->other[f];
	return (struct block){ bout, ring->words, ring->base, rows, n, stride, pass, ring->thread };
}

/* -- the row at hand ----------------------------------------------------------------------------- */

/* What a field adds where values are equal to the row's: instead of what they can add when they are not.
 * Where the row has none, what others were taken to add comes off; those without have nothing to lose. */
INLINE void
ask_equal(const struct block *block, size_t f, struct row *row)
{
	const struct aw_matcher *matcher = block->bout->matcher;
	uint32_t cell = block->words[f * block->stride + row->at];
	int32_t other = block->bout->other[f];

	row->cells[f] = (int32_t)cell;
	if (cell == 0) {
		row->gains[f] = other;
		row->least += other;
		return;
	}
	row->gains[f] = block->bout->equal[f] - other;
	if (matcher->rarity[f] != NULL &&
		(matcher->comparators[f].by_form || matcher->comparators[f].equal == 1))
		row->gains[f] += matcher->rarity[f][cell];
}

INLINE void
ask_row(const struct block *block, size_t i, struct row *row)
{
	const struct aw_deck *deck = &block->bout->deck;
	const struct aw_matcher *matcher = block->bout->matcher;
	const uint32_t *word = block->words + deck->fields * block->stride;

	row->at = i;
	row->least = matcher->least;
	row->look_count = row->past_count = 0;
	for (size_t f = 0; f < deck->fields; f++)
		ask_equal(block, f, row);
	for (size_t d = 0; d < deck->dear_count; d++, word += block->stride) {
		size_t f = deck->dear[d];

		if (row->cells[f] != 0)
			row->looks[row->look_count++] = (struct look){ &matcher->comparators[f],
				block->bout->losses[f] +
					(word[i] >> AW_SHAPE_KINDS) * LENGTHS_AND_COMMON,
				block->words + f * block->stride, word, (uint32_t)row->cells[f],
				word[i] };
	}
	for (size_t p = 0; p < block->pass; p++, word += block->stride)
		if (word[i] != 0)
			row->pasts[row->past_count++] = (struct past){ word, (int32_t)word[i] };
}

/* -- against the others -------------------------------------------------------------------------- */

INLINE bool
any(const lanes *mask)
{
	uint64_t words[sizeof(*mask) / sizeof(uint64_t)], all = 0;

	memcpy(words, mask, sizeof(*mask));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		all |= words[i];
	return all != 0;
}

/* Ones in each of eight words, as aw_ones(). */
INLINE void
count_ones(shapes *x)
{
	*x -= *x >> 1 & 0x55555555;
	*x = (*x & 0x33333333) + (*x >> 2 & 0x33333333);
	/* NOLINTNEXTLINE(analyzer-shift-count-overflow): eight words, each of 32 bits */
	*x = (*x + (*x >> 4)) & 0x0f0f0f0f;
	/* NOLINTNEXTLINE(analyzer-shift-count-overflow): eight words, each of 32 bits */
	*x += *x >> 8;
	/* NOLINTNEXTLINE(analyzer-shift-count-overflow): eight words, each of 32 bits */
	*x = (*x + (*x >> 16)) & 0x3f;
}

/* Takes from the totals of a dear field's values from j on what their shapes say is too much:
 * aw_shapes_index(), eight at once. */
INLINE void
take_loss(const struct look *look, size_t j, lanes *totals)
{
	const uint32_t kinds = (UINT32_C(1) << AW_SHAPE_KINDS) - 1;
	lanes cells = *(const lanes *)(look->cells + j), loss = { 0 };
	shapes theirs = *(const shapes *)(look->shapes + j);
	/* NOLINTNEXTLINE(analyzer-shift-count-overflow): eight words, each of 32 bits */
	shapes length = theirs >> AW_SHAPE_KINDS;
	shapes only_mine = ~theirs & look->shape & kinds,
	       only_theirs = theirs & ~look->shape & kinds;
	shapes mine_in, theirs_in, fewer, at;

	count_ones(&only_mine);
	count_ones(&only_theirs);
	mine_in = (look->shape >> AW_SHAPE_KINDS) - only_mine;
	theirs_in = length - only_theirs;
	fewer = (shapes)(mine_in < theirs_in);
	at = length * AW_SHAPE_LENGTHS + ((mine_in & fewer) | (theirs_in & ~fewer));
	for (size_t k = 0; k < LANES; k++)
		loss[k] = look->losses[at[k]];
	*totals += loss & (cells != 0) & (cells != (int32_t)look->cell);
}

/* Rows from j on that were in one block with the row at hand before. */
INLINE void
find_met(const struct row *row, size_t j, lanes *ret_met)
{
	lanes met = { 0 };

	for (size_t p = 0; p < row->past_count; p++)
		met |= *(const lanes *)(row->pasts[p].words + j) == row->pasts[p].number;
	*ret_met = met;
}

/* The row at hand against eight from j on; returns how many of them met before. */
INLINE size_t
meet_lanes(const struct block *block, const struct row *row, size_t j)
{
	const struct aw_bout *bout = block->bout;
	lanes total = *(const lanes *)(block->base + j), met, open;
	size_t count = block->count - j < LANES ? block->count - j : LANES, met_count = 0;

	find_met(row, j, &met);
	for (size_t f = 0; f < bout->deck.fields; f++) {
		lanes cells = *(const lanes *)(block->words + f * block->stride + j);

		total += (cells == row->cells[f]) & row->gains[f];
	}
	open = (total >= row->least) & ~met;
	for (size_t k = 0; k < row->look_count && any(&open); k++) {
		take_loss(&row->looks[k], j, &total);
		open &= total >= row->least;
	}
	if (any(&met))
		for (size_t k = 0; k < count; k++)
			met_count += met[k] != 0 ? 1 : 0;
	if (any(&open))
		for (size_t k = 0; k < count; k++)
			if (open[k] != 0)
				bout->fn(bout->arg, block->thread, block->rows[row->at],
					block->rows[j + k]);
	return met_count;
}

INLINE uint64_t
meet_all(const struct block *block, size_t middle)
{
	bool link = middle < block->count;
	uint64_t pairs = 0;
	struct row row;

	for (size_t i = 0; i < middle; i++) {
		size_t j = link ? middle : i + 1;

		ask_row(block, i, &row);
		pairs += block->count - j;
		for (; j < block->count; j += LANES)
			pairs -= meet_lanes(block, &row, j);
	}
	return pairs;
}

#if HAS_WIDE
WIDE static uint64_t
meet_all_wide(const struct block *block, size_t middle)
{
	return meet_all(block, middle);
}
#endif

uint64_t
aw_bout_block(const struct aw_bout *bout, struct aw_ring *ring, size_t pass, const uint32_t *rows,
	size_t count, size_t middle)
{
	struct block block = lay_out(bout, ring, pass, rows, count);

#if HAS_WIDE
	if (!bout->plain)
		return meet_all_wide(&block, middle);
#endif
	return meet_all(&block, middle);
}
