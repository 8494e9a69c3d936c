/* tests/city/intake/pages - the form step by step, the receipt, the status, the list, supplements. */
#include "intaketest.h"

#include "city/intake/pages.h"

#define VALUES_MOST 64

struct visit {
	aw_handler_fn *handler;
	const struct aw_view_type *type;
	struct aw_form_value values[VALUES_MOST], path[1];
	size_t count, path_count;
	const char *json;
	struct aw_call call; /* after */
	json_t *shown;
	enum aw_status status;
};

static void
with(struct visit *v, const char *name, const char *value)
{
	assert_true(v->count < VALUES_MOST);
	v->values[v->count++] = (struct aw_form_value){ name, value };
}

static enum aw_status
run_visit(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct visit *v = arg;
	enum aw_status status;

	v->call = (struct aw_call){ .act = *act,
		.values = v->values,
		.value_count = v->count,
		.path_values = v->path,
		.path_count = v->path_count,
		.language = "zh-Hant-TW" };
	if (v->json != NULL)
		v->call.json = quoted_json(act->arena, v->json);
	if (v->type != NULL)
		v->call.view = aw_view_new(act->arena, v->type);
	status = v->handler(&v->call, err);
	if (v->type != NULL)
		v->shown = aw_json_keep(act->arena, aw_view_json(v->call.view));
	return status;
}

static void
visit(struct room *room, int64_t account, struct visit *v)
{
	struct aw_error err = { 0 };

	v->status = room_as(room, account, run_visit, v, &err);
	if (v->status != AW_OK && v->call.problems == NULL)
		fail_msg("%s", err.text);
}

static bool
flag(const struct visit *v, const char *name)
{
	return aw_json_bool(v->shown, name, false);
}

static size_t
rows(const struct visit *v, const char *list)
{
	return json_array_size(json_object_get(v->shown, list));
}

static const char *
carried(const struct visit *v, const char *name)
{
	const json_t *list = json_object_get(v->shown, "carried");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (aw_text_eq(aw_json_string(json_array_get(list, i), "name"), name))
			return aw_json_string(json_array_get(list, i), "value");
	return NULL;
}

/* What is chosen of the i-th question; NULL: nothing. */
static const char *
chosen_value(const struct visit *v, size_t i)
{
	const json_t *question = json_array_get(json_object_get(v->shown, "questions"), i);
	const json_t *choices = json_object_get(question, "choices");

	for (size_t k = 0; k < json_array_size(choices); k++)
		if (aw_json_bool(json_array_get(choices, k), "chosen", false))
			return aw_json_string(json_array_get(choices, k), "value");
	return NULL;
}

/* A public form as it stands after the second step was filled in. */
static struct visit
told(const char *step, const char *go)
{
	struct visit v = { .handler = aw_public_form_step, .type = &aw_report_form_view };

	with(&v, "step", step);
	with(&v, "go", go);
	with(&v, "kind", "child_protection");
	with(&v, "answers.safety", "worried");
	with(&v, "answers.left_alone", "no");
	with(&v, "incident.narrative", "左手前臂有一片瘀青");
	with(&v, "at_year", "110");
	with(&v, "at_month", "12");
	with(&v, "at_day", "4");
	with(&v, "at_time", "evening");
	with(&v, "incident.district", "10017070");
	with(&v, "persons.0.role", "victim");
	with(&v, "persons.0.name", "陳範安");
	with(&v, "persons.0.born", "9歲");
	with(&v, "persons.1.role", "respondent");
	with(&v, "persons.1.name", "");
	with(&v, "idempotency_key", "0123456789abcdef0123456789abcdef");
	return v;
}

static void
the_form_opens_with_the_kinds(void **state)
{
	struct visit v = { .handler = aw_public_form_show, .type = &aw_report_form_view };

	visit(*state, 0, &v);
	assert_true(flag(&v, "step_kind"));
	assert_int_equal(rows(&v, "kinds"), 9);
	assert_int_equal(rows(&v, "steps"), 4);
	assert_int_equal(strlen(aw_json_string(v.shown, "key")), 32);
}

static void
the_second_step_asks_what_the_kind_needs(void **state)
{
	struct visit v = { .handler = aw_public_form_step, .type = &aw_report_form_view };

	with(&v, "step", "kind");
	with(&v, "go", "next");
	with(&v, "kind", "child_protection");
	visit(*state, 0, &v);
	assert_true(flag(&v, "step_tell"));
	assert_int_equal(rows(&v, "questions"), 4); /* the public ones alone */
	assert_int_equal(rows(&v, "persons"), 2);   /* a child, and who may have hurt it */
	assert_int_equal(rows(&v, "meter"), 7);
	assert_int_equal(json_integer_value(json_object_get(v.shown, "held")), 0);
	assert_int_equal(json_integer_value(json_object_get(v.shown, "lacking")), 3);
	assert_null(chosen_value(&v, 0)); /* nothing is answered for anybody */
	with(&v, "answers.safety", "");
	v.values[1].value = "stay";
	v.values[0].value = "tell";
	visit(*state, 0, &v);
	assert_string_equal(chosen_value(&v, 0), ""); /* 不知道 */
}

