/* A stream into an empty database, in one unit of work. */
#include <inttypes.h>
#include <stdlib.h>

#include "db/backup_row.h"
#include "db/internal.h"
#include "db/keys.h"
#include "db/last_keep.h"
#include "db/migrate.h"

enum { TOLD_EVERY = 1000 }; /* rows */

struct restoring {
	const struct aw_backup_source *source;
	const struct aw_backup_options *options;
	struct aw_arena *arena;
	const uint8_t *root; /* guarded */
	struct aw_backup_reader *reader;
};

static enum aw_status
no_rows(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	(void)cells, (void)count, (void)arg;
	return aw_fail(err, AW_INTERNAL, "a statement of the restore gives rows");
}

static enum aw_status
take_count(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	int64_t *counted = arg;

	(void)count, (void)err;
	*counted = cells[0].number;
	return AW_OK;
}

static enum aw_status
count_rows(struct aw_tx *tx, const struct aw_table *table, int64_t *ret_count, struct aw_error *err)
{
	return tx->conn->engine->run(
		tx->conn, &table->count, NULL, take_count, ret_count, NULL, err);
}

/* Nothing but what migrations put there may be in it; that goes, for the backup holds it too. */
static enum aw_status
make_empty(struct aw_tx *tx, int64_t schema, struct aw_error *err)
{
	for (size_t i = aw_table_count; i-- > 0;) {
		const struct aw_table *table = &aw_tables[i];
		int64_t count = 0;

		if (!aw_table_in(table, schema))
			continue;
		if (count_rows(tx, table, &count, err) != AW_OK)
			return err->status;
		if (count != 0 && !table->filled)
			return aw_fail(err, AW_CONFLICT,
				"the database is not empty (%s holds rows): a backup is restored "
				"into a new one only",
				table->name);
		if (count != 0 && tx->conn->engine->run(tx->conn, &table->clear, NULL, no_rows,
					  NULL, NULL, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
put_row(struct aw_tx *tx, struct aw_backup_reader *reader, struct aw_error *err)
{
	const struct aw_engine *engine = tx->conn->engine;

	if (engine->load_begin != NULL)
		return engine->load_row(tx->conn, reader->cells, reader->table->column_count, err);
	return engine->run(
		tx->conn, &reader->table->insert, reader->cells, no_rows, NULL, NULL, err);
}

/* Until the table ends, or something fails. */
static enum aw_status
put_rows(struct aw_tx *tx, struct restoring *r, struct aw_error *err)
{
	struct aw_backup_reader *reader = r->reader;
	enum aw_record record = AW_RECORD_ROW;

	while (record == AW_RECORD_ROW) {
		if (aw_backup_reader_next(reader, &record, err) != AW_OK)
			return err->status;
		if (record != AW_RECORD_ROW)
			break;
		if (put_row(tx, reader, err) != AW_OK)
			return err->status;
		if (r->options->progress != NULL && reader->info.rows % TOLD_EVERY == 0)
			r->options->progress(r->options->progress_arg, reader->table->name,
				reader->info.rows, reader->in.bytes);
	}
	return AW_OK;
}

static enum aw_status
fill_table(struct aw_tx *tx, struct restoring *r, struct aw_error *err)
{
	const struct aw_engine *engine = tx->conn->engine;
	struct aw_error ending = { 0 };
	enum aw_status status;

	if (engine->load_begin == NULL)
		return put_rows(tx, r, err);
	if (engine->load_begin(tx->conn, r->reader->table->copy, err) != AW_OK)
		return err->status;
	status = put_rows(tx, r, err);
	if (status == AW_OK)
		return engine->load_end(tx->conn, err);
	(void)engine->load_end(tx->conn, &ending); /* the unit is undone in any case */
	return status;
}

static enum aw_status
insert_rows(struct aw_tx *tx, struct restoring *r, struct aw_error *err)
{
	enum aw_record record = AW_RECORD_TABLE;

	while (record != AW_RECORD_END) {
		if (aw_backup_reader_next(r->reader, &record, err) != AW_OK ||
			(record == AW_RECORD_TABLE && fill_table(tx, r, err) != AW_OK))
			return err->status;
	}
	if (tx->lasts != NULL)
		aw_lasts_forget(tx->lasts); /* others stand in what was filled */
	return AW_OK;
}

/* What the database counts itself is what the stream said. */
static enum aw_status
compare_counts(struct aw_tx *tx, const struct aw_backup_info *info, struct aw_error *err)
{
	size_t at = 0;

	for (size_t i = 0; i < aw_table_count; i++) {
		int64_t count = 0;

		if (!aw_table_in(&aw_tables[i], info->schema))
			continue;
		if (count_rows(tx, &aw_tables[i], &count, err) != AW_OK)
			return err->status;
		if (count != info->tables[at].rows)
			return aw_fail(err, AW_CORRUPT,
				"%s has %" PRId64 " rows and the backup %" PRId64,
				aw_tables[i].name, count, info->tables[at].rows);
		at++;
	}
	return AW_OK;
}

/* May run again: begins from the stream's first byte. */
static enum aw_status
restore_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct restoring *r = arg;

	aw_backup_reader_done(r->reader);
	if (r->source->rewind(r->source->arg, err) != AW_OK ||
		aw_backup_reader_begin(r->reader, r->source, r->root, r->arena, err) != AW_OK ||
		make_empty(tx, r->reader->info.schema, err) != AW_OK ||
		insert_rows(tx, r, err) != AW_OK)
		return err->status;
	return compare_counts(tx, &r->reader->info, err);
}

/* The schema that the backup has, in a database without any. */
static enum aw_status
prepare(struct aw_db *db, struct restoring *r, struct aw_error *err)
{
	int64_t before = 0, after = 0, schema;

	if (aw_backup_reader_begin(r->reader, r->source, r->root, r->arena, err) != AW_OK)
		return err->status;
	schema = r->reader->info.schema;
	if (aw_db_migrate_to(db, 0, &before, &after, err) != AW_OK)
		return err->status;
	if (before != 0 && before != schema)
		return aw_fail(err, AW_CONFLICT,
			"the database is not empty: a backup is restored into a new one only");
	return aw_db_migrate_to(db, schema, NULL, NULL, err);
}

enum aw_status
aw_restore(struct aw_db *db, const struct aw_backup_source *source,
	const struct aw_backup_options *options, struct aw_arena *arena,
	struct aw_backup_info *ret_info, struct aw_error *err)
{
	struct restoring r = { .source = source, .options = options, .arena = arena };
	enum aw_status status;
	uint8_t *root;

	if (sodium_init() < 0)
		return aw_fail(err, AW_IO, "no source of random numbers");
	root = aw_guarded(AW_CRYPT_KEY);
	r.root = root;
	r.reader = calloc(1, sizeof(*r.reader));
	if (r.reader == NULL)
		aw_die("no memory left for a restore");
	status = aw_root_key_read(options->root_key_path, root, err);
	if (status == AW_OK)
		status = prepare(db, &r, err);
	if (status == AW_OK)
		status = aw_db_write(db, restore_in, &r, err);
	if (status == AW_OK)
		status = aw_db_migrate(db, NULL, NULL, err);
	if (status == AW_OK)
		*ret_info = r.reader->info;
	aw_backup_reader_done(r.reader);
	free(r.reader);
	sodium_free(root);
	return status;
}
