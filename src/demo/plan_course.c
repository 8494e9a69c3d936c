/* demo/plan_course - the times of a report's way, its decisions, and the cases they open. */
#include <string.h>

#include "demo/planner.h"

static int64_t
span(struct aw_random *random, int64_t least, int64_t most)
{
	return least + (int64_t)aw_random_below(random, (uint64_t)(most - least + 1));
}

int64_t
aw_demo_moment(struct aw_random *random, int32_t from_day, int32_t to_day)
{
	/* Share of reports by hour of the day, of 100; weekends are a little quieter. */
	static const uint8_t by_hour[24] = { 2, 1, 1, 1, 1, 1, 2, 3, 6, 8, 8, 7, 5, 6, 7, 7, 7, 6,
		5, 4, 4, 3, 3, 2 };
	int64_t day, drawn;
	int hour = 0;

	do
		day = span(random, from_day, to_day);
	while (aw_weekday((int32_t)day) >= 5 && aw_random_below(random, 100) < 30);
	drawn = span(random, 0, 99);
	while (drawn >= by_hour[hour]) {
		drawn -= by_hour[hour];
		hour++;
	}
	return aw_taipei_day_start_ms((int32_t)day) + hour * AW_HOUR_MS +
	       span(random, 0, AW_HOUR_MS - 1);
}

int64_t
aw_demo_duty(struct aw_random *random, int64_t from, int64_t least, int64_t most)
{
	int64_t at = from + span(random, least, most) * AW_MINUTE_MS + span(random, 0, 59) * 1000;
	int32_t minute = aw_taipei_minute(at), day = aw_taipei_day(at);

	if (minute >= 8 * 60 && minute < 21 * 60 + 30)
		return at;
	if (minute >= 21 * 60)
		day++;
	return aw_taipei_day_start_ms(day) + span(random, 8 * 60 + 2, 11 * 60) * AW_MINUTE_MS +
	       span(random, 0, 59999);
}

int64_t
aw_demo_office(struct aw_random *random, int64_t from, int64_t least, int64_t most)
{
	int64_t at = from + span(random, least, most) * AW_MINUTE_MS + span(random, 0, 59) * 1000;
	int32_t minute = aw_taipei_minute(at), day = aw_taipei_day(at);

	if (aw_weekday(day) < 5 && minute >= 8 * 60 + 30 && minute < 17 * 60 + 30)
		return at;
	if (minute >= 12 * 60 || aw_weekday(day) >= 5)
		day++;
	while (aw_weekday(day) >= 5)
		day++;
	return aw_taipei_day_start_ms(day) + span(random, 8 * 60 + 31, 11 * 60) * AW_MINUTE_MS +
	       span(random, 0, 59999);
}

/* Days from first contact to the decision, and from opening to closing, by kind. */
static const struct pace {
	uint8_t urgent_percent;
	int16_t decide_least, decide_most;
	int16_t serve_least, serve_most;
} paces[AW_DEMO_KINDS] = {
	[AW_DEMO_IPV] = { 9, 1, 10, 40, 190 },
	[AW_DEMO_ELDER] = { 6, 2, 12, 60, 210 },
	[AW_DEMO_DISABILITY] = { 6, 2, 12, 60, 210 },
	[AW_DEMO_FAMILY_OTHER] = { 4, 1, 10, 30, 160 },
	[AW_DEMO_CHILD_PROTECTION] = { 7, 3, 20, 70, 340 },
	[AW_DEMO_SEXUAL] = { 9, 2, 14, 80, 330 },
	[AW_DEMO_EXPLOITATION] = { 12, 2, 12, 90, 360 },
	[AW_DEMO_VULNERABLE] = { 0, 5, 16, 100, 420 },
	[AW_DEMO_SUICIDE] = { 10, 1, 8, 60, 180 },
};

/* From receipt to dispatch: within 24 hours, but for the late ones of the target. */
static void
time_dispatch(struct aw_demo_planner *p, const struct aw_demo_slot *slot, struct aw_demo_report *r)
{
	struct aw_random *random = &p->random;
	int64_t latest = r->received_at + 23 * AW_HOUR_MS + 30 * AW_MINUTE_MS;

	r->urgent = !slot->late && aw_random_below(random, 100) < paces[slot->kind].urgent_percent;
	if (r->urgent) {
		r->claimed_at = r->received_at + span(random, 3, 12) * AW_MINUTE_MS;
		r->dispatched_at = r->claimed_at + span(random, 5, 40) * AW_MINUTE_MS;
		r->submitted_at = r->dispatched_at;
		r->reviewed_at = aw_demo_duty(random, r->dispatched_at, 30, 200);
		return;
	}
	r->dispatched_at = slot->late ? aw_demo_duty(random, r->received_at, 24 * 60 + 8, 60 * 60)
				      : aw_demo_duty(random, r->received_at, 25, 400);
	if (!slot->late && r->dispatched_at > latest)
		r->dispatched_at = latest - span(random, 0, 20) * AW_MINUTE_MS;
	r->submitted_at = r->dispatched_at - span(random, 4, 11) * AW_MINUTE_MS;
	r->claimed_at = r->submitted_at - span(random, 5, 12) * AW_MINUTE_MS;
	r->reviewed_at = r->dispatched_at;
}

