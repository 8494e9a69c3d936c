/* The index finds who it should, and tells twins and namesakes apart or says that it cannot. */
#include "link/index.h"

#include "../testing.h"
#include "synth.h"

enum { PEOPLE = 12000, LINK_PPM = 990000, REVIEW_PPM = 200000 };

struct city {
	struct synth_person *people;
	struct aw_link_index *index;
};

static int
make_city(void **state)
{
	static struct city city;
	struct aw_link_model model;

	aw_link_model_default(&model);
	city.people = calloc(PEOPLE, sizeof(*city.people));
	city.index = aw_link_index_new(&model);
	synth_people(7, city.people, PEOPLE);
	for (size_t i = 0; i < PEOPLE; i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_link_form form;
		struct aw_str other;

		synth_form(&arena, &city.people[i], &form, &other);
		aw_link_index_put(city.index, (int64_t)i + 1, &form, &other, 1);
	}
	*state = &city;
	return 0;
}

static int
end_city(void **state)
{
	struct city *city = *state;

	aw_link_index_free(city->index);
	free(city->people);
	return 0;
}

static struct aw_link_hits
find(const struct city *city, struct aw_arena *arena, const struct synth_person *who)
{
	struct aw_link_form form;
	struct aw_str other;
	struct aw_link_hits hits;
	struct aw_link_asked asked = {
		.forms = &form, .others = &other, .count = 1, .limit = 10, .least_ppm = 1
	};

	synth_form(arena, who, &form, &other);
	aw_link_index_find(city->index, arena, &asked, &hits);
	return hits;
}

static bool
links(const struct aw_link_hits *hits)
{
	return hits->count > 0 && hits->at[0].ppm >= LINK_PPM && hits->at[0].conflicts == 0;
}

static void
everybody_is_found_by_their_own_facts_and_linked(void **state)
{
	const struct city *city = *state;

	assert_int_equal(aw_link_index_people(city->index), PEOPLE);
	for (size_t i = 0; i < PEOPLE; i += 7) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_link_hits hits = find(city, &arena, &city->people[i]);

		assert_true(links(&hits));
		assert_int_equal(hits.at[0].person, i + 1);
	}
}

static void
one_slip_still_finds_the_right_person_first(void **state)
{
	const struct city *city = *state;
	struct aw_random random;
	size_t tried = 0, first = 0, wrong_link = 0;

	aw_random_seed(&random, 11);
	for (size_t i = 0; i < PEOPLE; i += 5) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct synth_person who = city->people[i];
		struct aw_link_hits hits;

		synth_slip(&random, &who, (int)aw_random_below(&random, 6));
		hits = find(city, &arena, &who);
		tried++;
		first += hits.count > 0 && hits.at[0].person == (int64_t)i + 1 ? 1 : 0;
		wrong_link += links(&hits) && hits.at[0].person != (int64_t)i + 1 ? 1 : 0;
	}
	printf("# one slip: %zu of %zu first, %zu linked wrongly\n", first, tried, wrong_link);
	assert_true(first * 1000 >= tried * 998);
	assert_int_equal(wrong_link, 0);
}

static void
two_slips_and_no_number_are_found_or_left_to_a_person(void **state)
{
	const struct city *city = *state;
	struct aw_random random;
	size_t tried = 0, first = 0, wrong_link = 0;

	aw_random_seed(&random, 12);
	for (size_t i = 0; i < PEOPLE; i += 5) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct synth_person who = city->people[i];
		struct aw_link_hits hits;

		synth_slip(&random, &who, 4);
		synth_slip(&random, &who, 2 + (int)aw_random_below(&random, 2));
		hits = find(city, &arena, &who);
		tried++;
		first += hits.count > 0 && hits.at[0].person == (int64_t)i + 1 ? 1 : 0;
		wrong_link += links(&hits) && hits.at[0].person != (int64_t)i + 1 ? 1 : 0;
	}
	printf("# no number and a slip: %zu of %zu first, %zu linked wrongly\n", first, tried,
		wrong_link);
	assert_true(first * 100 >= tried * 97);
	assert_int_equal(wrong_link, 0);
}

