/**
 * city/person/search - the search box over the index.
 * Layer: city, inner to the room person.  Threads: the caller holds the index still.
 */
#ifndef AW_CITY_PERSON_SEARCH_H
#define AW_CITY_PERSON_SEARCH_H

#include "city/person/people.h"
#include "link/index.h"

/** See aw_people_search; near: aw_people_search_near. */
void aw_search_index(const struct aw_link_index *index, struct aw_arena *arena, const char *typed,
	bool near, size_t limit, struct aw_search_hits *ret_hits);

#endif
