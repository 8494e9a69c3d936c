/* tests/base/clock - the calendar, Taipei's day, and instants as text. */
#include "../testing.h"

#include "base/clock.h"

static void
days_and_dates_are_inverse_over_six_centuries(void **state)
{
	int32_t first = aw_day_of_date((struct aw_date){ 1600, 1, 1 });

	(void)state;
	assert_int_equal(aw_day_of_date((struct aw_date){ 1970, 1, 1 }), 0);
	for (int32_t day = first; day < first + 220000; day++) {
		struct aw_date date = aw_date_of_day(day);
		assert_true(aw_date_valid(date.year, date.month, date.day));
		assert_int_equal(aw_day_of_date(date), day);
	}
}

static void
the_local_day_is_taipeis(void **state)
{
	int64_t ms;

	(void)state;
	assert_true(aw_instant_parse(aw_str("2021-12-05T16:30:00Z"), &ms));
	assert_int_equal(aw_taipei_day(ms), aw_day_of_date((struct aw_date){ 2021, 12, 6 }));
	assert_int_equal(aw_taipei_minute(ms), 30);
	assert_int_equal(aw_weekday(aw_taipei_day(ms)), 0);
}

static void
an_instant_survives_its_text(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	int64_t ms, again;

	(void)state;
	assert_true(aw_instant_parse(aw_str("2021-05-03T09:12:00.250+08:00"), &ms));
	assert_string_equal(aw_instant_iso(&arena, ms), "2021-05-03T09:12:00.250+08:00");
	assert_true(aw_instant_parse(aw_str("2021-05-02T20:12:00.25-05:00"), &again));
	assert_int_equal(ms, again);
}

static void
what_is_not_an_instant_is_refused(void **state)
{
	static const char *const bad[] = { "", "2021-05-03", "2021-05-03T09:12:00",
		"2021-02-29T00:00:00Z", "2021-13-01T00:00:00Z", "2021-05-03T24:00:00Z",
		"2021-05-03T09:12:00+08:00x", "2021-05-03T09:12:00.Z", "21-05-03T09:12:00Z" };
	int64_t ms = 42;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++)
		assert_false(aw_instant_parse(aw_str(bad[i]), &ms));
	assert_int_equal(ms, 42);
}

static void
months_and_years_are_counted_as_the_civil_code_counts(void **state)
{
	int32_t day = aw_day_of_date((struct aw_date){ 2020, 11, 30 });
	struct aw_date date = aw_date_of_day(aw_add_months(day, 3));

	(void)state;
	assert_int_equal(date.year, 2021);
	assert_int_equal(date.month, 2);
	assert_int_equal(date.day, 28);
	date = aw_date_of_day(aw_add_months(day, -12));
	assert_int_equal(date.year, 2019);
	assert_int_equal(aw_years_between(aw_day_of_date((struct aw_date){ 2012, 12, 7 }),
				 aw_day_of_date((struct aw_date){ 2021, 12, 6 })),
		8);
}

static void
a_clock_that_was_set_is_not_followed_but_a_machine_that_was_paused_is(void **state)
{
	const struct aw_clock clock = { .start_ms = 1000000, .start_boot_us = 5000000 };
	const struct aw_clock not_started = { 0 };
	int64_t boot = 5000000 + 60000000, own = 1060000; /* a minute later */
	int64_t last = 0;

	(void)state;
	assert_int_equal(aw_clock_believed_ms(&clock, own, boot), own);
	assert_int_equal(aw_clock_believed_ms(&clock, own - AW_DAY_MS, boot), own);
	assert_int_equal(aw_clock_believed_ms(&clock, own + 365 * AW_DAY_MS, boot), own);
	assert_int_equal(aw_clock_believed_ms(&clock, own + AW_HOUR_MS + 1, boot), own);
	assert_int_equal(aw_clock_believed_ms(&clock, own + AW_HOUR_MS, boot), own + AW_HOUR_MS);
	assert_int_equal(
		aw_clock_believed_ms(&not_started, own - AW_DAY_MS, boot), own - AW_DAY_MS);
	/* a wall clock a year behind all the time: a day lasts a day */
	for (int64_t hour = 0; hour <= 24; hour++) {
		int64_t now = aw_clock_believed_ms(&clock, 0, boot + hour * 3600000000);

		assert_true(hour == 0 || now - last == AW_HOUR_MS);
		last = now;
	}
}

static void
a_started_clock_tells_the_time(void **state)
{
	struct aw_clock clock = { .offset_ms = -AW_DAY_MS };

	(void)state;
	aw_clock_start(&clock);
	assert_true(llabs(aw_clock_real_ms(&clock) - aw_real_ms()) < 5000);
	assert_true(llabs(aw_business_ms(&clock) + AW_DAY_MS - aw_real_ms()) < 5000);
	assert_true(llabs(aw_clock_off_ms(&clock)) < 5000);
}

AW_TESTS(cmocka_unit_test(a_clock_that_was_set_is_not_followed_but_a_machine_that_was_paused_is),
	cmocka_unit_test(a_started_clock_tells_the_time),
	cmocka_unit_test(days_and_dates_are_inverse_over_six_centuries),
	cmocka_unit_test(the_local_day_is_taipeis), cmocka_unit_test(an_instant_survives_its_text),
	cmocka_unit_test(what_is_not_an_instant_is_refused),
	cmocka_unit_test(months_and_years_are_counted_as_the_civil_code_counts))
