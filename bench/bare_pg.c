/* The bare writer on PostgreSQL: a group is sent down the pipeline whole, and answered once. */
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "bare.h"
#include "change.h"

enum { STATEMENTS = 64 };

struct conn {
	PGconn *handle;
	const struct aw_sql *kept[STATEMENTS];
	size_t count;
};

static void
check(const struct conn *conn, int good)
{
	if (good != 1)
		aw_die(PQerrorMessage(conn->handle));
}

static void *
open_conn(const char *url)
{
	struct conn *conn = calloc(1, sizeof(*conn));

	if (conn == NULL)
		aw_die("out of memory");
	conn->handle = PQconnectdb(url);
	check(conn, PQstatus(conn->handle) == CONNECTION_OK);
	check(conn, PQenterPipelineMode(conn->handle));
	return conn;
}

static void
command(struct conn *conn, const char *text)
{
	check(conn, PQsendQueryParams(conn->handle, text, 0, NULL, NULL, NULL, NULL, 1));
}

/* The number of a statement, which is prepared on the way when it is new. */
static size_t
kept(struct conn *conn, const struct aw_sql *sql)
{
	char name[24];
	size_t at = 0;

	while (at < conn->count && conn->kept[at] != sql)
		at++;
	if (at == STATEMENTS)
		aw_die("too many kinds of statements");
	if (at == conn->count) {
		(void)snprintf(name, sizeof(name), "s%zu", at);
		check(conn, PQsendPrepare(conn->handle, name, sql->postgres, 0, NULL));
		conn->kept[conn->count++] = sql;
	}
	return at;
}

static void
send_change(struct conn *conn, const struct bench_change *change)
{
	const char *at[AW_SQL_FIELDS_MAX];
	uint64_t numbers[AW_SQL_FIELDS_MAX];
	int lengths[AW_SQL_FIELDS_MAX], formats[AW_SQL_FIELDS_MAX];
	char name[24];

	for (uint32_t i = 0; i < change->sql->in_count; i++) {
		const struct aw_cell *cell = &change->cells[i];
		bool number = cell->kind == AW_CELL_INT;

		numbers[i] = htobe64((uint64_t)cell->number);
		at[i] = number ? (const char *)&numbers[i] : cell->at;
		lengths[i] = number ? 8 : (int)cell->len;
		formats[i] = 1;
	}
	(void)snprintf(name, sizeof(name), "s%zu", kept(conn, change->sql));
	check(conn, PQsendQueryPrepared(conn->handle, name, (int)change->sql->in_count, at, lengths,
			    formats, 1));
}

/* Reads the answers up to the end of the group. */
static void
collect(struct conn *conn)
{
	for (;;) {
		PGresult *result = PQgetResult(conn->handle);
		ExecStatusType status = result == NULL ? PGRES_COMMAND_OK : PQresultStatus(result);

		PQclear(result);
		if (status == PGRES_PIPELINE_SYNC)
			return;
		if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
			aw_die(PQerrorMessage(conn->handle));
	}
}

static void
write_units(void *arg, const struct bench_unit *const *units, size_t count)
{
	struct conn *conn = arg;

	command(conn, "BEGIN");
	for (size_t i = 0; i < count; i++)
		for (const struct bench_change *c = units[i]->first; c != NULL; c = c->next)
			send_change(conn, c);
	command(conn, "COMMIT");
	check(conn, PQpipelineSync(conn->handle));
	collect(conn);
}

static void
close_conn(void *arg)
{
	struct conn *conn = arg;

	PQfinish(conn->handle);
	free(conn);
}

const struct bare_engine bare_pg = { open_conn, write_units, NULL, close_conn };
