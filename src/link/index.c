/* The inverted index: what is filed, replaced and removed. */
#include "link/index.h"

#include <stdlib.h>
#include <string.h>

#include "link/index_inner.h"

enum { FIRST_ROOM = 256, COMPACT_LEAST = 4096 };

struct aw_link_index *
aw_link_index_new(const struct aw_link_model *model)
{
	struct aw_link_index *index = calloc(1, sizeof(*index));

	if (index == NULL)
		aw_die("no memory for the index of people");
	index->model = *model;
	index->other_count = 1;
	return index;
}

void
aw_link_index_free(struct aw_link_index *index)
{
	if (index == NULL)
		return;
	for (size_t i = 1; i < index->other_count; i++)
		free((void *)(uintptr_t)index->others[i].at);
	free(index->others);
	free(index->forms);
	free(index->persons);
	free(index->roots);
	free(index->nexts);
	free(index->postings);
	free(index->heads);
	free(index->slots);
	free(index);
}

static void *
resized(void *at, size_t count, size_t size_bytes)
{
	void *made = reallocarray(at, count, size_bytes);

	if (made == NULL)
		aw_die("no memory for the index of people");
	return made;
}

static void
room_for_forms(struct aw_link_index *index, size_t room)
{
	if (room <= index->form_room)
		return;
	if (room > UINT32_MAX - 2)
		aw_die("the index of people is full");
	index->forms = resized(index->forms, room, sizeof(*index->forms));
	index->persons = resized(index->persons, room, sizeof(*index->persons));
	index->roots = resized(index->roots, room, sizeof(*index->roots));
	index->nexts = resized(index->nexts, room, sizeof(*index->nexts));
	index->form_room = room;
}

static void
post(struct aw_link_index *index, uint64_t hash, uint32_t form)
{
	struct aw_link_posting *posting;
	uint32_t *head;

	if (index->posting_count == index->posting_room) {
		index->posting_room =
			index->posting_room < FIRST_ROOM ? FIRST_ROOM : index->posting_room / 2 * 3;
		index->postings =
			resized(index->postings, index->posting_room, sizeof(*index->postings));
	}
	head = &index->heads[hash & (index->head_count - 1)];
	posting = &index->postings[index->posting_count++];
	*posting = (struct aw_link_posting){ (uint32_t)(hash >> 32), form, *head };
	*head = (uint32_t)index->posting_count;
}

static void
file_form(struct aw_link_index *index, uint32_t at)
{
	const struct aw_link_form *form = &index->forms[at];
	struct aw_link_key keys[AW_LINK_KEY_LIMIT];
	size_t count = aw_link_keys(form, aw_link_other(index, form), keys);

	for (size_t i = 0; i < count; i++)
		post(index, keys[i].hash, at);
}

/* Postings keep half of their key, so a larger table is filled from the forms anew. */
static void
refile(struct aw_link_index *index, size_t head_count)
{
	index->heads = resized(index->heads, head_count, sizeof(*index->heads));
	memset(index->heads, 0, head_count * sizeof(*index->heads));
	index->head_count = head_count;
	index->posting_count = 0;
	for (uint32_t i = 0; i < index->form_count; i++)
		if ((index->forms[i].flags & AW_FORM_DEAD) == 0)
			file_form(index, i);
}

static size_t
power_of_two(size_t least)
{
	size_t n = FIRST_ROOM;

	while (n < least)
		n *= 2;
	return n;
}

/* -- persons ------------------------------------------------------------------------------------- */

static uint32_t *
slot_of(const struct aw_link_index *index, int64_t person)
{
	size_t at = aw_link_mix((uint64_t)person) & (index->slot_count - 1);

	while (index->slots[at] != 0 && index->persons[index->slots[at] - 1] != person)
		at = (at + 1) & (index->slot_count - 1);
	return &index->slots[at];
}

uint32_t
aw_link_root_of(const struct aw_link_index *index, int64_t person)
{
	uint32_t slot = index->slot_count == 0 ? 0 : *slot_of(index, person);

	if (slot == 0 || (index->forms[slot - 1].flags & AW_FORM_DEAD) != 0)
		return UINT32_MAX;
	return slot - 1;
}

static void
grow_slots(struct aw_link_index *index, size_t count)
{
	index->slots = resized(index->slots, count, sizeof(*index->slots));
	memset(index->slots, 0, count * sizeof(*index->slots));
	index->slot_count = count;
	for (uint32_t i = 0; i < index->form_count; i++)
		if (index->roots[i] == i)
			*slot_of(index, index->persons[i]) = i + 1;
}

void
aw_link_index_reserve(struct aw_link_index *index, size_t forms)
{
	room_for_forms(index, index->form_count + forms);
	if (index->posting_room < (index->form_count + forms) * 9) {
		index->posting_room = (index->form_count + forms) * 9;
		index->postings =
			resized(index->postings, index->posting_room, sizeof(*index->postings));
	}
	if (index->head_count < (index->form_count + forms) * 8)
		refile(index, power_of_two((index->form_count + forms) * 8));
	if (index->slot_count < (index->form_count + forms) * 3 / 2)
		grow_slots(index, power_of_two((index->form_count + forms) * 3 / 2));
}

