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
#include "base/file.h"
#include "db/change.h"
#include "db/crypt.h"
#include "db/db.sql.h"
#include "db/keys.h"
#include "db/setting.h"

void
aw_epoch_context(const struct aw_keyring *keyring, int64_t epoch, uint8_t out[32])
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

void *
aw_guarded(size_t size)
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
	secret = aw_guarded(AW_CRYPT_KEY);
	randombytes_buf(secret, AW_CRYPT_KEY);
	rc = write(fd, secret, AW_CRYPT_KEY) == (ssize_t)AW_CRYPT_KEY && fsync(fd) == 0 ? 0 : -1;
	sodium_free(secret);
	if (close(fd) != 0 || rc != 0) {
		(void)unlink(path);
		return aw_fail(err, AW_IO, "cannot write the key file %s", path);
	}
	return aw_file_sync_folder(path, err);
}

static enum aw_status
fail_unread(const char *path, int number, struct aw_error *err)
{
	if (number == ENOENT || number == ENOTDIR)
		return aw_fail(err, AW_NOT_FOUND,
			"there is no key file %s: name the one of this database in "
			"ANWANG_KEY_FILE, or bring it back from its copy",
			path);
	if (number == EACCES || number == EPERM)
		return aw_fail(err, AW_DENIED,
			"may not read the key file %s: it belongs to the account that runs "
			"anwang, with mode 0400",
			path);
	return aw_fail(err, AW_IO, "cannot read the key file %s: %s", path, strerror(number));
}

enum aw_status
aw_root_key_read(const char *path, uint8_t *root, struct aw_error *err)
{
	uint8_t extra;
	struct stat st;
	ssize_t got, more;
	int why, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail_unread(path, errno, err);
	if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0) {
		(void)close(fd);
		return aw_fail(err, AW_DENIED,
			"the key file %s can be read by others: chmod 0400 %s, and if others did "
			"read it, anwang key rotate --root",
			path, path);
	}
	got = read(fd, root, AW_CRYPT_KEY);
	more = got < 0 ? got : read(fd, &extra, 1);
	why = errno;
	(void)close(fd);
	if (more < 0) /* not "a wrong key": people throw those away */
		return fail_unread(path, why, err);
	if (got != (ssize_t)AW_CRYPT_KEY || more != 0)
		return aw_fail(err, AW_INVALID,
			"the key file %s is not %u bytes long: bring it back from its copy", path,
			AW_CRYPT_KEY);
	return AW_OK;
}

enum aw_status
aw_root_key_check(const char *path, struct aw_error *err)
{
	enum aw_status status;
	uint8_t *root;

	if (sodium_init() < 0)
		return aw_fail(err, AW_IO, "no source of random numbers");
	root = aw_guarded(AW_CRYPT_KEY);
	status = aw_root_key_read(path, root, err);
	sodium_free(root);
	return status;
}

/* -- opening ------------------------------------------------------------------------------- */

uint8_t *
aw_epoch_secret(const struct aw_keyring *keyring, size_t index)
{
	return keyring->secrets + index * AW_CRYPT_KEY;
}

/* Makes an epoch key, stores it wrapped; its secret goes to `secret`. */
enum aw_status
aw_epoch_insert(struct aw_tx *tx, const struct aw_keyring *keyring, int64_t epoch, uint8_t *secret,
	struct aw_error *err)
{
	uint8_t context[32], wrapped[AW_CRYPT_WRAPPED];

	randombytes_buf(secret, AW_CRYPT_KEY);
	aw_epoch_context(keyring, epoch, context);
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
open_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_keyring *keyring = arg;
	struct aw_arena arena = { 0 };
	struct sql_data_key_outside_epoch *keys = NULL;
	size_t key_count = 0;
	enum aw_status status = take_deployment(tx, keyring, &arena, err);

