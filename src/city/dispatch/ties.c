/* city/dispatch/ties - what a step on the way gives a unit to do with whom. */
#include "city/dispatch/ties.h"

#include <string.h>

#include "city/person/person.h"
#include "guard/relation.h"

static const char *
side_of(const struct aw_way *way, const struct aw_report_person *person)
{
	const struct aw_person_role *role = aw_kind_role(way->kind, person->role);

	return role == NULL ? "neutral" : role->side;
}

static const char *
screening_centre(const struct aw_policy *policy)
{
	for (size_t i = 0; i < policy->unit_count; i++) {
		if (policy->units[i].screens)
			return policy->units[i].code;
	}
	return NULL;
}

static enum aw_status
tie_household(struct aw_act *act, const struct aw_way *way, const char *unit,
	const struct aw_report_person *person, struct aw_error *err)
{
	struct aw_tie tie = { .unit = unit,
		.person = person->person.v,
		.side = side_of(way, person),
		.kind = AW_TIE_SCREENING,
		.reference = way->report.id };
	struct aw_household household;

	if (aw_relation_add(act, &tie, err) != AW_OK ||
		aw_household_of(act, person->person.v, way->report.received_day, &household, err) !=
			AW_OK)
		return err->status;
	tie.side = "neutral";
	for (size_t i = 0; i < household.member_count; i++) {
		tie.person = household.members[i].person;
		if (tie.person != person->person.v && aw_relation_add(act, &tie, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
oppose_all(struct aw_act *act, const struct aw_way *way, const struct aw_report_person *persons,
	size_t count, struct aw_error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!persons[i].person.known || strcmp(side_of(way, &persons[i]), "protected") != 0)
			continue;
		for (size_t k = 0; k < count; k++) {
			if (!persons[k].person.known ||
				strcmp(side_of(way, &persons[k]), "respondent") != 0 ||
				persons[k].person.v == persons[i].person.v)
				continue;
			if (aw_relation_oppose(act, persons[i].person.v, persons[k].person.v,
				    way->report.id, err) != AW_OK)
				return err->status;
		}
	}
	return AW_OK;
}

enum aw_status
aw_ties_of_report(struct aw_act *act, const struct aw_way *way, struct aw_error *err)
{
	const char *centre = screening_centre(act->policy);
	struct aw_report_person *persons;
	size_t count;

	if (aw_report_persons(act, way->report.id, AW_REPORT_PLAIN, &persons, &count, err) !=
			AW_OK ||
		aw_relation_unoppose(act, way->report.id, err) != AW_OK ||
		aw_relation_end(act, way->report.id, err) != AW_OK ||
		oppose_all(act, way, persons, count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; centre != NULL && i < count; i++) {
		if (persons[i].person.known &&
			tie_household(act, way, centre, &persons[i], err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* Whether a unit on this side has to do with a person on that side, and how. */
static bool
tie_kind(const struct aw_dispatch *d, const char *person_side, enum aw_tie_kind *ret_kind)
{
	bool respondent = strcmp(person_side, "respondent") == 0;

	if (strcmp(d->side, "respondent") == 0 && !respondent)
		return false; /* its client alone: rule 1 of guard/access.h */
	if (strcmp(d->side, "respondent") != 0 && respondent)
		*ret_kind = AW_TIE_CONTEXT;
	else
		*ret_kind = strcmp(d->role, "lead") == 0 ? AW_TIE_LEAD : AW_TIE_CO;
	return true;
}

/* The tie to one person of the report, with the dispatch or the case as its reference. */
static enum aw_status
tie_person(struct aw_act *act, const struct aw_way *way, const struct aw_dispatch *d,
	const struct aw_report_person *person, int64_t reference, struct aw_error *err)
{
	struct aw_tie tie = { .unit = d->unit,
		.account = d->worker.known ? d->worker.v : 0,
		.person = person->person.v,
		.side = d->side,
		.reference = reference };

	if (!tie_kind(d, side_of(way, person), &tie.kind))
		return AW_OK;
	if (aw_relation_add(act, &tie, err) != AW_OK)
		return err->status;
	if (tie.kind == AW_TIE_CONTEXT || reference != d->id)
		return AW_OK;
	return aw_involvement_add(act,
		&(struct aw_involvement){ .person = tie.person,
			.kind = "dispatch",
			.detail = way->report.kind,
			.role = person->role,
			.unit = d->unit,
			.account = tie.account,
			.reference = d->id,
			.number = way->report.number,
			.from_at = act->now_ms },
		err);
}

enum aw_status
aw_ties_of_dispatch(struct aw_act *act, const struct aw_way *way, const struct aw_dispatch *d,
	struct aw_error *err)
{
	struct aw_report_person *persons;
	size_t count;

	if (aw_report_persons(act, way->report.id, AW_REPORT_PLAIN, &persons, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (persons[i].person.known &&
			tie_person(act, way, d, &persons[i], d->id, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_dispatch_hand_over(struct aw_act *act, int64_t dispatch, int64_t service_case, int64_t worker,
	struct aw_error *err)
{
	struct aw_report_person *persons;
	struct aw_dispatch *d;
	struct aw_way way;
	size_t count;

	if (aw_way_of_dispatch(act, dispatch, AW_REPORT_PLAIN, &way, &d, err) != AW_OK ||
		aw_report_persons(act, way.report.id, AW_REPORT_PLAIN, &persons, &count, err) !=
			AW_OK)
		return err->status;
	d->worker = AW_KNOWN(worker);
	for (size_t i = 0; i < count; i++) {
		if (persons[i].person.known &&
			tie_person(act, &way, d, &persons[i], service_case, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_ties_end(struct aw_act *act, const struct aw_dispatch *d, struct aw_error *err)
{
	if (aw_relation_end(act, d->id, err) != AW_OK)
		return err->status;
	return aw_involvement_end(act, d->id, 0, act->now_ms, err);
}

enum aw_status
aw_ties_end_screening(struct aw_act *act, const struct aw_way *way, struct aw_error *err)
{
	return aw_relation_end(act, way->report.id, err);
}
