/**
 * link/shelf - forms one behind another, those of a person side by side; who died keeps the place.
 * Layer: link, inner.  Threads: plain data of its owner.
 */
#ifndef AW_LINK_SHELF_H
#define AW_LINK_SHELF_H

#include "link/form.h"
#include "link/memory.h"

enum { AW_LINK_SHELF_LIMIT = 1 << 28 }; /* forms: a posting keeps four bits of its key at least */

struct aw_link_shelf {
	struct aw_link_form *forms;
	int64_t *persons; /* of each form */
	uint64_t *dead;	  /* a bit a form */
	size_t count, room, dead_count;
	char *others; /* names that are not Han: two bytes of length, then the text; [0] unused */
	size_t others_len, others_room;
};

void aw_link_shelf_done(struct aw_link_shelf *shelf);
/** Makes room for that many forms in all; never less than there is. */
void aw_link_shelf_reserve(struct aw_link_shelf *shelf, size_t forms);
/** Gives back what is reserved and not used, when it is much. */
void aw_link_shelf_trim(struct aw_link_shelf *shelf);
/** Puts a person's forms behind the last; returns where the first stands. */
uint32_t aw_link_shelf_add(struct aw_link_shelf *shelf, int64_t person,
	const struct aw_link_form *forms, const struct aw_str *others, size_t count);
/** Puts the person whose first form stands there on another shelf. */
void aw_link_shelf_copy(struct aw_link_shelf *to, const struct aw_link_shelf *from, uint32_t first);
/** Marks the forms of the person whose first one stands there. */
void aw_link_shelf_kill(struct aw_link_shelf *shelf, uint32_t first);
size_t aw_link_shelf_bytes(const struct aw_link_shelf *shelf);

static inline bool
aw_link_shelf_is_dead(const uint64_t *dead, uint32_t at)
{
	return (dead[at >> 6] >> (at & 63) & 1) != 0;
}

/** Where the person's first form stands. */
static inline uint32_t
aw_link_shelf_first(const struct aw_link_shelf *shelf, uint32_t at)
{
	while ((shelf->forms[at].flags & AW_FORM_FOLLOWS) != 0)
		at--;
	return at;
}

/** The place behind the person's last form. */
static inline uint32_t
aw_link_shelf_end(const struct aw_link_shelf *shelf, uint32_t first)
{
	uint32_t at = first + 1;

	while (at < shelf->count && (shelf->forms[at].flags & AW_FORM_FOLLOWS) != 0)
		at++;
	return at;
}

/** The name that is not Han, empty when there is none. */
struct aw_str
aw_link_shelf_other(const struct aw_link_shelf *shelf, const struct aw_link_form *form);

#endif
