/* bench/table - a decision for cases given as JSON, by a plan, as often as fits in the seconds given. Prints
 * evaluations a second of processor time, and the first results for comparing with another engine.
 * Usage: table MODEL.dmn DECISION CASES.json SECONDS */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "rule/plan.h"

enum { SHOWN = 100 };

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct bench {
	const struct aw_plan *plan;
	struct aw_plan_run *run;
	int decision;
	int *slots; /* of each input, in the order of the first case */
	size_t inputs;
	struct aw_value *values; /* cases times inputs */
	size_t cases;
};

/* Every case has the same inputs in the same order. */
static void
read_cases(struct aw_arena *arena, const json_t *list, struct bench *b)
{
	const json_t *first = json_array_get(list, 0);
	const char *name;
	json_t *value;
	size_t n = 0;

	b->cases = json_array_size(list);
	b->slots = AW_NEW_ARRAY(arena, int, json_object_size(first));
	json_object_foreach((json_t *)(uintptr_t)first, name, value) b->slots[b->inputs++] =
		aw_plan_input(b->plan, aw_str(name));
	b->values = AW_NEW_ARRAY(arena, struct aw_value, b->cases * b->inputs);
	for (size_t i = 0; i < b->cases; i++) {
		json_object_foreach(json_array_get(list, i), name, value) b->values[n++] =
			aw_value_of_json(arena, value);
	}
}

static struct aw_value
decide(struct bench *b, size_t at)
{
	aw_plan_start(b->run, 1);
	for (size_t i = 0; i < b->inputs; i++)
		aw_plan_set(b->run, b->slots[i], b->values[at * b->inputs + i]);
	aw_plan_decide(b->run);
	return aw_plan_value(b->run, b->decision);
}

static void
measure(struct bench *b, double limit)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	json_t *results = json_array();
	double start = seconds(), took;
	size_t done = 0;

	do {
		for (int i = 0; i < 1000; i++)
			(void)decide(b, done++ % b->cases);
		took = seconds() - start;
	} while (took < limit);
	for (size_t i = 0; i < SHOWN && i < b->cases; i++)
		json_array_append_new(results, aw_value_json(&arena, decide(b, i)));
	printf("{\"rate\": %.0f, \"results\": %s}\n", (double)done / took,
		aw_json_compact(&arena, results));
	json_decref(results);
}

int
main(int argc, char **argv)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) list = NULL;
	struct aw_error err = { 0 };
	const struct aw_dmn_model *model = NULL;
	const struct aw_dmn_item *decision;
	struct bench b = { 0 };
	struct aw_str xml, cases;

	if (argc != 5)
		return 2;
	if (aw_file_read(&arena, argv[1], AW_DMN_SIZE_LIMIT, &xml, &err) != AW_OK ||
		aw_dmn_load(&arena, xml,
			&(struct aw_dmn_options){ .file = argv[1], .strict = true }, &model,
			&err) != AW_OK ||
		aw_file_read(&arena, argv[3], (size_t)64 << 20, &cases, &err) != AW_OK ||
		aw_json_parse(cases, argv[3], &list, &err) != AW_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	decision = aw_dmn_find(model, AW_DMN_DECISION, argv[2]);
	b.plan = decision == NULL ? NULL : aw_plan_make(&arena, &decision, 1);
	if (b.plan == NULL || json_array_size(list) == 0)
		return 2;
	b.run = aw_plan_run_new(b.plan);
	b.decision = aw_plan_slot(b.plan, decision);
	read_cases(&arena, list, &b);
	measure(&b, strtod(argv[4], NULL));
	aw_plan_run_free(b.run);
	return 0;
}
