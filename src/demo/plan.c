/* demo/plan - plans every period: served families first, then protective reports, then the rest. */
#include "demo/plan.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "demo/planner.h"
#include "demo/walk.h"

const char *
aw_demo_kind_code(enum aw_demo_kind kind)
{
	static const char *const codes[AW_DEMO_KINDS] = { "adult_ipv", "adult_elder",
		"adult_disability", "adult_family_other", "child_protection", "sexual_assault",
		"child_sexual_exploitation", "vulnerable_family", "suicide" };

	return codes[kind];
}

const char *
aw_demo_result_code(enum aw_demo_result result)
{
	static const char *const codes[] = { "valid", "duplicate", "unidentifiable", "other_city",
		"mistaken", "test" };

	return codes[result];
}

int64_t
aw_demo_now_ms(void)
{
	return aw_taipei_day_start_ms(aw_demo_today()) + 8 * AW_HOUR_MS + 30 * AW_MINUTE_MS;
}

static bool
percent(struct aw_demo_planner *p, unsigned n)
{
	return aw_random_below(&p->random, 100) < n;
}

/* True with probability need / left: over `left` draws exactly `need` come out true. */
static bool
draw_of(struct aw_demo_planner *p, uint32_t need, uint32_t left)
{
	return need > 0 && (need >= left || aw_random_below(&p->random, left) < need);
}

/* Adds a report with one issue and decides it. */
static void
add_decided(struct aw_demo_planner *p, const struct aw_demo_slot *slot,
	const struct aw_demo_pick *pick, char outcome)
{
	uint32_t report = aw_demo_course_report(p, slot, pick);

	aw_demo_course_decide(p, p->plan->reports[report].first_issue, outcome);
}

/* -- vulnerable families ------------------------------------------------------------------------ */

static char
vulnerable_outcome(struct aw_demo_planner *p)
{
	uint64_t drawn = aw_random_below(&p->random, 100);

	return drawn < 50 ? 'Y' : drawn < 58 ? 'S' : drawn < 60 ? 'M' : 'N';
}

static void
plan_vulnerable(struct aw_demo_planner *p, const struct aw_demo_target *target)
{
	struct aw_demo_slots slots = { 0 };
	uint32_t vulnerable = aw_demo_scaled(p, target->vulnerable), late = 0, children = 0;

	for (int i = 0; i < AW_DEMO_SIBLINGS; i++)
		children += aw_demo_scaled(p, target->child_reports[i]);
	if (vulnerable + children > 0)
		late = aw_demo_scaled(p, target->late) * vulnerable / (vulnerable + children);
	aw_demo_slots_plain(p, target, AW_DEMO_VULNERABLE, target->vulnerable, &slots);
	for (size_t i = 0; i < slots.count; i++) {
		struct aw_demo_pick pick;
		slots.at[i].late = draw_of(p, late, (uint32_t)(slots.count - i));
		late -= slots.at[i].late;
		if (!aw_demo_pick_fresh(p, &slots.at[i], &pick)) {
			p->fallbacks++;
			continue;
		}
		add_decided(p, &slots.at[i], &pick, vulnerable_outcome(p));
	}
	aw_demo_slots_plain(p, target, AW_DEMO_VULNERABLE, target->found, &slots);
	for (size_t i = 0; i < slots.count; i++) {
		struct aw_demo_pick pick;
		if (aw_demo_pick_fresh(p, &slots.at[i], &pick))
			(void)aw_demo_course_found(
				p, pick.subjects[0], AW_DEMO_VULNERABLE, slots.at[i].at);
	}
}

struct candidate {
	uint32_t index;
	int64_t key;
};

static int
newest_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->key != y->key)
		return x->key > y->key ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static int64_t
day_ms(int32_t day)
{
	return aw_taipei_day_start_ms(day);
}

/* Closes a vulnerable case that is served in the period after its 3-month day (stays), or before
 * that; both well away from the edge. */
static void
close_for_count(struct aw_demo_planner *p, struct aw_demo_case *c, int32_t from_day, bool stays)
{
	int32_t three = aw_add_months(aw_taipei_day(c->opened_at), 3);
	int32_t edge = three > from_day ? three : from_day;

	if (stays && c->closed_at < day_ms(edge + 3))
		c->closed_at = aw_demo_office(&p->random, day_ms(edge + 3), 0, 240 * 24 * 60);
	if (!stays && c->closed_at >= day_ms(edge - 3)) {
		int64_t last = day_ms(edge - 3) - c->opened_at;
		c->closed_at = c->opened_at + last / 2 +
			       (int64_t)aw_random_below(&p->random, (uint64_t)(last / 2));
	}
}

