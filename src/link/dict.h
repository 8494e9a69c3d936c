/**
 * link/dict - each distinct text once, under a number from 1 in the order of first appearance.
 * Layer: link.  Threads: a dictionary belongs to one thread while it grows.
 * Example: tests/link/test_batch.c
 *
 * Texts stand behind each other in one array; the table of numbers is open addressing at most half
 * full. Cost: a hash and one probe a text, 24 to 40 bytes a distinct text besides its own.
 */
#ifndef AW_LINK_DICT_H
#define AW_LINK_DICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct aw_dict_slot {
	uint32_t number; /* of a text, 0 = free */
	uint32_t mark;	 /* lower half of its hash */
};

struct aw_dict {
	char *bytes;
	size_t byte_count, byte_room;
	uint64_t *ends; /* ends[n]: where text n ends; ends[0] = 0 */
	size_t end_room;
	struct aw_dict_slot *slots;
	size_t slot_count;
	uint32_t count;
};

enum { AW_DICT_MOST = (1 << 28) - 1 };

uint64_t aw_dict_hash(struct aw_str text);
/** Number of the text, which is added if it is new (*ret_new; may be NULL). The empty text is 0, and
 *  so is every new text when AW_DICT_MOST are there. hash: aw_dict_hash(text). */
uint32_t aw_dict_put(struct aw_dict *dict, struct aw_str text, uint64_t hash, bool *ret_new);
/** The same of many texts, in their order. The memory is asked for each before its turn: cheaper than one
 *  by one where the dictionary is larger than the cache. */
void aw_dict_put_all(
	struct aw_dict *dict, const struct aw_str *texts, size_t count, uint32_t *ret_numbers);
/** Adds a text that is known to be new and not empty: nothing is looked up, and nothing can be until
 *  aw_dict_index() has been called. */
void aw_dict_append(struct aw_dict *dict, struct aw_str text);
/** Makes texts that were appended findable; does nothing when they are. */
void aw_dict_index(struct aw_dict *dict);
/** Number of a text that is there, or 0. The dictionary is indexed. */
uint32_t aw_dict_find(const struct aw_dict *dict, struct aw_str text);
/** Text of a number; borrowed until the dictionary grows. */
static inline struct aw_str
aw_dict_text(const struct aw_dict *dict, uint32_t number)
{
	if (number == 0)
		return (struct aw_str){ "", 0 };
	return (struct aw_str){ dict->bytes + dict->ends[number - 1],
		(size_t)(dict->ends[number] - dict->ends[number - 1]) };
}
void aw_dict_done(struct aw_dict *dict);

#endif
