/* Who signs in is led to what they should know first, and finds it on the account's page. */
#include <sqlite3.h>
#include <stdlib.h>

#include "city.h"

#define EDGE                                                                                       \
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "        \
	"Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0"
#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"
#define FAR "203.0.113.50"

static struct aw_reply
sign_in(struct city *city, struct aw_arena *arena, const char *agent, const char *address,
	const char *password)
{
	struct aw_request request = city_request(arena, "POST", "/login");

	request.agent = agent;
	if (address != NULL)
		request.address = address;
	request.body =
		aw_str(aw_arena_printf(arena, "login=worker&password=%s&next=/reports", password));
	return city_ask(city, &request);
}

/* Signs in at the usual place; where it leads. */
static const char *
led_to(struct city *city, struct aw_arena *arena, const char **ret_cookie)
{
	struct aw_reply reply = sign_in(city, arena, EDGE, NULL, "correct+horse+battery");

	assert_int_equal(reply.status, 303);
	*ret_cookie = city_cookie(arena, &reply);
	return city_header(&reply, "Location");
}

static void
an_ordinary_sign_in_leads_to_the_work(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie, *body;

	for (int i = 0; i < 3; i++)
		assert_string_equal(led_to(city, &arena, &cookie), "/reports");
	body = city_page(city, &arena, cookie, "/account/sign-ins");
	assert_null(strstr(body, "id=\"told\""));
	assert_non_null(strstr(body, "Windows"));
	assert_non_null(strstr(body, "Edge"));
	body = city_page(city, &arena, cookie, "/account");
	assert_non_null(strstr(body, "href=\"/account/sign-ins\""));
	assert_null(strstr(body, "上次從這裡登入以後"));
}

static void
failed_tries_are_told_at_the_next_sign_in_and_listed(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie, *body, *to;
	struct aw_reply reply;

	(void)led_to(city, &arena, &cookie);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			sign_in(city, &arena, FIREFOX, FAR, "battery+horse+correct").status, 403);
	to = led_to(city, &arena, &cookie);
	assert_string_equal(to, "/account/sign-ins?next=/reports");
	body = city_page(city, &arena, cookie, to);
	assert_non_null(strstr(body, "id=\"told\""));
	assert_non_null(strstr(body, "密碼或驗證碼錯誤2次"));
	assert_non_null(strstr(body, "登入失敗（密碼）</span> 共2次"));
	assert_non_null(strstr(body, "Firefox"));
	assert_non_null(strstr(body, "與這次不同"));
	assert_non_null(strstr(body, "href=\"/reports\""));
	assert_null(strstr(body, FAR));
	assert_null(strstr(body, "Gecko"));
	assert_non_null(strstr(city_page(city, &arena, cookie, "/account"), "上次從這裡登入以後"));
	/* told once */
	assert_string_equal(led_to(city, &arena, &cookie), "/reports");
	body = city_page(city, &arena, cookie, "/account/sign-ins");
	assert_null(strstr(body, "id=\"told\""));
	assert_non_null(strstr(body, "登入失敗（密碼）"));
	reply = city_get(city, &arena, cookie, "/account/sign-ins.json");
	body = city_body(&arena, &reply);
	assert_non_null(strstr(body, "\"what\":\"wrong\""));
	assert_non_null(strstr(body, "\"times\":2"));
	assert_string_equal(city_last_entry(city, &arena)->action, "account.signins");
}

static void
a_strange_place_and_client_are_told_there_and_at_the_desk(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie, *to;
	struct aw_reply reply;

	(void)led_to(city, &arena, &cookie);
	reply = sign_in(city, &arena, FIREFOX, FAR, "correct+horse+battery");
	assert_string_equal(city_header(&reply, "Location"), "/account/sign-ins?next=/reports");
	to = led_to(city, &arena, &cookie);
	assert_string_equal(to, "/account/sign-ins?next=/reports");
	assert_non_null(strstr(city_page(city, &arena, cookie, to), "從以前沒用過的網路登入"));
	assert_string_equal(led_to(city, &arena, &cookie), "/reports");
}

