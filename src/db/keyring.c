/* The root key, epoch keys in guarded memory, data keys in their table. */
#include "db/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "db/crypt.h"
#include "db/db.sql.h"
#include "db/keys.h"
#include "db/setting.h"

#define EPOCHS_MAX 1024 /* a rotation a month for 85 years */
#define BATCH 500

struct aw_keyring {
	pthread_rwlock_t lock; /* guards count, numbers and secrets beyond the root */
	uint8_t *root;	       /* guarded memory, as is secrets */
	uint8_t *secrets;      /* EPOCHS_MAX x AW_CRYPT_KEY */
	int64_t numbers[EPOCHS_MAX];
	size_t count;
	char deployment[33];
};

const char *
aw_keyring_deployment(const struct aw_keyring *keyring)
{
	return keyring->deployment;
}

static void
epoch_context(const struct aw_keyring *keyring, int64_t epoch, uint8_t out[32])
{
	struct aw_context context;

	aw_context_start(&context, keyring->deployment);
	aw_context_text(&context, "epoch_key");
	aw_context_number(&context, epoch);
	aw_context_end(&context, out);
}

static void
data_context(const struct aw_keyring *keyring, int64_t key_id, int64_t epoch, uint8_t out[32])
{
	struct aw_context context;

	aw_context_start(&context, keyring->deployment);
	aw_context_text(&context, "data_key");
	aw_context_number(&context, key_id);
	aw_context_number(&context, epoch);
	aw_context_end(&context, out);
}

static void *
guarded(size_t size)
{
	void *at = sodium_malloc(size);

	if (at == NULL)
		aw_die("no guarded memory left for keys (see ulimit -l)");
	return at;
}

/* -- the root key's file ------------------------------------------------------------------- */

enum aw_status
aw_root_key_make(const char *path, struct aw_error *err)
{
	uint8_t *secret;
	int fd, rc;

	if (sodium_init() < 0)
		return aw_fail(err, AW_IO, "no source of random numbers");
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	if (fd < 0)
		return aw_fail(err, errno == EEXIST ? AW_CONFLICT : AW_IO,
			"cannot make the key file %s: %s", path, strerror(errno));
	secret = guarded(AW_CRYPT_KEY);
	randombytes_buf(secret, AW_CRYPT_KEY);
	rc = write(fd, secret, AW_CRYPT_KEY) == (ssize_t)AW_CRYPT_KEY && fsync(fd) == 0 ? 0 : -1;
	sodium_free(secret);
	if (close(fd) != 0 || rc != 0) {
		(void)unlink(path);
		return aw_fail(err, AW_IO, "cannot write the key file %s", path);
	}
	return AW_OK;
}

static enum aw_status
read_root(const char *path, uint8_t *root, struct aw_error *err)
{
	uint8_t extra;
	struct stat st;
	bool whole;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return aw_fail(err, errno == ENOENT ? AW_NOT_FOUND : AW_IO,
			"cannot read the key file %s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0) {
		(void)close(fd);
		return aw_fail(err, AW_DENIED,
			"the key file %s can be read by others: chmod 0400 %s", path, path);
	}
	whole = read(fd, root, AW_CRYPT_KEY) == (ssize_t)AW_CRYPT_KEY && read(fd, &extra, 1) == 0;
	(void)close(fd);
	return whole ? AW_OK
		     : aw_fail(err, AW_INVALID, "the key file %s is not %u bytes long", path,
			       AW_CRYPT_KEY);
}

/* -- opening ------------------------------------------------------------------------------- */

static uint8_t *
secret_at(const struct aw_keyring *keyring, size_t index)
{
	return keyring->secrets + index * AW_CRYPT_KEY;
}

/* Makes an epoch key, stores it wrapped; its secret goes to `secret`. */
static enum aw_status
insert_epoch(struct aw_tx *tx, const struct aw_keyring *keyring, int64_t epoch, uint8_t *secret,
	struct aw_error *err)
{
	uint8_t context[32], wrapped[AW_CRYPT_WRAPPED];

	randombytes_buf(secret, AW_CRYPT_KEY);
	epoch_context(keyring, epoch, context);
	aw_wrap_key(secret, keyring->root, context, wrapped);
	return sql_epoch_key_insert(tx,
		&(struct sql_epoch_key_insert_in){ .epoch = epoch,
			.wrapped = { wrapped, sizeof(wrapped) },
			.created_at = aw_real_ms() },
		err);
}

