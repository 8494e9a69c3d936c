/* Several servers on one PostgreSQL: numbers without gaps, conflicts, lost connections, following. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "db/change.h"
#include "db/memo.h"
#include "db/setting.h"
#include "db/test.sql.h"
#include "db/work.h"
#include "pgdb.h"

/* -- numbers --------------------------------------------------------------------------------------- */

enum { RACERS = 2, UNITS = 150 };

struct racer {
	struct aw_db *db;
	int64_t got[UNITS];
	size_t count;
	pthread_t thread;
};

static enum aw_status
take_number(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	if (aw_change_note(tx, "race", 1, err) != AW_OK)
		return err->status;
	return aw_counter_next(tx, "race", 1, arg, err);
}

static void *
race(void *arg)
{
	struct racer *racer = arg;
	struct aw_error err = { 0 };

	for (size_t i = 0; i < UNITS; i++)
		if (aw_db_write(racer->db, take_number, &racer->got[racer->count], &err) == AW_OK)
			racer->count++;
	return NULL;
}

static void
numbers_of_two_writers_have_no_gap_and_no_twin(void **state)
{
	struct testdb *t = *state;
	struct racer racers[2 * RACERS] = { 0 };
	struct aw_db *second = pgdb_another(t);
	PGconn *pg = pgdb_outsider(t);
	bool seen[2 * RACERS * UNITS + 1] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < AW_COUNT(racers); i++) {
		racers[i].db = i % 2 == 0 ? t->db : second;
		assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
	}
	for (size_t i = 0; i < AW_COUNT(racers); i++) {
		pthread_join(racers[i].thread, NULL);
		assert_int_equal(racers[i].count, UNITS);
		for (size_t k = 0; k < racers[i].count; k++, count++) {
			assert_in_range(racers[i].got[k], 1, 2 * RACERS * UNITS);
			assert_false(seen[racers[i].got[k]]);
			seen[racers[i].got[k]] = true;
		}
	}
	assert_int_equal(count, 2 * RACERS * UNITS);
	assert_int_equal(pgdb_say(pg, "SELECT count(*) FROM change"), count);
	assert_int_equal(pgdb_say(pg, "SELECT max(number) FROM change"), count);
	PQfinish(pg);
	aw_db_close(second);
}

/* -- groups that run without savepoints ---------------------------------------------------------------- */

/* Takes a number, and a key that may be taken. */
struct taking {
	struct aw_db *db;
	int64_t key, number;
	bool dares; /* writes without asking, where that is allowed */
	bool hears; /* and asks something else then, which tells that it failed */
	sem_t *inside, *go;
	int runs, daring;
	enum aw_status status;
	struct aw_error err;
	pthread_t thread;
};

