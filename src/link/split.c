/* Blocks that are too large. */
#include "link/split.h"

#include <string.h>

#include "base/parallel.h"
#include "link/room.h"

enum { COUNTERS_FEW = 1 << 16, COUNTERS_MANY = 1 << 20, SPLITS_MOST = 3 };

struct keyed {
	uint64_t key;
	uint32_t row;
};

static int
by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row ? 1 : 0;
}

static uint64_t *
key_at(struct aw_blocks *blocks, uint32_t row, size_t pass)
{
	return &blocks->keys[(size_t)row * blocks->passes + pass];
}

/* Counters that fit in the cache, unless rows are so many that chance alone would fill them. */
static size_t
counters_for(const struct aw_blocks *blocks)
{
	return blocks->table->rows / COUNTERS_FEW < blocks->spec->block_limit / 4 ? COUNTERS_FEW
										  : COUNTERS_MANY;
}

/* Rows whose key's counter is above the limit: every row of an oversized block, and few others. */
static struct keyed *
suspects(struct aw_blocks *blocks, size_t pass, size_t *ret_count)
{
	size_t count = 0, room = 0, rows = blocks->table->rows, many = counters_for(blocks);
	uint32_t *counters = aw_room_new(many, sizeof(*counters)), most = 0;
	struct keyed *found = NULL;

	for (size_t r = 0; r < rows; r++) {
		uint64_t key = aw_blocks_keys(blocks, r)[pass];

		counters[key % many] += key != 0 ? 1 : 0;
	}
	for (size_t i = 0; i < many; i++)
		most = counters[i] > most ? counters[i] : most;
	for (size_t r = 0; most > blocks->spec->block_limit && r < rows; r++) {
		uint64_t key = aw_blocks_keys(blocks, r)[pass];

		if (key != 0 && counters[key % many] > blocks->spec->block_limit)
			*AW_ROOM_PUSH(found, count, room) = (struct keyed){ key, (uint32_t)r };
	}
	free(counters);
	*ret_count = count;
	return found;
}

/* -- splitting ----------------------------------------------------------------------------------- */

static uint32_t
value_of(const struct aw_blocks *blocks, uint32_t row, size_t field)
{
	return aw_table_row(blocks->table, row)[field];
}

/* Pairs that would be looked at if the rows were split by the field: the fewer the finer. Rows without
 * it count as if they were one part: they would be lost to the pass. */
static double
cost_of(const struct aw_blocks *blocks, struct keyed *rows, size_t count, size_t field)
{
	double cost = 0.0;

	for (size_t i = 0; i < count; i++)
		rows[i].key = value_of(blocks, rows[i].row, field);
	qsort(rows, count, sizeof(*rows), by_key);
	for (size_t i = 0; i < count;) {
		size_t n = 1;

		while (i + n < count && rows[i + n].key == rows[i].key)
			n++;
		cost += (double)n * (double)n;
		i += n;
	}
	return cost;
}

static size_t
finest(const struct aw_blocks *blocks, struct keyed *rows, size_t count, uint64_t used)
{
	size_t best = SIZE_MAX;
	double least = (double)count * (double)count;

	for (size_t f = 0; f < blocks->table->field_count; f++) {
		double cost;

		if ((used >> f & 1) != 0)
			continue;
		cost = cost_of(blocks, rows, count, f);
		if (cost < least) {
			least = cost;
			best = f;
		}
	}
	return best;
}

/* Gives the rows keys of their own by one more field, and goes on with parts that are too large. */
static void
refine(struct aw_blocks *blocks, struct aw_oversized *note, struct keyed *rows, size_t count,
	uint64_t used)
{
	uint32_t depth = (uint32_t)__builtin_popcountll(used);
	size_t field = depth < SPLITS_MOST ? finest(blocks, rows, count, used) : SIZE_MAX;

	note->fields = depth > note->fields ? depth : note->fields;
	if (field == SIZE_MAX) {
		for (size_t i = 0; i < count; i++)
			*key_at(blocks, rows[i].row, note->pass) = 0;
		return;
	}
	(void)cost_of(blocks, rows, count, field);
	for (size_t i = 0; i < count;) {
		uint64_t value = rows[i].key;
		size_t n = 0;

		for (; i + n < count && rows[i + n].key == value; n++) {
			uint64_t *key = key_at(blocks, rows[i + n].row, note->pass);

			*key = value == 0 ? 0 : aw_link_mix(*key ^ (value << 8 | (field + 1)));
		}
		if (n > blocks->spec->block_limit && value != 0)
			refine(blocks, note, rows + i, n, used | UINT64_C(1) << field);
		else if (value != 0 && n > note->largest)
			note->largest = (uint32_t)n;
		i += n;
	}
	depth++;
	note->fields = depth > note->fields ? depth : note->fields;
}

