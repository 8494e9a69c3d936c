/* rule/plan: a plan gives what the interpreter gives, and the same rules fire */
#include "rule/plan.h"

#include "chance.h"

/* -- comparing ----------------------------------------------------------------------------------------- */

struct sum {
	size_t models, refused, cases, values, nulls, rows, fired;
};

static void
compare_rules(const struct aw_dmn_item *item, const struct aw_explain *explain,
	const struct aw_plan_run *run, int slot, bool null, struct sum *sum)
{
	const struct aw_explain_decision *d = aw_explain_find(explain, item->id);
	size_t words;
	const uint64_t *fired = aw_plan_fired(run, slot, &words);

	for (size_t r = 0; d != NULL && r < d->row_count; r++) {
		bool by_plan = (fired[r / 64] >> (r % 64) & 1) != 0;

		if (by_plan != d->rows[r].fired)
			fail_msg("%s rule %zu: fires %s", item->name.at, r + 1,
				by_plan ? "by the plan alone" : "by the interpreter alone");
		/* a null may come from a rule, or from none that may */
		if (!null && aw_plan_used(run, slot, r) != d->rows[r].used)
			fail_msg("%s rule %zu: used %s", item->name.at, r + 1,
				d->rows[r].used ? "by the interpreter alone" : "by the plan alone");
		sum->rows++;
		sum->fired += by_plan;
	}
}

static void
compare_case(const struct aw_plan *plan, struct aw_plan_run *run, const struct aw_dmn_model *model,
	const struct aw_dmn_input *inputs, size_t input_count, bool rules, struct sum *sum)
{
	aw_plan_start(run, 1);
	for (size_t i = 0; i < input_count; i++)
		aw_plan_set(run, aw_plan_input(plan, aw_str(inputs[i].name)), inputs[i].value);
	aw_plan_decide(run);
	sum->cases++;
	for (size_t i = 0; i < model->item_count; i++) {
		AW_SCOPE(aw_arena) a = { 0 };
		const struct aw_dmn_item *item = model->items[i];
		int slot = aw_plan_slot(plan, item);
		struct aw_dmn_case the_case = { inputs, input_count, 1 };
		struct aw_explain explain = { 0 };
		size_t words;

		if (item->kind != AW_DMN_DECISION || slot == AW_PLAN_NONE)
			continue;
		struct aw_value v = aw_dmn_decide(&a, item, &the_case, rules ? &explain : NULL);
		const char *expected = aw_value_print(&a, v);
		const char *got = aw_value_print(&a, aw_plan_value(run, slot));

		if (strcmp(expected, got) != 0)
			fail_msg("%s: %s by the plan, %s by the interpreter", item->name.at, got,
				expected);
		sum->values++;
		sum->nulls += v.kind == AW_VALUE_NULL;
		if (rules && aw_plan_fired(run, slot, &words) != NULL)
			compare_rules(item, &explain, run, slot, v.kind == AW_VALUE_NULL, sum);
	}
}

static void
compare_model(const struct aw_dmn_model *model, size_t cases, bool rules, struct sum *sum)
{
	AW_SCOPE(aw_arena) a = { 0 };
	const struct aw_dmn_item **items =
		AW_NEW_ARRAY(&a, const struct aw_dmn_item *, model->item_count + 1);
	const struct aw_dmn_item **decisions =
		AW_NEW_ARRAY(&a, const struct aw_dmn_item *, model->item_count + 1);
	struct aw_dmn_input *inputs = AW_NEW_ARRAY(&a, struct aw_dmn_input, model->item_count + 1);
	struct constants constants = constants_of(&a, model);
	size_t count = 0, input_count = 0;
	uint64_t seed = 20211206;

	for (size_t i = 0; i < model->item_count; i++) {
		if (model->items[i]->kind == AW_DMN_DECISION)
			decisions[count++] = model->items[i];
		if (model->items[i]->kind != AW_DMN_INPUT)
			continue;
		items[input_count] = model->items[i];
		inputs[input_count++].name = model->items[i]->name.at;
	}
	const struct aw_plan *plan = aw_plan_make(&a, decisions, count);

	sum->models++;
	sum->refused += plan == NULL;
	if (plan == NULL)
		return;
	struct aw_plan_run *run = aw_plan_run_new(plan);

	for (size_t n = 0; n < cases; n++) {
		AW_SCOPE(aw_arena) b = { 0 };

		for (size_t i = 0; i < input_count; i++)
			inputs[i].value = input_value(&b, items[i], &constants, &seed);
		compare_case(plan, run, model, inputs, input_count, rules, sum);
	}
	aw_plan_run_free(run);
}

static void
keelung_decides_the_same(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	const struct aw_dmn_model *model =
		load_file(&a, aw_arena_printf(&a, "%s/policy/keelung/triage.dmn", source_dir()));
	struct sum sum = { 0 };

	(void)state;
	assert_non_null(model);
	compare_model(model, 150, true, &sum);
	print_message("# %zu cases, %zu values (%zu null), %zu rules of which %zu fired\n",
		sum.cases, sum.values, sum.nulls, sum.rows, sum.fired);
	assert_int_equal(sum.refused, 0);
	assert_int_equal(sum.cases, 150);
	assert_true(sum.fired > 1000);
}

