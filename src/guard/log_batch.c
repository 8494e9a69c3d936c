/* Reads the log in pieces. Entries and their subjects are two scans of a range of leaves and merged
 * here: a join looks each entry's subjects up on their own, which takes twice the time. */
#include "guard/log_batch.h"

#include <string.h>

#include "guard/guard.sql.h"
#include "guard/log_leaf.h"

/* A subject with the leaf it says it belongs to; its classes lie in a buffer that still moves. */
struct belongs {
	int64_t leaf, person;
	size_t classes;
};

struct aw_log_reading {
	struct aw_log_batch *batch;
	struct belongs *subjects;
	size_t count, room, next; /* next: the first that no entry took */
	struct aw_buf texts;
	struct aw_log_subject *taken; /* of one entry */
	size_t taken_room;
};

void
aw_log_batch_done(struct aw_log_batch *batch)
{
	aw_arena_done(&batch->arena);
	*batch = (struct aw_log_batch){ 0 };
}

enum aw_status
aw_log_span(struct aw_tx *tx, struct aw_arena *arena, struct aw_log_span *ret_span,
	struct aw_error *err)
{
	struct sql_guard_log_edges row = { 0 };
	bool found = false;

	if (sql_guard_log_edges(tx, arena, &row, &found, err) != AW_OK)
		return err->status;
	*ret_span = (struct aw_log_span){
		.first = row.first.known ? row.first.v : 0,
		.last = row.last.known ? row.last.v : -1,
		.first_subject = row.first_subject.known ? row.first_subject.v : 0,
		.last_subject = row.last_subject.known ? row.last_subject.v : -1,
	};
	return AW_OK;
}

static enum aw_status
take_subject(const struct sql_guard_log_row_subjects *row, void *arg, struct aw_error *err)
{
	struct aw_log_reading *r = arg;

	(void)err;
	*AW_PUSH(&r->batch->arena, r->subjects, r->count, r->room) =
		(struct belongs){ row->leaf, row->person, r->texts.len };
	aw_buf_add(&r->texts, row->classes, strlen(row->classes) + 1);
	return AW_OK;
}

static void
stray(struct aw_log_reading *r)
{
	if (r->batch->stray < 0)
		r->batch->stray = r->subjects[r->next].leaf;
	r->next++;
}

/* The subjects of a leaf, which are the next ones; what stands before them belongs to nobody. */
static void
give_subjects(struct aw_log_reading *r, struct aw_log_entry *entry)
{
	size_t count = 0;

	while (r->next < r->count && r->subjects[r->next].leaf < entry->leaf)
		stray(r);
	for (; r->next < r->count && r->subjects[r->next].leaf == entry->leaf; r->next++)
		*AW_PUSH(&r->batch->arena, r->taken, count, r->taken_room) =
			(struct aw_log_subject){ .person = r->subjects[r->next].person,
				.classes =
					(const char *)r->texts.at + r->subjects[r->next].classes };
	entry->subjects = r->taken;
	entry->subject_count = count;
}

static enum aw_status
take_row(const struct sql_guard_log_rows *row, void *arg, struct aw_error *err)
{
	struct aw_log_reading *r = arg;
	struct aw_log_batch *batch = r->batch;
	struct aw_log_entry entry = { .leaf = row->leaf,
		.at = row->at,
		.account = row->account.known ? row->account.v : 0,
		.actor = row->actor,
		.unit = row->unit,
		.purpose = row->purpose,
		.action = row->action,
		.object = row->object,
		.outcome = row->outcome,
		.detail = row->detail };
	struct aw_hash *stored = &batch->stored[batch->count];

	(void)err;
	batch->gap = batch->gap || row->leaf != batch->first + (int64_t)batch->count;
	if (batch->gap)
		return AW_OK;
	give_subjects(r, &entry);
	aw_leaf_write(&batch->bytes, &entry);
	batch->ends[batch->count++] = batch->bytes.len;
	*stored = (struct aw_hash){ 0 };
	if (row->hash.len == AW_HASH_BYTES)
		memcpy(stored->at, row->hash.at, AW_HASH_BYTES);
	return AW_OK;
}

static struct aw_log_reading *
begin(struct aw_log_batch *batch)
{
	struct aw_log_reading *r = batch->reading;

	if (r == NULL) {
		r = batch->reading = AW_NEW(&batch->arena, struct aw_log_reading);
		r->batch = batch;
		r->texts.arena = batch->bytes.arena = &batch->arena;
	}
	r->count = r->next = r->texts.len = 0;
	return r;
}

enum aw_status
aw_log_batch_read(struct aw_tx *tx, struct aw_log_batch *batch, int64_t first, int64_t last,
	struct aw_error *err)
{
	int64_t to = last - first < AW_BATCH_LEAVES ? last + 1 : first + AW_BATCH_LEAVES;
	struct aw_log_reading *r = begin(batch);

	batch->first = first;
	batch->count = batch->bytes.len = 0;
	batch->stray = -1;
	batch->gap = false;
	if (sql_guard_log_row_subjects(tx,
		    &(struct sql_guard_log_row_subjects_in){ .from_leaf = first, .to_leaf = to },
		    take_subject, r, err) != AW_OK ||
		sql_guard_log_rows(tx,
			&(struct sql_guard_log_rows_in){ .from_leaf = first, .to_leaf = to },
			take_row, r, err) != AW_OK)
		return err->status;
	batch->gap = batch->gap || first + (int64_t)batch->count < to;
	while (r->next < r->count)
		stray(r);
	return AW_OK;
}
