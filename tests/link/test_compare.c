/* Levels of every field. */
#include "link/compare.h"

#include <stdio.h>
#include <stdlib.h>

#include "../testing.h"
#include "base/clock.h"
#include "text/lunar.h"

static struct aw_link_levels
levels_of(struct aw_link_input a, struct aw_link_input b)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_link_form x, y;
	struct aw_str x_other, y_other;
	struct aw_link_levels levels;

	aw_link_form_make(&arena, &a, &x, &x_other);
	aw_link_form_make(&arena, &b, &y, &y_other);
	aw_link_compare(&x, x_other, &y, y_other, &levels);
	return levels;
}

static struct aw_link_input
nothing(void)
{
	return (struct aw_link_input){ .birth_day = AW_BIRTH_UNKNOWN };
}

static void
assert_names(const char *a, const char *b, const char *level)
{
	struct aw_link_input x = nothing(), y = nothing();
	struct aw_link_levels one, two;
	const char *got;

	x.name = a;
	y.name = b;
	one = levels_of(x, y);
	two = levels_of(y, x);
	got = aw_link_level_code(AW_LINK_NAME, one.at[AW_LINK_NAME]);
	if (strcmp(got, level) != 0)
		fail_msg("%s and %s are \"%s\", not \"%s\"", a, b, got, level);
	assert_int_equal(one.at[AW_LINK_NAME], two.at[AW_LINK_NAME]);
}

static void
names_agree_on_levels_of_their_own(void **state)
{
	(void)state;
	assert_names("陳怡君", "陳怡君", "exact");
	assert_names("陳怡君", " 陳 怡 君 ", "exact");
	assert_names("溫峰於", "温峯于", "variant");
	assert_names("陳○君", "陳怡君", "masked");
	assert_names("陳*君", "陳怡君", "masked");
	assert_names("陳怡君", "陳宜君", "sound");
	assert_names("林雅婷", "林雅亭", "sound");
	assert_names("曾雅婷", "增雅亭", "sound"); /* zeng, as a surname */
	assert_names("林家樂", "林佳悅", "sound"); /* le, and yue */
	/* these fold together and are other surnames: a level of their own, never "the same" */
	assert_names("于小明", "於小明", "variant");
	assert_names("余小明", "餘小明", "variant");
	assert_names("范小明", "範小明", "variant");
	assert_names("凃小明", "涂小明", "sound");
	assert_names("張王淑芬", "王淑芬", "married");
	assert_names("張王淑芬", "張淑芬", "married");
	assert_names("歐陽淑芬", "陽淑芬", "none");
	assert_names("陳怡君", "陳君怡", "swapped");
	assert_names("陳怡君", "陳怡伶", "one_char");
	assert_names("陳怡君", "陳怡", "one_char");
	assert_names("陳怡君", "林怡君", "given");
	assert_names("陳怡君", "陳志明", "surname");
	assert_names("陳怡君", "林志明", "none");
	assert_names("陳怡君", "", "missing");
	assert_names("陳", "陳怡君", "surname");
}

static void
names_that_are_not_han_compare_by_tokens(void **state)
{
	(void)state;
	assert_names("NGUYEN THI HOA", "Nguyễn Thị Hoa", "exact");
	assert_names("NGUYEN THI HOA", "HOA NGUYEN THI", "swapped");
	assert_names("NGUYEN THI HOA", "NGUYEN THI HOAN", "one_char");
	assert_names("CHEN YI-CHUN", "Chen Yi Chun", "exact");
	assert_names("瓦歷斯·諾幹", "瓦歷斯‧諾幹", "exact");
	assert_names("瓦歷斯·諾幹", "諾幹．瓦歷斯", "swapped");
	assert_names("Lo’oh Panay", "Looh Panay", "exact");
	assert_names("SITI AMINAH", "SITI NURHALIZA", "surname");
	assert_names("SITI AMINAH", "NGUYEN THI HOA", "none");
	assert_names("陳怡君", "CHEN YI CHUN", "missing");
	/* a machine that keeps twenty letters */
	assert_names("MARIA CONCEPCION DELOS SANTOS REYES", "MARIA CONCEPCION DEL", "one_char");
	assert_names("MARIA SANTOS", "MARIA", "surname");
}

