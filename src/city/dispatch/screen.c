/* city/dispatch/screen - a received report: how grave, whose work. */
#include "city/dispatch/screen.h"

#include <string.h>

#include "city/person/person.h"
#include "city/triage/fact_class.h"

/* When a length of time that the policy names ends, counted from the report. */
static struct aw_maybe
due_at(const struct aw_act *act, const struct aw_way *way, struct aw_span span)
{
	int64_t from = way->report.received_at;
	int32_t day;

	switch (span.unit) {
	case AW_SPAN_HOURS:
		return AW_KNOWN(from + span.amount * AW_HOUR_MS);
	case AW_SPAN_DAYS:
		day = aw_taipei_day(from) + (int32_t)span.amount;
		return AW_KNOWN(aw_taipei_day_start_ms(day + 1) - AW_SECOND_MS);
	case AW_SPAN_WORKING_DAYS:
		day = aw_policy_add_working_days(act->policy, aw_taipei_day(from), span.amount);
		return AW_KNOWN(aw_taipei_day_start_ms(day + 1) - AW_SECOND_MS);
	case AW_SPAN_NONE:
	default:
		return AW_UNKNOWN;
	}
}

/* Where the subject lives, by the order of addresses that the unit type names. */
static const char *
district_for(const struct aw_unit_type *type, const char *residence, const char *incident)
{
	for (size_t i = 0; type != NULL && i < type->address_order_count; i++) {
		if (strcmp(type->address_order[i], "incident") == 0 && incident != NULL)
			return incident;
		if (strcmp(type->address_order[i], "residence") == 0 && residence != NULL)
			return residence;
	}
	return residence != NULL ? residence : incident;
}

static const char *
basis_of(const struct aw_act *act, const char *table, int64_t row)
{
	return aw_arena_printf(act->arena, "%s:%lld", table, (long long)row);
}

/* Whoever may not see what its rows look at is told of the unit by the rows that look at nothing of it. */
static void
say_what_is_open(const struct aw_act *act, const struct aw_way *way,
	const struct aw_decision *decision, const struct aw_proposed_unit *unit,
	struct aw_proposal *proposal)
{
	const struct aw_fact_eye eye = aw_fact_eye(act, NULL, way->report.received_at);
	struct aw_span first_contact = { 0 };

	for (size_t i = 0; i < unit->part_count; i++) {
		const struct aw_proposed_part *part = &unit->parts[i];
		const struct aw_explain_decision *table =
			aw_explain_find(&decision->explain, part->table);
		uint32_t classes =
			table == NULL ? UINT32_MAX : aw_row_classes(&eye, table, part->row);

		proposal->classes |= classes;
		if (classes != 0)
			continue;
		if (proposal->open_basis == NULL)
			proposal->open_basis = basis_of(act, part->table, part->row);
		aw_proposed_join(act->arena, part, &proposal->open_task, &first_contact);
	}
	proposal->open_due_at = due_at(act, way, first_contact);
}

static enum aw_status
propose_unit(struct aw_act *act, struct aw_way *way, const struct aw_decision *decision,
	const struct aw_proposed_unit *unit, const char *role, const char *residence,
	struct aw_error *err)
{
	int32_t day = aw_taipei_day(act->now_ms);
	const struct aw_unit_type *type = aw_policy_unit_type(act->policy, unit->type);
	const struct aw_unit *found = aw_policy_unit_for(
		act->policy, unit->type, district_for(type, residence, way->report.district), day);
	struct aw_proposal proposal;

	if (found == NULL)
		return AW_OK; /* a school, a hospital: the screener names it, the page says so */
	proposal = (struct aw_proposal){ .unit = found->code,
		.role = role,
		.side = unit->side == NULL ? "protected" : unit->side,
		.task = unit->task == NULL ? "" : unit->task,
		.basis = basis_of(act, unit->table, unit->row),
		.first_contact_due_at = due_at(act, way, unit->first_contact),
		.decision = decision->id };
	say_what_is_open(act, way, decision, unit, &proposal);
	return aw_way_propose(act, way, &proposal, err);
}

