/**
 * tests/testdb - a migrated SQLite database in a folder of its own, with a keyring.
 *
 * struct testdb t; testdb_open(&t); ... testdb_close(&t);  In a group: testdb_setup, testdb_teardown
 * for cmocka_unit_test_setup_teardown, then struct testdb *t = *state.
 */
#ifndef AW_TESTS_TESTDB_H
#define AW_TESTS_TESTDB_H

#include <dirent.h>
#include <unistd.h>

#include "db/db.h"
#include "db/migrate.h"
#include "db/seal.h"
#include "testing.h"

struct testdb {
	char dir[64];
	char url[96];	   /* sqlite:DIR/t.db, or as tests/db/pgdb.h says */
	char key_path[96]; /* root key */
	struct aw_db *db;
	struct aw_keyring *keyring;
};

static inline void
testdb_reopen(struct testdb *t)
{
	struct aw_error err = { 0 };

	assert_ok(
		aw_db_open(&(struct aw_db_options){ .url = t->url, .create = true }, &t->db, &err));
	assert_ok(aw_db_migrate(t->db, NULL, NULL, &err));
	if (t->key_path[0] != '\0')
		assert_ok(aw_keyring_open(t->db, t->key_path, &t->keyring, &err));
}

/* A database in which nothing is but its schema: no keys. */
static inline void
testdb_open_plain(struct testdb *t)
{
	*t = (struct testdb){ .dir = "/tmp/anwang-test-XXXXXX" };
	assert_non_null(mkdtemp(t->dir));
	(void)snprintf(t->url, sizeof(t->url), "sqlite:%s/t.db", t->dir);
	testdb_reopen(t);
}

static inline void
testdb_open(struct testdb *t)
{
	struct aw_error err = { 0 };

	testdb_open_plain(t);
	(void)snprintf(t->key_path, sizeof(t->key_path), "%s/root.key", t->dir);
	assert_ok(aw_root_key_make(t->key_path, &err));
	assert_ok(aw_keyring_open(t->db, t->key_path, &t->keyring, &err));
}

/* Closes without deleting, for tests that open again. */
static inline void
testdb_shut(struct testdb *t)
{
	aw_keyring_close(t->keyring);
	aw_db_close(t->db);
	t->keyring = NULL;
	t->db = NULL;
}

static inline void
testdb_close(struct testdb *t)
{
	DIR *dir;

	testdb_shut(t);
	dir = opendir(t->dir);
	for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
		char path[400];
		(void)snprintf(path, sizeof(path), "%s/%s", t->dir, entry->d_name);
		(void)unlink(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
	(void)rmdir(t->dir);
}

static inline int
testdb_setup(void **state)
{
	struct testdb *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	testdb_open(t);
	*state = t;
	return 0;
}

static inline int
testdb_teardown(void **state)
{
	testdb_close(*state);
	free(*state);
	return 0;
}

#endif
