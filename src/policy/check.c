/* policy/check - what the files of a policy say of each other. */
#include <stdio.h>
#include <string.h>

#include "policy/read.h"

static void
at(struct aw_loader *loader, const struct aw_valid *valid, const char *what, const char *a,
	const char *b)
{
	char text[320];

	(void)snprintf(text, sizeof(text), "%s: %s \"%s\"", a, what, b);
	aw_mistake(loader->mistakes, valid->file != NULL ? valid->file : "", valid->line, 0, "%s",
		text);
}

static void
check_units(struct aw_loader *loader)
{
	const struct aw_policy *policy = loader->policy;
	bool settles = false, screens = false;

	for (size_t i = 0; i < policy->unit_count; i++) {
		const struct aw_unit *unit = &policy->units[i], *up = unit;
		settles |= unit->settles;
		screens |= unit->screens;
		for (size_t k = 0; k < unit->district_count; k++)
			if (aw_policy_district(policy, unit->districts[k]) == NULL)
				at(loader, &unit->valid, "there is no district", unit->code,
					unit->districts[k]);
		if (unit->parent != NULL && aw_policy_unit(policy, unit->parent) == NULL)
			at(loader, &unit->valid, "there is no unit above called", unit->code,
				unit->parent);
		for (int depth = 0; up != NULL && up->parent != NULL; depth++) {
			up = aw_policy_unit(policy, up->parent);
			if (depth == 16) {
				at(loader, &unit->valid, "the units above it form a circle at",
					unit->code, unit->parent);
				break;
			}
		}
	}
	if (policy->unit_count > 0 && !settles)
		aw_mistake(loader->mistakes, "units.yaml", 0, 0,
			"no unit decides disputes: one needs settles: true");
	if (policy->unit_count > 0 && !screens)
		aw_mistake(loader->mistakes, "units.yaml", 0, 0,
			"no unit screens reports: one needs screens: true");
}

/* Each district-wise unit type serves each district exactly once on the day the policy begins. */
static void
check_coverage(struct aw_loader *loader)
{
	const struct aw_policy *policy = loader->policy;

	for (size_t t = 0; t < policy->unit_type_count; t++) {
		const struct aw_unit_type *type = &policy->unit_types[t];
		size_t units = 0;
		for (size_t u = 0; u < policy->unit_count; u++)
			units += strcmp(policy->units[u].type, type->code) == 0;
		if (units == 0)
			at(loader, &type->valid, "no unit has this type", type->code, type->code);
		if (type->choice == AW_UNIT_SINGLE && units > 1)
			at(loader, &type->valid, "several units have the type of a single unit",
				type->code, type->code);
		for (size_t d = 0;
			type->choice == AW_UNIT_DISTRICT && d < policy->city.district_count; d++) {
			const char *district = policy->city.districts[d].code;
			size_t serving = 0;
			for (size_t u = 0; u < policy->unit_count; u++)
				for (size_t k = 0; k < policy->units[u].district_count; k++)
					serving += strcmp(policy->units[u].type, type->code) == 0 &&
						   strcmp(policy->units[u].districts[k],
							   district) == 0;
			if (serving != 1)
				at(loader, &type->valid,
					serving == 0 ? "no unit serves the district"
						     : "several units serve the district",
					type->code, policy->city.districts[d].label.zh);
		}
	}
}

static void
check_kinds(struct aw_loader *loader)
{
	const struct aw_policy *policy = loader->policy;

	for (size_t i = 0; i < policy->kind_count; i++) {
		const struct aw_kind *kind = &policy->kinds[i];
		if (kind->scale != NULL && aw_policy_scale(policy, kind->scale) == NULL)
			at(loader, &kind->valid, "scales.yaml has no scale", kind->code,
				kind->scale);
		if (i > 0 && policy->kinds[i - 1].order == kind->order)
			at(loader, &kind->valid, "has the same order as", kind->code,
				policy->kinds[i - 1].code);
		for (size_t q = 0; q < kind->question_count; q++) {
			const struct aw_question *question = &kind->questions[q];
			if (question->type == AW_QUESTION_INSTRUMENT &&
				aw_policy_instrument(policy, question->instrument,
					policy->effective_day) == NULL)
				at(loader, &question->valid, "no instrument is in force called",
					question->code, question->instrument);
		}
	}
	if (policy->kind_count == 0)
		aw_mistake(loader->mistakes, "reports", 0, 0, "there is no report form");
}

