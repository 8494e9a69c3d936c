/* tests/link/test_level - values of each type, and the levels at which two of them agree. */
#include "link/level.h"

#include "../testing.h"
#include "base/id.h"
#include "link/value.h"

/* A table of one column, each text a row. */
static void
read_column(struct aw_arena *arena, const char *const *texts, size_t count,
	struct aw_spec_field field, struct aw_table *ret)
{
	struct aw_buf csv = { .arena = arena };
	struct aw_error err = { 0 };
	struct aw_link_spec spec;

	aw_link_spec_default(&spec);
	spec.id = "id";
	spec.fields[spec.field_count++] = field;
	aw_buf_text(&csv, "id,x\n");
	for (size_t i = 0; i < count; i++)
		aw_buf_printf(&csv, "%zu,\"%s\"\n", i, texts[i]);
	assert_ok(aw_table_read(&spec, (struct aw_input){ { csv.at, csv.len }, "x.csv" },
		(struct aw_input){ 0 }, 2, ret, &err));
}

/* Code of the level of two texts. */
static const char *
level_of(struct aw_arena *arena, struct aw_spec_field field, const char *a, const char *b)
{
	const char *const texts[] = { a, b };
	struct aw_comparator comparator;
	struct aw_table table = { 0 };
	struct aw_error err = { 0 };
	uint32_t x, y;
	const char *code;

	field.column = "x";
	read_column(arena, texts, 2, field, &table);
	assert_ok(aw_comparator_make(&field, &table.columns[0], &comparator, &err));
	x = table.cells[0];
	y = table.cells[1];
	code = x == 0 || y == 0 ? "missing"
				: comparator.levels[aw_comparator_level(&comparator, x, y)].code;
	if (x != 0 && y != 0)
		assert_string_equal(
			code, comparator.levels[aw_comparator_level(&comparator, y, x)].code);
	aw_comparator_done(&comparator);
	aw_table_done(&table);
	return code;
}

static void
each_type_has_its_levels(void **state)
{
	static const struct {
		enum aw_field_type type;
		const char *a, *b, *level;
	} cases[] = {
		{ AW_TYPE_NAME, "陳怡君", "陳怡君", "exact" },
		{ AW_TYPE_NAME, "陳怡君", "陳宜君", "sound" },
		{ AW_TYPE_NAME, "張王淑芬", "張淑芬", "married" },
		{ AW_TYPE_NAME, "溫小明", "温小明", "variant" },
		{ AW_TYPE_NAME, "陳怡君", "林大同", "none" },
		{ AW_TYPE_NAME, "陳怡君", "CHEN YI-CHUN", "missing" },
		{ AW_TYPE_NAME, "", "陳怡君", "missing" },
		{ AW_TYPE_LATIN_NAME, "Mary-Ann O'Neil", "mary ann oneil", "exact" },
		{ AW_TYPE_LATIN_NAME, "mary ann", "ann mary", "swapped" },
		{ AW_TYPE_LATIN_NAME, "m", "mary", "initial" },
		{ AW_TYPE_LATIN_NAME, "robert", "rupert", "sound" },
		{ AW_TYPE_LATIN_NAME, "mary", "mray", "osa<=1" },
		{ AW_TYPE_NATIONAL_ID, "A123456789", "a123456789 ", "same" },
		{ AW_TYPE_NATIONAL_ID, "A123456789", "A123456780", "slip" },
		{ AW_TYPE_NATIONAL_ID, "A123456789", "A123456798", "slip_valid" },
		{ AW_TYPE_NATIONAL_ID, "A123456789", "B212345671", "differs" },
		{ AW_TYPE_DATE, "79/1/2", "1990-01-02", "exact" },
		{ AW_TYPE_DATE, "1990-01-02", "1990-02-01", "swapped" },
		{ AW_TYPE_DATE, "1990-01-12", "1990-01-13", "one_digit" },
		{ AW_TYPE_DATE, "1990-05-12", "1991-05-12", "year_off" },
		{ AW_TYPE_DATE, "19371399", "19371390", "one_digit" },
		{ AW_TYPE_DATE, "1990-05-12", "1961-11-30", "differs" },
		{ AW_TYPE_CODE, "ab-12 34", "AB1234", "exact" },
		{ AW_TYPE_CODE, "12345678", "12345687", "osa<=1" },
		{ AW_TYPE_CODE, "12345678", "87654321", "differs" },
		{ AW_TYPE_PHONE, "0900-012-345", "+886900012345", "exact" },
		{ AW_TYPE_POSTCODE, "20141", "20199", "first>=3" },
		{ AW_TYPE_TEXT, "Sunny  Bank", "sunny bank", "exact" },
		{ AW_TYPE_TW_ADDRESS, "基隆市信義區東信路12號3樓", "基隆市信義區東信路12號三樓",
			"floor" },
		{ AW_TYPE_TW_ADDRESS, "基隆市信義區東信路12號3樓", "基隆市信義區東信路14號",
			"road" },
	};
	struct aw_arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		const char *got = level_of(&arena, (struct aw_spec_field){ .type = cases[i].type },
			cases[i].a, cases[i].b);

		if (strcmp(got, cases[i].level) != 0)
			fail_msg("%s and %s agree by %s, not by %s", cases[i].a, cases[i].b, got,
				cases[i].level);
	}
	aw_arena_done(&arena);
}

