/* A view on a page: display text, hidden fields, messages, icons, forms shown again. */
#include "page_world.h"

static AW_VIEW_TYPE(
	row_view, "Row", NULL, AW_FIELD("name", TEXT, IDENTITY), AW_FIELD("age", NUMBER, OPEN));
static AW_VIEW_TYPE(sample_view, "Sample", "test/sample", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD_CODE("clock", OPEN, "clock"), AW_FIELD("rate", PERCENT, OPEN),
	AW_FIELD("n", NUMBER, OPEN), AW_FIELD("at", INSTANT, OPEN), AW_FIELD("born", DAY, OPEN),
	AW_FIELD("left", DURATION, OPEN), AW_FIELD("urgent", FLAG, OPEN),
	AW_FIELD("address", TEXT, ADDRESS), AW_FIELD("drawing", RAW, OPEN),
	AW_FIELD_OF("row", OBJECT, OPEN, &row_view), AW_FIELD_OF("rows", LIST, OPEN, &row_view));

struct world {
	struct aw_arena arena;
	struct aw_pages pages;
	struct aw_view *view;
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct aw_error err = { 0 };

	assert_non_null(world);
	assert_ok(aw_pages_load(NULL, &world->pages, &err));
	world->view = aw_view_new(&world->arena, &sample_view);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	aw_pages_done(&world->pages);
	aw_arena_done(&world->arena);
	free(world);
	return 0;
}

static const char *
show(struct world *world, const char *template)
{
	add_template(&world->pages, "test/sample", template);
	return render_view(&world->pages, &world->arena, world->view, NULL, "zh-Hant-TW");
}

static void
fields_print_display_text_and_their_variants(void **state)
{
	struct world *world = *state;
	struct aw_view *view = world->view;

	aw_view_text(view, "number", "<R>");
	aw_view_text(view, "clock", "accept");
	aw_view_int(view, "rate", 692);
	aw_view_int(view, "n", 1344);
	aw_view_int(view, "at", NOW_MS);
	aw_view_int(view, "left", 13200000);
	aw_view_flag(view, "urgent", false);
	aw_view_text(view, "drawing", "<svg/>");
	assert_string_equal(
		show(world,
			"{{number}} {{clock}} {{clock.code}} "
			"{{#clock.is.accept}}y{{/clock.is.accept}}"
			"{{^clock.is.settle}}n{{/clock.is.settle}} {{rate}} {{rate.number}} {{n}} "
			"{{n.value}} {{at}} {{at.short}} {{at.near}} {{at.time}} {{at.iso}} "
			"{{left}} "
			"{{^urgent}}calm{{/urgent}}{{#urgent.not}}!{{/urgent.not}} {{{drawing}}} "
			"{{#born}}b{{/born}}{{^born}}-{{/born}}{{born.short}}{{#born.known}}x{{/"
			"born.known}}"),
		"&lt;R&gt; 接案 accept yn 6.92% 6.92 1,344 1344 110年12月6日（一）13:10 "
		"12月6日 13:10 今日 13:10 13:10 2021-12-06T13:10:00+08:00 3時40分 calm! <svg/> -");
}

static void
lists_know_their_places(void **state)
{
	struct world *world = *state;

	for (int i = 1; i <= 3; i++)
		aw_view_int(aw_view_item(world->view, "rows"), "age", i * 10);
	assert_string_equal(
		show(world,
			"{{rows.count}}:{{#rows}}{{^first}},{{/first}}{{index}}={{age}}{{#last}}."
			"{{/last}}{{/rows}}{{#rows.any}}!{{/rows.any}}"),
		"3:1=10,2=20,3=30.!");
}

static void
a_hidden_field_is_a_chip_in_text_and_its_word_in_an_attribute(void **state)
{
	struct world *world = *state;
	const char *html;

	aw_view_allow(world->view, 0, "class");
	aw_view_text(world->view, "address", "leak");
	aw_view_hide(world->view, "at", "existence");
	aw_view_hide(world->view, "row", "existence");
	aw_view_text(aw_view_item(world->view, "rows"), "name", "leak");
	html = show(world,
		"<p title=\"{{address}}\">{{address}}</p>{{#address.hidden}}h{{/address.hidden}}"
		"{{#address.known}}k{{/address.known}}{{at.short}}|{{#row}}{{name}}{{/row}}|"
		"{{#rows}}{{name.text}}{{/rows}}|{{at.reason}}");
	assert_null(strstr(html, "leak"));
	assert_string_equal(html,
		"<p title=\"保密\"><span class=\"hid\" title=\"您的職務與目的不能看這一項\">"
		"<svg class=\"i i-s\" aria-hidden=\"true\"><use href=\"#i-lock\"/></svg>保密</span>"
		"</p>h<span class=\"hid\" title=\"保密：存在服務\"><svg class=\"i i-s\" "
		"aria-hidden=\"true\"><use href=\"#i-lock\"/></svg>保密</span>|"
		"<span class=\"hid\" title=\"保密：存在服務\"><svg class=\"i i-s\" "
		"aria-hidden=\"true\"><use "
		"href=\"#i-lock\"/></svg>保密</span>|保密|保密：存在服務");
}

