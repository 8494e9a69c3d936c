/* Whom a respondent's worker must not find: a closure over families and homes. */
#include "guard/access.h"

#include <stdlib.h>

/* A growing set of people, kept as a list: families are small. */
struct set {
	int64_t *at;
	size_t count, room;
};

/* Pairs sorted by a, then b. */
struct sorted {
	struct aw_pair *at;
	size_t count;
};

/* The facts, each to be looked up from the side it is asked from. */
struct known {
	struct aw_arena *arena;
	struct sorted protected_from; /* a is protected from b */
	struct sorted against;	      /* b is protected from a */
	struct sorted relatives;      /* both ways */
	struct sorted homes;	      /* of person a; frames are below 0 */
	struct sorted members;	      /* of home a */
};

static int
by_pair(const void *x, const void *y)
{
	const struct aw_pair *one = x, *other = y;

	if (one->a != other->a)
		return one->a < other->a ? -1 : 1;
	return (one->b > other->b) - (one->b < other->b);
}

/* A sorted copy; turned: with b first. */
static struct sorted
sort(struct aw_arena *arena, const struct aw_pair *pairs, size_t count, bool straight, bool turned)
{
	struct sorted sorted = { .at = AW_NEW_ARRAY(arena, struct aw_pair, 2 * count) };

	for (size_t i = 0; i < count; i++) {
		if (straight)
			sorted.at[sorted.count++] = pairs[i];
		if (turned)
			sorted.at[sorted.count++] = (struct aw_pair){ pairs[i].b, pairs[i].a };
	}
	if (sorted.count > 0)
		qsort(sorted.at, sorted.count, sizeof(*sorted.at), by_pair);
	return sorted;
}

/* The first pair that is not before (a, b). */
static size_t
find(const struct sorted *sorted, int64_t a, int64_t b)
{
	const struct aw_pair wanted = { a, b };
	size_t low = 0, high = sorted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_pair(&sorted->at[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
first(const struct sorted *sorted, int64_t a)
{
	return find(sorted, a, INT64_MIN);
}

static bool
is(const struct sorted *sorted, size_t i, int64_t a)
{
	return i < sorted->count && sorted->at[i].a == a;
}

static bool
has_pair(const struct sorted *sorted, int64_t a, int64_t b)
{
	size_t i = find(sorted, a, b);

	return is(sorted, i, a) && sorted->at[i].b == b;
}

static void
add(struct aw_arena *arena, struct set *set, int64_t person)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->at[i] == person)
			return;
	*AW_PUSH(arena, set->at, set->count, set->room) = person;
}

/* Whoever shares with the person what is numbered above 0 (households) or below (frames). */
static void
add_sharing(const struct known *known, int64_t person, bool frames, struct set *set)
{
	const struct sorted *homes = &known->homes, *members = &known->members;

	for (size_t i = first(homes, person); is(homes, i, person); i++) {
		int64_t home = homes->at[i].b;

		if ((home < 0) != frames)
			continue;
		for (size_t j = first(members, home); is(members, j, home); j++)
			add(known->arena, set, members->at[j].b);
	}
}

static bool
share_home(const struct known *known, int64_t one, int64_t other)
{
	const struct sorted *homes = &known->homes;

	for (size_t i = first(homes, one); is(homes, i, one); i++)
		if (homes->at[i].b >= 0 && has_pair(homes, other, homes->at[i].b))
			return true;
	return false;
}

/* Somebody protected may have fled: what the register says of their household is not sure. */
static bool
may_have_fled(const struct known *known, int64_t person)
{
	return is(&known->protected_from, first(&known->protected_from, person), person);
}

/* Both parents of a child: what the one knows, the other knows. */
static bool
knows_the_same(
	const struct known *known, int64_t protected_person, int64_t respondent, int64_t other)
{
	return has_pair(&known->protected_from, protected_person, other) &&
	       share_home(known, respondent, other) && !may_have_fled(known, respondent) &&
	       !may_have_fled(known, other);
}

/* Everybody through whom the protected person could be found by the respondent's worker. */
static void
add_around(
	const struct known *known, int64_t protected_person, int64_t respondent, struct set *result)
{
	const struct sorted *relatives = &known->relatives;
	struct set near = { 0 }, all = { 0 };

	add(known->arena, &near, protected_person);
	for (size_t i = first(relatives, protected_person); is(relatives, i, protected_person); i++)
		add(known->arena, &near, relatives->at[i].b);
	add_sharing(known, protected_person, true, &near);
	for (size_t i = 0; i < near.count; i++) {
		add(known->arena, &all, near.at[i]);
		add_sharing(known, near.at[i], false, &all);
	}
	for (size_t i = 0; i < all.count; i++)
		if (all.at[i] != respondent &&
			!knows_the_same(known, protected_person, respondent, all.at[i]))
			*AW_PUSH(known->arena, result->at, result->count, result->room) = all.at[i];
}

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts and drops repeats. */
static void
settle(struct set *set)
{
	size_t kept = 0;

	if (set->count > 0)
		qsort(set->at, set->count, sizeof(*set->at), by_id);
	for (size_t i = 0; i < set->count; i++)
		if (kept == 0 || set->at[kept - 1] != set->at[i])
			set->at[kept++] = set->at[i];
	set->count = kept;
}

void
aw_shield(struct aw_arena *arena, const struct aw_shield_facts *facts, int64_t **ret_persons,
	size_t *ret_count)
{
	struct known known = { .arena = arena,
		.protected_from =
			sort(arena, facts->oppositions, facts->opposition_count, true, false),
		.against = sort(arena, facts->oppositions, facts->opposition_count, false, true),
		.relatives = sort(arena, facts->relatives, facts->relative_count, true, true),
		.homes = sort(arena, facts->homes, facts->home_count, true, false),
		.members = sort(arena, facts->homes, facts->home_count, false, true) };
	struct set result = { 0 };

	for (size_t i = 0; i < facts->respondent_count; i++) {
		int64_t respondent = facts->respondents[i];

		for (size_t j = first(&known.against, respondent);
			is(&known.against, j, respondent); j++)
			add_around(&known, known.against.at[j].b, respondent, &result);
	}
	settle(&result);
	*ret_persons = result.at;
	*ret_count = result.count;
}
