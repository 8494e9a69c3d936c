/* city/dispatch/clocks - the clocks of a report and of its dispatches, from events alone. */
#include "city/dispatch/clocks.h"

#include <string.h>

/* A face whose limit the policy sets from its start. */
static struct aw_clock_face
face(const struct aw_policy *policy, const char *clock, const char *kind, struct aw_maybe start,
	struct aw_maybe stop)
{
	struct aw_clock_face made = { .code = clock, .started_at = start, .stopped_at = stop };
	const struct aw_deadline *deadline;

	if (!start.known)
		return made;
	deadline = aw_policy_clock(policy, clock, kind, NULL, aw_taipei_day(start.v));
	if (deadline != NULL) {
		made.due_at = AW_KNOWN(aw_policy_due(policy, deadline, start.v));
		made.unverified = deadline->valid.unverified;
	}
	return made;
}

struct aw_clock_face
aw_clock_dispatch(const struct aw_policy *policy, const struct aw_clock_facts *facts)
{
	return face(policy, "dispatch", facts->kind, AW_KNOWN(facts->received_at),
		facts->dispatched_at);
}

struct aw_clock_face
aw_clock_post_review(const struct aw_policy *policy, const struct aw_clock_facts *facts)
{
	struct aw_clock_face made =
		face(policy, "post_review", facts->kind, facts->urgent_at, facts->reviewed_at);

	if (facts->review_due_at.known)
		made.due_at = facts->review_due_at;
	return made;
}

struct aw_clock_face
aw_clock_accept(const struct aw_policy *policy, const struct aw_dispatch *d)
{
	struct aw_clock_face made =
		face(policy, "accept", d->kind, d->dispatched_at, d->accepted_at);

	if (d->accept_due_at.known)
		made.due_at = d->accept_due_at;
	return made;
}

struct aw_clock_face
aw_clock_assign(const struct aw_policy *policy, const struct aw_dispatch *d)
{
	return face(policy, "assign", d->kind, d->accepted_at, d->assigned_at);
}

struct aw_clock_face
aw_clock_first_contact(const struct aw_policy *policy, const struct aw_dispatch *d,
	int64_t received_at, struct aw_maybe contacted_at)
{
	const struct aw_deadline *deadline =
		aw_policy_clock(policy, "first_contact", d->kind, NULL, aw_taipei_day(received_at));

	return (struct aw_clock_face){ .code = "first_contact",
		.started_at = AW_KNOWN(received_at),
		.due_at = d->first_contact_due_at,
		.stopped_at = contacted_at,
		.unverified = deadline == NULL || deadline->valid.unverified };
}

struct aw_clock_face
aw_clock_came_back(
	const struct aw_policy *policy, const char *kind, bool disputed, struct aw_maybe at)
{
	return face(policy, disputed ? "settle" : "redispatch", kind, at, AW_UNKNOWN);
}

/* Later `due` loses; a clock that does not run loses to one that does. */
static bool
presses_more(const struct aw_clock_face *a, const struct aw_clock_face *b)
{
	if (!a->due_at.known || a->stopped_at.known)
		return false;
	return !b->due_at.known || b->stopped_at.known || a->due_at.v < b->due_at.v;
}

struct aw_clock_face
aw_clock_pressing(const struct aw_policy *policy, const struct aw_clock_facts *facts,
	const char *state, const struct aw_dispatch *list, size_t count,
	const struct aw_dispatch **ret_dispatch)
{
	struct aw_clock_face best = aw_clock_dispatch(policy, facts), other;

	*ret_dispatch = NULL;
	if (facts->urgent_at.known && !facts->reviewed_at.known)
		return aw_clock_post_review(policy, facts);
	if (strcmp(state, "waiting") == 0 || strcmp(state, "submitted") == 0)
		return best;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].state, "dispatched") == 0)
			other = aw_clock_accept(policy, &list[i]);
		else if (strcmp(list[i].state, "accepted") == 0)
			other = aw_clock_assign(policy, &list[i]);
		else
			continue;
		if (*ret_dispatch == NULL || presses_more(&other, &best)) {
			best = other;
			*ret_dispatch = &list[i];
		}
	}
	return best;
}
