/**
 * bench/change - a statement that changed something, as the engine was given it.
 */
#ifndef AW_BENCH_CHANGE_H
#define AW_BENCH_CHANGE_H

#include "db/engine.h"

/* The cells' memory is the recording's. */
struct bench_change {
	struct bench_change *next;
	const struct aw_sql *sql;
	struct aw_cell *cells;
};

#endif
