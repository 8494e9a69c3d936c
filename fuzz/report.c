/* fuzz/report - any bytes as a report in JSON, as a table by a mapping, and as a mapping. */
#include <string.h>

#include "city/intake/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char mapping_text[] =
	"code: x\nzh: x\nen: x\ncolumns:\n"
	"  - {column: a, field: kind}\n"
	"  - {column: b, field: persons.main.name, optional: true}\n"
	"  - {column: c, field: persons.child#2.age, type: number, optional: true}\n"
	"  - {column: d, field: answers.weapon, type: flag, yes: [y], no: [n], optional: true}\n"
	"  - {column: e, field: answers.vf_factors, type: list, separator: '/', optional: true}\n"
	"  - {column: f, field: incident.at, optional: true}\n"
	"ignore: [g]\n";

/* The smallest policy that the check reads: one kind with one role. */
static const struct aw_person_role role = {
	.code = "victim", .side = "protected", .is_subject = true
};
static const struct aw_named channel = { .code = "api", .label = { "", "" } };
static const struct aw_named other = { .code = "other", .label = { "", "" } };
static const struct aw_need needs[] = { { .code = "narrative" }, { .code = "subject_birth" },
	{ .code = "respondent_lives_with" }, { .code = "incident_at" } };
static const struct aw_question question = { .code = "weapon", .type = AW_QUESTION_FLAG };
static const struct aw_kind kind = { .code = "suicide",
	.roles = &role,
	.role_count = 1,
	.needs = needs,
	.need_count = 4,
	.questions = &question,
	.question_count = 1,
	.valid = { .from_day = INT32_MIN, .to_day = INT32_MAX } };

static void
check(struct aw_arena *arena, struct aw_report_in *in)
{
	const struct aw_policy policy = { .kinds = &kind,
		.kind_count = 1,
		.channels = &channel,
		.channel_count = 1,
		.reporter_roles = &other,
		.reporter_role_count = 1,
		.city = { .label = { "基隆市", "Keelung" } } };
	struct aw_report_problems problems = { 0 }, warnings = { 0 };
	struct aw_completeness complete;

	aw_report_check(&policy, arena, INT64_C(1638752400000), true, in, &problems, &warnings);
	aw_report_completeness(&policy, arena, in, &complete);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str text = { (const char *)data, size };
	struct aw_report_problems problems = { 0 };
	struct aw_report_mapping *mapping;
	struct aw_report_row *rows;
	struct aw_report_in in;
	struct aw_error err = { 0 };
	json_t *json = NULL;
	size_t count;

	if (aw_json_parse(text, NULL, &json, &err) == AW_OK) {
		(void)aw_json_keep(&arena, json);
		if (aw_report_from_json(&arena, json, &in, &problems, &err) == AW_OK)
			check(&arena, &in);
	}
	if (aw_report_mapping_text(&arena, "m", aw_str(mapping_text), NULL, &mapping, &err) ==
			AW_OK &&
		aw_report_from_csv(&arena, mapping, text, "t", &rows, &count, &err) == AW_OK)
		for (size_t i = 0; i < count; i++)
			if (rows[i].problems.count == 0)
				check(&arena, &rows[i].in);
	if (aw_report_mapping_text(&arena, "m", text, NULL, &mapping, &err) == AW_OK &&
		aw_report_from_csv(
			&arena, mapping, aw_str("a,b\n1,2\n"), "t", &rows, &count, &err) == AW_OK)
		return 0;
	return 0;
}
