/* rule/value */
#include "ruling.h"

static void
json_goes_in_and_comes_out_the_same(void **state)
{
	static const char text[] = "{\"a\":[1,2.5,null,true],\"b\":{\"c\":\"文\"},\"d\":\"x\"}";
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	json_t *in = NULL;

	(void)state;
	assert_ok(aw_json_parse(AW_STR_LIT(text), NULL, &in, &err));
	json_t *out = aw_value_json(&arena, aw_value_of_json(&arena, in));

	assert_string_equal(aw_json_text(&arena, out), text);
	json_decref(in);
	json_decref(out);
	aw_arena_done(&arena);
}

static void
null_equals_null_alone_and_kinds_do_not_mix(void **state)
{
	(void)state;
	assert_int_equal(aw_value_equal(aw_null, aw_null), AW_TRUE);
	assert_int_equal(aw_value_equal(aw_null, aw_value_int(1)), AW_FALSE);
	assert_int_equal(aw_value_equal(aw_value_int(1), aw_value_text(AW_STR_LIT("1"))), AW_NULL);
}

static void
values_print_as_feel_reads_them(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("[1, \"a\\\"b\", null, {x y: 2}, [1..3), @\"2021-12-06\"]",
		"[1, \"a\\\"b\", null, {x y: 2}, [1..3), 2021-12-06]");
	assert_feel("(<= 5)", "<= 5");
	assert_feel("(> 5)", "> 5");
	aw_arena_done(&arena);
}

static void
an_entry_put_twice_keeps_its_place(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_context context = { 0 };

	(void)state;
	aw_context_put(&arena, &context, AW_STR_LIT("a"), aw_value_int(1));
	aw_context_put(&arena, &context, AW_STR_LIT("b"), aw_value_int(2));
	aw_context_put(&arena, &context, AW_STR_LIT("a"), aw_value_int(3));
	assert_string_equal(aw_value_print(&arena, aw_value_context(&context)), "{a: 3, b: 2}");
	assert_null(aw_context_get(&context, AW_STR_LIT("c")));
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(json_goes_in_and_comes_out_the_same),
	cmocka_unit_test(null_equals_null_alone_and_kinds_do_not_mix),
	cmocka_unit_test(values_print_as_feel_reads_them),
	cmocka_unit_test(an_entry_put_twice_keeps_its_place))
