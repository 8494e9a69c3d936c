/**
 * city/desk/review_inner - the queue as both pages of the review read it.
 * Layer: city, inside room desk.
 */
#ifndef AW_CITY_DESK_REVIEW_INNER_H
#define AW_CITY_DESK_REVIEW_INNER_H

#include "city/desk/review.h"
#include "city/desk/review.sql.h"
#include "city/person/mapping.h"
#include "city/person/person.h"
#include "city/person/register.h"
#include "guard/access.h"

/* Rows that are looked at; a queue beyond is worked off from its head. */
enum { AW_REVIEW_MOST = 2000 };

struct aw_review_queue {
	struct sql_review_queue *at; /* those the viewer may know of, in order */
	size_t count;
};
AW_MUST_CHECK enum aw_status
aw_review_queue_read(struct aw_act *act, struct aw_review_queue *ret_queue, struct aw_error *err);

/** What the viewer may see of a proposed link, and whether they may know of it. A link that waits, or was
 *  settled within a day, is a matter in screening of the units whose roles settle links (guard/access.h);
 *  older ones give nothing that the person does not. *ret_map is NULL when the policy has no such
 *  register. */
AW_MUST_CHECK enum aw_status aw_review_may_know(struct aw_act *act,
	const struct aw_identity_link *link, struct aw_access *ret_access,
	const struct aw_register_map **ret_map, bool *ret_may, struct aw_error *err);

/* The link that a request names, and what its viewer may see of it. */
struct aw_review_pair {
	struct aw_identity_link link;
	struct aw_access access;
	const struct aw_register_map *map;
	struct aw_person person;
	bool waits; /* proposed, and nobody has answered */
};
/** AW_NOT_FOUND also for whoever may not know of it, as if there were none. */
AW_MUST_CHECK enum aw_status
aw_review_begin(struct aw_call *call, struct aw_review_pair *ret_pair, struct aw_error *err);
/** May the viewer judge a second time what somebody else decided, and stands? */
bool aw_review_second(const struct aw_call *call, const struct aw_identity_link *link);
/** The pair as the page shows it. */
AW_MUST_CHECK enum aw_status
aw_review_put(struct aw_call *call, const struct aw_review_pair *pair, struct aw_error *err);

/* What bars a link: items {code}, of enum aw_conflict (link/score.h); message "link.conflict.<code>". */
extern const struct aw_view_type aw_review_conflict_view;
void aw_review_conflicts(struct aw_view *view, uint32_t conflicts);
/** The conflicts that the kept levels tell. */
uint32_t aw_review_conflicts_of(const char *levels);

/* What the viewer decided last, to be taken back with one key. */
extern const struct aw_view_type aw_review_last_view;
AW_MUST_CHECK enum aw_status
aw_review_last_put(struct aw_call *call, struct aw_view *view, struct aw_error *err);

#endif
