/**
 * db/seal - personal data at rest: keys in three steps, and sealed cells.
 * Layer: db.  Threads: a keyring is shared after aw_keyring_open.  Example: tests/db/test_seal.c
 *
 * root key (file or systemd credential, 32 bytes, never in the database or a backup)
 *   -> epoch key (random, wrapped by the root key, table epoch_key)
 *     -> data key of one holder (random, wrapped by its epoch key, table data_key)
 *       -> cells
 *     -> key of a row that lives a day at most (derived from its epoch key, stored nowhere)
 *       -> its cell.
 * A holder is whoever is erased as a whole: a person, a reporter, a report, a register record, an
 * account. Erasure destroys the holder's row in data_key; rotation re-wraps under a new epoch.
 *
 * Cell: ver(1) alg(1) key id(8, big-endian) nonce(24) ciphertext tag(16): XChaCha20-Poly1305
 * (libsodium). Text is padded with ISO/IEC 7816-4 to steps of 32 bytes up to 256, then of 256, so
 * that lengths tell little. Associated data: BLAKE2b-256 of the length-prefixed deployment id,
 * table, column, row id, row version and key id: a cell copied to another place does not open.
 */
#ifndef AW_DB_SEAL_H
#define AW_DB_SEAL_H

#include "db/db.h"

struct aw_keyring; /* opaque; secrets in guarded memory */

/* A data key ready for use. Wiped by aw_key_done. */
struct aw_key {
	int64_t id; /* 0 = none */
	uint8_t secret[32];
};
void aw_key_done(struct aw_key *key);

/* Where a cell stands. */
struct aw_place {
	const char *table;
	const char *column;
	int64_t row;
	int64_t version; /* row version, from 1 */
};

/** Makes a root key file, mode 0400. Errors: AW_CONFLICT if the file is there, AW_IO. */
AW_MUST_CHECK enum aw_status aw_root_key_make(const char *path, struct aw_error *err);

/**
 * Reads the root key at path (mode must not let group or others read) and opens the database's
 * epoch keys with it, or with PATH.new if it does not (a change of root that is not tidied up yet);
 * in a fresh database makes the first epoch. Errors: AW_NOT_FOUND, AW_DENIED (mode), AW_CORRUPT (this
 * key does not open this database).
 */
AW_MUST_CHECK enum aw_status aw_keyring_open(struct aw_db *db, const char *root_key_path,
	struct aw_keyring **ret_keyring, struct aw_error *err);
void aw_keyring_close(struct aw_keyring *keyring);

/** A new data key for a holder ("person", "report", ...), stored wrapped under the given id. */
AW_MUST_CHECK enum aw_status aw_key_make(struct aw_tx *tx, struct aw_keyring *keyring,
	int64_t key_id, const char *holder, struct aw_key *ret_key, struct aw_error *err);

/* A data key as it is stored: wrapped, so that nothing in it is secret. */
#define AW_KEY_WRAPPED 74
struct aw_key_row {
	int64_t id, epoch;
	uint8_t wrapped[AW_KEY_WRAPPED];
};

/** The same in two steps. A new data key that is not stored yet: before the unit of work that keeps it,
 *  on any thread. */
void aw_key_draw(struct aw_keyring *keyring, int64_t key_id, struct aw_key *ret_key,
	struct aw_key_row *ret_row);
/** ... and stores it; wrapped anew if another epoch has begun since. AW_BUSY: the one it was drawn
 *  under is destroyed already. */
AW_MUST_CHECK enum aw_status aw_key_keep(struct aw_tx *tx, struct aw_keyring *keyring,
	const struct aw_key_row *row, const char *holder, struct aw_error *err);

/**
 * A key that is not stored at all: derived from an epoch key (libsodium's KDF, BLAKE2b) for a row that
 * does not live longer than a day, so that no rotation has to carry it on. It ends with its epoch.
 * purpose: 8 characters, apart for each use. epoch 0: the current one, told in *ret_epoch (may be NULL).
 * AW_NOT_FOUND: the epoch was destroyed.
 */
AW_MUST_CHECK enum aw_status
aw_key_derive(struct aw_keyring *keyring, int64_t epoch, const char *purpose, int64_t key_id,
	struct aw_key *ret_key, int64_t *ret_epoch, struct aw_error *err);

/** Fetches and unwraps a data key. AW_NOT_FOUND = erased. */
AW_MUST_CHECK enum aw_status aw_key_get(struct aw_tx *tx, struct aw_keyring *keyring,
	int64_t key_id, struct aw_key *ret_key, struct aw_error *err);

/** Unwraps a data key whose row was already read (for scans that join data_key). */
AW_MUST_CHECK enum aw_status aw_key_unwrap(struct aw_keyring *keyring, int64_t key_id,
	int64_t epoch, struct aw_bytes wrapped, struct aw_key *ret_key, struct aw_error *err);

/** Destroys a data key: what it sealed never opens again. */
AW_MUST_CHECK enum aw_status aw_key_erase(struct aw_tx *tx, int64_t key_id, struct aw_error *err);

/** Seals text into a cell in the arena. */
struct aw_bytes aw_seal(struct aw_arena *arena, struct aw_keyring *keyring,
	const struct aw_key *key, struct aw_place place, struct aw_str text);

/** Opens a cell; NUL-terminated text in the arena. AW_CORRUPT when it does not belong here. */
AW_MUST_CHECK enum aw_status
aw_unseal(struct aw_arena *arena, struct aw_keyring *keyring, const struct aw_key *key,
	struct aw_place place, struct aw_bytes cell, struct aw_str *ret_text, struct aw_error *err);

#endif
