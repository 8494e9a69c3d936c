/* tests/demo/fill - a small city filled whole: what the program counts in the database is what the
 * plan's own counter counts, and the rooms are left as people leave them. */
#include "../testing.h"

#include <unistd.h>

#include "city/indicator/indicator.h"
#include "city/person/people.h"
#include "counter.h"
#include "db/migrate.h"
#include "db/work.h"
#include "demo/fill.h"
#include "guard/log.h"
#include "policy/release.h"

#define SCALE 0.03
enum { SEED = 5 };

struct house {
	struct aw_arena arena;
	char dir[64];
	struct aw_random random;
	struct aw_ids ids;
	struct aw_policy *policy;
	struct aw_demo_env env;
	struct aw_demo_filled filled;
	struct aw_demo_plan *plan;
};

static enum aw_status
release(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct house *house = arg;

	return aw_release_by_loading(tx, house->policy, true, aw_demo_now_ms(), err);
}

static void
open_house(struct house *h, const char *name)
{
	struct aw_error err = { 0 };
	char *file = aw_arena_printf(&h->arena, "%s/%s", h->dir, name);

	aw_random_seed(&h->random, SEED);
	aw_ids_init(&h->ids, &h->random);
	h->env = (struct aw_demo_env){ .ids = &h->ids, .people = aw_people_new(), .real_ms = 1 };
	assert_ok(aw_policy_load_dir(aw_arena_printf(&h->arena, "%s/policy/keelung", source_dir()),
		NULL, &h->policy, &err));
	h->env.policy = h->policy;
	assert_ok(aw_db_open(
		&(struct aw_db_options){ .url = aw_arena_printf(&h->arena, "sqlite:%s.db", file),
			.create = true,
			.bulk = true },
		&h->env.db, &err));
	assert_ok(aw_db_migrate(h->env.db, NULL, NULL, &err));
	assert_ok(aw_db_write(h->env.db, release, h, &err));
	assert_ok(aw_root_key_make(aw_arena_printf(&h->arena, "%s.key", file), &err));
	assert_ok(aw_keyring_open(
		h->env.db, aw_arena_printf(&h->arena, "%s.key", file), &h->env.keyring, &err));
}

/* The filled city, made once for all tests. */
static struct house *
filled(void)
{
	static struct house house;
	struct aw_demo_options options = { .seed = SEED, .scale = SCALE, .reports = 1 };
	struct aw_demo_plan_options planned = { SEED, SCALE, 1 };
	struct aw_error err = { 0 };

	if (house.plan != NULL)
		return &house;
	(void)snprintf(house.dir, sizeof(house.dir), "/tmp/anwang-test-fill-XXXXXX");
	if (mkdtemp(house.dir) == NULL)
		fail_msg("no temporary folder");
	open_house(&house, "demo");
	assert_ok(aw_demo_fill(&house.env, &house.arena, &options, &house.filled, &err));
	house.plan = aw_demo_plan_make(
		&house.arena, aw_demo_city_make(&house.arena, SEED, SCALE), &planned);
	return &house;
}

static int
close_house(void **state)
{
	struct house *h = filled();
	static const char *const files[] = { "demo.db", "demo.db-wal", "demo.db-shm",
		"demo.db.lock", "demo.db.filling", "demo.key" };

	(void)state;
	aw_people_close(h->env.people);
	aw_keyring_close(h->env.keyring);
	aw_db_close(h->env.db);
	aw_policy_free(h->policy);
	for (size_t i = 0; i < AW_COUNT(files); i++)
		(void)unlink(aw_arena_printf(&h->arena, "%s/%s", h->dir, files[i]));
	(void)rmdir(h->dir);
	aw_arena_done(&h->arena);
	return 0;
}

/* -- counting ----------------------------------------------------------------------------------- */

struct counting {
	struct house *house;
	const char *code, *period;
	struct aw_indicator_result result;
};

