/* Epochs and root keys that one server of a PostgreSQL changes, and another has to know. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/change.h"
#include "db/keyring.h"
#include "db/keys.h"
#include "pgdb.h"

struct sealing {
	struct aw_keyring *keyring;
	int64_t key;
	struct aw_key got;
};

static enum aw_status
make_key_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct sealing *sealing = arg;

	return aw_key_make(tx, sealing->keyring, sealing->key, "x", &sealing->got, err);
}

static enum aw_status
get_key_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct sealing *sealing = arg;

	return aw_key_get(tx, sealing->keyring, sealing->key, &sealing->got, err);
}

static void
keys_of_a_new_epoch_open_on_the_other_server(void **state)
{
	struct testdb *t = *state;
	struct aw_db *second = pgdb_another(t);
	struct aw_error err = { 0 };
	struct sealing here = { .keyring = t->keyring, .key = 77 }, there = { .key = 77 };
	int64_t rewrapped;

	assert_ok(aw_keyring_open(second, t->key_path, &there.keyring, &err));
	aw_db_follow_start(t->db);
	aw_db_follow_start(second);
	assert_ok(aw_keyring_rotate(t->db, t->keyring, &rewrapped, &err));
	assert_ok(aw_db_write(t->db, make_key_in, &here, &err));
	assert_ok(aw_db_read(second, get_key_in, &there, &err));
	assert_memory_equal(here.got.secret, there.got.secret, sizeof(here.got.secret));
	aw_key_done(&here.got);
	aw_key_done(&there.got);
	aw_keyring_close(there.keyring);
	aw_db_close(second);
}

/* -- another root key ------------------------------------------------------------------------------ */

/* Two servers, each with a key file in a folder of its own. */
struct pair {
	struct testdb *t;
	struct aw_db *second;
	struct aw_keyring *keyring; /* the second's */
	char own[128], next[128];   /* its key file, and where a new one is looked for */
	char changed[128];	    /* the new root key, where the first server made it */
};

static void
copy_key(const char *from, const char *to)
{
	uint8_t key[32];
	FILE *file = fopen(from, "rb");

	assert_non_null(file);
	assert_int_equal(fread(key, 1, sizeof(key), file), sizeof(key));
	(void)fclose(file);
	(void)unlink(to);
	file = fopen(to, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(key, 1, sizeof(key), file), sizeof(key));
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(to, 0400), 0);
}

static void
pair_open(struct pair *pair, struct testdb *t)
{
	struct aw_error err = { 0 };

	*pair = (struct pair){ .t = t, .second = pgdb_another(t) };
	(void)snprintf(pair->own, sizeof(pair->own), "%s/other.key", t->dir);
	(void)snprintf(pair->next, sizeof(pair->next), "%s/other.key.new", t->dir);
	(void)snprintf(pair->changed, sizeof(pair->changed), "%s/changed.key", t->dir);
	copy_key(t->key_path, pair->own);
	assert_ok(aw_root_key_make(pair->changed, &err));
	assert_ok(aw_keyring_open(pair->second, pair->own, &pair->keyring, &err));
	aw_db_follow_start(t->db);
	aw_db_follow_start(pair->second);
}

static void
pair_close(struct pair *pair)
{
	aw_keyring_close(pair->keyring);
	aw_db_close(pair->second);
}

/* What one server seals under its newest epoch, the other opens. */
static void
assert_both_open(struct pair *pair, int64_t key)
{
	struct aw_error err = { 0 };
	struct sealing first = { .keyring = pair->t->keyring, .key = key },
		       second = { .keyring = pair->keyring, .key = key };

	assert_ok(aw_db_write(pair->t->db, make_key_in, &first, &err));
	assert_ok(aw_db_read(pair->second, get_key_in, &second, &err));
	assert_memory_equal(first.got.secret, second.got.secret, sizeof(first.got.secret));
	first.key = second.key = key + 1;
	assert_ok(aw_db_write(pair->second, make_key_in, &second, &err));
	assert_ok(aw_db_read(pair->t->db, get_key_in, &first, &err));
	assert_memory_equal(first.got.secret, second.got.secret, sizeof(first.got.secret));
}

