/* What statements may do on a SQLite connection: the house's own, and a policy's under limits. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "db/published.h"
#include "db/sqlite_conn.h"

#define STEPS_A_LOOK 10000  /* the limits are looked at every so many steps */
#define LENGTH_MOST 1000000 /* of a text that a policy's SQL makes */

/* What the published views read, "table.column" a piece, and every table there is: made anew for
 * each run. */
struct aw_published_set {
	struct aw_arena arena;
	const char **pairs;
	size_t count, room;
	const char **tables;
	size_t table_count, table_room;
};

static bool
in_set(const struct aw_published_set *set, const char *table, const char *column)
{
	size_t len = strlen(table);

	for (size_t i = 0; i < set->count; i++) {
		const char *pair = set->pairs[i];
		if (strncmp(pair, table, len) == 0 && pair[len] == '.' &&
			(column[0] == '\0' || strcmp(pair + len + 1, column) == 0))
			return true;
	}
	return false;
}

/* A policy's SQL reads views v_... . What such a view reads comes here as a read of a table with the
 * view's name beside it. A name is not enough, for a WITH clause may take any: the column must be
 * one that the published views read. A source of which no column is read comes with an empty column
 * and, folded into the query, no name beside it; it may be a table whose rows can be counted through
 * a view all the same, or a name of the text's own that is no table. */
static int
authorize_read(
	const struct sqlite_conn *conn, const char *table, const char *column, const char *view)
{
	const struct aw_published_set *set = conn->published;
	bool named = view != NULL && strncmp(view, "v_", 2) == 0;

	if (strncmp(table, "v_", 2) == 0)
		return SQLITE_OK;
	if (strncmp(table, "sqlite_", 7) == 0 || strncmp(table, "pragma_", 7) == 0)
		return SQLITE_DENY;
	if (column[0] == '\0' && !aw_text_in(table, set->tables, set->table_count))
		return SQLITE_OK;
	return (named || column[0] == '\0') && in_set(set, table, column) ? SQLITE_OK : SQLITE_DENY;
}

static int
authorize_published(
	const struct sqlite_conn *conn, int action, const char *a, const char *b, const char *view)
{
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return b != NULL && aw_published_function(b) ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_READ:
		return a == NULL || b == NULL ? SQLITE_DENY : authorize_read(conn, a, b, view);
	default:
		return SQLITE_DENY;
	}
}

/* Notes what a view reads; the views are the schema's own and need no permission. */
static int
authorize_noting(
	void *arg, int action, const char *a, const char *b, const char *c, const char *view)
{
	struct aw_published_set *set = arg;

	(void)c;
	if (action == SQLITE_READ && view != NULL && strncmp(view, "v_", 2) == 0)
		*AW_PUSH(&set->arena, set->pairs, set->count, set->room) =
			aw_arena_printf(&set->arena, "%s.%s", a, b);
	return SQLITE_OK;
}

/* Fills the set from the schema. */
static enum aw_status
note_schema(struct sqlite_conn *conn, struct aw_published_set *set, struct aw_error *err)
{
	static const char list[] = "SELECT name, 'SELECT * FROM ' || name,"
				   " type = 'view' AND substr(name, 1, 2) = 'v_'"
				   " FROM sqlite_schema WHERE type IN ('table', 'view')";
	AW_SCOPED(stmt, sqlite3_stmt *) all = NULL;
	int rc;

	sqlite3_set_authorizer(conn->handle, authorize_noting, set);
	rc = sqlite3_prepare_v2(conn->handle, list, -1, &all, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(all)) == SQLITE_ROW) {
		AW_SCOPED(stmt, sqlite3_stmt *) view = NULL;
		*AW_PUSH(&set->arena, set->tables, set->table_count, set->table_room) =
			aw_arena_strdup(&set->arena, (const char *)sqlite3_column_text(all, 0));
		rc = SQLITE_OK;
		if (sqlite3_column_int(all, 2) != 0)
			rc = sqlite3_prepare_v2(conn->handle,
				(const char *)sqlite3_column_text(all, 1), -1, &view, NULL);
	}
	sqlite3_set_authorizer(conn->handle, aw_sqlite_authorize, conn);
	return rc == SQLITE_DONE ? AW_OK : aw_sqlite_fail(conn, rc, "the published views", err);
}

