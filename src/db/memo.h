/**
 * db/memo - answers kept in memory until something they could depend on has changed.
 * Layer: db.  Threads: any.  Example: tests/db/test_memo.c
 *
 * For readings that cost much and are asked often: what an indicator counted. An answer is kept
 * under a key (what was asked) and the stamp of its snapshot; any commit that touches a table of
 * facts moves the stamp, and what was kept before is gone. Bookkeeping (the log, sessions, work
 * items, counters) does not move it. Nothing is kept inside a unit of work. On PostgreSQL, where other
 * servers write too, the stamp is the number of the last change that the snapshot sees (db/change.h).
 * Together at most 32 MB, the oldest go first. Never for secrets.
 */
#ifndef AW_DB_MEMO_H
#define AW_DB_MEMO_H

#include "db/db.h"

/** A kept answer, copied into arena; false when there is none for this snapshot. */
bool
aw_memo_get(struct aw_tx *tx, const char *key, struct aw_arena *arena, struct aw_bytes *ret_data);

/** Keeps an answer that was computed in this snapshot. key and data are copied. */
void aw_memo_put(struct aw_tx *tx, const char *key, struct aw_bytes data);

#endif
