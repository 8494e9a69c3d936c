/* Finds who a query could be: postings, levels, weights. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "link/find_inner.h"
#include "text/idno.h"

enum {
	FIRST_FOUND = 64,
	FAINT_MBITS =
		-20000, /* less than one in a million, by itself or beside the best: not kept */
	AHEAD = 24,	/* forms asked of the memory before they are looked at */
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
	struct aw_found *found = found_slot(s->at, s->slots, first);

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
static bool
has_field(const struct aw_link_form *form, const struct aw_link_key *key)
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
		if (!has_field(form, key))
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

static void
follow_run(struct aw_search *s, uint32_t asked, const struct aw_link_key *key)
{
	const struct aw_link_form *forms = s->index->base->shelf.forms;
	struct aw_link_run run = aw_link_posted_run(&s->index->base->posted, key->hash);

	for (size_t i = 0; i < run.count && i < AHEAD; i++)
		__builtin_prefetch(&forms[run.at[i] & run.mask]);
	for (size_t i = 0; i < run.count; i++) {
		if (i + AHEAD < run.count)
			__builtin_prefetch(&forms[run.at[i + AHEAD] & run.mask]);
		look_at(s, asked, key,
			(run.at[i] & run.mask) | AW_SHELF_BASE << AW_FIND_SPOT_SHIFT);
	}
}

static void
follow_chain(struct aw_search *s, uint32_t asked, const struct aw_link_key *key,
	const struct aw_link_delta *delta, uint32_t kind)
{
	const struct aw_link_node *node =
		delta == NULL ? NULL : aw_link_delta_next(delta, key->hash, NULL);

	for (; node != NULL; node = aw_link_delta_next(delta, key->hash, node)) {
		const uint32_t *forms = aw_link_node_forms(node);

		__builtin_prefetch(aw_link_node_at(delta, node->next));
		for (uint32_t i = 0; i < node->count; i++)
			__builtin_prefetch(&delta->shelf.forms[forms[i]]);
		for (uint32_t i = 0; i < node->count; i++)
			look_at(s, asked, key, forms[i] | kind << AW_FIND_SPOT_SHIFT);
	}
}

static void
follow(struct aw_search *s, uint32_t asked, const struct aw_link_key *key)
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
	follow_run(s, asked, key);
	follow_chain(s, asked, key, s->index->frozen, AW_SHELF_FROZEN);
	follow_chain(s, asked, key, s->index->delta, AW_SHELF_DELTA);
}

/* -- how common the query's values are ------------------------------------------------------------ */

struct tally {
	struct aw_link_key key;
	uint32_t count;
};

static bool
tally_form(void *arg, int64_t person, const struct aw_link_form *form, struct aw_str other)
{
	struct tally *tally = arg;

	(void)person;
	(void)other;
	tally->count += has_field(form, &tally->key) ? 1 : 0;
	return true;
}

static uint32_t
count_field(const struct aw_link_index *index, enum aw_link_family family, uint32_t value)
{
	struct tally tally = { .key = { aw_link_key(family, value), false, (uint8_t)family } };

	if (value != 0)
		aw_link_index_key(index, tally.key.hash, tally_form, &tally);
	return tally.count;
}

static void
scale_for(struct aw_search *s, size_t asked)
{
	const struct aw_link_index *index = s->index;
	const struct aw_link_form *form = &s->asked->forms[asked];
	struct aw_link_frequency frequency = { .population = (uint32_t)index->people };
	uint64_t name = aw_link_name_key(form, s->asked->others[asked]);
	uint64_t exact = aw_link_exact_key(form);

	if (name != 0)
		frequency.variant = aw_link_counts_of(&index->counts, name);
	frequency.name = exact == 0 ? frequency.variant : aw_link_counts_of(&index->counts, exact);
	for (size_t i = 0; i < 2; i++)
		frequency.phone += count_field(index, AW_KEY_PHONE, form->phone[i]);
	frequency.door = count_field(index, AW_KEY_DOOR, form->door);
	aw_link_scale_make(&index->model, &frequency, &s->scales[asked]);
	for (size_t l = 0; l < aw_link_level_count(AW_LINK_NAME); l++)
		if (s->scales[asked].weight[AW_LINK_NAME][l] > s->most_name[asked])
			s->most_name[asked] = s->scales[asked].weight[AW_LINK_NAME][l];
}

/* -- keys to ask ---------------------------------------------------------------------------------- */

/* A day next to the query's: with its surname, when it has one that can be looked up. Who bears another
 * surname, too, is so far off that nothing is lost. */
static void
follow_birth(struct aw_search *s, uint32_t asked, int32_t year, int32_t month, int32_t day)
{
	struct aw_link_key key = { .family = AW_KEY_BIRTH };
	uint64_t born[2];
	int32_t birth;
	size_t count;

	if (!aw_date_valid(year, month, day))
		return;
	birth = aw_day_of_date((struct aw_date){ year, month, day });
	count = aw_link_born_keys(&s->asked->forms[asked], birth, born);
	for (size_t i = 0; i < count; i++)
		follow(s, asked, &(struct aw_link_key){ born[i], false, AW_KEY_BORN });
	key.hash = aw_link_key(AW_KEY_BIRTH, (uint32_t)birth);
	if (count == 0)
		follow(s, asked, &key);
}