static void
no_kind_chosen_is_a_problem_at_the_kind(void **state)
{
	struct visit v = { .handler = aw_public_form_step, .type = &aw_report_form_view };

	with(&v, "step", "kind");
	with(&v, "go", "next");
	with(&v, "kind", "burglary");
	visit(*state, 0, &v);
	assert_int_equal(v.status, AW_INVALID);
	assert_string_equal(v.call.problems->field, "kind");
	assert_true(flag(&v, "step_kind"));
}

static void
steps_carry_what_the_others_hold(void **state)
{
	struct visit v = told("tell", "next");

	visit(*state, 0, &v);
	assert_int_equal(v.status, AW_OK);
	assert_true(flag(&v, "step_contact"));
	assert_string_equal(carried(&v, "incident.narrative"), "左手前臂有一片瘀青");
	assert_string_equal(carried(&v, "persons.0.born"), "9歲");
	assert_null(carried(&v, "go"));
	assert_null(carried(&v, "reporter.name"));
	v = told("contact", "next");
	with(&v, "reporter.phone", "0900012345");
	visit(*state, 0, &v);
	assert_true(flag(&v, "step_check"));
	assert_string_equal(carried(&v, "reporter.phone"), "0900012345");
	assert_true(rows(&v, "summary") >= 4);
	v = told("check", "back");
	visit(*state, 0, &v);
	assert_true(flag(&v, "step_contact"));
}

static void
people_are_added_and_removed(void **state)
{
	struct visit v = told("tell", "add");
	const json_t *first;

	visit(*state, 0, &v);
	assert_true(flag(&v, "step_tell"));
	assert_int_equal(rows(&v, "persons"), 3);
	v = told("tell", "stay");
	with(&v, "remove", "1");
	visit(*state, 0, &v);
	assert_int_equal(rows(&v, "persons"), 1);
	first = json_array_get(json_object_get(v.shown, "persons"), 0);
	assert_string_equal(aw_json_string(first, "role"), "respondent");
}

static void
what_is_wrong_leads_back_to_its_step_and_keeps_what_was_typed(void **state)
{
	struct visit v = told("check", "send");
	const json_t *person;

	with(&v, "persons.2.role", "child");
	with(&v, "persons.2.born", "110年2月31日");
	visit(*state, 0, &v);
	assert_int_equal(v.status, AW_INVALID);
	assert_true(flag(&v, "step_tell"));
	assert_string_equal(v.call.problems->field, "persons.2.born");
	assert_string_equal(v.call.problems->message, "report.date_unreadable");
	person = json_array_get(json_object_get(v.shown, "persons"), 2);
	assert_string_equal(aw_json_string(person, "born"), "110年2月31日");
	v = told("tell", "next");
	v.values[8].value = "45"; /* the day */
	visit(*state, 0, &v);
	assert_int_equal(v.status, AW_INVALID);
	assert_string_equal(v.call.problems->field, "at_year");
}

struct stored {
	const char *number;
	struct aw_report report;
	struct aw_report_person *persons;
	size_t count;
};

static enum aw_status
read_stored(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct stored *s = arg;

	if (aw_report_by_number(act, s->number, AW_REPORT_CONTENT | AW_REPORT_REPORTER, &s->report,
		    err) != AW_OK)
		return err->status;
	return aw_report_persons(act, s->report.id, AW_REPORT_CONTENT, &s->persons, &s->count, err);
}

static struct stored
stored(struct room *room, const char *number)
{
	struct stored s = { .number = number };
	struct aw_error err = { 0 };

	assert_ok(room_as(room, 7, read_stored, &s, &err));
	return s;
}

static void
sending_gives_a_receipt_and_sending_again_the_same(void **state)
{
	struct visit v = told("check", "send"), again = v;
	const json_t *receipt, *same;
	struct stored s;

	visit(*state, 0, &v);
	assert_int_equal(v.status, AW_OK);
	assert_true(flag(&v, "sent"));
	receipt = json_object_get(v.shown, "receipt");
	assert_int_equal(strlen(aw_json_string(receipt, "code")), 19);
	s = stored(*state, aw_json_string(receipt, "number"));
	assert_string_equal(s.report.channel, "public");
	assert_string_equal(s.report.incident_text, "110年12月4日 20:00（約）");
	assert_true(s.report.incident_at.known);
	assert_int_equal(s.count, 1); /* nobody wrote into the second card */
	assert_int_equal(s.persons[0].age.v, 9);
	assert_false(aw_json_bool(s.report.answers, "left_alone", true));
	visit(*state, 0, &again);
	same = json_object_get(again.shown, "receipt");
	assert_string_equal(aw_json_string(receipt, "number"), aw_json_string(same, "number"));
	assert_string_equal(aw_json_string(receipt, "code"), aw_json_string(same, "code"));
}