static void
a_twin_who_is_not_in_the_city_is_never_linked_to_the_other(void **state)
{
	struct city *city = *state;
	size_t twins = 0;

	for (size_t i = 1; i < PEOPLE; i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct synth_person who = city->people[i];
		struct aw_link_form form;
		struct aw_str other;
		struct aw_link_hits hits;

		if (!who.twin)
			continue;
		twins++;
		aw_link_index_remove(city->index, (int64_t)i + 1);
		hits = find(city, &arena, &who);
		assert_false(links(&hits));
		who.number[0] = '\0';
		hits = find(city, &arena, &who);
		assert_false(links(&hits));
		synth_form(&arena, &city->people[i], &form, &other);
		aw_link_index_put(city->index, (int64_t)i + 1, &form, &other, 1);
	}
	assert_true(twins > 20);
}

static void
strangers_are_not_linked(void **state)
{
	const struct city *city = *state;
	struct synth_person *strangers = calloc(PEOPLE, sizeof(*strangers));
	size_t linked = 0, review = 0, tried = 0;

	synth_people(99, strangers, PEOPLE);
	for (size_t i = 0; i < PEOPLE; i += 5) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_link_hits hits;

		strangers[i].household += 1000000;
		strangers[i].number[0] = (char)('K' + (int)(i % 5)); /* another city's letter */
		strangers[i].phone[0] = '\0';
		hits = find(city, &arena, &strangers[i]);
		tried++;
		linked += links(&hits) ? 1 : 0;
		review += hits.count > 0 && hits.at[0].ppm >= REVIEW_PPM ? 1 : 0;
	}
	printf("# strangers: %zu tried, %zu to review, %zu linked\n", tried, review, linked);
	assert_int_equal(linked, 0);
	assert_true(review * 100 <= tried);
	free(strangers);
}

/* A father and a son of one name behind one door: only the birth day tells. */
static void
namesakes_share_the_probability_until_a_birth_day_tells(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct synth_person father = city->people[0], son, asked;
	struct aw_link_form form;
	struct aw_str other;
	struct aw_link_hits hits;

	snprintf(father.name, sizeof(father.name), "%s", "簡穎龍");
	father.sex = 'M';
	father.birth_day = 0;
	memcpy(father.number, "Q512345678", 11);
	son = father;
	son.birth_day = 11000;
	memcpy(son.number, "Q587654321", 11);
	synth_form(&arena, &father, &form, &other);
	aw_link_index_put(city->index, 900001, &form, &other, 1);
	synth_form(&arena, &son, &form, &other);
	aw_link_index_put(city->index, 900002, &form, &other, 1);
	asked = son;
	asked.number[0] = '\0';
	hits = find(city, &arena, &asked);
	assert_int_equal(hits.at[0].person, 900002);
	assert_true(links(&hits));
	{
		struct aw_link_form blank;
		struct aw_link_asked query = {
			.forms = &blank, .others = &other, .count = 1, .limit = 10, .least_ppm = 1
		};

		synth_form(&arena, &asked, &blank, &other);
		blank.birth_day = AW_BIRTH_UNKNOWN;
		aw_link_index_find(city->index, &arena, &query, &hits);
	}
	assert_true(hits.count >= 2);
	assert_in_range(hits.at[0].ppm, 450000, 500000);
	assert_in_range(hits.at[1].ppm, 450000, 500000);
	assert_true((hits.at[0].conflicts & AW_CONFLICT_RIVAL) != 0);
	aw_link_index_remove(city->index, 900001);
	aw_link_index_remove(city->index, 900002);
}

static void
a_form_that_was_replaced_is_not_found_any_more(void **state)
{
	struct aw_link_model model;
	struct aw_link_index *index;
	struct synth_person people[2] = { 0 };

	(void)state;
	aw_link_model_default(&model);
	index = aw_link_index_new(&model);
	synth_people(3, people, 2);
	people[1] = people[0];
	memcpy(people[1].number, "K612345678", 11);
	for (int round = 0; round < 20000; round++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_link_form form;
		struct aw_str other;

		synth_form(&arena, &people[round & 1], &form, &other);
		aw_link_index_put(index, 5, &form, &other, 1);
	}
	assert_int_equal(aw_link_index_people(index), 1);
	assert_int_equal(aw_link_index_forms(index), 1);
	{
		AW_SCOPE(aw_arena) arena = { 0 };
		struct city one = { people, index };
		struct aw_link_hits hits = find(&one, &arena, &people[1]);

		assert_int_equal(hits.count, 1);
		assert_int_equal(hits.at[0].levels.at[AW_LINK_NUMBER], AW_NUMBER_SAME);
		hits = find(&one, &arena, &people[0]);
		assert_int_equal(hits.at[0].levels.at[AW_LINK_NUMBER], AW_NUMBER_DIFFERS);
		aw_link_index_remove(index, 5);
		hits = find(&one, &arena, &people[0]);
		assert_int_equal(hits.count, 0);
	}
	assert_true(aw_link_index_bytes(index) < (size_t)8 << 20);
	aw_link_index_free(index);
}

