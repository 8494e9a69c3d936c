/* The index answers like a plain list that is read from end to end, whatever was added, changed and
 * removed, merged or not, and while it is merged; the same people give the same bytes. */
#include "link/index.h"

#include <stdio.h>

#include "../link/synth.h"
#include "../testing.h"
#include "link/keys.h"
#include "text/fold.h"

enum { PEOPLE = 5200, FORMS = 3, LIMIT = 20, CERTAIN = 8000, FAINT = -20000 };

/* -- the plain list ------------------------------------------------------------------------------- */

struct plain_person {
	struct aw_link_form forms[FORMS];
	char others[FORMS][48];
	struct aw_link_key keys[FORMS][AW_LINK_KEY_LIMIT];
	size_t key_counts[FORMS];
	size_t count; /* 0 = not there */
};

struct plain {
	struct aw_link_model model;
	struct plain_person *people; /* [id] */
	size_t living;
	bool whole; /* every wave is asked */
};

struct plain_hit {
	struct aw_link_hit hit;
	size_t asked, form;
};

static bool
has_key(const struct plain_person *person, size_t form, uint64_t hash)
{
	for (size_t i = 0; i < person->key_counts[form]; i++)
		if (person->keys[form][i].hash == hash)
			return true;
	return false;
}

/* Forms with a key; those of exactly the name of `same`, when it is given. */
static uint32_t
count_forms(const struct plain *plain, uint64_t hash, const struct aw_link_form *same)
{
	uint32_t count = 0;

	for (size_t id = 1; hash != 0 && id <= PEOPLE; id++)
		for (size_t f = 0; f < plain->people[id].count; f++)
			count += has_key(&plain->people[id], f, hash) &&
				 (same == NULL || memcmp(plain->people[id].forms[f].han, same->han,
							  sizeof(same->han)) == 0);
	return count;
}

struct plain_search {
	const struct plain *plain;
	const struct aw_link_asked *asked;
	struct aw_link_scale scales[FORMS];
	struct plain_hit *best; /* [id]; form FORMS = not found */
	size_t compared;
	int32_t least;	 /* who stands lower is not kept */
	bool days_first; /* fewer are born on the query's days than have its names */
};

static void
plain_scale(struct plain_search *s, size_t i)
{
	const struct aw_link_form *form = &s->asked->forms[i];
	uint64_t name = aw_link_name_key(form, s->asked->others[i]);
	struct aw_link_frequency frequency = { .population = (uint32_t)s->plain->living };

	frequency.variant = count_forms(s->plain, name, NULL);
	frequency.name = form->han[1] == 0 ? frequency.variant : count_forms(s->plain, name, form);
	for (size_t p = 0; p < 2; p++)
		if (form->phone[p] != 0)
			frequency.phone += count_forms(
				s->plain, aw_link_key(AW_KEY_PHONE, form->phone[p]), NULL);
	if (form->door != 0)
		frequency.door = count_forms(s->plain, aw_link_key(AW_KEY_DOOR, form->door), NULL);
	aw_link_scale_make(&s->plain->model, &frequency, &s->scales[i]);
}

static void
plain_follow(struct plain_search *s, size_t i, uint64_t hash, uint8_t family)
{
	if (count_forms(s->plain, hash, NULL) > aw_link_family_limit(family))
		return;
	for (size_t id = 1; id <= PEOPLE; id++) {
		const struct plain_person *person = &s->plain->people[id];

		for (size_t f = 0; f < person->count; f++) {
			struct plain_hit one = { .asked = i, .form = f };
			struct plain_hit *best = &s->best[id];

			if (!has_key(person, f, hash))
				continue;
			s->compared++;
			one.hit.person = (int64_t)id;
			one.hit.prior_mbits = s->scales[i].prior_mbits;
			aw_link_compare(&s->asked->forms[i], s->asked->others[i], &person->forms[f],
				aw_str(person->others[f]), &one.hit.levels);
			aw_link_weigh(&s->scales[i], &one.hit.levels, &one.hit.weights);
			one.hit.conflicts = aw_link_conflicts(&one.hit.levels);
			if (one.hit.weights.total + one.hit.prior_mbits < s->least)
				continue;
			if (best->form == FORMS ||
				one.hit.weights.total > best->hit.weights.total ||
				(one.hit.weights.total == best->hit.weights.total &&
					(i < best->asked || (i == best->asked && f < best->form))))
				*best = one;
		}
	}
}

