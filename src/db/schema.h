/**
 * db/schema - the migrations of schema/, in each engine's words (generated).
 * Layer: db.  Threads: constant.
 */
#ifndef AW_DB_SCHEMA_H
#define AW_DB_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

struct aw_migration {
	int64_t number;
	const char *name;
	const char *const *sqlite;   /* statements, ended by NULL */
	const char *const *postgres; /* the same */
};

extern const struct aw_migration aw_migrations[];
extern const size_t aw_migration_count;

#endif
