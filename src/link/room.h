/**
 * link/room - growing arrays outside an arena, for what is as long as a table.
 * Layer: link.
 *
 * An arena keeps every array it outgrew until it is done; a column of millions must not. Memory that
 * runs out ends the process, as everywhere.
 */
#ifndef AW_LINK_ROOM_H
#define AW_LINK_ROOM_H

#include <stdint.h>
#include <stdlib.h>

#include "link/memory.h"

/** Zeroed memory for count items; never NULL. Give it back with free(). */
static inline void *
aw_room_new(size_t count, size_t size)
{
	return aw_link_memory(count, size);
}

/** The same, not cleared: for what is written before it is read, each thread its share. */
static inline void *
aw_room_bare(size_t count, size_t size)
{
	return aw_link_memory_bare(count, size);
}

/** Memory for at least count items, what is there kept, the new part not cleared. Doubles. */
static inline void *
aw_room(void *at, size_t count, size_t *room, size_t size)
{
	size_t want = *room < 8 ? 8 : *room;

	if (count <= *room && at != NULL)
		return at;
	while (want < count)
		want = want > SIZE_MAX / 2 ? count : want * 2;
	*room = want;
	return aw_link_resized(at, want, size);
}

/* The next item of at[0..count), which grows. */
#define AW_ROOM_PUSH(at, count, room)                                                              \
	((at) = aw_room((at), (count) + 1, &(room), sizeof(*(at))), &(at)[(count)++])

#endif
