/* Absolute time limits for sockets, kept by a sweeper. */
#include "net/deadline.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"

#define SWEEP_MS 200

struct aw_deadline {
	struct aw_deadline *prev, *next;
	int fd;
	int64_t end_us; /* monotonic */
};

struct aw_deadlines {
	pthread_mutex_t lock;
	pthread_cond_t stop;
	bool ending;
	struct aw_deadline ring; /* head of a circle */
	pthread_t sweeper;
};

static int64_t
end_of(int64_t in_ms)
{
	return in_ms == AW_DEADLINE_NEVER ? AW_DEADLINE_NEVER : aw_monotonic_us() + in_ms * 1000;
}

static void *
sweep(void *arg)
{
	struct aw_deadlines *set = arg;

	pthread_mutex_lock(&set->lock);
	while (!set->ending) {
		int64_t now_us = aw_monotonic_us();
		struct timespec until;

		for (struct aw_deadline *d = set->ring.next; d != &set->ring; d = d->next) {
			/* A reset on close: what a slow reader left unread is not kept for it. */
			static const struct linger reset = { .l_onoff = 1 };

			if (d->end_us > now_us)
				continue;
			(void)setsockopt(d->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
			(void)shutdown(d->fd, SHUT_RDWR);
			d->end_us = AW_DEADLINE_NEVER;
		}
		(void)clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += SWEEP_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		(void)pthread_cond_timedwait(&set->stop, &set->lock, &until);
	}
	pthread_mutex_unlock(&set->lock);
	return NULL;
}

enum aw_status
aw_deadlines_start(struct aw_deadlines **ret_set, struct aw_error *err)
{
	struct aw_deadlines *set = calloc(1, sizeof(*set));
	pthread_condattr_t monotonic;
	int code;

	if (set == NULL)
		aw_die("out of memory");
	set->ring.prev = set->ring.next = &set->ring;
	pthread_mutex_init(&set->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&set->stop, &monotonic);
	pthread_condattr_destroy(&monotonic);
	code = pthread_create(&set->sweeper, NULL, sweep, set);
	if (code != 0) {
		free(set);
		return aw_fail(err, AW_IO, "a thread cannot be started: %s", strerror(code));
	}
	*ret_set = set;
	return AW_OK;
}

void
aw_deadlines_end(struct aw_deadlines *set)
{
	if (set == NULL)
		return;
	pthread_mutex_lock(&set->lock);
	set->ending = true;
	pthread_cond_signal(&set->stop);
	pthread_mutex_unlock(&set->lock);
	pthread_join(set->sweeper, NULL);
	pthread_cond_destroy(&set->stop);
	pthread_mutex_destroy(&set->lock);
	free(set);
}

struct aw_deadline *
aw_deadline_new(struct aw_deadlines *set, int fd, int64_t in_ms)
{
	struct aw_deadline *deadline = calloc(1, sizeof(*deadline));

	if (deadline == NULL)
		aw_die("out of memory");
	deadline->fd = fd;
	deadline->end_us = end_of(in_ms);
	pthread_mutex_lock(&set->lock);
	deadline->next = &set->ring;
	deadline->prev = set->ring.prev;
	deadline->prev->next = deadline;
	set->ring.prev = deadline;
	pthread_mutex_unlock(&set->lock);
	return deadline;
}

void
aw_deadline_set(struct aw_deadlines *set, struct aw_deadline *deadline, int64_t in_ms)
{
	pthread_mutex_lock(&set->lock);
	deadline->end_us = end_of(in_ms);
	pthread_mutex_unlock(&set->lock);
}

void
aw_deadline_end(struct aw_deadlines *set, struct aw_deadline *deadline)
{
	pthread_mutex_lock(&set->lock);
	deadline->prev->next = deadline->next;
	deadline->next->prev = deadline->prev;
	pthread_mutex_unlock(&set->lock);
	free(deadline);
}
