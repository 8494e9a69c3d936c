/* The command report: one line a report, refusals among them, and nothing internal in any. */
#include "consolebench.h"
#include "net/console_report.h"

#define RUN(body, ...)                                                                             \
	console_bench_run(b, aw_console_report, body, (const char *const[]){ __VA_ARGS__, NULL },  \
		&console, &err)

/* The n-th line (from 0) as JSON, kept in the bench's arena; NULL behind the last. */
static json_t *
line(struct console_bench *b, const struct aw_console *console, size_t n)
{
	struct aw_str rest = aw_str(aw_buf_z(&console->out)), text = { 0 };
	struct aw_error err = { 0 };
	json_t *json = NULL;

	for (size_t i = 0; i <= n; i++) {
		if (rest.at == NULL || rest.len == 0)
			return NULL;
		text = aw_str_cut(rest, '\n', &rest);
	}
	assert_ok(aw_json_parse(text, NULL, &json, &err));
	return aw_json_keep(&b->arena, json);
}

#define IPV                                                                                             \
	"{\"kind\": \"adult_ipv\", \"channel\": \"police\","                                            \
	" \"incident\": {\"narrative\": \"示範\", \"address\": \"基隆市信義區東信路1號\"}," \
	" \"persons\": [{\"role\": \"victim\", \"name\": \"林示範\", \"sex\": \"F\"},"               \
	" {\"role\": \"respondent\", \"name\": \"陳示範\", \"relation\": \"spouse\"}],"              \
	" \"answers\": {\"tipvda\": 9, \"safety\": \"danger\"}}"

static void
one_report_gives_receipt_people_decision_and_proposal(void **state)
{
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };
	const json_t *json, *decision, *first;
	bool fired = false;

	assert_ok(RUN(IPV, "file", "r.json"));
	json = line(b, &console, 0);
	assert_null(line(b, &console, 1));
	assert_null(json_object_get(json, "line"));
	assert_true(aw_public_number_valid(
		aw_json_string(json_object_get(json, "receipt"), "number"), "RC"));
	assert_int_equal(json_array_size(json_object_get(json, "persons")), 2);
	decision = json_object_get(json, "decision");
	assert_string_equal(aw_json_string(decision, "scale"), "tipvda");
	assert_string_equal(aw_json_string(decision, "level"), "high");
	assert_int_equal(strlen(aw_json_string(decision, "policy")), 64);
	for (size_t i = 0; i < json_array_size(json_object_get(decision, "tables")); i++)
		fired |= json_array_size(json_object_get(
				 json_array_get(json_object_get(decision, "tables"), i), "fired")) >
			 0;
	assert_true(fired);
	first = json_array_get(json_object_get(json, "proposal"), 0);
	assert_string_equal(aw_json_string(first, "role"), "lead");
	assert_string_equal(aw_json_string(first, "unit"), "dv_adult");
	assert_null(strstr(aw_buf_z(&console.out), "林示範")); /* no names, no ids */
	assert_null(strstr(aw_buf_z(&console.out), "\"id\""));
}

static void
time_goes_as_told_but_not_ahead(void **state)
{
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };
	const json_t *receipt;

	assert_ok(RUN(IPV, "at", "110/5/3 09:12"));
	receipt = json_object_get(line(b, &console, 0), "receipt");
	assert_string_equal(aw_json_string(receipt, "received_at"), "2021-05-03T09:12:00+08:00");
	assert_non_null(strstr(aw_json_string(receipt, "number"), "RC1100503-"));
	assert_fails(RUN(IPV, "at", "2190-01-01T00:00:00+08:00"), AW_INVALID, "lies ahead");
	assert_fails(RUN(IPV, "at", "soon"), AW_INVALID, "--at");
}

static void
lines_go_on_after_a_bad_one(void **state)
{
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };

	assert_ok(RUN(IPV "\n\n{\"kind\": \"theft\"}\n{bad\n" IPV "\n", "file", "l"));
	assert_true(console.failed);
	assert_non_null(json_object_get(line(b, &console, 0), "receipt"));
	assert_int_equal(json_integer_value(json_object_get(line(b, &console, 1), "line")), 3);
	assert_non_null(strstr(aw_json_string(line(b, &console, 1), "error"), "no such kind"));
	assert_int_equal(json_integer_value(json_object_get(line(b, &console, 2), "line")), 4);
	assert_non_null(json_object_get(line(b, &console, 3), "receipt"));
	assert_null(line(b, &console, 4));
}

static void
a_single_bad_report_is_the_commands_error(void **state)
{
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };

	assert_fails(RUN("{\"kind\": \"suicide\", \"persons\": [{\"birth_date\": \"110/2/30\"}]}",
			     "file", "r.json"),
		AW_INVALID, "persons.0.birth_date: no such date");
	assert_string_equal(err.file, "r.json");
	assert_fails(
		RUN("{\"kind\":\n \"suicide\",,}", "file", "r.json"), AW_INVALID, "not valid JSON");
	assert_int_equal(err.line, 2);
	assert_int_equal(console.out.len, 0);
	/* Big5 is recognised: 甲 */
	assert_ok(
		RUN("{\"kind\": \"suicide\", \"incident\": {\"narrative\": \"\xa5\xd2\xa4\x41\"}}",
			"file", "r.json"));
	assert_non_null(json_object_get(line(b, &console, 0), "receipt"));
}

static void
a_table_comes_in_by_its_mapping(void **state)
{
#define MAPPING                                                                                    \
	"code: x\nzh: 甲\nen: A\nkind: suicide\ncolumns:\n"                                       \
	"  - {column: 姓名, field: persons.main.name}\n"                                         \
	"  - {column: 情形, field: incident.narrative}\n"
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };
	const char *bytes = aw_arena_printf(&b->arena, "%zu", strlen(MAPPING));

	assert_ok(RUN(MAPPING "姓名,情形\n王示範,示範一\n李示範,示範二\n", "mapping", "m.yaml",
		"mapping_bytes", bytes));
	assert_false(console.failed);
	assert_non_null(json_object_get(line(b, &console, 1), "receipt"));
	assert_int_equal(json_integer_value(json_object_get(line(b, &console, 1), "line")), 3);
	assert_null(line(b, &console, 2));
	assert_fails(RUN("姓名\n王示範\n", "mapping", "agency_csv", "file", "t.csv"), AW_INVALID,
		"does not know column 1");
	assert_string_equal(err.file, "t.csv");
}

AW_TESTS(CONSOLE_TEST(one_report_gives_receipt_people_decision_and_proposal),
	CONSOLE_TEST(time_goes_as_told_but_not_ahead), CONSOLE_TEST(lines_go_on_after_a_bad_one),
	CONSOLE_TEST(a_single_bad_report_is_the_commands_error),
	CONSOLE_TEST(a_table_comes_in_by_its_mapping))
