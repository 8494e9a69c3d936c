/**
 * net/exchange - one request and its reply between the library and the pool.
 * Layer: net, private to net/http.  Threads: the polling thread, then one of the pool's, then the
 * polling thread again; never two at once.
 */
#ifndef AW_NET_EXCHANGE_H
#define AW_NET_EXCHANGE_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "net/deadline.h"
#include "net/http.h"
#include "net/pool.h"

/* What the callbacks of both listeners share. */
struct aw_front {
	struct aw_http_options options;
	struct aw_pool *pool;
	struct aw_deadlines *deadlines;
	atomic_int under_way; /* exchanges that have begun and not ended */
};

/* One of the two listeners: its callbacks get this. */
struct aw_listener {
	struct aw_front *front;
	struct MHD_Daemon *daemon;
	bool console; /* the socket beside the database */
};

/* The library's callbacks; cls is a struct aw_listener. */
void *aw_exchange_begin(void *cls, const char *uri, struct MHD_Connection *connection);
enum MHD_Result
aw_exchange_step(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *data, size_t *data_size, void **request);
void aw_exchange_end(void *cls, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode code);
void aw_exchange_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode code);

#endif
