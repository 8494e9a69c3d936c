/* tests/demo/extract - seven registers of the right size, dated, made up, and the same each time. */
#include "../testing.h"

#include "demo/extract.h"

static struct aw_demo_plan *
plan_of(struct aw_arena *arena, double scale)
{
	struct aw_demo_plan_options options = { 4, scale, 1 };

	return aw_demo_plan_make(arena, aw_demo_city_make(arena, 4, scale), &options);
}

static void
each_register_has_about_as_many_rows_as_the_documents_lead_to_expect(void **state)
{
	static const uint32_t least[AW_DEMO_REGISTERS] = { 11000, 4000, 150, 4800, 2000, 800,
		26000 };
	static const uint32_t most[AW_DEMO_REGISTERS] = { 16000, 9000, 212, 4900, 2500, 860,
		40000 };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena, 1);
	uint32_t rows = 0;

	(void)state;
	for (int i = 0; i < AW_DEMO_REGISTERS; i++) {
		struct aw_demo_extract extract;
		aw_demo_extract(&arena, plan, 4, (enum aw_demo_register)i, &extract);
		assert_in_range(extract.rows, least[i], most[i]);
		assert_true(extract.faultless < extract.rows);
		rows += extract.rows;
	}
	assert_in_range(rows, 50000, 100000);
}

static size_t
columns_of(struct aw_str line)
{
	size_t count = 1;

	for (size_t i = 0; i < line.len; i++)
		count += line.at[i] == ',';
	return count;
}

/* Walks the rows of one extract: same number of columns, the demo's numbers and phones alone. */
static void
check_rows(const struct aw_demo_plan *plan, const struct aw_demo_extract *extract)
{
	struct aw_str rest = extract->csv, line = aw_str_cut(rest, '\n', &rest);
	size_t columns = columns_of(line);
	uint32_t row = 0;

	while (rest.at != NULL && rest.len > 0) {
		struct aw_str field, fields = line = aw_str_cut(rest, '\n', &rest);
		assert_true(aw_utf8_valid(line));
		assert_int_equal(columns_of(line), columns);
		for (int k = 0; k < 10; k++) {
			field = aw_str_cut(fields, ',', &fields);
			if (k == 4 && field.len > 0)
				assert_true(field.len == 10 &&
					    (field.at[1] == '5' || field.at[1] == '6'));
			if (k == 9 && field.len > 0)
				assert_true(aw_str_starts(field, "09000") && field.len == 10);
		}
		assert_true(extract->people[row++] < plan->city->people_count);
	}
	assert_int_equal(row, extract->rows);
}

static void
rows_are_whole_and_nobody_in_them_is_real(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena, 0.2);

	(void)state;
	for (int i = 0; i < AW_DEMO_REGISTERS; i++) {
		struct aw_demo_extract extract;
		aw_demo_extract(&arena, plan, 4, (enum aw_demo_register)i, &extract);
		check_rows(plan, &extract);
	}
}

static void
each_register_has_its_own_mistakes_at_its_rate(void **state)
{
	static const enum aw_demo_typo own[AW_DEMO_REGISTERS] = { AW_TYPO_SEX, AW_TYPO_CARER_NAME,
		AW_TYPO_CARER_NAME, AW_TYPO_OLD_NUMBER, AW_TYPO_LATIN_NAME, AW_TYPO_ALIAS,
		AW_TYPO_HEAD_PHONE };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena, 0.5);

	(void)state;
	for (int i = 0; i < AW_DEMO_REGISTERS; i++) {
		struct aw_demo_extract extract;
		aw_demo_extract(&arena, plan, 4, (enum aw_demo_register)i, &extract);
		assert_true(extract.mistakes[own[i]] > 0);
		if (extract.rows > 2000 && own[i] != AW_TYPO_HEAD_PHONE &&
			own[i] != AW_TYPO_CARER_NAME)
			assert_in_range(extract.mistakes[own[i]] * 1000 / extract.rows,
				aw_demo_register_habits((enum aw_demo_register)i)
						->permille[own[i]] /
					2,
				aw_demo_register_habits((enum aw_demo_register)i)
						->permille[own[i]] *
					3 / 2);
	}
}

static void
the_same_seed_gives_the_same_extract(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_demo_plan *plan = plan_of(&arena, 0.05);

	(void)state;
	for (int i = 0; i < AW_DEMO_REGISTERS; i++) {
		struct aw_demo_extract a, b, c;
		aw_demo_extract(&arena, plan, 4, (enum aw_demo_register)i, &a);
		aw_demo_extract(&arena, plan, 4, (enum aw_demo_register)i, &b);
		aw_demo_extract(&arena, plan, 5, (enum aw_demo_register)i, &c);
		assert_true(aw_str_eq(a.csv, b.csv));
		assert_false(aw_str_eq(a.csv, c.csv));
	}
}

AW_TESTS(cmocka_unit_test(each_register_has_about_as_many_rows_as_the_documents_lead_to_expect),
	cmocka_unit_test(rows_are_whole_and_nobody_in_them_is_real),
	cmocka_unit_test(each_register_has_its_own_mistakes_at_its_rate),
	cmocka_unit_test(the_same_seed_gives_the_same_extract))
