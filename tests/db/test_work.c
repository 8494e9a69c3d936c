/* Work items are done once, tried again with growing waits, given up, and set waiting again. */
#include "base/clock.h"
#include "db/setting.h"
#include "db/work.h"
#include "testdb.h"

struct job {
	int64_t id, now_ms;
	bool given_up, also_fail;
	struct aw_arena arena;
	struct aw_work_item *items;
	size_t count;
	struct aw_maybe next;
	struct aw_work_counts counts;
	int64_t forgotten;
};

static enum aw_status
enqueue(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct job *job = arg;

	if (aw_work_enqueue(tx, job->id, "screen_report", 70 + job->id, job->now_ms, err) != AW_OK)
		return err->status;
	return job->also_fail ? aw_fail(err, AW_INVALID, "rolled back") : AW_OK;
}

static enum aw_status
look(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	if (aw_work_due(tx, &job->arena, job->now_ms, 10, &job->items, &job->count, err) != AW_OK ||
		aw_work_next_due(tx, &job->next, err) != AW_OK)
		return err->status;
	return aw_work_counts(tx, &job->counts, err);
}

/* The effect of an item and its mark, in one unit. */
static enum aw_status
run_item(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct job *job = arg;
	int64_t count = 0;

	if (aw_counter_next(tx, "effect", 1, &count, err) != AW_OK)
		return err->status;
	return aw_work_finish(tx, job->id, job->now_ms, err);
}

static enum aw_status
fail_item(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	return aw_work_fail(tx, job->id, job->now_ms, "no policy", &job->given_up, err);
}

static enum aw_status
postpone_item(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct job *job = arg;

	return aw_work_postpone(tx, job->id, job->now_ms, "the disk is full", err);
}

static enum aw_status
retry_item(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct job *job = arg;

	return aw_work_retry(tx, job->id, job->now_ms, err);
}

static enum aw_status
list_failed(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	return aw_work_list(tx, &job->arena, "failed", 10, &job->items, &job->count, err);
}

static enum aw_status
forget(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	return aw_work_forget(tx, job->now_ms, &job->forgotten, err);
}

static enum aw_status
count_effects(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	int64_t *count = arg;

	return aw_counter_next(tx, "effect", 1, count, err);
}

static void
an_item_is_there_only_if_its_unit_committed_and_due_ones_come_oldest_first(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };
	struct job job = { .now_ms = 100 };

	for (job.id = 5; job.id > 0; job.id--) {
		job.also_fail = job.id == 3;
		assert_int_equal(aw_db_write(t->db, enqueue, &job, &err),
			job.also_fail ? AW_INVALID : AW_OK);
		job.now_ms += 100;
	}
	job.now_ms = 250; /* a clock that went back: what was made after it does not wait for it */
	assert_ok(aw_db_read(t->db, look, &job, &err));
	assert_int_equal(job.count, 4);
	assert_int_equal(job.items[0].id, 5);
	assert_int_equal(job.items[0].reference, 75);
	assert_string_equal(job.items[0].kind, "screen_report");
	assert_int_equal(job.items[1].id, 4);
	assert_int_equal(job.items[3].id, 1);
	assert_true(job.next.known);
	assert_int_equal(job.next.v, 100);
	assert_int_equal(job.counts.waiting, 4);
	aw_arena_done(&job.arena);
}

static void
an_item_picked_twice_takes_effect_once(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };
	struct job job = { .id = 1, .now_ms = 100 };
	int64_t count = 0;

	assert_ok(aw_db_write(t->db, enqueue, &job, &err));
	assert_ok(aw_db_write(t->db, run_item, &job, &err));
	assert_fails(aw_db_write(t->db, run_item, &job, &err), AW_CONFLICT, "not waiting any more");
	assert_ok(aw_db_write(t->db, count_effects, &count, &err));
	assert_int_equal(count, 2); /* one effect, and this count itself */
	assert_ok(aw_db_read(t->db, look, &job, &err));
	assert_int_equal(job.counts.done, 1);
	assert_false(job.next.known);
	job.now_ms = 101;
	assert_ok(aw_db_write(t->db, forget, &job, &err));
	assert_int_equal(job.forgotten, 1);
	aw_arena_done(&job.arena);
}

static void
a_failing_item_waits_longer_each_time_and_is_given_up(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };
	struct job job = { .id = 1, .now_ms = 1000 };
	int64_t wait = 10 * AW_SECOND_MS;

	assert_ok(aw_db_write(t->db, enqueue, &job, &err));
	for (int attempt = 1; attempt < AW_WORK_ATTEMPTS; attempt++) {
		assert_ok(aw_db_write(t->db, fail_item, &job, &err));
		assert_false(job.given_up);
		assert_ok(aw_db_read(t->db, look, &job, &err));
		assert_int_equal(job.next.v, job.now_ms + wait);
		assert_int_equal(job.count, 0); /* not before its time */
		job.now_ms += wait;
		wait = wait * 2 < AW_HOUR_MS ? wait * 2 : AW_HOUR_MS;
	}
	assert_ok(aw_db_write(t->db, fail_item, &job, &err));
	assert_true(job.given_up);
	assert_ok(aw_db_read(t->db, list_failed, &job, &err));
	assert_int_equal(job.count, 1);
	assert_string_equal(job.items[0].last_error, "no policy");
	assert_int_equal(job.items[0].attempts, AW_WORK_ATTEMPTS);
	assert_fails(aw_db_write(t->db, fail_item, &job, &err), AW_CONFLICT, "not waiting");
	assert_ok(aw_db_write(t->db, retry_item, &job, &err));
	assert_fails(aw_db_write(t->db, retry_item, &job, &err), AW_CONFLICT, "not given up");
	assert_ok(aw_db_read(t->db, look, &job, &err));
	assert_int_equal(job.count, 1);
	assert_int_equal(job.items[0].attempts, 0);
	aw_arena_done(&job.arena);
}

static void
a_postponed_item_waits_and_keeps_its_attempts(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };
	struct job job = { .id = 1, .now_ms = 1000 };

	assert_ok(aw_db_write(t->db, enqueue, &job, &err));
	for (int i = 0; i < 3 * AW_WORK_ATTEMPTS; i++) {
		assert_ok(aw_db_write(t->db, postpone_item, &job, &err));
		assert_ok(aw_db_read(t->db, look, &job, &err));
		assert_int_equal(job.count, 0);
		job.now_ms += 10 * AW_SECOND_MS;
	}
	assert_ok(aw_db_read(t->db, look, &job, &err));
	assert_int_equal(job.count, 1);
	assert_int_equal(job.items[0].attempts, 0);
	assert_ok(aw_db_write(t->db, run_item, &job, &err));
	assert_fails(aw_db_write(t->db, postpone_item, &job, &err), AW_CONFLICT, "not waiting");
	aw_arena_done(&job.arena);
}

static void
a_failure_of_an_unknown_item_is_a_conflict(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };
	struct job job = { .id = 77, .now_ms = 1000 };

	assert_fails(aw_db_write(t->db, fail_item, &job, &err), AW_CONFLICT, "not waiting");
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, testdb_setup, testdb_teardown)
AW_TESTS(WITH_DB(an_item_is_there_only_if_its_unit_committed_and_due_ones_come_oldest_first),
	WITH_DB(an_item_picked_twice_takes_effect_once),
	WITH_DB(a_failing_item_waits_longer_each_time_and_is_given_up),
	WITH_DB(a_postponed_item_waits_and_keeps_its_attempts),
	WITH_DB(a_failure_of_an_unknown_item_is_a_conflict))
