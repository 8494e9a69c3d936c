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
	uint8_t sound;			      /* level of "sound"; 0 = not asked for */
	uint32_t *shapes; /* by value: length and kinds of its characters, of dear ones; owned */
	uint8_t *best;	  /* by aw_shapes_index(), of dear ones: no level is stronger; owned */
	bool dear;	  /* by text, with more to ask than whether values are equal */
};

/** Makes the comparator of a field; column is borrowed. Errors: AW_INVALID for a level that the type
 *  does not have, naming it and what there is. */
AW_MUST_CHECK enum aw_status aw_comparator_make(const struct aw_spec_field *field,
	const struct aw_column *column, struct aw_comparator *ret_comparator, struct aw_error *err);
void aw_comparator_done(struct aw_comparator *comparator);

/* Shape of a value: its length (AW_SHAPE_LONG: that or more), and which of 27 kinds of characters it
 * holds. No two letters of the alphabet are of one kind, nor two digits. */
enum { AW_SHAPE_KINDS = 27, AW_SHAPE_LONG = 31, AW_SHAPE_LENGTHS = 32 };

/* Ones in a word; a library call where the machine is not asked for more than the oldest has, and one
 * instruction where it is. */
static inline uint32_t
aw_ones(uint32_t x)
{
	x -= x >> 1 & 0x55555555;
	x = (x & 0x33333333) + (x >> 2 & 0x33333333);
	x = (x + (x >> 4)) & 0x0f0f0f0f;
	return x * 0x01010101 >> 24;
}

/** Where a comparator's `best` has the strongest level that two different values of these shapes could
 *  have: by both lengths, and the units they could have in common. */
static inline uint32_t
aw_shapes_index(uint32_t a, uint32_t b)
{
	const uint32_t kinds = (UINT32_C(1) << AW_SHAPE_KINDS) - 1;
	uint32_t x = a >> AW_SHAPE_KINDS, y = b >> AW_SHAPE_KINDS;
	uint32_t common_x = x - aw_ones(a & ~b & kinds), common_y = y - aw_ones(b & ~a & kinds);
	uint32_t common = common_x < common_y ? common_x : common_y;

	return (x * AW_SHAPE_LENGTHS + y) * AW_SHAPE_LENGTHS + (common & AW_SHAPE_LONG);
}

/** The strongest level that two different values could have, of a dear comparator. */
static inline uint8_t
aw_comparator_best(const struct aw_comparator *comparator, uint32_t a, uint32_t a_shape, uint32_t b,
	uint32_t b_shape)
{
	uint8_t level = comparator->best[aw_shapes_index(a_shape, b_shape)];

	if (comparator->sound != 0 && comparator->sound < level && comparator->sounds[a] != 0 &&
		comparator->sounds[a] == comparator->sounds[b])
		return comparator->sound;
	return level;
}

/** Level of two values that are both there (numbers not 0). */
uint8_t aw_comparator_level(const struct aw_comparator *comparator, uint32_t a, uint32_t b);

#endif
