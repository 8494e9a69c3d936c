/* The canonical bytes of a log entry: no two entries have the same. */
#include "guard/log_leaf.h"

#define FORM "anwang log entry 1\n"

static void
put_number(struct aw_buf *buf, uint64_t number, size_t bytes)
{
	uint8_t at[8];

	aw_put_be(at, bytes, number);
	aw_buf_add(buf, at, bytes);
}

static void
put_int(struct aw_buf *buf, int64_t number)
{
	put_number(buf, 8, 4);
	put_number(buf, (uint64_t)number, 8);
}

static void
put_text(struct aw_buf *buf, const char *text)
{
	struct aw_str str = aw_str(text);

	if (text == NULL) {
		put_number(buf, UINT32_MAX, 4);
		return;
	}
	put_number(buf, str.len, 4);
	aw_buf_str(buf, str);
}

void
aw_leaf_write(struct aw_buf *buf, const struct aw_log_entry *entry)
{
	aw_buf_text(buf, FORM);
	put_int(buf, entry->leaf);
	put_int(buf, entry->at);
	if (entry->account == 0)
		put_text(buf, NULL);
	else
		put_int(buf, entry->account);
	put_text(buf, entry->actor);
	put_text(buf, entry->unit);
	put_text(buf, entry->purpose);
	put_text(buf, entry->action);
	put_text(buf, entry->object);
	put_text(buf, entry->outcome);
	put_text(buf, entry->detail);
	put_number(buf, entry->subject_count, 8);
	for (size_t i = 0; i < entry->subject_count; i++) {
		put_int(buf, entry->subjects[i].person);
		put_text(buf, entry->subjects[i].classes);
	}
}

struct aw_hash
aw_leaf_hash(struct aw_arena *arena, const struct aw_log_entry *entry)
{
	struct aw_buf buf = { .arena = arena };

	aw_leaf_write(&buf, entry);
	return aw_tree_leaf(buf.at, buf.len);
}
