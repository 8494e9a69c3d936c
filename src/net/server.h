/**
 * net/server - a city served: sockets, routes, sessions, pages, and the work behind them.
 * Layer: net.  Threads: started and ended by one; requests run on its own threads.
 * Example: tests/net/test_server.c
 *
 * The life of a request (net/life.c): route -> values -> who -> may they -> unit of work with the
 * handler in it -> one entry in the log -> reply. Nothing is shown before its entry is durable.
 */
#ifndef AW_NET_SERVER_H
#define AW_NET_SERVER_H

#include "net/house.h"
#include "net/request.h"
#include "net/route.h"

struct aw_server; /* opaque */

struct aw_server_options {
	struct aw_house *house;	 /* borrowed; with all its parts */
	const char *listen;	 /* NULL: no TCP */
	const char *socket_path; /* for commands; NULL: none */
	const char *witness;   /* file outside the database for the log's checkpoints; NULL: none */
	const char *pages_dir; /* templates, messages and assets from there instead of the binary */
	bool behind_proxy;
	int64_t beat_ms;	       /* of event streams (net/events); 0 = 20 s */
	size_t streams_most;	       /* 0 = 2,000 */
	const struct aw_route *routes; /* NULL: net/routes.c */
	size_t route_count;
};

/** Starts to serve, and the workers. Errors: as aw_http_start; AW_INVALID for a bad template. */
AW_MUST_CHECK enum aw_status aw_server_start(const struct aw_server_options *options,
	struct aw_server **ret_server, struct aw_error *err);

uint16_t aw_server_port(const struct aw_server *server);

/** Answers what is under way, ends the workers, signs the log. server may be NULL. */
void aw_server_end(struct aw_server *server);

/** Answers one request on this thread, without a socket: for tests. */
void aw_server_answer(struct aw_server *server, struct aw_request *request, struct aw_reply *reply);

#endif
