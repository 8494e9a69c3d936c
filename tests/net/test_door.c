/* The door, through sockets: what comes in at a served city is read, limited, and answered with the
 * headers that every reply has. */
#include <dirent.h>

#include "base/file.h"
#include "base/json.h"
#include "city.h"
#include "net/life.h"
#include "wire.h"

static void
open_door(struct city *city)
{
	city_open_with(city, (struct aw_server_options){ .listen = "127.0.0.1:0" });
}

/* Sends a request whole, whatever bytes it holds; everything that comes back. */
static char *
ask(struct city *city, struct aw_arena *arena, struct aw_str head, struct aw_str body)
{
	int fd = wire_open(aw_server_port(city->server));
	char *reply;

	(void)send(fd, head.at, head.len, MSG_NOSIGNAL);
	for (size_t sent = 0; sent < body.len;) {
		ssize_t some = send(fd, body.at + sent, body.len - sent, MSG_NOSIGNAL);

		if (some <= 0)
			break;
		sent += (size_t)some;
	}
	(void)shutdown(fd, SHUT_WR);
	reply = wire_read(arena, fd, 10000);
	(void)close(fd);
	return reply;
}

static const char *
post_json(struct city *city, struct aw_arena *arena, const char *bearer, struct aw_str body)
{
	const char *head = aw_arena_printf(arena,
		"POST /reports HTTP/1.1\r\nHost: h\r\nAuthorization: %s\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		bearer, body.len);

	return ask(city, arena, aw_str(head), body);
}

/* -- JSON ------------------------------------------------------------------------------------------- */

/* Refused by a limit before the grammar would have refused it: nested too deep, a number too large. */
static bool
is_past_a_limit(const char *name)
{
	return strcmp(name, "n_structure_100000_opening_arrays.json") == 0 ||
	       strcmp(name, "n_object_non_string_key_but_huge_number_instead.json") == 0 ||
	       strcmp(name, "n_structure_open_array_object.json") == 0;
}

static void
check_case(const char *name, const char *reply, size_t *counts)
{
	int status = wire_status(reply);
	bool syntax = strstr(reply, AW_PROBLEM_SYNTAX) != NULL;
	bool content = strstr(reply, AW_PROBLEM_CONTENT) != NULL;

	if (status != 400 && status != 422)
		fail_msg("%s: %.200s", name, reply);
	switch (name[0]) {
	case 'y': /* reaches whoever looks at what a report says */
		if (!content || syntax)
			fail_msg("%s was taken for no JSON: %s", name, reply);
		counts[0]++;
		break;
	case 'n':
		if (status != 400 || syntax == is_past_a_limit(name))
			fail_msg("%s was taken for JSON: %s", name, reply);
		counts[1]++;
		break;
	default: /* either, but an answer */
		if (syntax == content)
			fail_msg("%s: %s", name, reply);
		counts[2]++;
	}
}

static void
json_is_what_the_grammar_says(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_error err = { 0 };
	const char *dir, *bearer;
	struct dirent *entry;
	size_t counts[3] = { 0 };
	DIR *list;

	(void)state;
	open_door(&city);
	bearer = city_bearer(&city, &arena);
	dir = aw_arena_printf(&arena, "%s/json-test-suite/test_parsing", testdata_dir());
	list = opendir(dir);
	assert_non_null(list);
	while ((entry = readdir(list)) != NULL) {
		AW_SCOPE(aw_arena) own = { 0 };
		struct aw_str text;

		if (entry->d_name[0] == '.')
			continue;
		assert_ok(aw_file_read(&own, aw_arena_printf(&own, "%s/%s", dir, entry->d_name),
			1 << 20, &text, &err));
		if (text.len > 0) /* no body is no JSON either, but is not read as such */
			check_case(entry->d_name, post_json(&city, &own, bearer, text), counts);
	}
	(void)closedir(list);
	printf("# JSON: %zu accepted, %zu refused, %zu either\n", counts[0], counts[1], counts[2]);
	assert_true(counts[0] >= 95 && counts[1] >= 187 && counts[2] >= 35);
	/* and one that is right, so that all of this was not refused for something else */
	assert_int_equal(
		wire_status(post_json(&city, &arena, bearer,
			aw_str("{\"kind\": \"adult_ipv\", \"channel\": \"police\","
			       " \"persons\": [{\"role\": \"victim\", \"name\": \"X\"}]}"))),
		200);
	city_close(&city);
}

/* -- limits ----------------------------------------------------------------------------------------- */

static struct aw_str
repeated(struct aw_arena *arena, const char *piece, size_t times, const char *end)
{
	struct aw_buf buf = { .arena = arena };

	for (size_t i = 0; i < times; i++)
		aw_buf_text(&buf, piece);
	aw_buf_text(&buf, end);
	return (struct aw_str){ buf.at, buf.len };
}

static int
post_form(struct city *city, struct aw_arena *arena, struct aw_str body)
{
	const char *head = aw_arena_printf(arena,
		"POST /report HTTP/1.1\r\nHost: h\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n",
		body.len);

	return wire_status(ask(city, arena, aw_str(head), body));
}

static void
what_comes_in_has_limits(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	const char *bearer, *reply;

	(void)state;
	open_door(&city);
	bearer = city_bearer(&city, &arena);
	assert_int_equal(post_form(&city, &arena, repeated(&arena, "a=b&", 2000, "")), 200);
	assert_int_equal(post_form(&city, &arena, repeated(&arena, "a=b&", 2001, "")), 413);
	assert_int_equal(post_form(&city, &arena, repeated(&arena, "a", 1 << 20, "")), 200);
	assert_int_equal(post_form(&city, &arena, repeated(&arena, "a", (1 << 20) + 1, "")), 413);
	assert_int_equal(post_form(&city, &arena, aw_str("a=%zz")), 400);
	assert_int_equal(post_form(&city, &arena, aw_str("a=%ff")), 400);
	assert_int_equal(post_form(&city, &arena, aw_str("a=%00")), 400);
	reply = post_json(&city, &arena, bearer, repeated(&arena, "[", 32, "]"));
	assert_non_null(strstr(reply, AW_PROBLEM_SYNTAX)); /* read, and found open */
	reply = post_json(&city, &arena, bearer, repeated(&arena, "[", 33, "]"));
	assert_non_null(strstr(reply, AW_PROBLEM_CONTENT)); /* not read */
	assert_non_null(strstr(reply, "32 deep"));
	assert_int_equal(wire_status(post_json(&city, &arena, bearer,
				 repeated(&arena, " ", (1 << 20) + 1, "{}"))),
		413);
	city_close(&city);
}

/* Searches as the box above each page does: where it leads to. */
static const char *
search_of(struct city *city, struct aw_arena *arena, const char *cookie)
{
	struct aw_request request = city_request(arena, "POST", "/people/search");
	struct aw_reply reply;
	const char *to;

	request.cookie = cookie;
	request.body = aw_str(aw_arena_printf(
		arena, "csrf=%s&q=wang+0912345678", city_csrf(city, arena, cookie)));
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 303);
	to = city_header(&reply, "Location");
	assert_int_equal(strncmp(to, "/people?search=", 15), 0);
	assert_null(strstr(to, "wang"));
	assert_null(strstr(to, "0912"));
	return to;
}

