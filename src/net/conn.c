/* One connection: its stages, and what comes in and goes out in each. */
#include "net/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"

#define LINGER_MS 2000
#define LINGER_MOST ((size_t)4 << 20)	/* bytes read and thrown away behind a refusal */
#define BODIES_MOST ((size_t)256 << 20) /* bytes of bodies under way, together */
#define BODY_FREE ((uint64_t)1 << 20)	/* a longer body has more time */

int64_t
aw_conn_limit_ms(int64_t chosen, int64_t usual)
{
	return chosen > 0 ? chosen : usual;
}

void
aw_conn_set_end(struct aw_conn *c, int64_t in_ms)
{
	if (in_ms == AW_CONN_NEVER)
		aw_wheel_off(&c->alarm);
	else
		aw_wheel_set(&c->loop->wheel, &c->alarm, c->loop->now_us + in_ms * 1000);
}

static void
take_out(struct aw_conn *c)
{
	c->prev->next = c->next;
	c->next->prev = c->prev;
}

void
aw_conn_place(struct aw_conn *c, struct aw_conn *circle)
{
	if (c->next != NULL)
		take_out(c);
	c->next = circle;
	c->prev = circle->prev;
	c->prev->next = c;
	circle->prev = c;
}

static void
count_refusal(struct aw_conn *c)
{
	struct aw_loop_refusals *refusals = &c->loop->refusals;
	int status = c->x->reply.status;

	if (status < 400 || status >= 400 + (int)AW_COUNT(refusals->by_status))
		return;
	refusals->by_status[status - 400]++;
	refusals->total++;
}

static int64_t
more_ms(const struct aw_http_options *options, uint64_t bytes)
{
	return (int64_t)bytes / aw_conn_limit_ms(options->least_bytes_per_ms, 100);
}

void
aw_conn_watch(struct aw_conn *c, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = c };

	if (c->deaf || c->watched == events)
		return;
	c->watched = events;
	(void)epoll_ctl(c->loop->epoll, EPOLL_CTL_MOD, c->fd, &event);
}

static void
drop_exchange(struct aw_conn *c)
{
	if (c->x != NULL)
		c->loop->body_bytes -= c->x->body.len;
	aw_exchange_free(c->x);
	c->x = NULL;
}

void
aw_conn_shut(struct aw_conn *c, bool reset)
{
	static const struct linger at_once = { .l_onoff = 1 };
	struct aw_loop *loop = c->loop;

	if (c->stage == AW_STAGE_REPLY)
		atomic_fetch_sub(&loop->under_way, 1);
	/* a reset: what a slow reader left unread is not kept for it */
	if (reset)
		(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	(void)close(c->fd);
	c->stage = AW_STAGE_CLOSED;
	if (c->stream != NULL)
		c->stream->gone(c->stream);
	c->stream = NULL;
	drop_exchange(c);
	free(c->in);
	take_out(c);
	aw_wheel_off(&c->alarm);
	loop->count--;
	c->next_done = loop->closed;
	loop->closed = c;
}

/* -- out -------------------------------------------------------------------------------------------- */

static void
begin_linger(struct aw_conn *c)
{
	(void)shutdown(c->fd, SHUT_WR);
	c->stage = AW_STAGE_LINGER;
	c->in_len = 0;
	drop_exchange(c);
	aw_conn_place(c, &c->loop->sending);
	aw_conn_set_end(c, LINGER_MS);
	aw_conn_watch(c, EPOLLIN);
}

/* The reply is out. */
static void
finish_reply(struct aw_conn *c)
{
	bool close_it = c->x->close || atomic_load(&c->loop->shut);

	atomic_fetch_sub(&c->loop->under_way, 1);
	c->stage = AW_STAGE_HEAD;
	if (c->x->reply.stream != NULL && !atomic_load(&c->loop->shut)) {
		c->stream = c->x->reply.stream;
		c->x->reply.stream = NULL;
		drop_exchange(c);
		aw_conn_stream_begin(c);
		return;
	}
	if (close_it) {
		begin_linger(c);
		return;
	}
	drop_exchange(c);
	c->used = true;
	aw_conn_place(c, &c->loop->idle);
	aw_conn_set_end(c, aw_conn_limit_ms(c->loop->options.idle_ms, 15000));
	aw_conn_watch(c, EPOLLIN);
}

/* Sends what the peer takes. */
static void
flush(struct aw_conn *c)
{
	while (c->out[0].len + c->out[1].len > 0) {
		struct iovec pieces[2];
		struct msghdr message = { .msg_iov = pieces };
		ssize_t sent;

		for (size_t i = 0; i < 2; i++)
			if (c->out[i].len > 0)
				pieces[message.msg_iovlen++] =
					(struct iovec){ (void *)(uintptr_t)c->out[i].at,
						c->out[i].len };
		sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN) {
			aw_conn_watch(c, EPOLLOUT);
			return;
		}
		if (sent <= 0) {
			aw_conn_shut(c, true);
			return;
		}
		for (size_t i = 0, rest = (size_t)sent; i < 2; i++) {
			size_t take = rest < c->out[i].len ? rest : c->out[i].len;

			c->out[i].at = take > 0 ? c->out[i].at + take : c->out[i].at;
			c->out[i].len -= take;
			rest -= take;
		}
	}
	finish_reply(c);
}

