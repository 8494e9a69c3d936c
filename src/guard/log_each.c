/* Goes through the log entry by entry, each with its subjects. */
#include <string.h>

#include "guard/guard.sql.h"
#include "guard/log.h"

/* An entry is given on when the next one begins. */
struct each {
	aw_log_fn *fn;
	void *arg;
	struct aw_arena arena;
	struct aw_log_entry entry;
	struct aw_log_subject *subjects;
	size_t count, room;
	bool open;
};

static enum aw_status
give(struct each *each, struct aw_error *err)
{
	enum aw_status status;

	if (!each->open)
		return AW_OK;
	each->open = false;
	each->entry.subjects = each->subjects;
	each->entry.subject_count = each->count;
	status = each->fn(&each->entry, each->arg, err);
	aw_arena_done(&each->arena);
	each->subjects = NULL;
	each->count = each->room = 0;
	return status;
}

static enum aw_status
begin(struct each *each, const struct sql_guard_log_scan *row, struct aw_error *err)
{
	struct aw_arena *arena = &each->arena;

	if (row->hash.len != AW_HASH_BYTES)
		return aw_fail(
			err, AW_CORRUPT, "leaf %lld of the log has no hash", (long long)row->leaf);
	each->entry = (struct aw_log_entry){ .leaf = row->leaf,
		.at = row->at,
		.account = row->account.known ? row->account.v : 0,
		.actor = aw_arena_strdup(arena, row->actor),
		.unit = aw_arena_strdup(arena, row->unit),
		.purpose = aw_arena_strdup(arena, row->purpose),
		.object = aw_arena_strdup(arena, row->object),
		.action = aw_arena_strdup(arena, row->action),
		.outcome = aw_arena_strdup(arena, row->outcome),
		.detail = aw_arena_strdup(arena, row->detail) };
	memcpy(each->entry.hash.at, row->hash.at, AW_HASH_BYTES);
	each->open = true;
	return AW_OK;
}

static enum aw_status
take_row(const struct sql_guard_log_scan *row, void *arg, struct aw_error *err)
{
	struct each *each = arg;

	if (!each->open || each->entry.leaf != row->leaf) {
		if (give(each, err) != AW_OK || begin(each, row, err) != AW_OK)
			return err->status;
	}
	if (row->person.known)
		*AW_PUSH(&each->arena, each->subjects, each->count, each->room) =
			(struct aw_log_subject){ row->person.v,
				aw_arena_strdup(&each->arena, row->number),
				aw_arena_strdup(&each->arena, row->classes) };
	return AW_OK;
}

enum aw_status
aw_log_each(struct aw_tx *tx, int64_t from, aw_log_fn *fn, void *arg, struct aw_error *err)
{
	struct each each = { .fn = fn, .arg = arg };
	enum aw_status status = sql_guard_log_scan(
		tx, &(struct sql_guard_log_scan_in){ .from_leaf = from }, take_row, &each, err);

	if (status == AW_OK)
		status = give(&each, err);
	aw_arena_done(&each.arena);
	return status;
}
