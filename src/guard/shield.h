/**
 * guard/shield - reads the facts around a worker's respondents and applies aw_shield() to them.
 * Layer: guard, for guard alone.  Threads: inside a unit of work or a reading.
 * Example: tests/property/test_shield_facts.c
 */
#ifndef AW_GUARD_SHIELD_H
#define AW_GUARD_SHIELD_H

#include "guard/access.h"
#include "guard/act.h"

/** Whom rule 1 of guard/access.h covers for an account; with unit, for everybody whom the unit
 *  serves as respondent. Sorted, in the act's arena. Cost: one statement, of some twenty index
 *  looks a respondent; outside units of work its answer is kept until a fact changes (db/memo.h). */
AW_MUST_CHECK enum aw_status aw_shield_of(const struct aw_act *act, int64_t account,
	const char *unit, int64_t **ret_persons, size_t *ret_count, struct aw_error *err);

/** The same for one respondent, whoever serves them. */
AW_MUST_CHECK enum aw_status aw_shield_around(const struct aw_act *act, int64_t respondent,
	int64_t **ret_persons, size_t *ret_count, struct aw_error *err);

/** Is a person among these? */
bool aw_shield_has(const int64_t *persons, size_t count, int64_t person);

#endif
