/* rule/why: the compiled explanation is the interpreter's, byte for byte */
#include "rule/why_inner.h"

#include "chance.h"

struct sum {
	size_t decisions, cases, compiled, bytes;
	size_t differing; /* of a planted fault */
};

/* -- cases ------------------------------------------------------------------------------------- */

typedef struct aw_value value_fn(struct aw_arena *arena, const struct aw_dmn_item *item,
	const struct constants *all, uint64_t *seed);

/* A value, or none, or several that it may be; with a source or without. */
static struct aw_dmn_input
any_input(struct aw_arena *arena, const struct aw_dmn_item *item, const struct constants *constants,
	value_fn *value, uint64_t *seed)
{
	static const char *const sources[] = { NULL, "answer", "a \"source\"" };
	struct aw_dmn_input input = { .name = item->name.at,
		.source = sources[next(seed, AW_COUNT(sources))] };
	struct aw_value *others;

	if (next(seed, 5) == 0)
		return input;
	input.value = value(arena, item, constants, seed);
	if (next(seed, 8) != 0)
		return input;
	input.other_count = 1 + next(seed, 3);
	others = AW_NEW_ARRAY(arena, struct aw_value, input.other_count);
	for (size_t i = 0; i < input.other_count; i++)
		others[i] = value(arena, item, constants, seed);
	input.others = others;
	return input;
}

struct pair {
	const struct aw_dmn_item *decision;
	const struct aw_plan *plan;
	const struct aw_why_texts *why;
	struct aw_plan_run *run;
	bool planted; /* differences are counted, not refused */
};

static void
compare(const struct pair *p, const struct aw_dmn_case *the_case, struct sum *sum)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf expected = { .arena = &arena }, got = { .arena = &arena };
	struct aw_explain explain = { 0 };

	(void)aw_dmn_decide(&arena, p->decision, the_case, &explain);
	aw_explain_write(&explain, "0a", &expected);
	aw_plan_start(p->run, the_case->now_ms);
	for (size_t i = 0; i < the_case->input_count; i++)
		aw_plan_give(p->run, aw_plan_input(p->plan, aw_str(the_case->inputs[i].name)),
			&the_case->inputs[i]);
	aw_plan_decide(p->run);
	sum->compiled += aw_why_write(p->why, p->run, &got);
	sum->cases++;
	sum->bytes += got.len;
	if (strcmp(aw_buf_z(&expected), aw_buf_z(&got)) == 0)
		return;
	sum->differing++;
	if (!p->planted)
		fail_msg("%s of %s:\n%s\nby the plan,\n%s\nby the interpreter",
			p->decision->name.at, p->decision->model->file, aw_buf_z(&got),
			aw_buf_z(&expected));
}

/* Explains a decision of a model in so many cases. spoil may be NULL. */
static void
compare_decision(const struct aw_dmn_item *decision, size_t cases,
	void (*spoil)(const struct aw_why_texts *), struct sum *sum)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_dmn_model *model = decision->model;
	struct constants constants = constants_of(&arena, model);
	struct pair p = { .decision = decision, .planted = spoil != NULL };
	uint64_t seed = 20211206;

	p.plan = aw_plan_make(&arena, &decision, 1);
	if (p.plan == NULL)
		return;
	p.why = aw_why_make(&arena, p.plan, "0a");
	assert_non_null(p.why);
	if (spoil != NULL)
		spoil(p.why);
	p.run = aw_plan_run_new(p.plan);
	sum->decisions++;
	for (size_t n = 0; n < cases; n++) {
		AW_SCOPE(aw_arena) a = { 0 };
		struct aw_dmn_input *inputs =
			AW_NEW_ARRAY(&a, struct aw_dmn_input, model->item_count + 1);
		struct aw_dmn_case the_case = { .inputs = inputs, .now_ms = 1 };

		for (size_t i = 0; i < model->item_count; i++) {
			if (model->items[i]->kind == AW_DMN_INPUT && next(&seed, 20) != 0)
				inputs[the_case.input_count++] =
					any_input(&a, model->items[i], &constants,
						n % 2 == 0 ? fitting_value : input_value, &seed);
		}
		compare(&p, &the_case, sum);
	}
	aw_plan_run_free(p.run);
}

static void
compare_model(const struct aw_dmn_model *model, size_t cases, struct sum *sum)
{
	for (size_t i = 0; i < model->item_count; i++) {
		if (model->items[i]->kind == AW_DMN_DECISION)
			compare_decision(model->items[i], cases, NULL, sum);
	}
}

/* -- tests ------------------------------------------------------------------------------------- */

