/**
 * link/block - which pairs are looked at: keys of every pass, and blocks that are too large.
 * Layer: link.  Threads: several while keys are made; then plain data.
 * Example: tests/link/test_batch.c
 *
 * A pass gives each row a 64-bit key, 0 where a part is missing; rows of one key are a block, and all
 * its pairs are looked at. A pair belongs to the first pass in which the keys agree, so it is met once
 * and no table of pairs is kept.
 *
 * A block of more rows than the limit would be looked at quadratically: it is named, and split by the
 * field that cuts it finest (up to three, one after the other). What is still too large then, and
 * rows without such a field, leave the pass. In their place all rows of the block are sorted by
 * their fields, and each meets its next `window` neighbours (sorted neighbourhood, Hernández and
 * Stolfo 1995), where no key of any pass agrees.
 */
#ifndef AW_LINK_BLOCK_H
#define AW_LINK_BLOCK_H

#include "link/table.h"

/* A block that was too large. */
struct aw_oversized {
	size_t pass;
	uint32_t rows;
	uint32_t row;	  /* one of them: its values are what the key was made of */
	uint32_t fields;  /* by how many it was split */
	uint32_t largest; /* rows of the largest part that stayed a block */
};

/* Neighbours of one pass: rows of its oversized blocks in their sorted order. */
struct aw_windows {
	uint32_t *rows;
	size_t count;
	uint32_t *places; /* by row: place in `rows`, with a gap between blocks; 0 = not in any */
};

struct aw_blocks {
	const struct aw_link_spec *spec;
	const struct aw_table *table;
	uint64_t *keys; /* by row, then pass: rows x passes */
	size_t passes;
	struct aw_windows windows[AW_SPEC_BLOCKS];
	struct aw_oversized *oversized; /* largest first */
	size_t oversized_count, oversized_room;
};

static inline const uint64_t *
aw_blocks_keys(const struct aw_blocks *blocks, size_t row)
{
	return blocks->keys + row * blocks->passes;
}

/** Makes the keys. The table must still have its columns' numbers. */
void aw_blocks_make(const struct aw_link_spec *spec, const struct aw_table *table, size_t threads,
	struct aw_blocks *ret_blocks);
void aw_blocks_done(struct aw_blocks *blocks);

/* Called with the rows of one block, ascending. */
typedef void aw_block_fn(void *arg, size_t thread, size_t pass, const uint32_t *rows, size_t count);
/* Told of a row before its block's turn comes: time to ask the memory for what will be looked at. */
typedef void aw_block_ask_fn(void *arg, uint32_t row);

struct aw_block_visit {
	aw_block_fn *fn;
	aw_block_ask_fn *ask; /* may be NULL */
	void *arg;
};

/** Calls visit->fn for every block of a pass that has two rows or more; from several threads. */
void aw_blocks_each(const struct aw_blocks *blocks, size_t pass, size_t threads,
	const struct aw_block_visit *visit);

/** Do the rows meet in a pass before this one? */
static inline bool
aw_blocks_met(const uint64_t *a, const uint64_t *b, size_t passes)
{
	for (size_t p = 0; p < passes; p++)
		if (a[p] == b[p] && a[p] != 0)
			return true;
	return false;
}

/** Are the rows neighbours in a window of a pass before this one? */
bool aw_blocks_near(const struct aw_blocks *blocks, size_t pass, uint32_t a, uint32_t b);

#endif
