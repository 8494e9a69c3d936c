/**
 * tests/guard/testact - an act inside a unit of work, for tests.
 *
 *   write_act(t, &house, fn, arg): runs fn(act, arg, err) through the writer; its status comes back.
 */
#ifndef AW_TESTS_TESTACT_H
#define AW_TESTS_TESTACT_H

#include "../testdb.h"
#include "guard/act.h"
#include "testpolicy.h"

/* What acts of a test share. real_ms is the clock of log and sessions; tests move it. */
struct house {
	struct testdb db;
	struct aw_ids ids;
	struct aw_random random;
	struct aw_arena arena; /* of all acts of a test */
	struct aw_viewer viewer;
	int64_t real_ms;
};

typedef enum aw_status act_fn(struct aw_act *act, void *arg, struct aw_error *err);

struct act_call {
	struct house *house;
	act_fn *fn;
	void *arg;
};

static inline struct aw_act
house_act(struct house *house)
{
	return (struct aw_act){ .arena = &house->arena,
		.viewer = &house->viewer,
		.policy = &test_policy,
		.keyring = house->db.keyring,
		.ids = &house->ids,
		.now_ms = INT64_C(1638750600000), /* 110-12-06 08:30 */
		.real_ms = house->real_ms,
		.demo = true,
		.action = "test.act" };
}

static inline enum aw_status
run_act(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct act_call *call = arg;
	struct aw_act act = house_act(call->house);

	act.tx = tx;
	return call->fn(&act, call->arg, err);
}

static inline enum aw_status
write_act(struct house *house, act_fn *fn, void *arg, struct aw_error *err)
{
	return aw_db_write(house->db.db, run_act, &(struct act_call){ house, fn, arg }, err);
}

static inline enum aw_status
read_act(struct house *house, act_fn *fn, void *arg, struct aw_error *err)
{
	return aw_db_read(house->db.db, run_act, &(struct act_call){ house, fn, arg }, err);
}

static inline void
house_open(struct house *house)
{
	*house = (struct house){ .viewer = { .account = 1,
					 .login = "hsu",
					 .name = "許示涵",
					 .title = "社工",
					 .unit = "dv",
					 .roles = "worker",
					 .purpose = "casework" },
		.real_ms = INT64_C(1750000000000) };
	aw_random_seed(&house->random, 1);
	aw_ids_init(&house->ids, &house->random);
	testdb_open(&house->db);
}

static inline void
house_close(struct house *house)
{
	testdb_close(&house->db);
	aw_arena_done(&house->arena);
}

#endif