/* Everybody's, so that it is nobody's page but one's own. */
static void
nobody_sees_the_sign_ins_of_another(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie, *body;

	assert_int_equal(sign_in(city, &arena, FIREFOX, FAR, "battery+horse+correct").status, 403);
	cookie = city_login(city, &arena, "supervisor");
	body = city_page(city, &arena, cookie, "/account/sign-ins");
	assert_null(strstr(body, "登入失敗"));
	assert_int_equal(city_get(city, &arena, NULL, "/account/sign-ins").status, 303);
}

static void
a_changed_password_is_told_at_the_next_sign_in(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie, *body;
	struct aw_request request = city_request(&arena, "POST", "/account/password");
	struct aw_reply reply;

	(void)led_to(city, &arena, &cookie);
	request.cookie = cookie;
	request.body = aw_str(aw_arena_printf(&arena,
		"csrf=%s&old=correct+horse+battery&new=lighthouse+under+slow+rain&"
		"again=lighthouse+under+slow+rain",
		city_csrf_of(city, &arena, cookie, "/account/password")));
	assert_int_equal(city_ask(city, &request).status, 303);
	reply = sign_in(city, &arena, EDGE, NULL, "lighthouse+under+slow+rain");
	assert_string_equal(city_header(&reply, "Location"), "/account/sign-ins?next=/reports");
	body = city_page(city, &arena, city_cookie(&arena, &reply), "/account/sign-ins");
	assert_non_null(strstr(body, "密碼、兩步驟驗證或帳號狀態變更1次"));
	assert_non_null(strstr(body, "由本帳號"));
}

struct reset {
	struct city *city;
	struct aw_arena *arena;
	char hash[AW_PASSWORD_TEXT];
};

/* As the command does it: net/console_user.c. */
static enum aw_status
reset_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct reset *reset = arg;
	const struct aw_viewer viewer = { .login = "console:root" };
	struct aw_act act = aw_house_act(&reset->city->house, reset->arena, &viewer, "user.reset");
	struct aw_account account;

	act.tx = tx;
	act.object = "worker";
	if (aw_account_by_login(tx, act.arena, "worker", &account, err) != AW_OK ||
		aw_account_reset(&act, account.id, reset->hash,
			AW_KNOWN(act.real_ms + AW_PASSWORD_FIRST_MS), err) != AW_OK)
		return err->status;
	return aw_log_append(&act, "ok", NULL, err);
}

/* The way leads to a password of one's own first, and from there to the account, where the news are. */
static void
a_password_that_was_reset_is_told_once_it_is_ones_own(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	struct reset reset = { .city = city, .arena = &arena };
	struct aw_request request = city_request(&arena, "POST", "/account/password");
	const char *cookie, *body;
	struct aw_reply reply;
	struct aw_error err = { 0 };

	(void)led_to(city, &arena, &cookie);
	assert_ok(aw_password_hash("harbour crane at dawn", true, reset.hash, &err));
	assert_ok(aw_db_write(city->house.db, reset_in, &reset, &err));
	reply = sign_in(city, &arena, EDGE, NULL, "harbour+crane+at+dawn");
	assert_string_equal(city_header(&reply, "Location"), "/account/password");
	cookie = city_cookie(&arena, &reply);
	request.cookie = cookie;
	request.body = aw_str(aw_arena_printf(&arena,
		"csrf=%s&old=harbour+crane+at+dawn&new=lighthouse+under+slow+rain&"
		"again=lighthouse+under+slow+rain",
		city_csrf_of(city, &arena, cookie, "/account/password")));
	reply = city_ask(city, &request);
	assert_string_equal(city_header(&reply, "Location"), "/account");
	assert_non_null(strstr(city_page(city, &arena, cookie, "/account"), "上次從這裡登入以後"));
	body = city_page(city, &arena, cookie, "/account/sign-ins");
	assert_non_null(strstr(body, "重設密碼"));
	assert_non_null(strstr(body, "由系統管理指令"));
	assert_non_null(strstr(body, "變更2次"));
}

