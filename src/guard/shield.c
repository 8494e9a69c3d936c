/* Whom a respondent's worker must not find: a closure over families and homes. */
#include "guard/access.h"

#include <stdlib.h>

/* A growing set of people, kept as a list: families are small. */
struct set {
	int64_t *at;
	size_t count, room;
};

static bool
has(const struct set *set, int64_t person)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->at[i] == person)
			return true;
	return false;
}

static void
add(struct aw_arena *arena, struct set *set, int64_t person)
{
	if (!has(set, person))
		*AW_PUSH(arena, set->at, set->count, set->room) = person;
}

static void
add_relatives(struct aw_arena *arena, const struct aw_shield_facts *facts, int64_t person,
	struct set *set)
{
	for (size_t i = 0; i < facts->relative_count; i++) {
		if (facts->relatives[i].a == person)
			add(arena, set, facts->relatives[i].b);
		else if (facts->relatives[i].b == person)
			add(arena, set, facts->relatives[i].a);
	}
}

/* Whoever shares with the person what is numbered above 0 (households) or below (frames). */
static void
add_sharing(struct aw_arena *arena, const struct aw_shield_facts *facts, int64_t person,
	bool frames, struct set *set)
{
	for (size_t i = 0; i < facts->home_count; i++) {
		int64_t home = facts->homes[i].b;

		if (facts->homes[i].a != person || (home < 0) != frames)
			continue;
		for (size_t j = 0; j < facts->home_count; j++)
			if (facts->homes[j].b == home)
				add(arena, set, facts->homes[j].a);
	}
}

static bool
opposed(const struct aw_shield_facts *facts, int64_t protected_person, int64_t respondent)
{
	for (size_t i = 0; i < facts->opposition_count; i++)
		if (facts->oppositions[i].a == protected_person &&
			facts->oppositions[i].b == respondent)
			return true;
	return false;
}

static bool
share_home(const struct aw_shield_facts *facts, int64_t one, int64_t other)
{
	for (size_t i = 0; i < facts->home_count; i++) {
		if (facts->homes[i].a != one || facts->homes[i].b < 0)
			continue;
		for (size_t j = 0; j < facts->home_count; j++)
			if (facts->homes[j].a == other && facts->homes[j].b == facts->homes[i].b)
				return true;
	}
	return false;
}

/* Somebody protected may have fled: what the register says of their household is not sure. */
static bool
may_have_fled(const struct aw_shield_facts *facts, int64_t person)
{
	for (size_t i = 0; i < facts->opposition_count; i++)
		if (facts->oppositions[i].a == person)
			return true;
	return false;
}

/* Both parents of a child: what the one knows, the other knows. */
static bool
knows_the_same(const struct aw_shield_facts *facts, int64_t protected_person, int64_t respondent,
	int64_t other)
{
	return opposed(facts, protected_person, other) && share_home(facts, respondent, other) &&
	       !may_have_fled(facts, respondent) && !may_have_fled(facts, other);
}

/* Everybody through whom the protected person could be found by the respondent's worker. */
static void
add_around(struct aw_arena *arena, const struct aw_shield_facts *facts, int64_t protected_person,
	int64_t respondent, struct set *result)
{
	struct set near = { 0 }, all = { 0 };

	add(arena, &near, protected_person);
	add_relatives(arena, facts, protected_person, &near);
	add_sharing(arena, facts, protected_person, true, &near);
	for (size_t i = 0; i < near.count; i++) {
		add(arena, &all, near.at[i]);
		add_sharing(arena, facts, near.at[i], false, &all);
	}
	for (size_t i = 0; i < all.count; i++)
		if (all.at[i] != respondent &&
			!knows_the_same(facts, protected_person, respondent, all.at[i]))
			add(arena, result, all.at[i]);
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
aw_shield(struct aw_arena *arena, const struct aw_shield_facts *facts, int64_t **ret_persons,
	size_t *ret_count)
{
	struct set result = { 0 };

	for (size_t i = 0; i < facts->respondent_count; i++)
		for (size_t j = 0; j < facts->opposition_count; j++)
			if (facts->oppositions[j].b == facts->respondents[i])
				add_around(arena, facts, facts->oppositions[j].a,
					facts->respondents[i], &result);
	if (result.count > 0)
		qsort(result.at, result.count, sizeof(*result.at), compare);
	*ret_persons = result.at;
	*ret_count = result.count;
}