static void
assert_numbers(const char *a, const char *b, const char *level)
{
	struct aw_link_input x = nothing(), y = nothing();
	struct aw_link_levels levels;

	x.number = a;
	y.number = b;
	levels = levels_of(x, y);
	assert_string_equal(aw_link_level_code(AW_LINK_NUMBER, levels.at[AW_LINK_NUMBER]), level);
}

static void
numbers_tell_a_slip_from_another_number(void **state)
{
	(void)state;
	assert_numbers("A123456789", "a123456789", "same");
	assert_numbers("A123456789", "A123456780", "slip");
	assert_numbers("A123456789", "A123456798", "slip_valid");
	assert_numbers("A123456789", "A123456700", "two");
	assert_numbers("A123456789", "A800000014", "other");
	assert_numbers("A123456789", "A800000013", "differs");
	assert_numbers("A123456789", "", "missing");
	assert_numbers("A123456789", "不詳", "missing");
}

static void
assert_births(const char *a, const char *b, const char *level)
{
	struct aw_link_input x = nothing(), y = nothing();
	struct aw_link_levels levels;

	assert_true(aw_day_parse_iso(aw_str(a), &x.birth_day));
	assert_true(aw_day_parse_iso(aw_str(b), &y.birth_day));
	x.birth_last_day = x.birth_day;
	y.birth_last_day = y.birth_day;
	levels = levels_of(x, y);
	if (strcmp(aw_link_level_code(AW_LINK_BIRTH, levels.at[AW_LINK_BIRTH]), level) != 0)
		fail_msg("%s and %s are \"%s\"", a, b,
			aw_link_level_code(AW_LINK_BIRTH, levels.at[AW_LINK_BIRTH]));
}

static void
births_know_the_slips_of_a_calendar_with_two_eras(void **state)
{
	(void)state;
	assert_births("1990-03-05", "1990-03-05", "exact");
	assert_births("1990-01-01", "1990-01-01", "new_year");
	assert_births("1990-03-05", "1990-05-03", "swapped");
	assert_births("1990-03-05", "1991-03-05", "year_off");
	assert_births("1990-03-05", "2001-03-05", "year_off");
	assert_births("1990-03-05", "1990-03-15", "one_digit");
	assert_births("1990-03-05", "1980-03-05", "one_digit");
	assert_births("1990-03-05", "1990-11-28", "same_year");
	/* the fifth of the fifth month, the fifteenth of the eighth, and the last day of a lunar year */
	assert_births("1950-06-19", "1950-05-05", "lunar");
	assert_births("2021-08-15", "2021-09-21", "lunar");
	assert_births("2021-02-11", "2020-12-30", "lunar");
	assert_births("1950-06-20", "1950-05-05", "same_year");
}

/* The level of two days by how they are written, in either era's count. */
static const char *
written_level(struct aw_date x, struct aw_date y)
{
	char a[2][16], b[2][16];
	int years = abs(x.year - y.year);
	bool same_day = x.month == y.month && x.day == y.day;

	if (years == 0 && same_day)
		return x.month == 1 && x.day == 1 ? "new_year" : "exact";
	if (years == 0 && x.month == y.day && x.day == y.month)
		return "swapped";
	if (same_day && (years == 1 || years == 11 || years == 1911))
		return "year_off";
	(void)snprintf(a[0], sizeof(a[0]), "%04d%02d%02d", x.year, x.month, x.day);
	(void)snprintf(b[0], sizeof(b[0]), "%04d%02d%02d", y.year, y.month, y.day);
	(void)snprintf(a[1], sizeof(a[1]), "%04d%02d%02d", x.year - 1911, x.month, x.day);
	(void)snprintf(b[1], sizeof(b[1]), "%04d%02d%02d", y.year - 1911, y.month, y.day);
	for (int era = 0; era < (x.year < 1911 || y.year < 1911 ? 1 : 2); era++) {
		int differ = 0;

		for (size_t i = 0; i < strlen(a[era]); i++)
			differ += a[era][i] != b[era][i];
		if (differ == 1)
			return "one_digit";
	}
	if (aw_lunar_mistaken(aw_day_of_date(x), aw_day_of_date(y)))
		return "lunar";
	return years == 0 ? "same_year" : "differs";
}

