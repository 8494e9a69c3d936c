/**
 * db/keys - what db/seal.c needs of a keyring beside its public face.
 * Layer: db, inside it alone.  Threads: any.
 */
#ifndef AW_DB_KEYS_H
#define AW_DB_KEYS_H

#include "db/seal.h"

/** The deployment id that every cell is bound to. Borrowed for the keyring's life. */
const char *aw_keyring_deployment(const struct aw_keyring *keyring);

#endif