/* -- windows ------------------------------------------------------------------------------------- */

struct neighbour {
	const struct aw_table *table;
	uint32_t row;
};

static int
compare_units(struct aw_units a, struct aw_units b)
{
	uint32_t n = a.count < b.count ? a.count : b.count;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t x = aw_unit_at(a, i), y = aw_unit_at(b, i);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.count < b.count ? -1 : a.count > b.count ? 1 : 0;
}

/* By the fields' texts in the spec's order, missing ones last. */
static int
by_fields(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;
	const uint32_t *p = aw_table_row(x->table, x->row), *q = aw_table_row(y->table, y->row);

	for (size_t f = 0; f < x->table->field_count; f++) {
		const struct aw_column *column = &x->table->columns[f];
		int order;

		if (p[f] == q[f])
			continue;
		if (p[f] == 0 || q[f] == 0)
			return p[f] == 0 ? 1 : -1;
		order = compare_units(aw_column_units(column, p[f]), aw_column_units(column, q[f]));
		if (order != 0)
			return order;
	}
	return x->row < y->row ? -1 : 1;
}

static void
lay_out(struct aw_blocks *blocks, size_t pass, const struct keyed *rows, size_t count)
{
	struct aw_windows *windows = &blocks->windows[pass];
	struct neighbour *sorted = aw_room_new(count, sizeof(*sorted));
	size_t room = windows->count, gap = blocks->spec->window + (size_t)1;

	if (windows->places == NULL)
		windows->places = aw_room_new(blocks->table->rows, sizeof(uint32_t));
	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct neighbour){ blocks->table, rows[i].row };
	qsort(sorted, count, sizeof(*sorted), by_fields);
	windows->rows =
		aw_room(windows->rows, windows->count + gap + count, &room, sizeof(*windows->rows));
	for (size_t i = 0; i < gap; i++)
		windows->rows[windows->count++] = UINT32_MAX;
	for (size_t i = 0; i < count; i++) {
		windows->places[sorted[i].row] = (uint32_t)windows->count;
		windows->rows[windows->count++] = sorted[i].row;
	}
	free(sorted);
}

/* -- the whole ----------------------------------------------------------------------------------- */

static int
by_size(const void *a, const void *b)
{
	const struct aw_oversized *x = a, *y = b;

	if (x->rows != y->rows)
		return x->rows > y->rows ? -1 : 1;
	if (x->pass != y->pass)
		return x->pass < y->pass ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row ? 1 : 0;
}

/* What passes found, each for itself. */
struct splitting {
	struct aw_blocks *blocks;
	struct {
		struct aw_oversized *at;
		size_t count, room;
	} found[AW_SPEC_BLOCKS];
	struct aw_shares shares;
};

static void
split_pass(struct splitting *splitting, size_t pass)
{
	struct aw_blocks *blocks = splitting->blocks;
	size_t count, limit = blocks->spec->block_limit;
	struct keyed *rows = suspects(blocks, pass, &count);

	if (count > 0)
		qsort(rows, count, sizeof(*rows), by_key);
	for (size_t i = 0; i < count;) {
		struct aw_oversized *note;
		size_t n = 1;

		while (i + n < count && rows[i + n].key == rows[i].key)
			n++;
		if (n > limit) {
			note = AW_ROOM_PUSH(splitting->found[pass].at, splitting->found[pass].count,
				splitting->found[pass].room);
			*note = (struct aw_oversized){ pass, (uint32_t)n, rows[i].row, 0, 0 };
			lay_out(blocks, pass, rows + i, n);
			refine(blocks, note, rows + i, n, 0);
		}
		i += n;
	}
	free(rows);
}

/* A pass has keys and windows of its own. */
static void
split_passes(void *arg, size_t thread)
{
	struct splitting *splitting = arg;
	size_t from, to;

	(void)thread;
	while (aw_share_take(&splitting->shares, &from, &to))
		split_pass(splitting, from);
}

void
aw_blocks_split(struct aw_blocks *blocks, size_t threads)
{
	struct splitting splitting = { .blocks = blocks };

	splitting.shares = (struct aw_shares){ .total = blocks->passes, .step = 1 };
	aw_parallel(threads, split_passes, &splitting);
	for (size_t p = 0; p < blocks->passes; p++) {
		for (size_t i = 0; i < splitting.found[p].count; i++)
			*AW_ROOM_PUSH(blocks->oversized, blocks->oversized_count,
				blocks->oversized_room) = splitting.found[p].at[i];
		free(splitting.found[p].at);
	}
	if (blocks->oversized_count > 0)
		qsort(blocks->oversized, blocks->oversized_count, sizeof(*blocks->oversized),
			by_size);
}
