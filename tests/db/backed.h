/**
 * tests/db/backed - streams in memory, a database with a row of everything, and empty ones of both
 * engines to restore into.
 */
#ifndef AW_TESTS_DB_BACKED_H
#define AW_TESTS_DB_BACKED_H

#include "db/backup_row.h"
#include "db/keyring.h"
#include "db/setting.h"
#include "statements.h"
#include "testdb.h"

#define COUNTERS 1203 /* more than two pages of rows */
#define LARGE 150000
#define MONTHS (25211 - 23640 + 1) /* rows of calendar_month, which the second migration fills */

/* A stream in memory. */
struct stream {
	uint8_t *at;
	size_t len, room, pos;
	void (*between)(void *arg); /* called once, when the first frame is written */
	void *arg;
};

static inline enum aw_status
put(void *arg, const void *data, size_t len, struct aw_error *err)
{
	struct stream *s = arg;

	(void)err;
	if (s->len + len > s->room) {
		s->room = (s->len + len) * 2;
		s->at = realloc(s->at, s->room);
		assert_non_null(s->at);
	}
	memcpy(s->at + s->len, data, len);
	s->len += len;
	if (s->between != NULL) {
		s->between(s->arg);
		s->between = NULL;
	}
	return AW_OK;
}

static inline enum aw_status
get(void *arg, void *data, size_t len, size_t *ret_got, struct aw_error *err)
{
	struct stream *s = arg;
	size_t got = s->len - s->pos < len ? s->len - s->pos : len;

	(void)err;
	got = got > 1000 ? 1000 : got; /* as a pipe would */
	if (got > 0)
		memcpy(data, s->at + s->pos, got);
	s->pos += got;
	*ret_got = got;
	return AW_OK;
}

static inline enum aw_status
rewind_to_start(void *arg, struct aw_error *err)
{
	struct stream *s = arg;

	(void)err;
	s->pos = 0;
	return AW_OK;
}

static inline enum aw_status
describe(struct aw_tx *tx, struct aw_arena *arena, int64_t *ret_size, const char **ret_note,
	struct aw_error *err)
{
	(void)tx, (void)arena, (void)err;
	*ret_size = 3;
	*ret_note = "a note\n";
	return AW_OK;
}

static inline enum aw_status
write_stream(const char *url, const char *key, struct stream *s, struct aw_arena *arena,
	struct aw_backup_info *ret_info, struct aw_error *err)
{
	struct aw_backup_options options = { .root_key_path = key, .describe_log = describe };
	struct aw_backup_sink sink = { put, s };

	return aw_backup_write(url, &options, &sink, arena, ret_info, err);
}

static inline enum aw_status
check_stream(const char *key, struct stream *s, struct aw_error *err)
{
	struct aw_backup_options options = { .root_key_path = key };
	struct aw_backup_source source = { get, rewind_to_start, s };
	struct aw_arena arena = { 0 };
	struct aw_backup_info info;
	enum aw_status status;

	s->pos = 0;
	status = aw_backup_check(&source, &options, &arena, &info, err);
	aw_arena_done(&arena);
	return status;
}

static inline enum aw_status
restore_stream(struct aw_db *db, const char *key, struct stream *s, struct aw_error *err)
{
	struct aw_backup_options options = { .root_key_path = key };
	struct aw_backup_source source = { get, rewind_to_start, s };
	struct aw_arena arena = { 0 };
	struct aw_backup_info info;
	enum aw_status status;

	s->pos = 0;
	status = aw_restore(db, &source, &options, &arena, &info, err);
	if (status == AW_OK) {
		assert_int_equal(info.bytes, s->len);
		assert_int_equal(info.log_size, 3);
		assert_string_equal(info.note, "a note\n");
	}
	aw_arena_done(&arena);
	return status;
}

/* -- a database with a row of everything --------------------------------------------------------- */

