/* city/dispatch/answer - the receiving unit's half of the way: accept, return, dispute, assign. */
#include <string.h>

#include "city/dispatch/ties.h"
#include "city/person/person.h"
#include "db/change.h"
#include "guard/relation.h"

static enum aw_status
wants_state(const struct aw_dispatch *d, const char *state, struct aw_error *err)
{
	if (strcmp(d->state, state) == 0)
		return AW_OK;
	return aw_fail(
		err, AW_CONFLICT, "this dispatch is %s, not %s: reload the page", d->state, state);
}

/* Only people of the unit answer for it: of this unit, or of the one above it. */
static enum aw_status
of_unit(const struct aw_act *act, const struct aw_dispatch *d, struct aw_error *err)
{
	if (aw_dispatch_same_unit(act->policy, act->viewer->unit, d->unit))
		return AW_OK;
	return aw_fail(err, AW_DENIED, "only the unit that was asked can answer");
}

enum aw_status
aw_dispatch_accept(struct aw_act *act, int64_t dispatch, struct aw_error *err)
{
	struct aw_dispatch *d;
	struct aw_way way;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK ||
		wants_state(d, "dispatched", err) != AW_OK || of_unit(act, d, err) != AW_OK)
		return err->status;
	d->state = "accepted";
	d->accepted_at = AW_KNOWN(act->now_ms);
	if (aw_way_put_dispatch(act, d, "dispatched", err) != AW_OK ||
		aw_way_event(act, &way, d->id, "accepted", NULL, NULL, err) != AW_OK)
		return err->status;
	return aw_way_settle(act, &way, err);
}

static enum aw_status
check_return(const struct aw_act *act, const struct aw_way *way, const struct aw_dispatch *d,
	const char *code, const char *note, struct aw_error *err)
{
	const struct aw_reason_code *reason =
		code == NULL ? NULL : aw_policy_reason(act->policy, AW_REASONS_RETURN, code);

	if (reason == NULL)
		return aw_fail(err, AW_INVALID, "choose a reason for returning the case");
	if (!aw_reason_allowed(reason, way->kind, strcmp(d->role, "lead") == 0))
		return aw_fail(
			err, AW_INVALID, "a case of this kind cannot be returned for this reason");
	if (reason->needs_note && (note == NULL || note[0] == '\0'))
		return aw_fail(err, AW_INVALID, "say more about the reason");
	return AW_OK;
}

/* A case that was settled stays where it was put. */
static enum aw_status
was_settled(const struct aw_act *act, const struct aw_dispatch *d, bool *ret_settled,
	struct aw_error *err)
{
	struct sql_dispatch_event_last last;

	return sql_dispatch_event_last(act->tx,
		&(struct sql_dispatch_event_last_in){ .dispatch = d->id, .kind = "settled" },
		act->arena, &last, ret_settled, err);
}

enum aw_status
aw_dispatch_return(struct aw_act *act, int64_t dispatch, const char *code, const char *note,
	struct aw_error *err)
{
	struct aw_dispatch *d;
	struct aw_way way;
	bool settled;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK ||
		wants_state(d, "dispatched", err) != AW_OK || of_unit(act, d, err) != AW_OK ||
		check_return(act, &way, d, code, note, err) != AW_OK ||
		was_settled(act, d, &settled, err) != AW_OK)
		return err->status;
	if (settled)
		return aw_fail(
			err, AW_CONFLICT, "the case was settled: it cannot be returned again");
	/* the unit keeps its ties: it stays responsible until the case is redirected or settled */
	d->state = "returned";
	if (aw_way_put_dispatch(act, d, "dispatched", err) != AW_OK ||
		aw_way_event(act, &way, d->id, "returned", code, note, err) != AW_OK ||
		aw_ties_of_report(act, &way, err) !=
			AW_OK) /* the screener needs to read it again */
		return err->status;
	return aw_way_settle(act, &way, err);
}

