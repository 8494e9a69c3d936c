/* Times registration: each one is looked for, and made when nobody is there, in a unit of work of its own
 * with its entry in the log; a caller hears of it when it is durable. Prints JSON.
 * bench_register DIR POLICY [PEOPLE] [REGISTRATIONS] [CALLERS] */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/taiwan_index.h"
#include "city/person/people.h"
#include "city/person/person.h"
#include "db/migrate.h"
#include "guard/log.h"
#include "policy/policy.h"

enum { FILL_UNIT = 2000, CALLERS = 64, KNOWN_PERCENT = 10 };

struct bench {
	struct aw_db *db;
	struct aw_keyring *keyring;
	struct aw_policy *policy;
	struct aw_people *people;
	struct aw_ids ids;
	uint64_t first_new; /* household: from here on nobody is registered */
	size_t wanted;
	_Atomic size_t next, made, known, failed;
	double *times;
};

static const struct aw_viewer viewer = {
	.login = "bench", .name = "bench", .purpose = "screening"
};

static void
must(enum aw_status status, const struct aw_error *err)
{
	char text[640];

	if (status == AW_OK)
		return;
	aw_error_format(err, text, sizeof(text));
	fprintf(stderr, "%s\n", text);
	exit(3);
}

static void
make_identity(struct aw_arena *arena, const struct tw_household *home,
	const struct tw_person *person, struct aw_identity *ret)
{
	struct tw_known known;

	tw_known_make(home, person, &known);
	*ret = (struct aw_identity){ .sex = known.sex };
	aw_identity_add_name(arena, ret, AW_NAME_CURRENT, known.name);
	aw_identity_add_name(arena, ret, AW_NAME_ALIAS, person->other_name);
	aw_identity_add_number(arena, ret, known.number);
	aw_identity_add_phone(arena, ret, known.phone);
	aw_identity_add_address(arena, ret, AW_ADDRESS_RESIDENCE, tw_known_address(arena, &known));
	ret->birth_known = true;
	ret->birth = (struct aw_roc_date){ known.birth_day, known.birth_day, AW_PRECISION_DAY };
}

static struct aw_act
make_act(struct bench *b, struct aw_tx *tx, struct aw_arena *arena)
{
	return (struct aw_act){ .tx = tx,
		.arena = arena,
		.viewer = &viewer,
		.policy = b->policy,
		.keyring = b->keyring,
		.ids = &b->ids,
		.people = b->people,
		.now_ms = aw_real_ms(),
		.real_ms = aw_real_ms(),
		.demo = true,
		.action = "person.create" };
}

/* -- those who are there ---------------------------------------------------------------------------- */

struct filling {
	struct bench *bench;
	struct aw_arena arena; /* of a unit: the index hears of it after the commit */
	uint64_t serial;
	size_t people, most;
};

static enum aw_status
fill_some(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct filling *filling = arg;
	struct aw_act act = make_act(filling->bench, tx, &filling->arena);
	size_t until = filling->people + FILL_UNIT;

	while (filling->people < until && filling->people < filling->most) {
		struct tw_household home;

		tw_household_make(1, filling->serial++, &home);
		for (size_t i = 0; i < home.count; i++, filling->people++) {
			struct aw_identity identity;
			const char *number;
			int64_t id;

			make_identity(&filling->arena, &home, &home.members[i], &identity);
			if (aw_person_create(&act, &identity, "household_registration", &id,
				    &number, err) != AW_OK)
				return err->status;
		}
	}
	return AW_OK;
}

static void
open_db(struct bench *b, const char *dir, bool bulk)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	const char *key = aw_arena_printf(&arena, "%s/register.key", dir);
	struct aw_db_options options = { .url = aw_arena_printf(
						 &arena, "sqlite:%s/register.db", dir),
		.create = bulk,
		.bulk = bulk };

	must(aw_db_open(&options, &b->db, &err), &err);
	if (bulk) {
		must(aw_db_migrate(b->db, NULL, NULL, &err), &err);
		must(aw_root_key_make(key, &err), &err);
	}
	must(aw_keyring_open(b->db, key, &b->keyring, &err), &err);
}

static void
close_db(struct bench *b)
{
	aw_people_close(b->people);
	aw_db_close(b->db);
	aw_keyring_close(b->keyring);
	b->people = NULL;
}

static double
fill(struct bench *b, const char *dir, size_t people, size_t *ret_people)
{
	struct filling filling = { .bench = b, .most = people };
	struct aw_error err = { 0 };
	double start = tw_seconds();

	open_db(b, dir, true);
	b->people = aw_people_new();
	while (filling.people < people) {
		must(aw_db_write(b->db, fill_some, &filling, &err), &err);
		aw_arena_done(&filling.arena);
	}
	close_db(b);
	b->first_new = filling.serial;
	*ret_people = filling.people;
	return tw_seconds() - start;
}

/* What an earlier run left in DIR: how many are registered, and the first household nobody knows. */
static bool
was_filled(struct bench *b, const char *dir, size_t *ret_people)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	FILE *file = fopen(aw_arena_printf(&arena, "%s/filled", dir), "r");
	bool ok;

	if (file == NULL)
		return false;
	ok = fscanf(file, "%zu %" SCNu64, ret_people, &b->first_new) == 2;
	(void)fclose(file);
	return ok;
}

