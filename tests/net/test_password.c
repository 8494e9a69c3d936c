/* One's own password changed through the page. */
#include "city.h"

/* Sends the form; what is typed is encoded already. */
static struct aw_reply
change(struct city *city, struct aw_arena *arena, const char *cookie, const char *old,
	const char *fresh, const char *again)
{
	struct aw_request request = city_request(arena, "POST", "/account/password");

	request.cookie = cookie;
	request.body = aw_str(aw_arena_printf(arena, "csrf=%s&old=%s&new=%s&again=%s",
		city_csrf_of(city, arena, cookie, "/account/password"), old, fresh, again));
	return city_ask(city, &request);
}

static int
login_status(struct city *city, struct aw_arena *arena, const char *password)
{
	struct aw_request request = city_request(arena, "POST", "/login");

	request.body = aw_str(aw_arena_printf(arena, "login=worker&password=%s", password));
	return city_ask(city, &request).status;
}

static void
the_new_one_holds_the_old_one_is_dead_and_so_are_other_sessions(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *here = city_login(city, &arena, "worker");
	const char *there = city_login(city, &arena, "worker");
	const struct aw_log_entry *entry;
	struct aw_reply reply = city_get(city, &arena, here, "/account/password");

	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(city_body(&arena, &reply), "autocomplete=\"new-password\""));
	reply = change(city, &arena, here, "correct+horse+battery", "lighthouse+under+slow+rain",
		"lighthouse+under+slow+rain");
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/account");
	entry = city_last_entry(city, &arena);
	assert_string_equal(entry->action, "account.password");
	assert_string_equal(entry->object, "worker");
	assert_string_equal(entry->outcome, "ok");
	assert_null(entry->detail);
	assert_int_equal(city_get(city, &arena, here, "/work").status, 200);
	assert_int_equal(city_get(city, &arena, there, "/work").status, 303);
	assert_int_equal(login_status(city, &arena, "correct+horse+battery"), 403);
	assert_int_equal(login_status(city, &arena, "lighthouse+under+slow+rain"), 303);
}

static void
what_is_wrong_is_told_and_nothing_changes(void **state)
{
	static const struct {
		const char *old, *fresh, *again, *message;
	} cases[] = {
		{ "not+the+one+at+all", "lighthouse+under+slow+rain", "lighthouse+under+slow+rain",
			"password.refused" },
		{ "", "lighthouse+under+slow+rain", "lighthouse+under+slow+rain",
			"password.old_missing" },
		{ "correct+horse+battery", "eleven+char", "eleven+char", "password.short" },
		{ "correct+horse+battery", "", "", "password.short" },
		{ "correct+horse+battery", "password2026!", "password2026!", "password.common" },
		{ "correct+horse+battery", "the+worker+from+there", "the+worker+from+there",
			"password.login" },
		{ "correct+horse+battery", "correct+horse+battery", "correct+horse+battery",
			"password.same" },
		{ "correct+horse+battery", "lighthouse+under+slow+rain", "lighthouse+under+slow+r",
			"password.differ" },
	};
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie = city_login(city, &arena, "worker");

	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		struct aw_request request = city_request(&arena, "POST", "/account/password");
		struct aw_reply reply;
		const char *csrf = city_csrf(city, &arena, cookie);

		request.cookie = cookie;
		request.accept = "application/json";
		request.body = aw_str(aw_arena_printf(&arena, "csrf=%s&old=%s&new=%s&again=%s",
			csrf, cases[i].old, cases[i].fresh, cases[i].again));
		reply = city_ask(city, &request);
		if (reply.status != 422 ||
			strstr(city_body(&arena, &reply), cases[i].message) == NULL)
			fail_msg("%s: %d %s", cases[i].message, reply.status,
				city_body(&arena, &reply));
		/* and as a page, without what was typed */
		request.accept = "text/html";
		reply = city_ask(city, &request);
		assert_int_equal(reply.status, 422);
		assert_null(strstr(city_body(&arena, &reply), "lighthouse"));
	}
	assert_int_equal(city_get(city, &arena, cookie, "/work").status, 200);
	assert_int_equal(login_status(city, &arena, "correct+horse+battery"), 303);
}

static void
guessing_the_old_one_locks_the_account_like_a_login(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie = city_login(city, &arena, "worker");

	for (int i = 0; i < 3; i++)
		assert_int_equal(change(city, &arena, cookie, "guessing+on+and+on",
					 "lighthouse+under+slow+rain", "lighthouse+under+slow+rain")
					 .status,
			422);
	/* the right one is refused now, too */
	assert_int_equal(change(city, &arena, cookie, "correct+horse+battery",
				 "lighthouse+under+slow+rain", "lighthouse+under+slow+rain")
				 .status,
		422);
	assert_int_equal(login_status(city, &arena, "correct+horse+battery"), 403);
}

static void
a_form_of_another_page_changes_nothing(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie = city_login(city, &arena, "worker");
	struct aw_request request = city_request(&arena, "POST", "/account/password");

	request.cookie = cookie;
	request.body = aw_str("csrf=0&old=correct+horse+battery&new=lighthouse+under+slow+rain"
			      "&again=lighthouse+under+slow+rain");
	assert_int_equal(city_ask(city, &request).status, 403);
	request.cookie = NULL;
	assert_int_equal(city_ask(city, &request).status, 303);
	assert_int_equal(login_status(city, &arena, "correct+horse+battery"), 303);
}

