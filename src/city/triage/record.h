/**
 * city/triage/record - a decision as the JSON that is sealed with it, and back.
 * Layer: city, inside room triage.
 *
 * The record holds what decided and why: facts with their sources, proposed units, clocks, reasons,
 * explanation. Level, class, priority and lead stand in plain columns beside it.
 */
#ifndef AW_CITY_TRIAGE_RECORD_H
#define AW_CITY_TRIAGE_RECORD_H

#include "base/json.h"
#include "city/triage/triage.h"

/** The caller owns it. note: of an override; may be NULL. Of the tables it holds the rows that fired:
 *  about 10 KB, a tenth of all. */
json_t *
aw_decision_record(struct aw_arena *arena, const struct aw_decision *decision, const char *note);

/** Fills what the record holds; texts live in the arena. AW_CORRUPT when it is not one. */
AW_MUST_CHECK enum aw_status aw_decision_read(struct aw_arena *arena, const json_t *record,
	struct aw_decision *decision, struct aw_error *err);

#endif
