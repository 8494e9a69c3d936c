/* Finds who a query could be: postings, levels, weights, then the best. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "link/index_inner.h"
#include "text/idno.h"

enum {
	CHAIN_LIMIT = 8192, /* postings followed of one key: beyond it the key tells nothing */
	FIRST_FOUND = 256,
	CERTAIN_MBITS = 8000, /* a candidate this far ahead needs no broad keys */
	FAINT_MBITS = -20000,
	ASKED_LIMIT = 8,
};

/* Somebody found so far, with the best of their forms. */
struct found {
	uint32_t root; /* + 1; 0 = empty slot */
	uint32_t form;
	uint32_t last; /* form looked at last: families often lead to it again */
	uint16_t asked;
	uint16_t last_asked;
	int32_t total;
};

struct search {
	const struct aw_link_index *index;
	struct aw_arena *arena;
	const struct aw_link_asked *asked;
	size_t asked_count;
	struct aw_link_scale scales[ASKED_LIMIT];
	struct found *at; /* open addressing by root */
	size_t slots, count;
};

static struct found *
found_slot(struct found *at, size_t slots, uint32_t root)
{
	size_t i = (root * 0x9E3779B1u) & (uint32_t)(slots - 1);

	while (at[i].root != 0 && at[i].root != root + 1)
		i = (i + 1) & (slots - 1);
	return &at[i];
}

static void
grow_found(struct search *s)
{
	size_t slots = s->slots == 0 ? FIRST_FOUND : s->slots * 4;
	struct found *at = AW_NEW_ARRAY(s->arena, struct found, slots);

	for (size_t i = 0; i < s->slots; i++)
		if (s->at[i].root != 0)
			*found_slot(at, slots, s->at[i].root - 1) = s->at[i];
	s->at = at;
	s->slots = slots;
}

static void
look_at(struct search *s, size_t asked, uint32_t form_at)
{
	const struct aw_link_index *index = s->index;
	const struct aw_link_form *form = &index->forms[form_at];
	struct aw_link_levels levels;
	struct found *found;
	int32_t total;

	if ((form->flags & AW_FORM_DEAD) != 0)
		return;
	found = found_slot(s->at, s->slots, index->roots[form_at]);
	if (found->root != 0 && found->last == form_at && found->last_asked == asked)
		return;
	aw_link_compare(&s->asked->forms[asked], s->asked->others[asked], form,
		aw_link_other(index, form), &levels);
	total = aw_link_total(&s->scales[asked], &levels);
	if (found->root == 0) {
		*found = (struct found){ .root = index->roots[form_at] + 1,
			.form = form_at,
			.asked = (uint16_t)asked,
			.total = total };
		s->count++;
	} else if (total > found->total) {
		found->form = form_at;
		found->asked = (uint16_t)asked;
		found->total = total;
	}
	found->last = form_at;
	found->last_asked = (uint16_t)asked;
	if (s->count * 2 > s->slots)
		grow_found(s);
}

/* Follows a key's postings; the records of a chain are fetched ahead, for they lie anywhere. */
static void
follow(struct search *s, size_t asked, uint64_t hash)
{
	const struct aw_link_posting *postings = s->index->postings;
	uint32_t tag = (uint32_t)(hash >> 32);
	size_t left = CHAIN_LIMIT;

	for (uint32_t at = aw_link_head(s->index, hash); at != 0 && left > 0; left--) {
		const struct aw_link_posting *posting = &postings[at - 1];

		at = posting->next;
		if (at != 0)
			__builtin_prefetch(&s->index->forms[postings[at - 1].form]);
		if (posting->tag == tag)
			look_at(s, asked, posting->form);
	}
}

/* -- how common the query's values are ------------------------------------------------------------ */

