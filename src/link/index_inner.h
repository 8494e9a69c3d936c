/**
 * link/index_inner - the inside of the index, shared by index.c and find.c.
 * Layer: link.
 */
#ifndef AW_LINK_INDEX_INNER_H
#define AW_LINK_INDEX_INNER_H

#include "link/index.h"
#include "link/keys.h"

/* A posting; next and heads hold index + 1, 0 = end. tag is the key's upper half. */
struct aw_link_posting {
	uint32_t tag;
	uint32_t form;
	uint32_t next;
};

struct aw_link_index {
	struct aw_link_model model;
	struct aw_link_form *forms;
	int64_t *persons; /* of each form */
	uint32_t *roots;  /* first form of the same person */
	uint32_t *nexts;  /* next form of the same person, index + 1 */
	size_t form_count, form_room, dead_count;
	struct aw_link_posting *postings;
	size_t posting_count, posting_room;
	uint32_t *heads;
	size_t head_count; /* a power of two */
	uint32_t *slots;   /* person -> first form + 1 */
	size_t slot_count; /* a power of two */
	size_t people;
	struct aw_str *others; /* [0] unused; each its own allocation */
	size_t other_count, other_room, other_bytes;
};

static inline struct aw_str
aw_link_other(const struct aw_link_index *index, const struct aw_link_form *form)
{
	return form->other == 0 ? (struct aw_str){ "", 0 } : index->others[form->other];
}

/** First posting of a key's slot, index + 1. */
static inline uint32_t
aw_link_head(const struct aw_link_index *index, uint64_t hash)
{
	return index->head_count == 0 ? 0 : index->heads[hash & (index->head_count - 1)];
}

/** First form of a person, or UINT32_MAX. */
uint32_t aw_link_root_of(const struct aw_link_index *index, int64_t person);

#endif
