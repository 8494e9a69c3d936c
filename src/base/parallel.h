/**
 * base/parallel - one job done by several threads, and shares of work handed out to them.
 * Layer: base.  Threads: the caller's, which works too, and count - 1 that live for one call.
 * Example: tests/base/test_parallel.c
 *
 * What is worked out must not depend on who got which share: add whole numbers, sort by a total order.
 */
#ifndef AW_BASE_PARALLEL_H
#define AW_BASE_PARALLEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { AW_PARALLEL_MOST = 64 };

typedef void aw_parallel_fn(void *arg, size_t thread);

/** Calls fn(arg, 0) to fn(arg, count - 1), each on a thread of its own, and returns when all have.
 *  A thread that cannot be started has its call made by the caller. count: 1 to AW_PARALLEL_MOST. */
void aw_parallel(size_t count, aw_parallel_fn *fn, void *arg);

/* Shares [from, to) of `total` items, `step` at a time. */
struct aw_shares {
	atomic_size_t next;
	size_t total, step;
};

static inline bool
aw_share_take(struct aw_shares *shares, size_t *ret_from, size_t *ret_to)
{
	size_t from = atomic_fetch_add(&shares->next, shares->step);

	if (from >= shares->total)
		return false;
	*ret_from = from;
	*ret_to = shares->total - from < shares->step ? shares->total : from + shares->step;
	return true;
}

#endif
