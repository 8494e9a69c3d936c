/* The second factor through the pages: enrolment, login, what a half session opens, fresh proofs. */
#include <oath.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "city.h"
#include "guard/factor.h"

/* -- a page that shows a protected person's address ----------------------------------------------- */

enum { WIFE = 5001, HUSBAND = 5002, STRANGER = 5003 };

static AW_VIEW_TYPE(home_view, "Home", "net/home", AW_FIELD("address", TEXT, ADDRESS),
	AW_FIELD("name", TEXT, IDENTITY));

static enum aw_status
show_home(struct aw_call *call, struct aw_error *err)
{
	struct aw_access access;
	int64_t person = strcmp(aw_call_path(call, "who"), "wife") == 0 ? WIFE : STRANGER;

	if (aw_access_to(&call->act, person, &access, err) != AW_OK)
		return err->status;
	aw_view_allow_as(call->view, &access);
	aw_view_text(call->view, "address", "somewhere safe");
	aw_view_text(call->view, "name", "she");
	return AW_OK;
}

static const struct aw_route home_route = { "GET", "/homes/{who}", "person.view", "home.view",
	AW_ROUTE_READ, show_home, NULL, &home_view, NULL, 0, "A home", NULL };

static void
sql(struct city *city, const char *text)
{
	sqlite3 *raw = NULL;
	char *why = NULL;

	assert_int_equal(sqlite3_open(city->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	if (sqlite3_exec(raw, text, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", text, why);
	(void)sqlite3_close(raw);
}

static int
setup(void **state)
{
	struct city *city = calloc(1, sizeof(*city));
	static struct aw_route all[200];
	size_t count;
	const struct aw_route *house = aw_routes(&count);

	assert_true(count < AW_COUNT(all));
	memcpy(all, house, count * sizeof(all[0]));
	all[count] = home_route;
	city_open(city, all, count + 1);
	sql(city,
		"INSERT INTO person SELECT value, 'P' || value, 1, x'00', 1, 'F', 1980, NULL, "
		"'report', 1, NULL FROM (SELECT 5001 AS value UNION SELECT 5002 UNION SELECT 5003);"
		"INSERT INTO relation SELECT p.id, a.unit, a.id, p.id, 'protected', 'lead', 1, 1, "
		"NULL "
		"FROM account a, person p WHERE a.login = 'worker' AND p.id IN (5001, 5003);"
		"INSERT INTO opposition VALUES (1, 5001, 5002, 1, 1, NULL);");
	*state = city;
	return 0;
}

/* -- asking --------------------------------------------------------------------------------------- */

static struct aw_reply
post(struct city *city, struct aw_arena *arena, const char *cookie, const char *path,
	const char *csrf, const char *rest)
{
	struct aw_request request = city_request(arena, "POST", path);

	request.cookie = cookie;
	request.body = aw_str(aw_arena_printf(arena, "csrf=%s%s", csrf, rest));
	return city_ask(city, &request);
}

/* What stands between two texts of a page; fails the test when they are not there. */
static const char *
between(struct aw_arena *arena, struct aw_reply *reply, const char *from, const char *to)
{
	const char *at = strstr(city_body(arena, reply), from), *end;

	assert_non_null(at);
	at += strlen(from);
	end = strstr(at, to);
	assert_non_null(end);
	return aw_arena_strndup(arena, at, (size_t)(end - at));
}

static const char *
cookie_of(struct aw_arena *arena, const struct aw_reply *reply)
{
	const char *cookie = city_header(reply, "Set-Cookie");

	assert_non_null(cookie);
	return aw_arena_strndup(
		arena, cookie, aw_str_cut(aw_str(cookie), ';', &(struct aw_str){ 0 }).len);
}

struct phone {
	uint8_t secret[AW_FACTOR_SECRET_BYTES];
	const char *recovery; /* one of the codes shown */
};

static const char *
phone_code(struct aw_arena *arena, const struct phone *phone, int64_t steps)
{
	char *code = aw_arena_alloc(arena, 7);

	aw_factor_code(phone->secret, aw_real_ms() / 30000 + steps, code);
	return code;
}

/* Through the pages, as a person does it: scan, type the code, keep the recovery codes. */
static void
enrol(struct city *city, struct aw_arena *arena, const char *cookie, struct phone *ret_phone)
{
	struct aw_reply reply = city_get(city, arena, cookie, "/account");
	const char *csrf = between(arena, &reply, "name=\"csrf\" value=\"", "\"");
	char *secret = NULL;
	const char *key;
	size_t len = 0;

	reply = post(city, arena, cookie, "/account/factor", csrf, "");
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/account/factor");
	reply = city_get(city, arena, cookie, "/account/factor");
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(city_body(arena, &reply), "<svg class=\"qr\""));
	key = between(arena, &reply, "secret=", "&");
	assert_int_equal(oath_base32_decode(key, strlen(key), &secret, &len), OATH_OK);
	assert_int_equal(len, AW_FACTOR_SECRET_BYTES);
	memcpy(ret_phone->secret, secret, len);
	free(secret);
	reply = post(city, arena, cookie, "/account/factor/confirm", csrf, "&code=12345");
	assert_int_equal(reply.status, 422);
	reply = post(city, arena, cookie, "/account/factor/confirm", csrf,
		aw_arena_printf(arena, "&code=%s", phone_code(arena, ret_phone, -1)));
	assert_int_equal(reply.status, 200);
	ret_phone->recovery = between(arena, &reply, "<li class=\"id\">", "</li>");
	assert_int_equal(strlen(ret_phone->recovery), 29);
	reply = city_get(city, arena, cookie, "/account/factor"); /* never again */
	assert_int_equal(reply.status, 303);
}

/* -- tests ---------------------------------------------------------------------------------------- */

static void
enrolling_keeps_this_session_and_ends_the_others(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *here = city_login(city, &arena, "worker");
	const char *there = city_login(city, &arena, "worker");
	struct phone phone;

	assert_int_equal(city_get(city, &arena, there, "/work").status, 200);
	enrol(city, &arena, here, &phone);
	assert_int_equal(city_get(city, &arena, here, "/work").status, 200);
	assert_int_equal(city_get(city, &arena, there, "/work").status, 303);
}

static void
with_the_password_alone_no_page_opens_and_the_code_opens_them(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	struct phone phone;
	struct aw_reply reply;
	const char *half, *whole, *csrf;
	size_t count, tried = 0;
	const struct aw_route *list = aw_routes(&count);

	enrol(city, &arena, city_login(city, &arena, "worker"), &phone);
	half = city_login(city, &arena, "worker");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].method, "GET") != 0 || strchr(list[i].path, '{') != NULL ||
			strcmp(list[i].permission, AW_PERMIT_PUBLIC) == 0 ||
			strcmp(list[i].permission, AW_PERMIT_PASSWORD) == 0)
			continue;
		tried++;
		reply = city_get(city, &arena, half, list[i].path);
		/* a stream leads nowhere: nobody would look at the login */
		if (strcmp(list[i].path, "/events") == 0) {
			assert_int_equal(reply.status, 401);
			continue;
		}
		if (reply.status != 303 ||
			strncmp(city_header(&reply, "Location"), "/login/factor", 13) != 0)
			fail_msg("half a session: GET %s: %d", list[i].path, reply.status);
	}
	assert_true(tried > 10);
	reply = city_get(city, &arena, half, "/login/factor?next=/work");
	assert_int_equal(reply.status, 200);
	csrf = between(&arena, &reply, "name=\"csrf\" value=\"", "\"");
	reply = post(city, &arena, half, "/login/factor", csrf, "&code=000000&next=/work");
	assert_int_equal(reply.status, 403);
	reply = post(city, &arena, half, "/login/factor", csrf,
		aw_arena_printf(&arena, "&code=%s&next=/work", phone_code(&arena, &phone, 0)));
	assert_int_equal(reply.status, 303);
	/* that it is asked for now is news (guard/signin.h) */
	assert_string_equal(city_header(&reply, "Location"), "/account/sign-ins?next=/work");
	whole = cookie_of(&arena, &reply);
	assert_string_not_equal(whole, half);
	assert_int_equal(city_get(city, &arena, whole, "/work").status, 200);
	assert_int_equal(
		city_get(city, &arena, half, "/work").status, 303); /* the old token is dead */
	/* the same code again, in a new login */
	half = city_login(city, &arena, "worker");
	reply = city_get(city, &arena, half, "/login/factor");
	csrf = between(&arena, &reply, "name=\"csrf\" value=\"", "\"");
	reply = post(city, &arena, half, "/login/factor", csrf,
		aw_arena_printf(&arena, "&code=%s", phone_code(&arena, &phone, 0)));
	assert_int_equal(reply.status, 403);
	reply = post(city, &arena, half, "/login/factor", csrf,
		aw_arena_printf(&arena, "&code=%s", phone.recovery));
	assert_int_equal(reply.status, 303);
}

