/**
 * db/pg_conn - a PostgreSQL connection from the inside, shared by its modules.
 * Layer: db, inside it alone.  Threads: one at a time.
 */
#ifndef AW_DB_PG_CONN_H
#define AW_DB_PG_CONN_H

#include <libpq-fe.h>

#include "base/scope.h"
#include "db/engine.h"

struct pg_conn {
	struct aw_conn head;
	PGconn *handle;
	enum aw_role role;
	const struct aw_sql **prepared; /* position = number in the statement's name */
	size_t count, room;
};

static inline struct pg_conn *
aw_pg_own(struct aw_conn *conn)
{
	return (struct pg_conn *)conn;
}

AW_SCOPE_HANDLE(result, PGresult *, PQclear)

/* Parameters as libpq takes them. They point into the cells: as long as those live. */
struct pg_values {
	const char *at[AW_SQL_FIELDS_MAX];
	uint64_t numbers[AW_SQL_FIELDS_MAX];
	int lengths[AW_SQL_FIELDS_MAX], formats[AW_SQL_FIELDS_MAX];
	Oid types[AW_SQL_FIELDS_MAX];
};

AW_MUST_CHECK enum aw_status aw_pg_values(const struct aw_sql *sql, const struct aw_cell *ins,
	struct pg_values *ret_values, struct aw_error *err);

bool aw_pg_good(const PGresult *result);

/** Fills err with PostgreSQL's primary message alone: the detail would quote values. */
enum aw_status
aw_pg_fail(struct pg_conn *conn, const PGresult *result, const char *what, struct aw_error *err);

/** Runs one command without parameters or rows. */
AW_MUST_CHECK enum aw_status
aw_pg_command(struct pg_conn *conn, const char *text, struct aw_error *err);

/* Filling a table: db/engine.h. */
AW_MUST_CHECK enum aw_status
aw_pg_load_begin(struct aw_conn *head, const char *copy, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_pg_load_row(
	struct aw_conn *head, const struct aw_cell *cells, uint32_t count, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_pg_load_end(struct aw_conn *head, struct aw_error *err);

/** AW_INTERNAL if the columns are not the declared ones. */
AW_MUST_CHECK enum aw_status
aw_pg_check_columns(const struct aw_sql *sql, const PGresult *result, struct aw_error *err);

/** Gives every row to fn as cells. */
AW_MUST_CHECK enum aw_status aw_pg_rows(const struct aw_sql *sql, const PGresult *result,
	aw_cells_fn *fn, void *arg, struct aw_error *err);

/** Runs a policy's statement under conn->head.limits. */
AW_MUST_CHECK enum aw_status aw_pg_run_published(struct pg_conn *conn, const struct aw_sql *sql,
	const struct aw_cell *ins, aw_cells_fn *fn, void *arg, struct aw_error *err);

/** The commands that make the schema `published` anew, for after a migration; NULL ends. */
extern const char *const aw_pg_publish[];

#endif
