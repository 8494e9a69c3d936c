/**
 * db/crypt - the two primitives under seal and keyring: the associated data, and wrapped keys.
 * Layer: db, inside it alone.  Threads: pure.
 */
#ifndef AW_DB_CRYPT_H
#define AW_DB_CRYPT_H

#include <sodium.h>

#include "base/error.h"
#include "base/str.h"

#define AW_CRYPT_VERSION 1
#define AW_CRYPT_XCHACHA20 1 /* the algorithm byte; 2 is kept for AES-256-GCM */
#define AW_CRYPT_NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define AW_CRYPT_TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define AW_CRYPT_KEY crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define AW_CRYPT_WRAPPED (2 + AW_CRYPT_NONCE + AW_CRYPT_KEY + AW_CRYPT_TAG)

/* BLAKE2b-256 over length-prefixed parts, for associated data. The parts are names in the program
 * and numbers: together they never reach the size. */
struct aw_context {
	uint8_t at[256];
	size_t len;
};
void aw_context_start(struct aw_context *context, const char *deployment);
void aw_context_text(struct aw_context *context, const char *text);
void aw_context_number(struct aw_context *context, int64_t number);
void aw_context_end(struct aw_context *context, uint8_t out[32]);

/** Wraps a key: ver(1) alg(1) nonce ciphertext tag. */
void aw_wrap_key(const uint8_t secret[AW_CRYPT_KEY], const uint8_t under[AW_CRYPT_KEY],
	const uint8_t context[32], uint8_t out[AW_CRYPT_WRAPPED]);

/** False if it was not wrapped under this key for this context. */
bool aw_unwrap_key(struct aw_bytes wrapped, const uint8_t under[AW_CRYPT_KEY],
	const uint8_t context[32], uint8_t secret[AW_CRYPT_KEY]);

#endif
