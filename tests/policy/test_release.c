/* tests/policy/release - by loading, by two persons, and what stays in force over a bad folder. */
#include "../folder.h"
#include "../testdb.h"
#include "nextpolicy.h"
#include "policy/release.h"

/* Everything a step needs, in one unit of work. */
struct step {
	enum { LOAD, OPEN } what;
	const struct aw_policy *policy;
	const char *dir;
	int64_t now_ms;
	bool demo;
	int32_t day;
	struct aw_policy_open open;
};

static enum aw_status
run(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct step *s = arg;

	switch (s->what) {
	case LOAD:
		return aw_release_by_loading(tx, s->policy, s->demo, s->now_ms, err);
	case OPEN:
		break;
	}
	return aw_policy_open(tx, s->dir, s->demo, s->day, s->now_ms, &s->open, err);
}

static const char *
keelung_dir(struct aw_arena *arena)
{
	return aw_arena_printf(arena, "%s/policy/keelung", source_dir());
}

static struct aw_policy *
load(const char *dir)
{
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };

	assert_ok(aw_policy_load_dir(dir, NULL, &policy, &err));
	return policy;
}

/* The policy's files written to a folder of the test's own, beside the one they share, with one text
 * appended to one file. */
static const char *
write_dir(struct aw_arena *arena, const struct testdb *t, const struct aw_policy *p,
	const char *path, const char *more)
{
	const char *above = aw_arena_printf(arena, "%s-policy", t->dir);
	const char *dir = aw_arena_printf(arena, "%s/city", above);
	struct aw_error err = { 0 };

	folder_copy(arena, policy_dir(arena, "taiwan"), aw_arena_printf(arena, "%s/taiwan", above),
		NULL);
	for (size_t i = 0; i < p->file_count; i++) {
		const char *file = aw_arena_printf(arena, "%s/%s", dir, p->files[i].path);
		struct aw_buf buf = { .arena = arena };

		folder_above(arena, file);
		aw_buf_str(&buf, p->files[i].text);
		if (strcmp(p->files[i].path, path) == 0)
			aw_buf_text(&buf, more);
		assert_ok(aw_file_write(
			file, (struct aw_str){ aw_buf_z(&buf), buf.len }, 0600, &err));
	}
	return dir;
}

static void
remove_dir(struct aw_arena *arena, const char *dir)
{
	folder_remove(arena, aw_arena_strndup(arena, dir, strlen(dir) - strlen("/city")));
}

static void
an_empty_database_takes_the_folder_once(void **state)
{
	struct testdb *t = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_policy *p = load(keelung_dir(&arena)), *next = next_policy(&arena, p, "next");
	struct aw_error err = { 0 };
	struct step s = { .what = LOAD, .policy = p, .now_ms = 1000 };

	assert_string_not_equal(p->hash, next->hash);
	assert_ok(aw_db_write(t->db, run, &s, &err));
	assert_ok(aw_db_write(t->db, run, &s, &err)); /* the same again changes nothing */
	s.policy = next;
	assert_fails(aw_db_write(t->db, run, &s, &err), AW_DENIED, "by two persons");
	s.demo = true;
	assert_ok(aw_db_write(t->db, run, &s, &err));
	aw_policy_free(next);
	aw_policy_free(p);
}

/* What is loaded into a demo counts from its loading on, and before its own first day there is none. */
static void
a_demos_last_loaded_counts(void **state)
{
	struct testdb *t = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_policy *p = load(keelung_dir(&arena)), *next = next_policy(&arena, p, "next");
	struct aw_error err = { 0 };
	struct step s = { .what = LOAD, .policy = p, .now_ms = 1000, .demo = true };
	struct step open = { .what = OPEN, .day = 18967, .now_ms = 4000 };

	assert_ok(aw_db_write(t->db, run, &s, &err));
	s.policy = next;
	assert_ok(aw_db_write(t->db, run, &s, &err));
	assert_ok(aw_db_read(t->db, run, &open, &err));
	assert_string_equal(open.open.policy->hash, next->hash);
	aw_policy_free(open.open.policy);
	open.day = 10000;
	assert_fails(aw_db_read(t->db, run, &open, &err), AW_NOT_FOUND, "no policy is released");
	aw_policy_free(next);
	aw_policy_free(p);
}

static void
a_folder_with_a_mistake_never_replaces_the_last_good_one(void **state)
{
	struct testdb *t = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_policy *p = load(keelung_dir(&arena));
	const char *dir = write_dir(&arena, t, p, "deadlines.yaml", "colour: red\n");
	struct aw_error err = { 0 };
	struct step open = { .what = OPEN, .dir = dir, .day = 18967, .now_ms = 2000, .demo = true };
	struct step good = { .what = OPEN, .dir = keelung_dir(&arena), .day = 18967, .now_ms = 1 };

	assert_fails(aw_db_write(t->db, run, &open, &err), AW_INVALID, "\"colour\" means nothing");
	assert_string_equal(err.file, "deadlines.yaml");
	assert_ok(aw_db_write(t->db, run, &good, &err));
	assert_false(good.open.folder_bad);
	aw_policy_free(good.open.policy);
	assert_ok(aw_db_write(t->db, run, &open, &err));
	assert_true(open.open.folder_bad);
	assert_non_null(strstr(open.open.mistake, "deadlines.yaml:"));
	assert_non_null(strstr(open.open.mistake, "means nothing here"));
	assert_string_equal(open.open.policy->hash, p->hash);
	aw_policy_free(open.open.policy);
	aw_policy_free(p);
	remove_dir(&arena, dir);
}

static void
a_good_folder_is_a_draft_where_something_is_released(void **state)
{
	struct testdb *t = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_policy *p = load(keelung_dir(&arena));
	const char *dir = write_dir(&arena, t, p, "city.yaml", "# draft\n");
	struct aw_error err = { 0 };
	struct step open = { .what = OPEN, .dir = keelung_dir(&arena), .day = 18967, .now_ms = 1 };

	assert_ok(aw_db_write(t->db, run, &open, &err));
	aw_policy_free(open.open.policy);
	open.dir = dir;
	assert_ok(aw_db_write(t->db, run, &open, &err));
	assert_true(open.open.folder_differs);
	assert_string_equal(open.open.policy->hash, p->hash);
	aw_policy_free(open.open.policy);
	aw_policy_free(p);
	remove_dir(&arena, dir);
}

AW_TESTS(cmocka_unit_test_setup_teardown(
		 an_empty_database_takes_the_folder_once, testdb_setup, testdb_teardown),
	cmocka_unit_test_setup_teardown(a_demos_last_loaded_counts, testdb_setup, testdb_teardown),
	cmocka_unit_test_setup_teardown(a_folder_with_a_mistake_never_replaces_the_last_good_one,
		testdb_setup, testdb_teardown),
	cmocka_unit_test_setup_teardown(a_good_folder_is_a_draft_where_something_is_released,
		testdb_setup, testdb_teardown))
