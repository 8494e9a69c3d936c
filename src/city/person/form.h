/**
 * city/person/form - an identity in the forms that link/ compares.
 * Layer: city, inner to the room person.  Threads: plain data.
 */
#ifndef AW_CITY_PERSON_FORM_H
#define AW_CITY_PERSON_FORM_H

#include "city/person/identity.h"
#include "link/index.h"

enum { AW_PERSON_FORM_LIMIT = 8 };

struct aw_person_forms {
	struct aw_link_form at[AW_PERSON_FORM_LIMIT];
	struct aw_str others[AW_PERSON_FORM_LIMIT]; /* in the arena */
	size_t count;
};

/** One form for what is current, then one for each other name, number and place: at most eight.
 *  age (or -1) on on_day stands in for a birth that is not known. */
void aw_person_forms_make(struct aw_arena *arena, const struct aw_identity *identity, int32_t age,
	int32_t on_day, struct aw_person_forms *ret_forms);

struct aw_people;
/** Replaces what the index holds of a person by these forms. */
void
aw_people_put_forms(struct aw_people *people, int64_t person, const struct aw_person_forms *forms);

/** Who has this number (packed) exactly, in any form; 0 = nobody. */
int64_t aw_people_of_number(struct aw_people *people, uint64_t number);

#endif