/* The exchange has its reply: it goes out. */
static void
begin_reply(struct aw_conn *c)
{
	const struct aw_http_options *options = &c->loop->options;

	if (c->stage != AW_STAGE_POOL)
		atomic_fetch_add(&c->loop->under_way, 1);
	c->stage = AW_STAGE_REPLY;
	aw_conn_place(c, &c->loop->busy);
	count_refusal(c);
	c->x->close = c->x->close || atomic_load(&c->loop->shut);
	c->out[1] = aw_exchange_write(c->x, aw_real_ms());
	c->out[0] = (struct aw_str){ c->x->out.at, c->x->out.len };
	aw_conn_set_end(c, aw_conn_limit_ms(options->write_ms, 12000) +
				   more_ms(options, c->out[0].len + c->out[1].len));
	if (c->deaf)
		aw_conn_shut(c, false);
	else
		flush(c);
}

static void
refuse(struct aw_conn *c, int status, const char *why)
{
	aw_exchange_refuse(c->x, status, why);
	begin_reply(c);
}

/* -- to the pool and back --------------------------------------------------------------------------- */

static void
run_in_pool(void *job)
{
	struct aw_conn *c = job;
	struct aw_loop *loop = c->loop;

	loop->options.answer(loop->options.arg, &c->x->request, &c->x->reply);
	pthread_mutex_lock(&loop->lock);
	c->next_done = loop->done;
	loop->done = c;
	pthread_mutex_unlock(&loop->lock);
	/* it can only fail because it is full of wakes already */
	(void)eventfd_write(loop->wake, 1);
}

static void
hand_over(struct aw_conn *c)
{
	struct aw_exchange *x = c->x;

	x->request.body = (struct aw_str){ x->body.at, x->body.len };
	c->stage = AW_STAGE_POOL;
	aw_conn_place(c, &c->loop->busy);
	aw_conn_set_end(c, AW_CONN_NEVER);
	atomic_fetch_add(&c->loop->under_way, 1);
	if (aw_pool_push(c->loop->pool, run_in_pool, c))
		return;
	aw_reply_plain(
		&x->arena, &x->reply, 503, "The server is busy. Please try again in a moment.");
	aw_reply_header(&x->arena, &x->reply, "Retry-After", "2");
	begin_reply(c);
}

/* -- in --------------------------------------------------------------------------------------------- */

static void
take(struct aw_conn *c, size_t used)
{
	c->in_len -= used;
	memmove(c->in, c->in + used, c->in_len);
}

static void
begin_body(struct aw_conn *c, const struct aw_head *head)
{
	const struct aw_http_options *options = &c->loop->options;

	c->stage = AW_STAGE_BODY;
	c->chunked = head->chunked;
	c->chunks = (struct aw_chunks){ 0 };
	c->left = head->length;
	aw_conn_set_end(c, aw_conn_limit_ms(options->body_ms, 30000) +
				   (head->length > BODY_FREE ? more_ms(options, head->length) : 0));
	if (head->expects && c->in_len == 0)
		(void)send(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL);
}

/* True when something was decided; false when more bytes are needed. */
static bool
take_head(struct aw_conn *c)
{
	const struct aw_http_options *options = &c->loop->options;
	struct aw_head head;
	struct aw_refusal why;
	size_t used;
	bool open;

	if (c->in_len == 0)
		return false;
	if (c->x == NULL) {
		c->x = aw_exchange_new();
		aw_conn_place(c, &c->loop->sending);
		if (c->used) /* the head's time runs from its first byte */
			aw_conn_set_end(c, aw_conn_limit_ms(options->header_ms, 5000));
	}
	switch (aw_head_read(&c->x->arena, (struct aw_str){ c->in, c->in_len }, !c->peer.console,
		&head, &used, &why)) {
	case AW_HEAD_MORE:
		return false;
	case AW_HEAD_BAD:
		refuse(c, why.status, why.why);
		return true;
	case AW_HEAD_WHOLE:
		break;
	}
	open = aw_exchange_open(c->x, options, &head, &c->peer);
	take(c, used); /* the exchange has copies of what it needs */
	if (!open) {
		begin_reply(c);
		return true;
	}
	begin_body(c, &head);
	return true;
}

