/* Reads who is protected from a worker's respondents, their relatives and their homes. */
#include "guard/shield.h"

#include <stdlib.h>
#include <string.h>

#include "db/memo.h"
#include "guard/guard.sql.h"

/* Whom aw_shield() is asked for, and what it needs around them: no less than what it would find among
 * all facts of the city. */
struct gathered {
	int64_t *respondents;
	struct aw_pair *oppositions, *relatives, *homes;
	struct aw_shield_facts facts; /* the counts, and the above once all is there */
};

/* Rows come with the kind of fact in their first column; a frame's id is kept negative, apart from the
 * households'. */
static void
take(struct gathered *g, const struct sql_guard_shield_facts *row)
{
	struct aw_pair pair = { row->one, row->other };
	struct aw_shield_facts *facts = &g->facts;

	if (strcmp(row->fact, "respondent") == 0)
		g->respondents[facts->respondent_count++] = row->one;
	else if (strcmp(row->fact, "opposition") == 0)
		g->oppositions[facts->opposition_count++] = pair;
	else if (strcmp(row->fact, "relative") == 0)
		g->relatives[facts->relative_count++] = pair;
	else if (strcmp(row->fact, "frame") == 0)
		g->homes[facts->home_count++] = (struct aw_pair){ row->one, -row->other };
	else
		g->homes[facts->home_count++] = pair;
}

static enum aw_status
shield(const struct aw_act *act, const struct sql_guard_shield_facts_in *in, int64_t **ret_persons,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_guard_shield_facts *rows = NULL;
	struct gathered g = { 0 };
	size_t count = 0;

	if (sql_guard_shield_facts(act->tx, in, act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	g.respondents = AW_NEW_ARRAY(act->arena, int64_t, count);
	g.oppositions = AW_NEW_ARRAY(act->arena, struct aw_pair, count);
	g.relatives = AW_NEW_ARRAY(act->arena, struct aw_pair, count);
	g.homes = AW_NEW_ARRAY(act->arena, struct aw_pair, count);
	for (size_t i = 0; i < count; i++)
		take(&g, &rows[i]);
	g.facts.respondents = g.respondents;
	g.facts.oppositions = g.oppositions;
	g.facts.relatives = g.relatives;
	g.facts.homes = g.homes;
	aw_shield(act->arena, &g.facts, ret_persons, ret_count);
	return AW_OK;
}

/* A supervisor's shield is asked for with every page and changes with facts alone. */
enum aw_status
aw_shield_of(const struct aw_act *act, int64_t account, const char *unit, int64_t **ret_persons,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_guard_shield_facts_in in = { .account = account,
		.unit = unit == NULL ? "" : unit,
		.whole_unit = unit != NULL,
		.respondent = AW_UNKNOWN,
		.today = aw_taipei_day(act->now_ms) };
	const char *key = aw_arena_printf(act->arena, "guard_shield %lld %s %d %d",
		(long long)account, in.unit, in.whole_unit, in.today);
	struct aw_bytes kept;

	if (aw_memo_get(act->tx, key, act->arena, &kept)) {
		*ret_count = kept.len / sizeof(**ret_persons);
		*ret_persons = AW_NEW_ARRAY(act->arena, int64_t, *ret_count);
		if (kept.len != 0)
			memcpy(*ret_persons, kept.at, kept.len);
		return AW_OK;
	}
	if (shield(act, &in, ret_persons, ret_count, err) != AW_OK)
		return err->status;
	aw_memo_put(act->tx, key,
		(struct aw_bytes){
			(const void *)*ret_persons, *ret_count * sizeof(**ret_persons) });
	return AW_OK;
}

enum aw_status
aw_shield_around(const struct aw_act *act, int64_t respondent, int64_t **ret_persons,
	size_t *ret_count, struct aw_error *err)
{
	return shield(act,
		&(struct sql_guard_shield_facts_in){ .unit = "",
			.respondent = AW_KNOWN(respondent),
			.today = aw_taipei_day(act->now_ms) },
		ret_persons, ret_count, err);
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
