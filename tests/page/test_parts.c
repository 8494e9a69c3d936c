/* Clocks and the other parts: states follow from the moments, parts show what they were given. */
#include "page_world.h"

#include "base/clock.h"
#include "page/parts.h"

static AW_VIEW_TYPE(sample_view, "Sample", "test/sample",
	AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view),
	AW_FIELD_OF("pill", OBJECT, OPEN, &aw_pill_view),
	AW_FIELD_OF("flags", LIST, OPEN, &aw_flag_view),
	AW_FIELD_OF("person", OBJECT, OPEN, &aw_person_view),
	AW_FIELD_OF("pager", OBJECT, OPEN, &aw_pager_view),
	AW_FIELD_OF("steps", LIST, OPEN, &aw_step_view),
	AW_FIELD_OF("filter", OBJECT, OPEN, &aw_filter_view));

static struct aw_clock_face
face(int64_t started, int64_t due, int64_t stopped)
{
	struct aw_clock_face made = { .code = "accept", .unverified = true };

	if (started != 0)
		made.started_at = AW_KNOWN(NOW_MS + started * AW_HOUR_MS);
	if (due != 0)
		made.due_at = AW_KNOWN(NOW_MS + due * AW_HOUR_MS);
	if (stopped != 0)
		made.stopped_at = AW_KNOWN(NOW_MS + stopped * AW_HOUR_MS);
	return made;
}

static void
the_last_quarter_of_a_clock_is_soon(void **state)
{
	static const struct {
		int64_t started, due, stopped;
		enum aw_clock_state state;
		int64_t used;
	} cases[] = {
		{ 0, 0, 0, AW_CLOCK_IDLE, 0 },
		{ -12, 12, 0, AW_CLOCK_RUNS, 50 },
		{ -17, 7, 0, AW_CLOCK_RUNS, 70 },
		{ -18, 6, 0, AW_CLOCK_SOON, 75 },
		{ -26, -2, 0, AW_CLOCK_OVER, 100 },
		{ -30, -6, -28, AW_CLOCK_STOPPED, 8 },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		struct aw_clock_face clock = face(cases[i].started, cases[i].due, cases[i].stopped);

		assert_int_equal(aw_clock_state(&clock, NOW_MS), cases[i].state);
		assert_int_equal(aw_clock_used(&clock, NOW_MS), cases[i].used);
	}
}

static void
parts_stand_for_themselves_in_a_template(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_view *view = aw_view_new(&arena, &sample_view);
	struct aw_clock_face clock = face(-26, -2, 0);
	struct aw_person_line person = {
		.name = "陳範安", .sex = "M", .age = 9, .role = "案主", .link = "/people/PC1"
	};
	struct aw_error err = { 0 };
	const char *html;

	(void)state;
	assert_ok(aw_pages_load(NULL, &pages, &err));
	add_template(&pages, "test/sample",
		"{{clock}}|{{pill}}|{{flags}}|{{person}}|{{pager}}|{{steps}}|{{filter}}");
	aw_clock_fill(aw_view_object(view, "clock"), &clock, NOW_MS);
	aw_pill_put(view, "pill", "dispatch.state.returned", AW_TONE_BAD);
	aw_flag_put(view, "flags", "90日內第3次", true);
	aw_flag_put(view, "flags", "安全通話", false);
	aw_person_put(view, "person", &person);
	aw_pager_put(view, "pager", 1, 50, 1344);
	aw_step_put(view, "steps", "step.received", AW_STEP_DONE, "10:12");
	aw_step_put(view, "steps", "step.screened", AW_STEP_NOW, NULL);
	aw_filter_choice(aw_filter_put(view, "filter", "report.filter.kind", "兒少保護"),
		"脆弱家庭", "/reports?kind=x", true);
	html = render_view(&pages, &arena, view, NULL, "zh-Hant-TW");
	assert_non_null(strstr(html, "逾2時</span><span class=\"tag\">未確認"));
	assert_non_null(strstr(html, "st st--bad"));
	assert_non_null(strstr(html, "<span class=\"flag\">"));
	assert_non_null(strstr(html, "<span class=\"flag flag--n\">"));
	assert_non_null(
		strstr(html, "<a href=\"/people/PC1\">陳範安</a><span class=\"nb\"> 男9歲"));
	assert_non_null(strstr(html, "第1至50件，共1,344件"));
	assert_non_null(
		strstr(html, "<li class=\"now\" aria-current=\"step\"><span class=\"d\">2"));
	assert_non_null(strstr(html, "sel--on"));
	assert_null(strstr(html, "⟦"));
}

AW_TESTS(cmocka_unit_test(the_last_quarter_of_a_clock_is_soon),
	cmocka_unit_test(parts_stand_for_themselves_in_a_template))
