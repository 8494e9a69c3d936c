/**
 * demo/load - puts the population into the database: people, households, relationships.
 * Layer: demo, for fill.c alone.  Threads: one.
 */
#ifndef AW_DEMO_LOAD_H
#define AW_DEMO_LOAD_H

#include "demo/fill.h"

/** Makes every person and household, as the household registration has them; ret_people gets the
 *  id of each person of the city (city->people_count of them). */
AW_MUST_CHECK enum aw_status aw_demo_load(const struct aw_demo_env *env,
	const struct aw_demo_city *city, int64_t *ret_people, struct aw_error *err);

#endif
