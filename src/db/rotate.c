/* Rotation, retirement, checking, and another root key. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/change.h"
#include "db/db.sql.h"
#include "db/keyring.h"
#include "db/keys.h"
#include "db/setting.h"

#define BATCH 500		/* keys a unit of work wraps anew */
#define ROTATING "key.rotating" /* the epoch of a rotation that has not ended */

/* A unit of work of a rotation. Units may run again: what they find goes to the `ret_` members and is
 * taken over when the unit is durable. */
struct unit {
	struct aw_keyring *keyring;
	const struct aw_rotation *rotation;
	struct aw_rotation ret_rotation;
	uint8_t *secret; /* guarded: of a new epoch */
};

/* Behind the commit of a new epoch, on the writer's thread. */
static void
take_epoch(void *arg)
{
	struct unit *unit = arg;
	struct aw_keyring *keyring = unit->keyring;

	pthread_rwlock_wrlock(&keyring->lock);
	memcpy(aw_epoch_secret(keyring, keyring->count), unit->secret, AW_CRYPT_KEY);
	keyring->numbers[keyring->count++] = unit->ret_rotation.epoch;
	pthread_rwlock_unlock(&keyring->lock);
}

/* Another root key may have been put in force in the same group of units: nothing may be wrapped
 * under the old one then. */
static enum aw_status
check_root(struct aw_tx *tx, const struct aw_keyring *keyring, struct aw_arena *arena,
	struct aw_error *err)
{
	struct sql_epoch_key_all *rows = NULL;
	uint8_t context[32], *secret;
	size_t count = 0;
	bool opened = true;

	if (sql_epoch_key_all(tx, arena, &rows, &count, err) != AW_OK)
		return err->status;
	secret = aw_guarded(AW_CRYPT_KEY);
	for (size_t i = 0; i < count && opened; i++) {
		aw_epoch_context(keyring, rows[i].epoch, context);
		opened = aw_unwrap_key(rows[i].wrapped, keyring->root, context, secret);
	}
	sodium_free(secret);
	return opened ? AW_OK : aw_fail(err, AW_BUSY, "the root key is being changed: try again");
}

static enum aw_status
begin_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct unit *unit = arg;
	const struct aw_keyring *keyring = unit->keyring;
	int64_t newest = keyring->numbers[keyring->count - 1], pending = 0;
	const char *text = NULL;

	if (aw_setting_get(tx, &arena, ROTATING, &text, err) != AW_OK)
		return err->status;
	if (text != NULL && aw_str_int64(aw_str(text), &pending) && pending == newest) {
		unit->ret_rotation.epoch = newest; /* one that was interrupted */
		return AW_OK;
	}
	if (keyring->count == AW_EPOCHS_MAX)
		return aw_fail(err, AW_CONFLICT, "retire old epochs before another rotation");
	unit->ret_rotation.epoch = newest + 1;
	if (check_root(tx, keyring, &arena, err) != AW_OK ||
		aw_change_note(tx, AW_KEYRING_CHANGE, newest + 1, err) != AW_OK ||
		aw_epoch_insert(tx, keyring, newest + 1, unit->secret, err) != AW_OK)
		return err->status;
	aw_tx_after_commit(tx, take_epoch, unit);
	return aw_setting_put(tx, ROTATING, aw_arena_printf(&arena, "%" PRId64, newest + 1), err);
}

static enum aw_status
count_left(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_rotation *rotation = arg;
	struct sql_data_key_count_by_epoch *rows = NULL;
	size_t count = 0;

	if (sql_data_key_count_by_epoch(tx, &arena, &rows, &count, err) != AW_OK)
		return err->status;
	rotation->left = 0;
	for (size_t i = 0; i < count; i++)
		rotation->left += rows[i].epoch == rotation->epoch ? 0 : rows[i].count;
	return AW_OK;
}

enum aw_status
aw_keyring_rotate_begin(struct aw_db *db, struct aw_keyring *keyring,
	struct aw_rotation *ret_rotation, struct aw_error *err)
{
	struct unit unit = { .keyring = keyring, .secret = aw_guarded(AW_CRYPT_KEY) };
	enum aw_status status = aw_db_write(db, begin_in, &unit, err);

	sodium_free(unit.secret);
	if (status == AW_OK)
		status = aw_db_read(db, count_left, &unit.ret_rotation, err);
	if (status == AW_OK)
		*ret_rotation = unit.ret_rotation;
	return status;
}

static enum aw_status
rewrap_one(struct aw_tx *tx, struct aw_keyring *keyring,
	const struct sql_data_key_outside_epoch *row, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	uint8_t wrapped[AW_CRYPT_WRAPPED];
	int64_t epoch = 0;

	if (aw_key_unwrap(keyring, row->id, row->epoch, row->wrapped, &key, err) != AW_OK)
		return err->status;
	aw_key_wrap(keyring, row->id, key.secret, &epoch, wrapped);
	return sql_data_key_rewrap(tx,
		&(struct sql_data_key_rewrap_in){
			.id = row->id, .epoch = epoch, .wrapped = { wrapped, sizeof(wrapped) } },
		err);
}