/* With the surname, or either of a married one's, where there is one. */
static void
plain_birth(struct plain_search *s, size_t i, int32_t year, int32_t month, int32_t day)
{
	const uint32_t *han = s->asked->forms[i].han;
	size_t surnames = han[1] == 0 ? 0 : aw_name_married(han) ? 2 : 1;
	int32_t birth;

	if (!aw_date_valid(year, month, day))
		return;
	birth = aw_day_of_date((struct aw_date){ year, month, day });
	for (size_t n = 0; n < surnames; n++)
		if (han[n] == AW_NAME_MASK)
			surnames = 0;
	for (size_t n = 0; n < surnames; n++)
		plain_follow(s, i,
			aw_link_key(AW_KEY_BORN,
				(uint64_t)(uint32_t)birth << 24 | aw_char_fold(han[n])),
			AW_KEY_BORN);
	if (surnames == 0)
		plain_follow(s, i, aw_link_key(AW_KEY_BIRTH, (uint32_t)birth), AW_KEY_BIRTH);
}

/* The wave in which a key is asked: what is sharp, name and birth day in the order of how many they lead to
 * (1, 2), what lies near (3), the sound, and what is broad. */
static int
wave_of(const struct plain_search *s, const struct aw_link_key *key)
{
	if (aw_link_family_limit(key->family) == UINT32_MAX)
		return 0;
	if (key->broad)
		return 5;
	if (key->family == AW_KEY_SOUND)
		return 4;
	return (key->family == AW_KEY_BIRTH) == s->days_first ? 1 : 2;
}

static void
plain_order(struct plain_search *s)
{
	size_t days = 0, names = 0;

	for (size_t i = 0; i < s->asked->count; i++) {
		struct aw_link_key keys[AW_LINK_KEY_LIMIT];
		size_t count = aw_link_keys(&s->asked->forms[i], s->asked->others[i], keys);

		for (size_t k = 0; k < count; k++) {
			if (keys[k].family == AW_KEY_BIRTH)
				days += count_forms(s->plain, keys[k].hash, NULL);
			else if (keys[k].family == AW_KEY_NAME)
				names += count_forms(s->plain, keys[k].hash, NULL);
		}
	}
	s->days_first = days < names;
}

static void
plain_wave(struct plain_search *s, int wave)
{
	for (size_t i = 0; i < s->asked->count; i++) {
		const struct aw_link_form *form = &s->asked->forms[i];
		struct aw_link_key keys[AW_LINK_KEY_LIMIT];
		size_t count = aw_link_keys(form, s->asked->others[i], keys);
		uint64_t near[AW_IDNO_NEAR_LIMIT];
		struct aw_date d;

		for (size_t k = 0; k < count; k++)
			if (wave_of(s, &keys[k]) == wave)
				plain_follow(s, i, keys[k].hash, keys[k].family);
		if (wave != 3)
			continue;
		count = aw_idno_near(form->number, near);
		for (size_t k = 0; k < count; k++)
			plain_follow(s, i, aw_link_key(AW_KEY_NUMBER, near[k]), AW_KEY_NUMBER);
		if (form->birth_day == AW_BIRTH_UNKNOWN || form->birth_span != 0)
			continue;
		d = aw_date_of_day(form->birth_day);
		if (d.day != d.month)
			plain_birth(s, i, d.year, d.day, d.month);
		plain_birth(s, i, d.year - 1, d.month, d.day);
		plain_birth(s, i, d.year + 1, d.month, d.day);
	}
}

static const struct plain_hit *
plain_best(const struct plain_search *s)
{
	const struct plain_hit *best = NULL;

	for (size_t id = 1; id <= PEOPLE; id++)
		if (s->best[id].form != FORMS &&
			(best == NULL || s->best[id].hit.weights.total > best->hit.weights.total))
			best = &s->best[id];
	return best;
}

/* The most that weights of a field give from a level on. */
static int32_t
most(const struct aw_link_scale *scale, size_t field, uint8_t from)
{
	int32_t best = 0;

	for (uint8_t l = from; l < aw_link_level_count((enum aw_link_field)field); l++)
		best = scale->weight[field][l] > best ? scale->weight[field][l] : best;
	return best;
}

static bool
has_plain_name(const struct aw_link_form *form)
{
	bool plain = form->han[1] != 0 && !aw_name_married(form->han);

	for (size_t i = 0; i < AW_NAME_HAN_LIMIT; i++)
		plain &= form->han[i] != AW_NAME_MASK;
	return plain;
}

