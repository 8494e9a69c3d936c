/* Accepts, waits for events, cuts off what is late. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/conn.h"

#define EVENTS 256
#define ACCEPT_AT_ONCE 64
#define SWEEP_MS 100
/* What the kernel may hold of replies that a client does not read. Left to itself it takes more than
 * 2 MB from each of thousands, and copying that much is what honest clients would wait for. */
#define SEND_ROOM (128 * 1024)

/* -- who is at the other end ------------------------------------------------------------------------ */

/* The names are read at the start: later nothing may open /etc/passwd. The console's socket is open
 * to its owner and to root alone. */
static void
learn_users(struct aw_loop *loop)
{
	const uid_t uids[2] = { 0, geteuid() };

	for (size_t i = 0; i < AW_COUNT(uids); i++) {
		struct passwd entry, *found = NULL;
		char room[4096];

		loop->users[i].uid = uids[i];
		if (getpwuid_r(uids[i], &entry, room, sizeof(room), &found) == 0 && found != NULL)
			(void)snprintf(loop->users[i].name, sizeof(loop->users[i].name), "%s",
				found->pw_name);
		else
			(void)snprintf(loop->users[i].name, sizeof(loop->users[i].name), "uid:%u",
				(unsigned)uids[i]);
	}
}

static void
name_console(const struct aw_loop *loop, int fd, struct aw_peer *peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	peer->console = true;
	(void)snprintf(peer->address, sizeof(peer->address), "console");
	(void)snprintf(peer->user, sizeof(peer->user), "unknown");
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return;
	(void)snprintf(peer->user, sizeof(peer->user), "uid:%u", (unsigned)cred.uid);
	for (size_t i = AW_COUNT(loop->users); i-- > 0;)
		if (loop->users[i].uid == cred.uid)
			memcpy(peer->user, loop->users[i].name, sizeof(peer->user));
}

static void
name_peer(const struct sockaddr_storage *from, struct aw_peer *peer)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (from->ss_family == AF_INET) {
		memcpy(&four, from, sizeof(four));
		(void)inet_ntop(AF_INET, &four.sin_addr, peer->address, sizeof(peer->address));
		peer->loopback = ntohl(four.sin_addr.s_addr) >> 24 == 127;
	} else if (from->ss_family == AF_INET6) {
		memcpy(&six, from, sizeof(six));
		(void)inet_ntop(AF_INET6, &six.sin6_addr, peer->address, sizeof(peer->address));
		peer->loopback = IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
	}
}

/* -- connections come and go ------------------------------------------------------------------------ */

/* Makes room for one more: the longest idle connection goes, else the slowest sender. */
static bool
evict(struct aw_loop *loop)
{
	struct aw_conn *idle = NULL, *slow = NULL;

	for (struct aw_conn *c = loop->all.next; c != &loop->all; c = c->next) {
		if (c->stage == AW_STAGE_HEAD && c->used && c->in_len == 0) {
			if (idle == NULL || c->since_us < idle->since_us)
				idle = c;
		} else if (c->stage != AW_STAGE_POOL && c->stage != AW_STAGE_REPLY) {
			if (slow == NULL || c->since_us < slow->since_us)
				slow = c;
		}
	}
	if (idle == NULL && slow == NULL)
		return false;
	aw_conn_shut(idle != NULL ? idle : slow, true);
	return true;
}

static void
open_conn(struct aw_loop *loop, int fd, const struct sockaddr_storage *from, bool console)
{
	struct aw_conn *c = calloc(1, sizeof(*c));
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
	const int room = SEND_ROOM;

	if (c == NULL)
		aw_die("out of memory");
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	c->loop = loop;
	c->fd = fd;
	c->watched = EPOLLIN;
	c->since_us = loop->now_us;
	aw_conn_set_end(c, aw_conn_limit_ms(loop->options.header_ms, 5000));
	if (console) {
		name_console(loop, fd, &c->peer);
	} else {
		static const int yes = 1;

		/* the end of a long page must not wait until its beginning was acknowledged */
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
		name_peer(from, &c->peer);
	}
	c->next = &loop->all;
	c->prev = loop->all.prev;
	c->prev->next = c;
	loop->all.prev = c;
	loop->count++;
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		aw_conn_shut(c, false);
}

static void
listen_again(struct aw_loop *loop, bool on)
{
	int *const sockets[] = { &loop->sockets.tcp, &loop->sockets.console };

	if (loop->listening == on)
		return;
	for (size_t i = 0; i < AW_COUNT(sockets); i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = sockets[i] };

		if (*sockets[i] >= 0)
			(void)epoll_ctl(loop->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
				*sockets[i], &event);
	}
	loop->listening = on;
}

static void
accept_some(struct aw_loop *loop, int listener)
{
	for (int i = 0; i < ACCEPT_AT_ONCE; i++) {
		struct sockaddr_storage from = { 0 };
		socklen_t len = sizeof(from);
		int fd;

		if (loop->count >= AW_CONNECTIONS_MOST && !evict(loop))
			break;
		fd = accept4(
			listener, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			open_conn(loop, fd, &from, listener == loop->sockets.console);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno == EAGAIN)
			return;
		if (!evict(loop))
			break;
	}
	/* nothing to be had: those who wait stay in the kernel's queue until the next sweep */
	if (loop->count >= AW_CONNECTIONS_MOST || errno == EMFILE || errno == ENFILE)
		listen_again(loop, false);
}

