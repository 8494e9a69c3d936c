/* rule/model */
#include "ruling.h"

#define HEAD                                                                                       \
	"<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" namespace=\"urn:t\" " \
	"name=\"t\">\n"

static enum aw_status
load(struct aw_arena *arena, const char *xml, bool strict, const struct aw_dmn_model **model,
	struct aw_error *err)
{
	struct aw_dmn_options options = { .file = "bad.dmn", .strict = strict };

	aw_error_clear(err);
	return aw_dmn_load(arena, aw_str(xml), &options, model, err);
}

static void
what_is_not_dmn_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *xml, *words;
		uint32_t line;
	} cases[] = {
		{ "", "not well-formed", 0 },
		{ HEAD "<decision>", "not well-formed", 2 },
		{ "<a/>", "this is not DMN", 1 },
		{ "<definitions xmlns=\"urn:other\"/>", "this is not DMN", 1 },
		{ "<!DOCTYPE x [<!ENTITY a \"b\">]>" HEAD "</definitions>", "document type", 1 },
		{ HEAD "<decision name=\"d\">\n<informationRequirement>\n"
		       "<requiredInput "
		       "href=\"#no\"/></informationRequirement></decision></definitions>",
			"nothing with the id \"no\"", 4 },
		{ HEAD "<decision name=\"d\"><decisionTable hitPolicy=\"BEST\"><output/>"
		       "</decisionTable></decision></definitions>",
			"not a hit policy", 2 },
		{ HEAD "<decision name=\"d\"><decisionTable><input><inputExpression><text>1</text>"
		       "</inputExpression></input><output/>\n<rule><outputEntry><text>1</text>"
		       "</outputEntry></rule></decisionTable></decision></definitions>",
			"0 input and 1 output entries", 3 },
		{ HEAD "<decision name=\"d\"><literalExpression>\n<text>1 +</text>"
		       "</literalExpression></decision></definitions>",
			"expected an expression", 3 },
		{ HEAD "<decision name=\"d\"><literalExpression>\n<text>for x in [1] return\n VIP"
		       "</text></literalExpression></decision></definitions>",
			"nothing that is called \"VIP\"", 4 },
		{ HEAD "<import namespace=\"urn:x\" name=\"x\" "
		       "importType=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"/></"
		       "definitions>",
			"urn:x", 2 },
		{ HEAD "<decision name=\"d\">\n<literalExpression "
		       "xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"><text>1</text>"
		       "</literalExpression></decision></definitions>",
			"literalExpression is an element of DMN 1.5 in a file of DMN 1.3", 3 },
		{ "<definitions xmlns=\"http://www.omg.org/spec/DMN/20151101/dmn.xsd\"/>",
			"not DMN 1.2 to 1.5", 1 },
		{ "<definitions xmlns=\"https://example.org/www.omg.org/spec/DMN/\"/>",
			"not DMN 1.2 to 1.5", 1 },
	};
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	const struct aw_dmn_model *model = NULL;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		assert_int_not_equal(load(&arena, cases[i].xml, true, &model, &err), AW_OK);
		if (strstr(err.text, cases[i].words) == NULL)
			fail_msg("case %zu: %s", i, err.text);
		if (cases[i].line != 0)
			assert_int_equal(err.line, cases[i].line);
		assert_string_equal(err.file, "bad.dmn");
	}
	assert_null(model);
	aw_arena_done(&arena);
}

static void
each_version_is_read_and_other_words_are_not(void **state)
{
	static const char *const versions[] = { "http://www.omg.org/spec/DMN/20180521/MODEL/",
		"https://www.omg.org/spec/DMN/20191111/MODEL/",
		"https://www.omg.org/spec/DMN/20211108/MODEL/",
		"https://www.omg.org/spec/DMN/20230324/MODEL/" };
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	const struct aw_dmn_model *model = NULL;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(versions); i++) {
		assert_ok(load(&arena,
			aw_arena_printf(&arena,
				"<m:definitions xmlns:m=\"%s\" xmlns:t=\"urn:a-tool\" "
				"namespace=\"urn:t\"><t:decision name=\"theirs\"/><m:decision "
				"name=\"d\"><m:literalExpression><m:text>1</m:text><t:text>2</"
				"t:text>"
				"</m:literalExpression></m:decision></m:definitions>",
				versions[i]),
			true, &model, &err));
		assert_int_equal(model->item_count, 1);
		assert_string_equal(
			aw_value_print(&arena,
				aw_dmn_decide(&arena, aw_dmn_find(model, AW_DMN_DECISION, "d"),
					&(struct aw_dmn_case){ 0 }, NULL)),
			"1");
	}
	aw_arena_done(&arena);
}

#define D(id, name, needs)                                                                         \
	"<decision id=\"" id "\" name=\"" name "\">" needs "<literalExpression><text>1</text>"     \
	"</literalExpression></decision>\n"
#define N(id)                                                                                      \
	"<informationRequirement><requiredDecision href=\"#" id "\"/></informationRequirement>"

