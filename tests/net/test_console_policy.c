/* The command policy replay: the draft comes packed, and the look is in the log. */
#include "consolebench.h"
#include "net/console_guard.h"
#include "net/console_policy.h"
#include "net/console_report.h"

#define IPV                                                                                        \
	"{\"kind\": \"adult_ipv\", \"channel\": \"police\", \"incident\": {\"narrative\": \"x\"}," \
	" \"persons\": [{\"role\": \"victim\", \"name\": \"x\", \"sex\": \"F\"}],"                 \
	" \"answers\": {\"tipvda\": 9}}"

static enum aw_status
replay(struct console_bench *b, struct aw_str draft, const char *format, struct aw_console *console,
	struct aw_error *err)
{
	const struct aw_form_value values[] = { { "format", format } };

	*console = (struct aw_console){ .house = &b->house,
		.arena = &b->arena,
		.viewer = &b->viewer,
		.values = values,
		.value_count = 1,
		.body = draft,
		.out = { .arena = &b->arena } };
	return aw_console_replay(console, err);
}

static void
a_draft_is_replayed_and_the_look_is_logged(void **state)
{
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };
	struct aw_bytes bundle = aw_policy_pack(&b->arena, aw_house_policy(&b->house));
	struct aw_str draft = { (const char *)bundle.at, bundle.len };
	AW_SCOPED(json, json_t *) json = NULL;

	assert_ok(console_bench_run(b, aw_console_report, IPV,
		(const char *const[]){ "file", "r.json", NULL }, &console, &err));
	assert_ok(replay(b, draft, "json", &console, &err));
	assert_ok(aw_json_parse(aw_str(aw_buf_z(&console.out)), "replay", &json, &err));
	assert_int_equal(json_integer_value(json_object_get(json, "decisions")), 1);
	assert_int_equal(json_integer_value(json_object_get(json, "changed")), 0);
	/* the log needs its key; a house of all parts has it */
	assert_ok(console_bench_run(b, aw_console_audit, "",
		(const char *const[]){ "verb", "export", NULL }, &console, &err));
	assert_non_null(strstr(aw_buf_z(&console.out), "\"action\":\"policy.replay\""));
	assert_non_null(strstr(aw_buf_z(&console.out), "\\\"decisions\\\":1"));
}

static void
what_is_no_policy_is_refused(void **state)
{
	struct console_bench *b = *state;
	struct aw_console console;
	struct aw_error err = { 0 };

	assert_fails(replay(b, AW_STR_LIT("no bundle"), NULL, &console, &err), AW_CORRUPT, "draft");
	aw_error_clear(&err);
	assert_fails(replay(b, AW_STR_LIT(""), "xml", &console, &err), AW_INVALID, "table or json");
}

AW_TESTS(CONSOLE_TEST(a_draft_is_replayed_and_the_look_is_logged),
	CONSOLE_TEST(what_is_no_policy_is_refused))
