/* city/family/pages - the acts on a dispatch's work and on a case: form, use case, back. */
#include "city/family/pages.h"

#include <string.h>

#include "city/dispatch/dispatch.h"
#include "city/dispatch/pages.h"
#include "city/family/cell.h"
#include "city/family/family.h"
#include "city/family/family.sql.h"
#include "city/intake/report.h"
#include "city/person/person.h"
#include "policy/policy.h"
#include "text/roc.h"

/* "110/12/06" and "14:05" as typed, or now when both are empty. */
static bool
read_when(struct aw_call *call, int64_t *ret_at)
{
	const char *day_text = aw_call_value(call, "at_day"),
		   *time = aw_call_value(call, "at_time");
	struct aw_error err;
	int64_t minute = 0, part;
	struct aw_str rest, hours;
	int32_t day;

	if (day_text == NULL && time == NULL) {
		*ret_at = call->act.now_ms;
		return true;
	}
	day = aw_taipei_day(call->act.now_ms);
	if (day_text != NULL && aw_roc_read_day(aw_str(day_text), &day, &err) != AW_OK) {
		aw_call_problem(call, "at_day", "problem.date", NULL);
		return false;
	}
	if (time != NULL) {
		hours = aw_str_cut(aw_str(time), ':', &rest);
		if (!aw_str_int64(hours, &part) || part < 0 || part > 23 ||
			!aw_str_int64(rest, &minute) || minute < 0 || minute > 59) {
			aw_call_problem(call, "at_time", "problem.time", NULL);
			return false;
		}
		minute += part * 60;
	}
	*ret_at = aw_taipei_day_start_ms(day) + minute * AW_MINUTE_MS;
	return true;
}

/* -- the work of a dispatch ----------------------------------------------------------------- */

static enum aw_status
back_to_work(struct aw_call *call, const char *notice)
{
	aw_call_redirect(call, notice, "/reports/%s/units/%s/work", aw_call_path(call, "number"),
		aw_call_path(call, "unit"));
	return AW_OK;
}

/* The person of the report at the position that the form names; the first subject by default. */
static enum aw_status
person_at(struct aw_call *call, int64_t dispatch, int64_t *ret_person, struct aw_error *err)
{
	int64_t position = aw_call_int(call, "position", 1, AW_REPORT_PERSONS_MOST, 1);
	struct aw_report_person *persons;
	struct aw_dispatch d;
	size_t count;

	if (aw_dispatch_get(&call->act, dispatch, &d, err) != AW_OK ||
		aw_report_persons(&call->act, d.report, AW_REPORT_PLAIN, &persons, &count, err) !=
			AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (persons[i].position == position && persons[i].person.known) {
			*ret_person = persons[i].person.v;
			return AW_OK;
		}
	}
	return aw_fail(err, AW_INVALID, "choose whom it is about");
}

enum aw_status
aw_work_assess(struct aw_call *call, struct aw_error *err)
{
	int64_t dispatch, person;

	if (aw_call_dispatch(call, &dispatch, err) != AW_OK ||
		person_at(call, dispatch, &person, err) != AW_OK ||
		aw_family_assess(&call->act, dispatch, person, aw_call_value(call, "findings"),
			err) != AW_OK)
		return err->status;
	return back_to_work(call, "notice.assessed");
}

enum aw_status
aw_work_contact(struct aw_call *call, struct aw_error *err)
{
	struct aw_contact_in in = { .form = aw_call_value(call, "form"),
		.outcome = aw_call_value(call, "outcome"),
		.partner_unit = aw_call_value(call, "partner"),
		.note = aw_call_value(call, "note") };
	int64_t contact;

	if (!read_when(call, &in.at))
		return AW_OK;
	if (aw_call_dispatch(call, &in.dispatch, err) != AW_OK ||
		person_at(call, in.dispatch, &in.person, err) != AW_OK ||
		aw_family_contact(&call->act, &in, &contact, err) != AW_OK)
		return err->status;
	return back_to_work(call, "notice.contacted");
}

static enum aw_status
issue_at(struct aw_call *call, int64_t dispatch, int64_t *ret_issue, struct aw_error *err)
{
	int64_t index = aw_call_int(call, "issue", 1, 200, 1);
	struct aw_issue *issues;
	struct aw_dispatch d;
	size_t count;

	if (aw_dispatch_get(&call->act, dispatch, &d, err) != AW_OK ||
		aw_report_issues(&call->act, d.report, &issues, &count, err) != AW_OK)
		return err->status;
	if (index < 1 || (size_t)index > count)
		return aw_fail(err, AW_INVALID, "choose the issue");
	*ret_issue = issues[index - 1].id;
	return AW_OK;
}

