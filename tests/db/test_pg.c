/* What the program asks of a PostgreSQL whatever it is set to, and what it says of the rest. */
#include <string.h>

#include "db/setting.h"
#include "db/stmt.h"
#include "pgdb.h"

/* -- durable, whatever is set ---------------------------------------------------------------------- */

static enum aw_status
put_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	return aw_setting_put(tx, "heard", arg, err);
}

/* A trigger writes down what the named setting is in the session that writes. */
static void
listen(PGconn *pg)
{
	pgdb_say(pg, "CREATE FUNCTION listen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
		     " NEW.value := current_setting(NEW.value); RETURN NEW; END $$");
	pgdb_say(pg,
		"CREATE TRIGGER listen BEFORE INSERT OR UPDATE ON setting FOR EACH ROW"
		" WHEN (NEW.value IN ('jit', 'synchronous_commit')) EXECUTE FUNCTION listen()");
}

static void
assert_heard(PGconn *pg, const char *word)
{
	char text[120];

	(void)snprintf(text, sizeof(text),
		"SELECT count(*) FROM setting WHERE name = 'heard' AND value = '%s'", word);
	if (pgdb_say(pg, text) != 1)
		fail_msg("it was not %s", word);
}

static void
a_commit_waits_for_the_disk_whatever_the_server_is_set_to(void **state)
{
	static const struct {
		const char *set, *heard;
	} cases[] = { { "off", "on" }, { "local", "on" }, { "remote_write", "on" }, { "on", "on" },
		{ "remote_apply", "remote_apply" } };
	struct testdb *t = *state;
	PGconn *pg = pgdb_outsider(t);
	struct aw_error err = { 0 };
	char name[] = "synchronous_commit";

	listen(pg);
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		char text[120];
		PGconn *control;
		struct aw_db *server;

		(void)snprintf(text, sizeof(text),
			"ALTER ROLE CURRENT_USER SET synchronous_commit = %s", cases[i].set);
		pgdb_say(pg, text);
		/* control: somebody else gets what is set */
		control = pgdb_outsider(t);
		pgdb_say(control, "DELETE FROM setting WHERE name = 'heard'");
		pgdb_say(control, "INSERT INTO setting (name, value) VALUES ('heard', "
				  "'synchronous_commit')");
		assert_heard(pg, cases[i].set);
		PQfinish(control);
		server = pgdb_another(t);
		assert_ok(aw_db_write(server, put_in, name, &err));
		assert_heard(pg, cases[i].heard);
		aw_db_close(server);
	}
	pgdb_say(pg, "ALTER ROLE CURRENT_USER RESET synchronous_commit");
	PQfinish(pg);
}

static void
plans_are_not_compiled_whatever_the_server_is_set_to(void **state)
{
	struct testdb *t = *state;
	PGconn *pg = pgdb_outsider(t);
	struct aw_error err = { 0 };
	char name[] = "jit";

	listen(pg);
	pgdb_say(pg, "SET jit = on");
	pgdb_say(pg, "INSERT INTO setting (name, value) VALUES ('heard', 'jit')");
	assert_heard(pg, "on");
	assert_ok(aw_db_write(t->db, put_in, name, &err));
	assert_heard(pg, "off");
	PQfinish(pg);
}

/* -- doubts ---------------------------------------------------------------------------------------- */

static const char *
doubts_of(const struct testdb *t, struct aw_arena *arena)
{
	struct aw_error err = { 0 };
	const char *text = NULL;

	assert_ok(aw_db_doubts(t->db, arena, &text, &err));
	return text;
}

/* Sets the whole server, and waits until it is heard: what is there then is told (NULL: nothing). */
static void
assert_told(const struct testdb *t, PGconn *pg, const char *set, const char *told)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *text = NULL;
	bool as_told = false;

	pgdb_say(pg, set);
	pgdb_say(pg, "SELECT pg_reload_conf()::int");
	for (int i = 0; i < 250 && !as_told; i++) {
		(void)usleep(20000);
		text = doubts_of(t, &arena);
		as_told = told == NULL || text == NULL ? told == text : strstr(text, told) != NULL;
	}
	if (!as_told)
		fail_msg("%s: %s", set, text == NULL ? "nothing is told" : text);
}

