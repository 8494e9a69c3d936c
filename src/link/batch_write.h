/**
 * link/batch_write - pairs and clusters as CSV.
 * Layer: link; inner to batch.c.  Threads: one.
 */
#ifndef AW_LINK_BATCH_WRITE_H
#define AW_LINK_BATCH_WRITE_H

#include "link/batch.h"
#include "link/sorted.h"

struct aw_written {
	uint64_t pairs, held_back;
	struct aw_link *links; /* at or above the threshold; owned. Kept for clusters alone */
	size_t link_count, link_room;
};

AW_MUST_CHECK enum aw_status aw_batch_write_pairs(const struct aw_batch *batch,
	const struct aw_matcher *matcher, const uint32_t *ranks, struct aw_sorted *sorted,
	struct aw_written *written, struct aw_error *err);

AW_MUST_CHECK enum aw_status
aw_batch_write_clusters(const struct aw_batch *batch, const struct aw_table *table,
	const uint32_t *ranks, const struct aw_clustered *clustered, struct aw_error *err);

#endif
