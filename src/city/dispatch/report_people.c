/* city/dispatch/report_people - the people of a report: as written, as registered, how alike. */
#include <string.h>

#include "city/dispatch/report_page.h"
#include "city/dispatch/screen.h"
#include "city/person/evidence.h"
#include "city/person/people.h"
#include "city/person/register.h"
#include "city/person/page_rows.h"
#include "city/person/person.h"

static const AW_VIEW_TYPE(register_view, "RegisterAnswer", NULL, AW_FIELD("name", TEXT, OPEN),
	AW_FIELD_CODE("answer", EXISTENCE, "register.answer"), AW_FIELD("on", FLAG, EXISTENCE),
	AW_FIELD("unit", TEXT, EXISTENCE), AW_FIELD("as_of", DAY, OPEN));

static const AW_VIEW_TYPE(candidate_view, "Candidate", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("name", TEXT, IDENTITY), AW_FIELD("age", NUMBER, IDENTITY),
	AW_FIELD_CODE("sex", IDENTITY, "sex"), AW_FIELD("percent", TEXT, OPEN),
	AW_FIELD_OF("fields", LIST, OPEN, &aw_evidence_view));

const AW_VIEW_TYPE(aw_match_view, "Match", "dispatch/match", AW_FIELD("position", NUMBER, OPEN),
	AW_FIELD("role", TEXT, OPEN), AW_FIELD("reported_name", TEXT, IDENTITY),
	AW_FIELD("relation", TEXT, IDENTITY), AW_FIELD("name", TEXT, IDENTITY),
	AW_FIELD("path", LINK, IDENTITY), AW_FIELD_CODE("sex", RISK, "sex"),
	AW_FIELD("age", NUMBER, RISK), AW_FIELD_CODE("link_state", OPEN, "link.state"),
	AW_FIELD("sure", FLAG, OPEN), AW_FIELD("doubtful", FLAG, OPEN),
	AW_FIELD("unknown", FLAG, OPEN), AW_FIELD("by_household", FLAG, OPEN),
	AW_FIELD("percent", TEXT, OPEN), AW_FIELD("may_decide", FLAG, OPEN),
	AW_FIELD("link_path", LINK, OPEN), AW_FIELD("number", TEXT, OPEN),
	AW_FIELD_OF("fields", LIST, OPEN, &aw_evidence_view),
	AW_FIELD_OF("registers", LIST, OPEN, &register_view),
	AW_FIELD_OF("candidates", LIST, OPEN, &candidate_view), AW_FIELD("phone", TEXT, CONTACT),
	AW_FIELD("address", TEXT, ADDRESS), AW_FIELD("safe_call", TEXT, CONTACT),
	AW_FIELD("national_id", TEXT, NUMBER));

const AW_VIEW_TYPE(aw_prior_view, "PriorReport", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("kind_name", TEXT, RISK),
	AW_FIELD("at", INSTANT, RISK), AW_FIELD("worker", TEXT, RISK), AW_FIELD("unit", TEXT, RISK),
	AW_FIELD("open", FLAG, RISK), AW_FIELD("own", FLAG, OPEN), AW_FIELD("sealed", FLAG, OPEN),
	AW_FIELD("this_one", FLAG, OPEN));

static void
fill_registers(struct aw_call *call, struct aw_view *match, const struct aw_person_context *context,
	const struct aw_access *access)
{
	for (size_t i = 0; i < context->answer_count; i++) {
		const struct aw_register_answer *answer = &context->answers[i];
		struct aw_view *item = aw_view_item(match, "registers");
		enum aw_field_class class =
			aw_register_class(&call->act, answer->register_code, access);

		aw_view_text(item, "name",
			aw_register_name(&call->act, answer->register_code, call->language));
		if (answer->extract_day.known)
			aw_view_int(item, "as_of", answer->extract_day.v);
		if (!aw_access_may(access, class) || !aw_access_may(access, AW_CLASS_EXISTENCE)) {
			const char *why = aw_access_reason(access, class);
			aw_view_hide(item, "answer", why == NULL ? "confidential" : why);
			continue;
		}
		aw_view_text(
			item, "answer", answer->extract_day.known ? answer->answer : "unasked");
		aw_view_flag(item, "on",
			strcmp(answer->answer, "open") == 0 || strcmp(answer->answer, "past") == 0);
		if (answer->unit != NULL)
			aw_view_text(item, "unit", aw_call_label(call, "unit_short", answer->unit));
	}
}

static enum aw_status
fill_candidates(struct aw_call *call, const struct aw_report_person *person,
	const struct aw_person_query *query, const struct aw_access *to_report,
	struct aw_view *match, struct aw_error *err)
{
	struct aw_act *act = &call->act;
	struct aw_report_candidate *candidates;
	size_t count;

