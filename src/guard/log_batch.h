/**
 * guard/log_batch - the log read in pieces: the canonical bytes of some thousand entries.
 * Layer: guard, for guard alone.  Threads: a batch belongs to one thread at a time; reading one is
 * the reader's, hashing it may be another's.  Example: tests/guard/test_log.c
 */
#ifndef AW_GUARD_LOG_BATCH_H
#define AW_GUARD_LOG_BATCH_H

#include "guard/log.h"

enum { AW_BATCH_LEAVES = 4096 };

struct aw_log_reading; /* log_batch.c: what a batch is read with, kept for the next */

/* Entries from leaf `first` on. Starts zeroed. */
struct aw_log_batch {
	struct aw_arena arena;
	struct aw_log_reading *reading;
	int64_t first;
	size_t count;
	struct aw_buf bytes;	      /* the canonical bytes of all, one behind the other */
	size_t ends[AW_BATCH_LEAVES]; /* where each ends in them */
	struct aw_hash stored[AW_BATCH_LEAVES]; /* zero where the row holds no hash */
	int64_t stray; /* the first subject of no entry in this range; -1: none */
	bool gap;      /* leaf first + count is missing, though there are more behind it */
};
void aw_log_batch_done(struct aw_log_batch *batch);

/* What there is to read. */
struct aw_log_span {
	int64_t first, last;		     /* leaves; last < first: none */
	int64_t first_subject, last_subject; /* the leaves that subjects name */
};
AW_MUST_CHECK enum aw_status aw_log_span(struct aw_tx *tx, struct aw_arena *arena,
	struct aw_log_span *ret_span, struct aw_error *err);

/** Reads the entries from `first` to `last`, AW_BATCH_LEAVES at most, into a batch, whose memory is
 *  used again. */
AW_MUST_CHECK enum aw_status aw_log_batch_read(struct aw_tx *tx, struct aw_log_batch *batch,
	int64_t first, int64_t last, struct aw_error *err);

#endif
