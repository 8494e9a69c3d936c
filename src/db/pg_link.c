/* The connection to PostgreSQL: made, lost and made again; what is sent and what is answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "db/pg_conn.h"

#define PAUSE_FIRST_US INT64_C(100000)
#define PAUSE_MOST_US INT64_C(5000000)

/* -- errors ---------------------------------------------------------------------------------------- */

static bool
state_is(const char *state, const char *beginning)
{
	return state != NULL && strncmp(state, beginning, strlen(beginning)) == 0;
}

static enum aw_status
status_of(const char *state)
{
	if (state == NULL)
		return AW_IO;
	if (state_is(state, "23"))
		return AW_CONFLICT;
	if (state_is(state, "40") || state_is(state, "55") || state_is(state, "57") ||
		state_is(state, "08"))
		return AW_BUSY;
	if (state_is(state, "53") || state_is(state, "58"))
		return AW_IO;
	return state_is(state, "XX") ? AW_CORRUPT : AW_INTERNAL;
}

/* The server ends this connection, or is not the one that may be written to (any more). */
static bool
state_ends(const struct pg_conn *conn, const char *state)
{
	return state_is(state, "57P0") || state_is(state, "08") ||
	       (conn->role != AW_ROLE_READER && state_is(state, "25006"));
}

static enum aw_status
lost(struct pg_conn *conn, struct aw_error *err)
{
	aw_pg_drop(conn);
	conn->state[0] = '\0';
	return aw_fail(err, AW_BUSY, "the connection to the database was lost; try again");
}

enum aw_status
aw_pg_fail(struct pg_conn *conn, const PGresult *result, const struct pg_sent *sent,
	struct aw_error *err)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	conn->conflict |= state_is(state, "40");
	(void)snprintf(conn->state, sizeof(conn->state), "%s", state == NULL ? "" : state);
	(void)aw_fail(err, status_of(state), "%s: %s", sent->what,
		text == NULL ? "unexpected answer" : text);
	return sent->sql == NULL ? err->status : aw_wrap(err, "statement %s", sent->sql->name);
}

/* -- made and lost --------------------------------------------------------------------------------- */

static void
no_notice(void *arg, const PGresult *result)
{
	(void)arg, (void)result;
}

void
aw_pg_drop(struct pg_conn *conn)
{
	PQfinish(conn->handle);
	conn->handle = NULL;
	conn->count = conn->confirmed = conn->sent_count = 0;
	conn->open = conn->marked = false;
}

/* What a url does not say. A silent network is noticed, and nobody is sent to a standby: it may lag
 * behind what was just answered. */
static PGconn *
dial(const struct pg_conn *conn)
{
	const char *names[] = { "connect_timeout", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "tcp_user_timeout", "application_name", "client_encoding",
		"target_session_attrs", "dbname", NULL };
	const char *values[] = { "5", "10", "5", "3", "20000", "anwang", "UTF8", "primary",
		conn->url, NULL };

	return PQconnectdbParams(names, values, 1);
}

/* A receipt goes out when the commit is on this server's disk and on those of the standbys that it was
 * told to wait for, whatever it, the role or the database has set: "local" forgets the standbys,
 * "remote_write" their disks. What waits for more is left. */
#define DURABLE                                                                                    \
	"SELECT set_config('synchronous_commit', 'on', false)"                                     \
	" WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');"

/* What somebody typed goes as a parameter, also where nothing of it is sealed yet (a login, a number that
 * is none): PostgreSQL's log shall not hold it. The first of these the owner of the cluster alone may set,
 * or whom he lets; whoever may not has a doubt about it (db/pg.c). */
#define DISCREET                                                                                   \
	"SELECT set_config('log_parameter_max_length', '0', false)"                                \
	" WHERE has_parameter_privilege('log_parameter_max_length', 'SET');"                       \
	"SELECT set_config('auto_explain.log_min_duration', '-1', false)"                          \
	" WHERE current_setting('auto_explain.log_min_duration', true) IS NOT NULL"                \
	" AND has_parameter_privilege('auto_explain.log_min_duration', 'SET');"                    \
	"SET log_parameter_max_length_on_error = 0;"

/* Compiling a plan costs more than any of ours runs: an indicator of half a second became one of ten.
 * A plan is kept for as long as the session, and one that was made while a table was empty reads all of it
 * when it is full: whoever writes looks things up by an index, few as they may be.
 * A server that stopped in the middle of a unit must not keep the others waiting for ever. */
