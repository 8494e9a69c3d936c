/* Bytes out of base64url. */
#include "base/base64.h"

#include <sodium.h>

bool
aw_base64url_read(struct aw_arena *arena, struct aw_str text, struct aw_str *ret_bytes)
{
	uint8_t *bytes = aw_arena_alloc(arena, text.len);
	size_t len = 0;

	if (text.len == 0 || sodium_base642bin(bytes, text.len, text.at, text.len, NULL, &len, NULL,
				     sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return false;
	*ret_bytes = (struct aw_str){ (const char *)bytes, len };
	return true;
}
