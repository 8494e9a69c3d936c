/**
 * city/person/evidence - two identities side by side: each field, how it agrees, what that weighs.
 * Layer: city, room person.  Threads: one request.  Example: tests/city/person/test_evidence.c
 *
 * The same table stands on a report's page and on the page where a link is reviewed.
 */
#ifndef AW_CITY_PERSON_EVIDENCE_H
#define AW_CITY_PERSON_EVIDENCE_H

#include "city/person/people.h"
#include "guard/access.h"
#include "page/view.h"

extern const struct aw_view_type aw_evidence_view;   /* "Evidence" */
extern const struct aw_view_type aw_text_piece_view; /* "TextPiece": text, differs */

/** Appends a row a field to the list "fields" of a view. left and right are shown as the viewer's access
 *  to each allows; the level is told in any case. */
void aw_evidence_fill(struct aw_view *view, const struct aw_candidate *candidate,
	const struct aw_identity *left, const struct aw_identity *right,
	const struct aw_access *to_left, const struct aw_access *to_right);

/** What an identity says of a field ("name", "birth_date", ...) as text; NULL when it says nothing, and for
 *  "sex", which is a code. */
const char *
aw_evidence_value(struct aw_arena *arena, const struct aw_identity *identity, const char *field);
/** The class of field that it is. */
enum aw_field_class aw_evidence_class(const char *field);

/** 99.9% of 999,123 millionths. */
const char *aw_evidence_percent(struct aw_arena *arena, int64_t ppm);
/** +8.5, -2.1, 0.0 of thousandths of a bit. */
const char *aw_evidence_bits(struct aw_arena *arena, int32_t millibits);

/* A piece of a text that the other text has too, or has not. */
struct aw_text_piece {
	const char *text;
	bool differs;
};
/** Cuts `text` into pieces by what it has in common with `other`, in order (longest common
 *  subsequence; above 128 characters each, everything or nothing is common). None for an empty text.
 *  Cost: the product of the lengths. */
size_t aw_text_pieces(struct aw_arena *arena, const char *text, const char *other,
	struct aw_text_piece **ret_pieces);

#endif
