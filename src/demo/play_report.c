/* demo/play_report - acts of a report, from its receipt to its assessment. */
#include <string.h>

#include "city/dispatch/dispatch.h"
#include "city/family/family.h"
#include "db/work.h"
#include "demo/play.h"

static const struct aw_demo_report *
report_of(const struct aw_demo_player *p, uint32_t index)
{
	return &p->plan->reports[index];
}

/* -- receipt ------------------------------------------------------------------------------------- */

/* What a worker of the server does with the work item: screens the report, marks the item done. */
static enum aw_status
run_screening(struct aw_act *act, int64_t report, struct aw_error *err)
{
	static const struct aw_viewer worker = { .login = "worker",
		.name = "worker",
		.purpose = "screening",
		.roles = "",
		.title = "" };
	struct aw_work_item *items;
	size_t count;

	act->viewer = &worker;
	act->now_ms += 2 * AW_SECOND_MS;
	if (aw_work_due(act->tx, act->arena, INT64_MAX, 64, &items, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (items[i].reference != report || strcmp(items[i].kind, "screen_report") != 0)
			continue;
		if (aw_dispatch_screen(act, report, err) != AW_OK)
			return err->status;
		return aw_work_finish(act->tx, items[i].id, act->now_ms, err);
	}
	return aw_fail(err, AW_INTERNAL, "the report left no work item to screen it");
}

/* The ids of the report's issues, in the order of the plan: one a subject. */
static enum aw_status
learn_issues(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, index);
	struct aw_report_person *persons;
	struct aw_issue *issues;
	size_t person_count, issue_count;

	if (aw_report_persons(act, p->reports[index], AW_REPORT_PLAIN, &persons, &person_count,
		    err) != AW_OK ||
		aw_report_issues(act, p->reports[index], &issues, &issue_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < issue_count; i++) {
		for (size_t k = 0; k < person_count && k < r->issue_count; k++) {
			if (issues[i].report_person == persons[k].id)
				p->issues[r->first_issue + k] = issues[i].id;
		}
	}
	for (uint32_t k = 0; k < r->issue_count; k++) {
		if (p->issues[r->first_issue + k] == 0)
			return aw_fail(err, AW_INTERNAL, "a subject of the report has no issue");
	}
	return AW_OK;
}

static enum aw_status
play_receive(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	static const struct aw_viewer public = { .login = "public",
		.name = "public",
		.purpose = "reporting",
		.roles = "",
		.title = "" };
	struct aw_demo_words words;
	struct aw_report_problems problems = { 0 };
	struct aw_receipt receipt;
	enum aw_status status;

	aw_demo_words_report(act->arena, p->plan, act->policy, index, &words);
	act->viewer = &public;
	status = aw_report_receive(act, &words.in, &receipt, &problems, err);
	json_decref(words.answers);
	if (status != AW_OK)
		return aw_wrap(err, "kind %s", words.in.kind);
	p->reports[index] = receipt.report;
	if (learn_issues(p, act, index, err) != AW_OK)
		return err->status;
	return run_screening(act, receipt.report, err);
}

/* -- screening -------------------------------------------------------------------------------------- */

/* The screener knows what the plan knows: who is meant. Confirms what was recognised rightly (by
 * submitting), corrects what is wrong, and finds subjects and respondents who were not recognised;
 * relatives who were only mentioned stay unknown, as they do on a busy day. */
static enum aw_status
link_people(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, index);
	struct aw_report_person *persons;
	struct aw_demo_words words;
	size_t count;

	aw_demo_words_report(act->arena, p->plan, act->policy, index, &words);
	json_decref(words.answers);
	if (aw_report_persons(act, p->reports[index], AW_REPORT_PLAIN, &persons, &count, err) !=
		AW_OK)
		return err->status;
	for (size_t i = 0; i < count && i < words.in.person_count; i++) {
		int64_t truth = words.who[i] == AW_DEMO_NOBODY ? 0 : p->people[words.who[i]];
		int64_t linked = persons[i].person.known ? persons[i].person.v : 0;
		bool central = i < r->issue_count || words.who[i] == r->respondent;
		if (truth == linked || (linked == 0 && !central))
			continue;
		if (truth == 0 &&
			aw_dispatch_link(act, persons[i].id, linked, AW_LINK_OTHER, err) != AW_OK)
			return err->status;
		if (truth != 0 &&
			aw_dispatch_link(act, persons[i].id, truth, AW_LINK_SAME, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
screen_issues(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, index);
	bool moved = false;

	for (uint32_t i = r->first_issue; i < r->first_issue + r->issue_count; i++) {
		const struct aw_demo_issue *issue = &p->plan->issues[i];
		const char *kind = aw_demo_kind_code((enum aw_demo_kind)issue->kind);
		if (issue->result != AW_DEMO_VALID) {
			int64_t original =
				r->repeats == AW_DEMO_NOBODY ? 0 : p->reports[r->repeats];
			if (aw_issue_screen(act, p->issues[i],
				    aw_demo_result_code((enum aw_demo_result)issue->result),
				    original, err) != AW_OK)
				return err->status;
		} else if (issue->kind != r->kind) {
			int64_t new_issue;
			if (aw_issue_reclassify(act, p->issues[i], kind, &new_issue, err) != AW_OK)
				return err->status;
			p->issues[i] = new_issue;
			moved = true;
		}
	}
	return moved ? aw_dispatch_decide_again(act, p->reports[index], err) : AW_OK;
}

static enum aw_status
play_submit(struct aw_demo_player *p, struct aw_act *act, uint32_t index, bool urgent,
	struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, index);
	bool valid = p->plan->issues[r->first_issue].result == AW_DEMO_VALID;
	const char *note = aw_demo_note(
		valid ? AW_NOTE_SUBMIT : AW_NOTE_INVALID, (enum aw_demo_kind)r->kind, r->seed);

	if ((valid && link_people(p, act, index, err) != AW_OK) ||
		screen_issues(p, act, index, err) != AW_OK)
		return err->status;
	if (urgent)
		return aw_dispatch_urgent(act, p->reports[index], "urgent_safety", err);
	return aw_dispatch_submit(act, p->reports[index], note, !valid && r->seed % 6 == 0, err);
}

/* -- units ---------------------------------------------------------------------------------------------- */

/* The lead's dispatch that stands now. */
static enum aw_status
find_lead(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_dispatch *ret,
	struct aw_error *err)
{
	struct aw_dispatch *list;
	size_t count;

	if (aw_dispatch_of_report(act, p->reports[index], &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].role, "lead") == 0 && strcmp(list[i].state, "withdrawn") != 0) {
			*ret = list[i];
			p->leads[index] = list[i].id;
			return AW_OK;
		}
	}
	return aw_fail(err, AW_INTERNAL, "the report has no lead unit");
}

