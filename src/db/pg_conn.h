/**
 * db/pg_conn - a PostgreSQL connection from the inside, shared by its modules.
 * Layer: db, inside it alone.  Threads: one at a time.
 *
 * libpq is in pipeline mode throughout. What needs no answer is sent and goes on; what needs one
 * collects all that is on its way, in order. So an INSERT costs no journey of its own, and its error
 * comes with the next statement that has an answer, at the latest with the end of its unit.
 *
 * A connection that is lost is closed at once: the transaction is gone with it. The next beginning
 * connects anew, at most once a pause, which doubles as long as it fails.
 */
#ifndef AW_DB_PG_CONN_H
#define AW_DB_PG_CONN_H

#include <libpq-fe.h>

#include "base/scope.h"
#include "db/engine.h"

/* On its way without an answer read. Their answers are a few bytes each: they fit in the socket, so
 * that neither side waits for the other with its hands full. */
#define PG_SENT_MOST 256

#define PG_ASKED_MOST 16 /* more than anybody asks */

enum pg_kind {
	PG_COMMAND,
	PG_PREPARE,
	PG_DESCRIBE,
	PG_STATEMENT,
	PG_ASKED, /* a statement whose answer is taken later */
};

struct pg_sent {
	enum pg_kind kind;
	const struct aw_sql *sql; /* NULL for a command */
	const char *what;	  /* for errors; constant */
};

enum pg_asks { PG_ASKS_NOTHING, PG_SENDS, PG_TAKES };

/* Questions that go with the beginning of a transaction (db/engine.h: begin_asking). */
struct pg_asking {
	enum pg_asks now;
	struct {
		const struct aw_sql *sql;
		PGresult *result;
	} at[PG_ASKED_MOST];
	size_t count, taken;
};

struct pg_conn {
	struct aw_conn head;
	PGconn *handle; /* NULL: lost, or not yet made */
	char *url;
	enum aw_role role;
	const struct aw_sql **prepared; /* position = number in the statement's name */
	size_t count, room;
	size_t confirmed; /* of them the server has */
	struct pg_sent sent[PG_SENT_MOST];
	size_t sent_count;
	bool marked; /* the end of what was sent is marked: its answers are on their way */
	struct pg_asking asking;
	bool open;	     /* a transaction is */
	bool failed;	     /* a statement of it did, and no other is taken */
	bool conflict;	     /* it met another's: it can only be run again */
	char state[6];	     /* SQLSTATE of the last error */
	bool touched;	     /* a table of facts, since the transaction began */
	bool wrote;	     /* anything, since it was last asked */
	uint32_t cursors;    /* numbers their names */
	int64_t retry_at_us; /* not before this is connected anew */
	int64_t retry_pause_us;
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

/* -- db/pg_link.c --------------------------------------------------------------------------------- */

/** Connects if that is not so. AW_BUSY: the database cannot be reached now. */
AW_MUST_CHECK enum aw_status aw_pg_connect(struct pg_conn *conn, struct aw_error *err);

/** Ends the connection and what was under way in it. */
void aw_pg_drop(struct pg_conn *conn);

/** Sends without waiting. `what` must be constant. AW_BUSY: the connection was lost. */
AW_MUST_CHECK enum aw_status
aw_pg_send(struct pg_conn *conn, const char *text, const char *what, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_pg_send_params(struct pg_conn *conn, const char *text,
	const struct aw_sql *sql, const struct pg_values *values, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_pg_send_prepared(struct pg_conn *conn, const struct aw_sql *sql,
	const struct pg_values *values, struct aw_error *err);

/** Marks the end of what was sent, so that it is answered, and does not wait. What is sent next reads
 *  those answers first. */
AW_MUST_CHECK enum aw_status aw_pg_mark(struct pg_conn *conn, struct aw_error *err);

/** Reads all answers that are due. The error is that of the first that failed; what was sent behind
 *  it has not happened. *ret_last (may be NULL): the answer of what was sent last, to be cleared. */
AW_MUST_CHECK enum aw_status
aw_pg_collect(struct pg_conn *conn, PGresult **ret_last, struct aw_error *err);

/** Sends one command and collects. */
AW_MUST_CHECK enum aw_status
aw_pg_command(struct pg_conn *conn, const char *text, struct aw_error *err);

/** Collects and leaves pipeline mode, for what is not sent in it; aw_pg_pipeline goes back. */
AW_MUST_CHECK enum aw_status aw_pg_plain(struct pg_conn *conn, struct aw_error *err);
void aw_pg_pipeline(struct pg_conn *conn);

/** Fills err with PostgreSQL's primary message alone: the detail would quote values. */
enum aw_status aw_pg_fail(struct pg_conn *conn, const PGresult *result, const struct pg_sent *sent,
	struct aw_error *err);

/** AW_INTERNAL if the columns are not the declared ones. */
AW_MUST_CHECK enum aw_status
aw_pg_check_columns(const struct aw_sql *sql, const PGresult *result, struct aw_error *err);

/* -- db/pg_cell.c --------------------------------------------------------------------------------- */

AW_MUST_CHECK enum aw_status aw_pg_values(const struct aw_sql *sql, const struct aw_cell *ins,
	struct pg_values *ret_values, struct aw_error *err);

/** Gives every row to fn as cells. */
AW_MUST_CHECK enum aw_status aw_pg_rows(const struct aw_sql *sql, const PGresult *result,
	aw_cells_fn *fn, void *arg, struct aw_error *err);

/* -- db/pg_load.c, see db/engine.h ---------------------------------------------------------------- */

AW_MUST_CHECK enum aw_status
aw_pg_load_begin(struct aw_conn *head, const char *copy, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_pg_load_row(
	struct aw_conn *head, const struct aw_cell *cells, uint32_t count, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_pg_load_end(struct aw_conn *head, struct aw_error *err);

/* -- db/pg_published.c ------------------------------------------------------------------------------ */

/** Runs a policy's statement under conn->head.limits. */
AW_MUST_CHECK enum aw_status aw_pg_run_published(struct pg_conn *conn, const struct aw_sql *sql,
	const struct aw_cell *ins, aw_cells_fn *fn, void *arg, struct aw_error *err);

/** The commands that make the schema `published` anew, for after a migration; NULL ends. */
extern const char *const aw_pg_publish[];

#endif
