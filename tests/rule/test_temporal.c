/* rule/temporal */
#include "ruling.h"
#include "rule/temporal.h"

static void
dates_that_the_calendar_lacks_are_null(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("date(\"2020-02-29\")", "2020-02-29");
	assert_feel("date(\"2021-02-29\")", "null");
	assert_feel("date(\"2021-13-01\")", "null");
	assert_feel("date(\"21-01-01\")", "null");
	assert_feel("time(\"24:00:01\")", "null");
	assert_feel("date and time(\"2021-12-31T24:00:00\")", "2022-01-01T00:00:00");
	aw_arena_done(&arena);
}

static void
durations_keep_months_and_days_apart(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("duration(\"P1Y14M\")", "P2Y2M");
	assert_feel("duration(\"P1DT25H\")", "P2DT1H");
	assert_feel("duration(\"P1M1D\")", "null");
	assert_feel("duration(\"PT0.5S\") * 3", "PT1.5S");
	assert_feel("-duration(\"PT90M\")", "-PT1H30M");
	assert_feel("duration(\"P1Y\") / duration(\"P1M\")", "12");
	assert_feel("duration(\"P1Y\") + duration(\"P1D\")", "null");
	aw_arena_done(&arena);
}

static void
months_are_added_to_the_last_day_of_a_month(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("date(\"2021-01-31\") + duration(\"P1M\")", "2021-02-28");
	assert_feel("date(\"2020-03-31\") - duration(\"P1M\")", "2020-02-29");
	assert_feel("date(\"2021-12-06\") - date(\"2021-12-01\")", "P5D");
	assert_feel("time(\"23:00:00\") + duration(\"PT2H\")", "01:00:00");
	assert_feel("date and time(\"2021-12-31T23:30:00Z\") + duration(\"PT45M\")",
		"2022-01-01T00:15:00Z");
	aw_arena_done(&arena);
}

static void
a_zone_is_read_from_the_systems_files(void **state)
{
	struct aw_arena arena = { 0 };
	int32_t offset = 0;

	(void)state;
	assert_true(aw_zone_offset("Asia/Taipei", INT64_C(1638750000), &offset));
	assert_int_equal(offset, 8 * 3600);
	assert_false(aw_zone_offset("../etc/passwd", 0, &offset));
	assert_false(aw_zone_offset("No/Where", 0, &offset));
	assert_feel("date and time(\"2021-07-01T12:00:00@Europe/Paris\") = "
		    "date and time(\"2021-07-01T10:00:00Z\")",
		"true");
	assert_feel("date and time(\"2021-01-01T12:00:00@Europe/Paris\").time offset", "PT1H");
	aw_arena_done(&arena);
}

static void
now_is_the_time_of_the_case(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_string_equal(aw_when_text(&arena, aw_now_value(&arena, INT64_C(1638750600000))),
		"2021-12-06T08:30:00+08:00");
	assert_string_equal(
		aw_when_text(&arena, aw_now_value(&arena, -1)), "1970-01-01T07:59:59.999+08:00");
	aw_arena_done(&arena);
}

static void
weeks_and_weekdays_follow_iso_8601(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("day of week(date(\"2021-12-06\"))", "\"Monday\"");
	assert_feel("week of year(date(\"2021-01-01\"))", "53");
	assert_feel("week of year(date(\"2020-12-31\"))", "53");
	assert_feel("day of year(date(\"2020-12-31\"))", "366");
	assert_feel("date(\"2021-12-05\").weekday", "7");
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(dates_that_the_calendar_lacks_are_null),
	cmocka_unit_test(durations_keep_months_and_days_apart),
	cmocka_unit_test(months_are_added_to_the_last_day_of_a_month),
	cmocka_unit_test(a_zone_is_read_from_the_systems_files),
	cmocka_unit_test(now_is_the_time_of_the_case),
	cmocka_unit_test(weeks_and_weekdays_follow_iso_8601))
