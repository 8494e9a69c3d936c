/* tests/policy/yaml - the reader notes every mistake with its place and goes on. */
#include "../testing.h"

#include "policy/yaml.h"

struct reading {
	struct aw_arena arena;
	struct aw_mistakes mistakes;
	struct aw_yaml yaml;
	bool parsed;
};

static void
parse(struct reading *reading, const char *text)
{
	memset(reading, 0, sizeof(*reading));
	reading->mistakes.arena = &reading->arena;
	reading->parsed = aw_yaml_parse(
		&reading->arena, "x.yaml", aw_str(text), &reading->mistakes, &reading->yaml);
}

static void
done(struct reading *reading)
{
	aw_arena_done(&reading->arena);
}

static void
assert_mistake(const struct reading *reading, size_t i, uint32_t line, const char *words)
{
	assert_true(i < reading->mistakes.count);
	assert_string_equal(reading->mistakes.at[i].file, "x.yaml");
	if (strstr(reading->mistakes.at[i].text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", reading->mistakes.at[i].text, words);
	assert_int_equal(reading->mistakes.at[i].line, line);
}

static void
values_of_every_type_are_read(void **state)
{
	struct reading r;
	size_t count;
	static const char *const names[] = { "small", "large" };

	(void)state;
	parse(&r, "a: text\nn: -12\nf: true\nd: 2021-12-06\nl: [x, \"y\"]\nm: {zh: 甲, en: A}\n"
		  "s: large\none: alone\nnum: 0.25\nnothing: ~\n");
	assert_true(r.parsed);
	assert_string_equal(aw_yaml_text(&r.yaml, r.yaml.root, "a", true), "text");
	assert_int_equal(aw_yaml_int(&r.yaml, r.yaml.root, "n", -20, 0, 5), -12);
	assert_true(aw_yaml_flag(&r.yaml, r.yaml.root, "f", false));
	assert_int_equal(aw_yaml_day(&r.yaml, r.yaml.root, "d", 0), 18967);
	assert_string_equal(aw_yaml_texts(&r.yaml, r.yaml.root, "l", true, &count)[1], "y");
	assert_int_equal(count, 2);
	assert_string_equal(aw_yaml_label(&r.yaml, r.yaml.root, "m", true).zh, "甲");
	assert_int_equal(aw_yaml_choice(&r.yaml, r.yaml.root, "s", names, 2, -1), 1);
	assert_string_equal(aw_yaml_texts(&r.yaml, r.yaml.root, "one", true, &count)[0], "alone");
	assert_true(aw_yaml_number(&r.yaml, r.yaml.root, "num", 0) > 0.24);
	assert_null(aw_yaml_get(&r.yaml, r.yaml.root, "nothing"));
	aw_yaml_end(&r.yaml, r.yaml.root);
	assert_int_equal(r.mistakes.count, 0);
	done(&r);
}

static void
one_run_names_all_mistakes(void **state)
{
	struct reading r;
	static const char *const names[] = { "small", "large" };
	size_t count;

	(void)state;
	parse(&r, "n: 12x\nf: maybe\nd: 2021-02-30\ns: huge\nl: [a, {b: c}]\nc: \"bad code\"\n"
		  "q: \"7\"\nunknown: 1\n");
	assert_int_equal(aw_yaml_int(&r.yaml, r.yaml.root, "n", 0, 9, 5), 5);
	assert_false(aw_yaml_flag(&r.yaml, r.yaml.root, "f", false));
	assert_int_equal(aw_yaml_day(&r.yaml, r.yaml.root, "d", 77), 77);
	assert_int_equal(aw_yaml_choice(&r.yaml, r.yaml.root, "s", names, 2, -1), 0);
	(void)aw_yaml_texts(&r.yaml, r.yaml.root, "l", true, &count);
	assert_int_equal(count, 1);
	assert_string_equal(aw_yaml_code(&r.yaml, r.yaml.root, "c"), "");
	assert_int_equal(aw_yaml_int(&r.yaml, r.yaml.root, "q", 0, 9, 1), 1);
	assert_null(aw_yaml_text(&r.yaml, r.yaml.root, "gone", true));
	aw_yaml_end(&r.yaml, r.yaml.root);
	assert_mistake(&r, 0, 1, "whole number from 0 to 9");
	assert_mistake(&r, 1, 2, "true or false");
	assert_mistake(&r, 2, 3, "a day like");
	assert_mistake(&r, 3, 4, "one of: small, large");
	assert_mistake(&r, 4, 5, "must be a text");
	assert_mistake(&r, 5, 6, "must be a code");
	assert_mistake(&r, 6, 7, "whole number");
	assert_mistake(&r, 7, 1, "\"gone\" is missing");
	assert_mistake(&r, 8, 8, "\"unknown\" means nothing here");
	assert_int_equal(r.mistakes.count, 9);
	done(&r);
}

static void
what_is_not_plain_yaml_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text;
		uint32_t line;
		const char *words;
	} bad[] = {
		{ "a: 1\nb: [1, 2\n", 3, "not YAML" },
		{ "a: &x 1\nb: 2\n", 1, "anchors" },
		{ "a: 1\nb: *x\n", 2, "aliases" },
		{ "a: !!str 1\n", 1, "tags" },
		{ "- 1\n- 2\n", 1, "keys and values" },
		{ "a: 1\n---\nb: 2\n", 2, "second document" },
		{ "", 0, "keys and values" },
		{ "a: 1\n\tb: 2\n", 2, "not YAML" },
		{ "? [a]\n: 1\n", 1, "a key must be a text" },
		{ "a: \xa4\xa4\n", 0, "not UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct reading r;
		parse(&r, bad[i].text);
		assert_false(r.parsed);
		assert_int_equal(r.mistakes.count, 1);
		assert_mistake(&r, 0, bad[i].line, bad[i].words);
		done(&r);
	}
}

static void
a_doubled_key_is_a_mistake_on_its_second_line(void **state)
{
	struct reading r;

	(void)state;
	parse(&r, "a: 1\nb: 2\na: 3\n");
	assert_true(r.parsed);
	assert_mistake(&r, 0, 3, "stands here twice (first on line 1)");
	done(&r);
}

static void
depth_is_bounded(void **state)
{
	struct reading r;
	char text[200] = "a: ";

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(text, "[");
	parse(&r, text);
	assert_false(r.parsed);
	assert_mistake(&r, 0, 1, "32 levels");
	done(&r);
}

static void
a_hundred_mistakes_are_kept_and_the_rest_counted(void **state)
{
	struct reading r;
	struct aw_error err = { 0 };

	(void)state;
	parse(&r, "a: 1\n");
	for (uint32_t i = 0; i < 150; i++)
		aw_mistake(&r.mistakes, "y.yaml", i + 1, 0, "wrong");
	assert_int_equal(r.mistakes.count, 100);
	assert_int_equal(r.mistakes.left_out, 50);
	assert_fails(aw_mistakes_error(&r.mistakes, &err), AW_INVALID, "and 149 more mistakes");
	assert_int_equal(err.line, 1);
	done(&r);
}

AW_TESTS(cmocka_unit_test(values_of_every_type_are_read),
	cmocka_unit_test(one_run_names_all_mistakes),
	cmocka_unit_test(what_is_not_plain_yaml_is_refused_with_its_line),
	cmocka_unit_test(a_doubled_key_is_a_mistake_on_its_second_line),
	cmocka_unit_test(depth_is_bounded),
	cmocka_unit_test(a_hundred_mistakes_are_kept_and_the_rest_counted))
