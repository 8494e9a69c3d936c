/* city/family/work_page - the worker's page of a dispatch: assess, contact, decide. */
#include <string.h>

#include "city/dispatch/clocks.h"
#include "city/dispatch/pages.h"
#include "city/family/cell.h"
#include "city/family/pages.h"
#include "city/intake/report.h"
#include "city/person/page_rows.h"
#include "city/person/person.h"
#include "guard/access.h"

static const AW_VIEW_TYPE(work_person_view, "WorkPerson", NULL, AW_FIELD("position", NUMBER, OPEN),
	AW_FIELD("role", TEXT, OPEN), AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD("age", NUMBER, IDENTITY), AW_FIELD_CODE("sex", IDENTITY, "sex"),
	AW_FIELD("address", TEXT, ADDRESS), AW_FIELD("phone", TEXT, CONTACT),
	AW_FIELD("path", LINK, OPEN));

static const AW_VIEW_TYPE(note_view, "WorkNote", NULL, AW_FIELD("at", INSTANT, PLAN),
	AW_FIELD("who", TEXT, OPEN), AW_FIELD_CODE("form", PLAN, "contact.form"),
	AW_FIELD_CODE("outcome", PLAN, "contact.outcome"), AW_FIELD("partner", TEXT, PLAN),
	AW_FIELD("text", TEXT, NARRATIVE));

