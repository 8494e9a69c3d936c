/* rule/explain: what unknown inputs leave open */
#include "ruling.h"

#define INPUT(name, type)                                                                          \
	"<inputData id=\"" name "\" name=\"" name "\"><variable name=\"" name "\" typeRef=\"" type \
	"\"/></inputData>"
#define NEED(name)                                                                                 \
	"<informationRequirement><requiredInput href=\"#" name "\"/></informationRequirement>"
#define COLUMN(name)                                                                               \
	"<input label=\"" name "\"><inputExpression><text>" name "</text></inputExpression></"     \
	"input>"
#define RULE(id, a, b, out, note)                                                                  \
	"<rule id=\"" id "\"><inputEntry><text>" a "</text></inputEntry><inputEntry><text>" b      \
	"</text></inputEntry><outputEntry><text>" out                                              \
	"</text></outputEntry><annotationEntry><text>" note "</text></annotationEntry></rule>"

static const char inputs[] = INPUT("weapon", "boolean") INPUT("score", "number");
/* level: P "1","2","3"; then go: U on level */
static const char table[] = "<decision id=\"level\" name=\"level\">" NEED("weapon") NEED(
	"score") "<decisionTable hitPolicy=\"PRIORITY\">" COLUMN("weapon")
	COLUMN("score") "<output "
			"name=\"level\"><outputValues><text>\"1\",\"2\",\"3\"</text></"
			"outputValues></output>"
			"<annotation name=\"basis\"/>" RULE("r1", "true", "-", "\"1\"",
				"weapon") RULE("r2", "-", "&gt;=8", "\"1\"", "score") RULE("r3",
				"-", "[6..7]", "\"2\"", "score") RULE("r4", "-", "-", "\"3\"",
				"floor") "</decisionTable></decision>"
					 "<decision id=\"go\" "
					 "name=\"go\"><informationRequirement><requiredDecision "
					 "href=\"#level\"/>"
					 "</informationRequirement>" NEED(
						 "weapon") "<decisionTable "
							   "hitPolicy=\"UNIQUE\">" COLUMN("level") COLUMN(
								   "weapon") "<output "
									     "name=\"go\"/"
									     "><annotation "
									     "name="
									     "\"basis\"/"
									     ">" RULE("g1", "\"1\"",
										     "-", "24",
										     "x") RULE("g2",
										     "\"2\","
										     "\"3\"",
										     "-", "72",
										     "x") "<"
											  "/"
											  "d"
											  "e"
											  "c"
											  "i"
											  "s"
											  "i"
											  "o"
											  "n"
											  "T"
											  "a"
											  "b"
											  "l"
											  "e"
											  ">"
											  "<"
											  "/"
											  "d"
											  "e"
											  "c"
											  "i"
											  "s"
											  "i"
											  "o"
											  "n"
											  ">";

static struct aw_value
decide(struct aw_arena *arena, const char *what, const struct aw_dmn_input *given, size_t count,
	struct aw_explain *explain)
{
	const struct aw_dmn_model *model = load_table(arena, inputs, table);

	return aw_dmn_decide(arena, aw_dmn_find(model, AW_DMN_DECISION, what),
		&(struct aw_dmn_case){ given, count, 0 }, explain);
}

static void
unknown_inputs_do_not_rule_out_the_graver_level(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_explain e = { 0 };
	struct aw_value v = decide(&arena, "level", NULL, 0, &e);
	const struct aw_explain_decision *d = aw_explain_find(&e, "level");

	(void)state;
	assert_string_equal(aw_value_print(&arena, v), "\"3\"");
	assert_int_equal(d->possible_count, 2);
	assert_string_equal(d->possible[0], "\"1\"");
	assert_string_equal(d->possible[1], "\"2\"");
	assert_true(d->rows[0].could_fire && d->rows[1].could_fire && d->rows[2].could_fire);
	assert_int_equal(d->rows[0].cells[0], AW_CELL_UNKNOWN);
	assert_int_equal(d->rows[0].cells[1], AW_CELL_ANY);
	assert_true(d->rows[3].fired && d->rows[3].used);
	assert_int_equal(e.unknown_count, 3);
	assert_string_equal(e.unknowns[0].input, "weapon");
	assert_string_equal(e.unknowns[0].needs, "true");
	assert_string_equal(e.unknowns[0].outcome, "\"1\"");
	assert_string_equal(e.unknowns[1].input, "score");
	assert_int_equal(e.unknowns[1].row, 2);
	aw_arena_done(&arena);
}

static void
an_unknown_that_cannot_change_the_outcome_is_said_to_be_harmless(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_explain e = { 0 };
	struct aw_dmn_input score = { .name = "score", .value = aw_value_int(9), .source = "form" };
	struct aw_value v = decide(&arena, "level", &score, 1, &e);
	const struct aw_explain_decision *d = aw_explain_find(&e, "level");

	(void)state;
	assert_string_equal(aw_value_print(&arena, v), "\"1\"");
	assert_int_equal(d->possible_count, 0);
	assert_int_equal(e.unknown_count, 1);
	assert_string_equal(e.unknowns[0].input, "weapon");
	assert_null(e.unknowns[0].decision);
	assert_string_equal(d->inputs[1].value, "9");
	assert_string_equal(d->inputs[1].source, "form");
	assert_true(d->inputs[0].unknown);
	assert_int_equal(aw_explain_used(d)->number, 2);
	aw_arena_done(&arena);
}

