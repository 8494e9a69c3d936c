/* SQLite: WAL, synchronous FULL, defensive; prepared statements kept by each connection. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "db/engine.h"
#include "db/memo_keep.h"
#include "db/schema.h"
#include "db/sqlite_conn.h"
#include "db/sqlite_lock.h"

#define BUSY_TIMEOUT_MS 10000
#define SCRUB_PAUSE_MS 20
#define NEVER (-1)
#define BACKSTOP_PAGES "16384" /* 64 MB of 4 KB pages: then the writer checkpoints itself */

static enum aw_status
status_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		return AW_CONFLICT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		return AW_BUSY;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return AW_IO;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return AW_CORRUPT;
	case SQLITE_TOOBIG:
		return AW_TOO_LARGE;
	case SQLITE_NOMEM:
		aw_die("the database has no memory left");
	default:
		return AW_INTERNAL;
	}
}

/* SQLite's messages name tables and columns, never values. */
enum aw_status
aw_sqlite_fail(struct sqlite_conn *conn, int rc, const char *what, struct aw_error *err)
{
	return aw_fail(err, status_of(rc), "%s: %s", what,
		conn->handle != NULL ? sqlite3_errmsg(conn->handle) : sqlite3_errstr(rc));
}

static enum aw_status
command(struct sqlite_conn *conn, const char *text, struct aw_error *err)
{
	int rc = sqlite3_exec(conn->handle, text, NULL, NULL, NULL);

	return rc == SQLITE_OK ? AW_OK : aw_sqlite_fail(conn, rc, text, err);
}

static enum aw_status
harden(struct sqlite_conn *conn, struct aw_error *err)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	for (size_t i = 0; i < AW_COUNT(options); i++) {
		int rc = sqlite3_db_config(
			conn->handle, options[i].option, options[i].value, (int *)NULL);
		if (rc != SQLITE_OK)
			return aw_sqlite_fail(
				conn, rc, "cannot secure the database connection", err);
	}
	return AW_OK;
}

static void
note_touched(void *arg, int action, const char *database, const char *table, sqlite3_int64 row)
{
	struct sqlite_conn *conn = arg;

	(void)action, (void)database, (void)row;
	conn->touched |= aw_memo_facts(table);
}

static bool
sqlite_touched(struct aw_conn *head)
{
	bool touched = own(head)->touched;

	own(head)->touched = false;
	return touched;
}

static bool
sqlite_wrote(struct aw_conn *head)
{
	bool wrote = own(head)->wrote;

	own(head)->wrote = false;
	return wrote;
}

static enum aw_status
set_up(struct sqlite_conn *conn, struct aw_error *err)
{
	static const char *const texts[] = {
		[AW_ROLE_READER] = "PRAGMA query_only=ON; PRAGMA cache_size=-16384",
		[AW_ROLE_WRITER] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
				   "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536;"
				   "PRAGMA journal_size_limit=67108864;"
				   "PRAGMA wal_autocheckpoint=" BACKSTOP_PAGES,
		[AW_ROLE_BULK] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
				 "PRAGMA cache_size=-131072; PRAGMA temp_store=MEMORY;"
				 "PRAGMA wal_autocheckpoint=" BACKSTOP_PAGES,
		[AW_ROLE_CHECKPOINTER] = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0",
	};
	enum aw_status status;

	if (harden(conn, err) != AW_OK)
		return err->status;
	sqlite3_busy_timeout(conn->handle, BUSY_TIMEOUT_MS);
	sqlite3_set_authorizer(conn->handle, aw_sqlite_authorize, conn);
	(void)sqlite3_update_hook(conn->handle, note_touched, conn);
	conn->setting_up = true;
	status = command(conn, texts[conn->role], err);
	conn->setting_up = false;
	return status;
}

static void
sqlite_close_conn(struct aw_conn *head)
{
	struct sqlite_conn *conn = own(head);

	for (size_t i = 0; i < conn->room; i++)
		sqlite3_finalize(conn->slots[i].stmt);
	for (size_t i = 0; i < AW_STEPS; i++)
		sqlite3_finalize(conn->steps[i]);
	free(conn->slots);
	sqlite3_close_v2(conn->handle);
	free(conn);
}

/* What a unit behind its savepoint changes is remembered in case it is undone. Past 64 KB SQLite would
 * do so in a file, which costs a call to the kernel for each page. A unit is small, and what it was is in
 * the cache already. Must be said before SQLite is used; where it was, the file stays. */
