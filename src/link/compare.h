/**
 * link/compare - how two forms agree, field by field, as small levels.
 * Layer: link.  Threads: pure.  Example: tests/link/test_compare.c
 *
 * A comparison is a vector of levels: it is what gets a weight, what is kept, and what is explained.
 */
#ifndef AW_LINK_COMPARE_H
#define AW_LINK_COMPARE_H

#include "link/form.h"

enum aw_link_field {
	AW_LINK_NUMBER,
	AW_LINK_NAME,
	AW_LINK_BIRTH,
	AW_LINK_SEX,
	AW_LINK_PHONE,
	AW_LINK_ADDRESS,
	AW_LINK_FIELDS
};

enum aw_number_level {
	AW_NUMBER_MISSING,
	AW_NUMBER_SAME,
	AW_NUMBER_ALIAS,      /* the same as a number the person also had */
	AW_NUMBER_SLIP,	      /* one slip, and one of the two fails its check digit */
	AW_NUMBER_SLIP_VALID, /* one slip that the check digit cannot see */
	AW_NUMBER_TWO,	      /* two characters off, and one fails its check digit */
	AW_NUMBER_DIFFERS,    /* apart, one fails its check digit */
	AW_NUMBER_OTHER,      /* both hold and differ: two people, or a change of number */
};

enum aw_name_level {
	AW_NAMES_MISSING, /* or in scripts that do not compare */
	AW_NAMES_EXACT,
	AW_NAMES_VARIANT,  /* variant characters only */
	AW_NAMES_MASKED,   /* equal where it can be read */
	AW_NAMES_SOUND,	   /* heard the same */
	AW_NAMES_MARRIED,  /* 冠夫姓: one has the spouse's surname before or instead */
	AW_NAMES_SWAPPED,  /* two given characters, or tokens, in the other order */
	AW_NAMES_ONE_CHAR, /* one character differs or is missing; Latin: nearly equal */
	AW_NAMES_GIVEN,	   /* another surname, the same given name */
	AW_NAMES_SURNAME,  /* the surname, or one token, alone */
	AW_NAMES_NONE,
};

enum aw_birth_level {
	AW_BIRTH_MISSING,
	AW_BIRTH_EXACT,
	AW_BIRTH_NEW_YEAR, /* both 1 January: often stands for "year known" */
	AW_BIRTH_SWAPPED,  /* month and day */
	AW_BIRTH_ONE_DIGIT,
	AW_BIRTH_YEAR_OFF, /* one year, or eleven or 1911: ROC taken for CE */
	AW_BIRTH_LUNAR,	   /* one is the other's day of the lunar calendar, taken for a solar one */
	AW_BIRTH_WITHIN,   /* a year, a month or an age that fits */
	AW_BIRTH_NEAR,	   /* an age or year one off */
	AW_BIRTH_SAME_YEAR,
	AW_BIRTH_DIFFERS,
};

enum aw_sex_level { AW_SEX_MISSING, AW_SEX_SAME, AW_SEX_DIFFERS };
enum aw_phone_level { AW_PHONE_MISSING, AW_PHONE_SAME, AW_PHONE_DIFFERS };
enum aw_address_level {
	AW_PLACE_MISSING,
	AW_PLACE_FLOOR, /* same door and floor */
	AW_PLACE_DOOR,
	AW_PLACE_LANE,
	AW_PLACE_ROAD,
	AW_PLACE_VILLAGE,
	AW_PLACE_DISTRICT,
	AW_PLACE_ELSEWHERE,
};

enum { AW_LINK_LEVEL_LIMIT = 11 };

struct aw_link_levels {
	uint8_t at[AW_LINK_FIELDS];
};

/** Compares two forms. a_other and b_other are their names that are not Han (empty when they are). */
void aw_link_compare(const struct aw_link_form *a, struct aw_str a_other,
	const struct aw_link_form *b, struct aw_str b_other, struct aw_link_levels *ret_levels);

/** All of it but the name, whose level is left alone: what costs little. */
void aw_link_compare_rest(const struct aw_link_form *a, const struct aw_link_form *b,
	struct aw_link_levels *ret_levels);

/** One field of it. */
uint8_t aw_link_compare_field(enum aw_link_field field, const struct aw_link_form *a,
	struct aw_str a_other, const struct aw_link_form *b, struct aw_str b_other);

/** Number of levels of a field, and the stable codes of fields and levels. */
size_t aw_link_level_count(enum aw_link_field field);
const char *aw_link_field_code(enum aw_link_field field);
const char *aw_link_level_code(enum aw_link_field field, uint8_t level);
/** "national_id=same|name=variant|...": fields that could not be compared are left out. */
char *aw_link_levels_text(struct aw_arena *arena, const struct aw_link_levels *levels);
/** The levels that such a text names; fields and levels it has no code for are missing. */
void aw_link_levels_read(struct aw_str text, struct aw_link_levels *ret_levels);

#endif
