/* A change of policy on the page: proposed by one, confirmed by another, and the next report is decided
 * by it while the server runs. */
#include <sqlite3.h>

#include "city.h"
#include "net/worker.h"
#include "policy/proposal.h"

/* A city with a proposal in it, and who is asked for pages. */
struct bench {
	struct city city;
	struct aw_arena arena;
	struct aw_policy *next;
	int64_t number;
	struct aw_proposal_by by;
};

static enum aw_status
make(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct bench *b = arg;
	int64_t now_ms = aw_business_ms(&b->city.house.clock);
	struct aw_account account;

	if (aw_account_by_login(tx, &b->arena, "planner", &account, err) != AW_OK)
		return err->status;
	b->by = (struct aw_proposal_by){ account.id, "planner" };
	return aw_proposal_make(tx,
		&(struct aw_proposal_in){ .policy = b->next,
			.from_day = aw_taipei_day(now_ms),
			.words = "a lower threshold",
			.by = b->by },
		now_ms, &b->number, err);
}

/* Keelung with one rule's source another, and one rule gone. */
static struct aw_policy *
edited_policy(struct aw_arena *arena, const struct aw_policy *p)
{
	struct aw_policy_file *files =
		aw_arena_memdup(arena, p->files, p->file_count * sizeof(*files));
	struct aw_policy edited = { .files = files, .file_count = p->file_count };
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };

	for (size_t i = 0; i < p->file_count; i++) {
		const char *text, *rule, *end;
		struct aw_buf buf = { .arena = arena };

		if (strcmp(files[i].path, "triage.dmn") != 0)
			continue;
		text = aw_arena_strndup(arena, files[i].text.at, files[i].text.len);
		rule = strstr(text, "<rule ");
		end = strstr(rule, "</rule>");
		aw_buf_str(&buf, (struct aw_str){ text, (size_t)(rule - text) });
		aw_buf_text(&buf, end + strlen("</rule>"));
		files[i].text = (struct aw_str){ aw_buf_z(&buf), buf.len };
	}
	assert_ok(aw_policy_load_bundle(aw_policy_pack(arena, &edited), NULL, &policy, &err));
	return policy;
}

static int
open_bench(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct aw_error err = { 0 };

	assert_non_null(b);
	city_open(&b->city, NULL, 0);
	b->next = edited_policy(&b->arena, aw_house_policy(&b->city.house));
	assert_ok(aw_db_write(b->city.house.db, make, b, &err));
	*state = b;
	return 0;
}

static int
close_bench(void **state)
{
	struct bench *b = *state;

	aw_policy_free(b->next);
	city_close(&b->city);
	aw_arena_done(&b->arena);
	free(b);
	return 0;
}

static struct aw_reply
get(struct bench *b, const char *login, const char *path)
{
	struct aw_request request = city_request(&b->arena, "GET", path);

	request.cookie = city_login(&b->city, &b->arena, login);
	return city_ask(&b->city, &request);
}

static struct aw_reply
post(struct bench *b, const char *login, const char *path, const char *body)
{
	struct aw_request request = city_request(&b->arena, "POST", path);

	request.cookie = city_login(&b->city, &b->arena, login);
	request.csrf = city_csrf(&b->city, &b->arena, request.cookie);
	request.body = aw_str(body);
	return city_ask(&b->city, &request);
}

static void
shows(struct bench *b, const struct aw_reply *reply, int status, const char *const *words,
	size_t count)
{
	const char *body = city_body(&b->arena, reply);

	assert_int_equal(reply->status, status);
	for (size_t i = 0; i < count; i++)
		if (strstr(body, words[i]) == NULL)
			fail_msg("\"%s\" is not on the page:\n%.3000s", words[i], body);
}
#define SHOWS(b, reply, status, ...)                                                               \
	shows((b), &(reply), (status), (const char *const[]){ __VA_ARGS__ },                       \
		AW_COUNT(((const char *const[]){ __VA_ARGS__ })))

static const char *
hash_shown(struct bench *b, const struct aw_policy *policy)
{
	return aw_arena_strndup(&b->arena, policy->hash, 12);
}

static void
the_page_says_what_is_different_and_who_may_answer(void **state)
{
	struct bench *b = *state;
	struct aw_reply own = get(b, "planner", "/policy/proposals/1"),
			others = get(b, "administrator", "/policy/proposals/1"),
			list = get(b, "planner", "/policy"),
			none = get(b, "planner", "/policy/proposals/7");

	SHOWS(b, own, 200, "刪除1列", "1個檔案不同", "triage.dmn", "須由另一人核定", "/withdraw");
	assert_null(strstr(city_body(&b->arena, &own), "/confirm\""));
	SHOWS(b, others, 200, "/policy/proposals/1/confirm", "/policy/proposals/1/refuse");
	assert_null(strstr(city_body(&b->arena, &others), "/withdraw\""));
	SHOWS(b, list, 200, "/policy/proposals/1", "待另一人核定");
	assert_int_equal(none.status, 404);
}

