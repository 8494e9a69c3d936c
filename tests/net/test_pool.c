/* A few threads and a bounded queue of jobs. */
#include "net/pool.h"

#include <stdatomic.h>
#include <unistd.h>

#include "../testing.h"

static void
count_up(void *job)
{
	atomic_fetch_add((atomic_int *)job, 1);
}

static void
wait_a_little(void *job)
{
	(void)usleep(100 * 1000);
	count_up(job);
}

static void
every_job_that_was_taken_runs_before_the_end(void **state)
{
	struct aw_pool *pool = NULL;
	struct aw_error err = { 0 };
	atomic_int done = 0;
	int taken = 0;

	(void)state;
	assert_ok(aw_pool_start(3, 100, &pool, &err));
	for (int i = 0; i < 2000; i++)
		taken += aw_pool_push(pool, count_up, &done);
	aw_pool_end(pool);
	assert_true(taken >= 100);
	assert_int_equal(atomic_load(&done), taken);
}

static void
a_full_queue_takes_nothing(void **state)
{
	struct aw_pool *pool = NULL;
	struct aw_error err = { 0 };
	atomic_int done = 0;
	int taken = 0;

	(void)state;
	assert_ok(aw_pool_start(1, 2, &pool, &err));
	for (int i = 0; i < 10; i++)
		taken += aw_pool_push(pool, wait_a_little, &done);
	assert_in_range(taken, 2, 3);
	aw_pool_drain(pool);
	assert_int_equal(atomic_load(&done), taken);
	assert_false(aw_pool_push(pool, count_up, &done));
	aw_pool_end(pool);
	aw_pool_end(NULL);
}

AW_TESTS(cmocka_unit_test(every_job_that_was_taken_runs_before_the_end),
	cmocka_unit_test(a_full_queue_takes_nothing))
