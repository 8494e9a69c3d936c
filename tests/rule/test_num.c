/* rule/num */
#include "../testing.h"
#include "rule/num.h"

static struct aw_num
num(const char *text)
{
	struct aw_num n;

	assert_true(aw_num_parse(aw_str(text), &n));
	return n;
}

static void
assert_num(struct aw_num n, const char *text)
{
	struct aw_arena arena = { 0 };

	assert_string_equal(aw_num_text(&arena, n), text);
	aw_arena_done(&arena);
}

static void
texts_are_read_and_printed_without_loss(void **state)
{
	static const char *const texts[] = { "0", "1", "-1", "0.1", "-0.05", "1200",
		"0.0000000000000000000000000000000001", "9999999999999999999999999999999999" };
	struct aw_num n;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(texts); i++)
		assert_num(num(texts[i]), texts[i]);
	assert_num(num("1.50"), "1.5");
	assert_num(num("12e2"), "1200");
	assert_num(num(".5"), "0.5");
	assert_false(aw_num_parse(aw_str("1.2.3"), &n));
	assert_false(aw_num_parse(aw_str(""), &n));
	assert_false(aw_num_parse(aw_str("."), &n));
	assert_false(aw_num_parse(aw_str("1e"), &n));
	assert_false(aw_num_parse(aw_str("1e99999"), &n));
}

static void
decimal_fractions_add_up_exactly(void **state)
{
	struct aw_num n;

	(void)state;
	assert_true(aw_num_add(num("0.1"), num("0.2"), &n));
	assert_int_equal(aw_num_compare(n, num("0.3")), 0);
	assert_true(aw_num_div(num("1"), num("3"), &n));
	assert_num(n, "0.3333333333333333333333333333333333");
	assert_false(aw_num_div(num("1"), num("0"), &n));
	assert_true(aw_num_pow(num("1.1"), num("-12"), &n));
	assert_num(n, "0.3186308177103568160036393756023623");
}

static void
a_thirty_fifth_digit_is_rounded_half_to_even_once(void **state)
{
	(void)state;
	assert_num(
		num("10000000000000000000000000000000005"), "10000000000000000000000000000000000");
	assert_num(num("100000000000000000000000000000000451"),
		"100000000000000000000000000000000500");
	assert_num(num("100000000000000000000000000000000450"),
		"100000000000000000000000000000000400");
}

static void
every_way_of_rounding_holds_at_the_half(void **state)
{
	static const struct {
		enum aw_rounding rounding;
		const char *plus, *minus; /* of 2.5 and -2.5 */
	} ways[] = { { AW_ROUND_HALF_EVEN, "2", "-2" }, { AW_ROUND_UP, "3", "-3" },
		{ AW_ROUND_DOWN, "2", "-2" }, { AW_ROUND_HALF_UP, "3", "-3" },
		{ AW_ROUND_HALF_DOWN, "2", "-2" }, { AW_ROUND_FLOOR, "2", "-3" },
		{ AW_ROUND_CEILING, "3", "-2" } };
	struct aw_num n;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(ways); i++) {
		assert_true(aw_num_round(num("2.5"), 0, ways[i].rounding, &n));
		assert_num(n, ways[i].plus);
		assert_true(aw_num_round(num("-2.5"), 0, ways[i].rounding, &n));
		assert_num(n, ways[i].minus);
	}
	assert_true(aw_num_round(num("1234.5678"), -2, AW_ROUND_HALF_UP, &n));
	assert_num(n, "1200");
	assert_false(aw_num_round(num("1"), 6177, AW_ROUND_DOWN, &n));
}

static void
roots_and_logarithms_hold_to_thirty_digits(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_num n;

	(void)state;
	assert_true(aw_num_sqrt(num("2"), &n));
	assert_memory_equal(aw_num_text(&arena, n), "1.41421356237309504880168872420969", 34);
	assert_true(aw_num_exp(num("1"), &n));
	assert_memory_equal(aw_num_text(&arena, n), "2.718281828459045235360287471352", 32);
	assert_true(aw_num_log(num("10"), &n));
	assert_memory_equal(aw_num_text(&arena, n), "2.302585092994045684017991454684", 32);
	assert_false(aw_num_sqrt(num("-1"), &n));
	assert_false(aw_num_log(num("0"), &n));
	assert_false(aw_num_exp(num("100000"), &n));
	aw_arena_done(&arena);
}

static void
whole_numbers_go_to_int64_and_back_at_the_ends(void **state)
{
	int64_t v;

	(void)state;
	assert_true(aw_num_int64(aw_num_int(INT64_MAX), &v));
	assert_true(v == INT64_MAX);
	assert_num(aw_num_int(INT64_MIN), "-9223372036854775808");
	assert_false(aw_num_int64(num("9223372036854775808"), &v));
	assert_false(aw_num_int64(num("0.5"), &v));
	assert_true(aw_num_int64(num("1.00"), &v));
	assert_int_equal(v, 1);
}

static void
a_modulo_has_the_sign_of_the_divisor(void **state)
{
	struct aw_num n;

	(void)state;
	assert_true(aw_num_modulo(num("-12"), num("5"), &n));
	assert_num(n, "3");
	assert_true(aw_num_modulo(num("10.1"), num("-4.5"), &n));
	assert_num(n, "-3.4");
}

AW_TESTS(cmocka_unit_test(texts_are_read_and_printed_without_loss),
	cmocka_unit_test(decimal_fractions_add_up_exactly),
	cmocka_unit_test(a_thirty_fifth_digit_is_rounded_half_to_even_once),
	cmocka_unit_test(every_way_of_rounding_holds_at_the_half),
	cmocka_unit_test(roots_and_logarithms_hold_to_thirty_digits),
	cmocka_unit_test(whole_numbers_go_to_int64_and_back_at_the_ends),
	cmocka_unit_test(a_modulo_has_the_sign_of_the_divisor))
