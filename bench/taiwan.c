/* Households of the made-up Taiwan: who lives in them, their names, numbers, phones and places. */
#include "bench/taiwan.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "bench/taiwan_inner.h"
#include "demo/household.h"
#include "text/fold.h"
#include "text/idno.h"

enum {
	IDS_A_HOUSEHOLD = 16,
	BUILDING_HOMES = 6,
	NAMESAKE_EVERY = 250,
	NAMESAKE_BEFORE = 125,
	MARRIED_BEFORE = 1950,
	ADULT = 15,
};
/* Numbers: pairs of serials over 26 letters, walked in steps that meet every pair once. */
#define PAIRS_A_LETTER UINT64_C(5000000)
#define PAIRS (26 * PAIRS_A_LETTER)
#define PAIR_STEP UINT64_C(61803399)
#define PHONE_STEP UINT64_C(38196601)
#define PHONES UINT64_C(100000000)

static bool
percent(struct aw_random *random, unsigned of)
{
	return aw_random_below(random, 100) < of;
}

uint64_t
tw_household_of(int64_t id)
{
	return (uint64_t)(id - 1) / IDS_A_HOUSEHOLD;
}

size_t
tw_member_of(int64_t id)
{
	return (size_t)(id - 1) % IDS_A_HOUSEHOLD;
}

static void
seed_for(struct aw_random *random, uint64_t seed, uint64_t serial, uint64_t what)
{
	aw_random_seed(random, aw_link_mix(seed * 3 + what) ^ aw_link_mix(serial + 1));
}

/* -- numbers and phones ---------------------------------------------------------------------------- */

static uint64_t
counter_of(const struct tw_person *person)
{
	return tw_household_of(person->id) * TW_MEMBERS + tw_member_of(person->id);
}

static void
set_check(char number[TW_NUMBER])
{
	number[TW_NUMBER - 1] = '\0';
	for (char digit = '0'; digit <= '9'; digit++) {
		number[9] = digit;
		if (aw_idno_check(aw_idno_pack(number)))
			return;
	}
}

/* kind: what stands for men and for women in the second place. */
static void
put_number(char number[TW_NUMBER], uint64_t counter, uint64_t second, const char kind[2], char sex)
{
	uint64_t pair = counter * PAIR_STEP % PAIRS;

	(void)snprintf(number, TW_NUMBER, "%c%c%07u", (char)('A' + (int)(pair / PAIRS_A_LETTER)),
		kind[sex == 'F'], (unsigned)(pair % PAIRS_A_LETTER * 2 + second));
	set_check(number);
}

static void
number_members(struct tw_household *home, const bool *is_foreign)
{
	for (size_t i = 0; i < home->count; i++) {
		struct tw_person *p = &home->members[i];
		const struct tw_person *twin = p->twin >= 0 ? &home->members[p->twin] : NULL;
		bool follows = twin != NULL && (size_t)p->twin < i && twin->sex == p->sex;

		put_number(p->number, counter_of(follows ? twin : p), follows ? 1 : 0,
			is_foreign[i] ? "89" : "56", p->sex);
	}
}

static void
phone_members(struct tw_household *home, struct aw_random *random)
{
	char fixed[TW_PHONE] = "", head[TW_PHONE] = "";

	if (percent(random, 40))
		(void)snprintf(fixed, sizeof(fixed), "+8862%08u",
			(unsigned)(home->serial * PHONE_STEP % PHONES));
	for (size_t i = 0; i < home->count; i++) {
		struct tw_person *p = &home->members[i];
		int32_t age = aw_years_between(p->birth_day, aw_demo_today());

		if (age >= ADULT && percent(random, 78))
			(void)snprintf(p->phones[0], TW_PHONE, "+8869%08u",
				(unsigned)(counter_of(p) * PHONE_STEP % PHONES));
		else if (percent(random, 60))
			memcpy(p->phones[0], head, TW_PHONE);
		if (i == 0)
			memcpy(head, p->phones[0], TW_PHONE);
		memcpy(p->phones[1], fixed, TW_PHONE);
	}
}