static void
remember_in_memory(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, NEVER);
}

static enum aw_status
sqlite_open_conn(
	const char *url, enum aw_role role, struct aw_conn **ret_conn, struct aw_error *err)
{
	const char *path = url + strlen("sqlite:");
	static pthread_once_t first = PTHREAD_ONCE_INIT;
	struct sqlite_conn *conn = calloc(1, sizeof(*conn));
	int flags = role == AW_ROLE_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int rc;

	if (conn == NULL)
		aw_die("no memory left for a database connection");
	(void)pthread_once(&first, remember_in_memory);
	conn->head.engine = &aw_engine_sqlite;
	conn->role = role;
	rc = sqlite3_open_v2(path, &conn->handle,
		flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE,
		NULL);
	if (rc != SQLITE_OK)
		(void)aw_sqlite_fail(conn, rc, "cannot open the database", err);
	else if (set_up(conn, err) == AW_OK) {
		*ret_conn = &conn->head;
		return AW_OK;
	}
	sqlite_close_conn(&conn->head);
	return err->status;
}

static size_t
slot_of(const struct prepared *slots, size_t room, const struct aw_sql *sql)
{
	size_t at = ((uintptr_t)sql >> 4) * 0x9E3779B97F4A7C15u >> 20 & (room - 1);

	while (slots[at].sql != NULL && slots[at].sql != sql)
		at = (at + 1) & (room - 1);
	return at;
}

static void
grow(struct sqlite_conn *conn)
{
	size_t room = conn->room == 0 ? 64 : conn->room * 2;
	struct prepared *slots = calloc(room, sizeof(*slots));

	if (slots == NULL)
		aw_die("no memory left for prepared statements");
	for (size_t i = 0; i < conn->room; i++) {
		if (conn->slots[i].sql != NULL)
			slots[slot_of(slots, room, conn->slots[i].sql)] = conn->slots[i];
	}
	free(conn->slots);
	conn->slots = slots;
	conn->room = room;
}

/* The statement's columns must be the declared ones. */
enum aw_status
aw_sqlite_check_columns(const struct aw_sql *sql, sqlite3_stmt *stmt, struct aw_error *err)
{
	if (sqlite3_column_count(stmt) != (int)sql->out_count)
		return aw_fail(err, AW_INTERNAL, "statement %s (%s) has %d columns and declares %u",
			sql->name, sql->place, sqlite3_column_count(stmt),
			(unsigned)sql->out_count);
	for (uint32_t i = 0; i < sql->out_count; i++) {
		const char *name = sqlite3_column_name(stmt, (int)i);
		if (name == NULL || strcmp(name, sql->outs[i].name) != 0)
			return aw_fail(err, AW_INTERNAL,
				"statement %s (%s): column %u is called %s, declared is %s",
				sql->name, sql->place, (unsigned)i + 1, name == NULL ? "?" : name,
				sql->outs[i].name);
	}
	return AW_OK;
}

static enum aw_status
prepare(struct sqlite_conn *conn, const struct aw_sql *sql, unsigned flags, sqlite3_stmt **ret_stmt,
	struct aw_error *err)
{
	AW_SCOPED(stmt, sqlite3_stmt *) stmt = NULL;
	int rc = sqlite3_prepare_v3(conn->handle, sql->sqlite, -1, flags, &stmt, NULL);

	if (rc != SQLITE_OK) {
		(void)aw_sqlite_fail(conn, rc, sql->place, err);
		return aw_wrap(err, "statement %s", sql->name);
	}
	if (aw_sqlite_check_columns(sql, stmt, err) != AW_OK)
		return err->status;
	if (sqlite3_bind_parameter_count(stmt) != (int)sql->in_count)
		return aw_fail(err, AW_INTERNAL,
			"statement %s (%s) has other parameters than it declares", sql->name,
			sql->place);
	*ret_stmt = stmt;
	stmt = NULL;
	return AW_OK;
}

/* Takes the kept form of a statement; a second one while the first is being stepped is made anew. */
static enum aw_status
take(struct sqlite_conn *conn, const struct aw_sql *sql, sqlite3_stmt **ret_stmt, bool *ret_kept,
	struct aw_error *err)
{
	struct prepared *slot;

