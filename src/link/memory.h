/**
 * link/memory - arrays of the index: small ones, and large ones that are read at random.
 * Layer: link, inner.  Threads: any.
 */
#ifndef AW_LINK_MEMORY_H
#define AW_LINK_MEMORY_H

#include <stddef.h>

/** realloc of an array that ends the process when there is no memory. */
void *aw_link_resized(void *at, size_t count, size_t size_bytes) __attribute__((returns_nonnull));

/** Zeroed memory that begins with a cache line, and stands in huge pages where it is large: what is read
 *  at random misses twice in small ones. Give it back with free(). */
void *aw_link_memory(size_t count, size_t size_bytes) __attribute__((returns_nonnull));
/** The same, not cleared. */
void *aw_link_memory_bare(size_t count, size_t size_bytes) __attribute__((returns_nonnull));

#endif