/* 在案規則: a unit that serves somebody of the household is told, with the side it serves. */
static enum aw_status
propose_open_cases(struct aw_act *act, struct aw_way *way, const struct aw_decision *decision,
	const struct aw_report_person *person, struct aw_error *err)
{
	const struct aw_person_role *role = aw_kind_role(way->kind, person->role);
	struct aw_person_context context;
	struct aw_proposal proposal;

	if (aw_person_context(act, person->person.v, way->report.id, &context, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < context.case_count; i++) {
		const struct aw_involvement *open = &context.cases[i].involvement;
		bool of_respondent = context.cases[i].own && role != NULL &&
				     strcmp(role->side, "respondent") == 0;
		if (strcmp(open->kind, "service_case") != 0 || open->unit == NULL ||
			aw_policy_unit(act->policy, open->unit) == NULL)
			continue;
		proposal = (struct aw_proposal){ .unit = open->unit,
			.role = "co",
			.side = of_respondent ? "respondent" : "neutral",
			.task = "",
			.basis = "open_case",
			.person = AW_KNOWN(open->person),
			.decision = decision->id };
		aw_way_proposal_by_type(act, &proposal);
		if (aw_way_propose(act, way, &proposal, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_screen_propose(struct aw_act *act, struct aw_way *way, const struct aw_decision *decision,
	struct aw_error *err)
{
	struct aw_report_person *persons;
	const char *residence = NULL;
	size_t count;

	if (sql_dispatch_drop_proposed(act->tx,
		    &(struct sql_dispatch_drop_proposed_in){ .report = way->report.id },
		    err) != AW_OK ||
		aw_dispatch_of_report(act, way->report.id, &way->dispatches, &way->dispatch_count,
			err) != AW_OK ||
		aw_report_persons(act, way->report.id, AW_REPORT_CONTENT, &persons, &count, err) !=
			AW_OK)
		return err->status;
	for (size_t i = 0; i < count && residence == NULL; i++) {
		struct aw_person person;
		if (!persons[i].person.known || !aw_screen_is_subject(way, &persons[i]))
			continue;
		if (aw_person_known(act, persons[i].person.v, &person, err) != AW_OK)
			return err->status;
		residence = person.district;
	}
	if (propose_unit(act, way, decision, &decision->lead, "lead", residence, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < decision->co_count; i++) {
		if (propose_unit(act, way, decision, &decision->co_units[i], "co", residence,
			    err) != AW_OK)
			return err->status;
	}
	for (size_t i = 0; i < count; i++) {
		if (persons[i].person.known &&
			propose_open_cases(act, way, decision, &persons[i], err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_screen_decide(struct aw_act *act, struct aw_way *way, struct aw_error *err)
{
	struct aw_decision decision;

	if (aw_triage_decide(act, way->report.id, 0, &decision, err) != AW_OK)
		return aw_wrap(err, "report %s", way->report.number);
	if (aw_way_event(act, way, 0, "decided", NULL, NULL, err) != AW_OK)
		return err->status;
	return aw_screen_propose(act, way, &decision, err);
}

enum aw_status
aw_dispatch_screen(struct aw_act *act, int64_t report, struct aw_error *err)
{
	struct sql_screening_get there;
	struct aw_way way;
	bool found;

	if (sql_screening_get(act->tx, &(struct sql_screening_get_in){ .report = report },
		    act->arena, &there, &found, err) != AW_OK)
		return err->status;
	if (found)
		return AW_OK;
	if (sql_screening_insert(act->tx,
		    &(struct sql_screening_insert_in){
			    .report = report, .changed_at = act->now_ms },
		    err) != AW_OK ||
		aw_way_load(act, report, AW_REPORT_CONTENT, &way, err) != AW_OK ||
		aw_screen_recognise(act, &way, err) != AW_OK ||
		aw_screen_decide(act, &way, err) != AW_OK)
		return err->status;
	return aw_report_state_set(act, report, "screened", err);
}

enum aw_status
aw_dispatch_decide_again(struct aw_act *act, int64_t report, struct aw_error *err)
{
	struct aw_way way;

	if (aw_way_load(act, report, AW_REPORT_CONTENT, &way, err) != AW_OK)
		return err->status;
	if (strcmp(way.s.state, "waiting") != 0)
		return aw_fail(
			err, AW_CONFLICT, "report %s left screening already", way.report.number);
	return aw_screen_decide(act, &way, err);
}
