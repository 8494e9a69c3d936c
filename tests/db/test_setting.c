/* Settings are one value a name; counters never give a number twice. */
#include "db/setting.h"
#include "testdb.h"

struct job {
	const char *name, *value;
	struct aw_arena arena;
	int32_t day;
	int64_t count;
	bool undo;
};

static enum aw_status
put(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct job *job = arg;

	return aw_setting_put(tx, job->name, job->value, err);
}

static enum aw_status
get(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	return aw_setting_get(tx, &job->arena, job->name, &job->value, err);
}

static enum aw_status
next(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct job *job = arg;

	if (aw_counter_next(tx, job->name, job->day, &job->count, err) != AW_OK)
		return err->status;
	return job->undo ? aw_fail(err, AW_INVALID, "undone") : AW_OK;
}

static void
a_setting_is_put_replaced_and_forgotten(void **state)
{
	struct testdb *t = *state;
	struct job job = { .name = "city", .value = "C" };
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(t->db, put, &job, &err));
	job.value = "基隆";
	assert_ok(aw_db_write(t->db, put, &job, &err));
	job.value = NULL;
	assert_ok(aw_db_read(t->db, get, &job, &err));
	assert_string_equal(job.value, "基隆");
	job.value = NULL;
	assert_ok(aw_db_write(t->db, put, &job, &err));
	assert_ok(aw_db_read(t->db, get, &job, &err));
	assert_null(job.value);
	aw_arena_done(&job.arena);
}

static void
a_counter_counts_a_day_from_one_and_without_gaps_after_a_roll_back(void **state)
{
	struct testdb *t = *state;
	struct job job = { .name = "R", .day = 18600 };
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(t->db, next, &job, &err));
	assert_int_equal(job.count, 1);
	job.undo = true;
	assert_int_equal(aw_db_write(t->db, next, &job, &err), AW_INVALID);
	job.undo = false;
	assert_ok(aw_db_write(t->db, next, &job, &err));
	assert_int_equal(job.count, 2);
	job.day = 18601;
	assert_ok(aw_db_write(t->db, next, &job, &err));
	assert_int_equal(job.count, 1);
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, testdb_setup, testdb_teardown)
AW_TESTS(WITH_DB(a_setting_is_put_replaced_and_forgotten),
	WITH_DB(a_counter_counts_a_day_from_one_and_without_gaps_after_a_roll_back))
