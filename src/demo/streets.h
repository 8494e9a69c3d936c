/**
 * demo/streets - the districts, villages and roads of the made-up Keelung.
 * Layer: demo.  Threads: static data; addresses are pure over the caller's random.
 *
 * Sizes of districts are not printed in the source documents: they are assumed from public
 * knowledge of the city around 110, adjusted so that they add up to the printed 364,766. So are
 * the villages of a district (157 in all, as printed).
 */
#ifndef AW_DEMO_STREETS_H
#define AW_DEMO_STREETS_H

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

enum { AW_DEMO_DISTRICTS = 7, AW_DEMO_ADDRESS_SIZE = 112 };

struct aw_demo_district {
	const char *code; /* as city.yaml has it: 10017010 */
	const char *name; /* 中正區 */
	uint32_t people;  /* assumed */
	uint32_t villages_count;
	const char *const *villages;
	const char *const *roads; /* ended by NULL */
};

extern const struct aw_demo_district aw_demo_districts[AW_DEMO_DISTRICTS];

/** An address in a district and village: "基隆市中山區德安里12鄰復興路216巷31號3樓". */
void aw_demo_address(struct aw_random *random, uint32_t district, uint32_t village, char *out,
	size_t size_bytes);

#endif
