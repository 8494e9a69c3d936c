/* The command import: counts in one line, rows put aside in a file, errors with their place. */
#include "consolebench.h"
#include "base/file.h"
#include "net/console_import.h"

#define RUN(body, ...)                                                                             \
	console_bench_run(b, aw_console_import, body, (const char *const[]){ __VA_ARGS__, NULL },  \
		&console, &err)

static const char rows[] = "戶號,稱謂,姓名,身分證號,出生日期,性別\n"
			   "H1,戶長,王大同,C512345670,0700105,男\n"
			   "H1,子女,王小美,C645678901,不是日期,女\n";

static void
counts_come_in_one_line_and_rows_put_aside_in_a_file(void **state)
{
	struct console_bench *b = *state;
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
	struct console_bench *b = *state;
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

AW_TESTS(CONSOLE_TEST(counts_come_in_one_line_and_rows_put_aside_in_a_file),
	CONSOLE_TEST(what_cannot_be_loaded_says_where))
