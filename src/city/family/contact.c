/* city/family/contact - assessments, contacts and goals: what a worker writes about a person. */
#include <string.h>

#include "city/dispatch/dispatch.h"
#include "city/family/cell.h"
#include "guard/access.h"

static bool
one_of(const char *text, const char *const *words)
{
	for (; text != NULL && *words != NULL; words++) {
		if (strcmp(text, *words) == 0)
			return true;
	}
	return false;
}

static enum aw_status
check_contact(const struct aw_act *act, const struct aw_contact_in *in, struct aw_error *err)
{
	static const char *const forms[] = { "phone", "home", "joint", "office", "video", NULL };
	static const char *const outcomes[] = { "met", "not_home", "refused_now",
		"whereabouts_unknown", NULL };

	if (!one_of(in->form, forms))
		return aw_fail(err, AW_INVALID, "choose how the contact was made");
	if (!one_of(in->outcome, outcomes))
		return aw_fail(err, AW_INVALID, "choose how the contact went");
	if (in->at > act->now_ms)
		return aw_fail(err, AW_INVALID, "the contact lies in the future");
	if (in->service_case == 0 && in->dispatch == 0)
		return aw_fail(err, AW_INVALID, "a contact belongs to a case or a dispatch");
	return AW_OK;
}

/* The unit that the contact is made for, and the dispatch whose first-contact clock it may stop. */
static enum aw_status
contact_place(struct aw_act *act, const struct aw_contact_in *in, const char **ret_unit,
	int64_t *ret_dispatch, struct aw_error *err)
{
	struct sql_case_dispatch began;
	struct aw_service_case found_case;
	struct aw_dispatch d;
	bool found;

	*ret_dispatch = in->dispatch;
	if (in->service_case == 0) {
		if (aw_dispatch_get(act, in->dispatch, &d, err) != AW_OK)
			return err->status;
		*ret_unit = d.unit;
		return AW_OK;
	}
	if (aw_service_case_get(act, in->service_case, &found_case, err) != AW_OK ||
		sql_case_dispatch(act->tx,
			&(struct sql_case_dispatch_in){ .service_case = in->service_case },
			act->arena, &began, &found, err) != AW_OK)
		return err->status;
	if (found_case.closed_at.known)
		return aw_fail(
			err, AW_CONFLICT, "case %s is closed: reopen it first", found_case.number);
	if (found)
		*ret_dispatch = began.dispatch;
	act->object = found_case.number;
	*ret_unit = found_case.unit;
	return AW_OK;
}

enum aw_status
aw_family_contact(struct aw_act *act, const struct aw_contact_in *in, int64_t *ret_contact,
	struct aw_error *err)
{
	int64_t id = aw_act_id(act), dispatch;
	struct aw_cell cell;
	const char *unit;

	if (check_contact(act, in, err) != AW_OK ||
		contact_place(act, in, &unit, &dispatch, err) != AW_OK ||
		aw_family_of_unit(act, unit, err) != AW_OK ||
		aw_cell_seal(act, in->person, "contact", id, in->note, &cell, err) != AW_OK)
		return err->status;
	if (sql_contact_insert(act->tx,
		    &(struct sql_contact_insert_in){ .id = id,
			    .service_case = { .v = in->service_case,
				    .known = in->service_case != 0 },
			    .dispatch = { .v = dispatch, .known = dispatch != 0 },
			    .person = in->person,
			    .form = in->form,
			    .outcome = in->outcome,
			    .partner_unit = in->partner_unit,
			    .at = in->at,
			    .day = aw_taipei_day(in->at),
			    .key = cell.key,
			    .sealed = cell.sealed,
			    .recorded_at = act->now_ms,
			    .recorded_by = act->viewer->account },
		    err) != AW_OK)
		return err->status;
	aw_act_looked(act, in->person, AW_CLASS_BIT(AW_CLASS_PLAN));
	if (dispatch != 0 && strcmp(in->outcome, "met") == 0 &&
		aw_dispatch_contacted(act, dispatch, in->at, err) != AW_OK)
		return err->status;
	*ret_contact = id;
	return AW_OK;
}

enum aw_status
aw_family_assess(struct aw_act *act, int64_t dispatch, int64_t person, const char *findings,
	struct aw_error *err)
{
	int64_t id = aw_act_id(act);
	struct aw_dispatch d;
	struct aw_cell cell;