/* Drops dead forms: everything moves down in order, then is filed anew. */
static void
compact(struct aw_link_index *index)
{
	uint32_t kept = 0, root = 0;

	for (uint32_t i = 0; i < index->form_count; i++) {
		if ((index->forms[i].flags & AW_FORM_DEAD) != 0)
			continue;
		if (index->roots[i] == i)
			root = kept;
		index->forms[kept] = index->forms[i];
		index->persons[kept] = index->persons[i];
		index->nexts[kept] = index->nexts[i] == 0 ? 0 : kept + 2;
		index->roots[kept] = root;
		kept++;
	}
	index->form_count = kept;
	index->dead_count = 0;
	grow_slots(index, index->slot_count);
	refile(index, index->head_count);
}

static void
kill_forms(struct aw_link_index *index, uint32_t root)
{
	for (uint32_t at = root + 1; at != 0; at = index->nexts[at - 1]) {
		index->forms[at - 1].flags |= AW_FORM_DEAD;
		index->dead_count++;
	}
	index->people--;
}

static uint32_t
keep_other(struct aw_link_index *index, struct aw_str other)
{
	char *copy;

	if (other.len == 0)
		return 0;
	if (index->other_count >= index->other_room) {
		index->other_room =
			index->other_room < FIRST_ROOM ? FIRST_ROOM : index->other_room * 2;
		index->others = resized(index->others, index->other_room, sizeof(*index->others));
	}
	copy = resized(NULL, other.len, 1);
	memcpy(copy, other.at, other.len);
	index->others[index->other_count] = (struct aw_str){ copy, other.len };
	index->other_bytes += other.len;
	return (uint32_t)index->other_count++;
}

void
aw_link_index_put(struct aw_link_index *index, int64_t person, const struct aw_link_form *forms,
	const struct aw_str *others, size_t count)
{
	uint32_t root = aw_link_root_of(index, person), first;

	if (root != UINT32_MAX)
		kill_forms(index, root);
	if (count == 0)
		return;
	if (index->form_count + count > index->form_room)
		room_for_forms(index, (index->form_room + count) * 3 / 2 + FIRST_ROOM);
	if (index->slot_count * 2 < (index->form_count + count) * 3)
		grow_slots(index, power_of_two((index->form_count + count) * 2));
	if (index->posting_count + count * 10 > index->head_count)
		refile(index, power_of_two(index->head_count * 2 + count * 10));
	first = (uint32_t)index->form_count;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = first + i;

		index->forms[at] = forms[i];
		index->forms[at].other = keep_other(index, others[i]);
		index->forms[at].flags &= (uint8_t)~AW_FORM_DEAD;
		index->persons[at] = person;
		index->roots[at] = first;
		index->nexts[at] = i + 1 < count ? at + 2 : 0;
		index->form_count++;
		file_form(index, at);
	}
	*slot_of(index, person) = first + 1;
	index->people++;
	if (index->dead_count > COMPACT_LEAST && index->dead_count * 4 > index->form_count)
		compact(index);
}

void
aw_link_index_remove(struct aw_link_index *index, int64_t person)
{
	uint32_t root = aw_link_root_of(index, person);

	if (root != UINT32_MAX)
		kill_forms(index, root);
}

size_t
aw_link_index_people(const struct aw_link_index *index)
{
	return index->people;
}

size_t
aw_link_index_forms(const struct aw_link_index *index)
{
	return index->form_count - index->dead_count;
}

size_t
aw_link_index_bytes(const struct aw_link_index *index)
{
	return sizeof(*index) +
	       index->form_room * (sizeof(*index->forms) + sizeof(*index->persons) +
					  sizeof(*index->roots) + sizeof(*index->nexts)) +
	       index->posting_room * sizeof(*index->postings) +
	       index->head_count * sizeof(*index->heads) +
	       index->slot_count * sizeof(*index->slots) +
	       index->other_room * sizeof(*index->others) + index->other_bytes;
}

/* -- walks --------------------------------------------------------------------------------------- */

void
aw_link_index_each(const struct aw_link_index *index, aw_link_each_fn *fn, void *arg)
{
	for (uint32_t i = 0; i < index->form_count; i++) {
		const struct aw_link_form *form = &index->forms[i];

		if ((form->flags & AW_FORM_DEAD) == 0 &&
			!fn(arg, index->persons[i], form, aw_link_other(index, form)))
			return;
	}
}

void
aw_link_index_key(const struct aw_link_index *index, uint64_t hash, aw_link_each_fn *fn, void *arg)
{
	for (uint32_t at = aw_link_head(index, hash); at != 0; at = index->postings[at - 1].next) {
		const struct aw_link_posting *posting = &index->postings[at - 1];
		const struct aw_link_form *form = &index->forms[posting->form];

		if (posting->tag == (uint32_t)(hash >> 32) && (form->flags & AW_FORM_DEAD) == 0 &&
			!fn(arg, index->persons[posting->form], form, aw_link_other(index, form)))
			return;
	}
}