/* -- places ---------------------------------------------------------------------------------------- */

/* Six households in a row share a building and differ by floor, two in three times. */
static void
place_home(struct tw_household *home, uint64_t seed)
{
	struct tw_place *place = &home->place;
	struct aw_random random;
	bool shared;

	seed_for(&random, seed, home->serial / BUILDING_HOMES, 2);
	shared = percent(&random, 66);
	if (!shared)
		seed_for(&random, seed, home->serial, 3);
	tw_place_draw(&random, place);
	place->neighbourhood = 1 + (int32_t)aw_random_below(&random, 30);
	if (percent(&random, 55))
		(void)snprintf(place->lane, sizeof(place->lane), "%u",
			1 + (unsigned)aw_random_below(&random, 500));
	if (place->lane[0] != '\0' && percent(&random, 30))
		(void)snprintf(place->alley, sizeof(place->alley), "%u",
			1 + (unsigned)aw_random_below(&random, 60));
	place->number = 1 + (int32_t)aw_random_below(&random, place->lane[0] != '\0' ? 120 : 500);
	place->number_sub = percent(&random, 12) ? 1 + (int32_t)aw_random_below(&random, 9) : 0;
	if (shared)
		place->floor = 1 + (int32_t)(home->serial % BUILDING_HOMES);
	else if (percent(&random, 50))
		place->floor = 1 + (int32_t)aw_random_below(&random, 5);
}

/* -- names ----------------------------------------------------------------------------------------- */

static int32_t
year_of(const struct tw_person *person)
{
	return aw_date_of_day(person->birth_day).year;
}

static void
full_name(struct tw_person *p, const char *surname, const char *given)
{
	(void)snprintf(p->name, sizeof(p->name), "%.12s%.30s", surname, given);
}

struct naming {
	struct tw_household *home;
	struct aw_random *random;
	const struct aw_demo_draft *draft;
	const char *surnames[TW_MEMBERS];
	char givens[TW_MEMBERS][AW_DEMO_NAME_SIZE];
};

static const char *
surname_for(struct naming *n, size_t i)
{
	const struct aw_demo_person *drawn = &n->draft->at[i];
	uint32_t parent = drawn->father != AW_DEMO_NOBODY ? drawn->father : drawn->mother;

	if (parent != AW_DEMO_NOBODY && parent < i)
		return n->surnames[parent];
	/* older generations stand before the head: a grandparent's name is their own */
	if ((drawn->role == AW_DEMO_SIBLING || drawn->role == AW_DEMO_GRANDCHILD) &&
		n->surnames[0] != NULL)
		return n->surnames[0];
	return tw_surname(n->random);
}

/* Nobody calls two children so that they hear the same. */
static bool
heard_the_same(const char *a, const char *b)
{
	struct aw_str left = aw_str(a), right = aw_str(b);

	if (left.len != right.len)
		return false;
	for (size_t i = 0, j = 0; i < left.len;) {
		uint32_t x = aw_char_fold(aw_utf8_next(left, &i));
		uint32_t y = aw_char_fold(aw_utf8_next(right, &j));

		if (x != y && aw_char_sound(x) != aw_char_sound(y))
			return false;
	}
	return true;
}

static void
give(struct naming *n, size_t i)
{
	const struct tw_person *p = &n->home->members[i];
	bool again;

	do {
		if (p->twin >= 0 && (size_t)p->twin < i && strlen(n->givens[p->twin]) == 6)
			aw_demo_given_like(n->random, n->givens[p->twin], year_of(p), p->sex,
				n->givens[i], sizeof(n->givens[i]));
		else
			tw_given(n->random, year_of(p), p->sex, n->givens[i], sizeof(n->givens[i]));
		again = false;
		for (size_t j = 0; j < i; j++)
			again |= heard_the_same(n->givens[j], n->givens[i]);
	} while (again);
}