static enum aw_status
act_as(struct aw_demo_player *p, struct aw_act *act, size_t account, const char *purpose,
	const char *unit, struct aw_error *err)
{
	struct aw_viewer *viewer;

	if (account == SIZE_MAX)
		return aw_fail(err, AW_INTERNAL, "unit %s has nobody for this", unit);
	viewer = AW_NEW(act->arena, struct aw_viewer);
	*viewer = aw_demo_viewer(p->staff, account, purpose);
	act->viewer = viewer;
	return AW_OK;
}

static const char *
other_unit(const char *unit, uint32_t n)
{
	static const char *const centres[] = { "fc_zhengyi", "fc_renshan", "fc_anle", "fc_nuanqi" };

	if (strcmp(unit, "suicide_care") == 0)
		return "mental_health";
	if (strcmp(unit, centres[n % 4]) == 0)
		n++;
	return centres[n % 4];
}

static enum aw_status
play_return(struct aw_demo_player *p, struct aw_act *act, const struct aw_demo_step *step,
	struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, step->ref);
	struct aw_dispatch lead;
	const char *note = aw_demo_note(AW_NOTE_RETURN, (enum aw_demo_kind)r->kind, r->seed);

	if (find_lead(p, act, step->ref, &lead, err) != AW_OK ||
		act_as(p, act, aw_demo_head_of(p, lead.unit, r->seed), "supervision", lead.unit,
			err) != AW_OK)
		return err->status;
	return aw_dispatch_return(act, lead.id,
		strcmp(lead.unit, "suicide_care") == 0 ? "not_our_duty" : "not_this_area", note,
		err);
}

