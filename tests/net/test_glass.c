/* Emergency access through the pages: asked with a reason, opens what it may, ends with its time, is
 * reviewed by somebody else; what it never opens, and what the log says of all of it. */
#include "city/desk/glass_pages.h"

#include <sqlite3.h>

#include "city.h"
#include "db/change.h"

#define WORDS "words=the+police+are+at+the+door"

/* Two people, and a report about them, made through the pages. */
struct story {
	struct city city;
	struct aw_arena arena;
	const char *wife, *husband, *report; /* public numbers */
};

/* Accounts are named after what they are here; city.h made them, one a role. */
static const char accounts[] =
	"UPDATE account SET login = 'colleague', roles = 'worker' WHERE login = 'partner';"
	"UPDATE account SET login = 'his', roles = 'worker' WHERE login = 'secretary';"
	"UPDATE account SET login = 'elsewhere', roles = 'supervisor' WHERE login = 'settler';"
	"UPDATE account SET unit = 'dv_adult' WHERE login IN ('worker', 'colleague', 'supervisor');"
	"UPDATE account SET unit = 'mental_health' WHERE login IN ('his', 'elsewhere');"
	"UPDATE account SET unit = 'centre' WHERE login = 'screener';";

static enum aw_status
note_facts(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_change_note(tx, "facts", 0, err);
}

