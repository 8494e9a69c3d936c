/**
 * db/last_keep - the last numbers of a group or a reading.
 * Layer: db, inside it alone.  Threads: as the connection.
 */
#ifndef AW_DB_LAST_KEEP_H
#define AW_DB_LAST_KEEP_H

#include "db/engine.h"
#include "db/last.h"

#define AW_LASTS_MOST 8 /* what more there are is asked for each time */

struct aw_last {
	char name[16];
	int32_t day;
	aw_last_fn *ask;
	int64_t none, last;
	bool known;
	bool used;     /* in the group under way */
	unsigned idle; /* groups since it was used */
};

struct aw_lasts {
	struct aw_last at[AW_LASTS_MOST];
	size_t count;
};

/** Begins a group or a reading: nothing is known but what the last ones used, where that can be asked
 *  for on the same journey. */
AW_MUST_CHECK enum aw_status aw_lasts_begin(
	struct aw_lasts *lasts, struct aw_conn *conn, enum aw_step step, struct aw_error *err);

/** What a unit gave was undone. */
void aw_lasts_forget(struct aw_lasts *lasts);

#endif
