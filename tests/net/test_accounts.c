/* The administrator's page of accounts: until when one is good, and what becomes of it afterwards. */
#include <sqlite3.h>

#include "city.h"
#include "text/roc.h"

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

static struct aw_reply
post(struct city *city, struct aw_arena *arena, const char *cookie, const char *path,
	const char *body)
{
	struct aw_request request = city_request(arena, "POST", path);

	request.cookie = cookie;
	request.body =
		aw_str(aw_arena_printf(arena, "csrf=%s%s", city_csrf(city, arena, cookie), body));
	return city_ask(city, &request);
}

static int
login_status(struct city *city, struct aw_arena *arena)
{
	struct aw_request request = city_request(arena, "POST", "/login");

	request.body = aw_str("login=worker&password=correct+horse+battery");
	return city_ask(city, &request).status;
}

static void
a_last_day_is_set_shown_with_the_days_left_and_taken_away(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *admin = city_login(city, &arena, "administrator");
	int32_t today = aw_taipei_day(aw_real_ms());
	const struct aw_log_entry *entry;
	struct aw_reply reply = post(city, &arena, admin, "/accounts/worker/until",
		aw_arena_printf(&arena, "&until=%s", aw_day_iso(&arena, today + 3)));

	assert_int_equal(reply.status, 303);
	entry = city_last_of(city, &arena, "account.until");
	assert_string_equal(entry->object, "worker");
	assert_string_equal(entry->detail,
		aw_arena_printf(&arena, "{\"until\":\"%s\"}", aw_day_iso(&arena, today + 3)));
	assert_non_null(strstr(city_page(city, &arena, admin, "/accounts"),
		aw_arena_printf(&arena, "使用至%s・剩3日", aw_roc_day(&arena, today + 3))));
	assert_non_null(strstr(
		city_page(city, &arena, city_login(city, &arena, "worker"), "/account"), "剩3日"));
	/* in any written form */
	reply = post(city, &arena, admin, "/accounts/worker/until",
		aw_arena_printf(&arena, "&until=%s", aw_roc_day(&arena, today)));
	assert_int_equal(reply.status, 303);
	assert_non_null(strstr(city_page(city, &arena, admin, "/accounts"), "今日到期"));
	assert_int_equal(login_status(city, &arena), 303);
	assert_int_equal(
		post(city, &arena, admin, "/accounts/worker/until", "&until=").status, 303);
	assert_string_equal(
		city_last_of(city, &arena, "account.until")->detail, "{\"until\":null}");
	assert_null(strstr(city_page(city, &arena, admin, "/accounts"), "使用至"));
}

static void
a_day_that_is_over_or_none_and_ones_own_account_are_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *admin = city_login(city, &arena, "administrator");
	struct aw_reply reply =
		post(city, &arena, admin, "/accounts/worker/until", "&until=110-12-06");

	assert_int_equal(reply.status, 422);
	assert_non_null(strstr(city_body(&arena, &reply), "worker的最後一日不可早於今日"));
	reply = post(city, &arena, admin, "/accounts/worker/until", "&until=someday");
	assert_int_equal(reply.status, 422);
	reply = post(city, &arena, admin, "/accounts/administrator/until", "&until=");
	assert_int_equal(reply.status, 409);
	assert_int_equal(post(city, &arena, city_login(city, &arena, "worker"),
				 "/accounts/screener/until", "&until=")
				 .status,
		403);
}

static void
the_day_after_it_is_over_in_every_session_and_at_the_login(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *admin = city_login(city, &arena, "administrator");
	const char *worker = city_login(city, &arena, "worker"), *body;

	assert_int_equal(city_get(city, &arena, worker, "/work").status, 200);
	edit(city, aw_arena_printf(&arena,
			   "UPDATE account SET valid_until = %d WHERE login = 'worker'",
			   (int)aw_taipei_day(aw_real_ms()) - 1));
	assert_int_equal(city_get(city, &arena, worker, "/work").status, 303);
	assert_int_equal(login_status(city, &arena), 403);
	assert_non_null(strstr(city_last_of(city, &arena, "login.failed")->detail, "\"ended\""));
	body = city_page(city, &arena, admin, "/accounts?state=expired");
	assert_non_null(strstr(body, "已到期"));
	assert_non_null(strstr(body, "action=\"/accounts/worker/until\""));
	assert_null(strstr(body, "action=\"/accounts/screener/until\""));
	assert_null(strstr(city_page(city, &arena, admin, "/accounts?state=active"),
		"action=\"/accounts/worker/until\""));
	body = city_page(city, &arena, admin, "/accounts.json?state=expired");
	assert_non_null(strstr(body, "\"expired_count\":1"));
}

/* By the machine's clock, whatever the business clock says. */
static void
one_that_nobody_uses_is_shown_disabled_and_enabled_again_on_the_page(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *admin = city_login(city, &arena, "administrator"), *cookie, *body;
	struct aw_request request = city_request(&arena, "POST", "/login");
	struct aw_reply reply;

	assert_null(strstr(city_page(city, &arena, admin, "/accounts?state=disabled"), "worker"));
	edit(city,
		aw_arena_printf(&arena, "UPDATE account SET used_at = %lld WHERE login = 'worker'",
			(long long)(aw_real_ms() - 90 * AW_DAY_MS)));
	assert_int_equal(login_status(city, &arena), 403);
	body = city_page(city, &arena, admin, "/accounts?state=disabled");
	assert_non_null(strstr(body, "逾90日未使用"));
	assert_non_null(strstr(body, "action=\"/accounts/worker/enable\""));
	assert_int_equal(post(city, &arena, admin, "/accounts/worker/enable", "").status, 303);
	request.body = aw_str("login=worker&password=correct+horse+battery");
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 303);
	cookie = city_cookie(&arena, &reply);
	assert_int_equal(city_get(city, &arena, cookie, "/work").status, 200);
	assert_null(strstr(city_page(city, &arena, admin, "/accounts?state=disabled"),
		"action=\"/accounts/worker/enable\""));
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, city_setup, city_teardown)
AW_TESTS(ONE(a_last_day_is_set_shown_with_the_days_left_and_taken_away),
	ONE(a_day_that_is_over_or_none_and_ones_own_account_are_refused),
	ONE(the_day_after_it_is_over_in_every_session_and_at_the_login),
	ONE(one_that_nobody_uses_is_shown_disabled_and_enabled_again_on_the_page))