static enum aw_status
play_screener_again(struct aw_demo_player *p, struct aw_act *act, const struct aw_demo_step *step,
	struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, step->ref);
	struct aw_dispatch lead;

	if (find_lead(p, act, step->ref, &lead, err) != AW_OK)
		return err->status;
	if (step->act == AW_ACT_DISPUTE)
		return aw_dispatch_dispute(act, lead.id,
			aw_demo_note(AW_NOTE_DISPUTE, (enum aw_demo_kind)r->kind, r->seed), err);
	return aw_dispatch_redirect(
		act, lead.id, other_unit(lead.unit, r->seed), "redirect_after_return", NULL, err);
}

static enum aw_status
play_accept(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, index);
	struct aw_dispatch lead;

	if (find_lead(p, act, index, &lead, err) != AW_OK ||
		act_as(p, act, aw_demo_head_of(p, lead.unit, r->seed), "supervision", lead.unit,
			err) != AW_OK)
		return err->status;
	if (strcmp(lead.state, "dispatched") != 0)
		return AW_OK; /* joined to an open case: its worker has it */
	return aw_dispatch_accept(act, lead.id, err);
}

/* The worker of the case that is open already, if the unit is the same; else anybody of the unit. */
static size_t
choose_worker(const struct aw_demo_player *p, uint32_t index, const char *unit)
{
	const struct aw_demo_report *r = report_of(p, index);
	const struct aw_demo_issue *issue = &p->plan->issues[r->first_issue];
	size_t worker;

	if (issue->past == AW_PAST_IN_CASE && issue->service_case != AW_DEMO_NOBODY) {
		worker = p->case_workers[issue->service_case];
		if (worker != AW_DEMO_NOBODY && strcmp(p->staff->accounts[worker].unit, unit) == 0)
			return worker;
	}
	worker = aw_demo_of_unit(p, unit, "worker", r->seed >> 3);
	return worker != SIZE_MAX ? worker : aw_demo_head_of(p, unit, r->seed);
}

static enum aw_status
play_assign(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, index);
	struct aw_dispatch lead;
	size_t worker;

	if (find_lead(p, act, index, &lead, err) != AW_OK ||
		act_as(p, act, aw_demo_head_of(p, lead.unit, r->seed), "supervision", lead.unit,
			err) != AW_OK)
		return err->status;
	worker = choose_worker(p, index, lead.unit);
	p->workers[index] = (uint32_t)worker;
	return aw_dispatch_assign(act, lead.id, p->staff->ids[worker], err);
}

