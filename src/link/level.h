/**
 * link/level - how two values of a field agree, as one small level.
 * Layer: link.  Threads: pure once made.  Example: tests/link/test_level.c
 *
 * Level 0 is "missing" and weighs nothing; the others run from strongest to weakest, the last one
 * taking what no other did. Two families:
 *
 *   by form (name, national_id, date, tw_address): the levels of link/compare.h by their codes. One
 *   that a spec leaves out counts as the next weaker one it names; a date's new_year as exact; its
 *   within and near, of dates known in part, as missing.
 *   by text (every type): exact · swapped (the same tokens in another order) · initial (one is the
 *   first letter of the other) · sound · first>=N · levenshtein<=N · osa<=N · jaro>=X ·
 *   jaro_winkler>=X, tried in the order in which they are named.
 */
#ifndef AW_LINK_LEVEL_H
#define AW_LINK_LEVEL_H

#include "link/compare.h"
#include "link/table.h"

enum aw_level_kind {
	AW_LEVEL_FORM, /* by form: the code alone */
	AW_LEVEL_EXACT,
	AW_LEVEL_SWAPPED,
	AW_LEVEL_INITIAL,
	AW_LEVEL_SOUND,
	AW_LEVEL_FIRST,
	AW_LEVEL_LEVENSHTEIN,
	AW_LEVEL_OSA,
	AW_LEVEL_JARO,
	AW_LEVEL_JARO_WINKLER,
	AW_LEVEL_REST, /* the last one */
};

struct aw_level {
	enum aw_level_kind kind;
	const char *code; /* as written in the spec; borrowed */
	double least;	  /* jaro */
	uint32_t count;	  /* first, distances */
};

struct aw_comparator {
	const struct aw_column *column;
	struct aw_level levels[AW_SPEC_LEVELS]; /* [0] missing */
	size_t count;
	bool by_form;
	enum aw_link_field form_field;
	uint8_t of_form[AW_LINK_LEVEL_LIMIT]; /* by form: level of each of compare.h's */
	uint8_t equal;			      /* by text: level of equal values */
	uint64_t *sounds;		      /* by value, when a level asks for them; owned */
	uint64_t *bags; /* by value: the kinds of its characters, of dear ones; owned */
	bool dear;	/* worth remembering the answer */
};

/** Makes the comparator of a field; column is borrowed. Errors: AW_INVALID for a level that the type
 *  does not have, naming it and what there is. */
AW_MUST_CHECK enum aw_status aw_comparator_make(const struct aw_spec_field *field,
	const struct aw_column *column, struct aw_comparator *ret_comparator, struct aw_error *err);
void aw_comparator_done(struct aw_comparator *comparator);

/** Level of two values that are both there (numbers not 0). */
uint8_t aw_comparator_level(const struct aw_comparator *comparator, uint32_t a, uint32_t b);

#endif
