/* The pages: totals from rows, rows only as far as the viewer may be told. */
#include "city/indicator/pages.h"
#include "facts.h"
#include "guard/access.h"

struct show {
	struct facts *facts;
	aw_handler_fn *fn;
	const struct aw_view_type *type;
	const char *code;
	const struct aw_form_value *values;
	size_t value_count;
	const char *roles, *purpose;
	struct aw_call call;
};

static enum aw_status
show_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct show *show = arg;
	struct facts *facts = show->facts;
	struct aw_viewer *viewer = AW_NEW(&facts->arena, struct aw_viewer);
	struct aw_form_value *path = AW_NEW(&facts->arena, struct aw_form_value);

	*viewer = (struct aw_viewer){ .account = 5,
		.login = "ho",
		.name = "何擬文",
		.title = "科員",
		.unit = "city_office",
		.roles = show->roles,
		.purpose = show->purpose };
	*path = (struct aw_form_value){ "code", show->code };
	show->call = (struct aw_call){ .act = { .tx = tx,
					       .arena = &facts->arena,
					       .viewer = viewer,
					       .policy = facts->policy,
					       .now_ms = at(2021, 12, 6, 8),
					       .action = "test" },
		.method = "GET",
		.language = "zh-Hant-TW",
		.path_values = path,
		.path_count = show->code == NULL ? 0 : 1,
		.values = show->values,
		.value_count = show->value_count,
		.view = aw_view_new(&facts->arena, show->type) };
	return show->fn(&show->call, err);
}

static json_t *
shown(struct show *show)
{
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(show->facts->db.db, show_in, show, &err));
	return aw_view_json(show->call.view);
}

static int64_t
number(const json_t *json, const char *key)
{
	int64_t value = -1;

	if (!aw_json_int(json, key, &value))
		fail_msg("%s is no number", key);
	return value;
}

static void
add_some(struct facts *facts, void *arg)
{
	static const char *const kinds[] = { "adult_ipv", "child_protection", "sexual_assault",
		"vulnerable_family" };

	(void)arg;
	for (size_t i = 0; i < 80; i++) {
		struct fact fact = { .kind = kinds[i % AW_COUNT(kinds)],
			.received_at = at(2020, 1, 2, 9) + (int64_t)i * 4 * AW_DAY_MS,
			.sent_after = i % 10 == 3 ? 25 * AW_HOUR_MS : 0,
			.district = facts->policy->city.districts[i % 7].code };
		if (i % 8 == 2) { /* somebody whose case was closed: a re-report */
			int64_t closed = fact.received_at - 20 * AW_DAY_MS;
			fact.person = fact_person(facts);
			(void)fact_case(facts, "adult_ipv", fact.person, 0, closed - 90 * AW_DAY_MS,
				closed);
		}
		(void)fact_report(facts, &fact);
	}
}

static void
tiles_hold_each_indicator_in_its_own_last_period(void **state)
{
	struct show show = { .facts = *state,
		.fn = aw_indicators_show,
		.type = &aw_indicators_view,
		.roles = "worker",
		.purpose = "casework" };
	AW_SCOPED(json, json_t *) json = NULL;
	const json_t *tiles;

	facts_write(show.facts, add_some, NULL);
	json = shown(&show);
	tiles = json_object_get(json, "tiles");
	assert_int_equal(json_array_size(tiles), 6);
	assert_string_equal(aw_json_string(json_array_get(tiles, 0), "code"), "P1-S2-1");
	assert_string_equal(aw_json_string(json_array_get(tiles, 0), "period"), "109年");
	assert_int_equal(number(json_array_get(tiles, 0), "denominator"), 40);
	assert_string_equal(aw_json_string(json_array_get(tiles, 5), "period"), "110年1–6月");
	assert_int_equal(number(json, "aimed"), 4); /* in 110H1 nothing was counted */
}

static void
tiles_of_a_period_hold_what_is_in_force_in_it(void **state)
{
	static const struct aw_form_value period[] = { { "period", "109" } };
	struct show show = { .facts = *state,
		.fn = aw_indicators_show,
		.type = &aw_indicators_view,
		.values = period,
		.value_count = 1,
		.roles = "planner",
		.purpose = "planning" };
	AW_SCOPED(json, json_t *) json = shown(&show);

	assert_int_equal(json_array_size(json_object_get(json, "tiles")), 4);
}

static void
one_indicator_shows_groups_that_add_up_versions_and_what_is_printed(void **state)
{
	static const struct aw_form_value values[] = { { "period", "109" }, { "by", "month" } };
	struct show show = { .facts = *state,
		.fn = aw_indicator_show,
		.type = &aw_indicator_view,
		.code = "P1-S2-2",
		.values = values,
		.value_count = 2,
		.roles = "planner",
		.purpose = "planning" };
	AW_SCOPED(json, json_t *) json = NULL;
	const json_t *groups, *printed;
	int64_t num = 0, den = 0;

	facts_write(show.facts, add_some, NULL);
	json = shown(&show);
	assert_int_equal(number(json, "numerator"), 10);
	assert_int_equal(number(json, "denominator"), 60);
	assert_int_equal(number(json, "value"), 1667);
	assert_true(json_is_true(json_object_get(json, "missed")));
	assert_int_equal(number(json, "distance"), 667);
	groups = json_object_get(json, "groups");
	assert_int_equal(json_array_size(groups), 12);
	for (size_t i = 0; i < json_array_size(groups); i++) {
		num += number(json_array_get(groups, i), "numerator");
		den += number(json_array_get(groups, i), "denominator");
	}
	assert_int_equal(num, 10);
	assert_int_equal(den, 60);
	printed = json_object_get(json, "printed");
	assert_int_equal(json_array_size(printed), 2);
	assert_true(json_is_false(json_object_get(json_array_get(printed, 1), "same")));
	assert_true(json_is_true(json_object_get(json, "may_rows")));
	assert_string_equal(show.call.act.object, "P1-S2-2");
	/* asked again it comes out of what was kept, the same */
	json_decref(json);
	json = shown(&show);
	assert_int_equal(number(json, "numerator"), 10);
}

