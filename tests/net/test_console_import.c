/* The command import: counts in one line, rows put aside in a file, errors with their place. */
#include <sqlite3.h>

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

static int64_t
count(struct console_bench *b, const char *sql)
{
	sqlite3 *raw = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t n;

	assert_int_equal(sqlite3_open(b->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(raw, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(raw);
	return n;
}

#define HEAD "戶號,稱謂,姓名,身分證號,出生日期,性別\n"

static void
pieces_of_a_file_are_one_extract(void **state)
{
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };
	AW_SCOPED(json, json_t *) first = NULL;
	int64_t extract = 0;
	const char *path = aw_arena_printf(&b->arena, "%s/rejected.csv", b->db.dir);
	struct aw_str text = { 0 };

	/* the household goes on in the second piece, whose third line is the file's fifth */
	assert_ok(RUN(HEAD "H1,戶長,王大同,C512345670,0700105,男\n", "register",
		"household_registration", "file", "base.csv", "piece", "1"));
	assert_ok(aw_json_parse(aw_str(aw_buf_z(&console.out)), "answer", &first, &err));
	assert_true(aw_json_int(first, "extract", &extract));
	assert_ok(RUN(HEAD
		"H1,子女,王小美,C645678909,0950105,女\nH2,戶長,王二,不是號碼,不是日期,男\n",
		"register", "household_registration", "file", "base.csv", "piece", "1", "extract",
		aw_arena_printf(&b->arena, "%lld", (long long)extract), "line", "4", "carry",
		aw_json_string(first, "carry"), "rejected", path));
	assert_ok(aw_file_read(&b->arena, path, 1 << 16, &text, &err));
	assert_non_null(strstr(text.at, "\n5,"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(count(b, "SELECT count(*) FROM extract"), 1);
	assert_int_equal(count(b, "SELECT row_count FROM extract"), 3);
	assert_int_equal(count(b, "SELECT count(*) FROM household"), 1);
	assert_int_equal(count(b, "SELECT count(*) FROM membership"), 2);
}

static void
a_piece_of_another_extract_is_refused(void **state)
{
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };

	assert_fails(RUN(rows, "register", "household_registration", "file", "base.csv", "extract",
			     "12", "line", "4"),
		AW_NOT_FOUND, "no such extract");
	assert_fails(RUN(rows, "register", "household_registration", "file", "base.csv", "extract",
			     "12"),
		AW_INVALID, "which extract and line");
	assert_fails(RUN(rows, "register", "household_registration", "file", "base.csv", "extract",
			     "12", "line", "4", "carry", "nonsense"),
		AW_INVALID, "the piece before");
}

AW_TESTS(CONSOLE_TEST(counts_come_in_one_line_and_rows_put_aside_in_a_file),
	CONSOLE_TEST(what_cannot_be_loaded_says_where),
	CONSOLE_TEST(pieces_of_a_file_are_one_extract),
	CONSOLE_TEST(a_piece_of_another_extract_is_refused))
