/* Rotation keeps every cell readable, retirement destroys what nobody needs, check finds damage. */
#include "db/keyring.h"

#include <pthread.h>

#include "base/file.h"
#include "db/test.sql.h"
#include "testdb.h"

#define KEYS 1203 /* more than two batches */

struct job {
	struct testdb *t;
	int64_t first, count;
	struct aw_key got;
};

static enum aw_status
make_keys(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	for (int64_t i = 0; i < job->count; i++) {
		struct aw_key key;
		if (aw_key_make(tx, job->t->keyring, job->first + i, "person", &key, err) != AW_OK)
			return err->status;
		aw_key_done(&key);
	}
	return AW_OK;
}

static enum aw_status
get_key(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	return aw_key_get(tx, job->t->keyring, job->first, &job->got, err);
}

static enum aw_status
swap_keys(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	int64_t changed = 0;

	(void)arg;
	return sql_test_data_key_swap(
		tx, &(struct sql_test_data_key_swap_in){ .a = 1000, .b = 1001 }, &changed, err);
}

static void
rotation_wraps_every_key_anew_and_cells_still_open(void **state)
{
	struct testdb *t = *state;
	struct job job = { .t = t, .first = 1000, .count = KEYS };
	struct aw_keyring_report report;
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_place place = { "person", "sealed", 7, 1 };
	struct aw_bytes cell;
	struct aw_str text;
	int64_t rewrapped = 0;

	assert_ok(aw_db_write(t->db, make_keys, &job, &err));
	assert_ok(aw_db_read(t->db, get_key, &job, &err));
	cell = aw_seal(&arena, t->keyring, &job.got, place, aw_str("義昭里"));
	assert_ok(aw_keyring_rotate(t->db, t->keyring, &rewrapped, &err));
	assert_int_equal(rewrapped, KEYS);
	testdb_shut(t);
	testdb_reopen(t);
	assert_ok(aw_db_read(t->db, get_key, &job, &err));
	assert_ok(aw_unseal(&arena, t->keyring, &job.got, place, cell, &text, &err));
	assert_true(aw_str_is(text, "義昭里"));
	assert_ok(aw_keyring_check(t->db, t->keyring, &report, &err));
	assert_int_equal(report.epochs, 2);
	assert_int_equal(report.current_epoch, 2);
	assert_int_equal(report.keys, KEYS);
	assert_int_equal(report.keys_current, KEYS);
	assert_int_equal(report.keys_broken, 0);
	aw_arena_done(&arena);
}

static void
an_interrupted_rotation_goes_on_where_it_was(void **state)
{
	struct testdb *t = *state;
	struct job job = { .t = t, .first = 1000, .count = KEYS };
	struct aw_rotation rotation = { 0 };
	struct aw_keyring_report report;
	struct aw_error err = { 0 };
	int64_t rewrapped = 0;

	assert_ok(aw_db_write(t->db, make_keys, &job, &err));
	assert_ok(aw_keyring_rotate_begin(t->db, t->keyring, &rotation, &err));
	assert_int_equal(rotation.epoch, 2);
	assert_int_equal(rotation.left, KEYS);
	assert_ok(aw_keyring_rotate_step(t->db, t->keyring, &rotation, &err));
	assert_false(rotation.done);
	assert_int_equal(rotation.left, KEYS - rotation.rewrapped);
	testdb_shut(t); /* the process ends here */
	testdb_reopen(t);
	assert_ok(aw_keyring_check(t->db, t->keyring, &report, &err));
	assert_int_equal(report.keys_broken, 0);
	assert_int_equal(report.keys_current, rotation.rewrapped);
	assert_ok(aw_keyring_rotate(t->db, t->keyring, &rewrapped, &err));
	assert_int_equal(rewrapped, KEYS - rotation.rewrapped); /* no key twice */
	assert_ok(aw_keyring_check(t->db, t->keyring, &report, &err));
	assert_int_equal(report.epochs, 2);
	assert_int_equal(report.keys_current, KEYS);
	/* that one ended: the next is a rotation of its own */
	assert_ok(aw_keyring_rotate_begin(t->db, t->keyring, &rotation, &err));
	assert_int_equal(rotation.epoch, 3);
}

