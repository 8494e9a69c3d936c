/**
 * net/worker - what happens without anybody asking: work items, clocks, checkpoints, old sessions.
 * Layer: net.  Threads: workers of their own, beside the requests'.  Example: tests/net/test_worker.c
 *
 * Where several servers work on one database, the one on duty (aw_db_on_duty) does all of it; when it
 * is gone, the next that asks.
 * A work item is run in one unit of work that ends in its mark: a crash before the commit leaves it
 * waiting, a crash after it leaves it done, and nothing is between. A failed one is tried again
 * later (db/work.h); one given up is shown to the operator.
 */
#ifndef AW_NET_WORKER_H
#define AW_NET_WORKER_H

#include "net/house.h"

struct aw_workers; /* opaque */

/* The use case that a kind of work item starts. */
struct aw_work_kind {
	const char *kind;   /* "screen_report" */
	const char *action; /* what the log calls it */
	enum aw_status (*run)(struct aw_act *act, int64_t reference, struct aw_error *err);
};

/** The kinds there are, in net/worker.c. */
const struct aw_work_kind *aw_work_kinds(size_t *ret_count);

struct aw_workers_options {
	struct aw_house *house;
	const char *witness;		  /* for checkpoints of the log; NULL: none */
	const struct aw_work_kind *kinds; /* NULL: aw_work_kinds() */
	size_t kind_count;
	int64_t poll_ms;       /* how often to look for work; 0 = 200 */
	int64_t checkpoint_ms; /* how often to sign the log, however few the entries; 0 = a minute */
};

AW_MUST_CHECK enum aw_status aw_workers_start(const struct aw_workers_options *options,
	struct aw_workers **ret_workers, struct aw_error *err);

/** Finishes the item under way, signs the log, joins. workers may be NULL. */
void aw_workers_end(struct aw_workers *workers);

/** Runs everything that is due now, on this thread: for commands without a server, and tests.
 *  *ret_done: items that took effect; may be NULL. */
AW_MUST_CHECK enum aw_status
aw_workers_run_due(struct aw_house *house, int64_t *ret_done, struct aw_error *err);

#endif
