/* A policy's SQL sees the published views alone, only reads, and stops at its limits. */
#include "base/clock.h"
#include "db/published.h"
#include "db/setting.h"
#include "db/test.sql.h"
#include "pgdb.h"

struct row {
	int64_t n;
};

struct
try {
	const char *text;
	struct aw_limits limits;
	struct aw_arena arena;
	void *rows;
	size_t count;
};

static enum aw_status
try_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	static const struct aw_sql_field ins[] = { { "least", 0, AW_SQL_INT64, false } };
	static const struct aw_sql_field outs[] = { { "n", 0, AW_SQL_INT64, false } };
	struct try *try = arg;
	struct aw_sql sql = { .name = "try",
		.place = "indicators/try.sql",
		.mode = AW_SQL_MANY,
		.sqlite = try->text,
		.postgres = try->text,
		.ins = ins,
		.in_count = 1,
		.in_size = sizeof(int64_t),
		.outs = outs,
		.out_count = 1,
		.row_size = sizeof(struct row) };
	int64_t least = 7;

	return aw_published_many(tx,
		&(struct aw_published){ .sql = &sql, .in = &least, .limits = try->limits },
		&try->arena, &try->rows, &try->count, err);
}

static enum aw_status
run(struct testdb *t, const char *text, struct aw_limits limits, struct aw_error *err)
{
	struct try try = { .text = text, .limits = limits };
	enum aw_status status = aw_db_read(t->db, try_in, &try, err);

	aw_arena_done(&try.arena);
	return status;
}

static void
views_are_read_and_parameters_bound_by_name(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };
	struct try try = { .text = "WITH x (n) AS (SELECT count(*) FROM v_report UNION ALL"
				   " SELECT coalesce(max(age), 5) FROM v_issue)"
				   " SELECT n + :least AS n FROM x ORDER BY n" };

	assert_ok(aw_db_read(t->db, try_in, &try, &err));
	assert_int_equal(try.count, 2);
	assert_int_equal(((struct row *)try.rows)[0].n, 7);
	assert_int_equal(((struct row *)try.rows)[1].n, 12);
	aw_arena_done(&try.arena);
}

/* Each of these must be AW_INVALID, with the file's name in the words. */
static void
all_are_refused(struct testdb *t, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct aw_error err = { 0 };
		if (run(t, texts[i], (struct aw_limits){ 0 }, &err) != AW_INVALID)
			fail_msg("\"%s\" gave %s: %s", texts[i], aw_status_name(err.status),
				err.text);
		assert_non_null(strstr(err.text, "indicators/try.sql"));
	}
}

static void
what_is_not_published_is_refused_however_it_is_written(void **state)
{
	static const char *const texts[] = {
		"SELECT count(*) AS n FROM account",
		"SELECT version AS n FROM person",
		"SELECT received_at AS n FROM report",
		"SELECT (SELECT length(sealed) FROM person) AS n",
		"WITH v_x AS (SELECT version FROM person) SELECT version AS n FROM v_x",
		"WITH v_report AS (SELECT version FROM person) SELECT version AS n FROM v_report",
		"WITH v_x AS (SELECT count(*) AS n FROM account) SELECT n FROM v_x",
		"SELECT n FROM (SELECT version AS n FROM person) AS v_person",
		"SELECT count(*) AS n FROM v_report AS v JOIN report AS r ON r.id = v.id",
		"SELECT rowid AS n FROM account",
		"SELECT count(*) AS n FROM sqlite_schema",
		"SELECT count(*) AS n FROM sqlite_master",
		"SELECT count(*) AS n FROM pragma_table_info('person')",
		"SELECT first_day AS n FROM calendar_month",
		"SELECT length(randomblob(10)) AS n",
		"SELECT load_extension('x') AS n",
		"PRAGMA user_version",
		"ATTACH ':memory:' AS n",
		"DELETE FROM setting",
		"INSERT INTO setting (name, value) VALUES ('a', 'b') RETURNING 1 AS n",
		"BEGIN",
		"SELECT 1 AS n; SELECT 2 AS n",
		"SELECT 1 AS m",
		"SELECT 1 AS n, 2 AS m",
		"SELEC 1 AS n",
		"-- nothing",
	};
	all_are_refused(*state, texts, AW_COUNT(texts));
}

