/**
 * bench/taiwan_index - the made-up Taiwan in the index of link/, for the programs that measure it.
 */
#ifndef AW_BENCH_TAIWAN_INDEX_H
#define AW_BENCH_TAIWAN_INDEX_H

#include "bench/taiwan.h"
#include "link/index.h"

struct tw_filled {
	struct aw_link_index *index;
	uint64_t households;
	size_t people;
	double make_s;	/* making people and their forms */
	double build_s; /* filing them: put and settle */
	double busy_s;	/* of it, of the processor alone */
};

double tw_seconds(void);
double tw_busy_seconds(void); /* of this thread's processor: what others use does not count */
/** Fills an index with that many people at least, household after household. */
void
tw_fill(uint64_t seed, size_t people, const struct aw_link_model *model, struct tw_filled *ret);
/** Puts one person again. */
void tw_put(struct aw_link_index *index, const struct tw_household *home,
	const struct tw_person *person);
/** Somebody drawn at random, of a half (0, 1) or of both (-1). */
const struct tw_person *tw_draw(struct aw_random *random, uint64_t seed, uint64_t households,
	int half, struct tw_household *home);

/* What one search found. */
struct tw_answer {
	int64_t first; /* the best one, 0 = nobody */
	size_t rank;   /* of the right one, from 1; 0 = not among the ten best */
	bool linked;   /* the best one would be linked without a person */
	size_t compared;
	double us, busy_us; /* by the clock, and of the processor alone */
};
void tw_ask(const struct aw_link_index *index, const struct tw_known *known, int64_t right,
	int32_t least_ppm, struct tw_answer *ret);

#endif
