/**
 * link/match_block - rows of a block against each other, eight at a time.
 * Layer: link; inner to match_all.c.  Threads: a bout is shared and constant; a ring is one thread's.
 * Example: tests/link/test_match_block.c
 *
 * Nearly all pairs of a block are let go by two bounds that cost little. First the most that a pair can
 * come to, told by which values are equal: all fields of a row against eight others at once. Then by
 * shapes (link/level.h), field by field, the most telling first. Neither says less than the levels will,
 * and weights fall with the levels, so no pair is let go that would have reached the least weight. What
 * is left is handed out to be compared.
 *
 * The bounds are whole numbers, worked out alike with whatever instructions the machine has.
 */
#ifndef AW_LINK_MATCH_BLOCK_H
#define AW_LINK_MATCH_BLOCK_H

#include "link/deck.h"

/* A pair that is left: rows, the first one earlier in the block. */
typedef void aw_bout_fn(void *arg, size_t thread, uint32_t left, uint32_t right);

/* What all blocks have in common. */
struct aw_bout {
	const struct aw_matcher *matcher;
	struct aw_deck deck;
	int32_t other[AW_SPEC_FIELDS]; /* what two different values can add at most */
	int32_t equal[AW_SPEC_FIELDS]; /* and what equal ones add, before their rarity */
	int32_t *losses
		[AW_SPEC_FIELDS]; /* of dear ones, by aw_shapes_index(): what is short of `other` */
	bool plain;		  /* no instructions but those that every machine has */
	aw_bout_fn *fn;
	void *arg;
};

/* A thread's room: the block's cards, word behind word. */
struct aw_ring {
	size_t thread;
	uint32_t *words; /* word of the card x row */
	int32_t *base;	 /* by row: what comes of it when no value is equal */
	size_t word_room, base_room;
};

/** Makes the deck and the bounds of a weighed matcher; fn and arg are the caller's to set. */
void aw_bout_make(
	const struct aw_matcher *matcher, size_t passes, size_t threads, struct aw_bout *ret_bout);
void aw_bout_done(struct aw_bout *bout);
void aw_ring_done(struct aw_ring *ring);

/** Passes come one after the other, from 0. Every row before `middle` against those behind it (link: against those from `middle` on). Returns
 *  how many pairs meet here that meet in no earlier pass; hands out what is left of them. */
uint64_t aw_bout_block(const struct aw_bout *bout, struct aw_ring *ring, size_t pass,
	const uint32_t *rows, size_t count, size_t middle);

#endif
