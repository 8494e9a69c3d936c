/* A draft of the decision tables on the page: made, saved, checked, replayed, proposed, released. */
#include "demo_city.h"

struct bench {
	struct demo_city demo;
	const struct asker *planner, *second, *screener;
};

static int
open_bench(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	demo_city_open(&b->demo, NULL, 0);
	demo_city_sign_everybody_in(&b->demo);
	b->planner = demo_city_asker(&b->demo, "planner");
	b->second = demo_city_asker(&b->demo, "administrator");
	b->screener = demo_city_asker(&b->demo, "screener");
	*state = b;
	return 0;
}

static int
close_bench(void **state)
{
	struct bench *b = *state;

	demo_city_close(&b->demo);
	free(b);
	return 0;
}

static struct aw_reply
ask(struct bench *b, const struct asker *who, const char *method, const char *path,
	const char *body)
{
	return demo_city_ask(&b->demo, who, method, path, body);
}

static const char *
page(struct bench *b, const struct asker *who, const char *path)
{
	struct aw_reply reply = ask(b, who, "GET", path, NULL);

	assert_int_equal(reply.status, 200);
	return city_body(&b->demo.arena, &reply);
}

static void
goes_to(struct bench *b, const struct asker *who, const char *path, const char *body,
	const char *location)
{
	struct aw_reply reply = ask(b, who, "POST", path, body);

	if (reply.status != 303)
		fail_msg("%s: %d %.600s", path, reply.status, city_body(&b->demo.arena, &reply));
	assert_string_equal(city_header(&reply, "Location"), location);
}

#define SAYS(text, words)                                                                          \
	do {                                                                                       \
		if (strstr((text), (words)) == NULL)                                               \
			fail_msg("\"%s\" is not on the page", (words));                            \
	} while (0)

/* The model in force with one text in place of another, as a form sends it. */
static const char *
model_form(struct bench *b, int version, const char *old, const char *new)
{
	struct aw_arena *arena = &b->demo.arena;
	const struct aw_policy *policy = aw_house_policy(&b->demo.city.house);
	struct aw_str text = aw_policy_triage(policy, 18967)->text;
	const char *whole = aw_arena_strndup(arena, text.at, text.len), *at = strstr(whole, old);
	struct aw_buf model = { .arena = arena }, form = { .arena = arena };

	assert_non_null(at);
	aw_buf_str(&model, (struct aw_str){ whole, (size_t)(at - whole) });
	aw_buf_text(&model, new);
	aw_buf_text(&model, at + strlen(old));
	aw_buf_printf(&form, "version=%d&model=", version);
	for (size_t i = 0; i < model.len; i++)
		aw_buf_printf(&form, "%%%02X", (unsigned)(uint8_t)aw_buf_z(&model)[i]);
	return aw_buf_z(&form);
}

#define DRAFT "/policy/drafts/1"
#define PERIOD "107-01..110-12"

static void
a_draft_is_edited_checked_replayed_and_released_by_a_second_person(void **state)
{
	struct bench *b = *state;
	const struct aw_policy *before = aw_house_policy(&b->demo.city.house);
	const char *text;
	struct aw_reply reply;

	goes_to(b, b->planner, "/policy/drafts", "name=autumn", DRAFT);
	text = page(b, b->planner, DRAFT);
	SAYS(text, "沒有錯誤");
	SAYS(text, "city.yaml"); /* its name is another */
	/* two points are high as eight were */
	goes_to(b, b->planner, DRAFT "/save",
		model_form(b, 1, "<text>&gt;= 8</text>", "<text>&gt;= 2</text>"), DRAFT);
	text = page(b, b->planner, DRAFT);
	SAYS(text, "修改1列");
	text = page(b, b->planner, DRAFT "/replay?period=" PERIOD);
	SAYS(text, "class=\"r chg\"");
	/* what has mistakes is not proposed */
	goes_to(b, b->planner, DRAFT "/save",
		model_form(b, 2, "<text>true</text>", "<text>tru e (</text>"), DRAFT);
	reply = ask(b, b->planner, "POST", DRAFT "/propose", "words=slower+than+before");
	assert_int_equal(reply.status, 422);
	/* as it was, but for its name: nothing is decided otherwise */
	goes_to(b, b->planner, DRAFT "/save", model_form(b, 3, "</definitions>", "</definitions>"),
		DRAFT);
	text = page(b, b->planner, DRAFT "/replay?period=" PERIOD);
	SAYS(text, "沒有任何通報的結果不同");
	goes_to(b, b->planner, DRAFT "/propose", "words=another+name", "/policy/proposals/1");
	reply = ask(b, b->planner, "POST", "/policy/proposals/1/confirm", "x=1");
	assert_int_equal(reply.status, 403);
	goes_to(b, b->second, "/policy/proposals/1/confirm", "x=1", "/policy/proposals/1");
	assert_ptr_not_equal(aw_house_policy(&b->demo.city.house), before);
	assert_non_null(strstr(aw_house_policy(&b->demo.city.house)->label, "autumn"));
	/* the draft was made on what is in force no more */
	text = page(b, b->planner, DRAFT);
	SAYS(text, "改以適用版本為依據");
	reply = ask(b, b->planner, "POST", DRAFT "/propose", "words=once+more");
	assert_int_equal(reply.status, 422);
	goes_to(b, b->planner, DRAFT "/rebase", "x=1", DRAFT);
	goes_to(b, b->planner, DRAFT "/close", "x=1", "/policy");
}

