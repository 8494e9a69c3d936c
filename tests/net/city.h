/**
 * tests/net/city - a served city: Keelung's policy, an account for each role, no sockets.
 *
 * An account's login is its role, its password CITY_PASSWORD.
 */
#ifndef AW_TESTS_NET_CITY_H
#define AW_TESTS_NET_CITY_H

#include <stdlib.h>

#include "../testdb.h"
#include "guard/account.h"
#include "guard/log.h"
#include "net/route.h"
#include "net/server.h"
#include "policy/policy.h"
#include "policy/release.h"

#define CITY_PASSWORD "correct horse battery"

struct city {
	struct testdb db;
	struct aw_house house;
	struct aw_server *server;
};

struct city_fill {
	struct testdb *db;
	struct aw_policy *policy;
	struct aw_arena arena;
	char hash[AW_PASSWORD_TEXT];
};

static enum aw_status
city_fill(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct city_fill *fill = arg;
	struct aw_ids ids;
	struct aw_act act = { .tx = tx,
		.arena = &fill->arena,
		.policy = fill->policy,
		.ids = &ids,
		.now_ms = aw_real_ms(),
		.real_ms = aw_real_ms() };

	aw_ids_init(&ids, NULL);
	if (aw_release_by_loading(tx, fill->policy, false, act.now_ms, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < fill->policy->role_count; i++) {
		const struct aw_account_in in = { .login = fill->policy->roles[i].code,
			.name = "測試",
			.title = "社工",
			.unit = fill->policy->units[0].code,
			.roles = fill->policy->roles[i].code,
			.password_hash = fill->hash };
		int64_t account;

		if (aw_account_add(&act, &in, &account, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* options: what else than the house and the pages the server is to have; may listen. */
static inline void
city_open_with(struct city *city, struct aw_server_options options)
{
	struct city_fill fill = { .db = &city->db };
	struct aw_error err = { 0 };
	char dir[512];

	*city = (struct city){ 0 };
	testdb_open(&city->db);
	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &fill.policy, &err));
	assert_ok(aw_password_hash(CITY_PASSWORD, true, fill.hash, &err));
	assert_ok(aw_db_write(city->db.db, city_fill, &fill, &err));
	aw_policy_free(fill.policy);
	aw_arena_done(&fill.arena);
	testdb_shut(&city->db);
	assert_int_equal(setenv("ANWANG_KEY_FILE", city->db.key_path, 1), 0);
	assert_ok(aw_house_open(
		&(struct aw_house_options){ .url = city->db.url, .parts = AW_HOUSE_ALL },
		&city->house, &err));
	options.house = &city->house;
	options.pages_dir = source_dir();
	assert_ok(aw_server_start(&options, &city->server, &err));
}

/* routes NULL: the program's own. */
static inline void
city_open(struct city *city, const struct aw_route *routes, size_t route_count)
{
	city_open_with(
		city, (struct aw_server_options){ .routes = routes, .route_count = route_count });
}

static inline void
city_close(struct city *city)
{
	aw_server_end(city->server);
	aw_house_done(&city->house);
	testdb_close(&city->db);
}

/* A request as a browser on this server's own page sends it. */
static inline struct aw_request
city_request(struct aw_arena *arena, const char *method, const char *target)
{
	struct aw_str rest;
	struct aw_request request = { .arena = arena,
		.number = "TEST-0001",
		.method = method,
		.host = "localhost:8080",
		.accept = "text/html,application/xhtml+xml",
		.address = "192.0.2.7" };

	request.path = aw_str_cut(aw_str(aw_arena_strdup(arena, target)), '?', &rest);
	request.query = rest;
	if (strcmp(method, "POST") == 0) {
		request.origin = "http://localhost:8080";
		request.sec_fetch_site = "same-origin";
		request.content_type = "application/x-www-form-urlencoded";
	}
	return request;
}

static inline struct aw_reply
city_ask(struct city *city, struct aw_request *request)
{
	struct aw_reply reply = { 0 };

	aw_server_answer(city->server, request, &reply);
	assert_true(reply.status != 0);
	return reply;
}

/* With a session's cookie. */
static inline struct aw_reply
city_get(struct city *city, struct aw_arena *arena, const char *cookie, const char *path)
{
	struct aw_request request = city_request(arena, "GET", path);

	request.cookie = cookie;
	return city_ask(city, &request);
}

/* A city of a test's own, as its state. */
static inline int
city_setup(void **state)
{
	struct city *city = calloc(1, sizeof(*city));

	city_open(city, NULL, 0);
	*state = city;
	return 0;
}

static inline int
city_teardown(void **state)
{
	city_close(*state);
	free(*state);
	return 0;
}

/* First header of that name, NULL if there is none. */
static inline const char *
city_header(const struct aw_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++) {
		if (strcmp(reply->headers[i].name, name) == 0)
			return reply->headers[i].value;
	}
	return NULL;
}

static inline const char *
city_body(struct aw_arena *arena, const struct aw_reply *reply)
{
	return reply->body.at == NULL ? ""
				      : aw_arena_strndup(arena, reply->body.at, reply->body.len);
}

/* What a browser sends back of the cookie that a reply sets. */
static inline const char *
city_cookie(struct aw_arena *arena, const struct aw_reply *reply)
{
	const char *cookie = city_header(reply, "Set-Cookie");
	struct aw_str rest;

	assert_non_null(cookie);
	return aw_arena_strndup(arena, cookie, aw_str_cut(aw_str(cookie), ';', &rest).len);
}

/* Logs in; the Cookie header of later requests. Fails the test when it is refused. */
static inline const char *
city_login(struct city *city, struct aw_arena *arena, const char *login)
{
	struct aw_request request = city_request(arena, "POST", "/login");
	struct aw_reply reply;

	request.body =
		aw_str(aw_arena_printf(arena, "login=%s&password=correct+horse+battery", login));
	reply = city_ask(city, &request);
	assert_int_equal(reply.status, 303);
	return city_cookie(arena, &reply);
}

/* The form token that a page shows. */
static inline const char *
city_csrf_of(struct city *city, struct aw_arena *arena, const char *cookie, const char *path)
{
	struct aw_request request = city_request(arena, "GET", path);
	struct aw_reply reply;
	const char *at;

	request.cookie = cookie;
	reply = city_ask(city, &request);
	at = strstr(city_body(arena, &reply), "name=\"csrf\" value=\"");
	assert_non_null(at);
	at += strlen("name=\"csrf\" value=\"");
	return aw_arena_strndup(arena, at, strcspn(at, "\""));
}

static inline const char *
city_csrf(struct city *city, struct aw_arena *arena, const char *cookie)
{
	return city_csrf_of(city, arena, cookie, "/purpose");
}

struct city_token {
	struct city *city;
	struct aw_arena *arena;
	char text[AW_TOKEN_TEXT];
};

static inline enum aw_status
city_add_token(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct city_token *token = arg;
	const struct aw_viewer viewer = { .login = "console:test" };
	struct aw_act act = aw_house_act(&token->city->house, token->arena, &viewer, "user.token");

	act.tx = tx;
	return aw_api_token_add(&act, "precinct", "police_1", token->text, err);
}

/* The Authorization header of a system that sends reports; once a city. */
static inline const char *
city_bearer(struct city *city, struct aw_arena *arena)
{
	struct city_token token = { .city = city, .arena = arena };
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(city->house.db, city_add_token, &token, &err));
	return aw_arena_printf(arena, "Bearer %s", token.text);
}

/* A path that fits the route: each {part} becomes x. */
static inline const char *
city_path(struct aw_arena *arena, const struct aw_route *route)
{
	const struct aw_matched nothing = { 0 };
	const char *path = aw_route_path(arena, route->path, &nothing);
	struct aw_buf out = { .arena = arena };

	for (const char *at = path; *at != '\0'; at++) {
		aw_buf_char(&out, *at);
		if (at[0] == '/' && (at[1] == '/' || at[1] == '\0') && at != path)
			aw_buf_char(&out, 'x');
	}
	return path[1] == '\0' ? path : aw_buf_z(&out);
}

/* -- what the log says -- */

struct city_last {
	struct aw_arena *arena;
	struct aw_log_query query;
	struct aw_log_entry *entries;
	size_t count;
};

static inline enum aw_status
city_find_last(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct city_last *last = arg;
	bool more;

	return aw_log_find(tx, last->arena, &last->query, &last->entries, &last->count, &more, err);
}

/* The newest entry of an action (NULL: of any); NULL when there is none. A worker writes entries of
 * its own in between. */
static inline const struct aw_log_entry *
city_last_of(struct city *city, struct aw_arena *arena, const char *action)
{
	struct city_last last = { .arena = arena, .query = { .action = action, .limit = 1 } };
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(city->house.db, city_find_last, &last, &err));
	return last.count > 0 ? last.entries : NULL;
}

static inline const struct aw_log_entry *
city_last_entry(struct city *city, struct aw_arena *arena)
{
	return city_last_of(city, arena, NULL);
}

/* The text of a page that answers. */
static inline const char *
city_page(struct city *city, struct aw_arena *arena, const char *cookie, const char *path)
{
	struct aw_reply reply = city_get(city, arena, cookie, path);

	assert_int_equal(reply.status, 200);
	return city_body(arena, &reply);
}

#endif