static void
a_hidden_list_is_one_hidden_row_and_a_hidden_flag_is_nothing(void **state)
{
	struct world *world = *state;

	aw_view_hide(world->view, "rows", "existence");
	aw_view_hide(world->view, "urgent", "existence");
	assert_string_equal(
		show(world, "{{#rows}}[{{name.text}}{{age.text}}]{{/rows}}{{#urgent}}u{{/urgent}}"
			    "{{#urgent.hidden}}h{{/urgent.hidden}}{{rows.count.text}}"),
		"[保密保密]h保密");
}

static void
what_was_erased_says_so_and_not_that_it_is_confidential(void **state)
{
	struct world *world = *state;
	const char *html;

	aw_view_text(world->view, "address", "leak");
	aw_view_hide(world->view, "address", "erased");
	html = show(world,
		"{{address}}<p title=\"{{address}}\">{{address.text}}{{address.reason}}</p>");
	assert_null(strstr(html, "leak"));
	assert_null(strstr(html, "保密"));
	assert_non_null(strstr(html, "</svg>已銷毀</span><p title=\"已銷毀\">已銷毀已銷毀</p>"));
}

static void
messages_take_arguments_from_the_context_and_escape_them(void **state)
{
	struct world *world = *state;

	aw_view_text(world->view, "number", "<b>");
	aw_view_int(world->view, "n", 1344);
	aw_view_int(world->view, "left", 2400000);
	assert_string_equal(show(world, "{{#t}}clockface.due name=number due=n{{/t}} "
					"{{#t}}clockface.left time=left{{/t}} "
					"{{#t}}form.problems{{/t}} {{#t}}no.such.key{{/t}}"),
		"&lt;b&gt; 1,344前 剩40分 有1,344項要修正 ⟦no.such.key⟧");
}

static void
a_form_shown_again_keeps_what_was_typed(void **state)
{
	static const struct aw_form_value values[] = { { "reason", "\"x\"" }, { "safe", "danger" },
		{ "box", "a" }, { "box", "b" } };
	struct world *world = *state;
	struct aw_call call = {
		.act = { .arena = &world->arena }, .values = values, .value_count = AW_COUNT(values)
	};

	aw_call_problem(&call, "reason", "form.number", "1–2");
	aw_call_problem(&call, "", "error.conflict", NULL);
	aw_call_problem(&call, "persons.0.born", "problem.date", NULL);
	aw_view_text(world->view, "number", "persons.0");
	add_template(&world->pages, "test/sample",
		"<input value=\"{{typed.reason}}\">{{#picked.safe.danger}}D{{/picked.safe.danger}}"
		"{{#picked.safe.fine}}F{{/picked.safe.fine}}{{#picked.box.b}}B{{/picked.box.b}}"
		"{{#problem.reason}}[{{.}}]{{/problem.reason}}{{#problem.safe}}no{{/problem.safe}}"
		"{{#problems}}{{field}}:{{text}};{{/problems}}"
		"{{#problems.any}}{{problems.count}}{{/problems.any}}"
		"{{problem.persons.0.born}}{{#wrong}}{{number}}.born{{/wrong}}"
		"{{#wrong}}{{number}}.name{{/wrong}}");
	assert_string_equal(
		render_view(&world->pages, &world->arena, world->view, &call, "zh-Hant-TW"),
		"<input value=\"&quot;x&quot;\">DB[請填1–2之間的整數]reason:請填1–2之間的整數;"
		":沒有儲存：資料已經變了;persons.0.born:看不懂這個日期，例：110年12月4日;"
		"3看不懂這個日期，例：110年12月4日<p class=\"err\"><svg class=\"i\" "
		"aria-hidden=\"true\"><use href=\"#i-warn\"/></svg>看不懂這個日期，例：110年12月4日"
		"</p>");
}

