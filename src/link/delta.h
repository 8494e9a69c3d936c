/**
 * link/delta - what changed since the last merge: a small shelf with postings that can grow.
 * Layer: link, inner.  Threads: changed by the index's owner alone.
 */
#ifndef AW_LINK_DELTA_H
#define AW_LINK_DELTA_H

#include "link/shelf.h"

/* A node of a chain: some of a key's forms side by side. tag is the key's upper half; a key's newest node
 * comes first, and only it has room left. Many forms have a common key, and one after the other they
 * would be fetched from all over the memory. */
struct aw_link_node {
	uint32_t tag;
	uint32_t next; /* where it begins in `words`, 0 = end */
	uint32_t count, room;
	/* forms, room of them */
};

struct aw_link_delta {
	struct aw_link_shelf shelf;
	uint32_t *words; /* nodes behind each other; the first begins behind word 0 */
	size_t word_count, word_room;
	size_t posting_count;
	uint32_t *heads;   /* first node of a chain */
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

static inline struct aw_link_node *
aw_link_node_at(const struct aw_link_delta *delta, uint32_t at)
{
	return (struct aw_link_node *)(void *)(delta->words + at);
}

/** Ask the memory for a key's place, and then for the node that is there; delta may be NULL. */
static inline void
aw_link_delta_fetch(const struct aw_link_delta *delta, uint64_t hash)
{
	if (delta != NULL && delta->head_count != 0)
		__builtin_prefetch(&delta->heads[hash & (delta->head_count - 1)]);
}

static inline void
aw_link_delta_fetch_node(const struct aw_link_delta *delta, uint64_t hash)
{
	if (delta != NULL && delta->head_count != 0 && delta->word_count != 0)
		__builtin_prefetch(delta->words + delta->heads[hash & (delta->head_count - 1)]);
}

/** The key's first node, or the one behind `node`; NULL at the end. */
const struct aw_link_node *aw_link_delta_next(
	const struct aw_link_delta *delta, uint64_t hash, const struct aw_link_node *node);

static inline const uint32_t *
aw_link_node_forms(const struct aw_link_node *node)
{
	return (const uint32_t *)(const void *)(node + 1);
}

#endif
