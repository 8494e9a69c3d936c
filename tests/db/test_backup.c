/* A backup is one sealed stream of every row: it goes from engine to engine and back, opens under
 * its root key alone, and what was changed or cut off in it is found before a row is kept.
 * ANWANG_PG is the URL of a PostgreSQL of the test's own (tools/pg_cluster.sh). */
#include "backed.h"
#include "base/file.h"
#include "db/keys.h"
#include "db/schema.h"
#include "db/test.sql.h"

static void
every_table_and_column_of_the_schema_is_in_the_catalogue(void **state)
{
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < statement_table_count; i++) {
		const struct aw_sql *dump = statement_tables[i].dump;
		const struct aw_table *table = NULL;

		for (size_t k = 0; k < aw_table_count && table == NULL; k++) {
			if (aw_table_in(&aw_tables[k], (int64_t)aw_migration_count) &&
				strcmp(aw_tables[k].name, dump->name + strlen("table_")) == 0)
				table = &aw_tables[k];
		}
		if (table == NULL)
			fail_msg("a backup does not know %s", dump->name);
		assert_int_equal(table->column_count, dump->out_count);
		for (uint32_t k = 0; k < dump->out_count; k++) {
			assert_string_equal(table->columns[k].name, dump->outs[k].name);
			assert_int_equal(table->columns[k].type, dump->outs[k].type);
		}
	}
	for (size_t k = 0; k < aw_table_count; k++)
		seen += aw_table_in(&aw_tables[k], (int64_t)aw_migration_count) ? 1 : 0;
	assert_int_equal(seen, statement_table_count);
}

static void
a_database_goes_from_sqlite_to_postgres_and_back_with_every_row(void **state)
{
	struct testdb *t = *state;
	struct stream there = { 0 }, back = { 0 };
	struct target pg, sqlite;
	struct aw_arena arena = { 0 };
	struct aw_backup_info info;
	struct aw_keyring *keyring = NULL;
	struct aw_keyring_report report;
	struct aw_error err = { 0 };

	assert_ok(write_stream(t->url, t->key_path, &there, &arena, &info, &err));
	assert_int_equal(info.bytes, there.len);
	assert_int_equal(info.table_count, statement_table_count);
	target_open_pg(&pg);
	assert_ok(restore_stream(pg.db, t->key_path, &there, &err));
	assert_same(t->db, pg.db);
	assert_ok(write_stream(pg.url, t->key_path, &back, &arena, &info, &err));
	target_open(&sqlite, t, "back.db");
	assert_ok(restore_stream(sqlite.db, t->key_path, &back, &err));
	assert_same(t->db, sqlite.db);
	assert_ok(aw_keyring_open(sqlite.db, t->key_path, &keyring, &err));
	assert_ok(aw_keyring_check(sqlite.db, keyring, &report, &err));
	assert_int_equal(report.keys, 1);
	assert_int_equal(report.keys_broken, 0);
	aw_keyring_close(keyring);
	target_close(&pg);
	target_close(&sqlite);
	free(there.at);
	free(back.at);
	aw_arena_done(&arena);
}

static enum aw_status
put_setting(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_setting_put(tx, "written_meanwhile", "1", err);
}

static void
write_meanwhile(void *arg)
{
	struct testdb *t = arg;
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(t->db, put_setting, NULL, &err));
}

static void
a_backup_is_one_moment_whatever_is_written_meanwhile(void **state)
{
	struct testdb *t = *state;
	struct stream first = { .between = write_meanwhile, .arg = t }, second = { 0 };
	struct aw_arena arena = { 0 };
	struct aw_backup_info before, after;
	struct aw_error err = { 0 };

	assert_ok(write_stream(t->url, t->key_path, &first, &arena, &before, &err));
	assert_null(first.between); /* it was written */
	assert_ok(write_stream(t->url, t->key_path, &second, &arena, &after, &err));
	assert_int_equal(after.rows, before.rows + 1);
	free(first.at);
	free(second.at);
	aw_arena_done(&arena);
}

static bool
holds(const struct stream *s, const char *text)
{
	return memmem(s->at, s->len, text, strlen(text)) != NULL;
}

