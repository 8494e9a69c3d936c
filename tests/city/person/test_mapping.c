/* registers/<code>.yaml: Keelung's own, and what is refused. */
#include "city/person/mapping.h"

#include "../../testing.h"
#include "base/file.h"
#include "guard/access.h"

static struct aw_policy *
keelung(void)
{
	char dir[512];
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };

	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &policy, &err));
	return policy;
}

static void
keelung_has_seven_registers_a_base_and_three_that_wait(void **state)
{
	static const char *const seven[] = { "protection", "vulnerable", "placement", "psychiatric",
		"suicide", "drug", "welfare" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy *policy = keelung();
	struct aw_registers registers;

	(void)state;
	aw_registers_read(policy, &arena, &mistakes, &registers);
	for (size_t i = 0; i < mistakes.count; i++)
		printf("# %s:%u: %s\n", mistakes.at[i].file, mistakes.at[i].line,
			mistakes.at[i].text);
	assert_int_equal(mistakes.count, 0);
	assert_int_equal(registers.count, 11);
	assert_true(registers.at[0].base);
	for (size_t i = 0; i < 7; i++) {
		assert_string_equal(registers.at[i + 1].code, seven[i]);
		assert_true(registers.at[i + 1].enabled);
		assert_true(registers.at[i + 1].fact_count > 0);
	}
	for (size_t i = 8; i < 11; i++) {
		assert_false(registers.at[i].enabled);
		assert_string_equal(registers.at[i].legal_basis, "待補");
	}
	aw_policy_free(policy);
}

static void
a_screener_sees_of_health_registers_existence_alone(void **state)
{
	static const char *const guarded[] = { "psychiatric", "suicide", "drug" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy *policy = keelung();
	struct aw_registers registers;

	(void)state;
	aw_registers_read(policy, &arena, &mistakes, &registers);
	for (size_t i = 0; i < AW_COUNT(guarded); i++) {
		const struct aw_register_map *map = aw_registers_find(&registers, guarded[i]);

		assert_non_null(map);
		assert_false(map->detail);
		assert_int_equal(map->class_bit, AW_CLASS_HEALTH);
		for (size_t c = 0; c < map->column_count; c++)
			assert_false(map->columns[c].shown);
	}
	assert_null(aw_registers_find(&registers, "weather"));
	aw_policy_free(policy);
}

/* The mapping of protection with one thing changed gives this mistake. */
static void
assert_mistake(const char *from, const char *to, const char *words)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_mistakes mistakes = { .arena = &arena };
	struct aw_policy policy = { 0 };
	struct aw_policy_doc doc = { .path = "registers/protection.yaml" };
	struct aw_policy_file file = { .path = "registers/protection.yaml" };
	struct aw_registers registers;
	struct aw_error err = { 0 };
	struct aw_buf text = { .arena = &arena };
	const char *at;
	bool found = false;

	assert_ok(aw_file_read(&arena,
		aw_arena_printf(&arena, "%s/policy/taiwan/registers/protection.yaml", source_dir()),
		1 << 20, &file.text, &err));
	at = strstr(file.text.at, from);
	assert_non_null(at);
	aw_buf_add(&text, file.text.at, (size_t)(at - file.text.at));
	aw_buf_text(&text, to);
	aw_buf_text(&text, at + strlen(from));
	file.text = (struct aw_str){ text.at, text.len };
	policy.docs = &doc;
	policy.doc_count = 1;
	policy.files = &file;
	policy.file_count = 1;
	aw_registers_read(&policy, &arena, &mistakes, &registers);
	for (size_t i = 0; i < mistakes.count; i++)
		found |= strstr(mistakes.at[i].text, words) != NULL && mistakes.at[i].line > 0;
	if (!found)
		fail_msg("no mistake says \"%s\"", words);
}

static void
mistakes_are_named_with_their_line(void **state)
{
	(void)state;
	assert_mistake("legal_basis: 家庭", "legal_basis: 待補 家庭", "legal basis");
	assert_mistake("class: risk", "class: secret", "field class");
	assert_mistake("field: source_id", "field: other_id", "source_id is needed");
	assert_mistake("field: alias", "field: name", "stands twice");
	assert_mistake("kind: flag, shown", "kind: code, shown", "needs `values`");
	assert_mistake("screener: detail", "screener: existence", "shows no column");
	assert_mistake("{order_until: not_past}", "{order_to: not_past}", "no column for order_to");
	assert_mistake("{order_until: not_past}", "{role: within 9}", "not of the kind");
	assert_mistake("code: protection", "code: protect", "file's name");
	assert_mistake("order: 1", "order: first", "order");
	assert_mistake("enabled: true", "enabled: true\ncolour: red", "colour");
}

AW_TESTS(cmocka_unit_test(keelung_has_seven_registers_a_base_and_three_that_wait),
	cmocka_unit_test(a_screener_sees_of_health_registers_existence_alone),
	cmocka_unit_test(mistakes_are_named_with_their_line))
