/* tests/city/family/family - the work after acceptance: assess, decide, contact, plan, close. */
#include "../citytest.h"

#include "city/family/family.h"
#include "city/intake/intake.sql.h"
#include "guard/access.h"

static const char report_json[] =
	"{\"kind\":\"child_protection\",\"channel\":\"school\","
	"\"reporter\":{\"role\":\"teacher\",\"unit\":\"示範國小\"},"
	"\"incident\":{\"at\":\"2021-05-02T20:00:00+08:00\",\"address\":\"基隆市中山區示範路1號\","
	"\"narrative\":\"孩子手臂瘀青。\"},"
	"\"persons\":[{\"role\":\"victim\",\"name\":\"陳範安\",\"birth_date\":\"1010501\",\"sex\":"
	"\"M\","
	"\"national_id\":\"A560000016\",\"address\":\"基隆市中山區示範路1號\"},"
	"{\"role\":\"respondent\",\"name\":\"陳例峯\",\"birth_date\":\"0750101\",\"sex\":\"M\","
	"\"relation\":\"father\"}],"
	"\"answers\":{\"injury\":\"minor\",\"safety\":\"worried\",\"relation\":\"father\"}}";

struct work {
	const char *number;
	struct aw_dispatch lead;
	int64_t issue, subject, respondent, worker;
	struct aw_opened opened;
	struct aw_open_in open;
	struct aw_contact_in contact;
	struct aw_service_case found;
	const char *reason, *note;
	bool approve;
	int64_t made;
	int64_t decision;
	struct aw_access access;
	int64_t person;
};

static enum aw_status
load(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;
	struct aw_report_person *persons;
	struct aw_dispatch *list;
	struct aw_report report;
	struct aw_issue *issues;
	size_t count;

	if (aw_report_by_number(act, work->number, AW_REPORT_PLAIN, &report, err) != AW_OK ||
		aw_dispatch_of_report(act, report.id, &list, &count, err) != AW_OK)
		return err->status;
	work->lead = list[0];
	if (aw_report_issues(act, report.id, &issues, &count, err) != AW_OK)
		return err->status;
	work->issue = issues[0].id;
	if (aw_report_persons(act, report.id, AW_REPORT_PLAIN, &persons, &count, err) != AW_OK)
		return err->status;
	work->subject = persons[0].person.v;
	work->respondent = persons[1].person.v;
	return AW_OK;
}

/* The screener decides who the respondent is where recognition is not sure. */
static enum aw_status
submit(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;
	struct aw_report_person *persons;
	struct aw_report_candidate *candidates;
	size_t count, found;

	if (aw_report_persons(act, work->lead.report, AW_REPORT_PLAIN, &persons, &count, err) !=
		AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (persons[i].person.known)
			continue;
		if (aw_report_candidates(act, persons[i].id, &candidates, &found, err) != AW_OK)
			return err->status;
		if (found == 0)
			continue;
		if (aw_dispatch_submit(act, work->lead.report, NULL, false, err) != AW_CONFLICT ||
			strstr(err->text, "decide first") == NULL)
			return aw_fail(err, AW_INTERNAL, "an undecided person did not stop it");
		if (aw_dispatch_link(act, persons[i].id, candidates[0].person, AW_LINK_SAME, err) !=
			AW_OK)
			return err->status;
	}
	return aw_dispatch_submit(act, ((struct work *)arg)->lead.report, NULL, false, err);
}

static enum aw_status
review(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_dispatch_review(act, ((struct work *)arg)->lead.report, true, NULL, err);
}

static enum aw_status
accept_and_assign(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	if (aw_dispatch_accept(act, work->lead.id, err) != AW_OK)
		return err->status;
	return aw_dispatch_assign(act, work->lead.id, work->worker, err);
}

static enum aw_status
assess(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	return aw_family_assess(act, work->lead.id, work->subject, "父親管教過當", err);
}

static enum aw_status
decide(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	work->open.issue = work->issue;
	work->open.dispatch = work->lead.id;
	return aw_family_decide(act, &work->open, &work->opened, err);
}

static enum aw_status
contact(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	return aw_family_contact(act, &work->contact, &work->made, err);
}

static enum aw_status
read_case(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	return aw_service_case_get(act, work->opened.service_case, &work->found, err);
}

