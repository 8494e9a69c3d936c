/* Kept answers are there while nothing they depend on has changed, and gone right after. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "db/memo.h"
#include "db/setting.h"
#include "db/test.sql.h"
#include "testdb.h"

struct asking {
	const char *key;
	const char *keep; /* NULL: only ask */
	char got[64];	  /* "" = nothing was kept */
};

static enum aw_status
ask_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct asking *asking = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_bytes data;

	(void)err;
	asking->got[0] = '\0';
	if (aw_memo_get(tx, asking->key, &arena, &data)) {
		assert_true(data.len < sizeof(asking->got));
		memcpy(asking->got, data.at, data.len);
		asking->got[data.len] = '\0';
	} else if (asking->keep != NULL) {
		aw_memo_put(tx, asking->key,
			(struct aw_bytes){ (const uint8_t *)asking->keep, strlen(asking->keep) });
	}
	return AW_OK;
}

static const char *
ask(struct testdb *t, struct asking *asking)
{
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(t->db, ask_in, asking, &err));
	return asking->got;
}

static enum aw_status
keep_books(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_setting_put(tx, "city", "C", err);
}

static enum aw_status
add_fact(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const int64_t *id = arg;
	uint8_t data[] = { 1 };

	return sql_test_cell_put(tx,
		&(struct sql_test_cell_put_in){
			.id = *id, .holder = "x", .wrapped = { data, sizeof(data) } },
		err);
}

static enum aw_status
add_and_undo(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	if (add_fact(tx, arg, err) != AW_OK)
		return err->status;
	return aw_fail(err, AW_INVALID, "undone");
}

static void
an_answer_is_kept_until_a_fact_changes(void **state)
{
	struct testdb *t = *state;
	struct asking asking = { .key = "a", .keep = "42" }, other = { .key = "b" };
	struct aw_error err = { 0 };
	int64_t id = 7;

	assert_string_equal(ask(t, &asking), "");
	assert_string_equal(ask(t, &asking), "42");
	assert_string_equal(ask(t, &other), "");
	assert_ok(aw_db_write(t->db, keep_books, NULL, &err));
	assert_string_equal(ask(t, &asking), "42");
	assert_ok(aw_db_write(t->db, add_fact, &id, &err));
	assert_string_equal(ask(t, &asking), "");
	assert_string_equal(ask(t, &asking), "42");
	id++;
	assert_int_equal(aw_db_write(t->db, add_and_undo, &id, &err), AW_INVALID);
	assert_string_equal(ask(t, &asking), "42");
}

static void
nothing_is_kept_in_a_unit_of_work(void **state)
{
	struct testdb *t = *state;
	struct asking asking = { .key = "a", .keep = "42" };
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(t->db, ask_in, &asking, &err));
	assert_string_equal(ask(t, &asking), "");
}

static enum aw_status
keep_much(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_bytes data = { .len = (size_t)5 << 20 };
	int kept = 0;

	(void)err, (void)arg;
	data.at = aw_arena_alloc(&arena, data.len);
	for (int i = 0; i < 20; i++)
		aw_memo_put(tx, aw_arena_printf(&arena, "big %d", i), data);
	for (int i = 0; i < 20; i++) {
		struct aw_bytes got;
		bool there = aw_memo_get(tx, aw_arena_printf(&arena, "big %d", i), &arena, &got);
		assert_int_equal(there, i >= 14); /* six of 5 MB are under 32 MB: the newest */
		kept += there ? 1 : 0;
	}
	assert_int_equal(kept, 6);
	data.len = (size_t)17 << 20; /* one may not push out all others */
	aw_memo_put(tx, "huge", data);
	assert_false(aw_memo_get(tx, "huge", &arena, &data));
	return AW_OK;
}

static void
the_oldest_go_when_there_is_no_room(void **state)
{
	struct testdb *t = *state;
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(t->db, keep_much, NULL, &err));
}

/* A thousand people at work, of each of whom two things are kept. */
static enum aw_status
keep_many(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_bytes got;

	(void)err, (void)arg;
	for (int i = 0; i < 2000; i++) {
		const char *key = aw_arena_printf(&arena, "viewer %d of %d", i / 2, i % 2);

		aw_memo_put(tx, key, (struct aw_bytes){ (const uint8_t *)key, strlen(key) });
	}
	for (int i = 0; i < 2000; i++) {
		const char *key = aw_arena_printf(&arena, "viewer %d of %d", i / 2, i % 2);

		assert_true(aw_memo_get(tx, key, &arena, &got));
		assert_int_equal(got.len, strlen(key));
		assert_memory_equal(got.at, key, got.len);
	}
	return AW_OK;
}

