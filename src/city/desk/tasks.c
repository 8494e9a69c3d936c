/* city/desk/tasks - one list of everything that waits for one person. */
#include "city/desk/tasks.h"

#include <stdlib.h>
#include <string.h>

#include "city/dispatch/card.h"
#include "guard/access.h"

enum { GOAL_DAYS = 14, REFUSAL_DAYS = 90 };

static struct aw_task *
add(struct aw_call *call, struct aw_tasks *tasks, const char *act, const char *group,
	const char *number)
{
	struct aw_task *task = AW_PUSH(call->act.arena, tasks->at, tasks->count, tasks->room);

	task->act = act;
	task->group = group;
	task->number = number;
	return task;
}

/* A clock whose limit the policy sets for a kind and level. */
static struct aw_clock_face
policy_face(const struct aw_call *call, const char *clock, const char *kind, const char *level,
	struct aw_maybe start)
{
	const struct aw_deadline *deadline = aw_policy_clock(
		call->act.policy, clock, kind, level, aw_taipei_day(call->act.now_ms));
	struct aw_clock_face face = { .code = clock, .started_at = start };

	if (deadline != NULL && start.known) {
		face.due_at = AW_KNOWN(aw_policy_due(call->act.policy, deadline, start.v));
		face.unverified = deadline->valid.unverified;
	}
	return face;
}

/* -- from the board ------------------------------------------------------------------------- */

static bool
is_me(const struct aw_call *call, struct aw_maybe account)
{
	return account.known && account.v == call->act.viewer->account;
}

/* What a card asks of this viewer, NULL for nothing. */
static const char *
asked_of(struct aw_call *call, const struct aw_card *card)
{
	const struct aw_policy *policy = call->act.policy;
	const struct aw_viewer *viewer = call->act.viewer;
	bool proposes = aw_access_may_do(policy, viewer, "dispatch.screen");
	const struct aw_unit *own =
		viewer->unit == NULL ? NULL : aw_policy_unit(policy, viewer->unit);

	switch (card->column) {
	case AW_COLUMN_WAITING:
		return proposes && (!card->row.claimed_by.known ||
					   is_me(call, card->row.claimed_by))
			       ? "screen"
			       : NULL;
	case AW_COLUMN_REVIEW:
		return aw_access_may_do(policy, viewer, "dispatch.review") &&
				       !is_me(call, card->row.submitted_by)
			       ? "review"
			       : NULL;
	case AW_COLUMN_RETURNED:
		for (size_t i = 0; i < card->dispatch_count; i++) {
			if (strcmp(card->dispatches[i].state, "disputed") == 0)
				return own != NULL && own->settles ? "settle" : NULL;
		}
		return proposes ? "redirect" : NULL;
	case AW_COLUMN_ACCEPT:
	case AW_COLUMN_ACCEPTED:
	case AW_COLUMN_COUNT:
	default:
		return NULL;
	}
}

static void
add_unit_tasks(struct aw_call *call, const struct aw_card *card, struct aw_tasks *tasks)
{
	const struct aw_policy *policy = call->act.policy;
	const struct aw_viewer *viewer = call->act.viewer;

	for (size_t i = 0; i < card->dispatch_count; i++) {
		const struct aw_dispatch *d = &card->dispatches[i];
		bool accept = strcmp(d->state, "dispatched") == 0 &&
			      aw_access_may_do(policy, viewer, "dispatch.accept");
		bool assign = strcmp(d->state, "accepted") == 0 &&
			      aw_access_may_do(policy, viewer, "dispatch.assign");
		struct aw_task *task;
		if (!aw_dispatch_same_unit(policy, viewer->unit, d->unit) || (!accept && !assign))
			continue;
		task = add(call, tasks, accept ? "accept" : "assign", "answer", card->row.number);
		task->title = aw_call_label(call, "kind", card->row.kind);
		task->path =
			aw_arena_printf(call->act.arena, "/reports/%s#units", card->row.number);
		task->clock = accept ? aw_clock_accept(policy, d) : aw_clock_assign(policy, d);
		task->why = aw_call_label(call, "unit_short", d->unit);
	}
}

