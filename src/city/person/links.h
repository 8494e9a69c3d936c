/**
 * city/person/links - links between records and people, inside the room.
 * Layer: city, inner to the room person.
 */
#ifndef AW_CITY_PERSON_LINKS_H
#define AW_CITY_PERSON_LINKS_H

#include "city/person/people.h"
#include "city/person/register.h"

/** Recognises whose record it is and links it: confirmed above the threshold, else the first three
 *  are proposed. What the program linked before is undone; what a person decided stays: where they
 *  said whose the record is, nothing is looked for; whom they said it is not is passed over. */
AW_MUST_CHECK enum aw_status aw_record_recognise(struct aw_act *act, int64_t record,
	const char *register_code, const struct aw_identity *identity, int64_t *ret_confirmed,
	int64_t *ret_proposed, struct aw_error *err);

/** Ends a link; cause: the decision that takes its place, 0 for none. AW_CONFLICT when somebody else
 *  ended it before. */
AW_MUST_CHECK enum aw_status
aw_link_end(struct aw_act *act, int64_t link, int64_t cause, struct aw_error *err);

/** Words of a decision: sealed under a key, as the cell "words" of a row; NULL words is an empty cell. */
AW_MUST_CHECK enum aw_status aw_link_words_seal(struct aw_act *act, int64_t key, const char *table,
	int64_t id, const char *words, struct aw_bytes *ret_cell, struct aw_error *err);
/** *ret_words is NULL when there are none, or the key was destroyed. */
AW_MUST_CHECK enum aw_status aw_link_words_open(struct aw_act *act, int64_t key, const char *table,
	int64_t id, struct aw_bytes cell, const char **ret_words, struct aw_error *err);

#endif