static enum aw_status
is_taken(struct aw_tx *tx, int64_t key, bool *ret_taken, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct sql_test_cells *rows = NULL;
	size_t count = 0;

	*ret_taken = false;
	if (sql_test_cells(tx, &arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		*ret_taken |= rows[i].id == key;
	return AW_OK;
}

static enum aw_status
take_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct taking *t = arg;
	bool taken = false;

	t->runs++;
	if (t->inside != NULL) {
		(void)sem_post(t->inside);
		(void)sem_wait(t->go);
	}
	if (aw_counter_next(tx, "taken", 1, &t->number, err) != AW_OK)
		return err->status;
	if (t->dares && aw_tx_dares(tx))
		t->daring++;
	else if (t->dares && is_taken(tx, t->key, &taken, err) != AW_OK)
		return err->status;
	if (taken)
		return AW_OK;
	if (sql_test_cell_put(tx,
		    &(struct sql_test_cell_put_in){ .id = t->key,
			    .holder = "test",
			    .wrapped = { (const uint8_t *)"x", 1 } },
		    err) != AW_OK)
		return err->status;
	return t->hears ? is_taken(tx, t->key, &taken, err) : AW_OK;
}

static void *
take_one(void *arg)
{
	struct taking *t = arg;

	t->status = aw_db_write(t->db, take_in, t, &t->err);
	return NULL;
}

/* All of them in one group, behind one that holds the writer. */
static void
take_together(struct aw_db *db, struct taking *units, size_t count)
{
	sem_t inside, go;
	struct taking first = { .db = db, .key = 1000, .inside = &inside, .go = &go };

	(void)sem_init(&inside, 0, 0);
	(void)sem_init(&go, 0, 0);
	assert_int_equal(pthread_create(&first.thread, NULL, take_one, &first), 0);
	(void)sem_wait(&inside);
	for (size_t i = 0; i < count; i++) {
		units[i].db = db;
		assert_int_equal(pthread_create(&units[i].thread, NULL, take_one, &units[i]), 0);
		(void)usleep(20000); /* in this order */
	}
	(void)sem_post(&go);
	for (size_t i = 0; i < count; i++)
		pthread_join(units[i].thread, NULL);
	pthread_join(first.thread, NULL);
	assert_int_equal(first.status, AW_OK);
	(void)sem_destroy(&inside);
	(void)sem_destroy(&go);
}

/* On PostgreSQL nobody hears of it before the group has ended. */
static void
of_a_group_one_fails_unheard_and_alone(void **state)
{
	struct testdb *t = *state;
	struct taking units[] = { { .key = 1 }, { .key = 2 }, { .key = 2 }, { .key = 3 } };
	struct taking more = { .db = t->db, .key = 4 };

	take_together(t->db, units, AW_COUNT(units));
	for (size_t i = 0; i < AW_COUNT(units); i++)
		assert_int_equal(units[i].status, i == 2 ? AW_CONFLICT : AW_OK);
	assert_int_equal(units[0].runs, 2);
	/* the number that was taken in vain is the next one's; the one that holds the writer has 1 */
	assert_int_equal(units[0].number, 2);
	assert_int_equal(units[1].number, 3);
	assert_int_equal(units[3].number, 4);
	(void)take_one(&more);
	assert_int_equal(more.status, AW_OK);
	assert_int_equal(more.number, 5);
}

static void
who_dares_and_fails_is_run_again_with_care(void **state)
{
	struct testdb *t = *state;
	bool pg = strncmp(t->url, "sqlite:", 7) != 0;
	struct taking alone = { .db = t->db, .key = 1, .dares = true }, again = alone,
		      hears = { .db = t->db, .key = 1, .dares = true, .hears = true };
	struct taking units[] = { { .key = 2, .dares = true }, { .key = 1, .dares = true },
		{ .key = 3, .dares = true }, { .key = 3, .dares = true } };

	(void)take_one(&alone);
	assert_int_equal(alone.status, AW_OK);
	assert_int_equal(alone.runs, 1);
	(void)take_one(&again);
	assert_int_equal(again.status, AW_OK);
	assert_int_equal(again.runs, pg ? 2 : 1);
	assert_int_equal(again.daring, pg ? 1 : 0);
	assert_int_equal(again.number, 2);
	(void)take_one(&hears);
	assert_int_equal(hears.status, AW_OK);
	assert_int_equal(hears.runs, pg ? 2 : 1);
	take_together(t->db, units, AW_COUNT(units));
	for (size_t i = 0; i < AW_COUNT(units); i++) {
		assert_int_equal(units[i].status, AW_OK);
		assert_int_equal(units[i].daring, pg ? 1 : 0);
		assert_int_equal(units[i].number, 5 + (int64_t)i);
	}
}

/* What is in memory holds for a group: another server may have given the next. */
static void
a_number_is_the_next_whoever_gave_the_last(void **state)
{
	struct testdb *t = *state;
	struct aw_db *second = pgdb_another(t);

	for (int64_t i = 0; i < 40; i++) {
		struct taking one = { .db = i % 3 == 1 ? second : t->db, .key = i };

		(void)take_one(&one);
		assert_int_equal(one.status, AW_OK);
		assert_int_equal(one.runs, 1);
		assert_int_equal(one.number, i + 1);
	}
	aw_db_close(second);
}

/* -- a double accept -------------------------------------------------------------------------------- */

struct accept {
	struct aw_db *db;
	enum aw_status status;
	struct aw_error err;
	pthread_t thread;
};

/* Read, then write by what was read: the shape of each decision that only one may make. */
static enum aw_status
accept_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *value = NULL;

	(void)arg;
	if (aw_setting_get(tx, &arena, "accepted", &value, err) != AW_OK)
		return err->status;
	(void)usleep(2000);
	if (value != NULL)
		return aw_fail(err, AW_CONFLICT, "accepted already");
	return aw_setting_put(tx, "accepted", "1", err);
}

