/**
 * link/bridge - links that alone hold two groups of a cluster together.
 * Layer: link; inner to cluster.c.  Threads: pure.
 */
#ifndef AW_LINK_BRIDGE_H
#define AW_LINK_BRIDGE_H

#include "link/cluster.h"

/** Marks as cut, cluster by cluster, the weakest bridge below `least` that has two records or more on
 *  both sides, until there is none. roots[i]: cluster of link i. Links that are cut already do not
 *  count. Returns how many. */
size_t aw_bridges_cut(const struct aw_link *links, const uint32_t *roots, size_t count,
	int32_t least, size_t rows, bool *cut);

#endif
