/**
 * demo/identify - gives the people of a made-up city names, numbers, phones and addresses.
 * Layer: demo.  Threads: pure over the caller's random.  Example: tests/demo/test_population.c
 */
#ifndef AW_DEMO_IDENTIFY_H
#define AW_DEMO_IDENTIFY_H

#include "demo/population.h"

/** Fills name, alias, national_id of every person and phone, address of every household. Ages,
 *  relations, traits and districts must stand. */
void aw_demo_identify(struct aw_demo_city *city, struct aw_random *random);

#endif
