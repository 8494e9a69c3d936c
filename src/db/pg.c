/* PostgreSQL by libpq: binary parameters and results, statements prepared by each connection. */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/pg_conn.h"
#include "db/schema.h"

/* Object ids of pg_type, fixed by PostgreSQL for ever. */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_VARCHAR = 1043,
};

#define WRITER_LOCK "SELECT pg_try_advisory_lock(4701)" /* one writer a database */

static struct pg_conn *
own(struct aw_conn *conn)
{
	return aw_pg_own(conn);
}

static enum aw_status
status_of(const char *state)
{
	if (state == NULL)
		return AW_IO;
	if (strncmp(state, "23", 2) == 0)
		return AW_CONFLICT;
	if (strncmp(state, "40", 2) == 0 || strncmp(state, "55", 2) == 0 ||
		strncmp(state, "57", 2) == 0)
		return AW_BUSY;
	if (strncmp(state, "08", 2) == 0 || strncmp(state, "53", 2) == 0 ||
		strncmp(state, "58", 2) == 0)
		return AW_IO;
	return strncmp(state, "XX", 2) == 0 ? AW_CORRUPT : AW_INTERNAL;
}

enum aw_status
aw_pg_fail(struct pg_conn *conn, const PGresult *result, const char *what, struct aw_error *err)
{
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (text == NULL)
		text = PQstatus(conn->handle) == CONNECTION_OK ? "unexpected answer"
							       : "the connection was lost";
	return aw_fail(
		err, status_of(PQresultErrorField(result, PG_DIAG_SQLSTATE)), "%s: %s", what, text);
}