	if ((conn->count + 1) * 2 > conn->room)
		grow(conn);
	slot = &conn->slots[slot_of(conn->slots, conn->room, sql)];
	if (slot->sql == NULL) {
		if (prepare(conn, sql, SQLITE_PREPARE_PERSISTENT, &slot->stmt, err) != AW_OK)
			return err->status;
		slot->sql = sql;
		conn->count++;
	}
	*ret_kept = !slot->in_use;
	if (slot->in_use)
		return prepare(conn, sql, 0, ret_stmt, err);
	slot->in_use = true;
	*ret_stmt = slot->stmt;
	return AW_OK;
}

static void
give_back(struct sqlite_conn *conn, const struct aw_sql *sql, sqlite3_stmt *stmt, bool kept)
{
	if (!kept) {
		sqlite3_finalize(stmt);
		return;
	}
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	conn->slots[slot_of(conn->slots, conn->room, sql)].in_use = false;
}

int
aw_sqlite_bind(sqlite3_stmt *stmt, int at, const struct aw_cell *cell)
{
	switch (cell->kind) {
	case AW_CELL_INT:
		return sqlite3_bind_int64(stmt, at, cell->number);
	case AW_CELL_TEXT:
		return sqlite3_bind_text64(
			stmt, at, cell->at, cell->len, SQLITE_STATIC, SQLITE_UTF8);
	case AW_CELL_BYTES:
		return sqlite3_bind_blob64(stmt, at, cell->at, cell->len, SQLITE_STATIC);
	case AW_CELL_NULL:
	case AW_CELL_OTHER:
		break;
	}
	return sqlite3_bind_null(stmt, at);
}

static struct aw_cell
column(sqlite3_stmt *stmt, int at)
{
	struct aw_cell cell = { .kind = AW_CELL_OTHER };

	switch (sqlite3_column_type(stmt, at)) {
	case SQLITE_INTEGER:
		cell.kind = AW_CELL_INT;
		cell.number = sqlite3_column_int64(stmt, at);
		break;
	case SQLITE_TEXT:
		cell.kind = AW_CELL_TEXT;
		cell.at = sqlite3_column_text(stmt, at);
		break;
	case SQLITE_BLOB:
		cell.kind = AW_CELL_BYTES;
		cell.at = sqlite3_column_blob(stmt, at);
		break;
	case SQLITE_NULL:
		cell.kind = AW_CELL_NULL;
		return cell;
	default:
		return cell;
	}
	if (cell.kind != AW_CELL_INT) {
		cell.len = (size_t)sqlite3_column_bytes(stmt, at);
		cell.at = cell.at == NULL ? "" : cell.at;
	}
	return cell;
}

enum aw_status
aw_sqlite_rows(struct sqlite_conn *conn, const struct aw_sql *sql, sqlite3_stmt *stmt,
	aw_cells_fn *fn, void *arg, struct aw_error *err)
{
	struct aw_cell cells[AW_SQL_FIELDS_MAX];
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (uint32_t i = 0; i < sql->out_count; i++)
			cells[i] = column(stmt, (int)i);
		if (fn(cells, sql->out_count, arg, err) != AW_OK)
			return err->status;
	}
	if (rc != SQLITE_DONE) {
		(void)aw_sqlite_fail(conn, rc, sql->place, err);
		return aw_wrap(err, "statement %s", sql->name);
	}
	return AW_OK;
}

static enum aw_status
sqlite_run(struct aw_conn *head, const struct aw_sql *sql, const struct aw_cell *ins,
	aw_cells_fn *fn, void *arg, int64_t *ret_changed, struct aw_error *err)
{
	struct sqlite_conn *conn = own(head);
	sqlite3_stmt *stmt = NULL;
	enum aw_status status = AW_OK;
	bool kept = false;

	if (head->limits != NULL)
		return aw_sqlite_run_published(conn, sql, ins, fn, arg, err);
	if (take(conn, sql, &stmt, &kept, err) != AW_OK)
		return err->status;
	conn->wrote |= sqlite3_stmt_readonly(stmt) == 0;
	for (uint32_t i = 0; i < sql->in_count && status == AW_OK; i++) {
		int rc = aw_sqlite_bind(stmt, (int)i + 1, &ins[i]);
		if (rc != SQLITE_OK)
			status = aw_sqlite_fail(conn, rc, sql->place, err);
	}
	if (status == AW_OK)
		status = aw_sqlite_rows(conn, sql, stmt, fn, arg, err);
	if (status == AW_OK && ret_changed != NULL)
		*ret_changed = sqlite3_changes64(conn->handle);
	give_back(conn, sql, stmt, kept);
	return status;
}

