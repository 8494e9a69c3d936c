/* PostgreSQL as an engine: units of work by steps, statements prepared by each connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/memo_keep.h"
#include "db/pg_conn.h"
#include "db/schema.h"

#define FETCH_ROWS 1000				      /* of a scan, at once in memory */
#define NO_TABLE "42P01"			      /* SQLSTATE */
#define DUTY_LOCK "SELECT pg_try_advisory_lock(4702)" /* held by the server on duty */

static struct pg_conn *
own(struct aw_conn *conn)
{
	return aw_pg_own(conn);
}

static void
drop_asked(struct pg_asking *asking)
{
	for (size_t i = 0; i < asking->count; i++)
		PQclear(asking->at[i].result);
	*asking = (struct pg_asking){ 0 };
}

static void
pg_close(struct aw_conn *head)
{
	struct pg_conn *conn = own(head);

	aw_pg_drop(conn);
	drop_asked(&conn->asking);
	free((void *)conn->prepared);
	free(conn->url);
	free(conn);
}

static enum aw_status
pg_open(const char *url, enum aw_role role, struct aw_conn **ret_conn, struct aw_error *err)
{
	struct pg_conn *conn = calloc(1, sizeof(*conn));

	if (conn == NULL || (conn->url = strdup(url)) == NULL)
		aw_die("no memory left for a database connection");
	conn->head.engine = &aw_engine_pg;
	conn->head.tells = role == AW_ROLE_WRITER;
	conn->role = role;
	if (aw_pg_connect(conn, err) == AW_OK) {
		*ret_conn = &conn->head;
		return AW_OK;
	}
	pg_close(&conn->head);
	return err->status;
}

/* -- statements ------------------------------------------------------------------------------------ */

/* A scan may be of everybody: it comes by and by. Its rows are whole before fn sees one, so fn may run
 * other statements. */
static enum aw_status
run_each(struct pg_conn *conn, const struct aw_sql *sql, const struct pg_values *values,
	aw_cells_fn *fn, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	uint32_t number = conn->cursors++;
	const char *declare = aw_arena_printf(
		&arena, "DECLARE c%u NO SCROLL CURSOR FOR %s", (unsigned)number, sql->postgres);
	const char *fetch =
		aw_arena_printf(&arena, "FETCH %d FROM c%u", FETCH_ROWS, (unsigned)number);
	int rows = FETCH_ROWS;

	if (aw_pg_send_params(conn, declare, sql, values, err) != AW_OK)
		return err->status;
	while (rows == FETCH_ROWS) {
		AW_SCOPED(result, PGresult *) result = NULL;

		if (aw_pg_send(conn, fetch, sql->place, err) != AW_OK ||
			aw_pg_collect(conn, &result, err) != AW_OK ||
			aw_pg_check_columns(sql, result, err) != AW_OK ||
			aw_pg_rows(sql, result, fn, arg, err) != AW_OK)
			return err->status;
		rows = PQntuples(result);
	}
	return aw_pg_send(
		conn, aw_arena_printf(&arena, "CLOSE c%u", (unsigned)number), sql->place, err);
}

/* The next answer of those that were asked for ahead. */
static enum aw_status
take_asked(struct pg_conn *conn, const struct aw_sql *sql, aw_cells_fn *fn, void *arg,
	struct aw_error *err)
{
	struct pg_asking *asking = &conn->asking;

	if (asking->taken == asking->count || asking->at[asking->taken].sql != sql)
		return aw_fail(err, AW_INTERNAL, "statement %s was not asked ahead", sql->name);
	return aw_pg_rows(sql, asking->at[asking->taken++].result, fn, arg, err);
}

