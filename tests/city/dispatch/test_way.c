/* tests/city/dispatch/way - one report on its way, and everybody who may not act on it. */
#include "../citytest.h"

#include "city/triage/triage.h"

static const char child_report[] =
	"{\"kind\":\"child_protection\",\"channel\":\"school\","
	"\"reporter\":{\"role\":\"teacher\",\"unit\":\"示範國小\",\"name\":\"測試導師\"},"
	"\"incident\":{\"at\":\"2021-05-02T20:00:00+08:00\",\"address\":\"基隆市中山區示範路1號\","
	"\"narrative\":\"孩子手臂瘀青，說是昨晚被打。\"},"
	"\"persons\":[{\"role\":\"victim\",\"name\":\"陳範安\",\"birth_date\":\"1010501\",\"sex\":"
	"\"M\","
	"\"address\":\"基隆市中山區示範路1號\"},"
	"{\"role\":\"respondent\",\"name\":\"陳例峯\",\"relation\":\"father\"}],"
	"\"answers\":{\"injury\":\"minor\",\"safety\":\"worried\",\"relation\":\"father\"}}";

struct step {
	const char *number;
	const char *unit; /* "" = the report's own */
	const char *note;
	const char *code;
	int64_t worker;
	bool yes;
	struct aw_dispatch lead; /* filled */
	const char *text;
};

static enum aw_status
find(struct aw_act *act, struct step *step, struct aw_report *report, struct aw_error *err)
{
	struct aw_dispatch *list;
	size_t count;

	if (aw_report_by_number(act, step->number, AW_REPORT_PLAIN, report, err) != AW_OK ||
		aw_dispatch_of_report(act, report->id, &list, &count, err) != AW_OK)
		return err->status;
	memset(&step->lead, 0, sizeof(step->lead));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].role, "lead") == 0 && strcmp(list[i].state, "withdrawn") != 0)
			step->lead = list[i];
	}
	return AW_OK;
}

static enum aw_status
look(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct aw_report report;

	return find(act, arg, &report, err);
}

static enum aw_status
submit(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_submit(act, report.id, step->note, false, err);
}

static enum aw_status
review(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_review(act, report.id, step->yes, step->note, err);
}

static enum aw_status
accept(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_accept(act, step->lead.id, err);
}

static enum aw_status
give_back(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_return(act, step->lead.id, step->code, step->note, err);
}

static enum aw_status
redirect(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_redirect(
		act, step->lead.id, step->unit, "redirect_after_return", step->note, err);
}

static enum aw_status
dispute(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_dispute(act, step->lead.id, step->note, err);
}

static enum aw_status
settle(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_settle(act, step->lead.id, step->unit, step->note, err);
}

static enum aw_status
assign(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_assign(act, step->lead.id, step->worker, err);
}

static enum aw_status
sweep(struct aw_act *act, void *arg, struct aw_error *err)
{
	int64_t *escalated = arg;

	return aw_dispatch_sweep(act, escalated, err);
}

static enum aw_status
urgent(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct step *step = arg;
	struct aw_report report;

	if (find(act, step, &report, err) != AW_OK)
		return err->status;
	return aw_dispatch_urgent(act, report.id, step->code, err);
}

static int64_t
account(const struct citytest *city, const char *login)
{
	for (size_t i = 0; i < city->account_count; i++) {
		if (strcmp(city->accounts[i].login, login) == 0)
			return city->accounts[i].account;
	}
	return 0;
}

/* Receives a report and brings it to the lead unit. */
static struct step
sent(struct citytest *city, struct aw_error *caller_err)
{
	struct step step = { .number = city_report(city, child_report), .yes = true };
	struct aw_error err = { 0 };

	(void)caller_err;
	city->now_ms += AW_HOUR_MS;
	assert_ok(city_as(city, "screener", submit, &step, &err));
	city->now_ms += AW_HOUR_MS;
	assert_ok(city_as(city, "reviewer", review, &step, &err));
	assert_ok(city_as(city, "screener", look, &step, &err));
	return step;
}

static void
screening_proposes_the_lead_that_the_policy_names(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = { .number = city_report(city, child_report) };

	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_string_equal(step.lead.unit, "dv_child");
	assert_string_equal(step.lead.state, "proposed");
	assert_true(step.lead.first_contact_due_at.known);
}

static void
nobody_reviews_what_they_submitted_nor_what_their_unit_receives(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = { .number = city_report(city, child_report), .yes = true };

	assert_ok(city_as(city, "reviewer", submit, &step, &err));
	assert_fails(city_as(city, "reviewer", review, &step, &err), AW_DENIED, "another person");
	assert_fails(city_as(city, "child_supervisor", review, &step, &err), AW_DENIED,
		"no unit that receives");
	assert_ok(city_as(city, "screener", review, &step, &err));
	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_string_equal(step.lead.state, "dispatched");
	assert_fails(
		city_as(city, "screener", review, &step, &err), AW_CONFLICT, "waits for no review");
}

static void
a_reviewer_sends_back_with_a_reason(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = { .number = city_report(city, child_report) };

	assert_ok(city_as(city, "screener", submit, &step, &err));
	assert_fails(
		city_as(city, "reviewer", review, &step, &err), AW_INVALID, "what has to change");
	step.note = "請補同住情形";
	assert_ok(city_as(city, "reviewer", review, &step, &err));
	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_string_equal(step.lead.state, "proposed");
	assert_ok(city_as(city, "screener", submit, &step, &err));
}

