/* fuzz/head - any bytes as what comes in on a connection: a head, then the chunks of its body. What is
 * read does not depend on how the bytes were cut into packets. */
#include <stdlib.h>
#include <string.h>

#include "net/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
within(struct aw_str part, struct aw_str whole)
{
	if (part.len > 0 && (part.at < whole.at || part.at + part.len > whole.at + whole.len))
		abort();
}

/* No byte that another program could take for an end of line, or for the end of a text. */
static void
one_line(struct aw_str part)
{
	for (size_t i = 0; i < part.len; i++) {
		if (part.at[i] == '\r' || part.at[i] == '\n' || part.at[i] == '\0')
			abort();
	}
}

static void
look_at(const struct aw_head *head, struct aw_str bytes)
{
	within(head->method, bytes);
	within(head->target, bytes);
	one_line(head->target);
	if (head->method.len == 0 || head->target.len == 0 || head->target.at[0] != '/' ||
		(head->chunked && head->length > 0) || head->field_count > AW_HEADERS_MOST)
		abort();
	for (size_t i = 0; i < head->field_count; i++) {
		within(head->fields[i].name, bytes);
		within(head->fields[i].value, bytes);
		one_line(head->fields[i].name);
		one_line(head->fields[i].value);
	}
	(void)aw_head_field(head, "content-length");
}

/* All of a chunked body, at most step bytes more at a time; false when it is refused. */
static bool
read_chunks(struct aw_str bytes, size_t step, struct aw_buf *ret_data, bool *ret_ended)
{
	struct aw_chunks chunks = { 0 };
	struct aw_refusal why = { 0 };
	size_t from = 0, to = 0;

	*ret_ended = false;
	while (to < bytes.len) {
		enum aw_head_state state = AW_HEAD_MORE;
		size_t used = 1;

		to = bytes.len - to < step ? bytes.len : to + step;
		while (state == AW_HEAD_MORE && used > 0 && from < to) {
			struct aw_str data = { 0 };

			used = 0;
			state = aw_chunks_read(&chunks,
				(struct aw_str){ bytes.at + from, to - from }, &data, &used, &why);
			if (state == AW_HEAD_BAD)
				return false;
			if (used > to - from)
				abort();
			within(data, bytes);
			aw_buf_str(ret_data, data);
			from += used;
		}
		if (state == AW_HEAD_WHOLE) {
			*ret_ended = true;
			return true;
		}
	}
	return true;
}

static void
body(struct aw_arena *arena, struct aw_str bytes)
{
	struct aw_buf at_once = { .arena = arena }, dribbled = { .arena = arena };
	bool ended_at_once, ended_dribbled;
	bool good = read_chunks(bytes, bytes.len, &at_once, &ended_at_once);

	/* a refusal ends the connection: how much came before it does not matter */
	if (read_chunks(bytes, 1, &dribbled, &ended_dribbled) != good)
		abort();
	if (good && (ended_at_once != ended_dribbled || at_once.len != dribbled.len ||
			    strcmp(aw_buf_z(&at_once), aw_buf_z(&dribbled)) != 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str bytes = { (const char *)data, size };
	struct aw_head head = { 0 }, again = { 0 };
	struct aw_refusal why = { 0 };
	size_t used = 0, used_again = 0;

	if (size > 0)
		body(&arena, bytes);
	switch (aw_head_read(&arena, bytes, true, &head, &used, &why)) {
	case AW_HEAD_MORE:
		return 0;
	case AW_HEAD_BAD:
		if (why.status < 400 || why.status > 505 || why.why == NULL)
			abort();
		return 0;
	case AW_HEAD_WHOLE:
		break;
	}
	if (used == 0 || used > size)
		abort();
	look_at(&head, bytes);
	if (aw_head_read(&arena, (struct aw_str){ bytes.at, used }, true, &again, &used_again,
		    &why) != AW_HEAD_WHOLE ||
		used_again != used || !aw_str_eq(head.target, again.target) ||
		aw_head_read(&arena, (struct aw_str){ bytes.at, used - 1 }, true, &again,
			&used_again, &why) != AW_HEAD_MORE)
		abort();
	if (head.chunked && used < size)
		body(&arena, (struct aw_str){ bytes.at + used, size - used });
	return 0;
}
