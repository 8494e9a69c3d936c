/**
 * city/person/page_home - who may live with a person, on their page.
 * Layer: city, inner to the room person.
 *
 * A row tells that two addresses are one. It is made for whoever may decide it (permission person.home) and
 * may see the addresses of both people, where neither is kept from them; for anybody else there is no row, no
 * count and no answer, as if nothing were proposed.
 */
#ifndef AW_CITY_PERSON_PAGE_HOME_H
#define AW_CITY_PERSON_PAGE_HOME_H

#include "city/person/person.h"
#include "guard/access.h"
#include "page/call.h"

extern const struct aw_view_type aw_home_mate_view; /* "HomeMate" */

/** Fills the list "mates" of the call's view, and notes the look at each. */
AW_MUST_CHECK enum aw_status aw_person_home_fill(struct aw_call *call,
	const struct aw_person *person, const struct aw_access *access, struct aw_error *err);

/** Answers one: person (public number), choice together|apart|undo, reason. AW_NOT_FOUND for whom the
 *  viewer's page does not show; AW_CONFLICT when the page is old. */
AW_MUST_CHECK enum aw_status aw_person_home_answer(struct aw_call *call,
	const struct aw_person *person, const struct aw_access *access, struct aw_error *err);

#endif
