/* city/family/open - the open decision, and the case and frame it makes. */
#include <string.h>

#include "city/dispatch/dispatch.h"
#include "city/family/cell.h"
#include "city/intake/report.h"
#include "city/person/person.h"
#include "guard/access.h"
#include "guard/relation.h"
#include "policy/policy.h"

/* -- the frame ------------------------------------------------------------------------------ */

struct frame {
	int64_t id;
	const char *number;
};

static enum aw_status
add_member(
	struct aw_act *act, int64_t family, int64_t person, const char *role, struct aw_error *err)
{
	struct sql_family_member_get there;
	bool found;

	if (sql_family_member_get(act->tx,
		    &(struct sql_family_member_get_in){ .family_case = family, .person = person },
		    act->arena, &there, &found, err) != AW_OK)
		return err->status;
	if (found)
		return AW_OK;
	return sql_family_member_insert(act->tx,
		&(struct sql_family_member_insert_in){ .family_case = family,
			.person = person,
			.role = role,
			.from_at = act->now_ms },
		err);
}

static enum aw_status
make_frame(struct aw_act *act, int64_t household, struct frame *ret, struct aw_error *err)
{
	char *number;

	if (aw_act_number(act, 'F', &number, err) != AW_OK)
		return err->status;
	ret->id = aw_act_id(act);
	ret->number = number;
	return sql_family_case_insert(act->tx,
		&(struct sql_family_case_insert_in){ .id = ret->id,
			.number = number,
			.household = { .v = household, .known = household != 0 },
			.opened_at = act->now_ms,
			.recorded_by = { .v = act->viewer->account,
				.known = act->viewer->account != 0 } },
		err);
}

