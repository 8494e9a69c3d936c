/* city/dispatch/way - rows of the way: one report's screening, its dispatches, its events. */
#include "city/dispatch/way.h"

#include <inttypes.h>
#include <string.h>

#include "city/dispatch/ties.h"
#include "db/change.h"

struct aw_dispatch
aw_dispatch_of_row(const struct sql_dispatch_get *row)
{
	return (struct aw_dispatch){
		.id = row->id,
		.report = row->report,
		.decision = row->decision,
		.report_number = row->report_number,
		.kind = row->kind,
		.unit = row->unit,
		.role = row->role,
		.side = row->side,
		.task = row->task,
		.basis = row->basis,
		.state = row->state,
		.person = row->person,
		.dispatched_at = row->dispatched_at,
		.accepted_at = row->accepted_at,
		.accept_due_at = row->accept_due_at,
		.first_contact_due_at = row->first_contact_due_at,
		.worker = row->worker,
		.assigned_at = row->assigned_at,
		.classes = row->classes,
		.open_basis = row->open_basis,
		.open_task = row->open_task,
		.open_due_at = row->open_due_at,
	};
}

enum aw_status
aw_dispatch_get(const struct aw_act *act, int64_t id, struct aw_dispatch *ret, struct aw_error *err)
{
	struct sql_dispatch_get row;
	bool found;

	if (sql_dispatch_get(act->tx, &(struct sql_dispatch_get_in){ .id = id }, act->arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such dispatch");
	*ret = aw_dispatch_of_row(&row);
	return AW_OK;
}

enum aw_status
aw_dispatch_of_report(const struct aw_act *act, int64_t report, struct aw_dispatch **ret_list,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_dispatch_get *rows;
	struct aw_dispatch *list;
	size_t count;

	if (sql_dispatch_of_report(act->tx, &(struct sql_dispatch_of_report_in){ .report = report },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(act->arena, struct aw_dispatch, count);
	for (size_t i = 0; i < count; i++)
		list[i] = aw_dispatch_of_row(&rows[i]);
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_way_load(struct aw_act *act, int64_t report, int parts, struct aw_way *ret, struct aw_error *err)
{
	struct aw_way way = { 0 };
	bool found;

	if (aw_report_get(act, report, parts, &way.report, err) != AW_OK ||
		sql_screening_get(act->tx, &(struct sql_screening_get_in){ .report = report },
			act->arena, &way.s, &found, err) != AW_OK ||
		aw_dispatch_of_report(act, report, &way.dispatches, &way.dispatch_count, err) !=
			AW_OK)
		return err->status;
	if (!found)
		return aw_fail(
			err, AW_NOT_FOUND, "report %s is not screened yet", way.report.number);
	way.kind = aw_policy_kind(act->policy, way.report.kind);
	if (way.kind == NULL)
		return aw_fail(
			err, AW_CORRUPT, "the policy in force lacks kind %s", way.report.kind);
	way.from_state = way.s.state;
	act->object = way.report.number;
	*ret = way;
	return AW_OK;
}

enum aw_status
aw_way_put(struct aw_act *act, struct aw_way *way, struct aw_error *err)
{
	const struct sql_screening_get *s = &way->s;
	int64_t changed;

	if (sql_screening_put(act->tx,
		    &(struct sql_screening_put_in){ .report = s->report,
			    .from_state = way->from_state,
			    .state = s->state,
			    .claimed_by = s->claimed_by,
			    .submitted_by = s->submitted_by,
			    .submitted_at = s->submitted_at,
			    .urgent_at = s->urgent_at,
			    .urgent_by = s->urgent_by,
			    .review_due_at = s->review_due_at,
			    .reviewed_by = s->reviewed_by,
			    .reviewed_at = s->reviewed_at,
			    .dispatched_at = s->dispatched_at,
			    .joined_case = s->joined_case,
			    .closed_at = s->closed_at,
			    .followup_due_at = s->followup_due_at,
			    .changed_at = act->now_ms },
		    &changed, err) != AW_OK)
		return err->status;
	if (changed != 1)
		return aw_fail(err, AW_CONFLICT, "report %s was moved meanwhile: reload the page",
			way->report.number);
	way->from_state = s->state;
	return AW_OK;
}

enum aw_status
aw_way_event(struct aw_act *act, const struct aw_way *way, int64_t dispatch, const char *kind,
	const char *code, const char *note, struct aw_error *err)
{
	struct sql_dispatch_event_insert_in in = {
		.id = aw_act_id(act),
		.report = way->report.id,
		.dispatch = { .v = dispatch, .known = dispatch != 0 },
		.kind = kind,
		.at = act->now_ms,
		.account = { .v = act->viewer->account, .known = act->viewer->account != 0 },
		.unit = act->viewer->unit,
		.code = code,
	};

	if (note != NULL && note[0] != '\0') {
		AW_SCOPE(aw_key) key = { 0 };
		if (strlen(note) > AW_DISPATCH_NOTE_LIMIT)
			return aw_fail(err, AW_INVALID, "the note is longer than %d bytes",
				AW_DISPATCH_NOTE_LIMIT);
		if (aw_key_get(act->tx, act->keyring, way->report.key, &key, err) != AW_OK)
			return aw_wrap(err, "key of report %s", way->report.number);
		in.key = AW_KNOWN(key.id);
		in.sealed = aw_seal(act->arena, act->keyring, &key,
			(struct aw_place){ "dispatch_event", "sealed", in.id, 1 }, aw_str(note));
	}
	if (sql_dispatch_event_insert(act->tx, &in, err) != AW_OK)
		return err->status;
	return aw_change_note(act->tx, AW_REPORT_CHANGE, way->report.id, err);
}

enum aw_status
aw_way_note(const struct aw_act *act, int64_t event, int64_t key_id, struct aw_bytes sealed,
	const char **ret_note, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_str text;
	enum aw_status status = AW_NOT_FOUND; /* no note, or one that was erased */

	if (sealed.at != NULL)
		status = aw_key_get(act->tx, act->keyring, key_id, &key, err);
	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		*ret_note = NULL;
		return AW_OK;
	}
	if (status != AW_OK || aw_unseal(act->arena, act->keyring, &key,
				       (struct aw_place){ "dispatch_event", "sealed", event, 1 },
				       sealed, &text, err) != AW_OK)
		return err->status;
	*ret_note = text.at;
	return AW_OK;
}

enum aw_status
aw_way_of_dispatch(struct aw_act *act, int64_t dispatch, int parts, struct aw_way *ret_way,
	struct aw_dispatch **ret_dispatch, struct aw_error *err)
{
	struct aw_dispatch d;

	if (aw_dispatch_get(act, dispatch, &d, err) != AW_OK ||
		aw_way_load(act, d.report, parts, ret_way, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < ret_way->dispatch_count; i++) {
		if (ret_way->dispatches[i].id == dispatch) {
			*ret_dispatch = &ret_way->dispatches[i];
			return AW_OK;
		}
	}
	return aw_fail(err, AW_INTERNAL, "a dispatch is not among those of its report");
}

enum aw_status
aw_way_put_dispatch(struct aw_act *act, const struct aw_dispatch *d, const char *from_state,
	struct aw_error *err)
{
	int64_t changed;

	if (sql_dispatch_put(act->tx,
		    &(struct sql_dispatch_put_in){ .id = d->id,
			    .from_state = from_state,
			    .state = d->state,
			    .first_contact_due_at = d->first_contact_due_at,
			    .accept_due_at = d->accept_due_at,
			    .dispatched_at = d->dispatched_at,
			    .accepted_at = d->accepted_at,
			    .worker = d->worker,
			    .assigned_at = d->assigned_at },
		    &changed, err) != AW_OK)
		return err->status;
	if (changed != 1)
		return aw_fail(
			err, AW_CONFLICT, "this dispatch was answered meanwhile: reload the page");
	return AW_OK;
}

struct aw_dispatch *
aw_way_lead(const struct aw_way *way)
{
	for (size_t i = 0; i < way->dispatch_count; i++) {
		struct aw_dispatch *d = &way->dispatches[i];
		if (strcmp(d->role, "lead") == 0 && strcmp(d->state, "withdrawn") != 0)
			return d;
	}
	return NULL;
}

struct aw_dispatch *
aw_way_proposed(const struct aw_way *way, const char *unit)
{
	for (size_t i = 0; i < way->dispatch_count; i++) {
		struct aw_dispatch *d = &way->dispatches[i];
		if (strcmp(d->unit, unit) == 0 && strcmp(d->state, "proposed") == 0)
			return d;
	}
	return NULL;
}

bool
aw_dispatch_same_unit(const struct aw_policy *policy, const char *a, const char *b)
{
	const struct aw_unit *unit;
	int depth = 0;

	if (a == NULL || b == NULL)
		return false;
	for (unit = aw_policy_unit(policy, a); unit != NULL && depth < 8; depth++) {
		if (strcmp(unit->code, b) == 0)
			return true;
		unit = unit->parent == NULL ? NULL : aw_policy_unit(policy, unit->parent);
	}
	for (unit = aw_policy_unit(policy, b), depth = 0; unit != NULL && depth < 8; depth++) {
		if (strcmp(unit->code, a) == 0)
			return true;
		unit = unit->parent == NULL ? NULL : aw_policy_unit(policy, unit->parent);
	}
	return false;
}

void
aw_way_proposal_by_type(const struct aw_act *act, struct aw_proposal *proposal)
{
	proposal->classes = aw_policy_told_classes(act->policy, NULL, proposal->unit);
	if (proposal->classes != 0)
		return;
	proposal->open_basis = proposal->basis;
	proposal->open_task = proposal->task;
	proposal->open_due_at = proposal->first_contact_due_at;
}

/* The unit is asked already: if for reasons that are not told to everybody, it may now be told for this one. */
static enum aw_status
ask_again(struct aw_act *act, struct aw_dispatch *d, const struct aw_proposal *p,
	struct aw_error *err)
{
	if (p->open_basis == NULL || d->open_basis != NULL || !d->classes.known ||
		d->classes.v == 0)
		return AW_OK;
	d->open_basis = p->open_basis;
	d->open_task = p->open_task;
	d->open_due_at = p->open_due_at;
	return sql_dispatch_open(act->tx,
		&(struct sql_dispatch_open_in){ .id = d->id,
			.open_basis = d->open_basis,
			.open_task = d->open_task == NULL ? "" : d->open_task,
			.open_due_at = d->open_due_at },
		err);
}

enum aw_status
aw_way_propose(
	struct aw_act *act, struct aw_way *way, const struct aw_proposal *p, struct aw_error *err)
{
	for (size_t i = 0; i < way->dispatch_count; i++) {
		struct aw_dispatch *d = &way->dispatches[i];
		if (strcmp(d->unit, p->unit) == 0 && strcmp(d->side, p->side) == 0 &&
			strcmp(d->state, "withdrawn") != 0)
			return ask_again(act, d, p, err);
	}
	if (sql_dispatch_insert(act->tx,
		    &(struct sql_dispatch_insert_in){ .id = aw_act_id(act),
			    .report = way->report.id,
			    .decision = p->decision,
			    .unit = p->unit,
			    .role = p->role,
			    .person = p->person,
			    .side = p->side,
			    .task = p->task,
			    .basis = p->basis,
			    .state = "proposed",
			    .first_contact_due_at = p->first_contact_due_at,
			    .classes = p->classes,
			    .open_basis = p->open_basis,
			    .open_task = p->open_task,
			    .open_due_at = p->open_due_at,
			    .recorded_at = act->now_ms,
			    .recorded_by = { .v = act->viewer->account,
				    .known = act->viewer->account != 0 } },
		    err) != AW_OK)
		return err->status;
	return aw_dispatch_of_report(
		act, way->report.id, &way->dispatches, &way->dispatch_count, err);
}

/* Ends the matter for a report: nothing waits for anybody any more. */
static bool
every_dispatch(const struct aw_dispatch *list, size_t count, const char *const *states)
{
	for (size_t i = 0; i < count; i++) {
		bool among = false;
		for (const char *const *state = states; *state != NULL; state++)
			among = among || strcmp(list[i].state, *state) == 0;
		if (!among)
			return false;
	}
	return true;
}

const char *
aw_way_state(const char *state, const struct aw_dispatch *list, size_t count)
{
	static const char *const over[] = { "finished", "withdrawn", NULL };
	static const char *const answered[] = { "accepted", "assigned", "finished", "withdrawn",
		NULL };

	if (strcmp(state, "sent") != 0 && strcmp(state, "done") != 0)
		return state;
	if (every_dispatch(list, count, over))
		return "closed";
	return every_dispatch(list, count, answered) ? "done" : "sent";
}

enum aw_status
aw_way_settle(struct aw_act *act, struct aw_way *way, struct aw_error *err)
{
	const char *state = way->s.state;

	if (way->s.urgent_at.known && !way->s.reviewed_at.known)
		return AW_OK; /* 補複核 is still owed */
	way->s.state = aw_way_state(state, way->dispatches, way->dispatch_count);
	if (strcmp(way->s.state, state) == 0)
		return AW_OK;
	if (strcmp(way->s.state, "closed") == 0) {
		way->s.closed_at = AW_KNOWN(act->now_ms);
		if (aw_report_state_set(act, way->report.id, "closed", err) != AW_OK)
			return err->status;
	}
	return aw_way_put(act, way, err);
}

enum aw_status
aw_way_send(struct aw_act *act, struct aw_way *way, struct aw_dispatch *d, struct aw_error *err)
{
	const struct aw_deadline *accept = aw_policy_clock(
		act->policy, "accept", way->report.kind, NULL, aw_taipei_day(act->now_ms));
	const char *from_state = d->state;

	d->state = d->worker.known ? "assigned" : "dispatched"; /* joined to an open case */
	d->dispatched_at = AW_KNOWN(act->now_ms);
	if (d->worker.known) {
		d->accepted_at = AW_KNOWN(act->now_ms);
		d->assigned_at = AW_KNOWN(act->now_ms);
	}
	if (accept != NULL)
		d->accept_due_at = AW_KNOWN(aw_policy_due(act->policy, accept, act->now_ms));
	if (!way->s.dispatched_at.known)
		way->s.dispatched_at = AW_KNOWN(act->now_ms);
	if (aw_way_put_dispatch(act, d, from_state, err) != AW_OK ||
		aw_ties_of_dispatch(act, way, d, err) != AW_OK)
		return err->status;
	return aw_way_event(act, way, d->id, "dispatched", NULL, NULL, err);
}

/* -- who has to do with it ------------------------------------------------------------------ */

/* A part that is over gives nothing any more, but for what came of it. */
static enum aw_status
has_part(
	const struct aw_act *act, const struct aw_dispatch *d, bool *ret_part, struct aw_error *err)
{
	struct sql_dispatch_goes_on row;
	bool found;

	*ret_part = strcmp(d->state, "proposed") != 0 && strcmp(d->state, "withdrawn") != 0;
	if (strcmp(d->state, "finished") != 0)
		return AW_OK;
	if (sql_dispatch_goes_on(act->tx, &(struct sql_dispatch_goes_on_in){ .dispatch = d->id },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	*ret_part = found && row.n > 0;
	return AW_OK;
}

enum aw_status
aw_way_ties(const struct aw_act *act, const struct aw_dispatch *dispatches, size_t count,
	const struct sql_screening_get *s, struct aw_tie_seen **ret_ties, size_t *ret_count,
	struct aw_error *err)
{
	const struct aw_policy *policy = act->policy;
	bool over = strcmp(s->state, "done") == 0 || strcmp(s->state, "closed") == 0;
	bool owed = s->urgent_at.known && !s->reviewed_at.known, disputed = false, part;
	struct aw_tie_seen *ties = NULL;
	size_t made = 0, room = 0;

	for (size_t i = 0; i < count; i++) {
		const struct aw_dispatch *d = &dispatches[i];

		disputed |= strcmp(d->state, "disputed") == 0;
		if (has_part(act, d, &part, err) != AW_OK)
			return err->status;
		if (part)
			*AW_PUSH(act->arena, ties, made, room) =
				(struct aw_tie_seen){ .unit = d->unit,
					.account = d->worker.known ? d->worker.v : 0,
					.side = d->side,
					.kind = d->role };
	}
	for (size_t i = 0; i < policy->unit_count; i++) {
		const struct aw_unit *unit = &policy->units[i];

		if ((unit->screens && (!over || owed)) || (unit->settles && disputed))
			*AW_PUSH(act->arena, ties, made, room) = (struct aw_tie_seen){
				.unit = unit->code, .side = "neutral", .kind = "screening"
			};
	}
	*ret_ties = ties;
	*ret_count = made;
	return AW_OK;
}
