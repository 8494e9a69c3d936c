/**
 * bench/each - PostgreSQL with a journey for each statement, and journeys counted.
 * Threads: one at a time runs units; set up before.
 */
#ifndef AW_BENCH_EACH_H
#define AW_BENCH_EACH_H

#include "db/db.h"

extern unsigned bench_journey_us; /* so much longer each journey takes */
extern size_t bench_journeys;	  /* so far */

/** From here on a unit waits for each answer, or goes on without those that it does not need. */
void bench_each(struct aw_tx *tx, bool each);

/** Waits for what is on its way. */
AW_MUST_CHECK enum aw_status bench_arrive(struct aw_tx *tx, struct aw_error *err);

#endif
