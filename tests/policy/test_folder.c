/* tests/policy/folder - a city's folder over the one that cities share */
#include "../folder.h"
#include "../testing.h"
#include "policy/policy.h"

/* A city and a base in a folder of the test's own. */
struct bench {
	struct aw_arena arena;
	char dir[32];
	const char *city, *base;
	struct aw_mistakes mistakes;
};

static void
set_up(struct bench *b)
{
	*b = (struct bench){ .dir = "/tmp/anwang-base-XXXXXX" };
	assert_non_null(mkdtemp(b->dir));
	b->city = aw_arena_printf(&b->arena, "%s/city", b->dir);
	b->base = aw_arena_printf(&b->arena, "%s/taiwan", b->dir);
	b->mistakes.arena = &b->arena;
	folder_copy(&b->arena, policy_dir(&b->arena, "keelung"), b->city, NULL);
	folder_copy(&b->arena, policy_dir(&b->arena, "taiwan"), b->base, NULL);
}

static void
tear_down(struct bench *b)
{
	folder_remove(&b->arena, b->dir);
	aw_arena_done(&b->arena);
}

static void
put(struct bench *b, const char *dir, const char *name, const char *text)
{
	const char *path = aw_arena_printf(&b->arena, "%s/%s", dir, name);
	struct aw_error err = { 0 };

	folder_above(&b->arena, path);
	assert_ok(aw_file_write(path, aw_str(text), 0600, &err));
}

/* One text of a file replaced by another. */
static void
edit(struct bench *b, const char *dir, const char *name, const char *find, const char *replace)
{
	struct aw_error err = { 0 };
	struct aw_str text;
	const char *at;

	assert_ok(aw_file_read(
		&b->arena, aw_arena_printf(&b->arena, "%s/%s", dir, name), 1 << 22, &text, &err));
	at = strstr(text.at, find);
	assert_non_null(at);
	put(b, dir, name,
		aw_arena_printf(&b->arena, "%.*s%s%s", (int)(at - text.at), text.at, replace,
			at + strlen(find)));
}

static struct aw_policy *
load(struct bench *b)
{
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };

	b->mistakes.count = 0;
	if (aw_policy_load_dir(b->city, &b->mistakes, &policy, &err) != AW_OK)
		assert_int_equal(err.status, AW_INVALID);
	return policy;
}

/* The one mistake that the folder has now. */
static void
refused(struct bench *b, const char *file, const char *words)
{
	assert_null(load(b));
	assert_true(b->mistakes.count >= 1);
	assert_string_equal(b->mistakes.at[0].file, file);
	if (strstr(b->mistakes.at[0].text, words) == NULL)
		fail_msg("it says \"%s\", not \"%s\"", b->mistakes.at[0].text, words);
}

static void
a_city_sees_the_shared_files_and_its_own(void **state)
{
	struct aw_policy *policy, *again = NULL;
	struct aw_error err = { 0 };
	struct bench b;

	(void)state;
	set_up(&b);
	policy = load(&b);
	assert_non_null(policy);
	assert_string_equal(aw_policy_file(policy, "city.yaml")->from, "city.yaml");
	assert_string_equal(
		aw_policy_file(policy, "questions.yaml")->from, "../taiwan/questions.yaml");
	for (size_t i = 1; i < policy->file_count; i++)
		assert_true(strcmp(policy->files[i - 1].path, policy->files[i].path) < 0);
	/* what is released holds all of it and needs no folder beside it */
	assert_ok(aw_policy_load_bundle(aw_policy_pack(&b.arena, policy), NULL, &again, &err));
	assert_string_equal(again->hash, policy->hash);
	assert_string_equal(aw_policy_file(again, "questions.yaml")->from, "questions.yaml");
	aw_policy_free(again);
	aw_policy_free(policy);
	tear_down(&b);
}

static void
a_file_of_the_city_stands_in_place_of_the_shared_one(void **state)
{
	struct aw_policy *first, *policy;
	struct bench b;

	(void)state;
	set_up(&b);
	first = load(&b);
	assert_non_null(first);
	put(&b, b.city, "scales.yaml",
		aw_policy_file(first, "scales.yaml")
			->text.at); /* the same bytes: the same policy */
	policy = load(&b);
	assert_non_null(policy);
	assert_string_equal(policy->hash, first->hash);
	assert_string_equal(aw_policy_file(policy, "scales.yaml")->from, "scales.yaml");
	aw_policy_free(policy);
	edit(&b, b.city, "scales.yaml", "zh: 本市分級", "zh: 本府分級");
	policy = load(&b);
	assert_non_null(policy);
	assert_string_not_equal(policy->hash, first->hash);
	assert_string_equal(aw_policy_scale(policy, "city")->label.zh, "本府分級");
	aw_policy_free(policy);
	/* a change of the shared file that the city has its own of changes nothing */
	edit(&b, b.base, "scales.yaml", "zh: 本市分級", "zh: 全國分級");
	policy = load(&b);
	assert_non_null(policy);
	assert_string_equal(aw_policy_scale(policy, "city")->label.zh, "本府分級");
	aw_policy_free(policy);
	aw_policy_free(first);
	tear_down(&b);
}

