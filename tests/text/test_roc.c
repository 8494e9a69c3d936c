/* Dates as Taiwan prints them: read, refused, shown; periods. */
#include "text/roc.h"

#include "base/clock.h"
#include "../testing.h"

static void
assert_date(const char *text, const char *iso_from, const char *iso_to, enum aw_precision precision)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_roc_date date = { 0 };

	if (aw_roc_read(aw_str(text), &date, &err) != AW_OK)
		fail_msg("%s: %s", text, err.text);
	if (strcmp(aw_day_iso(&arena, date.from_day), iso_from) != 0 ||
		strcmp(aw_day_iso(&arena, date.to_day), iso_to) != 0 || date.precision != precision)
		fail_msg("%s was read as %s to %s", text, aw_day_iso(&arena, date.from_day),
			aw_day_iso(&arena, date.to_day));
}

static void
every_printed_form_of_a_day_is_read(void **state)
{
	static const char *const forms[] = { "110年12月6日", "民國110年12月6日",
		"中華民國110年12月6日", "110/12/06", "110/12/6", "110.12.6", "110.12.06",
		"110-12-06", "110 12 6", "1101206", "２０２１－１２－０６", "１１０年１２月６日",
		"１１０／１２／０６", "110年 12月 6日", " 110 年 12 月 6 日 ", "2021-12-06",
		"2021/12/6", "20211206", "西元2021年12月6日", "2021年12月6號",
		"一百一十年十二月六日", "民國一一〇年十二月六日", "ROC 110/12/06", "民110.12.06",
		"110、12、6", "110年12月6日生" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(forms); i++)
		assert_date(forms[i], "2021-12-06", "2021-12-06", AW_PRECISION_DAY);
	assert_date("0790101", "1990-01-01", "1990-01-01", AW_PRECISION_DAY);
	assert_date("790101", "1990-01-01", "1990-01-01", AW_PRECISION_DAY);
	assert_date("79/1/1", "1990-01-01", "1990-01-01", AW_PRECISION_DAY);
	assert_date("25/3/8", "1936-03-08", "1936-03-08", AW_PRECISION_DAY);
	assert_date("012/06/10", "1923-06-10", "1923-06-10", AW_PRECISION_DAY);
	assert_date("民國12/6/10", "1923-06-10", "1923-06-10", AW_PRECISION_DAY);
	assert_date("民國元年1月1日", "1912-01-01", "1912-01-01", AW_PRECISION_DAY);
	assert_date("民國前3年5月1日", "1909-05-01", "1909-05-01", AW_PRECISION_DAY);
	assert_date("民前1年12月31日", "1911-12-31", "1911-12-31", AW_PRECISION_DAY);
	assert_date("109/2/29", "2020-02-29", "2020-02-29", AW_PRECISION_DAY);
	assert_date("廿五年三月卅日", "1936-03-30", "1936-03-30", AW_PRECISION_DAY);
}

static void
what_is_missing_lowers_the_precision(void **state)
{
	(void)state;
	assert_date("民國前3年", "1909-01-01", "1909-12-31", AW_PRECISION_YEAR);
	assert_date("79年", "1990-01-01", "1990-12-31", AW_PRECISION_YEAR);
	assert_date("民國79年次", "1990-01-01", "1990-12-31", AW_PRECISION_YEAR);
	assert_date("1990", "1990-01-01", "1990-12-31", AW_PRECISION_YEAR);
	assert_date("110年12月", "2021-12-01", "2021-12-31", AW_PRECISION_MONTH);
	assert_date("109/02", "2020-02-01", "2020-02-29", AW_PRECISION_MONTH);
	assert_date("0790000", "1990-01-01", "1990-12-31", AW_PRECISION_YEAR);
	assert_date("79年2月00日", "1990-02-01", "1990-02-28", AW_PRECISION_MONTH);
}

static void
what_can_be_read_in_two_ways_is_refused_and_says_so(void **state)
{
	static const char *const both[] = { "110126", "01/02/03", "12/6/10", "79101" };
	struct aw_roc_date date = { .from_day = 7 };
	struct aw_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(both); i++)
		assert_fails(aw_roc_read(aw_str(both[i]), &date, &err), AW_INVALID, "two ways");
	assert_int_equal(date.from_day, 7);
	assert_fails(aw_roc_read(aw_str("06/12/110"), &date, &err), AW_INVALID, "year first");
}

