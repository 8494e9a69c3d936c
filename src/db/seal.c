/* Sealed cells. */
#include "db/seal.h"

#include <string.h>

#include "db/crypt.h"
#include "db/keys.h"

#define HEADER (1 + 1 + 8)
#define OVERHEAD (HEADER + AW_CRYPT_NONCE + AW_CRYPT_TAG)
#define FINE_STEP 32u
#define COARSE_STEP 256u

void
aw_key_done(struct aw_key *key)
{
	sodium_memzero(key, sizeof(*key));
}

static void
context_of(const struct aw_keyring *keyring, const struct aw_key *key, struct aw_place place,
	uint8_t out[32])
{
	struct aw_context context;

	aw_context_start(&context, keyring->deployment);
	aw_context_text(&context, place.table);
	aw_context_text(&context, place.column);
	aw_context_number(&context, place.row);
	aw_context_number(&context, place.version);
	aw_context_number(&context, key->id);
	aw_context_end(&context, out);
}

/* Steps of 32 bytes up to 256, then of 256; at least one byte of padding (ISO/IEC 7816-4). */
static size_t
padded_len(size_t len)
{
	size_t step = len + 1 <= COARSE_STEP ? FINE_STEP : COARSE_STEP;

	return (len / step + 1) * step;
}

struct aw_bytes
aw_seal(struct aw_arena *arena, struct aw_keyring *keyring, const struct aw_key *key,
	struct aw_place place, struct aw_str text)
{
	size_t len = padded_len(text.len);
	uint8_t *cell = aw_arena_alloc(arena, OVERHEAD + len);
	uint8_t *nonce = cell + HEADER, *body = nonce + AW_CRYPT_NONCE;
	uint8_t context[32];

	cell[0] = AW_CRYPT_VERSION;
	cell[1] = AW_CRYPT_XCHACHA20;
	aw_put_be(cell + 2, 8, (uint64_t)key->id);
	randombytes_buf(nonce, AW_CRYPT_NONCE);
	if (text.len != 0)
		memcpy(body, text.at, text.len);
	body[text.len] = 0x80; /* the rest is zeros: arenas give zeroed memory */
	context_of(keyring, key, place, context);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
		body, NULL, body, len, context, sizeof(context), NULL, nonce, key->secret);
	return (struct aw_bytes){ .at = cell, .len = OVERHEAD + len };
}

enum aw_status
aw_unseal(struct aw_arena *arena, struct aw_keyring *keyring, const struct aw_key *key,
	struct aw_place place, struct aw_bytes cell, struct aw_str *ret_text, struct aw_error *err)
{
	uint8_t context[32], *text;
	size_t len;

	if (cell.at == NULL || cell.len < OVERHEAD + FINE_STEP || cell.at[0] != AW_CRYPT_VERSION ||
		cell.at[1] != AW_CRYPT_XCHACHA20)
		return aw_fail(err, AW_CORRUPT, "%s.%s holds something that is not a sealed cell",
			place.table, place.column);
	if (aw_get_be(cell.at + 2, 8) != (uint64_t)key->id)
		return aw_fail(err, AW_CORRUPT, "%s.%s is sealed under another key", place.table,
			place.column);
	len = cell.len - OVERHEAD;
	text = aw_arena_alloc(arena, len + 1);
	context_of(keyring, key, place, context);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL,
		    cell.at + HEADER + AW_CRYPT_NONCE, len + AW_CRYPT_TAG, context, sizeof(context),
		    cell.at + HEADER, key->secret) != 0)
		return aw_fail(err, AW_CORRUPT,
			"%s.%s does not open: it was sealed elsewhere or changed", place.table,
			place.column);
	while (len > 0 && text[len - 1] == 0)
		len--;
	if (len == 0 || text[len - 1] != 0x80)
		return aw_fail(err, AW_CORRUPT, "%s.%s has no padding", place.table, place.column);
	text[--len] = '\0';
	*ret_text = (struct aw_str){ .at = (const char *)text, .len = len };
	return AW_OK;
}
