/* city/dispatch/recognise - who is in a report: looked up, decided by people, told to the ledgers. */
#include <string.h>

#include "city/dispatch/screen.h"
#include "city/dispatch/ties.h"
#include "city/person/people.h"
#include "city/person/person.h"
#include "guard/access.h"

/* Candidates that are kept and shown for a person of a report. */
enum { CANDIDATES = 5 };
/* A relative found through the household is proposed from here on. */
#define KIN_LINK_PPM 950000

void
aw_screen_identity(struct aw_arena *arena, const struct aw_report_person_in *reported,
	struct aw_identity *ret_identity)
{
	struct aw_identity identity = { 0 };

	aw_identity_add_name(arena, &identity, AW_NAME_CURRENT, reported->name);
	aw_identity_add_name(arena, &identity, AW_NAME_ALIAS, reported->alias);
	aw_identity_add_number(arena, &identity, reported->national_id);
	if (reported->birth_date != NULL)
		(void)aw_identity_set_birth(arena, &identity, reported->birth_date);
	aw_identity_set_sex(&identity, reported->sex);
	for (size_t i = 0; i < reported->phone_count; i++)
		aw_identity_add_phone(arena, &identity, reported->phones[i]);
	aw_identity_add_address(arena, &identity, AW_ADDRESS_RESIDENCE, reported->address);
	aw_identity_add_address(
		arena, &identity, AW_ADDRESS_REGISTERED, reported->registered_address);
	*ret_identity = identity;
}

static enum aw_status
keep_candidates(struct aw_act *act, int64_t report_person, const struct aw_candidates *found,
	struct aw_error *err)
{
	struct aw_report_candidate kept[CANDIDATES];
	size_t count = found->count < CANDIDATES ? found->count : CANDIDATES;

	for (size_t i = 0; i < count; i++)
		kept[i] = (struct aw_report_candidate){ .person = found->at[i].person,
			.probability_ppm = found->at[i].probability_ppm,
			.levels = found->at[i].levels };
	return aw_report_candidates_put(act, report_person, kept, count, err);
}

/* Looks one person up in the index; proposes the best candidate when nothing speaks against it. */
static enum aw_status
recognise(struct aw_act *act, const struct aw_way *way, struct aw_report_person *person,
	struct aw_error *err)
{
	struct aw_identity identity;
	struct aw_person_query query = { .identity = &identity,
		.age = person->age.known ? (int32_t)person->age.v : -1,
		.on_day = way->report.received_day,
		.policy = act->policy };
	struct aw_candidates found;
	struct aw_report_link link = { .report_person = person->id, .state = "none" };

	aw_screen_identity(act->arena, &person->as_reported, &identity);
	aw_people_find(act->people, act->arena, &query, CANDIDATES, &found);
	if (keep_candidates(act, person->id, &found, err) != AW_OK)
		return err->status;
	if (found.count != 0 && found.at[0].match == AW_MATCH_LINK) {
		link.person = found.at[0].person;
		link.state = "proposed";
		link.probability_ppm = found.at[0].probability_ppm;
		link.levels = found.at[0].levels;
		person->person = AW_KNOWN(link.person);
	}
	person->link_state = link.state;
	return aw_report_person_set_link(act, &link, err);
}

/* What the reporter called a relative, as the household knows them. */
static const char *
kin_role(const char *relation)
{
	static const struct {
		const char *reported;
		const char *role;
	} roles[] = { { "father", "parent" }, { "mother", "parent" }, { "parent", "parent" },
		{ "spouse", "spouse" }, { "husband", "spouse" }, { "wife", "spouse" },
		{ "son", "child" }, { "daughter", "child" }, { "child", "child" },
		{ "brother", "sibling" }, { "sister", "sibling" }, { "sibling", "sibling" },
		{ "grandparent", "grandparent" }, { "grandchild", "grandchild" } };

	if (relation == NULL)
		return NULL;
	for (size_t i = 0; i < AW_COUNT(roles); i++) {
		if (strcmp(roles[i].reported, relation) == 0)
			return roles[i].role;
	}
	return NULL;
}

/* 妹妹 4歲: found through the household of the subject that was recognised. */
static enum aw_status
recognise_kin(struct aw_act *act, const struct aw_report_person *subject,
	struct aw_report_person *person, struct aw_error *err)
{
	const struct aw_report_person_in *in = &person->as_reported;
	struct aw_kin_query query = { .role = kin_role(in->relation),
		.sex = in->sex == NULL ? '\0' : in->sex[0],
		.age = person->age.known ? (int32_t)person->age.v : -1,
		.name = in->name };
	struct aw_report_link link = { .report_person = person->id, .state = "proposed" };
	struct aw_kin *kin;
	size_t count;

