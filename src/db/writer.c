/* A bounded queue, one writer thread with group commit, one checkpointer thread. */
#include "db/writer.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

#define GROUP_MAX 128
#define CHECKPOINT_EVERY_MS 200
#define LATER_AT_ONCE                                                                              \
	4 /* units that can wait in one group: whoever comes meanwhile waits for them */
#define LATER_EVERY_US 20000 /* one of them goes along when the others never end */
#define IDLE_US 3000	     /* without the others: whoever was answered may come again at once */
#define ATTEMPTS_MOST 8	     /* of a unit that meets others' changes: about 2 s of waiting in all */

/* A unit in the queue; lives on its caller's stack until it is answered. */
struct unit {
	aw_work_fn *fn;
	void *arg;
	struct aw_error *err;
	enum aw_status status;
	struct aw_tx tx;
	bool later; /* it gives way */
	bool answered;
	pthread_cond_t answer;
	struct unit *next;
};

struct aw_writer {
	struct aw_conn *conn;
	struct aw_conn *checkpointer;
	struct aw_follow *follow;
	struct aw_ear *ear;
	bool following; /* the group under way began with what others had committed */
	pthread_t thread, checkpoint_thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t work, pause;
	struct units {
		struct unit *first, **end;
	} now, later;	  /* later: what gives way */
	int64_t now_us;	  /* when the last of the others was answered */
	int64_t later_us; /* since when they give way */
	uint32_t waiting, limit;
	bool stopping;
	atomic_uint_fast64_t commits, stamp;
};

static void
after_drop(struct aw_tx *tx)
{
	aw_arena_done(&tx->arena);
	tx->notes = NULL;
	tx->after = NULL;
	tx->after_end = &tx->after;
}

/* Runs one unit inside the open transaction, alone behind its savepoint. */
static void
run_unit(struct aw_writer *writer, struct unit *unit)
{
	const struct aw_engine *engine = writer->conn->engine;
	struct aw_error undo = { 0 };

	aw_error_clear(unit->err);
	unit->tx = (struct aw_tx){ .conn = writer->conn, .writes = true };
	unit->tx.after_end = &unit->tx.after;
	unit->status = engine->step(writer->conn, AW_STEP_SAVE, unit->err);
	if (unit->status != AW_OK)
		return;
	unit->status = unit->fn(&unit->tx, unit->arg, unit->err);
	if (!engine->in_transaction(writer->conn))
		return;
	if (unit->status == AW_OK)
		unit->status = engine->step(writer->conn, AW_STEP_RELEASE, unit->err);
	if (unit->status != AW_OK) {
		after_drop(&unit->tx);
		if (engine->step(writer->conn, AW_STEP_UNDO, &undo) != AW_OK)
			(void)engine->step(writer->conn, AW_STEP_ROLLBACK, &undo);
	}
}

static void
fail_all(struct unit *const *units, size_t count, const struct aw_error *err)
{
	for (size_t i = 0; i < count; i++) {
		after_drop(&units[i]->tx);
		if (units[i]->status == AW_OK) {
			*units[i]->err = *err;
			units[i]->status = err->status;
		}
	}
}

enum ended {
	ENDED_DONE,  /* committed, or every unit knows why not */
	ENDED_GIVEN, /* the engine gave it up before the commit: the units may run again */
	ENDED_MET,   /* the same, for it met another server's change */
};

/* Undoes the whole group, so that it may run again. */
static enum ended
give_up(struct aw_writer *writer, struct unit *const *units, size_t count, struct aw_error *why)
{
	const struct aw_engine *engine = writer->conn->engine;
	bool met = engine->conflicted != NULL && engine->conflicted(writer->conn);
	struct aw_error ignored = { 0 };

	if (engine->in_transaction(writer->conn))
		(void)engine->step(writer->conn, AW_STEP_ROLLBACK, &ignored);
	if (met)
		(void)aw_fail(why, AW_BUSY, "other servers change the same; try again");
	for (size_t i = 0; met && i < count; i++)
		units[i]->status = AW_OK; /* what they answered was seen in vain */
	fail_all(units, count, why);
	return met ? ENDED_MET : ENDED_GIVEN;
}

