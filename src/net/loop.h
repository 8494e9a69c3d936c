/**
 * net/loop - connections: one thread that accepts, reads, hands on, writes and cuts off.
 * Layer: net, private to net/http.  Threads: the loop is a thread of its own; a job of the pool
 * gives its exchange back under a lock.  Example: tests/net/test_http.c
 *
 * Each stage of a connection has an end that no trickle moves: the head counts from its first byte
 * (the first one from the connection), the body and the reply from their beginning. Past it a sender
 * is answered 408, as far as it listens, and closed; a reader is reset. When there are too many
 * connections the longest idle one makes room, else the one that has been sending its request for
 * longest: an honest request is in within milliseconds. Neither costs a look at the others: ends
 * are in a wheel (net/wheel), and who has waited longest stands first in its circle. Bodies under way may hold a bounded amount of memory together; past it the answer
 * is 503.
 */
#ifndef AW_NET_LOOP_H
#define AW_NET_LOOP_H

#include "net/http.h"
#include "net/pool.h"

#define AW_CONNECTIONS_MOST 4000

struct aw_loop; /* opaque */

/* A socket that listens; -1 for none. Owned by the loop from the start on. */
struct aw_loop_sockets {
	int tcp, console;
};

/** Starts the thread. The sockets are closed when it fails, too. Errors: AW_IO. */
AW_MUST_CHECK enum aw_status
aw_loop_start(const struct aw_http_options *options, struct aw_loop_sockets sockets,
	struct aw_pool *pool, struct aw_loop **ret_loop, struct aw_error *err);

/** Stops listening; what is under way goes on. */
void aw_loop_shut(struct aw_loop *loop);
/** Waits until every reply is out, for at most that long. */
void aw_loop_wait(struct aw_loop *loop, int64_t most_ms);
/** Ends the thread and closes what is left. The pool must have run dry. loop may be NULL. */
void aw_loop_end(struct aw_loop *loop);

#endif
