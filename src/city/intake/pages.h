/**
 * city/intake/pages - the pages of intake: the public form, the agency form, the JSON door, the
 * receipt, the status of a report, the list of reports, supplements.
 * Layer: city, room intake.  Threads: one call, one thread.  Example: tests/city/intake/test_pages.c
 *
 * Forms name their fields like the JSON of a report: incident.narrative, persons.0.name,
 * answers.safety (yes, no or nothing for a flag; a code; for an instrument answers.tipvda.1),
 * reporter.phone. Beside these: at_year, at_month, at_day, at_time (when it happened), place_unknown,
 * persons.0.born (an age or a birth date), step, go (next, back, add, send, edit), remove (number
 * of a person card, from 1). A step carries what other steps hold in hidden fields; nothing is kept
 * on the server or the device until it is sent.
 */
#ifndef AW_CITY_INTAKE_PAGES_H
#define AW_CITY_INTAKE_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_report_form_view;	/* intake/form */
extern const struct aw_view_type aw_receipt_view;	/* intake/receipt; of POST /reports */
extern const struct aw_view_type aw_report_status_view; /* intake/status */
extern const struct aw_view_type aw_report_list_view;	/* intake/list */
extern const struct aw_view_type aw_supplement_view;	/* intake/supplement: by the reporter */

aw_handler_fn aw_public_form_show;   /* GET /report: which kind (?kind= goes on) */
aw_handler_fn aw_public_form_step;   /* POST /report: a step, or sends */
aw_handler_fn aw_agency_form_show;   /* GET /reports/new */
aw_handler_fn aw_agency_form_step;   /* POST /reports/new */
aw_handler_fn aw_reports_ready;	     /* ... what of it needs no unit of work */
aw_handler_fn aw_reports_post;	     /* POST /reports: JSON, by token or session */
aw_handler_fn aw_report_status_form; /* GET /status */
aw_handler_fn aw_report_status_show; /* POST /status: number, code */
aw_handler_fn aw_report_list_show;   /* GET /reports */
aw_handler_fn aw_supplement_form; /* GET /supplement: the reporter adds facts, by number and code */
aw_handler_fn aw_supplement_send; /* POST /supplement: number, code, narrative, address, phone */
aw_handler_fn aw_report_ask;	  /* POST /reports/{number}/ask: items */
aw_handler_fn aw_report_add;	  /* POST /reports/{number}/add: facts told to the centre */

#endif
