/* Work items over their table. */
#include "db/work.h"

#include <string.h>

#include "base/clock.h"
#include "db/db.sql.h"

#define FIRST_WAIT_MS (10 * AW_SECOND_MS)

enum aw_status
aw_work_enqueue(struct aw_tx *tx, int64_t id, const char *kind, int64_t reference, int64_t due_at,
	struct aw_error *err)
{
	return sql_work_insert(tx,
		&(struct sql_work_insert_in){ .id = id,
			.kind = kind,
			.reference = reference,
			.due_at = due_at,
			.created_at = due_at },
		err);
}

enum aw_status
aw_work_due(struct aw_tx *tx, struct aw_arena *arena, int64_t now_ms, int64_t at_most,
	struct aw_work_item **ret_items, size_t *ret_count, struct aw_error *err)
{
	struct sql_work_due *rows = NULL;
	struct aw_work_item *items;
	size_t count = 0;

	if (sql_work_due(tx, &(struct sql_work_due_in){ .now_ms = now_ms, .at_most = at_most },
		    arena, &rows, &count, err) != AW_OK)
		return err->status;
	items = AW_NEW_ARRAY(arena, struct aw_work_item, count);
	for (size_t i = 0; i < count; i++)
		items[i] = (struct aw_work_item){ .id = rows[i].id,
			.kind = rows[i].kind,
			.reference = rows[i].reference,
			.state = "waiting",
			.due_at = rows[i].due_at,
			.attempts = rows[i].attempts,
			.created_at = rows[i].created_at };
	*ret_items = items;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_work_next_due(struct aw_tx *tx, struct aw_maybe *ret_due_at, struct aw_error *err)
{
	struct aw_arena arena = { 0 };
	struct sql_work_next_due row = { 0 };
	bool found = false;
	enum aw_status status = sql_work_next_due(tx, &arena, &row, &found, err);

	aw_arena_done(&arena);
	if (status == AW_OK)
		*ret_due_at = found ? AW_KNOWN(row.due_at) : AW_UNKNOWN;
	return status;
}

static enum aw_status
one_changed(int64_t changed, const char *what, struct aw_error *err)
{
	return changed == 1 ? AW_OK : aw_fail(err, AW_CONFLICT, "%s", what);
}

enum aw_status
aw_work_finish(struct aw_tx *tx, int64_t id, int64_t now_ms, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_work_finish(tx, &(struct sql_work_finish_in){ .id = id, .finished_at = now_ms },
		    &changed, err) != AW_OK)
		return err->status;
	return one_changed(changed, "the work item is not waiting any more", err);
}

static int64_t
wait_ms(int64_t attempts)
{
	int64_t wait = FIRST_WAIT_MS;

	for (int64_t i = 1; i < attempts && wait < AW_HOUR_MS; i++)
		wait *= 2;
	return wait < AW_HOUR_MS ? wait : AW_HOUR_MS;
}

enum aw_status
aw_work_fail(struct aw_tx *tx, int64_t id, int64_t now_ms, const char *why, bool *ret_given_up,
	struct aw_error *err)
{
	struct aw_arena arena = { 0 };
	struct sql_work_get row = { 0 };
	bool found = false, given_up;
	int64_t changed = 0, attempts;
	enum aw_status status =
		sql_work_get(tx, &(struct sql_work_get_in){ .id = id }, &arena, &row, &found, err);

	attempts = row.attempts + 1;
	given_up = attempts >= AW_WORK_ATTEMPTS;
	if (status == AW_OK && found)
		status = sql_work_fail(tx,
			&(struct sql_work_fail_in){ .id = id,
				.state = given_up ? "failed" : "waiting",
				.attempts = attempts,
				.due_at = given_up ? row.due_at : now_ms + wait_ms(attempts),
				.last_error = why,
				.finished_at = given_up ? AW_KNOWN(now_ms) : AW_UNKNOWN },
			&changed, err);
	aw_arena_done(&arena);
	if (status != AW_OK)
		return status;
	if (one_changed(changed, "the work item is not waiting any more", err) != AW_OK)
		return err->status;
	if (ret_given_up != NULL)
		*ret_given_up = given_up;
	return AW_OK;
}

enum aw_status
aw_work_postpone(
	struct aw_tx *tx, int64_t id, int64_t now_ms, const char *why, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_work_postpone(tx,
		    &(struct sql_work_postpone_in){
			    .id = id, .due_at = now_ms + FIRST_WAIT_MS, .last_error = why },
		    &changed, err) != AW_OK)
		return err->status;
	return one_changed(changed, "the work item is not waiting any more", err);
}

enum aw_status
aw_work_retry(struct aw_tx *tx, int64_t id, int64_t now_ms, struct aw_error *err)
{
	int64_t changed = 0;

	if (sql_work_retry(tx, &(struct sql_work_retry_in){ .id = id, .due_at = now_ms }, &changed,
		    err) != AW_OK)
		return err->status;
	return one_changed(changed, "the work item was not given up", err);
}

enum aw_status
aw_work_list(struct aw_tx *tx, struct aw_arena *arena, const char *state, int64_t at_most,
	struct aw_work_item **ret_items, size_t *ret_count, struct aw_error *err)
{
	struct sql_work_list *rows = NULL;
	struct aw_work_item *items;
	size_t count = 0;

	if (sql_work_list(tx, &(struct sql_work_list_in){ .state = state, .at_most = at_most },
		    arena, &rows, &count, err) != AW_OK)
		return err->status;
	items = AW_NEW_ARRAY(arena, struct aw_work_item, count);
	for (size_t i = 0; i < count; i++)
		items[i] = (struct aw_work_item){ .id = rows[i].id,
			.kind = rows[i].kind,
			.reference = rows[i].reference,
			.state = rows[i].state,
			.due_at = rows[i].due_at,
			.attempts = rows[i].attempts,
			.last_error = rows[i].last_error,
			.created_at = rows[i].created_at,
			.finished_at = rows[i].finished_at };
	*ret_items = items;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_work_counts(struct aw_tx *tx, struct aw_work_counts *ret_counts, struct aw_error *err)
{
	struct aw_arena arena = { 0 };
	struct sql_work_count *rows = NULL;
	struct aw_work_counts counts = { 0 };
	size_t count = 0;
	enum aw_status status = sql_work_count(tx, &arena, &rows, &count, err);

	for (size_t i = 0; status == AW_OK && i < count; i++) {
		if (strcmp(rows[i].state, "waiting") == 0)
			counts.waiting = rows[i].count;
		else if (strcmp(rows[i].state, "done") == 0)
			counts.done = rows[i].count;
		else if (strcmp(rows[i].state, "failed") == 0)
			counts.failed = rows[i].count;
		else
			status = aw_fail(err, AW_CORRUPT, "a work item has an unknown state");
	}
	aw_arena_done(&arena);
	if (status == AW_OK)
		*ret_counts = counts;
	return status;
}

enum aw_status
aw_work_forget(struct aw_tx *tx, int64_t before_ms, int64_t *ret_deleted, struct aw_error *err)
{
	return sql_work_forget(
		tx, &(struct sql_work_forget_in){ .before = before_ms }, ret_deleted, err);
}