static void
somebody_with_two_names_and_two_numbers_is_one_person(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	struct aw_link_form forms[3], asked_form;
	struct aw_str others[3], asked_other;
	struct aw_link_asked asked = { .forms = &asked_form,
		.others = &asked_other,
		.count = 1,
		.limit = 10,
		.least_ppm = 1 };
	struct aw_link_hits hits;
	struct aw_link_input input = {
		.name = "阮氏花", .number = "A800000014", .birth_day = 9000, .birth_last_day = 9000
	};

	aw_link_form_make(&arena, &input, &forms[0], &others[0]);
	input.name = "NGUYEN THI HOA";
	input.flags = AW_FORM_NAME_ALIAS;
	aw_link_form_make(&arena, &input, &forms[1], &others[1]);
	input.name = "阮氏花";
	input.number = "AC01234567";
	input.flags = AW_FORM_NUMBER_ALIAS;
	aw_link_form_make(&arena, &input, &forms[2], &others[2]);
	aw_link_index_put(city->index, 800001, forms, others, 3);
	input = (struct aw_link_input){
		.name = "Hoa Nguyen Thi", .birth_day = 9000, .birth_last_day = 9000
	};
	aw_link_form_make(&arena, &input, &asked_form, &asked_other);
	aw_link_index_find(city->index, &arena, &asked, &hits);
	assert_int_equal(hits.at[0].person, 800001);
	assert_int_equal(hits.at[0].levels.at[AW_LINK_NAME], AW_NAMES_SWAPPED);
	input = (struct aw_link_input){ .number = "ac01234567", .birth_day = AW_BIRTH_UNKNOWN };
	aw_link_form_make(&arena, &input, &asked_form, &asked_other);
	aw_link_index_find(city->index, &arena, &asked, &hits);
	assert_int_equal(hits.count, 1);
	assert_int_equal(hits.at[0].person, 800001);
	assert_int_equal(hits.at[0].levels.at[AW_LINK_NUMBER], AW_NUMBER_ALIAS);
	aw_link_index_remove(city->index, 800001);
}

static void
a_query_that_knows_nothing_finds_nobody(void **state)
{
	const struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_link_input input = { .birth_day = AW_BIRTH_UNKNOWN };
	struct aw_link_form form;
	struct aw_str other;
	struct aw_link_hits hits;
	struct aw_link_asked asked = {
		.forms = &form, .others = &other, .count = 1, .limit = 10, .least_ppm = 1
	};

	aw_link_form_make(&arena, &input, &form, &other);
	aw_link_index_find(city->index, &arena, &asked, &hits);
	assert_int_equal(hits.count, 0);
	asked.count = 0;
	aw_link_index_find(city->index, &arena, &asked, &hits);
	assert_int_equal(hits.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_is_found_by_their_own_facts_and_linked),
		cmocka_unit_test(one_slip_still_finds_the_right_person_first),
		cmocka_unit_test(two_slips_and_no_number_are_found_or_left_to_a_person),
		cmocka_unit_test(a_twin_who_is_not_in_the_city_is_never_linked_to_the_other),
		cmocka_unit_test(strangers_are_not_linked),
		cmocka_unit_test(namesakes_share_the_probability_until_a_birth_day_tells),
		cmocka_unit_test(a_form_that_was_replaced_is_not_found_any_more),
		cmocka_unit_test(somebody_with_two_names_and_two_numbers_is_one_person),
		cmocka_unit_test(a_query_that_knows_nothing_finds_nobody),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_city, end_city);
}
