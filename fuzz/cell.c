/* fuzz/cell - any bytes as a sealed cell and as a wrapped key, forged with the right key and not. */
#include <stdlib.h>
#include <string.h>

#include "db/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEADER 10 /* version, algorithm, key id */
#define OVERHEAD (HEADER + AW_CRYPT_NONCE + AW_CRYPT_TAG)

static struct aw_keyring keyring = { .deployment = "fuzz" };
static const struct aw_key key = { .id = 7, .secret = { 1, 2, 3 } };
static const struct aw_place place = { .table = "t", .column = "c", .row = 5, .version = 1 };

/* The bytes as what stands inside a cell: sealed truly, padded however they are. */
static struct aw_bytes
forge(struct aw_arena *arena, const uint8_t *inside, size_t len)
{
	uint8_t *cell = aw_arena_alloc(arena, OVERHEAD + len + 1), context_hash[32];
	struct aw_context context;

	cell[0] = AW_CRYPT_VERSION;
	cell[1] = AW_CRYPT_XCHACHA20;
	aw_put_be(cell + 2, 8, (uint64_t)key.id);
	aw_context_start(&context, keyring.deployment);
	aw_context_text(&context, place.table);
	aw_context_text(&context, place.column);
	aw_context_number(&context, place.row);
	aw_context_number(&context, place.version);
	aw_context_number(&context, key.id);
	aw_context_end(&context, context_hash);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(cell + HEADER + AW_CRYPT_NONCE, NULL,
		inside, len, context_hash, sizeof(context_hash), NULL, cell + HEADER, key.secret);
	return (struct aw_bytes){ cell, OVERHEAD + len };
}

/* What was sealed opens at its place, and nowhere else, and not when a bit of it is another. */
static void
seal_and_harm(struct aw_arena *arena, struct aw_str text)
{
	struct aw_bytes cell = aw_seal(arena, &keyring, &key, place, text);
	uint8_t *harmed = aw_arena_memdup(arena, cell.at, cell.len);
	struct aw_place elsewhere = place;
	struct aw_error err = { 0 };
	struct aw_str opened;
	size_t at = (text.len * 31 + (text.len > 0 ? (uint8_t)text.at[0] : 0)) % cell.len;

	if (aw_unseal(arena, &keyring, &key, place, cell, &opened, &err) != AW_OK ||
		!aw_str_eq(opened, text))
		abort();
	elsewhere.row++;
	harmed[at] ^= (uint8_t)(1u << (text.len % 8));
	if (aw_unseal(arena, &keyring, &key, elsewhere, cell, &opened, &err) != AW_CORRUPT ||
		aw_unseal(arena, &keyring, &key, place, (struct aw_bytes){ harmed, cell.len },
			&opened, &err) != AW_CORRUPT)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_bytes bytes = { data, size };
	uint8_t context[32] = { 0 }, secret[AW_CRYPT_KEY];
	struct aw_error err = { 0 };
	struct aw_str opened;

	if (size > 4096 || sodium_init() < 0)
		return 0;
	if (aw_unseal(&arena, &keyring, &key, place, bytes, &opened, &err) == AW_OK)
		abort(); /* forged without the key */
	if (aw_unseal(&arena, &keyring, &key, place, forge(&arena, data, size), &opened, &err) ==
			AW_OK &&
		(opened.len >= size || memcmp(opened.at, data, opened.len) != 0 ||
			data[opened.len] != 0x80))
		abort();
	if (aw_unwrap_key(bytes, key.secret, context, secret))
		abort();
	seal_and_harm(&arena, (struct aw_str){ (const char *)data, size });
	return 0;
}
