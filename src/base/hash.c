/* base/hash - libsodium's SHA-256 and random bytes. */
#include "base/hash.h"

#include <sodium.h>

#include "base/str.h"

_Static_assert(AW_SHA256_BYTES == crypto_hash_sha256_BYTES, "SHA-256 has 32 bytes");

void
aw_sha256(const void *data, size_t len, uint8_t ret_hash[AW_SHA256_BYTES])
{
	(void)crypto_hash_sha256(ret_hash, len != 0 ? data : (const void *)"", len);
}

char *
aw_sha256_hex(struct aw_arena *arena, const void *data, size_t len)
{
	uint8_t hash[AW_SHA256_BYTES];

	aw_sha256(data, len, hash);
	return aw_hex(arena, hash, sizeof(hash));
}

void
aw_random_bytes(void *ret_bytes, size_t len)
{
	randombytes_buf(ret_bytes, len);
}

void
aw_random_in_process(void)
{
	(void)randombytes_set_implementation(&randombytes_internal_implementation);
}
