/* What `anwang indicator` prints: the fields that scripts rely on, and refusals that help. */
#include "base/json.h"
#include "facts.h"

struct print {
	struct facts *facts;
	struct aw_indicator_query query;
	struct aw_buf out;
};

static enum aw_status
print_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct print *print = arg;
	struct aw_act act = {
		.tx = tx, .arena = &print->facts->arena, .policy = print->facts->policy
	};

	print->out = (struct aw_buf){ .arena = &print->facts->arena };
	return aw_indicator_print(&act, &print->query, &print->out, err);
}

static const char *
printed(struct facts *facts, struct aw_indicator_query query)
{
	struct print print = { .facts = facts, .query = query };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(facts->db.db, print_in, &print, &err));
	return aw_buf_z(&print.out);
}

static void
add_some(struct facts *facts, void *arg)
{
	struct fact fact = { .kind = "child_protection", .received_at = at(2020, 3, 1, 9) };

	(void)arg;
	(void)fact_report(facts, &fact);
	fact.sent_after = 30 * AW_HOUR_MS;
	fact.district = "10017010";
	fact.received_at = at(2020, 4, 1, 9);
	(void)fact_report(facts, &fact);
	fact.district = "10017020";
	fact.sent_after = 0;
	(void)fact_report(facts, &fact);
}

static json_t *
json_of(struct facts *facts, struct aw_indicator_query query)
{
	struct aw_error err = { 0 };
	json_t *json = NULL;

	query.format = "json";
	assert_ok(aw_json_parse(aw_str(printed(facts, query)), NULL, &json, &err));
	return json;
}

static void
json_holds_the_fields_that_scripts_rely_on(void **state)
{
	struct facts *facts = *state;
	AW_SCOPED(json, json_t *) json = NULL;
	const json_t *first;
	int64_t number = 0;

	facts_write(facts, add_some, NULL);
	json = json_of(facts, (struct aw_indicator_query){ .code = "P1-S2-1", .period = "109" });
	assert_int_equal(json_array_size(json), 1);
	first = json_array_get(json, 0);
	assert_string_equal(aw_json_string(first, "id"), "P1-S2-1");
	assert_string_equal(aw_json_string(first, "name"), "24小時內處理比率");
	assert_string_equal(aw_json_string(first, "period"), "109");
	assert_string_equal(aw_json_string(first, "as_of"), "2021-01-31");
	assert_true(aw_json_int(first, "numerator", &number));
	assert_int_equal(number, 2);
	assert_true(aw_json_int(first, "denominator", &number));
	assert_int_equal(number, 3);
	assert_int_equal(json_real_value(json_object_get(first, "value")) * 100 + 0.5, 6667);
	assert_int_equal(json_real_value(json_object_get(first, "target")), 100);
	assert_string_equal(aw_json_string(first, "unit"), "% (件)");
	assert_true(json_is_false(json_object_get(first, "met")));
	assert_null(json_object_get(first, "rows"));
}

static void
rows_are_numbers_without_names_and_stand_in_their_group(void **state)
{
	struct facts *facts = *state;
	AW_SCOPED(json, json_t *) json = NULL;
	size_t rows = 0;

	facts_write(facts, add_some, NULL);
	json = json_of(
		facts, (struct aw_indicator_query){
			       .code = "P1-S2-4", .period = "109", .by = "month", .rows = true });
	assert_int_equal(json_array_size(json), 12);
	for (size_t i = 0; i < json_array_size(json); i++) {
		const json_t *group = json_array_get(json, i);
		const json_t *list = json_object_get(group, "rows");
		int64_t den = 0;
		assert_true(aw_json_int(group, "denominator", &den));
		assert_int_equal(json_array_size(list), den);
		rows += json_array_size(list);
		for (size_t k = 0; k < json_array_size(list); k++) {
			const json_t *row = json_array_get(list, k);
			assert_int_equal(aw_json_string(row, "number")[0], 'R');
			assert_int_equal(aw_json_string(row, "person")[0], 'P');
			assert_string_equal(aw_json_string(row, "kind"), "child_protection");
		}
	}
	assert_int_equal(rows, 3);
}