static enum aw_status
take_deployment(
	struct aw_tx *tx, struct aw_keyring *keyring, struct aw_arena *arena, struct aw_error *err)
{
	const char *value = NULL;
	uint8_t random[16];

	if (aw_setting_get(tx, arena, "deployment", &value, err) != AW_OK)
		return err->status;
	if (value == NULL) {
		randombytes_buf(random, sizeof(random));
		value = aw_hex(arena, random, sizeof(random));
		if (aw_setting_put(tx, "deployment", value, err) != AW_OK)
			return err->status;
	}
	if (strlen(value) >= sizeof(keyring->deployment))
		return aw_fail(err, AW_CORRUPT, "the setting deployment is too long");
	memcpy(keyring->deployment, value, strlen(value) + 1);
	return AW_OK;
}

static enum aw_status
load_epochs(
	struct aw_tx *tx, struct aw_keyring *keyring, struct aw_arena *arena, struct aw_error *err)
{
	struct sql_epoch_key_all *rows = NULL;
	size_t count = 0;

	if (sql_epoch_key_all(tx, arena, &rows, &count, err) != AW_OK)
		return err->status;
	if (count > EPOCHS_MAX)
		return aw_fail(
			err, AW_TOO_LARGE, "more than %d epoch keys: retire old ones", EPOCHS_MAX);
	for (size_t i = 0; i < count; i++) {
		uint8_t context[32];

		epoch_context(keyring, rows[i].epoch, context);
		if (!aw_unwrap_key(rows[i].wrapped, keyring->root, context, secret_at(keyring, i)))
			return aw_fail(err, AW_CORRUPT,
				"the root key does not open epoch %" PRId64 " of this database",
				rows[i].epoch);
		keyring->numbers[i] = rows[i].epoch;
	}
	keyring->count = count;
	return AW_OK;
}

static enum aw_status
open_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_keyring *keyring = arg;
	struct aw_arena arena = { 0 };
	struct sql_data_key_page *keys = NULL;
	size_t key_count = 0;
	enum aw_status status = take_deployment(tx, keyring, &arena, err);

	if (status == AW_OK)
		status = load_epochs(tx, keyring, &arena, err);
	if (status == AW_OK && keyring->count == 0) {
		status = sql_data_key_page(tx, &(struct sql_data_key_page_in){ .at_most = 1 },
			&arena, &keys, &key_count, err);
		if (status == AW_OK && key_count != 0)
			status = aw_fail(err, AW_CORRUPT,
				"this database has data keys and no epoch key left");
		if (status == AW_OK)
			status = insert_epoch(tx, keyring, 1, secret_at(keyring, 0), err);
		if (status == AW_OK) {
			keyring->numbers[0] = 1;
			keyring->count = 1;
		}
	}
	aw_arena_done(&arena);
	return status;
}

enum aw_status
aw_keyring_open(struct aw_db *db, const char *root_key_path, struct aw_keyring **ret_keyring,
	struct aw_error *err)
{
	struct aw_keyring *keyring;

	if (sodium_init() < 0)
		return aw_fail(err, AW_IO, "no source of random numbers");
	keyring = calloc(1, sizeof(*keyring));
	if (keyring == NULL)
		aw_die("no memory left for the keyring");
	pthread_rwlock_init(&keyring->lock, NULL);
	keyring->root = guarded(AW_CRYPT_KEY);
	keyring->secrets = guarded((size_t)EPOCHS_MAX * AW_CRYPT_KEY);
	if (read_root(root_key_path, keyring->root, err) != AW_OK ||
		aw_db_write(db, open_in, keyring, err) != AW_OK) {
		aw_keyring_close(keyring);
		return err->status;
	}
	*ret_keyring = keyring;
	return AW_OK;
}

void
aw_keyring_close(struct aw_keyring *keyring)
{
	if (keyring == NULL)
		return;
	sodium_free(keyring->root);
	sodium_free(keyring->secrets);
	pthread_rwlock_destroy(&keyring->lock);
	sodium_memzero(keyring, sizeof(*keyring));
	free(keyring);
}

/* -- data keys ----------------------------------------------------------------------------- */