/* Takes bytes of the body; false when they would be too many and the reply is under way. */
static bool
keep_body(struct aw_conn *c, struct aw_str data)
{
	struct aw_loop *loop = c->loop;

	if (c->x->body.len + data.len > c->x->limit) {
		refuse(c, 413, "The body is too large.");
		return false;
	}
	if (!c->peer.console && loop->body_bytes + data.len > BODIES_MOST) {
		aw_reply_header(&c->x->arena, &c->x->reply, "Retry-After", "5");
		refuse(c, 503, "The server is busy. Please try again in a moment.");
		return false;
	}
	aw_buf_add(&c->x->body, data.at, data.len);
	loop->body_bytes += data.len;
	return true;
}

static bool
take_chunks(struct aw_conn *c)
{
	while (true) {
		struct aw_refusal why;
		struct aw_str data;
		size_t used;
		enum aw_head_state state = aw_chunks_read(
			&c->chunks, (struct aw_str){ c->in, c->in_len }, &data, &used, &why);

		if (state == AW_HEAD_BAD) {
			refuse(c, why.status, why.why);
			return true;
		}
		if (data.len > 0 && !keep_body(c, data))
			return true;
		take(c, used);
		if (state == AW_HEAD_WHOLE) {
			hand_over(c);
			return true;
		}
		if (used == 0)
			return false;
	}
}

static bool
take_body(struct aw_conn *c)
{
	struct aw_str data = { c->in, c->in_len < c->left ? c->in_len : (size_t)c->left };

	if (c->chunked)
		return take_chunks(c);
	if (data.len > 0) {
		if (!keep_body(c, data))
			return true;
		take(c, data.len);
		c->left -= data.len;
	}
	if (c->left > 0)
		return false;
	hand_over(c);
	return true;
}

/* Goes on with what has come in, through as many requests as it holds. */
static void
advance(struct aw_conn *c)
{
	bool again = true;

	while (again) {
		switch (c->stage) {
		case AW_STAGE_HEAD:
			again = take_head(c);
			break;
		case AW_STAGE_BODY:
			again = take_body(c);
			break;
		case AW_STAGE_POOL:
		case AW_STAGE_REPLY:
		case AW_STAGE_STREAM:
		case AW_STAGE_LINGER:
		case AW_STAGE_CLOSED:
			again = false;
			break;
		}
	}
}

static void
receive(struct aw_conn *c)
{
	struct aw_loop *loop = c->loop;
	ssize_t got = recv(c->fd, loop->piece, sizeof(loop->piece), 0);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		aw_conn_shut(c, false);
		return;
	}
	if (c->stage == AW_STAGE_LINGER) {
		c->lingered += (size_t)got;
		if (c->lingered > LINGER_MOST)
			aw_conn_shut(c, true);
		return;
	}
	if (c->in_len + (size_t)got > c->in_room) {
		c->in_room = c->in_len + (size_t)got;
		c->in = realloc(c->in, c->in_room);
		if (c->in == NULL)
			aw_die("out of memory");
	}
	memcpy(c->in + c->in_len, loop->piece, (size_t)got);
	c->in_len += (size_t)got;
	advance(c);
}

/* What is left of a slow sender's request is not waited for; what is left of a reply is not kept. */
void
aw_conn_late(struct aw_conn *c)
{
	bool sends = (c->stage == AW_STAGE_HEAD || c->stage == AW_STAGE_BODY) && c->x != NULL;

	if (c->stage == AW_STAGE_STREAM) {
		aw_conn_stream_late(c);
		return;
	}
	if (sends) {
		aw_exchange_refuse(c->x, 408, "The request did not come in whole in time.");
		count_refusal(c);
		(void)aw_exchange_write(c->x, aw_real_ms());
		(void)send(c->fd, c->x->out.at, c->x->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	} else if (c->stage == AW_STAGE_REPLY) {
		c->loop->refusals.cut++;
		c->loop->refusals.total++;
	}
	aw_conn_shut(c, !sends && c->stage != AW_STAGE_LINGER);
}

void
aw_conn_handle(struct aw_conn *c, uint32_t events)
{
	switch (c->stage) {
	case AW_STAGE_HEAD:
	case AW_STAGE_BODY:
	case AW_STAGE_LINGER:
		receive(c);
		break;
	case AW_STAGE_POOL:
		if ((events & (EPOLLHUP | EPOLLERR)) != 0) {
			(void)epoll_ctl(c->loop->epoll, EPOLL_CTL_DEL, c->fd, NULL);
			c->deaf = true;
		} else {
			aw_conn_watch(c, 0); /* the next request waits until this one is answered */
		}
		break;
	case AW_STAGE_REPLY:
		aw_conn_watch(c, EPOLLOUT);
		flush(c);
		advance(c);
		break;
	case AW_STAGE_STREAM:
		aw_conn_stream_handle(c, events);
		break;
	case AW_STAGE_CLOSED:
		break;
	}
}

void
aw_conn_answered(struct aw_conn *c)
{
	begin_reply(c);
	advance(c);
}