/* The most that name and birth day give to whoever was met by no wave before this one. Whoever bears the
 * surname and is born on the day was met in the first. */
static int32_t
most_named_and_born(const struct plain_search *s, size_t i, int wave)
{
	static const bool keeps_surname[] = { [AW_NAMES_EXACT] = true,
		[AW_NAMES_VARIANT] = true,
		[AW_NAMES_MARRIED] = true,
		[AW_NAMES_SWAPPED] = true,
		[AW_NAMES_ONE_CHAR] = true,
		[AW_NAMES_SURNAME] = true,
		[AW_NAMES_NONE] = false };
	const struct aw_link_form *form = &s->asked->forms[i];
	bool plain = has_plain_name(form), says = form->birth_day != AW_BIRTH_UNKNOWN;
	bool exact = says && form->birth_span == 0;
	bool named = wave > 2 || (wave == 2 && !s->days_first);
	bool dated = wave > 2 || (wave == 2 && s->days_first);
	int32_t best = 0;

	for (size_t n = 0; n < aw_link_level_count(AW_LINK_NAME); n++)
		for (size_t b = 0; b < aw_link_level_count(AW_LINK_BIRTH); b++) {
			int32_t both = s->scales[i].weight[AW_LINK_NAME][n] +
				       s->scales[i].weight[AW_LINK_BIRTH][b];
			bool day = b == AW_BIRTH_EXACT || b == AW_BIRTH_NEW_YEAR;
			bool met = named && plain && (n == AW_NAMES_EXACT || n == AW_NAMES_VARIANT);

			met |= dated && exact && day;
			met |= exact && plain && day && keeps_surname[n];
			if (!met && (says || b == AW_BIRTH_MISSING) && both > best)
				best = both;
		}
	return best;
}

static int32_t
most_unseen(const struct plain_search *s, size_t i, int wave)
{
	const struct aw_link_form *form = &s->asked->forms[i];
	const struct aw_link_scale *scale = &s->scales[i];
	int32_t total = most_named_and_born(s, i, wave);

	total += most(scale, AW_LINK_ADDRESS, AW_PLACE_LANE);
	if (form->number != 0)
		total += most(scale, AW_LINK_NUMBER, wave > 3 ? AW_NUMBER_TWO : AW_NUMBER_SLIP);
	if (form->sex != 0)
		total += most(scale, AW_LINK_SEX, AW_SEX_SAME);
	if (form->phone[0] != 0 || form->phone[1] != 0)
		total += most(scale, AW_LINK_PHONE, AW_PHONE_DIFFERS);
	return total;
}

/* Whether the search may end before a wave: nobody it could still meet comes near, or there is no doubt. */
static bool
plain_ends(const struct plain_search *s, int wave)
{
	const struct plain_hit *best = plain_best(s);
	int32_t unseen = INT32_MIN;

	if (best == NULL)
		return false;
	if (wave >= 3 && best->hit.conflicts == 0 &&
		best->hit.weights.total + best->hit.prior_mbits >= CERTAIN)
		return true;
	for (size_t i = 0; i < s->asked->count; i++) {
		int32_t total = most_unseen(s, i, wave);

		unseen = total > unseen ? total : unseen;
	}
	return best->hit.weights.total - unseen >= CERTAIN;
}

static int
by_total(const void *left, const void *right)
{
	const struct aw_link_hit *a = left, *b = right;

	if (a->weights.total != b->weights.total)
		return a->weights.total > b->weights.total ? -1 : 1;
	return a->person < b->person ? -1 : 1;
}

static void
plain_find(const struct plain *plain, struct aw_arena *arena, const struct aw_link_asked *asked,
	struct aw_link_hits *hits)
{
	struct plain_search s = { .plain = plain, .asked = asked };
	int32_t totals[PEOPLE], ppm[PEOPLE];
	size_t count = 0;