	if (status == AW_OK)
		status = aw_epochs_load(tx, keyring, &arena, err);
	if (status == AW_OK && keyring->count == 0) {
		status = sql_data_key_page(tx, &(struct sql_data_key_page_in){ .at_most = 1 },
			&arena, &keys, &key_count, err);
		if (status == AW_OK && key_count != 0)
			status = aw_fail(err, AW_CORRUPT,
				"this database has data keys and no epoch key left");
		if (status == AW_OK)
			status = aw_epoch_insert(tx, keyring, 1, aw_epoch_secret(keyring, 0), err);
		if (status == AW_OK) {
			keyring->numbers[0] = 1;
			keyring->count = 1;
		}
	}
	aw_arena_done(&arena);
	return status;
}

/* An empty keyring with the root key of a file. */
static enum aw_status
begin(const char *root_key_path, struct aw_keyring **ret_keyring, struct aw_error *err)
{
	struct aw_keyring *keyring;

	if (sodium_init() < 0)
		return aw_fail(err, AW_IO, "no source of random numbers");
	keyring = calloc(1, sizeof(*keyring));
	if (keyring == NULL)
		aw_die("no memory left for the keyring");
	keyring->path = strdup(root_key_path);
	if (keyring->path == NULL)
		aw_die("no memory left for the keyring");
	pthread_rwlock_init(&keyring->lock, NULL);
	keyring->root = aw_guarded(AW_CRYPT_KEY);
	keyring->secrets = aw_guarded((size_t)AW_EPOCHS_MAX * AW_CRYPT_KEY);
	if (aw_root_key_read(root_key_path, keyring->root, err) != AW_OK) {
		aw_keyring_close(keyring);
		return err->status;
	}
	*ret_keyring = keyring;
	return AW_OK;
}

enum aw_status
aw_keyring_open(struct aw_db *db, const char *root_key_path, struct aw_keyring **ret_keyring,
	struct aw_error *err)
{
	struct aw_keyring *keyring = NULL;

	if (begin(root_key_path, &keyring, err) != AW_OK)
		return err->status;
	if (aw_db_follow(db, AW_KEYRING_CHANGE, aw_epochs_changed, keyring, err) != AW_OK ||
		aw_db_write(db, open_in, keyring, err) != AW_OK) {
		aw_keyring_close(keyring);
		return err->status;
	}
	*ret_keyring = keyring;
	return AW_OK;
}

static enum aw_status
read_in(struct aw_tx *tx, struct aw_keyring *keyring, struct aw_arena *arena, struct aw_error *err)
{
	const char *deployment = NULL;

	if (aw_setting_get(tx, arena, "deployment", &deployment, err) != AW_OK)
		return err->status;
	if (deployment == NULL)
		return aw_fail(err, AW_NOT_FOUND, "this database has no keys yet");
	if (take_deployment(tx, keyring, arena, err) != AW_OK ||
		aw_epochs_load(tx, keyring, arena, err) != AW_OK)
		return err->status;
	return keyring->count != 0 ? AW_OK
				   : aw_fail(err, AW_NOT_FOUND, "this database has no keys yet");
}

