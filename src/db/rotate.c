/* Rotation, retirement, checking, and another root key. */
#include <stdlib.h>
#include <string.h>

#include "db/db.sql.h"
#include "db/keyring.h"
#include "db/keys.h"

#define BATCH 500 /* keys a unit of work wraps anew */

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

	return aw_epoch_insert(tx, rotation->keyring, rotation->epoch, rotation->secret, err);
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
		aw_key_wrap(rotation->keyring, rows[i].id, key.secret, &epoch, wrapped);
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

	if (keyring->count == AW_EPOCHS_MAX)
		return aw_fail(err, AW_CONFLICT, "retire old epochs before another rotation");
	rotation.epoch = keyring->numbers[keyring->count - 1] + 1;
	rotation.secret = aw_guarded(AW_CRYPT_KEY);
	status = aw_db_write(db, begin_epoch, &rotation, err);
	if (status == AW_OK) {
		pthread_rwlock_wrlock(&keyring->lock);
		memcpy(aw_epoch_secret(keyring, keyring->count), rotation.secret, AW_CRYPT_KEY);
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
	int64_t epochs[AW_EPOCHS_MAX];
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
		memcpy(aw_epoch_secret(keyring, at), aw_epoch_secret(keyring, at + 1),
			AW_CRYPT_KEY);
	}
	keyring->count--;
	sodium_memzero(aw_epoch_secret(keyring, keyring->count), AW_CRYPT_KEY);
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
		struct sql_data_key_outside_epoch *rows = NULL;

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

		aw_epoch_context(change->keyring, epoch, context);
		aw_wrap_key(aw_epoch_secret(change->keyring, i), change->root, context, wrapped);
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
	struct change change = { .keyring = keyring, .root = aw_guarded(AW_CRYPT_KEY) };
	enum aw_status status = aw_root_key_read(new_root_path, change.root, err);

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
