/* What somebody typed, sealed so that it can stand in a URL. */
#include "guard/handle.h"

#include <sodium.h>
#include <string.h>

#include "base/hash.h"

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	TIME = 8,
	BLOCK = 64,
	PLAIN_MOST = (TIME + AW_HANDLE_TEXT_MOST + BLOCK) / BLOCK * BLOCK,
	BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

/* The time, the text, and zeros up to a whole block: at least one. */
static size_t
write_plain(uint8_t plain[PLAIN_MOST], const char *text, int64_t real_ms)
{
	memset(plain, 0, PLAIN_MOST);
	aw_put_be(plain, TIME, (uint64_t)real_ms);
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): zeros follow, up to the block */
	memcpy(plain + TIME, text, strlen(text));
	return (TIME + strlen(text) + BLOCK) / BLOCK * BLOCK;
}

enum aw_status
aw_handle_make(struct aw_arena *arena, const struct aw_session *session, const char *what,
	const char *text, int64_t real_ms, const char **ret_handle, struct aw_error *err)
{
	uint8_t plain[PLAIN_MOST], sealed[NONCE + PLAIN_MOST + TAG];
	size_t len;
	char *handle;

	if (strlen(text) > AW_HANDLE_TEXT_MOST)
		return aw_fail(err, AW_TOO_LARGE, "what was typed has more than %d bytes",
			AW_HANDLE_TEXT_MOST);
	len = write_plain(plain, text, real_ms);
	aw_random_bytes(sealed, NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, plain, len,
		(const uint8_t *)what, strlen(what), NULL, sealed, session->handle_key);
	len += NONCE + TAG;
	handle = aw_arena_alloc(arena, sodium_base64_encoded_len(len, BASE64));
	*ret_handle = sodium_bin2base64(
		handle, sodium_base64_encoded_len(len, BASE64), sealed, len, BASE64);
	return AW_OK;
}

const char *
aw_handle_open(struct aw_arena *arena, const struct aw_session *session, const char *what,
	const char *handle, int64_t real_ms)
{
	uint8_t plain[PLAIN_MOST], sealed[NONCE + PLAIN_MOST + TAG];
	unsigned long long plain_len = 0;
	int64_t made_ms;
	size_t len = 0;

	if (session == NULL ||
		sodium_base642bin(sealed, sizeof(sealed), handle, strlen(handle), NULL, &len, NULL,
			BASE64) != 0 ||
		len < NONCE + TAG + BLOCK ||
		crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &plain_len, NULL, sealed + NONCE,
			len - NONCE, (const uint8_t *)what, strlen(what), sealed,
			session->handle_key) != 0)
		return NULL;
	made_ms = (int64_t)aw_get_be(plain, TIME);
	if (real_ms - made_ms >= AW_HANDLE_LIMIT_MS || made_ms - real_ms > AW_MINUTE_MS)
		return NULL;
	return aw_arena_strndup(arena, (const char *)plain + TIME,
		strnlen((const char *)plain + TIME, (size_t)plain_len - TIME));
}