	if (aw_household_infer(act, subject->person.v, &query, &kin, &count, err) != AW_OK)
		return err->status;
	if (count == 0 || kin[0].probability_ppm < KIN_LINK_PPM)
		return AW_OK;
	link.person = kin[0].person;
	link.probability_ppm = kin[0].probability_ppm;
	link.levels = kin[0].levels;
	person->person = AW_KNOWN(link.person);
	person->link_state = "proposed";
	return aw_report_person_set_link(act, &link, err);
}

bool
aw_screen_is_subject(const struct aw_way *way, const struct aw_report_person *person)
{
	const struct aw_person_role *role = aw_kind_role(way->kind, person->role);

	return role != NULL && role->is_subject;
}

static bool
is_respondent(const struct aw_way *way, const struct aw_report_person *person)
{
	const struct aw_person_role *role = aw_kind_role(way->kind, person->role);

	return role != NULL && strcmp(role->side, "respondent") == 0;
}

/* What each register says of a recognised person, kept as it was on that day. */
static enum aw_status
keep_answers(struct aw_act *act, const struct aw_way *way, const struct aw_report_person *person,
	struct aw_error *err)
{
	struct aw_person_context context;
	struct aw_register_said *said;
	size_t count = 0;

	if (aw_person_context(act, person->person.v, way->report.id, &context, err) != AW_OK)
		return err->status;
	said = AW_NEW_ARRAY(act->arena, struct aw_register_said, context.answer_count);
	for (size_t i = 0; i < context.answer_count; i++) {
		const struct aw_register_answer *answer = &context.answers[i];
		if (!answer->extract_day.known)
			continue; /* never loaded: it says nothing, not even "no" */
		said[count++] = (struct aw_register_said){ .register_code = answer->register_code,
			.extract_day = (int32_t)answer->extract_day.v,
			.answer = answer->answer,
			.record = answer->record };
	}
	return aw_register_answers_put(act, person->id, said, count, err);
}

enum aw_status
aw_screen_recognise(struct aw_act *act, struct aw_way *way, struct aw_error *err)
{
	struct aw_report_person *persons, *subject = NULL;
	size_t count;

	if (aw_report_persons(act, way->report.id, AW_REPORT_CONTENT, &persons, &count, err) !=
		AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (recognise(act, way, &persons[i], err) != AW_OK)
			return err->status;
		if (subject == NULL && persons[i].person.known &&
			aw_screen_is_subject(way, &persons[i]))
			subject = &persons[i];
	}
	for (size_t i = 0; i < count; i++) {
		if (subject != NULL && !persons[i].person.known &&
			recognise_kin(act, subject, &persons[i], err) != AW_OK)
			return err->status;
		if (persons[i].person.known && keep_answers(act, way, &persons[i], err) != AW_OK)
			return err->status;
	}
	if (aw_ties_of_report(act, way, err) != AW_OK)
		return err->status;
	return aw_way_event(act, way, 0, "recognised", NULL, NULL, err);
}

/* -- who they are ---------------------------------------------------------------------------- */

static enum aw_status
find_person(struct aw_act *act, int64_t report, int64_t report_person,
	struct aw_report_person *ret_person, struct aw_error *err)
{
	struct aw_report_person *persons;
	size_t count;

	if (aw_report_persons(act, report, AW_REPORT_CONTENT, &persons, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (persons[i].id == report_person) {
			*ret_person = persons[i];
			return AW_OK;
		}
	}
	return aw_fail(err, AW_NOT_FOUND, "no such person in the report");
}

static enum aw_status
create_person(struct aw_act *act, const struct aw_report_person *person,
	struct aw_report_link *link, struct aw_error *err)
{
	struct aw_identity identity;
	const char *number;

	aw_screen_identity(act->arena, &person->as_reported, &identity);
	if (aw_person_create(act, &identity, "report", &link->person, &number, err) != AW_OK)
		return err->status;
	link->state = "created";
	return AW_OK;
}

enum aw_status
aw_dispatch_link(struct aw_act *act, int64_t report_person, int64_t person,
	enum aw_link_choice choice, struct aw_error *err)
{
	struct aw_report_link link = { .report_person = report_person,
		.person = choice == AW_LINK_SAME ? person : 0,
		.state = choice == AW_LINK_SAME ? "confirmed" : "rejected",
		.by_account = act->viewer->account };
	struct sql_report_of_person row;
	struct aw_report_person reported;
	struct aw_way way;
	bool found;