/* The family that the person belongs to as a member, else the one of the household, else a new one. */
static enum aw_status
find_frame(struct aw_act *act, int64_t person, struct frame *ret, struct aw_error *err)
{
	struct sql_family_case_get family;
	struct aw_household household;
	bool found;

	if (aw_household_of(act, person, aw_taipei_day(act->now_ms), &household, err) != AW_OK ||
		sql_family_case_of_person(act->tx,
			&(struct sql_family_case_of_person_in){ .person = person }, act->arena,
			&family, &found, err) != AW_OK)
		return err->status;
	if (found) {
		*ret = (struct frame){ family.id, family.number };
		return AW_OK;
	}
	if (household.id != 0) {
		if (sql_family_case_of_household(act->tx,
			    &(struct sql_family_case_of_household_in){ .household = household.id },
			    act->arena, &family, &found, err) != AW_OK)
			return err->status;
		if (found)
			*ret = (struct frame){ family.id, family.number };
	}
	if (!found && make_frame(act, household.id, ret, err) != AW_OK)
		return err->status;
	if (add_member(act, ret->id, person, "subject", err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < household.member_count; i++) {
		if (add_member(act, ret->id, household.members[i].person, household.members[i].role,
			    err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* People of the report belong to the family as its workers see it, wherever they live. */
static enum aw_status
add_report_people(struct aw_act *act, int64_t family, int64_t report, struct aw_error *err)
{
	struct aw_report_person *persons;
	size_t count;

	if (aw_report_persons(act, report, AW_REPORT_PLAIN, &persons, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (persons[i].person.known &&
			add_member(act, family, persons[i].person.v, persons[i].role, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* -- the case ------------------------------------------------------------------------------- */

struct new_case {
	const char *unit, *kind, *side, *level;
	int64_t subject, worker;
	struct aw_maybe issue, reopened_from;
};

static enum aw_status
insert_case(struct aw_act *act, const struct new_case *new, const struct frame *frame,
	struct aw_opened *ret, struct aw_error *err)
{
	char *number;

	if (aw_act_number(act, 'S', &number, err) != AW_OK)
		return err->status;
	ret->service_case = aw_act_id(act);
	ret->family_case = frame->id;
	ret->case_number = number;
	ret->family_number = frame->number;
	ret->joined = false;
	if (sql_service_case_insert(act->tx,
		    &(struct sql_service_case_insert_in){ .id = ret->service_case,
			    .number = number,
			    .family_case = frame->id,
			    .unit = new->unit,
			    .kind = new->kind,
			    .subject = new->subject,
			    .side = new->side,
			    .issue = new->issue,
			    .worker = new->worker,
			    .level = new->level,
			    .opened_at = act->now_ms,
			    .opened_day = aw_taipei_day(act->now_ms),
			    .reopened_from = new->reopened_from },
		    err) != AW_OK)
		return err->status;
	aw_act_looked(act, new->subject, AW_CLASS_BIT(AW_CLASS_PLAN));
	return aw_involvement_add(act,
		&(struct aw_involvement){ .person = new->subject,
			.kind = "service_case",
			.detail = new->kind,
			.role = "subject",
			.unit = new->unit,
			.account = new->worker,
			.reference = ret->service_case,
			.number = number,
			.from_at = act->now_ms },
		err);
}

static enum aw_status
tie_subject(
	struct aw_act *act, const struct new_case *new, int64_t service_case, struct aw_error *err)
{
	return aw_relation_add(act,
		&(struct aw_tie){ .unit = new->unit,
			.account = new->worker,
			.person = new->subject,
			.side = new->side,
			.kind = AW_TIE_LEAD,
			.reference = service_case },
		err);
}

/* The unit's own open case of the same subject and kind; 0 if there is none. */
static enum aw_status
own_open_case(
	struct aw_act *act, const struct new_case *new, struct aw_opened *ret, struct aw_error *err)
{
	struct aw_service_case *list;
	size_t count;

	if (aw_service_cases_open_of(act, new->subject, &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].kind, new->kind) == 0 && strcmp(list[i].unit, new->unit) == 0) {
			*ret = (struct aw_opened){ .service_case = list[i].id,
				.family_case = list[i].family_case,
				.case_number = list[i].number,
				.family_number = list[i].family_number,
				.joined = true };
			return AW_OK;
		}
	}
	*ret = (struct aw_opened){ 0 };
	return AW_OK;
}

static enum aw_status
open_or_join(struct aw_act *act, const struct new_case *new, const struct aw_dispatch *d,
	struct aw_opened *ret, struct aw_error *err)
{
	struct frame frame;

	if (own_open_case(act, new, ret, err) != AW_OK)
		return err->status;
	if (ret->service_case == 0) {
		if (find_frame(act, new->subject, &frame, err) != AW_OK ||
			add_report_people(act, frame.id, d->report, err) != AW_OK ||
			insert_case(act, new, &frame, ret, err) != AW_OK)
			return err->status;
	}
	/* the people of the report stay in the unit's care: now by the case */
	return aw_dispatch_hand_over(act, d->id, ret->service_case, new->worker, err);
}

/* -- the decision --------------------------------------------------------------------------- */

static enum aw_status
check_decision(struct aw_act *act, const struct aw_open_in *in, struct aw_dispatch *ret_dispatch,
	struct aw_issue *ret_issue, struct aw_error *err)
{
	const struct aw_reason_code *reason;
	struct sql_assessments_of_dispatch *made;
	struct sql_open_decision_get there;
	size_t count;
	bool found;

	if (aw_dispatch_get(act, in->dispatch, ret_dispatch, err) != AW_OK ||
		aw_issue_get(act, in->issue, ret_issue, err) != AW_OK ||
		aw_family_of_unit(act, ret_dispatch->unit, err) != AW_OK)
		return err->status;
	act->object = ret_dispatch->report_number;
	if (ret_issue->report != ret_dispatch->report)
		return aw_fail(err, AW_INVALID, "the issue is of another report");
	if (strcmp(ret_dispatch->state, "assigned") != 0)
		return aw_fail(err, AW_CONFLICT, "assign a worker before deciding");
	if (!aw_text_eq(ret_issue->screen_result, "valid"))
		return aw_fail(
			err, AW_CONFLICT, "the issue was not found valid when it was screened");
	reason = in->reason == NULL ? NULL
				    : aw_policy_reason(act->policy, AW_REASONS_OPEN, in->reason);
	if (reason == NULL || !aw_text_eq(reason->outcome, in->outcome))
		return aw_fail(err, AW_INVALID, "choose a reason that belongs to the decision");
	if (sql_open_decision_of_issue(act->tx,
		    &(struct sql_open_decision_of_issue_in){ .issue = in->issue }, act->arena,
		    &there, &found, err) != AW_OK ||
		sql_assessments_of_dispatch(act->tx,
			&(struct sql_assessments_of_dispatch_in){ .dispatch = in->dispatch },
			act->arena, &made, &count, err) != AW_OK)
		return err->status;
	if (found)
		return aw_fail(err, AW_CONFLICT, "the issue was decided already");
	if (count == 0 && strcmp(in->outcome, "M") != 0)
		return aw_fail(err, AW_CONFLICT, "record the assessment first");
	return AW_OK;
}

static enum aw_status
subject_of(
	struct aw_act *act, const struct aw_issue *issue, int64_t *ret_person, struct aw_error *err)
{
	struct aw_report_person *persons;
	size_t count;

	if (aw_report_persons(act, issue->report, AW_REPORT_PLAIN, &persons, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (persons[i].id == issue->report_person && persons[i].person.known) {
			*ret_person = persons[i].person.v;
			return AW_OK;
		}
	}
	return aw_fail(err, AW_CONFLICT, "decide first who the subject of the issue is");
}

/* When every valid issue is decided the lead's part of the report is done. */
static enum aw_status
finish_if_decided(struct aw_act *act, const struct aw_dispatch *d, struct aw_error *err)
{
	struct sql_issues_undecided left;
	bool found;

	if (sql_issues_undecided(act->tx, &(struct sql_issues_undecided_in){ .report = d->report },
		    act->arena, &left, &found, err) != AW_OK)
		return err->status;
	if (found && left.waiting != 0)
		return AW_OK;
	return aw_dispatch_finish(act, d->id, err);
}

static enum aw_status
level_of_decision(
	struct aw_act *act, int64_t decision, const char **ret_level, struct aw_error *err)
{
	struct sql_decision_level row;
	bool found;

	if (sql_decision_level(act->tx, &(struct sql_decision_level_in){ .id = decision },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	*ret_level = found ? row.level : NULL;
	return AW_OK;
}

enum aw_status
aw_family_decide(struct aw_act *act, const struct aw_open_in *in, struct aw_opened *ret,
	struct aw_error *err)
{
	struct aw_opened opened = { 0 };
	struct aw_dispatch d;
	struct aw_issue issue;
	struct new_case new;

	if (check_decision(act, in, &d, &issue, err) != AW_OK)
		return err->status;
	if (strcmp(in->outcome, "Y") == 0 || strcmp(in->outcome, "S") == 0) {
		new = (struct new_case){ .unit = d.unit,
			.kind = issue.kind,
			.side = d.side,
			.level = in->level,
			.worker = d.worker.v,
			.issue = AW_KNOWN(issue.id) };
		if (new.level == NULL &&
			level_of_decision(act, d.decision, &new.level, err) != AW_OK)
			return err->status;
		if (subject_of(act, &issue, &new.subject, err) != AW_OK ||
			open_or_join(act, &new, &d, &opened, err) != AW_OK ||
			sql_contact_join_case(act->tx,
				&(struct sql_contact_join_case_in){
					.dispatch = d.id, .service_case = opened.service_case },
				err) != AW_OK)
			return err->status;
	}
	opened.open_decision = aw_act_id(act);
	if (sql_open_decision_insert(act->tx,
		    &(struct sql_open_decision_insert_in){ .id = opened.open_decision,
			    .issue = in->issue,
			    .dispatch = in->dispatch,
			    .outcome = in->outcome,
			    .reason = in->reason,
			    .decided_at = act->now_ms,
			    .decided_by = act->viewer->account,
			    .service_case = { .v = opened.service_case,
				    .known = opened.service_case != 0 } },
		    err) != AW_OK ||
		finish_if_decided(act, &d, err) != AW_OK)
		return err->status;
	*ret = opened;
	return AW_OK;
}

enum aw_status
aw_family_decision_approve(struct aw_act *act, int64_t open_decision, struct aw_error *err)
{
	struct sql_open_decision_get decision;
	struct aw_dispatch d;
	int64_t changed;
	bool found;

	if (sql_open_decision_get(act->tx,
		    &(struct sql_open_decision_get_in){ .id = open_decision }, act->arena,
		    &decision, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such decision");
	if (aw_dispatch_get(act, decision.dispatch, &d, err) != AW_OK ||
		aw_family_of_unit(act, d.unit, err) != AW_OK)
		return err->status;
	act->object = d.report_number;
	if (decision.decided_by == act->viewer->account)
		return aw_fail(err, AW_DENIED, "a decision is approved by another person");
	if (sql_open_decision_approve(act->tx,
		    &(struct sql_open_decision_approve_in){ .id = open_decision,
			    .approved_at = act->now_ms,
			    .approved_by = act->viewer->account },
		    &changed, err) != AW_OK)
		return err->status;
	if (changed != 1)
		return aw_fail(err, AW_CONFLICT, "the decision was approved or replaced meanwhile");
	return AW_OK;
}

enum aw_status
aw_family_open_found(struct aw_act *act, int64_t person, const char *kind, const char *level,
	struct aw_opened *ret, struct aw_error *err)
{
	struct new_case new = { .unit = act->viewer->unit,
		.kind = kind,
		.side = "neutral",
		.level = level,
		.subject = person,
		.worker = act->viewer->account };
	struct aw_opened opened = { 0 };
	struct frame frame;

	if (new.unit == NULL || kind == NULL || aw_policy_kind(act->policy, kind) == NULL)
		return aw_fail(err, AW_INVALID, "choose the kind of case");
	if (aw_policy_kind(act->policy, kind)->protective)
		new.side = "protected";
	if (own_open_case(act, &new, &opened, err) != AW_OK)
		return err->status;
	if (opened.service_case != 0)
		return aw_fail(err, AW_CONFLICT, "your unit serves this person already: case %s",
			opened.case_number);
	if (find_frame(act, person, &frame, err) != AW_OK ||
		insert_case(act, &new, &frame, &opened, err) != AW_OK ||
		tie_subject(act, &new, opened.service_case, err) != AW_OK)
		return err->status;
	act->object = opened.case_number;
	*ret = opened;
	return AW_OK;
}

enum aw_status
aw_family_reopen(
	struct aw_act *act, int64_t service_case, struct aw_opened *ret, struct aw_error *err)
{
	struct aw_service_case old;
	struct aw_opened opened = { 0 };
	struct new_case new;

	if (aw_service_case_get(act, service_case, &old, err) != AW_OK ||
		aw_family_of_unit(act, old.unit, err) != AW_OK)
		return err->status;
	act->object = old.number;
	if (!old.closed_at.known)
		return aw_fail(err, AW_CONFLICT, "case %s is open", old.number);
	new = (struct new_case){ .unit = old.unit,
		.kind = old.kind,
		.side = old.side,
		.level = old.level,
		.subject = old.subject,
		.worker = act->viewer->account,
		.reopened_from = AW_KNOWN(old.id) };
	if (own_open_case(act, &new, &opened, err) != AW_OK)
		return err->status;
	if (opened.service_case != 0)
		return aw_fail(err, AW_CONFLICT, "case %s is open for this person already",
			opened.case_number);
	if (insert_case(act, &new, &(struct frame){ old.family_case, old.family_number }, &opened,
		    err) != AW_OK ||
		tie_subject(act, &new, opened.service_case, err) != AW_OK)
		return err->status;
	*ret = opened;
	return AW_OK;
}
