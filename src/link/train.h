/**
 * link/train - m, u and the prior learned from the tables themselves, without any answers.
 * Layer: link.  Threads: several inside; the answer does not depend on how many.
 * Example: tests/link/test_batch.c
 *
 * u: how often two random records agree. Equality is counted exactly from the values' frequencies; the
 * other levels among random pairs drawn by counter from the seed, until every level was seen often
 * enough or a million were drawn (all pairs, where there are fewer). The share that true pairs have
 * in it is taken out again: it matters where the table is small or a field is nearly unique.
 * m: expectation-maximisation (Dempster, Laird and Rubin 1977; Winkler 1988) over counts of patterns
 * (Enamorado, Fifield and Imai 2019): one run for each pass, in which the fields of its own key are
 * left out, so that each field is free in another pass; weighted together by the matches found.
 * Prior: the expected matches among all pairs of all passes, over the share of matches that any pass
 * meets (by m of its fields), over all pairs. No run starts from chance: the same input, spec and
 * seed give the same bytes.
 */
#ifndef AW_LINK_TRAIN_H
#define AW_LINK_TRAIN_H

#include "link/match.h"

struct aw_trained {
	uint64_t random_pairs; /* drawn, or all there are */
	bool all_pairs;
	double met_share; /* of the matches, that the passes meet */
	struct {
		uint64_t pairs;	 /* counted */
		double matches;	 /* expected among them */
		uint32_t rounds; /* 0: the pass was too small, or taught nothing */
	} passes[AW_SPEC_BLOCKS];
};

/** Trains. blocks: as they will be matched. matcher needs no weights yet. */
void aw_train(const struct aw_matcher *matcher, const struct aw_blocks *blocks, uint64_t seed,
	size_t threads, struct aw_fit *ret_fit, struct aw_trained *ret_trained);

/* Patterns and how many pairs have each: sorted by pattern. */
struct aw_pattern_count {
	uint64_t pattern;
	uint64_t all;	/* pairs of the pass */
	uint64_t first; /* of them, not met in an earlier pass */
};

/** m of free fields from one pass's counts, u fixed; returns the rounds it took, 0 when the counts teach
 *  nothing. share: of matches; a guess goes in, the estimate comes out. free: bit f. */
uint32_t aw_train_em(const struct aw_matcher *matcher, const struct aw_pattern_count *counts,
	size_t count, uint64_t free, struct aw_fit *fit, double *share);

#endif