static void
the_agency_form_asks_everything_in_three_steps(void **state)
{
	struct room *room = *state;
	struct visit v = told("tell", "next");
	struct stored s;

	v.handler = aw_agency_form_show;
	v.count = 0;
	with(&v, "kind", "adult_ipv");
	visit(room, 7, &v);
	assert_true(flag(&v, "step_tell"));
	assert_int_equal(rows(&v, "steps"), 3);
	assert_int_equal(
		rows(&v, "questions"), aw_policy_kind(room->policy, "adult_ipv")->question_count);
	assert_int_equal(rows(&v, "channels"), 6);
	v = told("check", "send");
	v.handler = aw_agency_form_step;
	with(&v, "channel", "outreach");
	with(&v, "reporter.role", "social_worker");
	visit(room, 7, &v);
	assert_int_equal(v.status, AW_OK);
	s = stored(room, aw_json_string(json_object_get(v.shown, "receipt"), "number"));
	assert_string_equal(s.report.channel, "outreach"); /* 主動發掘 */
	assert_string_equal(s.report.reporter_unit, "centre");
}

static void
an_instrument_is_answered_item_by_item(void **state)
{
	struct room *room = *state;
	struct visit v = { .handler = aw_agency_form_step, .type = &aw_report_form_view };
	struct stored s;
	const json_t *tipvda;

	with(&v, "step", "check");
	with(&v, "go", "send");
	with(&v, "kind", "adult_ipv");
	with(&v, "incident.narrative", "示範");
	with(&v, "answers.tipvda.1", "yes");
	with(&v, "answers.tipvda.2", "na");
	with(&v, "answers.tipvda.4", "no");
	with(&v, "answers.tipvda.5", "");
	visit(room, 7, &v);
	assert_int_equal(v.status, AW_OK);
	s = stored(room, aw_json_string(json_object_get(v.shown, "receipt"), "number"));
	tipvda = json_object_get(s.report.answers, "tipvda");
	assert_int_equal(json_object_size(tipvda), 3);
	assert_true(json_is_true(json_object_get(tipvda, "1")));
	assert_true(json_is_false(json_object_get(tipvda, "4")));
	assert_null(json_object_get(tipvda, "5"));
}

static void
an_item_may_be_a_choice_of_its_own(void **state)
{
	struct room *room = *state;
	struct visit v = { .handler = aw_agency_form_step, .type = &aw_report_form_view };
	const json_t *safety;
	struct stored s;

	with(&v, "step", "check");
	with(&v, "go", "send");
	with(&v, "kind", "child_protection");
	with(&v, "incident.narrative", "示範");
	with(&v, "answers.child_safety.d1", "yes");
	with(&v, "answers.child_safety.d2", "na");
	with(&v, "answers.child_safety.decision", "plan");
	visit(room, 7, &v);
	assert_int_equal(v.status, AW_OK);
	s = stored(room, aw_json_string(json_object_get(v.shown, "receipt"), "number"));
	safety = json_object_get(s.report.answers, "child_safety");
	assert_int_equal(json_object_size(safety), 3);
	assert_string_equal(aw_json_string(safety, "decision"), "plan");
	assert_string_equal(aw_json_string(safety, "d2"), "na");
}

static void
outside_senders_get_a_receipt_and_no_more(void **state)
{
	struct room *room = *state;
	struct visit v = { .handler = aw_reports_post,
		.type = &aw_receipt_view,
		.json = "{'kind': 'suicide', 'persons': [{'name': '王示範', 'national_id':"
			" 'A123456788'}], 'received_at': '2020-01-01T00:00:00+08:00'}" };

	with(&v, "idempotency_key", "hospital-1");
	visit(room, 0, &v);
	assert_int_equal(v.status, AW_OK);
	assert_int_equal(json_object_size(v.shown), 9);
	assert_int_equal(rows(&v, "warnings"), 1);
	assert_int_equal(rows(&v, "missing"), 5);
	assert_int_equal(stored(room, aw_json_string(v.shown, "number")).report.received_at,
		room->now_ms); /* the clock is ours */
	v = (struct visit){
		.handler = aw_reports_post, .type = &aw_receipt_view, .json = "{'kind': 'theft'}"
	};
	visit(room, 0, &v);
	assert_int_equal(v.status, AW_INVALID);
	assert_string_equal(v.call.problems->field, "kind");
}

