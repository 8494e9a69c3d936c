/* city/dispatch/submit - the screener's and the reviewer's half of the way. */
#include <string.h>

#include "city/dispatch/screen.h"
#include "city/dispatch/ties.h"

static enum aw_status
wants_state(const struct aw_way *way, const char *state, struct aw_error *err)
{
	if (strcmp(way->s.state, state) == 0)
		return AW_OK;
	return aw_fail(err, AW_CONFLICT, "report %s is %s, not %s: reload the page",
		way->report.number, way->s.state, state);
}

static struct aw_maybe
me(const struct aw_act *act)
{
	return (struct aw_maybe){ .v = act->viewer->account, .known = act->viewer->account != 0 };
}

enum aw_status
aw_dispatch_claim(struct aw_act *act, int64_t report, struct aw_error *err)
{
	struct aw_way way;

	if (aw_way_load(act, report, AW_REPORT_PLAIN, &way, err) != AW_OK ||
		wants_state(&way, "waiting", err) != AW_OK)
		return err->status;
	if (way.s.claimed_by.known && way.s.claimed_by.v == act->viewer->account)
		return AW_OK;
	if (way.s.claimed_by.known)
		return aw_fail(err, AW_CONFLICT, "report %s is screened by a colleague",
			way.report.number);
	way.s.claimed_by = me(act);
	if (aw_way_put(act, &way, err) != AW_OK)
		return err->status;
	return aw_way_event(act, &way, 0, "claimed", NULL, NULL, err);
}

/* -- editing the proposal ------------------------------------------------------------------- */

static enum aw_status
change_proposed(struct aw_act *act, struct aw_dispatch *d, const char *role, const char *task,
	const char *side, struct aw_error *err)
{
	d->role = role;
	if (task != NULL)
		d->task = task;
	if (side != NULL)
		d->side = side;
	return sql_dispatch_edit(act->tx,
		&(struct sql_dispatch_edit_in){ .id = d->id,
			.role = d->role,
			.task = d->task,
			.side = d->side,
			.basis = "edited" },
		err);
}

static enum aw_status
demote_lead(struct aw_act *act, struct aw_way *way, const char *new_lead, struct aw_error *err)
{
	struct aw_dispatch *lead = aw_way_lead(way);

	if (lead == NULL || strcmp(lead->unit, new_lead) == 0)
		return AW_OK;
	if (strcmp(lead->state, "proposed") != 0)
		return aw_fail(
			err, AW_CONFLICT, "the lead unit was dispatched already: redirect it");
	return change_proposed(act, lead, "co", NULL, NULL, err);
}

enum aw_status
aw_dispatch_edit(struct aw_act *act, int64_t report, const struct aw_dispatch_edit *edit,
	struct aw_error *err)
{
	struct aw_dispatch *d;
	struct aw_way way;
	bool lead;