static void *
accept_one(void *arg)
{
	struct accept *accept = arg;

	accept->status = aw_db_write(accept->db, accept_in, NULL, &accept->err);
	return NULL;
}

static enum aw_status
forget_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_setting_put(tx, "accepted", NULL, err);
}

static void
of_two_who_accept_at_once_one_succeeds(void **state)
{
	struct testdb *t = *state;
	bool pg = strncmp(t->url, "sqlite:", 7) != 0;
	struct aw_db *second = pg ? pgdb_another(t) : t->db;
	struct aw_error err = { 0 };

	for (int round = 0; round < 30; round++) {
		struct accept both[2] = { { .db = t->db }, { .db = second } };

		for (size_t i = 0; i < 2; i++)
			assert_int_equal(
				pthread_create(&both[i].thread, NULL, accept_one, &both[i]), 0);
		for (size_t i = 0; i < 2; i++)
			pthread_join(both[i].thread, NULL);
		assert_true((both[0].status == AW_OK) != (both[1].status == AW_OK));
		assert_true(both[0].status == AW_CONFLICT || both[1].status == AW_CONFLICT);
		assert_ok(aw_db_write(t->db, forget_in, NULL, &err));
	}
	if (pg)
		aw_db_close(second);
}

/* -- conflicts with who does not keep the order ------------------------------------------------------ */

struct meeting {
	PGconn *pg;
	int meetings; /* how many runs shall meet somebody */
	int runs;
};

/* Reads a row, lets an outsider change and commit it, and writes it. */
static enum aw_status
meet_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct meeting *meeting = arg;
	const char *value = NULL;

	if (aw_setting_get(tx, &arena, "met", &value, err) != AW_OK)
		return err->status;
	if (meeting->runs++ < meeting->meetings)
		pgdb_say(meeting->pg, "UPDATE setting SET value = value || 'x' WHERE name = 'met'");
	return aw_setting_put(tx, "met", aw_arena_printf(&arena, "%s+", value), err);
}

static void
a_unit_that_meets_anothers_change_runs_again_with_what_is_there(void **state)
{
	struct testdb *t = *state;
	struct meeting meeting = { .pg = pgdb_outsider(t), .meetings = 3 };
	struct aw_error err = { 0 };

	pgdb_say(meeting.pg, "INSERT INTO setting (name, value) VALUES ('met', '')");
	assert_ok(aw_db_write(t->db, meet_in, &meeting, &err));
	assert_int_equal(meeting.runs, 4);
	assert_int_equal(
		pgdb_say(meeting.pg, "SELECT length(value) FROM setting WHERE name = 'met'"), 4);
	/* control: nobody stays in its way for ever */
	meeting = (struct meeting){ .pg = meeting.pg, .meetings = 1000 };
	assert_fails(aw_db_write(t->db, meet_in, &meeting, &err), AW_BUSY, "try again");
	assert_in_range(meeting.runs, 3, 20);
	PQfinish(meeting.pg);
}

/* -- lost connections -------------------------------------------------------------------------------- */

#define CUT                                                                                        \
	"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"                      \
	" WHERE application_name = 'anwang' AND pid <> pg_backend_pid()"

struct cut {
	PGconn *pg;
	int cuts, runs;
};

static enum aw_status
cut_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct cut *cut = arg;
	int64_t number;

	if (aw_counter_next(tx, "cut", 1, &number, err) != AW_OK)
		return err->status;
	if (cut->runs++ < cut->cuts)
		assert_true(pgdb_say(cut->pg, CUT) > 0);
	return aw_counter_next(tx, "cut", 1, &number, err);
}

static enum aw_status
read_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *value;

	(void)arg;
	return aw_setting_get(tx, &arena, "deployment", &value, err);
}

