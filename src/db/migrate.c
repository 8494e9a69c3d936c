/* Applies the generated schema step by step. */
#include "db/migrate.h"

#include <inttypes.h>

#include "base/clock.h"
#include "db/db.sql.h"
#include "db/engine.h"
#include "db/internal.h"
#include "db/schema.h"

struct state {
	struct aw_arena arena;
	int64_t applied; /* last number in the database */
	size_t index;	 /* of the migration to apply */
};

static enum aw_status
make_ledger(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	enum aw_status status;

	(void)arg;
	tx->conn->ddl_allowed = true;
	status = tx->conn->engine->define(tx->conn, tx->conn->engine->ledger, err);
	tx->conn->ddl_allowed = false;
	return status;
}

/* A migration may change a view that a published one reads: so those go before it and come again
 * after it. count: how many of the commands. */
struct publishing {
	size_t count;
};

static enum aw_status
publish(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct publishing *publishing = arg;
	const char *const *texts = tx->conn->engine->publish;

	for (size_t i = 0; i < publishing->count && texts[i] != NULL; i++)
		if (tx->conn->engine->define(tx->conn, texts[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

static enum aw_status
read_applied(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct state *state = arg;
	struct sql_migration_last row;
	bool found = false;

	if (sql_migration_last(tx, &state->arena, &row, &found, err) != AW_OK)
		return err->status;
	state->applied = found ? row.number : 0;
	return AW_OK;
}

static enum aw_status
apply_one(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct state *state = arg;
	const struct aw_migration *migration = &aw_migrations[state->index];
	const char *const *texts = tx->conn->engine->migration(state->index);
	enum aw_status status = AW_OK;

	tx->conn->ddl_allowed = true;
	for (; *texts != NULL && status == AW_OK; texts++)
		status = tx->conn->engine->define(tx->conn, *texts, err);
	tx->conn->ddl_allowed = false;
	if (status != AW_OK)
		return aw_wrap(err, "schema %04" PRId64 "-%s", migration->number, migration->name);
	return sql_migration_insert(tx,
		&(struct sql_migration_insert_in){ .number = migration->number,
			.name = migration->name,
			.applied_at = aw_real_ms() },
		err);
}

enum aw_status
aw_db_migrate_to(struct aw_db *db, int64_t last, int64_t *ret_before, int64_t *ret_after,
	struct aw_error *err)
{
	struct state state = { 0 };
	enum aw_status status = aw_db_write(db, make_ledger, NULL, err);
	bool publishes = aw_db_engine(db)->publish != NULL;
	int64_t before;

	if (status == AW_OK)
		status = aw_db_write(db, read_applied, &state, err);
	aw_arena_done(&state.arena);
	if (status != AW_OK)
		return status;
	before = state.applied;
	if (before > (int64_t)aw_migration_count)
		return aw_fail(err, AW_CONFLICT,
			"this database has schema %" PRId64
			" and this program knows %zu: use a newer "
			"program",
			before, aw_migration_count);
	if (publishes && before < (int64_t)aw_migration_count &&
		aw_db_write(db, publish, &(struct publishing){ .count = 1 }, err) != AW_OK)
		return err->status;
	for (; state.applied < (int64_t)aw_migration_count && state.applied < last;
		state.applied++) {
		state.index = (size_t)state.applied;
		if (aw_db_write(db, apply_one, &state, err) != AW_OK)
			return err->status;
	}
	if (publishes &&
		aw_db_write(db, publish, &(struct publishing){ .count = SIZE_MAX }, err) != AW_OK)
		return err->status;
	if (ret_before != NULL)
		*ret_before = before;
	if (ret_after != NULL)
		*ret_after = state.applied;
	return AW_OK;
}

enum aw_status
aw_db_migrate(struct aw_db *db, int64_t *ret_before, int64_t *ret_after, struct aw_error *err)
{
	return aw_db_migrate_to(db, INT64_MAX, ret_before, ret_after, err);
}

enum aw_status
aw_db_check_schema_in(struct aw_tx *tx, struct aw_error *err)
{
	struct state state = { 0 };
	enum aw_status status = read_applied(tx, &state, err);

	aw_arena_done(&state.arena);
	if (status != AW_OK)
		return aw_fail(err, AW_CONFLICT,
			"this database has no schema of ours: run anwang init first");
	if (state.applied != (int64_t)aw_migration_count)
		return aw_fail(err, AW_CONFLICT,
			"this database has schema %" PRId64
			", this program needs %zu: run anwang init",
			state.applied, aw_migration_count);
	return AW_OK;
}

static enum aw_status
check_schema(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_db_check_schema_in(tx, err);
}

enum aw_status
aw_db_check_schema(struct aw_db *db, struct aw_error *err)
{
	return aw_db_read(db, check_schema, NULL, err);
}