/* Women born before 1950 now and then carry the husband's surname before their own. */
static void
marry_name(struct naming *n, size_t i)
{
	struct tw_person *p = &n->home->members[i];
	uint32_t spouse = n->draft->at[i].spouse;
	const char *his;

	if (p->sex != 'F' || year_of(p) >= MARRIED_BEFORE || spouse == AW_DEMO_NOBODY ||
		spouse >= i || strlen(n->surnames[i]) != 3 || !percent(n->random, 20))
		return;
	his = n->surnames[spouse];
	if (strlen(his) != 3 || strcmp(his, n->surnames[i]) == 0)
		return;
	memcpy(p->other_name, p->name, sizeof(p->other_name));
	(void)snprintf(
		p->name, sizeof(p->name), "%.3s%.3s%.30s", his, n->surnames[i], n->givens[i]);
}

static void
foreign_name(struct naming *n, size_t i)
{
	struct tw_person *p = &n->home->members[i];

	aw_demo_foreign_name(n->random, aw_demo_origin(n->random), p->sex, p->name, p->other_name);
	if (p->other_name[0] != '\0' && percent(n->random, 15)) {
		memcpy(p->name, p->other_name, sizeof(p->name));
		p->other_name[0] = '\0';
	}
	n->surnames[i] = "王";
	n->givens[i][0] = '\0';
}

static void
name_member(struct naming *n, size_t i, bool foreign, bool amis)
{
	struct tw_person *p = &n->home->members[i];

	if (foreign) {
		foreign_name(n, i);
		return;
	}
	n->surnames[i] = surname_for(n, i);
	give(n, i);
	full_name(p, n->surnames[i], n->givens[i]);
	marry_name(n, i);
	if (amis && percent(n->random, 8))
		aw_demo_amis_name(n->random, p->sex, p->name, p->other_name);
}

/* -- households ------------------------------------------------------------------------------------ */

/* How often each kind of home stands, of 1,000: after the national census, as in the demo city. */
static enum aw_demo_home
draw_home(struct aw_random *random)
{
	uint64_t total = 0, drawn;

	for (int i = 0; i < AW_HOME_COUNT; i++)
		total += aw_demo_home_weight((enum aw_demo_home)i);
	drawn = aw_random_below(random, total);
	for (int i = 0; i < AW_HOME_COUNT; i++) {
		unsigned weight = aw_demo_home_weight((enum aw_demo_home)i);

		if (drawn < weight)
			return (enum aw_demo_home)i;
		drawn -= weight;
	}
	return AW_HOME_SINGLE;
}

static bool
is_foreign(struct aw_random *random, const struct aw_demo_draft *draft, size_t i)
{
	const struct aw_demo_person *p = &draft->at[i];
	bool alone = draft->count == 1 && aw_years_between(p->birth_day, aw_demo_today()) < 60;

	if (p->father != AW_DEMO_NOBODY || p->mother != AW_DEMO_NOBODY)
		return false;
	return percent(random, alone ? 9 : p->spouse != AW_DEMO_NOBODY && p->sex == 'F' ? 5 : 0);
}

uint64_t
tw_namesake_of(uint64_t serial)
{
	return serial - NAMESAKE_BEFORE;
}

static void
copy_head(uint64_t seed, struct tw_household *home)
{
	struct tw_household before;
	struct tw_person *head = &home->members[0];

	tw_household_make(seed, tw_namesake_of(home->serial), &before);
	memcpy(head->name, before.members[0].name, sizeof(head->name));
	head->other_name[0] = '\0';
	head->birth_day = before.members[0].birth_day;
	head->sex = before.members[0].sex;
	head->namesake = true;
}

static bool
has_namesake(uint64_t serial)
{
	return serial % NAMESAKE_EVERY == NAMESAKE_EVERY - 1;
}