	if (sql_report_of_person(act->tx, &(struct sql_report_of_person_in){ .id = report_person },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no such person in a report");
	if (aw_way_load(act, row.report, AW_REPORT_CONTENT, &way, err) != AW_OK ||
		find_person(act, row.report, report_person, &reported, err) != AW_OK)
		return err->status;
	if (strcmp(way.s.state, "waiting") != 0)
		return aw_fail(
			err, AW_CONFLICT, "report %s left screening already", way.report.number);
	if (choice == AW_LINK_NEW && create_person(act, &reported, &link, err) != AW_OK)
		return err->status;
	if (link.person != 0)
		aw_act_looked(act, link.person, AW_CLASS_BIT(AW_CLASS_IDENTITY));
	if (aw_report_person_set_link(act, &link, err) != AW_OK)
		return err->status;
	if (choice != AW_LINK_OTHER) {
		reported.person = AW_KNOWN(link.person);
		if (keep_answers(act, &way, &reported, err) != AW_OK)
			return err->status;
	}
	if (aw_ties_of_report(act, &way, err) != AW_OK ||
		aw_way_event(act, &way, 0, "linked", link.state, NULL, err) != AW_OK)
		return err->status;
	return aw_screen_decide(act, &way, err);
}

/* The ledger of a person learns of the report, so that the next one sees it. */
static enum aw_status
tell_ledger(struct aw_act *act, const struct aw_way *way, const struct aw_report_person *person,
	struct aw_error *err)
{
	return aw_involvement_add(act,
		&(struct aw_involvement){ .person = person->person.v,
			.kind = "report",
			.detail = way->report.kind,
			.role = person->role,
			.reference = way->report.id,
			.number = way->report.number,
			.from_at = way->report.received_at,
			.to_at = AW_KNOWN(way->report.received_at) },
		err);
}

/* Enough to know them again: others than the subject become people of the city by this alone. */
static bool
well_named(const struct aw_report_person_in *reported)
{
	return reported->name != NULL &&
	       (reported->national_id != NULL || reported->birth_day.known ||
		       reported->birth_date != NULL);
}

static enum aw_status
confirm_person(struct aw_act *act, struct aw_way *way, struct aw_report_person *person, bool strict,
	struct aw_error *err)
{
	struct aw_report_link link = { .report_person = person->id,
		.person = person->person.v,
		.state = "confirmed",
		.probability_ppm = person->probability_ppm.v,
		.levels = person->levels,
		.by_account = act->viewer->account };
	struct aw_report_candidate *candidates;
	size_t count;

	if (!person->person.known) {
		if (!aw_screen_is_subject(way, person) && !well_named(&person->as_reported))
			return AW_OK;
		if (aw_report_candidates(act, person->id, &candidates, &count, err) != AW_OK)
			return err->status;
		if (count != 0 && strcmp(person->link_state, "rejected") != 0) {
			/* who is protected from whom hangs on both of them */
			if (!strict ||
				!(aw_screen_is_subject(way, person) || is_respondent(way, person)))
				return AW_OK;
			return aw_fail(err, AW_CONFLICT,
				"decide first who person %lld of the report is",
				(long long)person->position);
		}
		if (create_person(act, person, &link, err) != AW_OK) {
			/* nothing identifies them: the issue stays without a person */
			if (err->status != AW_INVALID)
				return err->status;
			aw_error_clear(err);
			return AW_OK;
		}
		person->person = AW_KNOWN(link.person);
	}
	if (strcmp(person->link_state, "confirmed") != 0 &&
		aw_report_person_set_link(act, &link, err) != AW_OK)
		return err->status;
	aw_act_looked(act, person->person.v, AW_CLASS_BIT(AW_CLASS_IDENTITY));
	return tell_ledger(act, way, person, err);
}

enum aw_status
aw_screen_confirm_people(struct aw_act *act, struct aw_way *way, bool strict, struct aw_error *err)
{
	struct aw_report_person *persons;
	size_t count;

	if (aw_report_persons(act, way->report.id, AW_REPORT_CONTENT, &persons, &count, err) !=
		AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (confirm_person(act, way, &persons[i], strict, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}