	s.best = AW_NEW_ARRAY(arena, struct plain_hit, PEOPLE + 1);
	hits->at = AW_NEW_ARRAY(arena, struct aw_link_hit, PEOPLE + 1);
	for (size_t id = 0; id <= PEOPLE; id++)
		s.best[id].form = FORMS;
	for (size_t i = 0; i < asked->count; i++)
		plain_scale(&s, i);
	plain_order(&s);
	for (int wave = 0; wave < 6 && (wave == 0 || plain->whole || !plain_ends(&s, wave));
		wave++) {
		const struct plain_hit *best = plain_best(&s);
		int32_t stands = best == NULL ? 0 : best->hit.weights.total + best->hit.prior_mbits;

		s.least = FAINT + (stands > 0 ? stands : 0);
		plain_wave(&s, wave);
	}
	for (size_t id = 1; id <= PEOPLE; id++)
		if (s.best[id].form != FORMS)
			hits->at[count++] = s.best[id].hit;
	qsort(hits->at, count, sizeof(*hits->at), by_total);
	for (size_t i = 0; i < count; i++)
		totals[i] = hits->at[i].weights.total;
	if (count > 0)
		aw_link_probabilities(s.scales[0].prior_mbits, totals, count, ppm);
	for (size_t i = 0; i < count; i++) {
		hits->at[i].ppm = ppm[i];
		if (ppm[i] >= asked->least_ppm)
			hits->count = i + 1;
	}
	for (size_t i = 1; i < hits->count && (int64_t)ppm[i] * 8 >= ppm[0]; i++) {
		hits->at[0].conflicts |= AW_CONFLICT_RIVAL;
		hits->at[i].conflicts |= AW_CONFLICT_RIVAL;
	}
	hits->count = hits->count < asked->limit ? hits->count : asked->limit;
	hits->compared = s.compared;
}

/* -- a world that changes -------------------------------------------------------------------------- */

struct world {
	struct aw_random random;
	struct plain plain;
	struct aw_link_index *index;
	struct synth_person *pool;
};

static void
begin_world(struct world *w, uint64_t seed)
{
	*w = (struct world){ 0 };
	aw_random_seed(&w->random, seed);
	aw_link_model_default(&w->plain.model);
	w->plain.people = calloc(PEOPLE + 1, sizeof(*w->plain.people));
	w->index = aw_link_index_new(&w->plain.model);
	w->pool = calloc(PEOPLE + 1, sizeof(*w->pool));
	synth_people(seed, w->pool, PEOPLE + 1);
	/* a town where most have one surname and one first character: a key with few at first, and then
	 * with too many to be followed */
	for (size_t i = 0; i <= PEOPLE; i++)
		if (i % 8 != 0)
			memcpy(w->pool[i].name, "陳怡", 6);
}

static void
end_world(struct world *w)
{
	aw_link_index_free(w->index);
	free(w->plain.people);
	free(w->pool);
}

/* Somebody's forms as of now: mostly one, some with a Latin name or an old number beside. */
static struct plain_person
drawn(struct world *w, const struct synth_person *from)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct plain_person person = { .count = 1 };
	struct synth_person who = *from;
	struct aw_str other;

	if (aw_random_below(&w->random, 3) == 0)
		synth_slip(&w->random, &who, (int)aw_random_below(&w->random, 6));
	person.count += aw_random_below(&w->random, 8) == 0 ? 1 : 0;
	person.count += person.count == 2 && aw_random_below(&w->random, 2) == 0 ? 1 : 0;
	for (size_t f = 0; f < person.count; f++) {
		if (f == 1)
			snprintf(who.name, sizeof(who.name), "CHEN MEI MEI %c",
				(char)('A' + (int)aw_random_below(&w->random, 4)));
		if (f == 2)
			synth_slip(&w->random, &who, 0);
		synth_form(&arena, &who, &person.forms[f], &other);
		snprintf(person.others[f], sizeof(person.others[f]), "%.*s", (int)other.len,
			other.at);
		person.key_counts[f] = aw_link_keys(&person.forms[f], other, person.keys[f]);
	}
	return person;
}

static void
put(struct aw_link_index *index, size_t id, const struct plain_person *person)
{
	struct aw_str others[FORMS];

	for (size_t f = 0; f < person->count; f++)
		others[f] = aw_str(person->others[f]);
	aw_link_index_put(index, (int64_t)id, person->forms, others, person->count);
}

/* Adds, changes or removes somebody, in both. */
static void
change(struct world *w)
{
	size_t id = 1 + aw_random_below(&w->random, PEOPLE);
	struct plain_person *person = &w->plain.people[id];
	bool remove = person->count > 0 && aw_random_below(&w->random, 3) == 0;

	w->plain.living -= person->count > 0 ? 1 : 0;
	if (remove) {
		*person = (struct plain_person){ 0 };
		aw_link_index_remove(w->index, (int64_t)id);
		return;
	}
	*person = drawn(w, &w->pool[id]);
	w->plain.living++;
	put(w->index, id, person);
}