static enum aw_status
add_cards(struct aw_call *call, struct aw_tasks *tasks, struct aw_error *err)
{
	int64_t midnight = aw_taipei_day_start_ms(aw_taipei_day(call->act.now_ms));
	struct aw_card *cards;
	size_t count;

	if (aw_cards_load(call, midnight, &cards, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		const char *act = asked_of(call, &cards[i]);
		struct aw_task *task;
		add_unit_tasks(call, &cards[i], tasks);
		if (act == NULL)
			continue;
		task = add(call, tasks, act, "decide", cards[i].row.number);
		task->title = aw_call_label(call, "kind", cards[i].row.kind);
		task->path = aw_arena_printf(call->act.arena, "/reports/%s", cards[i].row.number);
		task->why = aw_call_label(call, "district", cards[i].row.district);
		task->clock = cards[i].clock;
		if (cards[i].level != NULL && !cards[i].kind->sealed_in_lists) {
			task->kind = cards[i].level->scale;
			task->level = cards[i].level->level;
		}
	}
	return AW_OK;
}

/* -- a worker's own ------------------------------------------------------------------------- */

static enum aw_status
add_assigned(struct aw_call *call, struct aw_tasks *tasks, struct aw_error *err)
{
	struct sql_desk_assigned *rows;
	size_t count;

	if (sql_desk_assigned(call->act.tx,
		    &(struct sql_desk_assigned_in){ .worker = call->act.viewer->account },
		    call->act.arena, &rows, &count, err) != AW_OK)
		return err->status;
	tasks->assigned = rows;
	tasks->assigned_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct sql_desk_assigned *row = &rows[i];
		bool lead = strcmp(row->role, "lead") == 0;
		const char *act = !row->contacted_at.known ? "contact"
				  : !lead		   ? "finish"
				  : row->assessed == 0	   ? "assess"
							   : "decide";
		struct aw_task *task = add(call, tasks, act,
			row->contacted_at.known ? "decide" : "contact", row->number);
		task->title = aw_call_label(call, "kind", row->kind);
		task->why = row->task[0] == '\0' ? NULL : row->task;
		task->path = aw_arena_printf(
			call->act.arena, "/reports/%s/units/%s/work", row->number, row->unit);
		task->clock = (struct aw_clock_face){ .code = "first_contact",
			.started_at = AW_KNOWN(row->received_at),
			.due_at = row->first_contact_due_at,
			.stopped_at = row->contacted_at };
		if (row->contacted_at.known) {
			task->clock = policy_face(
				call, "assessment", row->kind, NULL, AW_KNOWN(row->received_at));
		}
	}
	return AW_OK;
}

static void
family_task(struct aw_call *call, struct aw_task *task, const char *family, const char *kind,
	int64_t subject, const char *level)
{
	const struct aw_kind *of = aw_policy_kind(call->act.policy, kind);

	task->title = aw_call_label(call, "kind_short", kind);
	task->subject = subject;
	task->path = aw_arena_printf(call->act.arena, "/families/%s", family);
	task->kind = of == NULL ? NULL : of->scale;
	task->level = level;
}

static enum aw_status
add_visits(struct aw_call *call, struct aw_tasks *tasks, struct aw_error *err)
{
	struct sql_desk_cases *rows;
	size_t count;

	if (sql_desk_cases(call->act.tx,
		    &(struct sql_desk_cases_in){ .worker = call->act.viewer->account },
		    call->act.arena, &rows, &count, err) != AW_OK)
		return err->status;
	tasks->case_count = count;
	for (size_t i = 0; i < count; i++) {
		int64_t since = rows[i].last_contact_at.known ? rows[i].last_contact_at.v
							      : rows[i].opened_at;
		struct aw_clock_face face = policy_face(
			call, "next_contact", rows[i].kind, rows[i].level, AW_KNOWN(since));
		struct aw_task *task;
		if (!face.due_at.known || face.due_at.v - call->act.now_ms > 7 * AW_DAY_MS)
			continue;
		task = add(call, tasks, "visit", "contact", rows[i].family_number);
		family_task(call, task, rows[i].family_number, rows[i].kind, rows[i].subject,
			rows[i].level);
		task->clock = face;
	}
	return AW_OK;
}