/* Runs the units. False if the transaction came to nothing meanwhile. */
static bool
run_units(struct aw_writer *writer, struct unit *const *units, size_t count, size_t *ret_good)
{
	const struct aw_engine *engine = writer->conn->engine;

	for (size_t i = 0; i < count; i++) {
		run_unit(writer, units[i]);
		if (!engine->in_transaction(writer->conn) ||
			(engine->conflicted != NULL && engine->conflicted(writer->conn)))
			return false;
		*ret_good += units[i]->status == AW_OK ? 1 : 0;
	}
	return true;
}

/* Has a unit that is about to be committed noted a change? */
static bool
has_notes(struct unit *const *units, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (units[i]->status == AW_OK && units[i]->tx.notes != NULL)
			return true;
	return false;
}

/* Tells whoever listens what was committed. Notes of units that failed went with their savepoints. On
 * PostgreSQL each has the number of its row; before the following began there is nobody to tell. */
static void
tell_notes(struct aw_writer *writer, struct unit *const *units, size_t count, uint64_t stamp)
{
	uint64_t number = stamp;

	if (writer->follow != NULL && (!writer->following || !writer->conn->tells))
		return;
	if (writer->follow != NULL)
		number = aw_follow_seen(writer->follow);
	for (size_t i = 0; i < count; i++) {
		for (const struct aw_note *note = units[i]->tx.notes; note != NULL;
			note = note->next) {
			number += writer->follow != NULL ? 1 : 0;
			aw_ear_tell(writer->ear, note->kind, note->reference, number);
		}
	}
}

static void
run_after(struct unit *const *units, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (struct aw_after *after = units[i]->tx.after; after != NULL;
			after = after->next)
			after->fn(after->arg);
	}
}

/* That an indicator may count otherwise now, for other servers; people who changed say so already. */
static enum aw_status
note_facts(struct aw_writer *writer, struct unit *const *units, size_t count, bool touched,
	int64_t *ret_noted, struct aw_error *err)
{
	struct aw_tx tx = { .conn = writer->conn, .writes = true };
	int64_t noted = 0;

	for (size_t i = 0; i < count; i++)
		noted += units[i]->status == AW_OK ? units[i]->tx.noted : 0;
	if (touched && noted == 0 && aw_change_note(&tx, "facts", 0, err) != AW_OK) {
		after_drop(&tx);
		return err->status;
	}
	*ret_noted = noted + tx.noted;
	after_drop(&tx); /* nobody listens for facts */
	return AW_OK;
}

/* Commits, and brings memory to what is committed before anybody hears of it. */
static enum ended
commit_group(struct aw_writer *writer, struct unit *const *units, size_t count)
{
	const struct aw_engine *engine = writer->conn->engine;
	bool touched = engine->touched(writer->conn);
	bool moves = touched || has_notes(units, count);
	struct aw_error err = { 0 };
	int64_t noted = 0;
	uint64_t stamp;
	enum aw_status status = note_facts(writer, units, count, touched, &noted, &err);

	if (writer->follow != NULL)
		aw_follow_enter(writer->follow);
	if (status == AW_OK)
		status = engine->step(writer->conn, AW_STEP_COMMIT, &err);
	/* A reader takes the stamp before its snapshot, so what it keeps under a stamp is never older than
	 * that stamp's facts. After a commit that failed the facts may stand all the same. */
	stamp = atomic_fetch_add(&writer->stamp, moves ? 1 : 0) + 1;
	if (status == AW_OK) {
		atomic_fetch_add(&writer->commits, 1);
		run_after(units, count);
		tell_notes(writer, units, count, stamp);
		for (size_t i = 0; i < count; i++)
			after_drop(&units[i]->tx);
	}
	if (writer->follow != NULL)
		aw_follow_leave(writer->follow, status == AW_OK && writer->following ? noted : 0);
	if (status == AW_OK)
		return ENDED_DONE;
	if (status != AW_BUSY && status != AW_UNSURE)
		err.status = AW_IO; /* a disk, not a conflict */
	if (give_up(writer, units, count, &err) == ENDED_MET)
		return ENDED_MET;
	return status == AW_BUSY ? ENDED_GIVEN : ENDED_DONE;
}

