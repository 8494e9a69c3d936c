/* The search box: names whole, in part and nearly, numbers, phones, birth days. */
#include "city/person/search.h"

#include <stdlib.h>
#include <string.h>

#include "link/keys.h"
#include "text/fold.h"

enum { TOKEN_LIMIT = 8, HIT_LIMIT = 4096, TYPED_LIMIT = 400 };

enum rank { RANK_EXACT, RANK_VARIANT, RANK_PARTIAL, RANK_NEAR };

struct hit {
	int64_t person;
	int32_t birth_day;
	enum rank rank;
};

/* What was asked, taken apart; and what was found. */
struct search {
	const struct aw_link_index *index;
	struct aw_arena *arena;
	struct aw_link_form asked; /* of the name, when there is one */
	struct aw_str other;
	uint32_t folded[AW_NAME_HAN_LIMIT];
	uint32_t han_count;
	bool has_name, has_birth;
	uint64_t number;
	uint32_t phone;
	struct aw_roc_date birth;
	bool near;
	struct hit *hits;
	size_t count, room;
};

/* -- taken apart ---------------------------------------------------------------------------------- */

static bool
take_token(struct search *s, struct aw_str token)
{
	struct aw_error err;
	struct aw_idno idno;
	struct aw_phone phone;

	if (aw_idno_read(token, &idno)) {
		s->number = aw_idno_pack(idno.text);
		return true;
	}
	if (aw_phone_read(token, &phone)) {
		s->phone = aw_link_hash32(phone.e164, strlen(phone.e164));
		return true;
	}
	if (token.len >= 5 && aw_roc_read(token, &s->birth, &err) == AW_OK) {
		s->has_birth = true;
		return true;
	}
	return false;
}

static void
take_name(struct search *s, const char *name)
{
	struct aw_link_input input = { .name = name, .birth_day = AW_BIRTH_UNKNOWN };

	aw_link_form_make(s->arena, &input, &s->asked, &s->other);
	while (s->han_count < AW_NAME_HAN_LIMIT && s->asked.han[s->han_count] != 0) {
		s->folded[s->han_count] = aw_char_fold(s->asked.han[s->han_count]);
		s->han_count++;
	}
	s->has_name = s->han_count >= 2 || aw_utf8_count(s->other) >= 2;
}

static void
take_apart(struct search *s, const char *typed)
{
	struct aw_str rest = { typed, strnlen(typed, TYPED_LIMIT) };
	struct aw_buf name = { .arena = s->arena };

	rest = aw_text_nfkc(s->arena, rest);
	/* a phone or a date may hold spaces: the whole first */
	if (take_token(s, rest))
		return;
	for (size_t i = 0; i < TOKEN_LIMIT && rest.len > 0; i++) {
		struct aw_str token = aw_str_cut(rest, ' ', &rest);

		if (token.len == 0 || take_token(s, token))
			continue;
		if (name.len > 0)
			aw_buf_char(&name, ' ');
		aw_buf_str(&name, token);
	}
	if (name.len > 0)
		take_name(s, name.at);
}

/* -- found ---------------------------------------------------------------------------------------- */

static void
keep(struct search *s, int64_t person, int32_t birth_day, enum rank rank)
{
	struct hit *hit;

	if (s->count == HIT_LIMIT)
		return;
	hit = AW_PUSH(s->arena, s->hits, s->count, s->room);
	*hit = (struct hit){ person, birth_day, rank };
}

static bool
holds(const struct aw_link_form *form, const struct search *s)
{
	uint32_t n = 0;

	while (n < AW_NAME_HAN_LIMIT && form->han[n] != 0)
		n++;
	for (uint32_t from = 0; from + s->han_count <= n; from++) {
		uint32_t i = 0;

		while (i < s->han_count &&
			(s->folded[i] == AW_NAME_MASK ||
				s->folded[i] == aw_char_fold(form->han[from + i])))
			i++;
		if (i == s->han_count)
			return true;
	}
	return false;
}

/* How the name of a form answers the name asked; false when it does not. */
static bool
name_rank(const struct search *s, const struct aw_link_form *form, struct aw_str other,
	enum rank *ret)
{
	struct aw_link_levels levels;
	uint8_t level;

	if (!s->has_name) {
		*ret = RANK_EXACT;
		return true;
	}
	aw_link_compare(&s->asked, s->other, form, other, &levels);
	level = levels.at[AW_LINK_NAME];
	*ret = level == AW_NAMES_EXACT	   ? RANK_EXACT
	       : level == AW_NAMES_VARIANT ? RANK_VARIANT
	       : s->near		   ? RANK_NEAR
					   : RANK_PARTIAL;
	if (*ret == RANK_EXACT || *ret == RANK_VARIANT)
		return true;
	if (s->near)
		return level >= AW_NAMES_MASKED && level <= AW_NAMES_GIVEN;
	if (level == AW_NAMES_MASKED)
		return true;
	if (s->han_count >= 2)
		return holds(form, s);
	return other.len > 0 && memmem(other.at, other.len, s->other.at, s->other.len) != NULL;
}

static bool
number_answers(const struct search *s, const struct aw_link_form *form)
{
	enum aw_idno_gap gap;

	if (s->number == 0)
		return true;
	if (form->number == 0)
		return false;
	gap = aw_idno_compare(s->number, form->number);
	return gap == AW_IDNO_SAME || (s->near && gap == AW_IDNO_SLIP);
}

