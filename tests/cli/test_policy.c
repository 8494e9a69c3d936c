/* anwang policy check: each city comes out clean, and a planted fault is named with its place */
#include <unistd.h>

#include "../folder.h"
#include "../testing.h"
#include "base/file.h"
#include "cli/commands.h"

struct ran {
	struct aw_arena arena;
	int code;
	const char *said; /* both streams */
};

/* Runs `anwang policy ...`, words up to NULL, with what it prints in a file. */
static void
run(struct ran *ran, const char *const *words)
{
	char path[] = "/tmp/anwang-check-XXXXXX";
	char name[] = "policy";
	char *argv[12] = { name };
	int argc = 1;
	int file = mkstemp(path), out = dup(STDOUT_FILENO), errors = dup(STDERR_FILENO);
	struct aw_error err = { 0 };
	struct aw_str text;

	assert_true(file >= 0 && out >= 0 && errors >= 0);
	for (; words[argc - 1] != NULL && argc < (int)AW_COUNT(argv) - 1; argc++)
		argv[argc] = aw_arena_strdup(&ran->arena, words[argc - 1]);
	fflush(NULL);
	assert_true(dup2(file, STDOUT_FILENO) >= 0 && dup2(file, STDERR_FILENO) >= 0);
	ran->code = aw_cmd_policy(argc, argv);
	fflush(NULL);
	assert_true(dup2(out, STDOUT_FILENO) >= 0 && dup2(errors, STDERR_FILENO) >= 0);
	close(out);
	close(errors);
	close(file);
	assert_ok(aw_file_read(&ran->arena, path, 1 << 22, &text, &err));
	unlink(path);
	ran->said = text.at;
}

static void
check(struct ran *ran, const char *dir)
{
	run(ran, (const char *const[]){ "check", dir, NULL });
}

static void
every_city_comes_out_clean(void **state)
{
	static const char *const cities[] = { "keelung", "kaohsiung", "new-taipei" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cities); i++) {
		struct ran ran = { 0 };

		check(&ran, policy_dir(&ran.arena, cities[i]));
		if (ran.code != 0)
			fail_msg("%s", ran.said);
		assert_non_null(strstr(ran.said, " rules fires in one\n"));
		aw_arena_done(&ran.arena);
	}
}

static void
a_rule_that_no_scenario_tries_is_a_mistake(void **state)
{
	char dir[] = "/tmp/anwang-city-XXXXXX";
	struct ran ran = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	folder_copy(&ran.arena, policy_dir(&ran.arena, "taiwan"),
		aw_arena_printf(&ran.arena, "%s/taiwan", dir), NULL);
	folder_copy(&ran.arena, policy_dir(&ran.arena, "keelung"),
		aw_arena_printf(&ran.arena, "%s/keelung", dir), "scenarios/triage.yaml");
	check(&ran, aw_arena_printf(&ran.arena, "%s/keelung", dir));
	assert_int_equal(ran.code, 2);
	assert_non_null(strstr(ran.said, "/keelung/triage.dmn:"));
	assert_non_null(strstr(ran.said, " fires in no scenario\n"));
	folder_remove(&ran.arena, dir);
	aw_arena_done(&ran.arena);
}

/* Whatever the server calls the work. */
static void
an_error_names_the_command_that_was_typed(void **state)
{
	static const char *const typed[][9] = {
		{ "confirm", "1", "--db", "sqlite:/nowhere/none.db", "--policy", "/nowhere" },
		{ "proposals", "--db", "sqlite:/nowhere/none.db", "--policy", "/nowhere" },
		{ "refuse", "--db", "sqlite:/nowhere/none.db", "--policy", "/nowhere" },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(typed); i++) {
		struct ran ran = { 0 };

		run(&ran, typed[i]);
		assert_int_not_equal(ran.code, 0);
		assert_ptr_equal(strstr(ran.said, aw_arena_printf(&ran.arena,
							  "anwang policy %s: ", typed[i][0])),
			ran.said);
		aw_arena_done(&ran.arena);
	}
}

/* Out of a copy of the folder, edited as text, and in again: told, refused, kept. */
static void
a_table_goes_through_a_sheet(void **state)
{
	char dir[] = "/tmp/anwang-city-XXXXXX";
	struct ran out = { 0 }, same = { 0 }, told = { 0 }, bad = { 0 }, kept = { 0 };
	struct aw_error err = { 0 };
	const char *city, *csv, *ods;
	struct aw_str text;
	char *sheet;

	(void)state;
	assert_non_null(mkdtemp(dir));
	city = aw_arena_printf(&out.arena, "%s/keelung", dir);
	csv = aw_arena_printf(&out.arena, "%s/t.csv", dir);
	ods = aw_arena_printf(&out.arena, "%s/t.ods", dir);
	folder_copy(&out.arena, policy_dir(&out.arena, "taiwan"),
		aw_arena_printf(&out.arena, "%s/taiwan", dir), NULL);
	folder_copy(&out.arena, policy_dir(&out.arena, "keelung"), city, NULL);
	run(&out, (const char *const[]){ "export", city, "tipvda", "--out", csv, NULL });
	assert_int_equal(out.code, 0);
	run(&out, (const char *const[]){
			  "export", city, "tipvda", "--format", "ods", "--out", ods, NULL });
	assert_int_equal(out.code, 0);
	run(&same, (const char *const[]){ "import", city, ods, NULL });
	assert_int_equal(same.code, 0);
	assert_string_equal(same.said, "");
	assert_ok(aw_file_read(&out.arena, csv, 1 << 20, &text, &err));
	sheet = aw_arena_strdup(&out.arena, text.at);
	assert_non_null(strstr(sheet, ">= 8"));
	strstr(sheet, ">= 8")[3] = '9';
	assert_ok(aw_file_write(csv, aw_str(sheet), 0600, &err));
	run(&told, (const char *const[]){ "import", city, csv, NULL });
	assert_int_equal(told.code, 0);
	assert_string_equal(told.said, "changed\ttipvda_1\trow 9\tTIPVDA\t>= 8\t>= 9\n");
	run(&kept, (const char *const[]){ "import", city, csv, "--write", NULL });
	assert_int_equal(kept.code, 0);
	assert_ok(aw_file_read(&out.arena, aw_arena_printf(&out.arena, "%s/triage.dmn", city),
		1 << 20, &text, &err));
	assert_non_null(strstr(text.at, "&gt;= 9</text>"));
	strstr(sheet, ">= 9")[3] = '(';
	assert_ok(aw_file_write(csv, aw_str(sheet), 0600, &err));
	run(&bad, (const char *const[]){ "import", city, csv, "--write", NULL });
	assert_int_equal(bad.code, 2);
	assert_ptr_equal(strstr(bad.said, aw_arena_printf(&bad.arena, "%s:9:D: ", csv)), bad.said);
	assert_non_null(strstr(bad.said, "anwang policy import: 1 mistakes in "));
	folder_remove(&out.arena, dir);
	aw_arena_done(&out.arena);
	aw_arena_done(&same.arena);
	aw_arena_done(&told.arena);
	aw_arena_done(&bad.arena);
	aw_arena_done(&kept.arena);
}

AW_TESTS(cmocka_unit_test(a_table_goes_through_a_sheet),
	cmocka_unit_test(an_error_names_the_command_that_was_typed),
	cmocka_unit_test(every_city_comes_out_clean),
	cmocka_unit_test(a_rule_that_no_scenario_tries_is_a_mistake))
