/* tests/policy/draft - drafts saved version by version, and what a draft would be as a policy. */
#include "policy/draft.h"

#include <sqlite3.h>

#include "../testdb.h"

#define TODAY 18967 /* 110-12-06 */

struct world {
	struct testdb db;
	struct aw_arena arena;
	struct aw_policy *base;
	int64_t account, now_ms;
};

struct step {
	struct world *w;
	enum { MAKE, SAVE, GET, CLOSE, REBASE } what;
	const char *name;
	struct aw_str model;
	int64_t number, from;
	struct aw_draft got;
};

static enum aw_status
run(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct step *s = arg;
	struct world *w = s->w;

	switch (s->what) {
	case MAKE:
		return aw_draft_new(tx,
			&(struct aw_draft_in){ s->name, TODAY, w->account, w->now_ms }, w->base,
			&s->number, err);
	case SAVE:
		return aw_draft_save(tx, s->number, s->from, s->model, w->account, w->now_ms, err);
	case CLOSE:
		return aw_draft_close(tx, s->number, w->now_ms, err);
	case REBASE:
		return aw_draft_rebase(tx, s->number, w->base, TODAY, err);
	case GET:
		break;
	}
	if (aw_draft_get(tx, &w->arena, s->number, &s->got, err) != AW_OK)
		return err->status;
	return aw_draft_model(tx, &w->arena, s->number, s->got.version, &s->model, err);
}

static enum aw_status
fill(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct world *w = arg;

	return aw_release_by_loading(tx, w->base, false, w->now_ms, err);
}

static void
world_open(struct world *w)
{
	struct aw_error err = { 0 };
	char dir[512], sql[512];
	sqlite3 *raw;

	*w = (struct world){ .account = 7, .now_ms = aw_taipei_day_start_ms(TODAY) };
	testdb_open(&w->db);
	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &w->base, &err));
	assert_ok(aw_db_write(w->db.db, fill, w, &err));
	/* who saves is an account */
	assert_int_equal(sqlite3_open(w->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)snprintf(sql, sizeof(sql),
		"INSERT INTO account (id, login, name, title, unit, roles, password, failed_count, "
		"created_at) VALUES (7, 'planner', 'x', 'x', 'x', 'planner', 'x', 0, 0)");
	assert_int_equal(sqlite3_exec(raw, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(raw);
}

static void
world_close(struct world *w)
{
	aw_policy_free(w->base);
	testdb_close(&w->db);
	aw_arena_done(&w->arena);
}

static struct step
draft_of(struct world *w, const char *name)
{
	struct step s = { .w = w, .what = MAKE, .name = name };
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(w->db.db, run, &s, &err));
	return s;
}

static void
a_draft_begins_as_what_is_in_force_and_each_saving_is_kept(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct step s;

	(void)state;
	world_open(&w);
	s = draft_of(&w, "110下半年");
	s.what = GET;
	assert_ok(aw_db_read(w.db.db, run, &s, &err));
	assert_int_equal(s.got.version, 1);
	assert_string_equal(s.got.path, "triage.dmn");
	assert_true(aw_str_eq(s.model, aw_policy_triage(w.base, TODAY)->text));
	s.what = SAVE;
	s.from = 1;
	s.model = aw_str("<not yet right/>"); /* a draft may have mistakes */
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_CONFLICT, "since version 1");
	s.from = 2;
	s.model = (struct aw_str){ "\xff", 1 };
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_INVALID, "UTF-8");
	s.what = CLOSE;
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_CONFLICT, "put away");
	s.what = REBASE;
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_CONFLICT, "put away");
	s = (struct step){ .w = &w, .what = MAKE, .name = "two\nlines" };
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_INVALID, "name");
	s = (struct step){ .w = &w, .what = GET, .number = 9 };
	assert_fails(aw_db_read(w.db.db, run, &s, &err), AW_NOT_FOUND, "no draft");
	world_close(&w);
}

static struct aw_str
with(struct aw_arena *arena, struct aw_str text, const char *old, const char *new, bool all)
{
	struct aw_buf out = { .arena = arena };
	const char *at = aw_arena_strndup(arena, text.at, text.len), *found;
	bool any = false;

	while ((found = strstr(at, old)) != NULL && (all || !any)) {
		aw_buf_str(&out, (struct aw_str){ at, (size_t)(found - at) });
		aw_buf_text(&out, new);
		at = found + strlen(old);
		any = true;
	}
	assert_true(any);
	aw_buf_text(&out, at);
	return (struct aw_str){ aw_buf_z(&out), out.len };
}

static void
its_policy_has_its_name_and_its_tables_and_nothing_else_of_its_own(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct aw_policy *policy = NULL;
	struct aw_draft draft = { .name = "第\"2\"版\\", .path = "triage.dmn" };
	struct aw_str model;

	(void)state;
	world_open(&w);
	model = aw_policy_triage(w.base, TODAY)->text;
	assert_ok(aw_draft_policy(&draft, w.base, model, NULL, &policy, &err));
	assert_non_null(strstr(policy->label, "第\"2\"版\\"));
	assert_string_not_equal(policy->hash, w.base->hash);
	assert_int_equal(policy->file_count, w.base->file_count);
	for (size_t i = 0; i < policy->file_count; i++)
		if (strcmp(policy->files[i].path, "city.yaml") != 0)
			assert_true(aw_str_eq(policy->files[i].text, w.base->files[i].text));
	aw_policy_free(policy);
	world_close(&w);
}

/* Two cells that do not parse and a name that nothing has: all three at once, each in its line. */
static void
every_mistake_of_a_model_is_told(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct aw_policy *policy = NULL;
	struct aw_draft draft = { .name = "x", .path = "triage.dmn" };
	struct aw_mistakes mistakes = { 0 };
	struct aw_str model;

	(void)state;
	world_open(&w);
	mistakes.arena = &w.arena;
	model = aw_policy_triage(w.base, TODAY)->text;
	model = with(&w.arena, model, "<text>true</text>", "<text>tru e (</text>", false);
	model = with(&w.arena, model, "<text>false</text>", "<text>[1..</text>", false);
	model = with(&w.arena, model, "<text>true</text>", "<text>yess</text>", false);
	assert_int_equal(
		aw_draft_policy(&draft, w.base, model, &mistakes, &policy, &err), AW_INVALID);
	assert_null(policy);
	assert_true(mistakes.count >= 3);
	for (size_t i = 0; i < mistakes.count; i++) {
		assert_string_equal(mistakes.at[i].file, "triage.dmn");
		assert_true(mistakes.at[i].line > 1);
	}
	world_close(&w);
}

AW_TESTS(cmocka_unit_test(a_draft_begins_as_what_is_in_force_and_each_saving_is_kept),
	cmocka_unit_test(its_policy_has_its_name_and_its_tables_and_nothing_else_of_its_own),
	cmocka_unit_test(every_mistake_of_a_model_is_told))