static void
every_day_of_two_centuries_has_the_level_of_how_it_is_written(void **state)
{
	static const struct aw_date asked[] = { { 1900, 2, 28 }, { 1904, 2, 29 }, { 1911, 1, 1 },
		{ 1938, 12, 31 }, { 1990, 3, 5 }, { 2000, 2, 29 }, { 2011, 11, 11 }, { 99, 7, 1 } };
	int32_t from = aw_day_of_date((struct aw_date){ 1850, 1, 1 });
	int32_t to = aw_day_of_date((struct aw_date){ 2060, 1, 1 });
	size_t counts[AW_LINK_LEVEL_LIMIT] = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(asked); i++)
		for (int32_t day = from; day < to; day++) {
			struct aw_link_form a = { .birth_day = aw_day_of_date(asked[i]) };
			struct aw_link_form b = { .birth_day = day };
			uint8_t level = aw_link_compare_field(
				AW_LINK_BIRTH, &a, (struct aw_str){ 0 }, &b, (struct aw_str){ 0 });

			counts[level]++;
			assert_string_equal(aw_link_level_code(AW_LINK_BIRTH, level),
				written_level(asked[i], aw_date_of_day(day)));
			assert_int_equal(
				level, aw_link_compare_field(AW_LINK_BIRTH, &b,
					       (struct aw_str){ 0 }, &a, (struct aw_str){ 0 }));
		}
	assert_true(counts[AW_BIRTH_SWAPPED] > 0 && counts[AW_BIRTH_YEAR_OFF] > 0 &&
		    counts[AW_BIRTH_ONE_DIGIT] > 0 && counts[AW_BIRTH_LUNAR] > 0 &&
		    counts[AW_BIRTH_NEW_YEAR] > 0);
}

/* What spares most pairs the calendar leaves out no day of it. */
static void
every_day_told_in_the_lunar_calendar_is_known_again(void **state)
{
	int32_t to = aw_day_of_date((struct aw_date){ 2060, 12, 31 });
	size_t told = 0, stronger = 0;

	(void)state;
	for (int32_t day = aw_day_of_date((struct aw_date){ 1891, 1, 1 }); day <= to; day++) {
		struct aw_link_form a = { .birth_day = day }, b = { 0 };
		struct aw_lunar_date lunar;
		struct aw_date date;
		uint8_t level;

		assert_true(aw_lunar_of_day(day, &lunar));
		date = (struct aw_date){ lunar.year, lunar.month, lunar.day };
		b.birth_day = aw_day_of_date(date);
		if (aw_date_of_day(b.birth_day).day != date.day)
			continue; /* no such day: 30 February */
		level = aw_link_compare_field(
			AW_LINK_BIRTH, &a, (struct aw_str){ 0 }, &b, (struct aw_str){ 0 });
		assert_true(level <= AW_BIRTH_LUNAR);
		told += level == AW_BIRTH_LUNAR ? 1 : 0;
		stronger += level < AW_BIRTH_LUNAR ? 1 : 0;
	}
	assert_true(told > 50000 && stronger < 10000);
}

static void
an_age_is_a_span_of_birth_days(void **state)
{
	struct aw_link_input known = nothing(), aged = nothing();
	struct aw_link_levels levels;

	(void)state;
	known.birth_day = known.birth_last_day = aw_day_of_date((struct aw_date){ 2012, 5, 1 });
	aged.birth_day = aw_day_of_date((struct aw_date){ 2011, 12, 7 });
	aged.birth_last_day = aged.birth_day + 365;
	levels = levels_of(known, aged);
	assert_int_equal(levels.at[AW_LINK_BIRTH], AW_BIRTH_WITHIN);
	aged.birth_day += 366;
	aged.birth_last_day += 366;
	levels = levels_of(known, aged);
	assert_int_equal(levels.at[AW_LINK_BIRTH], AW_BIRTH_NEAR);
	aged.birth_day += 800;
	aged.birth_last_day += 800;
	levels = levels_of(known, aged);
	assert_int_equal(levels.at[AW_LINK_BIRTH], AW_BIRTH_DIFFERS);
}

