/* A name that means nothing is found, wherever it stands. */
#include "page_world.h"

#include "page/check.h"
#include "page/parts.h"

static AW_VIEW_TYPE(row_view, "Row", NULL, AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view));
static AW_VIEW_TYPE(sample_view, "Sample", "test/sample", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD_CODE("state", OPEN, "clock"), AW_FIELD("at", INSTANT, OPEN),
	AW_FIELD("n", NUMBER, OPEN), AW_FIELD_OF("row", OBJECT, OPEN, &row_view),
	AW_FIELD_OF("rows", LIST, OPEN, &row_view));

static enum aw_status
check(const char *template, struct aw_error *err)
{
	AW_SCOPE(aw_pages) pages = { 0 };

	assert_int_equal(aw_pages_load(NULL, &pages, err), AW_OK);
	add_template(&pages, "test/sample", template);
	return aw_page_check(&pages, &sample_view, err);
}

static void
names_that_mean_something_pass(void **state)
{
	static const char *const good[] = {
		"{{number}} {{state}} {{state.code}} {{#state.is.accept}}x{{/state.is.accept}}",
		"{{at.short}} {{at.iso}} {{n.value}} {{#n.any}}{{n}}{{/n.any}}",
		"{{#rows}}{{index}} {{name}} {{number}} {{clock}}{{/rows}}{{rows.count}}",
		"{{#row}}{{name.text}}{{#name.hidden}}x{{/name.hidden}}{{/row}} {{row.name}}",
		"{{#number}}{{.}}{{/number}} {{^at}}-{{/at}} {{shell.city}} {{typed.any_field}}",
		"{{#problems}}{{field}}{{text}}{{/problems}}{{#picked.a.b}}checked{{/picked.a.b}}",
		"{{#t}}clockface.left time=at.time{{/t}} {{#t}}form.problems{{/t}}",
		"{{<layout/app}}{{$title}}{{number}}{{/title}}{{/layout/app}}",
	};
	struct aw_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(good); i++)
		assert_ok(check(good[i], &err));
	assert_ok(check("{{#rows}}{{#clock}}{{>part/clock_named}}{{/clock}}{{/rows}}", &err));
}

static void
names_that_mean_nothing_are_found_with_their_line(void **state)
{
	static const struct {
		const char *text, *words;
		uint32_t line;
	} bad[] = {
		{ "\n{{numbr}}", "\"numbr\"", 2 },
		{ "{{#rows}}\n\n{{nam}}{{/rows}}", "\"nam\"", 3 },
		{ "{{name}}", "\"name\"", 1 },
		{ "{{row.nam}}", "\"row.nam\"", 1 },
		{ "{{at.shrt}}", "\"at.shrt\"", 1 },
		{ "{{number.value}}", "\"number.value\"", 1 },
		{ "{{^gone}}x{{/gone}}", "\"gone\"", 1 },
		{ "{{#gone}}x{{/gone}}", "\"gone\"", 1 },
		{ "{{shell.town}}", "\"shell.town\"", 1 },
		{ "{{row}}", "no part", 1 },
		{ "{{#rows}}{{>part/clock}}{{/rows}}", "means nothing", 1 },
		{ "{{#t}}no.such{{/t}}", "\"no.such\"", 1 },
		{ "{{#t}}clockface.left time=tim{{/t}}", "\"tim\"", 1 },
		{ "{{#t}}clockface.left{{/t}}", "\"time\"", 1 },
		{ "{{<layout/app}}{{$main}}{{gone}}{{/main}}{{/layout/app}}", "\"gone\"", 1 },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_error err = { 0 };

		assert_fails(check(bad[i].text, &err), AW_INVALID, bad[i].words);
		assert_int_equal(err.line, bad[i].line);
	}
}

static AW_VIEW_TYPE(inner_view, "Inner", NULL, AW_FIELD("icon", TEXT, OPEN));
static AW_VIEW_TYPE(
	outer_view, "Outer", "layout/error", AW_FIELD_OF("inner", LIST, OPEN, &inner_view));

static void
a_field_may_not_hide_a_name_of_the_house(void **state)
{
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_pages_load(NULL, &pages, &err));
	assert_fails(aw_page_check(&pages, &outer_view, &err), AW_INVALID, "\"icon\"");
}

static void
the_error_page_passes(void **state)
{
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_pages_load(NULL, &pages, &err));
	assert_ok(aw_page_check(&pages, &aw_error_page_view, &err));
}

AW_TESTS(cmocka_unit_test(names_that_mean_something_pass),
	cmocka_unit_test(names_that_mean_nothing_are_found_with_their_line),
	cmocka_unit_test(a_field_may_not_hide_a_name_of_the_house),
	cmocka_unit_test(the_error_page_passes))
