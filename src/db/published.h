/**
 * db/published - SQL that a policy brings: it sees the views v_... alone, for so long.
 * Layer: db.  Threads: as the tx.  Example: tests/db/test_published.c
 *
 * The statement is prepared anew for each run, on the reader's own connection and in its snapshot.
 * It may only read. Parameters are bound by name; those the text does not use are left. SQLite runs
 * it under an authorizer that refuses every table and function but the published ones, whatever the
 * text says. PostgreSQL has none: there the search path is the schema `published` alone, which holds
 * a view of each view v_... (made anew with each migration), and the text is read word by word: a
 * function that is not published, the name of a schema, a name that begins with pg_, quoted names
 * and $ are refused.
 */
#ifndef AW_DB_PUBLISHED_H
#define AW_DB_PUBLISHED_H

#include "db/stmt.h"

struct aw_limits {
	int64_t steps; /* of SQLite's machine; 0 = 200 million. PostgreSQL counts none */
	int64_t ms;    /* 0 = 10 seconds */
};

struct aw_published {
	const struct aw_sql *sql;
	const void *in; /* the parameters, declared in sql->ins */
	struct aw_limits limits;
};

/** True if a policy's SQL may call this function. */
bool aw_published_function(const char *name);

/**
 * Runs the engine's text of sql and copies its rows into arena, typed as sql->outs says. Errors: AW_INVALID (not SQL, reads what is not published, other columns
 * than declared: the engine's words), AW_TOO_LARGE (over a limit), AW_CORRUPT (a cell of another
 * type).
 */
AW_MUST_CHECK enum aw_status aw_published_many(struct aw_tx *tx, const struct aw_published *asked,
	struct aw_arena *arena, void **ret_rows, size_t *ret_count, struct aw_error *err);

#endif
