/* What happens without anybody asking. */
#include "net/worker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "city/dispatch/dispatch.h"
#include "city/intake/report.h"
#include "db/change.h"
#include "db/keyring.h"
#include "db/work.h"
#include "guard/account.h"
#include "guard/unusual.h"

#define BATCH AW_LATER_MOST
#define SWEEP_MS AW_MINUTE_MS
#define CHECKPOINT_MS AW_MINUTE_MS
#define CHECKPOINT_ENTRIES 256
#define FORGET_MS AW_HOUR_MS
#define CLOCK_WORD_MS (10 * AW_MINUTE_MS)
#define WATCH_MOST 2000 /* entries at once: some ten milliseconds of the writer's */
#define KEEP_DONE_MS (30 * AW_DAY_MS)

static const struct aw_work_kind work_kinds[] = {
	{ "screen_report", "report.screen", aw_dispatch_screen },
};

const struct aw_work_kind *
aw_work_kinds(size_t *ret_count)
{
	*ret_count = AW_COUNT(work_kinds);
	return work_kinds;
}

struct aw_workers {
	struct aw_workers_options options;
	pthread_mutex_t lock;
	pthread_cond_t stop;
	bool ending;
	size_t thread_count;
	pthread_t threads[2]; /* work items; clocks and checkpoints */
};

/* "worker" in the log: the program itself. */
static const struct aw_viewer program = {
	.login = "worker", .name = "", .title = "", .roles = "", .purpose = "screening"
};

static const struct aw_work_kind *
kind_of(const struct aw_workers_options *options, const char *kind)
{
	for (size_t i = 0; i < options->kind_count; i++) {
		if (strcmp(options->kinds[i].kind, kind) == 0)
			return &options->kinds[i];
	}
	return NULL;
}

struct one {
	const struct aw_workers_options *options;
	const struct aw_work_item *item;
	struct aw_arena *arena;
	struct aw_watched watched;
	size_t forgot;
	struct aw_error why;
};

static enum aw_status
run_item(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct one *one = arg;
	const struct aw_work_kind *kind = kind_of(one->options, one->item->kind);
	struct aw_act act;

	if (kind == NULL)
		return aw_fail(
			err, AW_INTERNAL, "there is no work of the kind %s", one->item->kind);
	act = aw_house_act(one->options->house, one->arena, &program, kind->action);
	act.tx = tx;
	if (kind->run(&act, one->item->reference, err) != AW_OK)
		return err->status;
	if (aw_log_append(&act, "ok", NULL, err) != AW_OK)
		return err->status;
	return aw_work_finish(tx, one->item->id, act.now_ms, err);
}

/* A full or broken disk is no fault of the item, and may last longer than its attempts. */
static enum aw_status
fail_item(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct one *one = arg;
	int64_t now_ms = aw_business_ms(&one->options->house->clock);

	if (one->why.status == AW_IO || one->why.status == AW_BUSY || one->why.status == AW_UNSURE)
		return aw_work_postpone(tx, one->item->id, now_ms, one->why.text, err);
	return aw_work_fail(tx, one->item->id, now_ms, one->why.text, NULL, err);
}

struct due {
	struct aw_house *house;
	struct aw_arena *arena;
	struct aw_work_item *items;
	size_t count;
};

static enum aw_status
find_due(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct due *due = arg;

	return aw_work_due(tx, due->arena, aw_business_ms(&due->house->clock), BATCH, &due->items,
		&due->count, err);
}

/* What came of an item; one that failed is put off. */
static enum aw_status
settle_item(struct one *one, const struct aw_error *came, int64_t *done, struct aw_error *err)
{
	if (came->status == AW_OK) {
		++*done;
		return AW_OK;
	}
	if (came->status == AW_CONFLICT && strstr(came->text, "waiting") != NULL)
		return AW_OK;
	fprintf(stderr, "anwang: work %s %lld: %s\n", one->item->kind, (long long)one->item->id,
		came->text);
	one->why = *came;
	return aw_db_write(one->options->house->db, fail_item, one, err);
}

/* Runs a batch of what is due; *ret_count is how many were tried. Each is a unit of its own, and those
 * who wait for a receipt or a page go first. */
