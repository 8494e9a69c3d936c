/* One's own open sessions: seen, and ended from another one. */
#include <sqlite3.h>

#include "city.h"

#define EDGE                                                                                       \
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "        \
	"Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0"
#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"
#define FAR "203.0.113.50"

/* Signs in; the cookie. */
static const char *
sign_in(struct city *city, struct aw_arena *arena, const char *login, const char *agent,
	const char *address)
{
	struct aw_request request = city_request(arena, "POST", "/login");
	struct aw_reply reply;

	request.agent = agent;
	if (address != NULL)
		request.address = address;
	request.body =
		aw_str(aw_arena_printf(arena, "login=%s&password=correct+horse+battery", login));
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 303);
	return city_cookie(arena, &reply);
}

static bool
is_in(struct city *city, struct aw_arena *arena, const char *cookie)
{
	return city_get(city, arena, cookie, "/account").status == 200;
}

static struct aw_reply
post(struct city *city, struct aw_arena *arena, const char *cookie, const char *path,
	const char *code)
{
	struct aw_request request = city_request(arena, "POST", path);

	request.cookie = cookie;
	request.body = aw_str(aw_arena_printf(arena, "csrf=%s&session=%s",
		city_csrf(city, arena, cookie), code == NULL ? "" : code));
	return city_ask(city, &request);
}

/* The codes of a page, in its order. */
static size_t
codes_of(struct city *city, struct aw_arena *arena, const char *cookie, const char *codes[4],
	bool present[4])
{
	struct aw_error err = { 0 };
	AW_SCOPED(json, json_t *) json = NULL;
	const json_t *list;
	size_t count;

	assert_ok(aw_json_parse(aw_str(city_page(city, arena, cookie, "/account/sessions.json")),
		NULL, &json, &err));
	list = json_object_get(json, "sessions");
	count = json_array_size(list);
	assert_in_range(count, 1, 4);
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(list, i);

		codes[i] = aw_arena_strdup(arena, aw_json_string(item, "code"));
		present[i] = json_is_true(json_object_get(item, "present"));
	}
	return count;
}

