/* fuzz/json - any bytes as JSON: what is accepted is written as text that reads back the same. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	AW_SCOPED(json, json_t *) again = NULL;
	struct aw_str text = { (const char *)data, size };
	struct aw_error err = { 0 };
	const char *written;

	if (aw_json_parse(text, "fuzz", &json, &err) != AW_OK)
		return 0;
	if (!aw_utf8_valid(text))
		abort();
	written = aw_json_text(&arena, json);
	if (aw_json_parse(aw_str(written), NULL, &again, &err) != AW_OK ||
		strcmp(written, aw_json_text(&arena, again)) != 0)
		abort();
	(void)aw_json_pretty(&arena, json);
	return 0;
}
