/* Views: what was set is what JSON says; what may not be seen is said to be hidden. */
#include "../testing.h"

#include "base/clock.h"
#include "page/view.h"

static AW_VIEW_TYPE(child_view, "Child", NULL, AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD("age", NUMBER, IDENTITY));
static AW_VIEW_TYPE(sample_view, "Sample", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD_CODE("state", OPEN, "clock"), AW_FIELD("rate", PERCENT, OPEN),
	AW_FIELD("at", INSTANT, OPEN), AW_FIELD("born", DAY, IDENTITY),
	AW_FIELD("left", DURATION, OPEN), AW_FIELD("urgent", FLAG, OPEN),
	AW_FIELD("address", TEXT, ADDRESS), AW_FIELD("drawing", RAW, OPEN),
	AW_FIELD_OF("child", OBJECT, OPEN, &child_view),
	AW_FIELD_OF("children", LIST, OPEN, &child_view));

static const char *
text_of(struct aw_arena *arena, const struct aw_view *view)
{
	AW_SCOPED(json, json_t *) json = aw_view_json(view);

	return aw_json_text(arena, json);
}

static void
json_holds_codes_and_iso_dates(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_view *view = aw_view_new(&arena, &sample_view);

	(void)state;
	aw_view_text(view, "number", "RC1101206-0005-3");
	aw_view_text(view, "state", "dispatch");
	aw_view_int(view, "rate", 692);
	aw_view_int(view, "at", 1638770700000);
	aw_view_int(view, "born", aw_day_of_date((struct aw_date){ 2012, 5, 1 }));
	aw_view_int(view, "left", 60000);
	aw_view_flag(view, "urgent", true);
	aw_view_text(view, "address", NULL);
	aw_view_text(view, "drawing", "<svg/>");
	aw_view_text(aw_view_object(view, "child"), "name", "陳範安");
	aw_view_int(aw_view_item(view, "children"), "age", 9);
	assert_string_equal(text_of(&arena, view),
		"{\"address\":null,\"at\":\"2021-12-06T14:05:00+08:00\",\"born\":\"2012-05-01\","
		"\"child\":{\"age\":null,\"name\":\"陳範安\"},"
		"\"children\":[{\"age\":9,\"name\":null}],\"left\":60000,"
		"\"number\":\"RC1101206-0005-3\",\"rate\":692,\"state\":\"dispatch\","
		"\"urgent\":true}");
}

static void
hidden_stays_hidden_whatever_is_set_later(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_view *view = aw_view_new(&arena, &sample_view);

	(void)state;
	aw_view_hide(view, "number", "existence");
	aw_view_text(view, "number", "leak");
	aw_view_text(aw_view_item(view, "children"), "name", "leak");
	aw_view_hide(view, "children", "existence");
	aw_view_text(aw_view_item(view, "children"), "name", "leak");
	aw_view_hide(view, "child", "existence");
	aw_view_text(aw_view_object(view, "child"), "name", "leak");
	assert_null(strstr(text_of(&arena, view), "leak"));
	assert_non_null(strstr(text_of(&arena, view), "\"children\":{\"hidden\":\"existence\"}"));
}

static void
what_is_not_allowed_hides_itself_also_inside(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_view *view = aw_view_new(&arena, &sample_view);

	(void)state;
	aw_view_allow(view, AW_CLASS_BIT(AW_CLASS_ADDRESS), "class");
	aw_view_text(view, "address", "中山區");
	aw_view_text(view, "number", "open needs no right");
	aw_view_int(view, "born", 15000);
	aw_view_text(aw_view_object(view, "child"), "name", "leak");
	aw_view_text(aw_view_item(view, "children"), "name", NULL);
	assert_string_equal(text_of(&arena, view),
		"{\"address\":\"中山區\",\"at\":null,\"born\":{\"hidden\":\"class\"},"
		"\"child\":{\"age\":null,\"name\":{\"hidden\":\"class\"}},"
		"\"children\":[{\"age\":null,\"name\":{\"hidden\":\"class\"}}],\"left\":null,"
		"\"number\":\"open needs no right\",\"rate\":null,\"state\":null,"
		"\"urgent\":null}");
}

static void
the_schema_names_every_type_once_and_where_a_field_may_be_hidden(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) schemas = json_object();
	const char *text;

	(void)state;
	aw_view_schemas(&sample_view, schemas);
	assert_int_equal(json_object_size(schemas), 3);
	text = aw_json_text(&arena, json_object_get(schemas, "Child"));
	assert_string_equal(text,
		"{\"properties\":{\"age\":{\"oneOf\":[{\"format\":\"int64\",\"type\":[\"integer\","
		"\"null\"]},{\"$ref\":\"#/components/schemas/Hidden\"}]},\"name\":{\"oneOf\":[{"
		"\"type\":[\"string\",\"null\"]},{\"$ref\":\"#/components/schemas/Hidden\"}]}},"
		"\"type\":\"object\"}");
	text = aw_json_text(&arena, json_object_get(schemas, "Sample"));
	assert_non_null(strstr(text, "\"children\":{\"items\":{\"$ref\":\"#/components/schemas/"
				     "Child\"},\"type\":\"array\"}"));
	assert_null(strstr(text, "drawing"));
}

AW_TESTS(cmocka_unit_test(json_holds_codes_and_iso_dates),
	cmocka_unit_test(hidden_stays_hidden_whatever_is_set_later),
	cmocka_unit_test(what_is_not_allowed_hides_itself_also_inside),
	cmocka_unit_test(the_schema_names_every_type_once_and_where_a_field_may_be_hidden))
