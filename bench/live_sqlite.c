/* The same questions to the index of link/ and to SQLite: the same keys in an index of its own, the same
 * comparison and weights, by turns in one run. Prints JSON; leaves keys, forms and questions as CSV for
 * another database. bench_live_sqlite DIR PEOPLE [QUERIES] [SEED] */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/taiwan_index.h"
#include "link/keys.h"
#include "text/idno.h"

enum { CERTAIN_MBITS = 8000, KEYS_TOLD = 12, WAVES = 3 };

static const char schema[] =
	"PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
	"CREATE TABLE form (id INTEGER PRIMARY KEY, person INTEGER NOT NULL, packed BLOB NOT NULL,"
	" other TEXT NOT NULL);"
	"CREATE TABLE posting (key INTEGER NOT NULL, form INTEGER NOT NULL);";
static const char by_key[] =
	"SELECT f.person, f.packed, f.other FROM posting p JOIN form f ON f.id = p.form "
	"WHERE p.key = ?1";
static const char how_many[] =
	"SELECT count(*) FROM (SELECT 1 FROM posting WHERE key = ?1 LIMIT ?2)";

struct rival {
	sqlite3 *db;
	sqlite3_stmt *find, *count;
	struct aw_link_model model;
	uint32_t people;
};

static void
must(int code, sqlite3 *db)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return;
	fprintf(stderr, "bench_live_sqlite: %s\n", sqlite3_errmsg(db));
	exit(3);
}

/* -- filled ---------------------------------------------------------------------------------------- */

struct filling {
	sqlite3_stmt *form, *posting;
	FILE *forms, *postings;
	int64_t id;
};

static void
post(struct filling *filling, uint64_t hash)
{
	sqlite3_bind_int64(filling->posting, 1, (int64_t)hash);
	sqlite3_bind_int64(filling->posting, 2, filling->id);
	must(sqlite3_step(filling->posting), sqlite3_db_handle(filling->posting));
	sqlite3_reset(filling->posting);
	fprintf(filling->postings, "%" PRId64 ",%" PRId64 "\n", (int64_t)hash, filling->id);
}

static void
file_form(struct filling *filling, const struct tw_person *person, const struct aw_link_form *form,
	struct aw_str other)
{
	struct aw_link_key keys[AW_LINK_KEY_LIMIT];
	size_t count = aw_link_keys(form, other, keys);
	uint64_t exact = aw_link_exact_key(form);

	filling->id++;
	sqlite3_bind_int64(filling->form, 1, filling->id);
	sqlite3_bind_int64(filling->form, 2, person->id);
	sqlite3_bind_blob(filling->form, 3, form, sizeof(*form), SQLITE_STATIC);
	sqlite3_bind_text(
		filling->form, 4, other.len == 0 ? "" : other.at, (int)other.len, SQLITE_STATIC);
	must(sqlite3_step(filling->form), sqlite3_db_handle(filling->form));
	sqlite3_reset(filling->form);
	for (size_t i = 0; i < count; i++)
		post(filling, keys[i].hash);
	if (exact != 0)
		post(filling, exact);
	fprintf(filling->forms, "%" PRId64 ",%" PRId64 ",%" PRIu64 ",%" PRIu64 ",%d,%d,%u,%u,%u\n",
		filling->id, person->id, exact, form->number, form->birth_day, form->sex,
		form->door, form->road, form->district);
}

static void
file_homes(struct filling *filling, uint64_t seed, uint64_t households)
{
	for (uint64_t serial = 0; serial < households; serial++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct tw_household home;

		tw_household_make(seed, serial, &home);
		for (size_t i = 0; i < home.count; i++) {
			struct aw_link_form forms[TW_FORMS];
			struct aw_str others[TW_FORMS];
			size_t count = tw_forms(&arena, &home, &home.members[i], forms, others);

			for (size_t f = 0; f < count; f++)
				file_form(filling, &home.members[i], &forms[f], others[f]);
		}
	}
}

static FILE *
opened(const char *dir, const char *name, const char *header)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	FILE *file = fopen(aw_arena_printf(&arena, "%s/%s", dir, name), "w");

	if (file == NULL) {
		perror(name);
		exit(3);
	}
	fprintf(file, "%s\n", header);
	return file;
}

static double
fill(struct rival *rival, const char *dir, uint64_t seed, uint64_t households)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct filling filling = { 0 };
	double start = tw_seconds();

	must(sqlite3_open(aw_arena_printf(&arena, "%s/live.db", dir), &rival->db), rival->db);
	must(sqlite3_exec(rival->db, schema, NULL, NULL, NULL), rival->db);
	must(sqlite3_exec(rival->db, "BEGIN", NULL, NULL, NULL), rival->db);
	must(sqlite3_prepare_v2(rival->db, "INSERT INTO form VALUES (?1, ?2, ?3, ?4)", -1,
		     &filling.form, NULL),
		rival->db);
	must(sqlite3_prepare_v2(
		     rival->db, "INSERT INTO posting VALUES (?1, ?2)", -1, &filling.posting, NULL),
		rival->db);
	filling.forms =
		opened(dir, "forms.csv", "id,person,name,number,birth,sex,door,road,district");
	filling.postings = opened(dir, "postings.csv", "key,form");
	file_homes(&filling, seed, households);
	(void)fclose(filling.forms);
	(void)fclose(filling.postings);
	sqlite3_finalize(filling.form);
	sqlite3_finalize(filling.posting);
	must(sqlite3_exec(rival->db,
		     "COMMIT; CREATE INDEX posting_key ON posting (key, form); ANALYZE;"
		     "PRAGMA cache_size = -1000000; PRAGMA mmap_size = 8000000000;",
		     NULL, NULL, NULL),
		rival->db);
	must(sqlite3_prepare_v2(rival->db, by_key, -1, &rival->find, NULL), rival->db);
	must(sqlite3_prepare_v2(rival->db, how_many, -1, &rival->count, NULL), rival->db);
	return tw_seconds() - start;
}