static void
none_of_the_last_three_is_taken_again(void **state)
{
	static const char *const typed[] = { "correct+horse+battery", "lighthouse+under+slow+rain",
		"ferry+at+the+north+pier", "seven+kites+over+peace+island",
		"tea+and+a+wet+umbrella" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie = city_login(city, &arena, "worker");
	struct aw_request request = city_request(&arena, "POST", "/account/password");
	struct aw_reply reply;

	for (size_t i = 0; i + 2 < AW_COUNT(typed); i++)
		assert_int_equal(
			change(city, &arena, cookie, typed[i], typed[i + 1], typed[i + 1]).status,
			303);
	for (size_t i = 0; i < 3; i++) {
		reply = change(city, &arena, cookie, typed[3], typed[i], typed[i]);
		assert_int_equal(reply.status, 422);
		assert_non_null(strstr(city_body(&arena, &reply), "這個密碼最近用過"));
		assert_null(strstr(city_body(&arena, &reply), "lighthouse"));
	}
	assert_int_equal(login_status(city, &arena, typed[3]), 303);
	/* who does not know the present one learns nothing of earlier ones */
	reply = change(city, &arena, cookie, "guessing+on+and+on", typed[1], typed[1]);
	assert_int_equal(reply.status, 422);
	assert_null(strstr(city_body(&arena, &reply), "這個密碼最近用過"));
	request.cookie = cookie;
	request.accept = "application/json";
	request.body = aw_str(aw_arena_printf(&arena, "csrf=%s&old=%s&new=%s&again=%s",
		city_csrf(city, &arena, cookie), typed[3], typed[2], typed[2]));
	reply = city_ask(city, &request);
	assert_non_null(strstr(city_body(&arena, &reply), "password.earlier"));
	/* four changes ago is long enough */
	assert_int_equal(change(city, &arena, cookie, typed[3], typed[4], typed[4]).status, 303);
	assert_int_equal(change(city, &arena, cookie, typed[4], typed[0], typed[0]).status, 303);
	assert_int_equal(login_status(city, &arena, typed[0]), 303);
}

/* -- a password that was handed over ---------------------------------------------------------- */

struct handing {
	struct city *city;
	int64_t until; /* from now */
};

static enum aw_status
hand_over_in(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct handing *handing = arg;
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_act act = { .tx = tx, .arena = &arena, .real_ms = aw_real_ms() };
	struct aw_account account;
	char hash[AW_PASSWORD_TEXT];

	if (aw_password_hash("handed over on paper", true, hash, err) != AW_OK ||
		aw_account_by_login(tx, &arena, "worker", &account, err) != AW_OK)
		return err->status;
	return aw_account_reset(
		&act, account.id, hash, AW_KNOWN(act.real_ms + handing->until), err);
}

static void
hand_over(struct city *city, int64_t until)
{
	struct handing handing = { city, until };
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(city->house.db, hand_over_in, &handing, &err));
}

static const char *
handed_login(struct city *city, struct aw_arena *arena)
{
	struct aw_request request = city_request(arena, "POST", "/login");
	struct aw_reply reply;

	request.body = aw_str("login=worker&password=handed+over+on+paper&next=/reports");
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/account/password");
	return city_cookie(arena, &reply);
}

static void
one_that_was_handed_over_opens_the_page_where_it_is_changed_alone(void **state)
{
	static const char *const closed[] = { "/work", "/reports", "/account", "/purpose",
		"/account/factor", "/events" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const char *cookie;
	struct aw_reply reply;

	hand_over(city, AW_HOUR_MS);
	cookie = handed_login(city, &arena);
	for (size_t i = 0; i < AW_COUNT(closed); i++) {
		reply = city_get(city, &arena, cookie, closed[i]);
		if (reply.status != 303 && reply.status != 401)
			fail_msg("%s: %d", closed[i], reply.status);
		if (reply.status == 303)
			assert_memory_equal(city_header(&reply, "Location"), "/account/password",
				strlen("/account/password"));
	}
	reply = city_get(city, &arena, cookie, "/account/password");
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(city_body(&arena, &reply), "note--warn"));
	/* the same again is no change */
	assert_int_equal(change(city, &arena, cookie, "handed+over+on+paper",
				 "handed+over+on+paper", "handed+over+on+paper")
				 .status,
		422);
	assert_int_equal(city_get(city, &arena, cookie, "/work").status, 303);
	assert_int_equal(change(city, &arena, cookie, "handed+over+on+paper",
				 "lighthouse+under+slow+rain", "lighthouse+under+slow+rain")
				 .status,
		303);
	assert_int_equal(city_get(city, &arena, cookie, "/work").status, 200);
	assert_int_equal(login_status(city, &arena, "lighthouse+under+slow+rain"), 303);
}

static void
one_that_lay_about_for_too_long_opens_nothing(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	const struct aw_log_entry *entry;

	hand_over(city, -1);
	assert_int_equal(login_status(city, &arena, "handed+over+on+paper"), 403);
	entry = city_last_entry(city, &arena);
	assert_string_equal(entry->action, "login.failed");
	assert_non_null(strstr(entry->detail, "{\"why\":\"expired\","));
	/* it is no wrong try either: another one that is handed over opens */
	hand_over(city, AW_PASSWORD_FIRST_MS);
	assert_int_equal(login_status(city, &arena, "handed+over+on+paper"), 303);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, city_setup, city_teardown)
AW_TESTS(ONE(the_new_one_holds_the_old_one_is_dead_and_so_are_other_sessions),
	ONE(what_is_wrong_is_told_and_nothing_changes), ONE(none_of_the_last_three_is_taken_again),
	ONE(guessing_the_old_one_locks_the_account_like_a_login),
	ONE(a_form_of_another_page_changes_nothing),
	ONE(one_that_was_handed_over_opens_the_page_where_it_is_changed_alone),
	ONE(one_that_lay_about_for_too_long_opens_nothing))
