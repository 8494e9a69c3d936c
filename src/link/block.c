/* Which pairs are looked at. */
#include "link/block.h"

#include <string.h>

#include "base/parallel.h"
#include "link/room.h"
#include "link/split.h"
#include "link/value.h"

enum { PARTS = 256, BUCKETS = 4096, SMALL = 48, AHEAD = 96, ROW_STEP = 4096 };

/* -- keys ---------------------------------------------------------------------------------------- */

/* What a part makes of each value of its column; 0 = nothing. NULL: the value's own number. */
struct part {
	const struct aw_column *column;
	const struct aw_spec_part *spec;
	uint64_t *of_value;
};

struct making {
	struct aw_blocks *blocks;
	struct part parts[AW_SPEC_BLOCKS][AW_SPEC_PARTS];
	struct aw_shares shares;
};

static uint64_t
cut_hash(struct aw_units units, const struct aw_spec_part *part)
{
	uint32_t count = part->kind == AW_PART_YEAR ? 4 : part->count;
	uint32_t from = 0, to = units.count < count ? units.count : count;
	uint64_t hash = UINT64_C(0x517cc1b727220a95);

	if (part->kind == AW_PART_LAST) {
		from = units.count - to;
		to = units.count;
	}
	for (uint32_t i = from; i < to; i++)
		hash = aw_link_mix(hash ^ aw_unit_at(units, i));
	return from == to ? 0 : hash;
}

static void
fill_part(struct part *part)
{
	const struct aw_column *column = part->column;
	AW_SCOPE(aw_arena) arena = { 0 };

	if (part->spec->kind == AW_PART_WHOLE || part->of_value != NULL)
		return;
	part->of_value = aw_room_new((size_t)column->count + 1, sizeof(uint64_t));
	for (uint32_t v = 1; v <= column->count; v++) {
		if (part->spec->kind == AW_PART_SOUND)
			part->of_value[v] = aw_value_sound(aw_column_text(column, v, &arena));
		else
			part->of_value[v] = cut_hash(aw_column_units(column, v), part->spec);
		if (v % 1024 == 0)
			aw_arena_done(&arena);
	}
}

static uint64_t
key_of(const struct making *making, size_t pass, size_t row)
{
	const struct aw_spec_block *block = &making->blocks->spec->blocks[pass];
	uint64_t key = pass + 1;

	for (size_t p = 0; p < block->count; p++) {
		const struct part *part = &making->parts[pass][p];
		uint32_t value = part->column->numbers[row];
		uint64_t made = part->of_value != NULL ? part->of_value[value] : value;

		if (made == 0)
			return 0;
		key = aw_link_mix(key * UINT64_C(0x9E3779B97F4A7C15) + made);
	}
	return key != 0 ? key : 1;
}

static void
fill_keys(void *arg, size_t thread)
{
	struct making *making = arg;
	size_t from, to, passes = making->blocks->passes;

	(void)thread;
	while (aw_share_take(&making->shares, &from, &to))
		for (size_t r = from; r < to; r++)
			for (size_t p = 0; p < passes; p++)
				making->blocks->keys[r * passes + p] = key_of(making, p, r);
}

void
aw_blocks_make(const struct aw_link_spec *spec, const struct aw_table *table, size_t threads,
	struct aw_blocks *ret_blocks)
{
	struct making *making = aw_room_new(1, sizeof(*making));
	struct aw_blocks *blocks = ret_blocks;

	*blocks = (struct aw_blocks){ .spec = spec, .table = table, .passes = spec->block_count };
	making->blocks = blocks;
	for (size_t b = 0; b < blocks->passes; b++) {
		for (size_t p = 0; p < spec->blocks[b].count; p++) {
			struct part *part = &making->parts[b][p];

			part->spec = &spec->blocks[b].parts[p];
			part->column = aw_table_column(table, part->spec->column);
			fill_part(part);
		}
	}
	blocks->keys = aw_room_new(table->rows * blocks->passes, sizeof(uint64_t));
	making->shares = (struct aw_shares){ .total = table->rows, .step = ROW_STEP };
	aw_parallel(threads, fill_keys, making);
	for (size_t b = 0; b < blocks->passes; b++)
		for (size_t p = 0; p < spec->blocks[b].count; p++)
			free(making->parts[b][p].of_value);
	free(making);
	aw_blocks_split(blocks, threads);
}

void
aw_blocks_done(struct aw_blocks *blocks)
{
	free(blocks->keys);
	free(blocks->oversized);
	for (size_t p = 0; p < AW_SPEC_BLOCKS; p++) {
		free(blocks->windows[p].rows);
		free(blocks->windows[p].places);
	}
	*blocks = (struct aw_blocks){ 0 };
}

bool
aw_blocks_near(const struct aw_blocks *blocks, size_t pass, uint32_t a, uint32_t b)
{
	for (size_t p = 0; p < pass; p++) {
		const uint32_t *places = blocks->windows[p].places;
		uint32_t x, y;

		if (places == NULL)
			continue;
		x = places[a];
		y = places[b];
		if (x != 0 && y != 0 && (x > y ? x - y : y - x) <= blocks->spec->window)
			return true;
	}
	return false;
}

/* -- blocks of a pass ---------------------------------------------------------------------------- */

struct entry {
	uint64_t key;
	uint32_t row;
};

