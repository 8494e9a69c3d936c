/* The wheel: what was set comes when its time has come, once, and not before. */
#include "net/wheel.h"

#include "../testing.h"

enum { SECOND_US = 1000 * 1000 };

static void
an_alarm_comes_at_its_end_and_not_before(void **state)
{
	static struct aw_wheel wheel;
	struct aw_alarm soon = { 0 }, later = { 0 }, past = { 0 };

	(void)state;
	aw_wheel_start(&wheel, 1000 * (int64_t)SECOND_US);
	aw_wheel_set(&wheel, &later, 1005 * (int64_t)SECOND_US);
	aw_wheel_set(&wheel, &soon, 1001 * (int64_t)SECOND_US);
	assert_null(aw_wheel_due(&wheel, 1001 * (int64_t)SECOND_US - 1));
	assert_ptr_equal(aw_wheel_due(&wheel, 1001 * (int64_t)SECOND_US), &soon);
	assert_null(aw_wheel_due(&wheel, 1001 * (int64_t)SECOND_US));
	aw_wheel_set(&wheel, &past, 3);
	assert_ptr_equal(aw_wheel_due(&wheel, 1002 * (int64_t)SECOND_US), &past);
	assert_null(aw_wheel_due(&wheel, 1004 * (int64_t)SECOND_US));
	aw_wheel_set(&wheel, &later, 1010 * (int64_t)SECOND_US); /* moved */
	assert_null(aw_wheel_due(&wheel, 1009 * (int64_t)SECOND_US));
	aw_wheel_off(&later);
	aw_wheel_off(&later);
	assert_null(aw_wheel_due(&wheel, 2000 * (int64_t)SECOND_US));
}

static void
what_is_more_than_a_turn_away_waits_for_its_turn(void **state)
{
	static struct aw_wheel wheel;
	const int64_t turn_us = (int64_t)AW_WHEEL_SLOTS * AW_WHEEL_TICK_US;
	struct aw_alarm far = { 0 };

	(void)state;
	aw_wheel_start(&wheel, 0);
	aw_wheel_set(&wheel, &far, 2 * turn_us + 7);
	for (int64_t now_us = 0; now_us < 2 * turn_us; now_us += SECOND_US)
		assert_null(aw_wheel_due(&wheel, now_us));
	assert_ptr_equal(aw_wheel_due(&wheel, 2 * turn_us + AW_WHEEL_TICK_US), &far);
}

/* Against the plain way: every alarm looked at every time. Steps of all sizes, a long standstill too. */
static void
whatever_is_set_and_moved_comes_as_if_each_were_looked_at(void **state)
{
	enum { MANY = 500, STEPS = 4000 };
	static struct aw_wheel wheel;
	static struct aw_alarm alarms[MANY];
	static int64_t ends[MANY]; /* 0: off */
	uint64_t random = 1;
	int64_t now_us = 5;
	size_t came = 0;

	(void)state;
	aw_wheel_start(&wheel, now_us);
	for (size_t step = 0; step < STEPS; step++) {
		size_t due = 0;

		for (size_t k = 0; k < 5; k++) {
			size_t i;

			random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
			i = (size_t)(random >> 33) % MANY;
			ends[i] = now_us + (int64_t)(random >> 40) %
						   (random & 1024 ? 90 * SECOND_US : 5 * SECOND_US);
			aw_wheel_set(&wheel, &alarms[i], ends[i]);
			if ((random >> 20) % 7 == 0) {
				aw_wheel_off(&alarms[i]);
				ends[i] = 0;
			}
		}
		now_us += (int64_t)(random >> 30) % (step % 500 == 499 ? 100 * SECOND_US : 300000);
		for (struct aw_alarm *alarm; (alarm = aw_wheel_due(&wheel, now_us)) != NULL;) {
			size_t i = (size_t)(alarm - alarms);

			if (ends[i] == 0 || ends[i] > now_us)
				fail_msg("step %zu: alarm %zu came that had not", step, i);
			ends[i] = 0;
			due++;
		}
		for (size_t i = 0; i < MANY; i++)
			if (ends[i] != 0 && ends[i] <= now_us)
				fail_msg("step %zu: alarm %zu did not come", step, i);
		came += due;
	}
	assert_true(came > 3000);
}

AW_TESTS(cmocka_unit_test(an_alarm_comes_at_its_end_and_not_before),
	cmocka_unit_test(what_is_more_than_a_turn_away_waits_for_its_turn),
	cmocka_unit_test(whatever_is_set_and_moved_comes_as_if_each_were_looked_at))
