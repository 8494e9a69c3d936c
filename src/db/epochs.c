/* Epoch keys into memory: at the start, and when another server changed them or the root key. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/db.sql.h"
#include "db/keyring.h"
#include "db/keys.h"

static enum aw_status
read_epochs(struct aw_tx *tx, struct aw_arena *arena, struct sql_epoch_key_all **ret_rows,
	size_t *ret_count, struct aw_error *err)
{
	if (sql_epoch_key_all(tx, arena, ret_rows, ret_count, err) != AW_OK)
		return err->status;
	if (*ret_count > AW_EPOCHS_MAX)
		return aw_fail(err, AW_TOO_LARGE, "more than %d epoch keys: retire old ones",
			AW_EPOCHS_MAX);
	return AW_OK;
}

/* With the keyring's root key: how many, to the first that it does not open. */
static size_t
open_epochs(struct aw_keyring *keyring, const struct sql_epoch_key_all *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t context[32];

		aw_epoch_context(keyring, rows[i].epoch, context);
		if (!aw_unwrap_key(
			    rows[i].wrapped, keyring->root, context, aw_epoch_secret(keyring, i)))
			return i;
		keyring->numbers[i] = rows[i].epoch;
	}
	keyring->count = count;
	return count;
}

/* The same with the root keys that stand where this keyring's did: behind a change of root its file is
 * another one, or the new one still waits beside it. */
static bool
open_by_files(struct aw_keyring *keyring, const struct sql_epoch_key_all *rows, size_t count,
	struct aw_arena *arena)
{
	const char *const paths[] = { keyring->path,
		aw_arena_printf(arena, "%s" AW_ROOT_NEXT, keyring->path) };
	struct aw_error ignored = { 0 };

	for (size_t i = 0; i < AW_COUNT(paths); i++)
		if (aw_root_key_read(paths[i], keyring->root, &ignored) == AW_OK &&
			open_epochs(keyring, rows, count) == count)
			return true;
	return false;
}

enum aw_status
aw_epochs_load(
	struct aw_tx *tx, struct aw_keyring *keyring, struct aw_arena *arena, struct aw_error *err)
{
	struct sql_epoch_key_all *rows = NULL;
	size_t count = 0, opened;

	if (read_epochs(tx, arena, &rows, &count, err) != AW_OK)
		return err->status;
	opened = open_epochs(keyring, rows, count);
	if (opened < count && !open_by_files(keyring, rows, count, arena))
		return aw_fail(err, AW_CORRUPT,
			"the root key does not open epoch %" PRId64
			" of this database: name the key file that belongs to it in "
			"ANWANG_KEY_FILE",
			rows[opened].epoch);
	return AW_OK;
}

/* -- what other servers change ------------------------------------------------------------- */

/* A keyring to try with: nobody else sees it. */
static struct aw_keyring *
try_begin(struct aw_keyring *keyring)
{
	struct aw_keyring *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL)
		aw_die("no memory left for the keyring");
	fresh->path = keyring->path;
	fresh->root = aw_guarded(AW_CRYPT_KEY);
	fresh->secrets = aw_guarded((size_t)AW_EPOCHS_MAX * AW_CRYPT_KEY);
	memcpy(fresh->deployment, keyring->deployment, sizeof(fresh->deployment));
	pthread_rwlock_rdlock(&keyring->lock);
	memcpy(fresh->root, keyring->root, AW_CRYPT_KEY);
	pthread_rwlock_unlock(&keyring->lock);
	return fresh;
}

static void
try_end(struct aw_keyring *fresh)
{
	sodium_free(fresh->root);
	sodium_free(fresh->secrets);
	free(fresh);
}

/* Unless memory has gone on meanwhile: whoever took it there knows better. */
static void
take_over(struct aw_keyring *keyring, const struct aw_keyring *fresh)
{
	pthread_rwlock_wrlock(&keyring->lock);
	if (fresh->count > 0 &&
		fresh->numbers[fresh->count - 1] >= keyring->numbers[keyring->count - 1]) {
		memcpy(keyring->root, fresh->root, AW_CRYPT_KEY);
		memcpy(keyring->secrets, fresh->secrets, fresh->count * AW_CRYPT_KEY);
		memcpy(keyring->numbers, fresh->numbers, sizeof(keyring->numbers));
		keyring->count = fresh->count;
		keyring->rootless = false;
	}
	pthread_rwlock_unlock(&keyring->lock);
}

/* The root key in force is not at hand. What memory holds of the epochs goes on opening and sealing, as
 * long as there is no newer one. */
static enum aw_status
go_on_without(struct aw_keyring *keyring, const struct sql_epoch_key_all *rows, size_t count,
	struct aw_error *err)
{
	bool all = true;

	pthread_rwlock_wrlock(&keyring->lock);
	for (size_t i = 0; i < count && all; i++) {
		size_t at = 0;

		while (at < keyring->count && keyring->numbers[at] != rows[i].epoch)
			at++;
		all = at < keyring->count;
	}
	keyring->rootless = true;
	pthread_rwlock_unlock(&keyring->lock);
	return all ? AW_OK
		   : aw_fail(err, AW_BUSY,
			     "the root key was changed: put the new key file where this server "
			     "finds it, as %s" AW_ROOT_NEXT,
			     keyring->path);
}

enum aw_status
aw_epochs_changed(struct aw_tx *tx, int64_t epoch, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_keyring *keyring = arg, *fresh;
	struct sql_epoch_key_all *rows = NULL;
	enum aw_status status = AW_OK;
	size_t count = 0;

	(void)epoch;
	if (read_epochs(tx, &arena, &rows, &count, err) != AW_OK)
		return err->status;
	fresh = try_begin(keyring);
	if (open_epochs(fresh, rows, count) == count || open_by_files(fresh, rows, count, &arena))
		take_over(keyring, fresh);
	else
		status = go_on_without(keyring, rows, count, err);
	try_end(fresh);
	return status;
}

static enum aw_status
look_again(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	return aw_epochs_changed(tx, 0, arg, err);
}

static bool
is_rootless(struct aw_keyring *keyring)
{
	bool rootless;

	pthread_rwlock_rdlock(&keyring->lock);
	rootless = keyring->rootless;
	pthread_rwlock_unlock(&keyring->lock);
	return rootless;
}

enum aw_status
aw_keyring_find_root(struct aw_db *db, struct aw_keyring *keyring, struct aw_error *err)
{
	if (!is_rootless(keyring))
		return AW_OK;
	if (aw_db_read(db, look_again, keyring, err) != AW_OK)
		return err->status;
	return !is_rootless(keyring)
		       ? AW_OK
		       : aw_fail(err, AW_NOT_FOUND,
				 "another server put another root key in force: bring it here, as "
				 "%s" AW_ROOT_NEXT
				 ", or this server stands still at the next rotation",
				 keyring->path);
}
