/* demo/plan_slots - spreads a period's targets over time, districts and histories. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "demo/planner.h"
#include "demo/walk.h"

uint32_t
aw_demo_scaled(const struct aw_demo_planner *p, uint32_t count)
{
	return (uint32_t)lround(count * p->scale);
}

static int32_t
day_of(const int32_t date[3])
{
	return aw_day_of_date((struct aw_date){ date[0], date[1], date[2] });
}

int32_t
aw_demo_from_day(const struct aw_demo_target *target)
{
	return day_of(target->from);
}

int32_t
aw_demo_to_day(const struct aw_demo_target *target)
{
	return day_of(target->to);
}

static int
by_time(const void *a, const void *b)
{
	const struct aw_demo_slot *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

void
aw_demo_slots_sort(struct aw_demo_slots *slots)
{
	if (slots->count > 1)
		qsort(slots->at, slots->count, sizeof(*slots->at), by_time);
}

static struct aw_demo_slot *
add(struct aw_demo_planner *p, struct aw_demo_slots *slots, const struct aw_demo_target *target,
	enum aw_demo_kind kind)
{
	struct aw_demo_slot *slot = AW_PUSH(p->arena, slots->at, slots->count, slots->room);

	slot->at = aw_demo_moment(&p->random, aw_demo_from_day(target), aw_demo_to_day(target));
	slot->kind = (uint8_t)kind;
	slot->subjects = 1;
	slot->district = UINT8_MAX;
	slot->service = AW_DEMO_NOBODY;
	return slot;
}

static void
add_many(struct aw_demo_planner *p, struct aw_demo_slots *slots,
	const struct aw_demo_target *target, enum aw_demo_kind kind, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		(void)add(p, slots, target, kind);
}

/* `count` shared out by weights, whole numbers that add up to it (largest remainders). */
static void
share_out(uint32_t count, const uint32_t *weights, uint32_t *ret)
{
	uint64_t total = 0, given = 0;
	uint64_t rest[AW_DEMO_DISTRICTS];

	for (int i = 0; i < AW_DEMO_DISTRICTS; i++)
		total += weights[i];
	for (int i = 0; i < AW_DEMO_DISTRICTS; i++) {
		ret[i] = (uint32_t)((uint64_t)count * weights[i] / total);
		rest[i] = (uint64_t)count * weights[i] % total;
		given += ret[i];
	}
	for (; given < count; given++) {
		int most = 0;
		for (int i = 1; i < AW_DEMO_DISTRICTS; i++) {
			if (rest[i] > rest[most])
				most = i;
		}
		ret[most]++;
		rest[most] = 0;
	}
}

static uint8_t
draw_district(struct aw_demo_planner *p, const uint32_t *left)
{
	uint64_t total = 0, drawn;
	int d = 0;

	for (int i = 0; i < AW_DEMO_DISTRICTS; i++)
		total += left[i];
	if (total == 0)
		return (uint8_t)aw_random_below(&p->random, AW_DEMO_DISTRICTS);
	drawn = aw_random_below(&p->random, total);
	while (drawn >= left[d]) {
		drawn -= left[d];
		d++;
	}
	return (uint8_t)d;
}

static void
take(uint32_t *left, uint32_t count)
{
	*left = *left > count ? *left - count : 0;
}

/* -- families that a centre has served for three months -------------------------------------- */

static int64_t
three_months(const struct aw_demo_case *c)
{
	return aw_taipei_day_start_ms(aw_add_months(aw_taipei_day(c->opened_at), 3));
}

static bool
has_member(const struct aw_demo_planner *p, const struct aw_demo_case *c, enum aw_demo_kind kind,
	int64_t at)
{
	const struct aw_demo_household *home =
		&p->city->households[p->city->people[c->subject].household];

	for (uint32_t i = home->first; i < home->first + home->count; i++) {
		/* Who was born later is of the household, and of the family once its worker adds
		 * them: not a case to plan a count on. */
		if (p->city->people[i].birth_day < aw_taipei_day(c->opened_at) &&
			aw_demo_fits(p, kind, i, aw_taipei_day(at)))
			return true;
	}
	return false;
}

