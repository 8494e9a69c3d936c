/**
 * net/exchange - one request and its reply, without sockets.
 * Layer: net, private to net/loop.  Threads: the loop's, then one of the pool's, then the loop's
 * again; never two at once.  Example: tests/net/test_http.c
 */
#ifndef AW_NET_EXCHANGE_H
#define AW_NET_EXCHANGE_H

#include <netinet/in.h>

#include "net/head.h"
#include "net/http.h"

#define AW_PEER_USER 64

/* Who is at the other end of a connection. */
struct aw_peer {
	char address[INET6_ADDRSTRLEN]; /* "console" on the socket beside the database */
	bool loopback;
	bool console;
	char user[AW_PEER_USER]; /* at the other end of that socket */
};

struct aw_exchange {
	struct aw_arena arena;
	struct aw_request request;
	struct aw_reply reply;
	struct aw_buf body;
	size_t limit;	   /* the most bytes of body */
	bool close;	   /* the connection ends with the reply, by the client's wish or ours */
	struct aw_buf out; /* head of the reply, and the body when it is short */
};

struct aw_exchange *aw_exchange_new(void) __attribute__((returns_nonnull));
void aw_exchange_free(struct aw_exchange *x); /* NULL is fine */

/**
 * Makes the request of its head and asks options.check. False: the reply is filled already (a
 * refusal, or something that needs no thread of the pool).
 */
bool aw_exchange_open(struct aw_exchange *x, const struct aw_http_options *options,
	const struct aw_head *head, const struct aw_peer *peer);

/** Fills the reply: an error before anybody looked at the request. The connection ends with it. */
void aw_exchange_refuse(struct aw_exchange *x, int status, const char *text);

/** Writes the head of the reply, and what else goes with it in one piece, into x->out; answers
 *  what of the body is to be sent behind it (empty for HEAD, or when it went along). */
struct aw_str aw_exchange_write(struct aw_exchange *x, int64_t real_ms);

#endif