static void
all_that_is_wrong_is_told_at_once(void **state)
{
	static const struct {
		uint32_t line;
		const char *words;
	} wanted[] = { { 3, "the id \"a\" is given in line 2 already" },
		{ 4, "the name \"one\" is given in line 2 already" },
		{ 5, "nothing with the id \"nobody\"" }, { 0, "requires itself, by way of" },
		{ 9, "\"BEST\" is not a hit policy" }, { 9, "a table needs an output" },
		{ 10, "1 input and 0 output entries" }, { 11, "expected an expression" },
		{ 12, "nothing that is called \"nowhere\"" } };
	static const char xml[] = HEAD D("a", "one", "") D("a", "two", "") D("b", "one", "") D(
		"c", "three", N("nobody")) D("d", "behind", N("e")) D("e", "e", N("f")) D("f", "f",
		N("e")) "<decision id=\"t\" name=\"t\"><decisionTable hitPolicy=\"BEST\">\n"
			"<rule><inputEntry><text>1</text></inputEntry></rule></decisionTable></"
			"decision>\n"
			"<decision id=\"x\" name=\"x\"><literalExpression><text>1 "
			"+</text></literalExpression></decision>\n"
			"<decision id=\"y\" name=\"y\"><context><contextEntry><variable "
			"name=\"k\"/>"
			"<literalExpression><text>2</text></literalExpression></"
			"contextEntry><contextEntry>"
			"<literalExpression><text>k + "
			"nowhere</text></literalExpression></contextEntry>"
			"</context></decision></definitions>";
	const struct aw_dmn_options options = { .file = "bad.dmn", .lint = true };
	const struct aw_dmn_model *model = NULL;
	const struct aw_dmn_problem *all;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	size_t count = 0;

	(void)state;
	assert_ok(aw_dmn_load(&arena, aw_str(xml), &options, &model, &err));
	for (const struct aw_dmn_problem *p = model->problems; p != NULL; p = p->next)
		count++;
	assert_int_equal(count, AW_COUNT(wanted));
	for (size_t i = 0; i < AW_COUNT(wanted); i++) {
		for (all = model->problems; all != NULL; all = all->next) {
			if ((wanted[i].line == 0 || all->line == wanted[i].line) &&
				strstr(all->text, wanted[i].words) != NULL)
				break;
		}
		if (all == NULL)
			fail_msg("not told: line %u, %s", wanted[i].line, wanted[i].words);
	}
	/* and a strict load says the first of them */
	assert_int_equal(load(&arena, xml, true, &model, &err), AW_INVALID);
	assert_true(err.line > 1);
}

static void
a_broken_expression_is_only_null_when_not_strict(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	const struct aw_dmn_model *model = NULL;
	struct aw_explain explain = { 0 };
	struct aw_dmn_case none = { 0 };

	(void)state;
	assert_ok(load(&arena,
		HEAD "<decision name=\"d\"><literalExpression>\n<text>1 +</text>"
		     "</literalExpression></decision></definitions>",
		false, &model, &err));
	assert_non_null(model->problems);
	assert_int_equal(model->problems->line, 3);
	assert_int_equal(model->problems->column, 4);
	assert_int_equal(
		aw_dmn_decide(&arena, aw_dmn_find(model, AW_DMN_DECISION, "d"), &none, &explain)
			.kind,
		AW_VALUE_NULL);
	assert_non_null(strstr(explain.diagnostics->text, "does not parse"));
	aw_arena_done(&arena);
}

static void
decisions_evaluate_what_they_require(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	const struct aw_dmn_model *model = NULL;
	struct aw_dmn_input input = { .name = "monthly fee", .value = aw_value_int(4) };

	(void)state;
	assert_ok(load(&arena,
		HEAD
		"<inputData id=\"i\" name=\"monthly fee\"/>"
		"<businessKnowledgeModel id=\"b\" name=\"twice\"><encapsulatedLogic>"
		"<formalParameter name=\"x\"/><literalExpression><text>x * 2</text>"
		"</literalExpression></encapsulatedLogic></businessKnowledgeModel>"
		"<decision id=\"e\" name=\"a - b\"><informationRequirement>"
		"<requiredInput href=\"#i\"/></informationRequirement><knowledgeRequirement>"
		"<requiredKnowledge href=\"#b\"/></knowledgeRequirement><literalExpression>"
		"<text>twice(monthly fee)</text></literalExpression></decision>"
		"<decision id=\"d\" name=\"d\"><informationRequirement>"
		"<requiredDecision href=\"#e\"/></informationRequirement><context>"
		"<contextEntry><variable name=\"one\"/><literalExpression><text>a - b + 1</text>"
		"</literalExpression></contextEntry><contextEntry><literalExpression>"
		"<text>one * 10</text></literalExpression></contextEntry></context></decision>"
		"</definitions>",
		true, &model, &err));
	assert_string_equal(aw_value_print(&arena,
				    aw_dmn_decide(&arena, aw_dmn_find(model, AW_DMN_DECISION, "d"),
					    &(struct aw_dmn_case){ &input, 1, 0 }, NULL)),
		"90");
	aw_arena_done(&arena);
}

static void
a_decision_that_requires_itself_is_null(void **state)
{
	struct aw_arena arena = { 0 };
	struct aw_error err = { 0 };
	const struct aw_dmn_model *model = NULL;
	struct aw_explain explain = { 0 };
	struct aw_dmn_case none = { 0 };

	(void)state;
	assert_ok(load(&arena,
		HEAD "<decision id=\"d\" name=\"d\"><informationRequirement>"
		     "<requiredDecision href=\"#d\"/></informationRequirement><literalExpression>"
		     "<text>d + 1</text></literalExpression></decision></definitions>",
		false, &model, &err));
	assert_int_equal(
		aw_dmn_decide(&arena, aw_dmn_find(model, AW_DMN_DECISION, "d"), &none, &explain)
			.kind,
		AW_VALUE_NULL);
	assert_string_equal(explain.diagnostics->text, "\"d\" requires itself");
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(what_is_not_dmn_is_refused_with_its_line),
	cmocka_unit_test(each_version_is_read_and_other_words_are_not),
	cmocka_unit_test(all_that_is_wrong_is_told_at_once),
	cmocka_unit_test(a_broken_expression_is_only_null_when_not_strict),
	cmocka_unit_test(decisions_evaluate_what_they_require),
	cmocka_unit_test(a_decision_that_requires_itself_is_null))
