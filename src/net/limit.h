/**
 * net/limit - how often one address may do something: token buckets in a fixed table.
 * Layer: net.  Threads: shared.  Example: tests/net/test_limit.c
 *
 * An IPv6 address counts with its /64. The table does not grow: when two addresses meet in a slot,
 * the one that has been quiet for longer makes room. Nothing is written to disk.
 */
#ifndef AW_NET_LIMIT_H
#define AW_NET_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct aw_limit; /* opaque */

/** At most `burst` at once and `a_minute` in the long run, for each address. */
struct aw_limit *aw_limit_new(uint32_t a_minute, uint32_t burst) __attribute__((returns_nonnull));
void aw_limit_free(struct aw_limit *limit); /* NULL is fine */

/** Takes one; false when the address has none left at this monotonic time. */
bool aw_limit_take(struct aw_limit *limit, const char *address, int64_t now_us);

/** A short code of where an address is, the same for the same one as long as the table lives. It
 *  cannot be led back to the address: it is cut from a keyed hash. In the arena. */
const char *
aw_limit_source(const struct aw_limit *limit, struct aw_arena *arena, const char *address);

#endif