static const char *
settings_of(enum aw_role role)
{
#define COMMON                                                                                     \
	DISCREET "SET jit = off; SET cursor_tuple_fraction = 1;"                                   \
		 "SET standard_conforming_strings = on;"
	if (role == AW_ROLE_READER)
		return COMMON "SET default_transaction_read_only = on";
	if (role == AW_ROLE_BULK)
		return COMMON "SET synchronous_commit = off";
	return DURABLE COMMON "SET enable_seqscan = off;"
			      "SET lock_timeout = '20s';"
			      "SET idle_in_transaction_session_timeout = '60s'";
#undef COMMON
}

static enum aw_status
set_up(struct pg_conn *conn, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;

	(void)PQsetNoticeReceiver(conn->handle, no_notice, NULL);
	result = PQexec(conn->handle, settings_of(conn->role));
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		return aw_pg_fail(
			conn, result, &(struct pg_sent){ .what = "a new connection" }, err);
	if (PQenterPipelineMode(conn->handle) != 1)
		return aw_fail(err, AW_INTERNAL, "libpq does not enter pipeline mode");
	return AW_OK;
}

enum aw_status
aw_pg_connect(struct pg_conn *conn, struct aw_error *err)
{
	int64_t now_us = aw_monotonic_us();

	if (conn->handle != NULL)
		return AW_OK;
	if (now_us < conn->retry_at_us)
		return aw_fail(err, AW_BUSY, "the database cannot be reached; try again");
	conn->handle = dial(conn);
	if (conn->handle == NULL)
		aw_die("no memory left for a database connection");
	if (PQstatus(conn->handle) != CONNECTION_OK)
		/* libpq's words may hold the address, never the password */
		(void)aw_fail(err, AW_BUSY, "cannot reach the database: %s",
			PQerrorMessage(conn->handle));
	else if (set_up(conn, err) == AW_OK) {
		conn->retry_pause_us = 0;
		return AW_OK;
	}
	aw_pg_drop(conn);
	conn->retry_pause_us =
		conn->retry_pause_us == 0 ? PAUSE_FIRST_US : conn->retry_pause_us * 2;
	if (conn->retry_pause_us > PAUSE_MOST_US)
		conn->retry_pause_us = PAUSE_MOST_US;
	conn->retry_at_us = aw_monotonic_us() + conn->retry_pause_us;
	return err->status;
}

enum aw_status
aw_pg_plain(struct pg_conn *conn, struct aw_error *err)
{
	if (aw_pg_collect(conn, NULL, err) != AW_OK)
		return err->status;
	return PQexitPipelineMode(conn->handle) == 1
		       ? AW_OK
		       : aw_fail(err, AW_INTERNAL, "libpq does not leave pipeline mode");
}

void
aw_pg_pipeline(struct pg_conn *conn)
{
	if (PQstatus(conn->handle) != CONNECTION_OK || PQenterPipelineMode(conn->handle) != 1)
		aw_pg_drop(conn);
}

/* -- sent ------------------------------------------------------------------------------------------ */

/* Room for one more on its way. */
static enum aw_status
make_room(struct pg_conn *conn, struct aw_error *err)
{
	if (conn->handle == NULL)
		return lost(conn, err);
	if (conn->marked && aw_pg_collect(conn, NULL, err) != AW_OK)
		return err->status;
	return conn->sent_count < PG_SENT_MOST ? AW_OK : aw_pg_collect(conn, NULL, err);
}

static enum aw_status
note_sent(struct pg_conn *conn, int sent, struct pg_sent what, struct aw_error *err)
{
	if (sent != 1)
		return lost(conn, err);
	conn->sent[conn->sent_count++] = what;
	return AW_OK;
}

enum aw_status
aw_pg_send(struct pg_conn *conn, const char *text, const char *what, struct aw_error *err)
{
	if (make_room(conn, err) != AW_OK)
		return err->status;
	return note_sent(conn, PQsendQueryParams(conn->handle, text, 0, NULL, NULL, NULL, NULL, 1),
		(struct pg_sent){ PG_COMMAND, NULL, what }, err);
}

enum aw_status
aw_pg_send_params(struct pg_conn *conn, const char *text, const struct aw_sql *sql,
	const struct pg_values *values, struct aw_error *err)
{
	if (make_room(conn, err) != AW_OK)
		return err->status;
	return note_sent(conn,
		PQsendQueryParams(conn->handle, text, (int)sql->in_count, values->types, values->at,
			values->lengths, values->formats, 1),
		(struct pg_sent){ PG_STATEMENT, sql, sql->place }, err);
}

static void
remember(struct pg_conn *conn, const struct aw_sql *sql)
{
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
}

/* Name of the prepared form, made when it is first asked for. The one without a name is made each time: it is
 * planned for the values that are bound to it next. */
