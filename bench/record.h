/**
 * bench/record - writes down what a unit of work changes: statements and their values, in order.
 * Threads: the one that runs the unit.
 */
#ifndef AW_BENCH_RECORD_H
#define AW_BENCH_RECORD_H

#include "db/db.h"

struct bench_change; /* change.h */

/* What one unit changed. */
struct bench_unit {
	struct bench_change *first;
};

/** From here on what runs in tx is written down in the arena. */
void bench_record_begin(struct aw_tx *tx, struct aw_arena *arena);

/** What was changed since the beginning or the last cut. */
struct bench_unit bench_record_cut(void);

/** Ends it: before the unit of work does. */
void bench_record_end(struct aw_tx *tx);

#endif
