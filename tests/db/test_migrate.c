/* From every released schema on, a database becomes this program's and keeps what it holds. */
#include "db/schema.h"
#include "db/setting.h"
#include "testdb.h"

struct job {
	struct aw_arena arena;
	const char *value;
};

static enum aw_status
put(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_setting_put(tx, "city", "C", err);
}

static enum aw_status
get(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	return aw_setting_get(tx, &job->arena, "city", &job->value, err);
}

static void
open_empty(struct testdb *t)
{
	struct aw_error err = { 0 };

	*t = (struct testdb){ .dir = "/tmp/anwang-test-XXXXXX" };
	assert_non_null(mkdtemp(t->dir));
	(void)snprintf(t->url, sizeof(t->url), "sqlite:%s/t.db", t->dir);
	assert_ok(
		aw_db_open(&(struct aw_db_options){ .url = t->url, .create = true }, &t->db, &err));
}

static void
every_released_schema_is_brought_up_and_keeps_its_rows(void **state)
{
	struct aw_error err = { 0 };

	(void)state;
	assert_true(aw_migration_count > 0);
	for (int64_t from = 1; from <= (int64_t)aw_migration_count; from++) {
		struct testdb t;
		struct job job = { 0 };
		int64_t before = -1, after = -1;

		open_empty(&t);
		assert_ok(aw_db_migrate_to(t.db, from, &before, &after, &err));
		assert_int_equal(before, 0);
		assert_int_equal(after, from);
		assert_ok(aw_db_write(t.db, put, NULL, &err));
		assert_ok(aw_db_migrate(t.db, &before, &after, &err));
		assert_int_equal(before, from);
		assert_int_equal(after, aw_migration_count);
		assert_ok(aw_db_check_schema(t.db, &err));
		assert_ok(aw_db_read(t.db, get, &job, &err));
		assert_string_equal(job.value, "C");
		assert_ok(aw_db_migrate(t.db, &before, &after, &err)); /* nothing to do */
		assert_int_equal(before, after);
		aw_arena_done(&job.arena);
		testdb_close(&t);
	}
}

static void
a_database_without_schema_says_what_to_run(void **state)
{
	struct testdb t;
	struct aw_error err = { 0 };

	(void)state;
	open_empty(&t);
	assert_fails(aw_db_check_schema(t.db, &err), AW_CONFLICT, "run anwang init first");
	testdb_close(&t);
}

static void
migrations_are_numbered_without_gaps_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < aw_migration_count; i++) {
		assert_int_equal(aw_migrations[i].number, i + 1);
		assert_true(strlen(aw_migrations[i].name) > 0);
		assert_non_null(aw_migrations[i].sqlite[0]);
		assert_non_null(aw_migrations[i].postgres[0]);
	}
}

AW_TESTS(cmocka_unit_test(every_released_schema_is_brought_up_and_keeps_its_rows),
	cmocka_unit_test(a_database_without_schema_says_what_to_run),
	cmocka_unit_test(migrations_are_numbered_without_gaps_and_named))
