/* policy/lookup - what a loaded policy answers: by code, by day, by place, by clock. */
#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"

/* A linear search over an array of structs whose member `code` is the key. */
#define FIND(array, n, wanted)                                                                     \
	do {                                                                                       \
		for (size_t i_ = 0; (wanted) != NULL && i_ < (n); i_++)                            \
			if (strcmp((array)[i_].code, (wanted)) == 0)                               \
				return &(array)[i_];                                               \
		return NULL;                                                                       \
	} while (0)

const struct aw_kind *
aw_policy_kind(const struct aw_policy *policy, const char *code)
{
	FIND(policy->kinds, policy->kind_count, code);
}

const struct aw_unit *
aw_policy_unit(const struct aw_policy *policy, const char *code)
{
	FIND(policy->units, policy->unit_count, code);
}

uint32_t
aw_policy_told_classes(const struct aw_policy *policy, const char *kind, const char *unit)
{
	const struct aw_kind *of = kind == NULL ? NULL : aw_policy_kind(policy, kind);
	const struct aw_unit *by = unit == NULL ? NULL : aw_policy_unit(policy, unit);
	const struct aw_unit_type *type = by == NULL ? NULL : aw_policy_unit_type(policy, by->type);
	uint32_t bits = 0, sexual;

	if (of != NULL && of->sealed_in_lists && aw_policy_class_find("sexual", &sexual))
		bits |= UINT32_C(1) << sexual;
	if (of != NULL && of->class_bit != 0)
		bits |= UINT32_C(1) << of->class_bit;
	if (type != NULL && type->class_bit != 0)
		bits |= UINT32_C(1) << type->class_bit;
	return bits;
}

const struct aw_unit_type *
aw_policy_unit_type(const struct aw_policy *policy, const char *code)
{
	FIND(policy->unit_types, policy->unit_type_count, code);
}

const struct aw_role *
aw_policy_role(const struct aw_policy *policy, const char *code)
{
	FIND(policy->roles, policy->role_count, code);
}

const struct aw_purpose *
aw_policy_purpose(const struct aw_policy *policy, const char *code)
{
	FIND(policy->purposes, policy->purpose_count, code);
}

const struct aw_scale *
aw_policy_scale(const struct aw_policy *policy, const char *code)
{
	FIND(policy->scales, policy->scale_count, code);
}

const struct aw_reason_code *
aw_policy_reason(const struct aw_policy *policy, enum aw_reason_list list, const char *code)
{
	FIND(policy->reasons[list], policy->reason_count[list], code);
}

const struct aw_deadline *
aw_policy_deadline(const struct aw_policy *policy, const char *code)
{
	FIND(policy->deadlines, policy->deadline_count, code);
}

const struct aw_unusual *
aw_policy_unusual(const struct aw_policy *policy, const char *code)
{
	FIND(policy->watch.rules, policy->watch.rule_count, code);
}

const struct aw_question *
aw_kind_question(const struct aw_kind *kind, const char *code)
{
	FIND(kind->questions, kind->question_count, code);
}

const struct aw_person_role *
aw_kind_role(const struct aw_kind *kind, const char *code)
{
	FIND(kind->roles, kind->role_count, code);
}

const struct aw_district *
aw_policy_district(const struct aw_policy *policy, const char *text)
{
	const struct aw_city *city = &policy->city;
	size_t len = text != NULL ? strlen(text) : 0;

	for (size_t i = 0; len > 0 && i < city->district_count; i++) {
		const struct aw_district *d = &city->districts[i];
		size_t zh = strlen(d->label.zh);
		if (strcmp(d->code, text) == 0 || strcmp(d->label.zh, text) == 0)
			return d;
		/* 中正 for 中正區: the name less its last character (three bytes) */
		if (zh > 3 && len == zh - 3 && strncmp(d->label.zh, text, len) == 0)
			return d;
	}
	return NULL;
}

const struct aw_policy_file *
aw_policy_file(const struct aw_policy *policy, const char *path)
{
	for (size_t i = 0; i < policy->file_count; i++)
		if (strcmp(policy->files[i].path, path) == 0)
			return &policy->files[i];
	return NULL;
}

const struct aw_policy_doc *
aw_policy_doc(const struct aw_policy *policy, const char *path)
{
	for (size_t i = 0; i < policy->doc_count; i++)
		if (strcmp(policy->docs[i].path, path) == 0)
			return &policy->docs[i];
	return NULL;
}

bool
aw_policy_yaml(const struct aw_policy *policy, const char *path, struct aw_arena *arena,
	struct aw_mistakes *mistakes, struct aw_yaml *ret_yaml)
{
	const struct aw_policy_file *file = aw_policy_file(policy, path);

	if (file != NULL)
		return aw_yaml_parse(arena, file->from, file->text, mistakes, ret_yaml);
	aw_mistake(mistakes, path, 0, 0, "the policy has no such file");
	return false;
}

/* -- by day ----------------------------------------------------------------------------------- */

bool
aw_valid_on(const struct aw_valid *valid, int32_t day)
{
	return valid->from_day <= day && day <= valid->to_day;
}

const struct aw_instrument *
aw_policy_instrument(const struct aw_policy *policy, const char *code, int32_t day)
{
	for (size_t i = 0; i < policy->instrument_count; i++)
		if (aw_text_eq(policy->instruments[i].code, code) &&
			aw_valid_on(&policy->instruments[i].valid, day))
			return &policy->instruments[i];
	return NULL;
}