/* Exactly `served` of the cases that could be open past their 3-month day in the period are. */
static void
settle_served(struct aw_demo_planner *p, const struct aw_demo_target *target)
{
	int32_t from = aw_demo_from_day(target), to = aw_demo_to_day(target);
	uint32_t served = aw_demo_scaled(p, target->served);
	struct candidate *list = AW_NEW_ARRAY(p->arena, struct candidate, p->case_n + 1);
	size_t count = 0;

	if (served == 0)
		return;
	for (uint32_t i = 0; i < p->case_n; i++) {
		struct aw_demo_case *c = &p->plan->cases[i];
		bool brief = c->issue != AW_DEMO_NOBODY && p->plan->issues[c->issue].outcome == 'S';
		int32_t three = aw_add_months(aw_taipei_day(c->opened_at), 3);
		if (c->kind != AW_DEMO_VULNERABLE || brief || three > to)
			continue;
		list[count].index = i;
		list[count++].key =
			c->opened_at + (int64_t)aw_random_below(&p->random, 150) * AW_DAY_MS;
	}
	qsort(list, count, sizeof(*list), newest_first);
	if (count < served)
		p->fallbacks++;
	for (size_t i = 0; i < count; i++)
		close_for_count(p, &p->plan->cases[list[i].index], from, i < served);
}

/* -- protective reports -------------------------------------------------------------------------- */

/* What is still to be decided in a period, so that openings come out exactly. */
struct openings {
	uint32_t period;
	uint32_t adult_need, adult_free, adult_forced;
	uint32_t child_need, child_free;
	uint32_t late, child_reports;
};

static bool
child_counted(const struct aw_demo_planner *p, const struct openings *o, uint32_t child)
{
	return ((unsigned)p->trail[child].years_open >> o->period & 1U) != 0;
}

static char
not_opened(struct aw_demo_planner *p)
{
	uint64_t drawn = aw_random_below(&p->random, 100);

	return drawn < 80 ? 'N' : drawn < 93 ? 'S' : 'M';
}

static char
adult_outcome(struct aw_demo_planner *p, struct openings *o, uint8_t past)
{
	bool open = past == AW_PAST_IN_CASE;

	if (open) {
		o->adult_forced -= o->adult_forced > 0;
		o->adult_need -= o->adult_need > 0;
		return 'Y';
	}
	open = draw_of(p, o->adult_need > o->adult_forced ? o->adult_need - o->adult_forced : 0,
		o->adult_free);
	o->adult_free -= o->adult_free > 0;
	o->adult_need -= open;
	return open ? 'Y' : not_opened(p);
}

static char
child_outcome(struct aw_demo_planner *p, struct openings *o, const struct aw_demo_issue *issue,
	char sibling)
{
	bool counted = child_counted(p, o, issue->subject), open;

	if (issue->past == AW_PAST_IN_CASE) {
		open = true;
	} else if (issue->past == AW_PAST_CLOSED) {
		open = counted ? percent(p, 60) : o->child_need > 0 && percent(p, 60);
	} else {
		open = draw_of(p, o->child_need, o->child_free);
		/* Brothers and sisters fare alike where the count allows it. */
		if (sibling == 'Y' && o->child_need > 0)
			open = true;
		if (sibling != 0 && sibling != 'Y' && o->child_need < o->child_free)
			open = false;
		o->child_free -= o->child_free > 0;
	}
	if (open && !counted) {
		o->child_need -= o->child_need > 0;
		p->trail[issue->subject].years_open =
			(uint8_t)(p->trail[issue->subject].years_open | 1U << o->period);
	}
	return open ? 'Y' : not_opened(p);
}

static char
sexual_outcome(struct aw_demo_planner *p, uint8_t past)
{
	return past == AW_PAST_IN_CASE || percent(p, 60) ? 'Y' : not_opened(p);
}

/* A past that found nobody becomes a fresh report; counts what was promised for it. */
static void
fall_back(struct aw_demo_planner *p, struct openings *o, struct aw_demo_slot *slot)
{
	bool adult = aw_demo_adult((enum aw_demo_kind)slot->kind);

	if (slot->past == AW_PAST_CLOSED)
		p->fallbacks += o->period > 0;
	if (adult && slot->past == AW_PAST_IN_CASE) {
		o->adult_forced -= o->adult_forced > 0;
		o->adult_free++;
	}
	if (slot->kind == AW_DEMO_CHILD_PROTECTION && slot->past != AW_PAST_SEEN)
		o->child_free++;
	slot->past = AW_PAST_NONE;
}