static bool
look(void *arg, int64_t person, const struct aw_link_form *form, struct aw_str other)
{
	struct search *s = arg;
	enum rank rank;

	if (!number_answers(s, form) ||
		(s->phone != 0 && form->phone[0] != s->phone && form->phone[1] != s->phone))
		return true;
	if (s->has_birth &&
		(form->birth_day == AW_BIRTH_UNKNOWN || form->birth_day > s->birth.to_day ||
			form->birth_day + form->birth_span < s->birth.from_day))
		return true;
	if (name_rank(s, form, other, &rank))
		keep(s, person, form->birth_day, rank);
	return s->count < HIT_LIMIT;
}

static void
ask(struct search *s, uint64_t hash)
{
	if (hash != 0)
		aw_link_index_key(s->index, hash, look, s);
}

/* Two characters stand at the front, at the end, or as the given name of whoever has them. */
static void
ask_han(struct search *s)
{
	uint32_t last = s->han_count - 1;

	ask(s, aw_link_name_key(&s->asked, s->other));
	if (s->han_count == 2) {
		ask(s, aw_link_pair_key(AW_KEY_FIRST, s->folded[0], s->folded[1]));
		ask(s, aw_link_pair_key(AW_KEY_GIVEN, s->folded[0], s->folded[1]));
	} else if (s->han_count == 3) { /* of a married name, or masked */
		ask(s, aw_link_pair_key(AW_KEY_GIVEN, s->folded[1], s->folded[2]));
		ask(s, aw_link_pair_key(AW_KEY_LAST, s->folded[0], s->folded[2]));
		ask(s, aw_link_pair_key(AW_KEY_FIRST, s->folded[0], s->folded[1]));
	}
	if (!s->near)
		return;
	ask(s, aw_link_sound_key(&s->asked));
	ask(s, aw_link_pair_key(AW_KEY_FIRST, s->folded[0], s->folded[1]));
	ask(s, aw_link_pair_key(AW_KEY_LAST, s->folded[0], s->folded[last]));
	ask(s, aw_link_pair_key(AW_KEY_FIRST, s->folded[0], s->folded[last])); /* swapped */
	ask(s, aw_link_pair_key(AW_KEY_GIVEN, s->folded[last - 1], s->folded[last]));
}

static void
ask_number(struct search *s)
{
	uint64_t near[AW_IDNO_NEAR_LIMIT];
	size_t count;

	ask(s, aw_link_key(AW_KEY_NUMBER, s->number));
	if (!s->near)
		return;
	count = aw_idno_near(s->number, near);
	for (size_t i = 0; i < count; i++)
		ask(s, aw_link_key(AW_KEY_NUMBER, near[i]));
}

/* By the key that leads to the fewest; everything asked is looked at again in look(). */
static void
run(struct search *s)
{
	s->count = 0;
	if (s->number != 0)
		ask_number(s);
	else if (s->phone != 0)
		ask(s, aw_link_key(AW_KEY_PHONE, s->phone));
	else if (s->han_count >= 2)
		ask_han(s);
	else if (s->has_name)
		aw_link_index_each(s->index, look, s);
	else if (s->has_birth && s->birth.precision == AW_PRECISION_DAY)
		ask(s, aw_link_key(AW_KEY_BIRTH, (uint32_t)s->birth.from_day));
}

/* -- answered ------------------------------------------------------------------------------------- */

static int
by_person(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;

	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	return (int)a->rank - (int)b->rank;
}

static int
by_rank(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;

	if (a->rank != b->rank)
		return (int)a->rank - (int)b->rank;
	if (a->birth_day != b->birth_day)
		return a->birth_day < b->birth_day ? -1 : 1;
	return a->person < b->person ? -1 : a->person > b->person;
}

static void
answer(struct search *s, size_t limit, struct aw_search_hits *hits)
{
	size_t kept = 0;

	if (s->count == 0)
		return;
	qsort(s->hits, s->count, sizeof(*s->hits), by_person);
	for (size_t i = 0; i < s->count; i++)
		if (kept == 0 || s->hits[kept - 1].person != s->hits[i].person)
			s->hits[kept++] = s->hits[i];
	qsort(s->hits, kept, sizeof(*s->hits), by_rank);
	hits->more = kept > limit;
	hits->count = hits->more ? limit : kept;
	hits->persons = AW_NEW_ARRAY(s->arena, int64_t, hits->count);
	for (size_t i = 0; i < hits->count; i++)
		hits->persons[i] = s->hits[i].person;
}

void
aw_search_index(const struct aw_link_index *index, struct aw_arena *arena, const char *typed,
	bool near, size_t limit, struct aw_search_hits *ret_hits)
{
	struct search s = { .index = index, .arena = arena };
	int asked;

	*ret_hits = (struct aw_search_hits){ .how = AW_SEARCH_NOTHING };
	take_apart(&s, typed == NULL ? "" : typed);
	asked = (s.number != 0) + (s.phone != 0) + (s.has_name ? 1 : 0) + (s.has_birth ? 1 : 0);
	if (asked == 0)
		return;
	near = near && (s.number != 0 || s.has_name);
	if (!near)
		run(&s);
	if (near || (s.count == 0 && (s.number != 0 || s.has_name))) {
		s.near = true;
		run(&s);
	}
	answer(&s, limit, ret_hits);
	if (asked > 1 || s.has_birth)
		ret_hits->how = AW_SEARCH_MIXED;
	else if (s.number != 0)
		ret_hits->how = s.near ? AW_SEARCH_NUMBER_NEAR : AW_SEARCH_NUMBER;
	else if (s.phone != 0)
		ret_hits->how = AW_SEARCH_PHONE;
	else
		ret_hits->how = s.near ? AW_SEARCH_NAME_NEAR : AW_SEARCH_NAME;
}
