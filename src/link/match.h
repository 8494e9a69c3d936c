/**
 * link/match - pairs of rows compared: counted by pattern for training, or weighed and handed out.
 * Layer: link.  Threads: a matcher is shared and never changes while it runs; memos are one a thread.
 * Example: tests/link/test_batch.c
 *
 * A pair's pattern is its levels as one number of mixed radix: 8 bytes from which the whole reason
 * can be told again. Fields are compared in the order in which they decide most for least work, and
 * a pair is left as soon as nothing that remains could lift it to the least weight asked for.
 */
#ifndef AW_LINK_MATCH_H
#define AW_LINK_MATCH_H

#include "link/block.h"
#include "link/fit.h"

enum { AW_MEMO_BITS = 14 };

struct aw_matcher {
	const struct aw_link_spec *spec;
	const struct aw_table *table;
	struct aw_comparator comparators[AW_SPEC_FIELDS];
	uint64_t radix[AW_SPEC_FIELDS]; /* what one level of the field adds to the pattern */
	struct aw_own {
		uint8_t least[AW_SPEC_FIELDS]; /* weakest level that will do; 0 = any */
		bool or_missing[AW_SPEC_FIELDS];
	} owns[AW_SPEC_OWNS]; /* as the spec has them */
	/* set by aw_matcher_weigh() */
	const struct aw_fit *fit;
	int32_t *rarity[AW_SPEC_FIELDS]; /* by value, of fields with term frequency; owned */
	uint8_t order[AW_SPEC_FIELDS];
	int32_t remaining[AW_SPEC_FIELDS]; /* most that fields from order[k] on can add */
	int32_t least;			   /* totals below are nobody's business */
};

/** Makes the comparators. Errors: AW_INVALID (a level that there is none of), AW_TOO_LARGE (more patterns than 2^64). */
AW_MUST_CHECK enum aw_status aw_matcher_make(const struct aw_link_spec *spec,
	const struct aw_table *table, struct aw_matcher *ret_matcher, struct aw_error *err);
void aw_matcher_done(struct aw_matcher *matcher);
/** Takes weights (borrowed) and works out order, bounds and what rare values add. */
void aw_matcher_weigh(struct aw_matcher *matcher, const struct aw_fit *fit, int32_t least);

uint64_t aw_pattern(const struct aw_matcher *matcher, const uint8_t levels[AW_SPEC_FIELDS]);
void aw_pattern_levels(
	const struct aw_matcher *matcher, uint64_t pattern, uint8_t ret_levels[AW_SPEC_FIELDS]);
/** Does something agree that a household does not share? True where the spec does not ask. */
bool aw_pattern_is_own(const struct aw_matcher *matcher, uint64_t pattern);
/** "surname=exact|given_name=osa<=1|...". In the arena. */
char *aw_pattern_text(const struct aw_matcher *matcher, uint64_t pattern, struct aw_arena *arena);
/** Total weight of two rows that have this pattern. */
int32_t aw_pattern_total(const struct aw_matcher *matcher, uint64_t pattern, size_t a, size_t b);

/* What was found out about pairs of values lately; one a thread. */
struct aw_memo {
	uint64_t *slots[AW_SPEC_FIELDS];
};
void aw_memo_make(const struct aw_matcher *matcher, struct aw_memo *ret_memo);
void aw_memo_done(struct aw_memo *memo);

/** Levels of two rows, all fields. */
void aw_match_levels(const struct aw_matcher *matcher, struct aw_memo *memo, const uint32_t *a,
	const uint32_t *b, uint8_t ret_levels[AW_SPEC_FIELDS]);

/** Level of two values of one field (either may be missing), and its weight with what rarity adds. */
uint8_t aw_match_level(
	const struct aw_matcher *matcher, struct aw_memo *memo, size_t f, uint32_t a, uint32_t b);
static inline int32_t
aw_match_weight(const struct aw_matcher *matcher, size_t f, uint8_t level, uint32_t a, uint32_t b)
{
	int32_t weight = matcher->fit->weight[f][level];

	if (a == b && level == 1 && matcher->rarity[f] != NULL)
		weight += matcher->rarity[f][a];
	return weight;
}

/* A pair that reaches the least weight. */
struct aw_hit {
	uint64_t pattern;
	int32_t total;	      /* thousandths of a bit, the prior included */
	uint32_t left, right; /* rows */
};
/* Takes a hit; thread tells apart who calls. */
typedef void aw_hit_fn(void *arg, size_t thread, const struct aw_hit *hit);

struct aw_match_count {
	uint64_t met;	  /* pairs that share a key, each once */
	uint64_t windows; /* pairs of neighbours in split blocks */
};

/** Compares every pair of every pass once and hands out those that reach the least weight; from several
 *  threads, in no order. */
void aw_match_all(const struct aw_matcher *matcher, const struct aw_blocks *blocks, size_t threads,
	aw_hit_fn *fn, void *arg, struct aw_match_count *ret_count);

#endif