static void
compare_one(const struct aw_dmn_model *model, void *sum)
{
	compare_model(model, 12, false, sum);
}

static void
the_models_of_the_kit_decide_the_same(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	struct sum sum = { 0 };

	(void)state;
	each_model(aw_arena_printf(&a, "%s/dmn-tck", testdata_dir()), compare_one, &sum);
	print_message("# %zu models, %zu without a plan; %zu cases, %zu values, %zu null\n",
		sum.models, sum.refused, sum.cases, sum.values, sum.nulls);
	assert_true(sum.models >= 100);
	assert_true(sum.refused < sum.models / 10);
	assert_true(sum.values - sum.nulls > 5000);
}

/* -- cases as JSON --------------------------------------------------------------------------------------- */

static const char whole_case[] =
	"{\"kind\": \"child_protection\", \"subject_age\":5,\"weapon\" :true, \"cohabiting\":false,"
	"\"safety\":null, \"other_kinds\":[\"suicide\", "
	"\"adult_ipv\"],\"vf_factors\":[],\"nobody\":-12,"
	"\"injury\":\"severe\"}";

/* What a case makes of every slot, or why it is refused. */
static const char *
decided(struct aw_arena *arena, const struct aw_plan *plan, struct aw_plan_run *run,
	const char *text)
{
	struct aw_buf out = { .arena = arena };
	struct aw_error err = { 0 };

	if (aw_plan_read(run, 1, aw_str(text), &err) != AW_OK)
		return "refused";
	aw_plan_decide(run);
	for (int slot = 0; aw_plan_item(plan, slot) != NULL; slot++)
		aw_buf_printf(&out, "%s\n", aw_value_print(arena, aw_plan_value(run, slot)));
	return aw_buf_z(&out);
}

static void
change_text(char *text, size_t len, uint64_t *seed)
{
	static const char letters[] = "{}[]\",:-.0123456789e \\\n\ttruefalsnk";

	for (uint32_t n = 1 + next(seed, 3); n > 0; n--) {
		size_t at = 1 + next(seed, (uint32_t)len - 1);

		if (next(seed, 3) == 0)
			memmove(text + at, text + at + 1, len - at);
		else
			text[at] = letters[next(seed, sizeof(letters) - 1)];
	}
}

/* An escaped name in front takes a text to the parser, which must find the same in it. */
static void
a_case_is_read_alike_with_and_without_a_tree(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	const struct aw_dmn_model *model =
		load_file(&a, aw_arena_printf(&a, "%s/policy/keelung/triage.dmn", source_dir()));
	const struct aw_dmn_item *triage = aw_dmn_find(model, AW_DMN_DECISION, "triage");
	const struct aw_plan *plan = aw_plan_make(&a, &triage, 1);
	struct aw_plan_run *run = aw_plan_run_new(plan);
	size_t refused = 0, same_as_whole = 0;
	uint64_t seed = 8259;
	const char *whole = decided(&a, plan, run, whole_case);

	(void)state;
	assert_non_null(strstr(whole, "\"child_protection\"\n"));
	for (int i = 0; i < 4000; i++) {
		AW_SCOPE(aw_arena) b = { 0 };
		char *text = aw_arena_strdup(&b, whole_case);
		const char *quick, *parsed;

		change_text(text, strlen(text), &seed);
		quick = decided(&b, plan, run, text);
		parsed = decided(&b, plan, run, aw_arena_printf(&b, "{\"\\u0041\":0,%s", text + 1));
		if (strcmp(quick, parsed) != 0)
			fail_msg("%s\nis read as\n%s\nand as\n%s", text, quick, parsed);
		refused += strcmp(quick, "refused") == 0;
		same_as_whole += strcmp(quick, whole) == 0;
	}
	print_message("# %zu refused, %zu the same as before\n", refused, same_as_whole);
	assert_true(refused > 1000 && refused < 3900);
	aw_plan_run_free(run);
}

static void
a_case_that_names_an_input_twice_is_refused(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	const struct aw_dmn_model *model =
		load_file(&a, aw_arena_printf(&a, "%s/policy/keelung/triage.dmn", source_dir()));
	const struct aw_dmn_item *triage = aw_dmn_find(model, AW_DMN_DECISION, "triage");
	const struct aw_plan *plan = aw_plan_make(&a, &triage, 1);
	struct aw_plan_run *run = aw_plan_run_new(plan);
	struct aw_error err = { 0 };

	(void)state;
	assert_fails(aw_plan_read(run, 1, AW_STR_LIT("{\"weapon\":true,\"weapon\":false}"), &err),
		AW_INVALID, "");
	assert_fails(aw_plan_read(run, 1, AW_STR_LIT("{\"nobody\":1,\"nobody\":1}"), &err),
		AW_INVALID, "");
	assert_fails(aw_plan_read(run, 1, AW_STR_LIT("[]"), &err), AW_INVALID, "one JSON object");
	assert_ok(aw_plan_read(run, 1, AW_STR_LIT("{}"), &err));
	aw_plan_run_free(run);
}

AW_TESTS(cmocka_unit_test(keelung_decides_the_same),
	cmocka_unit_test(a_case_is_read_alike_with_and_without_a_tree),
	cmocka_unit_test(a_case_that_names_an_input_twice_is_refused),
	cmocka_unit_test(the_models_of_the_kit_decide_the_same))
