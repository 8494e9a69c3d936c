/* The life of a request: who, may they, unit of work, log, reply. */
#include "net/server.h"

#include <sqlite3.h>

#include "city.h"
#include "db/setting.h"

/* -- a few routes of our own ---------------------------------------------------------------------- */

static AW_VIEW_TYPE(thing_view, "Thing", "net/login", AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("name", TEXT, IDENTITY));

static enum aw_status
show_thing(struct aw_call *call, struct aw_error *err)
{
	const char *number = aw_call_path(call, "number");

	if (strcmp(number, "none") == 0)
		return aw_fail(err, AW_NOT_FOUND, "there is no such thing");
	if (strcmp(number, "broken") == 0)
		return aw_fail(err, AW_IO, "the disk said 王小明");
	call->act.object = number;
	aw_act_looked(&call->act, 42, AW_CLASS_BIT(AW_CLASS_IDENTITY));
	aw_view_text(call->view, "number", number);
	aw_view_hide(call->view, "name", "confidential");
	return AW_OK;
}

/* A page with a form, in the template of the login. */
static AW_VIEW_TYPE(page_view, "Page", "net/login", AW_FIELD("next", LINK, OPEN),
	AW_FIELD("login", TEXT, OPEN), AW_FIELD("refused", FLAG, OPEN),
	AW_FIELD("demo", FLAG, OPEN));

static enum aw_status
show_page(struct aw_call *call, struct aw_error *err)
{
	(void)err;
	aw_view_text(call->view, "login", aw_call_path(call, "number"));
	return AW_OK;
}

static enum aw_status
put_thing(struct aw_call *call, struct aw_error *err)
{
	const char *value = aw_call_value(call, "value");

	if (aw_setting_put(call->act.tx, "thing", value, err) != AW_OK)
		return err->status;
	if (value == NULL)
		aw_call_problem(call, "value", "form.required", NULL);
	else if (strcmp(value, "conflict") == 0)
		return aw_fail(err, AW_CONFLICT, "somebody was faster");
	else
		aw_call_redirect(call, "notice.purpose_changed", "/things/%s", value);
	return AW_OK;
}

static const struct aw_input thing_inputs[] = { { "value", AW_INPUT_TEXT, true } };
static const struct aw_route routes[] = {
	{ "GET", "/things/{number}", "report.view", "thing.view", AW_ROUTE_READ, show_thing, NULL,
		&thing_view, NULL, 0, "A thing", NULL },
	{ "GET", "/open/{number}", "public", "open.view", AW_ROUTE_READ, show_thing, NULL,
		&thing_view, NULL, 0, "A public thing", NULL },
	{ "POST", "/things", "report.view", "thing.put", AW_ROUTE_WRITE, put_thing, NULL,
		&thing_view, thing_inputs, 1, "Puts a thing", NULL },
	{ "POST", "/open", "public", "open.put", AW_ROUTE_WRITE, put_thing, NULL, &thing_view,
		thing_inputs, 1, "Puts a thing", NULL },
	{ "GET", "/page/{number}", "public", "page.view", AW_ROUTE_READ, show_page, NULL,
		&page_view, NULL, 0, "A page with a form", NULL },
	{ "POST", "/page/{number}/again", "public", "open.again", AW_ROUTE_WRITE, put_thing, NULL,
		NULL, thing_inputs, 1, "Puts a thing", "/page/{number}" },
};

static int
setup(void **state)
{
	struct city *city = calloc(1, sizeof(*city));
	static struct aw_route all[40];
	size_t count, total = AW_COUNT(routes);
	const struct aw_route *house = aw_routes(&count);

	/* these, and the house's own */
	memcpy(all, routes, sizeof(routes));
	for (size_t i = 0; i < count && total < AW_COUNT(all); i++) {
		if (house[i].own != NULL)
			all[total++] = house[i];
	}
	city_open(city, all, total);
	*state = city;
	return 0;
}

static int64_t
log_size(struct city *city, struct aw_arena *arena)
{
	const struct aw_log_entry *entry = city_last_entry(city, arena);

	return entry == NULL ? 0 : entry->leaf + 1;
}

/* -- tests ---------------------------------------------------------------------------------------- */

static void
without_a_session_a_page_leads_to_the_login_and_json_says_401(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "GET", "/things/T1");
	struct aw_reply reply = city_ask(*state, &request);

	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/login?next=/things/T1");
	request.accept = "application/json";
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 401);
	assert_non_null(strstr(city_body(&arena, &reply), "\"code\":\"denied\""));
	assert_null(strstr(city_body(&arena, &reply), "T1"));
}