/* A step that is one statement is prepared once. */
static enum aw_status
run_step(struct sqlite_conn *conn, enum aw_step step, const char *text, struct aw_error *err)
{
	int rc = SQLITE_OK;

	if (conn->steps[step] == NULL)
		rc = sqlite3_prepare_v3(conn->handle, text, -1, SQLITE_PREPARE_PERSISTENT,
			&conn->steps[step], NULL);
	if (rc == SQLITE_OK) {
		(void)sqlite3_step(conn->steps[step]);
		rc = sqlite3_reset(conn->steps[step]);
	}
	return rc == SQLITE_OK ? AW_OK : aw_sqlite_fail(conn, rc, text, err);
}

static enum aw_status
sqlite_step_tx(struct aw_conn *head, enum aw_step step, struct aw_error *err)
{
	static const char *const texts[] = {
		[AW_STEP_BEGIN_READ] = "BEGIN",
		[AW_STEP_BEGIN_WRITE] = "BEGIN IMMEDIATE",
		[AW_STEP_COMMIT] = "COMMIT",
		[AW_STEP_ROLLBACK] = "ROLLBACK",
		[AW_STEP_SAVE] = "SAVEPOINT unit",
		[AW_STEP_RELEASE] = "RELEASE unit",
		[AW_STEP_UNDO] = "ROLLBACK TO unit; RELEASE unit",
	};

	_Static_assert(AW_COUNT(texts) == AW_STEPS, "a text a step");
	return step == AW_STEP_UNDO ? command(own(head), texts[step], err)
				    : run_step(own(head), step, texts[step], err);
}

static bool
sqlite_in_transaction(struct aw_conn *head)
{
	return sqlite3_get_autocommit(own(head)->handle) == 0;
}

static enum aw_status
sqlite_define(struct aw_conn *head, const char *text, struct aw_error *err)
{
	own(head)->wrote = true;
	return command(own(head), text, err);
}

static enum aw_status
sqlite_checkpoint(struct aw_conn *head, struct aw_error *err)
{
	struct sqlite_conn *conn = own(head);
	int mode, rc;

	/* What a filled database looks like, for the planner; but not of tables that have yet to grow: told
	 * that the log has one row, it would read all of a million to find the last. */
	if (conn->role == AW_ROLE_BULK) {
		conn->setting_up = true;
		(void)command(conn,
			"PRAGMA analysis_limit=1000; ANALYZE;"
			"DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < 1000",
			err);
		conn->setting_up = false;
	}
	mode = conn->role == AW_ROLE_CHECKPOINTER ? SQLITE_CHECKPOINT_PASSIVE
						  : SQLITE_CHECKPOINT_TRUNCATE;
	rc = sqlite3_wal_checkpoint_v2(conn->handle, NULL, mode, NULL, NULL);
	return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY
		       ? AW_OK
		       : aw_sqlite_fail(conn, rc, "cannot move the log into the database", err);
}

/* While another connection checkpoints, SQLite says BUSY at once and asks no busy handler. */
static enum aw_status
sqlite_scrub(struct aw_conn *head, struct aw_error *err)
{
	struct sqlite_conn *conn = own(head);
	int rc = SQLITE_BUSY;

	for (int waited = 0; (rc & 0xff) == SQLITE_BUSY && waited < BUSY_TIMEOUT_MS;
		waited += sqlite3_sleep(SCRUB_PAUSE_MS))
		rc = sqlite3_wal_checkpoint_v2(
			conn->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc == SQLITE_OK ? AW_OK
			       : aw_sqlite_fail(conn, rc, "cannot clear the write-ahead log", err);
}

static const char *const *
sqlite_migration(size_t index)
{
	return aw_migrations[index].sqlite;
}

const struct aw_engine aw_engine_sqlite = {
	.name = "sqlite",
	.lock = aw_sqlite_lock,
	.unlock = aw_sqlite_unlock,
	.open = sqlite_open_conn,
	.close = sqlite_close_conn,
	.step = sqlite_step_tx,
	.in_transaction = sqlite_in_transaction,
	.run = sqlite_run,
	.define = sqlite_define,
	.touched = sqlite_touched,
	.wrote = sqlite_wrote,
	.checkpoint = sqlite_checkpoint,
	.load_begin = NULL,
	.scrub = sqlite_scrub,
	.settle = sqlite_checkpoint,
	.publish = NULL,
	.migration = sqlite_migration,
	.ledger = "CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL PRIMARY KEY,"
		  " name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
};