static void
close_listeners(struct aw_loop *loop)
{
	int *const sockets[] = { &loop->sockets.tcp, &loop->sockets.console };

	listen_again(loop, false);
	for (size_t i = 0; i < AW_COUNT(sockets); i++) {
		if (*sockets[i] >= 0)
			(void)close(*sockets[i]);
		*sockets[i] = -1;
	}
}

/* -- the thread ------------------------------------------------------------------------------------- */

static void
sweep(struct aw_loop *loop)
{
	struct aw_conn *next;

	for (struct aw_conn *c = loop->all.next; c != &loop->all; c = next) {
		next = c->next;
		if (c->end_us <= loop->now_us)
			aw_conn_shut(c, c->stage != AW_STAGE_LINGER);
	}
	if (!atomic_load(&loop->shut))
		listen_again(loop, true);
	loop->next_sweep_us = loop->now_us + SWEEP_MS * 1000;
}

static void
take_answers(struct aw_loop *loop)
{
	struct aw_conn *done, *next;
	uint64_t wakes;

	if (read(loop->wake, &wakes, sizeof(wakes)) < 0 && errno != EAGAIN)
		aw_die("the loop's eventfd cannot be read");
	pthread_mutex_lock(&loop->lock);
	done = loop->done;
	loop->done = NULL;
	pthread_mutex_unlock(&loop->lock);
	for (struct aw_conn *c = done; c != NULL; c = next) {
		next = c->next_done;
		aw_conn_answered(c);
	}
}

static void
free_closed(struct aw_loop *loop)
{
	while (loop->closed != NULL) {
		struct aw_conn *c = loop->closed;

		loop->closed = c->next_done;
		free(c);
	}
}

static void *
run(void *arg)
{
	struct aw_loop *loop = arg;
	struct epoll_event events[EVENTS];

	while (!atomic_load(&loop->end)) {
		int count = epoll_wait(loop->epoll, events, EVENTS, SWEEP_MS);

		loop->now_us = aw_monotonic_us();
		for (int i = 0; i < count; i++) {
			void *at = events[i].data.ptr;

			if (at == &loop->wake)
				take_answers(loop);
			else if (at == &loop->sockets.tcp || at == &loop->sockets.console)
				accept_some(loop, *(int *)at);
			else
				aw_conn_handle(at, events[i].events);
		}
		if (atomic_load(&loop->shut))
			close_listeners(loop);
		if (loop->now_us >= loop->next_sweep_us)
			sweep(loop);
		free_closed(loop);
	}
	take_answers(loop);
	while (loop->all.next != &loop->all)
		aw_conn_shut(loop->all.next, false);
	free_closed(loop);
	return NULL;
}

/* -- starting and ending ---------------------------------------------------------------------------- */

static void
free_loop(struct aw_loop *loop)
{
	close_listeners(loop);
	if (loop->epoll >= 0)
		(void)close(loop->epoll);
	if (loop->wake >= 0)
		(void)close(loop->wake);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

enum aw_status
aw_loop_start(const struct aw_http_options *options, struct aw_loop_sockets sockets,
	struct aw_pool *pool, struct aw_loop **ret_loop, struct aw_error *err)
{
	struct aw_loop *loop = calloc(1, sizeof(*loop));
	struct epoll_event event = { .events = EPOLLIN };
	int code = 0;

	if (loop == NULL)
		aw_die("out of memory");
	loop->options = *options;
	loop->pool = pool;
	loop->sockets = sockets;
	loop->all.prev = loop->all.next = &loop->all;
	loop->now_us = aw_monotonic_us();
	pthread_mutex_init(&loop->lock, NULL);
	learn_users(loop);
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	event.data.ptr = &loop->wake;
	if (loop->epoll < 0 || loop->wake < 0 ||
		epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event) != 0)
		code = errno;
	if (code == 0) {
		listen_again(loop, true);
		code = pthread_create(&loop->thread, NULL, run, loop);
	}
	if (code != 0) {
		free_loop(loop);
		return aw_fail(err, AW_IO, "the loop cannot be started: %s", strerror(code));
	}
	*ret_loop = loop;
	return AW_OK;
}

void
aw_loop_shut(struct aw_loop *loop)
{
	atomic_store(&loop->shut, true);
	(void)eventfd_write(loop->wake, 1);
}

void
aw_loop_wait(struct aw_loop *loop, int64_t most_ms)
{
	for (int64_t i = 0; i < most_ms / 10 && atomic_load(&loop->under_way) > 0; i++)
		(void)usleep(10 * 1000);
}

void
aw_loop_end(struct aw_loop *loop)
{
	if (loop == NULL)
		return;
	atomic_store(&loop->end, true);
	(void)eventfd_write(loop->wake, 1);
	pthread_join(loop->thread, NULL);
	free_loop(loop);
}
