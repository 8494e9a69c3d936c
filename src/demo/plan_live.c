/* demo/plan_live - the last days: something in every column of the board on the first morning. */
#include "demo/planner.h"
#include "base/str.h"

/* Minutes before the demo's first moment at which a report came in, and how far it has come. */
struct live {
	uint16_t before_min;
	uint8_t kind, past, subjects, district, stage;
	bool urgent;
};

enum { ZHONGZHENG, QIDU, NUANNUAN, RENAI, ZHONGSHAN, ANLE, XINYI };

#define HOURS(n) (uint16_t)((n)*60)

static const struct live lives[] = {
	/* waiting for screening */
	{ 12, AW_DEMO_CHILD_PROTECTION, AW_PAST_IN_CASE, 1, ZHONGSHAN, AW_STAGE_WAITING, false },
	{ 31, AW_DEMO_SUICIDE, AW_PAST_NONE, 1, ANLE, AW_STAGE_WAITING, false },
	{ 48, AW_DEMO_VULNERABLE, AW_PAST_NONE, 1, QIDU, AW_STAGE_WAITING, false },
	{ 75, AW_DEMO_IPV, AW_PAST_CLOSED, 1, RENAI, AW_STAGE_WAITING, false },
	{ HOURS(2), AW_DEMO_ELDER, AW_PAST_NONE, 1, XINYI, AW_STAGE_CLAIMED, false },
	{ HOURS(9), AW_DEMO_CHILD_PROTECTION, AW_PAST_NONE, 2, ANLE, AW_STAGE_CLAIMED, false },
	/* waiting for review */
	{ HOURS(11), AW_DEMO_VULNERABLE, AW_PAST_NONE, 1, XINYI, AW_STAGE_SUBMITTED, false },
	{ HOURS(13), AW_DEMO_FAMILY_OTHER, AW_PAST_NONE, 1, NUANNUAN, AW_STAGE_SUBMITTED, false },
	{ HOURS(10), AW_DEMO_SEXUAL, AW_PAST_NONE, 1, ZHONGZHENG, AW_STAGE_SUBMITTED, false },
	{ HOURS(3), AW_DEMO_IPV, AW_PAST_NONE, 1, RENAI, AW_STAGE_UNREVIEWED, true },
	{ HOURS(5), AW_DEMO_SUICIDE, AW_PAST_NONE, 1, ZHONGSHAN, AW_STAGE_UNREVIEWED, true },
	/* waiting for a unit */
	{ HOURS(68), AW_DEMO_SUICIDE, AW_PAST_NONE, 1, ZHONGZHENG, AW_STAGE_DISPATCHED, false },
	{ HOURS(64), AW_DEMO_ELDER, AW_PAST_NONE, 1, QIDU, AW_STAGE_DISPATCHED, false },
	{ HOURS(20), AW_DEMO_VULNERABLE, AW_PAST_NONE, 1, RENAI, AW_STAGE_DISPATCHED, false },
	{ HOURS(17), AW_DEMO_VULNERABLE, AW_PAST_NONE, 1, ANLE, AW_STAGE_DISPATCHED, false },
	{ HOURS(15), AW_DEMO_IPV, AW_PAST_IN_CASE, 1, ANLE, AW_STAGE_DISPATCHED, false },
	/* returned, disputed */
	{ HOURS(43), AW_DEMO_VULNERABLE, AW_PAST_NONE, 1, XINYI, AW_STAGE_RETURNED, false },
	{ HOURS(46), AW_DEMO_SUICIDE, AW_PAST_NONE, 1, NUANNUAN, AW_STAGE_DISPUTED, false },
	/* accepted this morning */
	{ HOURS(8), AW_DEMO_SEXUAL, AW_PAST_NONE, 1, RENAI, AW_STAGE_ASSIGNED, true },
	{ HOURS(19), AW_DEMO_CHILD_PROTECTION, AW_PAST_NONE, 1, ANLE, AW_STAGE_ASSIGNED, false },
	{ HOURS(21), AW_DEMO_SUICIDE, AW_PAST_NONE, 1, ZHONGSHAN, AW_STAGE_ACCEPTED, false },
	{ HOURS(22), AW_DEMO_VULNERABLE, AW_PAST_NONE, 1, NUANNUAN, AW_STAGE_ASSIGNED, false },
	/* on their way since Friday */
	{ HOURS(70), AW_DEMO_IPV, AW_PAST_NONE, 1, XINYI, AW_STAGE_ASSIGNED, false },
	{ HOURS(66), AW_DEMO_CHILD_PROTECTION, AW_PAST_SEEN, 1, QIDU, AW_STAGE_ASSIGNED, false },
	{ HOURS(62), AW_DEMO_VULNERABLE, AW_PAST_NONE, 1, ZHONGZHENG, AW_STAGE_ASSIGNED, false },
	{ HOURS(50), AW_DEMO_IPV, AW_PAST_NONE, 1, ZHONGSHAN, AW_STAGE_ASSIGNED, false },
	{ HOURS(38), AW_DEMO_ELDER, AW_PAST_NONE, 1, RENAI, AW_STAGE_ASSIGNED, false },
	{ HOURS(34), AW_DEMO_FAMILY_OTHER, AW_PAST_NONE, 1, QIDU, AW_STAGE_ASSIGNED, false },
	{ HOURS(30), AW_DEMO_SEXUAL, AW_PAST_NONE, 1, ANLE, AW_STAGE_ASSIGNED, false },
};

