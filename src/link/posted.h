/**
 * link/posted - a shelf's postings in one block, sorted by key: made once, read by many.
 * Layer: link, inner.  Threads: never changes after it is made.
 *
 * Postings of one key's bucket stand side by side, ordered by a tag of the key and then by form: one
 * run for each key, with no pointer in it. A posting is four bytes: the form in as many bits as the
 * shelf needs, and in the rest the tag. Keys that share bucket and tag share the run: whoever reads
 * looks at the form again.
 */
#ifndef AW_LINK_POSTED_H
#define AW_LINK_POSTED_H

#include "link/shelf.h"

struct aw_link_posted {
	uint32_t *starts; /* of each bucket, and the end of the last */
	size_t bucket_count;
	uint32_t *at;
	unsigned form_bits;
};

void aw_link_posted_done(struct aw_link_posted *posted);
/** Files every living form of a shelf. */
void aw_link_posted_make(const struct aw_link_shelf *shelf, struct aw_link_posted *ret_posted);
size_t aw_link_posted_bytes(const struct aw_link_posted *posted);

/* A run of postings; the form of one is `posting & mask`. */
struct aw_link_run {
	const uint32_t *at;
	size_t count;
	uint32_t mask;
};
struct aw_link_run aw_link_posted_run(const struct aw_link_posted *posted, uint64_t hash);
/** Ask for the memory that aw_link_posted_run will read first, and then for what it reads after that. */
void aw_link_posted_fetch(const struct aw_link_posted *posted, uint64_t hash);
void aw_link_posted_fetch_run(const struct aw_link_posted *posted, uint64_t hash);

#endif