static enum aw_status
run_batch(const struct aw_workers_options *options, size_t *ret_count, int64_t *done,
	struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct due due = { .house = options->house, .arena = &arena };
	struct one ones[BATCH] = { 0 };
	struct aw_arena own[BATCH] = { 0 };
	struct aw_error came[BATCH] = { 0 };
	void *args[BATCH];
	enum aw_status status = AW_OK;

	if (aw_db_read(options->house->db, find_due, &due, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < due.count; i++) {
		ones[i] =
			(struct one){ .options = options, .item = &due.items[i], .arena = &own[i] };
		args[i] = &ones[i];
	}
	aw_db_write_later(options->house->db, run_item, args, came, due.count);
	for (size_t i = 0; i < due.count; i++) {
		if (status == AW_OK)
			status = settle_item(&ones[i], &came[i], done, err);
		aw_arena_done(&own[i]);
	}
	if (status == AW_OK)
		*ret_count = due.count;
	return status;
}

enum aw_status
aw_workers_run_due(struct aw_house *house, int64_t *ret_done, struct aw_error *err)
{
	struct aw_workers_options options = { .house = house };
	size_t count = BATCH;
	int64_t done = 0;

	options.kinds = aw_work_kinds(&options.kind_count);
	while (count == BATCH) {
		if (run_batch(&options, &count, &done, err) != AW_OK)
			return err->status;
	}
	if (ret_done != NULL)
		*ret_done = done;
	return AW_OK;
}

/* Waits; false when the end was called. */
static bool
pause_ms(struct aw_workers *workers, int64_t ms)
{
	struct timespec until;
	bool go_on;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (ms % 1000) * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&workers->lock);
	if (!workers->ending)
		(void)pthread_cond_timedwait(&workers->stop, &workers->lock, &until);
	go_on = !workers->ending;
	pthread_mutex_unlock(&workers->lock);
	return go_on;
}

static void
complain(const char *what, const struct aw_error *err)
{
	fprintf(stderr, "anwang: %s: %s\n", what, err->text);
}

static void *
work(void *arg)
{
	struct aw_workers *workers = arg;
	size_t count = 0;
	int64_t done = 0;

	/* full batches follow each other at once, but not past the end */
	while (pause_ms(workers, count == BATCH ? 0 : workers->options.poll_ms)) {
		struct aw_error err = { 0 };

		if (!aw_db_on_duty(workers->options.house->db)) { /* another server does it */
			count = 0;
			continue;
		}
		if (run_batch(&workers->options, &count, &done, &err) == AW_OK)
			continue;
		complain("work items", &err);
		count = 0;
	}
	return NULL;
}

