/* Streams of events: who hears of a report, and what is no use of a session. */
#include "events.h"

/* -- of one report --------------------------------------------------------------------------------- */

static const char *
send_report(struct city *city, struct aw_arena *arena, const char *bearer, const char *key)
{
	struct aw_request request = city_request(arena, "POST", "/reports");
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_error err = { 0 };
	struct aw_reply reply;

	request.authorization = bearer;
	request.content_type = "application/json";
	request.idempotency_key = key;
	request.body = aw_str("{\"kind\":\"adult_ipv\",\"channel\":\"police\",\"persons\":"
			      "[{\"role\":\"victim\",\"name\":\"Lin\",\"sex\":\"F\"}]}");
	reply = city_ask(city, &request);
	assert_true(reply.status == 200 || reply.status == 201);
	assert_ok(aw_json_parse(reply.body, NULL, &json, &err));
	return aw_arena_strdup(arena, aw_json_string(json, "number"));
}

static int
look(struct city *city, struct aw_arena *arena, const char *cookie, const char *number)
{
	struct aw_request request =
		city_request(arena, "GET", aw_arena_printf(arena, "/reports/%s.json", number));

	request.cookie = cookie;
	return city_ask(city, &request).status;
}

/* Until the worker has screened it: what it does to it is over then. */
static void
wait_until_screened(
	struct city *city, struct aw_arena *arena, const char *cookie, const char *number)
{
	struct aw_request request =
		city_request(arena, "GET", aw_arena_printf(arena, "/reports/%s.json", number));
	int64_t end_us = aw_monotonic_us() + 20000000;
	bool screened = false;

	request.cookie = cookie;
	while (!screened && aw_monotonic_us() < end_us) {
		struct aw_reply reply = city_ask(city, &request);

		screened = reply.status == 200 &&
			   strstr(city_body(arena, &reply), "\"may_claim\":true") != NULL;
		(void)usleep(50 * 1000);
	}
	assert_true(screened);
}

static void
a_report_is_heard_of_by_who_may_know_of_it_and_by_its_own_page_alone(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *bearer = city_bearer(city, &arena);
	const char *one = send_report(city, &arena, bearer, "one"),
		   *other = send_report(city, &arena, bearer, "other");
	const char *screener = city_login(city, &arena, "screener"),
		   *stranger = city_login(city, &arena, "administrator");
	struct aw_request claim =
		city_request(&arena, "POST", aw_arena_printf(&arena, "/reports/%s/claim", one));
	const char *const numbers[] = { one, other, one };
	int fd[3];

	wait_until_screened(city, &arena, screener, one);
	wait_until_screened(city, &arena, screener, other);
	assert_int_not_equal(look(city, &arena, stranger, one), 200);
	for (size_t i = 0; i < AW_COUNT(fd); i++) {
		fd[i] = listen_to(city, &arena,
			aw_arena_printf(&arena, "/events?report=%s", numbers[i]),
			i < 2 ? screener : stranger, "");
		assert_int_equal(wire_status(hear_until(&arena, fd[i], "retry:", 5000)), 200);
	}
	(void)usleep(500 * 1000); /* they were looked up */
	claim.cookie = screener;
	claim.csrf = city_csrf(city, &arena, screener);
	assert_int_equal(city_ask(city, &claim).status, 303);
	assert_non_null(strstr(hear_until(&arena, fd[0], "event: report", 5000), "event: report"));
	assert_null(strstr(hear_until(&arena, fd[1], "event: report", 1000), "event: report"));
	assert_null(strstr(hear_until(&arena, fd[2], "event:", 1000), "event:"));
	for (size_t i = 0; i < AW_COUNT(fd); i++)
		(void)close(fd[i]);
}

/* What only time or another room does, written beside the program. */
static void
alter(struct city *city, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;

	assert_int_equal(
		sqlite3_open_v2(city->db.url + strlen("sqlite:"), &db, SQLITE_OPEN_READWRITE, NULL),
		SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 10000); /* a worker writes, too */
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	(void)sqlite3_close(db);
}

static int64_t
number_of(struct city *city, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	int64_t number;

	assert_int_equal(
		sqlite3_open_v2(city->db.url + strlen("sqlite:"), &db, SQLITE_OPEN_READONLY, NULL),
		SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 10000);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	number = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return number;
}

/* A unit that serves the respondent may look at its own part of the report, and hears of nothing: what is
 * done on the protected side would tell that something is. The same unit on another side hears. */