static void
a_shared_change_changes_the_hash(void **state)
{
	struct aw_policy *first, *policy;
	struct bench b;

	(void)state;
	set_up(&b);
	first = load(&b);
	edit(&b, b.base, "words.yaml", "zh: 一般民眾", "zh: 民眾");
	policy = load(&b);
	assert_true(first != NULL && policy != NULL);
	assert_string_not_equal(policy->hash, first->hash);
	aw_policy_free(policy);
	aw_policy_free(first);
	tear_down(&b);
}

static void
a_mistake_names_the_file_where_it_is_written(void **state)
{
	struct bench b;

	(void)state;
	set_up(&b);
	edit(&b, b.base, "questions.yaml", "type: flag", "type: yesno");
	refused(&b, "../taiwan/questions.yaml", "must be one of: flag");
	edit(&b, b.base, "questions.yaml", "type: yesno", "type: flag");
	edit(&b, b.base, "scales.yaml", "code: child_level", "code: child_levels");
	refused(&b, "../taiwan/reports/child_protection.yaml", "scales.yaml has no scale");
	edit(&b, b.base, "scales.yaml", "code: child_levels", "code: child_level");
	put(&b, b.base, "notes.txt", "slip");
	refused(&b, "../taiwan/notes.txt", "not part of a policy");
	assert_int_equal(unlink(aw_arena_printf(&b.arena, "%s/notes.txt", b.base)), 0);
	put(&b, b.base, "triage-2030-01-01.dmn", "<definitions");
	refused(&b, "../taiwan/triage-2030-01-01.dmn", "");
	tear_down(&b);
}

static void
a_base_is_a_folder_beside_and_no_city(void **state)
{
	static const char *const bad[] = { "/etc", "..", "../..", "../a/b", "../../taiwan",
		"taiwan", "../", "[]" };
	const char *last = "../taiwan";
	struct bench b;

	(void)state;
	set_up(&b);
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		edit(&b, b.city, "city.yaml", aw_arena_printf(&b.arena, "base: %s\n", last),
			aw_arena_printf(&b.arena, "base: %s\n", bad[i]));
		last = bad[i];
		refused(&b, "city.yaml", "a folder beside this one");
		assert_null(aw_policy_base_dir(&b.arena, b.city));
	}
	edit(&b, b.city, "city.yaml", "base: []\n", "base: ../nowhere\n");
	refused(&b, "city.yaml", "there is no folder ../nowhere");
	edit(&b, b.city, "city.yaml", "base: ../nowhere\n", "base: ../taiwan\n");
	assert_string_equal(aw_policy_base_dir(&b.arena, b.city),
		aw_arena_printf(&b.arena, "%s/../taiwan", b.city));
	put(&b, b.base, "city.yaml", "code: taiwan\n");
	refused(&b, "../taiwan/city.yaml", "is none itself");
	assert_null(aw_policy_base_dir(&b.arena, "/nonexistent"));
	assert_null(aw_policy_base_dir(&b.arena, NULL));
	tear_down(&b);
}

/* As releases made before calendar.yaml hold it. */
static void
a_calendar_may_stand_in_the_citys_own_file(void **state)
{
	struct aw_policy *policy;
	struct bench b;

	(void)state;
	set_up(&b);
	edit(&b, b.city, "city.yaml", "districts:",
		"calendar: {from: 2021-01-01, to: 2021-12-31, source: here, holidays: [2021-01-01],"
		" working_weekends: []}\ndistricts:");
	policy = load(&b);
	assert_non_null(policy);
	assert_int_equal(policy->city.holiday_count, 1);
	assert_false(policy->city.calendar_unverified);
	aw_policy_free(policy);
	edit(&b, b.city, "city.yaml", "working_weekends: []", "working_weekends: [2021-01-04]");
	refused(&b, "city.yaml", "Saturday or Sunday");
	tear_down(&b);
}

static void
a_city_may_have_questions_of_its_own(void **state)
{
	static const char text[] = "effective_from: 2018-01-01\nunverified: true\nquestions:\n"
				   "  - {code: %s, type: flag, zh: 一, en: One}\n";
	struct aw_policy *policy;
	struct bench b;

	(void)state;
	set_up(&b);
	put(&b, b.city, "questions/own.yaml", aw_arena_printf(&b.arena, text, "one_more"));
	edit(&b, b.base, "reports/suicide.yaml", "ask_agency: [", "ask_agency: [one_more, ");
	policy = load(&b);
	assert_non_null(policy);
	assert_non_null(aw_kind_question(aw_policy_kind(policy, "suicide"), "one_more"));
	aw_policy_free(policy);
	put(&b, b.city, "questions/own.yaml", aw_arena_printf(&b.arena, text, "weapon"));
	refused(&b, "questions/own.yaml", "\"weapon\" stands twice");
	tear_down(&b);
}

AW_TESTS(cmocka_unit_test(a_city_sees_the_shared_files_and_its_own),
	cmocka_unit_test(a_file_of_the_city_stands_in_place_of_the_shared_one),
	cmocka_unit_test(a_shared_change_changes_the_hash),
	cmocka_unit_test(a_mistake_names_the_file_where_it_is_written),
	cmocka_unit_test(a_base_is_a_folder_beside_and_no_city),
	cmocka_unit_test(a_calendar_may_stand_in_the_citys_own_file),
	cmocka_unit_test(a_city_may_have_questions_of_its_own))
