/* The writer, its groups, readers, locks, and what is left after a kill. */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "db/setting.h"
#include "db/test.sql.h"
#include "testdb.h"

/* One unit: raises a counter, then ends as told. */
struct raise {
	struct aw_db *db;
	const char *name;
	int32_t day;
	enum aw_status end;
	int64_t got;
	enum aw_status answer;
	struct aw_error err;
	sem_t *inside, *go; /* if set: says it is inside, waits to go on */
	sem_t *answered;    /* if set: says it was answered */
	struct order *order;
	bool only_reads;
	int runs;
	unsigned takes_us; /* so long */
	int64_t began_us;
};

/* Order in which units ran, and in which their after-commit calls came. */
struct order {
	int32_t ran[64], called[64];
	size_t ran_count, called_count;
};

static void
note_order(void *arg)
{
	struct raise *raise = arg;

	raise->order->called[raise->order->called_count++] = raise->day;
}

static enum aw_status
raise_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct raise *raise = arg;

	raise->runs++;
	raise->began_us = aw_monotonic_us();
	if (raise->takes_us > 0)
		(void)usleep(raise->takes_us);
	if (raise->inside != NULL) {
		(void)sem_post(raise->inside);
		(void)sem_wait(raise->go);
	}
	if (raise->order != NULL) {
		aw_tx_after_commit(tx, note_order, raise);
		if (raise->end == AW_OK)
			raise->order->ran[raise->order->ran_count++] = raise->day;
	}
	if (!raise->only_reads &&
		aw_counter_next(tx, raise->name, raise->day, &raise->got, err) != AW_OK)
		return err->status;
	return raise->end == AW_OK ? AW_OK : aw_fail(err, raise->end, "as told");
}

static void *
raise_thread(void *arg)
{
	struct raise *raise = arg;

	raise->answer = aw_db_write(raise->db, raise_in, raise, &raise->err);
	if (raise->answered != NULL)
		(void)sem_post(raise->answered);
	return NULL;
}

struct reading {
	const char *name;
	struct aw_arena arena;
	struct sql_test_counters *rows;
	size_t count;
};

static enum aw_status
read_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct reading *reading = arg;

	return sql_test_counters(tx, &(struct sql_test_counters_in){ .name = reading->name },
		&reading->arena, &reading->rows, &reading->count, err);
}

static size_t
count_rows(struct aw_db *db, const char *name)
{
	struct reading reading = { .name = name };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(db, read_in, &reading, &err));
	aw_arena_done(&reading.arena);
	return reading.count;
}

/* Units that can wait. */
struct later {
	struct aw_db *db;
	struct raise units[AW_LATER_MOST];
	struct aw_error errs[AW_LATER_MOST];
};

static void *
later_thread(void *arg)
{
	struct later *later = arg;
	void *args[AW_LATER_MOST];

	for (size_t i = 0; i < AW_LATER_MOST; i++)
		args[i] = &later->units[i];
	aw_db_write_later(later->db, raise_in, args, later->errs, AW_LATER_MOST);
	return NULL;
}

/* Blocks the writer inside a unit while `count` others queue up, and before them those that can wait (may
 * be NULL); then lets all go. */
static void
run_as_group_behind(struct aw_db *db, struct later *later, struct raise *units, size_t count)
{
	sem_t inside, go;
	struct raise first = { .db = db, .name = "first", .inside = &inside, .go = &go };
	pthread_t first_thread, later_one, threads[64];

	(void)sem_init(&inside, 0, 0);
	(void)sem_init(&go, 0, 0);
	assert_int_equal(pthread_create(&first_thread, NULL, raise_thread, &first), 0);
	(void)sem_wait(&inside);
	if (later != NULL) {
		later->db = db;
		assert_int_equal(pthread_create(&later_one, NULL, later_thread, later), 0);
		(void)usleep(2000);
	}
	for (size_t i = 0; i < count; i++) {
		units[i].db = db;
		assert_int_equal(pthread_create(&threads[i], NULL, raise_thread, &units[i]), 0);
		(void)usleep(10000); /* so that they stand in the queue in order */
	}
	(void)sem_post(&go);
	for (size_t i = 0; i < count; i++)
		(void)pthread_join(threads[i], NULL);
	(void)pthread_join(first_thread, NULL);
	if (later != NULL)
		(void)pthread_join(later_one, NULL);
	assert_int_equal(first.answer, AW_OK);
	(void)sem_destroy(&inside);
	(void)sem_destroy(&go);
}