void
tw_household_make(uint64_t seed, uint64_t serial, struct tw_household *ret)
{
	struct aw_demo_draft draft = { .as_of_day = aw_demo_today() - 1 };
	struct naming naming = { .home = ret, .draft = &draft };
	bool foreign[TW_MEMBERS] = { false }, amis;
	struct aw_random random;

	seed_for(&random, seed, serial, 1);
	draft.random = naming.random = &random;
	*ret = (struct tw_household){ .serial = serial };
	ret->half = (int)(aw_link_mix(serial / NAMESAKE_EVERY + seed) & 1);
	aw_demo_household_compose(&draft, draw_home(&random));
	ret->count = draft.count;
	amis = aw_random_below(&random, 1000) < 25;
	for (size_t i = 0; i < ret->count; i++) {
		struct tw_person *p = &ret->members[i];
		const struct aw_demo_person *drawn = &draft.at[i];

		p->id = (int64_t)(serial * IDS_A_HOUSEHOLD + i) + 1;
		p->sex = drawn->sex;
		p->birth_day = drawn->birth_day;
		p->twin = drawn->twin == AW_DEMO_NOBODY ? -1 : (int8_t)drawn->twin;
		foreign[i] = !has_namesake(serial) && is_foreign(&random, &draft, i);
		name_member(&naming, i, foreign[i], amis);
	}
	if (has_namesake(serial))
		copy_head(seed, ret);
	number_members(ret, foreign);
	for (size_t i = 0; i < ret->count; i++) {
		if (!foreign[i] || !percent(&random, 15))
			continue;
		put_number(ret->members[i].old_number, counter_of(&ret->members[i]), 1, "CD",
			ret->members[i].sex);
	}
	phone_members(ret, &random);
	place_home(ret, seed);
}

/* -- forms ----------------------------------------------------------------------------------------- */

static void
address_of(const struct tw_place *place, struct aw_address *ret)
{
	*ret = (struct aw_address){ .county = place->county,
		.district = place->district,
		.village = place->village,
		.neighbourhood = place->neighbourhood,
		.road = place->road,
		.lane = place->lane[0] == '\0' ? NULL : place->lane,
		.alley = place->alley[0] == '\0' ? NULL : place->alley,
		.number = place->number,
		.number_sub = place->number_sub,
		.floor = place->floor };
}

size_t
tw_forms(struct aw_arena *arena, const struct tw_household *home, const struct tw_person *person,
	struct aw_link_form forms[TW_FORMS], struct aw_str others[TW_FORMS])
{
	struct aw_address address;
	struct aw_link_input base = { .name = person->name,
		.number = person->number,
		.birth_day = person->birth_day,
		.birth_last_day = person->birth_day,
		.sex = person->sex,
		.phones = { person->phones[0], person->phones[1] },
		.address = &address },
			     one;
	size_t count = 0;

	address_of(&home->place, &address);
	aw_link_form_make(arena, &base, &forms[count], &others[count]);
	count++;
	if (person->other_name[0] != '\0') {
		one = base;
		one.name = person->other_name;
		one.flags = AW_FORM_NAME_ALIAS;
		aw_link_form_make(arena, &one, &forms[count], &others[count]);
		count++;
	}
	if (person->old_number[0] != '\0') {
		one = base;
		one.number = person->old_number;
		one.flags = AW_FORM_NUMBER_ALIAS;
		aw_link_form_make(arena, &one, &forms[count], &others[count]);
		count++;
	}
	return count;
}

void
tw_known_form(struct aw_arena *arena, const struct tw_known *known, struct aw_link_form *form,
	struct aw_str *other)
{
	struct aw_address address;
	struct aw_link_input input = { .name = known->name,
		.number = known->number[0] == '\0' ? NULL : known->number,
		.birth_day = known->birth_known ? known->birth_day : AW_BIRTH_UNKNOWN,
		.birth_last_day = known->birth_day,
		.sex = known->sex,
		.phones = { known->phone, NULL },
		.address = known->has_place ? &address : NULL,
		.flags = (uint8_t)((known->number_is_old ? AW_FORM_NUMBER_ALIAS : 0) |
				   (known->name_is_other ? AW_FORM_NAME_ALIAS : 0)) };

	address_of(&known->place, &address);
	aw_link_form_make(arena, &input, form, other);
}

char *
tw_known_address(struct aw_arena *arena, const struct tw_known *known)
{
	struct aw_address address;

	if (!known->has_place)
		return NULL;
	address_of(&known->place, &address);
	return aw_address_text(arena, &address);
}