static void
what_was_searched_for_stands_in_no_url_and_opens_in_its_session_alone(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_request request;
	struct aw_reply reply;
	const char *mine, *other, *to;

	(void)state;
	open_door(&city);
	mine = city_login(&city, &arena, "screener");
	other = city_login(&city, &arena, "screener");
	to = search_of(&city, &arena, mine);
	for (int i = 0; i < 2; i++) { /* loaded again, gone back to */
		request = city_request(&arena, "GET", to);
		request.cookie = mine;
		reply = city_ask(&city, &request);
		assert_int_equal(reply.status, 200);
		assert_non_null(strstr(city_body(&arena, &reply), "value=\"wang 0912345678\""));
	}
	request.cookie = other;
	reply = city_ask(&city, &request);
	assert_int_equal(reply.status, 200);
	assert_null(strstr(city_body(&arena, &reply), "0912345678"));
	/* a form that was not made by a page of the session */
	request = city_request(&arena, "POST", "/people/search");
	request.cookie = mine;
	request.body = aw_str("csrf=0&q=wang");
	assert_int_equal(city_ask(&city, &request).status, 403);
	/* nothing typed */
	request.body =
		aw_str(aw_arena_printf(&arena, "csrf=%s&q=", city_csrf(&city, &arena, mine)));
	reply = city_ask(&city, &request);
	assert_string_equal(city_header(&reply, "Location"), "/people");
	city_close(&city);
}

