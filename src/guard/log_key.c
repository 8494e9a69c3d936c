/* The log's own key: made once, its secret half sealed in the database. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "db/setting.h"
#include "guard/log.h"
#include "guard/note.h"

enum { CELL_LIMIT = 1024 };

void
aw_log_key_done(struct aw_log_key *key)
{
	sodium_memzero(key, sizeof(*key));
}

struct opening {
	struct aw_keyring *keyring;
	struct aw_ids *ids;
	struct aw_arena *arena;
	struct aw_log_key *key;
	bool found;
};

static struct aw_place
place_of(int64_t key_id)
{
	return (struct aw_place){
		.table = "setting", .column = "log.key", .row = key_id, .version = 1
	};
}

static enum aw_status
unseal(struct aw_tx *tx, struct opening *o, int64_t key_id, const char *hex, struct aw_error *err)
{
	struct aw_key data_key = { 0 };
	size_t len = strlen(hex) / 2;
	uint8_t cell[CELL_LIMIT];
	struct aw_str secret = { 0 };
	enum aw_status status;

	if (len > sizeof(cell) || !aw_unhex(hex, cell, len))
		return aw_fail(err, AW_CORRUPT, "the setting log.key is not a sealed cell");
	if (aw_key_get(tx, o->keyring, key_id, &data_key, err) != AW_OK)
		return aw_wrap(err, "the log's key");
	status = aw_unseal(o->arena, o->keyring, &data_key, place_of(key_id),
		(struct aw_bytes){ cell, len }, &secret, err);
	aw_key_done(&data_key);
	if (status != AW_OK)
		return aw_wrap(err, "the log's key");
	if (secret.len != 2 * sizeof(o->key->secret) ||
		!aw_unhex(secret.at, o->key->secret, sizeof(o->key->secret)))
		return aw_fail(err, AW_CORRUPT, "the log's key is not an Ed25519 key");
	return AW_OK;
}

static enum aw_status
read_key(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct opening *o = arg;
	const char *verifier = NULL, *id_text = NULL, *cell = NULL;
	struct aw_note_key key;
	int64_t key_id = 0;

	if (aw_setting_get(tx, o->arena, "log.verifier", &verifier, err) != AW_OK ||
		aw_setting_get(tx, o->arena, "log.key_id", &id_text, err) != AW_OK ||
		aw_setting_get(tx, o->arena, "log.key", &cell, err) != AW_OK)
		return err->status;
	if (verifier == NULL && id_text == NULL && cell == NULL)
		return AW_OK;
	if (verifier == NULL || cell == NULL || id_text == NULL ||
		!aw_note_key_read(verifier, &key) || !aw_str_int64(aw_str(id_text), &key_id))
		return aw_fail(err, AW_CORRUPT, "the settings of the log's key are damaged");
	if (unseal(tx, o, key_id, cell, err) != AW_OK)
		return err->status;
	memcpy(o->key->public_key, key.public_key, sizeof(key.public_key));
	if (memcmp(o->key->secret + 32, key.public_key, 32) != 0)
		return aw_fail(
			err, AW_CORRUPT, "the halves of the log's key do not belong together");
	(void)snprintf(o->key->origin, sizeof(o->key->origin), "%s", key.name);
	(void)snprintf(o->key->verifier, sizeof(o->key->verifier), "%s", verifier);
	o->found = true;
	return AW_OK;
}

static enum aw_status
store_key(struct aw_tx *tx, struct opening *o, struct aw_error *err)
{
	int64_t key_id = aw_id_next(o->ids, aw_real_ms());
	struct aw_key data_key = { 0 };
	struct aw_bytes cell;
	char *secret;

	if (aw_key_make(tx, o->keyring, key_id, "log", &data_key, err) != AW_OK)
		return err->status;
	secret = aw_hex(o->arena, o->key->secret, sizeof(o->key->secret));
	cell = aw_seal(o->arena, o->keyring, &data_key, place_of(key_id), aw_str(secret));
	sodium_memzero(secret, strlen(secret));
	aw_key_done(&data_key);
	if (aw_setting_put(tx, "log.verifier", o->key->verifier, err) != AW_OK ||
		aw_setting_put(tx, "log.key_id", aw_arena_printf(o->arena, "%" PRId64, key_id),
			err) != AW_OK)
		return err->status;
	return aw_setting_put(tx, "log.key", aw_hex(o->arena, cell.at, cell.len), err);
}

static enum aw_status
make_key(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct opening *o = arg;
	uint64_t name;

	if (read_key(tx, o, err) != AW_OK)
		return err->status;
	if (o->found) /* somebody was quicker */
		return AW_OK;
	randombytes_buf(&name, sizeof(name));
	(void)snprintf(
		o->key->origin, sizeof(o->key->origin), "anwang/%016llx", (unsigned long long)name);
	crypto_sign_keypair(o->key->public_key, o->key->secret);
	aw_note_verifier(
		o->key->origin, o->key->public_key, o->key->verifier, sizeof(o->key->verifier));
	return store_key(tx, o, err);
}

enum aw_status
aw_log_key_open(struct aw_db *db, struct aw_keyring *keyring, struct aw_ids *ids,
	struct aw_log_key *ret_key, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_log_key) key = { 0 };
	struct opening o = { .keyring = keyring, .ids = ids, .arena = &arena, .key = &key };

	if (sodium_init() < 0)
		return aw_fail(err, AW_INTERNAL, "libsodium does not start");
	if (aw_db_read(db, read_key, &o, err) != AW_OK)
		return err->status;
	if (!o.found && aw_db_write(db, make_key, &o, err) != AW_OK)
		return err->status;
	*ret_key = key;
	return AW_OK;
}
