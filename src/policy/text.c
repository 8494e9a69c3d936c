/* policy/text - what the codes of a policy are called, in two languages. */
#include <string.h>

#include "policy/policy.h"

static const struct aw_named why_names[] = {
	{ "dispatch", { "派案必要", "Needed to dispatch" } },
	{ "urgency", { "影響急迫程度", "Changes how urgent it is" } },
	{ "call", { "可少一通追問電話", "Saves a call back" } },
};

/* Looks a code up in an array of structs with `code` and `member` (a struct aw_label). */
#define LABEL_OF(array, n, wanted, member)                                                         \
	do {                                                                                       \
		for (size_t i_ = 0; i_ < (n); i_++)                                                \
			if (strcmp((array)[i_].code, (wanted)) == 0)                               \
				return &(array)[i_].member;                                        \
		return NULL;                                                                       \
	} while (0)

static const struct aw_label *
kind_label(const struct aw_policy *p, const char *list, const char *code)
{
	if (strcmp(list, "kind_short") == 0)
		LABEL_OF(p->kinds, p->kind_count, code, short_label);
	if (strcmp(list, "kind_public") == 0)
		LABEL_OF(p->kinds, p->kind_count, code, public_label);
	LABEL_OF(p->kinds, p->kind_count, code, label);
}

static const struct aw_label *
place_label(const struct aw_policy *p, const char *list, const char *code)
{
	if (strcmp(list, "unit") == 0)
		LABEL_OF(p->units, p->unit_count, code, label);
	if (strcmp(list, "unit_type") == 0)
		LABEL_OF(p->unit_types, p->unit_type_count, code, label);
	if (strcmp(list, "agency") == 0)
		LABEL_OF(p->agencies, p->agency_count, code, label);
	LABEL_OF(p->city.districts, p->city.district_count, code, label);
}

static const struct aw_label *
rule_label(const struct aw_policy *p, const char *list, const char *code)
{
	if (strcmp(list, "role") == 0)
		LABEL_OF(p->roles, p->role_count, code, label);
	if (strcmp(list, "purpose") == 0)
		LABEL_OF(p->purposes, p->purpose_count, code, label);
	if (strcmp(list, "permission") == 0)
		LABEL_OF(p->permissions, p->permission_count, code, label);
	if (strcmp(list, "unusual") == 0)
		LABEL_OF(p->watch.rules, p->watch.rule_count, code, label);
	LABEL_OF(p->deadlines, p->deadline_count, code, label);
}

static const struct aw_label *
word_label(const struct aw_policy *p, const char *list, const char *code)
{
	if (strcmp(list, "channel") == 0)
		LABEL_OF(p->channels, p->channel_count, code, label);
	if (strcmp(list, "reporter_role") == 0)
		LABEL_OF(p->reporter_roles, p->reporter_role_count, code, label);
	if (strcmp(list, "relation") == 0)
		LABEL_OF(p->relations, p->relation_count, code, label);
	if (strcmp(list, "dimension") == 0)
		LABEL_OF(p->dimensions, p->dimension_count, code, label);
	LABEL_OF(why_names, AW_COUNT(why_names), code, label);
}

/* Factors and instruments have versions: the words of the latest. */
static const struct aw_label *
versioned_label(const struct aw_policy *p, const char *list, const char *code)
{
	const struct aw_label *found = NULL;
	int32_t from = INT32_MIN;

	for (size_t i = 0; strcmp(list, "factor") == 0 && i < p->factor_count; i++)
		if (strcmp(p->factors[i].code, code) == 0 && p->factors[i].valid.from_day >= from) {
			found = &p->factors[i].label;
			from = p->factors[i].valid.from_day;
		}
	for (size_t i = 0; strcmp(list, "instrument") == 0 && i < p->instrument_count; i++)
		if (strcmp(p->instruments[i].code, code) == 0 &&
			p->instruments[i].valid.from_day >= from) {
			found = &p->instruments[i].label;
			from = p->instruments[i].valid.from_day;
		}
	return found;
}

