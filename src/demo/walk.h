/**
 * demo/walk - every index below n once, in an order that looks random and takes no memory.
 * Layer: demo.  Threads: plain data.
 */
#ifndef AW_DEMO_WALK_H
#define AW_DEMO_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

struct aw_demo_walk {
	uint64_t n, at, step, left;
};

/** A walk over 0 ... n-1; n may be 0. */
static inline struct aw_demo_walk
aw_demo_walk(struct aw_random *random, uint64_t n)
{
	struct aw_demo_walk walk = { .n = n, .step = 1, .left = n };

	if (n < 3)
		return walk;
	walk.at = aw_random_below(random, n);
	for (;;) {
		uint64_t a = 1 + aw_random_below(random, n - 1), b = n, c = a;
		while (b != 0) {
			uint64_t rest = c % b;
			c = b;
			b = rest;
		}
		if (c == 1) {
			walk.step = a;
			return walk;
		}
	}
}

/** The next index; false when all were given. aw_demo_walk_again() starts over. */
static inline bool
aw_demo_walk_next(struct aw_demo_walk *walk, uint32_t *ret)
{
	if (walk->left == 0)
		return false;
	walk->left--;
	*ret = (uint32_t)walk->at;
	walk->at = (walk->at + walk->step) % walk->n;
	return true;
}

static inline void
aw_demo_walk_again(struct aw_demo_walk *walk)
{
	walk->left = walk->n;
}

#endif
