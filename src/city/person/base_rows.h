/**
 * city/person/base_rows - rows of household registration become people, households, memberships.
 * Layer: city, inner to the room person.
 */
#ifndef AW_CITY_PERSON_BASE_ROWS_H
#define AW_CITY_PERSON_BASE_ROWS_H

#include "city/person/row.h"

enum aw_row_fate { AW_ROW_FRESH, AW_ROW_CHANGED, AW_ROW_SAME };

/* The household whose rows are being read; rows of one household stand together. */
struct aw_base_household {
	char number[64];  /* the agency's */
	int64_t id;	  /* 0: none yet */
	char carried[33]; /* of the piece before: a digest of its last number; "" none */
};

enum { AW_CARRY_BYTES = 64 };
/** What the next piece of a file has to know of the last household: its id, and a digest of its number
 *  with the extract's id, so that a piece that goes on with it is seen. */
void aw_base_carry(
	const struct aw_base_household *household, int64_t extract, char ret_carry[AW_CARRY_BYTES]);
/** The same the other way. False when it is not one. */
bool aw_base_carried(const char *carry, struct aw_base_household *ret_household);

/** Makes or corrects the person of a row and their membership. Known people are known by their
 *  number. Errors: as aw_person_create. */
AW_MUST_CHECK enum aw_status aw_base_row_take(struct aw_act *act, const struct aw_register_row *row,
	struct aw_base_household *household, int64_t extract, enum aw_row_fate *ret_fate,
	struct aw_error *err);

#endif
