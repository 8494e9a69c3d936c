/* fuzz/feel - any bytes as an expression and as unary tests: parsed, evaluated, printed. */
#include "rule/eval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct aw_run
new_run(struct aw_arena *arena, const struct aw_types *types, struct aw_str text)
{
	return (struct aw_run){
		.arena = arena, .types = types, .text = text, .steps = AW_RUN_STEPS - 20000
	}; /* a short leash: the fuzzer wants many inputs */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aw_arena arena = { 0 };
	struct aw_names names = { .arena = &arena };
	struct aw_types types = { .arena = &arena };
	struct aw_error err = { 0 };
	struct aw_str text = { (const char *)data, size };
	struct aw_node *node = NULL;

	if (size > 4096)
		return 0;
	aw_names_add_builtin(&names);
	if (aw_feel_parse(&arena, text, &names, &node, &err) == AW_OK) {
		struct aw_run run = new_run(&arena, &types, text);

		(void)aw_value_print(&arena, aw_eval(&run, NULL, node));
	}
	if (aw_feel_parse_tests(&arena, text, &names, &node, &err) == AW_OK) {
		struct aw_run run = new_run(&arena, &types, text);

		(void)aw_eval_tests(&run, NULL, node, aw_value_int(7));
	}
	aw_arena_done(&arena);
	return 0;
}