static int64_t
minutes(struct aw_demo_planner *p, int64_t least, int64_t most)
{
	return (least + (int64_t)aw_random_below(&p->random, (uint64_t)(most - least + 1))) *
	       AW_MINUTE_MS;
}

/* What the stage has not reached never happens by itself: a screener, reviewer or unit must act. */
static void
cut(struct aw_demo_planner *p, const struct live *live, struct aw_demo_report *r)
{
	int64_t now = p->plan->now_ms;
	enum aw_demo_stage stage = (enum aw_demo_stage)live->stage;
	bool morning = live->before_min < HOURS(24);

	r->live = true;
	r->stage = live->stage;
	r->urgent = live->urgent;
	r->returned = false;
	r->claimed_at = live->urgent ? r->received_at + minutes(p, 3, 9)
			: morning    ? now - minutes(p, 26, 29)
				     : r->claimed_at;
	r->submitted_at = live->urgent ? r->claimed_at + minutes(p, 6, 20)
			  : morning    ? now - minutes(p, 22, 25)
				       : r->submitted_at;
	r->dispatched_at = live->urgent ? r->submitted_at
			   : morning	? now - minutes(p, 17, 21)
					: r->dispatched_at;
	r->reviewed_at = live->urgent ? now - minutes(p, 20, 24) : r->dispatched_at;
	if (morning || stage == AW_STAGE_RETURNED || stage == AW_STAGE_DISPUTED) {
		r->accepted_at = now - minutes(p, 8, 14);
		r->assigned_at = now - minutes(p, 2, 6);
	} else if (r->assigned_at >= now) {
		r->accepted_at = now - minutes(p, 30, 60);
		r->assigned_at = r->accepted_at + minutes(p, 4, 20);
	}
	if (stage < AW_STAGE_CLAIMED)
		r->claimed_at = AW_NEVER_MS;
	if (stage < AW_STAGE_SUBMITTED)
		r->submitted_at = AW_NEVER_MS;
	if (stage < AW_STAGE_UNREVIEWED)
		r->dispatched_at = AW_NEVER_MS;
	if (stage <= AW_STAGE_UNREVIEWED)
		r->reviewed_at = AW_NEVER_MS;
	if (stage < AW_STAGE_ACCEPTED && stage != AW_STAGE_RETURNED && stage != AW_STAGE_DISPUTED)
		r->accepted_at = AW_NEVER_MS;
	if (stage < AW_STAGE_ASSIGNED)
		r->assigned_at = AW_NEVER_MS;
	if (stage < AW_STAGE_ASSIGNED || r->contact_at <= r->assigned_at)
		r->contact_at = AW_NEVER_MS;
}

void
aw_demo_plan_live(struct aw_demo_planner *p)
{
	for (size_t i = 0; i < AW_COUNT(lives); i++) {
		const struct live *live = &lives[i];
		struct aw_demo_slot slot = {
			.at = p->plan->now_ms - (int64_t)live->before_min * AW_MINUTE_MS -
			      (int64_t)aw_random_below(&p->random, 4) * AW_MINUTE_MS,
			.service = AW_DEMO_NOBODY,
			.kind = live->kind,
			.subjects = live->subjects,
			.district = live->district,
			.past = live->past
		};
		struct aw_demo_pick pick;
		uint32_t report;
		if (slot.past == AW_PAST_NONE || !aw_demo_pick_again(p, &slot, true, &pick)) {
			slot.past = AW_PAST_NONE;
			if (!aw_demo_pick_fresh(p, &slot, &pick))
				continue;
		}
		report = aw_demo_course_report(p, &slot, &pick);
		cut(p, live, &p->plan->reports[report]);
		for (uint32_t k = 0; k < pick.subject_count; k++) {
			struct aw_demo_issue *issue =
				&p->plan->issues[p->plan->reports[report].first_issue + k];
			issue->outcome = 'Y';
			issue->decided_at = AW_NEVER_MS;
		}
	}
}
