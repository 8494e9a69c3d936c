/* tests/demo/names - names are as common as Taiwan's, and every one is whole UTF-8. */
#include "../testing.h"

#include "demo/names.h"

static void
chen_is_the_name_of_one_in_nine_and_ten_surnames_of_half(void **state)
{
	static const char *const ten[] = { "陳", "林", "黃", "張", "李", "王", "吳", "劉", "蔡",
		"楊" };
	struct aw_random random;
	int chen = 0, top = 0;

	(void)state;
	aw_random_seed(&random, 1);
	for (int i = 0; i < 100000; i++) {
		const char *surname = aw_demo_surname(&random);
		chen += strcmp(surname, "陳") == 0;
		for (size_t k = 0; k < AW_COUNT(ten); k++)
			top += strcmp(surname, ten[k]) == 0;
	}
	assert_in_range(chen, 10600, 12600);
	assert_in_range(top, 50000, 58000);
}

static void
one_character_names_are_rare_and_all_names_are_utf8(void **state)
{
	struct aw_random random;
	int single = 0;

	(void)state;
	aw_random_seed(&random, 2);
	for (int i = 0; i < 60000; i++) {
		char given[AW_DEMO_NAME_SIZE];
		size_t count;
		aw_demo_given(
			&random, 1920 + i % 102, i % 2 == 0 ? 'F' : 'M', given, sizeof(given));
		assert_true(aw_utf8_valid(aw_str(given)));
		count = aw_utf8_count(aw_str(given));
		assert_in_range(count, 1, 2);
		single += count == 1;
	}
	assert_in_range(single, 700, 1300); /* 1.67 % */
}

static void
a_twins_name_shares_the_first_character(void **state)
{
	struct aw_random random;

	(void)state;
	aw_random_seed(&random, 3);
	for (int i = 0; i < 500; i++) {
		char given[AW_DEMO_NAME_SIZE];
		aw_demo_given_like(&random, "品妤", 2012, 'F', given, sizeof(given));
		assert_memory_equal(given, "品", 3);
		assert_string_not_equal(given, "品妤");
	}
}

static void
names_from_elsewhere_have_two_forms(void **state)
{
	struct aw_random random;
	char han[AW_DEMO_NAME_SIZE], latin[AW_DEMO_NAME_SIZE];

	(void)state;
	aw_random_seed(&random, 4);
	for (int i = 0; i < 2000; i++) {
		enum aw_demo_origin origin = (enum aw_demo_origin)(i % AW_ORIGIN_COUNT);
		aw_demo_foreign_name(&random, origin, i % 3 == 0 ? 'M' : 'F', han, latin);
		assert_true(aw_utf8_valid(aw_str(han)) && han[0] != '\0');
		assert_int_equal(latin[0] == '\0', origin == AW_ORIGIN_CHINA);
		aw_demo_amis_name(&random, 'M', han, latin);
		assert_non_null(strstr(han, "．"));
		assert_non_null(strchr(latin, ' '));
	}
}

AW_TESTS(cmocka_unit_test(chen_is_the_name_of_one_in_nine_and_ten_surnames_of_half),
	cmocka_unit_test(one_character_names_are_rare_and_all_names_are_utf8),
	cmocka_unit_test(a_twins_name_shares_the_first_character),
	cmocka_unit_test(names_from_elsewhere_have_two_forms))