static enum aw_status
close_ask(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	return aw_family_close_ask(act, work->opened.service_case, work->reason, err);
}

static enum aw_status
close_answer(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	return aw_family_close_answer(
		act, work->opened.service_case, work->approve, work->note, err);
}

static enum aw_status
approve_refusal(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_family_decision_approve(act, ((struct work *)arg)->opened.open_decision, err);
}

static enum aw_status
reopen(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	return aw_family_reopen(act, work->opened.service_case, &work->opened, err);
}

static enum aw_status
add_goal(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	return aw_family_goal_add(act,
		&(struct aw_goal_in){ .service_case = work->opened.service_case,
			.goal = "孩子在家安全",
			.step = "每週電訪",
			.due_day = AW_KNOWN(aw_taipei_day(act->now_ms) + 30) },
		&work->made, err);
}

static enum aw_status
meet_goal(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_family_goal_set(act, ((struct work *)arg)->made, "met", err);
}

static enum aw_status
see(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct work *work = arg;

	return aw_access_to(act, work->person, &work->access, err);
}

/* What the unit's list holds, read from what goes on and from the newest report on. */
struct listed {
	const char *unit;
	size_t from_what_goes_on, from_the_newest;
	int64_t counted;
};

static enum aw_status
list_unit(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct listed *listed = arg;
	const struct sql_report_list_unit_in in = { listed->unit, "", "", "", "", "", "", INT64_MIN,
		INT64_MAX, INT64_MAX, 200 };
	const struct sql_report_list_unit_newest_in newest = { listed->unit, "", "", "", "", "", "",
		INT64_MIN, INT64_MAX, INT64_MAX, 200 };
	const struct sql_report_list_unit_count_in all = { listed->unit, "", "", "", "", "", "",
		INT64_MIN, INT64_MAX, 200 };
	struct sql_report_list_unit_count count;
	struct sql_report_list *one, *other;
	bool found;

	if (sql_report_list_unit(act->tx, &in, act->arena, &one, &listed->from_what_goes_on, err) !=
			AW_OK ||
		sql_report_list_unit_newest(act->tx, &newest, act->arena, &other,
			&listed->from_the_newest, err) != AW_OK ||
		sql_report_list_unit_count(act->tx, &all, act->arena, &count, &found, err) != AW_OK)
		return err->status;
	listed->counted = count.n;
	for (size_t i = 0; i < listed->from_what_goes_on && i < listed->from_the_newest; i++)
		assert_int_equal(one[i].id, other[i].id);
	return AW_OK;
}

