/**
 * db/db - one database: readers per thread, one writer with group commit, units of work.
 * Layer: db.  Threads: an open database is shared; a unit of work belongs to the thread that runs it.
 * Example: tests/db/test_db.c
 *
 * A unit of work is a closure: pure but for its statements, and retryable, because the writer may
 * run it again (SERIALIZABLE on PostgreSQL, a failed group on SQLite). It answers AW_OK to commit,
 * anything else to roll back; nothing it did is seen before, and the caller hears only after the
 * commit is durable.
 *
 * Statements are generated from the .sql file beside each room (tools/gen_sql.py):
 *   -- name: report_by_number
 *   -- in: number text
 *   -- one: id id, kind text, received_at int64, closed_at int64?
 * becomes
 *   enum aw_status sql_report_by_number(struct aw_tx *tx, const struct sql_report_by_number_in *in,
 *       struct aw_arena *arena, struct sql_report_by_number *ret_row, bool *ret_found,
 *       struct aw_error *err);
 * Modes: none (nothing comes back; `-- exec` may be written) | `-- changed` (ret_changed: rows
 * touched) | `-- one:` (found or not) | `-- many:` (an arena array) | `-- each:` (a callback a
 * row, for scans); `rows of NAME` instead of columns shares the struct of an earlier statement of
 * the file. Types: id, int64, text, bytes, day, flag; `?` behind a type allows NULL.
 * C shapes: id/int64 int64_t, day int32_t, flag bool, text const char *, bytes struct aw_bytes;
 * with `?`: struct aw_maybe (id, int64, day, flag), NULL text, NULL bytes.at.
 */
#ifndef AW_DB_DB_H
#define AW_DB_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct aw_db; /* opaque; made by aw_db_open, ended by aw_db_close */
struct aw_tx; /* opaque; what statements run in: a read snapshot, or a unit of work */

/* A whole number that may be absent (SQL NULL). */
struct aw_maybe {
	int64_t v;
	bool known;
};
#define AW_KNOWN(value) ((struct aw_maybe){ .v = (value), .known = true })
#define AW_UNKNOWN ((struct aw_maybe){ 0 })

/* A unit of work or a reading. arg is the caller's; everything read goes to an arena in it. */
typedef enum aw_status aw_work_fn(struct aw_tx *tx, void *arg, struct aw_error *err);

struct aw_db_options {
	const char *url;      /* "sqlite:PATH"; "postgres://..." */
	bool create;	      /* make the file when there is none */
	bool bulk;	      /* filling an empty database: no fsync per group, synced on close */
	uint32_t queue_limit; /* units waiting for the writer; 0 = 1024; full -> AW_BUSY */
};

/**
 * Opens a database and starts its writer and checkpointer. Does not migrate: see db/migrate.h.
 * Errors: AW_NOT_FOUND (no such file and !create), AW_IO, AW_CORRUPT, AW_BUSY (another process is
 * its writer). *ret_db is set only on AW_OK.
 */
AW_MUST_CHECK enum aw_status
aw_db_open(const struct aw_db_options *options, struct aw_db **ret_db, struct aw_error *err);

/** Runs what is queued, stops the writer, closes. db may be NULL. */
void aw_db_close(struct aw_db *db);

/** Runs fn in one read snapshot on this thread's own reader. fn must not write. */
AW_MUST_CHECK enum aw_status
aw_db_read(struct aw_db *db, aw_work_fn *fn, void *arg, struct aw_error *err);

/**
 * Queues fn for the writer and waits until it is durable or refused. Called from any thread but
 * the writer's own. Errors: fn's own; AW_BUSY when the queue is full or the database cannot be
 * reached; AW_IO when the commit failed (then nothing of the group happened, and no caller of it is
 * told otherwise); AW_UNSURE when the connection was lost in the commit (it may have happened).
 */
AW_MUST_CHECK enum aw_status
aw_db_write(struct aw_db *db, aw_work_fn *fn, void *arg, struct aw_error *err);

/**
 * The same for several units that can wait, each on its own: they give way to aw_db_write, whose
 * groups take one of them along each 20 ms, or so seldom that they take a tenth of the writer's time;
 * when nothing else waits, a few become one commit. Waits
 * until all are durable or refused; errs[i].status is what came of fn(args[i]). count is at most
 * AW_LATER_MOST.
 */
#define AW_LATER_MOST 16
void aw_db_write_later(
	struct aw_db *db, aw_work_fn *fn, void *const *args, struct aw_error *errs, size_t count);

/**
 * Asks for fn to run after the commit of this unit of work is durable and before its caller
 * hears of it, on the writer's thread, in the order of the units: for indexes in memory. arg must
 * outlive the unit (an arena of the caller). Dropped on roll-back.
 */
void aw_tx_after_commit(struct aw_tx *tx, void (*fn)(void *arg), void *arg);

/**
 * Clears what was deleted or replaced from the database's files: on SQLite the write-ahead log is
 * moved home and cut to nothing (pages themselves are overwritten with each deletion), on PostgreSQL
 * the tables of keys are vacuumed. Not inside a unit of work. AW_BUSY: a long reading is in the way.
 */
AW_MUST_CHECK enum aw_status aw_db_scrub(struct aw_db *db, struct aw_error *err);

/** What of the database server's own settings could lose or break what was acknowledged, or tell what
 *  somebody typed, a sentence a line, in the arena; NULL: nothing. PostgreSQL's alone can be set otherwise than we want. */
AW_MUST_CHECK enum aw_status
aw_db_doubts(struct aw_db *db, struct aw_arena *arena, const char **ret_text, struct aw_error *err);

/** True for one server of a database at a time: the one that does work items, clocks and
 *  checkpoints. When that one is gone, the next that asks. */
bool aw_db_on_duty(struct aw_db *db);

/**
 * True where a question is a journey to the database, and what fails in this run is run again with
 * false. So a unit need not ask what a constraint answers as well (is this key taken?): it writes, and
 * asks only when it is run once more.
 */
bool aw_tx_dares(struct aw_tx *tx);

/** From now on fn is told when a reading waits for what another thread computes (db/memo.h), true before
 *  and false behind, on the thread that waits. fn must not use the database. Before threads read. */
void aw_db_on_wait(struct aw_db *db, void (*fn)(bool waits));

/** True inside aw_db_write. */
bool aw_tx_writes(const struct aw_tx *tx);

#endif