static uint32_t
count_key(const struct aw_link_index *index, uint64_t hash, const struct aw_link_form *same_name,
	uint32_t *ret_exact)
{
	uint32_t count = 0, exact = 0, tag = (uint32_t)(hash >> 32);
	size_t left = CHAIN_LIMIT;

	for (uint32_t at = aw_link_head(index, hash); at != 0 && left > 0; left--) {
		const struct aw_link_posting *posting = &index->postings[at - 1];

		at = posting->next;
		if (posting->tag != tag || (index->forms[posting->form].flags & AW_FORM_DEAD) != 0)
			continue;
		count++;
		exact += same_name != NULL && memcmp(index->forms[posting->form].han,
						      same_name->han, sizeof(same_name->han)) == 0
				 ? 1
				 : 0;
	}
	if (ret_exact != NULL)
		*ret_exact = exact;
	return count;
}

static void
scale_for(struct search *s, size_t asked)
{
	const struct aw_link_index *index = s->index;
	const struct aw_link_form *form = &s->asked->forms[asked];
	struct aw_link_frequency frequency = { .population = (uint32_t)index->people };
	uint64_t name = aw_link_name_key(form, s->asked->others[asked]);

	if (name != 0)
		frequency.variant = count_key(index, name, form, &frequency.name);
	if (form->han[0] == 0)
		frequency.name = frequency.variant;
	for (size_t i = 0; i < 2; i++)
		if (form->phone[i] != 0)
			frequency.phone += count_key(
				index, aw_link_key(AW_KEY_PHONE, form->phone[i]), NULL, NULL);
	if (form->door != 0)
		frequency.door = count_key(index, aw_link_key(AW_KEY_DOOR, form->door), NULL, NULL);
	aw_link_scale_make(&index->model, &frequency, &s->scales[asked]);
}

/* -- keys to ask ---------------------------------------------------------------------------------- */

static void
ask_birth(struct search *s, size_t asked, int32_t day)
{
	struct aw_date date = aw_date_of_day(day);

	if (date.day <= 12 && date.day != date.month)
		follow(s, asked,
			aw_link_key(AW_KEY_BIRTH, (uint32_t)aw_day_of_date((struct aw_date){
							  date.year, date.day, date.month })));
	for (int32_t years = -1; years <= 1; years += 2)
		if (aw_date_valid(date.year + years, date.month, date.day))
			follow(s, asked,
				aw_link_key(AW_KEY_BIRTH,
					(uint32_t)aw_day_of_date((struct aw_date){
						date.year + years, date.month, date.day })));
}

static void
ask_near_numbers(struct search *s, size_t asked, uint64_t number)
{
	uint64_t near[AW_IDNO_NEAR_LIMIT];
	size_t count = aw_idno_near(number, near);

	for (size_t i = 0; i < count; i++)
		follow(s, asked, aw_link_key(AW_KEY_NUMBER, near[i]));
}

static void
ask(struct search *s, size_t asked, bool broad)
{
	const struct aw_link_form *form = &s->asked->forms[asked];
	struct aw_link_key keys[AW_LINK_KEY_LIMIT];
	size_t count = aw_link_keys(form, s->asked->others[asked], keys);

	for (size_t i = 0; i < count; i++)
		if (keys[i].broad == broad)
			follow(s, asked, keys[i].hash);
	if (!broad)
		return;
	if (form->number != 0)
		ask_near_numbers(s, asked, form->number);
	if (form->birth_day != AW_BIRTH_UNKNOWN && form->birth_span == 0)
		ask_birth(s, asked, form->birth_day);
}

/* True when somebody stands so far ahead that a broad search cannot change who it is. */
static bool
is_certain(const struct search *s)
{
	const struct found *best = NULL;
	struct aw_link_levels levels;

	for (size_t i = 0; i < s->slots; i++)
		if (s->at[i].root != 0 && (best == NULL || s->at[i].total > best->total))
			best = &s->at[i];
	if (best == NULL || best->total + s->scales[best->asked].prior_mbits < CERTAIN_MBITS)
		return false;
	aw_link_compare(&s->asked->forms[best->asked], s->asked->others[best->asked],
		&s->index->forms[best->form], aw_link_other(s->index, &s->index->forms[best->form]),
		&levels);
	return aw_link_conflicts(&levels) == 0;
}

/* -- the answer ----------------------------------------------------------------------------------- */

