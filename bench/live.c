/* Times live lookup among the made-up Taiwan: filling, memory, one query at a time; and counts who is
 * found and who is linked to the wrong one. Prints JSON. bench_live PEOPLE [QUERIES] [SEED] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/taiwan_index.h"

enum { MISSES_SHOWN = 12, READS = 4000000, READ_AHEAD = 12 };

struct bench {
	uint64_t seed;
	size_t queries;
	struct tw_filled filled;
};

static int
by_size(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

struct totals {
	size_t asked[TW_SLIPS], first[TW_SLIPS], five, wrong_links, links;
	double compared;
};

static void
print_run(const char *name, const struct totals *t, double *times, double *busy, size_t queries)
{
	size_t first = 0;
	const char *comma = "";

	for (int slip = 0; slip < TW_SLIPS; slip++)
		first += t->first[slip];
	qsort(times, queries, sizeof(*times), by_size);
	qsort(busy, queries, sizeof(*busy), by_size);
	printf("  \"%s\": {\"queries\": %zu, \"p50_us\": %.2f, \"p95_us\": %.2f, \"p99_us\": %.2f, "
	       "\"p999_us\": %.2f, \"max_us\": %.2f, \"busy_p50_us\": %.2f, "
	       "\"busy_p99_us\": %.2f, \"busy_max_us\": %.2f, \"first\": %.6f, \"five\": %.6f, "
	       "\"linked\": %.6f, \"wrong_links\": %zu, \"compared\": %.1f,\n   \"by_slip\": {",
		name, queries, times[queries / 2], times[queries * 95 / 100],
		times[queries * 99 / 100], times[queries * 999 / 1000], times[queries - 1],
		busy[queries / 2], busy[queries * 99 / 100], busy[queries - 1],
		(double)first / (double)queries, (double)t->five / (double)queries,
		(double)t->links / (double)queries, t->wrong_links, t->compared / (double)queries);
	for (int slip = 0; slip < TW_SLIPS; slip++) {
		if (t->asked[slip] == 0)
			continue;
		printf("%s\"%s\": [%zu, %zu]", comma, tw_slip_code((enum tw_slip)slip),
			t->first[slip], t->asked[slip]);
		comma = ", ";
	}
	printf("}},\n");
}

static void
ask_many(const struct bench *b, const char *name, bool with_number)
{
	double *times = calloc(b->queries, sizeof(*times));
	double *busy = calloc(b->queries, sizeof(*busy));
	struct totals totals = { 0 };
	struct aw_random random;
	size_t shown = 0;

	aw_random_seed(&random, b->seed + 77);
	for (size_t q = 0; q < b->queries; q++) {
		struct tw_household home;
		const struct tw_person *person =
			tw_draw(&random, b->seed, b->filled.households, 1, &home);
		struct tw_known known;
		struct tw_answer answer;
		enum tw_slip slip;

		tw_known_make(&home, person, &known);
		known.phone[0] = '\0';
		slip = tw_corrupt(&random, &home, person, with_number, &known);
		tw_ask(b->filled.index, &known, person->id, 1, &answer);
		times[q] = answer.us;
		busy[q] = answer.busy_us;
		totals.asked[slip]++;
		totals.first[slip] += answer.rank == 1 ? 1 : 0;
		totals.five += answer.rank >= 1 && answer.rank <= 5 ? 1 : 0;
		totals.links += answer.linked ? 1 : 0;
		totals.wrong_links += answer.linked && answer.first != person->id ? 1 : 0;
		totals.compared += (double)answer.compared;
		if (answer.rank != 1 && shown++ < MISSES_SHOWN && getenv("LIVE_MISSES") != NULL)
			fprintf(stderr, "%s %s: %s as %s, rank %zu\n", name, tw_slip_code(slip),
				person->name, known.name, answer.rank);
	}
	print_run(name, &totals, times, busy, b->queries);
	free(times);
	free(busy);
}

/* Records of the half that nothing was learned from, with every slip of the model; of one in ten the
 * person is not there. */
static void
ask_records(const struct bench *b)
{
	size_t right = 0, wrong = 0, open = 0, first = 0, absent = 0, wrong_absent = 0;
	struct aw_random random;

	aw_random_seed(&random, b->seed + 79);
	for (size_t q = 0; q < b->queries; q++) {
		struct tw_household home;
		const struct tw_person *person =
			tw_draw(&random, b->seed, b->filled.households, 1, &home);
		bool is_absent = q % 10 == 9;
		struct tw_known known;
		struct tw_answer answer;

		(void)tw_record(&random, &home, person, &known);
		if (is_absent)
			aw_link_index_remove(b->filled.index, person->id);
		tw_ask(b->filled.index, &known, person->id, 1, &answer);
		if (is_absent)
			tw_put(b->filled.index, &home, person);
		absent += is_absent ? 1 : 0;
		first += answer.rank == 1 ? 1 : 0;
		right += answer.linked && answer.first == person->id ? 1 : 0;
		open += !answer.linked && answer.rank == 1 ? 1 : 0;
		if (answer.linked && answer.first != person->id)
			*(is_absent ? &wrong_absent : &wrong) += 1;
	}
	printf("  \"records\": {\"asked\": %zu, \"absent\": %zu, \"first\": %zu, \"linked_right\": "
	       "%zu, "
	       "\"left_open\": %zu, \"linked_wrong\": %zu, \"linked_wrong_absent\": %zu},\n",
		b->queries, absent, first, right, open, wrong, wrong_absent);
}

/* -- those who are easily taken for another --------------------------------------------------------- */

