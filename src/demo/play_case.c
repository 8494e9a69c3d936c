/* demo/play_case - acts of an issue and of a case: decision, plan, visits, closing. */
#include <string.h>

#include "city/dispatch/dispatch.h"
#include "city/family/family.h"
#include "demo/play.h"

static enum aw_status
act_as(struct aw_demo_player *p, struct aw_act *act, size_t account, const char *purpose,
	struct aw_error *err)
{
	struct aw_viewer *viewer;

	if (account >= p->staff->count)
		return aw_fail(err, AW_INTERNAL, "nobody of the unit can do this");
	viewer = AW_NEW(act->arena, struct aw_viewer);
	*viewer = aw_demo_viewer(p->staff, account, purpose);
	act->viewer = viewer;
	return AW_OK;
}

/* -- the decision after assessment ------------------------------------------------------------------ */

static const char *
open_reason(const struct aw_demo_issue *issue, uint32_t seed)
{
	bool protective = aw_demo_protective((enum aw_demo_kind)issue->kind);

	switch (issue->outcome) {
	case 'Y':
		return issue->past == AW_PAST_IN_CASE ? "joined_open_case"
		       : protective		      ? "protection_needed"
						      : "service_needed";
	case 'S':
		return "short_need";
	case 'M':
		return "whereabouts_unknown";
	default:
		return protective && seed % 3 == 0 ? "no_finding" : "no_need";
	}
}

static enum aw_status
play_decide(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_issue *issue = &p->plan->issues[index];
	const struct aw_demo_report *r = &p->plan->reports[issue->report];
	uint32_t worker = p->workers[issue->report], at = issue->service_case;
	struct aw_opened opened;
	struct aw_open_in in = { .issue = p->issues[index],
		.dispatch = p->leads[issue->report],
		.outcome = issue->outcome == 'Y'   ? "Y"
			   : issue->outcome == 'S' ? "S"
			   : issue->outcome == 'M' ? "M"
						   : "N",
		.reason = open_reason(issue, r->seed) };

	if (act_as(p, act, worker, "casework", err) != AW_OK ||
		aw_family_decide(act, &in, &opened, err) != AW_OK)
		return err->status;
	p->decisions[index] = opened.open_decision;
	if (at == AW_DEMO_NOBODY)
		return AW_OK;
	/* What the plan holds for one case must be one case of the city as well. Additional reports may be
	 * about anybody: there a case that the unit has open already takes the new one in. */
	if (p->plan->additional &&
		(p->cases[at] == 0 ? opened.joined : p->case_workers[at] == AW_DEMO_NOBODY))
		worker = AW_DEMO_NOBODY;
	else if (p->cases[at] == 0 ? opened.joined : p->cases[at] != opened.service_case) {
		if (p->plan->additional)
			return AW_OK;
		return aw_fail(err, AW_INTERNAL, "the case opened is not the one planned");
	}
	p->cases[at] = opened.service_case;
	p->case_workers[at] = worker;
	return AW_OK;
}

static enum aw_status
play_approve(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_issue *issue = &p->plan->issues[index];
	uint32_t worker = p->workers[issue->report];
	size_t head;

	if (worker >= p->staff->count)
		return aw_fail(err, AW_INTERNAL, "the issue was decided by nobody");
	head = aw_demo_head_of(p, p->staff->accounts[worker].unit, 0);
	if (head == worker)
		return AW_OK; /* a partner of one person: its head office approves on paper */
	if (act_as(p, act, head, "supervision", err) != AW_OK)
		return err->status;
	return aw_family_decision_approve(act, p->decisions[index], err);
}

/* -- cases -------------------------------------------------------------------------------------------- */

static const char *const centres[AW_DEMO_DISTRICTS] = { "fc_zhengyi", "fc_nuanqi", "fc_nuanqi",
	"fc_renshan", "fc_renshan", "fc_anle", "fc_zhengyi" };

static enum aw_status
play_found(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_case *c = &p->plan->cases[index];
	const struct aw_demo_city *city = p->plan->city;
	uint32_t district = city->households[city->people[c->subject].household].district;
	size_t worker = aw_demo_of_unit(p, centres[district], "worker", c->seed);
	struct aw_opened opened;

	if (act_as(p, act, worker, "casework", err) != AW_OK ||
		aw_family_open_found(act, p->people[c->subject],
			aw_demo_kind_code((enum aw_demo_kind)c->kind), NULL, &opened, err) != AW_OK)
		return err->status;
	p->cases[index] = opened.service_case;
	p->case_workers[index] = (uint32_t)worker;
	return AW_OK;
}