static void
wrap_current(struct aw_keyring *keyring, int64_t key_id, const uint8_t *secret, int64_t *ret_epoch,
	uint8_t out[AW_CRYPT_WRAPPED])
{
	uint8_t context[32];

	pthread_rwlock_rdlock(&keyring->lock);
	*ret_epoch = keyring->numbers[keyring->count - 1];
	data_context(keyring, key_id, *ret_epoch, context);
	aw_wrap_key(secret, secret_at(keyring, keyring->count - 1), context, out);
	pthread_rwlock_unlock(&keyring->lock);
}

enum aw_status
aw_key_make(struct aw_tx *tx, struct aw_keyring *keyring, int64_t key_id, const char *holder,
	struct aw_key *ret_key, struct aw_error *err)
{
	struct aw_key key = { .id = key_id };
	uint8_t wrapped[AW_CRYPT_WRAPPED];
	int64_t epoch = 0;
	enum aw_status status;

	randombytes_buf(key.secret, sizeof(key.secret));
	wrap_current(keyring, key_id, key.secret, &epoch, wrapped);
	status = sql_data_key_insert(tx,
		&(struct sql_data_key_insert_in){ .id = key_id,
			.holder = holder,
			.epoch = epoch,
			.wrapped = { wrapped, sizeof(wrapped) } },
		err);
	if (status == AW_OK)
		*ret_key = key;
	aw_key_done(&key);
	return status;
}

enum aw_status
aw_key_unwrap(struct aw_keyring *keyring, int64_t key_id, int64_t epoch, struct aw_bytes wrapped,
	struct aw_key *ret_key, struct aw_error *err)
{
	struct aw_key key = { .id = key_id };
	uint8_t context[32];
	size_t at;
	bool opened = false;

	pthread_rwlock_rdlock(&keyring->lock);
	for (at = keyring->count; at > 0 && keyring->numbers[at - 1] != epoch; at--)
		;
	if (at > 0) {
		data_context(keyring, key_id, epoch, context);
		opened = aw_unwrap_key(wrapped, secret_at(keyring, at - 1), context, key.secret);
	}
	pthread_rwlock_unlock(&keyring->lock);
	if (opened)
		*ret_key = key;
	aw_key_done(&key);
	if (at == 0)
		return aw_fail(err, AW_CORRUPT,
			"a data key stands under epoch %" PRId64
			", which this keyring does not hold",
			epoch);
	return opened ? AW_OK : aw_fail(err, AW_CORRUPT, "a data key does not open");
}

enum aw_status
aw_key_get(struct aw_tx *tx, struct aw_keyring *keyring, int64_t key_id, struct aw_key *ret_key,
	struct aw_error *err)
{
	struct aw_arena arena = { 0 };
	struct sql_data_key_get row = { 0 };
	bool found = false;
	enum aw_status status = sql_data_key_get(
		tx, &(struct sql_data_key_get_in){ .id = key_id }, &arena, &row, &found, err);

	if (status == AW_OK)
		status =
			found ? aw_key_unwrap(keyring, key_id, row.epoch, row.wrapped, ret_key, err)
			      : aw_fail(err, AW_NOT_FOUND, "this data was erased");
	aw_arena_done(&arena);
	return status;
}

enum aw_status
aw_key_erase(struct aw_tx *tx, int64_t key_id, struct aw_error *err)
{
	int64_t changed = 0;

	return sql_data_key_delete(
		tx, &(struct sql_data_key_delete_in){ .id = key_id }, &changed, err);
}

/* -- changing and checking ----------------------------------------------------------------- */

struct rotation {
	struct aw_keyring *keyring;
	int64_t epoch; /* the new one */
	int64_t after; /* data keys up to this id are done */
	int64_t done;  /* in this unit */
	bool finished;
	uint8_t *secret; /* guarded */
};

static enum aw_status
begin_epoch(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct rotation *rotation = arg;

	return insert_epoch(tx, rotation->keyring, rotation->epoch, rotation->secret, err);
}