/* Behind the program's back. */
static void
edit(struct city *city, const char *sql)
{
	sqlite3 *raw = NULL;

	assert_int_equal(sqlite3_open(city->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	assert_int_equal(sqlite3_exec(raw, sql, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(raw);
}

static void
each_stands_there_with_where_it_is_and_the_present_one_first(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *here = sign_in(city, &arena, "worker", EDGE, NULL);
	const char *codes[4], *body;
	bool present[4];

	body = city_page(city, &arena, here, "/account/sessions");
	assert_non_null(strstr(body, "沒有其他登入中的裝置"));
	assert_null(strstr(body, "action=\"/account/sessions/"));
	(void)sign_in(city, &arena, "worker", FIREFOX, FAR);
	(void)sign_in(city, &arena, "supervisor", FIREFOX, FAR);
	body = city_page(city, &arena, here, "/account/sessions");
	assert_non_null(strstr(body, "Windows・Edge"));
	assert_non_null(strstr(body, "Linux・Firefox"));
	assert_non_null(strstr(body, "與這次不同"));
	assert_non_null(strstr(body, "action=\"/account/sessions/end-others\""));
	assert_null(strstr(body, FAR));
	assert_null(strstr(body, "Gecko"));
	assert_int_equal(codes_of(city, &arena, here, codes, present), 2);
	assert_true(present[0] && !present[1]);
	assert_string_not_equal(codes[0], codes[1]);
	assert_string_equal(city_last_entry(city, &arena)->action, "account.sessions");
	assert_non_null(
		strstr(city_page(city, &arena, here, "/account"), "href=\"/account/sessions\""));
	/* what is over by itself is not there */
	edit(city, "UPDATE session SET seen_at = seen_at - 1800000 WHERE system = 'linux'");
	assert_int_equal(codes_of(city, &arena, here, codes, present), 1);
}

static void
one_is_ended_and_the_others_go_on(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *there = sign_in(city, &arena, "worker", FIREFOX, FAR);
	const char *third = sign_in(city, &arena, "worker", EDGE, FAR);
	const char *here = sign_in(city, &arena, "worker", EDGE, NULL);
	const char *codes[4], *own[4];
	bool present[4];
	const struct aw_log_entry *entry;
	struct aw_reply reply;

	/* the present one of there is one of here */
	(void)codes_of(city, &arena, there, own, present);
	assert_true(present[0]);
	assert_int_equal(codes_of(city, &arena, here, codes, present), 3);
	reply = post(city, &arena, here, "/account/sessions/end", own[0]);
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/account/sessions");
	entry = city_last_of(city, &arena, "account.session_end");
	assert_string_equal(entry->object, "worker");
	assert_string_equal(entry->outcome, "ok");
	assert_false(is_in(city, &arena, there));
	assert_true(is_in(city, &arena, third));
	assert_true(is_in(city, &arena, here));
	assert_int_equal(codes_of(city, &arena, here, codes, present), 2);
	/* it is over, once; the present one logs out; and there is no code of nothing */
	assert_int_equal(post(city, &arena, here, "/account/sessions/end", own[0]).status, 404);
	assert_int_equal(post(city, &arena, here, "/account/sessions/end", codes[0]).status, 409);
	assert_int_equal(post(city, &arena, here, "/account/sessions/end", "").status, 404);
	assert_true(is_in(city, &arena, here));
}

static void
all_others_are_ended_at_once_and_nobody_elses(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *there = sign_in(city, &arena, "worker", FIREFOX, FAR);
	const char *here = sign_in(city, &arena, "worker", EDGE, NULL);
	const char *other = sign_in(city, &arena, "supervisor", EDGE, NULL);
	const char *codes[4];
	bool present[4];

	/* another account's is as if it were not there */
	(void)codes_of(city, &arena, other, codes, present);
	assert_int_equal(post(city, &arena, here, "/account/sessions/end", codes[0]).status, 404);
	assert_int_equal(
		post(city, &arena, here, "/account/sessions/end-others", NULL).status, 303);
	assert_string_equal(city_last_of(city, &arena, "account.sessions_end")->object, "worker");
	assert_false(is_in(city, &arena, there));
	assert_true(is_in(city, &arena, here));
	assert_true(is_in(city, &arena, other));
}

static void
it_wants_the_sessions_own_form_and_a_fresh_proof(void **state)
{
	static const char *const paths[] = { "/account/sessions/end",
		"/account/sessions/end-others" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *there = sign_in(city, &arena, "worker", FIREFOX, FAR);
	const char *here = sign_in(city, &arena, "worker", EDGE, NULL);
	const char *codes[4];
	bool present[4];

	(void)codes_of(city, &arena, there, codes, present);
	for (size_t i = 0; i < AW_COUNT(paths); i++) {
		struct aw_request request = city_request(&arena, "POST", paths[i]);

		request.cookie = here;
		request.body = aw_str(aw_arena_printf(&arena, "csrf=0&session=%s", codes[0]));
		assert_int_equal(city_ask(city, &request).status, 403);
	}
	edit(city, "UPDATE session SET proved_at = proved_at - 1800000");
	for (size_t i = 0; i < AW_COUNT(paths); i++) {
		struct aw_reply reply = post(city, &arena, here, paths[i], codes[0]);

		assert_int_equal(reply.status, 303);
		assert_string_equal(
			city_header(&reply, "Location"), "/verify?next=/account/sessions");
	}
	assert_true(is_in(city, &arena, there));
	assert_int_equal(city_get(city, &arena, NULL, "/account/sessions").status, 303);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, city_setup, city_teardown)
AW_TESTS(ONE(each_stands_there_with_where_it_is_and_the_present_one_first),
	ONE(one_is_ended_and_the_others_go_on), ONE(all_others_are_ended_at_once_and_nobody_elses),
	ONE(it_wants_the_sessions_own_form_and_a_fresh_proof))
