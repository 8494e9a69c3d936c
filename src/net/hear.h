/**
 * net/hear - who may hear of which change.
 * Layer: net, inside net/events alone.  Threads: the teller's, but for what the lock guards.
 */
#ifndef AW_NET_HEAR_H
#define AW_NET_HEAR_H

#include <pthread.h>

#include "net/events.h"

enum {
	AW_TOPIC_BOARD = 1 << 0,
	AW_TOPIC_WORK = 1 << 1,
	AW_TOPIC_REPORT = 1 << 2,
	AW_TOPICS = 3,
	AW_EVENTS_NOTES = 1024,	      /* that are remembered */
	AW_EVENTS_NOTES_AT_ONCE = 64, /* looked at one by one for somebody who missed them */
};

struct aw_events_note {
	bool of_unit; /* reference is an account whose unit's work it is; else a report */
	int64_t reference;
	uint64_t number;
};

struct aw_listener {
	struct aw_stream stream;
	struct aw_events *events;
	struct aw_listener *next;
	uint8_t session[32];
	char number[33]; /* of a report; "": none */
	/* the teller's */
	uint64_t seen;
	int64_t checked_us;    /* 0: never */
	struct aw_arena arena; /* of the viewer */
	struct aw_viewer viewer;
	unsigned may;	/* topics, but for the report */
	int64_t report; /* 0: none that may be heard of */
	/* under the lock */
	unsigned pending;
	uint64_t told;
	bool over, left;
	/* the connection's */
	bool greeted;
	char words[320];
};

struct aw_events {
	struct aw_house *house;
	size_t most;
	int64_t check_us;
	atomic_bool stirred;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t some;
	bool ending, woken;
	struct aw_listener *first;
	size_t count; /* that have not left */
	struct aw_events_note notes[AW_EVENTS_NOTES];
	size_t note_first, note_count;
	uint64_t number; /* of the last one told */
	uint64_t floor;	 /* nothing is remembered of what is not behind it */
};

/** One reading for all of these listeners: fills what is pending for them, or says that they are over.
 *  What failed leaves them as they were, to be looked at again. */
AW_MUST_CHECK enum aw_status aw_events_hear(struct aw_events *events,
	struct aw_listener *const *listeners, size_t count, struct aw_error *err);

#endif
