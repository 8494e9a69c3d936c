/* Each distinct text once. */
#include "link/dict.h"

#include <string.h>

#include "link/form.h"
#include "link/room.h"

enum { FIRST_SLOTS = 1024, MANY_SLOTS = 1 << 16, AHEAD = 64 };

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
place(struct aw_dict_slot *slots, size_t count, struct aw_dict_slot slot)
{
	size_t at = slot.mark & (count - 1);

	while (slots[at].number != 0)
		at = (at + 1) & (count - 1);
	slots[at] = slot;
}

static void
grow(struct aw_dict *dict)
{
	/* what holds many is likely to hold a text a row: fewer, larger steps */
	size_t count = dict->slot_count == 0	       ? FIRST_SLOTS
		       : dict->slot_count < MANY_SLOTS ? dict->slot_count * 2
						       : dict->slot_count * 4;
	struct aw_dict_slot *slots = aw_room_new(count, sizeof(*slots));

	for (size_t i = 0; i < dict->slot_count; i++)
		if (dict->slots[i].number != 0)
			place(slots, count, dict->slots[i]);
	free(dict->slots);
	dict->slots = slots;
	dict->slot_count = count;
}

static uint32_t
add(struct aw_dict *dict, struct aw_str text)
{
	uint32_t number = dict->count + 1;

	dict->bytes = aw_room(dict->bytes, dict->byte_count + text.len, &dict->byte_room, 1);
	memcpy(dict->bytes + dict->byte_count, text.at, text.len);
	dict->byte_count += text.len;
	dict->ends = aw_room(dict->ends, (size_t)number + 1, &dict->end_room, sizeof(*dict->ends));
	if (number == 1)
		dict->ends[0] = 0;
	dict->ends[number] = dict->byte_count;
	dict->count = number;
	return number;
}

/* Most texts are of one word or two, and equal when their marks are: no call for those. */
static inline bool
same_text(struct aw_str a, struct aw_str b)
{
	uint64_t x[2], y[2];

	if (a.len != b.len)
		return false;
	if (a.len < sizeof(x[0]) || a.len > sizeof(x))
		return memcmp(a.at, b.at, a.len) == 0;
	memcpy(&x[0], a.at, sizeof(x[0]));
	memcpy(&x[1], a.at + a.len - sizeof(x[1]), sizeof(x[1]));
	memcpy(&y[0], b.at, sizeof(y[0]));
	memcpy(&y[1], b.at + b.len - sizeof(y[1]), sizeof(y[1]));
	return x[0] == y[0] && x[1] == y[1];
}

/* Slot of the text, or the free one where it would be. The hash's lower half finds it: the mark is all of
 * the hash that is kept. */
static struct aw_dict_slot *
slot_of(const struct aw_dict *dict, struct aw_str text, uint32_t mark)
{
	size_t at = mark & (dict->slot_count - 1);
	struct aw_dict_slot *slot;

	while (slot = &dict->slots[at], slot->number != 0) {
		if (slot->mark == mark && same_text(aw_dict_text(dict, slot->number), text))
			break;
		at = (at + 1) & (dict->slot_count - 1);
	}
	return slot;
}

uint32_t
aw_dict_put(struct aw_dict *dict, struct aw_str text, uint64_t hash, bool *ret_new)
{
	uint32_t mark = (uint32_t)hash;
	struct aw_dict_slot *slot;

	if (ret_new != NULL)
		*ret_new = false;
	if (text.len == 0)
		return 0;
	if ((size_t)dict->count * 2 >= dict->slot_count)
		grow(dict);
	slot = slot_of(dict, text, mark);
	if (slot->number != 0 || dict->count == AW_DICT_MOST)
		return slot->number;
	*slot = (struct aw_dict_slot){ add(dict, text), mark };
	if (ret_new != NULL)
		*ret_new = true;
	return slot->number;
}

/* A few texts: their slots, then where the texts end that are likely theirs, then those texts. */
static void
ask_for(const struct aw_dict *dict, const struct aw_str *texts, size_t count, uint64_t *ret_hashes)
{
	uint32_t likely[AHEAD];

	for (size_t i = 0; i < count; i++) {
		ret_hashes[i] = aw_dict_hash(texts[i]);
		if (dict->slot_count != 0)
			__builtin_prefetch(&dict->slots[ret_hashes[i] & (dict->slot_count - 1)]);
	}
	if (dict->slot_count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct aw_dict_slot *slot =
			&dict->slots[ret_hashes[i] & (dict->slot_count - 1)];

		likely[i] = slot->mark == (uint32_t)ret_hashes[i] ? slot->number : 0;
		if (likely[i] != 0)
			__builtin_prefetch(&dict->ends[likely[i] - 1]);
	}
	for (size_t i = 0; i < count; i++)
		if (likely[i] != 0)
			__builtin_prefetch(dict->bytes + dict->ends[likely[i] - 1]);
}

void
aw_dict_put_all(
	struct aw_dict *dict, const struct aw_str *texts, size_t count, uint32_t *ret_numbers)
{
	for (size_t from = 0; from < count; from += AHEAD) {
		size_t few = count - from < AHEAD ? count - from : AHEAD;
		uint64_t hashes[AHEAD];

		ask_for(dict, texts + from, few, hashes);
		for (size_t i = 0; i < few; i++)
			ret_numbers[from + i] = aw_dict_put(dict, texts[from + i], hashes[i], NULL);
	}
}

void
aw_dict_append(struct aw_dict *dict, struct aw_str text)
{
	(void)add(dict, text);
}

void
aw_dict_index(struct aw_dict *dict)
{
	bool blank = dict->slot_count == 0; /* what was appended is in no slot yet */

	while (dict->slot_count < (size_t)dict->count * 2 + 1)
		grow(dict);
	for (uint32_t n = 1; blank && n <= dict->count; n++)
		place(dict->slots, dict->slot_count,
			(struct aw_dict_slot){ n, (uint32_t)aw_dict_hash(aw_dict_text(dict, n)) });
}

uint32_t
aw_dict_find(const struct aw_dict *dict, struct aw_str text)
{
	if (dict->slot_count == 0 || text.len == 0)
		return 0;
	return slot_of(dict, text, (uint32_t)aw_dict_hash(text))->number;
}

void
aw_dict_done(struct aw_dict *dict)
{
	free(dict->bytes);
	free(dict->ends);
	free(dict->slots);
	*dict = (struct aw_dict){ 0 };
}
