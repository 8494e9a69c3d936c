/* Replies that go on: what they say goes out as it comes, each write under a deadline of its own. */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "net/conn.h"

#define BEAT_MS 20000
#define WORDS_MOST 4096 /* bytes that a listener may say, who has nothing to say any more */

static void
set_beat(struct aw_conn *c)
{
	c->beat_us = c->loop->now_us +
		     aw_conn_limit_ms(c->loop->options.beat_ms, BEAT_MS) * INT64_C(1000);
}

/* Sends what the peer takes; until all of it is out, the write's deadline stands. */
static void
push(struct aw_conn *c)
{
	struct aw_str *words = &c->out[0];

	while (words->len > 0) {
		ssize_t sent = send(c->fd, words->at, words->len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN) {
			aw_conn_watch(c, EPOLLIN | EPOLLOUT);
			return;
		}
		if (sent <= 0) {
			aw_conn_shut(c, true);
			return;
		}
		words->at += sent;
		words->len -= (size_t)sent;
	}
	aw_conn_watch(c, EPOLLIN);
	aw_wheel_set(&c->loop->wheel, &c->alarm, c->beat_us);
}

static void
say(struct aw_conn *c, bool beat)
{
	c->out[0] = c->stream->say(c->stream, beat);
	if (c->out[0].at == NULL) {
		aw_conn_shut(c, false);
		return;
	}
	aw_conn_set_end(c, aw_conn_limit_ms(c->loop->options.write_ms, 12000));
	push(c);
}

void
aw_conn_stream_begin(struct aw_conn *c)
{
	c->stage = AW_STAGE_STREAM;
	free(c->in);
	c->in = NULL;
	c->in_len = c->in_room = 0;
	c->out[1] = (struct aw_str){ 0 };
	aw_conn_place(c, &c->loop->streams);
	set_beat(c);
	say(c, false);
}

void
aw_conn_stream_handle(struct aw_conn *c, uint32_t events)
{
	struct aw_loop *loop = c->loop;

	if ((events & ~(uint32_t)EPOLLOUT) != 0) {
		ssize_t got = recv(c->fd, loop->piece, sizeof(loop->piece), 0);
		bool waits = got < 0 && (errno == EAGAIN || errno == EINTR);

		c->lingered += got > 0 ? (size_t)got : 0;
		if ((got <= 0 && !waits) || c->lingered > WORDS_MOST) {
			aw_conn_shut(c, got > 0);
			return;
		}
	}
	if ((events & EPOLLOUT) != 0)
		push(c);
}

/* Has the peer not acknowledged what was written before the last beat? Its kernel does so for it as
 * long as there is room: a reader that takes nothing is found when there is none, and one whose machine
 * is gone by the second beat. */
static bool
is_stuck(struct aw_conn *c)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	bool stuck;

	if (getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		return false;
	stuck = info.tcpi_bytes_acked < c->mark;
	c->mark = info.tcpi_bytes_sent - info.tcpi_bytes_retrans + info.tcpi_notsent_bytes;
	return stuck;
}

void
aw_conn_stream_late(struct aw_conn *c)
{
	if (c->out[0].len > 0 || is_stuck(c)) {
		c->loop->refusals.cut++;
		c->loop->refusals.total++;
		aw_conn_shut(c, true);
		return;
	}
	set_beat(c);
	say(c, true);
}

void
aw_conn_streams_stir(struct aw_loop *loop)
{
	struct aw_conn *next;

	for (struct aw_conn *c = loop->streams.next; c != &loop->streams; c = next) {
		next = c->next;
		if (c->out[0].len == 0)
			say(c, false);
	}
}
