/* city/desk/policy_check - a policy looked at by every room that reads it. */
#include "city/desk/policy_check.h"

#include "city/indicator/indicator.h"
#include "city/intake/report.h"
#include "city/person/mapping.h"
#include "rule/cover.h"

/* The mappings of senders' tables, which intake reads. */
static void
check_mappings(const struct aw_policy *policy, struct aw_arena *arena, struct aw_mistakes *mistakes)
{
	for (size_t i = 0; i < policy->doc_count; i++) {
		struct aw_str path = aw_str(policy->docs[i].path);
		const struct aw_policy_file *file = aw_policy_file(policy, path.at);
		struct aw_report_mapping *mapping;
		struct aw_error err = { 0 };
		if (aw_str_starts(path, "mappings/") &&
			aw_report_mapping_text(
				arena, path.at, file->text, policy, &mapping, &err) != AW_OK)
			aw_mistake(mistakes, file->from, err.line, err.column, "%s", err.text);
	}
}

/* Where a file of the policy is written. */
static const char *
written_at(const struct aw_policy *p, const char *path)
{
	const struct aw_policy_file *file = aw_policy_file(p, path);

	return file == NULL ? path : file->from;
}

/* Gaps, overlaps and dead rules of the decision tables. */
static void
check_tables(const struct aw_policy *p, struct aw_arena *arena, struct aw_mistakes *mistakes)
{
	static const char *const certain[] = { "kind" }; /* no report is taken without it */

	for (size_t i = 0; i < p->triage_count; i++) {
		const char *file = written_at(p, p->triages[i].path);
		struct aw_cover cover;

		aw_dmn_cover(arena, p->triages[i].model, certain, AW_COUNT(certain), &cover);
		for (size_t k = 0; k < cover.count; k++)
			aw_mistake(mistakes, file, cover.at[k].line, 0, "%s: %s",
				cover.at[k].item->label, cover.at[k].text);
		if (cover.left_out > 0)
			aw_mistake(mistakes, file, 0, 0, "and %zu more of the kind in its tables",
				cover.left_out);
	}
}

/* A rule that no scenario makes fire was never looked at by whoever wrote the expectations. */
static void
check_tried(const struct aw_policy *p, const struct aw_scenarios *ran, struct aw_mistakes *mistakes)
{
	for (size_t i = 0; i < ran->untried_count; i++)
		aw_mistake(mistakes, written_at(p, ran->model), ran->untried[i].line, 0,
			"%s: rule %zu fires in no scenario", ran->untried[i].decision,
			ran->untried[i].rule);
}

void
aw_policy_check(const struct aw_policy *policy, int32_t day, struct aw_mistakes *mistakes,
	struct aw_policy_checked *ret_checked)
{
	struct aw_arena *arena = mistakes->arena;
	struct aw_registers registers;

	*ret_checked = (struct aw_policy_checked){ 0 };
	check_mappings(policy, arena, mistakes);
	aw_registers_read(policy, arena, mistakes, &registers);
	aw_indicator_check(policy, arena, mistakes);
	check_tables(policy, arena, mistakes);
	aw_triage_scenarios(policy, day, mistakes, &ret_checked->scenarios);
	check_tried(policy, &ret_checked->scenarios, mistakes);
	ret_checked->registers = registers.count;
}
