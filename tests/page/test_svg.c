/* Charts: well-formed, no style and no script, the numbers where they belong. */
#include "../testing.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "page/svg.h"
#include "page/svg_shares.h"

/* Every drawing is XML without style attributes, scripts or outside references. */
static void
check_node(const xmlNode *node)
{
	for (; node != NULL; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		assert_string_not_equal((const char *)node->name, "script");
		for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
			assert_string_not_equal((const char *)a->name, "style");
			assert_true(strncmp((const char *)a->name, "on", 2) != 0);
			if (strcmp((const char *)a->name, "href") == 0)
				assert_int_equal(((const char *)a->children->content)[0], '/');
		}
		check_node(node->children);
	}
}

static const char *
checked(const char *svg)
{
	xmlDoc *doc = xmlReadMemory(svg, (int)strlen(svg), "chart", NULL, XML_PARSE_NONET);

	if (doc == NULL)
		fail_msg("not well-formed: %s", svg);
	check_node(xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	return svg;
}

static void
small_ones_are_clamped_to_their_room(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const int64_t values[] = { 100, AW_SVG_NONE, 300, 200 };

	(void)state;
	assert_non_null(strstr(checked(aw_svg_bar(&arena, 846, 770, true)), "width=\"84.6%\""));
	assert_non_null(strstr(checked(aw_svg_bar(&arena, 5000, AW_SVG_NONE, false)), "100.0%"));
	assert_non_null(strstr(checked(aw_svg_evidence(&arena, 11600)), "width=\"58.0%\""));
	assert_non_null(strstr(checked(aw_svg_evidence(&arena, -5200)), "x=\"4.0%\""));
	assert_null(strstr(checked(aw_svg_evidence(&arena, 0)), "rect"));
	assert_non_null(strstr(checked(aw_svg_evidence(&arena, 99000)), "width=\"70.0%\""));
	assert_non_null(strstr(checked(aw_svg_cells(&arena, 0)), "class=\"no\""));
	assert_null(strstr(checked(aw_svg_cells(&arena, -1)), "\"on\""));
	assert_null(strstr(checked(aw_svg_cells(&arena, 4)), "\"off\""));
	assert_non_null(strstr(checked(aw_svg_spark(&arena, values, 4, 250)),
		"points=\"0.0,31.0 66.6,3.0 100.0,17.0 \""));
	checked(aw_svg_spark(&arena, values, 0, AW_SVG_NONE));
	checked(aw_svg_spark(&arena, values, 1, AW_SVG_NONE));
}

static void
a_changed_definition_breaks_the_line(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_svg_point points[] = {
		{ "108年", "169／1,460", "11.58%", 1158, false },
		{ "109年", "121／1,757", "6.89%", 689, false },
		{ "110年1–6月", "93／1,344", "6.92%", 692, true },
		{ "111年", NULL, NULL, AW_SVG_NONE, false },
	};
	const struct aw_svg_target targets[] = { { 2, 2, 770, "目標 低於7.7%" } };
	struct aw_svg_trend trend = { .title = "再通報率",
		.desc = "<三個值>",
		.points = points,
		.point_count = 4,
		.targets = targets,
		.target_count = 1,
		.break_before = 2,
		.break_text = "110年起為第二期指標",
		.percent = true };
	const char *svg = checked(aw_svg_trend(&arena, &trend)), *at = svg;
	int dotted = 0, solid = 0;

	(void)state;
	assert_non_null(strstr(svg, "&lt;三個值&gt;"));
	assert_non_null(strstr(svg, "11.58%"));
	assert_non_null(strstr(svg, ">12%</text>"));
	while ((at = strstr(at, "<line class=\"ln\"")) != NULL) {
		dotted += strncmp(at + 16, " stroke-dasharray", 17) == 0;
		solid += strncmp(at + 16, " x1", 3) == 0;
		at++;
	}
	assert_int_equal(dotted, 1);
	assert_int_equal(solid, 1);
	/* 6.92 runs just below its target of 7.7: its text stands below the point, at y 163 or so */
	at = strstr(svg, ">6.92%<");
	assert_non_null(at);
	while (*at != '<')
		at--;
	assert_true(strtol(strstr(at, " y=\"") + 4, NULL, 10) >
		    strtol(strstr(strstr(svg, "class=\"ptf\""), "cy=\"") + 4, NULL, 10));
	trend.break_before = 0;
	assert_null(strstr(checked(aw_svg_trend(&arena, &trend)), "stroke-dasharray"));
	trend.point_count = 0;
	trend.target_count = 0;
	checked(aw_svg_trend(&arena, &trend));
}

static void
tiles_mark_the_worst_by_outline_and_sign(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_svg_tile tiles[] = {
		{ "仁愛", "8.46%", "/indicators/P2-S2-1?district=63&x=1", 2, 1, 5, true },
		{ "中山", "6.57%", NULL, 1, 0, 2, false },
	};
	const char *svg = checked(aw_svg_tiles(&arena, "t", "d", tiles, 2));

	(void)state;
	assert_non_null(strstr(svg, "class=\"hot\""));
	assert_non_null(strstr(svg, "▲ 8.46%"));
	assert_non_null(strstr(svg, "district=63&amp;x=1"));
	assert_true(strstr(svg, "中山") < strstr(svg, "仁愛"));
}

static void
a_hidden_service_shows_no_dates(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_svg_tick ticks[] = { { 0, "109年12月" }, { 500, NULL } };

	(void)state;
	assert_string_equal(
		checked(aw_svg_lane(&arena, ticks, 2, AW_LANE_HIDDEN, 700, 800, "保密：存在服務")),
		aw_svg_lane(&arena, ticks, 2, AW_LANE_HIDDEN, 0, 10, "保密：存在服務"));
	assert_non_null(
		strstr(checked(aw_svg_lane(&arena, ticks, 2, AW_LANE_LEAD, 877, 998, "主責")),
			"text-anchor=\"end\""));
	assert_non_null(strstr(checked(aw_svg_lane(&arena, ticks, 2, AW_LANE_CO, 100, 998, "協力")),
		"class=\"ct\""));
	assert_non_null(strstr(checked(aw_svg_axis(&arena, ticks, 2, "今日")), "今日"));
	checked(aw_svg_lane(&arena, ticks, 2, AW_LANE_CLOSED, -500, 5000, "已結案"));
}

static void
a_bar_is_cut_by_share_and_what_is_left_out_is_seen(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_svg_share_row rows[] = { { "F<", "40", 40, { 10, 30 } },
		{ "M", "20", 20, { 0, 5 } }, { "?", "0", 0, { 0 } } };
	const char *svg = checked(aw_svg_shares(&arena, AW_SVG_WIDE, "t", "d", rows, 3, 2));

	(void)state;
	assert_non_null(strstr(svg, "F&lt;"));
	/* a quarter and three quarters of 440 */
	assert_non_null(strstr(svg, "class=\"q5\" x=\"200\" y=\"4\" width=\"110\""));
	assert_non_null(strstr(svg, "class=\"q4\" x=\"310\" y=\"4\" width=\"330\""));
	/* 15 of 20 are not told */
	assert_non_null(strstr(svg, "class=\"q0\" x=\"310\" y=\"38\" width=\"330\""));
	assert_null(strstr(svg, ">15<"));
	/* on a telephone the label stands above, and the bar is the whole width */
	svg = checked(aw_svg_shares(&arena, AW_SVG_NARROW, "t", "d", rows, 3, 2));
	assert_non_null(strstr(svg, "viewBox=\"0 0 340 150\""));
	assert_non_null(strstr(svg, "class=\"q5\" x=\"0\" y=\"20\" width=\"85\""));
	assert_non_null(strstr(svg, "class=\"q0\" x=\"85\" y=\"70\" width=\"255\""));
	assert_non_null(strstr(svg, "x=\"0\" y=\"14\">F&lt;"));
}

AW_TESTS(cmocka_unit_test(a_bar_is_cut_by_share_and_what_is_left_out_is_seen),
	cmocka_unit_test(small_ones_are_clamped_to_their_room),
	cmocka_unit_test(a_changed_definition_breaks_the_line),
	cmocka_unit_test(tiles_mark_the_worst_by_outline_and_sign),
	cmocka_unit_test(a_hidden_service_shows_no_dates))
