/* Work items, the clock's own work, and checkpoints. */
#include "net/worker.h"

#include <sqlite3.h>
#include <stdatomic.h>

#include "base/file.h"
#include "base/json.h"
#include "city.h"
#include "city/intake/report.h"
#include "db/work.h"
#include "guard/log.h"

static atomic_int ran, broke;

static enum aw_status
works(struct aw_act *act, int64_t reference, struct aw_error *err)
{
	(void)act, (void)err;
	assert_true(reference > 0);
	atomic_fetch_add(&ran, 1);
	return AW_OK;
}

static enum aw_status
breaks(struct aw_act *act, int64_t reference, struct aw_error *err)
{
	(void)act, (void)reference;
	atomic_fetch_add(&broke, 1);
	return aw_fail(err, AW_INTERNAL, "it broke");
}

static enum aw_status
finds_the_disk_full(struct aw_act *act, int64_t reference, struct aw_error *err)
{
	(void)act, (void)reference;
	atomic_fetch_add(&broke, 1);
	return aw_fail(err, AW_IO, "the disk is full");
}

static enum aw_status
takes_long(struct aw_act *act, int64_t reference, struct aw_error *err)
{
	(void)act, (void)reference, (void)err;
	atomic_fetch_add(&ran, 1);
	(void)usleep(20 * 1000);
	return AW_OK;
}

static const struct aw_work_kind kinds[] = {
	{ "takes_long", "worker.works", takes_long },
	{ "works", "worker.works", works },
	{ "breaks", "worker.breaks", breaks },
	{ "finds_the_disk_full", "worker.breaks", finds_the_disk_full },
};

struct enqueue {
	const char *kind;
	int64_t id, due_at;
};

static enum aw_status
enqueue(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct enqueue *e = arg;

	return aw_work_enqueue(tx, e->id, e->kind, e->id, e->due_at, err);
}

static enum aw_status
count(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	return aw_work_counts(tx, arg, err);
}

static struct aw_work_counts
counts_of(struct city *city)
{
	struct aw_work_counts counts = { 0 };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(city->house.db, count, &counts, &err));
	return counts;
}

/* A city whose own server, and so its workers, have ended. */
static void
open_quiet(struct city *city)
{
	city_open(city, NULL, 0);
	aw_server_end(city->server);
	city->server = NULL;
	atomic_store(&ran, 0);
	atomic_store(&broke, 0);
}

static void
put(struct city *city, const char *kind, int64_t id, int64_t due_at)
{
	struct enqueue e = { kind, id, due_at };
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(city->house.db, enqueue, &e, &err));
}

static void
wait_until(struct city *city, int64_t done)
{
	for (int i = 0; i < 500 && counts_of(city).done < done; i++)
		(void)usleep(10 * 1000);
	assert_int_equal(counts_of(city).done, done);
}

/* Workers of the kinds above that look for work all the time. */
static struct aw_workers *
start(struct city *city, const char *witness)
{
	struct aw_workers *workers = NULL;
	struct aw_error err = { 0 };

	assert_ok(aw_workers_start(&(struct aw_workers_options){ .house = &city->house,
					   .witness = witness,
					   .kinds = kinds,
					   .kind_count = AW_COUNT(kinds),
					   .poll_ms = 10 },
		&workers, &err));
	return workers;
}

static void
what_is_due_is_done_once_and_what_is_not_waits(void **state)
{
	struct city city;
	struct aw_workers *workers = NULL;
	int64_t now = aw_real_ms();

	(void)state;
	open_quiet(&city);
	for (int64_t i = 1; i <= 40; i++)
		put(&city, "works", i, now - 1000);
	put(&city, "breaks", 100, now - 1000);
	workers = start(&city, NULL);
	wait_until(&city, 40);
	aw_workers_end(workers);
	assert_int_equal(atomic_load(&ran), 40);
	assert_int_equal(counts_of(&city).waiting, 1);
	city_close(&city);
}

static void
a_failure_waits_for_its_next_time_and_stops_nobody(void **state)
{
	struct city city;
	struct aw_workers *workers = NULL;
	int64_t now = aw_real_ms();

	(void)state;
	open_quiet(&city);
	put(&city, "breaks", 1, now - 2000);
	put(&city, "unknown_kind", 2, now - 1500);
	put(&city, "works", 3, now - 1000);
	workers = start(&city, NULL);
	wait_until(&city, 1);
	(void)usleep(200 * 1000);
	aw_workers_end(workers);
	assert_int_equal(atomic_load(&broke), 1);
	assert_int_equal(counts_of(&city).waiting, 2);
	city_close(&city);
}