struct pair {
	struct tw_household home, other_home;
	const struct tw_person *person, *other;
};

static bool
take_twins(const struct bench *b, uint64_t serial, struct pair *pair)
{
	tw_household_make(b->seed, serial, &pair->home);
	if (pair->home.half != 1)
		return false;
	for (size_t i = 0; i < pair->home.count; i++) {
		if (pair->home.members[i].twin < 0)
			continue;
		pair->person = &pair->home.members[i];
		pair->other = &pair->home.members[pair->home.members[i].twin];
		return true;
	}
	return false;
}

static bool
take_namesakes(const struct bench *b, uint64_t serial, struct pair *pair)
{
	tw_household_make(b->seed, serial, &pair->home);
	if (pair->home.half != 1 || !pair->home.members[0].namesake)
		return false;
	tw_household_make(b->seed, tw_namesake_of(serial), &pair->other_home);
	pair->person = &pair->home.members[0];
	pair->other = &pair->other_home.members[0];
	return true;
}

/* Records of one of the two, with slips as the model says and without a number every other time: asked
 * while both are there, and while only the other one is. A link to the other is false. */
static void
ask_pairs(const struct bench *b, const char *name,
	bool (*take)(const struct bench *, uint64_t, struct pair *))
{
	struct aw_random random;
	size_t pairs = 0, asked = 0, right = 0, wrong = 0, wrong_absent = 0, review = 0;

	aw_random_seed(&random, b->seed + 78);
	for (uint64_t serial = 0; serial < b->filled.households && pairs < b->queries; serial++) {
		struct pair pair;

		if (!take(b, serial, &pair))
			continue;
		pairs++;
		for (int round = 0; round < 4; round++) {
			bool absent = round >= 2;
			struct tw_known known;
			struct tw_answer answer;

			(void)tw_record(&random, &pair.home, pair.person, &known);
			if (round % 2 == 1) /* the number is what tells them apart */
				known.number[0] = '\0';
			if (absent)
				aw_link_index_remove(b->filled.index, pair.person->id);
			tw_ask(b->filled.index, &known, pair.person->id, 1, &answer);
			if (absent)
				tw_put(b->filled.index, &pair.home, pair.person);
			asked++;
			right += answer.linked && answer.first == pair.person->id ? 1 : 0;
			review += !answer.linked && answer.first != 0 ? 1 : 0;
			if (!answer.linked || answer.first == pair.person->id)
				continue;
			*(absent ? &wrong_absent : &wrong) += 1;
			if (getenv("LIVE_MISSES") != NULL)
				fprintf(stderr, "%s: %s %s (%s) as %s %s: linked, absent %d\n",
					name, pair.person->name, pair.person->number,
					pair.other->name, known.name, known.number, absent);
		}
	}
	printf("  \"%s\": {\"pairs\": %zu, \"asked\": %zu, \"linked_right\": %zu, \"left_open\": "
	       "%zu, "
	       "\"linked_wrong\": %zu, \"linked_wrong_absent\": %zu},\n",
		name, pairs, asked, right, review, wrong, wrong_absent);
}

/* -- what the memory alone can do ------------------------------------------------------------------- */

static double
bare_read_ns(size_t bytes)
{
	size_t lines = bytes / 64;
	uint64_t(*at)[8] = aligned_alloc(64, lines * 64);
	struct aw_random random;
	uint64_t ring[READ_AHEAD], sum = 0;
	double start;

	if (at == NULL)
		return 0.0;
	memset(at, 1, lines * 64);
	aw_random_seed(&random, 3);
	for (size_t i = 0; i < READ_AHEAD; i++)
		ring[i] = aw_random_below(&random, lines);
	start = tw_seconds();
	for (size_t i = 0; i < READS; i++) {
		uint64_t now = ring[i % READ_AHEAD];

		ring[i % READ_AHEAD] = aw_random_next(&random) % lines;
		__builtin_prefetch(at[ring[i % READ_AHEAD]]);
		sum += at[now][0];
	}
	start = tw_seconds() - start;
	free(at);
	return sum == 0 ? 0.0 : start / READS * 1e9;
}

int
main(int argc, char **argv)
{
	struct bench b = { .queries = 10000, .seed = 1 };
	struct aw_link_model model;
	struct rusage usage;
	size_t people = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;

	b.queries = argc > 2 ? strtoull(argv[2], NULL, 10) : b.queries;
	b.seed = argc > 3 ? strtoull(argv[3], NULL, 10) : b.seed;
	tw_begin();
	aw_link_model_default(&model);
	tw_fill(b.seed, people, &model, &b.filled);
	printf("{\"people\": %zu, \"forms\": %zu, \"households\": %" PRIu64 ", \"make_s\": %.2f, "
	       "\"build_s\": %.2f, \"busy_s\": %.2f, \"bytes\": %zu,\n",
		b.filled.people, aw_link_index_forms(b.filled.index), b.filled.households,
		b.filled.make_s, b.filled.build_s, b.filled.busy_s,
		aw_link_index_bytes(b.filled.index));
	ask_many(&b, "with_number", true);
	ask_many(&b, "without_number", false);
	ask_records(&b);
	ask_pairs(&b, "twins", take_twins);
	ask_pairs(&b, "namesakes", take_namesakes);
	printf("  \"bare_read_ns\": %.1f,", bare_read_ns((size_t)64 * people));
	getrusage(RUSAGE_SELF, &usage);
	printf(" \"peak_resident_mb\": %.1f}\n", (double)usage.ru_maxrss / 1024);
	aw_link_index_free(b.filled.index);
	return 0;
}