static void
check_codes(struct aw_loader *loader, const struct aw_valid *valid, const char *code,
	const char *const *kinds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (aw_policy_kind(loader->policy, kinds[i]) == NULL)
			at(loader, valid, "there is no kind of report", code, kinds[i]);
}

static bool
is_level(const struct aw_policy *policy, const char *code)
{
	for (size_t i = 0; i < policy->scale_count; i++)
		for (size_t k = 0; k < policy->scales[i].level_count; k++)
			if (strcmp(policy->scales[i].levels[k].code, code) == 0)
				return true;
	return false;
}

static void
check_rules(struct aw_loader *loader)
{
	static const char *const clocks[] = { "dispatch", "accept", "assign", "post_review",
		"supplement" };
	const struct aw_policy *policy = loader->policy;

	for (size_t i = 0; i < policy->deadline_count; i++) {
		const struct aw_deadline *d = &policy->deadlines[i];
		check_codes(loader, &d->valid, d->code, d->kinds, d->kind_count);
		for (size_t k = 0; k < d->level_count; k++)
			if (!is_level(policy, d->levels[k]))
				at(loader, &d->valid, "scales.yaml has no level", d->code,
					d->levels[k]);
	}
	for (size_t l = 0; l < AW_REASONS_COUNT; l++)
		for (size_t i = 0; i < policy->reason_count[l]; i++) {
			const struct aw_reason_code *r = &policy->reasons[l][i];
			check_codes(loader, &r->valid, r->code, r->kinds, r->kind_count);
		}
	/* clocks the steps run by: each kind has each, or the step has no end */
	for (size_t c = 0; c < AW_COUNT(clocks) && policy->deadline_count > 0; c++)
		for (size_t i = 0; i < policy->kind_count; i++)
			if (aw_policy_clock(policy, clocks[c], policy->kinds[i].code, NULL,
				    policy->effective_day) == NULL)
				aw_mistake(loader->mistakes, "deadlines.yaml", 0, 0,
					"the clock \"%s\" has no deadline for the kind \"%s\"",
					clocks[c], policy->kinds[i].code);
}

/* Reasons that the program itself gives, and channels it takes reports in by. */
static void
check_own_words(struct aw_loader *loader)
{
	static const char *const results[] = { "valid", "duplicate", "unidentifiable", "other_city",
		"reclassified", "mistaken", "test" };
	static const char *const channels[] = { "public", "agency", "api", "file", "console",
		"outreach" };
	const struct aw_policy *policy = loader->policy;

	for (size_t i = 0; i < AW_COUNT(results) && policy->reason_count[0] > 0; i++)
		if (aw_policy_reason(policy, AW_REASONS_SCREEN, results[i]) == NULL)
			aw_mistake(loader->mistakes, "reasons.yaml", 0, 0,
				"the list \"screen\" lacks \"%s\"", results[i]);
	for (size_t i = 0; i < AW_COUNT(channels) && policy->channel_count > 0; i++)
		if (aw_named_find(policy->channels, policy->channel_count, channels[i]) == NULL)
			aw_mistake(loader->mistakes, "words.yaml", 0, 0,
				"the list \"channels\" lacks \"%s\"", channels[i]);
}

void
aw_check_across(struct aw_loader *loader)
{
	check_units(loader);
	check_coverage(loader);
	check_kinds(loader);
	check_rules(loader);
	check_own_words(loader);
}
