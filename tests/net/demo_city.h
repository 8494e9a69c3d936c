/**
 * tests/net/demo_city - a small demo city, served without sockets, with two accounts of each role signed
 * in; its tables can be read beside it.
 */
#ifndef AW_TESTS_NET_DEMO_CITY_H
#define AW_TESTS_NET_DEMO_CITY_H

#include <sqlite3.h>

#include "city.h"
#include "city/person/people.h"
#include "demo/fill.h"

enum { DEMO_SEED = 7, ASKERS_MOST = 24 };
#define DEMO_SCALE 0.01

struct asker {
	const char *role, *login, *cookie, *csrf;
	int64_t account;
};

struct demo_city {
	struct city city;
	struct aw_arena arena;
	struct aw_policy *policy;
	struct aw_demo_filled filled;
	sqlite3 *raw;
	struct aw_random random;
	struct asker askers[ASKERS_MOST];
	size_t asker_count;
};

static inline enum aw_status
demo_city_release(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct demo_city *demo = arg;

	return aw_release_by_loading(tx, demo->policy, true, aw_demo_now_ms(), err);
}

static inline void
demo_city_fill(struct demo_city *demo)
{
	const struct aw_demo_options options = {
		.seed = DEMO_SEED, .scale = DEMO_SCALE, .reports = 1
	};
	struct testdb *db = &demo->city.db;
	struct aw_error err = { 0 };
	struct aw_ids ids;
	struct aw_demo_env env = { .db = db->db,
		.keyring = db->keyring,
		.ids = &ids,
		.people = aw_people_new(),
		.policy = demo->policy,
		.real_ms = aw_real_ms() };

	aw_ids_init(&ids, &demo->random);
	assert_ok(aw_db_write(db->db, demo_city_release, demo, &err));
	assert_ok(aw_demo_fill(&env, &demo->arena, &options, &demo->filled, &err));
	aw_people_close(env.people);
}

/* routes NULL: the program's own. */
static inline void
demo_city_open(struct demo_city *demo, const struct aw_route *routes, size_t count)
{
	struct aw_error err = { 0 };
	struct city *city = &demo->city;

	*demo = (struct demo_city){ 0 };
	aw_random_seed(&demo->random, DEMO_SEED);
	assert_ok(
		aw_policy_load_dir(aw_arena_printf(&demo->arena, "%s/policy/keelung", source_dir()),
			NULL, &demo->policy, &err));
	testdb_open(&city->db);
	demo_city_fill(demo);
	testdb_shut(&city->db);
	assert_int_equal(setenv("ANWANG_KEY_FILE", city->db.key_path, 1), 0);
	assert_ok(aw_house_open(
		&(struct aw_house_options){ .url = city->db.url, .parts = AW_HOUSE_ALL },
		&city->house, &err));
	assert_ok(aw_server_start(&(struct aw_server_options){ .house = &city->house,
					  .routes = routes,
					  .route_count = count,
					  .pages_dir = source_dir() },
		&city->server, &err));
	assert_int_equal(sqlite3_open_v2(city->db.url + strlen("sqlite:"), &demo->raw,
				 SQLITE_OPEN_READONLY, NULL),
		SQLITE_OK);
	(void)sqlite3_busy_timeout(demo->raw, 5000);
}

static inline void
demo_city_close(struct demo_city *demo)
{
	(void)sqlite3_close(demo->raw);
	city_close(&demo->city);
	aw_policy_free(demo->policy);
	aw_arena_done(&demo->arena);
}

/* The first value of the first row, as text in the arena; NULL when there is none. */
static inline const char *
demo_city_text(struct demo_city *demo, struct aw_arena *arena, const char *sql, int64_t number,
	const char *text)
{
	sqlite3_stmt *row = NULL;
	const char *value = NULL;

	assert_int_equal(sqlite3_prepare_v2(demo->raw, sql, -1, &row, NULL), SQLITE_OK);
	(void)sqlite3_bind_int64(row, 1, number);
	if (text != NULL)
		(void)sqlite3_bind_text(row, 2, text, -1, SQLITE_STATIC);
	if (sqlite3_step(row) == SQLITE_ROW)
		value = aw_arena_strdup(arena, (const char *)sqlite3_column_text(row, 0));
	(void)sqlite3_finalize(row);
	return value;
}

static inline int64_t
demo_city_number(struct demo_city *demo, const char *sql, int64_t about, const char *text)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const char *value = demo_city_text(demo, &arena, sql, about, text);

	return value == NULL ? 0 : atoll(value);
}

static inline void
demo_city_sign_in(struct demo_city *demo, struct asker *asker, const char *password)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_request request = city_request(&arena, "POST", "/login");
	struct aw_reply reply;
	const char *cookie;

	request.body =
		aw_str(aw_arena_printf(&arena, "login=%s&password=%s", asker->login, password));
	reply = city_ask(&demo->city, &request);
	assert_int_equal(reply.status, 303);
	cookie = city_header(&reply, "Set-Cookie");
	assert_non_null(cookie);
	asker->cookie = aw_arena_strndup(&demo->arena, cookie, strcspn(cookie, ";"));
	asker->csrf = city_csrf(&demo->city, &demo->arena, asker->cookie);
}

/* Two accounts of each role that has any, in different units where there are. */
static inline void
demo_city_sign_everybody_in(struct demo_city *demo)
{
	for (size_t p = 0; p < demo->filled.passwords.count; p++) {
		const struct aw_demo_password *password = &demo->filled.passwords.at[p];
		const char *unit = "";
		int taken = 0;

		for (size_t i = 0; i < demo->filled.staff.count && taken < 2; i++) {
			const struct aw_demo_account *account = &demo->filled.staff.accounts[i];

			if (strcmp(account->role, password->role) != 0 ||
				strcmp(account->unit, unit) == 0)
				continue;
			assert_true(demo->asker_count < ASKERS_MOST);
			demo->askers[demo->asker_count] = (struct asker){ .role = account->role,
				.login = account->login,
				.account = demo->filled.staff.ids[i] };
			demo_city_sign_in(demo, &demo->askers[demo->asker_count++], password->text);
			unit = account->unit;
			taken++;
		}
	}
	assert_true(demo->asker_count > 8);
}

/* The first account of a role. */
static inline const struct asker *
demo_city_asker(struct demo_city *demo, const char *role)
{
	for (size_t i = 0; i < demo->asker_count; i++)
		if (strcmp(demo->askers[i].role, role) == 0)
			return &demo->askers[i];
	fail_msg("nobody is a %s", role);
	return NULL;
}

/* A request of somebody who is signed in, with the token of their forms; body may be NULL. */
static inline struct aw_reply
demo_city_ask(struct demo_city *demo, const struct asker *who, const char *method, const char *path,
	const char *body)
{
	struct aw_request request = city_request(&demo->arena, method, path);

	request.cookie = who->cookie;
	request.csrf = who->csrf;
	if (body != NULL)
		request.body = aw_str(body);
	return city_ask(&demo->city, &request);
}

#endif
