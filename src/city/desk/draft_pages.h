/**
 * city/desk/draft_pages - drafts of the decision tables: made, edited, checked, compared, proposed.
 * Layer: city, room desk.  Example: tests/net/test_draft.c
 */
#ifndef AW_CITY_DESK_DRAFT_PAGES_H
#define AW_CITY_DESK_DRAFT_PAGES_H

#include "page/call.h"
#include "policy/draft.h"

/* Fields of a view that says which draft it is about: aw_draft_fill. */
#define AW_DRAFT_FIELDS                                                                            \
	AW_FIELD("number", NUMBER, OPEN), AW_FIELD("name", TEXT, OPEN),                            \
		AW_FIELD("link", LINK, OPEN), AW_FIELD("version", NUMBER, OPEN),                   \
		AW_FIELD("saved_by", TEXT, OPEN), AW_FIELD("saved_at", INSTANT, OPEN),             \
		AW_FIELD("closed", FLAG, OPEN)

extern const struct aw_view_type aw_draft_view;	     /* GET /policy/drafts/{number} */
extern const struct aw_view_type aw_draft_edit_view; /* GET /policy/drafts/{number}/edit */
extern const struct aw_view_type aw_draft_item_view; /* one in a list */

aw_handler_fn aw_draft_new_post; /* POST /policy/drafts   name */
aw_handler_fn aw_draft_show;
aw_handler_fn aw_draft_edit_show;
aw_handler_fn aw_draft_save_post;    /* model, version: the one it was begun with */
aw_handler_fn aw_draft_propose_post; /* from, words */
aw_handler_fn aw_draft_rebase_post;
aw_handler_fn aw_draft_close_post;

/** Drafts that people work on, into the LIST field `drafts` of a view. */
AW_MUST_CHECK enum aw_status aw_drafts_fill(struct aw_call *call, struct aw_error *err);

AW_MUST_CHECK enum aw_status aw_draft_fill(struct aw_call *call, struct aw_view *view,
	const struct aw_draft *draft, struct aw_error *err);

/** Ends an act that changed the path's draft: leads to its page with a notice, or notes what kept it from
 *  being changed as a problem. */
AW_MUST_CHECK enum aw_status aw_draft_changed(
	struct aw_call *call, enum aw_status status, const char *notice, struct aw_error *err);

/* A draft as it is now, and the policy it would be. */
struct aw_draft_open {
	struct aw_draft draft;
	const struct aw_policy *base;
	struct aw_str model;
	struct aw_mistakes mistakes;
	const struct aw_policy *policy; /* NULL: it has mistakes and does not load */
};

/** The draft of the path's number, with its last version. The policy lives as long as the act's arena.
 *  AW_NOT_FOUND. Cost: about 60 ms. */
AW_MUST_CHECK enum aw_status
aw_draft_open(struct aw_call *call, struct aw_draft_open *ret_open, struct aw_error *err);

/** Mistakes into the LIST field `mistakes` of a view, each with its decision, row and column. */
extern const struct aw_view_type aw_draft_mistake_view;
void aw_draft_mistakes(struct aw_call *call, const struct aw_draft *draft, struct aw_str model,
	const struct aw_mistakes *mistakes);

#endif
