/* tests/city/dispatch/cities - a report goes its way in the other cities, by their own tables */
#include "../citytest.h"

#include "city/person/mapping.h"

static int
kaohsiung(void **state)
{
	static const struct city_account accounts[] = {
		{ "screener", "centre", "screener", "screening" },
		{ "reviewer", "centre", "dispatch_reviewer", "screening" },
		{ "supervisor", "fc_yancheng", "supervisor", "supervision" },
	};

	city_start(state, "kaohsiung", accounts, AW_COUNT(accounts));
	return 0;
}

static int
new_taipei(void **state)
{
	static const struct city_account accounts[] = {
		{ "screener", "centre", "screener", "screening" },
		{ "reviewer", "centre", "dispatch_reviewer", "screening" },
		{ "supervisor", "fc_sanchong", "supervisor", "supervision" },
	};

	city_start(state, "new-taipei", accounts, AW_COUNT(accounts));
	return 0;
}

struct step {
	const char *number;
	enum { LOOK, SUBMIT, REVIEW, ACCEPT } what;
	struct aw_dispatch *list; /* filled: the lead first */
	size_t count;
};

static enum aw_status
take(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (aw_report_by_number(act, step->number, AW_REPORT_PLAIN, &report, err) != AW_OK ||
		aw_dispatch_of_report(act, report.id, &step->list, &step->count, err) != AW_OK)
		return err->status;
	switch (step->what) {
	case SUBMIT:
		return aw_dispatch_submit(act, report.id, NULL, false, err);
	case REVIEW:
		return aw_dispatch_review(act, report.id, true, NULL, err);
	case ACCEPT:
		return aw_dispatch_accept(act, step->list[0].id, err);
	case LOOK:
	default:
		return AW_OK;
	}
}

static void
go(struct citytest *city, struct step *step, const char *who, int what)
{
	struct aw_error err = { 0 };

	step->what = (unsigned)what;
	assert_ok(city_as(city, who, take, step, &err));
	city->now_ms += 10 * AW_MINUTE_MS;
	step->what = LOOK;
	assert_ok(city_as(city, "screener", take, step, &err));
}

/* Receipt, screening, proposal, second review by somebody else, acceptance by the lead. */
static struct step
whole_way(struct citytest *city, const char *json, const char *lead)
{
	struct step step = { .number = city_report(city, json) };
	struct aw_error err = { 0 };

	go(city, &step, "screener", LOOK);
	assert_true(step.count >= 1);
	assert_string_equal(step.list[0].role, "lead");
	assert_string_equal(step.list[0].unit, lead);
	go(city, &step, "screener", SUBMIT);
	step.what = REVIEW;
	assert_fails(city_as(city, "screener", take, &step, &err), AW_DENIED, "");
	go(city, &step, "reviewer", REVIEW);
	assert_string_equal(step.list[0].state, "dispatched");
	go(city, &step, "supervisor", ACCEPT);
	assert_string_equal(step.list[0].state, "accepted");
	return step;
}

static bool
sent_to(const struct step *step, const char *unit)
{
	for (size_t i = 1; i < step->count; i++)
		if (strcmp(step->list[i].unit, unit) == 0)
			return true;
	return false;
}

static int64_t
dispatch_due(const struct citytest *city, const char *kind, const char *received)
{
	int64_t from_ms;
	const struct aw_deadline *deadline =
		aw_policy_clock(city->policy, "dispatch", kind, NULL, city->policy->effective_day);

	assert_true(aw_instant_parse(aw_str(received), &from_ms));
	assert_non_null(deadline);
	return aw_policy_due(city->policy, deadline, from_ms) - from_ms;
}

static void
a_family_of_kaohsiung_goes_to_the_centre_of_its_district(void **state)
{
	static const char report[] =
		"{\"kind\":\"vulnerable_family\",\"channel\":\"api\","
		"\"reporter\":{\"role\":\"teacher\",\"unit\":\"示範國小\"},"
		"\"incident\":{\"narrative\":\"照顧者失業，教養困難。\"},"
		"\"persons\":[{\"role\":\"subject\",\"name\":\"陳範安\",\"birth_date\":\"0690501\","
		"\"address\":\"高雄市鼓山區示範路1號\"}],"
		"\"answers\":{\"vf_factors\":[\"VF1-1\",\"VF4-2\"],\"child_at_risk\":false,"
		"\"job_need\":true}}";
	struct citytest *city = *state;
	struct step step = whole_way(city, report, "fc_yancheng");

	assert_int_equal(step.number[1], 'E');
	assert_true(sent_to(&step, "employment"));
	assert_true(sent_to(&step, "parenting"));
	assert_true(sent_to(&step, "social_aid"));
	assert_int_equal(
		dispatch_due(city, "vulnerable_family", "2021-05-03T20:00:00+08:00"), AW_DAY_MS);
}

