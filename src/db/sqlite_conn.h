/**
 * db/sqlite_conn - a SQLite connection from the inside, shared by its modules.
 * Layer: db, inside it alone.  Threads: one at a time.
 */
#ifndef AW_DB_SQLITE_CONN_H
#define AW_DB_SQLITE_CONN_H

#include <sqlite3.h>

#include "base/scope.h"
#include "db/engine.h"

/* A prepared statement, found by the address of its description. */
struct prepared {
	const struct aw_sql *sql;
	sqlite3_stmt *stmt;
	bool in_use;
};

struct aw_published_set; /* db/sqlite_guard.c */

struct sqlite_conn {
	struct aw_conn head;
	sqlite3 *handle;
	enum aw_role role;
	struct prepared *slots; /* open addressing; room is a power of two */
	size_t count, room;
	sqlite3_stmt *steps[AW_STEPS];		  /* prepared when first asked for */
	bool setting_up;			  /* pragmas are allowed */
	bool touched;				  /* a table of facts, since it was last asked */
	bool wrote;				  /* anything, since it was last asked */
	const struct aw_published_set *published; /* while a policy's SQL is prepared and run */
};

static inline struct sqlite_conn *
own(struct aw_conn *conn)
{
	return (struct sqlite_conn *)conn;
}

AW_SCOPE_HANDLE(stmt, sqlite3_stmt *, sqlite3_finalize)

/** Fills err with SQLite's message, which names tables and columns, never values. */
enum aw_status
aw_sqlite_fail(struct sqlite_conn *conn, int rc, const char *what, struct aw_error *err);

/** What a statement may do at all, whoever wrote it: for sqlite3_set_authorizer. */
int aw_sqlite_authorize(
	void *arg, int action, const char *a, const char *b, const char *c, const char *d);

int aw_sqlite_bind(sqlite3_stmt *stmt, int at, const struct aw_cell *cell);
AW_MUST_CHECK enum aw_status
aw_sqlite_check_columns(const struct aw_sql *sql, sqlite3_stmt *stmt, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_sqlite_rows(struct sqlite_conn *conn, const struct aw_sql *sql,
	sqlite3_stmt *stmt, aw_cells_fn *fn, void *arg, struct aw_error *err);

/** Runs a policy's statement under conn->head.limits. */
AW_MUST_CHECK enum aw_status
aw_sqlite_run_published(struct sqlite_conn *conn, const struct aw_sql *sql,
	const struct aw_cell *ins, aw_cells_fn *fn, void *arg, struct aw_error *err);

#endif
