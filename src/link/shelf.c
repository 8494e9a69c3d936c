/* Forms one behind another. */
#include "link/shelf.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, LENGTH_BYTES = 2, TRIM_PART = 32 };

static size_t
dead_words(size_t room)
{
	return room / 64 + 1;
}

void
aw_link_shelf_done(struct aw_link_shelf *shelf)
{
	free(shelf->forms);
	free(shelf->persons);
	free(shelf->dead);
	free(shelf->others);
	*shelf = (struct aw_link_shelf){ 0 };
}

/* The form is a cache line, and realloc knows nothing of those. */
static void *
moved(void *at, size_t count, size_t room, size_t size_bytes)
{
	void *made = aw_link_memory(room, size_bytes);

	if (count > 0)
		memcpy(made, at, count * size_bytes);
	free(at);
	return made;
}

static void
set_room(struct aw_link_shelf *shelf, size_t room)
{
	if (room > AW_LINK_SHELF_LIMIT)
		aw_die("the index of people is full");
	shelf->forms = moved(shelf->forms, shelf->count, room, sizeof(*shelf->forms));
	shelf->persons = moved(shelf->persons, shelf->count, room, sizeof(*shelf->persons));
	shelf->dead = moved(shelf->dead, shelf->dead == NULL ? 0 : dead_words(shelf->count),
		dead_words(room), sizeof(*shelf->dead));
	shelf->room = room;
}

void
aw_link_shelf_reserve(struct aw_link_shelf *shelf, size_t forms)
{
	if (forms > shelf->room)
		set_room(shelf, forms);
}

void
aw_link_shelf_trim(struct aw_link_shelf *shelf)
{
	if (shelf->room - shelf->count > shelf->count / TRIM_PART)
		set_room(shelf, shelf->count);
	if (shelf->others_len < shelf->others_room) {
		shelf->others = aw_link_resized(shelf->others, shelf->others_len, 1);
		shelf->others_room = shelf->others_len;
	}
}

static uint32_t
keep_other(struct aw_link_shelf *shelf, struct aw_str other)
{
	uint16_t len = other.len > UINT16_MAX ? UINT16_MAX : (uint16_t)other.len;
	size_t at = shelf->others_len == 0 ? 1 : shelf->others_len;

	if (len == 0)
		return 0;
	if (at + LENGTH_BYTES + len > UINT32_MAX)
		aw_die("the index of people is full");
	if (at + LENGTH_BYTES + len > shelf->others_room) {
		shelf->others_room = (at + LENGTH_BYTES + len) * 5 / 4 + FIRST_ROOM;
		shelf->others = aw_link_resized(shelf->others, shelf->others_room, 1);
	}
	memcpy(shelf->others + at, &len, LENGTH_BYTES);
	memcpy(shelf->others + at + LENGTH_BYTES, other.at, len);
	shelf->others_len = at + LENGTH_BYTES + len;
	return (uint32_t)at;
}

struct aw_str
aw_link_shelf_other(const struct aw_link_shelf *shelf, const struct aw_link_form *form)
{
	uint16_t len;

	if (form->other == 0)
		return (struct aw_str){ "", 0 };
	memcpy(&len, shelf->others + form->other, LENGTH_BYTES);
	return (struct aw_str){ shelf->others + form->other + LENGTH_BYTES, len };
}

uint32_t
aw_link_shelf_add(struct aw_link_shelf *shelf, int64_t person, const struct aw_link_form *forms,
	const struct aw_str *others, size_t count)
{
	uint32_t first = (uint32_t)shelf->count;

	if (shelf->count + count > shelf->room)
		set_room(shelf, (shelf->count + count) * 5 / 4 + FIRST_ROOM);
	for (size_t i = 0; i < count; i++) {
		struct aw_link_form *form = &shelf->forms[shelf->count];

		*form = forms[i];
		form->other = keep_other(shelf, others[i]);
		form->flags &= (uint8_t)~AW_FORM_FOLLOWS;
		form->flags |= i > 0 ? AW_FORM_FOLLOWS : 0;
		shelf->persons[shelf->count++] = person;
	}
	return first;
}

void
aw_link_shelf_copy(struct aw_link_shelf *to, const struct aw_link_shelf *from, uint32_t first)
{
	uint32_t end = aw_link_shelf_end(from, first);

	if (to->count + (end - first) > to->room)
		set_room(to, (to->count + (end - first)) * 5 / 4 + FIRST_ROOM);
	for (uint32_t at = first; at < end; at++) {
		struct aw_link_form *form = &to->forms[to->count];

		*form = from->forms[at];
		form->other = keep_other(to, aw_link_shelf_other(from, &from->forms[at]));
		to->persons[to->count++] = from->persons[at];
	}
}

void
aw_link_shelf_kill(struct aw_link_shelf *shelf, uint32_t first)
{
	uint32_t end = aw_link_shelf_end(shelf, first);

	for (uint32_t at = first; at < end; at++)
		shelf->dead[at >> 6] |= UINT64_C(1) << (at & 63);
	shelf->dead_count += end - first;
}

size_t
aw_link_shelf_bytes(const struct aw_link_shelf *shelf)
{
	return shelf->room * (sizeof(*shelf->forms) + sizeof(*shelf->persons)) +
	       (shelf->dead == NULL ? 0 : dead_words(shelf->room) * sizeof(*shelf->dead)) +
	       shelf->others_room;
}