static enum aw_status
pg_run(struct aw_conn *head, const struct aw_sql *sql, const struct aw_cell *ins, aw_cells_fn *fn,
	void *arg, int64_t *ret_changed, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	struct pg_conn *conn = own(head);
	struct pg_values values;

	if (head->limits != NULL)
		return aw_pg_run_published(conn, sql, ins, fn, arg, err);
	if (conn->asking.now == PG_TAKES)
		return take_asked(conn, sql, fn, arg, err);
	if (aw_pg_values(sql, ins, &values, err) != AW_OK)
		return err->status;
	if (sql->mode == AW_SQL_EACH)
		return run_each(conn, sql, &values, fn, arg, err);
	if (aw_pg_send_prepared(conn, sql, &values, err) != AW_OK)
		return err->status;
	if (conn->asking.now == PG_SENDS) {
		conn->sent[conn->sent_count - 1].kind = PG_ASKED;
		return AW_OK;
	}
	conn->touched |= sql->writes != NULL && aw_memo_facts(sql->writes);
	conn->wrote |= sql->writes != NULL;
	if (sql->out_count == 0 && ret_changed == NULL)
		return AW_OK;
	if (aw_pg_collect(conn, &result, err) != AW_OK)
		return err->status;
	if (ret_changed != NULL)
		*ret_changed = strtoll(PQcmdTuples(result), NULL, 10);
	return aw_pg_rows(sql, result, fn, arg, err);
}

/* A definition of a migration may be of several kinds: it is answered at once. */
static enum aw_status
pg_define(struct aw_conn *head, const char *text, struct aw_error *err)
{
	own(head)->wrote = true;
	return aw_pg_command(own(head), text, err);
}

/* -- units of work --------------------------------------------------------------------------------- */

/* What is on its way may have failed; that is what is undone. */
static enum aw_status
undo(struct pg_conn *conn, const char *first, const char *second, struct aw_error *err)
{
	if (conn->sent_count > 0 && aw_pg_collect(conn, NULL, err) != AW_OK)
		aw_error_clear(err);
	if (aw_pg_send(conn, first, first, err) != AW_OK ||
		(second != NULL && aw_pg_send(conn, second, second, err) != AW_OK))
		return err->status;
	conn->failed = false;
	return aw_pg_collect(conn, NULL, err);
}

struct asks {
	aw_asks_fn *fn; /* NULL: none */
	void *arg;
};

static enum aw_status
ask(struct pg_conn *conn, const struct asks *asks, enum pg_asks now, struct aw_error *err)
{
	struct pg_asking *asking = &conn->asking;

	if (asks->fn == NULL)
		return AW_OK;
	asking->now = now;
	(void)asks->fn(asks->arg, err);
	asking->now = PG_ASKS_NOTHING;
	return err->status;
}

/* Begins; on a connection that was lost since its last use, a second time on a new one. */
static enum aw_status
begin(struct pg_conn *conn, const char *text, const char *lock, const struct asks *asks,
	struct aw_error *err)
{
	for (int attempt = 0; attempt < 2; attempt++) {
		aw_error_clear(err);
		if (aw_pg_connect(conn, err) != AW_OK)
			return err->status;
		drop_asked(&conn->asking);
		conn->conflict = conn->touched = conn->failed = conn->wrote = false;
		conn->open = true;
		if (aw_pg_send(conn, text, text, err) == AW_OK &&
			(lock == NULL || aw_pg_send(conn, lock, lock, err) == AW_OK) &&
			ask(conn, asks, PG_SENDS, err) == AW_OK &&
			aw_pg_collect(conn, NULL, err) == AW_OK &&
			ask(conn, asks, PG_TAKES, err) == AW_OK) {
			drop_asked(&conn->asking);
			return AW_OK;
		}
		if (conn->handle != NULL)
			break;
	}
	if (conn->handle != NULL && undo(conn, "ROLLBACK", NULL, &(struct aw_error){ 0 }) != AW_OK)
		aw_pg_drop(conn);
	conn->open = false;
	return err->status;
}

/* The sequencer: groups of units of all servers run one after the other, so that the numbers they give
 * (leaves of the log, changes, counters) have no gaps and nobody's unit meets another's. A lock of a
 * table, for that is taken before the transaction's snapshot, which then holds all that was committed
 * before; it is given up with the commit or with the connection. The table is the first there is. */
static enum aw_status
begin_write(struct pg_conn *conn, const struct asks *asks, struct aw_error *err)
{
	/* who fills an empty database is alone in it */
	const char *text =
		conn->role == AW_ROLE_BULK ? "BEGIN" : "BEGIN ISOLATION LEVEL SERIALIZABLE";

	conn->state[0] = '\0';
	if (begin(conn, text, "LOCK TABLE migration IN EXCLUSIVE MODE", asks, err) == AW_OK ||
		strcmp(conn->state, NO_TABLE) != 0)
		return err->status;
	/* an empty database, whose first table this unit makes */
	return begin(conn, text, NULL, &(struct asks){ 0 }, err);
}