static void
impossible_dates_are_refused(void **state)
{
	static const char *const bad[] = { "", " ", "不詳", "110", "7", "110/13/01", "110/02/30",
		"1100229", "110年12月6日6", "110//12/06", "110/12/06/01", "0/1/1", "民國0年1月1日",
		"民國999年", "民國前99年", "1101306", "1101232", "110年月日", "110-12/06", "--",
		"110年12月6日與7日", "999999999999", "110/12/0x", "年", "12月6日" };
	struct aw_roc_date date;
	struct aw_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		if (aw_roc_read(aw_str(bad[i]), &date, &err) == AW_OK)
			fail_msg("\"%s\" was taken for a date", bad[i]);
		assert_int_equal(err.status, AW_INVALID);
	}
	assert_fails(aw_roc_read_day(aw_str("110年12月"), &(int32_t){ 0 }, &err), AW_INVALID,
		"the day is missing");
}

static void
times_are_read_with_their_date(void **state)
{
	static const struct {
		const char *text, *iso;
	} good[] = {
		{ "110年12月6日14時5分", "2021-12-06T14:05:00+08:00" },
		{ "110年12月6日（一）14:05", NULL },
		{ "110/12/06 14:05", "2021-12-06T14:05:00+08:00" },
		{ "110/12/6 下午2:05", "2021-12-06T14:05:00+08:00" },
		{ "110.12.6 下午2時5分", "2021-12-06T14:05:00+08:00" },
		{ "2021-12-06T14:05:00+08:00", "2021-12-06T14:05:00+08:00" },
		{ "2021-12-06T06:05:00Z", "2021-12-06T14:05:00+08:00" },
		{ "2021-12-06 14:05:09", "2021-12-06T14:05:09+08:00" },
		{ "2021-12-06T14:05", "2021-12-06T14:05:00+08:00" },
		{ "1101206 上午12:30", "2021-12-06T00:30:00+08:00" },
		{ "110年12月6日凌晨3點半", "2021-12-06T03:30:00+08:00" },
		{ "110年12月6日晚上十一點", "2021-12-06T23:00:00+08:00" },
		{ "110年12月6日中午12時", "2021-12-06T12:00:00+08:00" },
		{ "110/12/06 2:05 PM", "2021-12-06T14:05:00+08:00" },
		{ "110/12/06 24:00", "2021-12-07T00:00:00+08:00" },
		{ "110/12/06", NULL },
		{ "14:05", NULL },
		{ "110/12/06 25:00", NULL },
		{ "110/12/06 14:60", NULL },
		{ "110/12/06 24:01", NULL },
		{ "110年12月 14:05", NULL },
	};
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(good); i++) {
		int64_t ms = 0;
		enum aw_status status = aw_roc_read_instant(aw_str(good[i].text), &ms, &err);

		if (good[i].iso == NULL) {
			if (status != AW_INVALID)
				fail_msg("%s was taken for a moment", good[i].text);
			continue;
		}
		if (status != AW_OK)
			fail_msg("%s: %s", good[i].text, err.text);
		assert_true(strncmp(aw_instant_iso(&arena, ms), good[i].iso, 19) == 0);
	}
}

static void
a_day_is_shown_in_one_form(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	int32_t day = aw_day_of_date((struct aw_date){ 2021, 12, 6 });
	int32_t before = aw_day_of_date((struct aw_date){ 1909, 5, 1 });
	int64_t ms = aw_taipei_day_start_ms(day) + 14 * AW_HOUR_MS + 5 * AW_MINUTE_MS;
	struct aw_roc_date year = {
		.from_day = day, .to_day = day, .precision = AW_PRECISION_YEAR
	};

	(void)state;
	assert_string_equal(aw_roc_day(&arena, day), "110年12月6日");
	assert_string_equal(aw_roc_day_week(&arena, day), "110年12月6日（一）");
	assert_string_equal(aw_roc_day_short(&arena, day), "12月6日");
	assert_string_equal(aw_roc_day_slash(&arena, day), "110/12/06");
	assert_string_equal(aw_roc_month(&arena, day), "110年12月");
	assert_string_equal(aw_roc_day(&arena, before), "民國前3年5月1日");
	assert_string_equal(aw_roc_day_slash(&arena, before), "民國前3年5月1日");
	assert_string_equal(aw_roc_instant(&arena, ms), "110年12月6日（一）14:05");
	assert_string_equal(aw_roc_instant_short(&arena, ms), "12月6日 14:05");
	assert_string_equal(aw_roc_date_text(&arena, &year), "110年");
	assert_string_equal(aw_roc_duration(&arena, 3 * AW_HOUR_MS + 40 * AW_MINUTE_MS), "3時40分");
	assert_string_equal(aw_roc_duration(&arena, 28 * AW_HOUR_MS), "1日4時");
	assert_string_equal(aw_roc_duration(&arena, 48 * AW_HOUR_MS + 59 * AW_MINUTE_MS), "2日");
	assert_string_equal(aw_roc_duration(&arena, 59999), "0分");
	assert_string_equal(aw_roc_duration(&arena, -5 * AW_MINUTE_MS), "5分");
	assert_string_equal(aw_roc_duration(&arena, 2 * AW_HOUR_MS), "2時");
	assert_string_equal(aw_roc_duration(&arena, INT64_MIN), "106751991167日7時");
}

