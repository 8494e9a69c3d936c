/**
 * guard/log_leaf - what exactly a leaf of the log hashes.
 * Layer: guard, for guard alone.  Threads: plain data.  Example: tests/guard/test_log.c
 */
#ifndef AW_GUARD_LOG_LEAF_H
#define AW_GUARD_LOG_LEAF_H

#include "guard/log.h"

/** Adds the canonical bytes of an entry to buf, its subjects in the order they stand in, which must
 *  be that of persons. The entry's hash is not read. */
void aw_leaf_write(struct aw_buf *buf, const struct aw_log_entry *entry);

/** The leaf hash of an entry; its bytes go through the arena. */
struct aw_hash aw_leaf_hash(struct aw_arena *arena, const struct aw_log_entry *entry);

#endif