/* A sign-in that a code made whole is one line; one that stopped before it is told. */
static void
a_right_password_that_no_code_followed_is_listed(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *csrf, *half, *body;
	struct aw_reply reply;
	struct phone phone;

	enrol(city, &arena, city_login(city, &arena, "worker"), &phone);
	(void)city_login(city, &arena, "worker"); /* and went no further */
	half = city_login(city, &arena, "worker");
	reply = city_get(city, &arena, half, "/login/factor");
	csrf = between(&arena, &reply, "name=\"csrf\" value=\"", "\"");
	reply = post(city, &arena, half, "/login/factor", csrf,
		aw_arena_printf(&arena, "&code=%s", phone_code(&arena, &phone, 0)));
	reply = city_get(city, &arena, cookie_of(&arena, &reply), "/account/sign-ins.json");
	assert_int_equal(reply.status, 200);
	body = strstr(city_body(&arena, &reply), "\"what\":\"half\"");
	assert_non_null(body);
	assert_null(strstr(body + 1, "\"what\":\"half\""));
}

static void
what_is_protected_waits_for_a_fresh_proof_and_the_page_goes_on(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie = city_login(city, &arena, "worker"), *csrf;
	struct aw_reply reply = city_get(city, &arena, cookie, "/homes/wife.json");

	assert_non_null(strstr(city_body(&arena, &reply), "somewhere safe"));
	sql(city, "UPDATE session SET proved_at = proved_at - 29 * 60000");
	reply = city_get(city, &arena, cookie, "/homes/wife.json");
	assert_non_null(strstr(city_body(&arena, &reply), "somewhere safe"));
	sql(city, "UPDATE session SET proved_at = proved_at - 60000");
	reply = city_get(city, &arena, cookie, "/homes/wife.json");
	assert_string_equal(city_body(&arena, &reply),
		"{\"address\":{\"hidden\":\"verify\"},\"name\":\"she\"}");
	reply = city_get(
		city, &arena, cookie, "/homes/stranger.json"); /* not protected from anybody */
	assert_non_null(strstr(city_body(&arena, &reply), "somewhere safe"));

	reply = city_get(city, &arena, cookie, "/verify?next=/homes/wife");
	csrf = between(&arena, &reply, "name=\"csrf\" value=\"", "\"");
	reply = post(city, &arena, cookie, "/verify", csrf, "&password=not+it&next=/homes/wife");
	assert_int_equal(reply.status, 403);
	reply = city_get(city, &arena, cookie, "/homes/wife.json");
	assert_null(strstr(city_body(&arena, &reply), "somewhere safe"));
	reply = post(city, &arena, cookie, "/verify", csrf,
		"&password=correct+horse+battery&next=/homes/wife");
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/homes/wife");
	reply = city_get(city, &arena, cookie, "/homes/wife.json");
	assert_non_null(strstr(city_body(&arena, &reply), "somewhere safe"));
}

