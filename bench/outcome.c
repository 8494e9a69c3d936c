/* bench/outcome - cases a second of the city's policy on two threads: facts in and the record that is sealed
 * with a decision out, then JSON in and the whole explanation as JSON out, beside jansson's parse and dump of
 * the same bytes. Prints JSON: cases a second by the clock, and by the processor's time. Usage: outcome POLICY-DIR [SECONDS [THREADS [record|explained|library]]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/parallel.h"
#include "city/triage/outcome.h"
#include "policy/policy.h"
#include "rule/why.h"
#include "tests/city/triage/cases.h"

enum { CASES = 2000, DAY = 18967, AT_ONCE = 16, TREES = 64 };

/* A case, as facts and as a text. */
struct a_case {
	struct aw_triage_facts facts;
	const char *json;
};

struct bench {
	const struct aw_dmn_model *model;
	const struct aw_dmn_item *decision;
	struct a_case *cases;
	double limit;
	const char *only; /* of what is measured; NULL: all */
	void (*run)(struct bench *, size_t thread, size_t from, size_t to);
	struct aw_outcomes *outcomes[AW_PARALLEL_MOST];
	struct aw_arena arenas[AW_PARALLEL_MOST];
	size_t done[AW_PARALLEL_MOST], bytes[AW_PARALLEL_MOST];
	bool failed[AW_PARALLEL_MOST];
	const struct aw_plan *plan;
	const struct aw_why_texts *why;
	struct aw_plan_run *runs[AW_PARALLEL_MOST];
	size_t interpreted[AW_PARALLEL_MOST]; /* cases that the plan left to the interpreter */
	json_t *trees[AW_PARALLEL_MOST][TREES];
};

static double
seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* -- cases ------------------------------------------------------------------------------------------- */

static json_t *
fact_value(const struct aw_fact *fact)
{
	json_t *list;

	if (fact->kind == AW_FACT_TEXT)
		return json_string(fact->text);
	if (fact->kind == AW_FACT_FLAG)
		return json_boolean(fact->flag);
	if (fact->kind == AW_FACT_NUMBER)
		return json_integer(fact->number);
	if (fact->kind != AW_FACT_LIST)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < fact->list_count; i++)
		aw_json_push(list, json_string(fact->list[i]));
	return list;
}

static void
make_cases(struct aw_arena *arena, struct bench *b)
{
	uint64_t seed = 1101206;

	b->cases = AW_NEW_ARRAY(arena, struct a_case, CASES);
	for (size_t i = 0; i < CASES; i++) {
		AW_SCOPED(json, json_t *) json = json_object();

		b->cases[i].facts = case_facts(arena, b->model, &seed);
		for (size_t k = 0; k < b->cases[i].facts.count; k++)
			aw_json_put(json, b->cases[i].facts.at[k].name,
				fact_value(&b->cases[i].facts.at[k]));
		b->cases[i].json = aw_json_compact(arena, json);
	}
}

/* -- what is measured ---------------------------------------------------------------------------------- */

static void
to_record(struct bench *b, size_t t, size_t from, size_t to)
{
	struct aw_error err = { 0 };

	for (size_t i = from; i < to; i++) {
		const struct aw_triage_facts *facts = &b->cases[i % CASES].facts;
		struct aw_buf out = { .arena = &b->arenas[t] };
		struct aw_outcome outcome;

		if (aw_outcomes_decide(b->outcomes[t], &b->arenas[t], facts, 1, &outcome, &err) !=
				AW_OK ||
			!aw_outcomes_record(b->outcomes[t], facts, &out))
			b->failed[t] = true;
		b->bytes[t] += out.len;
		if (b->arenas[t].used_bytes > (256 << 10))
			aw_arena_again(&b->arenas[t]);
	}
}

/* Decides a case given as JSON and adds why. */
static void
explain(struct bench *b, size_t t, const char *text, struct aw_buf *out)
{
	struct aw_plan_run *run = b->runs[t];
	struct aw_error err = { 0 };

	if (aw_plan_read(run, 1, aw_str(text), &err) != AW_OK)
		b->failed[t] = true;
	aw_plan_decide(run);
	b->interpreted[t] += !aw_why_write(b->why, run, out);
}

static void
to_explanation(struct bench *b, size_t t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct aw_buf out = { .arena = &b->arenas[t] };

		explain(b, t, b->cases[i % CASES].json, &out);
		b->bytes[t] += out.len;
		if (b->arenas[t].used_bytes > (256 << 10))
			aw_arena_again(&b->arenas[t]);
	}
}

