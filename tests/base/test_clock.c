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

AW_TESTS(cmocka_unit_test(days_and_dates_are_inverse_over_six_centuries),
	cmocka_unit_test(the_local_day_is_taipeis), cmocka_unit_test(an_instant_survives_its_text),
	cmocka_unit_test(what_is_not_an_instant_is_refused),
	cmocka_unit_test(months_and_years_are_counted_as_the_civil_code_counts))