/* Begins, and follows what other servers committed before. */
static enum aw_status
begin_group(struct aw_writer *writer, struct aw_error *err)
{
	struct aw_tx tx = { .conn = writer->conn, .writes = true };

	aw_error_clear(err);
	if (writer->conn->engine->step(writer->conn, AW_STEP_BEGIN_WRITE, err) != AW_OK)
		return err->status;
	writer->following = aw_follow_started(writer->follow);
	if (writer->following && aw_follow_catch_up(writer->follow, &tx, NULL, err) != AW_OK) {
		struct aw_error ignored = { 0 };
		if (writer->conn->engine->in_transaction(writer->conn))
			(void)writer->conn->engine->step(writer->conn, AW_STEP_ROLLBACK, &ignored);
	}
	return err->status;
}

/* One transaction. */
static enum ended
run_group(struct aw_writer *writer, struct unit *const *units, size_t count)
{
	const struct aw_engine *engine = writer->conn->engine;
	struct aw_error err = { 0 };
	size_t good = 0;

	for (size_t i = 0; i < count; i++)
		units[i]->status = AW_OK;
	if (begin_group(writer, &err) != AW_OK) {
		fail_all(units, count, &err);
		return ENDED_DONE;
	}
	if (!run_units(writer, units, count, &good)) {
		(void)aw_fail(&err, engine->conflicted == NULL ? AW_IO : AW_BUSY,
			"the database gave up the transaction");
		return give_up(writer, units, count, &err);
	}
	if (good == 0) {
		(void)engine->step(writer->conn, AW_STEP_ROLLBACK, &err);
		return ENDED_DONE;
	}
	return commit_group(writer, units, count);
}

/* 10 ms, 20 ms, ... and up to as much again by chance, so that two servers do not meet again. */
static void
wait_before(int attempt)
{
	int64_t ms = INT64_C(10) << attempt,
		us = ms * 1000 + (int64_t)randombytes_uniform((uint32_t)ms * 1000);
	struct timespec pause = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };

	(void)nanosleep(&pause, NULL);
}

static void
run_alone(struct aw_writer *writer, struct unit *unit)
{
	enum ended ended = run_group(writer, &unit, 1);

	for (int attempt = 0; ended == ENDED_MET && attempt < ATTEMPTS_MOST - 1; attempt++) {
		wait_before(attempt);
		ended = run_group(writer, &unit, 1);
	}
}

static void
answer(struct aw_writer *writer, struct unit *const *units, size_t count)
{
	pthread_mutex_lock(&writer->lock);
	if (!units[0]->later)
		writer->now_us = aw_monotonic_us();
	for (size_t i = 0; i < count; i++) {
		units[i]->answered = true;
		pthread_cond_signal(&units[i]->answer);
	}
	pthread_mutex_unlock(&writer->lock);
}

static void
put(struct units *queue, struct unit *unit)
{
	*queue->end = unit;
	queue->end = &unit->next;
}

static struct unit *
take(struct units *queue)
{
	struct unit *unit = queue->first;

	queue->first = unit->next;
	if (queue->first == NULL)
		queue->end = &queue->first;
	return unit;
}

