/* A bounded queue, one writer thread with group commit, one checkpointer thread. */
#include "db/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "db/group.h"

#define GROUP_MAX 128
#define CHECKPOINT_EVERY_MS 200
#define LATER_AT_ONCE                                                                              \
	4 /* units that can wait in one group: whoever comes meanwhile waits for them */
#define LATER_EVERY_US 20000 /* one of them goes along when the others never end; */
#define LATER_SHARE 10	     /* of those who take long, one in so much of the writer's time */
#define IDLE_US 3000	     /* without the others: whoever was answered may come again at once */

struct aw_writer {
	struct aw_group group;
	struct aw_conn *checkpointer;
	pthread_t thread, checkpoint_thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t work, pause;
	struct units {
		struct aw_unit *first, **end;
	} now, later;	  /* later: what gives way */
	int64_t now_us;	  /* when the last of the others was answered */
	int64_t later_us; /* since when they give way */
	int64_t later_every_us;
	uint32_t waiting, limit;
	bool stopping;
};

static void
pace(struct aw_writer *writer, int64_t took_us)
{
	int64_t every_us = took_us * LATER_SHARE;

	writer->later_every_us = every_us > LATER_EVERY_US ? every_us : LATER_EVERY_US;
}

static void
answer(struct aw_writer *writer, struct aw_unit *const *units, size_t count)
{
	pthread_mutex_lock(&writer->lock);
	if (!units[0]->later)
		writer->now_us = aw_monotonic_us();
	for (size_t i = 0; i < count; i++) {
		if (units[i]->later)
			pace(writer, units[i]->took_us);
		units[i]->answered = true;
		pthread_cond_signal(&units[i]->answer);
	}
	pthread_mutex_unlock(&writer->lock);
}

static void
put(struct units *queue, struct aw_unit *unit)
{
	*queue->end = unit;
	queue->end = &unit->next;
}

static struct aw_unit *
take(struct units *queue)
{
	struct aw_unit *unit = queue->first;

	queue->first = unit->next;
	if (queue->first == NULL)
		queue->end = &queue->first;
	return unit;
}

/* When the first that can wait need not wait any longer. */
static int64_t
later_due_us(const struct aw_writer *writer)
{
	int64_t idle_us = writer->now_us + IDLE_US,
		turn_us = writer->later_us + writer->later_every_us;

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
take_later(struct aw_writer *writer, struct aw_unit **units, size_t count)
{
	int64_t now_us = aw_monotonic_us();
	size_t room = 0;

	if (writer->later.first == NULL)
		return count;
	if (count == 0 && (writer->stopping || now_us - writer->now_us >= IDLE_US))
		room = LATER_AT_ONCE;
	else if (now_us - writer->later_us >= writer->later_every_us)
		room = 1;
	if (room > 0)
		writer->later_us = now_us;
	while (writer->later.first != NULL && room-- > 0)
		units[count++] = take(&writer->later);
	return count;
}

/* Takes up to GROUP_MAX units; 0 = stopping and nothing waits. */
static size_t
take_group(struct aw_writer *writer, struct aw_unit **units)
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
	struct aw_unit *units[GROUP_MAX];
	size_t count;

	while ((count = take_group(writer, units)) != 0) {
		aw_group_run(&writer->group, units, count);
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
		uint_fast64_t now = atomic_load(&writer->group.commits);

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
	writer->group.conn = conn;
	writer->checkpointer = checkpointer;
	writer->group.follow = follow;
	writer->group.ear = ear;
	atomic_store(&writer->group.stamp, (uint64_t)aw_real_ms()); /* see aw_tx_number */
	writer->later_every_us = LATER_EVERY_US;
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
	struct aw_unit unit = { .fn = fn, .arg = arg, .err = err };

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
	struct aw_unit units[AW_LATER_MOST] = { 0 };
	bool stopping;

	assert(count <= AW_LATER_MOST && !pthread_equal(pthread_self(), writer->thread));
	for (size_t i = 0; i < count; i++) {
		units[i] = (struct aw_unit){
			.fn = fn, .arg = args[i], .err = &errs[i], .later = true
		};
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
	return atomic_load(&writer->group.stamp);
}

void
aw_writer_stop(struct aw_writer *writer)
{
	const struct aw_engine *engine = writer->group.conn->engine;
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
	(void)engine->settle(writer->group.conn, &err);
	engine->close(writer->group.conn);
	pthread_cond_destroy(&writer->work);
	pthread_cond_destroy(&writer->pause);
	pthread_mutex_destroy(&writer->lock);
	free(writer);
}
