/* A database into a sealed stream, in one snapshot; a stream looked through. */
#include "db/backup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "db/backup_row.h"
#include "db/keyring.h"
#include "db/keys.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "db/setting.h"

enum { PAGE = 500 }; /* rows a statement reads */

struct writing {
	const struct aw_backup_options *options;
	struct aw_arena *arena; /* of info */
	struct aw_tx *tx;
	struct aw_seal_out *out;
	struct aw_backup_info info;
	const struct aw_table *table;
	int64_t rows, page_rows;
	struct aw_arena scratch; /* of buf and of the last row's key */
	struct aw_buf buf;
	struct aw_cell
		last[AW_TABLE_KEY_MOST + 1]; /* the last row's key; behind it the page's size */
	uint8_t *key_text;
	size_t key_room;
};

static enum aw_status
flush(struct writing *w, struct aw_error *err)
{
	enum aw_status status = aw_seal_out_put(w->out, w->buf.at, w->buf.len, err);

	w->buf.len = 0;
	return status;
}

/* Keeps the primary key of a row for the next page: the row itself goes with its callback. */
static void
keep_key(struct writing *w, const struct aw_cell *cells)
{
	size_t need = 0, at = 0;

	for (uint32_t i = 0; i < w->table->key_count; i++)
		need += cells[w->table->key[i]].len + 1;
	if (need > w->key_room) {
		w->key_text = aw_arena_alloc(&w->scratch, need * 2);
		w->key_room = need * 2;
	}
	for (uint32_t i = 0; i < w->table->key_count; i++) {
		w->last[i] = cells[w->table->key[i]];
		if (w->last[i].kind == AW_CELL_INT)
			continue;
		memcpy(w->key_text + at, w->last[i].at, w->last[i].len);
		w->key_text[at + w->last[i].len] = 0;
		w->last[i].at = w->key_text + at;
		at += w->last[i].len + 1;
	}
}

static enum aw_status
write_row(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	struct writing *w = arg;

	(void)count;
	if (aw_record_row(&w->buf, w->table, cells, err) != AW_OK || flush(w, err) != AW_OK)
		return err->status;
	w->page_rows++;
	if (w->page_rows == PAGE)
		keep_key(w, cells);
	return AW_OK;
}

static enum aw_status
write_table(struct writing *w, struct aw_error *err)
{
	const struct aw_engine *engine = w->tx->conn->engine;
	const struct aw_cell at_most = { .kind = AW_CELL_INT, .number = PAGE };
	const struct aw_sql *sql = &w->table->first;

	w->rows = 0;
	w->last[0] = at_most;
	aw_record_table(&w->buf, w->table);
	do {
		w->page_rows = 0;
		if (engine->run(w->tx->conn, sql, w->last, write_row, w, NULL, err) != AW_OK)
			return err->status;
		w->rows += w->page_rows;
		w->info.rows += w->page_rows;
		w->last[w->table->key_count] = at_most;
		sql = &w->table->next;
		if (w->options->progress != NULL)
			w->options->progress(w->options->progress_arg, w->table->name, w->info.rows,
				w->out->bytes);
	} while (w->page_rows == PAGE);
	aw_record_table_end(&w->buf, w->rows);
	w->info.tables[w->info.table_count++] =
		(struct aw_backup_table){ .name = w->table->name, .rows = w->rows };
	return flush(w, err);
}

static enum aw_status
write_tables(struct writing *w, struct aw_error *err)
{
	aw_record_begin(&w->buf, w->info.log_size, w->info.note);
	for (size_t i = 0; i < aw_table_count; i++) {
		w->table = &aw_tables[i];
		if (aw_table_in(w->table, w->info.schema) && write_table(w, err) != AW_OK)
			return err->status;
	}
	aw_record_end(&w->buf, (int64_t)w->info.table_count, w->info.rows);
	if (flush(w, err) != AW_OK || aw_seal_out_end(w->out, err) != AW_OK)
		return err->status;
	w->info.bytes = w->out->bytes;
	return AW_OK;
}

static enum aw_status
describe(struct writing *w, const struct aw_keyring *keyring, struct aw_error *err)
{
	const char *demo = NULL;

	if (aw_setting_get(w->tx, w->arena, "demo", &demo, err) != AW_OK ||
		w->options->describe_log(w->tx, w->arena, &w->info.log_size, &w->info.note, err) !=
			AW_OK)
		return err->status;
	w->info.demo = aw_text_eq(demo, "1");
	w->info.schema = (int64_t)aw_migration_count;
	w->info.made_at = aw_real_ms();
	memcpy(w->info.deployment, keyring->deployment, sizeof(w->info.deployment));
	w->info.tables = aw_arena_array(w->arena, aw_table_count, sizeof(*w->info.tables));
	return AW_OK;
}