static void
a_connection_cut_in_a_unit_costs_nothing(void **state)
{
	struct testdb *t = *state;
	struct cut cut = { .pg = pgdb_outsider(t), .cuts = 1 };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(t->db, read_in, NULL, &err));
	assert_ok(aw_db_write(t->db, cut_in, &cut, &err));
	assert_int_equal(cut.runs, 2);
	assert_int_equal(pgdb_say(cut.pg, "SELECT last FROM counter WHERE name = 'cut'"), 2);
	/* the reader's connection was idle when it was cut */
	assert_ok(aw_db_read(t->db, read_in, NULL, &err));
	/* cut again and again: refused, and nothing of it is there */
	cut.cuts = 1000;
	assert_int_equal(aw_db_write(t->db, cut_in, &cut, &err), AW_BUSY);
	assert_int_equal(pgdb_say(cut.pg, "SELECT last FROM counter WHERE name = 'cut'"), 2);
	cut.cuts = 0;
	(void)usleep(300000);
	assert_ok(aw_db_write(t->db, cut_in, &cut, &err));
	assert_int_equal(pgdb_say(cut.pg, "SELECT last FROM counter WHERE name = 'cut'"), 4);
	PQfinish(cut.pg);
}

static enum aw_status
put_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	return aw_setting_put(tx, "sure", arg, err);
}

/* The connection is cut in the commit, by a trigger that waits for it. From outside that cannot be told
 * from one that is cut just behind it. */
static void
a_commit_that_nobody_confirmed_is_neither_done_nor_refused(void **state)
{
	struct testdb *t = *state;
	PGconn *pg = pgdb_outsider(t);
	struct aw_error err = { 0 };
	char one[] = "1", two[] = "2";

	pgdb_say(pg, "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
		     " PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5);"
		     " RETURN NULL; END $$");
	pgdb_say(pg, "CREATE CONSTRAINT TRIGGER cut AFTER INSERT OR UPDATE ON setting"
		     " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.name = 'sure')"
		     " EXECUTE FUNCTION cut()");
	assert_fails(aw_db_write(t->db, put_in, one, &err), AW_UNSURE, "look whether it was");
	assert_int_equal(pgdb_say(pg, "SELECT count(*) FROM setting WHERE name = 'sure'"), 0);
	pgdb_say(pg, "DROP TRIGGER cut ON setting");
	(void)usleep(300000);
	assert_ok(aw_db_write(t->db, put_in, two, &err));
	assert_int_equal(pgdb_say(pg, "SELECT count(*) FROM setting WHERE name = 'sure'"), 1);
	PQfinish(pg);
}

/* -- following --------------------------------------------------------------------------------------- */

struct followed {
	int64_t told[64];
	size_t count;
};

static enum aw_status
be_told(struct aw_tx *tx, int64_t reference, void *arg, struct aw_error *err)
{
	struct followed *followed = arg;

	(void)tx, (void)err;
	followed->told[followed->count++ % 64] = reference;
	return AW_OK;
}

static enum aw_status
note_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const int64_t *reference = arg;

	return aw_change_note(tx, "thing", *reference, err);
}

static enum aw_status
nothing_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)tx, (void)arg, (void)err;
	return AW_OK;
}

static void
a_server_hears_of_anothers_changes_before_it_reads_or_writes(void **state)
{
	struct testdb *t = *state;
	struct aw_db *second = pgdb_another(t);
	struct followed here = { 0 }, there = { 0 };
	struct aw_error err = { 0 };
	int64_t reference = 7;

	assert_ok(aw_db_follow(t->db, "thing", be_told, &here, &err));
	assert_ok(aw_db_follow(second, "thing", be_told, &there, &err));
	aw_db_follow_start(t->db);
	aw_db_follow_start(second);
	assert_ok(aw_db_write(t->db, note_in, &reference, &err));
	assert_int_equal(here.count, 0); /* its own it knows */
	assert_ok(aw_db_read(second, nothing_in, NULL, &err));
	assert_int_equal(there.count, 1);
	assert_int_equal(there.told[0], 7);
	reference = 8;
	assert_ok(aw_db_write(second, note_in, &reference, &err));
	assert_ok(aw_db_write(t->db, nothing_in, NULL, &err));
	assert_int_equal(here.count, 1);
	assert_int_equal(here.told[0], 8);
	assert_ok(aw_db_read(second, nothing_in, NULL, &err));
	assert_int_equal(there.count, 1);
	aw_db_close(second);
}