static void
an_account_searches_so_often_and_no_more(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_request request;

	(void)state;
	open_door(&city);
	for (int who = 0; who < 2; who++) {
		const char *cookie =
			city_login(&city, &arena, who == 0 ? "screener" : "dispatch_reviewer");
		int64_t begin = aw_monotonic_us(), since;
		int status = 200, answered = -1;

		while (status == 200) {
			request = city_request(&arena, "GET", search_of(&city, &arena, cookie));
			request.cookie = cookie;
			status = city_ask(&city, &request).status;
			answered++;
		}
		/* one more for each two seconds that all this took */
		since = (aw_monotonic_us() - begin) / 2000000;
		assert_int_equal(status, 429);
		assert_in_range(answered, 30, 30 + since);
		assert_string_equal(city_last_entry(&city, &arena)->action, "person.search");
		assert_string_equal(city_last_entry(&city, &arena)->outcome, "busy");
		/* the page without a search is no search */
		request = city_request(&arena, "GET", "/people");
		request.cookie = cookie;
		assert_int_equal(city_ask(&city, &request).status, 200);
	}
	city_close(&city);
}

static void
logins_from_one_address_are_slowed_and_an_account_is_locked(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_request request;
	int status = 0;

	(void)state;
	open_door(&city);
	/* the bucket fills again while passwords are hashed, which is slow under sanitizers */
	for (int i = 0; i < 60 && status != 429; i++) {
		request = city_request(&arena, "POST", "/login");
		request.address = "198.51.100.9";
		request.body =
			aw_str(aw_arena_printf(&arena, "login=nobody%d&password=guessing+on", i));
		status = city_ask(&city, &request).status;
		assert_int_equal(status, status == 429 && i >= 20 ? 429 : 403);
	}
	assert_int_equal(status, 429);
	/* from elsewhere: three wrong ones, and then the right one is refused alike */
	for (int i = 0; i < 4; i++) {
		request = city_request(&arena, "POST", "/login");
		request.address = aw_arena_printf(&arena, "198.51.100.%d", 20 + i);
		request.body = aw_str(i < 3 ? "login=auditor&password=guessing+on+and+on"
					    : "login=auditor&password=correct+horse+battery");
		assert_int_equal(city_ask(&city, &request).status, 403);
	}
	(void)city_login(&city, &arena, "screener"); /* others are not concerned */
	city_close(&city);
}

/* A login over a socket, with what a proxy would write about where it came from. */
static int
login_from(struct city *city, struct aw_arena *arena, const char *forwarded, const char *body)
{
	const char *head = aw_arena_printf(arena,
		"POST /login HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: %s\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n",
		forwarded, strlen(body));

	return wire_status(ask(city, arena, aw_str(head), aw_str(body)));
}

/* Tries until it is slowed; how many were let through before. */
static int
tries_until_slowed(struct city *city, struct aw_arena *arena, const char *behind, int most)
{
	for (int i = 0; i < most; i++) {
		const char *forwarded = aw_arena_printf(arena, "198.51.100.%d%s", i, behind);

		/* without a password: counted as a try, and nothing is hashed */
		if (login_from(city, arena, forwarded, "login=nobody") == 429)
			return i;
	}
	return most;
}

static void
behind_a_proxy_the_address_it_saw_is_slowed_and_no_other(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;

	(void)state;
	city_open_with(
		&city, (struct aw_server_options){ .listen = "127.0.0.1:0", .behind_proxy = true });
	/* the client writes another address each time; the proxy adds the real one behind it */
	assert_in_range(tries_until_slowed(&city, &arena, ", 203.0.113.9", 60), 20, 59);
	assert_int_equal(login_from(&city, &arena, "203.0.113.9", "login=nobody"), 429);
	assert_int_equal(login_from(&city, &arena, "203.0.113.10", "login=nobody"), 403);
	/* an account is locked from wherever it is tried */
	for (int i = 0; i < 3; i++)
		assert_int_equal(login_from(&city, &arena, aw_arena_printf(&arena, "192.0.2.%d", i),
					 "login=auditor&password=guessing+on+and+on"),
			403);
	assert_int_equal(login_from(&city, &arena, "192.0.2.77",
				 "login=auditor&password=correct+horse+battery"),
		403);
	assert_int_equal(login_from(&city, &arena, "192.0.2.77",
				 "login=screener&password=correct+horse+battery"),
		303);
	city_close(&city);
	/* without a proxy nobody's word counts: all of them come from this machine */
	open_door(&city);
	assert_in_range(tries_until_slowed(&city, &arena, "", 60), 20, 59);
	city_close(&city);
}