/* In the snapshot. */
static enum aw_status
write_in(struct writing *w, const struct aw_backup_sink *sink, struct aw_error *err)
{
	struct aw_keyring *keyring = NULL;
	struct aw_preamble preamble = { 0 };
	enum aw_status status;

	if (aw_db_check_schema_in(w->tx, err) != AW_OK ||
		aw_keyring_open_in(w->tx, w->options->root_key_path, &keyring, err) != AW_OK)
		return err->status;
	status = describe(w, keyring, err);
	if (status == AW_OK) {
		preamble.demo = w->info.demo;
		preamble.schema = w->info.schema;
		preamble.made_at = w->info.made_at;
		memcpy(preamble.deployment, w->info.deployment, sizeof(preamble.deployment));
		status = aw_seal_out_begin(w->out, sink, &preamble, keyring->root, err);
	}
	if (status == AW_OK)
		status = write_tables(w, err);
	aw_keyring_close(keyring);
	return status;
}

enum aw_status
aw_backup_write(const char *url, const struct aw_backup_options *options,
	const struct aw_backup_sink *sink, struct aw_arena *arena, struct aw_backup_info *ret_info,
	struct aw_error *err)
{
	const struct aw_engine *engine = aw_engine_of(url);
	struct writing w = { .options = options, .arena = arena };
	struct aw_tx tx = { 0 };
	struct aw_error ignored = { 0 };
	enum aw_status status;

	if (engine == NULL)
		return aw_fail(err, AW_INVALID,
			"a database is named sqlite:PATH or postgres://..., not \"%.40s\"", url);
	if (engine->open(url, AW_ROLE_READER, &tx.conn, err) != AW_OK)
		return err->status;
	w.tx = &tx;
	w.buf.arena = &w.scratch;
	w.out = calloc(1, sizeof(*w.out));
	if (w.out == NULL)
		aw_die("no memory left for a backup");
	status = engine->step(tx.conn, AW_STEP_BEGIN_READ, err);
	if (status == AW_OK) {
		status = write_in(&w, sink, err);
		(void)engine->step(tx.conn, AW_STEP_ROLLBACK, &ignored);
	}
	engine->close(tx.conn);
	sodium_memzero(w.out, sizeof(*w.out));
	free(w.out);
	aw_arena_done(&w.scratch);
	if (status == AW_OK)
		*ret_info = w.info;
	return status;
}

enum aw_status
aw_backup_peek(const struct aw_backup_source *source, struct aw_backup_info *ret_info,
	struct aw_error *err)
{
	uint8_t raw[AW_BACKUP_PREAMBLE];
	struct aw_preamble preamble;
	struct aw_backup_info info = { .note = "" };

	if (aw_preamble_read(source, raw, &preamble, err) != AW_OK ||
		source->rewind(source->arg, err) != AW_OK)
		return err->status;
	info.demo = preamble.demo;
	info.schema = preamble.schema;
	info.made_at = preamble.made_at;
	memcpy(info.deployment, preamble.deployment, sizeof(preamble.deployment));
	*ret_info = info;
	return AW_OK;
}

static enum aw_status
look_through(struct aw_backup_reader *reader, const struct aw_backup_options *options,
	struct aw_error *err)
{
	enum aw_record record = AW_RECORD_TABLE;

	while (record != AW_RECORD_END) {
		if (aw_backup_reader_next(reader, &record, err) != AW_OK)
			return err->status;
		if (options->progress != NULL && record == AW_RECORD_ROW &&
			reader->info.rows % PAGE == 0)
			options->progress(options->progress_arg, reader->table->name,
				reader->info.rows, reader->in.bytes);
	}
	return AW_OK;
}

enum aw_status
aw_backup_check(const struct aw_backup_source *source, const struct aw_backup_options *options,
	struct aw_arena *arena, struct aw_backup_info *ret_info, struct aw_error *err)
{
	struct aw_backup_reader *reader;
	enum aw_status status;
	uint8_t *root;

	if (sodium_init() < 0)
		return aw_fail(err, AW_IO, "no source of random numbers");
	root = aw_guarded(AW_CRYPT_KEY);
	reader = calloc(1, sizeof(*reader));
	if (reader == NULL)
		aw_die("no memory left for a backup");
	status = aw_root_key_read(options->root_key_path, root, err);
	if (status == AW_OK)
		status = aw_backup_reader_begin(reader, source, root, arena, err);
	if (status == AW_OK)
		status = look_through(reader, options, err);
	if (status == AW_OK)
		*ret_info = reader->info;
	aw_backup_reader_done(reader);
	free(reader);
	sodium_free(root);
	return status;
}
