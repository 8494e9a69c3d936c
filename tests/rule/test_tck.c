/* rule/tck: the kit itself */
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../testing.h"
#include "base/file.h"
#include "rule/tck.h"

static struct aw_tck_result
run(struct aw_arena *arena, const char *folder)
{
	struct aw_tck_result result = { 0 };
	struct aw_error err = { 0 };
	const char *dir = aw_arena_printf(arena, "%s/dmn-tck/%s", testdata_dir(), folder);

	assert_ok(aw_tck_run(arena, dir, NULL, NULL, &result, &err));
	return result;
}

static void
level_two_passes_whole(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_tck_result result = run(&arena, "compliance-level-2");

	(void)state;
	for (size_t i = 0; i < result.failed_count; i++)
		print_message("# %s %s: expected %s, got %s\n", result.failed[i].test,
			result.failed[i].id, result.failed[i].expected, result.failed[i].got);
	assert_int_equal(result.cases.total, 116);
	assert_int_equal(result.cases.passed, 116);
	assert_int_equal(result.nonnull.total, 105);
	assert_int_equal(result.nonnull.passed, 105);
	assert_int_equal(result.tests.passed, 28);
	aw_arena_done(&arena);
}

/* What is missing calls functions in Java, which are refused on purpose. */
static void
level_three_does_not_fall_below_what_it_was(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_tck_result result = run(&arena, "compliance-level-3");

	(void)state;
	for (size_t i = 0; i < result.failed_count; i++)
		print_message("# %s %s: expected %s, got %s\n", result.failed[i].test,
			result.failed[i].id, result.failed[i].expected, result.failed[i].got);
	assert_int_equal(result.cases.total, 2590);
	assert_true(result.cases.passed >= 2576);
	assert_true(result.nonnull.passed >= 1306);
	assert_true(result.tests.passed >= 84);
	aw_arena_done(&arena);
}

static void
a_folder_of_one_test_works_like_a_folder_of_many(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_tck_result result = run(&arena, "compliance-level-2/0004-simpletable-U");

	(void)state;
	assert_int_equal(result.cases.total, 3);
	assert_int_equal(result.tests.total, 1);
	assert_string_equal(result.at[0].name, "0004-simpletable-U");
	aw_arena_done(&arena);
}

static void
put(struct aw_arena *arena, const char *dir, const char *name, const char *text)
{
	struct aw_error err = { 0 };

	assert_ok(aw_file_write(
		aw_arena_printf(arena, "%s/%s", dir, name), aw_str(text), 0600, &err));
}

static void
a_wrong_result_and_a_model_that_does_not_load_fail_their_cases(void **state)
{
	static const char cases[] =
		"<testCases xmlns=\"http://www.omg.org/spec/DMN/20160719/testcase\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><modelName>m.dmn</"
		"modelName>"
		"<testCase id=\"1\"><resultNode name=\"d\"><expected><value "
		"xsi:type=\"xsd:decimal\">3"
		"</value></expected></resultNode></testCase></testCases>";
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_tck_result result = { 0 };
	char dir[] = "/tmp/anwang-tck-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_fails(
		aw_tck_run(&arena, dir, NULL, NULL, &result, &err), AW_NOT_FOUND, "no test case");
	put(&arena, dir, "m-test.xml", cases);
	put(&arena, dir, "m.dmn",
		"<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
		"namespace=\"urn:t\" name=\"t\"><decision name=\"d\"><literalExpression>"
		"<text>1 + 1</text></literalExpression></decision></definitions>");
	aw_error_clear(&err);
	assert_ok(aw_tck_run(&arena, dir, NULL, NULL, &result, &err));
	assert_int_equal(result.cases.passed, 0);
	assert_string_equal(result.failed[0].expected, "3");
	assert_string_equal(result.failed[0].got, "2");
	put(&arena, dir, "m.dmn", "<definitions");
	assert_ok(aw_tck_run(&arena, dir, NULL, NULL, &result, &err));
	assert_int_equal(result.cases.passed, 0);
	assert_non_null(strstr(result.failed[0].got, "not well-formed"));
	assert_int_equal(unlink(aw_arena_printf(&arena, "%s/m.dmn", dir)), 0);
	assert_int_equal(unlink(aw_arena_printf(&arena, "%s/m-test.xml", dir)), 0);
	assert_int_equal(rmdir(dir), 0);
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(level_two_passes_whole),
	cmocka_unit_test(level_three_does_not_fall_below_what_it_was),
	cmocka_unit_test(a_folder_of_one_test_works_like_a_folder_of_many),
	cmocka_unit_test(a_wrong_result_and_a_model_that_does_not_load_fail_their_cases))
