/* demo/plan_people - chooses people for reports: with no history, with some, of a served family. */
#include "base/str.h"
#include "demo/planner.h"

enum { TRIES = 4000 };

static bool
in_group(const struct aw_demo_city *city, uint32_t person, enum aw_demo_group group)
{
	const struct aw_demo_person *who = &city->people[person];
	uint32_t home = city->households[who->household].count;
	int32_t age = aw_demo_age(city, person, city->as_of_day);

	switch (group) {
	case AW_GROUP_CHILD:
		return age < 22;
	case AW_GROUP_COUPLE:
		return who->spouse != AW_DEMO_NOBODY && age >= 20 && age < 80;
	case AW_GROUP_ELDER:
		return age >= 64;
	case AW_GROUP_DISABLED:
		return (who->traits & AW_TRAIT_DISABLED) != 0 && age >= 18 && age < 69;
	case AW_GROUP_ADULT:
		return age >= 21 && home > 1;
	case AW_GROUP_YOUNG:
		return age >= 8 && age < 25;
	case AW_GROUP_FAMILY:
		return who->role == AW_DEMO_HEAD && age >= 22 &&
		       (home >= 2 || (who->traits & AW_TRAIT_LOW_INCOME) != 0);
	case AW_GROUP_ANYBODY:
	case AW_GROUPS:
		break;
	}
	return age >= 15;
}

void
aw_demo_lists_make(struct aw_demo_planner *p)
{
	const struct aw_demo_city *city = p->city;

	for (int g = 0; g < AW_GROUPS; g++) {
		for (uint32_t i = 0; i < city->people_count; i++) {
			uint32_t d = city->households[city->people[i].household].district;
			p->lists[g][d].count += in_group(city, i, (enum aw_demo_group)g);
		}
		for (int d = 0; d < AW_DEMO_DISTRICTS; d++) {
			p->lists[g][d].at = AW_NEW_ARRAY(p->arena, uint32_t, p->lists[g][d].count);
			p->lists[g][d].count = 0;
		}
		for (uint32_t i = 0; i < city->people_count; i++) {
			uint32_t d = city->households[city->people[i].household].district;
			struct aw_demo_list *list = &p->lists[g][d];
			if (in_group(city, i, (enum aw_demo_group)g))
				list->at[list->count++] = i;
		}
	}
}

bool
aw_demo_fits(const struct aw_demo_planner *p, enum aw_demo_kind kind, uint32_t person, int32_t day)
{
	int32_t age = aw_demo_age(p->city, person, day);

	if (p->city->people[person].birth_day > day - 40)
		return false;
	switch (kind) {
	case AW_DEMO_IPV:
		return age >= 18 && age < 80 && p->city->people[person].spouse != AW_DEMO_NOBODY;
	case AW_DEMO_ELDER:
		return age >= 65;
	case AW_DEMO_DISABILITY:
		return age >= 18 && age < 65 &&
		       (p->city->people[person].traits & AW_TRAIT_DISABLED) != 0;
	case AW_DEMO_FAMILY_OTHER:
	case AW_DEMO_VULNERABLE:
		return age >= 18;
	case AW_DEMO_CHILD_PROTECTION:
		return age < 18;
	case AW_DEMO_SEXUAL:
		return age >= 5 && age < 60;
	case AW_DEMO_EXPLOITATION:
		return age >= 12 && age < 18;
	case AW_DEMO_SUICIDE:
	case AW_DEMO_KINDS:
		break;
	}
	return age >= 13;
}

/* Somebody else of the household who is grown up; `child` asks for a child of the subject. */
static uint32_t
housemate(struct aw_demo_planner *p, uint32_t subject, int32_t day, bool child)
{
	const struct aw_demo_person *who = &p->city->people[subject];
	const struct aw_demo_household *home = &p->city->households[who->household];
	uint32_t found = AW_DEMO_NOBODY, seen = 0;

	for (uint32_t i = home->first; i < home->first + home->count; i++) {
		const struct aw_demo_person *other = &p->city->people[i];
		bool own = other->father == subject || other->mother == subject;
		if (i == subject || i == who->spouse || aw_demo_age(p->city, i, day) < 18 ||
			(child && !own))
			continue;
		if (aw_random_below(&p->random, ++seen) == 0)
			found = i;
	}
	return found;
}

static uint32_t
parent_of(struct aw_demo_planner *p, uint32_t child, int32_t day)
{
	const struct aw_demo_person *who = &p->city->people[child];
	uint64_t drawn = aw_random_below(&p->random, 100);

	if (drawn < 14)
		return AW_DEMO_NOBODY;
	if (who->father != AW_DEMO_NOBODY && (drawn < 66 || who->mother == AW_DEMO_NOBODY))
		return who->father;
	if (who->mother != AW_DEMO_NOBODY)
		return who->mother;
	return housemate(p, child, day, false);
}

