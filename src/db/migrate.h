/**
 * db/migrate - bringing a database to this program's schema.
 * Layer: db.  Threads: one at a time a database.  Example: tests/db/test_migrate.c
 *
 * schema/NNNN-name.sql are applied in order, each in one unit of work with its row in the table
 * migration: what is there is never applied twice, and a step that fails leaves the one before.
 */
#ifndef AW_DB_MIGRATE_H
#define AW_DB_MIGRATE_H

#include "db/db.h"

/** Applies what is missing. Outputs may be NULL: the last number before and after (0 = empty).
 *  AW_CONFLICT: the database was made by a newer program. */
AW_MUST_CHECK enum aw_status
aw_db_migrate(struct aw_db *db, int64_t *ret_before, int64_t *ret_after, struct aw_error *err);

/** As aw_db_migrate, but not beyond `last`: for tests of old schemas. */
AW_MUST_CHECK enum aw_status aw_db_migrate_to(struct aw_db *db, int64_t last, int64_t *ret_before,
	int64_t *ret_after, struct aw_error *err);

/** AW_OK if the schema is exactly this program's; else AW_CONFLICT, with what to do. */
AW_MUST_CHECK enum aw_status aw_db_check_schema(struct aw_db *db, struct aw_error *err);
/** The same inside a reading. */
AW_MUST_CHECK enum aw_status aw_db_check_schema_in(struct aw_tx *tx, struct aw_error *err);

#endif