static void
without_an_id_come_all_indicators_in_force(void **state)
{
	struct facts *facts = *state;
	AW_SCOPED(json, json_t *) phase_one = NULL;
	AW_SCOPED(json, json_t *) phase_two = NULL;

	phase_one = json_of(facts, (struct aw_indicator_query){ .period = "109" });
	assert_int_equal(json_array_size(phase_one), 4);
	assert_true(json_is_null(json_object_get(json_array_get(phase_one, 0), "value")));
	assert_true(json_is_null(json_object_get(json_array_get(phase_one, 0), "met")));
	phase_two = json_of(facts, (struct aw_indicator_query){ .period = "110H1" });
	assert_int_equal(json_array_size(phase_two), 2);
}

static void
csv_has_a_head_and_a_line_a_group(void **state)
{
	struct facts *facts = *state;
	const char *text;

	facts_write(facts, add_some, NULL);
	text = printed(facts,
		(struct aw_indicator_query){ .code = "P1-S2-1", .period = "109", .format = "csv" });
	assert_string_equal(text,
		"id,name,definition,period,group,group_name,numerator,denominator,value,target,"
		"unit,met\r\n"
		"P1-S2-1,24小時內處理比率,107.1,109,,,2,3,66.67,100,% (件),no\r\n");
	text = printed(
		facts, (struct aw_indicator_query){
			       .code = "P1-S2-1", .period = "109", .format = "csv", .by = "kind" });
	assert_non_null(strstr(text, ",child_protection,兒少保護,2,3,66.67,100,"));
	text = printed(
		facts, (struct aw_indicator_query){
			       .code = "P1-S2-1", .period = "109", .format = "csv", .rows = true });
	assert_non_null(strstr(text, "2020-03-01T09:00:00+08:00,10017040,dv_adult,"
				     "child_protection,1,,,18000000\r\n"));
}

static void
the_table_lines_up_and_says_what_it_aims_at(void **state)
{
	struct facts *facts = *state;
	const char *text;

	facts_write(facts, add_some, NULL);
	text = printed(facts, (struct aw_indicator_query){ .code = "P1-S2-1", .period = "109" });
	assert_non_null(strstr(text, "2 / 3"));
	assert_non_null(strstr(text, "66.67%  >=100   no\n"));
	text = printed(facts,
		(struct aw_indicator_query){
			.code = "P2-S2-1", .period = "110H1", .by = "district", .rows = true });
	assert_non_null(strstr(text, "<7.7 "));
}

static void
refusals_say_what_may_be_asked(void **state)
{
	static const struct {
		struct aw_indicator_query query;
		enum aw_status status;
		const char *words;
	} cases[] = {
		{ { .period = "109", .by = "age" }, AW_INVALID, "district, unit, month or kind" },
		{ { .period = "109", .format = "xml" }, AW_INVALID, "table, csv or json" },
		{ { .period = "last year" }, AW_INVALID, "110H1" },
		{ { .code = "P1-S2-1" }, AW_INVALID, "--period is missing" },
		{ { .period = "109", .as_of = "soon" }, AW_INVALID, "--as-of" },
		{ { .period = "109", .code = "P9" }, AW_NOT_FOUND, "no indicator P9" },
		{ { .period = "109", .code = "P1-S2-1", .version = "3" }, AW_NOT_FOUND,
			"in version 3" },
		{ { .period = "100" }, AW_NOT_FOUND, "no indicator is defined for this period" },
	};
	struct facts *facts = *state;

	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		struct print print = { .facts = facts, .query = cases[i].query };
		struct aw_error err = { 0 };
		assert_fails(aw_db_read(facts->db.db, print_in, &print, &err), cases[i].status,
			cases[i].words);
	}
}

#define WITH_FACTS(test) cmocka_unit_test_setup_teardown(test, facts_setup, facts_teardown)
AW_TESTS(WITH_FACTS(json_holds_the_fields_that_scripts_rely_on),
	WITH_FACTS(rows_are_numbers_without_names_and_stand_in_their_group),
	WITH_FACTS(without_an_id_come_all_indicators_in_force),
	WITH_FACTS(csv_has_a_head_and_a_line_a_group),
	WITH_FACTS(the_table_lines_up_and_says_what_it_aims_at),
	WITH_FACTS(refusals_say_what_may_be_asked))
