/* The canonical bytes of a log entry: no two entries have the same. */
#include "guard/log_leaf.h"

#define FORM "anwang log entry 1\n"

static void
put_number(struct aw_buf *buf, uint64_t number, size_t bytes)
{
	uint8_t at[8];

	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
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
aw_leaf_begin(struct aw_leaf *leaf, const struct aw_log_entry *entry)
{
	struct aw_buf *text = &leaf->text;

	text->len = leaf->subjects.len = 0;
	leaf->subject_count = 0;
	aw_buf_text(text, FORM);
	put_int(text, entry->leaf);
	put_int(text, entry->at);
	if (entry->account == 0)
		put_text(text, NULL);
	else
		put_int(text, entry->account);
	put_text(text, entry->actor);
	put_text(text, entry->unit);
	put_text(text, entry->purpose);
	put_text(text, entry->action);
	put_text(text, entry->object);
	put_text(text, entry->outcome);
	put_text(text, entry->detail);
}

void
aw_leaf_subject(struct aw_leaf *leaf, int64_t person, const char *classes)
{
	put_int(&leaf->subjects, person);
	put_text(&leaf->subjects, classes);
	leaf->subject_count++;
}

struct aw_hash
aw_leaf_hash(struct aw_leaf *leaf)
{
	put_number(&leaf->text, leaf->subject_count, 8);
	aw_buf_add(&leaf->text, leaf->subjects.at, leaf->subjects.len);
	return aw_tree_leaf(leaf->text.at, leaf->text.len);
}
