/* city/dispatch/report_units - the units of a report: asked for what, why, by when, and what each may do. */
#include <string.h>

#include "city/dispatch/report_page.h"
#include "city/dispatch/told.h"
#include "rule/model.h"

const AW_VIEW_TYPE(aw_report_unit_view, "ReportUnit", NULL, AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("veiled", FLAG, OPEN), AW_FIELD("lead", FLAG, OPEN),
	AW_FIELD("task", TEXT, OPEN), AW_FIELD("basis", TEXT, OPEN),
	AW_FIELD("basis_table", TEXT, OPEN), AW_FIELD("basis_row", NUMBER, OPEN),
	AW_FIELD("open_case", FLAG, OPEN), AW_FIELD("edited", FLAG, OPEN),
	AW_FIELD_CODE("side", OPEN, "side"), AW_FIELD_CODE("state", OPEN, "dispatch.state"),
	AW_FIELD("worker", TEXT, OPEN), AW_FIELD("first_contact_due_at", INSTANT, OPEN),
	AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view), AW_FIELD("path", LINK, OPEN),
	AW_FIELD("may_accept", FLAG, OPEN), AW_FIELD("may_assign", FLAG, OPEN),
	AW_FIELD("may_work", FLAG, OPEN), AW_FIELD("may_redirect", FLAG, OPEN),
	AW_FIELD("may_settle", FLAG, OPEN), AW_FIELD("may_remove", FLAG, OPEN),
	AW_FIELD("may_finish", FLAG, OPEN), AW_FIELD_OF("workers", LIST, OPEN, &aw_choice_view),
	AW_FIELD_OF("return_reasons", LIST, OPEN, &aw_choice_view));

void
aw_report_reasons(struct aw_call *call, enum aw_reason_list list, const struct aw_kind *kind,
	bool lead, struct aw_view *view, const char *name)
{
	const struct aw_policy *policy = call->act.policy;

	for (size_t i = 0; i < policy->reason_count[list]; i++) {
		const struct aw_reason_code *reason = &policy->reasons[list][i];
		if (kind == NULL || aw_reason_allowed(reason, kind, lead))
			aw_choice_add(view, name, reason->code,
				aw_label_text(reason->label, call->language), false);
	}
}