	if (aw_way_load(act, report, AW_REPORT_PLAIN, &way, err) != AW_OK ||
		wants_state(&way, "waiting", err) != AW_OK)
		return err->status;
	if (aw_policy_reason(act->policy, AW_REASONS_EDIT, edit->reason) == NULL)
		return aw_fail(err, AW_INVALID, "say why: choose a reason for the change");
	if (edit->unit == NULL || aw_policy_unit(act->policy, edit->unit) == NULL)
		return aw_fail(err, AW_INVALID, "choose a unit");
	d = aw_way_proposed(&way, edit->unit);
	if (edit->remove) {
		if (d == NULL)
			return aw_fail(err, AW_NOT_FOUND, "that unit is not proposed");
		if (sql_dispatch_drop(
			    act->tx, &(struct sql_dispatch_drop_in){ .id = d->id }, err) != AW_OK)
			return err->status;
		return aw_way_event(act, &way, 0, "edited", edit->reason, edit->note, err);
	}
	lead = edit->role != NULL && strcmp(edit->role, "lead") == 0;
	if (lead && demote_lead(act, &way, edit->unit, err) != AW_OK)
		return err->status;
	if (d != NULL) {
		if (change_proposed(act, d, lead ? "lead" : "co", edit->task, edit->side, err) !=
			AW_OK)
			return err->status;
	} else {
		struct aw_decision decision;
		struct aw_proposal proposal;
		bool found;
		if (aw_triage_get(act, report, &decision, &found, err) != AW_OK)
			return err->status;
		if (!found)
			return aw_fail(err, AW_CONFLICT, "the report has no decision yet");
		proposal = (struct aw_proposal){ .unit = edit->unit,
			.role = lead ? "lead" : "co",
			.side = edit->side == NULL ? "protected" : edit->side,
			.task = edit->task == NULL ? "" : edit->task,
			.basis = "edited",
			.decision = decision.id };
		aw_way_proposal_by_type(act, &proposal);
		if (aw_way_propose(act, &way, &proposal, err) != AW_OK)
			return err->status;
	}
	return aw_way_event(act, &way, 0, "edited", edit->reason, edit->note, err);
}

/* -- submitting ----------------------------------------------------------------------------- */

