/**
 * db/stmt - what the generated statements are made of and how they run.
 * Layer: db, for generated code alone; rooms call sql_<name>() of their own X.sql.h.
 * Threads: descriptions never change; a tx belongs to one thread.  Example: tests/db/test_stmt.c
 *
 * A statement is data: its text for each engine, and where each parameter and column stands in a
 * struct. Each connection keeps its prepared form; from its sixth call on PostgreSQL may plan that for any
 * values, which is wrong by a thousand times where a filter may be left out: such a statement is planned anew
 * (-- plan: each time). A column whose type is not the declared one, a
 * NULL where none was declared, a flag that is not 0 or 1 or a day out of range is AW_CORRUPT; a
 * statement whose columns are not the declared ones is AW_INTERNAL.
 */
#ifndef AW_DB_STMT_H
#define AW_DB_STMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"

enum aw_sql_type {
	AW_SQL_ID,
	AW_SQL_INT64,
	AW_SQL_TEXT,
	AW_SQL_BYTES,
	AW_SQL_DAY,
	AW_SQL_FLAG,
};

enum aw_sql_mode {
	AW_SQL_EXEC,	/* nothing comes back */
	AW_SQL_CHANGED, /* the number of rows touched */
	AW_SQL_ONE,	/* at most one row */
	AW_SQL_MANY,	/* an array */
	AW_SQL_EACH,	/* a callback a row */
};

struct aw_sql_field {
	const char *name;
	uint32_t offset; /* in the struct of parameters, or of the row */
	enum aw_sql_type type;
	bool nullable;
};

struct aw_sql {
	const char *name;
	const char *place; /* file:line of its source */
	enum aw_sql_mode mode;
	const char *sqlite;   /* with ?1, ?2 */
	const char *postgres; /* with $1, $2 */
	const struct aw_sql_field *ins;
	uint32_t in_count;
	size_t in_size;
	const struct aw_sql_field *outs;
	uint32_t out_count;
	size_t row_size;
	const char *writes; /* the table, NULL when it only reads */
	bool plan_anew;	    /* PostgreSQL plans each call, with its values */
};

/** Runs a statement that gives no rows. ret_changed may be NULL. AW_CONFLICT: a constraint. */
AW_MUST_CHECK enum aw_status aw_sql_exec(struct aw_tx *tx, const struct aw_sql *sql, const void *in,
	int64_t *ret_changed, struct aw_error *err);

/** At most one row, copied into arena; a second one is AW_INTERNAL. */
AW_MUST_CHECK enum aw_status aw_sql_one(struct aw_tx *tx, const struct aw_sql *sql, const void *in,
	struct aw_arena *arena, void *ret_row, bool *ret_found, struct aw_error *err);

/** All rows, copied into arena. *ret_rows is an array of sql->row_size items, or NULL for none. */
AW_MUST_CHECK enum aw_status aw_sql_many(struct aw_tx *tx, const struct aw_sql *sql, const void *in,
	struct aw_arena *arena, void **ret_rows, size_t *ret_count, struct aw_error *err);

/** Fills row and calls fn for each row; what row points to is gone when fn returns. Anything but
 *  AW_OK from fn ends the scan and is the answer. fn may run other statements in the same tx. */
AW_MUST_CHECK enum aw_status aw_sql_each(struct aw_tx *tx, const struct aw_sql *sql, const void *in,
	void *row, enum aw_status (*fn)(const void *row, void *arg, struct aw_error *err),
	void *arg, struct aw_error *err);

#endif
