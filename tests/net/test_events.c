/* Streams of events: who hears what, when, for how long, and how many may. */
#include "events.h"

static void *
note_slowly(void *arg)
{
	note(arg, (struct noting){ .report = 1, .wait_ms = 1000 });
	return NULL;
}

/* -- tests ---------------------------------------------------------------------------------------- */

static void
an_event_comes_behind_the_commit_and_never_before(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	int fd = listen_to(city, &arena, "/events", city_login(city, &arena, "screener"), "");
	const char *heard = hear_until(&arena, fd, "retry:", 5000);
	pthread_t thread;

	assert_int_equal(wire_status(heard), 200);
	assert_null(wire_lacks_header(heard));
	assert_non_null(strstr(heard, "Content-Type: text/event-stream\r\n"));
	assert_null(strstr(heard, "Content-Length"));
	assert_null(strstr(heard, "event:"));
	note(city, (struct noting){ .report = 1, .fails = true });
	assert_null(strstr(hear_until(&arena, fd, "event:", 800), "event:"));
	assert_int_equal(pthread_create(&thread, NULL, note_slowly, city), 0);
	assert_null(strstr(hear_until(&arena, fd, "event:", 700), "event:"));
	heard = hear_until(&arena, fd, "event: board\n", 5000);
	assert_non_null(strstr(heard, "event: board\n"));
	/* a topic and a number: nothing of what it was */
	assert_null(strstr(hear_until(&arena, fd, "event: report", 300), "report"));
	pthread_join(thread, NULL);
	(void)close(fd);
}

static void
nobody_hears_without_a_session(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *token =
		aw_arena_printf(&arena, "Authorization: %s\r\n", city_bearer(city, &arena));
	const char *cookie = city_login(city, &arena, "screener");
	const struct {
		const char *cookie, *more;
		int status;
	} cases[] = {
		{ NULL, "", 401 },
		{ "__Host-anwang="
		  "0000000000000000000000000000000000000000000000000000000000000000",
			"", 401 },
		{ NULL, token, 403 },
		{ cookie, "", 200 },
	};
	const char *reply;

	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		int fd = listen_to(city, &arena, "/events", cases[i].cookie, cases[i].more);

		reply = hear_until(&arena, fd, "\r\n\r\n", 5000);
		assert_int_equal(wire_status(reply), cases[i].status);
		assert_int_equal(
			strstr(reply, "text/event-stream") != NULL, cases[i].status == 200);
		(void)close(fd);
	}
	reply = wire_ask(&arena, aw_server_port(city->server),
		aw_arena_printf(&arena,
			"HEAD /events HTTP/1.1\r\nHost: h\r\nCookie: %s\r\n"
			"Connection: close\r\n\r\n",
			cookie));
	assert_int_equal(wire_status(reply), 200);
}

static void
who_has_no_board_or_no_part_in_a_report_does_not_hear_of_it(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	static const char *const logins[] = { "screener", "worker", "supervisor" };
	int fd[3];

	assert_false(aw_policy_may(aw_house_policy(&city->house), "worker", "dispatch.board"));
	assert_true(aw_policy_may(aw_house_policy(&city->house), "supervisor", "dispatch.board"));
	for (size_t i = 0; i < AW_COUNT(fd); i++) {
		fd[i] = listen_to(city, &arena, "/events", city_login(city, &arena, logins[i]), "");
		(void)hear_until(&arena, fd[i], "retry:", 5000);
	}
	note(city, (struct noting){ .report = 1 });
	for (size_t i = 0; i < AW_COUNT(fd); i++) {
		const char *heard = hear_until(&arena, fd[i], "event: board", i == 0 ? 5000 : 1000);

		assert_int_equal(count_of(heard, "event: board"), i == 0);
		(void)close(fd[i]);
	}
}

