/* demo/schedule - lays the acts of reports, issues and cases out in time. */
#include "demo/schedule.h"

#include <stdlib.h>

#include "base/str.h"
#include "demo/planner.h"

struct laying {
	struct aw_arena *arena;
	const struct aw_demo_plan *plan;
	struct aw_demo_step *steps;
	size_t count, room;
	struct aw_random random;
};

const char *
aw_demo_act_name(enum aw_demo_act act)
{
	static const char *const names[AW_ACTS] = { "receive", "claim", "submit", "urgent",
		"review", "return", "redirect", "dispute", "accept", "assign", "co_accept",
		"missed", "contact", "assess", "co_finish", "decide", "approve", "found", "goal",
		"visit", "close_ask", "close" };

	return names[act];
}

static void
lay(struct laying *l, enum aw_demo_act act, uint32_t ref, int64_t at)
{
	struct aw_demo_step *step;

	if (at > l->plan->now_ms)
		return;
	step = AW_PUSH(l->arena, l->steps, l->count, l->room);
	step->at = at;
	step->order = (uint32_t)l->count;
	step->ref = ref;
	step->act = (uint8_t)act;
}

static bool
any_valid(const struct aw_demo_plan *plan, const struct aw_demo_report *r)
{
	return plan->issues[r->first_issue].result == AW_DEMO_VALID;
}

/* Given back by the first unit, sent on by the screener, reviewed again. */
static void
lay_return(struct laying *l, uint32_t index, const struct aw_demo_report *r)
{
	int64_t step = (r->accepted_at - r->dispatched_at) / 8;

	lay(l, AW_ACT_RETURN, index, r->dispatched_at + 3 * step);
	lay(l, AW_ACT_REDIRECT, index, r->dispatched_at + 5 * step);
	lay(l, AW_ACT_REVIEW, index, r->dispatched_at + 6 * step);
}

static void
lay_answers(struct laying *l, uint32_t index, const struct aw_demo_report *r)
{
	if (r->stage == AW_STAGE_RETURNED || r->stage == AW_STAGE_DISPUTED) {
		lay(l, AW_ACT_RETURN, index, r->accepted_at);
		if (r->stage == AW_STAGE_DISPUTED)
			lay(l, AW_ACT_DISPUTE, index,
				r->assigned_at != AW_NEVER_MS ? r->assigned_at
							      : r->accepted_at + 4 * AW_MINUTE_MS);
		return;
	}
	if (r->returned)
		lay_return(l, index, r);
	lay(l, AW_ACT_ACCEPT, index, r->accepted_at);
	lay(l, AW_ACT_ASSIGN, index, r->assigned_at);
	if (r->accepted_at != AW_NEVER_MS)
		lay(l, AW_ACT_CO_ACCEPT, index,
			r->live ? r->accepted_at + 3 * AW_MINUTE_MS
				: aw_demo_office(&l->random, r->accepted_at, 20, 300));
}

static void
lay_decisions(struct laying *l, uint32_t index, const struct aw_demo_report *r)
{
	int64_t decided = l->plan->issues[r->first_issue].decided_at, last = decided, approved;

	if (r->contact_at == AW_NEVER_MS)
		return;
	if (r->seed % 9 == 0 && r->contact_at - r->assigned_at > 3 * AW_HOUR_MS)
		lay(l, AW_ACT_MISSED, index, r->contact_at - 2 * AW_HOUR_MS);
	lay(l, AW_ACT_CONTACT, index, r->contact_at);
	if (decided == AW_NEVER_MS)
		return;
	lay(l, AW_ACT_ASSESS, index, r->contact_at + (decided - r->contact_at) / 2);
	approved = aw_demo_office(&l->random, decided, 30, 20 * 60);
	for (uint32_t i = r->first_issue; i < r->first_issue + r->issue_count; i++) {
		const struct aw_demo_issue *issue = &l->plan->issues[i];
		lay(l, AW_ACT_DECIDE, i, issue->decided_at);
		if (issue->outcome == 'N')
			lay(l, AW_ACT_APPROVE, i, approved);
		last = issue->decided_at;
	}
	lay(l, AW_ACT_CO_FINISH, index, aw_demo_office(&l->random, last, 60, 6 * 24 * 60));
}

static void
lay_report(struct laying *l, uint32_t index)
{
	const struct aw_demo_report *r = &l->plan->reports[index];

	lay(l, AW_ACT_RECEIVE, index, r->received_at);
	lay(l, AW_ACT_CLAIM, index, r->claimed_at);
	if (!any_valid(l->plan, r)) {
		lay(l, AW_ACT_SUBMIT, index, r->submitted_at);
		return;
	}
	if (r->urgent) {
		lay(l, AW_ACT_URGENT, index, r->dispatched_at);
		lay(l, AW_ACT_REVIEW, index, r->reviewed_at);
	} else {
		lay(l, AW_ACT_SUBMIT, index, r->submitted_at);
		lay(l, AW_ACT_REVIEW, index, r->dispatched_at);
	}
	lay_answers(l, index, r);
	lay_decisions(l, index, r);
}

static void
lay_case(struct laying *l, uint32_t index)
{
	const struct aw_demo_case *c = &l->plan->cases[index];
	int64_t ask = c->closed_at - 20 * AW_HOUR_MS, at;

	if (c->issue == AW_DEMO_NOBODY)
		lay(l, AW_ACT_FOUND, index, c->opened_at);
	if (c->closed_at - c->opened_at > 14 * AW_DAY_MS)
		lay(l, AW_ACT_GOAL, index,
			aw_demo_office(&l->random, c->opened_at, 24 * 60, 8 * 24 * 60));
	at = aw_demo_office(&l->random, c->opened_at, 5 * 24 * 60, 16 * 24 * 60);
	while (at < c->closed_at - 2 * AW_DAY_MS && at <= l->plan->now_ms) {
		lay(l, AW_ACT_VISIT, index, at);
		at = aw_demo_office(&l->random, at, 14 * 24 * 60, 32 * 24 * 60);
	}
	if (ask <= c->opened_at)
		ask = c->opened_at + (c->closed_at - c->opened_at) / 2;
	lay(l, AW_ACT_CLOSE_ASK, index, ask);
	lay(l, AW_ACT_CLOSE, index, c->closed_at);
}

static int
by_time(const void *a, const void *b)
{
	const struct aw_demo_step *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
aw_demo_schedule(
	struct aw_arena *arena, const struct aw_demo_plan *plan, struct aw_demo_schedule *ret)
{
	struct laying l = { .arena = arena, .plan = plan };

	aw_random_seed(&l.random, UINT64_C(0x73636865));
	for (uint32_t i = 0; i < plan->report_count; i++)
		lay_report(&l, plan->order[i]);
	for (uint32_t i = 0; i < plan->case_count; i++)
		lay_case(&l, i);
	if (l.count > 1)
		qsort(l.steps, l.count, sizeof(*l.steps), by_time);
	ret->steps = l.steps;
	ret->count = l.count;
}
