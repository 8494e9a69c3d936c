/**
 * policy/place - where in a model's decision tables a line of its file is.
 * Layer: policy.  Threads: any.  Example: tests/policy/test_sheet.c
 */
#ifndef AW_POLICY_PLACE_H
#define AW_POLICY_PLACE_H

#include "rule/model.h"

struct aw_model_place {
	const struct aw_dmn_item *item; /* NULL: nowhere in a table */
	size_t row;			/* from 1; 0: in no row */
	size_t column;			/* from 0, inputs first; SIZE_MAX: in none */
};

/** The table of a decision or knowledge model; NULL: it is none. */
const struct aw_table *aw_model_table(const struct aw_dmn_item *item);

/** "lead, row 3, prior_90": the decision's id, the row, what the column looks at or puts out; in English, for
 *  commands. NULL: nowhere in a table. In the arena. */
const char *aw_model_place_text(struct aw_arena *arena, const struct aw_model_place *place);

/** model may be NULL, line 0: nowhere. */
struct aw_model_place aw_model_place_of(const struct aw_dmn_model *model, uint32_t line);

#endif
