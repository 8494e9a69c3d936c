/* Pairs of rows compared. */
#include "link/match.h"

#include <string.h>

#include "base/parallel.h"
#include "link/model.h"
#include "link/room.h"

enum { VALUE_BITS = 28, WINDOW_STEP = 1024 };

/* -- the matcher --------------------------------------------------------------------------------- */

enum aw_status
aw_matcher_make(const struct aw_link_spec *spec, const struct aw_table *table,
	struct aw_matcher *ret_matcher, struct aw_error *err)
{
	struct aw_matcher matcher = { .spec = spec, .table = table };
	uint64_t radix = 1;

	for (size_t f = 0; f < spec->field_count; f++) {
		if (aw_comparator_make(&spec->fields[f], &table->columns[f],
			    &matcher.comparators[f], err) != AW_OK) {
			aw_matcher_done(&matcher);
			return err->status;
		}
		matcher.radix[f] = radix;
		if (radix > UINT64_MAX / 2 / matcher.comparators[f].count) {
			aw_matcher_done(&matcher);
			return aw_fail(err, AW_TOO_LARGE,
				"the fields have too many levels together: name fewer fields, or "
				"fewer levels of them");
		}
		radix *= matcher.comparators[f].count;
	}
	*ret_matcher = matcher;
	return AW_OK;
}

void
aw_matcher_done(struct aw_matcher *matcher)
{
	for (size_t f = 0; f < AW_SPEC_FIELDS; f++) {
		aw_comparator_done(&matcher->comparators[f]);
		free(matcher->rarity[f]);
		matcher->rarity[f] = NULL;
	}
}

/* Winkler's adjustment: for values that agree exactly u is the value's own share, so that the weight
 * changes by log2(u / share). A value seen once counts as seen twice: the pair itself has two. */
static void
fill_rarity(struct aw_matcher *matcher, size_t f)
{
	const struct aw_column *column = &matcher->table->columns[f];
	double u = matcher->fit->u[f][1];
	double rows = (double)(matcher->table->rows - column->frequency[0]);

	if (matcher->rarity[f] == NULL)
		matcher->rarity[f] = aw_room_new((size_t)column->count + 1, sizeof(int32_t));
	for (uint32_t v = 1; v <= column->count; v++) {
		double seen = column->frequency[v] < 2 ? 2.0 : (double)column->frequency[v];

		matcher->rarity[f][v] = rows < 2.0 ? 0 : aw_link_log2_mbits(u / (seen / rows));
	}
}

static int32_t
most_of(const struct aw_matcher *matcher, size_t f)
{
	const struct aw_column *column = &matcher->table->columns[f];
	int32_t most = 0, rare = 0;

	for (size_t l = 1; l < matcher->comparators[f].count; l++)
		most = matcher->fit->weight[f][l] > most ? matcher->fit->weight[f][l] : most;
	if (matcher->rarity[f] != NULL)
		for (uint32_t v = 1; v <= column->count; v++)
			rare = matcher->rarity[f][v] > rare ? matcher->rarity[f][v] : rare;
	return most + rare;
}

/* What a field is worth to be asked early: how much it can take away, against what asking costs. */
static int64_t
urgency(const struct aw_matcher *matcher, size_t f)
{
	const struct aw_comparator *comparator = &matcher->comparators[f];
	int64_t last = matcher->fit->weight[f][comparator->count - 1];
	int64_t range = most_of(matcher, f) - last;

	return comparator->dear ? range / 4 : range;
}

void
aw_matcher_weigh(struct aw_matcher *matcher, const struct aw_fit *fit, int32_t least)
{
	size_t n = matcher->spec->field_count;
	int32_t rest = 0;

	matcher->fit = fit;
	matcher->least = least;
	for (size_t f = 0; f < n; f++) {
		size_t k = f;

		if (matcher->spec->fields[f].term_frequency)
			fill_rarity(matcher, f);
		for (; k > 0 && urgency(matcher, matcher->order[k - 1]) < urgency(matcher, f); k--)
			matcher->order[k] = matcher->order[k - 1];
		matcher->order[k] = (uint8_t)f;
	}
	for (size_t k = n; k-- > 0;) {
		rest += most_of(matcher, matcher->order[k]);
		matcher->remaining[k] = rest;
	}
}

