/**
 * db/last - numbers that go on by one (leaves of the log, public numbers): the last one is asked for
 * once a group of units, and counted on in memory.
 * Layer: db.  Threads: as the tx.  Example: tests/db/test_servers.c
 *
 * Whoever writes is alone in giving such numbers from the beginning of its group to its commit
 * (db/pg.c: the sequencer), so what is in memory holds for as long and no longer. On PostgreSQL, where
 * a question is a journey, the numbers that the last groups gave are asked for together with the
 * beginning of the next one.
 */
#ifndef AW_DB_LAST_H
#define AW_DB_LAST_H

#include "db/db.h"

/** Asks for the last number by one statement of its own; leaves *ret_last alone where there is none. */
typedef enum aw_status aw_last_fn(
	struct aw_tx *tx, const char *name, int32_t day, int64_t *ret_last, struct aw_error *err);

/** The last number of a name and day (of those that have none: 0). *ret_last comes in as what it is
 *  where none was given. ask must be the same for the same name; the name has at most 15 bytes. */
AW_MUST_CHECK enum aw_status aw_last_get(struct aw_tx *tx, const char *name, int32_t day,
	aw_last_fn *ask, int64_t *ret_last, struct aw_error *err);

/** The unit has written that number as the last one. */
void aw_last_given(struct aw_tx *tx, const char *name, int32_t day, int64_t last);

#endif