static void
a_server_that_missed_changes_says_so(void **state)
{
	struct testdb *t = *state;
	struct followed here = { 0 };
	struct aw_error err = { 0 };
	PGconn *pg = pgdb_outsider(t);

	assert_ok(aw_db_follow(t->db, "thing", be_told, &here, &err));
	aw_db_follow_start(t->db);
	pgdb_say(pg, "INSERT INTO change (number, kind, reference, at) VALUES (3, 'thing', 1, 0)");
	assert_fails(aw_db_read(t->db, nothing_in, NULL, &err), AW_BUSY, "start it again");
	assert_int_equal(here.count, 0);
	PQfinish(pg);
}

/* -- listening --------------------------------------------------------------------------------------- */

struct heard {
	int64_t references[16];
	uint64_t numbers[16];
	size_t count;
};

static void
be_heard(const char *kind, int64_t reference, uint64_t number, void *arg)
{
	struct heard *heard = arg;

	assert_string_equal(kind, "thing");
	heard->references[heard->count] = reference;
	heard->numbers[heard->count++] = number;
}

/* Notes a thing twice, and fails when its number is odd. */
static enum aw_status
note_or_fail_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	int64_t reference = *(const int64_t *)arg;

	for (int i = 0; i < 2; i++)
		if (aw_change_note(tx, "thing", reference, err) != AW_OK)
			return err->status;
	return reference % 2 == 0 ? AW_OK : aw_fail(err, AW_CONFLICT, "odd");
}

static enum aw_status
number_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)err;
	*(uint64_t *)arg = aw_tx_number(tx);
	return AW_OK;
}

static void
who_listens_is_told_what_was_committed_here_or_by_another(void **state)
{
	struct testdb *t = *state;
	bool pg = strncmp(t->url, "sqlite:", 7) != 0;
	struct aw_db *second = pg ? pgdb_another(t) : t->db;
	struct followed ignored = { 0 };
	struct heard here = { 0 }, there = { 0 };
	struct aw_error err = { 0 };
	uint64_t number;

	assert_ok(aw_db_follow(t->db, "thing", be_told, &ignored, &err));
	aw_db_follow_start(t->db);
	if (pg) {
		assert_ok(aw_db_follow(second, "thing", be_told, &ignored, &err));
		aw_db_follow_start(second);
		aw_db_listen(second, be_heard, &there);
	}
	aw_db_listen(t->db, be_heard, &here);
	for (int64_t i = 0; i < 4; i++)
		assert_int_equal(aw_db_write(t->db, note_or_fail_in, &i, &err),
			i % 2 == 0 ? AW_OK : AW_CONFLICT);
	assert_int_equal(here.count, 2); /* 0 and 2, once each */
	assert_int_equal(here.references[1], 2);
	assert_true(here.numbers[0] < here.numbers[1]);
	assert_ok(aw_db_read(t->db, number_in, &number, &err));
	assert_int_equal(number, here.numbers[1]);
	if (pg) {
		int64_t reference = 4;

		assert_int_equal(there.count, 0);
		assert_ok(aw_db_read(second, number_in, &number, &err));
		assert_int_equal(there.count, 2);
		assert_memory_equal(there.numbers, here.numbers, 2 * sizeof(uint64_t));
		assert_ok(aw_db_write(second, note_or_fail_in, &reference, &err));
		assert_int_equal(there.count, 3);
		assert_ok(aw_db_read(t->db, number_in, &number, &err));
		assert_int_equal(here.count, 3);
		assert_int_equal(here.numbers[2], there.numbers[2]);
		aw_db_listen(second, NULL, NULL);
	}
	aw_db_listen(t->db, NULL, NULL);
	number = 6;
	assert_ok(aw_db_write(t->db, note_or_fail_in, &number, &err));
	assert_int_equal(here.count, pg ? 3 : 2);
	if (pg)
		aw_db_close(second);
}

struct asked {
	const char *put;
	char got[32];
	bool found;
};

static enum aw_status
ask_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct asked *asked = arg;
	struct aw_bytes data = { 0 };

	(void)err;
	asked->found = aw_memo_get(tx, "key", &arena, &data);
	if (asked->put != NULL)
		aw_memo_put(tx, "key",
			(struct aw_bytes){ (const uint8_t *)asked->put, strlen(asked->put) });
	return AW_OK;
}

static enum aw_status
cell_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	static const uint8_t wrapped[] = { 1 };

	return sql_test_cell_put(tx,
		&(struct sql_test_cell_put_in){
			.id = *(const int64_t *)arg, .holder = "x", .wrapped = { wrapped, 1 } },
		err);
}

