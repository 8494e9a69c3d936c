/* demo/population - fills the districts with households until every printed share holds. */
#include "demo/population.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "demo/household.h"
#include "demo/identify.h"
#include "demo/walk.h"

static const char *const role_codes[] = { "head", "spouse", "child", "parent", "sibling",
	"grandchild", "other" };

const char *
aw_demo_role_code(enum aw_demo_role role)
{
	return role_codes[role];
}

static uint32_t
scaled(double count, double scale)
{
	return (uint32_t)lround(count * scale);
}

struct aw_demo_shares
aw_demo_shares(double scale)
{
	const double people = 364766, people_106 = 371458;
	double then = people / people_106 * scale;
	struct aw_demo_shares shares = {
		.elders = scaled(66533, scale),
		.children = scaled(33229, then),
		.disabled = scaled(21086, then),
		.low_income_people = scaled(6056, then),
		.low_income_homes = scaled(2574, then),
		.immigrants = scaled(10009, then),
		.indigenous = scaled(people * 0.0255, scale),
	};

	for (int i = 0; i < AW_DEMO_DISTRICTS; i++)
		shares.people += scaled(aw_demo_districts[i].people, scale);
	return shares;
}

int32_t
aw_demo_age(const struct aw_demo_city *city, uint32_t person, int32_t day)
{
	return aw_years_between(city->people[person].birth_day, day);
}

/* A kind of household: how often it is drawn, and what it adds. The weights are assumed from the
 * national census; the draw leans towards what is missing. */
struct home_kind {
	unsigned weight;
	bool elders, children, small;
};
static const struct home_kind home_kinds[AW_HOME_COUNT] = {
	[AW_HOME_SINGLE] = { 240, false, false, true },
	[AW_HOME_ELDER_ALONE] = { 95, true, false, true },
	[AW_HOME_ELDER_COUPLE] = { 80, true, false, false },
	[AW_HOME_COUPLE] = { 90, false, false, false },
	[AW_HOME_NUCLEAR] = { 130, false, true, false },
	[AW_HOME_SINGLE_PARENT] = { 90, false, true, false },
	[AW_HOME_THREE_GENERATIONS] = { 50, true, true, false },
	[AW_HOME_SKIPPED_GENERATION] = { 14, true, true, false },
	[AW_HOME_ADULT_CHILD] = { 80, true, false, false },
	[AW_HOME_LATE_FAMILY] = { 100, false, false, false },
	[AW_HOME_SIBLINGS] = { 20, false, false, false },
};

unsigned
aw_demo_home_weight(enum aw_demo_home home)
{
	return home_kinds[home].weight;
}

struct filling {
	struct aw_demo_city *city;
	struct aw_random *random;
	uint32_t people_room, homes_room;
	uint32_t elders, children;
};

/* People a household, printed for 106: 2,574 low-income households are 1.68 % of all. */
#define PEOPLE_A_HOUSEHOLD (371458 / (2574 / 0.0168))

static enum aw_demo_home
choose_home(struct filling *f)
{
	const struct aw_demo_shares *want = &f->city->shares;
	double people = f->city->people_count;
	bool more_elders = f->elders < people * want->elders / want->people;
	bool more_children = f->children < people * want->children / want->people;
	bool more_homes = f->city->household_count * PEOPLE_A_HOUSEHOLD < people;
	unsigned weights[AW_HOME_COUNT], total = 0;
	uint64_t drawn;

	for (int i = 0; i < AW_HOME_COUNT; i++) {
		const struct home_kind *kind = &home_kinds[i];
		unsigned w = kind->weight * 8;
		if (kind->elders)
			w = more_elders ? w * 3 / 2 : w * 2 / 3;
		if (kind->children)
			w = more_children ? w * 3 / 2 : w * 2 / 3;
		if (kind->small)
			w = more_homes ? w * 3 / 2 : w * 2 / 3;
		weights[i] = w;
		total += w;
	}
	drawn = aw_random_below(f->random, total);
	for (int i = 0; i < AW_HOME_COUNT; i++) {
		if (drawn < weights[i])
			return (enum aw_demo_home)i;
		drawn -= weights[i];
	}
	return AW_HOME_SINGLE;
}

static uint32_t
shifted(uint32_t index, uint32_t first)
{
	return index == AW_DEMO_NOBODY ? index : index + first;
}

static void
settle(struct filling *f, const struct aw_demo_draft *draft, uint32_t district)
{
	struct aw_demo_city *city = f->city;
	struct aw_demo_household *home = &city->households[city->household_count];

	if (city->household_count == f->homes_room ||
		city->people_count + draft->count > f->people_room)
		aw_die("the demo's households are smaller than expected");
	home->first = city->people_count;
	home->count = draft->count;
	home->district = district;
	home->village =
		(uint32_t)aw_random_below(f->random, aw_demo_districts[district].villages_count);
	for (uint32_t i = 0; i < draft->count; i++) {
		struct aw_demo_person *person = &city->people[city->people_count++];
		int32_t age;
		*person = draft->at[i];
		person->household = city->household_count;
		person->father = shifted(person->father, home->first);
		person->mother = shifted(person->mother, home->first);
		person->spouse = shifted(person->spouse, home->first);
		person->twin = shifted(person->twin, home->first);
		age = aw_years_between(person->birth_day, city->as_of_day);
		f->elders += age >= 65;
		f->children += age < 12;
	}
	city->household_count++;
}