static void
levels_that_a_spec_leaves_out_count_as_the_next_weaker_one(void **state)
{
	const char *const few[] = { "exact", "swapped" };
	struct aw_spec_field date = { .type = AW_TYPE_DATE, .levels = few, .level_count = 2 };
	struct aw_arena arena = { 0 };

	(void)state;
	assert_string_equal(level_of(&arena, date, "1990-01-01", "1990-01-01"), "exact");
	assert_string_equal(level_of(&arena, date, "1990-01-12", "1990-01-13"), "differs");
	assert_string_equal(level_of(&arena, date, "1990", "1990-01-13"), "missing");
	aw_arena_done(&arena);
}

/* The filter in front of the comparison: what it rules out must not hold. Every level of text, pairs of
 * short random strings; the plain answer asks each level by its kernel alone. */
static void
shapes_never_rule_out_a_level_that_holds(void **state)
{
	enum { VALUES = 700 };
	static const char *const codes[] = { "swapped", "initial", "osa<=1", "levenshtein<=2",
		"jaro_winkler>=0.9", "sound", "jaro>=0.75", "first>=3", "jaro_winkler>=0.6" };
	struct aw_spec_field field = {
		.column = "x", .levels = codes, .level_count = AW_COUNT(codes)
	};
	struct aw_arena arena = { 0 };
	struct aw_comparator comparator;
	struct aw_table table = { 0 };
	struct aw_error err = { 0 };
	struct aw_random random;
	const char *texts[VALUES];
	size_t strong = 0;

	(void)state;
	aw_random_seed(&random, 3);
	for (size_t i = 0; i < VALUES; i++) {
		size_t len = 1 + aw_random_below(&random, i % 10 == 0 ? 40 : 8);
		char *text = aw_arena_alloc(&arena, len + 1);

		for (size_t k = 0; k < len; k++)
			text[k] = (char)(k % 4 == 3 && k + 1 < len
						 ? ' '
						 : 'a' + (int)aw_random_below(&random, 5));
		texts[i] = text;
	}
	read_column(&arena, texts, VALUES, field, &table);
	assert_ok(aw_comparator_make(&field, &table.columns[0], &comparator, &err));
	for (uint32_t a = 1; a <= table.columns[0].count; a++) {
		for (uint32_t b = 1; b < a; b++) {
			uint8_t with = aw_comparator_level(&comparator, a, b), without;

			comparator.dear = false; /* no filter */
			without = aw_comparator_level(&comparator, a, b);
			comparator.dear = true;
			assert_int_equal(with, without);
			strong += with + 1u < comparator.count ? 1 : 0;
		}
	}
	assert_true(strong > 10000);
	aw_comparator_done(&comparator);
	aw_table_done(&table);
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(each_type_has_its_levels),
	cmocka_unit_test(levels_that_a_spec_leaves_out_count_as_the_next_weaker_one),
	cmocka_unit_test(shapes_never_rule_out_a_level_that_holds))