static void
with_a_second_factor_the_password_is_no_fresh_proof(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie = city_login(city, &arena, "worker"), *csrf;
	struct aw_reply reply;
	struct phone phone;

	enrol(city, &arena, cookie, &phone);
	sql(city, "UPDATE session SET proved_at = proved_at - 30 * 60000");
	reply = city_get(city, &arena, cookie, "/verify?next=/homes/wife");
	csrf = between(&arena, &reply, "name=\"csrf\" value=\"", "\"");
	reply = post(city, &arena, cookie, "/verify", csrf, "&password=correct+horse+battery");
	assert_int_equal(reply.status, 403);
	reply = post(city, &arena, cookie, "/account/factor/remove", csrf, "");
	assert_string_equal(city_header(&reply, "Location"), "/verify?next=/account");
	reply = post(city, &arena, cookie, "/verify", csrf,
		aw_arena_printf(&arena, "&code=%s", phone_code(&arena, &phone, 0)));
	assert_int_equal(reply.status, 303);
	reply = post(city, &arena, cookie, "/account/factor/remove", csrf, "");
	assert_string_equal(city_header(&reply, "Location"), "/account");
	assert_int_equal(
		city_get(city, &arena, city_login(city, &arena, "worker"), "/work").status, 200);
}

static void
an_administrator_resets_it_with_a_reason_that_is_in_the_log(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie = city_login(city, &arena, "worker");
	const char *admin = city_login(city, &arena, "administrator");
	const char *csrf = city_csrf(city, &arena, admin);
	const struct aw_log_entry *entry;
	struct aw_reply reply;
	struct phone phone;

	enrol(city, &arena, cookie, &phone);
	reply = post(city, &arena, admin, "/accounts/worker/factor", csrf, "&reason=whim");
	assert_int_equal(reply.status, 422);
	reply = post(city, &arena, admin, "/accounts/worker/factor", csrf, "&reason=lost_phone");
	assert_int_equal(reply.status, 303);
	entry = city_last_entry(city, &arena);
	assert_string_equal(entry->action, "factor.reset");
	assert_string_equal(entry->object, "worker");
	assert_string_equal(entry->detail, "{\"reason\":\"lost_phone\"}");
	assert_int_equal(city_get(city, &arena, cookie, "/work").status, 303);
	assert_int_equal(
		city_get(city, &arena, city_login(city, &arena, "worker"), "/work").status, 200);
	reply = post(
		city, &arena, admin, "/accounts/administrator/factor", csrf, "&reason=lost_phone");
	assert_int_equal(reply.status, 409);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, setup, city_teardown)
AW_TESTS(ONE(enrolling_keeps_this_session_and_ends_the_others),
	ONE(with_the_password_alone_no_page_opens_and_the_code_opens_them),
	ONE(a_right_password_that_no_code_followed_is_listed),
	ONE(what_is_protected_waits_for_a_fresh_proof_and_the_page_goes_on),
	ONE(with_a_second_factor_the_password_is_no_fresh_proof),
	ONE(an_administrator_resets_it_with_a_reason_that_is_in_the_log))
