/* tests/demo/population - every printed share holds to the person, nobody is real, families are
 * possible, and the same seed gives the same bytes. */
#include "../testing.h"

#include "base/file.h"
#include "demo/population.h"

static uint32_t
with_trait(const struct aw_demo_city *city, uint32_t trait)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < city->people_count; i++)
		count += (city->people[i].traits & trait) != 0;
	return count;
}

static void
the_whole_city_has_the_printed_counts(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_city *city = aw_demo_city_make(&arena, 20211206, 1);
	uint32_t elders = 0, children = 0, low_homes = 0;
	uint32_t districts[AW_DEMO_DISTRICTS] = { 0 };

	(void)state;
	assert_int_equal(city->people_count, 364766);
	for (uint32_t i = 0; i < city->people_count; i++) {
		int32_t age = aw_demo_age(city, i, city->as_of_day);
		assert_in_range(age, 0, 104);
		elders += age >= 65;
		children += age < 12;
		districts[city->households[city->people[i].household].district]++;
	}
	assert_int_equal(elders, 66533);
	assert_int_equal(children, 32630); /* 8.95 % */
	for (int i = 0; i < AW_DEMO_DISTRICTS; i++)
		assert_int_equal(districts[i], aw_demo_districts[i].people);
	for (uint32_t i = 0; i < city->household_count; i++)
		low_homes +=
			(city->people[city->households[i].first].traits & AW_TRAIT_LOW_INCOME) != 0;
	assert_int_equal(with_trait(city, AW_TRAIT_DISABLED), 20706);  /* 5.68 % */
	assert_int_equal(with_trait(city, AW_TRAIT_LOW_INCOME), 5947); /* 1.63 % */
	assert_int_equal(low_homes, 2528);
	assert_int_equal(with_trait(city, AW_TRAIT_IMMIGRANT), 9829);  /* 2.69 % */
	assert_int_equal(with_trait(city, AW_TRAIT_INDIGENOUS), 9302); /* assumed */
	assert_in_range(city->household_count, 148000, 158000);
	assert_true(with_trait(city, AW_TRAIT_MARRIED_NAME) > 800);
	assert_true(with_trait(city, AW_TRAIT_TWIN) > 500);
}

static void
there_are_157_villages_and_364766_people_in_seven_districts(void **state)
{
	uint32_t villages = 0, people = 0;

	(void)state;
	for (int i = 0; i < AW_DEMO_DISTRICTS; i++) {
		villages += aw_demo_districts[i].villages_count;
		people += aw_demo_districts[i].people;
	}
	assert_int_equal(villages, 157);
	assert_int_equal(people, 364766);
}

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, 11);
}

/* The rule of domain.md, written out a second time. */
static bool
check_holds(const char *id)
{
	static const char order[] = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
	static const int weights[11] = { 1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1 };
	int letter = 10 + (int)(strchr(order, id[0]) - order);
	int sum = letter / 10 * weights[0] + letter % 10 * weights[1];

	for (int i = 1; i < 10; i++)
		sum += (id[i] - '0') * weights[i + 1];
	return sum % 10 == 0;
}

static void
every_number_is_made_up_valid_and_given_once(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_city *city =
		aw_demo_city_make(&arena, 7, 1.5); /* larger than the real one */
	char(*ids)[11] = aw_arena_array(&arena, city->people_count, sizeof(*ids));

	(void)state;
	for (uint32_t i = 0; i < city->people_count; i++) {
		const struct aw_demo_person *person = &city->people[i];
		assert_int_equal(strlen(person->national_id), 10);
		assert_int_equal(person->national_id[1], person->sex == 'M' ? '5' : '6');
		assert_true(check_holds(person->national_id));
		memcpy(ids[i], person->national_id, 11);
	}
	qsort(ids, city->people_count, sizeof(*ids), compare_ids);
	for (uint32_t i = 1; i < city->people_count; i++)
		assert_memory_not_equal(ids[i - 1], ids[i], 11);
}

