/* city/triage/gather - the facts of a report, from its answers, its people and what is known. */
#include "city/triage/gather.h"

#include <string.h>

#include "city/person/person.h"
#include "policy/instrument.h"

/* -- answers -------------------------------------------------------------------------------- */

/* The sum as a range under the instrument's code, items that do not count under theirs, and what the
 * instrument concludes as a text. */
static void
instrument_facts(const struct aw_instrument *instrument, const char *code, const json_t *answers,
	struct aw_triage_facts *facts)
{
	struct aw_score score;
	bool any = aw_instrument_score(instrument, answers, &score);

	if (instrument->band_count == 0) {
		aw_fact_text(facts, code, score.conclusion == NULL ? NULL : score.conclusion->code,
			"answer");
		return;
	}
	for (size_t i = 0; i < instrument->item_count && !json_is_integer(answers); i++) {
		const struct aw_instrument_item *item = &instrument->items[i];
		struct aw_item_score one =
			aw_instrument_item_score(item, json_object_get(answers, item->code));
		const char *name = aw_arena_printf(facts->arena, "%s_%s", code, item->code);
		if (item->counted)
			continue;
		if (one.answered)
			aw_fact_number(facts, name, one.least, "answer");
		else
			aw_fact_unknown(facts, name, "answer");
	}
	if (any)
		aw_fact_between(facts, code, score.least, score.most, "answer");
	else
		aw_fact_unknown(facts, code, "answer");
}

static void
answer_fact(const struct aw_policy *policy, const struct aw_question *question,
	const json_t *answer, int32_t day, struct aw_triage_facts *facts)
{
	const struct aw_instrument *instrument;
	const json_t *item;
	size_t i;

	if (question->type == AW_QUESTION_INSTRUMENT) {
		instrument = aw_policy_instrument(policy, question->instrument, day);
		if (instrument != NULL)
			instrument_facts(instrument, question->code, answer, facts);
		return;
	}
	if (json_is_boolean(answer))
		aw_fact_flag(facts, question->code, json_is_true(answer), "answer");
	else if (json_is_integer(answer))
		aw_fact_number(facts, question->code, json_integer_value(answer), "answer");
	else if (json_is_string(answer) && question->type == AW_QUESTION_CHOICES)
		aw_fact_add(facts, question->code, json_string_value(answer), "answer");
	else if (json_is_string(answer) && strcmp(json_string_value(answer), "unknown") != 0)
		aw_fact_text(facts, question->code, json_string_value(answer), "answer");
	else if (json_is_array(answer) && json_array_size(answer) != 0)
		json_array_foreach((json_t *)(uintptr_t)answer, i, item)
		{
			if (json_is_string(item))
				aw_fact_add(
					facts, question->code, json_string_value(item), "answer");
		}
	else
		aw_fact_unknown(facts, question->code, "answer");
}

void
aw_triage_answers(const struct aw_policy *policy, const struct aw_kind *kind, const json_t *answers,
	int32_t day, struct aw_triage_facts *facts)
{
	for (size_t i = 0; i < kind->question_count; i++)
		answer_fact(policy, &kind->questions[i],
			json_object_get(answers, kind->questions[i].code), day, facts);
}

/* -- people --------------------------------------------------------------------------------- */

struct people {
	struct aw_report_person *at;
	size_t count;
	const struct aw_report_person *subject, *respondent;
};

static enum aw_status
find_people(struct aw_act *act, const struct aw_report *report, const struct aw_kind *kind,
	const struct aw_issue *issue, struct people *ret, struct aw_error *err)
{
	if (aw_report_persons(act, report->id, AW_REPORT_CONTENT, &ret->at, &ret->count, err) !=
		AW_OK)
		return err->status;
	for (size_t i = 0; i < ret->count; i++) {
		const struct aw_person_role *role = aw_kind_role(kind, ret->at[i].role);
		if (issue != NULL ? ret->at[i].id == issue->report_person
				  : ret->subject == NULL && role != NULL && role->is_subject)
			ret->subject = &ret->at[i];
		if (ret->respondent == NULL && role != NULL &&
			strcmp(role->side, "respondent") == 0)
			ret->respondent = &ret->at[i];
	}
	return AW_OK;
}

static void
person_facts(const struct people *people, struct aw_triage_facts *facts)
{
	const struct aw_report_person *subject = people->subject, *respondent = people->respondent;
	const char *relation;

	if (subject == NULL || !subject->age.known)
		aw_fact_unknown(facts, "subject_age", "person");
	else
		aw_fact_number(facts, "subject_age", subject->age.v, "person");
	aw_fact_text(facts, "subject_sex", subject == NULL ? NULL : subject->sex, "person");
	aw_fact_text(
		facts, "respondent_sex", respondent == NULL ? NULL : respondent->sex, "person");
	if (respondent == NULL)
		return;
	relation = respondent->as_reported.relation;
	if (relation != NULL && relation[0] >= 'a' && relation[0] <= 'z')
		aw_fact_text(facts, "relation", relation, "person");
	if (respondent->as_reported.lives_with != AW_TRI_UNKNOWN)
		aw_fact_flag(facts, "cohabiting", respondent->as_reported.lives_with == AW_TRI_YES,
			"person");
}

static int64_t
children_in(const struct aw_household *household, struct aw_act *act, struct aw_error *err,
	enum aw_status *ret_status)
{
	int32_t today = aw_taipei_day(act->now_ms);
	int64_t children = 0;