enum aw_status
aw_keyring_open_in(struct aw_tx *tx, const char *root_key_path, struct aw_keyring **ret_keyring,
	struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_keyring *keyring = NULL;

	if (begin(root_key_path, &keyring, err) != AW_OK)
		return err->status;
	if (read_in(tx, keyring, &arena, err) != AW_OK) {
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
	free(keyring->path);
	pthread_rwlock_destroy(&keyring->lock);
	sodium_memzero(keyring, sizeof(*keyring));
	free(keyring);
}

/* -- data keys ----------------------------------------------------------------------------- */

void
aw_key_wrap(struct aw_keyring *keyring, int64_t key_id, const uint8_t *secret, int64_t *ret_epoch,
	uint8_t out[AW_CRYPT_WRAPPED])
{
	uint8_t context[32];

	pthread_rwlock_rdlock(&keyring->lock);
	*ret_epoch = keyring->numbers[keyring->count - 1];
	data_context(keyring, key_id, *ret_epoch, context);
	aw_wrap_key(secret, aw_epoch_secret(keyring, keyring->count - 1), context, out);
	pthread_rwlock_unlock(&keyring->lock);
}

_Static_assert(AW_KEY_WRAPPED == AW_CRYPT_WRAPPED, "a row holds a wrapped key");

void
aw_key_draw(struct aw_keyring *keyring, int64_t key_id, struct aw_key *ret_key,
	struct aw_key_row *ret_row)
{
	ret_key->id = ret_row->id = key_id;
	randombytes_buf(ret_key->secret, sizeof(ret_key->secret));
	aw_key_wrap(keyring, key_id, ret_key->secret, &ret_row->epoch, ret_row->wrapped);
}

static int64_t
current_epoch(struct aw_keyring *keyring)
{
	int64_t epoch;

	pthread_rwlock_rdlock(&keyring->lock);
	epoch = keyring->numbers[keyring->count - 1];
	pthread_rwlock_unlock(&keyring->lock);
	return epoch;
}

/* A rotation that has ended looks for no more keys under the old epoch, so none may come after it. */
static enum aw_status
bring_up(struct aw_keyring *keyring, struct aw_key_row *row, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_bytes wrapped = { row->wrapped, sizeof(row->wrapped) };

	if (aw_key_unwrap(keyring, row->id, row->epoch, wrapped, &key, err) != AW_OK)
		return aw_fail(err, AW_BUSY, "keys are being changed: try again");
	aw_key_wrap(keyring, row->id, key.secret, &row->epoch, row->wrapped);
	return AW_OK;
}

enum aw_status
aw_key_keep(struct aw_tx *tx, struct aw_keyring *keyring, const struct aw_key_row *row,
	const char *holder, struct aw_error *err)
{
	struct aw_key_row now = *row;

	if (row->epoch != current_epoch(keyring) && bring_up(keyring, &now, err) != AW_OK)
		return err->status;
	return sql_data_key_insert(tx,
		&(struct sql_data_key_insert_in){ .id = now.id,
			.holder = holder,
			.epoch = now.epoch,
			.wrapped = { now.wrapped, sizeof(now.wrapped) } },
		err);
}

enum aw_status
aw_key_make(struct aw_tx *tx, struct aw_keyring *keyring, int64_t key_id, const char *holder,
	struct aw_key *ret_key, struct aw_error *err)
{
	struct aw_key_row row;
	enum aw_status status;

	aw_key_draw(keyring, key_id, ret_key, &row);
	status = aw_key_keep(tx, keyring, &row, holder, err);
	if (status != AW_OK)
		aw_key_done(ret_key);
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
		opened = aw_unwrap_key(
			wrapped, aw_epoch_secret(keyring, at - 1), context, key.secret);
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
aw_key_derive(struct aw_keyring *keyring, int64_t epoch, const char *purpose, int64_t key_id,
	struct aw_key *ret_key, int64_t *ret_epoch, struct aw_error *err)
{
	size_t at;

	_Static_assert(AW_CRYPT_KEY == crypto_kdf_KEYBYTES, "an epoch key is a master key");
	if (strlen(purpose) != crypto_kdf_CONTEXTBYTES)
		return aw_fail(err, AW_INTERNAL, "%s is no purpose of a derived key", purpose);
	pthread_rwlock_rdlock(&keyring->lock);
	at = keyring->count;
	while (at > 0 && epoch != 0 && keyring->numbers[at - 1] != epoch)
		at--;
	if (at > 0) {
		ret_key->id = key_id;
		(void)crypto_kdf_derive_from_key(ret_key->secret, sizeof(ret_key->secret),
			(uint64_t)key_id, purpose, aw_epoch_secret(keyring, at - 1));
		if (ret_epoch != NULL)
			*ret_epoch = keyring->numbers[at - 1];
	}
	pthread_rwlock_unlock(&keyring->lock);
	return at > 0 ? AW_OK : aw_fail(err, AW_NOT_FOUND, "this data went with its epoch");
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
