/* What tests/db/gen_statements.py makes for the two-engine test. */
#ifndef AW_TESTS_DB_STATEMENTS_H
#define AW_TESTS_DB_STATEMENTS_H

#include "db/engine.h"

struct statement_table {
	const struct aw_sql *dump; /* every column, every row, in a total order */
	bool filled;		   /* the fixture has a row */
};

struct statement_case {
	const struct aw_sql *sql;
	const struct aw_cell *ins;
	const char *label; /* where the case stands, or what is special in it */
	bool hits;	   /* must give or touch a row */
	int table;	   /* that it writes; -1: it reads */
};

extern const struct statement_table statement_tables[];
extern const size_t statement_table_count;
extern const struct statement_case statement_cases[];
extern const size_t statement_case_count, statement_count;
extern const char *const statement_fixture_sqlite[];
extern const char *const statement_fixture_postgres[];

#endif