static void
a_look_is_in_the_log_with_whom_and_what_before_it_is_shown(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "GET", "/things/T1.json");
	const struct aw_log_entry *entry;
	struct aw_reply reply;

	request.cookie = city_login(*state, &arena, "worker");
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.content_type, "application/json");
	assert_string_equal(city_body(&arena, &reply),
		"{\"name\":{\"hidden\":\"confidential\"},\"number\":\"T1\"}");
	entry = city_last_entry(*state, &arena);
	assert_string_equal(entry->action, "thing.view");
	assert_string_equal(entry->actor, "worker");
	assert_string_equal(entry->object, "T1");
	assert_string_equal(entry->outcome, "ok");
	assert_int_equal(entry->subject_count, 1);
	assert_int_equal(entry->subjects[0].person, 42);
	assert_string_equal(entry->subjects[0].classes, "identity");
}

static void
who_may_not_gets_403_and_an_entry_and_no_data(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "GET", "/things/T1");
	const struct aw_log_entry *entry;
	struct aw_reply reply;

	request.cookie = city_login(*state, &arena, "planner");
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 403);
	assert_null(strstr(city_body(&arena, &reply), "confidential"));
	entry = city_last_entry(*state, &arena);
	assert_string_equal(entry->action, "thing.view");
	assert_string_equal(entry->actor, "planner");
	assert_string_equal(entry->outcome, "denied");
	assert_int_equal(entry->subject_count, 0);
}

static void
the_public_leaves_an_entry_only_when_something_was_found(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request none = city_request(&arena, "GET", "/open/none.json");
	struct aw_request some = city_request(&arena, "GET", "/open/T1.json");
	int64_t before = log_size(*state, &arena);
	struct aw_reply reply = city_ask(*state, &none);

	assert_int_equal(reply.status, 404);
	assert_int_equal(log_size(*state, &arena), before);
	reply = city_ask(*state, &some);
	assert_int_equal(reply.status, 200);
	assert_int_equal(log_size(*state, &arena), before + 1);
	assert_string_equal(city_last_entry(*state, &arena)->actor, "public");
}

static void
our_own_faults_have_a_number_and_tell_nothing(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "GET", "/open/broken");
	struct aw_reply reply = city_ask(*state, &request);

	assert_int_equal(reply.status, 500);
	assert_non_null(strstr(city_body(&arena, &reply), "TEST-0001"));
	assert_null(strstr(city_body(&arena, &reply), "王小明"));
	request.accept = "application/json";
	reply = city_ask(*state, &request);
	assert_string_equal(reply.content_type, "application/problem+json");
	assert_non_null(strstr(city_body(&arena, &reply), "TEST-0001"));
	assert_null(strstr(city_body(&arena, &reply), "王小明"));
}

static void
a_change_needs_the_token_of_its_own_session(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *mine = city_login(*state, &arena, "worker");
	const char *other = city_login(*state, &arena, "screener");
	const char *tokens[] = { "", "csrf=&", "csrf=00&",
		aw_arena_printf(&arena, "csrf=%s&", city_csrf(*state, &arena, other)) };
	struct aw_request request = city_request(&arena, "POST", "/things");
	struct aw_reply reply;

	request.cookie = mine;
	for (size_t i = 0; i < AW_COUNT(tokens); i++) {
		request.body = aw_str(aw_arena_printf(&arena, "%svalue=a", tokens[i]));
		reply = city_ask(*state, &request);
		assert_int_equal(reply.status, 403);
	}
	request.body =
		aw_str(aw_arena_printf(&arena, "csrf=%s&value=a", city_csrf(*state, &arena, mine)));
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/things/a");
	assert_non_null(strstr(city_header(&reply, "Set-Cookie"), "__Host-notice=notice."));
	assert_string_equal(city_last_entry(*state, &arena)->action, "thing.put");
	assert_string_equal(city_last_entry(*state, &arena)->outcome, "ok");
	/* as a header, for JSON */
	request.csrf = city_csrf(*state, &arena, mine);
	request.content_type = "application/json";
	request.accept = "application/json";
	request.body = aw_str("{\"value\": \"b\"}");
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(city_body(&arena, &reply), "/things/b"));
}

