/**
 * link/find_inner - one search while it runs, shared by find.c, follow.c, enough.c and answer.c.
 * Layer: link, inner.
 */
#ifndef AW_LINK_FIND_INNER_H
#define AW_LINK_FIND_INNER_H

#include "link/index_inner.h"

enum {
	AW_FIND_ASKED = 8,	/* forms of a query that are looked at */
	AW_FIND_CERTAIN = 8000, /* a candidate this far ahead, in thousandths of a bit */
	AW_FIND_SPOT_SHIFT = 30,
	AW_FIND_TRAILS = 32, /* keys that are followed side by side */
};

/* Somebody found so far, with the best of their forms. A spot is the kind of the shelf and the place. */
struct aw_found {
	uint32_t first; /* spot of the first form, + 1; 0 = empty slot */
	uint32_t spot;	/* of the best form */
	int32_t total;
	uint32_t asked;
};

/* A key that is to be followed, and later its run in the base. */
struct aw_trail {
	struct aw_link_key key;
	uint32_t asked; /* which form of the query asks */
	struct aw_link_run run;
};

struct aw_search {
	const struct aw_link_index *index;
	struct aw_arena *arena;
	const struct aw_link_asked *asked;
	size_t asked_count;
	struct aw_link_scale scales[AW_FIND_ASKED];
	struct aw_link_key keys[AW_FIND_ASKED]
			       [AW_LINK_KEY_LIMIT]; /* what each form is looked for by */
	size_t key_counts[AW_FIND_ASKED];
	int32_t most_name[AW_FIND_ASKED]; /* the most that a name can weigh */
	/* Who stays below this, prior included, is passed over. It is raised between waves alone, so that it
	 * does not depend on the order in which a wave's people are seen. */
	int32_t least;
	struct aw_trail trails[AW_FIND_TRAILS];
	size_t trail_count;
	struct aw_found *at; /* open addressing by first */
	size_t slots, count, compared;
	bool days_left_out; /* of the query's birth days, one has too many people to be followed */
	bool days_first;    /* fewer people are born on the query's days than have its names */
};

static inline const struct aw_link_shelf *
aw_spot_shelf(const struct aw_search *s, uint32_t spot)
{
	return aw_link_shelf_of(s->index, (enum aw_link_shelf_kind)(spot >> AW_FIND_SPOT_SHIFT));
}

static inline uint32_t
aw_spot_place(uint32_t spot)
{
	return spot & ((UINT32_C(1) << AW_FIND_SPOT_SHIFT) - 1);
}

/* In the order in which they are asked, until nobody who was not seen yet can come near. What leads to
 * few and mostly to the one comes first, what leads to many and rarely to the one comes last. */
enum aw_wave {
	AW_WAVE_SHARP,	/* number, phones, door */
	AW_WAVE_NARROW, /* name or birth day, whichever leads to fewer */
	AW_WAVE_WIDER,	/* the other of these two */
	AW_WAVE_NEAR,	/* what lies next to number and birth day */
	AW_WAVE_SOUND,
	AW_WAVE_BROAD, /* either character of the name */
	AW_WAVES
};

static inline enum aw_wave
aw_wave_of(const struct aw_search *s, const struct aw_link_key *key)
{
	if (!aw_link_is_counted(key->family))
		return AW_WAVE_SHARP;
	if (key->broad)
		return AW_WAVE_BROAD;
	if (key->family == AW_KEY_SOUND)
		return AW_WAVE_SOUND;
	return (key->family == AW_KEY_BIRTH) == s->days_first ? AW_WAVE_NARROW : AW_WAVE_WIDER;
}

/** Whether a form has a key by the one field that the key's family tells of; true for families that
 *  are counted, of which the form's keys must be made to know. */
bool aw_search_has_field(const struct aw_link_form *form, const struct aw_link_key *key);
/** Puts a key on the list of what is followed, unless too many forms have it or none. */
void aw_search_follow(struct aw_search *s, uint32_t asked, const struct aw_link_key *key);
/** Looks at all forms that the keys on the list lead to, in the list's order; it is empty then. */
void aw_search_look(struct aw_search *s);

void aw_found_levels(
	const struct aw_search *s, const struct aw_found *found, struct aw_link_levels *ret_levels);
/** What the best one found stands at, prior included; 0 when nobody stands higher. */
int32_t aw_search_best(const struct aw_search *s);
/** Whether nobody whom this wave or a later one leads to can come near the best one found. */
bool aw_search_is_settled(const struct aw_search *s, enum aw_wave wave);
/** Whether nothing contradicts the best one, who stands so far ahead that a broad search cannot change
 *  who it is. */
bool aw_search_is_certain(const struct aw_search *s);
/** The best ones, with their reasons. */
void aw_search_answer(struct aw_search *s, struct aw_link_hits *hits);

#endif
