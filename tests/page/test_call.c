/* Forms: values, whole numbers with limits, problems in order, redirects that stay inside. */
#include "../testing.h"

#include "page/call.h"

static const struct aw_form_value values[] = {
	{ "name", "　王小明 " },
	{ "age", "9" },
	{ "blank", " " },
	{ "many", "first" },
	{ "many", "" },
	{ "many", "third" },
	{ "bad", "9x" },
	{ "huge", "99999999999999999999" },
};

static struct aw_call
make_call(struct aw_arena *arena)
{
	static const struct aw_form_value path[] = { { "number", "RC1101206-0005-3" } };

	return (struct aw_call){ .act = { .arena = arena },
		.values = values,
		.value_count = AW_COUNT(values),
		.path_values = path,
		.path_count = 1 };
}

static void
values_are_trimmed_and_blank_is_absent(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_call call = make_call(&arena);

	(void)state;
	assert_string_equal(aw_call_value(&call, "name"), "王小明");
	assert_null(aw_call_value(&call, "blank"));
	assert_null(aw_call_value(&call, "absent"));
	assert_string_equal(aw_call_path(&call, "number"), "RC1101206-0005-3");
	assert_null(aw_call_path(&call, "other"));
}

static void
repeated_values_keep_their_places(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_call call = make_call(&arena);

	(void)state;
	assert_string_equal(aw_call_value_at(&call, "many", 0), "first");
	assert_string_equal(aw_call_value_at(&call, "many", 1), "");
	assert_string_equal(aw_call_value_at(&call, "many", 2), "third");
	assert_null(aw_call_value_at(&call, "many", 3));
}

static void
a_number_outside_its_limits_is_a_problem_at_its_field(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_call call = make_call(&arena);

	(void)state;
	assert_int_equal(aw_call_int(&call, "age", 0, 150, -1), 9);
	assert_int_equal(aw_call_int(&call, "absent", 0, 150, -1), -1);
	assert_null(call.problems);
	assert_int_equal(aw_call_int(&call, "age", 0, 8, -1), -1);
	assert_int_equal(aw_call_int(&call, "bad", 0, 150, -1), -1);
	assert_int_equal(aw_call_int(&call, "huge", 0, 150, -1), -1);
	assert_string_equal(call.problems->field, "age");
	assert_string_equal(call.problems->detail, "0–8");
	assert_string_equal(call.problems->next->field, "bad");
	assert_string_equal(call.problems->next->next->field, "huge");
	assert_null(call.problems->next->next->next);
}

static void
a_redirect_never_leaves_the_server(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_call call = make_call(&arena);

	(void)state;
	aw_call_redirect(&call, "notice.saved", "/reports/%s", "RC1101206-0005-3");
	assert_int_equal(call.answer, AW_ANSWER_REDIRECT);
	assert_string_equal(call.location, "/reports/RC1101206-0005-3");
	assert_string_equal(call.notice, "notice.saved");
	aw_call_redirect(&call, NULL, "%s", "https://example.org/");
	assert_string_equal(call.location, "/");
	aw_call_redirect(&call, NULL, "%s", "//example.org/");
	assert_string_equal(call.location, "/");
	aw_call_redirect(&call, NULL, "/%02000d", 1);
	assert_string_equal(call.location, "/");
}

AW_TESTS(cmocka_unit_test(values_are_trimmed_and_blank_is_absent),
	cmocka_unit_test(repeated_values_keep_their_places),
	cmocka_unit_test(a_number_outside_its_limits_is_a_problem_at_its_field),
	cmocka_unit_test(a_redirect_never_leaves_the_server))