static void
what_is_open_stays_open_in_decisions_further_down(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_explain e = { 0 };
	struct aw_dmn_input weapon = { .name = "weapon", .value = aw_value_flag(false) };
	struct aw_value v = decide(&arena, "go", &weapon, 1, &e);
	const struct aw_explain_decision *d = aw_explain_find(&e, "go");

	(void)state;
	assert_string_equal(aw_value_print(&arena, v), "72");
	assert_int_equal(d->possible_count, 1);
	assert_string_equal(d->possible[0], "24");
	assert_int_equal(d->rows[1].cells[0], AW_CELL_UNKNOWN);
	for (size_t i = 0; i < e.unknown_count; i++)
		assert_string_equal(e.unknowns[i].input, "score");
	aw_arena_done(&arena);
}

static void
a_score_with_unknown_items_is_seen_as_a_range(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_explain e = { 0 };
	struct aw_value more[] = { aw_value_int(6), aw_value_int(7) };
	struct aw_dmn_input given[] = {
		{ .name = "score", .value = aw_value_int(5), .others = more, .other_count = 2 },
		{ .name = "weapon", .value = aw_value_flag(false) },
	};
	struct aw_value v = decide(&arena, "level", given, 2, &e);
	const struct aw_explain_decision *d = aw_explain_find(&e, "level");

	(void)state;
	assert_string_equal(aw_value_print(&arena, v), "\"3\"");
	assert_int_equal(d->possible_count, 1);
	assert_string_equal(d->possible[0], "\"2\"");
	assert_int_equal(d->rows[1].cells[1], AW_CELL_FALSE);
	assert_int_equal(d->rows[2].cells[1], AW_CELL_UNKNOWN);
	aw_arena_done(&arena);
}

/* Open rows with what they need and would bring, rows that missed by one cell, and for each unknown
 * input the rows that it could decide. */
static void
the_explanation_is_short_json(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_buf text = { .arena = &arena };
	struct aw_explain e = { 0 };
	struct aw_error err = { 0 };
	struct aw_dmn_input score = { .name = "score", .value = aw_value_int(6), .source = "form" };

	(void)state;
	(void)decide(&arena, "go", &score, 1, &e);
	aw_explain_write(&e, "abc", &text);
	assert_ok(aw_json_parse((struct aw_str){ text.at, text.len }, "it", &json, &err));
	assert_string_equal(aw_buf_z(&text),
		"{\"policy\":{\"name\":\"t\",\"hash\":\"abc\"},"
		"\"inputs\":[[\"weapon\",null],[\"score\",\"form\",6]],\"decisions\":["
		"{\"id\":\"level\",\"hit\":\"P\",\"result\":\"2\",\"fired\":["
		"{\"n\":3,\"id\":\"r3\",\"tests\":[[\"score\",\"[6..7]\"]],\"notes\":[\"score\"],"
		"\"used\":true},"
		"{\"n\":4,\"id\":\"r4\",\"tests\":[],\"notes\":[\"floor\"],\"used\":false}],"
		"\"open\":[{\"n\":1,\"id\":\"r1\",\"needs\":[[\"weapon\",\"true\"]],"
		"\"outcome\":\"1\"}],"
		"\"near\":[{\"n\":2,\"misses\":[\"score\",\">=8\"]}],"
		"\"possible\":[\"1\"]},"
		"{\"id\":\"go\",\"hit\":\"U\",\"result\":72,\"fired\":["
		"{\"n\":2,\"id\":\"g2\",\"tests\":[[\"level\",\"\\\"2\\\",\\\"3\\\"\"]],"
		"\"notes\":[\"x\"],\"used\":true}],"
		"\"open\":[{\"n\":1,\"id\":\"g1\",\"needs\":[[\"level\",\"\\\"1\\\"\"]],"
		"\"outcome\":24},"
		"{\"n\":2,\"id\":\"g2\",\"needs\":[[\"level\",\"\\\"2\\\",\\\"3\\\"\"]]}],"
		"\"possible\":[24]}],"
		"\"unknowns\":[{\"input\":\"weapon\",\"decisions\":{\"level\":[1],\"go\":[1]}}],"
		"\"diagnostics\":[]}");
}

AW_TESTS(cmocka_unit_test(unknown_inputs_do_not_rule_out_the_graver_level),
	cmocka_unit_test(an_unknown_that_cannot_change_the_outcome_is_said_to_be_harmless),
	cmocka_unit_test(what_is_open_stays_open_in_decisions_further_down),
	cmocka_unit_test(a_score_with_unknown_items_is_seen_as_a_range),
	cmocka_unit_test(the_explanation_is_short_json))
