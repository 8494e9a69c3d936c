/* Typed cells: what is not what was declared is refused, what is comes back whole. */
#include "db/stmt.h"
#include "db/test.sql.h"
#include "testdb.h"

/* A row of one column, for statements written by hand. */
struct one {
	union {
		int64_t number;
		const char *text;
		struct aw_bytes bytes;
		int32_t day;
		bool flag;
		struct aw_maybe maybe;
	} v;
};

struct probe {
	struct aw_sql sql;
	struct aw_sql_field out;
	struct aw_arena arena;
	struct one row;
	bool found;
};

static enum aw_status
probe_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct probe *probe = arg;

	return aw_sql_one(tx, &probe->sql, NULL, &probe->arena, &probe->row, &probe->found, err);
}

/* Reads one column of `select` declared as given. */
static enum aw_status
probe(struct testdb *t, struct probe *probe, const char *select, enum aw_sql_type type,
	bool nullable, struct aw_error *err)
{
	*probe = (struct probe){ .out = { "v", 0, type, nullable } };
	probe->sql = (struct aw_sql){ .name = "probe",
		.place = "here:1",
		.mode = AW_SQL_ONE,
		.sqlite = select,
		.postgres = select,
		.outs = &probe->out,
		.out_count = 1,
		.row_size = sizeof(struct one) };
	/* a statement is known by its address and this one goes: a database of its own */
	testdb_shut(t);
	testdb_reopen(t);
	return aw_db_read(t->db, probe_in, probe, err);
}

static void
a_column_of_another_type_is_corrupt(void **state)
{
	static const struct {
		const char *select, *words;
		enum aw_sql_type type;
	} cases[] = {
		{ "SELECT 'x' AS v", "v is not a whole number", AW_SQL_INT64 },
		{ "SELECT 1.5 AS v", "v is not a whole number", AW_SQL_ID },
		{ "SELECT 2 AS v", "v is neither 0 nor 1", AW_SQL_FLAG },
		{ "SELECT 3000000000 AS v", "v is not a day", AW_SQL_DAY },
		{ "SELECT NULL AS v", "v is NULL", AW_SQL_DAY },
		{ "SELECT NULL AS v", "v is NULL", AW_SQL_TEXT },
		{ "SELECT 1 AS v", "v is not text", AW_SQL_TEXT },
		{ "SELECT x'610062' AS v", "v is not text", AW_SQL_TEXT },
		{ "SELECT CAST(x'610062' AS TEXT) AS v", "v holds a zero byte", AW_SQL_TEXT },
		{ "SELECT 'x' AS v", "v is not bytes", AW_SQL_BYTES },
	};
	struct aw_error err = { 0 };
	struct probe p;

	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		assert_fails(probe(*state, &p, cases[i].select, cases[i].type, false, &err),
			AW_CORRUPT, cases[i].words);
		aw_arena_done(&p.arena);
	}
}

static void
declared_values_come_back_whole(void **state)
{
	struct aw_error err = { 0 };
	struct probe p;

	assert_ok(probe(*state, &p, "SELECT -9223372036854775807 AS v", AW_SQL_INT64, false, &err));
	assert_true(p.row.v.number == -INT64_MAX);
	aw_arena_done(&p.arena);
	assert_ok(probe(*state, &p, "SELECT 1 AS v", AW_SQL_FLAG, false, &err));
	assert_true(p.row.v.flag);
	aw_arena_done(&p.arena);
	assert_ok(probe(*state, &p, "SELECT -1 AS v", AW_SQL_DAY, false, &err));
	assert_int_equal(p.row.v.day, -1);
	aw_arena_done(&p.arena);
	assert_ok(probe(*state, &p, "SELECT '基隆' AS v", AW_SQL_TEXT, true, &err));
	assert_string_equal(p.row.v.text, "基隆");
	aw_arena_done(&p.arena);
	assert_ok(probe(*state, &p, "SELECT NULL AS v", AW_SQL_TEXT, true, &err));
	assert_null(p.row.v.text);
	aw_arena_done(&p.arena);
	assert_ok(probe(*state, &p, "SELECT NULL AS v", AW_SQL_DAY, true, &err));
	assert_false(p.row.v.maybe.known);
	aw_arena_done(&p.arena);
}

static void
no_bytes_and_absent_bytes_are_not_the_same(void **state)
{
	struct aw_error err = { 0 };
	struct probe p;

	assert_ok(probe(*state, &p, "SELECT x'' AS v", AW_SQL_BYTES, true, &err));
	assert_non_null(p.row.v.bytes.at);
	assert_int_equal(p.row.v.bytes.len, 0);
	aw_arena_done(&p.arena);
	assert_ok(probe(*state, &p, "SELECT NULL AS v", AW_SQL_BYTES, true, &err));
	assert_null(p.row.v.bytes.at);
	aw_arena_done(&p.arena);
}

