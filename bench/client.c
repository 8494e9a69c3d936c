/* Sends reports as a system does: so many clients, each on a connection of its own that stays open, the
 * next report when the last one is acknowledged.
 * bench_client PORT TOKEN BODIES SECONDS CLIENTS NAME   BODIES holds a report a line
 * bench_client --limit BODIES SECONDS CLIENTS   against a handler that only answers: its own limit
 * Prints one JSON object. NAME begins the idempotency keys. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"
#include "bodies.h"
#include "net/http.h"

enum { CLIENTS_MOST = 256, REPLY_ROOM = 65536, BODY_MOST = 1 << 20 };

struct load {
	uint16_t port;
	const char *token, *name;
	struct bench_bodies bodies;
	int64_t end_us;
	atomic_uint_fast64_t next; /* report */
};

struct client {
	struct load *load;
	pthread_t thread;
	int fd;
	uint64_t good, refused;
	double *times_ms;
	size_t count, room;
	char reply[REPLY_ROOM];
};

static int
dial(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int yes = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		aw_die("the server cannot be reached");
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	return fd;
}

static void
send_all(int fd, struct iovec pieces[2])
{
	while (pieces[0].iov_len + pieces[1].iov_len > 0) {
		struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };
		ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (sent <= 0)
			aw_die("the server closed a connection");
		for (size_t i = 0, rest = (size_t)sent; i < 2; i++) {
			size_t take = rest < pieces[i].iov_len ? rest : pieces[i].iov_len;

			pieces[i].iov_base = (char *)pieces[i].iov_base + take;
			pieces[i].iov_len -= take;
			rest -= take;
		}
	}
}

/* The status of a reply, read to its end. */
static int
read_reply(struct client *c)
{
	size_t have = 0, want = 0;

	while (want == 0 || have < want) {
		ssize_t got = recv(c->fd, c->reply + have, sizeof(c->reply) - 1 - have, 0);
		const char *end, *length;

		if (got <= 0)
			aw_die("a reply ended too early");
		have += (size_t)got;
		c->reply[have] = '\0';
		end = want == 0 ? strstr(c->reply, "\r\n\r\n") : NULL;
		if (end == NULL)
			continue;
		length = strstr(c->reply, "Content-Length: ");
		if (length == NULL || length > end)
			aw_die("a reply has no length");
		want = (size_t)(end + 4 - c->reply) + strtoul(length + 16, NULL, 10);
		if (want >= sizeof(c->reply))
			aw_die("a reply is too long");
	}
	return atoi(c->reply + strlen("HTTP/1.1 "));
}

static void
send_report(struct client *c, uint64_t number)
{
	struct aw_str body = bench_body(&c->load->bodies, number);
	char head[512];
	int len = snprintf(head, sizeof(head),
		"POST /reports HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
		"Authorization: Bearer %s\r\nIdempotency-Key: %s-%llu\r\nContent-Length: "
		"%zu\r\n\r\n",
		c->load->token, c->load->name, (unsigned long long)number, body.len);

	send_all(c->fd, (struct iovec[2]){
				{ head, (size_t)len }, { (void *)(uintptr_t)body.at, body.len } });
}

static void *
run_client(void *arg)
{
	struct client *c = arg;
	struct load *load = c->load;

	c->fd = dial(load->port);
	for (int64_t now_us = aw_monotonic_us(); now_us < load->end_us;) {
		int64_t start_us = now_us;
		int status;

		send_report(c, atomic_fetch_add(&load->next, 1));
		status = read_reply(c);
		now_us = aw_monotonic_us();
		if (status == 200 || status == 201)
			c->good++;
		else if (c->refused++ == 0)
			fprintf(stderr, "bench_client: %s\n", c->reply);
		if (c->count == c->room) {
			c->room = c->room == 0 ? 4096 : c->room * 2;
			c->times_ms = realloc(c->times_ms, c->room * sizeof(*c->times_ms));
			if (c->times_ms == NULL)
				aw_die("out of memory");
		}
		c->times_ms[c->count++] = (double)(now_us - start_us) / 1000;
	}
	(void)close(c->fd);
	return NULL;
}

