/* Associated data and wrapped keys, on libsodium. */
#include "db/crypt.h"

#include <string.h>

static void
add(struct aw_context *context, const void *data, size_t len)
{
	if (len > sizeof(context->at) - context->len)
		aw_die("the names of a sealed cell are too long");
	memcpy(context->at + context->len, data, len);
	context->len += len;
}

void
aw_context_start(struct aw_context *context, const char *deployment)
{
	context->len = 0;
	aw_context_text(context, deployment);
}

void
aw_context_text(struct aw_context *context, const char *text)
{
	size_t len = strlen(text);

	aw_context_number(context, (int64_t)len);
	add(context, text, len);
}

void
aw_context_number(struct aw_context *context, int64_t number)
{
	uint8_t bytes[8];

	aw_put_be(bytes, 8, (uint64_t)number);
	add(context, bytes, sizeof(bytes));
}

void
aw_context_end(struct aw_context *context, uint8_t out[32])
{
	(void)crypto_generichash(out, 32, context->at, context->len, NULL, 0);
}

void
aw_wrap_key(const uint8_t secret[AW_CRYPT_KEY], const uint8_t under[AW_CRYPT_KEY],
	const uint8_t context[32], uint8_t out[AW_CRYPT_WRAPPED])
{
	out[0] = AW_CRYPT_VERSION;
	out[1] = AW_CRYPT_XCHACHA20;
	randombytes_buf(out + 2, AW_CRYPT_NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + 2 + AW_CRYPT_NONCE, NULL, secret,
		AW_CRYPT_KEY, context, 32, NULL, out + 2, under);
}

bool
aw_unwrap_key(struct aw_bytes wrapped, const uint8_t under[AW_CRYPT_KEY], const uint8_t context[32],
	uint8_t secret[AW_CRYPT_KEY])
{
	if (wrapped.len != AW_CRYPT_WRAPPED || wrapped.at[0] != AW_CRYPT_VERSION ||
		wrapped.at[1] != AW_CRYPT_XCHACHA20)
		return false;
	return crypto_aead_xchacha20poly1305_ietf_decrypt(secret, NULL, NULL,
		       wrapped.at + 2 + AW_CRYPT_NONCE, AW_CRYPT_KEY + AW_CRYPT_TAG, context, 32,
		       wrapped.at + 2, under) == 0;
}
