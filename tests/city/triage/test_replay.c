/* city/triage: a period's reports under a draft */
#include "../citytest.h"

#include "city/triage/outcome.h"
#include "city/triage/replay.h"

struct replaying {
	const struct aw_policy *draft;
	struct aw_period period;
	struct aw_replay replay;
};

static enum aw_status
replay(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct replaying *r = arg;

	return aw_triage_replay(act, r->draft, r->period, &r->replay, err);
}

static struct aw_period
the_year(void)
{
	struct aw_period year;
	struct aw_error err = { 0 };

	assert_ok(aw_period_read(AW_STR_LIT("110"), &year, &err));
	return year;
}

static int64_t
count_of(const struct aw_replay_pairs *pairs, const char *from, const char *to)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (strcmp(pairs->at[i].from, from) == 0 && strcmp(pairs->at[i].to, to) == 0)
			return pairs->at[i].count;
	}
	return 0;
}

static void
a_raised_threshold_is_counted_and_named(void **state)
{
	struct citytest *city = *state;
	struct replaying r = { .period = the_year() };
	struct aw_policy *draft =
		city_draft(city, "triage.dmn", "&gt;= 8</text>", "&gt;= 9</text>");
	struct aw_error err = { 0 };
	const char *eight;

	(void)city_partner_report(city, 5);
	eight = city_partner_report(city, 8);
	(void)city_partner_report(city, 9);
	r.draft = city->policy;
	assert_ok(city_as(city, "reviewer", replay, &r, &err));
	assert_int_equal(r.replay.decisions, 3);
	assert_int_equal(r.replay.changed, 0);
	assert_int_equal(r.replay.unread, 0);
	assert_int_equal(count_of(&r.replay.levels, "tipvda/high", "tipvda/high"), 2);

	r.draft = draft;
	assert_ok(city_as(city, "reviewer", replay, &r, &err));
	assert_int_equal(r.replay.decisions, 3);
	assert_int_equal(r.replay.changed, 1);
	assert_int_equal(r.replay.graver, 0);
	/* 8 is in no band of the draft: no grade at all, so neither lighter nor graver */
	assert_int_equal(count_of(&r.replay.levels, "tipvda/high", "none"), 1);
	assert_int_equal(count_of(&r.replay.levels, "tipvda/high", "tipvda/high"), 1);
	assert_int_equal(r.replay.change_count, 1);
	assert_string_equal(r.replay.changes[0].report, eight);
	assert_string_equal(r.replay.changes[0].level_before, "tipvda/high");
	assert_int_equal(r.replay.district_count, 1);
	assert_int_equal(r.replay.districts[0].reports, 3);
	assert_int_equal(r.replay.districts[0].changed, 1);
	aw_policy_free(draft);
}

static void
units_and_loads_follow_the_draft(void **state)
{
	struct citytest *city = *state;
	struct replaying r = { .period = the_year() };
	struct aw_policy *draft = city_draft(city, "triage.dmn", "lead_2_o1\"><text>\"dv_adult\"",
		"lead_2_o1\"><text>\"family_centre\"");
	struct aw_error err = { 0 };
	int64_t before = 0, now = 0;

	(void)city_partner_report(city, 3);
	r.draft = draft;
	assert_ok(city_as(city, "reviewer", replay, &r, &err));
	assert_int_equal(count_of(&r.replay.leads, "dv_adult", "family_centre"), 1);
	for (size_t i = 0; i < r.replay.load_count; i++) {
		before += r.replay.loads[i].lead_before;
		now += r.replay.loads[i].lead_now;
	}
	assert_int_equal(before, 1);
	assert_int_equal(now, 1);
	aw_policy_free(draft);
}

static void
what_is_outside_the_period_does_not_count(void **state)
{
	struct citytest *city = *state;
	struct replaying r = { .draft = city->policy };
	struct aw_error err = { 0 };

	(void)city_partner_report(city, 3);
	assert_ok(aw_period_read(AW_STR_LIT("109"), &r.period, &err));
	assert_ok(city_as(city, "reviewer", replay, &r, &err));
	assert_int_equal(r.replay.decisions, 0);
}

static void
a_draft_that_cannot_decide_says_for_which_report(void **state)
{
	struct citytest *city = *state;
	struct replaying r = { .period = the_year() };
	struct aw_policy *draft =
		city_draft(city, "triage.dmn", " priority: priority,", " priority: null,");
	struct aw_error err = { 0 };
	const char *number = city_partner_report(city, 3);

	r.draft = draft;
	assert_ok(city_as(city, "reviewer", replay, &r, &err));
	assert_int_equal(r.replay.decisions, 1);
	assert_int_equal(r.replay.unread, 1);
	assert_non_null(strstr(r.replay.first_unread, number));
	assert_non_null(strstr(r.replay.first_unread, "without a priority"));
	aw_policy_free(draft);
}

static void
the_command_prints_tables_and_json(void **state)
{
	struct citytest *city = *state;
	AW_SCOPE(aw_arena) a = { 0 };
	struct replaying r = { .period = the_year() };
	struct aw_policy *draft =
		city_draft(city, "triage.dmn", "&gt;= 8</text>", "&gt;= 9</text>");
	struct aw_buf out = { .arena = &a };
	struct aw_error err = { 0 };
	const char *eight = city_partner_report(city, 8);
	AW_SCOPED(json, json_t *) json = NULL;

	r.draft = draft;
	assert_ok(city_as(city, "reviewer", replay, &r, &err));
	aw_replay_print(city->policy, draft, &r.replay, true, &out);
	assert_non_null(strstr(aw_buf_z(&out), "1 decisions, 1 would change"));
	assert_non_null(strstr(aw_buf_z(&out), eight));
	out = (struct aw_buf){ .arena = &a };
	aw_replay_json(&r.replay, true, &out);
	assert_ok(aw_json_parse(aw_str(aw_buf_z(&out)), "replay", &json, &err));
	assert_int_equal(json_integer_value(json_object_get(json, "changed")), 1);
	assert_string_equal(
		aw_json_string(json_array_get(json_object_get(json, "reports"), 0), "report"),
		eight);
	aw_policy_free(draft);
}

AW_TESTS(CITY_TEST(a_raised_threshold_is_counted_and_named),
	CITY_TEST(units_and_loads_follow_the_draft),
	CITY_TEST(what_is_outside_the_period_does_not_count),
	CITY_TEST(a_draft_that_cannot_decide_says_for_which_report),
	CITY_TEST(the_command_prints_tables_and_json))
