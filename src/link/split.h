/**
 * link/split - blocks that are too large: found, split by further fields, laid out for windows.
 * Layer: link; inner to block.c.  Threads: the caller's and as many more as asked for.
 */
#ifndef AW_LINK_SPLIT_H
#define AW_LINK_SPLIT_H

#include "link/block.h"

/** Changes the keys of rows in oversized blocks, and fills windows and the list. */
void aw_blocks_split(struct aw_blocks *blocks, size_t threads);

#endif
