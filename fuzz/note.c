/* Signed notes and verifier keys: whatever a witness file holds, reading it ends and stays in it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "guard/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char verifier[] =
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	char *text = malloc(size + 1);
	struct aw_str rest;
	struct aw_note_key key, typed;
	struct aw_note note;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	rest = (struct aw_str){ text, size };
	if (!aw_note_key_read(verifier, &key))
		abort();
	while (rest.len > 0) {
		size_t before = rest.len;

		if (aw_note_next(&rest, &key, &note) &&
			(note.text.at < text || note.text.at + note.text.len > text + size))
			abort();
		if (rest.len >= before || rest.at < text || rest.at + rest.len > text + size)
			abort(); /* it must move on */
	}
	(void)aw_note_key_read(text, &typed);
	free(text);
	return 0;
}
