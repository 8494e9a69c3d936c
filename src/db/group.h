/**
 * db/group - units of work that become one commit, inside db/writer.
 * Layer: db, inside it alone.  Threads: the writer's own; commits and stamp are read by any.
 * Example: tests/db/test_db.c
 */
#ifndef AW_DB_GROUP_H
#define AW_DB_GROUP_H

#include <pthread.h>
#include <stdatomic.h>

#include "db/engine.h"
#include "db/follow.h"
#include "db/last_keep.h"

/* A unit in the writer's queue; lives on its caller's stack until it is answered. */
struct aw_unit {
	aw_work_fn *fn;
	void *arg;
	struct aw_error *err;
	enum aw_status status;
	struct aw_tx tx;
	bool later;	 /* it gives way */
	int64_t took_us; /* what it took of the writer's time, if it gives way */
	bool answered;
	pthread_cond_t answer;
	struct aw_unit *next;
};

/* What a group needs: it is the writer's for life. */
struct aw_group {
	struct aw_conn *conn;
	struct aw_follow *follow; /* may be NULL */
	struct aw_ear *ear;
	bool following; /* the group under way began with what others had committed */
	struct aw_lasts lasts;
	atomic_uint_fast64_t commits, stamp;
};

/**
 * Runs units in one transaction and commits it; each unit's status says what came of it, and memory
 * knows of what was committed. A unit that failed is undone alone. A group that the engine gave up is
 * run again, each unit in a transaction of its own; see db/writer.h.
 */
void aw_group_run(struct aw_group *group, struct aw_unit *const *units, size_t count);

#endif