static void
run_as_group(struct aw_db *db, struct raise *units, size_t count)
{
	run_as_group_behind(db, NULL, units, count);
}

static void
a_unit_that_fails_undoes_itself_alone(void **state)
{
	struct testdb *t = *state;
	struct raise units[5] = { 0 };
	struct reading reading = { .name = "group" };
	struct aw_error err = { 0 };

	for (int i = 0; i < 5; i++)
		units[i] = (struct raise){
			.name = "group", .day = i, .end = i == 2 ? AW_CONFLICT : AW_OK
		};
	run_as_group(t->db, units, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(units[i].answer, i == 2 ? AW_CONFLICT : AW_OK);
	assert_string_equal(units[2].err.text, "as told");
	assert_ok(aw_db_read(t->db, read_in, &reading, &err));
	assert_int_equal(reading.count, 4);
	assert_int_equal(reading.rows[2].day, 3);
	for (int i = 0; i < 4; i++)
		assert_int_equal(reading.rows[i].last, 1); /* and what ran twice is there once */
	aw_arena_done(&reading.arena);
}

static void
a_group_is_run_again_only_where_a_unit_failed_that_had_written(void **state)
{
	struct testdb *t = *state;
	struct raise units[5] = { 0 };

	for (int i = 0; i < 5; i++)
		units[i] = (struct raise){ .name = "reads",
			.day = i,
			.end = i == 2 ? AW_DENIED : AW_OK,
			.only_reads = i == 2 };
	run_as_group(t->db, units, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(units[i].runs, 1);
	assert_int_equal(units[2].answer, AW_DENIED);
	assert_int_equal(count_rows(t->db, "reads"), 4);
	for (int i = 0; i < 5; i++)
		units[i] = (struct raise){
			.name = "writes", .day = i, .end = i == 2 ? AW_DENIED : AW_OK
		};
	run_as_group(t->db, units, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(units[i].runs, i <= 2 ? 2 : 1);
	assert_int_equal(units[2].answer, AW_DENIED);
	assert_int_equal(count_rows(t->db, "writes"), 4);
}

static void
after_commit_runs_in_order_and_never_for_what_was_undone(void **state)
{
	struct testdb *t = *state;
	struct order order = { 0 };
	struct raise units[20] = { 0 };

	for (int i = 0; i < 20; i++)
		units[i] = (struct raise){ .name = "after",
			.day = i,
			.end = i % 5 == 4 ? AW_INVALID : AW_OK,
			.order = &order };
	run_as_group(t->db, units, 20);
	assert_int_equal(order.called_count, 16);
	/* the first run of the group came to nothing, from the first that failed on */
	assert_true(order.ran_count >= 16 && order.ran_count <= 32);
	assert_memory_equal(
		order.called, order.ran + order.ran_count - 16, 16 * sizeof(order.ran[0]));
}

/* One of them may have waited long enough to go along. */
static void
units_that_can_wait_give_way_and_fail_alone(void **state)
{
	struct testdb *t = *state;
	struct order order = { 0 };
	struct raise units[20] = { 0 };
	struct later later = { 0 };
	int before = 0;

	for (int i = 0; i < 20; i++)
		units[i] = (struct raise){ .name = "now", .day = i, .order = &order };
	for (int i = 0; i < AW_LATER_MOST; i++)
		later.units[i] = (struct raise){ .name = "later",
			.day = 100 + i,
			.end = i == 3 ? AW_CONFLICT : AW_OK,
			.order = &order };
	run_as_group_behind(t->db, &later, units, 20);
	assert_int_equal(order.called_count, 20 + AW_LATER_MOST - 1);
	for (int i = 0; i < 20; i++)
		before += order.ran[i] < 100 ? 1 : 0;
	assert_true(before >= 19);
	for (int i = 0; i < AW_LATER_MOST; i++)
		assert_int_equal(later.errs[i].status, i == 3 ? AW_CONFLICT : AW_OK);
	assert_string_equal(later.errs[3].text, "as told");
	assert_int_equal(count_rows(t->db, "later"), AW_LATER_MOST - 1);
}

struct endless {
	struct aw_db *db;
	atomic_bool end;
	int64_t units;
};

static void *
write_without_end(void *arg)
{
	struct endless *endless = arg;

	for (; !atomic_load(&endless->end); endless->units++) {
		struct raise raise = { .db = endless->db, .name = "endless" };

		(void)raise_thread(&raise);
	}
	return NULL;
}

static void
run_beside_endless(struct later *later)
{
	struct endless endless[3] = { 0 };
	pthread_t threads[3];

	for (int i = 0; i < 3; i++) {
		endless[i].db = later->db;
		assert_int_equal(
			pthread_create(&threads[i], NULL, write_without_end, &endless[i]), 0);
	}
	(void)later_thread(later);
	for (int i = 0; i < 3; i++) {
		atomic_store(&endless[i].end, true);
		(void)pthread_join(threads[i], NULL);
		assert_true(endless[i].units > 0);
	}
}

static void
units_that_can_wait_get_their_turn_beside_writing_without_end(void **state)
{
	struct testdb *t = *state;
	struct later later = { .db = t->db };

	for (int i = 0; i < AW_LATER_MOST; i++)
		later.units[i] = (struct raise){ .name = "turn", .day = i };
	run_beside_endless(&later);
	assert_int_equal(count_rows(t->db, "turn"), AW_LATER_MOST);
}

/* Where those who write have no time of the processor for 3 ms, whoever waits goes on: in one of some
 * rounds they have. */
static void
units_that_can_wait_and_take_long_take_a_tenth_of_the_time(void **state)
{
	enum { TAKES_US = 6000, ROUNDS = 12, MANY = 10 };
	struct testdb *t = *state;
	int apart = 0;

	for (int round = 0; round < ROUNDS && apart < MANY; round++) {
		struct later later = { .db = t->db };

		for (int i = 0; i < AW_LATER_MOST; i++)
			later.units[i] =
				(struct raise){ .name = "long", .day = i, .takes_us = TAKES_US };
		run_beside_endless(&later);
		apart = 0;
		for (int i = 1; i < AW_LATER_MOST; i++)
			apart += later.units[i].began_us - later.units[i - 1].began_us >=
						 9 * TAKES_US
					 ? 1
					 : 0;
	}
	assert_true(apart >= MANY);
	assert_int_equal(count_rows(t->db, "long"), AW_LATER_MOST);
}

static void
a_full_queue_is_busy_and_says_so_at_once(void **state)
{
	struct testdb *t = *state;
	struct aw_db *db = NULL;
	struct aw_error err = { 0 };
	sem_t inside, go, answered;
	struct raise first = { .name = "busy", .inside = &inside, .go = &go }, others[3];
	pthread_t first_thread, threads[3];
	int busy = 0;

	testdb_shut(t);
	assert_ok(
		aw_db_open(&(struct aw_db_options){ .url = t->url, .queue_limit = 1 }, &db, &err));
	(void)sem_init(&inside, 0, 0);
	(void)sem_init(&go, 0, 0);
	(void)sem_init(&answered, 0, 0);
	first.db = db;
	assert_int_equal(pthread_create(&first_thread, NULL, raise_thread, &first), 0);
	(void)sem_wait(&inside);
	/* one place in the queue: two of three are refused while the writer still works */
	for (int i = 0; i < 3; i++) {
		others[i] = (struct raise){
			.db = db, .name = "busy", .day = i + 1, .answered = &answered
		};
		assert_int_equal(pthread_create(&threads[i], NULL, raise_thread, &others[i]), 0);
	}
	(void)sem_wait(&answered);
	(void)sem_wait(&answered);
	(void)sem_post(&go);
	(void)pthread_join(first_thread, NULL);
	for (int i = 0; i < 3; i++) {
		(void)pthread_join(threads[i], NULL);
		busy += others[i].answer == AW_BUSY ? 1 : 0;
		if (others[i].answer == AW_BUSY)
			assert_non_null(strstr(others[i].err.text, "try again"));
	}
	assert_int_equal(busy, 2);
	assert_int_equal(count_rows(db, "busy"), 2);
	aw_db_close(db);
	(void)sem_destroy(&inside);
	(void)sem_destroy(&go);
	(void)sem_destroy(&answered);
	testdb_reopen(t);
}

static void
readers_see_only_what_is_committed(void **state)
{
	struct testdb *t = *state;
	sem_t inside, go;
	struct raise first = { .db = t->db, .name = "seen", .inside = &inside, .go = &go };
	struct raise second = { .db = t->db, .name = "seen", .day = 1 };
	pthread_t a;

	(void)sem_init(&inside, 0, 0);
	(void)sem_init(&go, 0, 0);
	assert_int_equal(aw_db_write(t->db, raise_in, &second, &second.err), AW_OK);
	assert_int_equal(pthread_create(&a, NULL, raise_thread, &first), 0);
	(void)sem_wait(&inside);
	assert_int_equal(count_rows(t->db, "seen"), 1);
	(void)sem_post(&go);
	(void)pthread_join(a, NULL);
	assert_int_equal(count_rows(t->db, "seen"), 2);
	(void)sem_destroy(&inside);
	(void)sem_destroy(&go);
}

struct snapshot {
	struct aw_db *db;
	size_t before, after;
};

static enum aw_status
read_twice(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct snapshot *snapshot = arg;
	struct reading reading = { .name = "snap" };
	struct raise raise = { .db = snapshot->db, .name = "snap" };
	pthread_t other;

	if (read_in(tx, &reading, err) != AW_OK)
		return err->status;
	snapshot->before = reading.count;
	(void)pthread_create(&other, NULL, raise_thread, &raise);
	(void)pthread_join(other, NULL);
	aw_arena_done(&reading.arena);
	snapshot->after = count_rows(snapshot->db, "snap"); /* inside: the same snapshot */
	return raise.answer;
}

static void
a_reading_keeps_its_snapshot_even_in_a_reading_inside_it(void **state)
{
	struct testdb *t = *state;
	struct snapshot snapshot = { .db = t->db };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(t->db, read_twice, &snapshot, &err));
	assert_int_equal(snapshot.before, 0);
	assert_int_equal(snapshot.after, 0);
	assert_int_equal(count_rows(t->db, "snap"), 1);
}

static void
a_reader_cannot_write(void **state)
{
	struct testdb *t = *state;
	struct raise raise = { .name = "never" };
	struct aw_error err = { 0 };

	assert_fails(aw_db_read(t->db, raise_in, &raise, &err), AW_INTERNAL, "not authorized");
	assert_int_equal(count_rows(t->db, "never"), 0);
}

static enum aw_status
write_inside(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct raise *raise = arg;

	(void)tx;
	return aw_db_write(raise->db, raise_in, raise, err);
}

static void
a_unit_inside_a_unit_is_refused(void **state)
{
	struct testdb *t = *state;
	struct raise raise = { .db = t->db, .name = "inner" };
	struct aw_error err = { 0 };

	assert_fails(aw_db_write(t->db, write_inside, &raise, &err), AW_INTERNAL, "cannot wait");
}

static void
a_second_writer_is_refused(void **state)
{
	struct testdb *t = *state;
	struct aw_db *db = NULL;
	struct aw_error err = { 0 };

	assert_fails(aw_db_open(&(struct aw_db_options){ .url = t->url }, &db, &err), AW_BUSY,
		"another process is the writer");
	assert_null(db);
}

static void
a_url_of_no_known_kind_and_a_missing_file_are_refused(void **state)
{
	struct aw_db *db = NULL;
	struct aw_error err = { 0 };

	(void)state;
	assert_fails(aw_db_open(&(struct aw_db_options){ .url = "mysql://x" }, &db, &err),
		AW_INVALID, "sqlite:PATH");
	assert_fails(aw_db_open(&(struct aw_db_options){ .url = "sqlite:/tmp/anwang-not-there.db" },
			     &db, &err),
		AW_NOT_FOUND, "there is no database");
}

enum { FILLED = 3000 };

/* What the planner is told of a filled database. */
static int
count_stats(struct testdb *t, const char *where)
{
	char text[128];
	sqlite3 *raw = NULL;
	sqlite3_stmt *stmt = NULL;
	int count;

	(void)snprintf(text, sizeof(text), "SELECT count(*) FROM sqlite_stat1 WHERE %s", where);
	assert_int_equal(sqlite3_open(t->url + strlen("sqlite:"), &raw), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(raw, text, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	count = sqlite3_column_int(stmt, 0);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(raw);
	return count;
}

static void
an_unfinished_filling_is_refused_and_a_finished_one_is_whole(void **state)
{
	struct testdb *t = *state;
	struct aw_db *db = NULL;
	struct aw_error err = { 0 };
	struct raise raise = { .name = "bulk" };
	char marker[128];
	int fd;

	testdb_shut(t);
	assert_ok(aw_db_open(&(struct aw_db_options){ .url = t->url, .bulk = true }, &db, &err));
	(void)snprintf(marker, sizeof(marker), "%s.filling", t->url + 7);
	assert_int_equal(access(marker, F_OK), 0);
	for (raise.day = 0; raise.day < FILLED; raise.day++)
		assert_ok(aw_db_write(db, raise_in, &raise, &err));
	aw_db_close(db);
	assert_int_equal(access(marker, F_OK), -1);
	assert_int_equal(count_stats(t, "tbl = 'counter'"), 1);
	assert_int_equal(count_stats(t, "CAST(stat AS INTEGER) < 1000"), 0);
	testdb_reopen(t);
	assert_int_equal(count_rows(t->db, "bulk"), FILLED);
	testdb_shut(t);
	fd = open(marker, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_fails(aw_db_open(&(struct aw_db_options){ .url = t->url }, &db, &err), AW_CORRUPT,
		"did not end");
	(void)unlink(marker);
	testdb_reopen(t);
}

/* A child writes from four threads and tells each acknowledged day through a pipe. */
struct crash {
	struct aw_db *db;
	int out;
	atomic_int next;
};

static void *
write_until_killed(void *arg)
{
	struct crash *crash = arg;

	for (;;) {
		struct raise raise = { .name = "crash", .day = atomic_fetch_add(&crash->next, 1) };

		if (aw_db_write(crash->db, raise_in, &raise, &raise.err) != AW_OK ||
			write(crash->out, &raise.day, sizeof(raise.day)) != sizeof(raise.day))
			_exit(2);
	}
}

static _Noreturn void
crash_child(const char *url, int out)
{
	struct crash crash = { .out = out };
	struct aw_error err = { 0 };
	pthread_t threads[4];

	if (aw_db_open(&(struct aw_db_options){ .url = url }, &crash.db, &err) != AW_OK)
		_exit(3);
	for (int i = 0; i < 4; i++)
		(void)pthread_create(&threads[i], NULL, write_until_killed, &crash);
	for (;;)
		(void)pause();
}

static void
what_was_acknowledged_is_there_after_a_kill(void **state)
{
	struct testdb *t = *state;
	size_t acknowledged = 0;

	for (int trial = 0; trial < 5; trial++) {
		struct reading reading = { .name = "crash" };
		struct aw_error err = { 0 };
		int ends[2];
		int32_t day;
		pid_t child;

		testdb_close(t);
		testdb_open(t);
		testdb_shut(t);
		assert_int_equal(pipe(ends), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			crash_child(t->url, ends[1]);
		(void)close(ends[1]);
		(void)usleep(150000 + (useconds_t)trial * 7001);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		testdb_reopen(t);
		assert_ok(aw_db_read(t->db, read_in, &reading, &err));
		while (read(ends[0], &day, sizeof(day)) == sizeof(day)) {
			bool there = false;
			for (size_t i = 0; i < reading.count && !there; i++)
				there = reading.rows[i].day == day;
			if (!there)
				fail_msg("day %d was acknowledged and is lost", day);
			acknowledged++;
		}
		(void)close(ends[0]);
		aw_arena_done(&reading.arena);
	}
	assert_true(acknowledged > 0);
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, testdb_setup, testdb_teardown)
AW_TESTS(WITH_DB(a_unit_that_fails_undoes_itself_alone),
	WITH_DB(a_group_is_run_again_only_where_a_unit_failed_that_had_written),
	WITH_DB(after_commit_runs_in_order_and_never_for_what_was_undone),
	WITH_DB(units_that_can_wait_give_way_and_fail_alone),
	WITH_DB(units_that_can_wait_get_their_turn_beside_writing_without_end),
	WITH_DB(units_that_can_wait_and_take_long_take_a_tenth_of_the_time),
	WITH_DB(a_full_queue_is_busy_and_says_so_at_once),
	WITH_DB(readers_see_only_what_is_committed),
	WITH_DB(a_reading_keeps_its_snapshot_even_in_a_reading_inside_it),
	WITH_DB(a_reader_cannot_write), WITH_DB(a_unit_inside_a_unit_is_refused),
	WITH_DB(a_second_writer_is_refused),
	cmocka_unit_test(a_url_of_no_known_kind_and_a_missing_file_are_refused),
	WITH_DB(an_unfinished_filling_is_refused_and_a_finished_one_is_whole),
	WITH_DB(what_was_acknowledged_is_there_after_a_kill))