static enum aw_status
rewrap_some(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct rotation *rotation = arg;
	struct aw_arena arena = { 0 };
	struct sql_data_key_outside_epoch *rows = NULL;
	size_t count = 0;
	enum aw_status status = sql_data_key_outside_epoch(tx,
		&(struct sql_data_key_outside_epoch_in){
			.epoch = rotation->epoch, .after = rotation->after, .at_most = BATCH },
		&arena, &rows, &count, err);

	for (size_t i = 0; status == AW_OK && i < count; i++) {
		struct aw_key key = { 0 };
		uint8_t wrapped[AW_CRYPT_WRAPPED];
		int64_t epoch = 0;

		status = aw_key_unwrap(
			rotation->keyring, rows[i].id, rows[i].epoch, rows[i].wrapped, &key, err);
		if (status != AW_OK)
			break;
		wrap_current(rotation->keyring, rows[i].id, key.secret, &epoch, wrapped);
		aw_key_done(&key);
		status = sql_data_key_rewrap(tx,
			&(struct sql_data_key_rewrap_in){ .id = rows[i].id,
				.epoch = epoch,
				.wrapped = { wrapped, sizeof(wrapped) } },
			err);
	}
	rotation->done = status == AW_OK ? (int64_t)count : 0;
	rotation->finished = count == 0;
	if (status == AW_OK && count != 0)
		rotation->after = rows[count - 1].id;
	aw_arena_done(&arena);
	return status;
}

enum aw_status
aw_keyring_rotate(
	struct aw_db *db, struct aw_keyring *keyring, int64_t *ret_rewrapped, struct aw_error *err)
{
	struct rotation rotation = { .keyring = keyring };
	int64_t total = 0;
	enum aw_status status;

	if (keyring->count == EPOCHS_MAX)
		return aw_fail(err, AW_CONFLICT, "retire old epochs before another rotation");
	rotation.epoch = keyring->numbers[keyring->count - 1] + 1;
	rotation.secret = guarded(AW_CRYPT_KEY);
	status = aw_db_write(db, begin_epoch, &rotation, err);
	if (status == AW_OK) {
		pthread_rwlock_wrlock(&keyring->lock);
		memcpy(secret_at(keyring, keyring->count), rotation.secret, AW_CRYPT_KEY);
		keyring->numbers[keyring->count++] = rotation.epoch;
		pthread_rwlock_unlock(&keyring->lock);
	}
	sodium_free(rotation.secret);
	/* A second pass finds keys that were made under the old epoch meanwhile. */
	for (int pass = 0; pass < 2 && status == AW_OK; pass++) {
		rotation.after = 0;
		rotation.finished = false;
		while (status == AW_OK && !rotation.finished) {
			status = aw_db_write(db, rewrap_some, &rotation, err);
			total += rotation.done;
		}
	}
	if (status == AW_OK)
		*ret_rewrapped = total;
	return status;
}

struct retirement {
	struct aw_keyring *keyring;
	int64_t before_ms;
	int64_t epochs[EPOCHS_MAX];
	size_t count;
};

static enum aw_status
retire_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct retirement *retirement = arg;
	struct aw_arena arena = { 0 };
	struct sql_epoch_key_all *epochs = NULL;
	struct sql_data_key_count_by_epoch *used = NULL;
	size_t epoch_count = 0, used_count = 0;
	enum aw_status status = sql_epoch_key_all(tx, &arena, &epochs, &epoch_count, err);

	if (status == AW_OK)
		status = sql_data_key_count_by_epoch(tx, &arena, &used, &used_count, err);
	retirement->count = 0;
	/* the last one is current and stays */
	for (size_t i = 0; status == AW_OK && i + 1 < epoch_count; i++) {
		bool in_use = epochs[i].created_at >= retirement->before_ms;
		int64_t changed = 0;

		for (size_t k = 0; k < used_count; k++)
			in_use = in_use || used[k].epoch == epochs[i].epoch;
		if (in_use)
			continue;
		status = sql_epoch_key_delete(tx,
			&(struct sql_epoch_key_delete_in){ .epoch = epochs[i].epoch }, &changed,
			err);
		retirement->epochs[retirement->count++] = epochs[i].epoch;
	}
	aw_arena_done(&arena);
	return status;
}

static void
forget_epoch(struct aw_keyring *keyring, int64_t epoch)
{
	size_t at = 0;

	while (at < keyring->count && keyring->numbers[at] != epoch)
		at++;
	if (at == keyring->count)
		return;
	for (; at + 1 < keyring->count; at++) {
		keyring->numbers[at] = keyring->numbers[at + 1];
		memcpy(secret_at(keyring, at), secret_at(keyring, at + 1), AW_CRYPT_KEY);
	}
	keyring->count--;
	sodium_memzero(secret_at(keyring, keyring->count), AW_CRYPT_KEY);
}

