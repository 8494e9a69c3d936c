/* The changes are merged into a new base while the old one answers. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "link/index_inner.h"

/* While it runs, the old base and the frozen changes lose people and get none: who died before it
 * began is in the copies of the bits, who dies meanwhile is noted and dies again in the new base. */
struct aw_link_merge {
	struct aw_link_base *base;
	struct aw_link_delta *frozen;
	uint64_t *base_dead, *frozen_dead;
	struct aw_link_base *made;
	int64_t *died;
	size_t died_count, died_room;
};

static uint64_t *
copy_dead(const struct aw_link_shelf *shelf)
{
	size_t words = shelf->count / 64 + 1;
	uint64_t *copy = aw_link_resized(NULL, words, sizeof(*copy));

	memset(copy, 0, words * sizeof(*copy));
	if (shelf->dead != NULL)
		memcpy(copy, shelf->dead, words * sizeof(*copy));
	return copy;
}

struct aw_link_merge *
aw_link_merge_begin(struct aw_link_index *index)
{
	struct aw_link_merge *merge = calloc(1, sizeof(*merge));
	struct aw_link_delta *fresh = calloc(1, sizeof(*fresh));

	assert(index->merge == NULL);
	if (merge == NULL || fresh == NULL)
		aw_die("no memory for the index of people");
	index->filling = false;
	index->frozen = index->delta;
	index->delta = fresh;
	index->merge = merge;
	merge->base = index->base;
	merge->frozen = index->frozen;
	merge->base_dead = copy_dead(&merge->base->shelf);
	merge->frozen_dead = copy_dead(&merge->frozen->shelf);
	return merge;
}

void
aw_link_merge_note(struct aw_link_merge *merge, int64_t person)
{
	if (merge->died_count == merge->died_room) {
		merge->died_room = merge->died_room * 2 + 64;
		merge->died = aw_link_resized(merge->died, merge->died_room, sizeof(*merge->died));
	}
	merge->died[merge->died_count++] = person;
}

void
aw_link_merge_run(struct aw_link_merge *merge)
{
	merge->made = aw_link_base_make(
		&merge->base->shelf, merge->base_dead, &merge->frozen->shelf, merge->frozen_dead);
	aw_link_posted_make(&merge->made->shelf, &merge->made->posted);
}

void
aw_link_merge_end(struct aw_link_index *index, struct aw_link_merge *merge)
{
	for (size_t i = 0; i < merge->died_count; i++) {
		uint32_t first = aw_link_base_first(merge->made, merge->died[i]);

		if (first != UINT32_MAX)
			aw_link_shelf_kill(&merge->made->shelf, first);
	}
	index->base = merge->made;
	index->frozen = NULL;
	index->merge = NULL;
}

void
aw_link_merge_free(struct aw_link_merge *merge)
{
	if (merge == NULL)
		return;
	aw_link_base_free(merge->base);
	aw_link_delta_free(merge->frozen);
	free(merge->base_dead);
	free(merge->frozen_dead);
	free(merge->died);
	free(merge);
}

void
aw_link_index_settle(struct aw_link_index *index)
{
	bool in_place = index->base->posted.bucket_count == 0 && index->delta->shelf.count == 0;
	struct aw_link_merge *merge;

	if (in_place) { /* just filled: nothing need move */
		index->filling = false;
		aw_link_shelf_trim(&index->base->shelf);
		aw_link_posted_make(&index->base->shelf, &index->base->posted);
		return;
	}
	merge = aw_link_merge_begin(index);
	aw_link_merge_run(merge);
	aw_link_merge_end(index, merge);
	aw_link_merge_free(merge);
}

/* -- the new base --------------------------------------------------------------------------------- */

void
aw_link_base_free(struct aw_link_base *base)
{
	if (base == NULL)
		return;
	aw_link_shelf_done(&base->shelf);
	aw_link_posted_done(&base->posted);
	free(base);
}

struct entry {
	int64_t person;
	uint32_t first;
};

static int
by_person(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return a->person < b->person ? -1 : a->person > b->person;
}

/* The living of the changes in the order of their ids. */
static struct entry *
sorted_entries(const struct aw_link_shelf *shelf, const uint64_t *dead, size_t *ret_count)
{
	struct entry *entries = aw_link_resized(NULL, shelf->count, sizeof(*entries));
	size_t count = 0;

	for (uint32_t at = 0; at < shelf->count; at = aw_link_shelf_end(shelf, at))
		if (!aw_link_shelf_is_dead(dead, at))
			entries[count++] = (struct entry){ shelf->persons[at], at };
	qsort(entries, count, sizeof(*entries), by_person);
	*ret_count = count;
	return entries;
}

static size_t
count_living(const struct aw_link_shelf *shelf, const uint64_t *dead)
{
	size_t living = shelf->count;

	for (size_t word = 0; word <= shelf->count / 64; word++)
		living -= (size_t)__builtin_popcountll(dead[word]);
	return living;
}

struct aw_link_base *
aw_link_base_make(const struct aw_link_shelf *base, const uint64_t *base_dead,
	const struct aw_link_shelf *delta, const uint64_t *delta_dead)
{
	struct aw_link_base *made = calloc(1, sizeof(*made));
	struct entry *entries;
	size_t count, next = 0;

	if (made == NULL)
		aw_die("no memory for the index of people");
	entries = sorted_entries(delta, delta_dead, &count);
	aw_link_shelf_reserve(
		&made->shelf, count_living(base, base_dead) + count_living(delta, delta_dead));
	for (uint32_t at = 0; at < base->count; at = aw_link_shelf_end(base, at)) {
		if (aw_link_shelf_is_dead(base_dead, at))
			continue;
		for (; next < count && entries[next].person < base->persons[at]; next++)
			aw_link_shelf_copy(&made->shelf, delta, entries[next].first);
		aw_link_shelf_copy(&made->shelf, base, at);
	}
	for (; next < count; next++)
		aw_link_shelf_copy(&made->shelf, delta, entries[next].first);
	free(entries);
	aw_link_shelf_trim(&made->shelf);
	return made;
}