static void
without_its_root_key_a_backup_says_nothing(void **state)
{
	struct testdb *t = *state;
	struct stream s = { 0 };
	struct aw_arena arena = { 0 };
	struct aw_backup_source source = { get, rewind_to_start, &s };
	struct aw_backup_info info;
	struct aw_str file;
	struct aw_error err = { 0 };
	struct target target;
	char other[128];

	assert_ok(write_stream(t->url, t->key_path, &s, &arena, &info, &err));
	(void)snprintf(other, sizeof(other), "%s/other.key", t->dir);
	assert_ok(aw_root_key_make(other, &err));
	assert_fails(check_stream(other, &s, &err), AW_DENIED, "does not open this backup");
	target_open(&target, t, "none.db");
	assert_fails(restore_stream(target.db, other, &s, &err), AW_DENIED, "ANWANG_KEY_FILE");
	assert_fails(write_stream(t->url, other, &s, &arena, &info, &err), AW_CORRUPT,
		"does not open epoch");
	target_close(&target);
	s.pos = 0;
	assert_ok(aw_backup_peek(&source, &info, &err));
	assert_int_equal(info.schema, aw_migration_count);
	/* the words that the database itself holds in plain, as the control shows */
	assert_false(holds(&s, "許示涵"));
	assert_false(holds(&s, "screen_report"));
	testdb_shut(t);
	assert_ok(aw_file_read(&arena, t->url + strlen("sqlite:"), 64 << 20, &file, &err));
	assert_non_null(memmem(file.at, file.len, "許示涵", strlen("許示涵")));
	testdb_reopen(t);
	free(s.at);
	aw_arena_done(&arena);
}

/* Where the frame that begins at `at` ends. */
static size_t
frame_end(const struct stream *s, size_t at)
{
	const uint8_t *head = s->at + at;

	return at + 4 +
	       ((size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3]);
}

static void
swap_frames(struct stream *s, size_t first, size_t second, size_t end)
{
	size_t one = second - first, two = end - second;
	uint8_t *copy = malloc(one + two);

	assert_non_null(copy);
	memcpy(copy, s->at + second, two);
	memcpy(copy + two, s->at + first, one);
	memcpy(s->at + first, copy, one + two);
	free(copy);
}

static void
whatever_is_changed_cut_off_or_put_in_another_order_is_found(void **state)
{
	struct testdb *t = *state;
	struct stream s = { 0 };
	struct aw_arena arena = { 0 };
	struct aw_backup_info info;
	struct aw_error err = { 0 };
	size_t len, found = 0, tried = 0, second, third;

	assert_ok(write_stream(t->url, t->key_path, &s, &arena, &info, &err));
	assert_ok(check_stream(t->key_path, &s, &err));
	len = s.len;
	for (size_t at = 0; at < len; at += at < 400 ? 1 : 97, tried++) {
		s.at[at] ^= (uint8_t)(1u << at % 8);
		found += check_stream(t->key_path, &s, &err) != AW_OK ? 1 : 0;
		s.at[at] ^= (uint8_t)(1u << at % 8);
	}
	assert_true(tried > 400);
	assert_int_equal(found, tried);
	for (s.len = 0, found = tried = 0; s.len < len; s.len += s.len < 400 ? 1 : 97, tried++)
		found += check_stream(t->key_path, &s, &err) != AW_OK ? 1 : 0;
	assert_int_equal(found, tried);
	s.len = len;
	put(&s, "x", 1, &err);
	assert_fails(check_stream(t->key_path, &s, &err), AW_CORRUPT, "behind the end");
	s.len = len;
	second = frame_end(&s, AW_BACKUP_PREAMBLE);
	assert_true(second < len); /* two frames at least */
	third = frame_end(&s, second);
	swap_frames(&s, AW_BACKUP_PREAMBLE, second, third);
	assert_fails(check_stream(t->key_path, &s, &err), AW_CORRUPT, "another order");
	swap_frames(&s, AW_BACKUP_PREAMBLE, AW_BACKUP_PREAMBLE + third - second, third);
	assert_ok(check_stream(t->key_path, &s, &err));
	s.len = second; /* cut between two frames */
	assert_fails(check_stream(t->key_path, &s, &err), AW_CORRUPT, "cut off behind part 1");
	free(s.at);
	aw_arena_done(&arena);
}

