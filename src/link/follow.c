/* Follows keys to the forms that have them, and keeps whom a form stands for. */
#include "link/find_inner.h"

enum {
	FIRST_FOUND = 64,
	TOGETHER = 24, /* forms read at a time */
	FETCHED = 4,   /* of each trail's forms, before the first trail is looked along */
};

static struct aw_found *
found_slot(struct aw_found *at, size_t slots, uint32_t first)
{
	size_t i = (first * 0x9E3779B1u) >> 7 & (uint32_t)(slots - 1);

	while (at[i].first != 0 && at[i].first != first + 1)
		i = (i + 1) & (slots - 1);
	return &at[i];
}

static void
grow_found(struct aw_search *s)
{
	size_t slots = s->slots == 0 ? FIRST_FOUND : s->slots * 4;
	struct aw_found *at = AW_NEW_ARRAY(s->arena, struct aw_found, slots);

	for (size_t i = 0; i < s->slots; i++)
		if (s->at[i].first != 0)
			*found_slot(at, slots, s->at[i].first - 1) = s->at[i];
	s->at = at;
	s->slots = slots;
}

/* Of equal forms the first one of the query, then of the person, speaks: whatever was seen first. */
static bool
is_better(const struct aw_found *found, int32_t total, uint32_t asked, uint32_t spot)
{
	if (total != found->total)
		return total > found->total;
	return asked != found->asked ? asked < found->asked : spot < found->spot;
}

static void
keep(struct aw_search *s, uint32_t first, const struct aw_found *one)
{
	struct aw_found *found;

	if (s->slots == 0)
		grow_found(s);
	found = found_slot(s->at, s->slots, first);
	if (found->first != 0) {
		if (is_better(found, one->total, one->asked, one->spot))
			*found = *one;
		return;
	}
	*found = *one;
	if (++s->count * 2 > s->slots)
		grow_found(s);
}

/* -- one form ------------------------------------------------------------------------------------- */

static bool
is_filed(const struct aw_link_form *form, struct aw_str other, uint64_t hash)
{
	struct aw_link_key keys[AW_LINK_KEY_LIMIT];
	size_t count = aw_link_keys(form, other, keys);

	for (size_t i = 0; i < count; i++)
		if (keys[i].hash == hash)
			return true;
	return false;
}

static bool
is_born(const struct aw_link_form *form, uint64_t hash)
{
	uint64_t born[2] = { 0 };

	if (form->birth_day == AW_BIRTH_UNKNOWN || form->birth_span != 0)
		return false;
	(void)aw_link_born_keys(form, form->birth_day, born);
	return born[0] == hash || born[1] == hash;
}

/* Keys that are not counted: the form tells by one field whether it has the key. */
bool
aw_search_has_field(const struct aw_link_form *form, const struct aw_link_key *key)
{
	switch (key->family) {
	case AW_KEY_NUMBER:
		return aw_link_key(AW_KEY_NUMBER, form->number) == key->hash;
	case AW_KEY_PHONE:
		return aw_link_key(AW_KEY_PHONE, form->phone[0]) == key->hash ||
		       aw_link_key(AW_KEY_PHONE, form->phone[1]) == key->hash;
	case AW_KEY_DOOR:
		return aw_link_key(AW_KEY_DOOR, form->door) == key->hash;
	case AW_KEY_BORN:
		return is_born(form, key->hash);
	default:
		return true;
	}
}

/* Looks at a form that a key led to. Others' keys may lead to it, too: it is asked, the cheap way at
 * once, the dear way when it would be kept. */
static void
look_at(struct aw_search *s, uint32_t asked, const struct aw_link_key *key, uint32_t spot)
{
	const struct aw_link_shelf *shelf = aw_spot_shelf(s, spot);
	uint32_t at = aw_spot_place(spot), first;
	const struct aw_link_form *form = &shelf->forms[at];
	struct aw_link_scale *scale = &s->scales[asked];
	struct aw_link_levels levels = { { 0 } };
	int32_t least = s->least - scale->prior_mbits;
	struct aw_str other;
	int32_t total;

	if (shelf->dead_count > 0 && aw_link_shelf_is_dead(shelf->dead, at))
		return;
	if (!aw_link_is_counted(key->family)) {
		if (!aw_search_has_field(form, key))
			return;
		s->compared++;
	}
	aw_link_compare_rest(&s->asked->forms[asked], form, &levels);
	if (aw_link_total(scale, &levels) + s->most_name[asked] < least)
		return;
	other = aw_link_shelf_other(shelf, form);
	levels.at[AW_LINK_NAME] = aw_link_compare_field(
		AW_LINK_NAME, &s->asked->forms[asked], s->asked->others[asked], form, other);
	total = aw_link_total(scale, &levels);
	if (total < least || (aw_link_is_counted(key->family) && !is_filed(form, other, key->hash)))
		return;
	first = aw_link_shelf_first(shelf, at) | (spot & ~aw_spot_place(UINT32_MAX));
	keep(s, first, &(struct aw_found){ first + 1, spot, total, asked });
}

