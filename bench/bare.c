/* A bare group-commit writer: what is left of durable intake when everything but the rows is gone.
 * bench_bare CITY-URL POLICY-DIR BODIES COUNT CLIENTS TARGET-URL
 * Receives COUNT reports in the SQLite city, writes down the statements with the rows and sealed bytes,
 * and rolls back. Then writes them to the target, which holds the same city: for each line "SECONDS" of
 * standard input as many clients, each with the next report when its last is durable; whatever waits
 * becomes one commit. Prints a JSON object each. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bare.h"
#include "base/clock.h"
#include "base/json.h"
#include "bodies.h"
#include "city/intake/report.h"
#include "net/house.h"

enum { CLIENTS_MOST = 256 };

static const struct aw_viewer sender = {
	.login = "api:bench", .name = "bench", .title = "", .unit = "police_1", .roles = "reporter"
};

/* -- recording ---------------------------------------------------------------------------------- */

struct recording {
	struct aw_house house;
	struct aw_arena arena;
	struct bench_bodies bodies;
	struct bench_unit *units;
	size_t count;
};

/* As the door does it: see aw_reports_post. */
static enum aw_status
receive(struct recording *r, struct aw_tx *tx, size_t number, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_act act = aw_house_act(&r->house, &arena, &sender, "report.send");
	struct aw_report_problems problems = { 0 };
	struct aw_report_in in;
	struct aw_receipt receipt;

	act.tx = tx;
	if (aw_json_parse(bench_body(&r->bodies, number), "body", &json, err) != AW_OK ||
		aw_report_from_json(&arena, json, &in, &problems, err) != AW_OK)
		return err->status;
	in.sender = sender.login;
	in.idempotency_key = aw_arena_printf(&arena, "bare-%zu", number);
	if (aw_report_receive(&act, &in, &receipt, &problems, err) != AW_OK)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

static enum aw_status
record(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct recording *r = arg;
	enum aw_status status = AW_OK;

	bench_record_begin(tx, &r->arena);
	for (size_t i = 0; i < r->count && status == AW_OK; i++) {
		status = receive(r, tx, i, err);
		r->units[i] = bench_record_cut();
	}
	bench_record_end(tx);
	return status == AW_OK ? aw_fail(err, AW_CONFLICT, "rolled back") : status;
}

static enum aw_status
make_recording(struct recording *r, const char *url, const char *policy, struct aw_error *err)
{
	r->units = AW_NEW_ARRAY(&r->arena, struct bench_unit, r->count);
	if (aw_house_open(&(struct aw_house_options){ .url = url,
				  .policy_dir = policy,
				  .parts = AW_HOUSE_KEYS | AW_HOUSE_POLICY },
		    &r->house, err) != AW_OK)
		return err->status;
	if (aw_db_write(r->house.db, record, r, err) == AW_CONFLICT)
		aw_error_clear(err);
	aw_house_done(&r->house);
	return err->status;
}

/* -- writing ------------------------------------------------------------------------------------ */

struct bare {
	const struct bare_engine *engine;
	const struct recording *recording;
	void *conn;
	int64_t end_us;
	atomic_size_t next;   /* unit */
	atomic_bool drained;  /* nothing recorded is left */
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t work;
	size_t waiting, clients;
	uint64_t written, groups;
	struct client *queue[CLIENTS_MOST];
};

struct client {
	struct bare *bare;
	pthread_t thread;
	pthread_cond_t durable;
	const struct bench_unit *unit; /* NULL when it is written */
};

static void *
run_client(void *arg)
{
	struct client *c = arg;
	struct bare *bare = c->bare;

	while (aw_monotonic_us() < bare->end_us) {
		size_t number = atomic_fetch_add(&bare->next, 1);

		if (number >= bare->recording->count) {
			atomic_store(&bare->drained, true);
			break;
		}
		pthread_mutex_lock(&bare->lock);
		c->unit = &bare->recording->units[number];
		bare->queue[bare->waiting++] = c;
		pthread_cond_signal(&bare->work);
		while (c->unit != NULL)
			pthread_cond_wait(&c->durable, &bare->lock);
		pthread_mutex_unlock(&bare->lock);
	}
	pthread_mutex_lock(&bare->lock);
	bare->clients--;
	pthread_cond_signal(&bare->work);
	pthread_mutex_unlock(&bare->lock);
	return NULL;
}

static void
write_groups(struct bare *bare)
{
	struct client *group[CLIENTS_MOST];
	const struct bench_unit *units[CLIENTS_MOST];
	size_t count;

	pthread_mutex_lock(&bare->lock);
	while (bare->clients > 0) {
		if (bare->waiting == 0) {
			pthread_cond_wait(&bare->work, &bare->lock);
			continue;
		}
		count = bare->waiting;
		memcpy((void *)group, (void *)bare->queue, count * sizeof(*group));
		bare->waiting = 0;
		pthread_mutex_unlock(&bare->lock);
		for (size_t i = 0; i < count; i++)
			units[i] = group[i]->unit;
		bare->engine->write(bare->conn, units, count);
		pthread_mutex_lock(&bare->lock);
		bare->written += count;
		bare->groups++;
		for (size_t i = 0; i < count; i++) {
			group[i]->unit = NULL;
			pthread_cond_signal(&group[i]->durable);
		}
	}
	pthread_mutex_unlock(&bare->lock);
}

struct checkpointer {
	const struct bare_engine *engine;
	void *conn;
	atomic_bool end;
	pthread_t thread;
};

static void *
run_checkpointer(void *arg)
{
	struct checkpointer *c = arg;
	const struct timespec pause = { .tv_nsec = 200 * 1000000L };

	while (!atomic_load(&c->end)) {
		c->engine->checkpoint(c->conn);
		(void)nanosleep(&pause, NULL);
	}
	return NULL;
}

static void
start(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	if (pthread_create(thread, NULL, fn, arg) != 0)
		aw_die("a thread cannot be started");
}

static void
run_round(struct bare *bare, size_t count, double seconds)
{
	struct client clients[CLIENTS_MOST] = { 0 };
	int64_t start_us = aw_monotonic_us();
	double took_s;

	bare->end_us = start_us + (int64_t)(seconds * 1e6);
	bare->clients = count;
	bare->written = bare->groups = 0;
	for (size_t i = 0; i < count; i++) {
		clients[i].bare = bare;
		pthread_cond_init(&clients[i].durable, NULL);
		start(&clients[i].thread, run_client, &clients[i]);
	}
	write_groups(bare);
	for (size_t i = 0; i < count; i++) {
		pthread_join(clients[i].thread, NULL);
		pthread_cond_destroy(&clients[i].durable);
	}
	took_s = (double)(aw_monotonic_us() - start_us) / 1e6;
	printf("{\"written\": %llu, \"groups\": %llu, \"seconds\": %.3f, \"rate\": %.1f, "
	       "\"ran_out\": %s}\n",
		(unsigned long long)bare->written, (unsigned long long)bare->groups, took_s,
		(double)bare->written / took_s, atomic_load(&bare->drained) ? "true" : "false");
	(void)fflush(stdout);
}

static void
run_rounds(const struct recording *recording, const char *target, size_t count)
{
	struct bare bare = { .recording = recording };
	struct checkpointer checkpointer = { 0 };
	char line[64];

	bare.engine = strncmp(target, "sqlite:", 7) == 0 ? &bare_sqlite : &bare_pg;
	bare.conn = bare.engine->open(target);
	pthread_mutex_init(&bare.lock, NULL);
	pthread_cond_init(&bare.work, NULL);
	if (bare.engine->checkpoint != NULL) {
		checkpointer.engine = bare.engine;
		checkpointer.conn = bare.engine->open(target);
		start(&checkpointer.thread, run_checkpointer, &checkpointer);
	}
	printf("{\"recorded\": %zu}\n", recording->count);
	(void)fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL)
		run_round(&bare, count, strtod(line, NULL));
	if (bare.engine->checkpoint != NULL) {
		atomic_store(&checkpointer.end, true);
		pthread_join(checkpointer.thread, NULL);
		bare.engine->close(checkpointer.conn);
	}
	bare.engine->close(bare.conn);
	pthread_cond_destroy(&bare.work);
	pthread_mutex_destroy(&bare.lock);
}

int
main(int argc, char **argv)
{
	struct recording recording = { 0 };
	struct aw_error err = { 0 };
	size_t clients = argc == 7 ? strtoul(argv[5], NULL, 10) : 0;

	if (clients == 0 || clients > CLIENTS_MOST ||
		(recording.count = strtoul(argv[4], NULL, 10)) == 0) {
		(void)fputs(
			"usage: bench_bare CITY-URL POLICY-DIR BODIES COUNT CLIENTS TARGET-URL\n",
			stderr);
		return 2;
	}
	if (bench_bodies_read(&recording.arena, argv[3], &recording.bodies, &err) == AW_OK &&
		make_recording(&recording, argv[1], argv[2], &err) == AW_OK)
		run_rounds(&recording, argv[6], clients);
	else
		fprintf(stderr, "bench_bare: %s\n", err.text);
	aw_arena_done(&recording.arena);
	return err.status == AW_OK ? 0 : 3;
}