static enum aw_status
play_goal(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_case *c = &p->plan->cases[index];
	enum aw_demo_kind kind = (enum aw_demo_kind)c->kind;
	int64_t goal;

	return aw_family_goal_add(act,
		&(struct aw_goal_in){ .service_case = p->cases[index],
			.goal = aw_demo_note(AW_NOTE_GOAL, kind, c->seed),
			.step = aw_demo_note(AW_NOTE_STEP, kind, c->seed),
			.due_day = AW_KNOWN(
				aw_taipei_day(act->now_ms) + 60 + (int32_t)(c->seed % 60)) },
		&goal, err);
}

static enum aw_status
play_visit(struct aw_demo_player *p, struct aw_act *act, uint32_t index, struct aw_error *err)
{
	const struct aw_demo_case *c = &p->plan->cases[index];
	/* Of the seed and the day, so that each visit differs and every run is the same. */
	uint32_t n = c->seed + (uint32_t)aw_taipei_day(act->now_ms) * 7;
	bool joint = c->kind == AW_DEMO_CHILD_PROTECTION && n % 6 == 0;
	int64_t contact;

	return aw_family_contact(act,
		&(struct aw_contact_in){ .service_case = p->cases[index],
			.person = p->people[c->subject],
			.form = joint	    ? "joint"
				: n % 5 < 2 ? "phone"
				: n % 5 < 4 ? "home"
					    : "office",
			.outcome = n % 11 == 0	 ? "not_home"
				   : n % 37 == 1 ? "refused_now"
						 : "met",
			.partner_unit = joint ? "school_demo" : NULL,
			.at = act->now_ms - 20 * AW_MINUTE_MS,
			.note = aw_demo_note(AW_NOTE_CONTACT, (enum aw_demo_kind)c->kind, n) },
		&contact, err);
}

static enum aw_status
play_close(struct aw_demo_player *p, struct aw_act *act, const struct aw_demo_step *step,
	struct aw_error *err)
{
	static const char *const reasons[] = { "goals_met", "risk_lowered", "service_ended" };
	const struct aw_demo_case *c = &p->plan->cases[step->ref];
	const char *reason = c->kind == AW_DEMO_VULNERABLE && c->seed % 2 == 0
				     ? "vulnerability_lowered"
				     : reasons[c->seed % 3];

	if (step->act == AW_ACT_CLOSE_ASK)
		return aw_family_close_ask(act, p->cases[step->ref], reason, err);
	return aw_family_close_answer(act, p->cases[step->ref], true, NULL, err);
}

enum aw_status
aw_demo_play_case(struct aw_demo_player *p, struct aw_act *act, const struct aw_demo_step *step,
	struct aw_error *err)
{
	uint32_t worker = AW_DEMO_NOBODY;

	if (step->act >= AW_ACT_GOAL && p->plan->additional &&
		p->case_workers[step->ref] == AW_DEMO_NOBODY)
		return AW_OK; /* taken in by another case, which has its own visits and closing */
	switch ((enum aw_demo_act)step->act) {
	case AW_ACT_DECIDE:
		return play_decide(p, act, step->ref, err);
	case AW_ACT_APPROVE:
		return play_approve(p, act, step->ref, err);
	case AW_ACT_FOUND:
		return play_found(p, act, step->ref, err);
	case AW_ACT_GOAL:
	case AW_ACT_VISIT:
	case AW_ACT_CLOSE_ASK:
		worker = p->case_workers[step->ref];
		if (act_as(p, act, worker, "casework", err) != AW_OK)
			return err->status;
		return step->act == AW_ACT_GOAL	   ? play_goal(p, act, step->ref, err)
		       : step->act == AW_ACT_VISIT ? play_visit(p, act, step->ref, err)
						   : play_close(p, act, step, err);
	case AW_ACT_CLOSE:
		worker = p->case_workers[step->ref];
		if (worker >= p->staff->count)
			return aw_fail(err, AW_INTERNAL, "the case was opened by nobody");
		if (act_as(p, act, aw_demo_head_of(p, p->staff->accounts[worker].unit, 0),
			    "supervision", err) != AW_OK)
			return err->status;
		return play_close(p, act, step, err);
	case AW_ACT_RECEIVE:
	case AW_ACT_CLAIM:
	case AW_ACT_SUBMIT:
	case AW_ACT_URGENT:
	case AW_ACT_REVIEW:
	case AW_ACT_RETURN:
	case AW_ACT_REDIRECT:
	case AW_ACT_DISPUTE:
	case AW_ACT_ACCEPT:
	case AW_ACT_ASSIGN:
	case AW_ACT_CO_ACCEPT:
	case AW_ACT_MISSED:
	case AW_ACT_CONTACT:
	case AW_ACT_ASSESS:
	case AW_ACT_CO_FINISH:
	case AW_ACTS:
		break;
	}
	return aw_fail(err, AW_INTERNAL, "not an act of an issue or a case");
}