/* -- asked ----------------------------------------------------------------------------------------- */

static uint32_t
count_of(const struct rival *rival, uint64_t hash, uint32_t limit)
{
	uint32_t count;

	if (hash == 0)
		return 0;
	sqlite3_bind_int64(rival->count, 1, (int64_t)hash);
	sqlite3_bind_int64(rival->count, 2, limit);
	must(sqlite3_step(rival->count), rival->db);
	count = (uint32_t)sqlite3_column_int64(rival->count, 0);
	sqlite3_reset(rival->count);
	return count;
}

struct asking {
	const struct rival *rival;
	const struct aw_link_form *form;
	struct aw_str other;
	struct aw_link_scale scale;
	int64_t best;
	int32_t total;
	uint32_t conflicts;
};

static void
follow(struct asking *a, uint64_t hash, uint8_t family)
{
	sqlite3_stmt *find = a->rival->find;
	uint32_t limit = aw_link_family_limit(family);

	if (limit != UINT32_MAX && count_of(a->rival, hash, limit + 1) > limit)
		return;
	sqlite3_bind_int64(find, 1, (int64_t)hash);
	while (sqlite3_step(find) == SQLITE_ROW) {
		int64_t person = sqlite3_column_int64(find, 0);
		struct aw_link_form form;
		struct aw_str other = { (const char *)sqlite3_column_text(find, 2),
			(size_t)sqlite3_column_bytes(find, 2) };
		struct aw_link_levels levels;
		int32_t total;

		memcpy(&form, sqlite3_column_blob(find, 1), sizeof(form));
		aw_link_compare(a->form, a->other, &form, other, &levels);
		total = aw_link_total(&a->scale, &levels);
		if (a->best != 0 && (total < a->total || (total == a->total && person >= a->best)))
			continue;
		a->best = person;
		a->total = total;
		a->conflicts = aw_link_conflicts(&levels);
	}
	sqlite3_reset(find);
}

static void
scale_for(struct asking *a)
{
	const struct rival *r = a->rival;
	const struct aw_link_form *form = a->form;
	uint64_t exact = aw_link_exact_key(form);
	struct aw_link_frequency frequency = { .population = r->people };

	frequency.variant = count_of(r, aw_link_name_key(form, a->other), UINT32_MAX);
	frequency.name = exact == 0 ? frequency.variant : count_of(r, exact, UINT32_MAX);
	for (size_t i = 0; i < 2; i++)
		if (form->phone[i] != 0)
			frequency.phone +=
				count_of(r, aw_link_key(AW_KEY_PHONE, form->phone[i]), UINT32_MAX);
	if (form->door != 0)
		frequency.door = count_of(r, aw_link_key(AW_KEY_DOOR, form->door), UINT32_MAX);
	aw_link_scale_make(&r->model, &frequency, &a->scale);
}

static int
wave_of(const struct aw_link_key *key)
{
	return aw_link_family_limit(key->family) == UINT32_MAX ? 0 : key->broad ? 2 : 1;
}

/* With the surname, as the index does. */
static void
follow_birth(struct asking *a, int32_t year, int32_t month, int32_t day)
{
	uint64_t born[2];
	int32_t birth;
	size_t count;

	if (!aw_date_valid(year, month, day))
		return;
	birth = aw_day_of_date((struct aw_date){ year, month, day });
	count = aw_link_born_keys(a->form, birth, born);
	for (size_t i = 0; i < count; i++)
		follow(a, born[i], AW_KEY_BORN);
	if (count == 0)
		follow(a, aw_link_key(AW_KEY_BIRTH, (uint32_t)birth), AW_KEY_BIRTH);
}

static void
follow_near(struct asking *a)
{
	uint64_t near[AW_IDNO_NEAR_LIMIT];
	size_t count = aw_idno_near(a->form->number, near);
	struct aw_date d;

	for (size_t i = 0; i < count; i++)
		follow(a, aw_link_key(AW_KEY_NUMBER, near[i]), AW_KEY_NUMBER);
	if (a->form->birth_day == AW_BIRTH_UNKNOWN)
		return;
	d = aw_date_of_day(a->form->birth_day);
	if (d.day != d.month)
		follow_birth(a, d.year, d.day, d.month);
	follow_birth(a, d.year - 1, d.month, d.day);
	follow_birth(a, d.year + 1, d.month, d.day);
}