enum aw_status
aw_keyring_retire(struct aw_db *db, struct aw_keyring *keyring, int64_t before_ms,
	int64_t *ret_destroyed, struct aw_error *err)
{
	struct retirement *retirement = calloc(1, sizeof(*retirement));
	enum aw_status status;

	if (retirement == NULL)
		aw_die("no memory left for the keyring");
	retirement->keyring = keyring;
	retirement->before_ms = before_ms;
	status = aw_db_write(db, retire_in, retirement, err);
	if (status == AW_OK) {
		pthread_rwlock_wrlock(&keyring->lock);
		for (size_t i = 0; i < retirement->count; i++)
			forget_epoch(keyring, retirement->epochs[i]);
		pthread_rwlock_unlock(&keyring->lock);
		*ret_destroyed = (int64_t)retirement->count;
	}
	free(retirement);
	return status;
}

struct checking {
	struct aw_keyring *keyring;
	struct aw_keyring_report report;
};

static enum aw_status
check_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct checking *checking = arg;
	struct aw_keyring_report *report = &checking->report;
	struct sql_data_key_page_in next = { .at_most = 10000 };
	struct aw_error broken;
	struct aw_key key;
	size_t count = 1;

	while (count != 0) {
		struct aw_arena arena = { 0 };
		struct sql_data_key_page *rows = NULL;

		if (sql_data_key_page(tx, &next, &arena, &rows, &count, err) != AW_OK) {
			aw_arena_done(&arena);
			return err->status;
		}
		for (size_t i = 0; i < count; i++) {
			report->keys++;
			report->keys_current += rows[i].epoch == report->current_epoch ? 1 : 0;
			if (aw_key_unwrap(checking->keyring, rows[i].id, rows[i].epoch,
				    rows[i].wrapped, &key, &broken) != AW_OK)
				report->keys_broken++;
			else
				aw_key_done(&key);
			next.after = rows[i].id;
		}
		aw_arena_done(&arena);
	}
	return AW_OK;
}

enum aw_status
aw_keyring_check(struct aw_db *db, struct aw_keyring *keyring, struct aw_keyring_report *ret_report,
	struct aw_error *err)
{
	struct checking checking = { .keyring = keyring };

	pthread_rwlock_rdlock(&keyring->lock);
	checking.report.epochs = (int64_t)keyring->count;
	checking.report.current_epoch = keyring->numbers[keyring->count - 1];
	pthread_rwlock_unlock(&keyring->lock);
	if (aw_db_read(db, check_in, &checking, err) != AW_OK)
		return err->status;
	*ret_report = checking.report;
	return AW_OK;
}

struct change {
	struct aw_keyring *keyring;
	uint8_t *root; /* the new one, guarded */
};

static enum aw_status
change_root_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct change *change = arg;
	uint8_t context[32], wrapped[AW_CRYPT_WRAPPED];

	for (size_t i = 0; i < change->keyring->count; i++) {
		int64_t epoch = change->keyring->numbers[i];

		epoch_context(change->keyring, epoch, context);
		aw_wrap_key(secret_at(change->keyring, i), change->root, context, wrapped);
		if (sql_epoch_key_rewrap(tx,
			    &(struct sql_epoch_key_rewrap_in){
				    .epoch = epoch, .wrapped = { wrapped, sizeof(wrapped) } },
			    err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_keyring_change_root(struct aw_db *db, struct aw_keyring *keyring, const char *new_root_path,
	struct aw_error *err)
{
	struct change change = { .keyring = keyring, .root = guarded(AW_CRYPT_KEY) };
	enum aw_status status = read_root(new_root_path, change.root, err);

	if (status == AW_OK)
		status = aw_db_write(db, change_root_in, &change, err);
	if (status == AW_OK) {
		pthread_rwlock_wrlock(&keyring->lock);
		memcpy(keyring->root, change.root, AW_CRYPT_KEY);
		pthread_rwlock_unlock(&keyring->lock);
	}
	sodium_free(change.root);
	return status;
}
