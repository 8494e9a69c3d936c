/* Messages: syntax, plural forms, arguments, and ICU's opinion of every text in the catalogs. */
#include "../testing.h"

#include <unicode/umsg.h>
#include <unicode/ustring.h>

#include "base/file.h"
#include "base/json.h"
#include "page/message.h"

static const char *
say(struct aw_arena *arena, const char *language, const char *text,
	const struct aw_message_arg *args, size_t count)
{
	AW_SCOPED(json, json_t *) json = json_object();
	AW_SCOPE(aw_catalog) catalog = { 0 };
	struct aw_error err = { 0 };

	aw_json_put_text(json, "k", text);
	assert_ok(aw_catalog_load(
		arena, language, aw_str(aw_json_text(arena, json)), &catalog, &err));
	return aw_message(arena, &catalog, "k", args, count);
}

static void
plural_forms_follow_the_language(void **state)
{
	static const char text[] = "{n, plural, =0 {none} one {# case} other {# cases}}";
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_message_arg one = AW_ARG_INT("n", 1), many = AW_ARG_INT("n", 1344),
			      none = AW_ARG_INT("n", 0);

	(void)state;
	assert_string_equal(say(&arena, "en", text, &one, 1), "1 case");
	assert_string_equal(say(&arena, "en", text, &many, 1), "1,344 cases");
	assert_string_equal(say(&arena, "en", text, &none, 1), "none");
	assert_string_equal(say(&arena, "zh-Hant-TW", text, &one, 1), "1 cases");
	many.number = 22;
	assert_string_equal(
		say(&arena, "en", "{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}",
			&many, 1),
		"22nd");
}

static void
choices_may_stand_inside_choices(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_message_arg args[] = { AW_ARG_INT("n", 2), AW_ARG_TEXT("who", "lead") };

	(void)state;
	assert_string_equal(say(&arena, "en",
				    "{who, select, lead {{n, plural, one {a lead} other {# "
				    "leads}}} other {x}}.",
				    args, 2),
		"2 leads.");
}

static void
apostrophes_quote_braces(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_message_arg n = AW_ARG_INT("n", 3);

	(void)state;
	assert_string_equal(say(&arena, "en", "it''s '{n}' {n}", &n, 1), "it's {n} 3");
	assert_string_equal(say(&arena, "en", "don't", &n, 1), "don't");
}

static void
what_is_missing_is_seen(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_catalog) catalog = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_catalog_load(&arena, "en", aw_str("{\"a\": \"{x}\"}"), &catalog, &err));
	assert_string_equal(aw_message(&arena, &catalog, "b", NULL, 0), "⟦b⟧");
	assert_string_equal(aw_message(&arena, &catalog, "a", NULL, 0), "{x}");
	assert_true(aw_catalog_has(&catalog, "a"));
	assert_false(aw_catalog_has(&catalog, ""));
}

static void
a_bad_text_is_named_by_its_key(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "{", "no name" },
		{ "a}", "closing brace" },
		{ "{n, plural, one {x}}", "other" },
		{ "{n, date}", "type is" },
		{ "{n, plural, one x}", "a choice is" },
		{ "{n x}", "{name}" },
		{ "{n, plural, other {x}", "a choice is" },
	};
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		struct aw_catalog catalog;
		struct aw_error err = { 0 };
		const char *json = aw_arena_printf(&arena, "{\"bad.key\": \"%s\"}", cases[i].text);

		assert_fails(aw_catalog_load(&arena, "en", aw_str(json), &catalog, &err),
			AW_INVALID, cases[i].words);
		assert_non_null(strstr(err.text, "bad.key"));
	}
}

/* ICU's parser accepts the text, and without arguments it says the same. */
static void
compare_with_icu(
	struct aw_arena *arena, const struct aw_catalog *catalog, const char *key, const char *text)
{
	UChar pattern[2048], out[2048];
	char back[4096];
	UErrorCode code = U_ZERO_ERROR;
	UParseError where;
	int32_t len;
	UMessageFormat *format;

	u_strFromUTF8(pattern, AW_COUNT(pattern), &len, text, -1, &code);
	assert_true(U_SUCCESS(code));
	format = umsg_open(pattern, len, catalog->language, &where, &code);
	if (U_FAILURE(code))
		fail_msg("%s: %s: ICU does not read it: %s", catalog->language, key,
			u_errorName(code));
	umsg_close(format);
	if (strchr(text, '{') != NULL)
		return;
	len = u_formatMessage(
		catalog->language, pattern, u_strlen(pattern), out, AW_COUNT(out), &code);
	u_strToUTF8(back, sizeof(back), NULL, out, len, &code);
	assert_true(U_SUCCESS(code));
	assert_string_equal(aw_message(arena, catalog, key, NULL, 0), back);
}

static void
icu_reads_every_text_and_both_languages_have_the_same_keys(void **state)
{
	static const char *const languages[] = { "zh-Hant-TW", "en" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_catalog catalogs[2];
	struct aw_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		AW_SCOPED(json, json_t *) root = NULL;
		struct aw_str text;
		const char *key;
		json_t *value;

		assert_ok(aw_file_read(&arena,
			aw_arena_printf(&arena, "%s/messages/%s.json", source_dir(), languages[i]),
			1 << 22, &text, &err));
		assert_ok(aw_json_parse(text, languages[i], &root, &err));
		assert_ok(aw_catalog_load(&arena, languages[i], text, &catalogs[i], &err));
		json_object_foreach(root, key, value)
		{
			compare_with_icu(&arena, &catalogs[i], key, json_string_value(value));
		}
	}
	assert_true(catalogs[0].count > 100);
	for (size_t i = 0; i < catalogs[0].count || i < catalogs[1].count; i++) {
		const char *zh = aw_catalog_key(&catalogs[0], i);
		const char *en = aw_catalog_key(&catalogs[1], i);

		if (!aw_text_eq(zh, en))
			fail_msg("the catalogs part at %s / %s", zh == NULL ? "(end)" : zh,
				en == NULL ? "(end)" : en);
	}
	aw_catalog_done(&catalogs[0]);
	aw_catalog_done(&catalogs[1]);
}

AW_TESTS(cmocka_unit_test(plural_forms_follow_the_language),
	cmocka_unit_test(choices_may_stand_inside_choices),
	cmocka_unit_test(apostrophes_quote_braces), cmocka_unit_test(what_is_missing_is_seen),
	cmocka_unit_test(a_bad_text_is_named_by_its_key),
	cmocka_unit_test(icu_reads_every_text_and_both_languages_have_the_same_keys))
