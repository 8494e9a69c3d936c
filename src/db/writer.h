/**
 * db/writer - the one thread that writes, and the one that moves the log home.
 * Layer: db, inside it alone.  Threads: submit from any thread but the writer's own.
 *
 * What waits when the writer is free becomes one commit. A unit that fails undoes itself alone: where
 * one has written before it failed, which is seldom, the group is run again with a savepoint a unit.
 * The first run has none: on SQLite a savepoint copies each page that is touched behind it, on
 * PostgreSQL each unit would wait for its answers, where a group waits once. Nobody is answered before
 * the commit. There is no waiting for company: a longer group forms by itself while the disk is busy.
 * Units that can wait (work items) let the others go first, and are not left waiting for ever.
 * A group that the engine gave up (disk full, a conflict between servers, a lost connection) is run
 * again, each unit alone; one that meets a conflict even so a few times more, after a short wait that
 * chance lengthens. A commit that failed is not, because a disk that failed to sync once cannot be
 * asked again; nor is one of which nobody knows (AW_UNSURE).
 */
#ifndef AW_DB_WRITER_H
#define AW_DB_WRITER_H

#include "db/engine.h"
#include "db/follow.h"

struct aw_writer;

/** Takes both connections over; checkpointer and follow (borrowed, as the ear is) may be NULL. */
struct aw_writer *aw_writer_start(struct aw_conn *conn, struct aw_conn *checkpointer,
	struct aw_follow *follow, struct aw_ear *ear, uint32_t queue_limit);

/** See aw_db_write. */
AW_MUST_CHECK enum aw_status
aw_writer_submit(struct aw_writer *writer, aw_work_fn *fn, void *arg, struct aw_error *err);

/** See aw_db_write_later. */
void aw_writer_submit_later(struct aw_writer *writer, aw_work_fn *fn, void *const *args,
	struct aw_error *errs, size_t count);

/** Grows with each commit that touched a table of facts or noted a change. */
uint64_t aw_writer_stamp(struct aw_writer *writer);

/** Runs what is queued, ends both threads, moves the whole log home, closes. */
void aw_writer_stop(struct aw_writer *writer);

#endif