/* What a statement may do at all, whoever wrote it. */
int
aw_sqlite_authorize(
	void *arg, int action, const char *a, const char *b, const char *c, const char *d)
{
	const struct sqlite_conn *conn = arg;

	(void)c;
	if (conn->setting_up)
		return SQLITE_OK;
	if (conn->head.limits != NULL)
		return authorize_published(conn, action, a, b, d);
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
		return SQLITE_OK;
	case SQLITE_SAVEPOINT:
		return conn->role == AW_ROLE_READER ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		if (a != NULL && strncmp(a, "sqlite_", 7) == 0 && !conn->head.ddl_allowed)
			return SQLITE_DENY;
		return conn->role == AW_ROLE_READER ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
	case SQLITE_CREATE_VTABLE:
	case SQLITE_DROP_VTABLE:
		return SQLITE_DENY;
	default: /* all that is left defines something */
		return conn->head.ddl_allowed ? SQLITE_OK : SQLITE_DENY;
	}
}

struct budget {
	int64_t steps, until_us;
};

static int
spend(void *arg)
{
	struct budget *budget = arg;

	budget->steps -= STEPS_A_LOOK;
	return budget->steps < 0 || aw_monotonic_us() > budget->until_us ? 1 : 0;
}

static enum aw_status
run_prepared(struct sqlite_conn *conn, const struct aw_sql *sql, sqlite3_stmt *stmt,
	const struct aw_cell *ins, aw_cells_fn *fn, void *arg, struct aw_error *err)
{
	for (uint32_t i = 0; i < sql->in_count; i++) {
		char name[80];
		int at;

		(void)snprintf(name, sizeof(name), ":%s", sql->ins[i].name);
		at = sqlite3_bind_parameter_index(stmt, name);
		if (at != 0 && aw_sqlite_bind(stmt, at, &ins[i]) != SQLITE_OK)
			return aw_sqlite_fail(conn, sqlite3_errcode(conn->handle), sql->place, err);
	}
	return aw_sqlite_rows(conn, sql, stmt, fn, arg, err);
}

static enum aw_status
prepare_published(struct sqlite_conn *conn, const struct aw_sql *sql, sqlite3_stmt **ret_stmt,
	struct aw_error *err)
{
	const char *rest = "";

	if (sqlite3_prepare_v3(conn->handle, sql->sqlite, -1, 0, ret_stmt, &rest) != SQLITE_OK)
		return aw_fail(err, AW_INVALID, "%s: %s", sql->place, sqlite3_errmsg(conn->handle));
	if (*ret_stmt == NULL)
		return aw_fail(err, AW_INVALID, "%s: holds no statement", sql->place);
	if (aw_str_trim(aw_str(rest)).len != 0)
		return aw_fail(err, AW_INVALID, "%s: one statement only", sql->place);
	if (sqlite3_stmt_readonly(*ret_stmt) == 0)
		return aw_fail(err, AW_INVALID, "%s: a definition only reads", sql->place);
	if (aw_sqlite_check_columns(sql, *ret_stmt, err) != AW_OK)
		return err->status = AW_INVALID;
	return AW_OK;
}

enum aw_status
aw_sqlite_run_published(struct sqlite_conn *conn, const struct aw_sql *sql,
	const struct aw_cell *ins, aw_cells_fn *fn, void *arg, struct aw_error *err)
{
	AW_SCOPED(stmt, sqlite3_stmt *) stmt = NULL;
	const struct aw_limits *limits = conn->head.limits;
	struct budget budget = { .steps = limits->steps,
		.until_us = aw_monotonic_us() + limits->ms * 1000 };
	int length = sqlite3_limit(conn->handle, SQLITE_LIMIT_LENGTH, LENGTH_MOST);
	struct aw_published_set set = { 0 };
	enum aw_status status = note_schema(conn, &set, err);

	conn->published = &set;
	if (status == AW_OK)
		status = prepare_published(conn, sql, &stmt, err);
	if (status == AW_OK) {
		sqlite3_progress_handler(conn->handle, STEPS_A_LOOK, spend, &budget);
		status = run_prepared(conn, sql, stmt, ins, fn, arg, err);
		sqlite3_progress_handler(conn->handle, 0, NULL, NULL);
		if (status == AW_BUSY)
			status = aw_fail(err, AW_TOO_LARGE,
				"%s: took more than its %lld steps or %lld ms", sql->place,
				(long long)limits->steps, (long long)limits->ms);
	}
	conn->published = NULL;
	aw_arena_done(&set.arena);
	(void)sqlite3_limit(conn->handle, SQLITE_LIMIT_LENGTH, length);
	return status;
}
