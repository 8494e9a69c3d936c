/**
 * link/cluster - links become clusters: who is one person, as far as nothing speaks against it.
 * Layer: link.  Threads: one.  Example: tests/link/test_cluster.c
 *
 * Union-find, the strongest link first. A link joins two clusters only if no two of their records
 *   - hold two different valid numbers of a national_id field,
 *   - are of one source, where the spec allows one record a source,
 *   - differ in a field that the spec calls a conflict,
 *   - were told apart by people,
 * and together they are not too many. What people called the same is joined first, and only
 * people undo it. Then, where one link alone holds two groups of two or more together (a bridge:
 * Tarjan 1974) and is weaker than the spec's `bridge`, the weakest such link goes, until there is none.
 */
#ifndef AW_LINK_CLUSTER_H
#define AW_LINK_CLUSTER_H

#include "link/match.h"

struct aw_link {
	int32_t total;
	uint32_t a, b; /* rows */
};

struct aw_clustered {
	uint32_t *first; /* by row: the cluster's row whose id comes first; owned */
	size_t clusters; /* of two records or more */
	size_t largest;
	size_t refused_number, refused_source, refused_field, refused_people, refused_size;
	size_t bridges_cut;
	size_t unknown_decisions; /* of people, about ids that are not in the tables */
};

/** links: at or above the threshold, in any order; sorted here. ranks: of rows by id. */
void aw_cluster(const struct aw_matcher *matcher, struct aw_link *links, size_t count,
	const uint32_t *ranks, struct aw_clustered *ret_clustered);
void aw_clustered_done(struct aw_clustered *clustered);

/** Rank of each row's id by its bytes; left and right rows together, the left first where equal. */
uint32_t *aw_table_ranks(const struct aw_table *table) __attribute__((returns_nonnull));

#endif