static enum aw_status
add_workers(struct aw_call *call, const char *unit, struct aw_view *view, struct aw_error *err)
{
	struct aw_act *act = &call->act;
	struct sql_unit_workers *rows;
	size_t count;

	if (sql_unit_workers(act->tx,
		    &(struct sql_unit_workers_in){
			    .unit = unit, .today = aw_taipei_day(act->real_ms) },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_viewer worker = { .account = rows[i].id, .roles = rows[i].roles };
		if (!aw_access_may_do(act->policy, &worker, "family.work"))
			continue;
		aw_choice_add(view, "workers", rows[i].login,
			aw_arena_printf(act->arena, "%s %s (%lld)", rows[i].name, rows[i].title,
				(long long)rows[i].open_cases),
			false);
	}
	return AW_OK;
}

static struct aw_clock_face
unit_clock(const struct aw_policy *policy, const struct aw_dispatch *d)
{
	if (strcmp(d->state, "accepted") == 0 || strcmp(d->state, "assigned") == 0)
		return aw_clock_assign(policy, d);
	return aw_clock_accept(policy, d);
}

static enum aw_status
fill_unit_acts(struct aw_call *call, const struct aw_report_page *page, const struct aw_dispatch *d,
	struct aw_view *item, struct aw_error *err)
{
	const struct aw_policy *policy = call->act.policy;
	const struct aw_viewer *viewer = call->act.viewer;
	const struct aw_unit *own =
		viewer->unit == NULL ? NULL : aw_policy_unit(policy, viewer->unit);
	bool of_unit = aw_dispatch_same_unit(policy, viewer->unit, d->unit);
	bool is_lead = strcmp(d->role, "lead") == 0;
	bool may_accept = of_unit && strcmp(d->state, "dispatched") == 0 &&
			  aw_access_may_do(policy, viewer, "dispatch.accept");
	bool may_assign =
		of_unit &&
		(strcmp(d->state, "accepted") == 0 || strcmp(d->state, "assigned") == 0) &&
		aw_access_may_do(policy, viewer, "dispatch.assign");
	bool mine = d->worker.known && d->worker.v == viewer->account;

	aw_view_flag(item, "may_accept", may_accept);
	aw_view_flag(item, "may_assign", may_assign);
	aw_view_flag(item, "may_work", mine && strcmp(d->state, "assigned") == 0);
	aw_view_flag(item, "may_finish", mine && !is_lead && strcmp(d->state, "assigned") == 0);
	aw_view_flag(item, "may_redirect",
		strcmp(d->state, "returned") == 0 &&
			aw_access_may_do(policy, viewer, "dispatch.screen"));
	aw_view_flag(item, "may_settle",
		strcmp(d->state, "disputed") == 0 && own != NULL && own->settles);
	aw_view_flag(item, "may_remove",
		strcmp(d->state, "proposed") == 0 && !is_lead &&
			strcmp(page->way.s.state, "waiting") == 0 &&
			aw_access_may_do(policy, viewer, "dispatch.screen"));
	if (may_accept)
		aw_report_reasons(
			call, AW_REASONS_RETURN, page->way.kind, is_lead, item, "return_reasons");
	return may_assign ? add_workers(call, d->unit, item, err) : AW_OK;
}

/* "lead:1" of a proposal: the table by its label, and the row. */
static void
fill_basis(struct aw_call *call, const char *basis, struct aw_view *item)
{
	const struct aw_triage *triage =
		aw_policy_triage(call->act.policy, aw_taipei_day(call->act.now_ms));
	struct aw_str rest, table = aw_str_cut(aw_str(basis), ':', &rest);
	const struct aw_dmn_item *decision;
	int64_t row;

	if (triage == NULL || !aw_str_int64(rest, &row))
		return;
	decision = aw_dmn_find(triage->model, AW_DMN_DECISION,
		aw_arena_strndup(call->act.arena, table.at, table.len));
	if (decision == NULL)
		return;
	aw_view_text(item, "basis_table", decision->label);
	aw_view_int(item, "basis_row", row);
}

enum aw_status
aw_report_page_units(struct aw_call *call, const struct aw_report_page *page, struct aw_view *view,
	struct aw_error *err)
{
	int64_t co = 0;

	for (size_t i = 0; i < page->way.dispatch_count; i++) {
		const struct aw_dispatch *d = &page->way.dispatches[i];
		struct aw_clock_face face = unit_clock(call->act.policy, d);
		struct aw_view *item;
		const char *worker;
		if (strcmp(d->state, "withdrawn") == 0 || !aw_report_tells_of(call, page, d->unit))
			continue;
		item = aw_view_item(view, "units");
		if (!d->veiled)
			aw_view_text(item, "unit", d->unit);
		aw_view_text(
			item, "name", aw_told_unit(call->act.policy, d, "unit", call->language));
		aw_view_flag(item, "veiled", d->veiled);
		aw_view_flag(item, "lead", strcmp(d->role, "lead") == 0);
		aw_view_text(item, "task", d->task[0] == '\0' ? NULL : d->task);
		aw_view_text(item, "basis", d->basis);
		fill_basis(call, d->basis, item);
		aw_view_flag(item, "open_case", strcmp(d->basis, "open_case") == 0);
		aw_view_flag(item, "edited", strcmp(d->basis, "edited") == 0);
		aw_view_text(item, "side", d->side);
		aw_view_text(item, "state", d->state);
		if (d->first_contact_due_at.known)
			aw_view_int(item, "first_contact_due_at", d->first_contact_due_at.v);
		aw_clock_fill(aw_view_object(item, "clock"), &face, call->act.now_ms);
		if (!d->veiled)
			aw_view_text(item, "path",
				aw_arena_printf(call->act.arena, "/reports/%s/units/%s",
					page->way.report.number, d->unit));
		if (aw_account_line(&call->act, d->worker, &worker, err) != AW_OK ||
			(!d->veiled && fill_unit_acts(call, page, d, item, err) != AW_OK))
			return err->status;
		aw_view_text(item, "worker", worker);
		co += strcmp(d->role, "lead") == 0 ? 0 : 1;
	}
	aw_view_int(view, "co_count", co);
	aw_view_flag(view, "limited",
		!aw_access_may(&page->access, AW_CLASS_HEALTH) ||
			!aw_access_may(&page->access, AW_CLASS_SEXUAL));
	return AW_OK;
}