static void
the_end_does_not_wait_for_what_is_due(void **state)
{
	struct city city;
	struct aw_workers *workers = NULL;

	(void)state;
	open_quiet(&city);
	for (int64_t i = 1; i <= 200; i++)
		put(&city, "takes_long", i, aw_real_ms() - 1000);
	workers = start(&city, NULL);
	for (int i = 0; i < 500 && atomic_load(&ran) == 0; i++)
		(void)usleep(10 * 1000);
	aw_workers_end(workers);
	assert_in_range(atomic_load(&ran), 1, 100);
	assert_int_equal(counts_of(&city).waiting, 200 - atomic_load(&ran));
	city_close(&city);
}

struct waiting {
	struct aw_arena arena;
	struct aw_work_item *items;
	size_t count;
};

static enum aw_status
list_waiting(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct waiting *w = arg;

	return aw_work_list(tx, &w->arena, "waiting", 10, &w->items, &w->count, err);
}

static void
a_full_disk_takes_no_attempt_of_an_item(void **state)
{
	struct city city;
	struct waiting w = { 0 };
	struct aw_workers *workers = NULL;
	struct aw_error err = { 0 };
	int64_t now = aw_real_ms();

	(void)state;
	open_quiet(&city);
	put(&city, "breaks", 1, now - 2000);
	put(&city, "finds_the_disk_full", 2, now - 2000);
	put(&city, "works", 3, now - 1000);
	workers = start(&city, NULL);
	wait_until(&city, 1);
	for (int i = 0; i < 500 && atomic_load(&broke) < 2; i++)
		(void)usleep(10 * 1000);
	aw_workers_end(workers);
	assert_ok(aw_db_read(city.house.db, list_waiting, &w, &err));
	assert_int_equal(w.count, 2);
	for (size_t i = 0; i < w.count; i++) {
		assert_int_equal(w.items[i].attempts, w.items[i].id == 1 ? 1 : 0);
		assert_in_range(w.items[i].due_at, now + 5000, now + 60000);
		assert_non_null(w.items[i].last_error);
	}
	aw_arena_done(&w.arena);
	city_close(&city);
}

static void
an_item_from_the_future_is_not_waited_for(void **state)
{
	struct city city;
	struct aw_workers *workers = NULL;

	(void)state;
	open_quiet(&city);
	put(&city, "works", 1, aw_real_ms() + 50 * AW_MINUTE_MS);
	put(&city, "works", 2, aw_real_ms() + 365 * AW_DAY_MS);
	workers = start(&city, NULL);
	wait_until(&city, 2);
	aw_workers_end(workers);
	city_close(&city);
}

struct sending {
	struct city *city;
	int64_t real_ms;
	bool repeated;
};

static enum aw_status
send_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	static const char text[] = "{\"kind\": \"adult_ipv\", \"channel\": \"police\","
				   "\"incident\": {\"narrative\": \"x\"}}";
	static const struct aw_viewer sender = { .login = "api:test", .roles = "reporter" };
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	struct sending *sending = arg;
	struct aw_act act = aw_house_act(&sending->city->house, &arena, &sender, "report.send");
	struct aw_report_problems problems = { 0 };
	struct aw_report_in in;
	struct aw_receipt receipt;

	act.tx = tx;
	act.real_ms = sending->real_ms;
	if (aw_json_parse(aw_str(text), "test", &json, err) != AW_OK ||
		aw_report_from_json(&arena, json, &in, &problems, err) != AW_OK)
		return err->status;
	in.idempotency_key = "k-1";
	if (aw_report_receive(&act, &in, &receipt, &problems, err) != AW_OK)
		return err->status;
	sending->repeated = receipt.repeated;
	return AW_OK;
}

static void
a_receipt_of_yesterday_is_forgotten_without_being_asked_for(void **state)
{
	struct city city;
	struct sending s = { .city = &city };
	struct aw_workers *workers = NULL;
	struct aw_error err = { 0 };

	(void)state;
	open_quiet(&city);
	s.real_ms = aw_real_ms() - 25 * AW_HOUR_MS;
	assert_ok(aw_db_write(city.house.db, send_in, &s, &err));
	assert_false(s.repeated);
	assert_ok(aw_db_write(city.house.db, send_in, &s, &err));
	assert_true(s.repeated);
	workers = start(&city, NULL);
	for (int i = 0; i < 500 && s.repeated; i++) {
		(void)usleep(10 * 1000);
		assert_ok(aw_db_write(city.house.db, send_in, &s, &err));
	}
	aw_workers_end(workers);
	assert_false(s.repeated);
	city_close(&city);
}

