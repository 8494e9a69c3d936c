/* anwang tck, anwang decide: what they print and how they end */
#include <unistd.h>

#include "../testing.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/commands.h"

struct ran {
	struct aw_arena arena;
	int code;
	const char *out;
};

/* Runs a command with its standard output in a file. */
static void
run(struct ran *ran, int (*command)(int, char **), int argc, char **argv)
{
	char path[] = "/tmp/anwang-cli-XXXXXX";
	struct aw_error err = { 0 };
	struct aw_str text;
	int file = mkstemp(path), saved = dup(STDOUT_FILENO);

	assert_true(file >= 0 && saved >= 0);
	fflush(stdout);
	assert_true(dup2(file, STDOUT_FILENO) >= 0);
	ran->code = command(argc, argv);
	fflush(stdout);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	close(file);
	assert_ok(aw_file_read(&ran->arena, path, 1 << 22, &text, &err));
	unlink(path);
	ran->out = text.at;
}

static char *
below_testdata(struct aw_arena *arena, const char *rest)
{
	return aw_arena_printf(arena, "%s/%s", testdata_dir(), rest);
}

static json_t *
parsed(const struct ran *ran)
{
	struct aw_error err = { 0 };
	json_t *json = NULL;

	assert_ok(aw_json_parse(aw_str(ran->out), "out", &json, &err));
	return json;
}

static void
tck_prints_counts_as_text_and_as_json(void **state)
{
	struct ran ran = { 0 };
	char name[] = "tck", format[] = "--format", json_word[] = "json";
	char *dir = below_testdata(&ran.arena, "dmn-tck/compliance-level-2");

	(void)state;
	run(&ran, aw_cmd_tck, 2, (char *[]){ name, dir, NULL });
	assert_int_equal(ran.code, 0);
	assert_non_null(strstr(ran.out, "cases 116/116, non-null 105/105, tests 28/28\n"));
	assert_non_null(strstr(ran.out, "0004-simpletable-U"));
	run(&ran, aw_cmd_tck, 4, (char *[]){ name, format, json_word, dir, NULL });
	assert_int_equal(ran.code, 0);
	json_t *json = parsed(&ran);

	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(json, "nonnull"), "passed")),
		105);
	assert_int_equal(json_array_size(json_object_get(json, "failed")), 0);
	json_decref(json);
	run(&ran, aw_cmd_tck, 2,
		(char *[]){ name, below_testdata(&ran.arena, "no-such-folder"), NULL });
	assert_int_equal(ran.code, 2);
	aw_arena_done(&ran.arena);
}

static void
decide_prints_result_fired_rules_and_unknowns(void **state)
{
	struct ran ran = { 0 };
	char name[] = "decide", model_word[] = "--model", decision_word[] = "--decision";
	char triage[] = "child_level", input_word[] = "--input";
	char *model = aw_arena_printf(&ran.arena, "%s/policy/keelung/triage.dmn", source_dir());
	char path[] = "/tmp/anwang-in-XXXXXX";
	struct aw_error err = { 0 };

	(void)state;
	assert_true(mkstemp(path) >= 0);
	assert_ok(aw_file_write(path,
		AW_STR_LIT(
			"{\"kind\": \"child_protection\", \"safety\": \"safe\", \"stranger\": 1}"),
		0600, &err));
	run(&ran, aw_cmd_decide, 7,
		(char *[]){
			name, model_word, model, decision_word, triage, input_word, path, NULL });
	unlink(path);
	assert_int_equal(ran.code, 0);
	json_t *json = parsed(&ran);

	assert_string_equal(json_string_value(json_object_get(json, "result")), "second");
	assert_true(json_array_size(json_object_get(json, "fired")) > 0);
	assert_true(json_array_size(json_object_get(json, "unknowns")) > 0);
	assert_non_null(strstr(ran.out, "\"stranger\""));
	json_decref(json);
	aw_arena_done(&ran.arena);
}

static void
a_bad_model_ends_with_two(void **state)
{
	struct ran ran = { 0 };
	char name[] = "decide", model_word[] = "--model", decision_word[] = "--decision", d[] = "d";
	char path[] = "/tmp/anwang-bad-XXXXXX";
	struct aw_error err = { 0 };

	(void)state;
	assert_true(mkstemp(path) >= 0);
	assert_ok(aw_file_write(path, AW_STR_LIT("<definitions"), 0600, &err));
	run(&ran, aw_cmd_decide, 5, (char *[]){ name, model_word, path, decision_word, d, NULL });
	unlink(path);
	assert_int_equal(ran.code, 2);
	assert_string_equal(ran.out, "");
	run(&ran, aw_cmd_decide, 1, (char *[]){ name, NULL });
	assert_int_equal(ran.code, 2);
	aw_arena_done(&ran.arena);
}

AW_TESTS(cmocka_unit_test(tck_prints_counts_as_text_and_as_json),
	cmocka_unit_test(decide_prints_result_fired_rules_and_unknowns),
	cmocka_unit_test(a_bad_model_ends_with_two))