static void
mistakes_are_told_with_decision_row_and_column(void **state)
{
	struct bench *b = *state;
	const char *text;
	struct aw_reply reply;

	goes_to(b, b->planner, "/policy/drafts", "name=winter", DRAFT);
	goes_to(b, b->planner, DRAFT "/save",
		model_form(b, 1, "<text>true</text>", "<text>tru e (</text>"), DRAFT);
	text = page(b, b->planner, DRAFT);
	SAYS(text, "1項錯誤");
	SAYS(text, DRAFT "/edit?table=lead_kind\"");
	SAYS(text, "第1列");
	SAYS(text, "家中兒少受傷或有危險");
	/* two who began with the same: the second is told, and what was typed is on the page */
	reply = ask(b, b->second, "POST", DRAFT "/save",
		model_form(b, 1, "<text>true</text>", "<text>typed by the second</text>"));
	assert_int_equal(reply.status, 422);
	SAYS(city_body(&b->demo.arena, &reply), "其他人已先儲存");
	SAYS(city_body(&b->demo.arena, &reply), "typed by the second");
	reply = ask(b, b->planner, "POST", DRAFT "/save", "version=2&model=");
	assert_int_equal(reply.status, 422);
	reply = ask(b, b->planner, "GET", DRAFT "/replay", NULL);
	assert_int_equal(reply.status, 200);
	SAYS(city_body(&b->demo.arena, &reply), "草案有錯誤");
	reply = ask(b, b->planner, "GET", DRAFT "/replay?period=never", NULL);
	assert_int_equal(reply.status, 422);
	reply = ask(b, b->planner, "POST", "/policy/drafts", "name=");
	assert_int_equal(reply.status, 422);
	reply = ask(b, b->screener, "GET", DRAFT, NULL);
	assert_int_equal(reply.status, 403);
}

/* Which reports change is told one by one to whom rows are shown, with no name, and the look is in the
 * log; an administrator sees counts alone. */
static void
reports_that_change_are_told_as_far_as_the_viewer_may(void **state)
{
	struct bench *b = *state;
	const char *counts, *rows;

	goes_to(b, b->planner, "/policy/drafts", "name=spring", DRAFT);
	goes_to(b, b->planner, DRAFT "/save",
		model_form(b, 1, "<text>&gt;= 8</text>", "<text>&gt;= 2</text>"), DRAFT);
	rows = page(b, b->planner, DRAFT "/replay?period=" PERIOD);
	counts = page(b, b->second, DRAFT "/replay?period=" PERIOD);
	assert_non_null(city_last_of(&b->demo.city, &b->demo.arena, "policy.replay_page"));
	SAYS(counts, "您的角色看不到逐件清單");
	assert_null(strstr(counts, "RC1"));
	SAYS(rows, "處理順序");
	assert_true(strstr(rows, "RC1") != NULL || strstr(rows, "保密") != NULL);
	assert_null(strstr(rows, "href=\"/reports/R")); /* a planner opens none */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

AW_TESTS(TEST(a_draft_is_edited_checked_replayed_and_released_by_a_second_person),
	TEST(mistakes_are_told_with_decision_row_and_column),
	TEST(reports_that_change_are_told_as_far_as_the_viewer_may))