enum moment { WHILE_SERVED, BEFORE_THE_DAY, AFTER_CLOSING };

/* The span of the period in which an issue would fall on that side of the rule. */
static bool
window(const struct aw_demo_case *c, const struct aw_demo_target *target, enum moment moment,
	int64_t *ret_from, int64_t *ret_to)
{
	int64_t from = aw_taipei_day_start_ms(aw_demo_from_day(target));
	int64_t to = aw_taipei_day_start_ms(aw_demo_to_day(target) + 1) - 1;
	int64_t day = three_months(c), least, most = to;

	if (moment == WHILE_SERVED) {
		least = day + AW_DAY_MS;
		most = c->closed_at - 3 * AW_DAY_MS;
	} else if (moment == BEFORE_THE_DAY) {
		least = c->opened_at + 10 * AW_DAY_MS;
		most = (day < c->closed_at ? day : c->closed_at) - 2 * AW_DAY_MS;
	} else {
		if (c->closed_at < day)
			return false;
		least = c->closed_at + 3 * AW_DAY_MS;
	}
	*ret_from = least > from ? least : from;
	*ret_to = most < to ? most : to;
	return *ret_to - *ret_from > 5 * AW_DAY_MS;
}

/* Turns a slot into a report about a served family. */
static bool
put_into_service(struct aw_demo_planner *p, const struct aw_demo_target *target,
	struct aw_demo_slot *slot, enum moment moment, bool *taken)
{
	struct aw_demo_walk walk = aw_demo_walk(&p->random, p->case_n);
	uint32_t index;

	while (aw_demo_walk_next(&walk, &index)) {
		const struct aw_demo_case *c = &p->plan->cases[index];
		int64_t from, to;
		if (c->kind != AW_DEMO_VULNERABLE || taken[index] ||
			!window(c, target, moment, &from, &to) ||
			!has_member(p, c, (enum aw_demo_kind)slot->kind, from))
			continue;
		taken[index] = true;
		slot->service = index;
		slot->district = (uint8_t)p->city->households[p->city->people[c->subject].household]
					 .district;
		do
			slot->at =
				aw_demo_moment(&p->random, aw_taipei_day(from), aw_taipei_day(to));
		while (slot->at < from || slot->at > to);
		return true;
	}
	return false;
}

static void
put_served(struct aw_demo_planner *p, const struct aw_demo_target *target,
	struct aw_demo_slots *slots, uint32_t *left)
{
	uint32_t child = aw_demo_scaled(p, target->in_service[0]);
	uint32_t adult = aw_demo_scaled(p, target->in_service[1]);
	uint32_t beside = aw_demo_scaled(p, target->beside_service);
	bool *taken = AW_NEW_ARRAY(p->arena, bool, p->case_n + 1);

	for (size_t i = 0; i < slots->count; i++) {
		struct aw_demo_slot *slot = &slots->at[i];
		enum moment moment = WHILE_SERVED;
		uint32_t *quota = NULL;
		if (slot->kind == AW_DEMO_CHILD_PROTECTION && slot->subjects == 1 && child > 0)
			quota = &child;
		else if (slot->kind == AW_DEMO_IPV && adult > 0)
			quota = &adult;
		else if (slot->kind == AW_DEMO_CHILD_PROTECTION && slot->subjects == 1 &&
			 beside > 0) {
			quota = &beside;
			moment = beside % 2 == 0 ? AFTER_CLOSING : BEFORE_THE_DAY;
		}
		if (quota == NULL)
			continue;
		if (put_into_service(p, target, slot, moment, taken))
			take(&left[slot->district], 1);
		else if (moment == WHILE_SERVED)
			p->fallbacks++;
		(*quota)--;
	}
}

/* -- histories ---------------------------------------------------------------------------------- */

/* Marks `count` single slots with no history yet, of one district or any, with a past. */
static void
mark(struct aw_demo_planner *p, struct aw_demo_slots *slots, int district, enum aw_demo_past past,
	uint32_t count, int64_t not_before)
{
	struct aw_demo_walk walk = aw_demo_walk(&p->random, slots->count);
	uint32_t index;

	while (count > 0 && aw_demo_walk_next(&walk, &index)) {
		struct aw_demo_slot *slot = &slots->at[index];
		if (slot->subjects != 1 || slot->past != AW_PAST_NONE || slot->at < not_before ||
			slot->service != AW_DEMO_NOBODY || slot->kind == AW_DEMO_EXPLOITATION ||
			(district >= 0 && slot->district != district))
			continue;
		slot->past = (uint8_t)past;
		count--;
	}
}