/* Explanations of the first cases as trees, a set for each thread. */
static void
make_trees(struct bench *b, size_t threads)
{
	struct aw_error err = { 0 };

	for (size_t i = 0; i < threads * TREES; i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_buf out = { .arena = &arena };

		explain(b, 0, b->cases[i % TREES].json, &out);
		if (aw_json_parse((struct aw_str){ out.at, out.len }, "explanation",
			    &b->trees[i / TREES][i % TREES], &err) != AW_OK)
			b->failed[0] = true;
	}
}

/* The library alone: what goes in is parsed, what comes out is dumped from a tree that is there. */
static void
by_library(struct bench *b, size_t t, size_t from, size_t to)
{
	struct aw_error err = { 0 };

	for (size_t i = from; i < to; i++) {
		AW_SCOPED(json, json_t *) in = NULL;

		if (aw_json_parse(aw_str(b->cases[i % TREES].json), "case", &in, &err) != AW_OK)
			b->failed[t] = true;
		b->bytes[t] += strlen(aw_json_compact(&b->arenas[t], b->trees[t][i % TREES]));
		aw_arena_again(&b->arenas[t]);
	}
}

/* -- two threads ----------------------------------------------------------------------------------------- */

static void
work(void *arg, size_t thread)
{
	struct bench *b = arg;
	double end = seconds(CLOCK_MONOTONIC) + b->limit;

	while (seconds(CLOCK_MONOTONIC) < end) {
		b->run(b, thread, b->done[thread], b->done[thread] + AT_ONCE);
		b->done[thread] += AT_ONCE;
	}
}

static void
measure(struct bench *b, size_t threads, const char *name,
	void (*run)(struct bench *, size_t, size_t, size_t))
{
	size_t done = 0, bytes = 0;
	double start, took, used;

	if (b->only != NULL && strcmp(b->only, name) != 0)
		return;
	b->run = run;
	for (size_t i = 0; i < threads; i++)
		b->done[i] = b->bytes[i] = 0;
	start = seconds(CLOCK_MONOTONIC);
	used = seconds(CLOCK_PROCESS_CPUTIME_ID);
	aw_parallel(threads, work, b);
	took = seconds(CLOCK_MONOTONIC) - start;
	used = seconds(CLOCK_PROCESS_CPUTIME_ID) - used;
	for (size_t i = 0; i < threads; i++) {
		done += b->done[i];
		bytes += b->bytes[i];
	}
	printf("\"%s\": {\"rate\": %.0f, \"of_processor_time\": %.0f, \"bytes\": %zu}, ", name,
		(double)done / took, (double)done / used, bytes / (done == 0 ? 1 : done));
}

int
main(int argc, char **argv)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct bench *b = AW_NEW(&arena, struct bench);
	size_t threads = argc > 3 ? strtoul(argv[3], NULL, 10) : 2;
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };
	size_t interpreted = 0;
	bool failed = false;

	if (argc < 2 || threads < 1 || threads > AW_PARALLEL_MOST)
		return 2;
	if (aw_policy_load_dir(argv[1], NULL, &policy, &err) != AW_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	b->only = argc > 4 ? argv[4] : NULL;
	b->limit = argc > 2 ? strtod(argv[2], NULL) : 2;
	b->model = aw_policy_triage(policy, DAY)->model;
	b->decision = aw_dmn_find(b->model, AW_DMN_DECISION, "triage");
	b->plan = aw_plan_make(&arena, &b->decision, 1);
	b->why = b->plan == NULL ? NULL : aw_why_make(&arena, b->plan, policy->hash);
	if (b->why == NULL)
		return 2;
	make_cases(&arena, b);
	for (size_t i = 0; i < threads; i++) {
		if (aw_outcomes_new(b->model, &b->outcomes[i], &err) != AW_OK)
			return 2;
		b->runs[i] = aw_plan_run_new(b->plan);
	}
	printf("{\"threads\": %zu, ", threads);
	measure(b, threads, "record", to_record);
	measure(b, threads, "explained", to_explanation);
	make_trees(b, threads);
	measure(b, threads, "library", by_library);
	for (size_t i = 0; i < threads; i++) {
		interpreted += b->interpreted[i];
		failed = failed || b->failed[i];
		aw_outcomes_free(b->outcomes[i]);
		aw_plan_run_free(b->runs[i]);
		aw_arena_done(&b->arenas[i]);
		for (size_t k = 0; k < TREES; k++)
			json_decref(b->trees[i][k]);
	}
	printf("\"interpreted\": %zu, \"decisions\": %zu}\n", interpreted, b->model->item_count);
	aw_policy_free(policy);
	return failed ? 1 : 0;
}