static inline enum aw_status
fill_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	char *large = arg; /* so that the stream has several frames */

	if (aw_setting_put(tx, "large", large, err) != AW_OK)
		return err->status;
	for (const char *const *text = statement_fixture_sqlite; *text != NULL; text++) {
		if (tx->conn->engine->define(tx->conn, *text, err) != AW_OK)
			return err->status;
	}
	for (size_t i = 0; i < aw_table_count; i++) { /* the fixture's keys open nothing */
		if (strstr(aw_tables[i].name, "_key") != NULL &&
			tx->conn->engine->run(tx->conn, &aw_tables[i].clear, NULL, NULL, NULL, NULL,
				err) != AW_OK)
			return err->status;
	}
	for (int32_t day = 0; day < COUNTERS; day++) {
		int64_t count = 0;

		if (aw_counter_next(tx, "許", day, &count, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static inline enum aw_status
make_key(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct testdb *t = arg;
	struct aw_key key;

	if (aw_key_make(tx, t->keyring, 1, "person", &key, err) != AW_OK)
		return err->status;
	aw_key_done(&key);
	return AW_OK;
}

static inline int
setup(void **state)
{
	struct testdb *t = calloc(1, sizeof(*t));
	char *large = calloc(1, LARGE + 1);
	struct aw_error err = { 0 };

	assert_non_null(t);
	assert_non_null(large);
	testdb_open_plain(t);
	memset(large, 'x', LARGE);
	assert_ok(aw_db_write(t->db, fill_in, large, &err));
	free(large);
	(void)snprintf(t->key_path, sizeof(t->key_path), "%s/root.key", t->dir);
	assert_ok(aw_root_key_make(t->key_path, &err));
	assert_ok(aw_keyring_open(t->db, t->key_path, &t->keyring, &err));
	assert_ok(aw_db_write(t->db, make_key, t, &err));
	*state = t;
	return 0;
}

/* An empty database of either engine to restore into. */
struct target {
	char url[160];
	char path[96]; /* of a SQLite file; "" = PostgreSQL */
	struct aw_db *db;
};

static inline void
target_open(struct target *target, const struct testdb *t, const char *name)
{
	struct aw_error err = { 0 };

	*target = (struct target){ 0 };
	(void)snprintf(target->path, sizeof(target->path), "%s/%s", t->dir, name);
	(void)snprintf(target->url, sizeof(target->url), "sqlite:%s", target->path);
	assert_ok(aw_db_open(
		&(struct aw_db_options){ .url = target->url, .create = true }, &target->db, &err));
}

static inline enum aw_status
empty_pg(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	if (tx->conn->engine->define(tx->conn, "DROP SCHEMA public CASCADE", err) != AW_OK)
		return err->status;
	return tx->conn->engine->define(tx->conn, "CREATE SCHEMA public", err);
}

static inline void
target_open_pg(struct target *target)
{
	const char *url = getenv("ANWANG_PG");
	struct aw_error err = { 0 };

	*target = (struct target){ 0 };
	if (url == NULL)
		fail_msg("ANWANG_PG is not set: run by tools/pg_cluster.sh with");
	(void)snprintf(target->url, sizeof(target->url), "%s", url);
	assert_ok(aw_db_open(&(struct aw_db_options){ .url = url }, &target->db, &err));
	assert_ok(aw_db_write(target->db, empty_pg, NULL, &err));
}

static inline void
target_close(struct target *target)
{
	aw_db_close(target->db);
	target->db = NULL;
}

/* -- every row as text ----------------------------------------------------------------------------- */

struct dump {
	struct aw_arena arena;
	struct aw_buf text;
	size_t rows;
};

static inline enum aw_status
note_row(const struct aw_cell *cells, uint32_t count, void *arg, struct aw_error *err)
{
	struct dump *dump = arg;

	(void)err;
	dump->rows++;
	for (uint32_t i = 0; i < count; i++) {
		aw_buf_printf(&dump->text, " %d:", (int)cells[i].kind);
		if (cells[i].kind == AW_CELL_INT)
			aw_buf_printf(&dump->text, "%lld", (long long)cells[i].number);
		else if (cells[i].kind != AW_CELL_NULL)
			aw_buf_text(&dump->text, aw_hex(&dump->arena, cells[i].at, cells[i].len));
	}
	aw_buf_char(&dump->text, '\n');
	return AW_OK;
}

static inline enum aw_status
dump_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct dump *dump = arg;

	dump->text = (struct aw_buf){ .arena = &dump->arena };
	for (size_t i = 0; i < statement_table_count; i++) {
		aw_buf_printf(&dump->text, "%s\n", statement_tables[i].dump->name);
		if (tx->conn->engine->run(tx->conn, statement_tables[i].dump, NULL, note_row, dump,
			    NULL, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static inline struct dump
dump_of(struct aw_db *db)
{
	struct dump dump = { 0 };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(db, dump_in, &dump, &err));
	(void)aw_buf_z(&dump.text);
	return dump;
}

static inline void
assert_same(struct aw_db *a, struct aw_db *b)
{
	struct dump first = dump_of(a), second = dump_of(b);

	assert_true(first.rows > COUNTERS);
	assert_int_equal(first.rows, second.rows);
	assert_string_equal(first.text.at, second.text.at);
	aw_arena_done(&first.arena);
	aw_arena_done(&second.arena);
}

#endif