/* When the first that can wait need not wait any longer. */
static int64_t
later_due_us(const struct aw_writer *writer)
{
	int64_t idle_us = writer->now_us + IDLE_US, turn_us = writer->later_us + LATER_EVERY_US;

	return idle_us < turn_us ? idle_us : turn_us;
}

/* Sleeps until somebody comes, or until then. */
static void
wait_for_work(struct aw_writer *writer, int64_t until_us)
{
	struct timespec until = { .tv_sec = until_us / 1000000,
		.tv_nsec = until_us % 1000000 * 1000 };

	if (writer->later.first == NULL)
		pthread_cond_wait(&writer->work, &writer->lock);
	else
		(void)pthread_cond_clockwait(&writer->work, &writer->lock, CLOCK_MONOTONIC, &until);
}

/* Adds what can wait to a group, as many as may. */
static size_t
take_later(struct aw_writer *writer, struct unit **units, size_t count)
{
	int64_t now_us = aw_monotonic_us();
	size_t room = 0;

	if (writer->later.first == NULL)
		return count;
	if (count == 0 && (writer->stopping || now_us - writer->now_us >= IDLE_US))
		room = LATER_AT_ONCE;
	else if (now_us - writer->later_us >= LATER_EVERY_US)
		room = 1;
	if (room > 0)
		writer->later_us = now_us;
	while (writer->later.first != NULL && room-- > 0)
		units[count++] = take(&writer->later);
	return count;
}

/* Takes up to GROUP_MAX units; 0 = stopping and nothing waits. */
static size_t
take_group(struct aw_writer *writer, struct unit **units)
{
	size_t count = 0;

	pthread_mutex_lock(&writer->lock);
	while (writer->now.first == NULL && !writer->stopping &&
		(writer->later.first == NULL || aw_monotonic_us() < later_due_us(writer)))
		wait_for_work(writer, later_due_us(writer));
	while (writer->now.first != NULL && count < GROUP_MAX - LATER_AT_ONCE) {
		units[count++] = take(&writer->now);
		writer->waiting--;
	}
	count = take_later(writer, units, count);
	pthread_mutex_unlock(&writer->lock);
	return count;
}

static void *
write_forever(void *arg)
{
	struct aw_writer *writer = arg;
	struct unit *units[GROUP_MAX];
	size_t count;

	while ((count = take_group(writer, units)) != 0) {
		if (run_group(writer, units, count) != ENDED_DONE) {
			for (size_t i = 0; i < count; i++)
				run_alone(writer, units[i]);
		}
		answer(writer, units, count);
	}
	return NULL;
}

static void *
checkpoint_forever(void *arg)
{
	struct aw_writer *writer = arg;
	uint_fast64_t seen = 0;
	bool stopping = false;

	while (!stopping) {
		struct timespec until;
		uint_fast64_t now = atomic_load(&writer->commits);

		if (now != seen) {
			struct aw_error err = { 0 };
			/* a failure shows again at the writer's own commits and backstop */
			(void)writer->checkpointer->engine->checkpoint(writer->checkpointer, &err);
			seen = now;
		}
		clock_gettime(CLOCK_MONOTONIC, &until); /* whoever sets the wall clock */
		until.tv_nsec += CHECKPOINT_EVERY_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_mutex_lock(&writer->lock);
		if (!writer->stopping)
			(void)pthread_cond_clockwait(
				&writer->pause, &writer->lock, CLOCK_MONOTONIC, &until);
		stopping = writer->stopping;
		pthread_mutex_unlock(&writer->lock);
	}
	return NULL;
}

struct aw_writer *
aw_writer_start(struct aw_conn *conn, struct aw_conn *checkpointer, struct aw_follow *follow,
	struct aw_ear *ear, uint32_t queue_limit)
{
	struct aw_writer *writer = calloc(1, sizeof(*writer));