static void
a_damaged_backup_leaves_no_row_behind(void **state)
{
	struct testdb *t = *state;
	struct stream s = { 0 };
	struct aw_arena arena = { 0 };
	struct aw_backup_info info;
	struct aw_error err = { 0 };
	struct target target;
	struct dump dump;

	assert_ok(write_stream(t->url, t->key_path, &s, &arena, &info, &err));
	s.at[s.len - 1] ^= 1; /* everything but the last frame is sound */
	for (int pg = 0; pg < 2; pg++) {
		if (pg == 1)
			target_open_pg(&target);
		else
			target_open(&target, t, "damaged.db");
		assert_fails(restore_stream(target.db, t->key_path, &s, &err), AW_CORRUPT,
			"was changed");
		dump = dump_of(target.db);
		assert_int_equal(dump.rows, MONTHS); /* what the schema fills itself */
		aw_arena_done(&dump.arena);
		/* and the sound one goes into the same database */
		s.at[s.len - 1] ^= 1;
		assert_ok(restore_stream(target.db, t->key_path, &s, &err));
		assert_same(t->db, target.db);
		assert_fails(
			restore_stream(target.db, t->key_path, &s, &err), AW_CONFLICT, "not empty");
		s.at[s.len - 1] ^= 1;
		target_close(&target);
	}
	free(s.at);
	aw_arena_done(&arena);
}

/* A stream of the first schema, as an older program wrote it: one setting, all else empty. */
static void
write_first_schema(struct stream *s, const uint8_t *root, struct aw_arena *arena)
{
	struct aw_preamble preamble = { .schema = 1, .made_at = 5 };
	struct aw_backup_sink sink = { put, s };
	struct aw_seal_out *out = calloc(1, sizeof(*out));
	struct aw_buf buf = { .arena = arena };
	struct aw_error err = { 0 };
	const struct aw_cell cells[] = {
		{ .kind = AW_CELL_TEXT, .at = "city", .len = 4 },
		{ .kind = AW_CELL_TEXT, .at = "C", .len = 1 },
	};
	int64_t tables = 0;

	assert_non_null(out);
	memset(preamble.deployment, 'a', 32);
	aw_record_begin(&buf, 3, "a note\n");
	for (size_t i = 0; i < aw_table_count; i++) {
		bool setting = strcmp(aw_tables[i].name, "setting") == 0;

		if (!aw_table_in(&aw_tables[i], 1))
			continue;
		aw_record_table(&buf, &aw_tables[i]);
		if (setting)
			assert_ok(aw_record_row(&buf, &aw_tables[i], cells, &err));
		aw_record_table_end(&buf, setting ? 1 : 0);
		tables++;
	}
	aw_record_end(&buf, tables, 1);
	assert_ok(aw_seal_out_begin(out, &sink, &preamble, root, &err));
	assert_ok(aw_seal_out_put(out, buf.at, buf.len, &err));
	assert_ok(aw_seal_out_end(out, &err));
	free(out);
}

static enum aw_status
count_months(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct sql_test_months *months = NULL;
	struct aw_arena arena = { 0 };
	enum aw_status status = sql_test_months(tx, &arena, &months, arg, err);

	aw_arena_done(&arena);
	return status;
}

static void
a_backup_of_an_older_schema_is_brought_to_this_one(void **state)
{
	struct testdb *t = *state;
	struct stream s = { 0 };
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	struct target target;
	size_t months = 0;

	write_first_schema(&s, t->keyring->root, &arena);
	target_open(&target, t, "older.db");
	assert_ok(restore_stream(target.db, t->key_path, &s, &err));
	assert_ok(aw_db_check_schema(target.db, &err));
	assert_ok(aw_db_read(target.db, count_months, &months, &err));
	assert_int_equal(months, MONTHS); /* what the second migration fills */
	target_close(&target);
	free(s.at);
	aw_arena_done(&arena);
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, setup, testdb_teardown)
AW_TESTS(cmocka_unit_test(every_table_and_column_of_the_schema_is_in_the_catalogue),
	WITH_DB(a_database_goes_from_sqlite_to_postgres_and_back_with_every_row),
	WITH_DB(a_backup_is_one_moment_whatever_is_written_meanwhile),
	WITH_DB(without_its_root_key_a_backup_says_nothing),
	WITH_DB(whatever_is_changed_cut_off_or_put_in_another_order_is_found),
	WITH_DB(a_damaged_backup_leaves_no_row_behind),
	WITH_DB(a_backup_of_an_older_schema_is_brought_to_this_one))
