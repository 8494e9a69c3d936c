/**
 * tests/db/pgdb - a migrated PostgreSQL database with a keyring, as struct testdb is of SQLite.
 *
 * ANWANG_PG is the URL of a database that may be emptied (tools/pg_cluster.sh with). ON_BOTH(test)
 * lists a test twice, once an engine; ON_PG(test) once.
 */
#ifndef AW_TESTS_DB_PGDB_H
#define AW_TESTS_DB_PGDB_H

#include <libpq-fe.h>

#include "db/engine.h"
#include "testdb.h"

static inline enum aw_status
pgdb_empty_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	static const char *const texts[] = { "DROP SCHEMA IF EXISTS published CASCADE",
		"DROP SCHEMA public CASCADE", "CREATE SCHEMA public" };

	(void)arg;
	for (size_t i = 0; i < AW_COUNT(texts); i++)
		if (tx->conn->engine->define(tx->conn, texts[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

static inline void
pgdb_open_plain(struct testdb *t)
{
	struct aw_error err = { 0 };
	const char *url = getenv("ANWANG_PG");

	if (url == NULL)
		fail_msg("ANWANG_PG is not set: run by tools/pg_cluster.sh with");
	*t = (struct testdb){ .dir = "/tmp/anwang-test-XXXXXX" };
	assert_non_null(mkdtemp(t->dir));
	(void)snprintf(t->url, sizeof(t->url), "%s", url);
	assert_ok(
		aw_db_open(&(struct aw_db_options){ .url = t->url, .create = true }, &t->db, &err));
	assert_ok(aw_db_write(t->db, pgdb_empty_in, NULL, &err));
	testdb_shut(t);
	testdb_reopen(t);
}

static inline int
pgdb_setup(void **state)
{
	struct aw_error err = { 0 };
	struct testdb *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	pgdb_open_plain(t);
	(void)snprintf(t->key_path, sizeof(t->key_path), "%s/root.key", t->dir);
	assert_ok(aw_root_key_make(t->key_path, &err));
	assert_ok(aw_keyring_open(t->db, t->key_path, &t->keyring, &err));
	*state = t;
	return 0;
}

/* A second server on the same database. */
static inline struct aw_db *
pgdb_another(const struct testdb *t)
{
	struct aw_error err = { 0 };
	struct aw_db *db = NULL;

	assert_ok(aw_db_open(&(struct aw_db_options){ .url = t->url }, &db, &err));
	return db;
}

/* Somebody with psql, beside every server. */
static inline PGconn *
pgdb_outsider(const struct testdb *t)
{
	PGconn *pg = PQconnectdb(t->url);

	assert_int_equal(PQstatus(pg), CONNECTION_OK);
	return pg;
}

static inline int64_t
pgdb_say(PGconn *pg, const char *text)
{
	PGresult *result = PQexec(pg, text);
	int64_t number = PQntuples(result) > 0 ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : 0;

	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", text, PQerrorMessage(pg));
	PQclear(result);
	return number;
}

#define ON_PG(test)                                                                                \
	{                                                                                          \
#test "_on_postgresql", test, pgdb_setup, testdb_teardown, NULL                    \
	}
#define ON_BOTH(test)                                                                              \
	cmocka_unit_test_setup_teardown(test, testdb_setup, testdb_teardown), ON_PG(test)

#endif