static const AW_VIEW_TYPE(decision_view, "WorkIssue", NULL, AW_FIELD("index", NUMBER, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD("subject", TEXT, IDENTITY),
	AW_FIELD("valid", FLAG, OPEN), AW_FIELD("decided", FLAG, OPEN),
	AW_FIELD_CODE("outcome", OPEN, "open.outcome"), AW_FIELD("reason", TEXT, OPEN),
	AW_FIELD("decided_at", INSTANT, OPEN), AW_FIELD("needs_approval", FLAG, OPEN),
	AW_FIELD("may_approve", FLAG, OPEN), AW_FIELD("may_decide", FLAG, OPEN));

const AW_VIEW_TYPE(aw_work_view, "Work", "family/work", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("report_path", LINK, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("lead", FLAG, OPEN), AW_FIELD_CODE("state", OPEN, "dispatch.state"),
	AW_FIELD("task", TEXT, OPEN), AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view),
	AW_FIELD_OF("people", LIST, OPEN, &work_person_view),
	AW_FIELD_OF("assessments", LIST, OPEN, &note_view),
	AW_FIELD_OF("contacts", LIST, OPEN, &note_view),
	AW_FIELD_OF("issues", LIST, OPEN, &decision_view),
	AW_FIELD_OF("reasons", LIST, OPEN, &aw_choice_view),
	AW_FIELD_OF("levels", LIST, OPEN, &aw_choice_view),
	AW_FIELD_OF("partners", LIST, OPEN, &aw_choice_view), AW_FIELD("may_write", FLAG, OPEN),
	AW_FIELD("acknowledged", FLAG, OPEN), AW_FIELD("now", INSTANT, OPEN));

struct work {
	struct aw_dispatch d;
	struct aw_report report;
	const struct aw_kind *kind;
	struct aw_report_person *persons;
	size_t person_count;
};

static enum aw_status
load(struct aw_call *call, struct work *work, struct aw_error *err)
{
	struct aw_act *act = &call->act;
	int64_t dispatch;

	if (aw_call_dispatch(call, &dispatch, err) != AW_OK ||
		aw_dispatch_get(act, dispatch, &work->d, err) != AW_OK ||
		aw_family_of_unit(act, work->d.unit, err) != AW_OK ||
		aw_report_get(act, work->d.report, AW_REPORT_PLAIN, &work->report, err) != AW_OK ||
		aw_report_persons(act, work->d.report, AW_REPORT_CONTENT, &work->persons,
			&work->person_count, err) != AW_OK)
		return err->status;
	act->object = work->report.number;
	work->kind = aw_policy_kind(act->policy, work->report.kind);
	if (work->kind == NULL)
		return aw_fail(err, AW_CORRUPT, "the policy in force lacks a kind");
	return AW_OK;
}

static enum aw_status
fill_person(struct aw_call *call, const struct work *work, size_t i, struct aw_error *err)
{
	const struct aw_report_person *person = &work->persons[i];
	const struct aw_person_role *role = aw_kind_role(work->kind, person->role);
	const struct aw_identity_address *home;
	struct aw_access access;
	struct aw_person known;
	struct aw_view *item;

	if (!person->person.known)
		return AW_OK;
	if (aw_access_to(&call->act, person->person.v, &access, err) != AW_OK ||
		aw_person_known(&call->act, person->person.v, &known, err) != AW_OK)
		return err->status;
	if (!aw_access_may(&access, AW_CLASS_EXISTENCE))
		return AW_OK;
	item = aw_view_item(call->view, "people");
	aw_view_allow_as(item, &access);
	aw_act_looked(&call->act, person->person.v, access.shown);
	home = aw_identity_residence(&known.identity);
	aw_view_int(item, "position", person->position);
	if (role != NULL)
		aw_view_text(item, "role", aw_label_text(role->label, call->language));
	aw_person_view_known(item, &known, aw_taipei_day(call->act.now_ms));
	aw_view_text(item, "address", home != NULL ? home->raw : person->as_reported.address);
	aw_view_text(item, "phone",
		known.identity.phone_count != 0 ? known.identity.phones[0].raw : NULL);
	aw_view_text(item, "path", aw_arena_printf(call->act.arena, "/people/%s", known.number));
	return AW_OK;
}

/* A note about a person is shown as that person's access allows. */
static enum aw_status
allow_note(struct aw_call *call, int64_t person, struct aw_view *item, struct aw_error *err)
{
	struct aw_access access;

	if (aw_access_to(&call->act, person, &access, err) != AW_OK)
		return err->status;
	aw_view_allow_as(item, &access);
	return AW_OK;
}

/* What a worker wrote; NULL: erased with the person. */
static void
view_cell(struct aw_view *item, const char *text)
{
	if (text == NULL)
		aw_view_hide(item, "text", "erased");
	else
		aw_view_text(item, "text", text[0] == '\0' ? NULL : text);
}

static enum aw_status
fill_notes(struct aw_call *call, const struct work *work, struct aw_error *err)
{
	struct sql_assessments_of_dispatch *made;
	struct sql_contacts_of_dispatch *contacts;
	struct aw_act *act = &call->act;
	size_t made_count, contact_count;
	const char *text;

	if (sql_assessments_of_dispatch(act->tx,
		    &(struct sql_assessments_of_dispatch_in){ .dispatch = work->d.id }, act->arena,
		    &made, &made_count, err) != AW_OK ||
		sql_contacts_of_dispatch(act->tx,
			&(struct sql_contacts_of_dispatch_in){ .dispatch = work->d.id }, act->arena,
			&contacts, &contact_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < made_count; i++) {
		struct aw_view *item = aw_view_item(call->view, "assessments");
		if (allow_note(call, made[i].person, item, err) != AW_OK ||
			aw_cell_open(act, made[i].key, "assessment", made[i].id, made[i].sealed,
				&text, err) != AW_OK)
			return err->status;
		aw_view_int(item, "at", made[i].made_at);
		aw_view_text(item, "who", made[i].name);
		view_cell(item, text);
	}
	for (size_t i = 0; i < contact_count; i++) {
		struct aw_view *item = aw_view_item(call->view, "contacts");
		if (allow_note(call, contacts[i].person, item, err) != AW_OK ||
			aw_cell_open(act, contacts[i].key, "contact", contacts[i].id,
				contacts[i].sealed, &text, err) != AW_OK)
			return err->status;
		aw_view_int(item, "at", contacts[i].at);
		aw_view_text(item, "who", contacts[i].name);
		aw_view_text(item, "form", contacts[i].form);
		aw_view_text(item, "outcome", contacts[i].outcome);
		aw_view_text(item, "partner",
			aw_call_label(call, "unit_short", contacts[i].partner_unit));
		view_cell(item, text);
	}
	return AW_OK;
}

/* The subject's name as it was reported, as far as the viewer may see it. */
static enum aw_status
fill_subject(struct aw_call *call, const struct work *work, int64_t report_person,
	struct aw_view *item, struct aw_error *err)
{
	for (size_t i = 0; i < work->person_count; i++) {
		const struct aw_report_person *person = &work->persons[i];

		if (person->id != report_person)
			continue;
		if (person->person.known && allow_note(call, person->person.v, item, err) != AW_OK)
			return err->status;
		if (!person->person.known && strcmp(work->d.side, "respondent") == 0)
			aw_view_hide(item, "subject", "confidential");
		else
			aw_view_text(item, "subject", person->as_reported.name);
	}
	return AW_OK;
}

static enum aw_status
fill_issues(struct aw_call *call, const struct work *work, bool may_decide, struct aw_error *err)
{
	struct aw_issue *issues;
	size_t count;

	if (aw_report_issues(&call->act, work->report.id, &issues, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(call->view, "issues");
		struct sql_open_decision_get decision;
		bool found, valid = aw_text_eq(issues[i].screen_result, "valid");
		if (sql_open_decision_of_issue(call->act.tx,
			    &(struct sql_open_decision_of_issue_in){ .issue = issues[i].id },
			    call->act.arena, &decision, &found, err) != AW_OK)
			return err->status;
		aw_view_int(item, "index", (int64_t)i + 1);
		aw_view_text(item, "kind_name", aw_call_label(call, "kind", issues[i].kind));
		if (fill_subject(call, work, issues[i].report_person, item, err) != AW_OK)
			return err->status;
		aw_view_flag(item, "valid", valid);
		aw_view_flag(item, "decided", found);
		aw_view_flag(item, "may_decide", may_decide && valid && !found);
		if (!found)
			continue;
		aw_view_text(item, "outcome", decision.outcome);
		aw_view_text(item, "reason", aw_call_label(call, "open", decision.reason));
		aw_view_int(item, "decided_at", decision.decided_at);
		aw_view_flag(item, "needs_approval",
			strcmp(decision.outcome, "N") == 0 && !decision.approved_at.known);
		aw_view_flag(item, "may_approve",
			strcmp(decision.outcome, "N") == 0 && !decision.approved_at.known &&
				decision.decided_by != call->act.viewer->account &&
				aw_access_may_do(
					call->act.policy, call->act.viewer, "family.approve"));
	}
	return AW_OK;
}

static void
fill_choices(struct aw_call *call, const struct work *work)
{
	const struct aw_policy *policy = call->act.policy;
	const struct aw_scale *scale =
		work->kind->scale == NULL ? NULL : aw_policy_scale(policy, work->kind->scale);

	for (size_t i = 0; i < policy->reason_count[AW_REASONS_OPEN]; i++) {
		const struct aw_reason_code *reason = &policy->reasons[AW_REASONS_OPEN][i];
		if (aw_reason_allowed(reason, work->kind, true))
			aw_choice_add(call->view, "reasons", reason->code,
				aw_label_text(reason->label, call->language), false);
	}
	for (size_t i = 0; scale != NULL && i < scale->level_count; i++)
		aw_choice_add(call->view, "levels", scale->levels[i].code,
			aw_label_text(scale->levels[i].label, call->language), false);
	for (size_t i = 0; i < policy->unit_count; i++) {
		if (strcmp(policy->units[i].code, work->d.unit) != 0)
			aw_choice_add(call->view, "partners", policy->units[i].code,
				aw_label_text(policy->units[i].label, call->language), false);
	}
}

/* GET /reports/{number}/units/{unit}/work */
enum aw_status
aw_work_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_clock_face face;
	struct work work = { 0 };
	bool mine, lead;

	if (load(call, &work, err) != AW_OK)
		return err->status;
	lead = strcmp(work.d.role, "lead") == 0;
	mine = work.d.worker.known && work.d.worker.v == call->act.viewer->account;
	for (size_t i = 0; i < work.person_count; i++) {
		if (fill_person(call, &work, i, err) != AW_OK)
			return err->status;
	}
	if (fill_notes(call, &work, err) != AW_OK ||
		fill_issues(call, &work, mine && lead && strcmp(work.d.state, "assigned") == 0,
			err) != AW_OK)
		return err->status;
	fill_choices(call, &work);
	face = aw_clock_first_contact(
		call->act.policy, &work.d, work.report.received_at, AW_UNKNOWN);
	aw_clock_fill(aw_view_object(call->view, "clock"), &face, call->act.now_ms);
	aw_view_text(call->view, "number", work.report.number);
	aw_view_text(call->view, "path",
		aw_arena_printf(
			call->act.arena, "/reports/%s/units/%s", work.report.number, work.d.unit));
	aw_view_text(call->view, "report_path",
		aw_arena_printf(call->act.arena, "/reports/%s", work.report.number));
	aw_view_text(call->view, "kind_name", aw_call_label(call, "kind", work.report.kind));
	aw_view_text(call->view, "unit", aw_call_label(call, "unit", work.d.unit));
	aw_view_flag(call->view, "lead", lead);
	aw_view_text(call->view, "state", work.d.state);
	aw_view_text(call->view, "task", work.d.task[0] == '\0' ? NULL : work.d.task);
	aw_view_flag(call->view, "may_write",
		mine && (strcmp(work.d.state, "assigned") == 0 ||
				strcmp(work.d.state, "accepted") == 0));
	aw_view_int(call->view, "now", call->act.now_ms);
	return AW_OK;
}