enum aw_status
aw_dispatch_assign(struct aw_act *act, int64_t dispatch, int64_t worker, struct aw_error *err)
{
	const char *from_state;
	struct aw_dispatch *d;
	struct aw_way way;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK ||
		of_unit(act, d, err) != AW_OK)
		return err->status;
	if (strcmp(d->state, "accepted") != 0 && strcmp(d->state, "assigned") != 0)
		return aw_fail(err, AW_CONFLICT, "accept the case before assigning it");
	from_state = d->state;
	d->state = "assigned";
	d->worker = AW_KNOWN(worker);
	d->assigned_at = AW_KNOWN(act->now_ms);
	if (aw_way_put_dispatch(act, d, from_state, err) != AW_OK ||
		aw_relation_assign(act, d->id, worker, err) != AW_OK ||
		aw_involvement_assign(act, d->id, d->unit, worker, err) != AW_OK)
		return err->status;
	return aw_way_event(act, &way, d->id, "assigned", NULL, NULL, err);
}

enum aw_status
aw_dispatch_acknowledge(struct aw_act *act, int64_t dispatch, struct aw_error *err)
{
	struct aw_dispatch *d;
	struct aw_way way;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK ||
		wants_state(d, "assigned", err) != AW_OK)
		return err->status;
	if (!d->worker.known || d->worker.v != act->viewer->account)
		return aw_fail(err, AW_DENIED, "only the worker it was assigned to can confirm it");
	return aw_way_event(act, &way, d->id, "acknowledged", NULL, NULL, err);
}

/* -- returned and disputed ------------------------------------------------------------------ */

/* The same part for another unit: its reasons go with it, and what the other unit's name says besides. */
static struct aw_proposal
passed_on(
	const struct aw_act *act, const struct aw_dispatch *d, const char *unit, const char *basis)
{
	struct aw_proposal proposal = { .unit = unit,
		.role = d->role,
		.side = d->side,
		.task = d->task,
		.basis = basis,
		.person = d->person,
		.first_contact_due_at = d->first_contact_due_at,
		.decision = d->decision };

	aw_way_proposal_by_type(act, &proposal);
	if (d->classes.known)
		proposal.classes |= (uint32_t)d->classes.v;
	if (proposal.open_basis != NULL && d->classes.known && d->classes.v != 0) {
		proposal.open_basis = d->open_basis == NULL ? NULL : basis;
		proposal.open_task = d->open_task;
		proposal.open_due_at = d->open_due_at;
	}
	return proposal;
}

enum aw_status
aw_dispatch_redirect(struct aw_act *act, int64_t dispatch, const char *unit, const char *reason,
	const char *note, struct aw_error *err)
{
	struct aw_dispatch *d;
	struct aw_way way;
	struct aw_proposal proposal;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK ||
		wants_state(d, "returned", err) != AW_OK)
		return err->status;
	if (unit == NULL || aw_policy_unit(act->policy, unit) == NULL)
		return aw_fail(err, AW_INVALID, "choose a unit");
	if (strcmp(unit, d->unit) == 0)
		return aw_fail(err, AW_CONFLICT, "that unit returned it: open a dispute instead");
	if (reason == NULL || aw_policy_reason(act->policy, AW_REASONS_EDIT, reason) == NULL)
		return aw_fail(err, AW_INVALID, "say why: choose a reason for the change");
	proposal = passed_on(act, d, unit, "edited");
	d->state = "withdrawn";
	if (aw_way_put_dispatch(act, d, "returned", err) != AW_OK ||
		aw_ties_end(act, d, err) != AW_OK ||
		aw_way_event(act, &way, d->id, "redirected", reason, note, err) != AW_OK ||
		aw_way_propose(act, &way, &proposal, err) != AW_OK)
		return err->status;
	way.s.state = "submitted";
	way.s.submitted_by =
		(struct aw_maybe){ .v = act->viewer->account, .known = act->viewer->account != 0 };
	way.s.submitted_at = AW_KNOWN(act->now_ms);
	return aw_way_put(act, &way, err);
}

enum aw_status
aw_dispatch_dispute(struct aw_act *act, int64_t dispatch, const char *note, struct aw_error *err)
{
	struct aw_dispatch *d;
	struct aw_way way;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK ||
		wants_state(d, "returned", err) != AW_OK)
		return err->status;
	if (note == NULL || note[0] == '\0')
		return aw_fail(err, AW_INVALID, "say why the unit is the right one");
	d->state = "disputed";
	if (aw_way_put_dispatch(act, d, "returned", err) != AW_OK)
		return err->status;
	return aw_way_event(act, &way, d->id, "disputed", NULL, note, err);
}

