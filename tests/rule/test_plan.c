/* rule/plan: a plan gives what the interpreter gives, and the same rules fire */
#include "rule/plan.h"

#include <dirent.h>

#include "base/file.h"
#include "ruling.h"

/* -- any values for any inputs ------------------------------------------------------------------------ */

static uint32_t
next(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

/* Constants of a model: what its cells and types name is what tells cases apart. */
struct constants {
	struct aw_arena *arena;
	struct aw_value *at;
	size_t count, room;
};

static void
add_constants(struct constants *c, const struct aw_node *node)
{
	if (node == NULL)
		return;
	if (node->op == AW_OP_LITERAL)
		*AW_PUSH(c->arena, c->at, c->count, c->room) = node->value;
	for (size_t i = 0; i < node->count; i++)
		add_constants(c, node->kids[i]);
}

static void
add_box(struct constants *c, const struct aw_box *box)
{
	if (box == NULL)
		return;
	add_constants(c, box->node);
	for (size_t i = 0; i < box->count; i++)
		add_box(c, box->kids[i]);
	for (size_t r = 0; box->table != NULL && r < box->table->rule_count; r++) {
		for (size_t i = 0; i < box->table->input_count; i++)
			add_constants(c, box->table->rules[r].tests[i].node);
	}
}

static struct constants
constants_of(struct aw_arena *arena, const struct aw_dmn_model *model)
{
	struct constants c = { .arena = arena };

	*AW_PUSH(arena, c.at, c.count, c.room) = aw_value_text(AW_STR_LIT("nobody's"));
	for (size_t i = 0; i < model->item_count; i++) {
		const struct aw_type *type = aw_type_resolve(&model->types, model->items[i]->type);

		add_box(&c, model->items[i]->box);
		add_constants(&c, type->allowed);
	}
	return c;
}

static struct aw_value
any_value(struct aw_arena *arena, const struct constants *c, uint64_t *seed)
{
	struct aw_value v = c->at[next(seed, (uint32_t)c->count)];
	struct aw_list *list;

	switch (next(seed, 10)) {
	case 0:
		return aw_null;
	case 1:
		return aw_value_flag(next(seed, 2) == 0);
	case 2:
		return aw_value_int((int64_t)next(seed, 25) - 3);
	case 3:
		list = AW_NEW(arena, struct aw_list);
		for (uint32_t n = next(seed, 4); n > 0; n--)
			aw_list_add(arena, list, c->at[next(seed, (uint32_t)c->count)]);
		return aw_value_list(list);
	case 4:
		if (v.kind == AW_VALUE_NUMBER)
			(void)aw_num_add(v.u.number, aw_num_int(1), &v.u.number);
		return v;
	default:
		return v;
	}
}

/* Three of four times a value that the input's type allows. */
static struct aw_value
input_value(struct aw_arena *arena, const struct aw_dmn_item *item, const struct constants *all,
	uint64_t *seed)
{
	const struct aw_type *type = aw_type_resolve(&item->model->types, item->type);
	struct constants own = { .arena = arena };

	if (next(seed, 4) == 0)
		return any_value(arena, all, seed);
	add_constants(&own, type->allowed);
	if (own.count > 0 && own.at[0].kind == AW_VALUE_TEXT)
		return own.at[next(seed, (uint32_t)own.count)];
	if (type->kind == AW_TYPE_BASIC && type->basic == AW_VALUE_FLAG)
		return aw_value_flag(next(seed, 2) == 0);
	if (type->kind == AW_TYPE_BASIC && type->basic == AW_VALUE_TEXT)
		return all->at[next(seed, (uint32_t)all->count)];
	return aw_value_int(next(seed, 20));
}

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

static const struct aw_dmn_model *
load_file(struct aw_arena *arena, const char *path)
{
	const struct aw_dmn_model *model = NULL;
	struct aw_dmn_options options = { .file = path };
	struct aw_error err = { 0 };
	struct aw_str xml;

	if (aw_file_read(arena, path, AW_DMN_SIZE_LIMIT, &xml, &err) != AW_OK ||
		aw_dmn_load(arena, xml, &options, &model, &err) != AW_OK)
		return NULL;
	return model;
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
compare_folder(const char *dir, struct sum *sum)
{
	DIR *open = opendir(dir);
	struct dirent *entry;

	if (open == NULL)
		return;
	while ((entry = readdir(open)) != NULL) {
		AW_SCOPE(aw_arena) a = { 0 };
		const char *path = aw_arena_printf(&a, "%s/%s", dir, entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		if (aw_str_ends(aw_str(path), ".dmn")) {
			const struct aw_dmn_model *model = load_file(&a, path);

			if (model != NULL)
				compare_model(model, 12, false, sum);
		} else if (strchr(entry->d_name, '.') == NULL) {
			compare_folder(path, sum);
		}
	}
	closedir(open);
}

static void
the_models_of_the_kit_decide_the_same(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	struct sum sum = { 0 };

	(void)state;
	compare_folder(aw_arena_printf(&a, "%s/dmn-tck", testdata_dir()), &sum);
	print_message("# %zu models, %zu without a plan; %zu cases, %zu values, %zu null\n",
		sum.models, sum.refused, sum.cases, sum.values, sum.nulls);
	assert_true(sum.models >= 100);
	assert_true(sum.refused < sum.models / 10);
	assert_true(sum.values - sum.nulls > 5000);
}

AW_TESTS(cmocka_unit_test(keelung_decides_the_same),
	cmocka_unit_test(the_models_of_the_kit_decide_the_same))