static void
a_change_sent_from_elsewhere_is_refused(void **state)
{
	static const struct {
		const char *origin, *site;
	} bad[] = { { "http://evil.example", NULL }, { "null", NULL }, { NULL, "cross-site" },
		{ NULL, "same-site" }, { "https://localhost:8081", "same-origin" },
		{ "ftp://localhost:8080", NULL } };
	AW_SCOPE(aw_arena) arena = { 0 };

	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_request request = city_request(&arena, "POST", "/open");
		struct aw_reply reply;

		request.origin = bad[i].origin;
		request.sec_fetch_site = bad[i].site;
		request.body = aw_str("value=a");
		reply = city_ask(*state, &request);
		assert_int_equal(reply.status, 403);
	}
}

struct thing {
	struct aw_arena *arena;
	const char *value;
};

static enum aw_status
read_thing(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct thing *thing = arg;

	return aw_setting_get(tx, thing->arena, "thing", &thing->value, err);
}

static void
what_was_refused_left_nothing_behind(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	struct thing thing = { .arena = &arena };
	struct aw_request request = city_request(&arena, "POST", "/open");
	struct aw_error err = { 0 };
	struct aw_reply reply;

	request.body = aw_str("value=first");
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 303);
	request.accept = "application/json";
	request.body = aw_str("value=conflict");
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 409);
	request.body = aw_str("value=");
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 422);
	assert_non_null(strstr(city_body(&arena, &reply), "\"field\":\"value\""));
	assert_ok(aw_db_read(city->house.db, read_thing, &thing, &err));
	assert_string_equal(thing.value, "first");
}

static void
a_form_with_a_mistake_comes_back_with_its_page_and_the_mistake(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "POST", "/page/T7/again");
	struct aw_reply reply;

	request.body = aw_str("value=");
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 422);
	assert_non_null(strstr(city_body(&arena, &reply), "value=\"T7\""));
	assert_non_null(strstr(city_body(&arena, &reply), "href=\"#value\""));
}

static void
bad_input_is_400_413_or_415(void **state)
{
	static const struct {
		const char *type, *body;
		int status;
	} bad[] = {
		{ "application/x-www-form-urlencoded", "value=%ff", 400 },
		{ "application/x-www-form-urlencoded", "value=%00", 400 },
		{ "application/json", "{\"value\":", 400 },
		{ "application/json", "{\"value\":1,\"value\":2}", 400 },
		{ "application/json", "{\"value\":\"\\u0000\"}", 400 },
		{ "multipart/form-data; boundary=x", "--x--", 415 },
		{ "text/plain", "value=a", 415 },
		{ NULL, "value=a", 415 },
	};
	AW_SCOPE(aw_arena) arena = { 0 };

	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_request request = city_request(&arena, "POST", "/open");
		struct aw_reply reply;

		request.content_type = bad[i].type;
		request.body = aw_str(bad[i].body);
		request.accept = "application/json";
		reply = city_ask(*state, &request);
		assert_int_equal(reply.status, bad[i].status);
	}
}

static void
a_wrong_password_and_an_unknown_account_are_answered_alike(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "POST", "/login");
	struct aw_reply wrong, unknown;

	request.address = "192.0.2.70";
	request.body = aw_str("login=auditor&password=wrong");
	wrong = city_ask(*state, &request);
	request.body = aw_str("login=nobodyx&password=wrong");
	unknown = city_ask(*state, &request);
	assert_int_equal(wrong.status, 403);
	assert_int_equal(unknown.status, 403);
	assert_int_equal(wrong.body.len, unknown.body.len);
	assert_null(city_header(&wrong, "Set-Cookie"));
}

static void
one_address_may_not_try_for_ever(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "POST", "/login");
	struct aw_reply reply = { 0 };
	int tries = 0;

	request.address = "192.0.2.99";
	request.body = aw_str("login=&password=");
	for (; tries < 100 && reply.status != 429; tries++)
		reply = city_ask(*state, &request);
	assert_in_range(tries, 15, 25);
	assert_non_null(city_header(&reply, "Retry-After"));
	request.address = "192.0.2.98";
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 403);
}

static void
a_session_ends_with_the_logout(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *cookie = city_login(*state, &arena, "supervisor");
	struct aw_request request = city_request(&arena, "POST", "/logout");
	struct aw_reply reply;

	assert_non_null(strstr(cookie, "__Host-anwang="));
	request.cookie = cookie;
	request.body =
		aw_str(aw_arena_printf(&arena, "csrf=%s", city_csrf(*state, &arena, cookie)));
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/login");
	request = city_request(&arena, "GET", "/things/T1");
	request.cookie = cookie;
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 303);
	assert_non_null(strstr(city_header(&reply, "Location"), "/login"));
}

