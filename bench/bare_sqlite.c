/* The bare writer on SQLite: as durable as the program's own, and nothing around it. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "change.h"

enum { STATEMENTS = 64 };

struct conn {
	sqlite3 *handle;
	struct {
		const struct aw_sql *sql;
		sqlite3_stmt *stmt;
	} kept[STATEMENTS];
	size_t count;
	sqlite3_stmt *begin, *commit;
};

static void
check(const struct conn *conn, int rc)
{
	if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
		aw_die(sqlite3_errmsg(conn->handle));
}

static sqlite3_stmt *
prepare(struct conn *conn, const char *text)
{
	sqlite3_stmt *stmt = NULL;

	check(conn,
		sqlite3_prepare_v3(conn->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL));
	return stmt;
}

static sqlite3_stmt *
kept(struct conn *conn, const struct aw_sql *sql)
{
	size_t at = 0;

	while (at < conn->count && conn->kept[at].sql != sql)
		at++;
	if (at == STATEMENTS)
		aw_die("too many kinds of statements");
	if (at == conn->count) {
		conn->kept[at].sql = sql;
		conn->kept[at].stmt = prepare(conn, sql->sqlite);
		conn->count++;
	}
	return conn->kept[at].stmt;
}

static void *
open_conn(const char *url)
{
	struct conn *conn = calloc(1, sizeof(*conn));

	if (conn == NULL)
		aw_die("out of memory");
	check(conn, sqlite3_open_v2(url + strlen("sqlite:"), &conn->handle,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
	check(conn,
		sqlite3_exec(conn->handle,
			"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
			"PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=16384;"
			"PRAGMA busy_timeout=10000",
			NULL, NULL, NULL));
	conn->begin = prepare(conn, "BEGIN IMMEDIATE");
	conn->commit = prepare(conn, "COMMIT");
	return conn;
}

static void
step(struct conn *conn, sqlite3_stmt *stmt)
{
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		;
	check(conn, rc);
	check(conn, sqlite3_reset(stmt));
}

static void
bind(sqlite3_stmt *stmt, int at, const struct aw_cell *cell)
{
	switch (cell->kind) {
	case AW_CELL_INT:
		(void)sqlite3_bind_int64(stmt, at, cell->number);
		break;
	case AW_CELL_TEXT:
		(void)sqlite3_bind_text(stmt, at, cell->at, (int)cell->len, SQLITE_STATIC);
		break;
	case AW_CELL_BYTES:
		(void)sqlite3_bind_blob(stmt, at, cell->at, (int)cell->len, SQLITE_STATIC);
		break;
	case AW_CELL_NULL:
	case AW_CELL_OTHER:
		(void)sqlite3_bind_null(stmt, at);
		break;
	}
}

static void
write_units(void *arg, const struct bench_unit *const *units, size_t count)
{
	struct conn *conn = arg;

	step(conn, conn->begin);
	for (size_t i = 0; i < count; i++) {
		for (const struct bench_change *c = units[i]->first; c != NULL; c = c->next) {
			sqlite3_stmt *stmt = kept(conn, c->sql);

			for (uint32_t at = 0; at < c->sql->in_count; at++)
				bind(stmt, (int)at + 1, &c->cells[at]);
			step(conn, stmt);
		}
	}
	step(conn, conn->commit);
}

static void
checkpoint(void *arg)
{
	struct conn *conn = arg;

	(void)sqlite3_wal_checkpoint_v2(conn->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void
close_conn(void *arg)
{
	struct conn *conn = arg;

	for (size_t i = 0; i < conn->count; i++)
		(void)sqlite3_finalize(conn->kept[i].stmt);
	(void)sqlite3_finalize(conn->begin);
	(void)sqlite3_finalize(conn->commit);
	(void)sqlite3_close_v2(conn->handle);
	free(conn);
}

const struct bare_engine bare_sqlite = { open_conn, write_units, checkpoint, close_conn };
