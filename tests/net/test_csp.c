/* What a browser says that the pages' policy kept out: counted, limited, and nobody's data kept of it. */
#include "net/csp.h"

#include "city.h"
#include "net/life.h"

struct test {
	struct city city;
	struct aw_arena arena;
};

static int
set_up(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	city_open(&t->city, NULL, 0);
	*state = t;
	return 0;
}

static int
tear_down(void **state)
{
	struct test *t = *state;

	city_close(&t->city);
	aw_arena_done(&t->arena);
	free(t);
	return 0;
}

static int
send(struct test *t, const char *type, const char *body, const char *address)
{
	struct aw_request request = city_request(&t->arena, "POST", "/csp-report");

	request.content_type = type;
	request.body = aw_str(body);
	request.address = address;
	/* a browser sends it for any page, with the session's cookie and without the form's token */
	request.cookie =
		"__Host-anwang=0000000000000000000000000000000000000000000000000000000000000000";
	return city_ask(&t->city, &request).status;
}

#define OLD "application/csp-report"
#define NEW "application/reports+json"
#define PAGE "https://anwang.example/people/PC1070101-0001-8?next=secret"

static void
a_violation_is_counted_and_nothing_of_the_page_is_kept(void **state)
{
	static const char old[] = "{\"csp-report\":{\"document-uri\":\"" PAGE
				  "\",\"violated-directive\":\"script-src 'self'\",\"blocked-uri\":"
				  "\"inline\",\"script-sample\":\"alert(1)\"}}";
	static const char new[] =
		"[{\"type\":\"csp-violation\",\"url\":\"" PAGE
		"\",\"body\":{\"effectiveDirective\":\"img-src\",\"blockedURL\":\"https://"
		"evil.example/x.png\",\"documentURL\":\"" PAGE "\"}},{\"type\":\"deprecation\"}]";
	struct test *t = *state;
	const struct aw_log_entry *entry;

	assert_int_equal(send(t, OLD, old, "192.0.2.1"), 204);
	entry = city_last_of(&t->city, &t->arena, "csp.report");
	assert_non_null(entry);
	assert_string_equal(
		entry->detail, "{\"directive\":\"script-src\",\"blocked\":\"inline\",\"times\":1}");
	assert_string_equal(entry->actor, "public");
	assert_null(entry->object);
	assert_int_equal(entry->subject_count, 0);
	assert_int_equal(send(t, NEW, new, "192.0.2.1"), 204);
	entry = city_last_of(&t->city, &t->arena, "csp.report");
	assert_string_equal(
		entry->detail, "{\"directive\":\"img-src\",\"blocked\":\"other\",\"times\":1}");
	assert_int_equal(aw_csp_total(t->city.server->csp), 2);
}

static void
what_is_no_report_is_refused_and_not_counted(void **state)
{
	static const char good[] = "{\"csp-report\":{\"effective-directive\":\"style-src\","
				   "\"blocked-uri\":\"inline\"}}";
	static const char *const bad[] = { "{}", "[]", "[{\"type\":\"csp-violation\"}]", "7",
		"{\"a\":", "", "{\"csp-report\":[]}",
		"{\"csp-report\":{\"blocked-uri\":\"inline\"}}" };
	struct test *t = *state;
	char *large = malloc(AW_CSP_BODY_MOST + 200);

	assert_non_null(large);
	memset(large, ' ', AW_CSP_BODY_MOST + 199);
	memcpy(large, good, sizeof(good) - 1);
	large[AW_CSP_BODY_MOST + 199] = '\0';
	assert_int_equal(send(t, OLD, large, "192.0.2.1"), 413);
	large[AW_CSP_BODY_MOST] = '\0';
	assert_int_equal(
		send(t, OLD, large, "192.0.2.1"), 204); /* the control: as long as may be */
	free(large);
	assert_int_equal(send(t, "application/json", good, "192.0.2.1"), 415);
	assert_int_equal(send(t, "application/x-www-form-urlencoded", "a=b", "192.0.2.1"), 415);
	for (size_t i = 0; i < AW_COUNT(bad); i++)
		if (send(t, NEW, bad[i], "192.0.2.2") != 400)
			fail_msg("\"%s\" was taken for a report", bad[i]);
	assert_int_equal(aw_csp_total(t->city.server->csp), 1);
}

static void
one_address_cannot_flood_it_nor_all_together_the_log(void **state)
{
	static const char report[] =
		"{\"csp-report\":{\"effective-directive\":\"font-src\",\"blocked-uri\":\"data\"}}";
	struct test *t = *state;
	int taken = 0, refused = 0, leaf;
	uint64_t total;

	assert_int_equal(send(t, OLD, report, "192.0.2.1"), 204);
	leaf = (int)city_last_of(&t->city, &t->arena, "csp.report")->leaf;
	for (int i = 0; i < 60; i++) {
		int status = send(t, OLD, report, "192.0.2.1");

		taken += status == 204;
		refused += status == 429;
	}
	assert_int_equal(taken + refused, 60);
	assert_in_range(refused, 35, 45);
	assert_int_equal(send(t, OLD, report, "198.51.100.1"), 204); /* somebody else is heard */
	for (int i = 0; i < 300; i++)
		(void)send(t, OLD, report, aw_arena_printf(&t->arena, "203.0.113.%d", i % 250));
	total = aw_csp_total(t->city.server->csp);
	assert_in_range(total, 100, 130);
	assert_int_equal((int)city_last_of(&t->city, &t->arena, "csp.report")->leaf, leaf);
}

static void
a_pair_is_written_again_after_an_hour_with_how_often_it_came(void **state)
{
	struct aw_csp *csp = aw_csp_new();
	struct aw_csp_due due[AW_CSP_A_BODY];
	struct aw_error err = { 0 };
	json_t *body = NULL;
	size_t count;

	(void)state;
	assert_ok(aw_json_parse(aw_str("[{\"type\":\"csp-violation\",\"body\":{"
				       "\"effectiveDirective\":\"made-up\"}}]"),
		NULL, &body, &err));
	assert_true(aw_csp_count(csp, body, 1, due, &count));
	assert_int_equal(count, 1);
	assert_string_equal(due[0].directive, "other");
	for (int i = 0; i < 6; i++) {
		assert_true(aw_csp_count(csp, body, 2 + i, due, &count));
		assert_int_equal(count, 0);
	}
	assert_true(aw_csp_count(csp, body, INT64_C(3600) * 1000000 + 2, due, &count));
	assert_int_equal(count, 1);
	assert_int_equal(due[0].times, 7);
	assert_int_equal(aw_csp_total(csp), 8);
	json_decref(body);
	aw_csp_free(csp);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

AW_TESTS(TEST(a_violation_is_counted_and_nothing_of_the_page_is_kept),
	TEST(what_is_no_report_is_refused_and_not_counted),
	TEST(one_address_cannot_flood_it_nor_all_together_the_log),
	cmocka_unit_test(a_pair_is_written_again_after_an_hour_with_how_often_it_came))
