/**
 * city/person/page_links - the records of one person on their page: what is linked, by whom, and which
 * source each field rests on.
 * Layer: city, inner to the room person.
 */
#ifndef AW_CITY_PERSON_PAGE_LINKS_H
#define AW_CITY_PERSON_PAGE_LINKS_H

#include "city/person/register.h"
#include "guard/access.h"
#include "page/call.h"

extern const struct aw_view_type aw_record_link_view; /* "RecordLink" */
extern const struct aw_view_type aw_best_source_view; /* "BestSource" */

/** Fills the lists "links" and "sources" of the call's view, from the records that the viewer may know
 *  of. Cost: a cell for each of them. */
AW_MUST_CHECK enum aw_status aw_person_links_fill(struct aw_call *call,
	const struct aw_person *person, const struct aw_access *access, struct aw_error *err);

/** Answers one of them: link, choice same|other|undo, reason, words. AW_CONFLICT when the page is old. */
AW_MUST_CHECK enum aw_status aw_person_links_answer(struct aw_call *call,
	const struct aw_person *person, const struct aw_access *access, struct aw_error *err);

#endif