static enum aw_status
prepare(struct pg_conn *conn, const struct aw_sql *sql, const struct pg_values *values,
	char name[24], struct aw_error *err)
{
	size_t at = 0;

	name[0] = '\0';
	if (!sql->plan_anew) {
		while (at < conn->count && conn->prepared[at] != sql)
			at++;
		(void)snprintf(name, 24, "s%zu", at);
		if (at < conn->count)
			return AW_OK;
	}
	if (make_room(conn, err) != AW_OK ||
		note_sent(conn,
			PQsendPrepare(conn->handle, name, sql->postgres, (int)sql->in_count,
				values->types),
			(struct pg_sent){
				sql->plan_anew ? PG_STATEMENT : PG_PREPARE, sql, sql->place },
			err) != AW_OK)
		return err->status;
	if (!sql->plan_anew)
		remember(conn, sql);
	if (make_room(conn, err) != AW_OK)
		return err->status;
	return note_sent(conn, PQsendDescribePrepared(conn->handle, name),
		(struct pg_sent){ PG_DESCRIBE, sql, sql->place }, err);
}

enum aw_status
aw_pg_send_prepared(struct pg_conn *conn, const struct aw_sql *sql, const struct pg_values *values,
	struct aw_error *err)
{
	char name[24];

	if (prepare(conn, sql, values, name, err) != AW_OK || make_room(conn, err) != AW_OK)
		return err->status;
	return note_sent(conn,
		PQsendQueryPrepared(conn->handle, name, (int)sql->in_count, values->at,
			values->lengths, values->formats, 1),
		(struct pg_sent){ PG_STATEMENT, sql, sql->place }, err);
}

/* -- answered -------------------------------------------------------------------------------------- */

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

/* One answer; NULL when the connection is gone. */
static PGresult *
next_answer(struct pg_conn *conn)
{
	PGresult *result = PQgetResult(conn->handle), *more;

	if (result == NULL || PQresultStatus(result) == PGRES_PIPELINE_SYNC)
		return result;
	while (PQstatus(conn->handle) == CONNECTION_OK &&
		(more = PQgetResult(conn->handle)) != NULL)
		PQclear(more);
	return result;
}

struct answers {
	struct aw_error first; /* error */
	bool ends;	       /* the connection is of no use any more */
};

static void
take_answer(struct pg_conn *conn, const PGresult *result, const struct pg_sent *sent,
	struct answers *answers)
{
	struct aw_error err = { 0 };
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_PIPELINE_ABORTED)
		return;
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		answers->ends |= state_ends(conn, PQresultErrorField(result, PG_DIAG_SQLSTATE));
		(void)aw_pg_fail(conn, result, sent, &err);
	} else if (sent->kind == PG_PREPARE) {
		conn->confirmed++;
	} else if (sent->kind == PG_DESCRIBE &&
		   aw_pg_check_columns(sent->sql, result, &err) == AW_OK) {
		return;
	}
	if (answers->first.status == AW_OK)
		answers->first = err;
}

static bool
keep_asked(struct pg_asking *asking, const struct pg_sent *sent, PGresult *result)
{
	if (sent->kind != PG_ASKED || asking->count == PG_ASKED_MOST)
		return false;
	asking->at[asking->count].sql = sent->sql;
	asking->at[asking->count++].result = result;
	return true;
}

enum aw_status
aw_pg_mark(struct pg_conn *conn, struct aw_error *err)
{
	if (conn->handle == NULL || PQpipelineSync(conn->handle) != 1)
		return lost(conn, err);
	conn->marked = true;
	return AW_OK;
}

enum aw_status
aw_pg_collect(struct pg_conn *conn, PGresult **ret_last, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) last = NULL;
	struct answers answers = { 0 };

	if (!conn->marked && aw_pg_mark(conn, err) != AW_OK)
		return err->status;
	conn->marked = false;
	for (size_t i = 0; i <= conn->sent_count; i++) {
		PGresult *result = next_answer(conn);
		if (result == NULL)
			return lost(conn, err);
		if (i == conn->sent_count) { /* the mark that all were answered */
			PQclear(result);
			break;
		}
		take_answer(conn, result, &conn->sent[i], &answers);
		if (keep_asked(&conn->asking, &conn->sent[i], result))
			continue;
		PQclear(last);
		last = result;
	}
	conn->sent_count = 0;
	conn->count = conn->confirmed;
	if (answers.ends || PQstatus(conn->handle) != CONNECTION_OK)
		return lost(conn, err);
	if (answers.first.status != AW_OK) {
		conn->failed = true;
		*err = answers.first;
		return err->status;
	}
	if (ret_last != NULL) {
		*ret_last = last;
		last = NULL;
	}
	return AW_OK;
}

enum aw_status
aw_pg_command(struct pg_conn *conn, const char *text, struct aw_error *err)
{
	if (aw_pg_send(conn, text, "a command", err) != AW_OK)
		return err->status;
	return aw_pg_collect(conn, NULL, err);
}