/* Every co-unit answers; on the last morning one in three has not yet. */
static enum aw_status
play_co_accept(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, index);
	struct aw_dispatch *list;
	size_t count, worker;

	if (aw_dispatch_of_report(act, p->reports[index], &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_dispatch *d = &list[i];
		bool waits = r->live && (r->seed + i) % 3 == 0;
		if (strcmp(d->role, "co") != 0 || strcmp(d->state, "dispatched") != 0 || waits)
			continue;
		if (act_as(p, act, aw_demo_head_of(p, d->unit, r->seed), "supervision", d->unit,
			    err) != AW_OK ||
			aw_dispatch_accept(act, d->id, err) != AW_OK)
			return err->status;
		worker = aw_demo_of_unit(p, d->unit, "worker", r->seed + (uint32_t)i);
		if (worker == SIZE_MAX)
			worker = aw_demo_head_of(p, d->unit, r->seed);
		if (aw_dispatch_assign(act, d->id, p->staff->ids[worker], err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
play_co_finish(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	struct aw_dispatch *list;
	size_t count;

	if (aw_dispatch_of_report(act, p->reports[index], &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const struct aw_dispatch *d = &list[i];
		if (strcmp(d->role, "co") != 0 || strcmp(d->state, "assigned") != 0)
			continue;
		if (act_as(p, act, aw_demo_head_of(p, d->unit, 0), "supervision", d->unit, err) !=
				AW_OK ||
			aw_dispatch_finish(act, d->id, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* -- the worker before a case is opened ------------------------------------------------------------------ */

static enum aw_status
play_contact(struct aw_demo_player *p, struct aw_act *act, const struct aw_demo_step *step,
	struct aw_error *err)
{
	static const char *const forms[] = { "phone", "home", "home", "office" };
	const struct aw_demo_report *r = report_of(p, step->ref);
	const struct aw_demo_issue *issue = &p->plan->issues[r->first_issue];
	bool child = issue->kind == AW_DEMO_CHILD_PROTECTION || issue->kind == AW_DEMO_VULNERABLE;
	int64_t contact;

	return aw_family_contact(act,
		&(struct aw_contact_in){ .dispatch = p->leads[step->ref],
			.person = p->people[issue->subject],
			.form = child ? "home" : forms[r->seed % 4],
			.outcome = step->act == AW_ACT_MISSED ? "not_home" : "met",
			.at = act->now_ms - 10 * AW_MINUTE_MS,
			.note = step->act == AW_ACT_MISSED
					? NULL
					: aw_demo_note(AW_NOTE_CONTACT,
						  (enum aw_demo_kind)issue->kind, r->seed) },
		&contact, err);
}

static enum aw_status
play_assess(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, index);
	const struct aw_demo_issue *issue = &p->plan->issues[r->first_issue];

	return aw_family_assess(act, p->leads[index], p->people[issue->subject],
		aw_demo_note(AW_NOTE_ASSESSMENT, (enum aw_demo_kind)issue->kind, r->seed), err);
}

enum aw_status
aw_demo_play_report(struct aw_demo_player *p, struct aw_act *act, const struct aw_demo_step *step,
	struct aw_error *err)
{
	const struct aw_demo_report *r = report_of(p, step->ref);
	size_t screener = aw_demo_staff_find(p->staff, "centre", "screener", r->seed);
	size_t reviewer = aw_demo_staff_find(p->staff, "centre", "dispatch_reviewer", r->seed);
	size_t worker = p->workers[step->ref] == AW_DEMO_NOBODY ? SIZE_MAX : p->workers[step->ref];

	switch ((enum aw_demo_act)step->act) {
	case AW_ACT_RECEIVE:
		return play_receive(p, act, step->ref, err);
	case AW_ACT_CLAIM:
	case AW_ACT_SUBMIT:
	case AW_ACT_URGENT:
	case AW_ACT_REDIRECT:
	case AW_ACT_DISPUTE:
		if (act_as(p, act, screener, "screening", "centre", err) != AW_OK)
			return err->status;
		if (step->act == AW_ACT_CLAIM)
			return aw_dispatch_claim(act, p->reports[step->ref], err);
		if (step->act == AW_ACT_REDIRECT || step->act == AW_ACT_DISPUTE)
			return play_screener_again(p, act, step, err);
		return play_submit(p, act, step->ref, step->act == AW_ACT_URGENT, err);
	case AW_ACT_REVIEW:
		if (act_as(p, act, reviewer, "screening", "centre", err) != AW_OK)
			return err->status;
		return aw_dispatch_review(act, p->reports[step->ref], true,
			aw_demo_note(AW_NOTE_REVIEW, (enum aw_demo_kind)r->kind, r->seed), err);
	case AW_ACT_RETURN:
		return play_return(p, act, step, err);
	case AW_ACT_ACCEPT:
		return play_accept(p, act, step->ref, err);
	case AW_ACT_ASSIGN:
		return play_assign(p, act, step->ref, err);
	case AW_ACT_CO_ACCEPT:
		return play_co_accept(p, act, step->ref, err);
	case AW_ACT_CO_FINISH:
		return play_co_finish(p, act, step->ref, err);
	case AW_ACT_MISSED:
	case AW_ACT_CONTACT:
		if (act_as(p, act, worker, "casework", "lead", err) != AW_OK)
			return err->status;
		return play_contact(p, act, step, err);
	case AW_ACT_ASSESS:
		if (act_as(p, act, worker, "casework", "lead", err) != AW_OK)
			return err->status;
		return play_assess(p, act, step->ref, err);
	case AW_ACT_DECIDE:
	case AW_ACT_APPROVE:
	case AW_ACT_FOUND:
	case AW_ACT_GOAL:
	case AW_ACT_VISIT:
	case AW_ACT_CLOSE_ASK:
	case AW_ACT_CLOSE:
	case AW_ACTS:
		break;
	}
	return aw_fail(err, AW_INTERNAL, "not an act of a report");
}