static void
put_districts(struct aw_demo_planner *p, struct aw_demo_slots *slots, uint32_t *left)
{
	/* Families with several children first, while every district has room. */
	for (size_t i = 0; i < slots->count; i++) {
		struct aw_demo_slot *slot = &slots->at[i];
		if (slot->subjects == 1)
			continue;
		slot->district = draw_district(p, left);
		take(&left[slot->district], slot->subjects);
	}
	for (size_t i = 0; i < slots->count; i++) {
		struct aw_demo_slot *slot = &slots->at[i];
		if (slot->district != UINT8_MAX)
			continue;
		slot->district = draw_district(p, left);
		take(&left[slot->district], 1);
	}
}

void
aw_demo_slots_protective(
	struct aw_demo_planner *p, const struct aw_demo_target *target, struct aw_demo_slots *ret)
{
	uint32_t left[AW_DEMO_DISTRICTS], again[AW_DEMO_DISTRICTS], issues = 0;
	int64_t start = aw_taipei_day_start_ms(aw_demo_from_day(target));
	bool first = target == &aw_demo_targets[0];

	ret->count = 0;
	add_many(p, ret, target, AW_DEMO_IPV, aw_demo_scaled(p, target->ipv));
	add_many(p, ret, target, AW_DEMO_ELDER, aw_demo_scaled(p, target->elder));
	add_many(p, ret, target, AW_DEMO_DISABILITY, aw_demo_scaled(p, target->disability));
	add_many(p, ret, target, AW_DEMO_FAMILY_OTHER, aw_demo_scaled(p, target->family_other));
	add_many(p, ret, target, AW_DEMO_SEXUAL, aw_demo_scaled(p, target->sexual));
	add_many(p, ret, target, AW_DEMO_EXPLOITATION, aw_demo_scaled(p, target->exploitation));
	for (uint32_t siblings = AW_DEMO_SIBLINGS; siblings > 0; siblings--) {
		uint32_t count = aw_demo_scaled(p, target->child_reports[siblings - 1]);
		for (uint32_t i = 0; i < count; i++)
			add(p, ret, target, AW_DEMO_CHILD_PROTECTION)->subjects = (uint8_t)siblings;
	}
	for (size_t i = 0; i < ret->count; i++)
		issues += ret->at[i].subjects;
	share_out(issues, aw_demo_issue_share, left);
	share_out(aw_demo_scaled(p, target->re_reports), aw_demo_re_report_share, again);
	put_served(p, target, ret, left);
	put_districts(p, ret, left);
	/* The first period has no closings before it: its re-reports come in its second half. */
	for (int d = 0; d < AW_DEMO_DISTRICTS; d++)
		mark(p, ret, d, AW_PAST_CLOSED, again[d], first ? start + 180 * AW_DAY_MS : start);
	mark(p, ret, -1, AW_PAST_IN_CASE, aw_demo_scaled(p, target->in_case),
		first ? start + 60 * AW_DAY_MS : start);
	mark(p, ret, -1, AW_PAST_SEEN, aw_demo_scaled(p, target->repeated),
		first ? start + 30 * AW_DAY_MS : start);
	aw_demo_slots_sort(ret);
}

void
aw_demo_slots_plain(struct aw_demo_planner *p, const struct aw_demo_target *target,
	enum aw_demo_kind kind, uint32_t count, struct aw_demo_slots *ret)
{
	static const uint32_t people[AW_DEMO_DISTRICTS] = { 52, 54, 39, 42, 47, 82, 50 };

	ret->count = 0;
	add_many(p, ret, target, kind, aw_demo_scaled(p, count));
	for (size_t i = 0; i < ret->count; i++)
		ret->at[i].district = draw_district(p, people);
	aw_demo_slots_sort(ret);
}
