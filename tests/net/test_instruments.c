/* Instruments on pages: what partial answers come to on the report's page, the forms, the policy's page. */
#include <unistd.h>

#include "city.h"

struct sender {
	struct city city;
	struct aw_arena arena;
	const char *bearer, *cookie;
};

/* Somebody who screens, in the unit that screens. */
static enum aw_status
add_screener(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct sender *s = arg;
	const struct aw_viewer viewer = { .login = "console:test" };
	struct aw_act act = aw_house_act(&s->city.house, &s->arena, &viewer, "user.add");
	struct aw_account_in in = { .login = "centre.one",
		.name = "測試",
		.title = "社工",
		.unit = "centre",
		.roles = "screener reporter planner" };
	char hash[AW_PASSWORD_TEXT];
	int64_t account;

	act.tx = tx;
	if (aw_password_hash(CITY_PASSWORD, true, hash, err) != AW_OK)
		return err->status;
	in.password_hash = hash;
	return aw_account_add(&act, &in, &account, err);
}

static void
set_up(struct sender *s)
{
	struct aw_error err = { 0 };

	*s = (struct sender){ 0 };
	city_open(&s->city, NULL, 0);
	assert_ok(aw_db_write(s->city.house.db, add_screener, s, &err));
	s->bearer = city_bearer(&s->city, &s->arena);
	s->cookie = city_login(&s->city, &s->arena, "centre.one");
}

static void
tear_down(struct sender *s)
{
	city_close(&s->city);
	aw_arena_done(&s->arena);
}

/* NULL: not there, or not yet. */
static const char *
page_if_any(struct sender *s, const char *path)
{
	struct aw_request request = city_request(&s->arena, "GET", path);
	struct aw_reply reply;

	request.cookie = s->cookie;
	reply = city_ask(&s->city, &request);
	return reply.status == 200 ? city_body(&s->arena, &reply) : NULL;
}

static const char *
page(struct sender *s, const char *path)
{
	const char *body = page_if_any(s, path);

	assert_non_null(body);
	return body;
}

/* Sends a report; its page once it was screened. */
static const char *
report_page(struct sender *s, const char *kind, const char *persons, const char *answers)
{
	struct aw_request request = city_request(&s->arena, "POST", "/reports");
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_error err = { 0 };
	struct aw_reply reply;
	const char *body = NULL;

	request.authorization = s->bearer;
	request.content_type = "application/json";
	request.body = aw_str(aw_arena_printf(&s->arena,
		"{\"kind\":\"%s\",\"reporter\":{\"role\":\"police\"},\"incident\":{\"narrative\":"
		"\"示範\"},\"persons\":[%s],\"answers\":{%s}}",
		kind, persons, answers));
	reply = city_ask(&s->city, &request);
	assert_true(reply.status == 200 || reply.status == 201);
	assert_ok(aw_json_parse(reply.body, NULL, &json, &err));
	for (int i = 0; i < 1000 && (body == NULL || strstr(body, "kv--answers") == NULL); i++) {
		(void)usleep(10 * 1000);
		body = page_if_any(s,
			aw_arena_printf(&s->arena, "/reports/%s", aw_json_string(json, "number")));
	}
	assert_non_null(body);
	return body;
}

static void
has(const char *body, const char *text)
{
	if (strstr(body, text) == NULL)
		fail_msg("the page does not say \"%s\"", text);
}

static void
partial_answers_give_a_range_and_its_bands(void **state)
{
	static const char answers[] = "\"tipvda\":{\"1\":true,\"2\":\"na\",\"3\":false,\"4\":true,"
				      "\"5\":true,\"6\":true,\"7\":true}";
	struct sender s;
	const char *body;

	(void)state;
	set_up(&s);
	body = report_page(&s, "adult_ipv",
		"{\"role\":\"victim\",\"name\":\"Lin\",\"sex\":\"F\"},"
		"{\"role\":\"respondent\",\"name\":\"Chen\",\"sex\":\"M\"}",
		answers);
	has(body, "5至13分");
	has(body, "潛在危險至高度危險");
	has(body, "答7題，共15題");
	has(body, "<p class=\"because\">");
	assert_null(strstr(body, "僅供參考"));
	body = report_page(&s, "adult_ipv",
		"{\"role\":\"victim\",\"name\":\"Chen\",\"sex\":\"M\"},"
		"{\"role\":\"respondent\",\"name\":\"Lin\",\"sex\":\"F\"}",
		answers);
	has(body, "僅供參考");
	tear_down(&s);
}

static void
what_does_not_count_is_not_added_and_a_list_is_told(void **state)
{
	struct sender s;
	const char *body;

	(void)state;
	set_up(&s);
	body = report_page(&s, "suicide", "{\"role\":\"subject\",\"name\":\"Wang\"}",
		"\"bsrs5\":{\"sleep\":3,\"tense\":2,\"irritable\":2,\"low\":3,\"inferior\":1,"
		"\"suicide\":2}");
	has(body, "<b>11分</b>");
	has(body, "單獨即須轉介");
	body = report_page(&s, "vulnerable_family", "{\"role\":\"subject\",\"name\":\"Lee\"}",
		"\"vf_factors\":[\"VF1-1\",\"VF4-2\"]");
	has(body, "工作不穩定或失業、照顧者資源或教養知能不足");
	body = report_page(&s, "child_protection", "{\"role\":\"victim\",\"name\":\"Hsu\"}",
		"\"child_safety\":{\"d1\":true,\"d2\":\"na\",\"decision\":\"plan\"}");
	has(body, "<b>有計畫才安全</b>");
	has(body, "答3題，共15題");
	tear_down(&s);
}

static void
forms_have_parts_and_every_answer_and_the_factors_of_the_day(void **state)
{
	struct sender s;
	const char *body;

	(void)state;
	set_up(&s);
	body = page(&s, "/reports/new?kind=child_protection");
	has(body, "第三部分");
	has(body, "name=\"answers.child_safety.decision\" value=\"unsafe\"");
	has(body, "name=\"answers.child_safety.d12\" value=\"na\"");
	has(body, "name=\"answers.child_safety.d12\" value=\"\"");
	body = page(&s, "/reports/new?kind=vulnerable_family");
	has(body, "value=\"VF1-1\"");
	body = page(&s, "/policy?part=instruments");
	has(body, "自殺");
	has(body, "不計入總分");
	has(body, "兒少擔任家庭照顧者");
	tear_down(&s);
}

AW_TESTS(cmocka_unit_test(partial_answers_give_a_range_and_its_bands),
	cmocka_unit_test(what_does_not_count_is_not_added_and_a_list_is_told),
	cmocka_unit_test(forms_have_parts_and_every_answer_and_the_factors_of_the_day))
