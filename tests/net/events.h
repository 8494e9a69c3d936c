/**
 * tests/net/events - a city with streams of events, a listener, and changes to hear of.
 */
#ifndef AW_TESTS_NET_EVENTS_H
#define AW_TESTS_NET_EVENTS_H

#include "net/events.h"

#include <pthread.h>
#include <sqlite3.h>

#include "city.h"
#include "city/intake/report.h"
#include "db/change.h"
#include "wire.h"

#define BEAT_MS 2000
#define MOST 6

/* A city whose screeners are of the screening centre. */
static inline void
open_city(struct city *city, struct aw_server_options options)
{
	sqlite3 *db = NULL;

	options.listen = "127.0.0.1:0";
	city_open_with(city, options);
	assert_int_equal(
		sqlite3_open_v2(city->db.url + strlen("sqlite:"), &db, SQLITE_OPEN_READWRITE, NULL),
		0);
	(void)sqlite3_busy_timeout(db, 10000); /* a worker writes, too */
	assert_int_equal(sqlite3_exec(db,
				 "UPDATE account SET unit = 'centre' WHERE login IN "
				 "('screener', 'dispatch_reviewer')",
				 NULL, NULL, NULL),
		SQLITE_OK);
	(void)sqlite3_close(db);
}

static inline int
setup(void **state)
{
	struct city *city = calloc(1, sizeof(*city));

	open_city(city, (struct aw_server_options){ .beat_ms = BEAT_MS, .streams_most = MOST });
	*state = city;
	return 0;
}

static inline int
teardown(void **state)
{
	city_close(*state);
	free(*state);
	return 0;
}

#define WITH_CITY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

/* -- a listener ----------------------------------------------------------------------------------- */

/* Asks for a stream; more: headers, each with its line end. */
static inline int
listen_to(struct city *city, struct aw_arena *arena, const char *target, const char *cookie,
	const char *more)
{
	int fd = wire_open(aw_server_port(city->server));

	wire_send(fd, aw_arena_printf(arena,
			      "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
			      "%s%s%s%s\r\n",
			      target, cookie == NULL ? "" : "Cookie: ",
			      cookie == NULL ? "" : cookie, cookie == NULL ? "" : "\r\n", more));
	return fd;
}

/* What comes until a word does, or for at most that long. */
static inline const char *
hear_until(struct aw_arena *arena, int fd, const char *word, int64_t most_ms)
{
	struct aw_buf heard = { .arena = arena };
	int64_t end_us = aw_monotonic_us() + most_ms * 1000;

	aw_buf_text(&heard, "");
	while (strstr(aw_buf_z(&heard), word) == NULL && aw_monotonic_us() < end_us) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		char piece[512];
		ssize_t got;

		if (poll(&one, 1, 20) == 0)
			continue;
		got = recv(fd, piece, sizeof(piece), 0);
		if (got <= 0)
			break;
		aw_buf_add(&heard, piece, (size_t)got);
	}
	return aw_arena_strdup(arena, aw_buf_z(&heard));
}

/* True when the other end closed within so long; what else comes is passed over. */
static inline bool
ends_within(int fd, int64_t most_ms)
{
	int64_t end_us = aw_monotonic_us() + most_ms * 1000;

	while (aw_monotonic_us() < end_us) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		char piece[512];

		if (poll(&one, 1, 20) > 0 && recv(fd, piece, sizeof(piece), 0) <= 0)
			return true;
	}
	return false;
}

static inline int
count_of(const char *heard, const char *word)
{
	int count = 0;

	for (const char *at = strstr(heard, word); at != NULL; at = strstr(at + 1, word))
		count++;
	return count;
}

/* The number of the last event. */
static inline const char *
id_of(struct aw_arena *arena, const char *heard)
{
	const char *id = NULL;

	for (const char *at = strstr(heard, "id: "); at != NULL; at = strstr(at + 1, "id: "))
		id = at + strlen("id: ");
	assert_non_null(id);
	return aw_arena_strndup(arena, id, strcspn(id, "\n"));
}

/* -- changes -------------------------------------------------------------------------------------- */

struct noting {
	int64_t report;
	int64_t wait_ms;
	bool fails;
};

static inline enum aw_status
note_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct noting *noting = arg;

	if (aw_change_note(tx, AW_REPORT_CHANGE, noting->report, err) != AW_OK)
		return err->status;
	(void)usleep((useconds_t)(noting->wait_ms * 1000));
	return noting->fails ? aw_fail(err, AW_CONFLICT, "not so") : AW_OK;
}

static inline void
note(struct city *city, struct noting noting)
{
	struct aw_error err = { 0 };

	assert_int_equal(aw_db_write(city->house.db, note_in, &noting, &err),
		noting.fails ? AW_CONFLICT : AW_OK);
}

#endif
