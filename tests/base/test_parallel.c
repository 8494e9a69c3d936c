/* tests/base/parallel - every share is taken once, by whichever thread comes. */
#include "../testing.h"

#include "base/parallel.h"

enum { ITEMS = 10007, STEP = 64 };

struct job {
	struct aw_shares shares;
	atomic_uint taken[ITEMS];
	atomic_size_t calls[AW_PARALLEL_MOST];
};

static void
take_shares(void *arg, size_t thread)
{
	struct job *job = arg;
	size_t from, to;

	atomic_fetch_add(&job->calls[thread], 1);
	while (aw_share_take(&job->shares, &from, &to)) {
		for (size_t i = from; i < to; i++)
			atomic_fetch_add(&job->taken[i], 1);
	}
}

static void
check_with(size_t threads)
{
	struct job *job = calloc(1, sizeof(*job));

	assert_non_null(job);
	job->shares = (struct aw_shares){ .total = ITEMS, .step = STEP };
	aw_parallel(threads, take_shares, job);
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal(job->taken[i], 1);
	for (size_t i = 0; i < AW_PARALLEL_MOST; i++)
		assert_int_equal(job->calls[i], i < threads);
	free(job);
}

static void
each_share_is_taken_once_and_each_thread_is_called_once(void **state)
{
	(void)state;
	check_with(1);
	check_with(3);
	check_with(AW_PARALLEL_MOST);
}

static void
the_last_share_ends_with_the_items(void **state)
{
	struct aw_shares shares = { .total = 10, .step = 4 };
	size_t from, to;

	(void)state;
	assert_true(aw_share_take(&shares, &from, &to) && from == 0 && to == 4);
	assert_true(aw_share_take(&shares, &from, &to) && from == 4 && to == 8);
	assert_true(aw_share_take(&shares, &from, &to) && from == 8 && to == 10);
	assert_false(aw_share_take(&shares, &from, &to));
	shares = (struct aw_shares){ .total = 0, .step = 4 };
	assert_false(aw_share_take(&shares, &from, &to));
}

AW_TESTS(cmocka_unit_test(each_share_is_taken_once_and_each_thread_is_called_once),
	cmocka_unit_test(the_last_share_ends_with_the_items))
