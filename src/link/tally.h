/**
 * link/tally - patterns of the pairs of one pass, counted.
 * Layer: link; inner to train.c.  Threads: several inside.
 */
#ifndef AW_LINK_TALLY_H
#define AW_LINK_TALLY_H

#include "link/train.h"

struct aw_tally {
	struct aw_pattern_count *counts; /* sorted by pattern; owned */
	size_t count;
	uint64_t pairs;	 /* of the pass */
	uint64_t looked; /* of them, counted: whole blocks are left out where there are too many */
};

void aw_tally_pass(const struct aw_matcher *matcher, const struct aw_blocks *blocks, size_t pass,
	uint64_t seed, size_t threads, struct aw_tally *ret_tally);
void aw_tally_done(struct aw_tally *tally);

/** u: the levels of random pairs. */
void aw_tally_random(const struct aw_matcher *matcher, uint64_t seed, size_t threads,
	struct aw_fit *fit, struct aw_trained *trained);
/** Pairs that the spec asks about. */
double aw_tally_possible(const struct aw_matcher *matcher);

#endif