static void
the_same_person_is_refused_and_the_second_puts_it_in_force(void **state)
{
	struct bench *b = *state;
	const struct aw_policy *before = aw_house_policy(&b->city.house);
	struct aw_reply reply = post(b, "planner", "/policy/proposals/1/confirm", "x=1");
	const struct aw_log_entry *entry;

	assert_int_equal(reply.status, 403);
	assert_ptr_equal(aw_house_policy(&b->city.house), before);
	reply = post(b, "administrator", "/policy/proposals/1/confirm", "x=1");
	assert_int_equal(reply.status, 303);
	assert_string_equal(aw_house_policy(&b->city.house)->hash, b->next->hash);
	reply = get(b, "planner", "/policy");
	SHOWS(b, reply, 200, hash_shown(b, b->next), "已核定", hash_shown(b, before));
	entry = city_last_of(&b->city, &b->arena, "policy.confirm");
	assert_string_equal(entry->actor, "administrator");
	assert_string_equal(entry->object, hash_shown(b, b->next));
	reply = post(b, "administrator", "/policy/proposals/1/confirm", "x=1");
	assert_int_equal(reply.status, 422);
	SHOWS(b, reply, 422, "已有答覆");
}

static void
what_is_refused_or_withdrawn_stays_out_of_force(void **state)
{
	struct bench *b = *state;
	const struct aw_policy *before = aw_house_policy(&b->city.house);
	struct aw_reply reply = post(b, "administrator", "/policy/proposals/1/refuse", "words=no");
	struct aw_error err = { 0 };

	assert_int_equal(reply.status, 422);
	reply = post(
		b, "administrator", "/policy/proposals/1/refuse", "words=the+numbers+are+wrong");
	assert_int_equal(reply.status, 303);
	reply = get(b, "planner", "/policy/proposals/1");
	SHOWS(b, reply, 200, "the numbers are wrong", "不再保存");
	assert_ok(aw_db_write(b->city.house.db, make, b, &err));
	assert_int_equal(
		post(b, "administrator", "/policy/proposals/2/withdraw", "x=1").status, 403);
	assert_int_equal(post(b, "planner", "/policy/proposals/2/withdraw", "x=1").status, 303);
	assert_ptr_equal(aw_house_policy(&b->city.house), before);
}

static void
a_former_release_is_proposed_again(void **state)
{
	struct bench *b = *state;
	const struct aw_policy *before = aw_house_policy(&b->city.house);
	struct aw_reply reply = post(b, "administrator", "/policy/proposals/1/confirm", "x=1");

	assert_int_equal(reply.status, 303);
	reply = post(b, "planner", "/policy/propose", "words=back+to+the+old+one&release=nothing");
	SHOWS(b, reply, 422, "找不到這個版本", "back to the old one");
	reply = post(b, "planner", "/policy/propose", "words=back+to+the+old+one");
	SHOWS(b, reply, 422, "找不到這個版本"); /* this server has no folder */
	reply = post(b, "planner", "/policy/propose",
		aw_arena_printf(&b->arena, "words=back+to+the+old+one&release=%s&from=2001-01-01",
			before->hash));
	SHOWS(b, reply, 422, "適用日已經過了");
	reply = post(b, "planner", "/policy/propose",
		aw_arena_printf(&b->arena, "words=back+to+the+old+one&release=%s", before->hash));
	assert_int_equal(reply.status, 303);
	assert_string_equal(city_header(&reply, "Location"), "/policy/proposals/2");
	assert_int_equal(
		post(b, "administrator", "/policy/proposals/2/confirm", "x=1").status, 303);
	assert_ptr_equal(aw_house_policy(&b->city.house), before);
}

/* -- the next report only --------------------------------------------------------------------------- */

static void
send_report(struct bench *b, const char *bearer, const char *key)
{
	struct aw_request request = city_request(&b->arena, "POST", "/reports");
	struct aw_error err = { 0 };

	request.authorization = bearer;
	request.content_type = "application/json";
	request.idempotency_key = key;
	request.body = aw_str("{\"kind\": \"adult_ipv\", \"channel\": \"police\","
			      " \"persons\": [{\"role\": \"victim\", \"name\": \"X\"}]}");
	assert_int_equal(city_ask(&b->city, &request).status, 200);
	assert_ok(aw_workers_run_due(&b->city.house, NULL, &err));
}

/* Hash of the release that decided the n-th report, from 0. */
static void
was_decided_by(struct bench *b, int n, const struct aw_policy *policy)
{
	const char *path = b->city.db.url + strlen("sqlite:");
	sqlite3 *raw;
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_open_v2(path, &raw, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(raw,
			"SELECT d.release FROM decision d JOIN report r ON r.id = d.report "
			"ORDER BY r.number LIMIT 1 OFFSET ?1",
			-1, &stmt, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_bind_int(stmt, 1, n), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 0), policy->hash);
	sqlite3_finalize(stmt);
	sqlite3_close(raw);
}

static void
the_next_report_is_decided_by_it_and_the_last_one_keeps_its_own(void **state)
{
	struct bench *b = *state;
	const struct aw_policy *before = aw_house_policy(&b->city.house);
	const char *bearer = city_bearer(&b->city, &b->arena);

	send_report(b, bearer, "k-1");
	assert_int_equal(
		post(b, "administrator", "/policy/proposals/1/confirm", "x=1").status, 303);
	send_report(b, bearer, "k-2");
	was_decided_by(b, 0, before);
	was_decided_by(b, 1, b->next);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

AW_TESTS(TEST(the_page_says_what_is_different_and_who_may_answer),
	TEST(the_same_person_is_refused_and_the_second_puts_it_in_force),
	TEST(what_is_refused_or_withdrawn_stays_out_of_force),
	TEST(a_former_release_is_proposed_again),
	TEST(the_next_report_is_decided_by_it_and_the_last_one_keeps_its_own))
