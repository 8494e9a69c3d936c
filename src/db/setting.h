/**
 * db/setting - one value a name, and the counters behind public numbers.
 * Layer: db.  Threads: as the tx.  Example: tests/db/test_setting.c
 */
#ifndef AW_DB_SETTING_H
#define AW_DB_SETTING_H

#include "db/db.h"

/** *ret_value is NULL when there is no such setting. */
AW_MUST_CHECK enum aw_status aw_setting_get(struct aw_tx *tx, struct aw_arena *arena,
	const char *name, const char **ret_value, struct aw_error *err);

/** value NULL forgets the setting. */
AW_MUST_CHECK enum aw_status
aw_setting_put(struct aw_tx *tx, const char *name, const char *value, struct aw_error *err);

/** The next count of a kind of public number on a day, from 1, without gaps among what commits. */
AW_MUST_CHECK enum aw_status aw_counter_next(
	struct aw_tx *tx, const char *name, int32_t day, int64_t *ret_count, struct aw_error *err);

#endif