static void
a_kept_answer_goes_when_another_server_changes_a_fact(void **state)
{
	struct testdb *t = *state;
	struct aw_db *second = pgdb_another(t);
	struct followed here = { 0 };
	struct asked first = { .put = "answer" }, again = { 0 };
	struct aw_error err = { 0 };
	int64_t id = 900001;
	char text[] = "bookkeeping";

	for (int i = 0; i < 2; i++) {
		struct aw_db *db = i == 0 ? t->db : second;
		assert_ok(aw_db_follow(db, "thing", be_told, &here, &err));
		aw_db_follow_start(db);
	}
	assert_ok(aw_db_read(t->db, ask_in, &first, &err));
	assert_false(first.found);
	assert_ok(aw_db_write(second, put_in, text, &err));
	assert_ok(aw_db_read(t->db, ask_in, &again, &err));
	assert_true(again.found);
	assert_ok(aw_db_write(second, cell_in, &id, &err));
	assert_ok(aw_db_read(t->db, ask_in, &again, &err));
	assert_false(again.found);
	aw_db_close(second);
}

/* -- once -------------------------------------------------------------------------------------------- */

static void
one_server_is_on_duty_and_the_next_when_it_is_gone(void **state)
{
	struct testdb *t = *state;
	struct aw_db *second = pgdb_another(t);

	assert_true(aw_db_on_duty(second));
	assert_false(aw_db_on_duty(t->db));
	assert_true(aw_db_on_duty(second));
	aw_db_close(second);
	for (int i = 0; i < 50 && !aw_db_on_duty(t->db); i++)
		(void)usleep(100000); /* until PostgreSQL has noticed */
	assert_true(aw_db_on_duty(t->db));
}

static enum aw_status
enqueue_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_work_enqueue(tx, 5, "try", 1, 1, err);
}

static enum aw_status
finish_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	int64_t number;

	(void)arg;
	if (aw_counter_next(tx, "effects", 1, &number, err) != AW_OK)
		return err->status;
	return aw_work_finish(tx, 5, 2, err);
}

static void *
finish_one(void *arg)
{
	struct accept *one = arg;

	one->status = aw_db_write(one->db, finish_in, NULL, &one->err);
	return NULL;
}

static void
a_work_item_taken_by_two_servers_takes_effect_once(void **state)
{
	struct testdb *t = *state;
	struct aw_db *second = pgdb_another(t);
	struct accept both[2] = { { .db = t->db }, { .db = second } };
	struct aw_error err = { 0 };
	PGconn *pg = pgdb_outsider(t);

	assert_ok(aw_db_write(t->db, enqueue_in, NULL, &err));
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&both[i].thread, NULL, finish_one, &both[i]), 0);
	for (size_t i = 0; i < 2; i++)
		pthread_join(both[i].thread, NULL);
	assert_true((both[0].status == AW_OK) != (both[1].status == AW_OK));
	assert_int_equal(pgdb_say(pg, "SELECT last FROM counter WHERE name = 'effects'"), 1);
	PQfinish(pg);
	aw_db_close(second);
}

AW_TESTS(ON_PG(numbers_of_two_writers_have_no_gap_and_no_twin),
	ON_BOTH(of_a_group_one_fails_unheard_and_alone),
	ON_BOTH(who_dares_and_fails_is_run_again_with_care),
	ON_PG(a_number_is_the_next_whoever_gave_the_last),
	ON_BOTH(of_two_who_accept_at_once_one_succeeds),
	ON_PG(a_unit_that_meets_anothers_change_runs_again_with_what_is_there),
	ON_PG(a_connection_cut_in_a_unit_costs_nothing),
	ON_PG(a_commit_that_nobody_confirmed_is_neither_done_nor_refused),
	ON_PG(a_server_hears_of_anothers_changes_before_it_reads_or_writes),
	ON_PG(a_server_that_missed_changes_says_so),
	ON_BOTH(who_listens_is_told_what_was_committed_here_or_by_another),
	ON_PG(a_kept_answer_goes_when_another_server_changes_a_fact),
	ON_PG(one_server_is_on_duty_and_the_next_when_it_is_gone),
	ON_PG(a_work_item_taken_by_two_servers_takes_effect_once))
