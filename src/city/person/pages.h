/**
 * city/person/pages - 人與家庭: search, one person, and who a register's record is about.
 * Layer: city, room person.  Listed in net/routes.c.
 *
 * {number} is a person's public number. Whom the viewer may not know of is not listed and not counted.
 */
#ifndef AW_CITY_PERSON_PAGES_H
#define AW_CITY_PERSON_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_people_view;      /* GET /people, POST /people */
extern const struct aw_view_type aw_person_page_view; /* GET /people/{number} */

/* query: search, the handle (guard/handle.h) of what was typed; a public number leads to what it names */
aw_handler_fn aw_people_show;
/* POST /people   name, national_id, birth_date, sex, phone, address, sure: makes a person; where somebody
 * like them is known, those are shown first and `sure` has to be said. */
aw_handler_fn aw_person_new;
aw_handler_fn aw_person_show; /* GET /people/{number} */
/* POST /people/{number}/link   link, choice same|other|undo, reason (code), words */
aw_handler_fn aw_person_link;
aw_handler_fn aw_person_home; /* POST /people/{number}/home */

/** AW_NOT_FOUND for a person that does not exist or that the viewer may not know of, in the same words:
 *  net/ asks before every act on one. The call stays as it is. */
AW_MUST_CHECK enum aw_status aw_person_gate(const struct aw_call *call, struct aw_error *err);

#endif