static void
a_statement_that_is_not_what_it_declares_is_our_bug(void **state)
{
	struct aw_error err = { 0 };
	struct probe p;

	assert_fails(probe(*state, &p, "SELECT 1 AS w", AW_SQL_INT64, false, &err), AW_INTERNAL,
		"column 1 is called w, declared is v");
	aw_arena_done(&p.arena);
	assert_fails(probe(*state, &p, "SELECT 1 AS v, 2 AS w", AW_SQL_INT64, false, &err),
		AW_INTERNAL, "has 2 columns and declares 1");
	aw_arena_done(&p.arena);
	assert_fails(
		probe(*state, &p, "SELECT 1 AS v UNION ALL SELECT 2", AW_SQL_INT64, false, &err),
		AW_INTERNAL, "more than one row");
	aw_arena_done(&p.arena);
	assert_fails(probe(*state, &p, "SELECT x AS v", AW_SQL_INT64, false, &err), AW_INTERNAL,
		"no such column");
	aw_arena_done(&p.arena);
}

static void
what_rooms_must_not_do_is_refused_by_the_engine(void **state)
{
	static const char *const texts[] = { "ATTACH 'x' AS y", "PRAGMA user_version",
		"DELETE FROM sqlite_schema", "CREATE TABLE x (y)", "DROP TABLE setting" };
	struct aw_error err = { 0 };
	struct probe p;

	for (size_t i = 0; i < AW_COUNT(texts); i++) {
		assert_int_equal(
			probe(*state, &p, texts[i], AW_SQL_INT64, false, &err), AW_INTERNAL);
		aw_arena_done(&p.arena);
	}
}

static enum aw_status
put_cells(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	for (int64_t i = 1; i <= 3; i++) {
		uint8_t data[] = { (uint8_t)i, 0, 7 };
		if (sql_test_cell_put(tx,
			    &(struct sql_test_cell_put_in){
				    .id = i, .holder = "", .wrapped = { data, sizeof(data) } },
			    err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* Scans inside a scan of the same statement. */
struct nested {
	struct aw_tx *tx;
	int64_t outer, inner;
	bool inside;
};

static enum aw_status
count_inner(const struct sql_test_cells_each *row, void *arg, struct aw_error *err)
{
	struct nested *nested = arg;

	(void)err;
	nested->inner += row->id;
	return AW_OK;
}

static enum aw_status
count_outer(const struct sql_test_cells_each *row, void *arg, struct aw_error *err)
{
	struct nested *nested = arg;

	nested->outer += row->id;
	assert_int_equal(row->wrapped.len, 3);
	assert_int_equal(row->wrapped.at[0], row->id);
	return sql_test_cells_each(nested->tx, count_inner, nested, err);
}

static enum aw_status
scan_nested(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct nested *nested = arg;

	nested->tx = tx;
	return sql_test_cells_each(tx, count_outer, nested, err);
}

static enum aw_status
stop_at_once(const struct sql_test_cells_each *row, void *arg, struct aw_error *err)
{
	int *calls = arg;

	(void)row;
	(*calls)++;
	return aw_fail(err, AW_TOO_LARGE, "enough");
}

static enum aw_status
scan_and_stop(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	return sql_test_cells_each(tx, stop_at_once, arg, err);
}

static void
a_scan_may_run_inside_itself_and_may_stop(void **state)
{
	struct testdb *t = *state;
	struct nested nested = { 0 };
	struct aw_error err = { 0 };
	int calls = 0;

	assert_ok(aw_db_write(t->db, put_cells, NULL, &err));
	assert_ok(aw_db_read(t->db, scan_nested, &nested, &err));
	assert_int_equal(nested.outer, 6);
	assert_int_equal(nested.inner, 18);
	assert_fails(aw_db_read(t->db, scan_and_stop, &calls, &err), AW_TOO_LARGE, "enough");
	assert_int_equal(calls, 1);
	nested = (struct nested){ 0 };
	assert_ok(aw_db_read(t->db, scan_nested, &nested, &err));
	assert_int_equal(nested.outer, 6);
}

static void
a_broken_constraint_is_a_conflict_and_names_no_value(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(t->db, put_cells, NULL, &err));
	assert_fails(aw_db_write(t->db, put_cells, NULL, &err), AW_CONFLICT,
		"UNIQUE constraint failed: data_key.id");
	assert_non_null(strstr(err.text, "test_cell_put"));
}

static enum aw_status
put_absent(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	return sql_test_cell_put(tx, &(struct sql_test_cell_put_in){ .id = 1, .holder = "" }, err);
}

static void
an_absent_parameter_that_must_be_there_is_refused_before_the_database(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };

	assert_fails(aw_db_write(t->db, put_absent, NULL, &err), AW_INTERNAL,
		"wrapped must not be NULL");
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, testdb_setup, testdb_teardown)
AW_TESTS(WITH_DB(a_column_of_another_type_is_corrupt), WITH_DB(declared_values_come_back_whole),
	WITH_DB(no_bytes_and_absent_bytes_are_not_the_same),
	WITH_DB(a_statement_that_is_not_what_it_declares_is_our_bug),
	WITH_DB(what_rooms_must_not_do_is_refused_by_the_engine),
	WITH_DB(a_scan_may_run_inside_itself_and_may_stop),
	WITH_DB(a_broken_constraint_is_a_conflict_and_names_no_value),
	WITH_DB(an_absent_parameter_that_must_be_there_is_refused_before_the_database))