const struct aw_factor *
aw_policy_factor(const struct aw_policy *policy, const char *code, int32_t day)
{
	for (size_t i = 0; i < policy->factor_count; i++)
		if (aw_text_eq(policy->factors[i].code, code) &&
			aw_valid_on(&policy->factors[i].valid, day))
			return &policy->factors[i];
	return NULL;
}

const struct aw_triage *
aw_policy_triage(const struct aw_policy *policy, int32_t day)
{
	const struct aw_triage *found = NULL;

	for (size_t i = 0; i < policy->triage_count; i++)
		if (policy->triages[i].from_day <= day)
			found = &policy->triages[i];
	return found;
}

static bool
listed(const char *const *list, size_t count, const char *code)
{
	for (size_t i = 0; code != NULL && i < count; i++)
		if (strcmp(list[i], code) == 0)
			return true;
	return false;
}

/* Named kind counts 2, named level 1; -1 = does not apply. */
static int
fit(const struct aw_deadline *deadline, const char *kind, const char *level)
{
	int score = 0;

	if (deadline->kind_count > 0) {
		if (!listed(deadline->kinds, deadline->kind_count, kind))
			return -1;
		score += 2;
	}
	if (deadline->level_count > 0) {
		if (!listed(deadline->levels, deadline->level_count, level))
			return -1;
		score += 1;
	}
	return score;
}

const struct aw_deadline *
aw_policy_clock(const struct aw_policy *policy, const char *clock, const char *kind,
	const char *level, int32_t day)
{
	const struct aw_deadline *best = NULL;
	int best_fit = -1;

	for (size_t i = 0; i < policy->deadline_count; i++) {
		const struct aw_deadline *deadline = &policy->deadlines[i];
		int score;
		if (strcmp(deadline->clock, clock) != 0 || !aw_valid_on(&deadline->valid, day))
			continue;
		score = fit(deadline, kind, level);
		if (score > best_fit) {
			best = deadline;
			best_fit = score;
		}
	}
	return best;
}

/* -- working days ----------------------------------------------------------------------------- */

static bool
has_day(const int32_t *days, size_t count, int32_t day)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (days[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && days[low] == day;
}

bool
aw_policy_working_day(const struct aw_policy *policy, int32_t day)
{
	const struct aw_city *city = &policy->city;

	if (aw_weekday(day) >= 5)
		return has_day(city->working_weekends, city->working_weekend_count, day);
	return !has_day(city->holidays, city->holiday_count, day);
}

int32_t
aw_policy_add_working_days(const struct aw_policy *policy, int32_t day, int64_t n)
{
	while (n > 0) {
		day++;
		if (aw_policy_working_day(policy, day))
			n--;
	}
	return day;
}

int64_t
aw_policy_due(const struct aw_policy *policy, const struct aw_deadline *deadline, int64_t from_ms)
{
	int32_t day = aw_taipei_day(from_ms);

	switch (deadline->unit) {
	case AW_TIME_HOURS:
		return from_ms + deadline->amount * AW_HOUR_MS;
	case AW_TIME_CALENDAR_DAYS:
		return aw_taipei_day_start_ms(day + (int32_t)deadline->amount + 1);
	case AW_TIME_WORKING_DAYS:
		break;
	}
	return aw_taipei_day_start_ms(
		aw_policy_add_working_days(policy, day, deadline->amount) + 1);
}

/* -- by place, by right ----------------------------------------------------------------------- */

const struct aw_unit *
aw_policy_unit_for(
	const struct aw_policy *policy, const char *type, const char *district, int32_t day)
{
	const struct aw_unit_type *found = aw_policy_unit_type(policy, type);

	if (found == NULL || found->choice == AW_UNIT_NAMED)
		return NULL;
	for (size_t i = 0; i < policy->unit_count; i++) {
		const struct aw_unit *unit = &policy->units[i];
		if (strcmp(unit->type, type) != 0 || !aw_valid_on(&unit->valid, day))
			continue;
		if (found->choice == AW_UNIT_SINGLE ||
			listed(unit->districts, unit->district_count, district))
			return unit;
	}
	return NULL;
}

bool
aw_reason_allowed(const struct aw_reason_code *reason, const struct aw_kind *kind, bool lead)
{
	if (reason->not_protective && kind->protective)
		return false;
	if (reason->lead_only && !lead)
		return false;
	return reason->kind_count == 0 || listed(reason->kinds, reason->kind_count, kind->code);
}

/* The next role of a text of codes separated by spaces; NULL behind the last, or for a code that
 * the policy does not know (which grants nothing). */
static const struct aw_role *
next_role(const struct aw_policy *policy, struct aw_str *rest)
{
	while (rest->at != NULL) {
		struct aw_str code = aw_str_cut(*rest, ' ', rest);
		for (size_t i = 0; i < policy->role_count; i++)
			if (aw_str_is(code, policy->roles[i].code))
				return &policy->roles[i];
	}
	return NULL;
}

uint32_t
aw_policy_classes(const struct aw_policy *policy, const char *roles, enum aw_relation relation)
{
	struct aw_str rest = aw_str(roles);
	const struct aw_role *role;
	uint32_t classes = 0;

	while ((role = next_role(policy, &rest)) != NULL)
		classes |= role->classes[relation];
	return classes;
}

bool
aw_policy_may(const struct aw_policy *policy, const char *roles, const char *permission)
{
	struct aw_str rest = aw_str(roles);
	const struct aw_role *role;

	while ((role = next_role(policy, &rest)) != NULL)
		if (listed(role->may, role->may_count, permission))
			return true;
	return false;
}
