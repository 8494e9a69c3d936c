/**
 * city/person/facts - what a register's records say to triage.
 * Layer: city, inner to the room person.  Threads: pure.  Example: tests/city/person/test_register.c
 */
#ifndef AW_CITY_PERSON_FACTS_H
#define AW_CITY_PERSON_FACTS_H

#include "city/person/mapping.h"

/* A record that is linked to the person. */
struct aw_fact_record {
	const json_t *row;
	bool confirmed; /* else proposed: it may be somebody else's */
};

struct aw_fact_list {
	struct aw_arena *arena;
	struct aw_person_fact *at;
	size_t count, room;
};

void aw_fact_put(struct aw_fact_list *facts, const struct aw_person_fact *fact);

/** Evaluates the facts of a register over the records of one person, latest first. A fact that only a
 *  proposed link would make true is left out: unknown. */
void aw_facts_of_register(struct aw_fact_list *facts, const struct aw_register_map *map,
	const struct aw_fact_record *records, size_t count, int32_t extract_day, int32_t today);

#endif