static bool
pick_for(struct aw_demo_planner *p, struct openings *o, struct aw_demo_slot *slot,
	struct aw_demo_pick *pick)
{
	bool recent = o->period == 3; /* 110H1: the draft definition counts earlier issues */

	if (slot->service != AW_DEMO_NOBODY) {
		if (aw_demo_pick_served(p, slot, pick))
			return true;
		p->fallbacks++;
		slot->service = AW_DEMO_NOBODY;
	} else if (slot->past != AW_PAST_NONE) {
		bool joins_late;
		if (aw_demo_pick_again(p, slot, recent || slot->past == AW_PAST_IN_CASE, pick)) {
			joins_late = slot->past == AW_PAST_IN_CASE &&
				     slot->kind == AW_DEMO_CHILD_PROTECTION && o->child_need == 0 &&
				     !child_counted(p, o, pick->subjects[0]);
			if (!joins_late)
				return true;
		}
		fall_back(p, o, slot);
	}
	return aw_demo_pick_fresh(p, slot, pick);
}

static void
decide_all(struct aw_demo_planner *p, struct openings *o, uint32_t report)
{
	const struct aw_demo_report *r = &p->plan->reports[report];
	char sibling = 0;

	for (uint32_t i = r->first_issue; i < r->first_issue + r->issue_count; i++) {
		const struct aw_demo_issue *issue = &p->plan->issues[i];
		enum aw_demo_kind kind = (enum aw_demo_kind)issue->kind;
		char outcome;
		if (aw_demo_adult(kind))
			outcome = adult_outcome(p, o, issue->past);
		else if (kind == AW_DEMO_CHILD_PROTECTION)
			outcome = child_outcome(p, o, issue, sibling);
		else
			outcome = sexual_outcome(p, issue->past);
		sibling = outcome;
		aw_demo_course_decide(p, i, outcome);
	}
}

static struct openings
openings_of(const struct aw_demo_planner *p, const struct aw_demo_target *target,
	const struct aw_demo_slots *slots)
{
	struct openings o = { .period = (uint32_t)(target - aw_demo_targets),
		.adult_need = aw_demo_scaled(p, target->adult_open),
		.child_need = aw_demo_scaled(p, target->children_open) };
	uint32_t vulnerable = aw_demo_scaled(p, target->vulnerable);

	for (size_t i = 0; i < slots->count; i++) {
		const struct aw_demo_slot *slot = &slots->at[i];
		bool fresh = slot->past == AW_PAST_NONE || slot->past == AW_PAST_SEEN;
		if (aw_demo_adult((enum aw_demo_kind)slot->kind)) {
			o.adult_forced += slot->past == AW_PAST_IN_CASE;
			o.adult_free += slot->past != AW_PAST_IN_CASE;
		} else if (slot->kind == AW_DEMO_CHILD_PROTECTION) {
			o.child_free += fresh ? slot->subjects : 0;
			o.child_reports++;
		}
	}
	o.late = aw_demo_scaled(p, target->late);
	if (vulnerable + o.child_reports > 0)
		o.late -= o.late * vulnerable / (vulnerable + o.child_reports);
	return o;
}

static void
plan_protective(struct aw_demo_planner *p, const struct aw_demo_target *target)
{
	struct aw_demo_slots slots = { 0 };
	struct openings o;

	aw_demo_slots_protective(p, target, &slots);
	o = openings_of(p, target, &slots);
	for (size_t i = 0; i < slots.count; i++) {
		struct aw_demo_slot *slot = &slots.at[i];
		struct aw_demo_pick pick;
		if (slot->kind == AW_DEMO_CHILD_PROTECTION) {
			slot->late = draw_of(p, o.late, o.child_reports);
			o.late -= slot->late;
			o.child_reports--;
		}
		if (!pick_for(p, &o, slot, &pick)) {
			p->fallbacks++;
			continue;
		}
		decide_all(p, &o, aw_demo_course_report(p, slot, &pick));
	}
}

/* -- suicide, and reports that are not valid ------------------------------------------------------- */

