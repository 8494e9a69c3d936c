/* Telling open pages that something of theirs has changed. */
#include "net/events.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "city/intake/report.h"
#include "db/change.h"
#include "net/hear.h"
#include "net/life.h"

#define POLL_MS 500 /* how often other servers are followed while somebody listens */
#define REST_MS 200 /* between two readings, however much is committed */
#define BEAT_MS 20000
#define RETRY_MS 5000 /* a browser comes back behind so long */

static const char *const topics[AW_TOPICS] = { "board", "work", "report" };

/* -- what was committed ----------------------------------------------------------------------------- */

static void
told(const char *kind, int64_t reference, uint64_t number, void *arg)
{
	struct aw_events *events = arg;
	bool of_unit = strcmp(kind, AW_UNIT_CHANGE) == 0;

	pthread_mutex_lock(&events->lock);
	events->number = number;
	if (of_unit || strcmp(kind, AW_REPORT_CHANGE) == 0) {
		if (events->note_count == AW_EVENTS_NOTES) {
			events->floor = events->notes[events->note_first].number;
			events->note_first = (events->note_first + 1) % AW_EVENTS_NOTES;
			events->note_count--;
		}
		events->notes[(events->note_first + events->note_count++) % AW_EVENTS_NOTES] =
			(struct aw_events_note){ of_unit, reference, number };
		events->woken = true;
		pthread_cond_signal(&events->some);
	}
	pthread_mutex_unlock(&events->lock);
}

static enum aw_status
begin(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct aw_events *events = arg;
	uint64_t sees = aw_tx_number(tx);

	(void)err;
	pthread_mutex_lock(&events->lock);
	events->floor = sees;
	events->number = events->number < sees ? sees : events->number;
	pthread_mutex_unlock(&events->lock);
	return AW_OK;
}

/* -- the teller ------------------------------------------------------------------------------------- */

static void
free_listener(struct aw_listener *l)
{
	aw_arena_done(&l->arena);
	free(l);
}

/* Those who listen, in the arena; who has left is freed. Under the lock. */
static struct aw_listener **
gather(struct aw_events *events, struct aw_arena *arena, size_t *ret_count)
{
	struct aw_listener **all = AW_NEW_ARRAY(arena, struct aw_listener *, events->count);
	struct aw_listener **at = &events->first;
	size_t count = 0;

	while (*at != NULL) {
		struct aw_listener *l = *at;

		if (l->left) {
			*at = l->next;
			free_listener(l);
			continue;
		}
		if (!l->over)
			all[count++] = l;
		at = &l->next;
	}
	*ret_count = count;
	return all;
}

static void
wait_ms(struct aw_events *events, int64_t ms)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	(void)pthread_cond_timedwait(&events->some, &events->lock, &until);
}

/* False when the end was called. Nobody listens: nothing is read. */
static bool
wait_for_some(struct aw_events *events)
{
	int64_t begin_us = aw_monotonic_us();

	while (!events->ending &&
		(events->first == NULL || aw_monotonic_us() - begin_us < REST_MS * 1000 ||
			(!events->woken && aw_monotonic_us() - begin_us < POLL_MS * 1000)))
		wait_ms(events, events->woken || events->first == NULL ? REST_MS : POLL_MS);
	events->woken = false;
	return !events->ending;
}

static void *
run(void *arg)
{
	struct aw_events *events = arg;

	pthread_mutex_lock(&events->lock);
	while (wait_for_some(events)) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_error err = { 0 };
		size_t count;
		struct aw_listener **all = gather(events, &arena, &count);

		pthread_mutex_unlock(&events->lock);
		/* a database that is away is told of by those who need it more; the next time around */
		if (count > 0 && aw_events_hear(events, all, count, &err) == AW_OK)
			atomic_store(&events->stirred, true);
		pthread_mutex_lock(&events->lock);
	}
	pthread_mutex_unlock(&events->lock);
	return NULL;
}

enum aw_status
aw_events_start(const struct aw_events_options *options, struct aw_events **ret_events,
	struct aw_error *err)
{
	struct aw_events *events = calloc(1, sizeof(*events));
	pthread_condattr_t monotonic;
	int code;

	if (events == NULL)
		aw_die("out of memory");
	events->house = options->house;
	events->most = options->most > 0 ? options->most : AW_EVENTS_MOST;
	events->check_us = (options->beat_ms > 0 ? options->beat_ms : BEAT_MS) * 1000 / 2;
	pthread_mutex_init(&events->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&events->some, &monotonic);
	pthread_condattr_destroy(&monotonic);
	aw_db_listen(events->house->db, told, events);
	if (aw_db_read(events->house->db, begin, events, err) != AW_OK) {
		aw_events_end(events);
		return err->status;
	}
	code = pthread_create(&events->thread, NULL, run, events);
	events->started = code == 0;
	if (code != 0) {
		aw_events_end(events);
		return aw_fail(err, AW_IO, "a thread cannot be started: %s", strerror(code));
	}
	*ret_events = events;
	return AW_OK;
}

atomic_bool *
aw_events_stirred(struct aw_events *events)
{
	return &events->stirred;
}

