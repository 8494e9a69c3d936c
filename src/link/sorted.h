/**
 * link/sorted - pairs in the order in which they are written, however many there are.
 * Layer: link.  Threads: one seat a thread while adding; then one reader.
 * Example: tests/link/test_batch.c
 *
 * Each thread fills a run and sorts it; runs above the memory allowed go to a file without a name (row
 * numbers and patterns alone, nothing of a person); at the end the runs are merged. The order is total,
 * so it does not depend on who had which pair.
 */
#ifndef AW_LINK_SORTED_H
#define AW_LINK_SORTED_H

#include <pthread.h>
#include <stdbool.h>

#include "base/error.h"

struct aw_pair {
	uint32_t unlike_ppm;  /* a million less the probability: the likeliest come first */
	uint32_t left, right; /* ranks of the ids */
	int32_t total;
	uint64_t pattern;
};

struct aw_run {
	struct aw_pair *at;    /* in memory, or what is read of it just now */
	size_t next, count;    /* of at */
	uint64_t offset, left; /* in the file: where the next are, and how many */
	bool stored;
};

struct aw_sorted {
	size_t memory_bytes; /* allowed for finished runs */
	const char *folder;  /* where the file without a name is made */
	size_t threads;
	struct aw_run *seats; /* one a thread: being filled */
	pthread_mutex_t lock;
	struct aw_run *runs;
	size_t run_count, run_room;
	size_t held_bytes;
	int fd; /* -1: nothing was stored */
	uint64_t file_end;
	struct aw_error error;
	uint32_t *heap; /* run numbers, while reading */
	size_t heap_count;
};

void aw_sorted_make(
	size_t threads, size_t memory_bytes, const char *folder, struct aw_sorted *ret_sorted);
void aw_sorted_done(struct aw_sorted *sorted);

void aw_sorted_add(struct aw_sorted *sorted, size_t thread, const struct aw_pair *pair);
/** Ends adding. Errors: AW_IO when a run could not be stored (disk full). */
AW_MUST_CHECK enum aw_status aw_sorted_begin(struct aw_sorted *sorted, struct aw_error *err);
/** The next pair; *ret_more is false at the end. Errors: AW_IO. */
AW_MUST_CHECK enum aw_status aw_sorted_next(
	struct aw_sorted *sorted, struct aw_pair *ret_pair, bool *ret_more, struct aw_error *err);

#endif