static void
plan_suicide(struct aw_demo_planner *p, const struct aw_demo_target *target)
{
	struct aw_demo_slots slots = { 0 };

	aw_demo_slots_plain(p, target, AW_DEMO_SUICIDE, target->suicide, &slots);
	for (size_t i = 0; i < slots.count; i++) {
		struct aw_demo_pick pick;
		if (aw_demo_pick_fresh(p, &slots.at[i], &pick))
			add_decided(p, &slots.at[i], &pick, percent(p, 52) ? 'Y' : 'N');
	}
}

/* The same incident reported once more, by somebody else, within two days. */
static uint32_t
repeat_of(struct aw_demo_planner *p, uint32_t original, struct aw_demo_slot *slot,
	struct aw_demo_pick *pick)
{
	const struct aw_demo_report *r = &p->plan->reports[original];

	slot->at = r->received_at +
		   (int64_t)(15 + aw_random_below(&p->random, 40 * 60)) * AW_MINUTE_MS;
	slot->kind = p->plan->issues[r->first_issue].kind;
	pick->subjects[0] = p->plan->issues[r->first_issue].subject;
	pick->subject_count = 1;
	pick->respondent = r->respondent;
	return original;
}

static enum aw_demo_result
draw_invalid(struct aw_demo_planner *p)
{
	uint64_t drawn = aw_random_below(&p->random, 100);

	return drawn < 42   ? AW_DEMO_DUPLICATE
	       : drawn < 62 ? AW_DEMO_UNIDENTIFIABLE
	       : drawn < 75 ? AW_DEMO_OTHER_CITY
	       : drawn < 97 ? AW_DEMO_MISTAKEN
			    : AW_DEMO_TEST;
}

static void
strip(struct aw_demo_planner *p, uint32_t report, enum aw_demo_result result, uint32_t repeats)
{
	struct aw_demo_report *r = &p->plan->reports[report];
	struct aw_demo_issue *issue = &p->plan->issues[r->first_issue];

	r->repeats = repeats;
	r->urgent = r->returned = false;
	r->kind = issue->kind;
	r->dispatched_at = r->reviewed_at = r->accepted_at = r->assigned_at = r->contact_at = 0;
	issue->result = (uint8_t)result;
	issue->decided_at = 0;
	if (result == AW_DEMO_UNIDENTIFIABLE || result == AW_DEMO_OTHER_CITY ||
		result == AW_DEMO_TEST) {
		issue->subject = AW_DEMO_NOBODY;
		r->respondent = AW_DEMO_NOBODY;
		r->household = AW_DEMO_NOBODY;
	}
}

static void
plan_invalid(struct aw_demo_planner *p, const struct aw_demo_target *target, size_t first,
	size_t beyond, uint32_t count)
{
	struct aw_demo_slots slots = { 0 };

	aw_demo_slots_plain(p, target, AW_DEMO_IPV, count, &slots);
	for (size_t i = 0; i < slots.count && beyond > first; i++) {
		enum aw_demo_result result = draw_invalid(p);
		uint32_t original = (uint32_t)(first + aw_random_below(&p->random, beyond - first));
		uint32_t repeats = AW_DEMO_NOBODY, report;
		struct aw_demo_trail trail;
		struct aw_demo_pick pick;
		if (result == AW_DEMO_DUPLICATE) {
			repeats = repeat_of(p, original, &slots.at[i], &pick);
		} else {
			const struct aw_demo_report *like = &p->plan->reports[original];
			slots.at[i].kind = percent(p, 20) ? (uint8_t)AW_DEMO_VULNERABLE
							  : p->plan->issues[like->first_issue].kind;
			if (!aw_demo_pick_fresh(p, &slots.at[i], &pick))
				continue;
		}
		/* An issue that is not valid leaves no trail. */
		trail = p->trail[pick.subjects[0]];
		report = aw_demo_course_report(p, &slots.at[i], &pick);
		p->trail[pick.subjects[0]] = trail;
		strip(p, report, result, repeats);
	}
}

/* -- additional reports, for measuring --------------------------------------------------------------- */

static bool
published_counts_hold(const struct aw_demo_plan_options *options)
{
	return fabs(options->scale - 1) < 1e-9;
}

/* Who is found without a report: nothing may open their case before that. */
static bool *
found_people(const struct aw_demo_planner *p)
{
	bool *found = AW_NEW_ARRAY(p->arena, bool, p->city->people_count);

	for (size_t i = 0; i < p->case_n; i++)
		if (p->plan->cases[i].issue == AW_DEMO_NOBODY)
			found[p->plan->cases[i].subject] = true;
	return found;
}

