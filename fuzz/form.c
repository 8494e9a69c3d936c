/* fuzz/form - any bytes as a query, a form body and a JSON body; what is read reads back the same. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "net/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
add_escaped(struct aw_buf *buf, const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		aw_buf_printf(buf, "%%%02X", (unsigned char)*c);
}

/* Every byte escaped, the pairs mean what they meant. */
static void
read_again(struct aw_arena *arena, const struct aw_form *form)
{
	struct aw_buf buf = { .arena = arena };
	struct aw_form again = { 0 };
	struct aw_error err = { 0 };

	for (size_t i = 0; i < form->count; i++) {
		add_escaped(&buf, form->values[i].name);
		aw_buf_char(&buf, '=');
		add_escaped(&buf, form->values[i].value);
		aw_buf_char(&buf, '&');
	}
	if (aw_form_read(arena, aw_str(aw_buf_z(&buf)), &again, &err) != AW_OK ||
		again.count != form->count)
		abort();
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->values[i].name, again.values[i].name) != 0 ||
			strcmp(form->values[i].value, again.values[i].value) != 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_str text = { (const char *)data, size };
	struct aw_form form = { 0 }, from_json = { 0 };
	struct aw_error err = { 0 };
	const char *decoded;

	if (aw_form_decode(&arena, text, false, &decoded, &err) == AW_OK &&
		!aw_utf8_valid(aw_str(decoded)))
		abort();
	if (aw_form_read(&arena, text, &form, &err) == AW_OK)
		read_again(&arena, &form);
	if (aw_json_parse(text, NULL, &json, &err) == AW_OK && json_is_object(json) &&
		aw_form_json(&arena, json, &from_json, &err) == AW_OK)
		read_again(&arena, &from_json);
	return 0;
}