static void
assert_listed(struct citytest *city, const char *unit, size_t count)
{
	struct listed listed = { .unit = unit };
	struct aw_error err = { 0 };

	assert_ok(city_as(city, "screener", list_unit, &listed, &err));
	assert_int_equal(listed.from_what_goes_on, count);
	assert_int_equal(listed.from_the_newest, count);
	assert_int_equal(listed.counted, count);
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

/* A report in the hands of its worker. */
static struct work
assigned(struct citytest *city)
{
	struct aw_error err = { 0 };
	struct work work = { .number = city_report(city, report_json),
		.worker = account(city, "child_worker") };

	assert_ok(city_as(city, "screener", load, &work, &err));
	city->now_ms += AW_HOUR_MS;
	assert_ok(city_as(city, "screener", submit, &work, &err));
	assert_ok(city_as(city, "reviewer", review, &work, &err));
	assert_ok(city_as(city, "screener", load, &work, &err)); /* linking proposed anew */
	city->now_ms += AW_HOUR_MS;
	assert_ok(city_as(city, "child_supervisor", accept_and_assign, &work, &err));
	assert_ok(city_as(city, "screener", load, &work, &err));
	assert_true(work.subject != 0 && work.respondent != 0);
	return work;
}

/* ... and opened. */
static struct work
opened(struct citytest *city)
{
	struct work work = assigned(city);
	struct aw_error err = { 0 };

	assert_ok(city_as(city, "child_worker", assess, &work, &err));
	work.open = (struct aw_open_in){ .outcome = "Y", .reason = "protection_needed" };
	assert_ok(city_as(city, "child_worker", decide, &work, &err));
	return work;
}

static void
a_case_is_opened_after_an_assessment_and_with_a_fitting_reason(void **state)
{
	struct citytest *city = *state;
	struct work work = assigned(city);
	struct aw_error err = { 0 };

	work.open = (struct aw_open_in){ .outcome = "Y", .reason = "protection_needed" };
	assert_fails(city_as(city, "child_worker", decide, &work, &err), AW_CONFLICT, "assessment");
	assert_ok(city_as(city, "child_worker", assess, &work, &err));
	work.open.reason = "no_need";
	assert_fails(city_as(city, "child_worker", decide, &work, &err), AW_INVALID,
		"belongs to the decision");
	work.open.reason = "protection_needed";
	assert_fails(
		city_as(city, "adult_worker", decide, &work, &err), AW_DENIED, "only the unit");
	assert_ok(city_as(city, "child_worker", decide, &work, &err));
	assert_non_null(work.opened.family_number);
	assert_fails(city_as(city, "child_worker", decide, &work, &err), AW_CONFLICT, "assign");
	assert_ok(city_as(city, "child_worker", read_case, &work, &err));
	assert_int_equal(work.found.subject, work.subject);
	assert_int_equal(work.found.worker, work.worker);
	assert_string_equal(work.found.kind, "child_protection");
}

static void
a_second_report_of_an_open_case_joins_it(void **state)
{
	struct citytest *city = *state;
	struct work first = opened(city), second;
	struct aw_error err = { 0 };

	city->now_ms += 10 * AW_DAY_MS;
	second = assigned(city);
	assert_int_equal(second.subject, first.subject);
	assert_ok(city_as(city, "child_worker", assess, &second, &err));
	second.open = (struct aw_open_in){ .outcome = "Y", .reason = "joined_open_case" };
	assert_ok(city_as(city, "child_worker", decide, &second, &err));
	assert_true(second.opened.joined);
	assert_int_equal(second.opened.service_case, first.opened.service_case);
}

static void
a_unit_lists_what_goes_on_there_and_nothing_that_is_over(void **state)
{
	struct citytest *city = *state;
	struct work work = { .number = city_report(city, report_json),
		.worker = account(city, "child_worker") };
	struct work refused, second;
	struct aw_error err = { 0 };

	assert_ok(city_as(city, "screener", load, &work, &err));
	city->now_ms += AW_HOUR_MS;
	assert_ok(city_as(city, "screener", submit, &work, &err));
	assert_listed(city, "dv_child", 0); /* proposed alone */
	assert_ok(city_as(city, "reviewer", review, &work, &err));
	assert_listed(city, "dv_child", 1);
	assert_listed(city, "dv_adult", 0);
	assert_ok(city_as(city, "screener", load, &work, &err));
	assert_ok(city_as(city, "child_supervisor", accept_and_assign, &work, &err));
	assert_ok(city_as(city, "child_worker", assess, &work, &err));
	assert_listed(city, "dv_child", 1); /* assigned */
	refused = work;
	refused.open = (struct aw_open_in){ .outcome = "N", .reason = "no_need" };
	assert_ok(city_as(city, "child_worker", decide, &refused, &err));
	assert_listed(city, "dv_child", 1); /* nobody approved that yet */
	assert_ok(city_as(city, "child_supervisor", approve_refusal, &refused, &err));
	assert_listed(city, "dv_child", 0);
	city->now_ms += 10 * AW_DAY_MS;
	work = opened(city);
	assert_listed(city, "dv_child", 1);
	city->now_ms += 10 * AW_DAY_MS;
	second = assigned(city);
	assert_listed(city, "dv_child", 2);
	assert_ok(city_as(city, "child_worker", assess, &second, &err));
	second.open = (struct aw_open_in){ .outcome = "Y", .reason = "joined_open_case" };
	assert_ok(city_as(city, "child_worker", decide, &second, &err));
	assert_int_equal(second.opened.service_case, work.opened.service_case);
	assert_listed(city, "dv_child", 2); /* two reports of one case */
	work.reason = "risk_lowered";
	work.approve = true;
	assert_ok(city_as(city, "child_worker", close_ask, &work, &err));
	assert_listed(city, "dv_child", 2);
	assert_ok(city_as(city, "child_supervisor", close_answer, &work, &err));
	assert_listed(city, "dv_child",
		1); /* of the second, a part as co-unit that waits for an answer */
}

static void
a_contact_is_made_by_the_unit_not_in_the_future_and_not_on_a_closed_case(void **state)
{
	struct citytest *city = *state;
	struct work work = opened(city);
	struct aw_error err = { 0 };

	work.contact = (struct aw_contact_in){ .service_case = work.opened.service_case,
		.person = work.subject,
		.form = "home",
		.outcome = "met",
		.at = city->now_ms + AW_MINUTE_MS };
	assert_fails(city_as(city, "child_worker", contact, &work, &err), AW_INVALID, "future");
	work.contact.at = city->now_ms;
	work.contact.form = "pigeon";
	assert_fails(
		city_as(city, "child_worker", contact, &work, &err), AW_INVALID, "how the contact");
	work.contact.form = "home";
	assert_fails(
		city_as(city, "adult_worker", contact, &work, &err), AW_DENIED, "only the unit");
	assert_ok(city_as(city, "child_worker", contact, &work, &err));
}

static void
closing_needs_another_person_and_reopening_continues(void **state)
{
	struct citytest *city = *state;
	struct work work = opened(city);
	int64_t first = work.opened.service_case;
	struct aw_error err = { 0 };

	work.approve = true;
	assert_fails(city_as(city, "child_supervisor", close_answer, &work, &err), AW_CONFLICT,
		"nobody asked");
	work.reason = "vulnerability_lowered";
	assert_fails(
		city_as(city, "child_worker", close_ask, &work, &err), AW_INVALID, "kind allows");
	work.reason = "risk_lowered";
	assert_ok(city_as(city, "child_worker", close_ask, &work, &err));
	assert_fails(city_as(city, "child_worker", close_answer, &work, &err), AW_DENIED,
		"another person");
	assert_ok(city_as(city, "child_supervisor", close_answer, &work, &err));
	assert_ok(city_as(city, "child_worker", read_case, &work, &err));
	assert_true(work.found.closed_at.known);
	assert_string_equal(work.found.close_reason, "risk_lowered");
	assert_ok(city_as(city, "child_worker", reopen, &work, &err));
	assert_true(work.opened.service_case != first);
	assert_fails(city_as(city, "child_worker", reopen, &work, &err), AW_CONFLICT, "is open");
}

static void
a_goal_is_superseded_never_overwritten(void **state)
{
	struct citytest *city = *state;
	struct work work = opened(city);
	struct aw_error err = { 0 };

	assert_ok(city_as(city, "child_worker", add_goal, &work, &err));
	assert_ok(city_as(city, "child_worker", meet_goal, &work, &err));
	assert_fails(
		city_as(city, "child_worker", meet_goal, &work, &err), AW_NOT_FOUND, "newer one");
}

static void
access_follows_the_work_and_ends_with_it(void **state)
{
	struct citytest *city = *state;
	struct work work = opened(city);
	struct aw_error err = { 0 };

	work.person = work.subject;
	assert_ok(city_as(city, "child_worker", see, &work, &err));
	assert_true(aw_access_may(&work.access, AW_CLASS_ADDRESS));
	assert_ok(city_as(city, "adult_worker", see, &work, &err));
	assert_false(aw_access_may(&work.access, AW_CLASS_EXISTENCE));
	assert_ok(city_as(city, "screener", see, &work, &err));
	assert_false(aw_access_may(&work.access, AW_CLASS_NARRATIVE));
	work.reason = "risk_lowered";
	work.approve = true;
	assert_ok(city_as(city, "child_worker", close_ask, &work, &err));
	assert_ok(city_as(city, "child_supervisor", close_answer, &work, &err));
	assert_ok(city_as(city, "child_worker", see, &work, &err));
	assert_false(aw_access_may(&work.access, AW_CLASS_ADDRESS));
}

AW_TESTS(CITY_TEST(a_case_is_opened_after_an_assessment_and_with_a_fitting_reason),
	CITY_TEST(a_second_report_of_an_open_case_joins_it),
	CITY_TEST(a_unit_lists_what_goes_on_there_and_nothing_that_is_over),
	CITY_TEST(a_contact_is_made_by_the_unit_not_in_the_future_and_not_on_a_closed_case),
	CITY_TEST(closing_needs_another_person_and_reopening_continues),
	CITY_TEST(a_goal_is_superseded_never_overwritten),
	CITY_TEST(access_follows_the_work_and_ends_with_it))