static bool
same_hits(const struct aw_link_hits *a, const struct aw_link_hits *b)
{
	if (a->count != b->count || a->compared != b->compared)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct aw_link_hit *x = &a->at[i], *y = &b->at[i];

		if (x->person != y->person || x->ppm != y->ppm || x->conflicts != y->conflicts ||
			x->prior_mbits != y->prior_mbits ||
			memcmp(&x->levels, &y->levels, sizeof(x->levels)) != 0 ||
			memcmp(&x->weights, &y->weights, sizeof(x->weights)) != 0)
			return false;
	}
	return true;
}

/* Asks for somebody, who may be there or not, as one may know them. */
static bool
agree(struct world *w, const struct aw_link_index *index, size_t *ret_hits)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct plain_person asked_person =
		drawn(w, &w->pool[1 + aw_random_below(&w->random, PEOPLE)]);
	struct aw_str others[FORMS];
	struct aw_link_asked asked = { asked_person.forms, others, asked_person.count, LIMIT,
		4000 };
	struct aw_link_hits plain = { 0 }, hits;

	for (size_t f = 0; f < asked.count; f++) {
		others[f] = aw_str(asked_person.others[f]);
		if (aw_random_below(&w->random, 3) == 0)
			asked_person.forms[f].number = 0;
		if (aw_random_below(&w->random, 5) == 0)
			asked_person.forms[f].birth_day = AW_BIRTH_UNKNOWN;
		if (aw_random_below(&w->random, 5) == 0)
			asked_person.forms[f].han[2] = AW_NAME_MASK;
	}
	aw_link_index_find(index, &arena, &asked, &hits);
	plain_find(&w->plain, &arena, &asked, &plain);
	*ret_hits += hits.count;
	return same_hits(&hits, &plain);
}

/* A search that ended early against one that asked everything: the same one is first. */
static bool
first_agrees(struct world *w)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct plain_person person = drawn(w, &w->pool[1 + aw_random_below(&w->random, PEOPLE)]);
	struct aw_str others[FORMS];
	struct aw_link_asked asked = { person.forms, others, 1, LIMIT, 200000 };
	struct aw_link_hits whole = { 0 }, hits;

	others[0] = aw_str(person.others[0]);
	if (aw_random_below(&w->random, 2) == 0)
		person.forms[0].number = 0;
	aw_link_index_find(w->index, &arena, &asked, &hits);
	w->plain.whole = true;
	plain_find(&w->plain, &arena, &asked, &whole);
	w->plain.whole = false;
	if (whole.count == 0)
		return hits.count == 0;
	return hits.count > 0 && hits.compared <= whole.compared &&
	       hits.at[0].person == whole.at[0].person;
}

static void
check(struct world *w, int queries)
{
	size_t hits = 0;

	assert_int_equal(aw_link_index_people(w->index), w->plain.living);
	for (int q = 0; q < queries; q++)
		assert_true(agree(w, w->index, &hits));
	assert_true(hits > 0);
}

static bool
common_key_is_followed(const struct world *w)
{
	uint64_t key = aw_link_pair_key(AW_KEY_FIRST, aw_char_fold(0x9673), aw_char_fold(0x6021));

	return count_forms(&w->plain, key, NULL) <= aw_link_family_limit(AW_KEY_FIRST);
}

/* -- what holds ------------------------------------------------------------------------------------ */

static void
random_changes_and_merges_answer_like_a_plain_list(void **state)
{
	bool followed = false, passed_over = false;
	struct world w;

	(void)state;
	begin_world(&w, 21);
	for (int round = 0; round < 12; round++) {
		int changes = (int)aw_random_below(&w.random, 1400);
		struct aw_link_merge *merge = NULL;

		for (int i = 0; i < changes; i++)
			change(&w);
		check(&w, 4);
		*(common_key_is_followed(&w) ? &followed : &passed_over) = true;
		if (round % 3 == 0) {
			aw_link_index_settle(w.index);
			check(&w, 3);
			continue;
		}
		merge = aw_link_merge_begin(w.index); /* and the city goes on */
		for (int i = 0; i < changes / 2; i++)
			change(&w);
		check(&w, 3);
		aw_link_merge_run(merge);
		for (int i = 0; i < changes / 2; i++)
			change(&w);
		check(&w, 3);
		aw_link_merge_end(w.index, merge);
		aw_link_merge_free(merge);
		check(&w, 3);
	}
	assert_true(followed && passed_over);
	end_world(&w);
}

