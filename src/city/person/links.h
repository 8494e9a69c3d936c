/**
 * city/person/links - links between records and people, inside the room.
 * Layer: city, inner to the room person.
 */
#ifndef AW_CITY_PERSON_LINKS_H
#define AW_CITY_PERSON_LINKS_H

#include "city/person/people.h"
#include "city/person/register.h"

/** Recognises whose record it is and links it: confirmed above the threshold, else the first three
 *  are proposed. What the program linked before is undone; what a person decided stays. */
AW_MUST_CHECK enum aw_status aw_record_recognise(struct aw_act *act, int64_t record,
	const char *register_code, const struct aw_identity *identity, int64_t *ret_confirmed,
	int64_t *ret_proposed, struct aw_error *err);

#endif
