/**
 * city/dispatch/heard - who may hear that a report changed, before they look.
 * Layer: city, room dispatch.  Threads: inside a reading.  Example: tests/net/test_events.c
 *
 * A word that something changed is told without being asked for, so it says less than a page does:
 * who works for a respondent hears nothing of a report in which others are served too, not even that
 * it moved. They see their own part when they load a page.
 */
#ifndef AW_CITY_DISPATCH_HEARD_H
#define AW_CITY_DISPATCH_HEARD_H

#include "guard/act.h"

/** The report of a public number if the act's viewer may hear of it, else 0: for no such report, too. */
AW_MUST_CHECK enum aw_status
aw_report_heard(struct aw_act *act, const char *number, int64_t *ret_report, struct aw_error *err);

/** The units whose work a report's change is, in the arena; screening units hear of every report. A
 *  respondent's unit is not among them. */
AW_MUST_CHECK enum aw_status aw_report_heard_by(struct aw_act *act, int64_t report,
	const char ***ret_units, size_t *ret_count, struct aw_error *err);

#endif
