/* The lunar calendar: known days, every day there and back, and days mistaken for lunar ones. */
#include "text/lunar.h"

#include "../testing.h"
#include "base/clock.h"

static int32_t
day(int32_t y, int32_t m, int32_t d)
{
	return aw_day_of_date((struct aw_date){ y, m, d });
}

static void
known_days_have_their_lunar_date(void **state)
{
	/* new year's days as the Central Weather Administration prints them, and leap months */
	static const struct {
		int32_t y, m, d;
		struct aw_lunar_date lunar;
	} cases[] = {
		{ 1900, 1, 31, { 1900, 1, 1, false } },
		{ 1912, 2, 18, { 1912, 1, 1, false } },
		{ 1945, 2, 13, { 1945, 1, 1, false } },
		{ 1985, 2, 20, { 1985, 1, 1, false } },
		{ 2000, 2, 5, { 2000, 1, 1, false } },
		{ 2020, 1, 25, { 2020, 1, 1, false } },
		{ 2021, 2, 12, { 2021, 1, 1, false } },
		{ 2021, 2, 11, { 2020, 12, 30, false } },
		{ 2020, 5, 23, { 2020, 4, 1, true } },
		{ 2033, 12, 22, { 2033, 11, 1, true } },
		{ 2021, 9, 21, { 2021, 8, 15, false } },
		{ 1950, 6, 19, { 1950, 5, 5, false } },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		struct aw_lunar_date lunar;
		int32_t back;

		assert_true(aw_lunar_of_day(day(cases[i].y, cases[i].m, cases[i].d), &lunar));
		assert_int_equal(lunar.year, cases[i].lunar.year);
		assert_int_equal(lunar.month, cases[i].lunar.month);
		assert_int_equal(lunar.day, cases[i].lunar.day);
		assert_int_equal(lunar.leap, cases[i].lunar.leap);
		assert_true(aw_lunar_to_day(&cases[i].lunar, &back));
		assert_int_equal(back, day(cases[i].y, cases[i].m, cases[i].d));
	}
}

static void
every_day_comes_back(void **state)
{
	struct aw_lunar_date before = { 0 };

	(void)state;
	for (int32_t d = day(1891, 1, 1); d <= day(2060, 12, 31); d++) {
		struct aw_lunar_date lunar;
		int32_t back;

		assert_true(aw_lunar_of_day(d, &lunar));
		assert_in_range(lunar.day, 1, 30);
		if (before.year != 0 && lunar.day != 1)
			assert_int_equal(lunar.day, before.day + 1);
		if (d % 17 == 0) {
			assert_true(aw_lunar_to_day(&lunar, &back));
			assert_int_equal(back, d);
		}
		before = lunar;
	}
}

static void
what_is_no_date_is_told(void **state)
{
	struct aw_lunar_date lunar;
	int32_t d;

	(void)state;
	assert_false(aw_lunar_of_day(day(1889, 12, 31), &lunar));
	assert_false(aw_lunar_of_day(day(2062, 1, 1), &lunar));
	assert_false(aw_lunar_to_day(&(struct aw_lunar_date){ 2021, 4, 1, true }, &d));
	assert_false(aw_lunar_to_day(&(struct aw_lunar_date){ 2021, 1, 31, false }, &d));
	assert_false(aw_lunar_to_day(&(struct aw_lunar_date){ 2021, 1, 0, false }, &d));
}

static void
a_lunar_birthday_read_as_solar_is_seen(void **state)
{
	(void)state;
	/* 1950-06-19 is the fifth of the fifth month */
	assert_true(aw_lunar_mistaken(day(1950, 6, 19), day(1950, 5, 5)));
	assert_true(aw_lunar_mistaken(day(1950, 5, 5), day(1950, 6, 19)));
	assert_false(aw_lunar_mistaken(day(1950, 6, 19), day(1950, 5, 6)));
	assert_false(aw_lunar_mistaken(day(1950, 6, 19), day(1950, 6, 19)));
	/* the twelfth month of the year before: 2021-02-11 is 2020-12-30 */
	assert_true(aw_lunar_mistaken(day(2021, 2, 11), day(2020, 12, 30)));
}

AW_TESTS(cmocka_unit_test(known_days_have_their_lunar_date), cmocka_unit_test(every_day_comes_back),
	cmocka_unit_test(what_is_no_date_is_told),
	cmocka_unit_test(a_lunar_birthday_read_as_solar_is_seen))
