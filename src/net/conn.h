/**
 * net/conn - one connection: its stages, and what comes in and goes out in each.
 * Layer: net, private to net/loop.  Threads: the loop's alone, but for the job of the pool that
 * holds the exchange and gives the connection back under the loop's lock.
 */
#ifndef AW_NET_CONN_H
#define AW_NET_CONN_H

#include <pthread.h>
#include <stdatomic.h>

#include "net/exchange.h"
#include "net/loop.h"
#include "net/wheel.h"

#define AW_CONN_PIECE 65536
#define AW_CONN_NEVER INT64_MAX

enum aw_stage {
	AW_STAGE_HEAD,
	AW_STAGE_BODY,
	AW_STAGE_POOL,
	AW_STAGE_REPLY,
	AW_STAGE_STREAM, /* a reply that goes on: net/stream.c */
	AW_STAGE_LINGER, /* the reply is out; what the client still sends is thrown away */
	AW_STAGE_CLOSED,
};

struct aw_conn {
	struct aw_conn *prev, *next; /* in one of the loop's circles */
	struct aw_alarm alarm;	     /* the end of its stage */
	struct aw_conn *next_done;   /* given back by the pool, or to be freed */
	struct aw_loop *loop;
	struct aw_peer peer;
	struct aw_exchange *x; /* NULL between two requests */
	int fd;
	uint32_t watched; /* events asked for */
	bool deaf;	  /* not watched at all: the peer is gone while the pool works */
	enum aw_stage stage;
	bool used; /* has had a reply: the head's time runs from its first byte */
	char *in;  /* what came in and was not taken yet */
	size_t in_len, in_room;
	bool chunked;
	uint64_t left; /* of a body with a length */
	struct aw_chunks chunks;
	struct aw_str out[2]; /* what is still to be sent */
	size_t lingered;      /* bytes */
	struct aw_stream *stream;
	int64_t beat_us; /* of a stream: the next one */
	uint64_t mark;	 /* bytes that were written before the last one */
};

/* Replies of 400 and above since they were told last, by status; and readers that were cut. */
struct aw_loop_refusals {
	uint32_t by_status[200]; /* from 400 on */
	uint32_t cut, total;
};

struct aw_loop {
	struct aw_http_options options;
	struct aw_pool *pool;
	struct aw_loop_sockets sockets;
	struct aw_loop_users {
		uint32_t uid;
		char name[AW_PEER_USER];
	} users[2]; /* who may use the console: root, and who runs the server */
	int epoll, wake;
	pthread_t thread;
	/* Each connection is in one circle, the one that came into it first at its beginning: between
	 * two requests; sending one, or lingering; with the pool, or its reply going out; a stream. */
	struct aw_conn idle, sending, busy, streams;
	struct aw_wheel wheel;
	size_t count;
	struct aw_loop_refusals refusals;
	size_t body_bytes;	/* of bodies under way, together */
	struct aw_conn *closed; /* to be freed behind this batch of events */
	int64_t now_us;
	int64_t tell_us;   /* when refusals are told next */
	int64_t listen_us; /* when a full house looks again whether there is room */
	char piece[AW_CONN_PIECE];
	bool listening;
	pthread_mutex_t lock;
	struct aw_conn *done; /* under the lock */
	atomic_bool shut, end;
	atomic_int under_way; /* with the pool, or their reply not out yet */
};

/** The ms that an option chose, or the usual ones. */
int64_t aw_conn_limit_ms(int64_t chosen, int64_t usual);
/** Its end: so many ms from now, or AW_CONN_NEVER. */
void aw_conn_set_end(struct aw_conn *c, int64_t in_ms);
/** Moves it behind the last one of a circle. */
void aw_conn_place(struct aw_conn *c, struct aw_conn *circle);

/** Which events it is woken by. */
void aw_conn_watch(struct aw_conn *c, uint32_t events);

/** Its end has come: what sends too slowly is told so in as far as it listens, and closed. */
void aw_conn_late(struct aw_conn *c);

/** Something can be read or written, or the peer is gone. */
void aw_conn_handle(struct aw_conn *c, uint32_t events);

/** The pool has answered: the reply goes out, and what came in meanwhile is looked at. */
void aw_conn_answered(struct aw_conn *c);

/** Closes; the memory goes behind this batch of events. Not while the pool has the exchange. */
void aw_conn_shut(struct aw_conn *c, bool reset);

/* -- net/stream.c -- */

/** The head of a reply that goes on is out. */
void aw_conn_stream_begin(struct aw_conn *c);
void aw_conn_stream_handle(struct aw_conn *c, uint32_t events);
/** The beat, or the end of a write that was not taken. */
void aw_conn_stream_late(struct aw_conn *c);
/** Asks every stream what there is to say. */
void aw_conn_streams_stir(struct aw_loop *loop);

#endif