static int
by_size(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void
tell(struct client *clients, size_t count, double seconds)
{
	uint64_t good = 0, refused = 0;
	double *all;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		good += clients[i].good;
		refused += clients[i].refused;
		n += clients[i].count;
	}
	all = calloc(n + 1, sizeof(*all));
	if (all == NULL)
		aw_die("out of memory");
	n = 0;
	for (size_t i = 0; i < count; i++) {
		memcpy(all + n, clients[i].times_ms, clients[i].count * sizeof(*all));
		n += clients[i].count;
		free(clients[i].times_ms);
	}
	qsort(all, n, sizeof(*all), by_size);
	printf("{\"acknowledged\": %llu, \"refused\": %llu, \"seconds\": %.3f, \"rate\": %.1f, "
	       "\"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
		(unsigned long long)good, (unsigned long long)refused, seconds,
		(double)good / seconds, all[n / 2], all[n * 99 / 100]);
	free(all);
}

static void
run_load(struct load *load, size_t count, double seconds)
{
	struct client *clients = calloc(count, sizeof(*clients));
	int64_t start_us = aw_monotonic_us();

	if (clients == NULL)
		aw_die("out of memory");
	load->end_us = start_us + (int64_t)(seconds * 1e6);
	for (size_t i = 0; i < count; i++) {
		clients[i].load = load;
		if (pthread_create(&clients[i].thread, NULL, run_client, &clients[i]) != 0)
			aw_die("a thread cannot be started");
	}
	for (size_t i = 0; i < count; i++)
		pthread_join(clients[i].thread, NULL);
	tell(clients, count, (double)(aw_monotonic_us() - start_us) / 1e6);
	free(clients);
}

/* -- the handler that only answers ------------------------------------------------------------------ */

static bool
check(void *arg, struct aw_request *request, size_t *ret_limit, struct aw_reply *reply)
{
	(void)arg, (void)request, (void)reply;
	*ret_limit = BODY_MOST;
	return true;
}

static void
answer(void *arg, struct aw_request *request, struct aw_reply *reply)
{
	(void)arg, (void)request;
	reply->status = 201;
	reply->content_type = "application/json";
	reply->body =
		aw_str("{\"number\": \"RC1101206-0005-7\", \"code\": \"0000-0000-0000-0000\"}");
}

static enum aw_status
run_limit(struct load *load, size_t count, double seconds, struct aw_error *err)
{
	struct aw_http *http = NULL;

	if (aw_http_start(&(struct aw_http_options){ .listen = "127.0.0.1:0",
				  .threads = 8,
				  .queue_limit = 512,
				  .check = check,
				  .answer = answer },
		    &http, err) != AW_OK)
		return err->status;
	load->port = aw_http_port(http);
	load->token = load->name = "limit";
	run_load(load, count, seconds);
	aw_http_end(http);
	return AW_OK;
}

int
main(int argc, char **argv)
{
	bool limit = argc == 5 && strcmp(argv[1], "--limit") == 0;
	size_t count = limit || argc == 7 ? strtoul(argv[limit ? 4 : 5], NULL, 10) : 0;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct load load = { 0 };
	struct aw_error err = { 0 };

	if (count == 0 || count > CLIENTS_MOST) {
		(void)fputs("usage: bench_client PORT TOKEN BODIES SECONDS CLIENTS NAME\n"
			    "       bench_client --limit BODIES SECONDS CLIENTS\n",
			stderr);
		return 2;
	}
	if (bench_bodies_read(&arena, argv[limit ? 2 : 3], &load.bodies, &err) == AW_OK) {
		if (limit) {
			(void)run_limit(&load, count, strtod(argv[3], NULL), &err);
		} else {
			load.port = (uint16_t)strtoul(argv[1], NULL, 10);
			load.token = argv[2];
			load.name = argv[6];
			run_load(&load, count, strtod(argv[4], NULL));
		}
	}
	if (err.status != AW_OK)
		fprintf(stderr, "bench_client: %s\n", err.text);
	return err.status == AW_OK ? 0 : 3;
}