static enum aw_status
add_goals(struct aw_call *call, struct aw_tasks *tasks, struct aw_error *err)
{
	struct sql_desk_goals *rows;
	size_t count;

	if (sql_desk_goals(call->act.tx,
		    &(struct sql_desk_goals_in){ .worker = call->act.viewer->account,
			    .until_day = aw_taipei_day(call->act.now_ms) + GOAL_DAYS },
		    call->act.arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_task *task = add(call, tasks, "goal", "contact", rows[i].family_number);
		int64_t due = aw_taipei_day_start_ms(rows[i].due_day + 1) - AW_SECOND_MS;
		family_task(call, task, rows[i].family_number, rows[i].kind, rows[i].subject,
			rows[i].level);
		task->clock = (struct aw_clock_face){ .code = "goal",
			.started_at = AW_KNOWN(due - 30 * AW_DAY_MS),
			.due_at = AW_KNOWN(due) };
	}
	return AW_OK;
}

/* -- a supervisor's ------------------------------------------------------------------------- */

static enum aw_status
add_approvals(struct aw_call *call, struct aw_tasks *tasks, struct aw_error *err)
{
	const struct aw_viewer *viewer = call->act.viewer;
	struct sql_desk_closings *closings;
	struct sql_desk_refusals *refusals;
	size_t closing_count, refusal_count;

	if (viewer->unit == NULL || !aw_access_may_do(call->act.policy, viewer, "family.approve"))
		return AW_OK;
	if (sql_desk_closings(call->act.tx, &(struct sql_desk_closings_in){ .unit = viewer->unit },
		    call->act.arena, &closings, &closing_count, err) != AW_OK ||
		sql_desk_refusals(call->act.tx,
			&(struct sql_desk_refusals_in){ .unit = viewer->unit,
				.since = call->act.now_ms - REFUSAL_DAYS * AW_DAY_MS },
			call->act.arena, &refusals, &refusal_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < closing_count; i++) {
		struct aw_task *task;
		if (is_me(call, closings[i].close_asked_by))
			continue;
		task = add(call, tasks, "approve_close", "answer", closings[i].number);
		family_task(call, task, closings[i].family_number, closings[i].kind,
			closings[i].subject, closings[i].level);
		task->why = closings[i].name;
		task->clock = policy_face(
			call, "close_approval", closings[i].kind, NULL, closings[i].close_asked_at);
	}
	for (size_t i = 0; i < refusal_count; i++) {
		struct aw_task *task;
		if (refusals[i].decided_by == viewer->account)
			continue;
		task = add(call, tasks, "approve_refusal", "answer", refusals[i].number);
		task->title = aw_call_label(call, "kind", refusals[i].kind);
		task->why = aw_call_label(call, "open", refusals[i].reason);
		task->path = aw_arena_printf(call->act.arena, "/reports/%s/units/%s/work",
			refusals[i].number, refusals[i].unit);
		task->clock = policy_face(call, "open_approval", refusals[i].kind, NULL,
			AW_KNOWN(refusals[i].decided_at));
	}
	return AW_OK;
}

static int64_t
due_of(const struct aw_task *task)
{
	return task->clock.due_at.known && !task->clock.stopped_at.known ? task->clock.due_at.v
									 : INT64_MAX;
}

static int
by_due(const void *a, const void *b)
{
	const struct aw_task *left = a, *right = b;
	int64_t x = due_of(left), y = due_of(right);

	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(left->number, right->number);
}

enum aw_status
aw_tasks_load(struct aw_call *call, struct aw_tasks *ret_tasks, struct aw_error *err)
{
	struct aw_tasks tasks = { 0 };

	if (add_cards(call, &tasks, err) != AW_OK || add_assigned(call, &tasks, err) != AW_OK ||
		add_visits(call, &tasks, err) != AW_OK || add_goals(call, &tasks, err) != AW_OK ||
		add_approvals(call, &tasks, err) != AW_OK)
		return err->status;
	if (tasks.count != 0)
		qsort(tasks.at, tasks.count, sizeof(*tasks.at), by_due);
	*ret_tasks = tasks;
	return AW_OK;
}