struct crowd {
	struct testdb *t;
	int64_t next;
	bool stop;
};

static void *
keep_making_keys(void *arg)
{
	struct crowd *crowd = arg;
	struct aw_error err = { 0 };

	while (!__atomic_load_n(&crowd->stop, __ATOMIC_ACQUIRE)) {
		struct job job = { .t = crowd->t, .first = crowd->next, .count = 3 };

		if (aw_db_write(crowd->t->db, make_keys, &job, &err) != AW_OK)
			break;
		__atomic_fetch_add(&crowd->next, 3, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void
keys_made_during_a_rotation_and_a_change_of_root_open_afterwards(void **state)
{
	struct testdb *t = *state;
	struct job job = { .t = t, .first = 1000, .count = KEYS };
	struct crowd crowd = { .t = t, .next = 1000000 };
	struct aw_keyring_report report;
	struct aw_error err = { 0 };
	pthread_t thread;
	char other[128];
	int64_t rewrapped = 0, between;

	(void)snprintf(other, sizeof(other), "%s/new.key", t->dir);
	assert_ok(aw_root_key_make(other, &err));
	assert_ok(aw_db_write(t->db, make_keys, &job, &err));
	assert_int_equal(pthread_create(&thread, NULL, keep_making_keys, &crowd), 0);
	assert_ok(aw_keyring_rotate(t->db, t->keyring, &rewrapped, &err));
	assert_ok(aw_keyring_change_root(t->db, t->keyring, other, &err));
	between = __atomic_load_n(&crowd.next, __ATOMIC_ACQUIRE);
	while (__atomic_load_n(&crowd.next, __ATOMIC_ACQUIRE) == between)
		(void)usleep(1000);
	__atomic_store_n(&crowd.stop, true, __ATOMIC_RELEASE);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void)memcpy(t->key_path, other, strlen(other) + 1);
	testdb_shut(t);
	testdb_reopen(t);
	assert_ok(aw_keyring_check(t->db, t->keyring, &report, &err));
	assert_int_equal(report.keys, KEYS + crowd.next - 1000000);
	assert_int_equal(report.keys_current, report.keys);
	assert_int_equal(report.keys_broken, 0);
}

/* How many files beside the database hold these bytes. */
static int
files_with(const struct testdb *t, struct aw_bytes bytes)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	int count = 0;

	for (size_t i = 0; i < AW_COUNT(suffixes); i++) {
		struct aw_arena arena = { 0 };
		struct aw_error err = { 0 };
		struct aw_str text;
		char path[128];

		(void)snprintf(path, sizeof(path), "%s%s", t->url + strlen("sqlite:"), suffixes[i]);
		if (aw_file_read(&arena, path, (size_t)64 << 20, &text, &err) == AW_OK)
			count += memmem(text.at, text.len, bytes.at, bytes.len) != NULL ? 1 : 0;
		aw_arena_done(&arena);
	}
	return count;
}

static enum aw_status
read_epoch(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct sql_test_epoch *row = arg;
	struct aw_arena arena = { 0 };
	struct sql_test_epoch found;
	static uint8_t copy[256];
	bool any = false;
	enum aw_status status = sql_test_epoch(
		tx, &(struct sql_test_epoch_in){ .epoch = 1 }, &arena, &found, &any, err);

	if (status == AW_OK) {
		assert_true(any && found.wrapped.len <= sizeof(copy));
		memcpy(copy, found.wrapped.at, found.wrapped.len);
		row->wrapped = (struct aw_bytes){ copy, found.wrapped.len };
	}
	aw_arena_done(&arena);
	return status;
}

static void
a_change_of_root_leaves_no_old_wrapping_in_the_files(void **state)
{
	struct testdb *t = *state;
	struct sql_test_epoch old = { 0 };
	struct aw_error err = { 0 };
	char other[128];

	(void)snprintf(other, sizeof(other), "%s/new.key", t->dir);
	assert_ok(aw_root_key_make(other, &err));
	assert_ok(aw_db_read(t->db, read_epoch, &old, &err));
	assert_true(files_with(t, old.wrapped) > 0);
	assert_ok(aw_keyring_change_root(t->db, t->keyring, other, &err));
	assert_int_equal(files_with(t, old.wrapped), 0);
}

static void
an_epoch_is_retired_only_when_it_is_old_and_unused(void **state)
{
	struct testdb *t = *state;
	struct job job = { .t = t, .first = 1000, .count = 10 };
	struct aw_keyring_report report;
	struct aw_error err = { 0 };
	int64_t count = 0;

	assert_ok(aw_db_write(t->db, make_keys, &job, &err));
	assert_ok(aw_keyring_retire(t->db, t->keyring, INT64_MAX, &count, &err));
	assert_int_equal(count, 0); /* the only one is current */
	assert_ok(aw_keyring_rotate(t->db, t->keyring, &count, &err));
	assert_ok(aw_keyring_retire(t->db, t->keyring, 1000, &count, &err));
	assert_int_equal(count, 0); /* not old enough */
	assert_ok(aw_keyring_retire(t->db, t->keyring, INT64_MAX, &count, &err));
	assert_int_equal(count, 1);
	assert_ok(aw_db_read(t->db, get_key, &job, &err));
	testdb_shut(t);
	testdb_reopen(t);
	assert_ok(aw_keyring_check(t->db, t->keyring, &report, &err));
	assert_int_equal(report.epochs, 1);
	assert_int_equal(report.keys_broken, 0);
	assert_int_equal(report.keys, 10);
}

static void
check_counts_a_wrapped_key_that_was_copied_to_another_holder(void **state)
{
	struct testdb *t = *state;
	struct job job = { .t = t, .first = 1000, .count = 10 };
	struct aw_keyring_report report;
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(t->db, make_keys, &job, &err));
	assert_ok(aw_db_write(t->db, swap_keys, NULL, &err));
	assert_ok(aw_keyring_check(t->db, t->keyring, &report, &err));
	assert_int_equal(report.keys, 10);
	assert_int_equal(report.keys_broken, 1);
	assert_fails(aw_db_read(t->db, get_key, &job, &err), AW_CORRUPT, "does not open");
}