static enum aw_status
sweep(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct one *one = arg;
	struct aw_act act = aw_house_act(one->options->house, one->arena, &program, "worker.sweep");
	int64_t escalated = 0;

	act.tx = tx;
	if (aw_dispatch_sweep(&act, &escalated, err) != AW_OK || escalated == 0)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

/* Each account that is disabled has an entry of its own. */
static enum aw_status
disable_idle(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct one *one = arg;
	struct aw_act act = aw_house_act(one->options->house, one->arena, &program, "account.idle");
	size_t disabled;

	act.tx = tx;
	return aw_accounts_sweep(&act, &disabled, err);
}

/* Looks through the log for what is unusual, a piece at a time, so that others get their turn. */
static enum aw_status
watch(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct one *one = arg;
	struct aw_act act = aw_house_act(one->options->house, one->arena, &program, "worker.watch");

	act.tx = tx;
	if (aw_unusual_watch(&act, WATCH_MOST, &one->watched, err) != AW_OK ||
		one->watched.raised == 0)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

static enum aw_status
forget(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct one *one = arg;
	int64_t deleted;

	if (aw_change_forget(tx, aw_real_ms() - KEEP_DONE_MS, err) != AW_OK)
		return err->status;
	return aw_work_forget(
		tx, aw_business_ms(&one->options->house->clock) - KEEP_DONE_MS, &deleted, err);
}

static enum aw_status
forget_receipts(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct one *one = arg;
	struct aw_act act =
		aw_house_act(one->options->house, one->arena, &program, "worker.forget");

	act.tx = tx;
	return aw_receipts_forget(&act, &one->forgot, err);
}

/* Receipts of more than a day ago, some at a time: whoever sends a report goes first. */
static void
forget_old_receipts(const struct aw_workers_options *options)
{
	size_t forgot;

	do {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct one one = { .options = options, .arena = &arena };
		struct aw_error err = { 0 };
		void *arg = &one;

		aw_db_write_later(options->house->db, forget_receipts, &arg, &err, 1);
		if (err.status != AW_OK)
			complain("old receipts", &err);
		forgot = err.status == AW_OK ? one.forgot : 0;
	} while (forgot == AW_RECEIPTS_AT_ONCE);
}

struct state {
	struct aw_arena *arena;
	struct aw_checkpoint checkpoint;
	int64_t size;
};

static enum aw_status
read_state(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct state *state = arg;

	return aw_log_state(tx, state->arena, &state->checkpoint, &state->size, err);
}

static void
sign_log(const struct aw_workers_options *options, bool always)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct state state = { .arena = &arena };
	struct aw_error err = { 0 };

	if (!always && (aw_db_read(options->house->db, read_state, &state, &err) != AW_OK ||
			       state.size - state.checkpoint.size < CHECKPOINT_ENTRIES))
		return;
	if (aw_log_checkpoint(options->house->db, &options->house->log_key, options->witness,
		    &arena, NULL, &err) != AW_OK)
		complain("checkpoint of the log", &err);
}

/* A clock that was set while the program runs is not followed, and somebody must hear of it. */
static void
watch_clock(const struct aw_workers_options *options, int64_t now, int64_t *next_word)
{
	int64_t off = aw_clock_off_ms(&options->house->clock);

	if ((off < 2 * AW_SECOND_MS && off > -2 * AW_SECOND_MS) || now < *next_word)
		return;
	*next_word = now + CLOCK_WORD_MS;
	fprintf(stderr,
		"anwang: this machine's clock was set while the program ran and is %+lld s off its "
		"own time, which it keeps; if the machine's is right, start the program again\n",
		(long long)(off / AW_SECOND_MS));
}

/* Every server, on duty or not, holds the root key in force. */
static void
watch_root(const struct aw_workers_options *options, int64_t now, int64_t *next_word)
{
	struct aw_error err = { 0 };

	if (now < *next_word)
		return;
	*next_word = now + SWEEP_MS;
	if (aw_keyring_find_root(options->house->db, options->house->keyring, &err) != AW_OK)
		complain("the root key", &err);
}

/* A release that was confirmed for a later day: every server begins it on that day. */
static void
watch_policy(const struct aw_workers_options *options, int64_t now, int64_t *next, int32_t *day)
{
	int32_t today = aw_taipei_day(aw_business_ms(&options->house->clock));
	struct aw_error err = { 0 };

	if (options->house->releases == NULL || (now < *next && today == *day))
		return;
	*next = now + SWEEP_MS;
	if (aw_house_follow_policy(options->house, &err) == AW_OK)
		*day = today;
	else
		complain("the policy in force", &err);
}

/* Clocks, idle accounts, unusual looks and old receipts each minute, checkpoints each minute or 256
 * entries, old work items each hour. */
static void *
keep_time(void *arg)
{
	struct aw_workers *workers = arg;
	const struct aw_workers_options *options = &workers->options;
	int64_t next_sweep = 0, next_sign = aw_monotonic_us() / 1000 + options->checkpoint_ms,
		next_forget = 0, next_word = 0, next_watch = 0, next_root = 0, next_policy = 0;
	int32_t day = 0;

	do {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct one one = { .options = options, .arena = &arena };
		struct aw_error err = { 0 };
		int64_t now = aw_monotonic_us() / 1000;

		watch_clock(options, now, &next_word);
		watch_root(options, now, &next_root);
		watch_policy(options, now, &next_policy, &day);
		if (!aw_db_on_duty(options->house->db))
			continue;
		if (now >= next_sweep) {
			next_sweep = now + SWEEP_MS;
			if (aw_db_write(options->house->db, sweep, &one, &err) != AW_OK)
				complain("clocks", &err);
			if (aw_db_write(options->house->db, disable_idle, &one, &err) != AW_OK)
				complain("idle accounts", &err);
			forget_old_receipts(options);
		}
		if (now >= next_watch) {
			if (aw_db_write(options->house->db, watch, &one, &err) != AW_OK)
				complain("unusual looks", &err);
			next_watch = one.watched.more ? now : now + SWEEP_MS;
		}
		if (now >= next_forget) {
			next_forget = now + FORGET_MS;
			if (aw_db_write(options->house->db, forget, &one, &err) != AW_OK)
				complain("old work items", &err);
		}
		sign_log(options, now >= next_sign);
		if (now >= next_sign)
			next_sign = now + options->checkpoint_ms;
	} while (pause_ms(workers, 1000));
	return NULL;
}

enum aw_status
aw_workers_start(const struct aw_workers_options *options, struct aw_workers **ret_workers,
	struct aw_error *err)
{
	void *(*const bodies[])(void *) = { work, keep_time };
	struct aw_workers *workers = calloc(1, sizeof(*workers));
	pthread_condattr_t monotonic;

	if (workers == NULL)
		aw_die("out of memory");
	workers->options = *options;
	if (options->kinds == NULL)
		workers->options.kinds = aw_work_kinds(&workers->options.kind_count);
	if (options->poll_ms == 0)
		workers->options.poll_ms = 200;
	if (options->checkpoint_ms == 0)
		workers->options.checkpoint_ms = CHECKPOINT_MS;
	pthread_mutex_init(&workers->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&workers->stop, &monotonic);
	pthread_condattr_destroy(&monotonic);
	for (; workers->thread_count < AW_COUNT(bodies); workers->thread_count++) {
		int code = pthread_create(&workers->threads[workers->thread_count], NULL,
			bodies[workers->thread_count], workers);

		if (code != 0) {
			aw_workers_end(workers);
			return aw_fail(
				err, AW_IO, "a thread cannot be started: %s", strerror(code));
		}
	}
	*ret_workers = workers;
	return AW_OK;
}

void
aw_workers_end(struct aw_workers *workers)
{
	if (workers == NULL)
		return;
	pthread_mutex_lock(&workers->lock);
	workers->ending = true;
	pthread_cond_broadcast(&workers->stop);
	pthread_mutex_unlock(&workers->lock);
	for (size_t i = 0; i < workers->thread_count; i++)
		pthread_join(workers->threads[i], NULL);
	sign_log(&workers->options, true);
	pthread_cond_destroy(&workers->stop);
	pthread_mutex_destroy(&workers->lock);
	free(workers);
}
