/* rule/table: every hit policy on one table */
#include "ruling.h"

/* Rows: <10 -> "low"/1; <20 -> "high"/2; <30 -> "low"/3; priority: high before low. */
static const char *
decide(struct aw_arena *arena, const char *policy, const char *n)
{
	const char *table = aw_arena_printf(arena,
		"<decision id=\"d\" name=\"d\"><informationRequirement><requiredInput href=\"#n\"/>"
		"</informationRequirement><decisionTable %s><input><inputExpression "
		"typeRef=\"number\">"
		"<text>n</text></inputExpression></input><output name=\"o\"><outputValues><text>%s"
		"</text></outputValues></output>"
		"<rule><inputEntry><text>&lt;10</text></inputEntry><outputEntry><text>%s</text>"
		"</outputEntry></rule>"
		"<rule><inputEntry><text>&lt;20</text></inputEntry><outputEntry><text>%s</text>"
		"</outputEntry></rule>"
		"<rule><inputEntry><text>&lt;30</text></inputEntry><outputEntry><text>%s</text>"
		"</outputEntry></rule></decisionTable></decision>",
		policy, strchr(policy, '+') ? "" : "\"high\",\"low\"",
		strchr(policy, '+') ? "1" : "\"low\"", strchr(policy, '+') ? "2" : "\"high\"",
		strchr(policy, '+') ? "3" : "\"low\"");
	const struct aw_dmn_model *model = load_table(arena,
		"<inputData id=\"n\" name=\"n\"><variable name=\"n\" "
		"typeRef=\"number\"/></inputData>",
		table);
	struct aw_num number;
	struct aw_dmn_input input = { .name = "n" };

	if (aw_num_parse(aw_str(n), &number))
		input.value = aw_value_number(number);
	return aw_value_print(arena, aw_dmn_decide(arena, aw_dmn_find(model, AW_DMN_DECISION, "d"),
					     &(struct aw_dmn_case){ &input, 1, 0 }, NULL));
}

static void
each_hit_policy_keeps_its_promise(void **state)
{
	static const struct {
		const char *policy, *n, *expected;
	} cases[] = {
		{ "hitPolicy=\"UNIQUE\"", "25", "\"low\"" },
		{ "hitPolicy=\"UNIQUE\"", "5", "null" },
		{ "", "25", "\"low\"" },
		{ "hitPolicy=\"ANY\"", "25", "\"low\"" },
		{ "hitPolicy=\"ANY\"", "5", "null" },
		{ "hitPolicy=\"PRIORITY\"", "5", "\"high\"" },
		{ "hitPolicy=\"FIRST\"", "5", "\"low\"" },
		{ "hitPolicy=\"RULE ORDER\"", "5", "[\"low\", \"high\", \"low\"]" },
		{ "hitPolicy=\"OUTPUT ORDER\"", "5", "[\"high\", \"low\", \"low\"]" },
		{ "hitPolicy=\"COLLECT\"", "15", "[\"high\", \"low\"]" },
		{ "hitPolicy=\"COLLECT\"", "99", "[]" },
		{ "hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", "5", "3" },
		{ "hitPolicy=\"COLLECT\" aggregation=\"SUM\" label=\"+\"", "5", "6" },
		{ "hitPolicy=\"COLLECT\" aggregation=\"MIN\" label=\"+\"", "15", "2" },
		{ "hitPolicy=\"COLLECT\" aggregation=\"MAX\" label=\"+\"", "5", "3" },
		{ "hitPolicy=\"COLLECT\" aggregation=\"MAX\" label=\"+\"", "99", "null" },
		{ "hitPolicy=\"FIRST\"", "99", "null" },
		{ "hitPolicy=\"FIRST\"", "", "null" },
	};
	struct aw_arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		const char *got = decide(&arena, cases[i].policy, cases[i].n);

		if (strcmp(got, cases[i].expected) != 0)
			fail_msg("%s of %s: %s, not %s", cases[i].policy, cases[i].n, got,
				cases[i].expected);
	}
	aw_arena_done(&arena);
}

static void
two_rules_of_a_unique_table_are_named(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_explain explain = { 0 };
	const struct aw_dmn_model *model = load_table(&arena, "<inputData id=\"n\" name=\"n\"/>",
		"<decision name=\"d\"><informationRequirement><requiredInput href=\"#n\"/>"
		"</informationRequirement><decisionTable><input><inputExpression><text>n</text>"
		"</inputExpression></input><output name=\"o\"/>"
		"<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>1</text></"
		"outputEntry>"
		"</rule><rule><inputEntry><text>5</text></inputEntry><outputEntry><text>2</text>"
		"</outputEntry></rule></decisionTable></decision>");
	struct aw_dmn_input input = { .name = "n", .value = aw_value_int(5) };

	(void)state;
	assert_int_equal(aw_dmn_decide(&arena, aw_dmn_find(model, AW_DMN_DECISION, "d"),
				 &(struct aw_dmn_case){ &input, 1, 0 }, &explain)
				 .kind,
		AW_VALUE_NULL);
	assert_non_null(explain.diagnostics);
	assert_string_equal(
		explain.diagnostics->text, "rules 1 and 2 both fire in a table that is UNIQUE");
	assert_true(explain.decisions[0].rows[0].fired);
	assert_true(explain.decisions[0].rows[1].fired);
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(each_hit_policy_keeps_its_promise),
	cmocka_unit_test(two_rules_of_a_unique_table_are_named))
