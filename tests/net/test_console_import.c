/* The command import: counts in one line, rows put aside in a file, errors with their place. */
#include "../testdb.h"
#include "base/file.h"
#include "net/console_import.h"
#include "net/console_serve.h"
#include "policy/policy.h"

struct bench {
	struct testdb db;
	struct aw_house house;
	struct aw_arena arena;
	struct aw_viewer viewer;
};

static int
bench_open(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct aw_error err = { 0 };
	char dir[512];

	assert_non_null(b);
	testdb_open(&b->db);
	testdb_shut(&b->db);
	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	(void)setenv("ANWANG_KEY_FILE", b->db.key_path, 1);
	assert_ok(aw_house_open(
		&(struct aw_house_options){
			.url = b->db.url, .policy_dir = dir, .parts = AW_HOUSE_ALL },
		&b->house, &err));
	b->viewer = aw_console_viewer(&b->arena, "root");
	*state = b;
	return 0;
}

static int
bench_close(void **state)
{
	struct bench *b = *state;

	aw_house_done(&b->house);
	(void)unsetenv("ANWANG_KEY_FILE");
	testdb_reopen(&b->db);
	testdb_close(&b->db);
	aw_arena_done(&b->arena);
	free(b);
	return 0;
}

#define BENCH_TEST(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)

static enum aw_status
run(struct bench *b, const char *body, const char *const *pairs, struct aw_console *console,
	struct aw_error *err)
{
	struct aw_form_value *values = AW_NEW_ARRAY(&b->arena, struct aw_form_value, 10);

	*console = (struct aw_console){ .house = &b->house,
		.arena = &b->arena,
		.viewer = &b->viewer,
		.values = values,
		.body = aw_str(body),
		.out = { .arena = &b->arena } };
	for (; *pairs != NULL; pairs += 2)
		values[console->value_count++] = (struct aw_form_value){ pairs[0], pairs[1] };
	return aw_console_import(console, err);
}
#define RUN(body, ...) run(b, body, (const char *const[]){ __VA_ARGS__, NULL }, &console, &err)

static const char rows[] = "戶號,稱謂,姓名,身分證號,出生日期,性別\n"
			   "H1,戶長,王大同,C512345670,0700105,男\n"
			   "H1,子女,王小美,C645678901,不是日期,女\n";

static void
counts_come_in_one_line_and_rows_put_aside_in_a_file(void **state)
{
	struct bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };
	struct aw_str text = { 0 };
	const char *path = aw_arena_printf(&b->arena, "%s/rejected.csv", b->db.dir);

	assert_ok(RUN(
		rows, "register", "household_registration", "file", "base.csv", "rejected", path));
	assert_string_equal(aw_buf_z(&console.out),
		"{\"changed\":0,\"created\":1,\"linked\":0,\"new\":1,\"proposed\":0,"
		"\"quarantined\":1,\"register\":\"household_registration\",\"rows\":2,\"same\":0}"
		"\n");
	assert_ok(aw_file_read(&b->arena, path, 1 << 16, &text, &err));
	assert_non_null(strstr(text.at, "\n3,birth: not a date,\"H1,"));
	assert_int_equal(unlink(path), 0);
}

static void
what_cannot_be_loaded_says_where(void **state)
{
	struct bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };

	assert_fails(RUN(rows, "file", "x.csv"), AW_INVALID, "--register");
	assert_fails(RUN(rows, "register", "weather"), AW_NOT_FOUND, "no register");
	assert_fails(RUN(rows, "register", "drug", "file", "x.csv"), AW_INVALID, "資料編號");
	assert_int_equal(err.line, 1);
	assert_fails(RUN(rows, "register", "drug", "day", "110/13/01"), AW_INVALID, "--day");
	assert_fails(RUN("PK\003\004", "register", "drug", "file", "x.ods"), AW_INVALID, "damaged");
	assert_string_equal(aw_buf_z(&console.out), "");
}

AW_TESTS(BENCH_TEST(counts_come_in_one_line_and_rows_put_aside_in_a_file),
	BENCH_TEST(what_cannot_be_loaded_says_where))