/* -- patterns ------------------------------------------------------------------------------------ */

uint64_t
aw_pattern(const struct aw_matcher *matcher, const uint8_t levels[AW_SPEC_FIELDS])
{
	uint64_t pattern = 0;

	for (size_t f = 0; f < matcher->spec->field_count; f++)
		pattern += levels[f] * matcher->radix[f];
	return pattern;
}

void
aw_pattern_levels(
	const struct aw_matcher *matcher, uint64_t pattern, uint8_t ret_levels[AW_SPEC_FIELDS])
{
	for (size_t f = 0; f < matcher->spec->field_count; f++) {
		ret_levels[f] = (uint8_t)(pattern % matcher->comparators[f].count);
		pattern /= matcher->comparators[f].count;
	}
}

char *
aw_pattern_text(const struct aw_matcher *matcher, uint64_t pattern, struct aw_arena *arena)
{
	struct aw_buf buf = { .arena = arena };
	uint8_t levels[AW_SPEC_FIELDS];

	aw_pattern_levels(matcher, pattern, levels);
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		aw_buf_printf(&buf, "%s%s=%s", f == 0 ? "" : "|", matcher->table->columns[f].name,
			matcher->comparators[f].levels[levels[f]].code);
	return aw_arena_strdup(arena, aw_buf_z(&buf));
}

/* -- one pair ------------------------------------------------------------------------------------ */

void
aw_memo_make(const struct aw_matcher *matcher, struct aw_memo *ret_memo)
{
	*ret_memo = (struct aw_memo){ 0 };
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		if (matcher->comparators[f].dear)
			ret_memo->slots[f] =
				aw_room_new((size_t)1 << AW_MEMO_BITS, sizeof(uint64_t));
}

void
aw_memo_done(struct aw_memo *memo)
{
	for (size_t f = 0; f < AW_SPEC_FIELDS; f++)
		free(memo->slots[f]);
	*memo = (struct aw_memo){ 0 };
}

static uint8_t
remembered(const struct aw_matcher *matcher, struct aw_memo *memo, size_t f, uint32_t a, uint32_t b)
{
	uint64_t low = a < b ? a : b, high = a < b ? b : a;
	uint64_t key = (low << VALUE_BITS | high) << 8, hash = key * UINT64_C(0x9E3779B97F4A7C15);
	uint64_t *slot = &memo->slots[f][hash >> (64 - AW_MEMO_BITS)];
	uint8_t level;

	if (*slot >> 8 == key >> 8)
		return (uint8_t)*slot;
	level = aw_comparator_level(&matcher->comparators[f], (uint32_t)low, (uint32_t)high);
	*slot = key | level;
	return level;
}

static inline uint8_t
level_of(const struct aw_matcher *matcher, struct aw_memo *memo, size_t f, uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return 0;
	if (memo->slots[f] == NULL)
		return aw_comparator_level(&matcher->comparators[f], a, b);
	return a == b ? matcher->comparators[f].equal : remembered(matcher, memo, f, a, b);
}

void
aw_match_levels(const struct aw_matcher *matcher, struct aw_memo *memo, const uint32_t *a,
	const uint32_t *b, uint8_t ret_levels[AW_SPEC_FIELDS])
{
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		ret_levels[f] = level_of(matcher, memo, f, a[f], b[f]);
}

static inline int32_t
weight_of(const struct aw_matcher *matcher, size_t f, uint8_t level, uint32_t a, uint32_t b)
{
	int32_t weight = matcher->fit->weight[f][level];

	if (a == b && level == 1 && matcher->rarity[f] != NULL)
		weight += matcher->rarity[f][a];
	return weight;
}

int32_t
aw_pattern_total(const struct aw_matcher *matcher, uint64_t pattern, size_t a, size_t b)
{
	const uint32_t *x = aw_table_row(matcher->table, a), *y = aw_table_row(matcher->table, b);
	uint8_t levels[AW_SPEC_FIELDS];
	int32_t total = matcher->fit->prior_mbits;

	aw_pattern_levels(matcher, pattern, levels);
	for (size_t f = 0; f < matcher->spec->field_count; f++)
		total += weight_of(matcher, f, levels[f], x[f], y[f]);
	return total;
}