static int
compare_phones(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
a_phone_is_of_the_demo_range_and_of_one_household(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_city *city = aw_demo_city_make(&arena, 8, 0.2);
	char(*phones)[11] = aw_arena_array(&arena, city->household_count, sizeof(*phones));
	size_t count = 0;

	(void)state;
	for (uint32_t i = 0; i < city->household_count; i++) {
		const char *phone = city->households[i].phone;
		if (phone[0] == '\0')
			continue;
		assert_int_equal(strlen(phone), 10);
		assert_memory_equal(phone, "09000", 5);
		memcpy(phones[count++], phone, 11);
	}
	assert_in_range(count, city->household_count * 60 / 100, city->household_count * 68 / 100);
	qsort(phones, count, sizeof(*phones), compare_phones);
	for (size_t i = 1; i < count; i++)
		assert_string_not_equal(phones[i - 1], phones[i]);
}

static void
check_parent(const struct aw_demo_city *city, uint32_t child, uint32_t parent, int32_t most)
{
	const struct aw_demo_person *c = &city->people[child];

	if (parent == AW_DEMO_NOBODY)
		return;
	assert_int_equal(city->people[parent].household, c->household);
	assert_in_range(aw_years_between(city->people[parent].birth_day, c->birth_day), 17, most);
}

static void
families_are_possible(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_city *city = aw_demo_city_make(&arena, 9, 0.25);

	(void)state;
	for (uint32_t i = 0; i < city->people_count; i++) {
		const struct aw_demo_person *person = &city->people[i];
		const struct aw_demo_household *home = &city->households[person->household];
		assert_in_range(i, home->first, home->first + home->count - 1);
		assert_true(aw_utf8_valid(aw_str(person->name)) && person->name[0] != '\0');
		check_parent(city, i, person->mother, 46);
		check_parent(city, i, person->father, 60);
		if (person->spouse != AW_DEMO_NOBODY) {
			assert_int_equal(city->people[person->spouse].spouse, i);
			assert_true(aw_demo_age(city, i, city->as_of_day) >= 20);
		}
		if (person->twin == AW_DEMO_NOBODY)
			continue;
		assert_int_equal(city->people[person->twin].birth_day, person->birth_day);
		assert_string_not_equal(city->people[person->twin].name, person->name);
	}
}

static void
the_same_seed_gives_the_same_city_and_another_seed_other_people(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_city *a = aw_demo_city_make(&arena, 5, 0.02);
	struct aw_demo_city *b = aw_demo_city_make(&arena, 5, 0.02);
	struct aw_demo_city *c = aw_demo_city_make(&arena, 6, 0.02);
	uint32_t same = 0;

	(void)state;
	assert_int_equal(a->people_count, b->people_count);
	assert_memory_equal(a->people, b->people, a->people_count * sizeof(*a->people));
	assert_memory_equal(
		a->households, b->households, a->household_count * sizeof(*a->households));
	assert_int_equal(a->people_count, c->people_count);
	for (uint32_t i = 0; i < a->people_count; i++)
		same += strcmp(a->people[i].name, c->people[i].name) == 0;
	assert_true(same < a->people_count / 50);
}

static void
every_road_stands_in_its_district(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_str roads;
	char *path = aw_arena_printf(&arena, "%s/tw-roads/roads.csv", testdata_dir());

	(void)state;
	assert_ok(aw_file_read(&arena, path, 16 << 20, &roads, &err));
	for (int i = 0; i < AW_DEMO_DISTRICTS; i++) {
		for (size_t k = 0; aw_demo_districts[i].roads[k] != NULL; k++) {
			const char *road = aw_demo_districts[i].roads[k], *section;
			char *start =
				aw_arena_printf(&arena, "基隆市,%s", aw_demo_districts[i].name);
			bool found = false;
			struct aw_str rest = roads;
			section = strstr(road, "一段") != NULL || strstr(road, "二段") != NULL
					  ? "段"
					  : "";
			while (!found && rest.at != NULL) {
				struct aw_str line = aw_str_trim(aw_str_cut(rest, '\n', &rest));
				size_t stem = strlen(road) - (section[0] != '\0' ? 6 : 0);
				if (!aw_str_starts(line, start))
					continue;
				found = memmem(line.at, line.len, road, stem) != NULL &&
					(section[0] != '\0' || aw_str_ends(line, road));
			}
			if (!found)
				fail_msg("%s has no %s", aw_demo_districts[i].name, road);
		}
	}
}

AW_TESTS(cmocka_unit_test(the_whole_city_has_the_printed_counts),
	cmocka_unit_test(there_are_157_villages_and_364766_people_in_seven_districts),
	cmocka_unit_test(every_number_is_made_up_valid_and_given_once),
	cmocka_unit_test(a_phone_is_of_the_demo_range_and_of_one_household),
	cmocka_unit_test(families_are_possible),
	cmocka_unit_test(the_same_seed_gives_the_same_city_and_another_seed_other_people),
	cmocka_unit_test(every_road_stands_in_its_district))
