/* rule/regex */
#include "ruling.h"
#include "rule/regex.h"

static bool
finds(const char *pattern, const char *flags, const char *text)
{
	struct aw_arena arena = { 0 };
	struct aw_regex_match match;
	const struct aw_regex *regex = aw_regex_compile(&arena, aw_str(pattern), aw_str(flags));
	bool found = regex != NULL &&
		     aw_regex_find(&arena, regex, aw_str(text), 0, &match) == AW_REGEX_YES;

	aw_arena_done(&arena);
	return found;
}

static bool
valid(const char *pattern)
{
	struct aw_arena arena = { 0 };
	bool ok = aw_regex_compile(&arena, aw_str(pattern), aw_str("")) != NULL;

	aw_arena_done(&arena);
	return ok;
}

static void
choices_repeats_and_classes_match(void **state)
{
	(void)state;
	assert_true(finds("^(ab|a|b)+$", "", "abba"));
	assert_false(finds("^(ab|a)+$", "", "abb"));
	assert_true(finds("^\\d{2,3}$", "", "123"));
	assert_false(finds("^\\d{2,3}$", "", "1234"));
	assert_true(finds("[^a-c]", "", "abcd"));
	assert_true(finds("^[a-z-[aeiou]]+$", "", "xyz"));
	assert_false(finds("^[a-z-[aeiou]]+$", "", "xay"));
	assert_true(finds("^(a)(b)\\2\\1$", "", "abba"));
	assert_true(finds("^.{2}$", "", "基隆"));
	assert_true(finds("STRASSE", "i", "strasse"));
	assert_true(finds("a b", "x", "ab"));
	assert_true(finds("a.b", "q", "a.b"));
	assert_false(finds("a.b", "q", "axb"));
	assert_true(finds("^b$", "m", "a\nb\nc"));
	assert_false(finds("a.c", "", "a\nc"));
	assert_true(finds("a.c", "s", "a\nc"));
}

static void
bad_expressions_are_refused(void **state)
{
	static const char *const bad[] = { "(", ")", "[a", "a{2", "a{3,2}", "*a", "\\1", "(a)[\\1]",
		"\\q", "(?=a)", "[z-a]", "\\p{Nonsense}" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		if (valid(bad[i]))
			fail_msg("%s was taken", bad[i]);
	}
}

static void
an_endless_expression_gives_up(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_regex_match match;
	const struct aw_regex *regex = aw_regex_compile(&arena, aw_str("^(a+)+$"), aw_str(""));

	(void)state;
	assert_non_null(regex);
	assert_int_equal(aw_regex_find(&arena, regex,
				 aw_str("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), 0, &match),
		AW_REGEX_GAVE_UP);
	regex = aw_regex_compile(&arena, aw_str("^(a*)*$"), aw_str(""));
	assert_int_equal(aw_regex_find(&arena, regex, aw_str("aaa"), 0, &match), AW_REGEX_YES);
	aw_arena_done(&arena);
}

static void
replacements_name_groups(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("replace(\"0912345678\", \"(\\d{4})(\\d{3})(\\d{3})\", \"$1-$2-$3\")",
		"\"0912-345-678\"");
	assert_feel("replace(\"abc\", \"x*\", \"-\")", "null");
	assert_feel("split(\"a, b,c\", \",\\s*\")", "[\"a\", \"b\", \"c\"]");
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(choices_repeats_and_classes_match),
	cmocka_unit_test(bad_expressions_are_refused),
	cmocka_unit_test(an_endless_expression_gives_up),
	cmocka_unit_test(replacements_name_groups))
