/* Runs every statement of the program on SQLite and PostgreSQL over one fixture and compares rows
 * and types. ANWANG_PG is the URL of an empty PostgreSQL (tools/pg_cluster.sh). */
#include "statements.h"
#include "testdb.h"

struct both {
	struct testdb sqlite;
	struct aw_db *pg;
};

/* What one engine said: rows as text, counted. */
struct outcome {
	const struct statement_case *of;
	const struct aw_sql *sql; /* running now */
	struct aw_arena arena;
	struct aw_buf text;
	size_t rows;
	int64_t changed;
};

static bool
kind_is_declared(const struct aw_sql_field *field, const struct aw_cell *cell)
{
	if (cell->kind == AW_CELL_NULL)
		return field->nullable;
	switch (field->type) {
	case AW_SQL_TEXT:
		return cell->kind == AW_CELL_TEXT;
	case AW_SQL_BYTES:
		return cell->kind == AW_CELL_BYTES;
	case AW_SQL_FLAG:
		return cell->kind == AW_CELL_INT && (cell->number == 0 || cell->number == 1);
	case AW_SQL_DAY:
		return cell->kind == AW_CELL_INT && cell->number >= INT32_MIN &&
		       cell->number <= INT32_MAX;
	case AW_SQL_ID:
	case AW_SQL_INT64:
		break;
	}
	return cell->kind == AW_CELL_INT;
}

static enum aw_status
note_row(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	struct outcome *outcome = arg;

	outcome->rows++;
	for (uint32_t i = 0; i < count; i++) {
		const struct aw_sql_field *field = &outcome->sql->outs[i];
		if (!kind_is_declared(field, &cells[i]))
			return aw_fail(err, AW_CORRUPT,
				"%s is not of its declared type (cell kind %d)", field->name,
				(int)cells[i].kind);
		aw_buf_printf(&outcome->text, " %s=", field->name);
		if (cells[i].kind == AW_CELL_INT)
			aw_buf_printf(&outcome->text, "%lld", (long long)cells[i].number);
		else if (cells[i].kind == AW_CELL_TEXT)
			aw_buf_add(&outcome->text, cells[i].at, cells[i].len);
		else if (cells[i].kind == AW_CELL_BYTES)
			aw_buf_printf(&outcome->text, "x%s",
				aw_hex(&outcome->arena, cells[i].at, cells[i].len));
		else
			aw_buf_text(&outcome->text, "NULL");
	}
	aw_buf_char(&outcome->text, '\n');
	return AW_OK;
}

/* Ends in a failure of our own making, so that nothing of it stays. */
static enum aw_status
run_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct outcome *outcome = arg;
	const struct aw_engine *engine = tx->conn->engine;
	bool writes = outcome->of->table >= 0;

	outcome->sql = outcome->of->sql;
	if (engine->run(tx->conn, outcome->sql, outcome->of->ins, note_row, outcome,
		    writes ? &outcome->changed : NULL, err) != AW_OK)
		return err->status;
	if (writes) {
		outcome->sql = statement_tables[outcome->of->table].dump;
		if (engine->run(tx->conn, outcome->sql, NULL, note_row, outcome, NULL, err) !=
			AW_OK)
			return err->status;
	}
	return aw_fail(err, AW_NOT_FOUND, "undone");
}

static bool
ran(struct aw_db *db, const char *engine, struct outcome *outcome)
{
	struct aw_error err = { 0 };

	outcome->text.arena = &outcome->arena;
	if (aw_db_write(db, run_in, outcome, &err) == AW_NOT_FOUND &&
		strcmp(err.text, "undone") == 0)
		return true;
	print_error("%s (%s, %s) on %s: %s\n", outcome->of->sql->name, outcome->of->sql->place,
		outcome->of->label, engine, err.text);
	return false;
}

static size_t
failures_of(struct both *both, const struct statement_case *one)
{
	struct outcome sqlite = { .of = one }, pg = { .of = one };
	size_t failures = 0;

	if (!ran(both->sqlite.db, "sqlite", &sqlite) || !ran(both->pg, "postgres", &pg)) {
		failures = 1;
	} else if (strcmp(aw_buf_z(&sqlite.text), aw_buf_z(&pg.text)) != 0 ||
		   sqlite.changed != pg.changed) {
		print_error("%s (%s, %s): the engines differ\nsqlite, %lld changed:\n%s"
			    "postgres, %lld changed:\n%s",
			one->sql->name, one->sql->place, one->label, (long long)sqlite.changed,
			aw_buf_z(&sqlite.text), (long long)pg.changed, aw_buf_z(&pg.text));
		failures = 1;
	} else if (one->hits && (one->table >= 0 ? sqlite.changed == 0 : sqlite.rows == 0)) {
		print_error(
			"%s (%s, %s) hits nothing in tests/db/fixture.sql: say what it needs in "
			"a line \"-- case: parameter = value, ...\", add a row, or say \"-- case: "
			"empty\"\n",
			one->sql->name, one->sql->place, one->label);
		failures = 1;
	}
	aw_arena_done(&sqlite.arena);
	aw_arena_done(&pg.arena);
	return failures;
}

static void
every_statement_gives_the_same_on_both_engines(void **state)
{
	size_t failures = 0;

	assert_true(statement_count > 0);
	assert_true(statement_case_count >= statement_count);
	for (size_t i = 0; i < statement_case_count; i++)
		failures += failures_of(*state, &statement_cases[i]);
	if (failures != 0)
		fail_msg("%zu of %zu cases of %zu statements", failures, statement_case_count,
			statement_count);
}

static void
every_table_has_a_row_in_the_fixture(void **state)
{
	size_t empty = 0;

	(void)state;
	for (size_t i = 0; i < statement_table_count; i++) {
		if (statement_tables[i].filled)
			continue;
		print_error("tests/db/fixture.sql has no row of %s\n",
			statement_tables[i].dump->name + strlen("table_"));
		empty++;
	}
	assert_int_equal(empty, 0);
}

struct filling {
	const char *const *texts;
};

static enum aw_status
fill_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct filling *filling = arg;

	for (const char *const *text = filling->texts; *text != NULL; text++) {
		if (tx->conn->engine->define(tx->conn, *text, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static int
open_both(void **state)
{
	struct both *both = calloc(1, sizeof(*both));
	struct aw_error err = { 0 };
	const char *url = getenv("ANWANG_PG");

	assert_non_null(both);
	if (url == NULL)
		fail_msg("ANWANG_PG is not set: run by tools/pg_cluster.sh with");
	testdb_open_plain(&both->sqlite);
	assert_ok(aw_db_open(&(struct aw_db_options){ .url = url }, &both->pg, &err));
	assert_ok(aw_db_migrate(both->pg, NULL, NULL, &err));
	assert_ok(aw_db_write(both->sqlite.db, fill_in,
		&(struct filling){ .texts = statement_fixture_sqlite }, &err));
	assert_ok(aw_db_write(
		both->pg, fill_in, &(struct filling){ .texts = statement_fixture_postgres }, &err));
	*state = both;
	return 0;
}

static int
close_both(void **state)
{
	struct both *both = *state;

	testdb_close(&both->sqlite);
	aw_db_close(both->pg);
	free(both);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_has_a_row_in_the_fixture),
		cmocka_unit_test(every_statement_gives_the_same_on_both_engines),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_both, close_both);
}