uint32_t
aw_demo_respondent_of(
	struct aw_demo_planner *p, enum aw_demo_kind kind, uint32_t subject, int32_t day)
{
	const struct aw_demo_person *who = &p->city->people[subject];
	uint32_t other;

	switch (kind) {
	case AW_DEMO_IPV:
		return who->spouse;
	case AW_DEMO_ELDER:
		other = housemate(p, subject, day, true);
		return other != AW_DEMO_NOBODY ? other : who->spouse;
	case AW_DEMO_DISABILITY:
	case AW_DEMO_FAMILY_OTHER:
		return housemate(p, subject, day, false);
	case AW_DEMO_CHILD_PROTECTION:
		return parent_of(p, subject, day);
	case AW_DEMO_SEXUAL:
		other = housemate(p, subject, day, false);
		if (other != AW_DEMO_NOBODY && p->city->people[other].sex == 'M' &&
			aw_random_below(&p->random, 100) < 45)
			return other;
		return AW_DEMO_NOBODY;
	case AW_DEMO_EXPLOITATION:
	case AW_DEMO_VULNERABLE:
	case AW_DEMO_SUICIDE:
	case AW_DEMO_KINDS:
		break;
	}
	return AW_DEMO_NOBODY;
}

static enum aw_demo_group
group_of(struct aw_demo_planner *p, enum aw_demo_kind kind)
{
	static const enum aw_demo_group groups[AW_DEMO_KINDS] = { AW_GROUP_COUPLE, AW_GROUP_ELDER,
		AW_GROUP_DISABLED, AW_GROUP_ADULT, AW_GROUP_CHILD, AW_GROUP_YOUNG, AW_GROUP_YOUNG,
		AW_GROUP_FAMILY, AW_GROUP_ANYBODY };

	if (kind == AW_DEMO_SEXUAL && aw_random_below(&p->random, 100) < 42)
		return AW_GROUP_ANYBODY;
	return groups[kind];
}

/* The usual victim: a woman six times out of seven, a girl as often in sexual assault. */
static uint32_t
turn_to_victim(struct aw_demo_planner *p, enum aw_demo_kind kind, uint32_t person)
{
	const struct aw_demo_person *who = &p->city->people[person];
	bool woman = aw_random_below(&p->random, 100) < 85;

	if (kind == AW_DEMO_IPV && (who->sex == 'F') != woman)
		return who->spouse;
	return person;
}

static bool
wanted_sex(struct aw_demo_planner *p, enum aw_demo_kind kind, uint32_t person)
{
	if (kind != AW_DEMO_SEXUAL && kind != AW_DEMO_EXPLOITATION)
		return true;
	return p->city->people[person].sex == 'F' || aw_random_below(&p->random, 100) < 16;
}

/* Siblings of a child, up to the wanted count; false if there are too few. */
static bool
with_siblings(struct aw_demo_planner *p, uint32_t child, uint32_t wanted, int32_t day,
	struct aw_demo_pick *pick)
{
	const struct aw_demo_household *home =
		&p->city->households[p->city->people[child].household];

	pick->subjects[0] = child;
	pick->subject_count = 1;
	for (uint32_t i = home->first;
		i < home->first + home->count && pick->subject_count < wanted; i++) {
		if (i != child && aw_demo_fits(p, AW_DEMO_CHILD_PROTECTION, i, day))
			pick->subjects[pick->subject_count++] = i;
	}
	return pick->subject_count == wanted;
}

bool
aw_demo_pick_fresh(
	struct aw_demo_planner *p, const struct aw_demo_slot *slot, struct aw_demo_pick *ret)
{
	enum aw_demo_kind kind = (enum aw_demo_kind)slot->kind;
	const struct aw_demo_list *list = &p->lists[group_of(p, kind)][slot->district];
	int32_t day = aw_taipei_day(slot->at);

	for (int tries = 0; list->count > 0 && tries < TRIES; tries++) {
		uint32_t person = list->at[aw_random_below(&p->random, list->count)];
		uint32_t home = p->city->people[person].household;
		struct aw_demo_pick pick = { .subject_count = 1 };
		if (p->used[home] && !p->anybody_again)
			continue;
		person = turn_to_victim(p, kind, person);
		pick.subjects[0] = person;
		if (!aw_demo_fits(p, kind, person, day) || !wanted_sex(p, kind, person) ||
			(slot->subjects > 1 &&
				!with_siblings(p, person, slot->subjects, day, &pick)))
			continue;
		pick.respondent = aw_demo_respondent_of(p, kind, person, day);
		if (kind == AW_DEMO_FAMILY_OTHER && pick.respondent == AW_DEMO_NOBODY)
			continue;
		p->used[home] = true;
		*ret = pick;
		return true;
	}
	return false;
}