static void
what_was_missed_is_one_event(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *cookie = city_login(city, &arena, "screener"), *heard, *id;
	int fd = listen_to(city, &arena, "/events", cookie, "");

	(void)hear_until(&arena, fd, "retry:", 5000);
	note(city, (struct noting){ .report = 1 });
	id = id_of(&arena, hear_until(&arena, fd, "event: board", 5000));
	(void)close(fd);
	for (int i = 0; i < 3; i++)
		note(city, (struct noting){ .report = i });
	/* by the header of a browser that comes back, by the number of a page, and by both */
	for (int i = 0; i < 3; i++) {
		fd = listen_to(city, &arena,
			i == 0 ? "/events"
			       : aw_arena_printf(&arena, "/events?after=%s", i == 1 ? id : "1"),
			cookie, i == 1 ? "" : aw_arena_printf(&arena, "Last-Event-ID: %s\r\n", id));
		heard = hear_until(&arena, fd, "nothing more", 1200);
		assert_int_equal(count_of(heard, "event: board"), 1);
		(void)close(fd);
	}
	id = id_of(&arena, heard);
	fd = listen_to(city, &arena, "/events", cookie,
		aw_arena_printf(&arena, "Last-Event-ID: %s\r\n", id));
	assert_int_equal(count_of(hear_until(&arena, fd, "event:", 1200), "event:"), 0);
	(void)close(fd);
	/* what nobody remembers, and a number of another database */
	for (int i = 0; i < 2; i++) {
		fd = listen_to(city, &arena,
			i == 0 ? "/events?after=1" : "/events?after=9000000000000000000", cookie,
			"");
		heard = hear_until(&arena, fd, "event: board", 5000);
		assert_int_equal(count_of(heard, "event: board"), 1);
		(void)close(fd);
	}
}

static void
a_page_knows_from_where_on_it_wants_to_hear(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "GET", "/board");
	const char *at, *number;
	struct aw_reply reply;
	int fd;

	request.cookie = city_login(city, &arena, "screener");
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 200);
	at = strstr(city_body(&arena, &reply), " data-live=\"board\" data-at=\"");
	assert_non_null(at);
	at += strlen(" data-live=\"board\" data-at=\"");
	number = aw_arena_strndup(&arena, at, strcspn(at, "\""));
	/* nothing yet; then what happens between the page and its stream */
	for (int changes = 0; changes < 2; changes++) {
		if (changes > 0)
			note(city, (struct noting){ .report = 1 });
		fd = listen_to(city, &arena, aw_arena_printf(&arena, "/events?after=%s", number),
			request.cookie, "");
		at = hear_until(&arena, fd, "event: board", 1500);
		assert_int_equal(count_of(at, "event: board"), changes);
		(void)close(fd);
	}
}

static void
a_stream_beats_and_ends_with_its_session(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *mine = city_login(city, &arena, "screener"),
		   *other = city_login(city, &arena, "dispatch_reviewer");
	struct aw_request request = city_request(&arena, "POST", "/logout");
	int fd = listen_to(city, &arena, "/events", mine, "");
	int stays = listen_to(city, &arena, "/events", other, "");

	assert_non_null(strstr(hear_until(&arena, fd, "\n:\n\n", 2 * BEAT_MS), "\n:\n\n"));
	assert_non_null(strstr(hear_until(&arena, fd, ":\n\n", 2 * BEAT_MS), ":\n\n"));
	request.cookie = mine;
	request.csrf = city_csrf(city, &arena, mine);
	assert_int_equal(city_ask(city, &request).status, 303);
	assert_true(ends_within(fd, BEAT_MS));
	assert_false(ends_within(stays, BEAT_MS)); /* the other session is still there */
	request = city_request(&arena, "POST", "/accounts/dispatch_reviewer/disable");
	request.cookie = city_login(city, &arena, "administrator");
	request.csrf = city_csrf(city, &arena, request.cookie);
	assert_int_equal(city_ask(city, &request).status, 303);
	assert_true(ends_within(stays, BEAT_MS));
	(void)close(fd);
	(void)close(stays);
}

/* Waits until the server has noticed that connections are gone. */
static int
status_soon(struct city *city, struct aw_arena *arena, const char *cookie, int status)
{
	int64_t end_us = aw_monotonic_us() + 5000000;
	int got = 0;

	while (got != status && aw_monotonic_us() < end_us) {
		int fd = listen_to(city, arena, "/events", cookie, "");

		got = wire_status(hear_until(arena, fd, "\r\n\r\n", 5000));
		(void)close(fd);
	}
	return got;
}

