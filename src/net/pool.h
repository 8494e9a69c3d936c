/**
 * net/pool - a few threads and a bounded queue of jobs.
 * Layer: net.  Threads: a pool is shared; jobs run on its threads.  Example: tests/net/test_pool.c
 *
 * A job that waits for another one gives its place to a spare thread meanwhile, so that those who wait
 * for one long count do not keep everybody else waiting too.
 */
#ifndef AW_NET_POOL_H
#define AW_NET_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct aw_pool; /* opaque */

typedef void aw_job_fn(void *job);

/** Starts threads that run jobs, so many at once, in the order in which they came, and three times as
 *  many spare ones. Errors: AW_IO. */
AW_MUST_CHECK enum aw_status
aw_pool_start(size_t threads, size_t queue_limit, struct aw_pool **ret_pool, struct aw_error *err);

/** Queues a job; false when the queue is full or the pool is ending: then nothing was taken. */
bool aw_pool_push(struct aw_pool *pool, aw_job_fn *fn, void *job);

/** Told by whoever waits (true) and has waited (false) on a pool's thread; elsewhere it does nothing. A
 *  job that has waited goes on at once, so a few more may run for a moment. */
void aw_pool_waits(bool waits);

/** Takes nothing new, runs what is queued, joins the threads; pushing is refused from now on. */
void aw_pool_drain(struct aw_pool *pool);

/** Drains and frees. Nobody may push any more. pool may be NULL. */
void aw_pool_end(struct aw_pool *pool);

#endif