static enum aw_status
count(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	static const struct aw_viewer planner = { .login = "planner",
		.name = "",
		.title = "",
		.roles = "planner",
		.purpose = "planning" };
	struct counting *c = arg;
	struct aw_act act = { .tx = tx,
		.arena = &c->house->arena,
		.viewer = &planner,
		.policy = c->house->policy,
		.keyring = c->house->env.keyring,
		.ids = &c->house->ids,
		.people = c->house->env.people,
		.now_ms = aw_demo_now_ms(),
		.demo = true };
	struct aw_indicator *list;
	const struct aw_indicator *indicator;
	struct aw_period period;
	size_t n;

	if (aw_period_read(aw_str(c->period), &period, err) != AW_OK ||
		aw_indicator_list(c->house->policy, act.arena, &list, &n, err) != AW_OK)
		return err->status;
	indicator = aw_indicator_find(list, n, c->code, NULL, period.to_day);
	if (indicator == NULL)
		return aw_fail(err, AW_NOT_FOUND, "no indicator %s", c->code);
	return aw_indicator_eval(&act, indicator, period, AW_UNKNOWN, &c->result, err);
}

static void
check_count(const char *code, const char *period, struct counted expected)
{
	struct counting c = { filled(), code, period, { 0 } };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(c.house->env.db, count, &c, &err));
	if (c.result.sum.numerator != expected.numerator ||
		c.result.sum.denominator != expected.denominator)
		fail_msg("%s %s: the program counts %lld/%lld, the plan %u/%u", code, period,
			(long long)c.result.sum.numerator, (long long)c.result.sum.denominator,
			expected.numerator, expected.denominator);
	assert_true(expected.denominator > 0);
}

static void
the_program_counts_what_the_plan_counts(void **state)
{
	const struct aw_demo_plan *plan = filled()->plan;
	struct span y108 = span_of(2019, 1, 1, 2019, 12, 31);
	struct span y109 = span_of(2020, 1, 1, 2020, 12, 31);
	struct span h110 = span_of(2021, 1, 1, 2021, 6, 30);
	uint32_t by_child;

	(void)state;
	check_count("P1-S2-1", "108", count_within_24_hours(plan, y108));
	check_count("P1-S2-1", "109", count_within_24_hours(plan, y109));
	check_count("P1-S2-2", "108", count_re_reports(plan, y108, -1));
	check_count("P1-S2-2", "109", count_re_reports(plan, y109, -1));
	check_count("P1-S2-4", "108", count_children_opened(plan, y108));
	check_count("P1-S2-4", "109", count_children_opened(plan, y109));
	check_count("P1-S2-5", "108", count_adults_opened(plan, y108));
	check_count("P1-S2-5", "109", count_adults_opened(plan, y109));
	check_count("P2-S1-1", "110H1", count_served_reported(plan, h110, &by_child));
	check_count("P2-S2-1", "110H1", count_re_reports(plan, h110, -1));
}

/* -- what else is left ------------------------------------------------------------------------------- */

static void
registers_are_linked_in_spite_of_their_mistakes(void **state)
{
	struct house *h = filled();

	(void)state;
	for (int i = 0; i < AW_DEMO_REGISTERS; i++) {
		const struct aw_demo_extract *e = &h->filled.extracts[i];
		const struct aw_import_counts *c = &h->filled.imports[i];
		assert_int_equal(c->rows, e->rows);
		assert_int_equal(c->quarantined, 0);
		assert_true(c->linked + c->proposed >= c->rows * 95 / 100);
		assert_true(c->linked >= c->rows * 85 / 100);
	}
}

static enum aw_status
look_around(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct house *h = arg;
	struct aw_work_counts work;
	struct aw_checkpoint checkpoint;
	int64_t entries;

	if (aw_work_counts(tx, &work, err) != AW_OK ||
		aw_log_state(tx, &h->arena, &checkpoint, &entries, err) != AW_OK)
		return err->status;
	if (work.waiting != 0 || work.failed != 0 || work.done != (int64_t)h->plan->report_count)
		return aw_fail(err, AW_INTERNAL, "%lld work items wait, %lld failed, %lld are done",
			(long long)work.waiting, (long long)work.failed, (long long)work.done);
	if (entries < 1)
		return aw_fail(err, AW_INTERNAL, "the log does not say that a demo was made");
	return AW_OK;
}

static void
no_work_is_left_over_and_the_log_says_what_was_done(void **state)
{
	struct house *h = filled();
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_db_read(h->env.db, look_around, h, &err));
	assert_int_equal(h->filled.reports, h->plan->report_count);
	assert_int_equal(h->filled.people, h->plan->city->people_count);
	assert_int_equal(aw_people_count(h->env.people) >= h->filled.people, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_program_counts_what_the_plan_counts),
		cmocka_unit_test(registers_are_linked_in_spite_of_their_mistakes),
		cmocka_unit_test(no_work_is_left_over_and_the_log_says_what_was_done),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, close_house);
}