/* The next keys. At the end of the keys it begins again, for some were made under the old epoch
 * meanwhile; a pass that found none is the last. */
static enum aw_status
rewrap_some(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct unit *unit = arg;
	struct aw_rotation next = *unit->rotation;
	struct sql_data_key_outside_epoch *rows = NULL;
	size_t count = 0;

	if (sql_data_key_outside_epoch(tx,
		    &(struct sql_data_key_outside_epoch_in){
			    .epoch = next.epoch, .after = next.after, .at_most = BATCH },
		    &arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (rewrap_one(tx, unit->keyring, &rows[i], err) != AW_OK)
			return err->status;
	}
	next.rewrapped += (int64_t)count;
	next.left -= (int64_t)count < next.left ? (int64_t)count : next.left;
	next.done = count == 0 && next.after == 0;
	next.after = count == 0 ? 0 : rows[count - 1].id;
	unit->ret_rotation = next;
	return next.done ? aw_setting_put(tx, ROTATING, NULL, err) : AW_OK;
}

enum aw_status
aw_keyring_rotate_step(struct aw_db *db, struct aw_keyring *keyring, struct aw_rotation *rotation,
	struct aw_error *err)
{
	struct unit unit = { .keyring = keyring, .rotation = rotation };

	if (aw_db_write(db, rewrap_some, &unit, err) != AW_OK)
		return err->status;
	*rotation = unit.ret_rotation;
	return AW_OK;
}

enum aw_status
aw_keyring_rotate(
	struct aw_db *db, struct aw_keyring *keyring, int64_t *ret_rewrapped, struct aw_error *err)
{
	struct aw_rotation rotation = { 0 };

	if (aw_keyring_rotate_begin(db, keyring, &rotation, err) != AW_OK)
		return err->status;
	while (!rotation.done) {
		if (aw_keyring_rotate_step(db, keyring, &rotation, err) != AW_OK)
			return err->status;
	}
	*ret_rewrapped = rotation.rewrapped;
	return AW_OK;
}

struct retirement {
	struct aw_keyring *keyring;
	int64_t before_ms;
	int64_t epochs[AW_EPOCHS_MAX];
	size_t count;
};

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

static void
take_retired(void *arg)
{
	const struct retirement *retirement = arg;

	pthread_rwlock_wrlock(&retirement->keyring->lock);
	for (size_t i = 0; i < retirement->count; i++)
		forget_epoch(retirement->keyring, retirement->epochs[i]);
	pthread_rwlock_unlock(&retirement->keyring->lock);
}

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
	if (status == AW_OK)
		aw_tx_after_commit(tx, take_retired, retirement);
	if (status == AW_OK && retirement->count > 0)
		status = aw_change_note(tx, AW_KEYRING_CHANGE, 0, err);
	return status;
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
	if (status == AW_OK)
		*ret_destroyed = (int64_t)retirement->count;
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

/* Behind the commit, on the writer's thread: no unit in between wraps under the old one. */
static void
take_root(void *arg)
{
	const struct change *change = arg;

	pthread_rwlock_wrlock(&change->keyring->lock);
	memcpy(change->keyring->root, change->root, AW_CRYPT_KEY);
	pthread_rwlock_unlock(&change->keyring->lock);
}

/* What the database holds counts, not what the keyring does: an epoch may be new in this group. */
static enum aw_status
change_root_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct change *change = arg;
	struct sql_epoch_key_all *rows = NULL;
	uint8_t context[32], wrapped[AW_CRYPT_WRAPPED], *secret;
	enum aw_status status = AW_OK;
	size_t count = 0;

	if (sql_epoch_key_all(tx, &arena, &rows, &count, err) != AW_OK)
		return err->status;
	secret = aw_guarded(AW_CRYPT_KEY);
	for (size_t i = 0; i < count && status == AW_OK; i++) {
		aw_epoch_context(change->keyring, rows[i].epoch, context);
		if (!aw_unwrap_key(rows[i].wrapped, change->keyring->root, context, secret)) {
			status = aw_fail(err, AW_BUSY, "the root key is being changed: try again");
			break;
		}
		aw_wrap_key(secret, change->root, context, wrapped);
		status = sql_epoch_key_rewrap(tx,
			&(struct sql_epoch_key_rewrap_in){
				.epoch = rows[i].epoch, .wrapped = { wrapped, sizeof(wrapped) } },
			err);
	}
	sodium_free(secret);
	if (status == AW_OK)
		status = aw_change_note(tx, AW_KEYRING_CHANGE, 0, err);
	if (status == AW_OK)
		aw_tx_after_commit(tx, take_root, change);
	return status;
}

enum aw_status
aw_keyring_change_root(struct aw_db *db, struct aw_keyring *keyring, const char *new_root_path,
	struct aw_error *err)
{
	struct change change = { .keyring = keyring, .root = aw_guarded(AW_CRYPT_KEY) };
	enum aw_status status = aw_root_key_read(new_root_path, change.root, err);

	if (status == AW_OK)
		status = aw_db_write(db, change_root_in, &change, err);
	sodium_free(change.root);
	return status == AW_OK ? aw_db_scrub(db, err) : status;
}