static int64_t
time_rest(struct aw_demo_planner *p, struct aw_demo_report *r, enum aw_demo_kind kind)
{
	struct aw_random *random = &p->random;
	const struct pace *pace = &paces[kind];
	int64_t latest = r->received_at + 29 * AW_DAY_MS, decided, from = r->dispatched_at;

	if (r->returned)
		from = aw_demo_office(random, from, 18 * 60, 30 * 60);
	r->accepted_at = r->urgent ? from + span(random, 6, 50) * AW_MINUTE_MS
				   : aw_demo_office(random, from, 15, 300);
	r->assigned_at = r->accepted_at + span(random, 4, 60) * AW_MINUTE_MS;
	r->contact_at =
		kind == AW_DEMO_VULNERABLE
			? aw_demo_office(random, r->assigned_at, 20 * 60, 6 * 24 * 60)
			: aw_demo_duty(random, r->assigned_at, 30, r->urgent ? 300 : 20 * 60);
	decided = aw_demo_office(random, r->contact_at, (int64_t)pace->decide_least * 24 * 60,
		(int64_t)pace->decide_most * 24 * 60);
	if (decided > latest)
		decided = latest;
	return decided > r->contact_at ? decided : r->contact_at + AW_HOUR_MS;
}

uint32_t
aw_demo_course_report(
	struct aw_demo_planner *p, const struct aw_demo_slot *slot, const struct aw_demo_pick *pick)
{
	struct aw_demo_plan *plan = p->plan;
	struct aw_demo_report *r = AW_PUSH(p->arena, plan->reports, p->report_n, p->report_room);
	uint32_t index = (uint32_t)(p->report_n - 1);
	enum aw_demo_kind kind = (enum aw_demo_kind)slot->kind;
	int64_t decided;

	r->received_at = slot->at;
	r->kind = slot->kind;
	r->repeats = AW_DEMO_NOBODY;
	r->respondent = pick->respondent;
	r->household = p->city->people[pick->subjects[0]].household;
	r->seed = (uint32_t)aw_random_next(&p->random);
	r->returned = kind >= AW_DEMO_VULNERABLE && slot->past == AW_PAST_NONE &&
		      !p->anybody_again && aw_random_below(&p->random, 100) < 4;
	time_dispatch(p, slot, r);
	decided = time_rest(p, r, kind);
	r->first_issue = (uint32_t)p->issue_n;
	r->issue_count = pick->subject_count;
	/* Some are reported as one kind and found to be another: the reader of a form cannot know. */
	if (kind == AW_DEMO_CHILD_PROTECTION && aw_random_below(&p->random, 100) < 5)
		r->kind = AW_DEMO_VULNERABLE;
	else if (kind == AW_DEMO_FAMILY_OTHER && aw_random_below(&p->random, 100) < 4)
		r->kind = AW_DEMO_IPV;
	for (uint32_t i = 0; i < pick->subject_count; i++) {
		struct aw_demo_issue *issue =
			AW_PUSH(p->arena, plan->issues, p->issue_n, p->issue_room);
		issue->report = index;
		issue->subject = pick->subjects[i];
		issue->kind = slot->kind;
		issue->result = AW_DEMO_VALID;
		issue->past = slot->past;
		issue->decided_at = decided + (int64_t)i * 7 * AW_MINUTE_MS;
		issue->service_case = AW_DEMO_NOBODY;
		if (aw_demo_protective(kind))
			p->trail[issue->subject].last_issue = (uint32_t)(p->issue_n - 1);
	}
	return index;
}

static uint32_t
open_case(struct aw_demo_planner *p, uint32_t subject, enum aw_demo_kind kind, int64_t at)
{
	struct aw_demo_case *c = AW_PUSH(p->arena, p->plan->cases, p->case_n, p->case_room);
	const struct pace *pace = &paces[kind];

	c->kind = (uint8_t)kind;
	c->subject = subject;
	c->issue = AW_DEMO_NOBODY;
	c->opened_at = at;
	c->closed_at = aw_demo_office(&p->random, at, (int64_t)pace->serve_least * 24 * 60,
		(int64_t)pace->serve_most * 24 * 60);
	c->seed = (uint32_t)aw_random_next(&p->random);
	if (aw_demo_protective(kind))
		p->trail[subject].last_case = (uint32_t)(p->case_n - 1);
	if (kind == AW_DEMO_VULNERABLE)
		p->served[p->city->people[subject].household] = true;
	return (uint32_t)(p->case_n - 1);
}

uint32_t
aw_demo_course_found(struct aw_demo_planner *p, uint32_t person, enum aw_demo_kind kind, int64_t at)
{
	return open_case(p, person, kind, at);
}

/* The subject's own case of that kind if it is open at a moment, else nobody's. */
static uint32_t
own_open_case(const struct aw_demo_planner *p, uint32_t subject, uint8_t kind, int64_t at)
{
	uint32_t last = p->trail[subject].last_case;

	if (last == AW_DEMO_NOBODY || p->plan->cases[last].kind != kind ||
		p->plan->cases[last].opened_at > at || p->plan->cases[last].closed_at <= at)
		return AW_DEMO_NOBODY;
	return last;
}

void
aw_demo_course_decide(struct aw_demo_planner *p, uint32_t index, char outcome)
{
	struct aw_demo_issue *issue = &p->plan->issues[index];
	struct aw_demo_case *c;

	issue->outcome = outcome;
	if (outcome != 'Y' && outcome != 'S')
		return;
	issue->service_case = own_open_case(p, issue->subject, issue->kind, issue->decided_at);
	if (issue->service_case != AW_DEMO_NOBODY)
		return;
	issue->service_case =
		open_case(p, issue->subject, (enum aw_demo_kind)issue->kind, issue->decided_at);
	c = &p->plan->cases[issue->service_case];
	c->issue = index;
	if (outcome == 'S')
		c->closed_at =
			aw_demo_office(&p->random, issue->decided_at, 15 * 24 * 60, 45 * 24 * 60);
}