/* What a candidate with history is worth: 0 = does not qualify. */
struct wish {
	const struct aw_demo_slot *slot;
	int32_t day;
	bool recent;
};

static int
worth(struct aw_demo_planner *p, const struct wish *wish, uint32_t person, uint8_t kind)
{
	const struct aw_demo_trail *trail = &p->trail[person];
	uint32_t home = p->city->people[person].household;
	const struct aw_demo_issue *last = &p->plan->issues[trail->last_issue];
	int64_t before = p->plan->reports[last->report].received_at;
	bool near = aw_taipei_day(before) >= wish->day - 365;

	if (last->decided_at >= wish->slot->at || p->served[home] ||
		!aw_demo_fits(p, (enum aw_demo_kind)wish->slot->kind, person, wish->day))
		return 0;
	return 1 + 2 * (kind == wish->slot->kind) + 4 * (wish->recent && near) +
	       8 * (p->city->households[home].district == wish->slot->district);
}

static int
worth_of_case(struct aw_demo_planner *p, const struct wish *wish, uint32_t index)
{
	const struct aw_demo_case *c = &p->plan->cases[index];
	int64_t at = wish->slot->at;

	if (p->trail[c->subject].last_case != index)
		return 0;
	if (wish->slot->past == AW_PAST_CLOSED) {
		if (c->closed_at > at || aw_taipei_day(c->closed_at) < wish->day - 365)
			return 0;
	} else if (c->kind != wish->slot->kind || c->opened_at + AW_DAY_MS > at ||
		   c->closed_at < at + 45 * AW_DAY_MS) {
		return 0;
	}
	return worth(p, wish, c->subject, c->kind);
}

static int
worth_of_issue(struct aw_demo_planner *p, const struct wish *wish, uint32_t index)
{
	const struct aw_demo_issue *issue = &p->plan->issues[index];
	int64_t before = p->plan->reports[issue->report].received_at;

	if (issue->result != AW_DEMO_VALID || !aw_demo_protective((enum aw_demo_kind)issue->kind) ||
		p->trail[issue->subject].last_issue != index ||
		p->trail[issue->subject].last_case != AW_DEMO_NOBODY ||
		aw_taipei_day(before) < wish->day - 365)
		return 0;
	return worth(p, wish, issue->subject, issue->kind);
}

bool
aw_demo_pick_again(struct aw_demo_planner *p, const struct aw_demo_slot *slot, bool recent,
	struct aw_demo_pick *ret)
{
	struct wish wish = { slot, aw_taipei_day(slot->at), recent };
	bool by_issue = slot->past == AW_PAST_SEEN;
	size_t n = by_issue ? p->issue_n : p->case_n, start;
	uint32_t best = AW_DEMO_NOBODY;
	int most = 0;

	if (n == 0)
		return false;
	start = aw_random_below(&p->random, n);
	for (size_t i = 0; i < n; i++) {
		uint32_t index = (uint32_t)((start + i) % n);
		int value =
			by_issue ? worth_of_issue(p, &wish, index) : worth_of_case(p, &wish, index);
		if (value > most) {
			most = value;
			best = by_issue ? p->plan->issues[index].subject
					: p->plan->cases[index].subject;
		}
	}
	if (best == AW_DEMO_NOBODY)
		return false;
	ret->subjects[0] = best;
	ret->subject_count = 1;
	ret->respondent = aw_demo_respondent_of(p, (enum aw_demo_kind)slot->kind, best, wish.day);
	return true;
}

bool
aw_demo_pick_served(
	struct aw_demo_planner *p, const struct aw_demo_slot *slot, struct aw_demo_pick *ret)
{
	const struct aw_demo_case *c = &p->plan->cases[slot->service];
	const struct aw_demo_household *home =
		&p->city->households[p->city->people[c->subject].household];
	int32_t day = aw_taipei_day(slot->at);
	uint32_t seen = 0;

	for (uint32_t i = home->first; i < home->first + home->count; i++) {
		if (aw_demo_fits(p, (enum aw_demo_kind)slot->kind, i, day) &&
			p->city->people[i].birth_day < aw_taipei_day(c->opened_at) &&
			p->trail[i].last_issue == AW_DEMO_NOBODY &&
			aw_random_below(&p->random, ++seen) == 0)
			ret->subjects[0] = i;
	}
	if (seen == 0)
		return false;
	ret->subject_count = 1;
	ret->respondent =
		aw_demo_respondent_of(p, (enum aw_demo_kind)slot->kind, ret->subjects[0], day);
	return true;
}
