/* tests/demo/counter - counts events of a plan by the definitions. */
#include "counter.h"

#include <stdlib.h>

struct span
span_of(int32_t y1, int32_t m1, int32_t d1, int32_t y2, int32_t m2, int32_t d2)
{
	return (struct span){ aw_day_of_date((struct aw_date){ y1, m1, d1 }),
		aw_day_of_date((struct aw_date){ y2, m2, d2 }) };
}

static bool
received_in(const struct aw_demo_report *report, struct span span)
{
	int32_t day = aw_taipei_day(report->received_at);

	return day >= span.from_day && day <= span.to_day;
}

/* An event after as_of has not happened: period end + 31 days, and never after now. */
static bool
happened(const struct aw_demo_plan *plan, struct span span, int64_t at)
{
	return at > 0 && at <= plan->now_ms && aw_taipei_day(at) <= span.to_day + 31;
}

static bool
valid(const struct aw_demo_issue *issue)
{
	return issue->result == AW_DEMO_VALID;
}

static bool
protective(const struct aw_demo_issue *issue)
{
	return valid(issue) && issue->kind <= AW_DEMO_EXPLOITATION;
}

struct counted
count_within_24_hours(const struct aw_demo_plan *plan, struct span span)
{
	struct counted c = { 0, 0 };

	for (uint32_t i = 0; i < plan->report_count; i++) {
		const struct aw_demo_report *r = &plan->reports[i];
		bool taken = false;
		for (uint32_t k = r->first_issue; k < r->first_issue + r->issue_count; k++)
			taken = taken ||
				(valid(&plan->issues[k]) &&
					(plan->issues[k].kind == AW_DEMO_CHILD_PROTECTION ||
						plan->issues[k].kind == AW_DEMO_VULNERABLE));
		if (!taken || !received_in(r, span))
			continue;
		c.denominator++;
		c.numerator += happened(plan, span, r->dispatched_at) &&
			       r->dispatched_at - r->received_at <= 24 * AW_HOUR_MS;
	}
	return c;
}

/* Cases of a person, by the person: heads of chains through `next`. */
struct chains {
	uint32_t *head, *next;
};

static struct chains
chain_cases(const struct aw_demo_plan *plan)
{
	struct chains c = { calloc(plan->city->people_count, sizeof(uint32_t)),
		calloc(plan->case_count + 1, sizeof(uint32_t)) };

	for (uint32_t i = 0; i < plan->case_count; i++) {
		c.next[i + 1] = c.head[plan->cases[i].subject];
		c.head[plan->cases[i].subject] = i + 1;
	}
	return c;
}

static void
free_chains(struct chains *c)
{
	free(c->head);
	free(c->next);
}

static bool
re_report(const struct aw_demo_plan *plan, const struct chains *chains,
	const struct aw_demo_issue *issue)
{
	int64_t at = plan->reports[issue->report].received_at;
	bool closed = false;

	for (uint32_t i = chains->head[issue->subject]; i != 0; i = chains->next[i]) {
		const struct aw_demo_case *c = &plan->cases[i - 1];
		if (c->kind > AW_DEMO_EXPLOITATION || c->opened_at > at)
			continue;
		if (c->closed_at > at)
			return false;
		closed = closed || aw_taipei_day(c->closed_at) >= aw_taipei_day(at) - 365;
	}
	return closed;
}

struct counted
count_re_reports(const struct aw_demo_plan *plan, struct span span, int district)
{
	struct chains chains = chain_cases(plan);
	struct counted c = { 0, 0 };

	for (uint32_t i = 0; i < plan->issue_count; i++) {
		const struct aw_demo_issue *issue = &plan->issues[i];
		const struct aw_demo_city *city = plan->city;
		if (!protective(issue) || !received_in(&plan->reports[issue->report], span))
			continue;
		if (district >= 0 &&
			city->households[city->people[issue->subject].household].district !=
				(uint32_t)district)
			continue;
		c.denominator++;
		c.numerator += re_report(plan, &chains, issue);
	}
	free_chains(&chains);
	return c;
}

