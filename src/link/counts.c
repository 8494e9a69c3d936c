/* How many living forms have a key. */
#include "link/counts.h"

#include <stdlib.h>
#include <string.h>

#include "link/shelf.h"

/* A slot: 40 bits of the hash above, 24 of the count below. A count of zero keeps its slot until the
 * table is made anew; a count that is full stays full, and nobody asks how full. */
enum { COUNT_BITS = 24, FIRST_ROOM = 1024 };
#define COUNT_MOST ((UINT64_C(1) << COUNT_BITS) - 1)

void
aw_link_counts_done(struct aw_link_counts *counts)
{
	free(counts->slots);
	*counts = (struct aw_link_counts){ 0 };
}

static uint64_t
tag_of(uint64_t hash)
{
	uint64_t tag = hash >> COUNT_BITS;

	return tag == 0 ? 1 : tag;
}

/* Any room, not powers of two alone: the table is filled to four fifths whatever its size. The tag is
 * what the place is made of, so that a slot alone tells where it belongs. */
static size_t
place_of(uint64_t tag, size_t room)
{
	return (size_t)((aw_link_mix(tag) >> 32) * room >> 32);
}

static size_t
find_slot(const uint64_t *slots, size_t room, uint64_t tag)
{
	size_t at = place_of(tag, room);

	while (slots[at] != 0 && slots[at] >> COUNT_BITS != tag)
		at = at + 1 == room ? 0 : at + 1;
	return at;
}

static void
grow(struct aw_link_counts *counts)
{
	struct aw_link_counts made = { 0 };
	size_t living = 0;

	for (size_t i = 0; i < counts->room; i++)
		living += (counts->slots[i] & COUNT_MOST) != 0 ? 1 : 0;
	made.room = living * 8 / 5 + FIRST_ROOM;
	made.slots = aw_link_memory(made.room, sizeof(*made.slots));
	for (size_t i = 0; i < counts->room; i++) {
		uint64_t slot = counts->slots[i];

		if ((slot & COUNT_MOST) == 0)
			continue;
		made.slots[find_slot(made.slots, made.room, slot >> COUNT_BITS)] = slot;
		made.used++;
	}
	free(counts->slots);
	*counts = made;
}

void
aw_link_counts_change(struct aw_link_counts *counts, uint64_t hash, bool more)
{
	uint64_t tag = tag_of(hash), count;
	size_t at;

	if (counts->used * 5 >= counts->room * 4)
		grow(counts);
	at = find_slot(counts->slots, counts->room, tag);
	if (counts->slots[at] == 0) {
		counts->slots[at] = tag << COUNT_BITS;
		counts->used++;
	}
	count = counts->slots[at] & COUNT_MOST;
	if (count == COUNT_MOST || (!more && count == 0))
		return;
	counts->slots[at] += more ? 1 : UINT64_MAX;
}

uint32_t
aw_link_counts_of(const struct aw_link_counts *counts, uint64_t hash)
{
	if (counts->room == 0)
		return 0;
	return (uint32_t)(counts->slots[find_slot(counts->slots, counts->room, tag_of(hash))] &
			  COUNT_MOST);
}

void
aw_link_counts_fetch(const struct aw_link_counts *counts, uint64_t hash)
{
	if (counts->room > 0)
		__builtin_prefetch(&counts->slots[place_of(tag_of(hash), counts->room)]);
}
