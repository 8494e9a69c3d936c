/**
 * db/change - what the servers of one database tell each other, by gap-free numbers.
 * Layer: db.  Threads: as the tx; following is set up by one thread before others read or write.
 * Example: tests/db/test_servers.c
 *
 * On PostgreSQL several servers may work on one database. A unit of work that changes what another
 * server keeps in memory notes it: a row of the table `change` with the next number. Numbers have no
 * gaps, because units of all servers run one group after the other (db/writer.h). Every server knows
 * up to which number it has followed, and goes on before its next group of units and before each
 * reading whose snapshot is newer: so what it keeps is never older than what it reads.
 * SQLite has one writer, which keeps its own memory current by aw_tx_after_commit(): there no row is
 * written and nothing followed.
 * Whoever listens (net/events) is told of every note that was committed, by this server at once and by
 * another as soon as it is followed, on either engine.
 */
#ifndef AW_DB_CHANGE_H
#define AW_DB_CHANGE_H

#include "db/db.h"

/** Notes that what `kind` and `reference` name is another one now, once a unit. kind must be constant.
 *  No statement runs where no other server can be. */
AW_MUST_CHECK enum aw_status
aw_change_note(struct aw_tx *tx, const char *kind, int64_t reference, struct aw_error *err);

/** Deletes notes older than an instant of real time, but the newest. */
AW_MUST_CHECK enum aw_status
aw_change_forget(struct aw_tx *tx, int64_t before_ms, struct aw_error *err);

/* Told of a change by another server, inside a transaction that sees it: tx only reads. */
typedef enum aw_status
aw_change_fn(struct aw_tx *tx, int64_t reference, void *arg, struct aw_error *err);

/** Takes part in the changes of a kind from now on: what is read from the database after this call
 *  and put into memory may miss none. kind must be constant. At most 4 kinds. */
AW_MUST_CHECK enum aw_status
aw_db_follow(struct aw_db *db, const char *kind, aw_change_fn *fn, void *arg, struct aw_error *err);

/** The number up to which a reading sees changes: what it answers holds everything that was told up to
 *  there, and perhaps more. On SQLite numbers count commits from the real time of the start on, so that
 *  they go on rising behind a new start. */
uint64_t aw_tx_number(const struct aw_tx *tx);

/* Told of a note behind its commit, in the order of numbers, on any thread: it must not wait. */
typedef void aw_told_fn(const char *kind, int64_t reference, uint64_t number, void *arg);

/** fn is told from now on; NULL: nobody, and no call is under way any more. */
void aw_db_listen(struct aw_db *db, aw_told_fn *fn, void *arg);

/** From here on fn of aw_db_follow is called, from any thread, one at a time. */
void aw_db_follow_start(struct aw_db *db);

#endif
