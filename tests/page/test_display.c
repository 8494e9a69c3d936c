/* Dates, durations and numbers as the direction writes them. */
#include "../testing.h"

#include "base/clock.h"
#include "page/display.h"
#include "page/render.h"

static int64_t
at(const char *iso)
{
	int64_t ms = 0;

	assert_true(aw_instant_parse(aw_str(iso), &ms));
	return ms;
}

static void
dates_are_roc_in_chinese_and_ce_in_english(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_error err = { 0 };
	const struct aw_catalog *zh, *en;
	int64_t now = at("2021-12-06T13:10:00+08:00"), then = at("2021-12-06T14:05:00+08:00");
	int64_t before = at("2020-12-31T23:59:00+08:00");

	(void)state;
	assert_ok(aw_pages_load(NULL, &pages, &err));
	zh = aw_pages_catalog(&pages, "zh-Hant-TW");
	en = aw_pages_catalog(&pages, "en");
	assert_string_equal(aw_display_instant(&arena, zh, AW_DISPLAY_FULL, then, now),
		"110年12月6日（一）14:05");
	assert_string_equal(
		aw_display_instant(&arena, zh, AW_DISPLAY_SHORT, then, now), "12月6日 14:05");
	assert_string_equal(aw_display_instant(&arena, zh, AW_DISPLAY_SHORT, before, now),
		"109年12月31日 23:59");
	assert_string_equal(
		aw_display_instant(&arena, zh, AW_DISPLAY_NEAR, then, now), "今日 14:05");
	assert_string_equal(aw_display_instant(&arena, zh, AW_DISPLAY_TIME, then, now), "14:05");
	assert_string_equal(aw_display_instant(&arena, zh, AW_DISPLAY_DAY, then, now), "12月6日");
	assert_string_equal(aw_display_day(&arena, zh, AW_DISPLAY_PLAIN, aw_taipei_day(then), now),
		"110年12月6日");
	assert_string_equal(aw_display_day(&arena, zh, AW_DISPLAY_FULL, aw_taipei_day(then), now),
		"110年12月6日（一）");
	assert_string_equal(
		aw_display_day(&arena, zh, AW_DISPLAY_NEAR, aw_taipei_day(now), now), "今日");
	assert_string_equal(
		aw_display_instant(&arena, en, AW_DISPLAY_FULL, then, now), "Mon 6 Dec 2021 14:05");
}

static void
durations_are_in_the_two_units_that_matter(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ 0, "0分" },
		{ 59 * AW_SECOND_MS, "0分" },
		{ 40 * AW_MINUTE_MS, "40分" },
		{ 220 * AW_MINUTE_MS, "3時40分" },
		{ -135 * AW_MINUTE_MS, "2時15分" },
		{ 21 * AW_HOUR_MS + 2 * AW_MINUTE_MS, "21時02分" },
		{ 24 * AW_HOUR_MS, "1日" },
		{ 28 * AW_HOUR_MS + AW_MINUTE_MS, "1日4時" },
	};
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_pages_load(NULL, &pages, &err));
	for (size_t i = 0; i < AW_COUNT(cases); i++)
		assert_string_equal(aw_display_duration(&arena, &pages.catalogs[0], cases[i].ms),
			cases[i].text);
	/* the largest does not overflow */
	assert_non_null(strstr(
		aw_display_duration(&arena, &pages.catalogs[0], INT64_MIN), "106,751,991,167日"));
}

static void
numbers_have_commas_and_percents_two_places(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	assert_string_equal(aw_display_number(&arena, 1344), "1,344");
	assert_string_equal(aw_display_number(&arena, -1234567), "-1,234,567");
	assert_string_equal(aw_display_number(&arena, -123), "-123");
	assert_string_equal(aw_display_number(&arena, 0), "0");
	assert_string_equal(aw_display_percent(&arena, 692), "6.92%");
	assert_string_equal(aw_display_percent(&arena, 10000), "100%");
	assert_string_equal(aw_display_percent(&arena, 5), "0.05%");
	assert_string_equal(aw_display_percent(&arena, -5), "-0.05%");
}

AW_TESTS(cmocka_unit_test(dates_are_roc_in_chinese_and_ce_in_english),
	cmocka_unit_test(durations_are_in_the_two_units_that_matter),
	cmocka_unit_test(numbers_have_commas_and_percents_two_places))