static enum aw_status
begin_step(struct pg_conn *conn, enum aw_step step, const struct asks *asks, struct aw_error *err)
{
	return step == AW_STEP_BEGIN_WRITE
		       ? begin_write(conn, asks, err)
		       : begin(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, asks,
				 err);
}

/* A reading is over; nobody waits to hear that. */
static enum aw_status
part(struct pg_conn *conn, struct aw_error *err)
{
	if (aw_pg_send(conn, "ROLLBACK", "ROLLBACK", err) != AW_OK)
		return err->status;
	return aw_pg_mark(conn, err);
}

/* Lost in the commit: nobody can say whether it took place. */
static enum aw_status
commit(struct pg_conn *conn, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;

	if (conn->handle == NULL)
		return aw_fail(err, AW_BUSY, "the connection to the database was lost; try again");
	if (aw_pg_send(conn, "COMMIT", "COMMIT", err) != AW_OK ||
		aw_pg_collect(conn, &result, err) != AW_OK) {
		if (conn->handle == NULL)
			return aw_fail(err, AW_UNSURE,
				"the connection was lost while this was being recorded: look "
				"whether it was before sending it again");
		return err->status;
	}
	conn->open = false;
	return strcmp(PQcmdStatus(result), "COMMIT") == 0
		       ? AW_OK
		       : aw_fail(err, AW_IO, "the database rolled the transaction back");
}

static enum aw_status
pg_step(struct aw_conn *head, enum aw_step step, struct aw_error *err)
{
	struct pg_conn *conn = own(head);

	switch (step) {
	case AW_STEP_BEGIN_READ:
	case AW_STEP_BEGIN_WRITE:
		return begin_step(conn, step, &(struct asks){ 0 }, err);
	case AW_STEP_COMMIT:
		return commit(conn, err);
	case AW_STEP_ROLLBACK:
		conn->open = false;
		return conn->role == AW_ROLE_READER && conn->sent_count == 0 && !conn->failed
			       ? part(conn, err)
			       : undo(conn, "ROLLBACK", NULL, err);
	case AW_STEP_SAVE:
		return aw_pg_send(conn, "SAVEPOINT unit", "SAVEPOINT", err);
	case AW_STEP_RELEASE:
		return aw_pg_command(conn, "RELEASE SAVEPOINT unit", err);
	case AW_STEP_UNDO:
		return undo(conn, "ROLLBACK TO SAVEPOINT unit", "RELEASE SAVEPOINT unit", err);
	case AW_STEPS:
		break;
	}
	return aw_fail(err, AW_INTERNAL, "there is no such step");
}

static enum aw_status
pg_begin_asking(
	struct aw_conn *head, enum aw_step step, aw_asks_fn *asks, void *arg, struct aw_error *err)
{
	return begin_step(own(head), step, &(struct asks){ asks, arg }, err);
}

static bool
pg_in_transaction(struct aw_conn *head)
{
	return own(head)->open;
}

static bool
pg_conflicted(struct aw_conn *head)
{
	return own(head)->conflict;
}

/* -- the rest of an engine ------------------------------------------------------------------------- */

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

/* -- what could lose a receipt --------------------------------------------------------------------- */

/* The program sees to synchronous_commit itself; these are the whole server's, or may be kept from us. */
#define DOUBTS                                                                                     \
	"SELECT current_setting('fsync') = 'off', current_setting('full_page_writes') = 'off',"    \
	" current_setting('synchronous_standby_names') = ''"                                       \
	" AND EXISTS (SELECT 1 FROM pg_stat_replication),"                                         \
	" current_setting('log_parameter_max_length') <> '0'"                                      \
	" AND (current_setting('log_statement') <> 'none'"                                         \
	" OR current_setting('log_min_duration_statement') <> '-1'"                                \
	" OR current_setting('log_min_duration_sample') <> '-1'"                                   \
	" OR current_setting('log_transaction_sample_rate') <> '0'),"                              \
	" COALESCE(current_setting('auto_explain.log_min_duration', true), '-1') <> '-1'"