static void
fill_district(struct filling *f, struct aw_demo_draft *draft, uint32_t district, uint32_t people)
{
	while (people > 0) {
		do
			aw_demo_household_compose(
				draft, people == 1 ? AW_HOME_SINGLE : choose_home(f));
		while (draft->count > people);
		settle(f, draft, district);
		people -= draft->count;
	}
}

/* True if somebody may be born on another day without parents or siblings turning impossible. */
static bool
birth_fits(const struct aw_demo_city *city, uint32_t index, int32_t birth_day)
{
	const struct aw_demo_person *person = &city->people[index];
	const struct aw_demo_household *home = &city->households[person->household];
	uint32_t parents[2] = { person->father, person->mother };

	if (person->twin != AW_DEMO_NOBODY)
		return false;
	for (int i = 0; i < 2; i++) {
		int32_t gap;
		if (parents[i] == AW_DEMO_NOBODY)
			continue;
		gap = aw_years_between(city->people[parents[i]].birth_day, birth_day);
		if (gap < 18 || (i == 1 && gap > 45))
			return false;
	}
	for (uint32_t i = home->first; i < home->first + home->count; i++) {
		const struct aw_demo_person *other = &city->people[i];
		int32_t gap = aw_years_between(birth_day, other->birth_day);
		bool sibling = i != index && person->mother != AW_DEMO_NOBODY &&
			       other->mother == person->mother;
		if (sibling && labs((long)other->birth_day - birth_day) < 300)
			return false;
		if (other->father == index && gap < 18)
			return false;
		if (other->mother == index && (gap < 18 || gap > 45))
			return false;
	}
	return true;
}

/* Moves people over the birthday of age `limit` until exactly `wanted` of the chosen side of it
 * are there: those one or two years from it, a bit younger or older than they were drawn. */
static void
settle_ages(struct filling *f, int32_t limit, bool older_side, uint32_t have, uint32_t wanted)
{
	struct aw_demo_city *city = f->city;
	bool make_older = (have < wanted) == older_side;
	uint32_t left = have < wanted ? wanted - have : have - wanted, index;

	for (int32_t reach = 1; left > 0 && reach <= 6; reach++) {
		struct aw_demo_walk walk = aw_demo_walk(f->random, city->people_count);
		while (left > 0 && aw_demo_walk_next(&walk, &index)) {
			int32_t age = aw_demo_age(city, index, city->as_of_day);
			int32_t to = make_older ? limit : limit - 1, birth_day;
			if (make_older ? age >= limit || age < limit - reach
				       : age < limit || age >= limit + reach)
				continue;
			birth_day = aw_add_months(city->as_of_day, -12 * to) - 1 -
				    (int32_t)aw_random_below(f->random, 300);
			if (!birth_fits(city, index, birth_day))
				continue;
			city->people[index].birth_day = birth_day;
			left--;
		}
	}
	if (left > 0)
		aw_die("the demo's ages do not settle");
}

/* Gives a trait to exactly `wanted` people; the older the likelier where by_age is set. */
static void
spread(struct filling *f, uint32_t trait, uint32_t wanted,
	bool (*fits)(const struct aw_demo_city *, uint32_t), bool by_age)
{
	struct aw_demo_city *city = f->city;
	struct aw_demo_walk walk = aw_demo_walk(f->random, city->people_count);
	uint32_t index, rounds = 0;

	while (wanted > 0) {
		struct aw_demo_person *person;
		unsigned percent = 30;
		if (!aw_demo_walk_next(&walk, &index)) {
			if (++rounds > 200)
				aw_die("a trait of the demo finds too few people");
			aw_demo_walk_again(&walk);
			continue;
		}
		person = &city->people[index];
		if (by_age) {
			int32_t age = aw_demo_age(city, index, city->as_of_day);
			percent = age < 18 ? 4 : age < 45 ? 8 : age < 65 ? 20 : 45;
		}
		if ((person->traits & trait) != 0 || !fits(city, index) ||
			aw_random_below(f->random, 100) >= percent)
			continue;
		person->traits |= trait;
		wanted--;
	}
}

static bool
anybody(const struct aw_demo_city *city, uint32_t index)
{
	(void)city;
	(void)index;
	return true;
}

