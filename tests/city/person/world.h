/**
 * tests/city/person/world - a database with Keelung's policy, and acts in it, for the room person.
 *
 * struct world w; world_open(&w); world_write(&w, fn, arg); world_read(&w, fn, arg); world_close(&w);
 */
#ifndef AW_TESTS_PERSON_WORLD_H
#define AW_TESTS_PERSON_WORLD_H

#include "../../testdb.h"
#include "base/clock.h"
#include "city/person/people.h"
#include "city/person/person.h"
#include "policy/policy.h"

struct world {
	struct testdb db;
	struct aw_policy *policy;
	struct aw_people *people;
	struct aw_ids ids;
	struct aw_random random;
	struct aw_viewer viewer;
	struct aw_arena
		arena; /* of the acts: kept until the end, so that answers may be looked at */
	int64_t now_ms;
};

typedef enum aw_status world_fn(struct aw_act *act, void *arg, struct aw_error *err);

struct world_call {
	struct world *world;
	world_fn *fn;
	void *arg;
};

static inline enum aw_status
world_run(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct world_call *call = arg;
	struct world *w = call->world;
	struct aw_act act = { .tx = tx,
		.arena = &w->arena,
		.viewer = &w->viewer,
		.policy = w->policy,
		.keyring = w->db.keyring,
		.ids = &w->ids,
		.people = w->people,
		.now_ms = w->now_ms,
		.real_ms = w->now_ms,
		.demo = true,
		.action = "test" };

	return call->fn(&act, call->arg, err);
}

static inline enum aw_status
world_write(struct world *w, world_fn *fn, void *arg, struct aw_error *err)
{
	struct world_call call = { w, fn, arg };

	return aw_db_write(w->db.db, world_run, &call, err);
}

static inline enum aw_status
world_read(struct world *w, world_fn *fn, void *arg, struct aw_error *err)
{
	struct world_call call = { w, fn, arg };

	return aw_db_read(w->db.db, world_run, &call, err);
}

static inline void
world_open(struct world *w)
{
	char dir[512];
	struct aw_error err = { 0 };

	memset(w, 0, sizeof(*w));
	testdb_open(&w->db);
	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &w->policy, &err));
	aw_random_seed(&w->random, 1);
	aw_ids_init(&w->ids, &w->random);
	w->people = aw_people_new();
	w->viewer =
		(struct aw_viewer){ .login = "worker", .name = "worker", .purpose = "screening" };
	assert_true(aw_instant_parse(aw_str("2021-12-06T08:30:00+08:00"), &w->now_ms));
}

static inline void
world_close(struct world *w)
{
	aw_people_close(w->people);
	aw_policy_free(w->policy);
	aw_arena_done(&w->arena);
	testdb_close(&w->db);
}

static inline int
world_setup(void **state)
{
	static struct world world;

	world_open(&world);
	*state = &world;
	return 0;
}

static inline int
world_teardown(void **state)
{
	world_close(*state);
	return 0;
}

/* Who acts from now on. */
static inline void
world_as(struct world *w, int64_t account, const char *unit, const char *role, const char *purpose)
{
	w->viewer = (struct aw_viewer){ .account = account,
		.login = role,
		.name = role,
		.unit = unit,
		.roles = role,
		.purpose = purpose };
}

/* A person made from a few words; NULL leaves a fact out. */
struct made {
	const char *name, *number, *birth, *sex, *phone, *address;
	int64_t id;
	const char *public_number;
};

static inline enum aw_status
world_make(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct made *m = arg;
	struct aw_identity identity = { 0 };

	aw_identity_add_name(act->arena, &identity, AW_NAME_CURRENT, m->name);
	aw_identity_add_number(act->arena, &identity, m->number);
	if (m->birth != NULL)
		(void)aw_identity_set_birth(act->arena, &identity, m->birth);
	aw_identity_set_sex(&identity, m->sex);
	aw_identity_add_phone(act->arena, &identity, m->phone);
	aw_identity_add_address(act->arena, &identity, AW_ADDRESS_RESIDENCE, m->address);
	return aw_person_create(act, &identity, "report", &m->id, &m->public_number, err);
}

#endif