static void
a_purpose_is_chosen_among_those_of_the_roles(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *cookie = city_login(*state, &arena, "supervisor");
	const char *csrf = city_csrf(*state, &arena, cookie);
	struct aw_request request = city_request(&arena, "POST", "/purpose");
	struct aw_reply reply;

	request.cookie = cookie;
	request.body = aw_str(aw_arena_printf(&arena, "csrf=%s&purpose=audit", csrf));
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 403);
	request.body = aw_str(aw_arena_printf(&arena, "csrf=%s&purpose=casework", csrf));
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 303);
	request = city_request(&arena, "GET", "/things/T1.json");
	request.cookie = cookie;
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 200);
	assert_string_equal(city_last_entry(*state, &arena)->purpose, "casework");
}

static void
redirects_stay_inside_the_server(void **state)
{
	static const char *const bad[] = { "//evil.example", "https://evil.example",
		"/%5Cevil.example", "evil", "/%0d%0aX:1", "/login" };
	AW_SCOPE(aw_arena) arena = { 0 };

	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct aw_request request = city_request(&arena, "POST", "/login");
		struct aw_reply reply;

		request.address = aw_arena_printf(&arena, "192.0.2.%zu", 100 + i);
		request.body = aw_str(aw_arena_printf(
			&arena, "login=worker&password=correct+horse+battery&next=%s", bad[i]));
		reply = city_ask(*state, &request);
		assert_int_equal(reply.status, 303);
		assert_string_equal(city_header(&reply, "Location"), "/work");
	}
}

/* Takes the table of the log's subjects away behind the server's back. */
static void
break_log(const struct city *city)
{
	sqlite3 *handle = NULL;

	assert_int_equal(sqlite3_open(city->db.url + strlen("sqlite:"), &handle), SQLITE_OK);
	(void)sqlite3_busy_timeout(handle, 5000); /* somebody may be moving the log home */
	assert_int_equal(
		sqlite3_exec(handle, "ALTER TABLE audit_subject RENAME TO gone", NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(handle);
}

static void
nothing_is_shown_when_the_log_cannot_be_written(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city *city = *state;
	struct aw_request request = city_request(&arena, "GET", "/things/T1.json");
	struct aw_reply reply;

	request.cookie = city_login(city, &arena, "worker");
	break_log(city);
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 503);
	assert_null(strstr(city_body(&arena, &reply), "T1"));
}

static void
pages_that_do_not_exist_and_methods_that_do_not_fit_have_a_page(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "GET", "/nowhere");
	struct aw_reply reply = city_ask(*state, &request);

	assert_int_equal(reply.status, 404);
	assert_non_null(strstr(city_body(&arena, &reply), "<html"));
	request = city_request(&arena, "POST", "/things/T1");
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 405);
	assert_string_equal(city_header(&reply, "Allow"), "GET, HEAD");
}

static void
the_house_tells_its_health_and_its_interface(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "GET", "/healthz");
	struct aw_reply reply = city_ask(*state, &request);

	assert_int_equal(reply.status, 200);
	assert_string_equal(city_body(&arena, &reply), "{\"ok\":true}");
	request = city_request(&arena, "GET", "/openapi.json");
	reply = city_ask(*state, &request);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(city_body(&arena, &reply), "\"openapi\":\"3.1.0\""));
	assert_non_null(strstr(city_body(&arena, &reply), "#/components/schemas/Thing"));
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, setup, city_teardown)
AW_TESTS(ONE(without_a_session_a_page_leads_to_the_login_and_json_says_401),
	ONE(a_look_is_in_the_log_with_whom_and_what_before_it_is_shown),
	ONE(who_may_not_gets_403_and_an_entry_and_no_data),
	ONE(the_public_leaves_an_entry_only_when_something_was_found),
	ONE(our_own_faults_have_a_number_and_tell_nothing),
	ONE(a_change_needs_the_token_of_its_own_session),
	ONE(a_change_sent_from_elsewhere_is_refused), ONE(what_was_refused_left_nothing_behind),
	ONE(a_form_with_a_mistake_comes_back_with_its_page_and_the_mistake),
	ONE(bad_input_is_400_413_or_415),
	ONE(a_wrong_password_and_an_unknown_account_are_answered_alike),
	ONE(one_address_may_not_try_for_ever), ONE(a_session_ends_with_the_logout),
	ONE(a_purpose_is_chosen_among_those_of_the_roles), ONE(redirects_stay_inside_the_server),
	ONE(nothing_is_shown_when_the_log_cannot_be_written),
	ONE(pages_that_do_not_exist_and_methods_that_do_not_fit_have_a_page),
	ONE(the_house_tells_its_health_and_its_interface))