/* Ends early as the index does, and sooner: as soon as somebody is certain. */
static int64_t
ask(const struct rival *rival, const struct aw_link_form *form, struct aw_str other)
{
	struct asking a = { .rival = rival, .form = form, .other = other };
	struct aw_link_key keys[AW_LINK_KEY_LIMIT];
	size_t count = aw_link_keys(form, other, keys);

	scale_for(&a);
	for (int wave = 0; wave < WAVES; wave++) {
		for (size_t i = 0; i < count; i++)
			if (wave_of(&keys[i]) == wave)
				follow(&a, keys[i].hash, keys[i].family);
		if (wave == WAVES - 1)
			follow_near(&a);
		if (a.best != 0 && a.conflicts == 0 &&
			a.total + a.scale.prior_mbits >= CERTAIN_MBITS)
			break;
	}
	return a.best;
}

/* -- measured -------------------------------------------------------------------------------------- */

static int
by_size(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static void
print_times(const char *name, double *us, size_t count)
{
	qsort(us, count, sizeof(*us), by_size);
	printf(", \"%s\": {\"p50_us\": %.2f, \"p95_us\": %.2f, \"p99_us\": %.2f}", name,
		us[count / 2], us[count * 95 / 100], us[count * 99 / 100]);
}

static void
tell_question(FILE *out, const struct aw_link_form *form, struct aw_str other, int64_t right)
{
	struct aw_link_key keys[AW_LINK_KEY_LIMIT];
	size_t count = aw_link_keys(form, other, keys);

	fprintf(out, "%" PRId64 ",%" PRIu64 ",%" PRIu64 ",%d,%d,%u,%u,%u", right,
		aw_link_exact_key(form), form->number, form->birth_day, form->sex, form->door,
		form->road, form->district);
	for (size_t i = 0; i < KEYS_TOLD; i++)
		fprintf(out, ",%" PRId64, i < count ? (int64_t)keys[i].hash : INT64_C(0));
	fputc('\n', out);
}

static void
measure(const struct rival *rival, const struct tw_filled *filled, const char *dir, uint64_t seed,
	size_t queries)
{
	double *ours = calloc(queries, sizeof(*ours)), *theirs = calloc(queries, sizeof(*theirs));
	FILE *questions = opened(dir, "questions.csv",
		"person,name,number,birth,sex,door,road,district,k0,k1,k2,k3,k4,k5,k6,k7,k8,k9,k10,"
		"k11");
	size_t same = 0, first = 0, theirs_first = 0;
	struct aw_random random;

	aw_random_seed(&random, seed + 91);
	for (size_t q = 0; q < queries; q++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct tw_household home;
		const struct tw_person *person =
			tw_draw(&random, seed, filled->households, 1, &home);
		struct tw_known known;
		struct tw_answer answer;
		struct aw_link_form form;
		struct aw_str other;
		int64_t best;

		tw_known_make(&home, person, &known);
		known.phone[0] = '\0';
		tw_corrupt(&random, &home, person, q % 2 == 0, &known);
		tw_known_form(&arena, &known, &form, &other);
		tell_question(questions, &form, other, person->id);
		tw_ask(filled->index, &known, person->id, 1, &answer);
		ours[q] = answer.busy_us;
		theirs[q] = tw_busy_seconds();
		best = ask(rival, &form, other);
		theirs[q] = (tw_busy_seconds() - theirs[q]) * 1e6;
		same += best == answer.first ? 1 : 0;
		first += answer.first == person->id ? 1 : 0;
		theirs_first += best == person->id ? 1 : 0;
	}
	(void)fclose(questions);
	printf(", \"queries\": %zu, \"same\": %zu, \"first\": %zu, \"rival_first\": %zu", queries,
		same, first, theirs_first);
	print_times("index", ours, queries);
	print_times("sqlite", theirs, queries);
	free(ours);
	free(theirs);
}

int
main(int argc, char **argv)
{
	size_t people = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	size_t queries = argc > 3 ? strtoull(argv[3], NULL, 10) : 2000;
	uint64_t seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
	struct rival rival = { 0 };
	struct tw_filled filled;
	double fill_s;

	if (people == 0 || queries == 0) {
		fprintf(stderr, "usage: bench_live_sqlite DIR PEOPLE [QUERIES] [SEED]\n");
		return 2;
	}
	tw_begin();
	aw_link_model_default(&rival.model);
	tw_fill(seed, people, &rival.model, &filled);
	rival.people = (uint32_t)filled.people;
	fill_s = fill(&rival, argv[1], seed, filled.households);
	printf("{\"sqlite_version\": \"%s\", \"people\": %zu, \"sqlite_fill_s\": %.1f, "
	       "\"index_build_s\": %.2f",
		sqlite3_libversion(), filled.people, fill_s, filled.build_s);
	measure(&rival, &filled, argv[1], seed, queries);
	printf("}\n");
	sqlite3_finalize(rival.find);
	sqlite3_finalize(rival.count);
	sqlite3_close(rival.db);
	aw_link_index_free(filled.index);
	return 0;
}
