/* One job done by several threads. */
#include "base/parallel.h"

#include <assert.h>
#include <pthread.h>

struct worker {
	aw_parallel_fn *fn;
	void *arg;
	size_t thread;
	pthread_t handle;
	bool started;
};

static void *
work(void *arg)
{
	struct worker *worker = arg;

	worker->fn(worker->arg, worker->thread);
	return NULL;
}

void
aw_parallel(size_t count, aw_parallel_fn *fn, void *arg)
{
	struct worker workers[AW_PARALLEL_MOST] = { 0 };

	assert(count >= 1 && count <= AW_PARALLEL_MOST);
	for (size_t i = 1; i < count; i++) {
		struct worker *w = &workers[i];

		w->fn = fn;
		w->arg = arg;
		w->thread = i;
		w->started = pthread_create(&w->handle, NULL, work, w) == 0;
	}
	fn(arg, 0);
	for (size_t i = 1; i < count; i++) {
		if (workers[i].started)
			(void)pthread_join(workers[i].handle, NULL);
		else
			fn(arg, i);
	}
}