static const struct aw_label *
reason_label(const struct aw_policy *p, const char *list, const char *code, bool *ret_ours)
{
	for (size_t l = 0; l < AW_REASONS_COUNT; l++)
		if (strcmp(list, aw_reason_list_code((enum aw_reason_list)l)) == 0) {
			*ret_ours = true;
			LABEL_OF(p->reasons[l], p->reason_count[l], code, label);
		}
	*ret_ours = false;
	return NULL;
}

static const struct aw_label *
choice_label(const struct aw_question *question, const char *code)
{
	LABEL_OF(question->choices, question->choice_count, code, label);
}

/* "<kind>.role", "<kind>.question", "<kind>.<question>" */
static const struct aw_label *
form_label(const struct aw_policy *p, const char *list, const char *code)
{
	const char *dot = strchr(list, '.');
	const struct aw_kind *kind = NULL;
	const struct aw_question *question;

	for (size_t i = 0; dot != NULL && i < p->kind_count; i++)
		if (strlen(p->kinds[i].code) == (size_t)(dot - list) &&
			strncmp(p->kinds[i].code, list, (size_t)(dot - list)) == 0)
			kind = &p->kinds[i];
	if (kind == NULL)
		return NULL;
	if (strcmp(dot, ".role") == 0)
		LABEL_OF(kind->roles, kind->role_count, code, label);
	if (strcmp(dot, ".need") == 0)
		LABEL_OF(kind->needs, kind->need_count, code, label);
	if (strcmp(dot, ".question") == 0)
		LABEL_OF(kind->questions, kind->question_count, code, label);
	question = aw_kind_question(kind, dot + 1);
	return question == NULL ? NULL : choice_label(question, code);
}

static bool
one_of(const char *list, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(list, *names) == 0)
			return true;
	return false;
}

static const struct aw_label *
find_label(const struct aw_policy *p, const char *list, const char *code)
{
	static const char *const kinds[] = { "kind", "kind_short", "kind_public", NULL };
	static const char *const places[] = { "unit", "unit_type", "agency", "district", NULL };
	static const char *const rules[] = { "role", "purpose", "permission", "deadline", "unusual",
		NULL };
	static const char *const words[] = { "channel", "reporter_role", "relation", "dimension",
		"why", NULL };
	static const char *const versioned[] = { "factor", "instrument", NULL };
	const struct aw_label *label;
	const struct aw_scale *scale;
	bool ours;

	if (one_of(list, kinds))
		return kind_label(p, list, code);
	if (one_of(list, places))
		return place_label(p, list, code);
	if (one_of(list, rules))
		return rule_label(p, list, code);
	if (one_of(list, words))
		return word_label(p, list, code);
	if (one_of(list, versioned))
		return versioned_label(p, list, code);
	label = reason_label(p, list, code, &ours);
	if (ours)
		return label;
	scale = aw_policy_scale(p, list);
	if (scale == NULL)
		return form_label(p, list, code);
	LABEL_OF(scale->levels, scale->level_count, code, label);
}

const char *
aw_label_text(struct aw_label label, const char *language)
{
	return aw_text_eq(language, "en") ? label.en : label.zh;
}

const char *
aw_policy_text(
	const struct aw_policy *policy, const char *list, const char *code, const char *language)
{
	const struct aw_label *label;

	if (list == NULL || code == NULL)
		return NULL;
	if (strcmp(list, "unit_short") == 0) {
		const struct aw_unit *unit = aw_policy_unit(policy, code);
		if (unit == NULL)
			return NULL;
		return aw_text_eq(language, "en") ? unit->short_en : unit->short_zh;
	}
	label = find_label(policy, list, code);
	return label == NULL ? NULL : aw_label_text(*label, language);
}

const char *
aw_policy_choice(
	const struct aw_kind *kind, const char *question, const char *code, const char *language)
{
	const struct aw_question *asked = aw_kind_question(kind, question);
	const struct aw_label *label = asked == NULL ? NULL : choice_label(asked, code);

	return label == NULL ? NULL : aw_label_text(*label, language);
}
