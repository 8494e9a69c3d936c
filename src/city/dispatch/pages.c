/* city/dispatch/pages - the acts on a report: read the form, one use case, back to the page. */
#include "city/dispatch/pages.h"

#include <string.h>

#include "city/dispatch/dispatch.h"
#include "city/dispatch/dispatch.sql.h"
#include "city/dispatch/report_page.h"
#include "city/intake/report.h"
#include "city/person/person.h"
#include "city/triage/triage.h"
#include "db/change.h"

static enum aw_status
load(struct aw_call *call, struct aw_report *ret, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");

	return aw_report_by_number(
		&call->act, number == NULL ? "" : number, AW_REPORT_PLAIN, ret, err);
}

/* Back to the report's page, with what was done as a notice. */
static enum aw_status
back(struct aw_call *call, const struct aw_report *report, const char *notice)
{
	call->act.object = report->number;
	aw_call_redirect(call, notice, "/reports/%s", report->number);
	return AW_OK;
}

enum aw_status
aw_report_claim(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;

	if (load(call, &report, err) != AW_OK ||
		aw_dispatch_claim(&call->act, report.id, err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.claimed");
}

enum aw_status
aw_report_link(struct aw_call *call, struct aw_error *err)
{
	int64_t position = aw_call_int(call, "position", 1, AW_REPORT_PERSONS_MOST, 0);
	const char *choice = aw_call_value(call, "choice"), *number = aw_call_value(call, "person");
	enum aw_link_choice how = AW_LINK_SAME;
	struct aw_report_person *persons;
	struct aw_person person = { 0 };
	struct aw_report report;
	size_t count;

	if (load(call, &report, err) != AW_OK ||
		aw_report_persons(&call->act, report.id, AW_REPORT_PLAIN, &persons, &count, err) !=
			AW_OK)
		return err->status;
	if (aw_text_eq(choice, "other"))
		how = AW_LINK_OTHER;
	else if (aw_text_eq(choice, "new"))
		how = AW_LINK_NEW;
	else if (!aw_text_eq(choice, "same") || number == NULL)
		return aw_fail(err, AW_INVALID, "choose who the person is");
	if (number != NULL && aw_person_by_number(&call->act, number, &person, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (persons[i].position != position)
			continue;
		if (aw_dispatch_link(&call->act, persons[i].id, person.id, how, err) != AW_OK)
			return err->status;
		return back(call, &report, "notice.linked");
	}
	return aw_fail(err, AW_NOT_FOUND, "the report has no such person");
}

enum aw_status
aw_report_screen(struct aw_call *call, struct aw_error *err)
{
	int64_t index = aw_call_int(call, "index", 1, 200, 0);
	const char *result = aw_call_value(call, "result"),
		   *other = aw_call_value(call, "duplicate_of");
	struct aw_report report, same = { 0 };
	struct aw_issue *issues;
	size_t count;

	if (load(call, &report, err) != AW_OK ||
		aw_report_issues(&call->act, report.id, &issues, &count, err) != AW_OK)
		return err->status;
	if (index < 1 || (size_t)index > count || result == NULL)
		return aw_fail(err, AW_INVALID, "choose an issue and its result");
	if (other != NULL &&
		aw_report_by_number(&call->act, other, AW_REPORT_PLAIN, &same, err) != AW_OK)
		return err->status;
	if (aw_issue_screen(&call->act, issues[index - 1].id, result, same.id, err) != AW_OK ||
		aw_change_note(call->act.tx, AW_REPORT_CHANGE, report.id, err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.screened");
}

enum aw_status
aw_report_edit(struct aw_call *call, struct aw_error *err)
{
	struct aw_dispatch_edit edit = { .unit = aw_call_value(call, "unit"),
		.role = aw_call_value(call, "role"),
		.task = aw_call_value(call, "task"),
		.side = aw_call_value(call, "side"),
		.remove = aw_call_value(call, "remove") != NULL,
		.reason = aw_call_value(call, "reason"),
		.note = aw_call_value(call, "note") };
	struct aw_report report;

	if (load(call, &report, err) != AW_OK ||
		aw_dispatch_edit(&call->act, report.id, &edit, err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.edited");
}

enum aw_status
aw_report_grade(struct aw_call *call, struct aw_error *err)
{
	struct aw_triage_change change = { .level = aw_call_value(call, "level"),
		.child_class = aw_call_value(call, "child_class"),
		.priority = aw_call_value(call, "priority") };
	struct aw_decision decision, made;
	struct aw_report report;
	bool found;

	if (load(call, &report, err) != AW_OK ||
		aw_triage_get(&call->act, report.id, &decision, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_CONFLICT, "the report has no decision yet");
	if (aw_triage_override(&call->act, decision.id, &change, aw_call_value(call, "reason"),
		    aw_call_value(call, "note"), &made, err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.graded");
}

enum aw_status
aw_report_submit(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;

	if (load(call, &report, err) != AW_OK ||
		aw_dispatch_submit(&call->act, report.id, aw_call_value(call, "note"),
			aw_call_value(call, "follow_up") != NULL, err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.submitted");
}

enum aw_status
aw_report_urgent(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;

	if (load(call, &report, err) != AW_OK ||
		aw_dispatch_urgent(&call->act, report.id, aw_call_value(call, "reason"), err) !=
			AW_OK)
		return err->status;
	return back(call, &report, "notice.urgent");
}

enum aw_status
aw_report_review(struct aw_call *call, struct aw_error *err)
{
	const char *answer = aw_call_value(call, "answer");
	bool approve = aw_text_eq(answer, "approve");
	struct aw_report report;

	if (!approve && !aw_text_eq(answer, "back"))
		return aw_fail(err, AW_INVALID, "approve the proposal or send it back");
	if (load(call, &report, err) != AW_OK || aw_dispatch_review(&call->act, report.id, approve,
							 aw_call_value(call, "note"), err) != AW_OK)
		return err->status;
	return back(call, &report, approve ? "notice.approved" : "notice.sent_back");
}

/* -- units ---------------------------------------------------------------------------------- */

/* A unit that the viewer is not told of was not asked. */
static enum aw_status
load_unit(struct aw_call *call, struct aw_report *report, struct aw_dispatch *ret,
	struct aw_error *err)
{
	const char *unit = aw_call_path(call, "unit");
	struct aw_call probe = aw_call_probe(call);
	const struct aw_dispatch *found = NULL;
	struct aw_report_page page;

	if (load(call, report, err) != AW_OK || aw_report_page_load(&probe, &page, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < page.way.dispatch_count; i++) {
		const struct aw_dispatch *d = &page.way.dispatches[i];

		if (aw_text_eq(d->unit, unit) && strcmp(d->state, "withdrawn") != 0 && !d->veiled &&
			(found == NULL || d->id > found->id))
			found = d;
	}
	if (found == NULL)
		return aw_fail(err, AW_NOT_FOUND, "that unit was not asked");
	*ret = *found;
	return AW_OK;
}

enum aw_status
aw_call_dispatch(struct aw_call *call, int64_t *ret_dispatch, struct aw_error *err)
{
	struct aw_report report;
	struct aw_dispatch d;

	if (load_unit(call, &report, &d, err) != AW_OK)
		return err->status;
	*ret_dispatch = d.id;
	return AW_OK;
}

enum aw_status
aw_unit_accept(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;
	struct aw_dispatch d;

	if (load_unit(call, &report, &d, err) != AW_OK ||
		aw_dispatch_accept(&call->act, d.id, err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.accepted");
}

enum aw_status
aw_unit_return(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;
	struct aw_dispatch d;

	if (load_unit(call, &report, &d, err) != AW_OK ||
		aw_dispatch_return(&call->act, d.id, aw_call_value(call, "code"),
			aw_call_value(call, "note"), err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.returned");
}

enum aw_status
aw_unit_assign(struct aw_call *call, struct aw_error *err)
{
	const char *login = aw_call_value(call, "worker");
	struct sql_account_of_login worker;
	struct aw_report report;
	struct aw_dispatch d;
	bool found;

	if (load_unit(call, &report, &d, err) != AW_OK ||
		sql_account_of_login(call->act.tx,
			&(struct sql_account_of_login_in){ .login = login == NULL ? "" : login,
				.today = aw_taipei_day(call->act.real_ms) },
			call->act.arena, &worker, &found, err) != AW_OK)
		return err->status;
	if (!found || !aw_dispatch_same_unit(call->act.policy, worker.unit, d.unit))
		return aw_fail(err, AW_INVALID, "choose a worker of the unit");
	if (aw_dispatch_assign(&call->act, d.id, worker.id, err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.assigned");
}

enum aw_status
aw_unit_acknowledge(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;
	struct aw_dispatch d;

	if (load_unit(call, &report, &d, err) != AW_OK ||
		aw_dispatch_acknowledge(&call->act, d.id, err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.acknowledged");
}

enum aw_status
aw_unit_redirect(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;
	struct aw_dispatch d;

	if (load_unit(call, &report, &d, err) != AW_OK ||
		aw_dispatch_redirect(&call->act, d.id, aw_call_value(call, "to"),
			aw_call_value(call, "reason"), aw_call_value(call, "note"), err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.redirected");
}

enum aw_status
aw_unit_dispute(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;
	struct aw_dispatch d;

	if (load_unit(call, &report, &d, err) != AW_OK ||
		aw_dispatch_dispute(&call->act, d.id, aw_call_value(call, "note"), err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.disputed");
}

enum aw_status
aw_unit_settle(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;
	struct aw_dispatch d;

	if (load_unit(call, &report, &d, err) != AW_OK ||
		aw_dispatch_settle(&call->act, d.id, aw_call_value(call, "to"),
			aw_call_value(call, "note"), err) != AW_OK)
		return err->status;
	return back(call, &report, "notice.settled");
}

enum aw_status
aw_unit_finish(struct aw_call *call, struct aw_error *err)
{
	struct aw_report report;
	struct aw_dispatch d;

	if (load_unit(call, &report, &d, err) != AW_OK)
		return err->status;
	if (strcmp(d.role, "lead") == 0)
		return aw_fail(
			err, AW_CONFLICT, "the lead unit decides whether to open a case instead");
	if (!d.worker.known || d.worker.v != call->act.viewer->account)
		return aw_fail(err, AW_DENIED, "only the worker it was assigned to can finish it");
	if (aw_dispatch_finish(&call->act, d.id, err) != AW_OK)
		return err->status;
	/* who is done with their part no longer sees the report */
	call->act.object = report.number;
	aw_call_redirect(call, "notice.finished", "/work");
	return AW_OK;
}