	*ret_status = AW_OK;
	for (size_t i = 0; i < household->member_count; i++) {
		struct aw_person person;
		int32_t age;
		*ret_status = aw_person_get(act, household->members[i].person, &person, err);
		if (*ret_status != AW_OK)
			return 0;
		age = aw_identity_age(&person.identity, today);
		children += age >= 0 && age < 18 ? 1 : 0;
	}
	return children;
}

static void
copy_fact(const struct aw_person_fact *known, struct aw_triage_facts *facts, const char *prefix)
{
	char *name = aw_arena_printf(facts->arena, "%s%s", prefix, known->name);
	const char *source = known->source;

	if (source != NULL && strcmp(source, "ledger") != 0)
		source = aw_arena_printf(facts->arena, "register.%s", source);
	switch (known->kind) {
	case AW_PERSON_FACT_FLAG:
		aw_fact_flag(facts, name, known->number != 0, source);
		return;
	case AW_PERSON_FACT_NUMBER:
	case AW_PERSON_FACT_DAY:
		aw_fact_number(facts, name, known->number, source);
		return;
	case AW_PERSON_FACT_TEXT:
	default:
		aw_fact_text(facts, name, known->text, source);
		return;
	}
}

static enum aw_status
subject_facts(struct aw_act *act, const struct aw_report *report, const struct people *people,
	struct aw_triage_facts *facts, struct aw_error *err)
{
	struct aw_person_context context;
	enum aw_status status;
	int64_t children;

	if (people->subject == NULL || !people->subject->person.known)
		return AW_OK; /* nobody recognised: nothing is known, which is not "no" */
	if (aw_person_context(act, people->subject->person.v, report->id, &context, err) != AW_OK)
		return err->status;
	aw_fact_number(facts, "prior_90", context.household_90, "reports");
	aw_fact_number(facts, "prior_365", context.household_365, "reports");
	if (context.household.id != 0) {
		children = children_in(&context.household, act, err, &status);
		if (status != AW_OK)
			return status;
		aw_fact_number(facts, "household_children", children, "household");
	}
	for (size_t i = 0; i < context.fact_count; i++) {
		const char *name = context.facts[i].name;
		if (strcmp(name, "prior_90") != 0 && strcmp(name, "prior_365") != 0)
			copy_fact(&context.facts[i], facts, "");
	}
	return AW_OK;
}

static enum aw_status
respondent_facts(struct aw_act *act, const struct aw_report *report, const struct people *people,
	struct aw_triage_facts *facts, struct aw_error *err)
{
	const struct aw_person_fact *known;
	struct aw_person_context context;

	if (people->respondent == NULL || !people->respondent->person.known)
		return AW_OK;
	if (aw_person_context(act, people->respondent->person.v, report->id, &context, err) !=
		AW_OK)
		return err->status;
	known = aw_person_fact(&context, "mental_open");
	if (known != NULL)
		copy_fact(known, facts, "respondent_");
	known = aw_person_fact(&context, "drug_open");
	if (known != NULL && known->number != 0)
		copy_fact(known, facts, "");
	return AW_OK;
}

/* -- all ------------------------------------------------------------------------------------ */

static enum aw_status
issue_facts(struct aw_act *act, const struct aw_report *report, int64_t issue_id,
	struct aw_triage_facts *facts, const struct aw_issue **ret_issue, struct aw_error *err)
{
	const struct aw_issue *found = NULL;
	const char *kind = report->kind;
	struct aw_issue *issues;
	size_t count;

	if (aw_report_issues(act, report->id, &issues, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		bool ended = aw_text_eq(issues[i].screen_result, "reclassified");
		if (found == NULL && !ended && (issue_id == 0 || issues[i].id == issue_id))
			found = &issues[i];
	}
	if (found != NULL)
		kind = found->kind;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(issues[i].kind, kind) != 0 &&
			!aw_text_eq(issues[i].screen_result, "reclassified"))
			aw_fact_add(facts, "other_kinds", issues[i].kind, "issue");
	}
	aw_fact_text(facts, "kind", kind, "issue");
	*ret_issue = found;
	return AW_OK;
}

enum aw_status
aw_triage_gather(struct aw_act *act, int64_t report_id, int64_t issue_id,
	struct aw_triage_facts *facts, struct aw_report *ret_report, struct aw_error *err)
{
	struct people people = { 0 };
	const struct aw_kind *kind;
	const struct aw_issue *issue;
	const char *kind_code, *district;
	struct aw_person subject;

	if (aw_report_get(act, report_id, AW_REPORT_CONTENT, ret_report, err) != AW_OK ||
		issue_facts(act, ret_report, issue_id, facts, &issue, err) != AW_OK)
		return err->status;
	kind_code = issue != NULL ? issue->kind : ret_report->kind;
	kind = aw_policy_kind(act->policy, kind_code);
	if (kind == NULL)
		return aw_fail(err, AW_INVALID, "the policy in force has no kind %s", kind_code);
	aw_triage_answers(act->policy, kind, ret_report->answers, ret_report->received_day, facts);
	if (find_people(act, ret_report, kind, issue, &people, err) != AW_OK)
		return err->status;
	person_facts(&people, facts);
	district = ret_report->district;
	if (people.subject != NULL && people.subject->person.known) {
		if (aw_person_known(act, people.subject->person.v, &subject, err) != AW_OK)
			return err->status;
		if (subject.district != NULL)
			district = subject.district;
	}
	aw_fact_text(facts, "district", district, "person");
	if (subject_facts(act, ret_report, &people, facts, err) != AW_OK)
		return err->status;
	return respondent_facts(act, ret_report, &people, facts, err);
}
