/**
 * db/keys - a keyring from the inside, shared by db/keyring.c, db/epochs.c, db/rotate.c and db/seal.c.
 * Layer: db, inside it alone.  Threads: lock guards what its comment says.
 */
#ifndef AW_DB_KEYS_H
#define AW_DB_KEYS_H

#include <pthread.h>

#include "db/crypt.h"
#include "db/seal.h"

#define AW_KEYRING_CHANGE "epoch_key" /* the kind that is noted for other servers */
#define AW_ROOT_NEXT ".new"	      /* behind the root key's path: the one that is next */
#define AW_EPOCHS_MAX 1024	      /* a rotation a month for 85 years */

struct aw_keyring {
	pthread_rwlock_t lock; /* guards count, numbers, secrets, rootless, and the root's bytes */
	char *path;	       /* of the root key's file */
	uint8_t *root;	       /* guarded memory, as is secrets */
	bool rootless;	  /* another server changed the root key, and the new one is not here */
	uint8_t *secrets; /* AW_EPOCHS_MAX x AW_CRYPT_KEY, as numbers, oldest first */
	int64_t numbers[AW_EPOCHS_MAX];
	size_t count;
	char deployment[33]; /* what every cell and wrapped key is bound to */
};

/** Guarded memory; ends the process when there is none. Freed by sodium_free. */
void *aw_guarded(size_t size);

/** Reads a root key file into 32 bytes, its mode checked. See aw_keyring_open for statuses. */
AW_MUST_CHECK enum aw_status
aw_root_key_read(const char *path, uint8_t *root, struct aw_error *err);

/** Where the secret of the epoch at a position stands. */
uint8_t *aw_epoch_secret(const struct aw_keyring *keyring, size_t index);

/** What an epoch key is wrapped for. */
void aw_epoch_context(const struct aw_keyring *keyring, int64_t epoch, uint8_t out[32]);

/** Makes an epoch key and stores it wrapped by the root; its secret goes to `secret`. */
AW_MUST_CHECK enum aw_status aw_epoch_insert(struct aw_tx *tx, const struct aw_keyring *keyring,
	int64_t epoch, uint8_t *secret, struct aw_error *err);

/** Reads and opens all epoch keys into a keyring that nobody else uses yet. AW_CORRUPT: neither the
 *  keyring's root key opens them nor what stands at its path now, or beside it. */
AW_MUST_CHECK enum aw_status aw_epochs_load(
	struct aw_tx *tx, struct aw_keyring *keyring, struct aw_arena *arena, struct aw_error *err);

/** An aw_change_fn: another server began an epoch, destroyed some, or changed the root key. */
AW_MUST_CHECK enum aw_status
aw_epochs_changed(struct aw_tx *tx, int64_t epoch, void *keyring, struct aw_error *err);

/** Wraps a data key under the current epoch. */
void aw_key_wrap(struct aw_keyring *keyring, int64_t key_id, const uint8_t *secret,
	int64_t *ret_epoch, uint8_t out[AW_CRYPT_WRAPPED]);

#endif
