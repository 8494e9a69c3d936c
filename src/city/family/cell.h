/**
 * city/family/cell - text sealed under a person's own key.
 * Layer: city, inside room family.
 */
#ifndef AW_CITY_FAMILY_CELL_H
#define AW_CITY_FAMILY_CELL_H

#include "city/family/family.h"
#include "city/family/family.sql.h"

struct aw_cell {
	int64_t key;
	struct aw_bytes sealed;
};

/** Seals text (NULL = "") for a row of a table, column "sealed". AW_NOT_FOUND: no such person. */
AW_MUST_CHECK enum aw_status aw_cell_seal(struct aw_act *act, int64_t person, const char *table,
	int64_t row, const char *text, struct aw_cell *ret, struct aw_error *err);

/** Opens it; NULL when its person was erased. */
AW_MUST_CHECK enum aw_status aw_cell_open(const struct aw_act *act, int64_t key, const char *table,
	int64_t row, struct aw_bytes sealed, const char **ret_text, struct aw_error *err);

/** AW_DENIED unless the viewer is of this unit, or of one above or below it. */
AW_MUST_CHECK enum aw_status
aw_family_of_unit(const struct aw_act *act, const char *unit, struct aw_error *err);

#endif
