/**
 * db/work - durable work items: what must still happen, surviving any crash.
 * Layer: db.  Threads: as the tx.  Example: tests/db/test_work.c
 *
 * An item is enqueued in the unit of work that makes it due. A picker reads what is due and runs
 * each item's use case in a unit of work that ends in aw_work_finish: the effect and its mark are
 * one commit, so that an item picked twice takes effect once (the second finish is AW_CONFLICT and
 * rolls its unit back). A failed item waits 10 s, 20 s, 40 s ... up to an hour and is given up
 * after its 8th attempt; an operator may set it waiting again. Times are one clock of the caller's;
 * an item from the future of that clock, which was wrong then or is now, does not wait for it.
 */
#ifndef AW_DB_WORK_H
#define AW_DB_WORK_H

#include "db/db.h"

#define AW_WORK_ATTEMPTS 8

struct aw_work_item {
	int64_t id;
	const char *kind;
	int64_t reference;
	const char *state; /* waiting, done, failed */
	int64_t due_at;
	int64_t attempts;	/* that failed */
	const char *last_error; /* NULL: none */
	int64_t created_at;
	struct aw_maybe finished_at;
};

struct aw_work_counts {
	int64_t waiting, done, failed;
};

/** Enqueues; id is the caller's (aw_id_next), kind a code, reference what it is about. */
AW_MUST_CHECK enum aw_status aw_work_enqueue(struct aw_tx *tx, int64_t id, const char *kind,
	int64_t reference, int64_t due_at, struct aw_error *err);

/** What is due, oldest first, at most at_most items. */
AW_MUST_CHECK enum aw_status aw_work_due(struct aw_tx *tx, struct aw_arena *arena, int64_t now_ms,
	int64_t at_most, struct aw_work_item **ret_items, size_t *ret_count, struct aw_error *err);

/** When the next waiting item is due; not known when nothing waits. */
AW_MUST_CHECK enum aw_status
aw_work_next_due(struct aw_tx *tx, struct aw_maybe *ret_due_at, struct aw_error *err);

/** Marks an item done. AW_CONFLICT: it is not waiting any more. */
AW_MUST_CHECK enum aw_status
aw_work_finish(struct aw_tx *tx, int64_t id, int64_t now_ms, struct aw_error *err);

/** Notes a failure (why: no personal data) and when to try again, or gives up. AW_CONFLICT: it is
 *  not waiting any more. *ret_given_up may be NULL. */
AW_MUST_CHECK enum aw_status aw_work_fail(struct aw_tx *tx, int64_t id, int64_t now_ms,
	const char *why, bool *ret_given_up, struct aw_error *err);

/** Tries again in 10 s and counts no attempt: it was not the item that failed but the surroundings (a
 *  full disk, a lock), and they may for long. AW_CONFLICT: it is not waiting any more. */
AW_MUST_CHECK enum aw_status aw_work_postpone(
	struct aw_tx *tx, int64_t id, int64_t now_ms, const char *why, struct aw_error *err);

/** Sets a given-up item waiting again, with all its attempts. AW_CONFLICT: it is not given up. */
AW_MUST_CHECK enum aw_status
aw_work_retry(struct aw_tx *tx, int64_t id, int64_t now_ms, struct aw_error *err);

/** Items of a state for the operator's page, newest first. */
AW_MUST_CHECK enum aw_status
aw_work_list(struct aw_tx *tx, struct aw_arena *arena, const char *state, int64_t at_most,
	struct aw_work_item **ret_items, size_t *ret_count, struct aw_error *err);

AW_MUST_CHECK enum aw_status
aw_work_counts(struct aw_tx *tx, struct aw_work_counts *ret_counts, struct aw_error *err);

/** Deletes items done before an instant. */
AW_MUST_CHECK enum aw_status
aw_work_forget(struct aw_tx *tx, int64_t before_ms, int64_t *ret_deleted, struct aw_error *err);

#endif