static void
keep_filled(const struct bench *b, const char *dir, size_t people)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	FILE *file = fopen(aw_arena_printf(&arena, "%s/filled", dir), "w");

	if (file == NULL || fprintf(file, "%zu %" PRIu64 "\n", people, b->first_new) < 0 ||
		fclose(file) != 0)
		aw_die("what was filled could not be noted");
}

/* -- those who come --------------------------------------------------------------------------------- */

struct coming {
	struct bench *bench;
	struct aw_arena *arena;
	const struct aw_identity *identity;
};

static enum aw_status
create(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct coming *coming = arg;
	struct aw_act act = make_act(coming->bench, tx, coming->arena);
	const char *number;
	int64_t id;

	if (aw_person_create(&act, coming->identity, "report", &id, &number, err) != AW_OK)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

/* One in ten is there already, and has to be found. The others come from households that nobody knows;
 * one of each, so that nobody of the same home is registered meanwhile. */
static void
register_one(struct bench *b, size_t at)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	bool is_known = at % 100 < KNOWN_PERCENT;
	struct aw_identity identity;
	struct aw_person_query query = { .identity = &identity, .age = -1 };
	struct coming coming = { b, &arena, &identity };
	struct aw_error err = { 0 };
	struct tw_household home;
	struct aw_candidates found;

	tw_household_make(1, is_known ? at % b->first_new : b->first_new + at, &home);
	make_identity(&arena, &home, &home.members[0], &identity);
	b->times[at] = tw_seconds();
	aw_people_find(b->people, &arena, &query, 5, &found);
	if (found.count > 0 && found.at[0].match == AW_MATCH_LINK)
		b->known++;
	else if (aw_db_write(b->db, create, &coming, &err) == AW_OK)
		b->made++;
	else
		b->failed++;
	b->times[at] = tw_seconds() - b->times[at];
}

static void *
call(void *arg)
{
	struct bench *b = arg;

	for (size_t at = b->next++; at < b->wanted; at = b->next++)
		register_one(b, at);
	return NULL;
}

/* Of every thread's processor. */
static double
program_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
by_size(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static void
run_callers(struct bench *b, size_t callers)
{
	pthread_t *threads = calloc(callers, sizeof(*threads));

	if (threads == NULL)
		aw_die("no memory for the callers");
	for (size_t i = 0; i < callers; i++)
		if (pthread_create(&threads[i], NULL, call, b) != 0)
			aw_die("no thread for a caller");
	for (size_t i = 0; i < callers; i++)
		(void)pthread_join(threads[i], NULL);
	free(threads);
}

/* Everybody of DIR is read into the index; then the callers come. */
static void
measure(struct bench *b, const char *dir, size_t callers, size_t filled, double fill_s)
{
	struct aw_error err = { 0 };
	double start = tw_seconds(), open_s, busy;

	open_db(b, dir, false);
	must(aw_people_open(b->db, b->keyring, &b->people, &err), &err);
	open_s = tw_seconds() - start;
	busy = program_seconds();
	start = tw_seconds();
	run_callers(b, callers);
	start = tw_seconds() - start;
	busy = program_seconds() - busy;
	qsort(b->times, b->wanted, sizeof(*b->times), by_size);
	printf("{\"people\": %zu, \"fill_s\": %.1f, \"open_s\": %.2f, \"index_bytes\": %zu, "
	       "\"callers\": %zu, \"registrations\": %zu, \"made\": %zu, \"known\": %zu, "
	       "\"failed\": %zu, \"seconds\": %.3f, \"a_second\": %.0f, \"busy_us\": %.1f, "
	       "\"p50_ms\": %.3f, "
	       "\"p99_ms\": %.3f, \"max_ms\": %.3f}\n",
		filled, fill_s, open_s, aw_people_bytes(b->people), callers, b->wanted, b->made,
		b->known, b->failed, start, (double)b->wanted / start,
		busy / (double)b->wanted * 1e6, b->times[b->wanted / 2] * 1000,
		b->times[b->wanted * 99 / 100] * 1000, b->times[b->wanted - 1] * 1000);
	close_db(b);
	b->first_new += b->wanted;
	keep_filled(b, dir, filled + b->made);
}

int
main(int argc, char **argv)
{
	size_t people = argc > 3 ? strtoull(argv[3], NULL, 10) : 1000000, filled = 0;
	size_t callers = argc > 5 ? strtoull(argv[5], NULL, 10) : CALLERS;
	struct bench b = { .wanted = argc > 4 ? strtoull(argv[4], NULL, 10) : 50000 };
	struct aw_error err = { 0 };
	double fill_s = 0;

	if (argc < 3 || callers == 0) {
		fprintf(stderr,
			"usage: bench_register DIR POLICY [PEOPLE] [REGISTRATIONS] [CALLERS]\n");
		return 2;
	}
	tw_begin();
	aw_ids_init(&b.ids, NULL);
	must(aw_policy_load_dir(argv[2], NULL, &b.policy, &err), &err);
	if (was_filled(&b, argv[1], &filled)) {
		fprintf(stderr, "%zu people are there\n", filled);
	} else {
		fill_s = fill(&b, argv[1], people, &filled);
		keep_filled(&b, argv[1], filled);
	}
	if (b.wanted > 0) {
		b.times = calloc(b.wanted, sizeof(*b.times));
		if (b.times == NULL)
			aw_die("no memory for the times");
		measure(&b, argv[1], callers, filled, fill_s);
	}
	aw_policy_free(b.policy);
	free(b.times);
	return b.failed == 0 ? 0 : 1;
}