/* PostgreSQL has no authorizer: what its words could reach beside. */
static void
postgresqls_own_ways_around_are_refused(void **state)
{
	static const char *const texts[] = {
		"SELECT count(*) AS n FROM public.person",
		"SELECT count(*) AS n FROM published.v_person, public . person",
		"SELECT count(*) AS n FROM pg_class",
		"SELECT count(*) AS n FROM pg_catalog.pg_class",
		"SELECT count(*) AS n FROM information_schema.tables",
		"SELECT count(*) AS n FROM \"person\"",
		"SELECT count(*) AS n FROM U&\"\\0070erson\"",
		"TABLE person",
		"SELECT 1 AS n FROM pg_sleep(1)",
		"SELECT length(query_to_xml('SELECT 1', true, true, '')) AS n",
		"WITH a AS (SELECT 1 AS n) SELECT n FROM a, query_to_xml(n) AS (b text)",
		"SELECT n FROM count(1) WITH ORDINALITY AS a (n), query_to_xml('') AS b (c)",
		"SELECT set_config('search_path', 'public', true) AS n",
		"SELECT set_config /* ( */ ('search_path', 'public', true) AS n",
		"SELECT $$a$$ AS n",
		"SELECT E'\\'' AS n",
		"SELECT 1 AS n FROM v_report FOR UPDATE",
		"SELECT 1 AS n INTO x FROM v_report",
		"SELECT 1 / 0 AS n FROM v_report WHERE 1 / (id - id) = 1",
		"SELECT 'open AS n",
		"SELECT (1 AS n",
		"SELECT 1) AS n",
		"SELECT :most AS n",
	};

	all_are_refused(*state, texts, AW_COUNT(texts));
}

static void
an_endless_definition_stops_at_either_limit(void **state)
{
	static const char endless[] = "WITH RECURSIVE x (n) AS (SELECT 1 UNION ALL"
				      " SELECT n + 1 FROM x) SELECT count(*) AS n FROM x";
	struct testdb *t = *state;
	struct aw_error err = { 0 };
	int64_t begun = aw_monotonic_us();

	if (strncmp(t->url, "sqlite:", 7) == 0) /* PostgreSQL counts no steps */
		assert_fails(run(t, endless, (struct aw_limits){ .steps = 1000000 }, &err),
			AW_TOO_LARGE, "took more than its 1000000 steps");
	assert_fails(run(t, endless, (struct aw_limits){ .steps = INT64_MAX, .ms = 50 }, &err),
		AW_TOO_LARGE, " 50 ms");
	assert_true(aw_monotonic_us() - begun < 20000000);
	/* and the connection is as before */
	assert_ok(run(t, "SELECT 1 AS n", (struct aw_limits){ 0 }, &err));
}

static enum aw_status
read_setting(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct try *try = arg;
	const char *value = NULL;

	if (try_in(tx, try, err) != AW_OK)
		return err->status;
	return aw_setting_get(tx, &try->arena, "city", &value, err);
}

static void
the_houses_own_statements_run_beside_it_in_the_same_snapshot(void **state)
{
	struct testdb *t = *state;
	struct try try = { .text = "SELECT count(*) AS n FROM v_person" };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(t->db, read_setting, &try, &err));
	assert_int_equal(try.count, 1);
	aw_arena_done(&try.arena);
}

struct months {
	struct aw_arena arena;
	struct sql_test_months *rows;
	size_t count;
};

static enum aw_status
read_months(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct months *months = arg;

	return sql_test_months(tx, &months->arena, &months->rows, &months->count, err);
}

static void
the_calendar_of_months_is_the_civil_calendar(void **state)
{
	struct testdb *t = *state;
	struct months months = { 0 };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(t->db, read_months, &months, &err));
	assert_int_equal(months.count, (2100 - 1970 + 1) * 12);
	for (size_t i = 0; i < months.count; i++) {
		int32_t year = (int32_t)(months.rows[i].month / 12);
		int32_t month = (int32_t)(months.rows[i].month % 12) + 1;
		assert_int_equal(months.rows[i].first_day,
			aw_day_of_date((struct aw_date){ year, month, 1 }));
		assert_int_equal(months.rows[i].days, aw_month_days(year, month));
	}
	assert_int_equal(months.rows[0].first_day, 0);
	aw_arena_done(&months.arena);
}

AW_TESTS(ON_BOTH(views_are_read_and_parameters_bound_by_name),
	ON_BOTH(what_is_not_published_is_refused_however_it_is_written),
	ON_PG(postgresqls_own_ways_around_are_refused),
	ON_BOTH(an_endless_definition_stops_at_either_limit),
	ON_BOTH(the_houses_own_statements_run_beside_it_in_the_same_snapshot),
	ON_BOTH(the_calendar_of_months_is_the_civil_calendar))