/* One thread's rows, and where those of each part go: `of` is how many, then the next one's place. */
struct hand {
	size_t from, to;
	size_t of[PARTS];
};

struct walk {
	const struct aw_blocks *blocks;
	size_t pass, threads;
	struct hand *hands;
	struct entry *entries;
	size_t starts[PARTS + 1];
	size_t largest;
	struct aw_shares shares;
	const struct aw_block_visit *visit;
};

static int
by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row ? 1 : 0;
}

/* Entries come in the order of their rows and keep it. */
static void
sort_few(struct entry *at, size_t count)
{
	if (count > SMALL) {
		qsort(at, count, sizeof(*at), by_key);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct entry entry = at[i];
		size_t k = i;

		for (; k > 0 && at[k - 1].key > entry.key; k--)
			at[k] = at[k - 1];
		at[k] = entry;
	}
}

static void
emit_blocks(const struct walk *walk, size_t thread, const struct entry *at, size_t count,
	uint32_t *rows)
{
	for (size_t i = 0; i < count;) {
		size_t n = 0;

		for (; i + n < count && at[i + n].key == at[i].key; n++)
			rows[n] = at[i + n].row;
		if (n > 1)
			walk->visit->fn(walk->visit->arg, thread, walk->pass, rows, n);
		i += n;
	}
}

/* One 256th of the keys fits in the cache: put into 4,096 buckets, each sorted for itself. Rows of a
 * block are far apart: memory is asked for them before their turn comes. */
static void
walk_part(const struct walk *walk, size_t thread, size_t part, struct entry *sorted, uint32_t *rows)
{
	const struct entry *from = walk->entries + walk->starts[part];
	size_t count = walk->starts[part + 1] - walk->starts[part], begin = 0;
	uint32_t ends[BUCKETS] = { 0 };
	size_t ahead = 0;
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i++)
		ends[from[i].key >> 44 & (BUCKETS - 1)]++;
	for (size_t b = 0; b < BUCKETS; b++) {
		uint32_t n = ends[b];

		ends[b] = sum;
		sum += n;
	}
	for (size_t i = 0; i < count; i++)
		sorted[ends[from[i].key >> 44 & (BUCKETS - 1)]++] = from[i];
	for (size_t b = 0; b < BUCKETS; b++) {
		for (; ahead < count && ahead < begin + AHEAD; ahead++)
			if (walk->visit->ask != NULL)
				walk->visit->ask(walk->visit->arg, sorted[ahead].row);
		sort_few(sorted + begin, ends[b] - begin);
		emit_blocks(walk, thread, sorted + begin, ends[b] - begin, rows);
		begin = ends[b];
	}
}

static void
walk_parts(void *arg, size_t thread)
{
	struct walk *walk = arg;
	struct entry *sorted = aw_room_bare(walk->largest, sizeof(*sorted));
	uint32_t *rows = aw_room_bare(walk->largest, sizeof(*rows));
	size_t from, to;

	while (aw_share_take(&walk->shares, &from, &to))
		walk_part(walk, thread, from, sorted, rows);
	free(sorted);
	free(rows);
}

static void
count_parts(void *arg, size_t thread)
{
	struct walk *walk = arg;
	struct hand *hand = &walk->hands[thread];

	for (size_t r = hand->from; r < hand->to; r++) {
		uint64_t key = aw_blocks_keys(walk->blocks, r)[walk->pass];

		hand->of[key >> 56] += key != 0 ? 1 : 0;
	}
}

static void
fill_parts(void *arg, size_t thread)
{
	struct walk *walk = arg;
	struct hand *hand = &walk->hands[thread];

	for (size_t r = hand->from; r < hand->to; r++) {
		uint64_t key = aw_blocks_keys(walk->blocks, r)[walk->pass];

		if (key != 0)
			walk->entries[hand->of[key >> 56]++] = (struct entry){ key, (uint32_t)r };
	}
}

/* Entries by part, and within one by row: each thread's rows stand behind those of the thread before. */
static void
part_entries(struct walk *walk)
{
	size_t rows = walk->blocks->table->rows, end = 0;

	for (size_t t = 0; t < walk->threads; t++) {
		walk->hands[t].from = rows * t / walk->threads;
		walk->hands[t].to = rows * (t + 1) / walk->threads;
	}
	aw_parallel(walk->threads, count_parts, walk);
	for (size_t p = 0; p < PARTS; p++) {
		walk->starts[p] = end;
		for (size_t t = 0; t < walk->threads; t++) {
			size_t count = walk->hands[t].of[p];

			walk->hands[t].of[p] = end;
			end += count;
		}
		walk->largest = end - walk->starts[p] > walk->largest ? end - walk->starts[p]
								      : walk->largest;
	}
	walk->starts[PARTS] = end;
	walk->entries = aw_room_bare(end, sizeof(*walk->entries));
	aw_parallel(walk->threads, fill_parts, walk);
}

void
aw_blocks_each(const struct aw_blocks *blocks, size_t pass, size_t threads,
	const struct aw_block_visit *visit)
{
	struct walk walk = { .blocks = blocks, .pass = pass, .threads = threads, .visit = visit };

	walk.hands = aw_room_new(threads, sizeof(*walk.hands));
	part_entries(&walk);
	walk.shares = (struct aw_shares){ .total = PARTS, .step = 1 };
	aw_parallel(threads, walk_parts, &walk);
	free(walk.entries);
	free(walk.hands);
}