static void
plan_additional(struct aw_demo_planner *p, const struct aw_demo_plan_options *options)
{
	const struct aw_demo_target *like = &aw_demo_targets[3];
	const struct aw_demo_target *target =
		published_counts_hold(options) ? &aw_demo_targets[4] : &aw_demo_target_all;
	uint32_t mix[AW_DEMO_KINDS] = { like->ipv, like->elder, like->disability,
		like->family_other, like->child_reports[0], like->sexual, like->exploitation,
		like->vulnerable, like->suicide };
	uint32_t total = 0, count = (uint32_t)lround((double)p->report_n * (options->reports - 1));
	const bool *found = found_people(p);
	size_t first = p->report_n;
	double scale = p->scale;

	for (int i = 0; i < AW_DEMO_KINDS; i++)
		total += mix[i];
	p->anybody_again = true;
	p->plan->additional = true;
	p->scale = 1;
	for (int i = 0; i < AW_DEMO_KINDS; i++) {
		struct aw_demo_slots slots = { 0 };
		uint32_t share = (uint32_t)((uint64_t)count * 77 / 100 * mix[i] / total);
		aw_demo_slots_plain(p, target, (enum aw_demo_kind)i, share, &slots);
		for (size_t k = 0; k < slots.count; k++) {
			struct aw_demo_pick pick;
			if (aw_demo_pick_fresh(p, &slots.at[k], &pick) && !found[pick.subjects[0]])
				add_decided(p, &slots.at[k], &pick, percent(p, 55) ? 'Y' : 'N');
		}
	}
	plan_invalid(p, target, first, p->report_n, count - count * 77 / 100);
	p->anybody_again = false;
	p->scale = scale;
}

/* -- the whole --------------------------------------------------------------------------------------- */

static void
put_in_order(struct aw_demo_planner *p)
{
	struct aw_demo_plan *plan = p->plan;
	struct candidate *list = AW_NEW_ARRAY(p->arena, struct candidate, p->report_n + 1);

	plan->report_count = (uint32_t)p->report_n;
	plan->issue_count = (uint32_t)p->issue_n;
	plan->case_count = (uint32_t)p->case_n;
	plan->fallbacks = p->fallbacks;
	plan->order = AW_NEW_ARRAY(p->arena, uint32_t, p->report_n + 1);
	for (uint32_t i = 0; i < plan->report_count; i++)
		list[i] = (struct candidate){ i, -plan->reports[i].received_at };
	qsort(list, plan->report_count, sizeof(*list), newest_first);
	for (uint32_t i = 0; i < plan->report_count; i++)
		plan->order[i] = list[i].index;
}

struct aw_demo_plan *
aw_demo_plan_make(struct aw_arena *arena, const struct aw_demo_city *city,
	const struct aw_demo_plan_options *options)
{
	struct aw_demo_planner *p = AW_NEW(arena, struct aw_demo_planner);
	size_t first[AW_DEMO_PERIODS + 1] = { 0 };

	p->arena = arena;
	p->city = city;
	p->scale = options->scale;
	p->plan = AW_NEW(arena, struct aw_demo_plan);
	p->plan->city = city;
	p->plan->now_ms = aw_demo_now_ms();
	p->used = AW_NEW_ARRAY(arena, bool, city->household_count);
	p->served = AW_NEW_ARRAY(arena, bool, city->household_count);
	p->trail = AW_NEW_ARRAY(arena, struct aw_demo_trail, city->people_count);
	for (uint32_t i = 0; i < city->people_count; i++)
		p->trail[i] = (struct aw_demo_trail){ AW_DEMO_NOBODY, AW_DEMO_NOBODY, 0 };
	aw_random_seed(&p->random, options->seed ^ UINT64_C(0x706c616e));
	aw_demo_lists_make(p);
	for (int i = 0; i < AW_DEMO_PERIODS; i++)
		plan_vulnerable(p, &aw_demo_targets[i]);
	settle_served(p, &aw_demo_targets[3]);
	for (int i = 0; i < AW_DEMO_PERIODS; i++) {
		first[i] = p->report_n;
		plan_protective(p, &aw_demo_targets[i]);
		plan_suicide(p, &aw_demo_targets[i]);
	}
	first[AW_DEMO_PERIODS] = p->report_n;
	for (int i = 0; i < AW_DEMO_PERIODS; i++)
		plan_invalid(
			p, &aw_demo_targets[i], first[i], first[i + 1], aw_demo_targets[i].invalid);
	aw_demo_plan_live(p);
	if (options->reports > 1)
		plan_additional(p, options);
	put_in_order(p);
	return p->plan;
}
