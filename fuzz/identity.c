/* fuzz/identity - any bytes as a person's cell and as a reported person. */
#include <stdlib.h>

#include "city/person/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_str text = { (const char *)data, size };
	struct aw_identity identity, again;
	struct aw_error err = { 0 };
	uint32_t doubts;

	if (aw_identity_unpack(&arena, text, &identity, &err) == AW_OK) {
		struct aw_str packed = aw_identity_pack(&arena, &identity);

		if (aw_identity_unpack(&arena, packed, &again, &err) != AW_OK ||
			!aw_str_eq(packed, aw_identity_pack(&arena, &again)))
			abort();
	}
	if (aw_json_parse(text, NULL, &json, &err) == AW_OK) {
		struct aw_str packed;

		aw_identity_from_json(&arena, json, false, &identity, &doubts);
		packed = aw_identity_pack(&arena, &identity);
		if (aw_identity_unpack(&arena, packed, &again, &err) != AW_OK)
			abort();
	}
	return 0;
}