static void
make_hit(const struct search *s, const struct found *found, struct aw_link_hit *hit)
{
	const struct aw_link_form *form = &s->index->forms[found->form];

	hit->person = s->index->persons[found->form];
	aw_link_compare(&s->asked->forms[found->asked], s->asked->others[found->asked], form,
		aw_link_other(s->index, form), &hit->levels);
	aw_link_weigh(&s->scales[found->asked], &hit->levels, &hit->weights);
	hit->prior_mbits = s->scales[found->asked].prior_mbits;
	hit->conflicts = aw_link_conflicts(&hit->levels);
}

static int
by_probability(const void *left, const void *right)
{
	const struct aw_link_hit *a = left, *b = right;

	if (a->ppm != b->ppm)
		return a->ppm > b->ppm ? -1 : 1;
	if (a->weights.total != b->weights.total)
		return a->weights.total > b->weights.total ? -1 : 1;
	return a->person < b->person ? -1 : a->person > b->person;
}

static void
answer(struct search *s, struct aw_link_hits *hits)
{
	int32_t *totals = AW_NEW_ARRAY(s->arena, int32_t, s->count + 1), *ppm;
	const struct found **kept = AW_NEW_ARRAY(s->arena, const struct found *, s->count + 1);
	size_t count = 0;

	for (size_t i = 0; i < s->slots; i++) {
		if (s->at[i].root == 0 ||
			s->at[i].total + s->scales[s->at[i].asked].prior_mbits < FAINT_MBITS)
			continue;
		kept[count] = &s->at[i];
		totals[count++] = s->at[i].total;
	}
	ppm = AW_NEW_ARRAY(s->arena, int32_t, count + 1);
	if (count > 0)
		aw_link_probabilities(s->scales[0].prior_mbits, totals, count, ppm);
	hits->compared = s->count;
	hits->at = AW_NEW_ARRAY(s->arena, struct aw_link_hit, count + 1);
	for (size_t i = 0; i < count; i++) {
		if (ppm[i] < s->asked->least_ppm)
			continue;
		make_hit(s, kept[i], &hits->at[hits->count]);
		hits->at[hits->count++].ppm = ppm[i];
	}
	qsort(hits->at, hits->count, sizeof(*hits->at), by_probability);
	for (size_t i = 1; i < hits->count; i++) {
		if ((int64_t)hits->at[i].ppm * 8 < hits->at[0].ppm)
			break;
		hits->at[0].conflicts |= AW_CONFLICT_RIVAL;
		hits->at[i].conflicts |= AW_CONFLICT_RIVAL;
	}
	if (hits->count > s->asked->limit)
		hits->count = s->asked->limit;
}

static void
begin(struct search *s, const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked)
{
	*s = (struct search){ .index = index, .arena = arena, .asked = asked };
	s->asked_count = asked->count < ASKED_LIMIT ? asked->count : ASKED_LIMIT;
	for (size_t i = 0; i < s->asked_count; i++)
		scale_for(s, i);
}

void
aw_link_index_find(const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked, struct aw_link_hits *ret_hits)
{
	struct search s;

	*ret_hits = (struct aw_link_hits){ 0 };
	begin(&s, index, arena, asked);
	grow_found(&s);
	for (size_t i = 0; i < s.asked_count; i++)
		ask(&s, i, false);
	if (!is_certain(&s))
		for (size_t i = 0; i < s.asked_count; i++)
			ask(&s, i, true);
	answer(&s, ret_hits);
}

bool
aw_link_index_compare(const struct aw_link_index *index, struct aw_arena *arena,
	const struct aw_link_asked *asked, int64_t person, struct aw_link_hit *ret_hit)
{
	uint32_t root = aw_link_root_of(index, person);
	struct search s;

	if (root == UINT32_MAX || asked->count == 0)
		return false;
	begin(&s, index, arena, asked);
	grow_found(&s);
	for (size_t i = 0; i < s.asked_count; i++)
		for (uint32_t at = root + 1; at != 0; at = index->nexts[at - 1])
			look_at(&s, i, at - 1);
	*ret_hit = (struct aw_link_hit){ 0 };
	make_hit(&s, found_slot(s.at, s.slots, root), ret_hit);
	aw_link_probabilities(ret_hit->prior_mbits, &ret_hit->weights.total, 1, &ret_hit->ppm);
	return true;
}
