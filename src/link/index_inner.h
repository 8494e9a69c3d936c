/**
 * link/index_inner - the inside of the index, shared by index.c, merge.c and find.c.
 * Layer: link, inner.
 */
#ifndef AW_LINK_INDEX_INNER_H
#define AW_LINK_INDEX_INNER_H

#include "link/counts.h"
#include "link/delta.h"
#include "link/index.h"
#include "link/keys.h"
#include "link/posted.h"

/* The people in the order of their ids, and their postings. Nothing changes but who died. */
struct aw_link_base {
	struct aw_link_shelf shelf;
	struct aw_link_posted posted;
};

struct aw_link_index {
	struct aw_link_model model;
	struct aw_link_base *base;
	struct aw_link_delta *delta; /* takes the changes */
	struct aw_link_delta
		*frozen; /* taken the changes until the merge began; NULL outside of one */
	struct aw_link_merge *merge; /* that is running; NULL */
	struct aw_link_counts counts;
	size_t people;
	bool filling; /* the base's shelf takes people in the order of their ids */
};

/* Where a form stands: which shelf, and the place on it. */
enum aw_link_shelf_kind { AW_SHELF_BASE, AW_SHELF_FROZEN, AW_SHELF_DELTA, AW_SHELVES };
struct aw_link_spot {
	const struct aw_link_shelf *shelf; /* NULL: nowhere */
	uint32_t at;
};

/** The shelf, or NULL. */
const struct aw_link_shelf *
aw_link_shelf_of(const struct aw_link_index *index, enum aw_link_shelf_kind kind);
/** The first form of a living person. */
struct aw_link_spot aw_link_spot_of(const struct aw_link_index *index, int64_t person);
/** A base of the living of two shelves, told by their bits of the dead; the second may be NULL. */
struct aw_link_base *aw_link_base_make(const struct aw_link_shelf *base, const uint64_t *base_dead,
	const struct aw_link_shelf *delta, const uint64_t *delta_dead);
void aw_link_base_free(struct aw_link_base *base); /* NULL is fine */
/** The first form of a person in a base, living or dead, or UINT32_MAX. */
uint32_t aw_link_base_first(const struct aw_link_base *base, int64_t person);
/** Remembers for the end of a running merge that somebody died meanwhile. */
void aw_link_merge_note(struct aw_link_merge *merge, int64_t person);

/** Is it a family whose keys are counted (link/counts.h)? */
static inline bool
aw_link_is_counted(uint8_t family)
{
	return aw_link_family_limit(family) != UINT32_MAX;
}

#endif
