/* Times the log: a fill, the whole verified beside a bare SHA-256 of as many bytes, and the questions
 * an auditor asks. bench_log URL ENTRIES
 * A database that is not there is made and filled directly, with a checkpoint each 256 entries; its
 * indexes are built in the end. Prints one JSON object. */
#include <inttypes.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "db/migrate.h"
#include "guard/access.h"
#include "guard/log_leaf.h"
#include "guard/note.h"

enum {
	PEOPLE = 365000,
	ACCOUNTS = 2000,

	SIGNED = 256, /* entries a checkpoint */
	ASKED = 1000,
	PAGE = 50,
};

static const int64_t begin_ms = INT64_C(1700000000000);

struct bench {
	struct aw_db *db;
	struct aw_ids ids;
	struct aw_random random;
	struct aw_log_key key;
	int64_t entries;
	sqlite3 *raw; /* to fill */
	sqlite3_stmt *add_entry, *add_subject, *add_checkpoint;
	struct aw_log_query query;
	int64_t rows; /* of an answer */
	double times_ms[ASKED];
};

static double
since_ms(int64_t start_us)
{
	return (double)(aw_monotonic_us() - start_us) / 1000;
}

/* -- filling ------------------------------------------------------------------------------------ */

/* Few are looked at often: the square of an even draw. */
static int64_t
someone(struct aw_random *random, int64_t most)
{
	int64_t draw = (int64_t)aw_random_below(random, (uint64_t)most);

	return 1 + (int64_t)((double)draw * (double)draw / (double)most);
}

static void
check(struct bench *bench, int rc)
{
	if (rc != SQLITE_OK && rc != SQLITE_DONE)
		aw_die(sqlite3_errmsg(bench->raw));
}

static void
sql(struct bench *bench, const char *text)
{
	check(bench, sqlite3_exec(bench->raw, text, NULL, NULL, NULL));
}

static void
text_at(sqlite3_stmt *row, int at, const char *text)
{
	(void)sqlite3_bind_text(row, at, text, -1, SQLITE_STATIC);
}

static void
add_row(struct bench *bench, const struct aw_log_entry *e)
{
	sqlite3_stmt *row = bench->add_entry;

	(void)sqlite3_bind_int64(row, 1, e->leaf);
	(void)sqlite3_bind_int64(row, 2, e->at);
	(void)sqlite3_bind_int64(row, 3, e->account);
	text_at(row, 4, e->actor);
	text_at(row, 5, e->unit);
	text_at(row, 6, e->purpose);
	text_at(row, 7, e->action);
	text_at(row, 8, e->object);
	text_at(row, 9, e->outcome);
	(void)sqlite3_bind_blob(row, 10, e->hash.at, AW_HASH_BYTES, SQLITE_STATIC);
	check(bench, sqlite3_step(row));
	check(bench, sqlite3_reset(row));
	row = bench->add_subject;
	for (size_t i = 0; i < e->subject_count; i++) {
		(void)sqlite3_bind_int64(row, 1, e->leaf);
		(void)sqlite3_bind_int64(row, 2, e->subjects[i].person);
		text_at(row, 3, e->subjects[i].classes);
		check(bench, sqlite3_step(row));
		check(bench, sqlite3_reset(row));
	}
}

