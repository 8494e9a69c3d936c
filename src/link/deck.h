/**
 * link/deck - what is compared of every row, in one line of the cache.
 * Layer: link; inner to match_all.c.  Threads: several; in a pass a card is touched by one.
 *
 * The rows of a block are far apart, and fetching them costs more than comparing them. A card has a row's
 * values, the shapes of those that are dear to compare (link/level.h), and for each pass that was walked
 * the number of the row's block: rows that have one in common have met. It begins with a cache line and
 * takes one where that is enough, which it is for most specs.
 */
#ifndef AW_LINK_DECK_H
#define AW_LINK_DECK_H

#include "link/match.h"

struct aw_deck {
	uint32_t *at;
	size_t stride;		      /* words of a card */
	size_t fields, dear_count;    /* values and shapes; behind them the blocks */
	uint8_t dear[AW_SPEC_FIELDS]; /* fields that have a shape, in the order of asking */
};

static inline uint32_t *
aw_deck_card(const struct aw_deck *deck, size_t row)
{
	return deck->at + row * deck->stride;
}

/** Makes the cards; the matcher must have been weighed. Cost: 64 bytes a row as a rule. */
void aw_deck_make(
	const struct aw_matcher *matcher, size_t passes, size_t threads, struct aw_deck *ret_deck);
void aw_deck_done(struct aw_deck *deck);

#endif