/* -- a key's forms -------------------------------------------------------------------------------- */

/* Reads a little of each form, none waiting for another: their lines arrive together. A prefetch would
 * not do in a large index: where the page is not at hand either it waits for it, alone. */
static void
touch(const struct aw_link_form *forms, const struct aw_link_run *run, size_t from, size_t end)
{
	uint32_t sum = 0;

	for (size_t i = from; i < end; i++)
		sum += forms[run->at[i] & run->mask].door;
	__asm__ volatile("" : : "r"(sum));
}

static void
look_along(struct aw_search *s, const struct aw_trail *trail)
{
	const struct aw_link_form *forms = s->index->base->shelf.forms;
	const struct aw_link_run *run = &trail->run;

	for (size_t from = 0; from < run->count; from += TOGETHER) {
		size_t end = run->count - from < TOGETHER ? run->count : from + TOGETHER;

		if (end > FETCHED)
			touch(forms, run, from, end);
		for (size_t i = from; i < end; i++)
			look_at(s, trail->asked, &trail->key,
				(run->at[i] & run->mask) | AW_SHELF_BASE << AW_FIND_SPOT_SHIFT);
	}
}

static void
look_along_chain(struct aw_search *s, const struct aw_trail *trail,
	const struct aw_link_delta *delta, uint32_t kind)
{
	uint64_t hash = trail->key.hash;
	const struct aw_link_node *node =
		delta == NULL ? NULL : aw_link_delta_next(delta, hash, NULL);

	for (; node != NULL; node = aw_link_delta_next(delta, hash, node)) {
		const uint32_t *forms = aw_link_node_forms(node);

		__builtin_prefetch(aw_link_node_at(delta, node->next));
		for (uint32_t i = 0; i < node->count; i++)
			__builtin_prefetch(&delta->shelf.forms[forms[i]]);
		for (uint32_t i = 0; i < node->count; i++)
			look_at(s, trail->asked, &trail->key,
				forms[i] | kind << AW_FIND_SPOT_SHIFT);
	}
}

/* Each step asks the memory for what the next one reads, of all trails before any is gone on with. */
void
aw_search_look(struct aw_search *s)
{
	const struct aw_link_index *index = s->index;
	size_t count = s->trail_count;

	for (size_t i = 0; i < count; i++) {
		aw_link_delta_fetch_node(index->frozen, s->trails[i].key.hash);
		aw_link_delta_fetch_node(index->delta, s->trails[i].key.hash);
		aw_link_posted_fetch_run(&index->base->posted, s->trails[i].key.hash);
	}
	for (size_t i = 0; i < count; i++) {
		struct aw_link_run run =
			aw_link_posted_run(&index->base->posted, s->trails[i].key.hash);

		for (size_t k = 0; k < run.count && k < FETCHED; k++)
			__builtin_prefetch(&index->base->shelf.forms[run.at[k] & run.mask]);
		s->trails[i].run = run;
	}
	for (size_t i = 0; i < count; i++) {
		look_along(s, &s->trails[i]);
		look_along_chain(s, &s->trails[i], index->frozen, AW_SHELF_FROZEN);
		look_along_chain(s, &s->trails[i], index->delta, AW_SHELF_DELTA);
	}
	s->trail_count = 0;
}

void
aw_search_follow(struct aw_search *s, uint32_t asked, const struct aw_link_key *key)
{
	if (aw_link_is_counted(key->family)) {
		uint32_t count = aw_link_counts_of(&s->index->counts, key->hash);

		if (count > aw_link_family_limit(key->family)) {
			s->days_left_out |= key->family == AW_KEY_BIRTH;
			return;
		}
		if (count == 0)
			return;
		s->compared += count;
	}
	if (s->trail_count == AW_COUNT(s->trails))
		aw_search_look(s);
	aw_link_posted_fetch(&s->index->base->posted, key->hash);
	aw_link_delta_fetch(s->index->frozen, key->hash);
	aw_link_delta_fetch(s->index->delta, key->hash);
	s->trails[s->trail_count++] = (struct aw_trail){ .key = *key, .asked = asked };
}