static void
a_session_and_the_house_have_so_many_streams_and_no_more(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *one = city_login(city, &arena, "screener"),
		   *other = city_login(city, &arena, "dispatch_reviewer"), *reply;
	int open[MOST], more;

	for (int i = 0; i < MOST; i++) {
		open[i] = listen_to(
			city, &arena, "/events", i < AW_EVENTS_A_SESSION ? one : other, "");
		assert_int_equal(wire_status(hear_until(&arena, open[i], "retry:", 5000)), 200);
	}
	for (int i = 0; i < 2; i++) {
		more = listen_to(city, &arena, "/events", i == 0 ? one : other, "");
		reply = hear_until(&arena, more, "\r\n\r\n", 5000);
		assert_int_equal(wire_status(reply), i == 0 ? 429 : 503);
		assert_non_null(strstr(reply, "Retry-After: "));
		(void)close(more);
	}
	(void)close(open[0]);
	assert_int_equal(status_soon(city, &arena, other, 200), 200);
	for (int i = 1; i < MOST; i++)
		(void)close(open[i]);
}

/* -- many ----------------------------------------------------------------------------------------- */

enum { STREAMS = 500 };

/* A login from an address of its own: one address may not try so often. */
static const char *
login_from(struct city *city, struct aw_arena *arena, int i)
{
	struct aw_request request = city_request(arena, "POST", "/login");
	struct aw_reply reply;
	struct aw_str rest;
	const char *cookie;

	request.address = aw_arena_printf(arena, "198.51.%d.%d", i / 200, i % 200 + 1);
	request.body = aw_str("login=screener&password=correct+horse+battery");
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 303);
	cookie = city_header(&reply, "Set-Cookie");
	return aw_arena_strndup(arena, cookie, aw_str_cut(aw_str(cookie), ';', &rest).len);
}

static void
idle_streams_hold_nobody_up_and_all_of_them_hear(void **state)
{
	struct city city;
	AW_SCOPE(aw_arena) arena = { 0 };
	int *fds = AW_NEW_ARRAY(&arena, int, STREAMS);
	int64_t begin_us, worst_us = 0;
	const char *cookie = NULL;

	(void)state;
	open_city(&city, (struct aw_server_options){ 0 });
	for (int i = 0; i < STREAMS; i++) {
		if (i % AW_EVENTS_A_SESSION == 0)
			cookie = login_from(&city, &arena, i / AW_EVENTS_A_SESSION);
		fds[i] = listen_to(&city, &arena, "/events", cookie, "");
		assert_int_equal(wire_status(hear_until(&arena, fds[i], "retry:", 10000)), 200);
	}
	for (int i = 0; i < 200; i++) {
		begin_us = aw_monotonic_us();
		assert_int_equal(
			wire_status(wire_ask(&arena, aw_server_port(city.server),
				"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")),
			200);
		begin_us = aw_monotonic_us() - begin_us;
		worst_us = begin_us > worst_us ? begin_us : worst_us;
	}
	begin_us = aw_monotonic_us();
	note(&city, (struct noting){ .report = 1 });
	for (int i = 0; i < STREAMS; i++)
		assert_non_null(
			strstr(hear_until(&arena, fds[i], "event: board", 20000), "event: board"));
	print_message("# %d idle streams: the slowest of 200 requests %lld us; an event at all of "
		      "them after %lld ms\n",
		STREAMS, (long long)worst_us, (long long)(aw_monotonic_us() - begin_us) / 1000);
	assert_true(worst_us < 2000000); /* a machine may be busy; a thread that waits is longer */
	begin_us = aw_monotonic_us();
	city_close(&city); /* with all of them open */
	assert_true(aw_monotonic_us() - begin_us < 10000000);
	for (int i = 0; i < STREAMS; i++) {
		assert_true(ends_within(fds[i], 1000));
		(void)close(fds[i]);
	}
}

AW_TESTS(WITH_CITY(an_event_comes_behind_the_commit_and_never_before),
	WITH_CITY(nobody_hears_without_a_session),
	WITH_CITY(who_has_no_board_or_no_part_in_a_report_does_not_hear_of_it),
	WITH_CITY(what_was_missed_is_one_event),
	WITH_CITY(a_page_knows_from_where_on_it_wants_to_hear),
	WITH_CITY(a_stream_beats_and_ends_with_its_session),
	WITH_CITY(a_session_and_the_house_have_so_many_streams_and_no_more),
	cmocka_unit_test(idle_streams_hold_nobody_up_and_all_of_them_hear))