static void
add_entry(struct bench *bench, struct aw_tree *tree)
{
	static const struct {
		const char *action;
		size_t people;
	} acts[] = { { "person.view", 1 }, { "person.view", 1 }, { "report.view", 2 },
		{ "family.view", 4 }, { "desk.work", 0 }, { "dispatch.board", 0 },
		{ "person.search", 1 }, { "family.contact", 1 } };
	AW_SCOPE(aw_arena) arena = { 0 };
	size_t kind = (size_t)aw_random_below(&bench->random, AW_COUNT(acts));
	struct aw_log_subject subjects[4];
	struct aw_log_entry e = { .leaf = (int64_t)tree->size,
		.account = someone(&bench->random, ACCOUNTS),
		.unit = "dv_adult",
		.purpose = "casework",
		.action = acts[kind].action,
		.outcome = tree->size % 4096 == 7 ? "denied" : "ok",
		.subjects = subjects,
		.subject_count = acts[kind].people };
	int64_t person = someone(&bench->random, PEOPLE);

	e.at = begin_ms + e.leaf * 6000;
	e.actor = aw_arena_printf(&arena, "worker%" PRId64, e.account);
	if (e.subject_count > 0)
		e.object = aw_arena_printf(&arena, "PC1101206-%04" PRId64 "-1", e.leaf % 10000);
	for (size_t i = 0; i < e.subject_count; i++) /* by person; a family stands together */
		subjects[i] = (struct aw_log_subject){ .person = person + (int64_t)i,
			.classes = "existence,identity,risk" };
	e.hash = aw_leaf_hash(&arena, &e);
	aw_tree_add(tree, &e.hash);
	add_row(bench, &e);
}

static void
sign(struct bench *bench, const struct aw_tree *tree)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_hash root = aw_tree_root(tree);
	sqlite3_stmt *row = bench->add_checkpoint;

	(void)sqlite3_bind_int64(row, 1, (int64_t)tree->size);
	(void)sqlite3_bind_blob(row, 2, root.at, AW_HASH_BYTES, SQLITE_STATIC);
	(void)sqlite3_bind_blob(row, 3, tree->peaks[0].at,
		(int)(aw_tree_peaks(tree->size) * AW_HASH_BYTES), SQLITE_STATIC);
	(void)sqlite3_bind_int64(row, 4, begin_ms + (int64_t)tree->size * 6000);
	text_at(row, 5, aw_note_sign(&arena, &bench->key, tree->size, &root));
	check(bench, sqlite3_step(row));
	check(bench, sqlite3_reset(row));
}

/* The statements that build the log's indexes, one behind the other; and drops them. */
static char *
take_indexes(struct bench *bench, struct aw_arena *arena)
{
	struct aw_buf make = { .arena = arena }, drop = { .arena = arena };
	sqlite3_stmt *row = NULL;

	check(bench, sqlite3_prepare_v2(bench->raw,
			     "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql "
			     "IS NOT NULL AND tbl_name IN ('audit_entry', 'audit_subject')",
			     -1, &row, NULL));
	while (sqlite3_step(row) == SQLITE_ROW) {
		aw_buf_printf(&drop, "DROP INDEX %s;", (const char *)sqlite3_column_text(row, 0));
		aw_buf_printf(&make, "%s;", (const char *)sqlite3_column_text(row, 1));
	}
	check(bench, sqlite3_finalize(row));
	sql(bench, aw_buf_z(&drop));
	return aw_arena_strdup(arena, aw_buf_z(&make));
}