static void
what_a_thousand_people_ask_for_is_kept(void **state)
{
	struct testdb *t = *state;
	struct asking asking = { .key = "viewer 7 of 1" };
	struct aw_error err = { 0 };
	int64_t id = 1;

	assert_ok(aw_db_read(t->db, keep_many, NULL, &err));
	assert_string_equal(ask(t, &asking), "viewer 7 of 1");
	assert_ok(aw_db_write(t->db, add_fact, &id, &err));
	assert_string_equal(ask(t, &asking), "");
	assert_ok(aw_db_read(t->db, keep_many, NULL, &err));
}

/* One thread adds facts, others count them through the memo: nobody may see fewer than were
 * acknowledged before they asked. */
struct race {
	struct testdb *t;
	atomic_int acknowledged;
	atomic_bool done;
};

static enum aw_status
count_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	int64_t *ret = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_bytes data;
	struct sql_test_cells *rows = NULL;
	size_t count = 0;

	if (aw_memo_get(tx, "count", &arena, &data)) {
		memcpy(ret, data.at, sizeof(*ret));
		return AW_OK;
	}
	if (sql_test_cells(tx, &arena, &rows, &count, err) != AW_OK)
		return err->status;
	*ret = (int64_t)count;
	aw_memo_put(tx, "count", (struct aw_bytes){ (const uint8_t *)ret, sizeof(*ret) });
	return AW_OK;
}

static void *
count_and_compare(void *arg)
{
	struct race *race = arg;
	intptr_t wrong = 0;

	while (!atomic_load(&race->done)) {
		int known = atomic_load(&race->acknowledged);
		struct aw_error err = { 0 };
		int64_t count = 0;
		if (aw_db_read(race->t->db, count_in, &count, &err) != AW_OK || count < known)
			wrong++;
	}
	return (void *)wrong;
}

static void
nobody_sees_fewer_facts_than_were_acknowledged(void **state)
{
	struct race race = { .t = *state };
	struct aw_error err = { 0 };
	pthread_t readers[3];
	void *wrong = NULL;

	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, count_and_compare, &race), 0);
	for (int64_t id = 1; id <= 300; id++) {
		assert_ok(aw_db_write(race.t->db, add_fact, &id, &err));
		atomic_store(&race.acknowledged, (int)id);
	}
	atomic_store(&race.done, true);
	for (int i = 0; i < 3; i++) {
		(void)pthread_join(readers[i], &wrong);
		assert_null(wrong);
	}
}

/* Many ask for what takes long, all at once. */
struct crowd {
	struct testdb *t;
	bool in_turn;	  /* take, or, as the control, only get */
	bool first_fails; /* the first computation does not come to an end */
	pthread_barrier_t start;
	atomic_int acknowledged, computed, at_once, most_at_once, wrong, failed;
};

static enum aw_status
compute_slowly(struct crowd *crowd, struct aw_tx *tx, int64_t *ret, struct aw_error *err)
{
	int now = atomic_fetch_add(&crowd->at_once, 1) + 1, most = crowd->most_at_once;
	int before = atomic_fetch_add(&crowd->computed, 1);
	AW_SCOPE(aw_arena) arena = { 0 };
	struct sql_test_cells *rows = NULL;
	size_t count = 0;
	enum aw_status status;

	while (now > most && !atomic_compare_exchange_weak(&crowd->most_at_once, &most, now))
		continue;
	status = sql_test_cells(tx, &arena, &rows, &count, err);
	(void)usleep(20000);
	/* the control: until another one computes beside it, however slow this machine is */
	for (int i = 0; i < 1000 && !crowd->in_turn && crowd->most_at_once < 2; i++)
		(void)usleep(10000);
	*ret = (int64_t)count;
	atomic_fetch_sub(&crowd->at_once, 1);
	if (crowd->first_fails && before == 0)
		return aw_fail(err, AW_IO, "the first one fails");
	return status;
}

struct member {
	struct crowd *crowd;
	int64_t count;
};

static enum aw_status
count_in_turn(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct member *member = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_memo_turn) turn = { 0 };
	struct aw_bytes data;

	if (member->crowd->in_turn ? aw_memo_take(tx, "slow", &arena, &data, &turn)
				   : aw_memo_get(tx, "slow", &arena, &data)) {
		memcpy(&member->count, data.at, sizeof(member->count));
		return AW_OK;
	}
	if (compute_slowly(member->crowd, tx, &member->count, err) != AW_OK)
		return err->status;
	aw_memo_put(tx, "slow",
		(struct aw_bytes){ (const uint8_t *)&member->count, sizeof(member->count) });
	return AW_OK;
}

