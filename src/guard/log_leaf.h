/**
 * guard/log_leaf - what exactly a leaf of the log hashes.
 * Layer: guard, for guard alone.  Threads: plain data.  Example: tests/guard/test_log.c
 */
#ifndef AW_GUARD_LOG_LEAF_H
#define AW_GUARD_LOG_LEAF_H

#include "guard/log.h"

/* The bytes of one entry as they grow. Start zeroed with an arena; reuse for the next entry. */
struct aw_leaf {
	struct aw_buf text;	/* the row */
	struct aw_buf subjects; /* they are counted before they are written */
	uint64_t subject_count;
};

/** Begins with the columns of a row; hash and subjects of the entry are not read. */
void aw_leaf_begin(struct aw_leaf *leaf, const struct aw_log_entry *entry);
/** Adds a subject; to be called in the order of persons. */
void aw_leaf_subject(struct aw_leaf *leaf, int64_t person, const char *classes);
/** The leaf hash. */
struct aw_hash aw_leaf_hash(struct aw_leaf *leaf);

#endif