/* -- headers ---------------------------------------------------------------------------------------- */

/* Which answers the table gave: each kind of them must have been seen. */
static void
check_reply(const char *what, const char *path, const char *reply, bool seen[600])
{
	int status = wire_status(reply);
	const char *lacking = wire_lacks_header(reply);

	if (status < 200 || status >= 500)
		fail_msg("%s %s: %d", what, path, status);
	if (lacking != NULL)
		fail_msg("%s %s: %d without %s", what, path, status, lacking);
	seen[status] = true;
}

static void
every_reply_of_every_route_has_the_headers(void **state)
{
	static const int wanted[] = { 200, 303, 400, 401, 403, 404, 405, 413, 415, 422 };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	const char *cookie, *csrf;
	bool seen[600] = { false };
	size_t count, asked = 0;
	const struct aw_route *list = aw_routes(&count);

	(void)state;
	open_door(&city);
	cookie = city_login(&city, &arena, "screener");
	csrf = city_csrf(&city, &arena, cookie);
	for (size_t i = 0; i < count; i++) {
		AW_SCOPE(aw_arena) own = { 0 };
		const char *path = city_path(&own, &list[i]);
		const char *method = list[i].method;
		const struct {
			const char *what, *text;
		} asks[] = {
			{ "a stranger", "Content-Length: 0\r\n" },
			{ "a program", "Accept: application/json\r\nContent-Length: 0\r\n" },
			{ "a screener",
				aw_arena_printf(&own,
					"Cookie: %s\r\nX-CSRF-Token: %s\r\nContent-Length: 0\r\n",
					cookie, csrf) },
			{ "a body of another type",
				"Content-Type: text/plain\r\nContent-Length: 1\r\n" },
			{ "a body that is too large", "Content-Length: 1048577\r\n" },
			{ "half an escape", "Content-Type: application/x-www-form-urlencoded\r\n"
					    "Content-Length: 1\r\n" },
		};

		if (strcmp(list[i].path, "/logout") == 0)
			continue; /* it is the one that ends the session of the rest */
		for (size_t k = 0; k < AW_COUNT(asks); k++) {
			const char *head = aw_arena_printf(&own,
				"%s %s HTTP/1.1\r\nHost: h\r\n%s\r\n", method, path, asks[k].text);

			check_reply(asks[k].what, path, ask(&city, &own, aw_str(head), aw_str("%")),
				seen);
			asked++;
		}
		check_reply("another method", path,
			ask(&city, &own,
				aw_str(aw_arena_printf(
					&own, "PUT %s HTTP/1.1\r\nHost: h\r\n\r\n", path)),
				aw_str("")),
			seen);
		check_reply("nothing there", path,
			ask(&city, &own,
				aw_str(aw_arena_printf(&own,
					"%s %s/nothing/there HTTP/1.1\r\nHost: h\r\n\r\n", method,
					path)),
				aw_str("")),
			seen);
	}
	for (size_t i = 0; i < AW_COUNT(wanted); i++)
		if (!seen[wanted[i]])
			fail_msg("no answer was %d: nothing is known of its headers", wanted[i]);
	printf("# headers: %zu answers of %zu routes\n", asked, count);
	city_close(&city);
}

/* The control: a reply without one of them is found. */
static void
a_reply_without_a_header_would_be_found(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	char *reply, *at;

	(void)state;
	open_door(&city);
	reply = ask(&city, &arena, aw_str("GET /login HTTP/1.1\r\nHost: h\r\n\r\n"), aw_str(""));
	assert_null(wire_lacks_header(reply));
	at = strstr(reply, "nosniff");
	assert_non_null(at);
	at[0] = 'x';
	assert_string_equal(wire_lacks_header(reply), "X-Content-Type-Options: nosniff");
	city_close(&city);
}

AW_TESTS(cmocka_unit_test(json_is_what_the_grammar_says),
	cmocka_unit_test(what_comes_in_has_limits),
	cmocka_unit_test(what_was_searched_for_stands_in_no_url_and_opens_in_its_session_alone),
	cmocka_unit_test(an_account_searches_so_often_and_no_more),
	cmocka_unit_test(logins_from_one_address_are_slowed_and_an_account_is_locked),
	cmocka_unit_test(behind_a_proxy_the_address_it_saw_is_slowed_and_no_other),
	cmocka_unit_test(every_reply_of_every_route_has_the_headers),
	cmocka_unit_test(a_reply_without_a_header_would_be_found))
