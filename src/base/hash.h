/**
 * base/hash - SHA-256, and bytes nobody can guess.
 * Layer: base.  Threads: any.  Example: tests/base/test_hash.c
 */
#ifndef AW_BASE_HASH_H
#define AW_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define AW_SHA256_BYTES 32

/** SHA-256 (FIPS 180-4) of data, which may be NULL when len is 0. */
void aw_sha256(const void *data, size_t len, uint8_t ret_hash[AW_SHA256_BYTES]);
/** The same as 64 lower-case hexadecimal digits, in the arena. */
char *aw_sha256_hex(struct aw_arena *arena, const void *data, size_t len);
/** Random bytes, fit for secrets and codes: of the kernel's source, or seeded by it. */
void aw_random_bytes(void *ret_bytes, size_t len);

/** From here on libsodium's own generator, which the kernel seeds, draws the process's keys, nonces and
 *  ids: a report needs a dozen, and a call to the kernel for each is a twentieth of its cost. Once, in
 *  main, before anything is drawn. */
void aw_random_in_process(void);

#endif