static void
after_a_change_of_root_the_old_file_opens_nothing(void **state)
{
	struct testdb *t = *state;
	struct aw_keyring *keyring = NULL;
	struct job job = { .t = t, .first = 1000, .count = 3 };
	struct aw_error err = { 0 };
	char other[128];

	(void)snprintf(other, sizeof(other), "%s/new.key", t->dir);
	assert_ok(aw_db_write(t->db, make_keys, &job, &err));
	assert_ok(aw_root_key_make(other, &err));
	assert_ok(aw_keyring_change_root(t->db, t->keyring, other, &err));
	assert_fails(aw_keyring_open(t->db, t->key_path, &keyring, &err), AW_CORRUPT,
		"does not open epoch");
	(void)memcpy(t->key_path, other, strlen(other) + 1);
	testdb_shut(t);
	testdb_reopen(t);
	assert_ok(aw_db_read(t->db, get_key, &job, &err));
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, testdb_setup, testdb_teardown)
AW_TESTS(WITH_DB(rotation_wraps_every_key_anew_and_cells_still_open),
	WITH_DB(an_interrupted_rotation_goes_on_where_it_was),
	WITH_DB(keys_made_during_a_rotation_and_a_change_of_root_open_afterwards),
	WITH_DB(a_change_of_root_leaves_no_old_wrapping_in_the_files),
	WITH_DB(an_epoch_is_retired_only_when_it_is_old_and_unused),
	WITH_DB(check_counts_a_wrapped_key_that_was_copied_to_another_holder),
	WITH_DB(after_a_change_of_root_the_old_file_opens_nothing))