	if (writer == NULL)
		aw_die("no memory left for the writer");
	writer->conn = conn;
	writer->checkpointer = checkpointer;
	writer->follow = follow;
	writer->ear = ear;
	atomic_store(&writer->stamp, (uint64_t)aw_real_ms()); /* see aw_tx_number */
	writer->limit = queue_limit == 0 ? 1024 : queue_limit;
	writer->now.end = &writer->now.first;
	writer->later.end = &writer->later.first;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->work, NULL);
	pthread_cond_init(&writer->pause, NULL);
	if (pthread_create(&writer->thread, NULL, write_forever, writer) != 0)
		aw_die("cannot start the writer's thread");
	if (checkpointer != NULL &&
		pthread_create(&writer->checkpoint_thread, NULL, checkpoint_forever, writer) != 0)
		aw_die("cannot start the checkpointer's thread");
	return writer;
}

enum aw_status
aw_writer_submit(struct aw_writer *writer, aw_work_fn *fn, void *arg, struct aw_error *err)
{
	struct unit unit = { .fn = fn, .arg = arg, .err = err };

	if (pthread_equal(pthread_self(), writer->thread))
		return aw_fail(err, AW_INTERNAL, "a unit of work cannot wait for another");
	pthread_cond_init(&unit.answer, NULL);
	pthread_mutex_lock(&writer->lock);
	if (writer->stopping || writer->waiting >= writer->limit) {
		pthread_mutex_unlock(&writer->lock);
		pthread_cond_destroy(&unit.answer);
		return aw_fail(err, AW_BUSY, "too much is waiting to be written; try again");
	}
	put(&writer->now, &unit);
	writer->waiting++;
	pthread_cond_signal(&writer->work);
	while (!unit.answered)
		pthread_cond_wait(&unit.answer, &writer->lock);
	pthread_mutex_unlock(&writer->lock);
	pthread_cond_destroy(&unit.answer);
	return unit.status;
}

void
aw_writer_submit_later(struct aw_writer *writer, aw_work_fn *fn, void *const *args,
	struct aw_error *errs, size_t count)
{
	struct unit units[AW_LATER_MOST] = { 0 };
	bool stopping;

	assert(count <= AW_LATER_MOST && !pthread_equal(pthread_self(), writer->thread));
	for (size_t i = 0; i < count; i++) {
		units[i] =
			(struct unit){ .fn = fn, .arg = args[i], .err = &errs[i], .later = true };
		pthread_cond_init(&units[i].answer, NULL);
	}
	pthread_mutex_lock(&writer->lock);
	stopping = writer->stopping;
	if (writer->later.first == NULL)
		writer->later_us = aw_monotonic_us();
	for (size_t i = 0; i < count && !stopping; i++)
		put(&writer->later, &units[i]);
	pthread_cond_signal(&writer->work);
	for (size_t i = 0; i < count && !stopping; i++)
		while (!units[i].answered)
			pthread_cond_wait(&units[i].answer, &writer->lock);
	pthread_mutex_unlock(&writer->lock);
	for (size_t i = 0; i < count; i++) {
		pthread_cond_destroy(&units[i].answer);
		if (stopping)
			(void)aw_fail(&errs[i], AW_BUSY, "the writer is ending");
		else
			errs[i].status = units[i].status;
	}
}

uint64_t
aw_writer_stamp(struct aw_writer *writer)
{
	return atomic_load(&writer->stamp);
}

void
aw_writer_stop(struct aw_writer *writer)
{
	const struct aw_engine *engine = writer->conn->engine;
	struct aw_error err = { 0 };

	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_signal(&writer->work);
	pthread_cond_signal(&writer->pause);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	if (writer->checkpointer != NULL) {
		pthread_join(writer->checkpoint_thread, NULL);
		engine->close(writer->checkpointer);
	}
	(void)engine->settle(writer->conn, &err);
	engine->close(writer->conn);
	pthread_cond_destroy(&writer->work);
	pthread_cond_destroy(&writer->pause);
	pthread_mutex_destroy(&writer->lock);
	free(writer);
}
