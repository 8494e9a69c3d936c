/* tests/base/id - ids never repeat, public numbers find mistyped digits, codes are read kindly. */
#include "../testing.h"

#include "base/clock.h"
#include "base/id.h"

static void
ids_grow_and_never_repeat(void **state)
{
	struct aw_ids ids;
	int64_t last = 0;

	(void)state;
	aw_ids_init(&ids, NULL);
	for (int i = 0; i < 100000; i++) {
		int64_t id = aw_id_next(&ids, aw_real_ms());
		assert_true(id > last);
		last = id;
	}
}

static void
the_same_seed_gives_the_same_ids(void **state)
{
	struct aw_random a, b;
	struct aw_ids left, right;

	(void)state;
	aw_random_seed(&a, 7);
	aw_random_seed(&b, 7);
	aw_ids_init(&left, &a);
	aw_ids_init(&right, &b);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(aw_id_next(&left, i / 3), aw_id_next(&right, i / 3));
}

static void
a_public_number_finds_every_wrong_digit_and_swap(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	int32_t day = aw_day_of_date((struct aw_date){ 2021, 12, 6 });
	char *number = aw_public_number(&arena, "RC", day, 5);
	size_t len = strlen(number);

	(void)state;
	assert_true(strncmp(number, "RC1101206-0005-", 15) == 0);
	assert_true(aw_public_number_valid(number, "R"));
	assert_false(aw_public_number_valid(number, "F"));
	for (size_t i = 2; i < len; i++) {
		char typed[32];
		for (char c = '0'; c <= '9'; c++) {
			(void)snprintf(typed, sizeof(typed), "%s", number);
			if (typed[i] == '-' || typed[i] == c)
				continue;
			typed[i] = c;
			assert_false(aw_public_number_valid(typed, ""));
		}
	}
}

static void
a_code_is_read_as_people_type_it(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const uint8_t bytes[8] = { 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0 };
	char *code = aw_code32(&arena, bytes, 60);

	(void)state;
	assert_int_equal(strlen(code), 12 + 2);
	assert_string_equal(aw_code32_canonical(&arena, "il-o1 abc"), "1101ABC");
	assert_null(aw_code32_canonical(&arena, "U!"));
	assert_int_equal(strlen(aw_code32_canonical(&arena, code)), 12);
}

/* The demo's registers are loaded at one played moment, between other moments. */
static void
ids_of_a_played_moment_never_repeat_when_it_comes_back(void **state)
{
	enum { TIMES = 400000 };
	struct aw_random random;
	struct aw_ids ids;
	uint8_t *seen = calloc(1, (UINT64_C(1) << 22) / 8);

	(void)state;
	assert_non_null(seen);
	aw_random_seed(&random, 7);
	aw_ids_init(&ids, &random);
	for (int i = 0; i < TIMES; i++) {
		uint64_t id = (uint64_t)aw_id_next(&ids, 1638705600000) & 0x3fffff;

		assert_int_equal(seen[id / 8] >> (id % 8) & 1, 0);
		seen[id / 8] = (uint8_t)(seen[id / 8] | 1U << (id % 8));
		if (i % 3 == 0)
			(void)aw_id_next(&ids, 1638705600001 + i);
	}
	free(seen);
}

AW_TESTS(cmocka_unit_test(ids_of_a_played_moment_never_repeat_when_it_comes_back),
	cmocka_unit_test(ids_grow_and_never_repeat),
	cmocka_unit_test(the_same_seed_gives_the_same_ids),
	cmocka_unit_test(a_public_number_finds_every_wrong_digit_and_swap),
	cmocka_unit_test(a_code_is_read_as_people_type_it))
