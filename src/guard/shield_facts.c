/* Reads who is protected from a worker's respondents, their relatives and their homes. */
#include "guard/shield.h"

#include <stdlib.h>

#include "guard/guard.sql.h"

/* A growing list of ids or pairs without repeats. */
struct pairs {
	struct aw_pair *at;
	size_t count, room;
};

struct gather {
	const struct aw_act *act;
	int32_t today;
	struct pairs oppositions, relatives, homes;
	struct pairs people; /* whose households are wanted; b unused */
	struct pairs read;   /* homes whose members are read; b unused */
};

static bool
push(struct gather *g, struct pairs *pairs, int64_t a, int64_t b)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->at[i].a == a && pairs->at[i].b == b)
			return false;
	*AW_PUSH(g->act->arena, pairs->at, pairs->count, pairs->room) = (struct aw_pair){ a, b };
	return true;
}

/* From whom a person is protected. */
static enum aw_status
read_against(struct gather *g, int64_t person, struct aw_error *err)
{
	struct sql_guard_respondents_against *rows = NULL;
	size_t count = 0;

	if (sql_guard_respondents_against(g->act->tx,
		    &(struct sql_guard_respondents_against_in){ .protected = person },
		    g->act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		push(g, &g->oppositions, person, rows[i].respondent);
	return AW_OK;
}

/* Everybody who is protected from the respondent, and who else they are protected from. */
static enum aw_status
read_oppositions(struct gather *g, int64_t respondent, struct aw_error *err)
{
	struct sql_guard_protected_from *rows = NULL;
	size_t count = 0;

	if (sql_guard_protected_from(g->act->tx,
		    &(struct sql_guard_protected_from_in){ .respondent = respondent },
		    g->act->arena, &rows, &count, err) != AW_OK ||
		read_against(g, respondent, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (push(g, &g->people, rows[i].protected, 0) &&
			read_against(g, rows[i].protected, err) != AW_OK)
			return err->status;
	return AW_OK;
}

/* Whether the other respondents of the same people are protected from somebody themselves. */
static enum aw_status
read_other_respondents(struct gather *g, struct aw_error *err)
{
	size_t count = g->oppositions.count;

	for (size_t i = 0; i < count; i++)
		if (read_against(g, g->oppositions.at[i].b, err) != AW_OK)
			return err->status;
	return AW_OK;
}

static enum aw_status
read_relatives(struct gather *g, int64_t person, struct aw_error *err)
{
	struct sql_guard_relatives *rows = NULL;
	size_t count = 0;

	if (sql_guard_relatives(g->act->tx,
		    &(struct sql_guard_relatives_in){ .person = person, .today = g->today },
		    g->act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		push(g, &g->relatives, person, rows[i].other);
		push(g, &g->people, rows[i].other, 0);
	}
	return AW_OK;
}

/* Who belongs to a household. */
static enum aw_status
read_household(struct gather *g, int64_t home, struct aw_error *err)
{
	struct sql_guard_household_members *rows = NULL;
	size_t count = 0;

	if (!push(g, &g->read, home, 0))
		return AW_OK;
	if (sql_guard_household_members(g->act->tx,
		    &(struct sql_guard_household_members_in){ .home = home, .today = g->today },
		    g->act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		push(g, &g->homes, rows[i].person, home);
	return AW_OK;
}

/* Who belongs to a family's frame; its id is kept negative, apart from the households'. */
static enum aw_status
read_family(struct gather *g, int64_t family, struct aw_error *err)
{
	struct sql_guard_family_members *rows = NULL;
	size_t count = 0;

	if (!push(g, &g->read, -family, 0))
		return AW_OK;
	if (sql_guard_family_members(g->act->tx,
		    &(struct sql_guard_family_members_in){ .family = family }, g->act->arena, &rows,
		    &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		push(g, &g->homes, rows[i].person, -family);
		push(g, &g->people, rows[i].person, 0);
	}
	return AW_OK;
}

static enum aw_status
read_families_of(struct gather *g, int64_t person, struct aw_error *err)
{
	struct sql_guard_families_of *rows = NULL;
	size_t count = 0;

	if (sql_guard_families_of(g->act->tx,
		    &(struct sql_guard_families_of_in){ .person = person }, g->act->arena, &rows,
		    &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (read_family(g, rows[i].family, err) != AW_OK)
			return err->status;
	return AW_OK;
}

static enum aw_status
read_households_of(struct gather *g, int64_t person, struct aw_error *err)
{
	struct sql_guard_households_of *rows = NULL;
	size_t count = 0;

	if (sql_guard_households_of(g->act->tx,
		    &(struct sql_guard_households_of_in){ .person = person, .today = g->today },
		    g->act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (read_household(g, rows[i].home, err) != AW_OK)
			return err->status;
	return AW_OK;
}

/* What aw_shield() needs around these respondents; it must hold no less than what it would find
 * among all facts of the city. */
static enum aw_status
gather(struct gather *g, const int64_t *respondents, size_t count, struct aw_error *err)
{
	size_t protected_count;

	for (size_t i = 0; i < count; i++)
		if (read_oppositions(g, respondents[i], err) != AW_OK)
			return err->status;
	if (read_other_respondents(g, err) != AW_OK)
		return err->status;
	protected_count = g->people.count;
	for (size_t i = 0; i < protected_count; i++)
		if (read_relatives(g, g->people.at[i].a, err) != AW_OK ||
			read_families_of(g, g->people.at[i].a, err) != AW_OK)
			return err->status;
	for (size_t i = 0; i < g->people.count; i++)
		if (read_households_of(g, g->people.at[i].a, err) != AW_OK)
			return err->status;
	for (size_t i = 0; i < count && g->people.count > 0; i++)
		if (read_households_of(g, respondents[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

static enum aw_status
shield(const struct aw_act *act, const int64_t *respondents, size_t respondent_count,
	int64_t **ret_persons, size_t *ret_count, struct aw_error *err)
{
	struct gather g = { .act = act, .today = aw_taipei_day(act->now_ms) };
	struct aw_shield_facts facts;

	if (gather(&g, respondents, respondent_count, err) != AW_OK)
		return err->status;
	facts = (struct aw_shield_facts){
		.respondents = respondents,
		.respondent_count = respondent_count,
		.oppositions = g.oppositions.at,
		.opposition_count = g.oppositions.count,
		.relatives = g.relatives.at,
		.relative_count = g.relatives.count,
		.homes = g.homes.at,
		.home_count = g.homes.count,
	};
	aw_shield(act->arena, &facts, ret_persons, ret_count);
	return AW_OK;
}

enum aw_status
aw_shield_of(const struct aw_act *act, int64_t account, const char *unit, int64_t **ret_persons,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_guard_respondents_of *rows = NULL;
	int64_t *respondents;
	size_t count = 0;

	if (sql_guard_respondents_of(act->tx,
		    &(struct sql_guard_respondents_of_in){ .account = account,
			    .unit = unit == NULL ? "" : unit,
			    .whole_unit = unit != NULL },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	respondents = AW_NEW_ARRAY(act->arena, int64_t, count);
	for (size_t i = 0; i < count; i++)
		respondents[i] = rows[i].person;
	return shield(act, respondents, count, ret_persons, ret_count, err);
}

enum aw_status
aw_shield_around(const struct aw_act *act, int64_t respondent, int64_t **ret_persons,
	size_t *ret_count, struct aw_error *err)
{
	return shield(act, &respondent, 1, ret_persons, ret_count, err);
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool
aw_shield_has(const int64_t *persons, size_t count, int64_t person)
{
	return count > 0 && bsearch(&person, persons, count, sizeof(*persons), compare) != NULL;
}
