/**
 * city/person/page_rows - one person in a list of a page.
 * Layer: city, room person.
 */
#ifndef AW_CITY_PERSON_PAGE_ROWS_H
#define AW_CITY_PERSON_PAGE_ROWS_H

#include "city/person/person.h"
#include "guard/access.h"
#include "page/call.h"

extern const struct aw_view_type aw_person_row_view; /* "PersonRow" */

/** Appends a person to a list of PersonRow, with what the viewer may see, and notes the look. role:
 *  code of a membership or relationship, relation: what they are besides; NULL for none. AW_NOT_FOUND:
 *  erased. */
AW_MUST_CHECK enum aw_status
aw_person_row_add(struct aw_call *call, struct aw_view *view, const char *list, int64_t person,
	const char *role, const char *relation, struct aw_error *err);

/** Sets "name", "age" and "sex" of an item that has them; what is unknown stays empty. */
void aw_person_view_known(struct aw_view *item, const struct aw_person *known, int32_t on_day);
/** Sets "name"; of an erased person it says so. */
void aw_person_view_name(struct aw_view *item, const struct aw_person *known);

#endif
