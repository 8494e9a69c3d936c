/**
 * tests/city/citytest - a small city in which use cases run: a city's policy, a few accounts.
 *
 * struct citytest *c = *state;  AS(c, "reviewer", fn, arg) runs fn in one unit of work as that
 * account, at the city's time c->now_ms, which a test moves on by itself.
 */
#ifndef AW_TESTS_CITY_CITYTEST_H
#define AW_TESTS_CITY_CITYTEST_H

#include "../testdb.h"
#include "city/dispatch/dispatch.h"
#include "city/intake/report.h"
#include "city/person/people.h"
#include "city/person/person.h"
#include "guard/account.h"
#include "guard/act.h"
#include "policy/policy.h"
#include "policy/release.h"

struct citytest {
	struct testdb db;
	struct aw_policy *policy;
	struct aw_releases *releases; /* NULL unless a test sets it */
	struct aw_people *people;
	struct aw_ids ids;
	struct aw_arena arena; /* of the test */
	int64_t now_ms;
	struct {
		const char *login, *unit, *roles, *purpose;
		int64_t account;
	} accounts[16];
	size_t account_count;
};

typedef enum aw_status city_fn(struct aw_act *act, void *arg, struct aw_error *err);

struct city_run {
	struct citytest *city;
	const struct aw_viewer *viewer;
	city_fn *fn;
	void *arg;
};

static inline enum aw_status
city_unit(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct city_run *run = arg;
	struct aw_act act = { .tx = tx,
		.arena = &run->city->arena,
		.viewer = run->viewer,
		.policy = run->city->policy,
		.releases = run->city->releases,
		.keyring = run->city->db.keyring,
		.ids = &run->city->ids,
		.people = run->city->people,
		.now_ms = run->city->now_ms,
		.real_ms = run->city->now_ms,
		.demo = true,
		.action = "test" };

	return run->fn(&act, run->arg, err);
}

static inline enum aw_status
city_as(struct citytest *city, const char *login, city_fn *fn, void *arg, struct aw_error *err)
{
	struct aw_viewer viewer = { .login = login, .name = login, .title = "", .roles = "" };

	for (size_t i = 0; i < city->account_count; i++) {
		if (strcmp(city->accounts[i].login, login) != 0)
			continue;
		viewer.account = city->accounts[i].account;
		viewer.unit = city->accounts[i].unit;
		viewer.roles = city->accounts[i].roles;
		viewer.purpose = city->accounts[i].purpose;
	}
	return aw_db_write(
		city->db.db, city_unit, &(struct city_run){ city, &viewer, fn, arg }, err);
}