static void
assert_places(const char *a, const char *b, const char *level)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_link_input x = nothing(), y = nothing();
	struct aw_address p, q;
	struct aw_link_levels levels;

	aw_address_read(&arena, aw_str(a), &p);
	aw_address_read(&arena, aw_str(b), &q);
	x.address = &p;
	y.address = &q;
	levels = levels_of(x, y);
	if (strcmp(aw_link_level_code(AW_LINK_ADDRESS, levels.at[AW_LINK_ADDRESS]), level) != 0)
		fail_msg("%s and %s are \"%s\"", a, b,
			aw_link_level_code(AW_LINK_ADDRESS, levels.at[AW_LINK_ADDRESS]));
}

static void
places_agree_from_the_floor_up(void **state)
{
	(void)state;
	assert_places("基隆市信義區東信路177巷12號3樓", "基隆市信義區東信路177巷12號三樓", "floor");
	assert_places("基隆市信義區東信路177巷12號3樓", "基隆市信義區東信里5鄰東信路１７７巷12號",
		"door");
	assert_places("基隆市信義區東信路177巷12號", "基隆市信義區東信路177巷14號", "lane");
	assert_places("基隆市信義區東信路177巷12號", "基隆市信義區東信路5號", "road");
	assert_places("基隆市信義區東信里孝東路1號", "基隆市信義區東信里東信路5號", "village");
	assert_places("基隆市信義區孝東路1號", "基隆市信義區東信路5號", "district");
	assert_places("基隆市信義區孝東路1號", "臺北市信義區孝東路1號", "elsewhere");
	assert_places("台北市大安區峯一路1號", "臺北市大安區峰一路1號", "door");
	assert_places("東信路", "基隆市信義區東信路5號", "missing");
}

static void
levels_are_written_without_what_is_missing(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_link_levels levels = { { AW_NUMBER_SAME, AW_NAMES_VARIANT, 0, AW_SEX_SAME, 0,
		0 } };
	struct aw_link_levels none = { { 0 } };

	(void)state;
	assert_string_equal(
		aw_link_levels_text(&arena, &levels), "national_id=same|name=variant|sex=same");
	assert_string_equal(aw_link_levels_text(&arena, &none), "");
}

static void
levels_are_read_back_from_their_text(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_link_levels levels = { { 0 } }, back;

	(void)state;
	for (size_t f = 0; f < AW_LINK_FIELDS; f++)
		for (uint8_t l = 0; l < aw_link_level_count((enum aw_link_field)f); l++) {
			levels.at[f] = l;
			aw_link_levels_read(aw_str(aw_link_levels_text(&arena, &levels)), &back);
			assert_memory_equal(&back, &levels, sizeof(back));
		}
	aw_link_levels_read(aw_str("name=nearly|shoe=same||sex|sex=|name"), &back);
	for (size_t f = 0; f < AW_LINK_FIELDS; f++)
		assert_int_equal(back.at[f], 0);
}

AW_TESTS(cmocka_unit_test(names_agree_on_levels_of_their_own),
	cmocka_unit_test(names_that_are_not_han_compare_by_tokens),
	cmocka_unit_test(numbers_tell_a_slip_from_another_number),
	cmocka_unit_test(births_know_the_slips_of_a_calendar_with_two_eras),
	cmocka_unit_test(every_day_of_two_centuries_has_the_level_of_how_it_is_written),
	cmocka_unit_test(every_day_told_in_the_lunar_calendar_is_known_again),
	cmocka_unit_test(an_age_is_a_span_of_birth_days),
	cmocka_unit_test(places_agree_from_the_floor_up),
	cmocka_unit_test(levels_are_written_without_what_is_missing),
	cmocka_unit_test(levels_are_read_back_from_their_text))
