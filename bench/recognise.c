/* Times the index of people: filling, memory, and one query among a whole city. bench_recognise [PEOPLE] */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "../tests/link/synth.h"

enum { QUERIES = 10000, KINDS = 6 };

static int
by_time(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct aw_link_index *
fill(const struct synth_person *people, size_t count)
{
	struct aw_link_model model;
	struct aw_link_index *index;
	int64_t start = now_ns();

	aw_link_model_default(&model);
	index = aw_link_index_new(&model);
	aw_link_index_reserve(index, count);
	for (size_t i = 0; i < count;) {
		AW_SCOPE(aw_arena) arena = { 0 };

		for (size_t end = i + 1000; i < end && i < count; i++) {
			struct aw_link_form form;
			struct aw_str other;

			synth_form(&arena, &people[i], &form, &other);
			aw_link_index_put(index, (int64_t)i + 1, &form, &other, 1);
		}
	}
	aw_link_index_settle(index);
	printf("filled %zu people in %.3f s, %.1f bytes a person\n", count,
		(double)(now_ns() - start) / 1e9,
		(double)aw_link_index_bytes(index) / (double)count);
	return index;
}

/* what: which facts the query has; see synth_slip for the slips. */
static void
time_queries(const struct aw_link_index *index, const struct synth_person *people, size_t count,
	const char *what, int kind)
{
	int64_t *times = calloc(QUERIES, sizeof(*times));
	struct aw_random random;
	size_t first = 0, compared = 0;

	aw_random_seed(&random, 5);
	for (size_t q = 0; q < QUERIES; q++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		size_t i = aw_random_below(&random, count);
		struct synth_person who = people[i];
		struct aw_link_form form;
		struct aw_str other;
		struct aw_link_hits hits;
		struct aw_link_asked asked = { &form, &other, 1, 10, 1000 };

		if (kind < KINDS)
			synth_slip(&random, &who, kind);
		if (kind >= KINDS) /* no number, no phone */
			who.number[0] = who.phone[0] = '\0';
		synth_form(&arena, &who, &form, &other);
		if (kind == KINDS + 1) {
			form.birth_day = AW_BIRTH_UNKNOWN;
			form.door = form.lane = form.road = 0;
		}
		times[q] = now_ns();
		aw_link_index_find(index, &arena, &asked, &hits);
		times[q] = now_ns() - times[q];
		first += hits.count > 0 && hits.at[0].person == (int64_t)i + 1;
		compared += hits.compared;
	}
	qsort(times, QUERIES, sizeof(*times), by_time);
	printf("%-28s p50 %6.1f us  p99 %6.1f us  max %7.1f us  first %5.2f %%  compared %.0f\n",
		what, (double)times[QUERIES / 2] / 1e3, (double)times[QUERIES * 99 / 100] / 1e3,
		(double)times[QUERIES - 1] / 1e3, 100.0 * (double)first / QUERIES,
		(double)compared / QUERIES);
	free(times);
}

int
main(int argc, char **argv)
{
	static const char *const what[] = { "one digit of the number", "two digits swapped",
		"one character of the name", "birth day or year", "no number", "no phone",
		"name, birth, door only", "name alone" };
	size_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 364766;
	struct synth_person *people = calloc(count, sizeof(*people));
	struct aw_link_index *index;
	struct rusage usage;

	synth_people(1, people, count);
	index = fill(people, count);
	for (int kind = 0; kind < KINDS + 2; kind++)
		time_queries(index, people, count, what[kind], kind);
	getrusage(RUSAGE_SELF, &usage);
	printf("peak resident %.1f MB\n", (double)usage.ru_maxrss / 1024);
	aw_link_index_free(index);
	free(people);
	return 0;
}