/* It is the sweep's first work: nobody waits a minute for it here. */
static void
an_account_that_nobody_uses_is_disabled_without_being_asked_for(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_workers *workers = NULL;
	sqlite3 *raw = NULL;
	const struct aw_log_entry *entry = NULL;

	(void)state;
	open_quiet(&city);
	assert_int_equal(sqlite3_open(city.db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	assert_int_equal(sqlite3_exec(raw, "UPDATE account SET used_at = 1 WHERE login = 'planner'",
				 NULL, NULL, NULL),
		SQLITE_OK);
	(void)sqlite3_close(raw);
	workers = start(&city, NULL);
	for (int i = 0; i < 500 && entry == NULL; i++) {
		(void)usleep(10 * 1000);
		entry = city_last_of(&city, &arena, "account.idle");
	}
	aw_workers_end(workers);
	assert_non_null(entry);
	assert_string_equal(entry->object, "planner");
	city_close(&city);
}

static void
the_log_is_signed_at_the_end_and_the_witness_has_it(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_workers *workers = NULL;
	struct aw_log_report report;
	struct aw_error err = { 0 };
	struct aw_str witnessed;
	const char *witness;

	(void)state;
	open_quiet(&city);
	witness = aw_arena_printf(&arena, "%s/witness.txt", city.db.dir);
	put(&city, "works", 1, aw_real_ms() - 1000);
	workers = start(&city, witness);
	wait_until(&city, 1);
	aw_workers_end(workers);
	assert_ok(aw_file_read(&arena, witness, 1 << 20, &witnessed, &err));
	assert_ok(aw_log_verify(city.house.db, &witnessed, NULL, &report, &err));
	assert_int_equal(report.fault, AW_LOG_SOUND);
	assert_true(report.entries > 0);
	assert_int_equal(report.witnessed_size, report.entries);
	city_close(&city);
}

struct some {
	struct city *city;
	int count;
};

static enum aw_status
append_some(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct some *some = arg;
	static const struct aw_viewer viewer = { .login = "test", .purpose = "casework" };

	for (int i = 0; i < some->count; i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_act act = aw_house_act(&some->city->house, &arena, &viewer, "test.act");

		act.tx = tx;
		if (aw_log_append(&act, "ok", NULL, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

struct state {
	struct aw_arena arena;
	struct aw_checkpoint checkpoint;
	int64_t size;
};

static enum aw_status
read_log(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct state *state = arg;

	return aw_log_state(tx, &state->arena, &state->checkpoint, &state->size, err);
}

/* Waits until everything is signed; how long that took. */
static int64_t
wait_signed(struct city *city, int64_t most_ms)
{
	int64_t start_us = aw_monotonic_us(), took_ms;
	struct aw_error err = { 0 };
	bool all;

	do {
		struct state state = { 0 };

		(void)usleep(20 * 1000);
		assert_ok(aw_db_read(city->house.db, read_log, &state, &err));
		all = state.checkpoint.size == state.size;
		aw_arena_done(&state.arena);
		took_ms = (aw_monotonic_us() - start_us) / 1000;
	} while (!all && took_ms < most_ms);
	return took_ms;
}

static void
the_log_is_signed_while_serving_by_number_and_by_time(void **state)
{
	struct city city;
	struct aw_workers *workers = NULL;
	struct aw_error err = { 0 };

	(void)state;
	open_quiet(&city);
	/* by number: a minute is far off */
	assert_ok(aw_workers_start(
		&(struct aw_workers_options){ .house = &city.house }, &workers, &err));
	assert_ok(aw_db_write(city.house.db, append_some, &(struct some){ &city, 1 }, &err));
	assert_true(
		wait_signed(&city, 1500) >= 1500); /* control: one entry is not signed at once */
	assert_ok(aw_db_write(city.house.db, append_some, &(struct some){ &city, 256 }, &err));
	assert_true(wait_signed(&city, 20000) < 20000);
	aw_workers_end(workers);
	/* by time: one entry is few */
	assert_ok(aw_workers_start(
		&(struct aw_workers_options){ .house = &city.house, .checkpoint_ms = 1500 },
		&workers, &err));
	assert_ok(aw_db_write(city.house.db, append_some, &(struct some){ &city, 1 }, &err));
	assert_true(wait_signed(&city, 20000) < 20000);
	aw_workers_end(workers);
	city_close(&city);
}

AW_TESTS(cmocka_unit_test(what_is_due_is_done_once_and_what_is_not_waits),
	cmocka_unit_test(the_end_does_not_wait_for_what_is_due),
	cmocka_unit_test(a_full_disk_takes_no_attempt_of_an_item),
	cmocka_unit_test(an_item_from_the_future_is_not_waited_for),
	cmocka_unit_test(a_receipt_of_yesterday_is_forgotten_without_being_asked_for),
	cmocka_unit_test(a_failure_waits_for_its_next_time_and_stops_nobody),
	cmocka_unit_test(an_account_that_nobody_uses_is_disabled_without_being_asked_for),
	cmocka_unit_test(the_log_is_signed_at_the_end_and_the_witness_has_it),
	cmocka_unit_test(the_log_is_signed_while_serving_by_number_and_by_time))