/* Marriage immigrants: a spouse born elsewhere, a woman as a rule. */
static bool
came_by_marriage(const struct aw_demo_city *city, uint32_t index)
{
	const struct aw_demo_person *person = &city->people[index];
	int32_t age = aw_demo_age(city, index, city->as_of_day);

	return person->spouse != AW_DEMO_NOBODY && person->father == AW_DEMO_NOBODY &&
	       person->mother == AW_DEMO_NOBODY && age >= 23 && age <= 68 &&
	       (person->sex == 'F' || index % 16 == 0) &&
	       (city->people[person->spouse].traits & AW_TRAIT_IMMIGRANT) == 0;
}

/* Indigenous people live in families: children take after a parent. */
static bool
not_immigrant(const struct aw_demo_city *city, uint32_t index)
{
	return (city->people[index].traits & AW_TRAIT_IMMIGRANT) == 0;
}

static void
spread_indigenous(struct filling *f, uint32_t wanted)
{
	struct aw_demo_city *city = f->city;
	struct aw_demo_walk walk = aw_demo_walk(f->random, city->household_count);
	uint32_t home;

	while (wanted > 0 && aw_demo_walk_next(&walk, &home)) {
		const struct aw_demo_household *h = &city->households[home];
		for (uint32_t i = h->first; i < h->first + h->count && wanted > 0; i++) {
			bool married_in = city->people[i].role == AW_DEMO_SPOUSE &&
					  aw_random_below(f->random, 100) < 35;
			if (!not_immigrant(city, i) || married_in)
				continue;
			city->people[i].traits |= AW_TRAIT_INDIGENOUS;
			wanted--;
		}
	}
}

/* Low-income households and the people in them, both exactly: draws households, then swaps one for
 * another until the people add up. */
static void
spread_low_income(struct filling *f, struct aw_arena *arena)
{
	struct aw_demo_city *city = f->city;
	uint32_t homes = city->shares.low_income_homes, home, sum = 0, tries = 0;
	uint32_t wanted = city->shares.low_income_people;
	uint32_t *chosen = AW_NEW_ARRAY(arena, uint32_t, homes + 1);
	bool *taken = AW_NEW_ARRAY(arena, bool, city->household_count);
	struct aw_demo_walk walk = aw_demo_walk(f->random, city->household_count);

	for (uint32_t i = 0; i < homes && aw_demo_walk_next(&walk, &home); i++) {
		chosen[i] = home;
		taken[home] = true;
		sum += city->households[home].count;
	}
	while (homes > 0 && sum != wanted) {
		uint32_t at = (uint32_t)aw_random_below(f->random, homes);
		uint32_t other = (uint32_t)aw_random_below(f->random, city->household_count);
		int64_t gap = (int64_t)wanted - sum, by;
		if (++tries > 10000000)
			aw_die("the demo's low-income households do not add up");
		by = (int64_t)city->households[other].count - city->households[chosen[at]].count;
		if (taken[other] || by == 0 || (gap > 0) != (by > 0) || llabs(by) > llabs(gap))
			continue;
		taken[chosen[at]] = false;
		taken[other] = true;
		chosen[at] = other;
		sum = (uint32_t)((int64_t)sum + by);
	}
	for (uint32_t i = 0; i < city->people_count; i++) {
		if (taken[city->people[i].household])
			city->people[i].traits |= AW_TRAIT_LOW_INCOME;
	}
}

static uint32_t
count_ages(const struct aw_demo_city *city, int32_t from, int32_t below)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < city->people_count; i++) {
		int32_t age = aw_demo_age(city, i, city->as_of_day);
		count += age >= from && age < below;
	}
	return count;
}

struct aw_demo_city *
aw_demo_city_make(struct aw_arena *arena, uint64_t seed, double scale)
{
	struct aw_demo_city *city = AW_NEW(arena, struct aw_demo_city);
	struct aw_demo_draft *draft = AW_NEW(arena, struct aw_demo_draft);
	struct aw_random random;
	struct filling f = { .city = city, .random = &random };

	aw_random_seed(&random, seed);
	city->shares = aw_demo_shares(scale);
	city->as_of_day = aw_demo_today() - 1;
	f.people_room = city->shares.people;
	f.homes_room = f.people_room;
	city->people = AW_NEW_ARRAY(arena, struct aw_demo_person, f.people_room);
	city->households = AW_NEW_ARRAY(arena, struct aw_demo_household, f.homes_room);
	draft->random = &random;
	draft->as_of_day = city->as_of_day;
	for (uint32_t i = 0; i < AW_DEMO_DISTRICTS; i++)
		fill_district(&f, draft, i, scaled(aw_demo_districts[i].people, scale));
	settle_ages(&f, 65, true, count_ages(city, 65, INT32_MAX), city->shares.elders);
	settle_ages(&f, 12, false, count_ages(city, 0, 12), city->shares.children);
	spread(&f, AW_TRAIT_IMMIGRANT, city->shares.immigrants, came_by_marriage, false);
	spread_indigenous(&f, city->shares.indigenous);
	spread(&f, AW_TRAIT_DISABLED, city->shares.disabled, anybody, true);
	spread_low_income(&f, arena);
	aw_demo_identify(city, &random);
	return city;
}