static void
an_administrators_change_is_told_with_the_name(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *admin = city_login(city, &arena, "administrator"), *cookie, *body;

	(void)led_to(city, &arena, &cookie);
	for (int i = 0; i < 2; i++) {
		struct aw_request request = city_request(&arena, "POST",
			i == 0 ? "/accounts/worker/disable" : "/accounts/worker/enable");

		request.cookie = admin;
		request.body =
			aw_str(aw_arena_printf(&arena, "csrf=%s", city_csrf(city, &arena, admin)));
		assert_int_equal(city_ask(city, &request).status, 303);
	}
	assert_string_equal(led_to(city, &arena, &cookie), "/account/sign-ins?next=/reports");
	body = city_page(city, &arena, cookie, "/account/sign-ins");
	assert_non_null(strstr(body, "停用帳號"));
	assert_non_null(strstr(body, "恢復帳號"));
	assert_non_null(strstr(body, "由管理人員：測試 社工"));
}

static void
the_page_leads_on_inside_the_server_alone_and_speaks_english_too(void **state)
{
	static const char *const outside[] = { "//example.org", "/%5cexample.org",
		"https://example.org", "javascript:alert(1)" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	struct aw_request request = city_request(&arena, "GET", "/account/sign-ins");
	const char *cookie, *body;
	struct aw_reply reply;

	(void)led_to(city, &arena, &cookie);
	(void)sign_in(city, &arena, FIREFOX, FAR, "battery+horse+correct");
	(void)led_to(city, &arena, &cookie);
	for (size_t i = 0; i < AW_COUNT(outside); i++) {
		body = city_page(city, &arena, cookie,
			aw_arena_printf(&arena, "/account/sign-ins?next=%s", outside[i]));
		assert_null(strstr(body, "example.org"));
		assert_null(strstr(body, "javascript:"));
		assert_non_null(strstr(body, "class=\"btn btn--go\" href=\"/\""));
	}
	request.cookie = cookie;
	request.accept_language = "en";
	reply = city_ask(city, &request);
	assert_non_null(strstr(city_body(&arena, &reply), "Was this you?"));
}

/* -- what stands in the database -------------------------------------------------------------------- */

static int64_t
count(struct city *city, const char *sql)
{
	sqlite3 *raw = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t n;

	assert_int_equal(sqlite3_open(city->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	assert_int_equal(sqlite3_prepare_v2(raw, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(raw);
	return n;
}

static void
no_address_and_no_browsers_words_are_in_the_log(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie;

	(void)led_to(city, &arena, &cookie);
	(void)sign_in(city, &arena, FIREFOX, FAR, "battery+horse+correct");
	assert_int_equal(count(city, "SELECT count(*) FROM audit_entry WHERE detail LIKE "
				     "'%\"browser\":\"firefox\"%'"),
		1); /* the search finds what is there */
	assert_int_equal(
		count(city, "SELECT count(*) FROM audit_entry WHERE detail LIKE '%203.0%' OR "
			    "detail LIKE '%192.0%' OR detail LIKE '%Mozilla%' OR detail LIKE "
			    "'%125.0%'"),
		0);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, city_setup, city_teardown)
AW_TESTS(ONE(an_ordinary_sign_in_leads_to_the_work),
	ONE(failed_tries_are_told_at_the_next_sign_in_and_listed),
	ONE(a_strange_place_and_client_are_told_there_and_at_the_desk),
	ONE(nobody_sees_the_sign_ins_of_another),
	ONE(a_changed_password_is_told_at_the_next_sign_in),
	ONE(a_password_that_was_reset_is_told_once_it_is_ones_own),
	ONE(an_administrators_change_is_told_with_the_name),
	ONE(the_page_leads_on_inside_the_server_alone_and_speaks_english_too),
	ONE(no_address_and_no_browsers_words_are_in_the_log))
