/**
 * net/events - telling open pages that something of theirs has changed: GET /events.
 * Layer: net.  Threads: opened on the pool's; told by whoever commits; one thread of its own looks who
 * may hear; the thread of connections asks what there is to say (struct aw_stream).
 * Example: tests/net/test_events.c
 *
 * Server-sent events (WHATWG HTML, section 9.2). A stream says that a topic moved and nothing else:
 *
 *     id: 4711
 *     event: board
 *     data: 4711
 *
 *   board   a report that one's unit works on moved, for whoever has the board; a screening unit works
 *           on each
 *   work    ... or a family that one's unit works on
 *   report  the report that the page named (?report=), as long as one may hear of it
 *
 * The number is that of the change (db/change.h): a page knows from which one on it wants to hear
 * (?after=), a browser that lost its connection says so in Last-Event-ID. What was missed is one event
 * a topic. What lies so far back that nobody remembers counts as a change of everything.
 *
 * Who listens is looked up anew every half a beat: an ended session, a disabled account end the
 * stream. Listening is no use of a session and does not keep it alive. Where several servers work on
 * one database, each follows the others' changes twice a second while somebody listens.
 */
#ifndef AW_NET_EVENTS_H
#define AW_NET_EVENTS_H

#include <stdatomic.h>

#include "guard/account.h"
#include "net/house.h"
#include "net/request.h"

/* The kind that is noted when an account did something to a family: its unit's work has changed. */
#define AW_UNIT_CHANGE "unit"

#define AW_EVENTS_MOST 2000
#define AW_EVENTS_A_SESSION 4 /* a browser opens six connections of HTTP/1.1 to one server */

struct aw_events; /* opaque */

struct aw_events_options {
	struct aw_house *house;
	size_t most;	 /* streams; 0 = AW_EVENTS_MOST */
	int64_t beat_ms; /* 0 = 20 s */
};

/** Begins to listen to the database. Errors: as aw_db_read, AW_IO. */
AW_MUST_CHECK enum aw_status aw_events_start(const struct aw_events_options *options,
	struct aw_events **ret_events, struct aw_error *err);

/** See struct aw_http_options. */
atomic_bool *aw_events_stirred(struct aw_events *events);

enum aw_events_room {
	AW_EVENTS_OPEN,
	AW_EVENTS_FULL,		/* there are too many streams */
	AW_EVENTS_SESSION_FULL, /* ... of this session */
};

/** A stream for a session: what changed behind the number `after`, and of the report of that public
 *  number (may be NULL; one that is not there or may not be known of is never told). */
enum aw_events_room aw_events_open(struct aw_events *events, const struct aw_session *session,
	uint64_t after, const char *report, struct aw_stream **ret_stream);

/** When no stream is left. events may be NULL. */
void aw_events_end(struct aw_events *events);

#endif