enum aw_status
aw_work_decide(struct aw_call *call, struct aw_error *err)
{
	const char *code = aw_call_value(call, "reason");
	const struct aw_reason_code *reason =
		code == NULL ? NULL : aw_policy_reason(call->act.policy, AW_REASONS_OPEN, code);
	struct aw_open_in in = { .reason = code, .level = aw_call_value(call, "level") };
	struct aw_opened opened;

	if (reason == NULL)
		return aw_fail(err, AW_INVALID, "choose the decision and its reason");
	in.outcome = reason->outcome;
	if (aw_call_dispatch(call, &in.dispatch, err) != AW_OK ||
		issue_at(call, in.dispatch, &in.issue, err) != AW_OK ||
		aw_family_decide(&call->act, &in, &opened, err) != AW_OK)
		return err->status;
	if (opened.family_number == NULL)
		return back_to_work(call, "notice.decided");
	aw_call_redirect(call, opened.joined ? "notice.joined" : "notice.opened", "/families/%s",
		opened.family_number);
	return AW_OK;
}

enum aw_status
aw_work_approve(struct aw_call *call, struct aw_error *err)
{
	struct sql_open_decision_get decision;
	int64_t dispatch, issue;
	bool found;

	if (aw_call_dispatch(call, &dispatch, err) != AW_OK ||
		issue_at(call, dispatch, &issue, err) != AW_OK ||
		sql_open_decision_of_issue(call->act.tx,
			&(struct sql_open_decision_of_issue_in){ .issue = issue }, call->act.arena,
			&decision, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_CONFLICT, "the issue was not decided yet");
	if (aw_family_decision_approve(&call->act, decision.id, err) != AW_OK)
		return err->status;
	return back_to_work(call, "notice.decision_approved");
}

/* -- a case --------------------------------------------------------------------------------- */

static enum aw_status
load_case(struct aw_call *call, struct aw_service_case *ret, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");

	return aw_service_case_by_number(&call->act, number == NULL ? "" : number, ret, err);
}

/* A case is known to the unit that has it, and to whoever may know of one of the family. */
enum aw_status
aw_case_gate(const struct aw_call *call, struct aw_error *err)
{
	struct sql_family_members *members;
	struct aw_call probe = aw_call_probe(call);
	struct aw_service_case found;
	struct aw_access access;
	size_t count;

	if (load_case(&probe, &found, err) != AW_OK)
		return err->status;
	if (aw_text_eq(found.unit, call->act.viewer->unit))
		return AW_OK;
	if (aw_access_to(&probe.act, found.subject, &access, err) != AW_OK)
		return err->status;
	if (!aw_access_tells(call->act.policy, &access, found.kind, found.unit))
		return aw_fail(err, AW_NOT_FOUND, "no such case");
	if (sql_family_members(probe.act.tx,
		    &(struct sql_family_members_in){ .family_case = found.family_case },
		    probe.act.arena, &members, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (aw_access_to(&probe.act, members[i].person, &access, err) != AW_OK)
			return err->status;
		if (aw_access_may(&access, AW_CLASS_EXISTENCE))
			return AW_OK;
	}
	return aw_fail(err, AW_NOT_FOUND, "no such case");
}

static enum aw_status
back_to_family(struct aw_call *call, const struct aw_service_case *found, const char *notice)
{
	aw_call_redirect(call, notice, "/families/%s", found->family_number);
	return AW_OK;
}

enum aw_status
aw_case_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_service_case found;

	if (load_case(call, &found, err) != AW_OK)
		return err->status;
	return back_to_family(call, &found, NULL);
}

enum aw_status
aw_case_contact(struct aw_call *call, struct aw_error *err)
{
	struct aw_contact_in in = { .form = aw_call_value(call, "form"),
		.outcome = aw_call_value(call, "outcome"),
		.partner_unit = aw_call_value(call, "partner"),
		.note = aw_call_value(call, "note") };
	const char *number = aw_call_value(call, "person");
	struct aw_service_case found;
	struct aw_person person;
	int64_t contact;

	if (!read_when(call, &in.at))
		return AW_OK;
	if (load_case(call, &found, err) != AW_OK)
		return err->status;
	in.service_case = found.id;
	in.person = found.subject;
	if (number != NULL) {
		if (aw_person_by_number(&call->act, number, &person, err) != AW_OK)
			return err->status;
		in.person = person.id;
	}
	if (aw_family_contact(&call->act, &in, &contact, err) != AW_OK)
		return err->status;
	return back_to_family(call, &found, "notice.contacted");
}

enum aw_status
aw_case_goal(struct aw_call *call, struct aw_error *err)
{
	const char *due = aw_call_value(call, "due");
	struct aw_goal_in in = { .goal = aw_call_value(call, "goal"),
		.step = aw_call_value(call, "step"),
		.responsible = aw_call_value(call, "responsible") };
	struct aw_service_case found;
	struct aw_error bad;
	int64_t goal;
	int32_t day;

	if (due != NULL) {
		if (aw_roc_read_day(aw_str(due), &day, &bad) != AW_OK) {
			aw_call_problem(call, "due", "problem.date", NULL);
			return AW_OK;
		}
		in.due_day = AW_KNOWN(day);
	}
	if (load_case(call, &found, err) != AW_OK)
		return err->status;
	in.service_case = found.id;
	if (aw_family_goal_add(&call->act, &in, &goal, err) != AW_OK)
		return err->status;
	return back_to_family(call, &found, "notice.goal_added");
}

enum aw_status
aw_case_goal_set(struct aw_call *call, struct aw_error *err)
{
	const char *index_text = aw_call_path(call, "index"), *state = aw_call_value(call, "state");
	struct sql_plan_goals_of_family *goals;
	struct aw_service_case found;
	int64_t index;
	size_t count;

	if (load_case(call, &found, err) != AW_OK ||
		sql_plan_goals_of_family(call->act.tx,
			&(struct sql_plan_goals_of_family_in){ .family_case = found.family_case },
			call->act.arena, &goals, &count, err) != AW_OK)
		return err->status;
	if (!aw_str_int64(aw_str(index_text), &index) || index < 1 || (size_t)index > count ||
		goals[index - 1].service_case != found.id)
		return aw_fail(err, AW_NOT_FOUND, "no such goal: reload the page");
	if (aw_family_goal_set(&call->act, goals[index - 1].id, state, err) != AW_OK)
		return err->status;
	return back_to_family(call, &found, "notice.goal_set");
}

enum aw_status
aw_case_close(struct aw_call *call, struct aw_error *err)
{
	struct aw_service_case found;

	if (load_case(call, &found, err) != AW_OK ||
		aw_family_close_ask(&call->act, found.id, aw_call_value(call, "reason"), err) !=
			AW_OK)
		return err->status;
	return back_to_family(call, &found, "notice.close_asked");
}

enum aw_status
aw_case_answer(struct aw_call *call, struct aw_error *err)
{
	bool approve = aw_text_eq(aw_call_value(call, "answer"), "approve");
	struct aw_service_case found;

	if (load_case(call, &found, err) != AW_OK ||
		aw_family_close_answer(
			&call->act, found.id, approve, aw_call_value(call, "note"), err) != AW_OK)
		return err->status;
	if (!approve)
		return back_to_family(call, &found, "notice.close_refused");
	/* who served a closed case no longer sees the family */
	aw_call_redirect(call, "notice.closed", "/work");
	return AW_OK;
}

enum aw_status
aw_case_reopen(struct aw_call *call, struct aw_error *err)
{
	struct aw_service_case found;
	struct aw_opened opened;

	if (load_case(call, &found, err) != AW_OK ||
		aw_family_reopen(&call->act, found.id, &opened, err) != AW_OK)
		return err->status;
	return back_to_family(call, &found, "notice.reopened");
}

enum aw_status
aw_case_assign(struct aw_call *call, struct aw_error *err)
{
	const char *login = aw_call_value(call, "worker");
	struct sql_family_account_of_login worker;
	struct aw_service_case found;
	bool there;

	if (load_case(call, &found, err) != AW_OK ||
		sql_family_account_of_login(call->act.tx,
			&(struct sql_family_account_of_login_in){
				.login = login == NULL ? "" : login,
				.today = aw_taipei_day(call->act.real_ms) },
			call->act.arena, &worker, &there, err) != AW_OK)
		return err->status;
	if (!there || !aw_dispatch_same_unit(call->act.policy, worker.unit, found.unit))
		return aw_fail(err, AW_INVALID, "choose a worker of the unit");
	if (aw_family_assign(&call->act, found.id, worker.id, err) != AW_OK)
		return err->status;
	return back_to_family(call, &found, "notice.assigned");
}

enum aw_status
aw_found_open(struct aw_call *call, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");
	struct aw_person person;
	struct aw_opened opened;

	if (aw_person_by_number(&call->act, number == NULL ? "" : number, &person, err) != AW_OK ||
		aw_family_open_found(&call->act, person.id, aw_call_value(call, "kind"),
			aw_call_value(call, "level"), &opened, err) != AW_OK)
		return err->status;
	aw_call_redirect(call, "notice.opened", "/families/%s", opened.family_number);
	return AW_OK;
}