/* -- all pairs ----------------------------------------------------------------------------------- */

struct seat {
	struct aw_memo memo;
	struct aw_match_count count;
	uint32_t *cells; /* of the block's rows, side by side */
	uint64_t *keys;
	size_t cell_room, key_room;
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

static inline void
weigh_pair(const struct all *all, size_t thread, const uint32_t *a, const uint32_t *b,
	const uint32_t rows[2])
{
	const struct aw_matcher *matcher = all->matcher;
	struct aw_memo *memo = &all->seats[thread].memo;
	struct aw_hit hit = { .total = matcher->fit->prior_mbits };

	for (size_t k = 0; k < matcher->spec->field_count; k++) {
		size_t f = matcher->order[k];
		uint8_t level;

		if (hit.total + matcher->remaining[k] < matcher->least)
			return;
		level = level_of(matcher, memo, f, a[f], b[f]);
		hit.total += weight_of(matcher, f, level, a[f], b[f]);
		hit.pattern += level * matcher->radix[f];
	}
	if (hit.total < matcher->least)
		return;
	hit.left = rows[0];
	hit.right = rows[1];
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

/* Rows of a block are far apart in the table: what is compared of them is fetched once. */
static void
fetch(const struct all *all, struct seat *seat, const uint32_t *rows, size_t count)
{
	const struct aw_table *table = all->matcher->table;
	size_t width = table->field_count, passes = all->blocks->passes;

	seat->cells = aw_room(seat->cells, count * width, &seat->cell_room, sizeof(uint32_t));
	seat->keys = aw_room(seat->keys, count * passes, &seat->key_room, sizeof(uint64_t));
	for (size_t i = 0; i < count; i++) {
		memcpy(seat->cells + i * width, aw_table_row(table, rows[i]),
			width * sizeof(uint32_t));
		memcpy(seat->keys + i * passes, aw_blocks_keys(all->blocks, rows[i]),
			passes * sizeof(uint64_t));
	}
}

static void
match_block(void *arg, size_t thread, size_t pass, const uint32_t *rows, size_t count)
{
	const struct all *all = arg;
	const struct aw_table *table = all->matcher->table;
	struct seat *seat = &all->seats[thread];
	size_t width = table->field_count, passes = all->blocks->passes;
	bool link = all->matcher->spec->mode == AW_MODE_LINK;
	size_t middle = link ? border(table, rows, count) : count;

	if (link && (middle == 0 || middle == count))
		return;
	fetch(all, seat, rows, count);
	for (size_t i = 0; i < middle; i++) {
		for (size_t j = link ? middle : i + 1; j < count; j++) {
			const uint32_t pair[2] = { rows[i], rows[j] };

			if (pass > 0 && aw_blocks_met(seat->keys + i * passes,
						seat->keys + j * passes, pass))
				continue;
			seat->count.met++;
			weigh_pair(all, thread, seat->cells + i * width, seat->cells + j * width,
				pair);
		}
	}
}

static void
match_near(const struct all *all, size_t thread, uint32_t a, uint32_t b)
{
	const struct aw_blocks *blocks = all->blocks;
	const struct aw_table *table = all->matcher->table;
	uint32_t pair[2] = { a < b ? a : b, a < b ? b : a };

	if (all->matcher->spec->mode == AW_MODE_LINK &&
		(pair[0] >= table->left_rows || pair[1] < table->left_rows))
		return;
	if (aw_blocks_met(aw_blocks_keys(blocks, a), aw_blocks_keys(blocks, b), blocks->passes) ||
		aw_blocks_near(blocks, all->pass, a, b))
		return;
	all->seats[thread].count.windows++;
	weigh_pair(all, thread, aw_table_row(table, pair[0]), aw_table_row(table, pair[1]), pair);
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
		aw_memo_done(&all.seats[t].memo);
		free(all.seats[t].cells);
		free(all.seats[t].keys);
	}
	free(all.seats);
	*ret_count = sum;
}
