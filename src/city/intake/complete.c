/* city/intake - how complete a report is for its kind: which wanted facts it holds. */
#include <string.h>

#include "city/intake/inside.h"

const char *
aw_kind_subject_role(const struct aw_kind *kind)
{
	for (size_t i = 0; i < kind->role_count; i++)
		if (kind->roles[i].is_subject)
			return kind->roles[i].code;
	return kind->roles[0].code; /* the policy's check sees to it that there is one */
}

bool
aw_report_is_subject(const struct aw_kind *kind, const char *role)
{
	const struct aw_person_role *found = role != NULL ? aw_kind_role(kind, role) : NULL;

	return role == NULL || (found != NULL && found->is_subject);
}

bool
aw_report_is_respondent(const struct aw_kind *kind, const char *role)
{
	const struct aw_person_role *found = role != NULL ? aw_kind_role(kind, role) : NULL;

	return found != NULL && strcmp(found->side, "respondent") == 0;
}

/* What a report says, looked at once. */
struct view {
	const struct aw_report_in *in;
	const struct aw_report_person_in *subject, *respondent; /* the first of each; NULL = none */
	size_t subject_at, respondent_at;
	bool nobody; /* the answer: there is no respondent */
};

static const json_t *
answer(const struct view *v, const char *code)
{
	const json_t *value = json_object_get(v->in->answers, code);

	return value == NULL || json_is_null(value) ? NULL : value;
}

static bool
answered(const struct view *v, const char *code)
{
	const json_t *value = answer(v, code);

	if (json_is_array(value))
		return json_array_size(value) > 0;
	if (json_is_string(value))
		return json_string_length(value) > 0;
	return value != NULL && (!json_is_object(value) || json_object_size(value) > 0);
}

static bool
holds_subject(const struct view *v, const char *what)
{
	const struct aw_report_person_in *p = v->subject;
	bool born;

	if (p == NULL)
		return false;
	born = p->birth_date != NULL;
	if (strcmp(what, "name") == 0)
		return p->name != NULL || p->alias != NULL || p->national_id != NULL;
	if (strcmp(what, "birth") == 0)
		return born || p->age.known;
	if (strcmp(what, "identity") == 0)
		return born || p->national_id != NULL;
	if (strcmp(what, "sex") == 0)
		return p->sex != NULL;
	if (strcmp(what, "address") == 0)
		return p->address != NULL || p->registered_address != NULL;
	return p->phone_count > 0 || p->safe_call != NULL; /* contact */
}

static bool
holds_respondent(const struct view *v, const char *what)
{
	const struct aw_report_person_in *p = v->respondent;

	if (v->nobody)
		return true;
	if (strcmp(what, "relation") == 0)
		return (p != NULL && p->relation != NULL) || answered(v, "relation");
	if (strcmp(what, "lives_with") == 0)
		return (p != NULL && p->lives_with != AW_TRI_UNKNOWN) || answered(v, "cohabiting");
	return p != NULL && (p->name != NULL || p->alias != NULL || p->national_id != NULL);
}

static bool
holds(const struct view *v, const char *code)
{
	const struct aw_report_in *in = v->in;

	if (strncmp(code, "subject_", 8) == 0)
		return holds_subject(v, code + 8);
	if (strncmp(code, "respondent_", 11) == 0 && answer(v, code) == NULL)
		return holds_respondent(v, code + 11) &&
		       (strcmp(code, "respondent_name") == 0 ||
			       strcmp(code, "respondent_relation") == 0 ||
			       strcmp(code, "respondent_lives_with") == 0);
	if (strcmp(code, "incident_at") == 0)
		return in->incident.at_text != NULL || in->incident.at.known;
	if (strcmp(code, "incident_place") == 0)
		return in->incident.district != NULL || in->incident.address != NULL;
	if (strcmp(code, "narrative") == 0)
		return in->incident.narrative != NULL;
	if (strcmp(code, "reporter_contact") == 0)
		return in->reporter.phone != NULL;
	return answered(v, code);
}

/* The form field that a missing fact leads to. */
static const char *
field_of(struct aw_arena *arena, const struct view *v, const char *code)
{
	static const char *const fixed[][2] = { { "incident_at", "incident.at" },
		{ "incident_place", "incident.address" }, { "narrative", "incident.narrative" },
		{ "reporter_contact", "reporter.phone" } };
	static const char *const of_subject[][2] = { { "subject_name", "name" },
		{ "subject_birth", "birth_date" }, { "subject_identity", "national_id" },
		{ "subject_sex", "sex" }, { "subject_address", "address" },
		{ "subject_contact", "phones" } };
	static const char *const of_respondent[][2] = { { "respondent_name", "name" },
		{ "respondent_relation", "relation" }, { "respondent_lives_with", "lives_with" } };

	for (size_t i = 0; i < AW_COUNT(fixed); i++)
		if (strcmp(fixed[i][0], code) == 0)
			return fixed[i][1];
	for (size_t i = 0; i < AW_COUNT(of_subject); i++)
		if (strcmp(of_subject[i][0], code) == 0)
			return aw_arena_printf(
				arena, "persons.%zu.%s", v->subject_at, of_subject[i][1]);
	for (size_t i = 0; i < AW_COUNT(of_respondent); i++)
		if (strcmp(of_respondent[i][0], code) == 0)
			return aw_arena_printf(
				arena, "persons.%zu.%s", v->respondent_at, of_respondent[i][1]);
	return aw_arena_printf(arena, "answers.%s", code);
}

static struct view
look(const struct aw_report_in *in, const struct aw_kind *kind)
{
	struct view v = { .in = in, .respondent_at = 1 };
	const char *relation;

	for (size_t i = in->person_count; i-- > 0;) {
		const struct aw_report_person_in *person = &in->persons[i];
		if (aw_report_is_subject(kind, person->role)) {
			v.subject = person;
			v.subject_at = i;
		} else if (aw_report_is_respondent(kind, person->role)) {
			v.respondent = person;
			v.respondent_at = i;
		}
	}
	if (v.respondent == NULL && in->person_count > 0)
		v.respondent_at = in->person_count;
	relation = aw_json_string(in->answers, "relation");
	v.nobody = relation != NULL &&
		   (strcmp(relation, "none") == 0 || strcmp(relation, "self") == 0);
	return v;
}

void
aw_report_completeness(const struct aw_policy *policy, struct aw_arena *arena,
	const struct aw_report_in *in, struct aw_completeness *ret)
{
	const struct aw_kind *kind = in->kind != NULL ? aw_policy_kind(policy, in->kind) : NULL;
	struct view v;
	size_t room = 0;

	*ret = (struct aw_completeness){ .can_dispatch = true };
	if (kind == NULL)
		return;
	v = look(in, kind);
	ret->wanted = kind->need_count;
	for (int why = AW_WHY_DISPATCH; why <= AW_WHY_CALL; why++)
		for (size_t i = 0; i < kind->need_count; i++) {
			const struct aw_need *need = &kind->needs[i];
			struct aw_missing *missing;
			if ((int)need->why != why)
				continue;
			if (holds(&v, need->code)) {
				ret->held++;
				continue;
			}
			missing = AW_PUSH(arena, ret->missing, ret->missing_count, room);
			missing->need = need;
			missing->field = field_of(arena, &v, need->code);
			if (need->why == AW_WHY_DISPATCH)
				ret->can_dispatch = false;
		}
	ret->permille = ret->wanted == 0 ? 1000 : (int64_t)(ret->held * 1000 / ret->wanted);
}
