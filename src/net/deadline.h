/**
 * net/deadline - absolute time limits for sockets, kept by a sweeper.
 * Layer: net.  Threads: a set is shared; the sweeper is a thread of its own.
 * Example: tests/net/test_http.c
 *
 * The library's own time-out is one of inactivity: a sender of one byte a second lives for ever
 * (measured). Here each stage of a connection has an end that no trickle moves; past it the sweeper
 * shuts the socket down, and the library then closes it.
 */
#ifndef AW_NET_DEADLINE_H
#define AW_NET_DEADLINE_H

#include <stdint.h>

#include "base/error.h"

struct aw_deadlines; /* opaque: the set and its sweeper */
struct aw_deadline;  /* opaque: one connection's */

#define AW_DEADLINE_NEVER INT64_MAX

AW_MUST_CHECK enum aw_status
aw_deadlines_start(struct aw_deadlines **ret_set, struct aw_error *err);
/** Stops the sweeper. Every deadline must have been ended. set may be NULL. */
void aw_deadlines_end(struct aw_deadlines *set);

/** Watches a socket; it must stay open until aw_deadline_end. */
struct aw_deadline *aw_deadline_new(struct aw_deadlines *set, int fd, int64_t in_ms);
/** Moves the end to in_ms from now, or to never. */
void aw_deadline_set(struct aw_deadlines *set, struct aw_deadline *deadline, int64_t in_ms);
void aw_deadline_end(struct aw_deadlines *set, struct aw_deadline *deadline);

#endif