static inline enum aw_status
city_make_accounts(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct citytest *city = arg;

	if (aw_release_by_loading(act->tx, city->policy, true, act->now_ms, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < city->account_count; i++) {
		const struct aw_account_in in = { .login = city->accounts[i].login,
			.name = city->accounts[i].login,
			.title = "社工",
			.unit = city->accounts[i].unit,
			.roles = city->accounts[i].roles,
			.password_hash = "!" };
		if (aw_account_add(act, &in, &city->accounts[i].account, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

struct city_account {
	const char *login, *unit, *roles, *purpose;
};

/* A city of policy/<folder> with these accounts. */
static inline void
city_start(void **state, const char *folder, const struct city_account *accounts, size_t count)
{
	struct citytest *city = calloc(1, sizeof(*city));
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };

	testdb_open(&city->db);
	assert_ok(aw_policy_load_dir(aw_arena_printf(&arena, "%s/policy/%s", source_dir(), folder),
		NULL, &city->policy, &err));
	city->people = aw_people_new();
	aw_ids_init(&city->ids, NULL);
	assert_true(aw_instant_parse(aw_str("2021-05-03T09:12:00+08:00"), &city->now_ms));
	for (size_t i = 0; i < count; i++) {
		city->accounts[i].login = accounts[i].login;
		city->accounts[i].unit = accounts[i].unit;
		city->accounts[i].roles = accounts[i].roles;
		city->accounts[i].purpose = accounts[i].purpose;
	}
	city->account_count = count;
	assert_ok(city_as(city, "set-up", city_make_accounts, city, &err));
	*state = city;
}

static inline int
city_setup(void **state)
{
	static const struct city_account accounts[] = {
		{ "screener", "centre", "screener", "screening" },
		{ "reviewer", "centre", "dispatch_reviewer", "screening" },
		{ "child_supervisor", "dv_child", "supervisor", "supervision" },
		{ "child_worker", "dv_child", "worker", "casework" },
		{ "adult_supervisor", "dv_adult", "supervisor", "supervision" },
		{ "adult_worker", "dv_adult", "worker", "casework" },
		{ "mental_supervisor", "mental_health", "supervisor", "supervision" },
		{ "mental_worker", "mental_health", "worker", "casework" },
		{ "family_supervisor", "fc_renshan", "supervisor", "supervision" },
		{ "settler", "city_office", "settler", "settlement" },
	};

	city_start(state, "keelung", accounts, AW_COUNT(accounts));
	return 0;
}

static inline int
city_teardown(void **state)
{
	struct citytest *city = *state;

	testdb_close(&city->db);
	aw_people_close(city->people);
	aw_policy_free(city->policy);
	aw_arena_done(&city->arena);
	free(city);
	return 0;
}

#define CITY_TEST(test) cmocka_unit_test_setup_teardown(test, city_setup, city_teardown)

/* The city's policy with one text of a file changed; the caller frees it. */
static inline struct aw_policy *
city_draft(struct citytest *city, const char *path, const char *from, const char *to)
{
	const struct aw_policy *policy = city->policy;
	struct aw_policy draft = *policy, *next = NULL;
	struct aw_policy_file *files =
		AW_NEW_ARRAY(&city->arena, struct aw_policy_file, policy->file_count);
	struct aw_error err = { 0 };

	for (size_t i = 0; i < policy->file_count; i++) {
		const char *at;

		files[i] = policy->files[i];
		if (strcmp(files[i].path, path) != 0)
			continue;
		at = strstr(files[i].text.at, from);
		assert_non_null(at);
		files[i].text = aw_str(aw_arena_printf(&city->arena, "%.*s%s%s",
			(int)(at - files[i].text.at), files[i].text.at, to, at + strlen(from)));
	}
	draft.files = files;
	assert_ok(aw_policy_load_bundle(aw_policy_pack(&city->arena, &draft), NULL, &next, &err));
	assert_string_not_equal(next->hash, policy->hash);
	return next;
}

/* -- steps that many tests take ------------------------------------------------------------- */

static inline enum aw_status
city_receive(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct aw_report_problems problems = { 0 };
	struct aw_report_in in;
	struct aw_receipt receipt;
	AW_SCOPED(json, json_t *) json = NULL;

	if (aw_json_parse(aw_str(*(const char **)arg), "report", &json, err) != AW_OK ||
		aw_report_from_json(act->arena, json, &in, &problems, err) != AW_OK)
		return err->status;
	in.channel = "api";
	if (aw_report_receive(act, &in, &receipt, &problems, err) != AW_OK)
		return err->status;
	*(const char **)arg = receipt.number;
	return aw_dispatch_screen(act, receipt.report, err);
}

/* Receives and screens a report; returns its public number. */
static inline const char *
city_report(struct citytest *city, const char *json)
{
	struct aw_error err = { 0 };
	const char *text = json;

	assert_ok(city_as(city, "worker", city_receive, &text, &err));
	return text;
}

/* A partner's report with a score of TIPVDA; its number. */
static inline const char *
city_partner_report(struct citytest *city, int tipvda)
{
	return city_report(city,
		aw_arena_printf(&city->arena,
			"{\"kind\":\"adult_ipv\",\"channel\":\"police\","
			"\"incident\":{\"address\":\"基隆市中山區示範路1號\",\"narrative\":"
			"\"示範\"},"
			"\"persons\":[{\"role\":\"victim\",\"name\":\"測試甲\",\"sex\":\"F\"},"
			"{\"role\":\"respondent\",\"name\":\"測試乙\",\"sex\":\"M\",\"relation\":"
			"\"spouse\"}],\"answers\":{\"tipvda\":%d}}",
			tipvda));
}

#endif