	if (aw_report_candidates(act, person->id, &candidates, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		struct aw_candidate compared;
		struct aw_access access;
		struct aw_person known;
		struct aw_view *item;

		if (aw_person_known(act, candidates[i].person, &known, err) != AW_OK ||
			aw_access_to(act, candidates[i].person, &access, err) != AW_OK)
			return err->status;
		/* whoever screens compares: the report's own access opens who it may be */
		if (access.shielded)
			continue;
		access.shown |= to_report->shown & AW_CLASS_BIT(AW_CLASS_IDENTITY);
		item = aw_view_item(match, "candidates");
		aw_view_allow_as(item, &access);
		aw_act_looked(
			act, candidates[i].person, access.shown & AW_CLASS_BIT(AW_CLASS_IDENTITY));
		aw_view_text(item, "number", known.number);
		aw_person_view_known(item, &known, query->on_day);
		aw_view_text(item, "percent",
			aw_evidence_percent(act->arena, candidates[i].probability_ppm));
		if (aw_people_compare(
			    act->people, act->arena, query, candidates[i].person, &compared))
			aw_evidence_fill(item, &compared, query->identity, &known.identity,
				to_report, &access);
	}
	return AW_OK;
}

static void
fill_reported(
	struct aw_call *call, const struct aw_report_page *page, size_t i, struct aw_view *match)
{
	const struct aw_report_person *person = &page->persons[i];
	const struct aw_report_person_in *in = &person->as_reported;
	const char *relation = aw_call_label(call, "relation", in->relation);

	aw_view_int(match, "position", person->position);
	if (page->roles[i] != NULL)
		aw_view_text(match, "role", aw_label_text(page->roles[i]->label, call->language));
	aw_view_text(match, "reported_name", in->name);
	if (person->erased)
		aw_view_hide(match, "reported_name", "erased");
	aw_view_text(match, "relation", relation != NULL ? relation : in->relation);
	aw_view_text(match, "sex", person->sex);
	if (person->age.known)
		aw_view_int(match, "age", person->age.v);
	aw_view_text(match, "phone", in->phone_count == 0 ? NULL : in->phones[0]);
	aw_view_text(match, "address", in->address);
	aw_view_text(match, "safe_call", in->safe_call);
	aw_view_text(match, "national_id", in->national_id);
	aw_view_text(match, "link_state", person->link_state);
	aw_view_text(match, "link_path",
		aw_arena_printf(call->act.arena, "/reports/%s/link", page->way.report.number));
}

/* An earlier report or open case of somebody of the household. *ret_told: false when the viewer may
 * not know of it. */
static enum aw_status
add_prior(struct aw_call *call, const struct aw_prior *prior, struct aw_view *view, bool *ret_told,
	struct aw_error *err)
{
	const struct aw_involvement *entry = &prior->involvement;
	struct aw_access access;
	struct aw_view *item;

	if (aw_access_to(&call->act, entry->person, &access, err) != AW_OK)
		return err->status;
	*ret_told = aw_access_lists(&access, AW_CLASS_RISK, entry->unit) &&
		    (prior->sealed_kind ||
			    aw_access_tells(call->act.policy, &access, entry->detail, entry->unit));
	if (!*ret_told)
		return AW_OK;
	item = aw_view_item(view, "priors");
	aw_view_flag(item, "own", prior->own);
	aw_view_flag(item, "sealed", prior->sealed_kind);
	aw_view_int(item, "at", entry->from_at);
	aw_view_flag(item, "open", strcmp(entry->kind, "service_case") == 0);
	if (entry->unit != NULL)
		aw_view_text(item, "unit", aw_call_label(call, "unit_short", entry->unit));
	if (prior->sealed_kind)
		return AW_OK;
	aw_view_text(item, "number", entry->number);
	if (strcmp(entry->kind, "report") == 0)
		aw_view_text(item, "path",
			aw_arena_printf(call->act.arena, "/reports/%s", entry->number));
	aw_view_text(item, "kind_name", aw_call_label(call, "kind", entry->detail));
	return AW_OK;
}

/* Counts are made of what is told alone: where something is hidden, of the rows on the page. */
static enum aw_status
fill_priors(struct aw_call *call, const struct aw_report_page *page,
	const struct aw_person_context *context, struct aw_view *view, struct aw_error *err)
{
	int64_t in_90 = 0, in_365 = 0;
	bool told, all = true;

	for (size_t i = 0; i < context->report_count; i++) {
		int64_t ago =
			page->way.report.received_at - context->reports[i].involvement.from_at;

		if (add_prior(call, &context->reports[i], view, &told, err) != AW_OK)
			return err->status;
		in_90 += told && ago <= 90 * AW_DAY_MS;
		in_365 += told && ago <= 365 * AW_DAY_MS;
		all = all && told;
	}
	for (size_t i = 0; i < context->case_count; i++)
		if (strcmp(context->cases[i].involvement.kind, "service_case") == 0 &&
			add_prior(call, &context->cases[i], view, &told, err) != AW_OK)
			return err->status;
	aw_view_int(view, "prior_90", all ? context->household_90 : in_90);
	aw_view_int(view, "prior_365", all ? context->household_365 : in_365);
	return AW_OK;
}

static enum aw_status
fill_context(struct aw_call *call, const struct aw_report_page *page,
	const struct aw_report_person *person, const struct aw_access *access,
	struct aw_view *match, struct aw_view *view, struct aw_error *err)
{
	struct aw_person_context context;
	const struct aw_person_role *role = aw_kind_role(page->way.kind, person->role);
	bool subject = role != NULL && role->is_subject;