	if (findings == NULL || findings[0] == '\0')
		return aw_fail(err, AW_INVALID, "write what was found");
	if (aw_dispatch_get(act, dispatch, &d, err) != AW_OK ||
		aw_family_of_unit(act, d.unit, err) != AW_OK)
		return err->status;
	if (strcmp(d.state, "accepted") != 0 && strcmp(d.state, "assigned") != 0)
		return aw_fail(err, AW_CONFLICT, "accept the case before assessing it");
	act->object = d.report_number;
	aw_act_looked(act, person, AW_CLASS_BIT(AW_CLASS_NARRATIVE));
	if (aw_cell_seal(act, person, "assessment", id, findings, &cell, err) != AW_OK)
		return err->status;
	return sql_assessment_insert(act->tx,
		&(struct sql_assessment_insert_in){ .id = id,
			.dispatch = dispatch,
			.person = person,
			.key = cell.key,
			.sealed = cell.sealed,
			.made_at = act->now_ms,
			.made_by = act->viewer->account },
		err);
}

/* -- plan ----------------------------------------------------------------------------------- */

enum { GOAL_LIMIT = 1000 };

/* Goal and step share a cell: the step stands behind the first line feed. */
static const char *
goal_text(struct aw_arena *arena, const struct aw_goal_in *in)
{
	return aw_arena_printf(arena, "%s\n%s", in->goal, in->step == NULL ? "" : in->step);
}

static enum aw_status
insert_goal(struct aw_act *act, const struct sql_plan_goal_insert_in *in, const char *text,
	struct aw_error *err)
{
	struct sql_plan_goal_insert_in row = *in;
	struct aw_cell cell;

	if (aw_cell_seal(act, row.person, "plan_goal", row.id, text, &cell, err) != AW_OK)
		return err->status;
	row.key = cell.key;
	row.sealed = cell.sealed;
	row.recorded_at = act->now_ms;
	row.recorded_by = act->viewer->account;
	aw_act_looked(act, row.person, AW_CLASS_BIT(AW_CLASS_PLAN));
	return sql_plan_goal_insert(act->tx, &row, err);
}

enum aw_status
aw_family_goal_add(
	struct aw_act *act, const struct aw_goal_in *in, int64_t *ret_goal, struct aw_error *err)
{
	struct sql_plan_goal_insert_in row = { .id = aw_act_id(act),
		.service_case = in->service_case,
		.responsible = in->responsible,
		.due_day = in->due_day,
		.state = "open" };
	struct aw_service_case owner;

	if (in->goal == NULL || in->goal[0] == '\0')
		return aw_fail(err, AW_INVALID, "write the goal");
	if (strlen(in->goal) > GOAL_LIMIT || strchr(in->goal, '\n') != NULL)
		return aw_fail(
			err, AW_INVALID, "a goal is one line of at most %d bytes", GOAL_LIMIT);
	if (aw_service_case_get(act, in->service_case, &owner, err) != AW_OK ||
		aw_family_of_unit(act, owner.unit, err) != AW_OK)
		return err->status;
	if (owner.closed_at.known)
		return aw_fail(err, AW_CONFLICT, "case %s is closed", owner.number);
	act->object = owner.number;
	row.person = owner.subject;
	if (row.responsible == NULL)
		row.responsible = owner.unit;
	if (insert_goal(act, &row, goal_text(act->arena, in), err) != AW_OK)
		return err->status;
	*ret_goal = row.id;
	return AW_OK;
}

enum aw_status
aw_family_goal_set(struct aw_act *act, int64_t goal, const char *state, struct aw_error *err)
{
	static const char *const states[] = { "open", "met", "dropped", NULL };
	struct sql_plan_goal_get old;
	struct aw_service_case owner;
	const char *text;
	int64_t changed;
	bool found;

	if (!one_of(state, states))
		return aw_fail(err, AW_INVALID, "a goal is open, met or dropped");
	if (sql_plan_goal_get(act->tx, &(struct sql_plan_goal_get_in){ .id = goal }, act->arena,
		    &old, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(
			err, AW_NOT_FOUND, "no such goal, or a newer one stands in its place");
	if (aw_service_case_get(act, old.service_case, &owner, err) != AW_OK ||
		aw_family_of_unit(act, owner.unit, err) != AW_OK ||
		aw_cell_open(act, old.key, "plan_goal", old.id, old.sealed, &text, err) != AW_OK)
		return err->status;
	if (text == NULL)
		return aw_fail(err, AW_CONFLICT, "what the goal said was erased");
	if (sql_plan_goal_supersede(act->tx,
		    &(struct sql_plan_goal_supersede_in){
			    .id = goal, .superseded_at = act->now_ms },
		    &changed, err) != AW_OK)
		return err->status;
	act->object = owner.number;
	return insert_goal(act,
		&(struct sql_plan_goal_insert_in){ .id = aw_act_id(act),
			.service_case = old.service_case,
			.person = old.person,
			.responsible = old.responsible,
			.due_day = old.due_day,
			.state = state },
		text, err);
}