static void *
ask_once(void *arg)
{
	struct crowd *crowd = arg;
	struct member member = { .crowd = crowd };
	struct aw_error err = { 0 };
	int known;

	(void)pthread_barrier_wait(&crowd->start);
	known = atomic_load(&crowd->acknowledged);
	if (aw_db_read(crowd->t->db, count_in_turn, &member, &err) != AW_OK)
		atomic_fetch_add(&crowd->failed, 1);
	else if (member.count < known)
		atomic_fetch_add(&crowd->wrong, 1);
	return NULL;
}

enum { CROWD = 24 };

/* facts: how many are added while they ask. */
static void
all_ask(struct crowd *crowd, void *(*one)(void *crowd), int64_t facts)
{
	struct aw_error err = { 0 };
	pthread_t threads[CROWD];

	assert_int_equal(pthread_barrier_init(&crowd->start, NULL, CROWD), 0);
	for (size_t i = 0; i < CROWD; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, one, crowd), 0);
	for (int64_t id = 1; id <= facts; id++) {
		assert_ok(aw_db_write(crowd->t->db, add_fact, &id, &err));
		atomic_store(&crowd->acknowledged, (int)id);
		(void)usleep(3000);
	}
	for (size_t i = 0; i < CROWD; i++)
		(void)pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&crowd->start);
	assert_int_equal(crowd->wrong, 0);
}

static void
what_many_ask_for_at_once_is_computed_once(void **state)
{
	struct crowd crowd = { .t = *state, .in_turn = true };

	all_ask(&crowd, ask_once, 0);
	assert_int_equal(crowd.failed, 0);
	assert_int_equal(crowd.computed, 1);
}

static void
without_turns_they_all_compute(void **state)
{
	struct crowd crowd = { .t = *state };

	all_ask(&crowd, ask_once, 0);
	assert_true(crowd.computed > 1 && crowd.most_at_once > 1);
}

static void
a_computation_that_fails_leaves_its_turn_to_the_next(void **state)
{
	struct crowd crowd = { .t = *state, .in_turn = true, .first_fails = true };

	all_ask(&crowd, ask_once, 0);
	assert_int_equal(crowd.failed, 1);
	assert_int_equal(crowd.computed, 2);
}

/* Other answers wait too when as many are computed as may be; the one that an answer is made of does not. */
static enum aw_status
count_parts_in_turn(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct member *member = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_memo_turn) whole = { 0 };
	AW_SCOPE(aw_memo_turn) part = { 0 };
	const char *key = aw_arena_printf(&arena, "%p", arg);
	struct aw_bytes data;

	if (aw_memo_take(tx, key, &arena, &data, &whole) ||
		aw_memo_take(tx, aw_arena_printf(&arena, "part %s", key), &arena, &data, &part))
		return aw_fail(err, AW_INTERNAL, "this was never counted");
	return compute_slowly(member->crowd, tx, &member->count, err);
}

static void *
ask_for_another(void *arg)
{
	struct crowd *crowd = arg;
	struct member member = { .crowd = crowd };
	struct aw_error err = { 0 };

	(void)pthread_barrier_wait(&crowd->start);
	if (aw_db_read(crowd->t->db, count_parts_in_turn, &member, &err) != AW_OK)
		atomic_fetch_add(&crowd->failed, 1);
	return NULL;
}

static void
no_more_are_computed_at_once_than_half_the_processors_can(void **state)
{
	struct crowd crowd = { .t = *state, .in_turn = true };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	all_ask(&crowd, ask_for_another, 0);
	assert_int_equal(crowd.failed, 0);
	assert_int_equal(crowd.computed, CROWD);
	assert_in_range(crowd.most_at_once, 1, processors < 4 ? 1 : processors / 2);
}

/* With a fact between any two who ask, each would compute for itself; the newest computes for all. */
static void
while_facts_change_one_computes_at_a_time_and_nobody_is_told_too_few(void **state)
{
	struct crowd crowd = { .t = *state, .in_turn = true };

	all_ask(&crowd, ask_once, 40);
	assert_int_equal(crowd.failed, 0);
	assert_int_equal(crowd.most_at_once, 1);
	assert_true(crowd.computed >= 1 && crowd.computed <= CROWD);
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, testdb_setup, testdb_teardown)
AW_TESTS(WITH_DB(an_answer_is_kept_until_a_fact_changes),
	WITH_DB(nothing_is_kept_in_a_unit_of_work), WITH_DB(the_oldest_go_when_there_is_no_room),
	WITH_DB(what_a_thousand_people_ask_for_is_kept),
	WITH_DB(what_many_ask_for_at_once_is_computed_once),
	WITH_DB(without_turns_they_all_compute),
	WITH_DB(a_computation_that_fails_leaves_its_turn_to_the_next),
	WITH_DB(no_more_are_computed_at_once_than_half_the_processors_can),
	WITH_DB(while_facts_change_one_computes_at_a_time_and_nobody_is_told_too_few),
	WITH_DB(nobody_sees_fewer_facts_than_were_acknowledged))