	if (aw_person_context(&call->act, person->person.v, page->way.report.id, &context, err) !=
		AW_OK)
		return err->status;
	fill_registers(call, match, &context, access);
	if (!subject || !aw_access_lists(access, AW_CLASS_RISK, NULL))
		return AW_OK;
	return fill_priors(call, page, &context, view, err);
}

/* What the registered person adds to a match: name, evidence, registers. */
static enum aw_status
fill_known(struct aw_call *call, const struct aw_report_page *page,
	const struct aw_report_person *person, const struct aw_person_query *query,
	struct aw_view *match, struct aw_view *view, struct aw_error *err)
{
	struct aw_act *act = &call->act;
	struct aw_candidate compared;
	struct aw_access access;
	struct aw_person known;

	if (aw_access_to(act, person->person.v, &access, err) != AW_OK ||
		aw_person_known(act, person->person.v, &known, err) != AW_OK)
		return err->status;
	if (access.shielded && !access.serves)
		return AW_OK; /* not even the public number */
	aw_act_looked(act, person->person.v, access.shown);
	aw_view_allow_as(match, &access);
	aw_person_view_name(match, &known);
	if (aw_access_may(
		    &access, AW_CLASS_EXISTENCE)) { /* else there is no such page for the viewer */
		aw_view_text(match, "number", known.number);
		aw_view_text(
			match, "path", aw_arena_printf(act->arena, "/people/%s", known.number));
	}
	if (aw_people_compare(act->people, act->arena, query, person->person.v, &compared))
		aw_evidence_fill(match, &compared, query->identity, &known.identity,
			access.shielded ? &access : &page->access, &access);
	return fill_context(call, page, person, &access, match, view, err);
}

/* What a respondent's worker may not know of somebody they may not know from the report either. */
static enum aw_status
allow_own(struct aw_call *call, const struct aw_report_person *person, struct aw_view *match,
	struct aw_error *err)
{
	struct aw_access access;

	if (aw_access_to(&call->act, person->person.v, &access, err) != AW_OK)
		return err->status;
	if (access.shielded)
		aw_view_allow_as(match, &access);
	return AW_OK;
}

static enum aw_status
fill_match(struct aw_call *call, const struct aw_report_page *page, size_t i, struct aw_view *view,
	struct aw_error *err)
{
	const struct aw_report_person *person = &page->persons[i];
	struct aw_view *match = aw_view_item(view, "people");
	struct aw_identity reported;
	struct aw_person_query query = { .identity = &reported,
		.age = person->age.known ? (int32_t)person->age.v : -1,
		.on_day = page->way.report.received_day,
		.policy = call->act.policy };
	bool linked = person->person.known && strcmp(person->link_state, "rejected") != 0;
	bool waiting = strcmp(page->way.s.state, "waiting") == 0;
	bool household = person->levels != NULL && strncmp(person->levels, "household=", 10) == 0;

	if (person->person.known && allow_own(call, person, match, err) != AW_OK)
		return err->status;
	aw_screen_identity(call->act.arena, &person->as_reported, &reported);
	fill_reported(call, page, i, match);
	aw_view_flag(match, "sure", linked);
	aw_view_flag(match, "by_household", household);
	aw_view_flag(match, "may_decide",
		waiting && aw_access_may_do(call->act.policy, call->act.viewer, "dispatch.screen"));
	/* a person made for this report was compared with nobody: no probability to tell */
	if (person->probability_ppm.known && person->probability_ppm.v > 0 && linked)
		aw_view_text(match, "percent",
			aw_evidence_percent(call->act.arena, person->probability_ppm.v));
	if (linked && fill_known(call, page, person, &query, match, view, err) != AW_OK)
		return err->status;
	if (!linked && waiting) {
		if (fill_candidates(call, person, &query, &page->access, match, err) != AW_OK)
			return err->status;
	}
	aw_view_flag(match, "doubtful", !linked && strcmp(person->link_state, "none") == 0);
	aw_view_flag(match, "unknown", !linked);
	return AW_OK;
}

enum aw_status
aw_report_page_people(struct aw_call *call, const struct aw_report_page *page, struct aw_view *view,
	struct aw_error *err)
{
	int64_t known = 0;

	for (size_t i = 0; i < page->person_count; i++) {
		if (fill_match(call, page, i, view, err) != AW_OK)
			return err->status;
		if (page->persons[i].person.known)
			known++;
	}
	aw_view_int(view, "people_count", (int64_t)page->person_count);
	aw_view_int(view, "known_count", known);
	return AW_OK;
}
