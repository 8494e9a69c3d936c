/**
 * db/tables - every table of every schema, with the statements by which a backup walks it (generated
 * by tools/gen_tables.py from schema/).
 * Layer: db, inside it alone.  Threads: constant.  Example: tests/db/test_backup.c
 *
 * The statements know no structs: cells go in and come out as they are (db/engine.h).
 */
#ifndef AW_DB_TABLES_H
#define AW_DB_TABLES_H

#include "db/stmt.h"

enum { AW_TABLE_KEY_MOST = 8 };

struct aw_table {
	const char *name;
	int64_t since, until; /* the schemas in which it has these columns; until 0: to the last */
	bool filled;	      /* a migration put rows into it */
	const struct aw_sql_field *columns;
	uint32_t column_count;
	uint32_t key[AW_TABLE_KEY_MOST]; /* positions of the primary key's columns */
	uint32_t key_count;
	struct aw_sql first; /* the first :at_most rows by the primary key */
	struct aw_sql next;  /* the :at_most rows behind a primary key */
	struct aw_sql count;
	struct aw_sql clear;
	struct aw_sql insert; /* a row: every column, in order */
	const char *copy;     /* the same for many rows, in PostgreSQL's words */
};

/* Parents before the tables that refer to them; the versions of one table stand together. */
extern const struct aw_table aw_tables[];
extern const size_t aw_table_count;

/** True if the table has these columns in that schema. */
static inline bool
aw_table_in(const struct aw_table *table, int64_t schema)
{
	return table->since <= schema && (table->until == 0 || schema <= table->until);
}

#endif