static const char *const doubts[] = {
	"fsync is off: a power cut can lose what was acknowledged, and the database with it",
	"full_page_writes is off: a power cut can break the page that is being written",
	"a standby follows and no commit waits for it (synchronous_standby_names): a fail-over can "
	"lose what was acknowledged last",
	"its log takes down what is typed, with each statement: GRANT SET ON PARAMETER "
	"log_parameter_max_length to this role, or set it to 0",
	"auto_explain takes down what is typed, with each plan: set auto_explain.log_min_duration "
	"to -1",
};

static enum aw_status
pg_doubts(struct aw_conn *head, struct aw_arena *arena, const char **ret_text, struct aw_error *err)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	struct aw_buf text = { .arena = arena };

	if (aw_pg_send(own(head), DOUBTS, "doubts", err) != AW_OK ||
		aw_pg_collect(own(head), &result, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < AW_COUNT(doubts); i++)
		if (PQgetvalue(result, 0, (int)i)[0] != 0)
			aw_buf_printf(&text, "PostgreSQL: %s.\n", doubts[i]);
	*ret_text = text.len == 0 ? NULL : aw_buf_z(&text);
	return AW_OK;
}

static const char *const *
pg_migration(size_t index)
{
	return aw_migrations[index].postgres;
}

/* The connection that holds the advisory lock of the server on duty, or tries to. */
struct duty {
	struct aw_conn *conn;
	bool mine; /* as long as the connection lives */
};

static void
pg_unlock(void *lock)
{
	struct duty *duty = lock;

	pg_close(duty->conn);
	free(duty);
}

static enum aw_status
pg_lock(const struct aw_db_options *options, void **ret_lock, struct aw_error *err)
{
	struct duty *duty = calloc(1, sizeof(*duty));

	if (duty == NULL)
		aw_die("no memory left for a database");
	if (pg_open(options->url, AW_ROLE_WRITER, &duty->conn, err) != AW_OK) {
		free(duty);
		return err->status;
	}
	*ret_lock = duty;
	return AW_OK;
}

static bool
pg_on_duty(void *lock)
{
	AW_SCOPED(result, PGresult *) result = NULL;
	struct duty *duty = lock;
	struct pg_conn *conn = own(duty->conn);
	struct aw_error err = { 0 };

	if (conn->handle == NULL)
		duty->mine = false;
	/* asked even by the one that has it: it may have lost its connection meanwhile */
	if (aw_pg_connect(conn, &err) != AW_OK ||
		aw_pg_send(conn, duty->mine ? "SELECT true" : DUTY_LOCK, "duty", &err) != AW_OK ||
		aw_pg_collect(conn, &result, &err) != AW_OK)
		return duty->mine = false;
	return duty->mine = PQgetvalue(result, 0, 0)[0] != 0;
}

static bool
pg_touched(struct aw_conn *head)
{
	return own(head)->touched;
}

static bool
pg_wrote(struct aw_conn *head)
{
	struct pg_conn *conn = own(head);
	bool wrote = conn->wrote;

	conn->wrote = false;
	return wrote || conn->failed;
}

static enum aw_status
pg_arrive(struct aw_conn *head, struct aw_error *err)
{
	struct pg_conn *conn = own(head);

	if (aw_pg_collect(conn, NULL, err) != AW_OK)
		return err->status;
	return conn->failed ? aw_fail(err, AW_INTERNAL, "a statement failed unheard") : AW_OK;
}

const struct aw_engine aw_engine_pg = {
	.name = "postgres",
	.lock = pg_lock,
	.unlock = pg_unlock,
	.on_duty = pg_on_duty,
	.open = pg_open,
	.close = pg_close,
	.step = pg_step,
	.begin_asking = pg_begin_asking,
	.in_transaction = pg_in_transaction,
	.conflicted = pg_conflicted,
	.run = pg_run,
	.define = pg_define,
	.touched = pg_touched,
	.wrote = pg_wrote,
	.arrive = pg_arrive,
	.checkpoint = NULL,
	.load_begin = aw_pg_load_begin,
	.load_row = aw_pg_load_row,
	.load_end = aw_pg_load_end,
	.scrub = pg_scrub,
	.doubts = pg_doubts,
	.settle = pg_settle,
	.publish = aw_pg_publish,
	.migration = pg_migration,
	.ledger = "CREATE TABLE IF NOT EXISTS migration (number BIGINT NOT NULL PRIMARY KEY,"
		  " name TEXT COLLATE \"C\" NOT NULL, applied_at BIGINT NOT NULL)",
};
