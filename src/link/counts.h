/**
 * link/counts - how many living forms have a key, for the families whose lists can be long.
 * Layer: link, inner.  Threads: changed by the index's owner alone.
 *
 * Exact, whatever the lists still hold of the dead: so that the same people give the same answers in
 * whatever order they came. Open addressing, eight bytes a key: 40 bits of its hash and the count.
 */
#ifndef AW_LINK_COUNTS_H
#define AW_LINK_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aw_link_counts {
	uint64_t *slots; /* 0 = empty */
	size_t room, used;
};

void aw_link_counts_done(struct aw_link_counts *counts);
/** Adds one, or takes one away. */
void aw_link_counts_change(struct aw_link_counts *counts, uint64_t hash, bool more);
uint32_t aw_link_counts_of(const struct aw_link_counts *counts, uint64_t hash);
/** Asks for the memory that counts_of and counts_change of this key will read. */
void aw_link_counts_fetch(const struct aw_link_counts *counts, uint64_t hash);

#endif
