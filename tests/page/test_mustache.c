/* The Mustache specification's cases from its JSON files, and what the house adds. */
#include "../testing.h"

#include "base/file.h"
#include "base/json.h"
#include "page/mustache.h"

struct world {
	struct aw_arena *arena;
	const json_t *partials;
};

static const struct aw_mustache_source json_source;

static void
value_of(struct aw_mustache *m, const json_t *json, struct aw_mustache_value *ret)
{
	*ret = (struct aw_mustache_value){
		.kind = AW_MUSTACHE_VALUE, .source = &json_source, .self = json, .text = { "", 0 }
	};
	if (json_is_string(json))
		ret->text = aw_str(json_string_value(json));
	else if (json_is_integer(json))
		ret->text = aw_str(aw_arena_printf(m->out.arena, "%lld", json_integer_value(json)));
	else if (json_is_real(json))
		ret->text = aw_str(aw_arena_printf(m->out.arena, "%g", json_real_value(json)));
	else if (json_is_true(json))
		ret->text = aw_str("true");
	else if (json_is_array(json)) {
		ret->kind = AW_MUSTACHE_LIST;
		ret->count = json_array_size(json);
	} else if (!json_is_object(json)) {
		ret->kind = AW_MUSTACHE_NOTHING;
	}
}

static bool
json_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const json_t *found = json_object_getn(self, name.at, name.len);

	if (found == NULL)
		return false;
	value_of(m, found, ret);
	return true;
}

static void
json_item(struct aw_mustache *m, const void *self, size_t i, struct aw_mustache_value *ret)
{
	value_of(m, json_array_get(self, i), ret);
}

static const struct aw_mustache_source json_source = { .lookup = json_lookup, .item = json_item };

static const struct aw_mustache_template *
find_partial(void *user, struct aw_str name)
{
	const struct world *world = user;
	const json_t *text = json_object_getn(world->partials, name.at, name.len);
	struct aw_mustache_template *template;
	struct aw_error err = { 0 };

	if (text == NULL)
		return NULL;
	assert_ok(
		aw_mustache_compile(world->arena, aw_arena_strndup(world->arena, name.at, name.len),
			aw_str(json_string_value(text)), &template, &err));
	return template;
}

/* The output, NULL when it does not compile or render. */
static const char *
render(struct aw_arena *arena, const char *text, const json_t *data, const json_t *partials,
	struct aw_error *err)
{
	struct world world = { arena, partials };
	struct aw_mustache m = {
		.out = { .arena = arena }, .partial = find_partial, .user = &world
	};
	struct aw_mustache_template *template;
	struct aw_mustache_value root;

	if (aw_mustache_compile(arena, "test", aw_str(text), &template, err) != AW_OK)
		return NULL;
	value_of(&m, data, &root);
	aw_mustache_push(&m, &root);
	return aw_mustache_render(&m, template, err) == AW_OK ? aw_buf_z(&m.out) : NULL;
}

static const char *
render_json(struct aw_arena *arena, const char *text, const char *data, const char *partials,
	struct aw_error *err)
{
	AW_SCOPED(json, json_t *) root = NULL;
	AW_SCOPED(json, json_t *) parts = NULL;
	const char *out;

	assert_int_equal(aw_json_parse(aw_str(data), NULL, &root, err), AW_OK);
	assert_int_equal(aw_json_parse(aw_str(partials), NULL, &parts, err), AW_OK);
	out = render(arena, text, root, parts, err);
	return out;
}

static size_t
run_module(const char *module)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) suite = NULL;
	struct aw_error err = { 0 };
	struct aw_str text;
	json_t *test;
	size_t i;

	assert_ok(aw_file_read(&arena,
		aw_arena_printf(&arena, "%s/mustache-spec/%s.json", testdata_dir(), module),
		1 << 20, &text, &err));
	assert_ok(aw_json_parse(text, module, &suite, &err));
	json_array_foreach(json_object_get(suite, "tests"), i, test)
	{
		const char *out = render(&arena, aw_json_string(test, "template"),
			json_object_get(test, "data"), json_object_get(test, "partials"), &err);

		if (!aw_text_eq(out, aw_json_string(test, "expected")))
			fail_msg("%s: %s: got \"%s\" (%s), expected \"%s\"", module,
				aw_json_string(test, "name"), out == NULL ? "nothing" : out,
				err.text, aw_json_string(test, "expected"));
	}
	return i;
}