struct counted
count_earlier_issue(const struct aw_demo_plan *plan, struct span span)
{
	struct counted c = { 0, 0 };
	int64_t *last = calloc(plan->city->people_count, sizeof(*last));

	for (uint32_t i = 0; i < plan->report_count; i++) {
		const struct aw_demo_report *r = &plan->reports[plan->order[i]];
		for (uint32_t k = r->first_issue; k < r->first_issue + r->issue_count; k++) {
			const struct aw_demo_issue *issue = &plan->issues[k];
			if (!protective(issue))
				continue;
			if (received_in(r, span)) {
				c.denominator++;
				c.numerator += last[issue->subject] != 0 &&
					       aw_taipei_day(last[issue->subject]) >=
						       aw_taipei_day(r->received_at) - 365;
			}
			last[issue->subject] = r->received_at;
		}
	}
	free(last);
	return c;
}

struct counted
count_children_opened(const struct aw_demo_plan *plan, struct span span)
{
	struct counted c = { 0, 0 };
	bool *seen = calloc(plan->city->people_count, sizeof(*seen));

	for (uint32_t i = 0; i < plan->issue_count; i++) {
		const struct aw_demo_issue *issue = &plan->issues[i];
		if (!valid(issue) || issue->kind != AW_DEMO_CHILD_PROTECTION ||
			!received_in(&plan->reports[issue->report], span))
			continue;
		c.denominator++;
		if (issue->outcome != 'Y' || !happened(plan, span, issue->decided_at) ||
			seen[issue->subject])
			continue;
		seen[issue->subject] = true;
		c.numerator++;
	}
	free(seen);
	return c;
}

struct counted
count_adults_opened(const struct aw_demo_plan *plan, struct span span)
{
	struct counted c = { 0, 0 };

	for (uint32_t i = 0; i < plan->issue_count; i++) {
		const struct aw_demo_issue *issue = &plan->issues[i];
		if (!valid(issue) || issue->kind > AW_DEMO_FAMILY_OTHER ||
			!received_in(&plan->reports[issue->report], span))
			continue;
		c.denominator++;
		c.numerator += issue->outcome == 'Y' && happened(plan, span, issue->decided_at);
	}
	return c;
}

/* Kind of the first valid protective issue about the household within the case's counted span. */
static int
first_issue_of(const struct aw_demo_plan *plan, const struct aw_demo_case *c, struct span span)
{
	int32_t three = aw_add_months(aw_taipei_day(c->opened_at), 3);
	int64_t first = INT64_MAX;
	int kind = -1;

	for (uint32_t i = 0; i < plan->issue_count; i++) {
		const struct aw_demo_issue *issue = &plan->issues[i];
		const struct aw_demo_report *r = &plan->reports[issue->report];
		if (!protective(issue) || !received_in(r, span) ||
			plan->city->people[issue->subject].household !=
				plan->city->people[c->subject].household ||
			aw_taipei_day(r->received_at) < three || r->received_at > c->closed_at ||
			r->received_at >= first)
			continue;
		first = r->received_at;
		kind = issue->kind;
	}
	return kind;
}

struct counted
count_served_reported(const struct aw_demo_plan *plan, struct span span, uint32_t *ret_by_child)
{
	struct counted c = { 0, 0 };

	*ret_by_child = 0;
	for (uint32_t i = 0; i < plan->case_count; i++) {
		const struct aw_demo_case *one = &plan->cases[i];
		int32_t three = aw_add_months(aw_taipei_day(one->opened_at), 3);
		int32_t from = three > span.from_day ? three : span.from_day;
		int kind;
		if (one->kind != AW_DEMO_VULNERABLE || from > span.to_day ||
			aw_taipei_day(one->closed_at) < from)
			continue;
		c.denominator++;
		kind = first_issue_of(plan, one, span);
		c.numerator += kind >= 0;
		*ret_by_child += kind == AW_DEMO_CHILD_PROTECTION;
	}
	return c;
}
