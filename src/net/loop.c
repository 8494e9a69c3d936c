/* Accepts, waits for events, cuts off what is late. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <stddef.h>
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
#define TELL_MS 60000
/* What the kernel may hold of replies that a client does not read. Left to itself it takes more than
 * 2 MB from each of thousands, and copying that much is what honest clients would wait for. */
#define SEND_ROOM (128 * 1024)
/* ... and of it what has not been sent yet: a reader who takes nothing costs one copy of so much, and one
 * who takes all of it is not slowed, for what is on its way does not count */
#define UNSENT_MOST (16 * 1024)

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
	struct aw_conn *circle = loop->idle.next != &loop->idle ? &loop->idle : &loop->sending;

	if (circle->next == circle)
		return false;
	aw_conn_shut(circle->next, true);
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
	aw_conn_set_end(c, aw_conn_limit_ms(loop->options.header_ms, 5000));
	if (console) {
		name_console(loop, fd, &c->peer);
	} else {
		static const int yes = 1, unsent = UNSENT_MOST;

		/* the end of a long page must not wait until its beginning was acknowledged */
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
		name_peer(from, &c->peer);
	}
	aw_conn_place(c, &loop->sending);
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
	if (loop->count >= AW_CONNECTIONS_MOST || errno == EMFILE || errno == ENFILE) {
		listen_again(loop, false);
		loop->listen_us = loop->now_us + SWEEP_MS * 1000;
	}
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

/* "refused at the door in 60 s: 400: 3, 408: 20, readers cut: 4": how often, and nothing of whom. A
 * line a minute, however many there are: a flood must not fill the disk. */
static void
tell(struct aw_loop *loop)
{
	const struct aw_loop_refusals *refusals = &loop->refusals;
	const int64_t every_ms = aw_conn_limit_ms(loop->options.tell_ms, TELL_MS);
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_buf words = { .arena = &arena };

	loop->tell_us = loop->now_us + every_ms * 1000;
	if (refusals->total == 0 || loop->options.tell == NULL)
		return;
	aw_buf_printf(&words, "refused at the door in %lld s:", (long long)(every_ms / 1000));
	for (size_t i = 0; i < AW_COUNT(refusals->by_status); i++)
		if (refusals->by_status[i] > 0)
			aw_buf_printf(&words, " %zu: %u,", i + 400, refusals->by_status[i]);
	aw_buf_printf(&words, " readers cut: %u", refusals->cut);
	loop->options.tell(loop->options.arg, aw_buf_z(&words));
	loop->refusals = (struct aw_loop_refusals){ 0 };
}

static struct aw_conn *
conn_of(struct aw_alarm *alarm)
{
	return (struct aw_conn *)(void *)((char *)alarm - offsetof(struct aw_conn, alarm));
}

static void
sweep(struct aw_loop *loop)
{
	struct aw_alarm *late;

	while ((late = aw_wheel_due(&loop->wheel, loop->now_us)) != NULL)
		aw_conn_late(conn_of(late));
	if (loop->options.stirred != NULL && atomic_exchange(loop->options.stirred, false))
		aw_conn_streams_stir(loop);
	if (loop->now_us >= loop->tell_us)
		tell(loop);
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

static void
close_all(struct aw_conn *circle)
{
	while (circle->next != circle)
		aw_conn_shut(circle->next, false);
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
		if (atomic_load(&loop->shut)) {
			close_listeners(loop);
			close_all(&loop->streams);
		} else if (!loop->listening && loop->now_us >= loop->listen_us) {
			listen_again(loop, true);
		}
		sweep(loop);
		free_closed(loop);
	}
	take_answers(loop);
	close_all(&loop->idle);
	close_all(&loop->sending);
	close_all(&loop->busy);
	close_all(&loop->streams);
	free_closed(loop);
	tell(loop);
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
	loop->idle.prev = loop->idle.next = &loop->idle;
	loop->sending.prev = loop->sending.next = &loop->sending;
	loop->busy.prev = loop->busy.next = &loop->busy;
	loop->streams.prev = loop->streams.next = &loop->streams;
	loop->now_us = aw_monotonic_us();
	loop->tell_us = loop->now_us + aw_conn_limit_ms(options->tell_ms, TELL_MS) * 1000;
	aw_wheel_start(&loop->wheel, loop->now_us);
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
