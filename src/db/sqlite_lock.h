/**
 * db/sqlite_lock - who may write a database file.
 * Layer: db, inside it alone.  Threads: one.
 *
 * PATH.lock is held by flock for as long as the writer lives, so that a crash frees it. PATH.filling
 * stands beside a database whose bulk filling did not end: it was written without waiting for the
 * disk and may be torn, so nobody opens it.
 */
#ifndef AW_DB_SQLITE_LOCK_H
#define AW_DB_SQLITE_LOCK_H

#include "db/db.h"

/** Takes the lock and makes the file if it may. AW_NOT_FOUND, AW_BUSY, AW_CORRUPT (torn), AW_IO. */
AW_MUST_CHECK enum aw_status
aw_sqlite_lock(const struct aw_db_options *options, void **ret_lock, struct aw_error *err);

/** After the last connection was closed: ends a filling, frees the lock. */
void aw_sqlite_unlock(void *lock);

#endif
