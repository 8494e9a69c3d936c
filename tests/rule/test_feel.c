/* rule/feel, rule/eval, rule/builtin */
#include "ruling.h"

static void
operators_bind_as_the_standard_says(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("1 + 2 * 3 ** 2", "19");
	assert_feel("-2 ** 2", "4");
	assert_feel("2 ** 3 ** 2", "64");
	assert_feel("10 - 4 - 3", "3");
	assert_feel("1 < 2 and 2 < 1 or true", "true");
	assert_feel("5 between 1 and 10 and true", "true");
	assert_feel("\"a\" + \"文\"", "\"a文\"");
	aw_arena_done(&arena);
}

static void
logic_has_three_values(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("null and false", "false");
	assert_feel("null and true", "null");
	assert_feel("null or true", "true");
	assert_feel("null or false", "null");
	assert_feel("not(null)", "null");
	assert_feel("null = null", "true");
	assert_feel("null < 1", "null");
	assert_feel("if null then 1 else 2", "2");
	assert_feel("some x in [false, null] satisfies x", "null");
	assert_feel("every x in [true, false, null] satisfies x", "false");
	aw_arena_done(&arena);
}

static void
names_may_hold_spaces_and_operators(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("{monthly fee: 3, a-b: 2, x: monthly fee + a-b}.x", "5");
	assert_feel("{a  -  b: 7}.a - b", "7");
	assert_feel("for 里 長 in [1, 2] return 里 長 * 2", "[2, 4]");
	assert_feel("(function(first name: string) first name + \"!\")(\"x\")", "\"x!\"");
	assert_feel("string length(\"四個字喔\")", "4");
	aw_arena_done(&arena);
}

static void
lists_are_filtered_indexed_and_walked(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("[1, 2, 3][item > 1]", "[2, 3]");
	assert_feel("[1, 2, 3][-1]", "3");
	assert_feel("[1, 2, 3][4]", "null");
	assert_feel("[{a: 1}, {a: 2}][a = 2].a", "[2]");
	assert_feel("[{a: 1}, {a: 2}].a", "[1, 2]");
	assert_feel("for i in 1..3, j in [i] return i * j", "[1, 4, 9]");
	assert_feel("for i in 0..4 return if i < 2 then i else partial[-1] + partial[-2]",
		"[0, 1, 1, 2, 3]");
	assert_feel("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]");
	aw_arena_done(&arena);
}

static void
ranges_and_tests_say_in_or_not(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("5 in [1..5)", "false");
	assert_feel("5 in ]1..5]", "true");
	assert_feel("5 in (< 3, > 4)", "true");
	assert_feel("\"b\" in (\"a\", \"b\")", "true");
	assert_feel("[1..10[.end included", "false");
	assert_feel("1 in [2, [1..1]]", "true");
	assert_feel("before([1..5), [5..9])", "true");
	assert_feel("overlaps([1..5), [5..9])", "false");
	aw_arena_done(&arena);
}

static void
silent_nulls_leave_a_note_with_their_place(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_names names = { .arena = &arena };
	struct aw_types types = { .arena = &arena };
	struct aw_str text = AW_STR_LIT("1 +\n  nobody");
	struct aw_run run = { .arena = &arena, .types = &types, .text = text, .line = 10 };
	struct aw_node *node;
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_feel_parse(&arena, text, &names, &node, &err));
	assert_int_equal(aw_eval(&run, NULL, node).kind, AW_VALUE_NULL);
	assert_non_null(run.diagnostics);
	assert_string_equal(run.diagnostics->text, "nothing here is called \"nobody\"");
	assert_int_equal(run.diagnostics->line, 11);
	assert_int_equal(run.diagnostics->column, 3);
	assert_int_equal(run.diagnostic_count, 2); /* and the sum with null */
	aw_arena_done(&arena);
}

static void
mistakes_in_the_text_have_line_and_column(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("1 +\n ) 2", "error 2:2 expected an expression");
	assert_feel("\"open", "error 1:1 this text has no closing quotation mark");
	assert_feel("if true then 1", "error 1:15 expected \"else\"");
	assert_feel("1 2", "error 1:3 did not expect \"2\"");
	assert_feel("{a 1}", "error 1:2 expected the name of an entry, then ':'");
	assert_feel("\xff", "error 1:1 the expression is not UTF-8");
	aw_arena_done(&arena);
}

static void
depth_and_length_have_limits(void **state)
{
	struct aw_arena arena = { 0 };
	char deep[1001];

	(void)state;
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	assert_feel(deep, "error 1:201 nested deeper than 200");
	memset(deep, '-', sizeof(deep) - 1);
	assert_feel(deep, "error 1:200 nested deeper than 200");
	assert_feel("count(for a in 1..3000, b in 1..3000 return a)", "null");
	assert_feel("{f: function(n) f(n + 1), x: f(0)}.x", "null");
	aw_arena_done(&arena);
}

static void
arguments_go_by_place_or_by_name(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("substring(string: \"abcdef\", start position: 2, length: 3)", "\"bcd\"");
	assert_feel("substring(\"abcdef\", -2)", "\"ef\"");
	assert_feel("substring(text: \"abc\", start position: 1)", "null");
	assert_feel("max(1, 3, 2)", "3");
	assert_feel("max([])", "null");
	assert_feel("decimal(2.5, 0)", "2");
	assert_feel("mean([1, 2, 3, 4])", "2.5");
	assert_feel("distinct values([1, 2, 1])", "[1, 2]");
	assert_feel("abs([-1])", "1");
	assert_feel("date(year: 2021, month: 12, day: 6)", "2021-12-06");
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(operators_bind_as_the_standard_says),
	cmocka_unit_test(logic_has_three_values),
	cmocka_unit_test(names_may_hold_spaces_and_operators),
	cmocka_unit_test(lists_are_filtered_indexed_and_walked),
	cmocka_unit_test(ranges_and_tests_say_in_or_not),
	cmocka_unit_test(silent_nulls_leave_a_note_with_their_place),
	cmocka_unit_test(mistakes_in_the_text_have_line_and_column),
	cmocka_unit_test(depth_and_length_have_limits),
	cmocka_unit_test(arguments_go_by_place_or_by_name))
