/* Sealed cells open only where they were sealed, with the key that sealed them. */
#include <sys/stat.h>

#include "testdb.h"

#define HOLDERS 20

struct keys {
	struct testdb *t;
	struct aw_key made[HOLDERS];
	struct aw_key got;
	int64_t id;
};

static enum aw_status
make_keys(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct keys *keys = arg;

	for (int64_t i = 0; i < HOLDERS; i++) {
		if (aw_key_make(tx, keys->t->keyring, 100 + i, "person", &keys->made[i], err) !=
			AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
get_key(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct keys *keys = arg;

	return aw_key_get(tx, keys->t->keyring, keys->id, &keys->got, err);
}

static enum aw_status
erase_key(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct keys *keys = arg;

	return aw_key_erase(tx, keys->id, err);
}

static struct aw_place
place_of(int64_t i)
{
	return (struct aw_place){ .table = i % 2 == 0 ? "person" : "report",
		.column = "sealed",
		.row = i / 2,
		.version = 1 };
}

static void
a_cell_opens_to_what_was_sealed_at_any_length(void **state)
{
	struct testdb *t = *state;
	struct keys keys = { .t = t };
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	char text[1100];
	size_t last = 0;

	memset(text, 'x', sizeof(text));
	assert_ok(aw_db_write(t->db, make_keys, &keys, &err));
	for (size_t len = 0; len < sizeof(text); len++) {
		struct aw_bytes cell = aw_seal(&arena, t->keyring, &keys.made[0], place_of(0),
			(struct aw_str){ text, len });
		struct aw_str opened;
		size_t body = cell.len - 50; /* ver alg key nonce tag */

		assert_ok(aw_unseal(
			&arena, t->keyring, &keys.made[0], place_of(0), cell, &opened, &err));
		assert_int_equal(opened.len, len);
		assert_memory_equal(opened.at, text, len);
		assert_int_equal(opened.at[len], '\0');
		assert_int_equal(body % (body <= 256 ? 32 : 256), 0);
		assert_true(body > len && body >= last);
		last = body;
		aw_arena_done(&arena);
	}
}

static void
text_that_ends_like_padding_is_kept(void **state)
{
	struct testdb *t = *state;
	struct keys keys = { .t = t };
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_str text = AW_STR_LIT("a\x80\0\0\x80\0"), opened;
	struct aw_bytes cell;

	assert_ok(aw_db_write(t->db, make_keys, &keys, &err));
	cell = aw_seal(&arena, t->keyring, &keys.made[0], place_of(0), text);
	assert_ok(aw_unseal(&arena, t->keyring, &keys.made[0], place_of(0), cell, &opened, &err));
	assert_true(aw_str_eq(opened, text));
	aw_arena_done(&arena);
}

static void
no_cell_opens_in_the_place_of_another(void **state)
{
	struct testdb *t = *state;
	struct keys keys = { .t = t };
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_bytes cells[HOLDERS];
	int opened = 0;

	assert_ok(aw_db_write(t->db, make_keys, &keys, &err));
	/* holders share keys in pairs, so that place alone must tell some of them apart */
	for (int64_t i = 0; i < HOLDERS; i++)
		cells[i] = aw_seal(
			&arena, t->keyring, &keys.made[i / 2], place_of(i), AW_STR_LIT("王小明"));
	for (int64_t i = 0; i < HOLDERS; i++) {
		for (int64_t k = 0; k < HOLDERS; k++) {
			struct aw_str text;
			enum aw_status status = aw_unseal(&arena, t->keyring, &keys.made[i / 2],
				place_of(i), cells[k], &text, &err);
			assert_int_equal(status, i == k ? AW_OK : AW_CORRUPT);
			opened += status == AW_OK ? 1 : 0;
		}
	}
	assert_int_equal(opened, HOLDERS);
	aw_arena_done(&arena);
}

static void
every_changed_byte_is_found(void **state)
{
	struct testdb *t = *state;
	struct keys keys = { .t = t };
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_bytes cell;
	struct aw_str text;
	uint8_t *copy;

	assert_ok(aw_db_write(t->db, make_keys, &keys, &err));
	cell = aw_seal(&arena, t->keyring, &keys.made[0], place_of(0), AW_STR_LIT("09000123456"));
	copy = aw_arena_memdup(&arena, cell.at, cell.len);
	for (size_t i = 0; i < cell.len; i++) {
		copy[i] ^= 1;
		assert_int_equal(aw_unseal(&arena, t->keyring, &keys.made[0], place_of(0),
					 (struct aw_bytes){ copy, cell.len }, &text, &err),
			AW_CORRUPT);
		copy[i] ^= 1;
	}
	for (size_t len = 0; len < cell.len; len++)
		assert_int_equal(aw_unseal(&arena, t->keyring, &keys.made[0], place_of(0),
					 (struct aw_bytes){ copy, len }, &text, &err),
			AW_CORRUPT);
	aw_arena_done(&arena);
}

static void
another_row_version_does_not_open(void **state)
{
	struct testdb *t = *state;
	struct keys keys = { .t = t };
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_place later = place_of(0);
	struct aw_bytes cell;
	struct aw_str text;

	assert_ok(aw_db_write(t->db, make_keys, &keys, &err));
	cell = aw_seal(&arena, t->keyring, &keys.made[0], place_of(0), aw_str("old"));
	later.version = 2;
	assert_fails(aw_unseal(&arena, t->keyring, &keys.made[0], later, cell, &text, &err),
		AW_CORRUPT, "does not open");
	aw_arena_done(&arena);
}

static void
a_kept_key_comes_back_and_an_erased_one_never_does(void **state)
{
	struct testdb *t = *state;
	struct keys keys = { .t = t, .id = 101 };
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(t->db, make_keys, &keys, &err));
	testdb_shut(t);
	testdb_reopen(t);
	assert_ok(aw_db_read(t->db, get_key, &keys, &err));
	assert_memory_equal(keys.got.secret, keys.made[1].secret, 32);
	assert_ok(aw_db_write(t->db, erase_key, &keys, &err));
	assert_fails(aw_db_read(t->db, get_key, &keys, &err), AW_NOT_FOUND, "erased");
}

static void
another_root_key_opens_nothing(void **state)
{
	struct testdb *t = *state;
	struct aw_keyring *keyring = NULL;
	struct aw_error err = { 0 };
	char other[128];

	(void)snprintf(other, sizeof(other), "%s/other.key", t->dir);
	assert_ok(aw_root_key_make(other, &err));
	assert_fails(
		aw_keyring_open(t->db, other, &keyring, &err), AW_CORRUPT, "does not open epoch 1");
	assert_null(keyring);
}

static void
a_key_file_is_made_once_and_read_only_when_nobody_else_can(void **state)
{
	struct testdb *t = *state;
	struct aw_keyring *keyring = NULL;
	struct aw_error err = { 0 };
	struct stat st;
	FILE *file;

	assert_int_equal(stat(t->key_path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0400);
	assert_int_equal(st.st_size, 32);
	assert_fails(aw_root_key_make(t->key_path, &err), AW_CONFLICT, "cannot make the key file");
	assert_int_equal(chmod(t->key_path, 0440), 0);
	assert_fails(aw_keyring_open(t->db, t->key_path, &keyring, &err), AW_DENIED, "chmod 0400");
	assert_int_equal(chmod(t->key_path, 0604), 0);
	assert_fails(aw_keyring_open(t->db, t->key_path, &keyring, &err), AW_DENIED, "chmod 0400");
	assert_int_equal(chmod(t->key_path, 0600), 0);
	assert_ok(aw_keyring_open(t->db, t->key_path, &keyring, &err));
	aw_keyring_close(keyring);
	file = fopen(t->key_path, "a");
	assert_non_null(file);
	(void)fputc('x', file);
	(void)fclose(file);
	assert_fails(aw_keyring_open(t->db, t->key_path, &keyring, &err), AW_INVALID, "32 bytes");
	(void)unlink(t->key_path);
	assert_fails(aw_keyring_open(t->db, t->key_path, &keyring, &err), AW_NOT_FOUND,
		"ANWANG_KEY_FILE");
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, testdb_setup, testdb_teardown)
AW_TESTS(WITH_DB(a_cell_opens_to_what_was_sealed_at_any_length),
	WITH_DB(text_that_ends_like_padding_is_kept),
	WITH_DB(no_cell_opens_in_the_place_of_another), WITH_DB(every_changed_byte_is_found),
	WITH_DB(another_row_version_does_not_open),
	WITH_DB(a_kept_key_comes_back_and_an_erased_one_never_does),
	WITH_DB(another_root_key_opens_nothing),
	WITH_DB(a_key_file_is_made_once_and_read_only_when_nobody_else_can))
