/* city/family/family_page - one family on one page: members, who serves, timeline, goals. */
#include <stdlib.h>
#include <string.h>

#include "city/dispatch/clocks.h"
#include "city/family/cell.h"
#include "city/family/family_page.h"
#include "city/family/pages.h"
#include "city/intake/report.h"
#include "city/person/page_rows.h"
#include "city/person/person.h"
#include "guard/access.h"

static const AW_VIEW_TYPE(member_view, "FamilyMember", NULL, AW_FIELD("number", TEXT, IDENTITY),
	AW_FIELD("path", LINK, IDENTITY), AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD("age", NUMBER, IDENTITY), AW_FIELD_CODE("sex", IDENTITY, "sex"),
	AW_FIELD("role", TEXT, OPEN), AW_FIELD("together", FLAG, ADDRESS),
	AW_FIELD("address", TEXT, ADDRESS), AW_FIELD("phone", TEXT, CONTACT),
	AW_FIELD("safe_call", TEXT, CONTACT), AW_FIELD("subject", FLAG, OPEN));

/* A bar of 誰在服務這家, in percent of the last twelve months. */
static const AW_VIEW_TYPE(lane_view, "ServiceLane", NULL, AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("worker", TEXT, OPEN), AW_FIELD("extension", TEXT, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("from_at", INSTANT, OPEN), AW_FIELD("to_at", INSTANT, OPEN),
	AW_FIELD("start", NUMBER, OPEN), AW_FIELD("width", NUMBER, OPEN),
	AW_FIELD("end", NUMBER, OPEN), AW_FIELD("inside", FLAG, OPEN),
	AW_FIELD("protective", FLAG, OPEN), AW_FIELD("closed", FLAG, OPEN),
	AW_FIELD("hidden_lane", FLAG, OPEN), AW_FIELD("close_reason", TEXT, OPEN));

static const AW_VIEW_TYPE(goal_view, "Goal", NULL, AW_FIELD("index", NUMBER, OPEN),
	AW_FIELD("goal", TEXT, PLAN), AW_FIELD("step", TEXT, PLAN),
	AW_FIELD("responsible", TEXT, OPEN), AW_FIELD("due", DAY, PLAN),
	AW_FIELD("overdue", FLAG, PLAN), AW_FIELD_CODE("state", PLAN, "goal.state"),
	AW_FIELD("open", FLAG, OPEN), AW_FIELD("path", LINK, OPEN),
	AW_FIELD("may_set", FLAG, OPEN));

static const AW_VIEW_TYPE(case_view, "ServiceCase", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("kind_name", TEXT, OPEN),
	AW_FIELD("unit", TEXT, OPEN), AW_FIELD("worker", TEXT, OPEN),
	AW_FIELD("opened_at", INSTANT, OPEN), AW_FIELD("closed_at", INSTANT, OPEN),
	AW_FIELD("close_reason", TEXT, OPEN), AW_FIELD_OF("level", OBJECT, RISK, &aw_level_view),
	AW_FIELD("contacts", NUMBER, PLAN), AW_FIELD("last_contact_at", INSTANT, PLAN),
	AW_FIELD("close_asked", FLAG, OPEN), AW_FIELD("may_write", FLAG, OPEN),
	AW_FIELD("may_close", FLAG, OPEN), AW_FIELD("may_answer", FLAG, OPEN),
	AW_FIELD("may_reopen", FLAG, OPEN), AW_FIELD("may_assign", FLAG, OPEN),
	AW_FIELD_OF("close_reasons", LIST, OPEN, &aw_choice_view),
	AW_FIELD_OF("workers", LIST, OPEN, &aw_choice_view));

const AW_VIEW_TYPE(aw_family_view, "Family", "family/family", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("name", TEXT, IDENTITY), AW_FIELD("path", LINK, OPEN),
	AW_FIELD("opened_at", INSTANT, OPEN), AW_FIELD("serving", FLAG, OPEN),
	AW_FIELD_OF("level", OBJECT, RISK, &aw_level_view), AW_FIELD("lead", TEXT, OPEN),
	AW_FIELD("unit_count", NUMBER, OPEN), AW_FIELD("district", TEXT, ADDRESS),
	AW_FIELD("address", TEXT, ADDRESS), AW_FIELD("reports_90", NUMBER, OPEN),
	AW_FIELD_OF("members", LIST, OPEN, &member_view), AW_FIELD("member_count", NUMBER, OPEN),
	AW_FIELD("limited", FLAG, OPEN), AW_FIELD_OF("lanes", LIST, OPEN, &lane_view),
	AW_FIELD_OF("cases", LIST, OPEN, &case_view),
	AW_FIELD_OF("moments", LIST, OPEN, &aw_moment_view), AW_FIELD("moment_count", NUMBER, OPEN),
	AW_FIELD("hidden_moments", FLAG, OPEN), AW_FIELD_OF("goals", LIST, OPEN, &goal_view),
	AW_FIELD("goal_count", NUMBER, OPEN), AW_FIELD_CODE("chosen", OPEN, NULL),
	AW_FIELD("now", INSTANT, OPEN), AW_FIELD("year_ago", INSTANT, OPEN),
	AW_FIELD_OF("partners", LIST, OPEN, &aw_choice_view));

const struct aw_access *
aw_family_access(const struct aw_family_page *family, int64_t person)
{
	for (size_t i = 0; i < family->member_count; i++) {
		if (family->members[i].person == person)
			return &family->access[i];
	}
	return NULL;
}

bool
aw_family_tells_case(const struct aw_family_page *family, int64_t service_case)
{
	for (size_t i = 0; i < family->case_count; i++)
		if (family->cases[i].id == service_case)
			return true;
	return false;
}

bool
aw_family_may_tell(const struct aw_family_page *family, int64_t person, enum aw_field_class class,
	const char *unit)
{
	const struct aw_access *access = aw_family_access(family, person);

	return access != NULL && aw_access_lists(access, class, unit);
}

/* Leaves the cases of which the viewer may be told: what a case is, and who serves it, can say what it is for. */
static void
keep_told(const struct aw_policy *policy, struct aw_family_page *family)
{
	size_t told = 0;

	for (size_t i = 0; i < family->case_count; i++) {
		const struct sql_service_cases_of_family *row = &family->cases[i];
		const struct aw_access *access = aw_family_access(family, row->subject);

		if (access == NULL || aw_access_tells(policy, access, row->kind, row->unit))
			family->cases[told++] = *row;
	}
	family->case_count = told;
}

static enum aw_status
load(struct aw_call *call, struct aw_family_page *family, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");
	struct aw_act *act = &call->act;
	bool found, any = false;

	if (sql_family_case_by_number(act->tx,
		    &(struct sql_family_case_by_number_in){
			    .number = number == NULL ? "" : number },
		    act->arena, &family->row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such family");
	if (sql_family_members(act->tx,
		    &(struct sql_family_members_in){ .family_case = family->row.id }, act->arena,
		    &family->members, &family->member_count, err) != AW_OK ||
		sql_service_cases_of_family(act->tx,
			&(struct sql_service_cases_of_family_in){ .family_case = family->row.id },
			act->arena, &family->cases, &family->case_count, err) != AW_OK)
		return err->status;
	family->access = AW_NEW_ARRAY(act->arena, struct aw_access, family->member_count);
	for (size_t i = 0; i < family->member_count; i++) {
		if (aw_access_to(act, family->members[i].person, &family->access[i], err) != AW_OK)
			return err->status;
		any = any || aw_access_may(&family->access[i], AW_CLASS_EXISTENCE);
	}
	if (!any)
		return aw_fail(err, AW_NOT_FOUND, "no such family");
	keep_told(act->policy, family);
	act->object = family->row.number;
	family->view = call->view;
	return AW_OK;
}

/* -- members -------------------------------------------------------------------------------- */

static bool
is_subject(const struct aw_family_page *family, int64_t person)
{
	for (size_t i = 0; i < family->case_count; i++) {
		if (family->cases[i].subject == person)
			return true;
	}
	return false;
}

static const char *
member_role(const struct aw_call *call, const char *role)
{
	const char *text = aw_call_label(call, "relation", role);

	for (size_t i = 0; text == NULL && i < call->act.policy->kind_count; i++) {
		const struct aw_person_role *named =
			aw_kind_role(&call->act.policy->kinds[i], role);
		if (named != NULL)
			text = aw_label_text(named->label, call->language);
	}
	return text;
}

static enum aw_status
fill_member(struct aw_call *call, struct aw_family_page *family, size_t i,
	const struct aw_household *home, struct aw_error *err)
{
	const struct aw_access *access = &family->access[i];
	int64_t person = family->members[i].person;
	const struct aw_identity_address *address;
	struct aw_person known;
	struct aw_view *item;

	if (aw_person_known(&call->act, person, &known, err) != AW_OK)
		return err->status;
	item = aw_view_item(family->view, "members");
	aw_view_allow_as(item, access);
	aw_act_looked(&call->act, person, access->shown);
	address = aw_identity_residence(&known.identity);
	aw_view_text(item, "number", known.number);
	aw_view_text(item, "path", aw_arena_printf(call->act.arena, "/people/%s", known.number));
	aw_person_view_known(item, &known, aw_taipei_day(call->act.now_ms));
	aw_view_text(item, "role", member_role(call, family->members[i].role));
	aw_view_text(item, "address", address == NULL ? NULL : address->raw);
	aw_view_text(item, "phone",
		known.identity.phone_count == 0 ? NULL : known.identity.phones[0].raw);
	aw_view_flag(item, "subject", is_subject(family, person));
	for (size_t k = 0; k < home->member_count; k++) {
		if (home->members[k].person == person)
			aw_view_flag(item, "together", true);
	}
	return AW_OK;
}

static enum aw_status
fill_members(struct aw_call *call, struct aw_family_page *family, struct aw_error *err)
{
	int64_t first = family->case_count != 0	    ? family->cases[0].subject
			: family->member_count != 0 ? family->members[0].person
						    : 0;
	struct aw_household home = { 0 };
	int64_t shown = 0;

	if (first != 0 && aw_household_of(&call->act, first, aw_taipei_day(call->act.now_ms), &home,
				  err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < family->member_count; i++) {
		/* a member that may not be known of is not even counted */
		if (!aw_access_may(&family->access[i], AW_CLASS_EXISTENCE))
			continue;
		if (fill_member(call, family, i, &home, err) != AW_OK)
			return err->status;
		shown++;
	}
	aw_view_int(family->view, "member_count", shown);
	return AW_OK;
}

/* -- cases and lanes ------------------------------------------------------------------------ */

static void
add_lane(struct aw_call *call, struct aw_family_page *family,
	const struct sql_service_cases_of_family *row, bool told)
{
	int64_t now = call->act.now_ms, year = 365 * AW_DAY_MS, from = row->opened_at, to = now;
	const struct aw_kind *kind = aw_policy_kind(call->act.policy, row->kind);
	struct aw_view *item;
	int64_t start, end;

	if (row->closed_at.known)
		to = row->closed_at.v;
	if (to < now - year)
		return;
	item = aw_view_item(family->view, "lanes");
	if (!told) {
		/* that somebody serves may be known; not who, what, or since when */
		aw_view_flag(item, "hidden_lane", true);
		aw_view_int(item, "start", 0);
		aw_view_int(item, "width", 100);
		aw_view_int(item, "end", 100);
		return;
	}
	start = from < now - year ? 0 : (from - (now - year)) * 100 / year;
	end = (to - (now - year)) * 100 / year;
	aw_view_text(item, "unit", aw_call_label(call, "unit_short", row->unit));
	aw_view_text(item, "worker", row->worker_name);
	aw_view_text(item, "extension", row->worker_extension);
	aw_view_text(item, "kind_name", aw_call_label(call, "kind_short", row->kind));
	aw_view_text(item, "number", row->number);
	aw_view_int(item, "from_at", from);
	if (row->closed_at.known)
		aw_view_int(item, "to_at", to);
	aw_view_int(item, "start", start);
	aw_view_int(item, "end", end);
	aw_view_int(item, "width", end - start < 1 ? 1 : end - start);
	aw_view_flag(item, "inside", start < 50);
	aw_view_flag(item, "protective", kind != NULL && kind->protective);
	aw_view_flag(item, "closed", row->closed_at.known);
	aw_view_text(item, "close_reason",
		row->closed_at.known ? aw_call_label(call, "close", row->close_reason) : NULL);
}

static enum aw_status
fill_case_acts(struct aw_call *call, const struct sql_service_cases_of_family *row,
	struct aw_view *item, struct aw_error *err)
{
	const struct aw_policy *policy = call->act.policy;
	const struct aw_viewer *viewer = call->act.viewer;
	const struct aw_kind *kind = aw_policy_kind(policy, row->kind);
	bool of_unit = aw_dispatch_same_unit(policy, viewer->unit, row->unit);
	bool open = !row->closed_at.known, asked = row->close_asked_at.known;
	bool writes = of_unit && open && aw_access_may_do(policy, viewer, "family.work");
	bool approves = of_unit && open && aw_access_may_do(policy, viewer, "family.approve");
	struct sql_family_unit_workers *workers;
	size_t count;

	aw_view_flag(item, "close_asked", open && asked);
	aw_view_flag(item, "may_write", writes);
	aw_view_flag(item, "may_close", writes && !asked);
	aw_view_flag(
		item, "may_answer", approves && asked && row->close_asked_by.v != viewer->account);
	aw_view_flag(item, "may_reopen",
		of_unit && !open && aw_access_may_do(policy, viewer, "family.work"));
	aw_view_flag(item, "may_assign", approves);
	for (size_t i = 0; writes && i < policy->reason_count[AW_REASONS_CLOSE]; i++) {
		const struct aw_reason_code *reason = &policy->reasons[AW_REASONS_CLOSE][i];
		if (kind != NULL && aw_reason_allowed(reason, kind, true))
			aw_choice_add(item, "close_reasons", reason->code,
				aw_label_text(reason->label, call->language), false);
	}
	if (!approves)
		return AW_OK;
	if (sql_family_unit_workers(call->act.tx,
		    &(struct sql_family_unit_workers_in){
			    .unit = row->unit, .today = aw_taipei_day(call->act.real_ms) },
		    call->act.arena, &workers, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_viewer worker = { .account = workers[i].id, .roles = workers[i].roles };
		if (aw_access_may_do(policy, &worker, "family.work"))
			aw_choice_add(item, "workers", workers[i].login,
				aw_arena_printf(call->act.arena, "%s %s (%lld)", workers[i].name,
					workers[i].title, (long long)workers[i].open_cases),
				workers[i].id == row->worker);
	}
	return AW_OK;
}

static enum aw_status
fill_case(struct aw_call *call, struct aw_family_page *family,
	const struct sql_service_cases_of_family *row, struct aw_error *err)
{
	struct aw_view *item = aw_view_item(family->view, "cases");
	const struct aw_access *access = aw_family_access(family, row->subject);
	const struct aw_kind *kind = aw_policy_kind(call->act.policy, row->kind);
	struct sql_contacts_of_case made;
	bool found;

	if (sql_contacts_of_case(call->act.tx,
		    &(struct sql_contacts_of_case_in){ .service_case = row->id }, call->act.arena,
		    &made, &found, err) != AW_OK)
		return err->status;
	aw_view_allow_as(item, access);
	aw_view_text(item, "number", row->number);
	aw_view_text(item, "path", aw_arena_printf(call->act.arena, "/cases/%s", row->number));
	aw_view_text(item, "kind_name", aw_call_label(call, "kind", row->kind));
	aw_view_text(item, "unit", aw_call_label(call, "unit_short", row->unit));
	if (row->worker_name != NULL)
		aw_view_text(item, "worker",
			aw_arena_printf(
				call->act.arena, "%s %s", row->worker_name, row->worker_title));
	aw_view_int(item, "opened_at", row->opened_at);
	if (row->closed_at.known)
		aw_view_int(item, "closed_at", row->closed_at.v);
	aw_view_text(item, "close_reason", aw_call_label(call, "close", row->close_reason));
	if (row->level != NULL && kind != NULL && kind->scale != NULL)
		aw_level_fill(aw_view_object(item, "level"), call->act.policy, kind->scale,
			row->level, NULL, call->language);
	if (found) {
		aw_view_int(item, "contacts", made.made);
		if (made.last_at.known)
			aw_view_int(item, "last_contact_at", made.last_at.v);
	}
	return fill_case_acts(call, row, item, err);
}

static void
fill_head(struct aw_call *call, struct aw_family_page *family,
	const struct sql_service_cases_of_family *lead, int64_t units)
{
	const struct aw_kind *kind;

	aw_view_flag(family->view, "serving", units != 0);
	aw_view_int(family->view, "unit_count", units);
	if (lead == NULL)
		return;
	aw_view_text(family->view, "lead",
		aw_arena_printf(call->act.arena, "%s %s",
			aw_call_label(call, "unit_short", lead->unit),
			lead->worker_name == NULL ? "" : lead->worker_name));
	kind = aw_policy_kind(call->act.policy, lead->kind);
	if (lead->level != NULL && kind != NULL && kind->scale != NULL)
		aw_level_fill(aw_view_object(family->view, "level"), call->act.policy, kind->scale,
			lead->level, NULL, call->language);
}

static enum aw_status
fill_cases(struct aw_call *call, struct aw_family_page *family, struct aw_error *err)
{
	const struct sql_service_cases_of_family *lead = NULL;
	bool limited = false;
	int64_t units = 0;

	for (size_t i = 0; i < family->case_count; i++) {
		const struct sql_service_cases_of_family *row = &family->cases[i];
		const struct aw_kind *kind = aw_policy_kind(call->act.policy, row->kind);
		const struct aw_access *access = aw_family_access(family, row->subject);
		bool sexual = kind != NULL && kind->sealed_in_lists;
		bool told = aw_family_may_tell(
			family, row->subject, sexual ? AW_CLASS_SEXUAL : AW_CLASS_PLAN, row->unit);
		bool exists =
			access != NULL && aw_access_lists(access, AW_CLASS_EXISTENCE, row->unit);
		if (!told && !exists)
			continue;
		add_lane(call, family, row, told);
		if (!told)
			continue;
		if (fill_case(call, family, row, err) != AW_OK)
			return err->status;
		if (row->closed_at.known)
			continue;
		units++;
		if (lead == NULL || (kind != NULL && kind->protective))
			lead = row;
	}
	fill_head(call, family, lead, units);
	for (size_t i = 0; i < family->member_count; i++)
		limited |= aw_access_may(&family->access[i], AW_CLASS_EXISTENCE) &&
			   (!aw_access_may(&family->access[i], AW_CLASS_HEALTH) ||
				   !aw_access_may(&family->access[i], AW_CLASS_SEXUAL));
	aw_view_flag(family->view, "limited", limited);
	return AW_OK;
}

/* -- goals ---------------------------------------------------------------------------------- */

static const char *
case_number(const struct aw_family_page *family, int64_t id)
{
	for (size_t i = 0; i < family->case_count; i++) {
		if (family->cases[i].id == id)
			return family->cases[i].number;
	}
	return "";
}

static enum aw_status
fill_goals(struct aw_call *call, struct aw_family_page *family, struct aw_error *err)
{
	struct sql_plan_goals_of_family *rows;
	struct aw_act *act = &call->act;
	int64_t shown = 0;
	size_t count;

	if (sql_plan_goals_of_family(act->tx,
		    &(struct sql_plan_goals_of_family_in){ .family_case = family->row.id },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		bool open = strcmp(rows[i].state, "open") == 0;
		struct aw_str rest, goal;
		struct aw_view *item;
		const char *text;
		if (!aw_family_may_tell(family, rows[i].person, AW_CLASS_PLAN, rows[i].unit) ||
			!aw_family_tells_case(family, rows[i].service_case) ||
			!aw_access_tells(act->policy, aw_family_access(family, rows[i].person),
				NULL, rows[i].responsible))
			continue;
		if (aw_cell_open(act, rows[i].key, "plan_goal", rows[i].id, rows[i].sealed, &text,
			    err) != AW_OK)
			return err->status;
		goal = aw_str_cut(aw_str(text == NULL ? "" : text), '\n', &rest);
		item = aw_view_item(family->view, "goals");
		aw_view_allow_as(item, aw_family_access(family, rows[i].person));
		aw_view_int(item, "index", (int64_t)i + 1);
		aw_view_text(item, "goal", aw_arena_strndup(act->arena, goal.at, goal.len));
		if (text == NULL)
			aw_view_hide(item, "goal", "erased");
		aw_view_text(item, "step",
			rest.len == 0 ? NULL : aw_arena_strndup(act->arena, rest.at, rest.len));
		aw_view_text(item, "responsible",
			aw_call_label(call, "unit_short", rows[i].responsible));
		if (rows[i].due_day.known) {
			aw_view_int(item, "due", rows[i].due_day.v);
			aw_view_flag(item, "overdue",
				open && rows[i].due_day.v < aw_taipei_day(act->now_ms));
		}
		aw_view_text(item, "state", rows[i].state);
		aw_view_flag(item, "open", open);
		aw_view_text(item, "path",
			aw_arena_printf(act->arena, "/cases/%s/goals/%zu",
				case_number(family, rows[i].service_case), i + 1));
		aw_view_flag(item, "may_set",
			open &&
				aw_dispatch_same_unit(
					act->policy, act->viewer->unit, rows[i].unit) &&
				aw_access_may_do(act->policy, act->viewer, "family.work"));
		shown++;
	}
	aw_view_int(family->view, "goal_count", shown);
	return AW_OK;
}

/* The family is called after the subject of its newest case that the viewer may know by name. */
static enum aw_status
fill_name(struct aw_call *call, struct aw_family_page *family, struct aw_error *err)
{
	const struct aw_identity_address *address;
	const struct aw_access *access = NULL;
	struct aw_person known;
	int64_t person = 0;

	for (size_t i = 0; i < family->case_count && person == 0; i++) {
		access = aw_family_access(family, family->cases[i].subject);
		if (access != NULL && aw_access_may(access, AW_CLASS_IDENTITY))
			person = family->cases[i].subject;
	}
	for (size_t i = 0; i < family->member_count && person == 0; i++) {
		access = &family->access[i];
		if (aw_access_may(access, AW_CLASS_IDENTITY))
			person = family->members[i].person;
	}
	if (person == 0) {
		aw_view_hide(family->view, "name", "confidential");
		return AW_OK;
	}
	if (aw_person_known(&call->act, person, &known, err) != AW_OK)
		return err->status;
	address = aw_identity_residence(&known.identity);
	aw_person_view_name(family->view, &known);
	if (aw_access_may(access, AW_CLASS_ADDRESS)) {
		aw_view_text(
			family->view, "district", aw_call_label(call, "district", known.district));
		aw_view_text(family->view, "address", address == NULL ? NULL : address->raw);
	} else {
		aw_view_hide(family->view, "address", aw_access_reason(access, AW_CLASS_ADDRESS));
	}
	return AW_OK;
}

/* GET /families/{number} */
enum aw_status
aw_family_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_family_page family = { 0 };

	if (load(call, &family, err) != AW_OK || fill_name(call, &family, err) != AW_OK ||
		fill_members(call, &family, err) != AW_OK ||
		fill_cases(call, &family, err) != AW_OK ||
		aw_family_moments(call, &family, err) != AW_OK ||
		fill_goals(call, &family, err) != AW_OK)
		return err->status;
	aw_view_text(call->view, "number", family.row.number);
	aw_view_text(call->view, "path",
		aw_arena_printf(call->act.arena, "/families/%s", family.row.number));
	aw_view_int(call->view, "opened_at", family.row.opened_at);
	aw_view_int(call->view, "now", call->act.now_ms);
	aw_view_int(call->view, "year_ago", call->act.now_ms - 365 * AW_DAY_MS);
	for (size_t i = 0; i < call->act.policy->unit_count; i++)
		aw_choice_add(call->view, "partners", call->act.policy->units[i].code,
			aw_label_text(call->act.policy->units[i].label, call->language), false);
	return AW_OK;
}