static void
rows_are_paged_filtered_and_keep_sealed_kinds_sealed(void **state)
{
	static const struct aw_form_value values[] = { { "period", "109" } };
	static const struct aw_form_value second[] = { { "period", "109" }, { "from", "26" } };
	static const struct aw_form_value part[] = { { "period", "109" }, { "part", "numerator" },
		{ "by", "kind" }, { "group", "sexual_assault" } };
	struct show show = { .facts = *state,
		.fn = aw_indicator_rows_show,
		.type = &aw_indicator_rows_view,
		.code = "P1-S2-2",
		.values = values,
		.value_count = 1,
		.roles = "planner",
		.purpose = "planning" };
	AW_SCOPED(json, json_t *) json = NULL;
	const json_t *rows;
	size_t hidden = 0;

	facts_write(show.facts, add_some, NULL);
	json = shown(&show);
	rows = json_object_get(json, "rows");
	assert_int_equal(json_array_size(rows), 25);
	assert_int_equal(number(json, "total"), 60);
	assert_non_null(aw_json_string(json, "next"));
	assert_null(aw_json_string(json, "previous"));
	for (size_t i = 0; i < 25; i++) {
		const json_t *row = json_array_get(rows, i);
		const char *kind = aw_json_string(row, "kind_code");
		if (json_is_object(json_object_get(row, "number"))) {
			assert_true(json_is_object(json_object_get(row, "kind")));
			assert_true(json_is_object(json_object_get(row, "prior")));
			assert_null(aw_json_string(row, "link"));
			hidden++;
		} else {
			assert_string_not_equal(kind, "sexual_assault");
		}
	}
	assert_int_equal(hidden, 8);
	assert_non_null(show.call.act.looked); /* for the log */
	json_decref(json);
	show.values = second;
	show.value_count = 2;
	json = shown(&show);
	assert_int_equal(number(json, "first"), 26);
	assert_non_null(aw_json_string(json, "previous"));
	json_decref(json);
	show.values = part;
	show.value_count = 4;
	json = shown(&show);
	assert_int_equal(number(json, "total"), 10);
}

static void
a_role_that_may_know_of_nobody_gets_no_number(void **state)
{
	static const struct aw_form_value values[] = { { "period", "109" } };
	struct show show = { .facts = *state,
		.fn = aw_indicator_rows_show,
		.type = &aw_indicator_rows_view,
		.code = "P1-S2-5",
		.values = values,
		.value_count = 1,
		.roles = "administrator",
		.purpose = "administration" };
	AW_SCOPED(json, json_t *) json = NULL;
	const json_t *rows;

	facts_write(show.facts, add_some, NULL);
	json = shown(&show);
	rows = json_object_get(json, "rows");
	assert_int_equal(json_array_size(rows), 20);
	for (size_t i = 0; i < json_array_size(rows); i++)
		assert_true(json_is_object(json_object_get(json_array_get(rows, i), "number")));
	assert_null(show.call.act.looked);
}

static void
unknown_indicators_and_bad_queries_are_refused(void **state)
{
	static const struct aw_form_value by[] = { { "by", "age" } };
	static const struct aw_form_value period[] = { { "period", "soon" } };
	struct show show = { .facts = *state,
		.fn = aw_indicator_show,
		.type = &aw_indicator_view,
		.code = "P9",
		.roles = "planner",
		.purpose = "planning" };
	struct aw_error err = { 0 };

	assert_fails(aw_db_read(show.facts->db.db, show_in, &show, &err), AW_NOT_FOUND,
		"no such indicator");
	show.code = "P1-S2-1";
	show.value_count = 1;
	show.values = by;
	assert_int_equal(aw_db_read(show.facts->db.db, show_in, &show, &err), AW_INVALID);
	show.values = period;
	assert_int_equal(aw_db_read(show.facts->db.db, show_in, &show, &err), AW_INVALID);
	assert_string_equal(show.call.problems->field, "period");
}

#define WITH_FACTS(test) cmocka_unit_test_setup_teardown(test, facts_setup, facts_teardown)
AW_TESTS(WITH_FACTS(tiles_hold_each_indicator_in_its_own_last_period),
	WITH_FACTS(tiles_of_a_period_hold_what_is_in_force_in_it),
	WITH_FACTS(one_indicator_shows_groups_that_add_up_versions_and_what_is_printed),
	WITH_FACTS(rows_are_paged_filtered_and_keep_sealed_kinds_sealed),
	WITH_FACTS(a_role_that_may_know_of_nobody_gets_no_number),
	WITH_FACTS(unknown_indicators_and_bad_queries_are_refused))
