/**
 * tests/city/intake/intaketest - Keelung's policy over an empty database, for the intake room.
 */
#ifndef AW_TESTS_INTAKETEST_H
#define AW_TESTS_INTAKETEST_H

#include "../../testdb.h"

#include "city/intake/report.h"
#include "db/work.h"

struct room {
	struct testdb db;
	struct aw_policy *policy;
	struct aw_ids ids;
	struct aw_arena arena;
	int64_t now_ms;
	bool live; /* not a demo's database */
};

typedef enum aw_status room_fn(struct aw_act *act, void *arg, struct aw_error *err);

struct room_run {
	struct room *room;
	const struct aw_viewer *viewer;
	room_fn *fn;
	void *arg;
};

static inline enum aw_status
room_unit(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct room_run *run = arg;
	struct aw_act act = { .tx = tx,
		.arena = &run->room->arena,
		.viewer = run->viewer,
		.policy = run->room->policy,
		.keyring = run->room->db.keyring,
		.ids = &run->room->ids,
		.now_ms = run->room->now_ms,
		.real_ms = run->room->now_ms,
		.demo = !run->room->live,
		.action = "test" };

	return run->fn(&act, run->arg, err);
}

/* Runs fn in one unit of work: account 0 is the public. */
static inline enum aw_status
room_as(struct room *room, int64_t account, room_fn *fn, void *arg, struct aw_error *err)
{
	struct aw_viewer viewer = { .account = account,
		.login = account == 0 ? "public" : "screener",
		.name = "",
		.title = "",
		.unit = account == 0 ? NULL : "centre",
		.roles = account == 0 ? "" : "screener",
		.purpose = account == 0 ? NULL : "screening" };

	return aw_db_write(
		room->db.db, room_unit, &(struct room_run){ room, &viewer, fn, arg }, err);
}

static inline int
room_setup(void **state)
{
	struct room *room = calloc(1, sizeof(*room));
	struct aw_error err = { 0 };
	char dir[512];

	assert_non_null(room);
	testdb_open(&room->db);
	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &room->policy, &err));
	aw_ids_init(&room->ids, NULL);
	assert_true(aw_instant_parse(aw_str("2021-12-06T09:00:00+08:00"), &room->now_ms));
	*state = room;
	return 0;
}

static inline int
room_teardown(void **state)
{
	struct room *room = *state;

	testdb_close(&room->db);
	aw_policy_free(room->policy);
	aw_arena_done(&room->arena);
	free(room);
	return 0;
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, room_setup, room_teardown)

/* -- receiving -------------------------------------------------------------------------------- */

struct receiving {
	const char *json; /* with ' for " */
	const char *key;  /* idempotency; NULL = none */
	const char *sender;
	struct aw_receipt receipt;
	struct aw_report_problems problems;
};

static inline json_t *
quoted_json(struct aw_arena *arena, const char *text)
{
	char *copy = aw_arena_strdup(arena, text);
	struct aw_error err = { 0 };
	json_t *json = NULL;

	for (char *c = copy; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	assert_ok(aw_json_parse(aw_str(copy), "test", &json, &err));
	return aw_json_keep(arena, json);
}

static inline enum aw_status
receive(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct receiving *r = arg;
	struct aw_report_in in;

	r->problems = (struct aw_report_problems){ 0 };
	if (aw_report_from_json(
		    act->arena, quoted_json(act->arena, r->json), &in, &r->problems, err) != AW_OK)
		return err->status;
	in.idempotency_key = r->key;
	in.sender = r->sender;
	return aw_report_receive(act, &in, &r->receipt, &r->problems, err);
}

static inline struct aw_receipt
receive_ok(struct room *room, const char *json)
{
	struct receiving r = { .json = json };
	struct aw_error err = { 0 };

	assert_ok(room_as(room, 0, receive, &r, &err));
	return r.receipt;
}

#endif
