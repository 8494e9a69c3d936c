/* A few threads and a bounded queue of jobs. */
#include "net/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SPARE_TIMES 3

struct job {
	aw_job_fn *fn;
	void *arg;
};

/* A thread that has nothing to do. */
struct seat {
	pthread_cond_t call;
	struct seat *next;
	bool called;
};

struct aw_pool {
	pthread_mutex_t lock;
	struct seat
		*idle; /* the last one to come is called first: its reader's cache is the warmest */
	struct job *jobs; /* a ring */
	size_t first, count, limit;
	bool ending;
	size_t running, most;
	size_t thread_count;
	pthread_t threads[];
};

/* The pool whose thread this is. */
static _Thread_local struct aw_pool *own;

static void
call_one(struct aw_pool *pool)
{
	struct seat *seat = pool->idle;

	if (seat == NULL)
		return;
	pool->idle = seat->next;
	seat->called = true;
	pthread_cond_signal(&seat->call);
}

/* For a job that waits. Where as many run as may, whoever ends first takes it. */
static void
call_for_job(struct aw_pool *pool)
{
	if (pool->count > 0 && pool->running < pool->most)
		call_one(pool);
}

static void
call_all(struct aw_pool *pool)
{
	while (pool->idle != NULL)
		call_one(pool);
}

static void
sit(struct aw_pool *pool, struct seat *seat)
{
	seat->called = false;
	seat->next = pool->idle;
	pool->idle = seat;
	while (!seat->called)
		pthread_cond_wait(&seat->call, &pool->lock);
}

static void *
run(void *arg)
{
	struct aw_pool *pool = arg;
	struct seat seat = { .next = NULL };

	own = pool;
	pthread_cond_init(&seat.call, NULL);
	pthread_mutex_lock(&pool->lock);
	while (true) {
		struct job job;

		while (pool->count == 0 ? !pool->ending : pool->running >= pool->most)
			sit(pool, &seat);
		if (pool->count == 0)
			break;
		job = pool->jobs[pool->first];
		pool->first = (pool->first + 1) % pool->limit;
		pool->count--;
		pool->running++;
		pthread_mutex_unlock(&pool->lock);
		job.fn(job.arg);
		pthread_mutex_lock(&pool->lock);
		pool->running--;
	}
	call_all(pool); /* spare threads see the end too */
	pthread_mutex_unlock(&pool->lock);
	pthread_cond_destroy(&seat.call);
	return NULL;
}

void
aw_pool_waits(bool waits)
{
	struct aw_pool *pool = own;

	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	if (waits) {
		pool->running--;
		call_for_job(pool);
	} else {
		pool->running++;
	}
	pthread_mutex_unlock(&pool->lock);
}

enum aw_status
aw_pool_start(size_t threads, size_t queue_limit, struct aw_pool **ret_pool, struct aw_error *err)
{
	size_t all = threads * (1 + SPARE_TIMES);
	struct aw_pool *pool = calloc(1, sizeof(*pool) + all * sizeof(pool->threads[0]));

	if (pool == NULL)
		aw_die("out of memory");
	pool->jobs = calloc(queue_limit, sizeof(pool->jobs[0]));
	if (pool->jobs == NULL)
		aw_die("out of memory");
	pool->limit = queue_limit;
	pool->most = threads;
	pthread_mutex_init(&pool->lock, NULL);
	for (; pool->thread_count < all; pool->thread_count++) {
		int code = pthread_create(&pool->threads[pool->thread_count], NULL, run, pool);

		if (code != 0) {
			aw_pool_end(pool);
			return aw_fail(
				err, AW_IO, "a thread cannot be started: %s", strerror(code));
		}
	}
	*ret_pool = pool;
	return AW_OK;
}

bool
aw_pool_push(struct aw_pool *pool, aw_job_fn *fn, void *job)
{
	bool taken;

	pthread_mutex_lock(&pool->lock);
	taken = !pool->ending && pool->count < pool->limit;
	if (taken) {
		pool->jobs[(pool->first + pool->count) % pool->limit] =
			(struct job){ .fn = fn, .arg = job };
		pool->count++;
		call_for_job(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

void
aw_pool_drain(struct aw_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	call_all(pool);
	pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < pool->thread_count; i++)
		pthread_join(pool->threads[i], NULL);
	pool->thread_count = 0;
}

void
aw_pool_end(struct aw_pool *pool)
{
	if (pool == NULL)
		return;
	aw_pool_drain(pool);
	pthread_mutex_destroy(&pool->lock);
	free(pool->jobs);
	free(pool);
}