static void
only_the_unit_that_was_asked_accepts_and_assigns(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = sent(city, &err);

	step.worker = account(city, "child_worker");
	assert_true(step.lead.accept_due_at.known);
	assert_fails(
		city_as(city, "adult_supervisor", accept, &step, &err), AW_DENIED, "only the unit");
	assert_fails(city_as(city, "child_supervisor", assign, &step, &err), AW_CONFLICT, "accept");
	assert_ok(city_as(city, "child_supervisor", accept, &step, &err));
	assert_fails(
		city_as(city, "child_supervisor", accept, &step, &err), AW_CONFLICT, "accepted");
	assert_ok(city_as(city, "child_supervisor", assign, &step, &err));
	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_string_equal(step.lead.state, "assigned");
	assert_int_equal(step.lead.worker.v, step.worker);
}

static void
a_protective_case_is_not_returned_because_the_family_declines(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = sent(city, &err);

	step.note = "案家表示不需要";
	step.code = "family_declines";
	assert_fails(city_as(city, "child_supervisor", give_back, &step, &err), AW_INVALID,
		"cannot be returned");
	step.code = "no such code";
	assert_fails(city_as(city, "child_supervisor", give_back, &step, &err), AW_INVALID,
		"choose a reason");
	step.code = "not_this_area";
	step.note = NULL;
	assert_fails(
		city_as(city, "child_supervisor", give_back, &step, &err), AW_INVALID, "say more");
	step.note = "案家已遷居";
	assert_ok(city_as(city, "child_supervisor", give_back, &step, &err));
	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_string_equal(step.lead.state, "returned");
}

static void
a_redirected_case_is_reviewed_again(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = sent(city, &err);

	step.code = "not_this_area";
	step.note = "非本轄";
	assert_ok(city_as(city, "child_supervisor", give_back, &step, &err));
	step.unit = "dv_child";
	assert_fails(city_as(city, "screener", redirect, &step, &err), AW_CONFLICT, "dispute");
	step.unit = "dv_adult";
	assert_ok(city_as(city, "screener", redirect, &step, &err));
	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_string_equal(step.lead.unit, "dv_adult");
	assert_string_equal(step.lead.state, "proposed");
	assert_ok(city_as(city, "reviewer", review, &step, &err));
	assert_ok(city_as(city, "adult_supervisor", accept, &step, &err));
}

static void
a_dispute_is_settled_above_both_units_and_is_final(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = sent(city, &err);

	step.code = "not_our_duty";
	step.note = "應屬家庭中心";
	assert_ok(city_as(city, "child_supervisor", give_back, &step, &err));
	assert_ok(city_as(city, "screener", dispute, &step, &err));
	step.unit = "dv_child";
	assert_fails(city_as(city, "reviewer", settle, &step, &err), AW_DENIED, "above the units");
	assert_ok(city_as(city, "settler", settle, &step, &err));
	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_string_equal(step.lead.state, "dispatched");
	assert_fails(city_as(city, "child_supervisor", give_back, &step, &err), AW_CONFLICT,
		"cannot be returned again");
	assert_ok(city_as(city, "child_supervisor", accept, &step, &err));
}

static void
an_urgent_report_goes_first_and_is_reviewed_afterwards(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = { .number = city_report(city, child_report), .yes = true };

	assert_fails(city_as(city, "screener", urgent, &step, &err), AW_INVALID, "say why");
	step.code = "urgent_safety";
	assert_ok(city_as(city, "screener", urgent, &step, &err));
	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_string_equal(step.lead.state, "dispatched");
	assert_fails(city_as(city, "screener", review, &step, &err), AW_DENIED, "another person");
	assert_ok(city_as(city, "reviewer", review, &step, &err));
	assert_fails(
		city_as(city, "reviewer", review, &step, &err), AW_CONFLICT, "waits for no review");
}

static void
each_clock_escalates_once_at_each_mark(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	int64_t escalated = -1;

	(void)city_report(city, child_report);
	assert_ok(city_as(city, "worker", sweep, &escalated, &err));
	assert_int_equal(escalated, 0);
	city->now_ms += 19 * AW_HOUR_MS;
	assert_ok(city_as(city, "worker", sweep, &escalated, &err));
	assert_int_equal(escalated, 1);
	assert_ok(city_as(city, "worker", sweep, &escalated, &err));
	assert_int_equal(escalated, 0);
	city->now_ms += 6 * AW_HOUR_MS;
	assert_ok(city_as(city, "worker", sweep, &escalated, &err));
	assert_int_equal(escalated, 1);
}

static void
screening_twice_changes_nothing(void **state)
{
	struct citytest *city = *state;
	struct aw_error err = { 0 };
	struct step step = sent(city, &err);
	struct aw_dispatch before = step.lead;

	assert_ok(city_as(city, "screener", look, &step, &err));
	assert_int_equal(step.lead.id, before.id);
	assert_fails(city_as(city, "screener", submit, &step, &err), AW_CONFLICT, "reload");
}

AW_TESTS(CITY_TEST(screening_proposes_the_lead_that_the_policy_names),
	CITY_TEST(nobody_reviews_what_they_submitted_nor_what_their_unit_receives),
	CITY_TEST(a_reviewer_sends_back_with_a_reason),
	CITY_TEST(only_the_unit_that_was_asked_accepts_and_assigns),
	CITY_TEST(a_protective_case_is_not_returned_because_the_family_declines),
	CITY_TEST(a_redirected_case_is_reviewed_again),
	CITY_TEST(a_dispute_is_settled_above_both_units_and_is_final),
	CITY_TEST(an_urgent_report_goes_first_and_is_reviewed_afterwards),
	CITY_TEST(each_clock_escalates_once_at_each_mark),
	CITY_TEST(screening_twice_changes_nothing))