static void
a_new_root_key_that_is_at_hand_is_taken_by_the_other_server(void **state)
{
	struct pair pair;
	struct aw_error err = { 0 };
	int64_t rewrapped;

	pair_open(&pair, *state);
	copy_key(pair.changed, pair.next);
	assert_both_open(&pair, 100);
	/* the other has not looked between the two: what it hears of first stands under the new root */
	assert_ok(aw_keyring_rotate(pair.t->db, pair.t->keyring, &rewrapped, &err));
	assert_ok(aw_keyring_change_root(pair.t->db, pair.t->keyring, pair.changed, &err));
	assert_both_open(&pair, 200);
	assert_ok(aw_keyring_find_root(pair.second, pair.keyring, &err));
	/* and the other can rotate with it */
	assert_ok(aw_keyring_rotate(pair.second, pair.keyring, &rewrapped, &err));
	assert_both_open(&pair, 300);
	pair_close(&pair);
}

static void
a_server_without_the_new_root_key_goes_on_until_the_next_epoch_and_says_so(void **state)
{
	struct pair pair;
	struct aw_error err = { 0 };
	struct sealing second = { .key = 300 };
	int64_t rewrapped;

	pair_open(&pair, *state);
	second.keyring = pair.keyring;
	assert_ok(aw_keyring_rotate(pair.t->db, pair.t->keyring, &rewrapped, &err));
	assert_both_open(&pair, 100);
	assert_ok(aw_keyring_find_root(pair.second, pair.keyring, &err));
	assert_ok(aw_keyring_change_root(pair.t->db, pair.t->keyring, pair.changed, &err));
	assert_both_open(&pair, 200);
	assert_fails(aw_keyring_find_root(pair.second, pair.keyring, &err), AW_NOT_FOUND,
		"other.key.new");
	/* it changes nothing itself with the root key of yesterday */
	assert_fails(aw_keyring_rotate(pair.second, pair.keyring, &rewrapped, &err), AW_BUSY,
		"being changed");
	assert_ok(aw_keyring_rotate(pair.t->db, pair.t->keyring, &rewrapped, &err));
	assert_fails(aw_db_read(pair.second, get_key_in, &second, &err), AW_BUSY, "other.key.new");
	assert_fails(
		aw_db_write(pair.second, make_key_in, &second, &err), AW_BUSY, "other.key.new");
	/* control: any key will not do */
	assert_ok(aw_root_key_make(pair.next, &err));
	assert_fails(aw_db_read(pair.second, get_key_in, &second, &err), AW_BUSY, "other.key.new");
	/* the right one will, without a new start */
	copy_key(pair.changed, pair.next);
	assert_both_open(&pair, 300);
	assert_ok(aw_keyring_find_root(pair.second, pair.keyring, &err));
	pair_close(&pair);
}

static void
a_start_finds_the_new_root_key_beside_the_old_one(void **state)
{
	struct pair pair;
	struct aw_error err = { 0 };
	struct aw_db *third;
	struct aw_keyring *keyring = NULL;

	pair_open(&pair, *state);
	assert_ok(aw_keyring_change_root(pair.t->db, pair.t->keyring, pair.changed, &err));
	third = pgdb_another(pair.t);
	assert_fails(aw_keyring_open(third, pair.own, &keyring, &err), AW_CORRUPT,
		"does not open epoch 1");
	copy_key(pair.changed, pair.next);
	assert_ok(aw_keyring_open(third, pair.own, &keyring, &err));
	aw_keyring_close(keyring);
	aw_db_close(third);
	pair_close(&pair);
}

AW_TESTS(ON_PG(keys_of_a_new_epoch_open_on_the_other_server),
	ON_PG(a_new_root_key_that_is_at_hand_is_taken_by_the_other_server),
	ON_PG(a_server_without_the_new_root_key_goes_on_until_the_next_epoch_and_says_so),
	ON_PG(a_start_finds_the_new_root_key_beside_the_old_one))
