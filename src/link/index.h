/**
 * link/index - the real-time inverted index: forms, and postings for every key they can be found by.
 * Layer: link.  Threads: not locked; any number of finds beside each other, changes alone.
 * Example: tests/link/test_index.c, tests/property/test_index.c
 *
 * Keys, in the order in which they are asked until nobody who was not seen yet can come near the best
 * (link/enough.c): number, phones, door, birth day with surname; of folded name (and its married forms,
 * and tokens of names that are not Han) and birth day first what leads to fewer; the number's one-slip
 * neighbours, the birth day swapped or one year off, with the surname where there is one; sound of the
 * name; surname with either given character, and the given name alone. Similarity-aware inverted
 * indexing after Christen and Gayler 2008.
 *
 * A base that never changes, the people in the order of their ids and the postings of a key side by
 * side, and a small delta that takes the changes until they are merged into a new base. Answers tell
 * neither from the other: the same people give the same bytes, in whatever order they came and went.
 * Memory: 73 bytes a form, 4 a posting (about ten a form), about 12 for the tables; in the delta, until
 * the merge, 73 and about 200.
 */
#ifndef AW_LINK_INDEX_H
#define AW_LINK_INDEX_H

#include "link/score.h"

struct aw_link_index; /* opaque */

struct aw_link_index *
aw_link_index_new(const struct aw_link_model *model) __attribute__((returns_nonnull));
void aw_link_index_free(struct aw_link_index *index); /* NULL is fine */

/* Filling: reserve on an empty index, put everybody in the order of their ids, settle. What is put
 * between the two may be found only after settle. Who comes out of order costs what a change costs. */
void aw_link_index_reserve(struct aw_link_index *index, size_t forms);
/** Merges everything into the base, at once and alone. Cost: about a microsecond a form. */
void aw_link_index_settle(struct aw_link_index *index);

/** Replaces all forms of a person. others[i] is the name of forms[i] that is not Han. */
void aw_link_index_put(struct aw_link_index *index, int64_t person,
	const struct aw_link_form *forms, const struct aw_str *others, size_t count);
void aw_link_index_remove(struct aw_link_index *index, int64_t person);

/* Merging while others ask and change: begin and end alone and short, run and free beside everything.
 * Whoever changes the index looks at is_due now and then; an index that is never merged answers the
 * same, slower. */
struct aw_link_merge; /* opaque */
bool aw_link_index_is_due(const struct aw_link_index *index);
/** One at a time. */
struct aw_link_merge *
aw_link_merge_begin(struct aw_link_index *index) __attribute__((returns_nonnull));
void aw_link_merge_run(struct aw_link_merge *merge);
void aw_link_merge_end(struct aw_link_index *index, struct aw_link_merge *merge);
void aw_link_merge_free(struct aw_link_merge *merge); /* after end: the old base goes here */

size_t aw_link_index_people(const struct aw_link_index *index);
size_t aw_link_index_forms(const struct aw_link_index *index);
size_t aw_link_index_bytes(const struct aw_link_index *index);

/* One person that was found, or asked for. */
struct aw_link_hit {
	int64_t person;
	struct aw_link_levels levels;
	struct aw_link_weights weights;
	int32_t prior_mbits;
	int32_t ppm;
	uint32_t conflicts;
};

struct aw_link_hits {
	struct aw_link_hit *at; /* by probability, then weight, then person; in the arena */
	size_t count;
	size_t compared; /* forms looked at, once for each key they were found by */
};

struct aw_link_asked {
	const struct aw_link_form *forms; /* the query in its several forms */
	const struct aw_str *others;
	size_t count;
	size_t limit; /* hits wanted at most */
	int32_t least_ppm; /* leave out what is less probable; what is below 4,000 may not be looked for */
};

void aw_link_index_find(const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked, struct aw_link_hits *ret_hits);
/** Compares with one person; false if the index has none of that id. ppm is then as if nobody else
 *  were there. */
bool aw_link_index_compare(const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked, int64_t person, struct aw_link_hit *ret_hit);

/** Calls fn for every living form; for searches that no key serves. Stops when fn answers false. */
typedef bool
aw_link_each_fn(void *arg, int64_t person, const struct aw_link_form *form, struct aw_str other);
void aw_link_index_each(const struct aw_link_index *index, aw_link_each_fn *fn, void *arg);
/** The same for the living forms filed under a key (link/keys.h); a few others may come along whose
 *  keys hash alike, so fn looks again. */
void
aw_link_index_key(const struct aw_link_index *index, uint64_t hash, aw_link_each_fn *fn, void *arg);

#endif
