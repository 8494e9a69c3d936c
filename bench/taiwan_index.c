/* The made-up Taiwan in the index. */
#include "bench/taiwan_index.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 512, LINK_PPM = 990000, HITS = 10 };

static double
seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double
tw_seconds(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double
tw_busy_seconds(void)
{
	return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

struct made {
	int64_t id;
	struct aw_link_form forms[TW_FORMS];
	struct aw_str others[TW_FORMS];
	size_t count;
};

/* Some households' people; returns how many. */
static size_t
make_chunk(uint64_t seed, uint64_t from, struct aw_arena *arena, struct made *made)
{
	struct tw_household home;
	size_t count = 0;

	for (uint64_t serial = from; serial < from + CHUNK; serial++) {
		tw_household_make(seed, serial, &home);
		for (size_t i = 0; i < home.count; i++) {
			struct made *one = &made[count++];

			one->id = home.members[i].id;
			one->count =
				tw_forms(arena, &home, &home.members[i], one->forms, one->others);
		}
	}
	return count;
}

void
tw_fill(uint64_t seed, size_t people, const struct aw_link_model *model, struct tw_filled *ret)
{
	struct made *made = calloc((size_t)CHUNK * TW_MEMBERS, sizeof(*made));
	struct tw_filled filled = { .index = aw_link_index_new(model) };
	double start = tw_seconds(), busy;

	aw_link_index_reserve(filled.index, people + people / 24); /* some have two names */
	filled.build_s = tw_seconds() - start;
	while (filled.people < people) {
		AW_SCOPE(aw_arena) arena = { 0 };
		double before = tw_seconds(), after;
		size_t count = make_chunk(seed, filled.households, &arena, made);

		after = tw_seconds();
		busy = tw_busy_seconds();
		for (size_t i = 0; i < count; i++)
			aw_link_index_put(filled.index, made[i].id, made[i].forms, made[i].others,
				made[i].count);
		filled.make_s += after - before;
		filled.build_s += tw_seconds() - after;
		filled.busy_s += tw_busy_seconds() - busy;
		filled.people += count;
		filled.households += CHUNK;
	}
	start = tw_seconds();
	busy = tw_busy_seconds();
	aw_link_index_settle(filled.index);
	filled.build_s += tw_seconds() - start;
	filled.busy_s += tw_busy_seconds() - busy;
	free(made);
	*ret = filled;
}

void
tw_put(struct aw_link_index *index, const struct tw_household *home, const struct tw_person *person)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_link_form forms[TW_FORMS];
	struct aw_str others[TW_FORMS];
	size_t count = tw_forms(&arena, home, person, forms, others);

	aw_link_index_put(index, person->id, forms, others, count);
}

const struct tw_person *
tw_draw(struct aw_random *random, uint64_t seed, uint64_t households, int half,
	struct tw_household *home)
{
	do
		tw_household_make(seed, aw_random_below(random, households), home);
	while (half >= 0 && home->half != half);
	return &home->members[aw_random_below(random, home->count)];
}

void
tw_ask(const struct aw_link_index *index, const struct tw_known *known, int64_t right,
	int32_t least_ppm, struct tw_answer *ret)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_link_form form;
	struct aw_str other;
	struct aw_link_hits hits;
	struct aw_link_asked asked = { &form, &other, 1, HITS, least_ppm };
	double start, busy;

	*ret = (struct tw_answer){ 0 };
	tw_known_form(&arena, known, &form, &other);
	busy = tw_busy_seconds();
	start = tw_seconds();
	aw_link_index_find(index, &arena, &asked, &hits);
	ret->us = (tw_seconds() - start) * 1e6;
	ret->busy_us = (tw_busy_seconds() - busy) * 1e6;
	ret->compared = hits.compared;
	if (hits.count == 0)
		return;
	ret->first = hits.at[0].person;
	ret->linked = hits.at[0].ppm >= LINK_PPM && hits.at[0].conflicts == 0;
	for (size_t i = 0; i < hits.count && ret->rank == 0; i++)
		ret->rank = hits.at[i].person == right ? i + 1 : 0;
}
