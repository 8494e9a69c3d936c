/* What stands in a URL, a form body, a cookie and a header. */
#include "net/form.h"

#include "../testing.h"

static enum aw_status
read_form(struct aw_arena *arena, const char *text, struct aw_form *form, struct aw_error *err)
{
	*form = (struct aw_form){ 0 };
	return aw_form_read(arena, aw_str(text), form, err);
}

static void
a_form_body_decodes_to_names_and_values(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_form form;

	(void)state;
	assert_ok(read_form(&arena, "a=1&b=%E5%AE%89+%E7%B6%B2&&c&d=%2B&a=x%0d%0Ay", &form, &err));
	assert_int_equal(form.count, 5);
	assert_string_equal(form.values[0].name, "a");
	assert_string_equal(form.values[1].value, "安 網");
	assert_string_equal(form.values[2].name, "c");
	assert_string_equal(form.values[2].value, "");
	assert_string_equal(form.values[3].value, "+");
	assert_string_equal(form.values[4].value, "x\r\ny");
}

static void
broken_escapes_controls_and_bad_utf8_are_refused(void **state)
{
	static const char *const bad[] = { "a=%", "a=%4", "a=%G1", "a=%1", "a=%00", "%07=1",
		"a=%FF", "a=%C0%80", "a=\xE5\xAE", "a=%7F", "a=%ED%A0%80" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_form form;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++)
		assert_int_equal(read_form(&arena, bad[i], &form, &err), AW_INVALID);
}

static void
too_many_values_are_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf text = { .arena = &arena };
	struct aw_error err = { 0 };
	struct aw_form form;

	(void)state;
	for (int i = 0; i < AW_FORM_MOST_VALUES; i++)
		aw_buf_text(&text, "a&");
	assert_ok(read_form(&arena, aw_buf_z(&text), &form, &err));
	aw_buf_text(&text, "a");
	assert_int_equal(read_form(&arena, aw_buf_z(&text), &form, &err), AW_TOO_LARGE);
}

static void
the_top_level_of_json_is_read_like_a_form(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_form form = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_json_parse(aw_str("{\"a\":\"x\",\"n\":7,\"t\":true,\"z\":null,\"l\":[\"p\","
				       "\"q\"],\"o\":{\"i\":1}}"),
		NULL, &json, &err));
	assert_ok(aw_form_json(&arena, json, &form, &err));
	assert_int_equal(form.count, 5);
	assert_string_equal(form.values[1].value, "7");
	assert_string_equal(form.values[2].value, "true");
	assert_string_equal(form.values[4].name, "l");
	assert_string_equal(form.values[4].value, "q");
}

static void
json_with_nul_or_control_characters_is_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		AW_SCOPED(json, json_t *)
		json = json_pack("{s:s%}", "a",
			i == 0 ? "x\0y"
			       : "x\x1b"
				 "y",
			(size_t)3);
		struct aw_form form = { 0 };

		assert_non_null(json);
		assert_int_equal(aw_form_json(&arena, json, &form, &err), AW_INVALID);
	}
}

static void
a_name_in_json_holds_no_control_character_either(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = json_pack("{s:s}", "a\x7f", "x");
	struct aw_error err = { 0 };
	struct aw_form form = { 0 };

	(void)state;
	assert_int_equal(aw_form_json(&arena, json, &form, &err), AW_INVALID);
}

static void
an_idempotency_key_is_a_line_of_text(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_form form = { 0 };
	char long_key[202];

	(void)state;
	memset(long_key, 'a', sizeof(long_key));
	long_key[201] = '\0';
	assert_ok(aw_form_idempotency(&arena, NULL, &form, &err));
	assert_int_equal(form.count, 0);
	assert_ok(aw_form_idempotency(&arena, long_key + 1, &form, &err));
	assert_string_equal(form.values[0].name, "idempotency_key");
	assert_int_equal(aw_form_idempotency(&arena, long_key, &form, &err), AW_INVALID);
	assert_int_equal(aw_form_idempotency(&arena, "", &form, &err), AW_INVALID);
	assert_int_equal(aw_form_idempotency(&arena, "a\x07", &form, &err), AW_INVALID);
	assert_int_equal(aw_form_idempotency(&arena, "a\nb", &form, &err), AW_INVALID);
	assert_int_equal(aw_form_idempotency(&arena, "\xff", &form, &err), AW_INVALID);
}

static void
a_cookie_is_found_by_its_whole_name(void **state)
{
	struct aw_str header = aw_str("x__Host-anwang=no; __Host-anwang=yes; other=1");

	(void)state;
	assert_true(aw_str_is(aw_cookie_find(header, "__Host-anwang"), "yes"));
	assert_true(aw_str_is(aw_cookie_find(header, "other"), "1"));
	assert_null(aw_cookie_find(header, "Host-anwang").at);
	assert_null(aw_cookie_find(aw_str(NULL), "other").at);
}

static void
browsers_get_html_and_programs_get_json(void **state)
{
	(void)state;
	assert_false(aw_accepts_json(NULL));
	assert_false(aw_accepts_json("*/*"));
	assert_false(aw_accepts_json("text/html,application/xhtml+xml,application/json;q=0.9"));
	assert_true(aw_accepts_json("application/json"));
	assert_true(aw_accepts_json("Application/JSON; charset=utf-8, text/html"));
	assert_false(aw_accepts_json("application/jsonx"));
	assert_true(aw_media_type_is("application/json;charset=utf-8", "application/json"));
	assert_false(aw_media_type_is(NULL, "application/json"));
}

AW_TESTS(cmocka_unit_test(a_form_body_decodes_to_names_and_values),
	cmocka_unit_test(broken_escapes_controls_and_bad_utf8_are_refused),
	cmocka_unit_test(too_many_values_are_refused),
	cmocka_unit_test(the_top_level_of_json_is_read_like_a_form),
	cmocka_unit_test(json_with_nul_or_control_characters_is_refused),
	cmocka_unit_test(a_name_in_json_holds_no_control_character_either),
	cmocka_unit_test(an_idempotency_key_is_a_line_of_text),
	cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
	cmocka_unit_test(browsers_get_html_and_programs_get_json))