static void
ask_near_births(struct aw_search *s, uint32_t asked, int32_t day)
{
	struct aw_date date = aw_date_of_day(day);

	if (date.day != date.month)
		follow_birth(s, asked, date.year, date.day, date.month);
	for (int32_t years = -1; years <= 1; years += 2)
		follow_birth(s, asked, date.year + years, date.month, date.day);
}

static void
ask_near_numbers(struct aw_search *s, uint32_t asked, uint64_t number)
{
	uint64_t near[AW_IDNO_NEAR_LIMIT];
	size_t count = aw_idno_near(number, near);

	for (size_t i = 0; i < count; i++) {
		near[i] = aw_link_key(AW_KEY_NUMBER, near[i]);
		aw_link_posted_fetch(&s->index->base->posted, near[i]);
		aw_link_delta_fetch(s->index->frozen, near[i]);
		aw_link_delta_fetch(s->index->delta, near[i]);
	}
	for (size_t i = 0; i < count; i++) {
		aw_link_delta_fetch_node(s->index->frozen, near[i]);
		aw_link_delta_fetch_node(s->index->delta, near[i]);
	}
	for (size_t i = 0; i < count; i++)
		follow(s, asked, &(struct aw_link_key){ near[i], true, AW_KEY_NUMBER });
}

static void
ask(struct aw_search *s, uint32_t asked, enum aw_wave wave)
{
	const struct aw_link_form *form = &s->asked->forms[asked];
	const struct aw_link_key *keys = s->keys[asked];

	for (size_t i = 0; i < s->key_counts[asked]; i++)
		if (aw_wave_of(s, &keys[i]) == wave)
			follow(s, asked, &keys[i]);
	if (wave != AW_WAVE_NEAR)
		return;
	if (form->number != 0)
		ask_near_numbers(s, asked, form->number);
	if (form->birth_day != AW_BIRTH_UNKNOWN && form->birth_span == 0)
		ask_near_births(s, asked, form->birth_day);
}

/* Whether the query's birth days lead to fewer people than its names. */
static bool
are_days_fewer(const struct aw_search *s)
{
	uint64_t days = 0, names = 0;

	for (size_t i = 0; i < s->asked_count; i++) {
		const struct aw_link_key *keys = s->keys[i];

		for (size_t k = 0; k < s->key_counts[i]; k++) {
			uint64_t many =
				!aw_link_is_counted(keys[k].family)
					? 0
					: aw_link_counts_of(&s->index->counts, keys[k].hash);

			days += keys[k].family == AW_KEY_BIRTH ? many : 0;
			names += keys[k].family == AW_KEY_NAME ? many : 0;
		}
	}
	return days < names;
}

static void
begin(struct aw_search *s, const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked)
{
	*s = (struct aw_search){
		.index = index, .arena = arena, .asked = asked, .least = FAINT_MBITS
	};
	s->asked_count = asked->count < AW_FIND_ASKED ? asked->count : AW_FIND_ASKED;
	for (size_t i = 0; i < s->asked_count; i++) {
		s->key_counts[i] = aw_link_keys(&asked->forms[i], asked->others[i], s->keys[i]);
		scale_for(s, i);
	}
	s->days_first = are_days_fewer(s);
	grow_found(s);
}

void
aw_link_index_find(const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked, struct aw_link_hits *ret_hits)
{
	struct aw_search s;

	*ret_hits = (struct aw_link_hits){ 0 };
	begin(&s, index, arena, asked);
	for (enum aw_wave wave = AW_WAVE_SHARP; wave < AW_WAVES; wave++) {
		if (wave > AW_WAVE_SHARP &&
			(aw_search_is_settled(&s, wave) ||
				(wave > AW_WAVE_WIDER && aw_search_is_certain(&s))))
			break;
		s.least = FAINT_MBITS + aw_search_best(&s);
		for (uint32_t i = 0; i < s.asked_count; i++)
			ask(&s, i, wave);
	}
	aw_search_answer(&s, ret_hits);
}

bool
aw_link_index_compare(const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked, int64_t person, struct aw_link_hit *ret_hit)
{
	struct aw_link_spot spot = aw_link_spot_of(index, person);
	struct aw_link_hit best = { .weights.total = INT32_MIN };
	struct aw_search s;

	if (spot.shelf == NULL || asked->count == 0)
		return false;
	begin(&s, index, arena, asked);
	for (size_t i = 0; i < s.asked_count; i++) {
		uint32_t end = aw_link_shelf_end(spot.shelf, spot.at);

		for (uint32_t at = spot.at; at < end; at++) {
			const struct aw_link_form *form = &spot.shelf->forms[at];
			struct aw_link_hit hit = { .person = person,
				.prior_mbits = s.scales[i].prior_mbits };

			aw_link_compare(&asked->forms[i], asked->others[i], form,
				aw_link_shelf_other(spot.shelf, form), &hit.levels);
			aw_link_weigh(&s.scales[i], &hit.levels, &hit.weights);
			if (hit.weights.total > best.weights.total)
				best = hit;
		}
	}
	best.conflicts = aw_link_conflicts(&best.levels);
	aw_link_probabilities(best.prior_mbits, &best.weights.total, 1, &best.ppm);
	*ret_hit = best;
	return true;
}