static void
every_day_of_two_centuries_reads_back_as_shown(void **state)
{
	struct aw_error err = { 0 };

	(void)state;
	for (int32_t day = -40000; day < 40000; day += 7) {
		AW_SCOPE(aw_arena) arena = { 0 };
		int32_t read = 0;

		assert_ok(aw_roc_read_day(aw_str(aw_roc_day(&arena, day)), &read, &err));
		assert_int_equal(read, day);
		assert_ok(aw_roc_read_day(aw_str(aw_day_iso(&arena, day)), &read, &err));
		assert_int_equal(read, day);
	}
}

static void
periods_are_read_named_and_shown(void **state)
{
	static const struct {
		const char *text, *from, *to, *name, *shown;
	} good[] = {
		{ "109", "2020-01-01", "2020-12-31", "109", "109年" },
		{ "110H1", "2021-01-01", "2021-06-30", "110H1", "110年1–6月" },
		{ "110h2", "2021-07-01", "2021-12-31", "110H2", "110年7–12月" },
		{ "110Q2", "2021-04-01", "2021-06-30", "110Q2", "110年4–6月" },
		{ "110-02", "2021-02-01", "2021-02-28", "110-02", "110年2月" },
		{ "110-01..110-06", "2021-01-01", "2021-06-30", "110H1", "110年1–6月" },
		{ "110-02..110-03", "2021-02-01", "2021-03-31", "110-02..110-03", "110年2–3月" },
		{ "2021-01-01..2021-06-30", "2021-01-01", "2021-06-30", "110H1", "110年1–6月" },
		{ "2021-01-03..2021-06-30", "2021-01-03", "2021-06-30", "2021-01-03..2021-06-30",
			"110年1月3日–6月30日" },
		{ "2020", "2020-01-01", "2020-12-31", "109", "109年" },
		{ "107..109", "2018-01-01", "2020-12-31", "2018-01-01..2020-12-31",
			"107年1月1日–109年12月31日" },
		{ "１１０Ｈ１", "2021-01-01", "2021-06-30", "110H1", "110年1–6月" },
	};
	static const char *const bad[] = { "", "110H3", "110Q5", "110-13", "110-00",
		"110-06..110-01", "abc", "110H", "110-02-30", "..", "110..", "110H1x", "9999",
		"110-1-1-1" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_period period;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(good); i++) {
		assert_ok(aw_period_read(aw_str(good[i].text), &period, &err));
		assert_string_equal(aw_day_iso(&arena, period.from_day), good[i].from);
		assert_string_equal(aw_day_iso(&arena, period.to_day), good[i].to);
		assert_string_equal(aw_period_name(&arena, period), good[i].name);
		assert_string_equal(aw_period_text(&arena, period), good[i].shown);
	}
	for (size_t i = 0; i < AW_COUNT(bad); i++)
		if (aw_period_read(aw_str(bad[i]), &period, &err) != AW_INVALID)
			fail_msg("\"%s\" was taken for a period", bad[i]);
}

AW_TESTS(cmocka_unit_test(every_printed_form_of_a_day_is_read),
	cmocka_unit_test(what_is_missing_lowers_the_precision),
	cmocka_unit_test(what_can_be_read_in_two_ways_is_refused_and_says_so),
	cmocka_unit_test(impossible_dates_are_refused),
	cmocka_unit_test(times_are_read_with_their_date),
	cmocka_unit_test(a_day_is_shown_in_one_form),
	cmocka_unit_test(every_day_of_two_centuries_reads_back_as_shown),
	cmocka_unit_test(periods_are_read_named_and_shown))
