/**
 * link/delta - what changed since the last merge: a small shelf with postings that can grow.
 * Layer: link, inner.  Threads: changed by the index's owner alone.
 */
#ifndef AW_LINK_DELTA_H
#define AW_LINK_DELTA_H

#include "link/shelf.h"

/* A posting; next and heads hold index + 1, 0 = end. tag is the key's upper half. */
struct aw_link_posting {
	uint32_t tag;
	uint32_t form;
	uint32_t next;
};

struct aw_link_delta {
	struct aw_link_shelf shelf;
	struct aw_link_posting *postings;
	size_t posting_count, posting_room;
	uint32_t *heads;
	size_t head_count; /* a power of two, or 0 */
	uint32_t *slots;   /* person -> first form + 1, by open addressing */
	size_t slot_count; /* a power of two, or 0 */
};

void aw_link_delta_free(struct aw_link_delta *delta); /* NULL is fine */
/** Adds a person who is not there. */
void aw_link_delta_add(struct aw_link_delta *delta, int64_t person,
	const struct aw_link_form *forms, const struct aw_str *others, size_t count);
/** Where the first form of a living person stands, or UINT32_MAX. */
uint32_t aw_link_delta_first(const struct aw_link_delta *delta, int64_t person);
/** Drops the dead when they are many; forms move. */
void aw_link_delta_tidy(struct aw_link_delta *delta);
size_t aw_link_delta_bytes(const struct aw_link_delta *delta);

/** First posting of a key's chain, index + 1; follow `next`, look at the tag. */
static inline uint32_t
aw_link_delta_head(const struct aw_link_delta *delta, uint64_t hash)
{
	return delta->head_count == 0 ? 0 : delta->heads[hash & (delta->head_count - 1)];
}

#endif
