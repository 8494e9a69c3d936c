/* demo/identify - names within a household, national ids, phones, addresses. */
#include "demo/identify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "demo/walk.h"

enum { FAMILY_MOST = 12, PHONES = 100000 };

/* Names of one household while they are given: surnames and given names, by place in it. */
struct naming {
	struct aw_demo_city *city;
	struct aw_random *random;
	const struct aw_demo_household *home;
	const char *surname[FAMILY_MOST];
	char given[FAMILY_MOST][AW_DEMO_NAME_SIZE];
	const char *absent; /* surname of a father who does not live here */
};

static bool
chance(struct aw_random *random, unsigned percent)
{
	return aw_random_below(random, 100) < percent;
}

static int32_t
birth_year(const struct aw_demo_person *person)
{
	return aw_date_of_day(person->birth_day).year;
}

/* The surname somebody is born with, out of the household where it tells. */
static const char *
surname_of(struct naming *n, const struct aw_demo_person *person)
{
	uint32_t first = n->home->first;
	const struct aw_demo_person *head = &n->city->people[first];

	if (person->father != AW_DEMO_NOBODY && n->surname[person->father - first] != NULL)
		return n->surname[person->father - first];
	if (person->mother != AW_DEMO_NOBODY) {
		const char *mother = n->surname[person->mother - first];
		if (n->absent == NULL)
			n->absent = mother != NULL && chance(n->random, 45)
					    ? mother
					    : aw_demo_surname(n->random);
		return n->absent;
	}
	if (person->role == AW_DEMO_SIBLING && n->surname[0] != NULL)
		return n->surname[0];
	if (person->role == AW_DEMO_GRANDCHILD) {
		if (n->absent == NULL)
			n->absent =
				head->sex == 'M' && n->surname[0] != NULL && chance(n->random, 65)
					? n->surname[0]
					: aw_demo_surname(n->random);
		return n->absent;
	}
	return aw_demo_surname(n->random);
}

static bool
given_taken(const struct naming *n, uint32_t place)
{
	for (uint32_t i = 0; i < place; i++) {
		if (strcmp(n->given[i], n->given[place]) == 0)
			return true;
	}
	return false;
}

static void
give(struct naming *n, const struct aw_demo_person *person, uint32_t place)
{
	char *given = n->given[place];
	uint32_t twin = person->twin == AW_DEMO_NOBODY ? place : person->twin - n->home->first;

	do {
		if (twin < place && strlen(n->given[twin]) == 6)
			aw_demo_given_like(n->random, n->given[twin], birth_year(person),
				person->sex, given, AW_DEMO_NAME_SIZE);
		else
			aw_demo_given(n->random, birth_year(person), person->sex, given,
				AW_DEMO_NAME_SIZE);
	} while (given_taken(n, place));
}

/* 冠夫姓: women born before 1950 now and then carry the husband's surname before their own. */
static void
married_name(struct naming *n, struct aw_demo_person *person, uint32_t place)
{
	const char *own = n->surname[place], *his;

	if (person->sex != 'F' || birth_year(person) >= 1950 || strlen(own) != 3 ||
		person->father != AW_DEMO_NOBODY || person->mother != AW_DEMO_NOBODY ||
		(person->traits & AW_TRAIT_INDIGENOUS) != 0 || !chance(n->random, 22))
		return;
	if (person->spouse == AW_DEMO_NOBODY && n->absent == NULL)
		n->absent = aw_demo_surname(n->random);
	his = person->spouse == AW_DEMO_NOBODY ? n->absent
					       : n->surname[person->spouse - n->home->first];
	if (his == NULL || strlen(his) != 3 || strcmp(his, own) == 0)
		return;
	memcpy(person->alias, person->name, sizeof(person->alias));
	(void)snprintf(person->name, sizeof(person->name), "%s%s%.20s", his, own, n->given[place]);
	person->traits |= AW_TRAIT_MARRIED_NAME;
}

static void
name_person(struct naming *n, uint32_t place)
{
	struct aw_demo_person *person = &n->city->people[n->home->first + place];
	char han[AW_DEMO_NAME_SIZE] = "", latin[AW_DEMO_NAME_SIZE] = "";

	if ((person->traits & AW_TRAIT_IMMIGRANT) != 0) {
		person->origin = (uint8_t)aw_demo_origin(n->random);
		aw_demo_foreign_name(n->random, (enum aw_demo_origin)person->origin, person->sex,
			person->name, person->alias);
		/* Not yet naturalised: registered under the passport's name alone. */
		if (person->alias[0] != '\0' && chance(n->random, 12)) {
			memcpy(person->name, person->alias, sizeof(person->name));
			person->alias[0] = '\0';
		}
		n->given[place][0] = '\0';
		return;
	}
	n->surname[place] = surname_of(n, person);
	give(n, person, place);
	(void)snprintf(
		person->name, sizeof(person->name), "%s%.20s", n->surname[place], n->given[place]);
	married_name(n, person, place);
	if ((person->traits & AW_TRAIT_INDIGENOUS) == 0 || chance(n->random, 40))
		return;
	aw_demo_amis_name(n->random, person->sex, han, latin);
	if (chance(n->random, 45)) {
		memcpy(person->name, han, sizeof(person->name));
		memcpy(person->alias, latin, sizeof(person->alias));
	} else {
		memcpy(person->alias, han, sizeof(person->alias));
	}
}