static void
what_could_lose_a_receipt_is_told_until_it_is_mended(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct testdb *t = *state;
	PGconn *pg = pgdb_outsider(t), *standby;
	const char *text = doubts_of(t, &arena);

	/* the tests' cluster runs without the disk's guarantees */
	assert_non_null(text);
	assert_non_null(strstr(text, "fsync is off"));
	assert_non_null(strstr(text, "full_page_writes is off"));
	assert_null(strstr(text, "standby"));
	assert_told(t, pg, "ALTER SYSTEM SET full_page_writes = on", "fsync is off");
	assert_told(t, pg, "ALTER SYSTEM SET fsync = on", NULL);
	standby = PQconnectdb(aw_arena_printf(&arena, "%s&replication=true", t->url));
	assert_int_equal(PQstatus(standby), CONNECTION_OK);
	assert_told(t, pg, "ALTER SYSTEM SET fsync = on", "a standby follows and no commit waits");
	assert_told(t, pg, "ALTER SYSTEM SET synchronous_standby_names = '*'", NULL);
	PQfinish(standby);
	assert_told(t, pg, "ALTER SYSTEM RESET ALL", "fsync is off");
	PQfinish(pg);
}

static void
a_log_that_would_hold_what_is_typed_is_told_to_who_may_not_mend_it(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct testdb *t = *state, plain = *t;
	PGconn *pg = pgdb_outsider(t);

	pgdb_say(pg, "CREATE ROLE plain LOGIN IN ROLE pg_read_all_data");
	(void)snprintf(plain.url, sizeof(plain.url), "%.*suser=plain",
		(int)(strstr(t->url, "user=") - t->url), t->url);
	plain.db = pgdb_another(&plain);
	assert_null(strstr(doubts_of(&plain, &arena), "what is typed"));
	assert_told(&plain, pg, "ALTER SYSTEM SET log_statement = 'all'", "what is typed");
	/* who may mends it for itself, on each connection */
	assert_null(strstr(doubts_of(t, &arena), "what is typed"));
	pgdb_say(pg, "GRANT SET ON PARAMETER log_parameter_max_length TO plain");
	assert_null(strstr(doubts_of(&plain, &arena), "what is typed"));
	aw_db_close(plain.db);
	pgdb_say(pg, "ALTER SYSTEM RESET ALL");
	pgdb_say(pg, "SELECT pg_reload_conf()::int");
	pgdb_say(pg, "REVOKE SET ON PARAMETER log_parameter_max_length FROM plain");
	pgdb_say(pg, "DROP ROLE plain");
	PQfinish(pg);
}

static void
a_database_whose_settings_are_all_ours_leaves_no_doubt(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };

	assert_null(doubts_of(*state, &arena));
}

/* How many prepared forms its connection keeps of this statement, which is one of them when it has a name. */
static const char count_forms[] =
	"SELECT count(*) AS v FROM pg_prepared_statements WHERE statement LIKE '%forms of this%'";

static enum aw_status
ask_twice(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	int64_t forms = -1;
	bool found;

	for (int i = 0; i < 2; i++) {
		if (aw_sql_one(tx, arg, NULL, &arena, &forms, &found, err) != AW_OK)
			return err->status;
	}
	return forms == 0 ? AW_OK : aw_fail(err, AW_CONFLICT, "there is a prepared form");
}

static void
a_statement_that_is_planned_each_time_leaves_no_plan(void **state)
{
	static const struct aw_sql_field out = { "v", 0, AW_SQL_INT64, false };
	struct aw_sql anew = { .name = "anew",
		.place = "here:1",
		.mode = AW_SQL_ONE,
		.sqlite = count_forms,
		.postgres = count_forms,
		.outs = &out,
		.out_count = 1,
		.row_size = sizeof(int64_t),
		.plan_anew = true };
	struct aw_sql kept = anew, wrong = anew;
	struct aw_sql_field other = { "w", 0, AW_SQL_INT64, false };
	struct testdb *t = *state;
	struct aw_error err = { 0 };

	kept.plan_anew = false;
	wrong.outs = &other;
	assert_ok(aw_db_read(t->db, ask_twice, &anew, &err));
	assert_fails(aw_db_read(t->db, ask_twice, &kept, &err), AW_CONFLICT, "a prepared form");
	/* its columns are looked at all the same */
	assert_fails(aw_db_read(t->db, ask_twice, &wrong, &err), AW_INTERNAL, "is called v");
}

AW_TESTS(ON_PG(a_commit_waits_for_the_disk_whatever_the_server_is_set_to),
	ON_PG(a_statement_that_is_planned_each_time_leaves_no_plan),
	ON_PG(plans_are_not_compiled_whatever_the_server_is_set_to),
	ON_PG(what_could_lose_a_receipt_is_told_until_it_is_mended),
	ON_PG(a_log_that_would_hold_what_is_typed_is_told_to_who_may_not_mend_it),
	cmocka_unit_test_setup_teardown(a_database_whose_settings_are_all_ours_leaves_no_doubt,
		testdb_setup, testdb_teardown))