/* Decided above the units, by somebody who had no part in it. */
static enum aw_status
may_settle(const struct aw_act *act, const struct aw_way *way, struct aw_error *err)
{
	const struct aw_unit *own =
		act->viewer->unit == NULL ? NULL : aw_policy_unit(act->policy, act->viewer->unit);
	struct sql_dispatch_event_by by;
	bool found;

	if (own == NULL || !own->settles)
		return aw_fail(err, AW_DENIED, "disputes are settled above the units");
	if (sql_dispatch_event_by(act->tx,
		    &(struct sql_dispatch_event_by_in){
			    .report = way->report.id, .account = act->viewer->account },
		    act->arena, &by, &found, err) != AW_OK)
		return err->status;
	if (found && by.acted != 0)
		return aw_fail(err, AW_DENIED, "whoever had a part in it cannot settle it");
	return AW_OK;
}

enum aw_status
aw_dispatch_settle(struct aw_act *act, int64_t dispatch, const char *unit, const char *note,
	struct aw_error *err)
{
	struct aw_dispatch *d, *added;
	struct aw_proposal proposal;
	struct aw_way way;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK ||
		wants_state(d, "disputed", err) != AW_OK || may_settle(act, &way, err) != AW_OK)
		return err->status;
	if (unit == NULL || aw_policy_unit(act->policy, unit) == NULL)
		return aw_fail(err, AW_INVALID, "choose the unit that takes the case");
	proposal = passed_on(act, d, unit, "settled");
	if (strcmp(unit, d->unit) == 0) {
		d->state = "dispatched";
		if (aw_way_put_dispatch(act, d, "disputed", err) != AW_OK)
			return err->status;
		return aw_way_event(act, &way, d->id, "settled", NULL, note, err);
	}
	d->state = "withdrawn";
	if (aw_way_put_dispatch(act, d, "disputed", err) != AW_OK ||
		aw_ties_end(act, d, err) != AW_OK ||
		aw_way_propose(act, &way, &proposal, err) != AW_OK)
		return err->status;
	added = aw_way_proposed(&way, unit);
	if (added == NULL)
		return aw_fail(err, AW_CONFLICT, "that unit is asked already");
	if (aw_way_send(act, &way, added, err) != AW_OK ||
		aw_way_event(act, &way, added->id, "settled", NULL, note, err) != AW_OK)
		return err->status;
	return aw_way_settle(act, &way, err);
}

/* -- told by family ------------------------------------------------------------------------- */

enum aw_status
aw_dispatch_contacted(struct aw_act *act, int64_t dispatch, int64_t at, struct aw_error *err)
{
	struct sql_dispatch_event_last last;
	struct aw_dispatch *d;
	struct aw_way way;
	bool found;

	if (sql_dispatch_event_last(act->tx,
		    &(struct sql_dispatch_event_last_in){
			    .dispatch = dispatch, .kind = "contacted" },
		    act->arena, &last, &found, err) != AW_OK)
		return err->status;
	if (found)
		return AW_OK;
	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK)
		return err->status;
	if (sql_dispatch_event_insert(act->tx,
		    &(struct sql_dispatch_event_insert_in){ .id = aw_act_id(act),
			    .report = way.report.id,
			    .dispatch = AW_KNOWN(d->id),
			    .kind = "contacted",
			    .at = at, /* when it happened, not when it was written down */
			    .account = { .v = act->viewer->account,
				    .known = act->viewer->account != 0 },
			    .unit = act->viewer->unit },
		    err) != AW_OK)
		return err->status;
	return aw_change_note(act->tx, AW_REPORT_CHANGE, way.report.id, err);
}

enum aw_status
aw_dispatch_finish(struct aw_act *act, int64_t dispatch, struct aw_error *err)
{
	const char *from_state;
	struct aw_dispatch *d;
	struct aw_way way;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK)
		return err->status;
	if (strcmp(d->state, "finished") == 0)
		return AW_OK;
	if (strcmp(d->state, "accepted") != 0 && strcmp(d->state, "assigned") != 0)
		return aw_fail(err, AW_CONFLICT, "only an accepted case can be finished");
	from_state = d->state;
	d->state = "finished";
	if (aw_way_put_dispatch(act, d, from_state, err) != AW_OK ||
		aw_ties_end(act, d, err) != AW_OK ||
		aw_way_event(act, &way, d->id, "finished", NULL, NULL, err) != AW_OK)
		return err->status;
	return aw_way_settle(act, &way, err);
}