static void
the_cases_of_the_specification_hold(void **state)
{
	size_t count = 0;

	(void)state;
	count += run_module("comments");
	count += run_module("delimiters");
	count += run_module("interpolation");
	count += run_module("inverted");
	count += run_module("partials");
	count += run_module("sections");
	assert_true(count >= 120);
}

static void
a_page_gives_its_blocks_to_a_layout(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_string_equal(
		render_json(&arena, "{{<outer}}{{$a}}A{{x}}{{/a}} ignored {{$c}}C{{/c}}{{/outer}}",
			"{\"x\": 1}",
			"{\"outer\": \"[{{$a}}a{{/a}}|{{$b}}b{{/b}}|{{>in}}]\", \"in\": "
			"\"{{$c}}c{{/c}}\"}",
			&err),
		"[A1|b|C]");
	/* two layouts deep: what the page says wins over what the middle one says */
	assert_string_equal(
		render_json(&arena, "{{<mid}}{{$a}}page{{/a}}{{/mid}}", "{}",
			"{\"mid\": \"{{<outer}}{{$a}}mid{{/a}}{{$b}}mid{{/b}}{{/outer}}\","
			" \"outer\": \"{{$a}}o{{/a}} {{$b}}o{{/b}}\"}",
			&err),
		"page mid");
}

static void
an_empty_text_may_have_no_place(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mustache m = { .out = { .arena = &arena } };

	(void)state;
	aw_mustache_escape(&m, (struct aw_str){ 0 });
	assert_string_equal(aw_buf_z(&m.out), "");
}

static void
a_single_quote_is_escaped_too(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_string_equal(render_json(&arena, "<p title='{{x}}'>", "{\"x\": \"'&\"}", "{}", &err),
		"<p title='&#39;&amp;'>");
}

static void
a_mistake_is_named_with_its_line(void **state)
{
	static const struct {
		const char *text, *words;
		uint32_t line;
	} cases[] = {
		{ "a\n{{#x}}\n", "never closed", 2 },
		{ "a\n\n{{x", "never closed", 3 },
		{ "{{/x}}", "no section is open", 1 },
		{ "{{#x}}\n{{/y}}", "open since line 1", 2 },
		{ "{{}}", "no name", 1 },
		{ "{{=a=}}", "delimiters", 1 },
	};
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		struct aw_mustache_template *template;
		struct aw_error err = { 0 };

		assert_fails(
			aw_mustache_compile(&arena, "test", aw_str(cases[i].text), &template, &err),
			AW_INVALID, cases[i].words);
		assert_int_equal(err.line, cases[i].line);
	}
}

static void
endless_templates_and_huge_pages_are_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf deep = { .arena = &arena }, list = { .arena = &arena };
	struct aw_error err = { 0 };

	(void)state;
	assert_null(render_json(&arena, "{{>me}}", "{}", "{\"me\": \"x{{>me}}\"}", &err));
	assert_int_equal(err.status, AW_TOO_LARGE);
	for (int i = 0; i < AW_MUSTACHE_DEPTH + 1; i++)
		aw_buf_text(&deep, "{{#a}}");
	aw_error_clear(&err);
	assert_null(render_json(&arena, aw_buf_z(&deep), "{}", "{}", &err));
	assert_int_equal(err.status, AW_INVALID);
	aw_buf_text(&list, "{\"l\": [1");
	for (int i = 0; i < 300; i++)
		aw_buf_text(&list, ",1");
	aw_buf_text(&list, "]}");
	aw_error_clear(&err);
	assert_null(render_json(&arena,
		"{{#l}}{{#l}}{{#l}}"
		"0123456789012345678901234567890123456789012345678901234567890123{{/l}}{{/l}}{{/"
		"l}}",
		aw_buf_z(&list), "{}", &err));
	assert_int_equal(err.status, AW_TOO_LARGE);
}

AW_TESTS(cmocka_unit_test(the_cases_of_the_specification_hold),
	cmocka_unit_test(a_page_gives_its_blocks_to_a_layout),
	cmocka_unit_test(an_empty_text_may_have_no_place),
	cmocka_unit_test(a_single_quote_is_escaped_too),
	cmocka_unit_test(a_mistake_is_named_with_its_line),
	cmocka_unit_test(endless_templates_and_huge_pages_are_refused))