bool
aw_pg_good(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

enum aw_status
aw_pg_command(struct pg_conn *conn, const char *text, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = PQexec(conn->handle, text);

	return aw_pg_good(result) ? AW_OK : aw_pg_fail(conn, result, text, err);
}

static void
no_notice(void *arg, const PGresult *result)
{
	(void)arg, (void)result;
}

static void
pg_close(struct aw_conn *head)
{
	struct pg_conn *conn = own(head);

	PQfinish(conn->handle);
	free(conn->prepared);
	free(conn);
}

static enum aw_status
pg_open(const char *url, enum aw_role role, struct aw_conn **ret_conn, struct aw_error *err)
{
	static const char *const settings[] = {
		[AW_ROLE_READER] = ("SET client_encoding = 'UTF8';"
				    "SET default_transaction_read_only = on"),
		[AW_ROLE_WRITER] = "SET client_encoding = 'UTF8'",
		[AW_ROLE_BULK] = "SET client_encoding = 'UTF8'; SET synchronous_commit = off",
	};
	struct pg_conn *conn = calloc(1, sizeof(*conn));

	if (conn == NULL)
		aw_die("no memory left for a database connection");
	conn->head.engine = &aw_engine_pg;
	conn->role = role;
	conn->handle = PQconnectdb(url);
	if (conn->handle == NULL)
		aw_die("no memory left for a database connection");
	if (PQstatus(conn->handle) != CONNECTION_OK) {
		/* libpq's words may hold the address, never the password */
		(void)aw_fail(
			err, AW_IO, "cannot reach the database: %s", PQerrorMessage(conn->handle));
	} else {
		(void)PQsetNoticeReceiver(conn->handle, no_notice, NULL);
		if (aw_pg_command(conn, settings[role], err) == AW_OK) {
			*ret_conn = &conn->head;
			return AW_OK;
		}
	}
	pg_close(&conn->head);
	return err->status;
}

static Oid
oid_of(enum aw_sql_type type)
{
	if (type == AW_SQL_TEXT)
		return OID_TEXT;
	return type == AW_SQL_BYTES ? OID_BYTEA : OID_INT8;
}

enum aw_status
aw_pg_check_columns(const struct aw_sql *sql, const PGresult *result, struct aw_error *err)
{
	if (PQnfields(result) != (int)sql->out_count)
		return aw_fail(err, AW_INTERNAL, "statement %s (%s) has %d columns and declares %u",
			sql->name, sql->place, PQnfields(result), (unsigned)sql->out_count);
	for (uint32_t i = 0; i < sql->out_count; i++) {
		if (strcmp(PQfname(result, (int)i), sql->outs[i].name) != 0)
			return aw_fail(err, AW_INTERNAL,
				"statement %s (%s): column %u is called %s, declared is %s",
				sql->name, sql->place, (unsigned)i + 1, PQfname(result, (int)i),
				sql->outs[i].name);
	}
	return AW_OK;
}

static enum aw_status
check_shape(struct pg_conn *conn, const struct aw_sql *sql, const char *name, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = PQdescribePrepared(conn->handle, name);

	if (!aw_pg_good(result))
		return aw_pg_fail(conn, result, sql->place, err);
	return aw_pg_check_columns(sql, result, err);
}

/* Name of the prepared form, made when it is first asked for. */
static enum aw_status
prepare(struct pg_conn *conn, const struct aw_sql *sql, char name[24], struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	Oid types[AW_SQL_FIELDS_MAX];
	size_t at = 0;

	while (at < conn->count && conn->prepared[at] != sql)
		at++;
	(void)snprintf(name, 24, "s%zu", at);
	if (at < conn->count)
		return AW_OK;
	for (uint32_t i = 0; i < sql->in_count; i++)
		types[i] = oid_of(sql->ins[i].type);
	result = PQprepare(conn->handle, name, sql->postgres, (int)sql->in_count, types);
	if (!aw_pg_good(result)) {
		(void)aw_pg_fail(conn, result, sql->place, err);
		return aw_wrap(err, "statement %s", sql->name);
	}
	if (conn->count == conn->room) {
		size_t room = conn->room == 0 ? 64 : conn->room * 2;
		const struct aw_sql **grown =
			realloc((void *)conn->prepared, room * sizeof(*grown));
		if (grown == NULL)
			aw_die("no memory left for prepared statements");
		conn->prepared = grown;
		conn->room = room;
	}
	conn->prepared[conn->count++] = sql;
	return check_shape(conn, sql, name, err);
}

static int64_t
big_endian(const unsigned char *at, size_t len)
{
	/* sign-extended from its first byte */
	uint64_t v = len != 0 && (at[0] & 0x80) != 0 ? UINT64_MAX : 0;

	for (size_t i = 0; i < len; i++)
		v = v << 8 | at[i];
	return (int64_t)v;
}

static struct aw_cell
column(const PGresult *result, int row, int at)
{
	struct aw_cell cell = { .kind = AW_CELL_OTHER };

	if (PQgetisnull(result, row, at) != 0) {
		cell.kind = AW_CELL_NULL;
		return cell;
	}
	cell.at = PQgetvalue(result, row, at);
	cell.len = (size_t)PQgetlength(result, row, at);
	switch (PQftype(result, at)) {
	case OID_BOOL:
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
		cell.kind = AW_CELL_INT;
		cell.number = big_endian(cell.at, cell.len);
		break;
	case OID_TEXT:
	case OID_VARCHAR:
	case OID_NAME:
		cell.kind = AW_CELL_TEXT;
		break;
	case OID_BYTEA:
		cell.kind = AW_CELL_BYTES;
		break;
	default:
		break;
	}
	return cell;
}

enum aw_status
aw_pg_rows(const struct aw_sql *sql, const PGresult *result, aw_cells_fn *fn, void *arg,
	struct aw_error *err)
{
	struct aw_cell cells[AW_SQL_FIELDS_MAX];

	for (int row = 0; row < PQntuples(result); row++) {
		for (uint32_t i = 0; i < sql->out_count; i++)
			cells[i] = column(result, row, (int)i);
		if (fn(cells, sql->out_count, arg, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_pg_values(const struct aw_sql *sql, const struct aw_cell *ins, struct pg_values *ret_values,
	struct aw_error *err)
{
	struct pg_values *v = ret_values;

	for (uint32_t i = 0; i < sql->in_count; i++) {
		bool number = ins[i].kind == AW_CELL_INT;
		if (ins[i].len > INT32_MAX)
			return aw_fail(
				err, AW_TOO_LARGE, "statement %s: a value over 2 GB", sql->name);
		v->types[i] = oid_of(sql->ins[i].type);
		v->numbers[i] = htobe64((uint64_t)ins[i].number);
		v->at[i] = number ? (const char *)&v->numbers[i] : ins[i].at;
		v->lengths[i] = number ? 8 : (int)ins[i].len;
		v->formats[i] = 1;
		if (ins[i].kind == AW_CELL_NULL)
			v->at[i] = NULL;
	}
	return AW_OK;
}

static enum aw_status
pg_run(struct aw_conn *head, const struct aw_sql *sql, const struct aw_cell *ins, aw_cells_fn *fn,
	void *arg, int64_t *ret_changed, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	struct pg_conn *conn = own(head);
	struct pg_values values;
	char name[24];

	if (head->limits != NULL)
		return aw_pg_run_published(conn, sql, ins, fn, arg, err);
	if (prepare(conn, sql, name, err) != AW_OK || aw_pg_values(sql, ins, &values, err) != AW_OK)
		return err->status;
	result = PQexecPrepared(conn->handle, name, (int)sql->in_count, values.at, values.lengths,
		values.formats, 1);
	if (!aw_pg_good(result)) {
		(void)aw_pg_fail(conn, result, sql->place, err);
		return aw_wrap(err, "statement %s", sql->name);
	}
	if (ret_changed != NULL)
		*ret_changed = strtoll(PQcmdTuples(result), NULL, 10);
	return aw_pg_rows(sql, result, fn, arg, err);
}

static enum aw_status
pg_step(struct aw_conn *head, enum aw_step step, struct aw_error *err)
{
	static const char *const texts[] = {
		[AW_STEP_BEGIN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		[AW_STEP_BEGIN_WRITE] = "BEGIN ISOLATION LEVEL SERIALIZABLE",
		[AW_STEP_COMMIT] = "COMMIT",
		[AW_STEP_ROLLBACK] = "ROLLBACK",
		[AW_STEP_SAVE] = "SAVEPOINT unit",
		[AW_STEP_RELEASE] = "RELEASE SAVEPOINT unit",
		[AW_STEP_UNDO] = "ROLLBACK TO SAVEPOINT unit; RELEASE SAVEPOINT unit",
	};

	return aw_pg_command(own(head), texts[step], err);
}

static bool
pg_in_transaction(struct aw_conn *head)
{
	PGTransactionStatusType status = PQtransactionStatus(own(head)->handle);

	return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

static enum aw_status
pg_define(struct aw_conn *head, const char *text, struct aw_error *err)
{
	return aw_pg_command(own(head), text, err);
}

/* What was filled: known to the planner, and on the disk with the commit of this. */
static enum aw_status
pg_settle(struct aw_conn *head, struct aw_error *err)
{
	struct pg_conn *conn = own(head);

	if (conn->role != AW_ROLE_BULK)
		return AW_OK;
	if (aw_pg_command(conn, "SET synchronous_commit = on", err) != AW_OK)
		return err->status;
	return aw_pg_command(conn, "ANALYZE", err);
}

static enum aw_status
pg_scrub(struct aw_conn *head, struct aw_error *err)
{
	return aw_pg_command(own(head), "VACUUM data_key, epoch_key", err);
}

static const char *const *
pg_migration(size_t index)
{
	return aw_migrations[index].postgres;
}

static void
pg_unlock(void *lock)
{
	pg_close(lock);
}

/* The lock is a session's advisory lock: it goes with its connection. */
static enum aw_status
pg_lock(const struct aw_db_options *options, void **ret_lock, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	struct aw_conn *conn = NULL;

	if (pg_open(options->url, AW_ROLE_WRITER, &conn, err) != AW_OK)
		return err->status;
	result = PQexec(own(conn)->handle, WRITER_LOCK);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		(void)aw_pg_fail(own(conn), result, "cannot lock the database", err);
	else if (strcmp(PQgetvalue(result, 0, 0), "t") != 0)
		(void)aw_fail(err, AW_BUSY, "another process is the writer of this database");
	else {
		*ret_lock = conn;
		return AW_OK;
	}
	pg_close(conn);
	return err->status;
}

const struct aw_engine aw_engine_pg = {
	.name = "postgres",
	.lock = pg_lock,
	.unlock = pg_unlock,
	.open = pg_open,
	.close = pg_close,
	.step = pg_step,
	.in_transaction = pg_in_transaction,
	.run = pg_run,
	.define = pg_define,
	.touched = NULL,
	.checkpoint = NULL,
	.load_begin = aw_pg_load_begin,
	.load_row = aw_pg_load_row,
	.load_end = aw_pg_load_end,
	.scrub = pg_scrub,
	.settle = pg_settle,
	.publish = aw_pg_publish,
	.migration = pg_migration,
	.ledger = "CREATE TABLE IF NOT EXISTS migration (number BIGINT NOT NULL PRIMARY KEY,"
		  " name TEXT COLLATE \"C\" NOT NULL, applied_at BIGINT NOT NULL)",
};