static const char *
status_page(struct room *room, const char *number, const char *code)
{
	struct visit v = { .handler = aw_report_status_show, .type = &aw_report_status_view };

	if (number != NULL)
		with(&v, "number", number);
	if (code != NULL)
		with(&v, "code", code);
	visit(room, 0, &v);
	return aw_json_text(&room->arena, v.shown);
}

static void
wrong_unknown_and_absent_give_the_same_bytes(void **state)
{
	struct room *room = *state;
	struct aw_receipt r =
		receive_ok(room, "{'kind': 'suicide', 'incident': {'narrative': 'x'}}");
	const char *nothing = status_page(room, NULL, NULL);

	assert_string_equal(status_page(room, r.number, "7K3M-Q2XP-7K3M-Q2XP"), nothing);
	assert_string_equal(status_page(room, r.number, NULL), nothing);
	assert_string_equal(status_page(room, "RC1101206-0099-1", r.code), nothing);
	assert_string_equal(status_page(room, "不是編號", "!"), nothing);
	assert_string_not_equal(status_page(room, r.number, r.code), nothing);
	assert_non_null(strstr(status_page(room, r.number, r.code), "\"received\""));
}

static void
the_list_goes_on_by_public_numbers(void **state)
{
	struct room *room = *state;
	struct visit v = { .handler = aw_report_list_show, .type = &aw_report_list_view };
	const char *older;

	for (int i = 0; i < 55; i++)
		(void)receive_ok(room, "{'kind': 'suicide', 'incident': {'narrative': 'x'}}");
	with(&v, "kind", "suicide");
	with(&v, "state", "no-such-state");
	visit(room, 7, &v);
	assert_int_equal(rows(&v, "rows"), 50);
	assert_int_equal(json_integer_value(json_object_get(v.shown, "total")), 55);
	older = aw_json_string(v.shown, "older");
	assert_non_null(strstr(older, "/reports?kind=suicide&after=RC1101206-0006-"));
	with(&v, "after", strstr(older, "after=") + strlen("after="));
	visit(room, 7, &v);
	assert_int_equal(rows(&v, "rows"), 5);
	assert_null(aw_json_string(v.shown, "older"));
	v.count = 0;
	with(&v, "from", "昨天");
	visit(room, 7, &v);
	assert_string_equal(v.call.problems->field, "from");
}

static void
the_reporter_adds_facts_with_number_and_code(void **state)
{
	struct room *room = *state;
	struct aw_receipt r = receive_ok(
		room, "{'kind': 'child_protection', 'incident': {'narrative': '樓上孩子一直哭'}}");
	struct visit v = { .handler = aw_supplement_send, .type = &aw_supplement_view };
	struct visit ask = { .handler = aw_report_ask, .path_count = 1 };
	struct stored s;

	ask.path[0] = (struct aw_form_value){ "number", r.number };
	visit(room, 7, &ask);
	assert_int_equal(ask.status, AW_INVALID);
	with(&ask, "items", "incident_place");
	visit(room, 7, &ask);
	assert_int_equal(ask.call.answer, AW_ANSWER_REDIRECT);
	with(&v, "number", r.number);
	with(&v, "code", "wrong");
	with(&v, "address", "基隆市信義區東信路1號3樓");
	visit(room, 0, &v);
	assert_true(flag(&v, "unknown"));
	assert_false(flag(&v, "sent"));
	v.values[1].value = r.code;
	visit(room, 0, &v);
	assert_true(flag(&v, "sent"));
	s = stored(room, r.number);
	assert_string_equal(s.report.address, "基隆市信義區東信路1號3樓");
	assert_null(strstr(s.report.missing, "incident_place"));
}

AW_TESTS(ROOM_TEST(the_form_opens_with_the_kinds),
	ROOM_TEST(the_second_step_asks_what_the_kind_needs),
	ROOM_TEST(no_kind_chosen_is_a_problem_at_the_kind),
	ROOM_TEST(steps_carry_what_the_others_hold), ROOM_TEST(people_are_added_and_removed),
	ROOM_TEST(what_is_wrong_leads_back_to_its_step_and_keeps_what_was_typed),
	ROOM_TEST(sending_gives_a_receipt_and_sending_again_the_same),
	ROOM_TEST(the_agency_form_asks_everything_in_three_steps),
	ROOM_TEST(an_instrument_is_answered_item_by_item),
	ROOM_TEST(an_item_may_be_a_choice_of_its_own),
	ROOM_TEST(outside_senders_get_a_receipt_and_no_more),
	ROOM_TEST(wrong_unknown_and_absent_give_the_same_bytes),
	ROOM_TEST(the_list_goes_on_by_public_numbers),
	ROOM_TEST(the_reporter_adds_facts_with_number_and_code))
