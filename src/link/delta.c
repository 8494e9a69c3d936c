/* What changed since the last merge. */
#include "link/delta.h"

#include <stdlib.h>
#include <string.h>

#include "link/keys.h"

enum {
	FIRST_ROOM = 256,
	TIDY_LEAST = 4096,
	NODE_WORDS = sizeof(struct aw_link_node) / sizeof(uint32_t),
	NODE_MOST = 32,
};

void
aw_link_delta_free(struct aw_link_delta *delta)
{
	if (delta == NULL)
		return;
	aw_link_shelf_done(&delta->shelf);
	free(delta->words);
	free(delta->heads);
	free(delta->slots);
	free(delta);
}

/* The first node of that tag from `at` on. */
static struct aw_link_node *
node_of(const struct aw_link_delta *delta, uint32_t at, uint32_t tag)
{
	for (; at != 0; at = aw_link_node_at(delta, at)->next)
		if (aw_link_node_at(delta, at)->tag == tag)
			return aw_link_node_at(delta, at);
	return NULL;
}

const struct aw_link_node *
aw_link_delta_next(
	const struct aw_link_delta *delta, uint64_t hash, const struct aw_link_node *node)
{
	uint32_t head = delta->head_count == 0 ? 0 : delta->heads[hash & (delta->head_count - 1)];

	return node_of(delta, node != NULL ? node->next : head, (uint32_t)(hash >> 32));
}

/* Puts an empty node at the head of a chain. Nodes move. */
static struct aw_link_node *
add_node(struct aw_link_delta *delta, uint32_t *head, uint32_t tag, uint32_t room)
{
	size_t at = delta->word_count == 0 ? 1 : delta->word_count;
	struct aw_link_node *node;

	delta->word_count = at + NODE_WORDS + room;
	if (delta->word_count > UINT32_MAX)
		aw_die("more changes between two merges than the index of people can hold");
	if (delta->word_count > delta->word_room) {
		delta->word_room = delta->word_count / 2 * 3 + FIRST_ROOM;
		delta->words =
			aw_link_resized(delta->words, delta->word_room, sizeof(*delta->words));
	}
	node = aw_link_node_at(delta, (uint32_t)at);
	*node = (struct aw_link_node){ tag, *head, 0, room };
	*head = (uint32_t)at;
	return node;
}

/* Most keys have one form; a node that is full is followed by one of twice the room. */
static void
post(struct aw_link_delta *delta, uint64_t hash, uint32_t form)
{
	uint32_t *head = &delta->heads[hash & (delta->head_count - 1)];
	struct aw_link_node *node = node_of(delta, *head, (uint32_t)(hash >> 32));
	uint32_t room = node == NULL ? 1 : node->room < NODE_MOST ? node->room * 2 : NODE_MOST;

	if (node == NULL || node->count == node->room)
		node = add_node(delta, head, (uint32_t)(hash >> 32), room);
	((uint32_t *)(void *)(node + 1))[node->count] = form;
	node->count++;
	delta->posting_count++;
}

static void
file_form(struct aw_link_delta *delta, uint32_t at)
{
	const struct aw_link_form *form = &delta->shelf.forms[at];
	struct aw_link_key keys[AW_LINK_KEY_LIMIT];
	size_t count = aw_link_keys(form, aw_link_shelf_other(&delta->shelf, form), keys);

	for (size_t i = 0; i < count; i++)
		post(delta, keys[i].hash, at);
}

/* Nodes keep half of their key, so a larger table is filled from the forms anew. */
static void
refile(struct aw_link_delta *delta, size_t head_count)
{
	delta->heads = aw_link_resized(delta->heads, head_count, sizeof(*delta->heads));
	memset(delta->heads, 0, head_count * sizeof(*delta->heads));
	delta->head_count = head_count;
	delta->posting_count = delta->word_count = 0;
	for (uint32_t i = 0; i < delta->shelf.count; i++)
		if (!aw_link_shelf_is_dead(delta->shelf.dead, i))
			file_form(delta, i);
}

static size_t
power_of_two(size_t least)
{
	size_t n = FIRST_ROOM;

	while (n < least)
		n *= 2;
	return n;
}

static uint32_t *
slot_of(const struct aw_link_delta *delta, int64_t person)
{
	size_t at = aw_link_mix((uint64_t)person) & (delta->slot_count - 1);

	while (delta->slots[at] != 0 && delta->shelf.persons[delta->slots[at] - 1] != person)
		at = (at + 1) & (delta->slot_count - 1);
	return &delta->slots[at];
}

static void
remake_slots(struct aw_link_delta *delta, size_t count)
{
	delta->slots = aw_link_resized(delta->slots, count, sizeof(*delta->slots));
	memset(delta->slots, 0, count * sizeof(*delta->slots));
	delta->slot_count = count;
	/* of somebody's several lives on the shelf the last one counts */
	for (uint32_t i = 0; i < delta->shelf.count; i++)
		if ((delta->shelf.forms[i].flags & AW_FORM_FOLLOWS) == 0)
			*slot_of(delta, delta->shelf.persons[i]) = i + 1;
}

uint32_t
aw_link_delta_first(const struct aw_link_delta *delta, int64_t person)
{
	uint32_t slot = delta->slot_count == 0 ? 0 : *slot_of(delta, person);

	if (slot == 0 || aw_link_shelf_is_dead(delta->shelf.dead, slot - 1))
		return UINT32_MAX;
	return slot - 1;
}

void
aw_link_delta_add(struct aw_link_delta *delta, int64_t person, const struct aw_link_form *forms,
	const struct aw_str *others, size_t count)
{
	uint32_t first;

	if (delta->posting_count + count * 10 > delta->head_count)
		refile(delta, power_of_two(delta->head_count * 2 + count * 10));
	if (delta->slot_count * 2 < (delta->shelf.count + count) * 3)
		remake_slots(delta, power_of_two((delta->shelf.count + count) * 2));
	first = aw_link_shelf_add(&delta->shelf, person, forms, others, count);
	for (uint32_t at = first; at < delta->shelf.count; at++)
		file_form(delta, at);
	*slot_of(delta, person) = first + 1;
}

void
aw_link_delta_tidy(struct aw_link_delta *delta)
{
	struct aw_link_shelf kept = { 0 }, *old = &delta->shelf;

	if (old->dead_count <= TIDY_LEAST || old->dead_count * 4 <= old->count)
		return;
	aw_link_shelf_reserve(&kept, old->count - old->dead_count);
	for (uint32_t at = 0; at < old->count; at = aw_link_shelf_end(old, at))
		if (!aw_link_shelf_is_dead(old->dead, at))
			aw_link_shelf_copy(&kept, old, at);
	aw_link_shelf_done(old);
	*old = kept;
	remake_slots(delta, delta->slot_count);
	refile(delta, delta->head_count);
}

size_t
aw_link_delta_bytes(const struct aw_link_delta *delta)
{
	return sizeof(*delta) + aw_link_shelf_bytes(&delta->shelf) +
	       delta->word_room * sizeof(*delta->words) +
	       delta->head_count * sizeof(*delta->heads) +
	       delta->slot_count * sizeof(*delta->slots);
}