static void
a_respondents_unit_hears_nothing_of_the_protected_side(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *number = send_report(city, &arena, city_bearer(city, &arena), "both");
	const char *screener = city_login(city, &arena, "screener"), *theirs;
	int64_t report;

	wait_until_screened(city, &arena, screener, number);
	alter(city, "UPDATE account SET unit = 'mental_health' WHERE login = 'supervisor'");
	alter(city, "INSERT INTO dispatch (id, report, decision, unit, role, person, side, task, "
		    "basis, "
		    "state, recorded_at) SELECT 9001, d.report, d.id, 'mental_health', 'co', NULL, "
		    "'respondent', 'serve', 'edited', 'accepted', 1 FROM decision d");
	theirs = city_login(city, &arena, "supervisor");
	report = number_of(city, "SELECT max(report) FROM decision");
	for (int serves = 0; serves < 2; serves++) {
		int all = 0, page;

		if (serves)
			alter(city, "UPDATE dispatch SET side = 'neutral' WHERE id = 9001");
		all = listen_to(city, &arena, "/events", theirs, "");
		page = listen_to(city, &arena, aw_arena_printf(&arena, "/events?report=%s", number),
			theirs, "");
		(void)hear_until(&arena, all, "retry:", 5000);
		(void)hear_until(&arena, page, "retry:", 5000);
		(void)usleep(500 * 1000); /* they were looked up */
		note(city, (struct noting){ .report = report });
		if (serves) {
			assert_non_null(strstr(
				hear_until(&arena, all, "event: board", 5000), "event: board"));
			assert_non_null(strstr(
				hear_until(&arena, page, "event: report", 5000), "event: report"));
		} else {
			assert_int_equal(look(city, &arena, theirs, number), 200);
			assert_null(strstr(hear_until(&arena, all, "event:", 1500), "event:"));
			assert_null(strstr(hear_until(&arena, page, "event:", 500), "event:"));
		}
		(void)close(all);
		(void)close(page);
	}
}

#define SEEN_AT                                                                                    \
	"SELECT max(s.seen_at) FROM session s JOIN account a ON a.id = s.account "                 \
	"WHERE a.login = 'screener'"

static void
listening_does_not_keep_a_session_alive_and_leaves_no_entry(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *cookie = city_login(city, &arena, "screener");
	const struct aw_log_entry *before = city_last_of(city, &arena, "events"), *login;
	int64_t seen_at;
	int fd;

	alter(city, "UPDATE session SET seen_at = seen_at - 60000");
	seen_at = number_of(city, SEEN_AT);
	fd = listen_to(city, &arena, "/events", cookie, "");
	(void)hear_until(&arena, fd, "retry:", 5000);
	(void)hear_until(&arena, fd, ":\n\n", 2 * BEAT_MS); /* looked up again meanwhile */
	assert_true(number_of(city, SEEN_AT) == seen_at);
	login = city_last_of(city, &arena, "login.ok");
	assert_non_null(login);
	assert_true(before == NULL && city_last_of(city, &arena, "events") == NULL);
	(void)close(fd);
}

static int
board(struct city *city, struct aw_arena *arena, const char *cookie, bool by_itself)
{
	struct aw_request request = city_request(arena, "GET", "/board");

	request.cookie = cookie;
	request.refresh = by_itself ? "1" : NULL;
	return city_ask(city, &request).status;
}

/* The board fetches itself every 30 s: an open page would be a session without an end. */
static void
a_page_that_fetches_itself_does_not_keep_a_session_alive(void **state)
{
	struct city *city = *state;
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *cookie = city_login(city, &arena, "screener");
	int64_t seen_at;

	alter(city, "UPDATE session SET seen_at = seen_at - 1740000"); /* 29 minutes */
	seen_at = number_of(city, SEEN_AT);
	assert_int_equal(board(city, &arena, cookie, true), 200);
	assert_non_null(city_last_of(city, &arena, "dispatch.board")); /* a look all the same */
	assert_true(number_of(city, SEEN_AT) == seen_at);
	assert_int_equal(
		board(city, &arena, cookie, false), 200); /* the control: somebody is there */
	assert_true(number_of(city, SEEN_AT) > seen_at + 1700000);
	/* two minutes before the limit, a poll, and three minutes later */
	alter(city, "UPDATE session SET seen_at = seen_at - 1680000");
	assert_int_equal(board(city, &arena, cookie, true), 200);
	alter(city, "UPDATE session SET seen_at = seen_at - 180000");
	assert_int_equal(board(city, &arena, cookie, true), 303);
	assert_int_equal(board(city, &arena, cookie, false), 303);
}

AW_TESTS(WITH_CITY(a_report_is_heard_of_by_who_may_know_of_it_and_by_its_own_page_alone),
	WITH_CITY(a_respondents_unit_hears_nothing_of_the_protected_side),
	WITH_CITY(listening_does_not_keep_a_session_alive_and_leaves_no_entry),
	WITH_CITY(a_page_that_fetches_itself_does_not_keep_a_session_alive))
