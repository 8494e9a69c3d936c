/* tests/demo/typo - mistakes are of the kinds and as frequent as the habits say. */
#include "../testing.h"

#include "demo/extract.h"
#include "demo/typo.h"

static struct aw_demo_city *
small(struct aw_arena *arena)
{
	return aw_demo_city_make(arena, 4, 0.1);
}

static uint32_t
count_bits(uint32_t bits)
{
	uint32_t count = 0;

	for (; bits != 0; bits &= bits - 1)
		count++;
	return count;
}

static void
without_habits_everybody_is_typed_as_registered(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_city *city = small(&arena);
	struct aw_demo_habits none = { { 0 } };
	struct aw_random random;
	struct aw_demo_typed typed;

	(void)state;
	aw_random_seed(&random, 1);
	for (uint32_t i = 0; i < 5000; i++) {
		aw_demo_type(city, i, &random, &none, &typed);
		assert_int_equal(typed.mistakes, 0);
		assert_string_equal(typed.name, city->people[i].name);
		assert_string_equal(typed.national_id, city->people[i].national_id);
		assert_int_equal(aw_day_of_date(typed.birth), city->people[i].birth_day);
		assert_int_equal(typed.sex, city->people[i].sex);
	}
}

static void
each_mistake_changes_what_it_says(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_city *city = small(&arena);
	struct aw_random random;
	struct aw_demo_typed t;
	uint32_t seen[AW_TYPO_KINDS] = { 0 };

	(void)state;
	aw_random_seed(&random, 2);
	for (uint32_t i = 0; i < 60000; i++) {
		const struct aw_demo_person *who = &city->people[i % city->people_count];
		struct aw_demo_habits habits = { { 0 } };
		uint32_t typo = i % AW_TYPO_KINDS;
		habits.permille[typo] = 1000;
		aw_demo_type(city, i % city->people_count, &random, &habits, &t);
		if ((t.mistakes & 1U << typo) == 0)
			continue;
		seen[typo]++;
		assert_int_equal(t.sex != who->sex, typo == AW_TYPO_SEX);
		assert_true(aw_date_valid(t.birth.year, t.birth.month, t.birth.day));
		assert_int_equal(aw_day_of_date(t.birth) != who->birth_day,
			typo == AW_TYPO_DAY_MONTH || typo == AW_TYPO_YEAR);
		if (typo == AW_TYPO_NUMBER || typo == AW_TYPO_OLD_NUMBER) {
			assert_string_not_equal(t.national_id, who->national_id);
			assert_memory_equal(t.national_id, who->national_id, 2); /* demo range */
			assert_int_equal(strlen(t.national_id), 10);
		}
		if (typo == AW_TYPO_OLD_NUMBER)
			assert_int_equal(aw_demo_id_check(t.national_id), t.national_id[9]);
		if (typo == AW_TYPO_VARIANT || typo == AW_TYPO_LIKE_SOUND ||
			typo == AW_TYPO_LATIN_NAME || typo == AW_TYPO_ALIAS)
			assert_string_not_equal(t.name, who->name);
		assert_true(aw_utf8_valid(aw_str(t.name)) && aw_utf8_valid(aw_str(t.address)));
	}
	for (int i = 0; i < AW_TYPO_KINDS; i++)
		assert_true(seen[i] > 200);
}

static void
mistakes_are_as_frequent_as_the_habits(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_city *city = small(&arena);
	const struct aw_demo_habits *habits = aw_demo_register_habits(AW_DEMO_REG_PROTECTION);
	struct aw_random random;
	uint32_t seen[AW_TYPO_KINDS] = { 0 }, several = 0;

	(void)state;
	aw_random_seed(&random, 3);
	for (uint32_t i = 0; i < 30000; i++) {
		struct aw_demo_typed t;
		aw_demo_type(city, i, &random, habits, &t);
		for (int k = 0; k < AW_TYPO_KINDS; k++)
			seen[k] += t.mistakes >> k & 1U;
		several += count_bits(t.mistakes) > 1;
	}
	assert_in_range(seen[AW_TYPO_SEX], 500, 700);	      /* 2 % */
	assert_in_range(seen[AW_TYPO_NO_NUMBER], 1600, 2000); /* 6 % */
	assert_in_range(seen[AW_TYPO_YEAR], 180, 300);	      /* 0.8 % */
	assert_in_range(seen[AW_TYPO_DAY_MONTH], 150, 350);   /* 2.5 % of days to 12 */
	assert_int_equal(seen[AW_TYPO_CARER_NAME] + seen[AW_TYPO_ALIAS], 0);
	assert_true(several > 100);
}

static void
a_name_is_romanised_and_a_variant_turned_round(void **state)
{
	char out[AW_DEMO_NAME_SIZE];

	(void)state;
	aw_demo_romanise("陳怡君", out, sizeof(out));
	assert_string_equal(out, "CHEN YI-CHUN");
	assert_true(aw_demo_variant("陳明峯", out, sizeof(out)));
	assert_string_equal(out, "陳明峰");
	assert_false(aw_demo_variant("李大同", out, sizeof(out)));
}

AW_TESTS(cmocka_unit_test(without_habits_everybody_is_typed_as_registered),
	cmocka_unit_test(each_mistake_changes_what_it_says),
	cmocka_unit_test(mistakes_are_as_frequent_as_the_habits),
	cmocka_unit_test(a_name_is_romanised_and_a_variant_turned_round))
