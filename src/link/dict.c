/* Each distinct text once. */
#include "link/dict.h"

#include <string.h>

#include "link/form.h"
#include "link/room.h"

enum { FIRST_SLOTS = 1024, MANY_SLOTS = 1 << 16 };

static const uint64_t MULTIPLIER = UINT64_C(0x9E3779B97F4A7C15);

uint64_t
aw_dict_hash(struct aw_str text)
{
	uint64_t h = text.len * MULTIPLIER, word;
	size_t i = 0;

	for (; i + 8 <= text.len; i += 8) {
		memcpy(&word, text.at + i, 8);
		h = (h ^ word) * MULTIPLIER;
		h ^= h >> 32;
	}
	if (i < text.len) {
		word = 0;
		memcpy(&word, text.at + i, text.len - i);
		h = (h ^ word) * MULTIPLIER;
	}
	return aw_link_mix(h);
}

static void
grow(struct aw_dict *dict)
{
	/* what holds many is likely to hold a text a row: fewer, larger steps */
	size_t count = dict->slot_count == 0	       ? FIRST_SLOTS
		       : dict->slot_count < MANY_SLOTS ? dict->slot_count * 2
						       : dict->slot_count * 4;
	uint32_t *slots = aw_room_new(count, sizeof(*slots));

	for (uint32_t n = 1; n <= dict->count; n++) {
		size_t at = dict->marks[n] & (count - 1);

		while (slots[at] != 0)
			at = (at + 1) & (count - 1);
		slots[at] = n;
	}
	free(dict->slots);
	dict->slots = slots;
	dict->slot_count = count;
}

static uint32_t
add(struct aw_dict *dict, struct aw_str text, uint32_t mark)
{
	uint32_t number = dict->count + 1;

	dict->bytes = aw_room(dict->bytes, dict->byte_count + text.len, &dict->byte_room, 1);
	memcpy(dict->bytes + dict->byte_count, text.at, text.len);
	dict->byte_count += text.len;
	dict->ends = aw_room(dict->ends, (size_t)number + 1, &dict->end_room, sizeof(*dict->ends));
	dict->marks =
		aw_room(dict->marks, (size_t)number + 1, &dict->mark_room, sizeof(*dict->marks));
	if (number == 1)
		dict->ends[0] = 0;
	dict->ends[number] = dict->byte_count;
	dict->marks[number] = mark;
	dict->count = number;
	return number;
}

/* Slot of the text, or the free one where it would be. The hash's lower half finds it: the mark is all of
 * the hash that is kept. */
static uint32_t *
slot_of(const struct aw_dict *dict, struct aw_str text, uint32_t mark)
{
	size_t at = mark & (dict->slot_count - 1);
	uint32_t number;

	while ((number = dict->slots[at]) != 0 &&
		(dict->marks[number] != mark || !aw_str_eq(aw_dict_text(dict, number), text)))
		at = (at + 1) & (dict->slot_count - 1);
	return &dict->slots[at];
}

uint32_t
aw_dict_put(struct aw_dict *dict, struct aw_str text, uint64_t hash, bool *ret_new)
{
	uint32_t mark = (uint32_t)hash, *slot;

	if (ret_new != NULL)
		*ret_new = false;
	if (text.len == 0)
		return 0;
	if ((size_t)dict->count * 2 >= dict->slot_count)
		grow(dict);
	slot = slot_of(dict, text, mark);
	if (*slot != 0 || dict->count == AW_DICT_MOST)
		return *slot;
	*slot = add(dict, text, mark);
	if (ret_new != NULL)
		*ret_new = true;
	return *slot;
}

void
aw_dict_append(struct aw_dict *dict, struct aw_str text)
{
	(void)add(dict, text, (uint32_t)aw_dict_hash(text));
}

void
aw_dict_index(struct aw_dict *dict)
{
	while (dict->slot_count < (size_t)dict->count * 2 + 1)
		grow(dict);
}

uint32_t
aw_dict_find(const struct aw_dict *dict, struct aw_str text)
{
	if (dict->slot_count == 0 || text.len == 0)
		return 0;
	return *slot_of(dict, text, (uint32_t)aw_dict_hash(text));
}

void
aw_dict_done(struct aw_dict *dict)
{
	free(dict->bytes);
	free(dict->ends);
	free(dict->marks);
	free(dict->slots);
	*dict = (struct aw_dict){ 0 };
}
