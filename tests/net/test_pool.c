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

/* Two wait for what a third does, in a pool where two run at once. */
struct relay {
	atomic_bool steps_aside, there, gave_up;
};

static void
wait_for_it(void *job)
{
	struct relay *relay = job;
	bool aside = atomic_load(&relay->steps_aside);

	if (aside)
		aw_pool_waits(true);
	for (int i = 0; i < 200 && !atomic_load(&relay->there); i++)
		(void)usleep(5000);
	if (!atomic_load(&relay->there))
		atomic_store(&relay->gave_up, true);
	if (aside)
		aw_pool_waits(false);
}

static void
make_it(void *job)
{
	struct relay *relay = job;

	atomic_store(&relay->there, true);
}

static void
relay_run(struct relay *relay)
{
	struct aw_pool *pool = NULL;
	struct aw_error err = { 0 };

	assert_ok(aw_pool_start(2, 10, &pool, &err));
	for (int i = 0; i < 4; i++)
		assert_true(aw_pool_push(pool, wait_for_it, relay));
	/* all who wait have begun, or never will before one of them gives up */
	(void)usleep(100 * 1000);
	assert_true(aw_pool_push(pool, make_it, relay));
	aw_pool_drain(pool);
	aw_pool_end(pool);
}

static void
who_waits_gives_its_place_to_another(void **state)
{
	struct relay relay = { .steps_aside = true }, control = { .steps_aside = false };

	(void)state;
	aw_pool_waits(true); /* no thread of a pool: nothing happens */
	relay_run(&relay);
	assert_false(atomic_load(&relay.gave_up));
	relay_run(&control);
	assert_true(atomic_load(&control.gave_up));
}

AW_TESTS(cmocka_unit_test(every_job_that_was_taken_runs_before_the_end),
	cmocka_unit_test(a_full_queue_takes_nothing),
	cmocka_unit_test(who_waits_gives_its_place_to_another))
