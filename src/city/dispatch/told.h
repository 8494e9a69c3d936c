/**
 * city/dispatch/told - of which units on a report a viewer may be told.
 * Layer: city, inside room dispatch.  Threads: pure.  Example: tests/city/dispatch/test_told.c
 *
 * A unit's name can say what nobody else may know: that the mental health centre was asked tells that
 * somebody is ill. So a dispatch has the classes of the facts that brought it about (triage/fact_class.h: of the
 * row that asked; of the unit's type where a person named it, or where it serves the household already), and
 * whoever may not see one of these is told nothing of it: no name, task, clock, event, count, and no state
 * that waits for it alone. Where another row asks the same unit for a reason that may be told, that
 * row's task and date are all that is left of it.
 *
 * Told besides:
 *   the unit itself, and who stands above it in its agency, of their own part;
 *   who settles, of a dispute while it lasts: it cannot be decided otherwise;
 *   everybody on the report, of who leads: somebody must be there to turn to. A lead whose row hangs on hidden
 *   facts is told by its agency alone.
 *
 * Source: shared file of seven agencies "without any of them seeing more than it may"; that the registers of
 * psychiatry, suicide and drugs know somebody, and through which unit, is for screening alone (roles.yaml: class
 * health). Whoever works the case sees that class and is told of everybody.
 */
#ifndef AW_CITY_DISPATCH_TOLD_H
#define AW_CITY_DISPATCH_TOLD_H

#include "city/dispatch/way.h"

/** Keeps in the list, in its order, what the act's viewer may be told of; returns how many. */
size_t aw_told_dispatches(const struct aw_act *act, const struct aw_access *access,
	struct aw_dispatch *list, size_t count);

/** Is the event's dispatch in the list? unknown: of the report as a whole, told. */
bool aw_told_event(const struct aw_dispatch *list, size_t count, struct aw_maybe dispatch);

/** The state of a screening as it is for whoever is told of these dispatches: what waits for others alone is
 *  not said. */
const char *
aw_told_state(const struct sql_screening_get *s, const struct aw_dispatch *list, size_t count);

/** A dispatch's unit in the language: list "unit" or "unit_short"; of a veiled one its agency. */
const char *aw_told_unit(const struct aw_policy *policy, const struct aw_dispatch *d,
	const char *list, const char *language);

#endif