static void
the_public_layout_names_who_receives_reports(void **state)
{
	struct world *world = *state;
	const char *html;

	add_template(&world->pages, "test/sample",
		"{{<layout/public}}{{$title}}T{{/title}}{{$main}}<h1>M</h1>{{/main}}"
		"{{/layout/public}}");
	html = render_view(&world->pages, &world->arena, world->view, NULL, "zh-Hant-TW");
	assert_non_null(strstr(html, "<footer class=\"pfoot\">基隆市集中篩派案中心"));
}

static void
the_layout_shows_who_looks_and_for_what(void **state)
{
	struct world *world = *state;
	const char *html;

	add_template(&world->pages, "test/sample",
		"{{<layout/app}}{{$title}}T{{/title}}{{$main}}<h1>M</h1>{{/main}}{{/layout/app}}");
	html = render_view(&world->pages, &world->arena, world->view, NULL, "zh-Hant-TW");
	assert_non_null(strstr(html, "<title>T｜安網</title>"));
	assert_non_null(strstr(html, "集中篩派案中心・目的：篩案派案"));
	assert_non_null(strstr(html, "<a href=\"/board\" aria-current=\"page\">"));
	assert_non_null(strstr(html, "n--hot\">4"));
	assert_null(strstr(html, "⟦"));
	html = render_view(&world->pages, &world->arena, world->view, NULL, "en");
	assert_non_null(strstr(html, "<html lang=\"en\""));
	assert_non_null(strstr(html, "for 篩案派案"));
	assert_null(strstr(html, "⟦"));
}

static void
an_error_page_says_what_to_do_and_quotes_a_number(void **state)
{
	struct world *world = *state;
	struct aw_view *view = aw_error_page(&world->arena, AW_NOT_FOUND, "A7K3", "/board");
	const char *html = render_view(&world->pages, &world->arena, view, NULL, "zh-Hant-TW");

	assert_non_null(strstr(html, "找不到這一頁"));
	assert_non_null(strstr(html, "A7K3"));
	assert_non_null(strstr(html, "href=\"/board\""));
	for (int status = AW_INVALID; status <= AW_INTERNAL; status++) {
		view = aw_error_page(&world->arena, (enum aw_status)status, NULL, NULL);
		html = render_view(&world->pages, &world->arena, view, NULL, "en");
		assert_null(strstr(html, "⟦"));
	}
}

static void
assets_carry_their_hash_and_languages_are_chosen(void **state)
{
	struct world *world = *state;
	const struct aw_pages *pages = &world->pages;

	assert_true(
		pages->asset_count >= 3); /* and what draws decision tables, where it was built */
	for (size_t i = 0; i < pages->asset_count; i++)
		assert_ptr_equal(aw_pages_asset(pages, pages->assets[i].path), &pages->assets[i]);
	assert_null(aw_pages_asset(pages, "/assets/anwang.css"));
	assert_string_equal(aw_pages_accept(pages, NULL)->language, "zh-Hant-TW");
	assert_string_equal(aw_pages_accept(pages, "zh-TW,zh;q=0.9")->language, "zh-Hant-TW");
	assert_string_equal(aw_pages_accept(pages, "fr, en-US;q=0.7")->language, "en");
	assert_string_equal(aw_pages_accept(pages, "fr")->language, "zh-Hant-TW");
}

static void
a_folder_stands_in_for_the_binary(void **state)
{
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_pages_load(source_dir(), &pages, &err));
	assert_non_null(aw_pages_template(&pages, aw_str("layout/app")));
	assert_null(aw_pages_template(&pages, aw_str("layout/ap")));
	assert_int_equal(aw_pages_load("/nonexistent", &pages, &err), AW_NOT_FOUND);
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

AW_TESTS(WORLD_TEST(fields_print_display_text_and_their_variants),
	WORLD_TEST(lists_know_their_places),
	WORLD_TEST(a_hidden_field_is_a_chip_in_text_and_its_word_in_an_attribute),
	WORLD_TEST(a_hidden_list_is_one_hidden_row_and_a_hidden_flag_is_nothing),
	WORLD_TEST(what_was_erased_says_so_and_not_that_it_is_confidential),
	WORLD_TEST(messages_take_arguments_from_the_context_and_escape_them),
	WORLD_TEST(a_form_shown_again_keeps_what_was_typed),
	WORLD_TEST(the_public_layout_names_who_receives_reports),
	WORLD_TEST(the_layout_shows_who_looks_and_for_what),
	WORLD_TEST(an_error_page_says_what_to_do_and_quotes_a_number),
	WORLD_TEST(assets_carry_their_hash_and_languages_are_chosen),
	WORLD_TEST(a_folder_stands_in_for_the_binary))