/* Seven systems are looked through before a report is sent; the households are their ground. */
static void
kaohsiung_checks_seven_registers(void **state)
{
	struct citytest *city = *state;
	struct aw_mistakes mistakes = { .arena = &city->arena };
	struct aw_registers registers;
	size_t asked = 0;

	aw_registers_read(city->policy, &city->arena, &mistakes, &registers);
	assert_int_equal(mistakes.count, 0);
	for (size_t i = 0; i < registers.count; i++)
		asked += registers.at[i].enabled && !registers.at[i].base;
	assert_int_equal(asked, 7);
}

static void
a_consultation_of_new_taipei_goes_to_many_bureaus(void **state)
{
	static const char report[] =
		"{\"kind\":\"event_consult\",\"channel\":\"api\","
		"\"reporter\":{\"role\":\"self\"},"
		"\"incident\":{\"narrative\":\"失業，睡不好，付不出房租。\"},"
		"\"persons\":[{\"role\":\"subject\",\"name\":\"陳範安\",\"birth_date\":\"0690501\","
		"\"address\":\"新北市三重區示範路1號\"}],"
		"\"answers\":{\"consult_groups\":[\"1\",\"5\",\"6\"],\"child_at_risk\":false,"
		"\"safety\":\"safe\"}}";
	static const char *const bureaus[] = { "social_aid", "charity_platform", "employment",
		"mh_north", "drug_centre" };
	struct citytest *city = *state;
	struct step step = whole_way(city, report, "fc_sanchong");

	assert_int_equal(step.number[1], 'F');
	for (size_t i = 0; i < AW_COUNT(bureaus); i++)
		if (!sent_to(&step, bureaus[i]))
			fail_msg("not sent to %s", bureaus[i]);
	/* on the day it came: four hours are left at eight in the evening */
	assert_int_equal(
		dispatch_due(city, "event_consult", "2021-05-03T20:00:00+08:00"), 4 * AW_HOUR_MS);
}

static void
the_third_disturbance_goes_to_the_emergency_centre(void **state)
{
	static const char report[] =
		"{\"kind\":\"disturbance\",\"channel\":\"api\","
		"\"reporter\":{\"role\":\"police\"},"
		"\"incident\":{\"address\":\"新北市三重區示範路1號\",\"narrative\":\"深夜敲打。\"},"
		"\"persons\":[{\"role\":\"subject\",\"name\":\"陳範安\","
		"\"address\":\"新北市三重區示範路1號\"}],"
		"\"answers\":{\"disturbance_count\":%d,\"safety\":\"safe\"}}";
	struct citytest *city = *state;
	struct step step = { .number =
				     city_report(city, aw_arena_printf(&city->arena, report, 3)) };

	go(city, &step, "screener", LOOK);
	assert_string_equal(step.list[0].unit, "emergency_psychiatric");
	assert_true(sent_to(&step, "mh_north"));
	step.number = city_report(city, aw_arena_printf(&city->arena, report, 2));
	go(city, &step, "screener", LOOK);
	assert_string_equal(step.list[0].unit, "mh_north");
}

AW_TESTS(cmocka_unit_test_setup_teardown(a_family_of_kaohsiung_goes_to_the_centre_of_its_district,
		 kaohsiung, city_teardown),
	cmocka_unit_test_setup_teardown(kaohsiung_checks_seven_registers, kaohsiung, city_teardown),
	cmocka_unit_test_setup_teardown(
		a_consultation_of_new_taipei_goes_to_many_bureaus, new_taipei, city_teardown),
	cmocka_unit_test_setup_teardown(
		the_third_disturbance_goes_to_the_emergency_centre, new_taipei, city_teardown))