void
aw_events_end(struct aw_events *events)
{
	if (events == NULL)
		return;
	aw_db_listen(events->house->db, NULL, NULL);
	pthread_mutex_lock(&events->lock);
	events->ending = true;
	pthread_cond_signal(&events->some);
	pthread_mutex_unlock(&events->lock);
	if (events->started)
		pthread_join(events->thread, NULL);
	for (struct aw_listener *l = events->first, *next; l != NULL; l = next) {
		next = l->next;
		free_listener(l);
	}
	pthread_cond_destroy(&events->some);
	pthread_mutex_destroy(&events->lock);
	free(events);
}

/* -- a stream --------------------------------------------------------------------------------------- */

static struct aw_listener *
listener_of(struct aw_stream *stream)
{
	return (struct aw_listener *)(void *)stream; /* its first member */
}

static void add(struct aw_listener *l, size_t *len, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void
add(struct aw_listener *l, size_t *len, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*len += (size_t)vsnprintf(l->words + *len, sizeof(l->words) - *len, format, args);
	va_end(args);
}

static struct aw_str
say(struct aw_stream *stream, bool beat)
{
	struct aw_listener *l = listener_of(stream);
	unsigned pending;
	uint64_t number;
	size_t len = 0;
	bool over;

	pthread_mutex_lock(&l->events->lock);
	pending = l->pending;
	l->pending = 0;
	number = l->told;
	over = l->over;
	pthread_mutex_unlock(&l->events->lock);
	if (over)
		return (struct aw_str){ 0 };
	if (!l->greeted)
		add(l, &len, "retry: %d\n\n", RETRY_MS);
	l->greeted = true;
	for (size_t i = 0; i < AW_TOPICS; i++)
		if ((pending & 1u << i) != 0)
			add(l, &len, "id: %" PRIu64 "\nevent: %s\ndata: %" PRIu64 "\n\n", number,
				topics[i], number);
	if (len == 0 && beat)
		add(l, &len, ":\n\n");
	return (struct aw_str){ l->words, len };
}

static void
gone(struct aw_stream *stream)
{
	struct aw_listener *l = listener_of(stream);
	struct aw_events *events = l->events;

	pthread_mutex_lock(&events->lock);
	l->left = true;
	events->count--;
	pthread_mutex_unlock(&events->lock);
}

enum aw_events_room
aw_events_open(struct aw_events *events, const struct aw_session *session, uint64_t after,
	const char *report, struct aw_stream **ret_stream)
{
	struct aw_listener *l = calloc(1, sizeof(*l));
	enum aw_events_room room = AW_EVENTS_OPEN;
	size_t own = 0;

	if (l == NULL)
		aw_die("out of memory");
	l->stream = (struct aw_stream){ say, gone };
	l->events = events;
	l->seen = after;
	memcpy(l->session, session->hash, sizeof(l->session));
	if (report != NULL && strlen(report) < sizeof(l->number))
		memcpy(l->number, report, strlen(report) + 1);
	pthread_mutex_lock(&events->lock);
	for (const struct aw_listener *other = events->first; other != NULL; other = other->next)
		own += !other->left && memcmp(other->session, l->session, 32) == 0;
	if (own >= AW_EVENTS_A_SESSION)
		room = AW_EVENTS_SESSION_FULL;
	else if (events->count >= events->most)
		room = AW_EVENTS_FULL;
	if (room == AW_EVENTS_OPEN) {
		if (after == 0) /* from now on */
			l->seen = events->number;
		l->next = events->first;
		events->first = l;
		events->count++;
		events->woken = true;
		pthread_cond_signal(&events->some);
	}
	pthread_mutex_unlock(&events->lock);
	if (room == AW_EVENTS_OPEN)
		*ret_stream = &l->stream;
	else
		free(l);
	return room;
}

/* -- the route -------------------------------------------------------------------------------------- */

/* 0: from now on. */
static uint64_t
after_of(const struct aw_life *life)
{
	const char *last = life->request->last_event_id;
	int64_t number = 0;

	if (last == NULL)
		last = aw_life_value(life, "after");
	if (last == NULL || !aw_str_int64(aw_str(last), &number) || number < 0)
		return 0;
	return (uint64_t)number;
}

enum aw_status
aw_own_events(struct aw_life *life, struct aw_error *err)
{
	struct aw_reply *reply = life->reply;
	enum aw_events_room room = AW_EVENTS_OPEN;

	(void)err;
	if (strcmp(life->request->method, "HEAD") != 0)
		room = aw_events_open(life->server->events, &life->session, after_of(life),
			aw_life_value(life, "report"), &reply->stream);
	if (room != AW_EVENTS_OPEN) { /* no fault to be told of: the door counts it */
		aw_reply_plain(life->arena, reply, room == AW_EVENTS_FULL ? 503 : 429,
			"Too many pages listen at once.");
		aw_reply_header(life->arena, reply, "Retry-After", "60");
		return AW_OK;
	}
	reply->status = 200;
	reply->content_type = "text/event-stream";
	/* nginx holds replies back until they are long enough, unless told so */
	aw_reply_header(life->arena, reply, "X-Accel-Buffering", "no");
	return AW_OK;
}