static void
fill_rows(struct bench *bench, const char *path)
{
	static const char *const texts[] = {
		"INSERT INTO audit_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
		"INSERT INTO audit_subject VALUES (?, ?, ?)",
		"INSERT INTO audit_checkpoint VALUES (?, ?, ?, ?, ?)"
	};
	sqlite3_stmt **rows[] = { &bench->add_entry, &bench->add_subject, &bench->add_checkpoint };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_tree tree = { 0 };
	char *indexes;

	check(bench, sqlite3_open(path, &bench->raw));
	sql(bench,
		"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
	indexes = take_indexes(bench, &arena);
	for (size_t i = 0; i < AW_COUNT(texts); i++)
		check(bench, sqlite3_prepare_v2(bench->raw, texts[i], -1, rows[i], NULL));
	sql(bench, "BEGIN");
	while ((int64_t)tree.size < bench->entries) {
		add_entry(bench, &tree);
		if (tree.size % SIGNED == 0 || (int64_t)tree.size == bench->entries)
			sign(bench, &tree);
	}
	sql(bench, "COMMIT");
	for (size_t i = 0; i < AW_COUNT(texts); i++)
		check(bench, sqlite3_finalize(*rows[i]));
	sql(bench, indexes);
	sql(bench, "PRAGMA analysis_limit = 1000; ANALYZE; PRAGMA journal_mode = WAL");
	check(bench, sqlite3_close(bench->raw));
}

static enum aw_status
fill(struct bench *bench, const char *url, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_keyring *keyring = NULL;
	const char *path = url + strlen("sqlite:");
	const char *key = aw_arena_printf(&arena, "%s.key", path);
	enum aw_status status = AW_OK;

	if (aw_db_open(&(struct aw_db_options){ .url = url, .create = true }, &bench->db, err) !=
			AW_OK ||
		aw_db_migrate(bench->db, NULL, NULL, err) != AW_OK ||
		aw_root_key_make(key, err) != AW_OK ||
		aw_keyring_open(bench->db, key, &keyring, err) != AW_OK ||
		aw_log_key_open(bench->db, keyring, &bench->ids, &bench->key, err) != AW_OK)
		status = err->status;
	aw_keyring_close(keyring);
	aw_db_close(bench->db);
	bench->db = NULL;
	if (status == AW_OK)
		fill_rows(bench, path);
	return status;
}

/* -- verifying ---------------------------------------------------------------------------------- */

/* As many bytes in as many pieces, hashed and nothing else: leaves of the mean length, nodes. */
static double
bare_sha256_s(const struct aw_log_report *report)
{
	size_t len = report->entries == 0 ? 0 : (size_t)(report->bytes / report->entries);
	int64_t start_us = aw_monotonic_us();
	uint8_t *piece = calloc(1, len + 65), hash[32];

	if (piece == NULL)
		aw_die("out of memory");
	for (int64_t i = 0; i < report->entries; i++) {
		crypto_hash_sha256(hash, piece, len);
		piece[i % 32] ^= hash[0];
		crypto_hash_sha256(hash, piece, 65);
	}
	free(piece);
	return since_ms(start_us) / 1000;
}

/* -- asking ------------------------------------------------------------------------------------- */

static enum aw_status
ask(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct bench *bench = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_log_entry *entries;
	size_t count;
	bool more;

	if (aw_log_find(tx, &arena, &bench->query, &entries, &count, &more, err) != AW_OK)
		return err->status;
	bench->rows += (int64_t)count;
	return AW_OK;
}

static enum aw_status
ask_looks(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct bench *bench = arg;
	int64_t looks, accounts;

	if (aw_log_looks(tx, bench->query.person, bench->query.from_at, &looks, &accounts, err) !=
		AW_OK)
		return err->status;
	bench->rows += looks;
	return AW_OK;
}

static int
by_size(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Asks `times` times, each of somebody else, and prints what it took. */
static enum aw_status
time_question(struct bench *bench, const char *name, aw_work_fn *fn, size_t times,
	const struct aw_log_query *query, struct aw_error *err)
{
	bench->rows = 0;
	for (size_t i = 0; i < times; i++) {
		int64_t start_us = aw_monotonic_us();

		bench->query = *query;
		if (query->person < 0)
			bench->query.person = someone(&bench->random, PEOPLE);
		if (query->account < 0)
			bench->query.account = someone(&bench->random, ACCOUNTS);
		if (aw_db_read(bench->db, fn, bench, err) != AW_OK)
			return err->status;
		bench->times_ms[i] = since_ms(start_us);
	}
	qsort(bench->times_ms, times, sizeof(*bench->times_ms), by_size);
	printf(",\n \"%s\": {\"asked\": %zu, \"rows\": %" PRId64
	       ", \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}",
		name, times, bench->rows, bench->times_ms[times / 2],
		bench->times_ms[times * 99 / 100], bench->times_ms[times - 1]);
	return AW_OK;
}

static enum aw_status
questions(struct bench *bench, struct aw_error *err)
{
	const int64_t end_ms = begin_ms + bench->entries * 6000;
	const struct {
		const char *name;
		aw_work_fn *fn;
		size_t times;
		struct aw_log_query query;
	} all[] = {
		{ "newest", ask, 20, { .limit = PAGE } },
		{ "who_saw", ask, ASKED, { .person = -1, .limit = PAGE } },
		{ "whom_saw", ask, ASKED, { .account = -1, .limit = PAGE } },
		{ "looks_30_days", ask_looks, ASKED,
			{ .person = -1, .from_at = end_ms - 30 * AW_DAY_MS } },
		{ "looks_of_the_most_seen", ask_looks, 5,
			{ .person = 1, .from_at = end_ms - 30 * AW_DAY_MS } },
		{ "refused_of_the_busiest", ask, 5,
			{ .account = 1, .outcome = "denied", .limit = PAGE } },
		{ "oldest_day_of_the_busiest", ask, 5,
			{ .account = 1, .to_at = begin_ms + AW_DAY_MS, .limit = PAGE } },
		{ "oldest_day", ask, 5, { .to_at = begin_ms + AW_DAY_MS, .limit = PAGE } },
		{ "refused", ask, 5, { .outcome = "denied", .limit = PAGE } },
		{ "an_outcome_that_never_was", ask, 3, { .outcome = "corrupt", .limit = PAGE } },
	};

	for (size_t i = 0; i < AW_COUNT(all); i++)
		if (time_question(bench, all[i].name, all[i].fn, all[i].times, &all[i].query,
			    err) != AW_OK)
			return err->status;
	return AW_OK;
}

/* What all threads of this process took of the processors: it tells more than the clock when others
 * work beside it. */
static double
cpu_s(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static enum aw_status
run(struct bench *bench, const char *url, struct aw_error *err)
{
	struct aw_log_report report;
	int64_t start_us;
	double verify_s, bare_s, verify_cpu_s, bare_cpu_s;

	if (access(url + strlen("sqlite:"), F_OK) != 0 && fill(bench, url, err) != AW_OK)
		return err->status;
	if (aw_db_open(&(struct aw_db_options){ .url = url }, &bench->db, err) != AW_OK)
		return err->status;
	start_us = aw_monotonic_us();
	verify_cpu_s = cpu_s();
	if (aw_log_verify(bench->db, NULL, NULL, &report, err) != AW_OK)
		return err->status;
	verify_s = since_ms(start_us) / 1000;
	verify_cpu_s = cpu_s() - verify_cpu_s;
	if (report.fault != AW_LOG_SOUND)
		return aw_fail(err, AW_CORRUPT, "%s", report.text);
	bare_cpu_s = cpu_s();
	bare_s = bare_sha256_s(&report);
	bare_cpu_s = cpu_s() - bare_cpu_s;
	bench->entries = report.entries;
	printf("{\"entries\": %" PRId64 ", \"checkpoints\": %" PRId64 ", \"bytes\": %" PRId64
	       ", \"verify_s\": %.2f, \"verify_cpu_s\": %.2f, \"bare_sha256_s\": %.2f, "
	       "\"bare_sha256_cpu_s\": %.2f",
		report.entries, report.checkpoints, report.bytes, verify_s, verify_cpu_s, bare_s,
		bare_cpu_s);
	if (questions(bench, err) != AW_OK)
		return err->status;
	printf("}\n");
	return AW_OK;
}

int
main(int argc, char **argv)
{
	struct bench bench = { 0 };
	struct aw_error err = { 0 };
	enum aw_status status;

	if (argc != 3 || strncmp(argv[1], "sqlite:", 7) != 0 || atoll(argv[2]) < 1) {
		(void)fputs("usage: bench_log sqlite:PATH ENTRIES\n", stderr);
		return 2;
	}
	bench.entries = atoll(argv[2]);
	aw_random_seed(&bench.random, 1);
	aw_ids_init(&bench.ids, &bench.random);
	status = run(&bench, argv[1], &err);
	if (status != AW_OK)
		fprintf(stderr, "bench_log: %s\n", err.text);
	aw_log_key_done(&bench.key);
	aw_db_close(bench.db);
	return status == AW_OK ? 0 : 3;
}
