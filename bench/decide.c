/* bench/decide - cases a second of the city's policy by the interpreter and by a plan, and of made-up
 * tables by a plan. Prints JSON. Usage: decide triage.dmn */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "rule/plan.h"

enum { CASES = 2000 };

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint32_t
next(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

static const struct aw_dmn_model *
load(struct aw_arena *arena, struct aw_str xml, const char *file)
{
	const struct aw_dmn_model *model = NULL;
	struct aw_dmn_options options = { .file = file, .strict = true };
	struct aw_error err = { 0 };

	if (aw_dmn_load(arena, xml, &options, &model, &err) != AW_OK) {
		fprintf(stderr, "%s: %s\n", file, err.text);
		return NULL;
	}
	return model;
}

/* A value that the input's type allows; one of eight is unknown. */
static struct aw_value
value_of(const struct aw_dmn_item *item, uint64_t *seed)
{
	const struct aw_type *type = aw_type_resolve(&item->model->types, item->type);

	if (next(seed, 8) == 0 && !aw_str_is(item->name, "kind"))
		return aw_null;
	if (type->allowed != NULL && type->allowed->count > 1)
		return type->allowed->kids[next(seed, (uint32_t)type->allowed->count)]->value;
	if (type->kind == AW_TYPE_BASIC && type->basic == AW_VALUE_FLAG)
		return aw_value_flag(next(seed, 4) == 0);
	return type->kind == AW_TYPE_LIST ? aw_null : aw_value_int(next(seed, 16));
}

/* -- the city's policy ----------------------------------------------------------------------------- */

struct bench {
	const struct aw_dmn_model *model;
	const struct aw_dmn_item *decision;
	const struct aw_dmn_item **inputs;
	size_t count;
	struct aw_dmn_input *cases; /* CASES times count */
};

static void
make_cases(struct aw_arena *arena, struct bench *b)
{
	uint64_t seed = 1101206;

	b->inputs = AW_NEW_ARRAY(arena, const struct aw_dmn_item *, b->model->item_count);
	for (size_t i = 0; i < b->model->item_count; i++) {
		if (b->model->items[i]->kind == AW_DMN_INPUT)
			b->inputs[b->count++] = b->model->items[i];
	}
	b->cases = AW_NEW_ARRAY(arena, struct aw_dmn_input, CASES * b->count);
	for (size_t i = 0; i < CASES * b->count; i++) {
		const struct aw_dmn_item *item = b->inputs[i % b->count];

		b->cases[i] = (struct aw_dmn_input){ .name = item->name.at,
			.value = value_of(item, &seed) };
	}
}

static double
by_interpreter(const struct bench *b, size_t cases, bool explained)
{
	double start = seconds();

	for (size_t i = 0; i < cases; i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_explain explain = { 0 };
		struct aw_dmn_case the_case = { b->cases + i % CASES * b->count, b->count, 1 };

		(void)aw_dmn_decide(&arena, b->decision, &the_case, explained ? &explain : NULL);
	}
	return (double)cases / (seconds() - start);
}

static double
by_plan(const struct bench *b, const struct aw_plan *plan, size_t cases)
{
	struct aw_plan_run *run = aw_plan_run_new(plan);
	double start = seconds(), rate;

	for (size_t i = 0; i < cases; i++) {
		const struct aw_dmn_input *inputs = b->cases + i % CASES * b->count;

		aw_plan_start(run, 1);
		for (size_t k = 0; k < b->count; k++)
			aw_plan_set(
				run, aw_plan_input(plan, aw_str(inputs[k].name)), inputs[k].value);
		aw_plan_decide(run);
	}
	rate = (double)cases / (seconds() - start);
	aw_plan_run_free(run);
	return rate;
}

int
main(int argc, char **argv)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct bench b = { 0 };
	struct aw_str xml;
	double start, compiled;
	const struct aw_plan *plan;

	if (argc != 2 || aw_file_read(&arena, argv[1], AW_DMN_SIZE_LIMIT, &xml, &err) != AW_OK)
		return 2;
	start = seconds();
	b.model = load(&arena, xml, argv[1]);
	if (b.model == NULL ||
		(b.decision = aw_dmn_find(b.model, AW_DMN_DECISION, "triage")) == NULL)
		return 2;
	plan = aw_plan_make(&arena, &b.decision, 1);
	compiled = seconds() - start;
	if (plan == NULL)
		return 2;
	make_cases(&arena, &b);
	printf("{\"parse_and_compile_ms\": %.2f, \"interpreter\": %.0f, \"explained\": %.0f, "
	       "\"plan\": %.0f}\n",
		compiled * 1000, by_interpreter(&b, 2000, false), by_interpreter(&b, 500, true),
		by_plan(&b, plan, 200000));
	return 0;
}
