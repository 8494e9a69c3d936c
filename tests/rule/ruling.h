/**
 * tests/rule/ruling - evaluating one FEEL text, and deciding with a model written in the test.
 */
#ifndef AW_TESTS_RULE_RULING_H
#define AW_TESTS_RULE_RULING_H

#include "rule/model.h"

#include "../testing.h"

/* The value of a FEEL text as FEEL text; "error L:C text" when it does not parse. */
static inline const char *
feel(struct aw_arena *arena, const char *text)
{
	struct aw_names names = { .arena = arena };
	struct aw_types types = { .arena = arena };
	struct aw_run run = { .arena = arena, .types = &types, .text = aw_str(text) };
	struct aw_node *node;
	struct aw_error err = { 0 };

	aw_names_add_builtin(&names);
	if (aw_feel_parse(arena, aw_str(text), &names, &node, &err) != AW_OK)
		return aw_arena_printf(arena, "error %u:%u %s", err.line, err.column, err.text);
	return aw_value_print(arena, aw_eval(&run, NULL, node));
}

#define assert_feel(text, expected) assert_string_equal(feel(&arena, (text)), (expected))

/* A model of one decision table: everything inside <decisionTable ...>. */
static inline const struct aw_dmn_model *
load_table(struct aw_arena *arena, const char *inputs, const char *table)
{
	const struct aw_dmn_model *model = NULL;
	struct aw_dmn_options options = { .file = "test.dmn", .strict = true };
	struct aw_error err = { 0 };
	const char *xml = aw_arena_printf(arena,
		"<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" "
		"namespace=\"urn:t\" name=\"t\">%s%s</definitions>",
		inputs, table);

	assert_ok(aw_dmn_load(arena, aw_str(xml), &options, &model, &err));
	return model;
}

#endif