/* Sets `valid` where nothing was said; counts the valid ones. */
static enum aw_status
screen_issues(struct aw_act *act, const struct aw_way *way, size_t *ret_valid, struct aw_error *err)
{
	struct aw_issue *issues;
	size_t count, valid = 0;

	if (aw_report_issues(act, way->report.id, &issues, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (issues[i].screen_result == NULL &&
			aw_issue_screen(act, issues[i].id, "valid", 0, err) != AW_OK)
			return err->status;
		if (issues[i].screen_result == NULL ||
			strcmp(issues[i].screen_result, "valid") == 0)
			valid++;
	}
	*ret_valid = valid;
	return AW_OK;
}

/* No valid issue: nothing is dispatched. A follow-up by volunteers keeps its own date. */
static enum aw_status
close_unsent(struct aw_act *act, struct aw_way *way, bool follow_up, const char *note,
	struct aw_error *err)
{
	const struct aw_deadline *clock = aw_policy_clock(
		act->policy, "follow_up", way->report.kind, NULL, aw_taipei_day(act->now_ms));

	for (size_t i = 0; i < way->dispatch_count; i++) {
		if (strcmp(way->dispatches[i].state, "proposed") == 0 &&
			sql_dispatch_drop(act->tx,
				&(struct sql_dispatch_drop_in){ .id = way->dispatches[i].id },
				err) != AW_OK)
			return err->status;
	}
	way->s.state = "closed";
	way->s.closed_at = AW_KNOWN(act->now_ms);
	if (follow_up)
		way->s.followup_due_at =
			AW_KNOWN(clock != NULL ? aw_policy_due(act->policy, clock, act->now_ms)
					       : act->now_ms + 30 * AW_DAY_MS);
	if (aw_way_put(act, way, err) != AW_OK ||
		aw_way_event(act, way, 0, "closed_unsent", follow_up ? "follow_up" : NULL, note,
			err) != AW_OK ||
		aw_ties_end_screening(act, way, err) != AW_OK)
		return err->status;
	return aw_report_state_set(act, way->report.id, "closed", err);
}

enum aw_status
aw_dispatch_submit(
	struct aw_act *act, int64_t report, const char *note, bool follow_up, struct aw_error *err)
{
	struct aw_way way;
	size_t valid;

	if (aw_way_load(act, report, AW_REPORT_PLAIN, &way, err) != AW_OK ||
		wants_state(&way, "waiting", err) != AW_OK ||
		screen_issues(act, &way, &valid, err) != AW_OK)
		return err->status;
	if (valid == 0)
		return close_unsent(act, &way, follow_up, note, err);
	if (aw_way_lead(&way) == NULL)
		return aw_fail(err, AW_CONFLICT, "name the lead unit first");
	if (aw_screen_confirm_people(act, &way, true, err) != AW_OK ||
		aw_ties_of_report(act, &way, err) != AW_OK)
		return err->status;
	way.s.state = "submitted";
	way.s.submitted_by = me(act);
	way.s.submitted_at = AW_KNOWN(act->now_ms);
	if (!way.s.claimed_by.known)
		way.s.claimed_by = me(act);
	if (aw_way_put(act, &way, err) != AW_OK)
		return err->status;
	return aw_way_event(act, &way, 0, "submitted", NULL, note, err);
}

static enum aw_status
send_proposed(struct aw_act *act, struct aw_way *way, struct aw_error *err)
{
	size_t sent = 0;

	for (size_t i = 0; i < way->dispatch_count; i++) {
		if (strcmp(way->dispatches[i].state, "proposed") != 0)
			continue;
		if (aw_way_send(act, way, &way->dispatches[i], err) != AW_OK)
			return err->status;
		sent++;
	}
	if (sent == 0)
		return aw_fail(err, AW_CONFLICT, "nothing is proposed: name a unit first");
	/* the reviewer of an urgent dispatch has to read the report yet */
	if (!(way->s.urgent_at.known && !way->s.reviewed_at.known) &&
		aw_ties_end_screening(act, way, err) != AW_OK)
		return err->status;
	return aw_report_state_set(act, way->report.id, "dispatched", err);
}

enum aw_status
aw_dispatch_urgent(struct aw_act *act, int64_t report, const char *reason, struct aw_error *err)
{
	const struct aw_deadline *clock;
	struct aw_decision decision;
	struct aw_way way;
	bool found;
	size_t valid;

	if (aw_way_load(act, report, AW_REPORT_PLAIN, &way, err) != AW_OK ||
		wants_state(&way, "waiting", err) != AW_OK ||
		aw_triage_get(act, report, &decision, &found, err) != AW_OK)
		return err->status;
	if (!(found && decision.immediate) &&
		aw_policy_reason(act->policy, AW_REASONS_EDIT, reason) == NULL)
		return aw_fail(err, AW_INVALID, "say why this report cannot wait for its review");
	if (screen_issues(act, &way, &valid, err) != AW_OK ||
		aw_screen_confirm_people(act, &way, false, err) != AW_OK ||
		aw_ties_of_report(act, &way, err) != AW_OK)
		return err->status;
	clock = aw_policy_clock(
		act->policy, "post_review", way.report.kind, NULL, aw_taipei_day(act->now_ms));
	way.s.state = "sent";
	way.s.submitted_by = me(act);
	way.s.submitted_at = AW_KNOWN(act->now_ms);
	way.s.urgent_by = me(act);
	way.s.urgent_at = AW_KNOWN(act->now_ms);
	if (clock != NULL)
		way.s.review_due_at = AW_KNOWN(aw_policy_due(act->policy, clock, act->now_ms));
	if (aw_way_event(act, &way, 0, "urgent_dispatched", reason, NULL, err) != AW_OK ||
		send_proposed(act, &way, err) != AW_OK)
		return err->status;
	return aw_way_put(act, &way, err);
}

/* -- review --------------------------------------------------------------------------------- */

static const char *
review_bar(const struct aw_act *act, const struct aw_way *way)
{
	int64_t account = act->viewer->account;

	if (account == 0)
		return "dispatch.bar.nobody";
	if ((way->s.submitted_by.known && way->s.submitted_by.v == account) ||
		(way->s.urgent_by.known && way->s.urgent_by.v == account))
		return "dispatch.bar.own";
	for (size_t i = 0; i < way->dispatch_count; i++) {
		const struct aw_dispatch *d = &way->dispatches[i];
		if (strcmp(d->state, "withdrawn") != 0 &&
			aw_dispatch_same_unit(act->policy, act->viewer->unit, d->unit))
			return "dispatch.bar.receiver";
	}
	return NULL;
}

enum aw_status
aw_dispatch_review_bar(
	struct aw_act *act, int64_t report, const char **ret_bar, struct aw_error *err)
{
	struct aw_way way;

	if (aw_way_load(act, report, AW_REPORT_PLAIN, &way, err) != AW_OK)
		return err->status;
	*ret_bar = review_bar(act, &way);
	return AW_OK;
}

static bool
review_is_owed(const struct aw_way *way)
{
	return strcmp(way->s.state, "submitted") == 0 ||
	       (way->s.urgent_at.known && !way->s.reviewed_at.known);
}

enum aw_status
aw_dispatch_review(
	struct aw_act *act, int64_t report, bool approve, const char *note, struct aw_error *err)
{
	struct aw_way way;
	bool after;

	if (aw_way_load(act, report, AW_REPORT_PLAIN, &way, err) != AW_OK)
		return err->status;
	if (!review_is_owed(&way))
		return aw_fail(
			err, AW_CONFLICT, "report %s waits for no review", way.report.number);
	if (review_bar(act, &way) != NULL)
		return aw_fail(err, AW_DENIED,
			"the review is for another person, of no unit that receives the case");
	after = way.s.urgent_at.known && !way.s.reviewed_at.known;
	if (!approve && (note == NULL || note[0] == '\0'))
		return aw_fail(err, AW_INVALID, "say what has to change");
	if (!approve && !after) {
		way.s.state = "waiting";
		if (aw_way_put(act, &way, err) != AW_OK)
			return err->status;
		return aw_way_event(act, &way, 0, "sent_back", NULL, note, err);
	}
	/* an urgent dispatch stands; a reviewer who disagrees says so and the screener redirects */
	way.s.reviewed_by = me(act);
	way.s.reviewed_at = AW_KNOWN(act->now_ms);
	if (aw_way_event(act, &way, 0, "reviewed", approve ? "approved" : "objected", note, err) !=
		AW_OK)
		return err->status;
	if (after && aw_ties_end_screening(act, &way, err) != AW_OK)
		return err->status;
	if (!after) {
		way.s.state = "sent";
		if (send_proposed(act, &way, err) != AW_OK)
			return err->status;
	}
	if (aw_way_put(act, &way, err) != AW_OK)
		return err->status;
	return aw_way_settle(act, &way, err);
}

enum aw_status
aw_dispatch_join(struct aw_act *act, int64_t report, int64_t service_case, int64_t worker,
	const char *unit, struct aw_error *err)
{
	struct aw_way way;
	struct aw_dispatch *lead;
	size_t valid;

	if (aw_way_load(act, report, AW_REPORT_PLAIN, &way, err) != AW_OK ||
		wants_state(&way, "waiting", err) != AW_OK ||
		screen_issues(act, &way, &valid, err) != AW_OK ||
		aw_screen_confirm_people(act, &way, true, err) != AW_OK)
		return err->status;
	lead = aw_way_proposed(&way, unit);
	if (lead == NULL)
		return aw_fail(err, AW_CONFLICT, "that unit serves nobody in this report");
	if (demote_lead(act, &way, unit, err) != AW_OK ||
		change_proposed(act, lead, "lead", NULL, NULL, err) != AW_OK)
		return err->status;
	lead->worker = AW_KNOWN(worker); /* it goes straight to the worker of the open case */
	if (aw_way_put_dispatch(act, lead, "proposed", err) != AW_OK)
		return err->status;
	way.s.joined_case = AW_KNOWN(service_case);
	way.s.state = "submitted";
	way.s.submitted_by = me(act);
	way.s.submitted_at = AW_KNOWN(act->now_ms);
	if (aw_way_put(act, &way, err) != AW_OK)
		return err->status;
	return aw_way_event(act, &way, lead->id, "joined", NULL, NULL, err);
}