static void
the_same_people_give_the_same_answers_however_they_came(void **state)
{
	struct aw_link_index *filled;
	struct world w;
	size_t hits = 0;

	(void)state;
	begin_world(&w, 22);
	for (int i = 0; i < 9000; i++) {
		change(&w);
		if (i % 2500 == 2499)
			aw_link_index_settle(w.index);
	}
	filled = aw_link_index_new(&w.plain.model);
	aw_link_index_reserve(filled, w.plain.living);
	for (size_t id = 1; id <= PEOPLE; id++)
		if (w.plain.people[id].count > 0)
			put(filled, id, &w.plain.people[id]);
	aw_link_index_settle(filled);
	assert_int_equal(aw_link_index_forms(filled), aw_link_index_forms(w.index));
	for (int q = 0; q < 10; q++) {
		struct aw_random before = w.random;

		assert_true(agree(&w, w.index, &hits));
		w.random = before; /* the same question */
		assert_true(agree(&w, filled, &hits));
	}
	assert_true(hits > 0);
	aw_link_index_free(filled);
	end_world(&w);
}

/* Filling takes whoever comes, in whatever order, and as often. */
static void
filling_out_of_order_and_twice_answers_the_same(void **state)
{
	struct world w;

	(void)state;
	begin_world(&w, 23);
	aw_link_index_reserve(w.index, 100);
	for (int i = 0; i < 3000; i++)
		change(&w);
	aw_link_index_settle(w.index);
	check(&w, 6);
	end_world(&w);
}

static void
ending_early_changes_nobody_who_is_first(void **state)
{
	struct world w;

	(void)state;
	begin_world(&w, 26);
	for (int i = 0; i < 5000; i++)
		change(&w);
	aw_link_index_settle(w.index);
	for (int q = 0; q < 40; q++)
		assert_true(first_agrees(&w));
	end_world(&w);
}

static bool
count_form(void *arg, int64_t person, const struct aw_link_form *form, struct aw_str other)
{
	size_t *count = arg;

	(void)person;
	(void)form;
	(void)other;
	++*count;
	return true;
}

static void
walks_meet_every_living_form_once(void **state)
{
	size_t walked = 0, forms = 0, of_key = 0, seen = 0;
	struct world w;
	uint64_t key;

	(void)state;
	begin_world(&w, 24);
	for (int i = 0; i < 6000; i++) {
		change(&w);
		if (i == 4000)
			aw_link_index_settle(w.index);
	}
	for (size_t id = 1; id <= PEOPLE; id++)
		forms += w.plain.people[id].count;
	aw_link_index_each(w.index, count_form, &walked);
	assert_int_equal(walked, forms);
	assert_int_equal(aw_link_index_forms(w.index), forms);
	for (size_t id = 1; id <= PEOPLE && seen < 20; id++) {
		if (w.plain.people[id].count == 0 || w.plain.people[id].forms[0].number == 0)
			continue;
		key = aw_link_key(AW_KEY_NUMBER, w.plain.people[id].forms[0].number);
		of_key = 0;
		aw_link_index_key(w.index, key, count_form, &of_key);
		assert_int_equal(of_key, count_forms(&w.plain, key, NULL));
		seen++;
	}
	assert_int_equal(seen, 20);
	end_world(&w);
}

/* The comparison is worth something: a list that was not told of some removals is found out. */
static void
a_removal_that_one_of_them_missed_is_found_out(void **state)
{
	size_t hits = 0, wrong = 0;
	struct world w;

	(void)state;
	begin_world(&w, 25);
	for (int i = 0; i < 4000; i++)
		change(&w);
	aw_link_index_settle(w.index);
	for (size_t id = 1; id <= PEOPLE; id += 2)
		aw_link_index_remove(w.index, (int64_t)id);
	for (int q = 0; q < 12; q++)
		wrong += agree(&w, w.index, &hits) ? 0 : 1;
	assert_true(wrong > 0);
	end_world(&w);
}

AW_TESTS(cmocka_unit_test(random_changes_and_merges_answer_like_a_plain_list),
	cmocka_unit_test(the_same_people_give_the_same_answers_however_they_came),
	cmocka_unit_test(filling_out_of_order_and_twice_answers_the_same),
	cmocka_unit_test(ending_early_changes_nobody_who_is_first),
	cmocka_unit_test(walks_meet_every_living_form_once),
	cmocka_unit_test(a_removal_that_one_of_them_missed_is_found_out))