static const struct {
	char letter;
	unsigned share; /* of 100: places of first registration, assumed */
} letters[] = { { 'C', 60 }, { 'A', 11 }, { 'F', 11 }, { 'H', 3 }, { 'E', 2 }, { 'B', 2 },
	{ 'G', 3 }, { 'U', 2 }, { 'D', 1 }, { 'N', 1 }, { 'P', 1 }, { 'V', 1 }, { 'T', 1 },
	{ 'K', 1 } };

/* Two-digit values of the letters A ... Z in the check rule. */
static const int letter_value[26] = { 10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35,
	23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33 };

char
aw_demo_id_check(const char *nine)
{
	int value = letter_value[nine[0] - 'A'], sum = value / 10 + value % 10 * 9;

	for (int i = 1; i < 9; i++)
		sum += (nine[i] - '0') * (9 - i);
	return (char)('0' + (10 - sum % 10) % 10);
}

/* Serial numbers of a letter and sex: pairs in an order that looks random, so that twins can have
 * neighbours and nobody has another's. */
struct serials {
	uint64_t next[AW_COUNT(letters)][2];
	uint64_t start[AW_COUNT(letters)][2];
};
enum { PAIRS = 5000000 };

static void
put_number(struct aw_demo_person *person, char letter, uint64_t serial)
{
	(void)snprintf(person->national_id, sizeof(person->national_id), "%c%c%07u", letter,
		person->sex == 'M' ? '5' : '6', (unsigned)(serial % 10000000));
	person->national_id[9] = aw_demo_id_check(person->national_id);
	person->national_id[10] = '\0';
}

static void
number_person(struct aw_demo_city *city, struct serials *serials, struct aw_random *random,
	uint32_t index)
{
	struct aw_demo_person *person = &city->people[index];
	uint64_t drawn = aw_random_below(random, 100), pair;
	size_t at = 0, sex = person->sex == 'F';

	if (person->twin != AW_DEMO_NOBODY && person->twin < index &&
		city->people[person->twin].sex == person->sex) {
		const char *first = city->people[person->twin].national_id;
		char serial[8] = { 0 };
		memcpy(serial, first + 2, 7);
		put_number(person, first[0], strtoull(serial, NULL, 10) + 1);
		return;
	}
	while (drawn >= letters[at].share) {
		drawn -= letters[at].share;
		at++;
	}
	pair = (serials->start[at][sex] + serials->next[at][sex]++ * 1999993) % PAIRS;
	put_number(person, letters[at].letter, pair * 2);
}

static void
number_people(struct aw_demo_city *city, struct aw_random *random)
{
	struct serials serials = { 0 };

	for (size_t i = 0; i < AW_COUNT(letters); i++) {
		serials.start[i][0] = aw_random_below(random, PAIRS);
		serials.start[i][1] = aw_random_below(random, PAIRS);
	}
	for (uint32_t i = 0; i < city->people_count; i++)
		number_person(city, &serials, random, i);
}

/* There are 100,000 numbers 09000xxxxx: two households in three have one, none has another's. */
static void
phone_households(struct aw_demo_city *city, struct aw_random *random)
{
	struct aw_demo_walk homes = aw_demo_walk(random, city->household_count);
	struct aw_demo_walk phones = aw_demo_walk(random, PHONES);
	uint64_t left = (uint64_t)city->household_count * 64 / 100;
	uint32_t home, phone;

	while (left-- > 0 && aw_demo_walk_next(&homes, &home) && aw_demo_walk_next(&phones, &phone))
		(void)snprintf(city->households[home].phone, sizeof(city->households[home].phone),
			"09000%05u", phone % PHONES);
}

void
aw_demo_identify(struct aw_demo_city *city, struct aw_random *random)
{
	for (uint32_t i = 0; i < city->household_count; i++) {
		struct aw_demo_household *home = &city->households[i];
		struct naming naming = { .city = city, .random = random, .home = home };
		for (uint32_t place = 0; place < home->count; place++)
			name_person(&naming, place);
		aw_demo_address(random, home->district, home->village, home->address,
			sizeof(home->address));
	}
	number_people(city, random);
	phone_households(city, random);
}
