/* city/dispatch/report_page - one report on one page: content, reasons, units, clocks, acts. */
#include "city/dispatch/report_page.h"

#include <string.h>

#include "city/dispatch/pages.h"
#include "city/dispatch/told.h"
#include "city/triage/triage_view.h"

static const AW_VIEW_TYPE(step_view, "Step", NULL, AW_FIELD_CODE("code", OPEN, "step"),
	AW_FIELD("done", FLAG, OPEN), AW_FIELD("now", FLAG, OPEN), AW_FIELD("index", NUMBER, OPEN),
	AW_FIELD("at", INSTANT, OPEN));

static const AW_VIEW_TYPE(missing_view, "MissingFact", NULL, AW_FIELD("code", TEXT, OPEN),
	AW_FIELD("label", TEXT, OPEN), AW_FIELD("why", TEXT, OPEN));

static const AW_VIEW_TYPE(issue_view, "Issue", NULL, AW_FIELD("index", NUMBER, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD("position", NUMBER, OPEN),
	AW_FIELD("result", TEXT, OPEN), AW_FIELD("result_name", TEXT, OPEN));

static const AW_VIEW_TYPE(event_view, "ReportEvent", NULL, AW_FIELD("at", INSTANT, OPEN),
	AW_FIELD_CODE("kind", OPEN, "event"), AW_FIELD("who", TEXT, OPEN),
	AW_FIELD("unit", TEXT, OPEN), AW_FIELD("reason", TEXT, OPEN),
	AW_FIELD("note", TEXT, NARRATIVE));

const AW_VIEW_TYPE(aw_report_page_view, "Report", "dispatch/report", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("kind", TEXT, OPEN),
	AW_FIELD("kind_name", TEXT, OPEN), AW_FIELD_CODE("state", OPEN, "screening.state"),
	AW_FIELD("district", TEXT, OPEN), AW_FIELD("received_at", INSTANT, OPEN),
	AW_FIELD("channel", TEXT, OPEN), AW_FIELD("urgent", FLAG, OPEN),
	AW_FIELD_OF("level", OBJECT, RISK, &aw_level_view),
	AW_FIELD_OF("priority_level", OBJECT, RISK, &aw_level_view),
	AW_FIELD("proposed", FLAG, OPEN), AW_FIELD_OF("clock", OBJECT, OPEN, &aw_clock_view),
	AW_FIELD_OF("clocks", LIST, OPEN, &aw_clock_view),
	AW_FIELD_OF("steps", LIST, OPEN, &step_view), AW_FIELD("narrative", TEXT, NARRATIVE),
	AW_FIELD("incident_at", INSTANT, NARRATIVE), AW_FIELD("incident_text", TEXT, NARRATIVE),
	AW_FIELD("address", TEXT, ADDRESS), AW_FIELD("centre_only", TEXT, NARRATIVE),
	AW_FIELD_OF("answers", LIST, NARRATIVE, &aw_report_answer_view),
	AW_FIELD_OF("missing", LIST, OPEN, &missing_view), AW_FIELD("complete", NUMBER, OPEN),
	AW_FIELD("reporter_role", TEXT, REPORTER), AW_FIELD("reporter_unit", TEXT, REPORTER),
	AW_FIELD("reporter_name", TEXT, REPORTER_NAME),
	AW_FIELD("reporter_phone", TEXT, REPORTER_NAME),
	AW_FIELD_OF("people", LIST, OPEN, &aw_match_view), AW_FIELD("people_count", NUMBER, OPEN),
	AW_FIELD("known_count", NUMBER, OPEN), AW_FIELD("prior_90", NUMBER, RISK),
	AW_FIELD("prior_365", NUMBER, RISK), AW_FIELD_OF("priors", LIST, RISK, &aw_prior_view),
	AW_FIELD_OF("issues", LIST, OPEN, &issue_view),
	AW_FIELD_OF("why", OBJECT, RISK, &aw_decision_view),
	AW_FIELD_OF("units", LIST, OPEN, &aw_report_unit_view), AW_FIELD("co_count", NUMBER, OPEN),
	AW_FIELD("limited", FLAG, OPEN), AW_FIELD_OF("events", LIST, OPEN, &event_view),
	AW_FIELD("may_claim", FLAG, OPEN), AW_FIELD("may_submit", FLAG, OPEN),
	AW_FIELD("may_urgent", FLAG, OPEN), AW_FIELD("may_review", FLAG, OPEN),
	AW_FIELD("review_owed", FLAG, OPEN), AW_FIELD("after_review", FLAG, OPEN),
	AW_FIELD_CODE("review_bar", OPEN, ""), AW_FIELD("may_edit", FLAG, OPEN),
	AW_FIELD("may_supplement", FLAG, OPEN),
	AW_FIELD_OF("edit_reasons", LIST, OPEN, &aw_choice_view),
	AW_FIELD_OF("edit_units", LIST, OPEN, &aw_choice_view),
	AW_FIELD_OF("screen_results", LIST, OPEN, &aw_choice_view), AW_FIELD("holder", TEXT, OPEN),
	AW_FIELD("reviewer", TEXT, OPEN));

/* -- loading -------------------------------------------------------------------------------- */

/* What of a report the viewer may see. A sealed kind is told to those alone who may know of such. */
static enum aw_status
find_access(struct aw_act *act, struct aw_report_page *page, struct aw_error *err)
{
	int64_t *people = AW_NEW_ARRAY(act->arena, int64_t, page->person_count);
	size_t known = 0, tie_count;
	struct aw_tie_seen *ties;

	for (size_t i = 0; i < page->person_count; i++)
		if (page->persons[i].person.known)
			people[known++] = page->persons[i].person.v;
	if (aw_way_ties(act, page->way.dispatches, page->way.dispatch_count, &page->way.s, &ties,
		    &tie_count, err) != AW_OK ||
		aw_access_of_matter(act, people, known, ties, tie_count, &page->access, err) !=
			AW_OK)
		return err->status;
	if (page->way.kind->sealed_in_lists && !aw_access_may(&page->access, AW_CLASS_SEXUAL))
		page->access.shown &= ~AW_CLASS_BIT(AW_CLASS_NARRATIVE);
	page->apart = page->access.shielded || page->access.as_respondent;
	page->way.dispatch_count = aw_told_dispatches(
		act, &page->access, page->way.dispatches, page->way.dispatch_count);
	page->way.s.state =
		aw_told_state(&page->way.s, page->way.dispatches, page->way.dispatch_count);
	for (size_t i = 0; i < known; i++) {
		struct aw_access one;

		if (aw_access_to(act, people[i], &one, err) != AW_OK)
			return err->status;
		aw_act_looked(act, people[i], one.shielded ? one.shown : page->access.shown);
	}
	return AW_OK;
}

enum aw_status
aw_report_page_load(struct aw_call *call, struct aw_report_page *ret, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");
	int parts = AW_REPORT_CONTENT | AW_REPORT_CENTRE | AW_REPORT_REPORTER;
	struct aw_act *act = &call->act;
	struct aw_report_page page = { 0 };

	if (aw_report_by_number(act, number == NULL ? "" : number, AW_REPORT_PLAIN,
		    &page.way.report, err) != AW_OK ||
		aw_way_load(act, page.way.report.id, parts, &page.way, err) != AW_OK ||
		aw_report_persons(act, page.way.report.id, AW_REPORT_CONTENT, &page.persons,
			&page.person_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < page.person_count; i++)
		page.roles[i] = aw_kind_role(page.way.kind, page.persons[i].role);
	if (find_access(act, &page, err) != AW_OK)
		return err->status;
	if (!aw_access_may(&page.access, AW_CLASS_EXISTENCE))
		return aw_fail(err, AW_NOT_FOUND, "there is no such report");
	*ret = page;
	return AW_OK;
}

enum aw_status
aw_report_gate(const struct aw_call *call, struct aw_error *err)
{
	struct aw_call probe = aw_call_probe(call);
	struct aw_report_page page;

	return aw_report_page_load(&probe, &page, err);
}

/* Whether a unit's part in the report may be told: who works for a respondent is told of their own
 * unit's alone. */
bool
aw_report_tells_of(const struct aw_call *call, const struct aw_report_page *page, const char *unit)
{
	return !page->apart || aw_text_eq(unit, call->act.viewer->unit);
}

/* The same of an event: the centre's own steps, and those of the viewer's unit. */
static bool
tells_of_event(const struct aw_call *call, const struct aw_report_page *page,
	struct aw_maybe dispatch, const char *unit)
{
	const struct aw_unit *of = unit == NULL ? NULL : aw_policy_unit(call->act.policy, unit);

	if (!page->apart)
		return aw_told_event(page->way.dispatches, page->way.dispatch_count, dispatch);
	for (size_t i = 0; i < page->way.dispatch_count && dispatch.known; i++)
		if (page->way.dispatches[i].id == dispatch.v)
			return aw_report_tells_of(call, page, page->way.dispatches[i].unit);
	return !dispatch.known && (of == NULL || of->screens);
}

/* -- content -------------------------------------------------------------------------------- */

static void
fill_content(struct aw_call *call, const struct aw_report_page *page, struct aw_view *view)
{
	const struct aw_report *report = &page->way.report;

	aw_view_text(view, "narrative", report->narrative);
	if (report->erased)
		aw_view_hide(view, "narrative", "erased");
	aw_view_text(view, "incident_text", report->incident_text);
	if (report->incident_at.known)
		aw_view_int(view, "incident_at", report->incident_at.v);
	aw_view_text(view, "address", report->address);
	if (page->access.screens) /* for everybody else it is as if nothing had been written */
		aw_view_text(view, "centre_only", report->centre_only);
	aw_view_text(
		view, "reporter_role", aw_call_label(call, "reporter_role", report->reporter_role));
	aw_view_text(view, "reporter_unit", report->reporter_unit);
	if (aw_access_may(&page->access, AW_CLASS_REPORTER_NAME)) {
		aw_view_text(view, "reporter_name", report->reporter_name);
		aw_view_text(view, "reporter_phone", report->reporter_phone);
	} else {
		const char *why = aw_access_reason(&page->access, AW_CLASS_REPORTER_NAME);

		aw_view_hide(view, "reporter_name", why);
		aw_view_hide(view, "reporter_phone", why);
	}
	aw_report_page_answers(call, page, view);
}

static void
fill_missing(struct aw_call *call, const struct aw_report_page *page, struct aw_view *view)
{
	struct aw_str rest = aw_str(page->way.report.missing), word;

	while (rest.len != 0) {
		word = aw_str_cut(rest, ' ', &rest);
		for (size_t i = 0; i < page->way.kind->need_count; i++) {
			const struct aw_need *need = &page->way.kind->needs[i];
			struct aw_view *item;
			if (!aw_str_is(word, need->code))
				continue;
			item = aw_view_item(view, "missing");
			aw_view_text(item, "code", need->code);
			aw_view_text(item, "label", aw_label_text(need->label, call->language));
			aw_view_text(item, "why",
				aw_call_label(call, "why",
					need->why == AW_WHY_DISPATCH  ? "dispatch"
					: need->why == AW_WHY_URGENCY ? "urgency"
								      : "call"));
		}
	}
	aw_view_int(view, "complete", page->way.report.complete_permille / 10);
}

static enum aw_status
fill_issues(struct aw_call *call, const struct aw_report_page *page, struct aw_view *view,
	struct aw_error *err)
{
	struct aw_issue *issues;
	size_t count;

	if (aw_report_issues(&call->act, page->way.report.id, &issues, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_view *item = aw_view_item(view, "issues");
		aw_view_int(item, "index", (int64_t)i + 1);
		aw_view_text(item, "kind_name", aw_call_label(call, "kind", issues[i].kind));
		aw_view_text(item, "result", issues[i].screen_result);
		aw_view_text(item, "result_name",
			aw_call_label(call, "screen", issues[i].screen_result));
		for (size_t k = 0; k < page->person_count; k++) {
			if (page->persons[k].id == issues[i].report_person)
				aw_view_int(item, "position", page->persons[k].position);
		}
	}
	return AW_OK;
}

/* -- the way -------------------------------------------------------------------------------- */

static struct aw_clock_facts
facts_of(const struct aw_way *way)
{
	return (struct aw_clock_facts){ .kind = way->report.kind,
		.received_at = way->report.received_at,
		.dispatched_at = way->s.dispatched_at,
		.urgent_at = way->s.urgent_at,
		.review_due_at = way->s.review_due_at,
		.reviewed_at = way->s.reviewed_at };
}

static void
add_step(struct aw_view *view, const char *code, int64_t index, struct aw_maybe at, bool *now)
{
	struct aw_view *item = aw_view_item(view, "steps");

	aw_view_text(item, "code", code);
	aw_view_int(item, "index", index);
	aw_view_flag(item, "done", at.known);
	if (at.known)
		aw_view_int(item, "at", at.v);
	aw_view_flag(item, "now", !at.known && *now);
	if (!at.known)
		*now = false;
}

static void
fill_steps(const struct aw_report_page *page, struct aw_maybe decided_at, struct aw_view *view)
{
	const struct sql_screening_get *s = &page->way.s;
	const struct aw_dispatch *lead = page->apart ? NULL : aw_way_lead(&page->way);
	bool now = true;

	add_step(view, "received", 1, AW_KNOWN(page->way.report.received_at), &now);
	add_step(view, "recognised", 2, decided_at, &now);
	add_step(view, "graded", 3, decided_at, &now);
	add_step(view, "screened", 4, s->submitted_at, &now);
	add_step(view, "reviewed", 5, s->reviewed_at, &now);
	add_step(view, "sent", 6, s->dispatched_at, &now);
	add_step(view, "accepted", 7, lead == NULL ? AW_UNKNOWN : lead->accepted_at, &now);
	add_step(view, "assigned", 8, lead == NULL ? AW_UNKNOWN : lead->assigned_at, &now);
}

static void
add_clock(struct aw_call *call, struct aw_clock_face face, struct aw_view *view)
{
	aw_clock_fill(aw_view_item(view, "clocks"), &face, call->act.now_ms);
}

static void
fill_clocks(struct aw_call *call, const struct aw_report_page *page, struct aw_maybe contacted_at,
	struct aw_view *view)
{
	const struct aw_policy *policy = call->act.policy;
	const struct aw_dispatch *lead = page->apart ? NULL : aw_way_lead(&page->way), *whose;
	struct aw_clock_facts facts = facts_of(&page->way);
	struct aw_clock_face pressing = aw_clock_pressing(policy, &facts, page->way.s.state,
		page->way.dispatches, page->apart ? 0 : page->way.dispatch_count, &whose);

	aw_clock_fill(aw_view_object(view, "clock"), &pressing, call->act.now_ms);
	add_clock(call, aw_clock_dispatch(policy, &facts), view);
	if (facts.urgent_at.known)
		add_clock(call, aw_clock_post_review(policy, &facts), view);
	if (lead == NULL)
		return;
	add_clock(call,
		aw_clock_first_contact(policy, lead, page->way.report.received_at, contacted_at),
		view);
	add_clock(call, aw_clock_accept(policy, lead), view);
	add_clock(call, aw_clock_assign(policy, lead), view);
}

/* Whoever acts for a unit that is told by its agency alone is told so too. */
static const struct aw_dispatch *
veiled_by(const struct aw_report_page *page, const char *unit)
{
	for (size_t i = 0; i < page->way.dispatch_count; i++)
		if (page->way.dispatches[i].veiled &&
			aw_text_eq(page->way.dispatches[i].unit, unit))
			return &page->way.dispatches[i];
	return NULL;
}

static enum aw_status
fill_events(struct aw_call *call, const struct aw_report_page *page, struct aw_maybe *ret_decided,
	struct aw_maybe *ret_contacted, struct aw_view *view, struct aw_error *err)
{
	struct aw_act *act = &call->act;
	struct sql_dispatch_events *events;
	size_t count;

	if (sql_dispatch_events(act->tx,
		    &(struct sql_dispatch_events_in){ .report = page->way.report.id }, act->arena,
		    &events, &count, err) != AW_OK)
		return err->status;
	for (size_t i = count; i-- > 0;) {
		const struct aw_dispatch *of;
		struct aw_view *item;
		const char *note, *reason = events[i].code;

		if (!tells_of_event(call, page, events[i].dispatch, events[i].unit))
			continue;
		item = aw_view_item(view, "events");
		if (aw_way_note(act, events[i].id, events[i].key.v, events[i].sealed, &note, err) !=
			AW_OK)
			return err->status;
		if (strcmp(events[i].kind, "decided") == 0)
			*ret_decided = AW_KNOWN(events[i].at);
		if (strcmp(events[i].kind, "contacted") == 0)
			*ret_contacted = AW_KNOWN(events[i].at);
		aw_view_int(item, "at", events[i].at);
		aw_view_text(item, "kind", events[i].kind);
		of = veiled_by(page, events[i].unit);
		if (events[i].name != NULL && of == NULL)
			aw_view_text(item, "who",
				aw_arena_printf(
					act->arena, "%s %s", events[i].name, events[i].title));
		aw_view_text(item, "unit",
			of != NULL ? aw_told_unit(act->policy, of, "unit_short", call->language)
				   : aw_call_label(call, "unit_short", events[i].unit));
		if (reason != NULL && strcmp(events[i].kind, "returned") == 0)
			reason = aw_call_label(call, "return", reason);
		else if (reason != NULL)
			reason = aw_call_label(call, "edit", reason);
		aw_view_text(item, "reason", reason);
		aw_view_text(item, "note", note);
	}
	return AW_OK;
}

/* -- what the viewer may do ----------------------------------------------------------------- */

static enum aw_status
fill_acts(struct aw_call *call, const struct aw_report_page *page, bool immediate,
	struct aw_view *view, struct aw_error *err)
{
	const struct aw_policy *policy = call->act.policy;
	const struct sql_screening_get *s = &page->way.s;
	bool waiting = strcmp(s->state, "waiting") == 0;
	bool proposes = aw_access_may_do(policy, call->act.viewer, "dispatch.screen");
	bool after = s->urgent_at.known && !s->reviewed_at.known;
	bool owed = strcmp(s->state, "submitted") == 0 || after;
	const char *bar = NULL, *holder, *reviewer;

	if (owed && aw_dispatch_review_bar(&call->act, page->way.report.id, &bar, err) != AW_OK)
		return err->status;
	if (aw_account_line(&call->act, s->claimed_by, &holder, err) != AW_OK ||
		aw_account_line(&call->act, s->reviewed_by, &reviewer, err) != AW_OK)
		return err->status;
	aw_view_text(view, "holder", holder);
	aw_view_text(view, "reviewer", reviewer);
	aw_view_flag(view, "may_claim", waiting && proposes && !s->claimed_by.known);
	aw_view_flag(view, "may_submit", waiting && proposes);
	aw_view_flag(view, "may_urgent", waiting && proposes && immediate);
	aw_view_flag(view, "may_edit", waiting && proposes);
	aw_view_flag(view, "may_supplement", proposes && strcmp(s->state, "closed") != 0);
	aw_view_flag(view, "review_owed", owed);
	aw_view_flag(view, "after_review", after);
	aw_view_flag(view, "may_review",
		owed && bar == NULL &&
			aw_access_may_do(policy, call->act.viewer, "dispatch.review"));
	aw_view_text(view, "review_bar", owed ? bar : NULL);
	if (!proposes)
		return AW_OK;
	aw_report_reasons(call, AW_REASONS_EDIT, NULL, false, view, "edit_reasons");
	aw_report_reasons(call, AW_REASONS_SCREEN, NULL, false, view, "screen_results");
	for (size_t i = 0; i < policy->unit_count; i++)
		aw_choice_add(view, "edit_units", policy->units[i].code,
			aw_label_text(policy->units[i].label, call->language), false);
	return AW_OK;
}

static enum aw_status
fill_decision(struct aw_call *call, const struct aw_report_page *page, bool *ret_immediate,
	struct aw_view *view, struct aw_error *err)
{
	bool open = strcmp(page->way.s.state, "waiting") == 0 ||
		    strcmp(page->way.s.state, "submitted") == 0;
	struct aw_decision decision;
	struct aw_view *level;
	bool found;

	if (aw_triage_get(&call->act, page->way.report.id, &decision, &found, err) != AW_OK)
		return err->status;
	*ret_immediate = found && decision.immediate;
	aw_view_flag(view, "proposed", found && open);
	if (!found)
		return AW_OK;
	if (decision.scale != NULL && strcmp(decision.scale, "none") != 0) {
		level = aw_view_object(view, "level");
		aw_level_fill(level, call->act.policy, decision.scale, decision.level,
			decision.child_class, call->language);
		aw_view_flag(level, "proposed", open);
	}
	aw_level_fill(aw_view_object(view, "priority_level"), call->act.policy, "priority",
		decision.priority, NULL, call->language);
	/* its facts are the protected side's */
	if (page->apart)
		aw_view_hide(view, "why", "confidential");
	else if (aw_access_may(&page->access, AW_CLASS_RISK))
		aw_decision_fill(aw_view_object(view, "why"), &call->act, &page->access, &decision,
			call->language);
	else
		aw_view_hide(view, "why", aw_access_reason(&page->access, AW_CLASS_RISK));
	return AW_OK;
}

/* GET /reports/{number} */
enum aw_status
aw_report_page_show(struct aw_call *call, struct aw_error *err)
{
	struct aw_maybe decided = AW_UNKNOWN, contacted = AW_UNKNOWN;
	struct aw_view *view = call->view;
	struct aw_report_page page;
	bool immediate;

	if (aw_report_page_load(call, &page, err) != AW_OK)
		return err->status;
	aw_view_allow_as(view, &page.access);
	aw_view_text(view, "number", page.way.report.number);
	aw_view_text(view, "path",
		aw_arena_printf(call->act.arena, "/reports/%s", page.way.report.number));
	aw_view_text(view, "kind", page.way.report.kind);
	aw_view_text(view, "kind_name", aw_call_label(call, "kind", page.way.report.kind));
	aw_view_text(view, "state", page.way.s.state);
	aw_view_text(view, "district", aw_call_label(call, "district", page.way.report.district));
	aw_view_int(view, "received_at", page.way.report.received_at);
	aw_view_text(view, "channel", aw_call_label(call, "channel", page.way.report.channel));
	aw_view_flag(view, "urgent", page.way.report.urgent);
	fill_content(call, &page, view);
	fill_missing(call, &page, view);
	if (fill_issues(call, &page, view, err) != AW_OK ||
		aw_report_page_people(call, &page, view, err) != AW_OK ||
		fill_decision(call, &page, &immediate, view, err) != AW_OK ||
		aw_report_page_units(call, &page, view, err) != AW_OK ||
		fill_events(call, &page, &decided, &contacted, view, err) != AW_OK ||
		fill_acts(call, &page, immediate, view, err) != AW_OK)
		return err->status;
	fill_steps(&page, decided, view);
	fill_clocks(call, &page, contacted, view);
	return AW_OK;
}