/* Written beside the program, and told to it, for it keeps answers until it hears of a change. */
static void
sql(struct story *story, const char *text)
{
	struct aw_error err = { 0 };
	sqlite3 *raw = NULL;
	char *why = NULL;

	assert_int_equal(sqlite3_open(story->city.db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 10000);
	if (sqlite3_exec(raw, text, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", text, why);
	(void)sqlite3_close(raw);
	assert_ok(aw_db_write(story->city.house.db, note_facts, NULL, &err));
}

/* The first value of the first row; NULL when there is none. */
static const char *
value_of(struct story *story, const char *statement)
{
	const char *value = NULL;
	sqlite3 *raw = NULL;
	sqlite3_stmt *row = NULL;

	assert_int_equal(sqlite3_open_v2(story->city.db.url + strlen("sqlite:"), &raw,
				 SQLITE_OPEN_READONLY, NULL),
		SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 10000);
	assert_int_equal(sqlite3_prepare_v2(raw, statement, -1, &row, NULL), SQLITE_OK);
	if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0) != NULL)
		value = aw_arena_strdup(&story->arena, (const char *)sqlite3_column_text(row, 0));
	(void)sqlite3_finalize(row);
	(void)sqlite3_close(raw);
	return value;
}

/* -- asking --------------------------------------------------------------------------------------- */

static struct aw_reply
get(struct story *story, const char *cookie, const char *path)
{
	struct aw_request request = city_request(&story->arena, "GET", path);

	request.cookie = cookie;
	return city_ask(&story->city, &request);
}

static struct aw_reply
post(struct story *story, const char *cookie, const char *path, const char *body)
{
	struct aw_request request = city_request(&story->arena, "POST", path);

	request.cookie = cookie;
	request.csrf = city_csrf(&story->city, &story->arena, cookie);
	request.body = aw_str(body);
	return city_ask(&story->city, &request);
}

static bool
says(struct story *story, const struct aw_reply *reply, const char *text)
{
	return strstr(city_body(&story->arena, reply), text) != NULL;
}

/* What stands behind the last slash of where a reply leads. */
static const char *
led_to(struct story *story, const struct aw_reply *reply)
{
	const char *location = city_header(reply, "Location");

	if (reply->status != 303 || location == NULL)
		fail_msg("%d: %s", reply->status, city_body(&story->arena, reply));
	return strrchr(location, '/') + 1;
}

static struct aw_reply
open_glass(struct story *story, const char *cookie, const char *person)
{
	return post(story, cookie, "/break-glass",
		aw_arena_printf(&story->arena, "person=%s&reason=night_duty&" WORDS, person));
}

/* -- the story ------------------------------------------------------------------------------------ */

static const char *
send_report(struct story *story)
{
	struct aw_request request = city_request(&story->arena, "POST", "/reports");
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_error err = { 0 };
	struct aw_reply reply;

	request.authorization = city_bearer(&story->city, &story->arena);
	request.content_type = "application/json";
	request.body = aw_str("{\"kind\": \"adult_ipv\", \"reporter\": {\"role\": \"police\", "
			      "\"unit\": \"Precinct Seven\", \"name\": \"Officer Hsiao\"}, "
			      "\"incident\": {\"narrative\": \"he broke the door\"}, "
			      "\"persons\": [{\"role\": \"victim\", \"name\": \"Lin\"}, "
			      "{\"role\": \"respondent\", \"name\": \"Chen\"}]}");
	reply = city_ask(&story->city, &request);
	if (reply.status != 201 && reply.status != 200)
		fail_msg("%d: %s", reply.status, city_body(&story->arena, &reply));
	assert_ok(aw_json_parse(reply.body, NULL, &json, &err));
	for (int i = 0; i < 1000 && value_of(story, "SELECT report FROM screening") == NULL; i++)
		(void)usleep(10 * 1000);
	return aw_arena_strdup(&story->arena, aw_json_string(json, "number"));
}

static void
link_person(struct story *story, const char *cookie, int position, const char *person)
{
	struct aw_reply reply = post(story, cookie,
		aw_arena_printf(&story->arena, "/reports/%s/link", story->report),
		aw_arena_printf(
			&story->arena, "position=%d&choice=same&person=%s", position, person));

	assert_int_equal(reply.status, 303);
}

static void
begin(struct story *story)
{
	struct aw_reply reply;
	const char *cookie;

	*story = (struct story){ 0 };
	city_open(&story->city, NULL, 0);
	sql(story, accounts);
	cookie = city_login(&story->city, &story->arena, "screener");
	reply = post(story, cookie, "/people",
		"name=Wang+Hsiao-mei&national_id=A260000012&phone=0911000101&"
		"address=Shelter+Road+7&birth_date=1980-01-02&sex=F&sure=1");
	story->wife = led_to(story, &reply);
	reply = post(story, cookie, "/people", "name=Chen+Ta-ming&sex=M&sure=1");
	story->husband = led_to(story, &reply);
	story->report = send_report(story);
	link_person(story, cookie, 1, story->wife);
	link_person(story, cookie, 2, story->husband);
}

static void
finish(struct story *story)
{
	city_close(&story->city);
	aw_arena_done(&story->arena);
}

static const char *
person_path(struct story *story, const char *number)
{
	return aw_arena_printf(&story->arena, "/people/%s", number);
}

/* -- tests ---------------------------------------------------------------------------------------- */

static void
it_opens_what_the_role_may_and_every_look_says_so(void **state)
{
	const char *worker, *colleague, *number, *told;
	const struct aw_log_entry *entry;
	struct aw_reply reply;
	struct story s;

	(void)state;
	begin(&s);
	worker = city_login(&s.city, &s.arena, "worker");
	colleague = city_login(&s.city, &s.arena, "colleague");
	assert_int_equal(get(&s, worker, person_path(&s, s.wife)).status, 404);
	reply = open_glass(&s, worker, s.wife);
	assert_string_equal(led_to(&s, &reply), s.wife);
	entry = city_last_of(&s.city, &s.arena, "glass.open");
	assert_string_equal(entry->object, s.wife);
	assert_string_equal(entry->outcome, "ok");
	number = value_of(&s, "SELECT number FROM break_glass");
	told = aw_arena_printf(&s.arena, "{\"break_glass\":\"%s\"}", number);

	reply = get(&s, worker, person_path(&s, s.wife));
	assert_int_equal(reply.status, 200);
	assert_true(says(&s, &reply, "Wang Hsiao-mei") && says(&s, &reply, "Shelter Road 7"));
	assert_true(says(&s, &reply, "A260000012"));
	assert_string_equal(value_of(&s, "SELECT detail FROM audit_entry WHERE action = "
					 "'person.view' AND outcome = 'ok'"),
		told);
	reply = get(&s, worker, "/policy");
	assert_true(says(&s, &reply, s.wife)); /* every page says that it is open */

	/* the matter opens with the person, and never who reported it */
	reply = get(&s, worker, aw_arena_printf(&s.arena, "/reports/%s", s.report));
	assert_int_equal(reply.status, 200);
	assert_true(says(&s, &reply, "he broke the door"));
	assert_false(says(&s, &reply, "Precinct Seven") || says(&s, &reply, "Officer Hsiao"));
	assert_string_equal(value_of(&s, "SELECT detail FROM audit_entry WHERE action = "
					 "'report.view' AND outcome = 'ok'"),
		told);

	/* one person, for one account */
	assert_int_equal(get(&s, worker, person_path(&s, s.husband)).status, 404);
	assert_int_equal(get(&s, colleague, person_path(&s, s.wife)).status, 404);
	assert_int_equal(open_glass(&s, worker, s.wife).status, 422); /* open already */
	finish(&s);
}

static void
it_needs_a_permission_a_reason_words_and_a_fresh_proof(void **state)
{
	static const char *const wrong[] = { "person=%s&reason=night_duty", "person=%s&" WORDS,
		"person=%s&reason=whim&" WORDS, "person=%s&reason=night_duty&words=short" };
	const char *worker;
	struct aw_reply reply;
	struct story s;

	(void)state;
	begin(&s);
	worker = city_login(&s.city, &s.arena, "worker");
	for (size_t i = 0; i < AW_COUNT(wrong); i++) {
		const char *at = strstr(wrong[i], "%s");
		const char *body = aw_arena_printf(
			&s.arena, "%.*s%s%s", (int)(at - wrong[i]), wrong[i], s.wife, at + 2);

		assert_int_equal(post(&s, worker, "/break-glass", body).status, 422);
		assert_string_equal(
			city_last_of(&s.city, &s.arena, "glass.open")->outcome, "invalid");
	}
	reply = open_glass(&s, city_login(&s.city, &s.arena, "auditor"), s.wife);
	assert_int_equal(reply.status, 403);
	assert_string_equal(city_last_of(&s.city, &s.arena, "glass.open")->outcome, "denied");
	assert_null(value_of(&s, "SELECT number FROM break_glass"));

	sql(&s, "UPDATE session SET proved_at = created_at - 3600000, created_at = created_at");
	reply = open_glass(&s, worker, s.wife);
	assert_string_equal(city_header(&reply, "Location"), "/verify?next=/break-glass");
	assert_null(value_of(&s, "SELECT number FROM break_glass"));
	finish(&s);
}

static void
it_ends_with_its_time_or_before(void **state)
{
	const char *worker, *colleague, *path;
	struct story s;

	(void)state;
	begin(&s);
	worker = city_login(&s.city, &s.arena, "worker");
	colleague = city_login(&s.city, &s.arena, "colleague");
	path = person_path(&s, s.wife);
	assert_int_equal(open_glass(&s, worker, s.wife).status, 303);
	assert_int_equal(get(&s, worker, path).status, 200);
	assert_string_equal(
		value_of(&s, "SELECT (until_at - opened_at) / 60000 FROM break_glass"), "60");
	sql(&s, "UPDATE break_glass SET opened_at = opened_at - 3600000, until_at = until_at - "
		"3600000");
	assert_int_equal(get(&s, worker, path).status, 404);

	assert_int_equal(open_glass(&s, worker, s.wife).status, 303); /* it may be opened again */
	assert_int_equal(get(&s, worker, path).status, 200);
	path = aw_arena_printf(&s.arena, "/break-glass/%s/end",
		value_of(&s, "SELECT number FROM break_glass ORDER BY until_at DESC"));
	assert_int_equal(post(&s, colleague, path, "x=1").status, 404); /* one's own alone */
	assert_int_equal(post(&s, worker, path, "x=1").status, 303);
	assert_int_equal(post(&s, worker, path, "x=1").status, 404);
	assert_int_equal(get(&s, worker, person_path(&s, s.wife)).status, 404);
	finish(&s);
}

/* The answer to somebody who asks for a person, with the number they typed taken out. */
static const char *
answer_to(struct story *s, const char *cookie, const char *number)
{
	struct aw_reply reply = open_glass(s, cookie, number);
	struct aw_buf out = { .arena = &s->arena };
	const char *at = city_body(&s->arena, &reply), *found;

	assert_int_equal(reply.status, 422);
	for (; (found = strstr(at, number)) != NULL; at = found + strlen(number))
		aw_buf_str(&out, (struct aw_str){ at, (size_t)(found - at) });
	aw_buf_text(&out, at);
	return aw_buf_z(&out);
}

/* What a search for a number shows, with the number taken out. */
static const char *
searched(struct story *s, const char *cookie, const char *number)
{
	struct aw_reply reply =
		post(s, cookie, "/people/search", aw_arena_printf(&s->arena, "q=%s", number));
	const char *handle = strchr(led_to(s, &reply), '?'), *body, *at;

	reply = get(s, cookie, aw_arena_printf(&s->arena, "/people.json%s", handle));
	assert_int_equal(reply.status, 200);
	body = city_body(&s->arena, &reply);
	at = strstr(body, number);
	assert_non_null(at);
	return aw_arena_printf(&s->arena, "%.*s%s", (int)(at - body), body, at + strlen(number));
}

static void
to_the_respondents_side_the_protected_are_nobody(void **state)
{
	const char *his, *elsewhere, *report;
	struct aw_reply reply;
	struct story s;

	(void)state;
	begin(&s);
	sql(&s, "INSERT INTO relation SELECT 77, 'mental_health', a.id, p.id, 'respondent', 'co', "
		"77, 1, NULL FROM account a, person p WHERE a.login = 'his' AND p.sex = 'M'");
	his = city_login(&s.city, &s.arena, "his");
	elsewhere = city_login(&s.city, &s.arena, "elsewhere"); /* supervises the unit */
	assert_string_equal(answer_to(&s, his, s.wife), answer_to(&s, his, "PC1101206-9999-0"));
	assert_string_equal(
		answer_to(&s, elsewhere, s.wife), answer_to(&s, elsewhere, "PC1101206-9999-0"));
	assert_int_equal(get(&s, his, person_path(&s, s.wife)).status, 404);
	assert_null(value_of(&s, "SELECT number FROM break_glass"));
	/* a search does not tell either that somebody has the number */
	assert_string_equal(searched(&s, his, "A260000012"), searched(&s, his, "B198765432"));
	assert_string_not_equal(
		searched(&s, city_login(&s.city, &s.arena, "screener"), "A260000012"),
		searched(&s, city_login(&s.city, &s.arena, "screener"), "B198765432"));

	/* opened first, and then the unit comes to serve the respondent: it is shut */
	sql(&s, "DELETE FROM relation WHERE id = 77");
	assert_int_equal(open_glass(&s, his, s.wife).status, 303);
	assert_int_equal(get(&s, his, person_path(&s, s.wife)).status, 200);
	sql(&s, "INSERT INTO relation SELECT 77, 'mental_health', a.id, p.id, 'respondent', 'co', "
		"77, 1, NULL FROM account a, person p WHERE a.login = 'elsewhere' AND p.sex = 'M'");
	assert_int_equal(get(&s, his, person_path(&s, s.wife)).status, 404);
	report = aw_arena_printf(&s.arena, "/reports/%s", s.report);
	reply = get(&s, his, report);
	assert_false(says(&s, &reply, "he broke the door"));
	finish(&s);
}

static void
somebody_else_reviews_it_once(void **state)
{
	const char *worker, *supervisor, *elsewhere, *auditor, *path;
	struct aw_reply reply;
	struct story s;

	(void)state;
	begin(&s);
	worker = city_login(&s.city, &s.arena, "worker");
	supervisor = city_login(&s.city, &s.arena, "supervisor");
	elsewhere = city_login(&s.city, &s.arena, "elsewhere");
	auditor = city_login(&s.city, &s.arena, "auditor");
	assert_int_equal(open_glass(&s, worker, s.wife).status, 303);
	path = aw_arena_printf(
		&s.arena, "/break-glass/%s/review", value_of(&s, "SELECT number FROM break_glass"));
	reply = get(&s, supervisor, "/break-glass/review");
	assert_true(says(&s, &reply, "the police are at the door") && says(&s, &reply, s.wife));
	assert_false(says(&s, &reply, "Wang Hsiao-mei")); /* a review opens nobody */
	assert_int_equal(get(&s, supervisor, person_path(&s, s.wife)).status, 404);
	reply = get(&s, elsewhere, "/break-glass/review");
	assert_false(says(&s, &reply, "the police are at the door"));

	assert_int_equal(post(&s, worker, path, "justified=yes&" WORDS).status, 403);
	assert_int_equal(post(&s, elsewhere, path, "justified=yes&" WORDS).status, 404);
	assert_int_equal(post(&s, supervisor, path, "justified=maybe&" WORDS).status, 422);
	assert_int_equal(post(&s, supervisor, path, "justified=no").status, 422);
	sql(&s, "UPDATE break_glass SET review_due_at = 1");
	reply = get(&s, auditor, "/break-glass/review.json");
	assert_true(says(&s, &reply, "\"overdue\":1") || says(&s, &reply, "\"overdue\": 1"));
	assert_int_equal(post(&s, auditor, path, "justified=no&" WORDS).status, 303);
	assert_string_equal(city_last_of(&s.city, &s.arena, "glass.review")->outcome, "ok");
	assert_int_equal(post(&s, supervisor, path, "justified=yes&" WORDS).status, 409);
	assert_string_equal(value_of(&s, "SELECT justified FROM break_glass"), "0");
	finish(&s);
}

AW_TESTS(cmocka_unit_test(it_opens_what_the_role_may_and_every_look_says_so),
	cmocka_unit_test(it_needs_a_permission_a_reason_words_and_a_fresh_proof),
	cmocka_unit_test(it_ends_with_its_time_or_before),
	cmocka_unit_test(to_the_respondents_side_the_protected_are_nobody),
	cmocka_unit_test(somebody_else_reviews_it_once))