static const struct aw_dmn_model *
load_city(struct aw_arena *arena, const char *city)
{
	const struct aw_dmn_model *model = load_file(
		arena, aw_arena_printf(arena, "%s/policy/%s/triage.dmn", source_dir(), city));

	assert_non_null(model);
	return model;
}

static void
each_city_explains_the_same(void **state)
{
	static const char *const cities[] = { "keelung", "kaohsiung", "new-taipei" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cities); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		const struct aw_dmn_model *model = load_city(&arena, cities[i]);
		struct sum all = { 0 }, root = { 0 };

		compare_model(model, 10, &all);
		compare_decision(aw_dmn_find(model, AW_DMN_DECISION, "triage"), 300, NULL, &root);
		print_message("# %s: %zu decisions, %zu cases, %zu compiled; triage %zu of %zu\n",
			cities[i], all.decisions, all.cases, all.compiled, root.compiled,
			root.cases);
		assert_true(all.decisions > 20);
		assert_true(root.compiled > 100);
	}
}

static void
compare_one(const struct aw_dmn_model *model, void *sum)
{
	compare_model(model, 4, sum);
}

static void
the_models_of_the_kit_explain_the_same(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	struct sum sum = { 0 };

	(void)state;
	each_model(aw_arena_printf(&a, "%s/dmn-tck", testdata_dir()), compare_one, &sum);
	print_message("# %zu decisions, %zu cases, %zu compiled\n", sum.decisions, sum.cases,
		sum.compiled);
	assert_true(sum.decisions > 1000);
	assert_true(sum.compiled > 100);
}

/* A report of which nothing is known but its kind: more questions than a list of 200 holds. Whoever could
 * decide a row is asked, and is not said to change nothing. */
static void
no_question_is_lost_where_there_are_many(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_dmn_model *model = load_city(&arena, "keelung");
	struct aw_dmn_input kind = { .name = "kind",
		.value = aw_value_text(AW_STR_LIT("vulnerable_family")) };
	struct aw_dmn_case the_case = { &kind, 1, 1 };
	struct aw_explain e = { 0 };
	size_t told = 0, harmless = 0;

	(void)state;
	(void)aw_dmn_decide(&arena, aw_dmn_find(model, AW_DMN_DECISION, "triage"), &the_case, &e);
	assert_true(e.unknown_count > 300);
	for (size_t g = 0; g < e.given_count; g++) {
		bool asked = false;

		for (size_t i = 0; i < e.unknown_count; i++) {
			if (strcmp(e.unknowns[i].input, e.given[g].name) != 0)
				continue;
			asked = asked || e.unknowns[i].decision != NULL;
			harmless += e.unknowns[i].decision == NULL;
		}
		told += asked;
	}
	/* asked for in tables that come after the first 200: */
	for (size_t i = 0; i < e.unknown_count; i++)
		if (e.unknowns[i].decision == NULL)
			assert_string_not_equal(e.unknowns[i].input, "new_immigrant");
	print_message("# %zu entries, %zu inputs asked for, %zu harmless\n", e.unknown_count, told,
		harmless);
	assert_int_equal(told + harmless, e.given_count - 1);
}

/* One column of one table of thirty is taken for "-". */
static void
forget_a_column(const struct aw_why_texts *why)
{
	for (size_t i = 0; i < why->plan->count; i++) {
		if (strcmp(why->plan->slots[i].item->name.at, "priority_adult") == 0)
			why->slots[i].table->tested[2] = 0;
	}
}

/* What an unknown flag may be is "no" alone. */
static void
take_unknown_for_no(const struct aw_why_texts *why)
{
	for (size_t i = 0; i < why->plan->count; i++) {
		if (strcmp(why->plan->slots[i].item->name.at, "weapon") == 0) {
			why->slots[i].domain.at[0] = why->slots[i].domain.at[1];
			why->slots[i].domain.count = 1;
		}
	}
}

static void
a_planted_fault_is_found(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_dmn_model *model = load_city(&arena, "keelung");
	const struct aw_dmn_item *triage = aw_dmn_find(model, AW_DMN_DECISION, "triage");
	struct sum column = { 0 }, unknown = { 0 };

	(void)state;
	compare_decision(triage, 100, forget_a_column, &column);
	compare_decision(triage, 100, take_unknown_for_no, &unknown);
	assert_true(column.differing > 0);
	assert_true(unknown.differing > 0);
}

AW_TESTS(cmocka_unit_test(each_city_explains_the_same),
	cmocka_unit_test(the_models_of_the_kit_explain_the_same),
	cmocka_unit_test(no_question_is_lost_where_there_are_many),
	cmocka_unit_test(a_planted_fault_is_found))
