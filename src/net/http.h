/**
 * net/http - sockets: requests come in whole, go to a pool of workers, and replies go out.
 * Layer: net.  Threads: one thread of connections (net/loop); the handler runs on the pool's.
 * Example: tests/net/test_http.c, tests/net/test_head.c
 *
 * HTTP/1.1 as RFC 9112 says it, read by ourselves (net/head) because what a hostile client can do
 * with it is the point:
 *   - what two programs could read in two ways is refused, and the connection ends;
 *   - slow senders and slow readers: absolute deadlines (net/loop);
 *   - a full queue: 503 with Retry-After;
 *   - replies that go on (streams) live with the connections: no thread of the pool, a deadline a write;
 *   - what is refused is counted and told, whoever it was;
 *   - every reply, errors too, carries the security headers and no version banner.
 */
#ifndef AW_NET_HTTP_H
#define AW_NET_HTTP_H

#include <stdatomic.h>

#include "net/request.h"

struct aw_http; /* opaque */

/** Looks at a request once its headers are here: sets *ret_limit, the most bytes of body it may
 *  have, and answers true; or fills the reply and answers false. On the thread of connections: it must
 *  not wait for anything. */
typedef bool
aw_http_check_fn(void *arg, struct aw_request *request, size_t *ret_limit, struct aw_reply *reply);
/** Answers a whole request, on a thread of the pool. Fills the reply. */
typedef void aw_http_answer_fn(void *arg, struct aw_request *request, struct aw_reply *reply);

struct aw_http_options {
	const char *listen;	 /* "127.0.0.1:8080", "[::1]:80", port 0 = any; NULL: no TCP */
	const char *socket_path; /* unix socket for commands, mode 0600; NULL: none */
	bool behind_proxy; /* the client's address is the last of X-Forwarded-For, which is believed
			      from loopback alone */
	size_t threads;	   /* of the pool */
	size_t queue_limit;
	aw_http_check_fn *check;
	aw_http_answer_fn *answer;
	void *arg;
	/* time limits; 0 = the usual ones */
	int64_t header_ms, body_ms, write_ms, idle_ms;
	int64_t beat_ms;      /* between two beats of a stream; 0 = 20 s */
	atomic_bool *stirred; /* set by anybody when streams may have something to say; it is looked
				 at ten times a second. NULL: there are no streams */
	int64_t least_bytes_per_ms; /* body and write get one more ms for so many bytes */
	/* What was refused, by status, in one line each so many ms (0 = a minute) in which something
	 * was; without a word of whom. On the thread of connections. NULL: nobody is told. */
	void (*tell)(void *arg, const char *words);
	int64_t tell_ms;
};

/** Listens and starts. Errors: AW_INVALID (address), AW_CONFLICT (in use), AW_DENIED, AW_IO. */
AW_MUST_CHECK enum aw_status aw_http_start(
	const struct aw_http_options *options, struct aw_http **ret_http, struct aw_error *err);

/** The TCP port it listens on. */
uint16_t aw_http_port(const struct aw_http *http);

/** Takes no new connections, answers what is under way, closes. http may be NULL. */
void aw_http_end(struct aw_http *http);

#endif
