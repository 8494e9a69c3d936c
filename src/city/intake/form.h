/**
 * city/intake/form - inside the room: a form's values as the JSON of a report.
 * Layer: city, room intake, for intake alone.  Threads: one call, one thread.
 */
#ifndef AW_CITY_INTAKE_FORM_H
#define AW_CITY_INTAKE_FORM_H

#include "city/intake/inside.h"
#include "page/call.h"

#define AW_FORM_TIMES 7
/* Words of the day for at_time: code (message report.time.<code>) and the hour it stands for. */
struct aw_form_time {
	const char *code, *hour;
};
extern const struct aw_form_time aw_form_times[AW_FORM_TIMES];

/** What was typed, in the shape of a report; kept in the act's arena. Texts stay as typed. */
json_t *aw_form_report(const struct aw_call *call, const struct aw_kind *kind);
/** Without the person cards nobody wrote into. */
json_t *aw_form_without_blanks(struct aw_arena *arena, const json_t *report);
/** Moves problems of a report to the call, at the fields of the form. */
void aw_form_problems(struct aw_call *call, const struct aw_report_problems *problems);

/** Fills a receipt's view (aw_receipt_view). */
void aw_receipt_fill(struct aw_call *call, struct aw_view *view, const struct aw_receipt *receipt);
/** Adds what a report lacks to the list `field` (of aw_missing_fact_view). */
extern const struct aw_view_type aw_missing_fact_view;
void aw_missing_fill(struct aw_call *call, struct aw_view *view, const char *field,
	const struct aw_completeness *complete);
const char *aw_why_code(enum aw_why why);

#endif
