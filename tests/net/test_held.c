/* Reports past the limits of the public form: kept, held back, released or refused, in the log. */
#include "city/intake/held.h"

#include <sqlite3.h>

#include "city.h"

#define LIMIT 10 /* reports a minute that one address may send unlooked at */

static struct aw_reply
send_report(struct city *city, struct aw_arena *arena, int i, const char *address)
{
	struct aw_request request = city_request(arena, "POST", "/report");

	request.address = address;
	request.body = aw_str(aw_arena_printf(arena,
		"kind=adult_ipv&step=check&go=send&reporter.role=neighbour&"
		"incident.narrative=shouting+again+%d&persons.0.role=victim&persons.0.name=Lin",
		i));
	return city_ask(city, &request);
}

static int64_t
count_of(struct city *city, const char *statement)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t count;

	assert_int_equal(
		sqlite3_open_v2(city->db.url + strlen("sqlite:"), &db, SQLITE_OPEN_READONLY, NULL),
		0);
	assert_int_equal(sqlite3_prepare_v2(db, statement, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	count = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return count;
}

static void
change(struct city *city, const char *statement)
{
	sqlite3 *db = NULL;

	assert_int_equal(
		sqlite3_open_v2(city->db.url + strlen("sqlite:"), &db, SQLITE_OPEN_READWRITE, NULL),
		0);
	(void)sqlite3_busy_timeout(db, 10000); /* a worker writes, too */
	assert_int_equal(sqlite3_exec(db, statement, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
}

static struct aw_reply
ask(struct city *city, struct aw_arena *arena, const char *cookie, const char *method,
	const char *path, const char *body)
{
	struct aw_request request = city_request(arena, method, path);

	request.cookie = cookie;
	if (body != NULL) {
		request.csrf = city_csrf(city, arena, cookie);
		request.body = aw_str(body);
	}
	return city_ask(city, &request);
}

/* The number of the oldest report in a state. */
static const char *
number_in(struct city *city, struct aw_arena *arena, const char *state)
{
	struct aw_request request = city_request(arena, "GET", "/held.json");
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_error err = { 0 };
	struct aw_reply reply;
	const char *number;

	request.cookie = city_login(city, arena, "screener");
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 200);
	assert_ok(aw_json_parse(reply.body, NULL, &json, &err));
	number = aw_json_string(json_array_get(json_object_get(json, state), 0), "number");
	assert_non_null(number);
	return aw_arena_strdup(arena, number);
}

static void
what_is_too_much_is_kept_and_answered_like_the_rest(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;

	(void)state;
	city_open(&city, NULL, 0);
	for (int i = 0; i < 3 * LIMIT; i++) {
		struct aw_reply reply = send_report(&city, &arena, i, "192.0.2.7");

		if (reply.status != 200 || strstr(city_body(&arena, &reply), "RC1") == NULL)
			fail_msg("report %d: %d %s", i, reply.status, city_body(&arena, &reply));
	}
	assert_int_equal(count_of(&city, "SELECT count(*) FROM report"), 3 * LIMIT);
	assert_int_equal(
		count_of(&city, "SELECT count(*) FROM report WHERE state = 'held'"), 2 * LIMIT);
	assert_int_equal(count_of(&city, "SELECT count(*) FROM report_hold"), 2 * LIMIT);
	/* none of them is screened or counted, though the others are */
	assert_int_equal(count_of(&city, "SELECT count(*) FROM work_item"), LIMIT);
	assert_int_equal(count_of(&city, "SELECT count(*) FROM v_report"), LIMIT);
	assert_int_equal(count_of(&city, "SELECT count(*) FROM v_issue"), LIMIT);
	/* an entry each, like any other */
	assert_int_equal(count_of(&city, "SELECT count(*) FROM audit_entry WHERE action = "
					 "'report.send' AND outcome = 'ok'"),
		3 * LIMIT);
	/* somebody else is not concerned */
	(void)send_report(&city, &arena, 1000, "192.0.2.8");
	assert_int_equal(
		count_of(&city, "SELECT count(*) FROM report WHERE state <> 'held'"), LIMIT + 1);
	/* one source, one code */
	assert_int_equal(count_of(&city, "SELECT count(DISTINCT source) FROM report_hold"), 1);
	city_close(&city);
}

static void
the_steps_of_the_form_are_never_too_many(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;

	(void)state;
	city_open(&city, NULL, 0);
	for (int i = 0; i < 60; i++) {
		struct aw_request request = city_request(&arena, "POST", "/report");

		request.body = aw_str("kind=adult_ipv&step=tell&go=next");
		assert_int_not_equal(city_ask(&city, &request).status, 429);
	}
	/* what gives answers to guesses is */
	for (int i = 0; i < 31; i++) {
		struct aw_request request = city_request(&arena, "POST", "/status");

		request.body = aw_str("number=x&code=y");
		assert_int_equal(city_ask(&city, &request).status, i < 30 ? 200 : 429);
	}
	city_close(&city);
}

static void
a_screener_releases_and_refuses(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_reply reply;
	const char *cookie, *number;

	(void)state;
	city_open(&city, NULL, 0);
	cookie = city_login(&city, &arena, "screener");
	reply = ask(&city, &arena, cookie, "GET", "/held", NULL);
	assert_int_equal(reply.status, 200);
	assert_null(strstr(city_body(&arena, &reply), "href=\"/held\""));
	for (int i = 0; i < LIMIT + 4; i++)
		(void)send_report(&city, &arena, i, "2001:db8::7");
	reply = ask(&city, &arena, cookie, "GET", "/held", NULL);
	assert_non_null(strstr(city_body(&arena, &reply), "href=\"/held\"")); /* in the menu */

	number = number_in(&city, &arena, "rows");
	/* a screener of another unit learns that it is there, and not what it says */
	reply = ask(&city, &arena, cookie, "GET", "/held", NULL);
	assert_null(strstr(city_body(&arena, &reply), "shouting again"));
	change(&city, "UPDATE account SET unit = 'centre' WHERE login = 'screener'");
	reply = ask(&city, &arena, cookie, "GET", "/held", NULL);
	assert_non_null(strstr(city_body(&arena, &reply), "shouting again 13"));
	reply = ask(&city, &arena, cookie, "POST", "/held/release",
		aw_arena_printf(&arena, "numbers=%s", number));
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_last_of(&city, &arena, "report.release")->object, number);
	assert_int_equal(count_of(&city, "SELECT count(*) FROM work_item"), LIMIT + 1);
	reply = ask(&city, &arena, cookie, "POST", "/held/release",
		aw_arena_printf(&arena, "numbers=%s", number));
	assert_int_equal(reply.status, 409);

	number = number_in(&city, &arena, "rows");
	reply = ask(&city, &arena, cookie, "POST", "/held/refuse",
		aw_arena_printf(&arena, "numbers=%s", number));
	assert_int_equal(reply.status, 422); /* no reason */
	reply = ask(&city, &arena, cookie, "POST", "/held/refuse",
		aw_arena_printf(&arena, "numbers=%s&reason=because", number));
	assert_int_equal(reply.status, 422);
	reply = ask(&city, &arena, cookie, "POST", "/held/refuse", "reason=flood");
	assert_int_equal(reply.status, 422); /* nothing chosen */
	reply = ask(&city, &arena, cookie, "POST", "/held/refuse",
		aw_arena_printf(&arena, "numbers=%s&reason=flood", number));
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_last_of(&city, &arena, "report.refuse")->object, number);
	assert_int_equal(count_of(&city, "SELECT count(*) FROM report WHERE state = 'refused'"), 1);
	assert_int_equal(count_of(&city, "SELECT count(*) FROM v_report"), LIMIT + 1);

	/* the rest at once, and the refused one after all */
	reply = ask(&city, &arena, cookie, "POST", "/held/release", "all=1");
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_last_of(&city, &arena, "report.release")->object, "2 reports");
	assert_string_equal(number_in(&city, &arena, "refused"), number);
	reply = ask(&city, &arena, cookie, "POST", "/held/release",
		aw_arena_printf(&arena, "numbers=%s", number));
	assert_int_equal(reply.status, 303);
	assert_int_equal(count_of(&city, "SELECT count(*) FROM v_report"), LIMIT + 4);
	assert_int_equal(count_of(&city, "SELECT count(*) FROM work_item"), LIMIT + 4);
	assert_int_equal(
		count_of(&city, "SELECT count(*) FROM report_hold WHERE state <> 'released'"), 0);
	city_close(&city);
}

AW_TESTS(cmocka_unit_test(what_is_too_much_is_kept_and_answered_like_the_rest),
	cmocka_unit_test(the_steps_of_the_form_are_never_too_many),
	cmocka_unit_test(a_screener_releases_and_refuses))
