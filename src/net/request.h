/**
 * net/request - a request as it arrived, and the reply to it: plain data, no library in it.
 * Layer: net.  Threads: one exchange belongs to one thread at a time.
 */
#ifndef AW_NET_REQUEST_H
#define AW_NET_REQUEST_H

#include "base/arena.h"
#include "base/str.h"

/* Everything is borrowed from the exchange's arena. A header that was not sent is NULL. */
struct aw_request {
	struct aw_arena *arena;
	const char *number; /* to quote when something went wrong: "7K3M-Q2XP" */
	const char *method;
	struct aw_str path;  /* undecoded, without the query */
	struct aw_str query; /* undecoded */
	struct aw_str body;
	const char *host;
	const char *origin;
	const char *sec_fetch_site;
	const char *cookie;
	const char *authorization;
	const char *accept;
	const char *accept_language;
	const char *agent; /* User-Agent */
	const char *content_type;
	const char *idempotency_key;
	const char *csrf; /* X-CSRF-Token */
	const char *if_none_match;
	const char *last_event_id;
	const char *refresh; /* X-Refresh: the page fetches itself, nobody asked for it */
	const char *address; /* of the client, for rate limits; "console" on the socket beside the
				database */
	const char *console; /* who is at the other end of that socket, else NULL: "root" */
};

struct aw_header {
	const char *name;
	const char *value;
};

/* A reply that goes on behind its head: what there is to say is asked for when somebody stirred
 * (aw_http_options) and each beat. Both are called on the thread of connections and must not wait. */
struct aw_stream {
	/* What is to be said now, good until the next call; empty: nothing. at NULL: it is over. beat:
	 * something must be said, so that the other end is known to be there. */
	struct aw_str (*say)(struct aw_stream *stream, bool beat);
	/* The connection is gone, or never came so far. */
	void (*gone)(struct aw_stream *stream);
};

struct aw_reply {
	int status;
	struct aw_stream *stream; /* NULL: the body is all */
	const char *content_type; /* NULL: no body */
	struct aw_str body;	  /* in the exchange's arena or constant */
	struct aw_header *headers;
	size_t header_count, header_room;
	bool immutable; /* a hashed asset: may be kept for ever; anything else may not be kept */
	bool close;	/* the connection ends with it */
};

/** Adds a header. The value must not come from outside unless it was checked: it is dropped when it
 *  holds a line break. */
void aw_reply_header(
	struct aw_arena *arena, struct aw_reply *reply, const char *name, const char *value);

/** A problem in plain English, for what happens before a page can be made. */
void aw_reply_plain(struct aw_arena *arena, struct aw_reply *reply, int status, const char *text);

#endif
