/* rule/type */
#include "ruling.h"

static const char model_text[] =
	"<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"urn:t\" "
	"name=\"t\">"
	"<itemDefinition name=\"tAge\"><typeRef>number</typeRef>"
	"<allowedValues><text>[0..120]</text></allowedValues></itemDefinition>"
	"<itemDefinition name=\"tPerson\"><itemComponent name=\"age\"><typeRef>tAge</typeRef>"
	"</itemComponent><itemComponent name=\"born\"><typeRef>date</typeRef></itemComponent>"
	"</itemDefinition>"
	"<itemDefinition name=\"tPeople\" isCollection=\"true\"><typeRef>tPerson</typeRef>"
	"</itemDefinition></definitions>";

struct typing {
	struct aw_arena arena;
	const struct aw_dmn_model *model;
	struct aw_run run;
};

static void
set_up(struct typing *t)
{
	struct aw_dmn_options options = { .strict = true };
	struct aw_error err = { 0 };

	memset(t, 0, sizeof(*t));
	assert_ok(aw_dmn_load(&t->arena, AW_STR_LIT(model_text), &options, &t->model, &err));
	t->run = (struct aw_run){ .arena = &t->arena, .types = &t->model->types };
}

static bool
has(struct typing *t, const char *type, struct aw_value v)
{
	return aw_type_has(
		&t->run, &t->model->types, aw_type_find(&t->model->types, aw_str(type)), v);
}

static void
allowed_values_narrow_a_type(void **state)
{
	struct typing t;

	(void)state;
	set_up(&t);
	assert_true(has(&t, "tAge", aw_value_int(120)));
	assert_false(has(&t, "tAge", aw_value_int(121)));
	assert_false(has(&t, "tAge", aw_value_text(AW_STR_LIT("9"))));
	assert_true(has(&t, "tAge", aw_null));
	aw_arena_done(&t.arena);
}

static void
outside_texts_become_dates_where_the_type_says_so(void **state)
{
	struct typing t;
	struct aw_context person = { 0 };

	(void)state;
	set_up(&t);
	aw_context_put(&t.arena, &person, AW_STR_LIT("age"), aw_value_int(9));
	aw_context_put(
		&t.arena, &person, AW_STR_LIT("born"), aw_value_text(AW_STR_LIT("2012-05-01")));
	assert_false(has(&t, "tPerson", aw_value_context(&person)));
	struct aw_value v = aw_type_read(&t.arena, &t.model->types,
		aw_type_find(&t.model->types, AW_STR_LIT("tPerson")), aw_value_context(&person));

	assert_true(has(&t, "tPerson", v));
	assert_string_equal(aw_value_print(&t.arena, v), "{age: 9, born: 2012-05-01}");
	aw_arena_done(&t.arena);
}

static void
a_single_value_and_a_list_of_one_stand_for_each_other(void **state)
{
	struct typing t;
	bool ok;
	struct aw_list one = { 0 };
	const struct aw_type *list, *number = aw_type_builtin(AW_STR_LIT("number"));
	struct aw_type numbers = { .kind = AW_TYPE_LIST, .of = number };

	(void)state;
	set_up(&t);
	list = &numbers;
	aw_list_add(&t.arena, &one, aw_value_int(1));
	assert_int_equal(aw_type_coerce(&t.run, NULL, number, aw_value_list(&one), &ok).kind,
		AW_VALUE_NUMBER);
	assert_int_equal(
		aw_type_coerce(&t.run, NULL, list, aw_value_int(1), &ok).kind, AW_VALUE_LIST);
	assert_true(ok);
	assert_int_equal(
		aw_type_coerce(&t.run, NULL, number, aw_value_flag(true), &ok).kind, AW_VALUE_NULL);
	assert_false(ok);
	aw_arena_done(&t.arena);
}

static void
instance_of_knows_lists_and_contexts(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	assert_feel("[1, 2] instance of list<number>", "true");
	assert_feel("[1, \"a\"] instance of list<number>", "false");
	assert_feel("{a: 1} instance of context<a: number>", "true");
	assert_feel("{a: 1} instance of context<b: number>", "false");
	assert_feel("null instance of number", "false");
	assert_feel("[1..2] instance of range<number>", "true");
	aw_arena_done(&arena);
}

AW_TESTS(cmocka_unit_test(allowed_values_narrow_a_type),
	cmocka_unit_test(outside_texts_become_dates_where_the_type_says_so),
	cmocka_unit_test(a_single_value_and_a_list_of_one_stand_for_each_other),
	cmocka_unit_test(instance_of_knows_lists_and_contexts))
