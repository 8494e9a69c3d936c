/* tests/base/json - limits and refusals, checked on the public parsing cases. */
#include "../testing.h"

#include "base/file.h"
#include "base/json.h"

static void
the_public_cases_are_accepted_and_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err;
	const char *const *paths;
	size_t count, accepted = 0, refused = 0;
	char *dir = aw_arena_printf(&arena, "%s/json-test-suite/test_parsing", testdata_dir());

	(void)state;
	assert_ok(aw_file_list(&arena, dir, ".json", &paths, &count, &err));
	assert_true(count > 200);
	for (size_t i = 0; i < count; i++) {
		AW_SCOPED(json, json_t *) json = NULL;
		const char *name = strrchr(paths[i], '/') + 1;
		struct aw_str text;
		bool good;
		assert_ok(aw_file_read(&arena, paths[i], 1 << 20, &text, &err));
		good = aw_json_parse(text, name, &json, &err) == AW_OK;
		/* doubled keys, and keys that hold a NUL, are refused by our choice: RFC 8259 §4
		 * leaves the first open, and no field of ours can have the second as its name */
		if (strstr(name, "duplicated_key") != NULL ||
			strcmp(name, "y_object_escaped_null_in_key.json") == 0)
			assert_false(good);
		else if (name[0] == 'y' && !good)
			fail_msg("%s was refused: %s", name, err.text);
		else if (name[0] == 'n' && good)
			fail_msg("%s was accepted", name);
		accepted += good ? 1 : 0;
		refused += good ? 0 : 1;
	}
	assert_true(accepted > 80 && refused > 150);
}

static void
an_error_has_a_place_and_quotes_nothing(void **state)
{
	struct aw_error err;
	json_t *json = NULL;

	(void)state;
	assert_fails(aw_json_parse(aw_str("{\"name\":\n 王小明}"), "body", &json, &err), AW_INVALID,
		"not valid JSON");
	assert_int_equal(err.line, 2);
	assert_null(strstr(err.text, "王"));
}

static void
equal_values_are_equal_bytes(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) a = NULL;
	AW_SCOPED(json, json_t *) b = NULL;
	struct aw_error err;

	(void)state;
	assert_ok(aw_json_parse(aw_str("{\"b\":1,\"a\":[true,null]}"), NULL, &a, &err));
	assert_ok(aw_json_parse(aw_str("{ \"a\": [true, null], \"b\": 1 }"), NULL, &b, &err));
	assert_string_equal(aw_json_text(&arena, a), aw_json_text(&arena, b));
}

static void
a_text_is_written_as_the_library_writes_it(void **state)
{
	static const char *const more[] = { "", "\xE5\xAE\x89\xE7\xB6\xB2 \xF0\x9F\x8F\xA0",
		"a/b\x7F", "\"\"", "end\\" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf buf = { .arena = &arena };
	char each[4] = "a?b";

	(void)state;
	for (int c = 1; c < 128 + (int)AW_COUNT(more); c++) {
		const char *text = c < 128 ? each : more[c - 128];

		each[1] = (char)(c < 128 ? c : 'x');
		AW_SCOPED(json, json_t *) array = json_pack("[s]", text);

		buf.len = 0;
		aw_buf_char(&buf, '[');
		aw_buf_json(&buf, text);
		aw_buf_char(&buf, ']');
		assert_string_equal(aw_buf_z(&buf), aw_json_compact(&arena, array));
	}
	buf.len = 0;
	aw_buf_json(&buf, NULL);
	assert_string_equal(aw_buf_z(&buf), "null");
}

AW_TESTS(cmocka_unit_test(a_text_is_written_as_the_library_writes_it),
	cmocka_unit_test(the_public_cases_are_accepted_and_refused),
	cmocka_unit_test(an_error_has_a_place_and_quotes_nothing),
	cmocka_unit_test(equal_values_are_equal_bytes))
