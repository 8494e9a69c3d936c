/* tests/city/intake/report - what is received is kept whole, sealed, and found again. */
#include "intaketest.h"

#define CHILD                                                                                          \
	"{'kind': 'child_protection', 'channel': 'public', 'urgent': true,"                            \
	" 'reporter': {'role': 'teacher', 'unit': '示範國小', 'name': '王示範', 'phone': "      \
	"'0900012345'},"                                                                               \
	" 'incident': {'at': '110年12月4日', 'address': '基隆市信義區東信路1號',"         \
	" 'narrative': '左手前臂有一片瘀青'}, 'centre_only': '媽媽不知道我通報',"     \
	" 'persons': [{'role': 'victim', 'name': '陳範安', 'birth_date': '1011105', 'sex': '男'}," \
	" {'role': 'victim', 'name': '陳範寧', 'age': 4},"                                          \
	" {'role': 'respondent', 'name': '陳例峯', 'relation': 'father'}],"                         \
	" 'answers': {'safety': 'worried', 'injury': 'minor', 'weapon': null}}"

struct look {
	int64_t id;
	struct aw_report report;
	struct aw_report_person *persons;
	struct aw_issue *issues;
	struct aw_work_item *work;
	size_t person_count, issue_count, work_count;
};

static enum aw_status
look(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct look *l = arg;
	int all = AW_REPORT_CONTENT | AW_REPORT_CENTRE | AW_REPORT_REPORTER;

	if (aw_report_get(act, l->id, all, &l->report, err) != AW_OK ||
		aw_report_persons(act, l->id, all, &l->persons, &l->person_count, err) != AW_OK ||
		aw_report_issues(act, l->id, &l->issues, &l->issue_count, err) != AW_OK)
		return err->status;
	return aw_work_due(act->tx, act->arena, act->now_ms, 10, &l->work, &l->work_count, err);
}

static struct look
look_at(struct room *room, int64_t id)
{
	struct look l = { .id = id };
	struct aw_error err = { 0 };

	assert_ok(room_as(room, 7, look, &l, &err));
	return l;
}

static void
a_report_comes_back_as_it_was_written(void **state)
{
	struct room *room = *state;
	struct aw_receipt receipt = receive_ok(room, CHILD);
	struct look l = look_at(room, receipt.report);

	assert_true(aw_public_number_valid(receipt.number, "RC"));
	assert_int_equal(strlen(receipt.code), 16 + 3); /* 80 bits in groups of four */
	assert_string_equal(l.report.narrative, "左手前臂有一片瘀青");
	assert_string_equal(l.report.centre_only, "媽媽不知道我通報");
	assert_string_equal(l.report.reporter_name, "王示範");
	assert_string_equal(l.report.reporter_unit, "示範國小");
	assert_string_equal(l.report.district, "10017070"); /* read from the address */
	assert_string_equal(l.report.state, "received");
	assert_true(l.report.urgent);
	assert_string_equal(aw_json_string(l.report.answers, "safety"), "worried");
	assert_int_equal(l.person_count, 3);
	assert_string_equal(l.persons[0].as_reported.name, "陳範安");
	assert_string_equal(l.persons[0].sex, "M");
	assert_int_equal(l.persons[0].age.v, 9);
	assert_true(l.persons[0].as_reported.birth_day.known);
	assert_int_equal(l.persons[1].age.v, 4);
	assert_string_equal(l.persons[2].as_reported.relation, "father");
	assert_int_equal(l.issue_count, 2); /* one a child */
	assert_string_equal(l.issues[0].kind, "child_protection");
	assert_int_equal(l.issues[1].report_person, l.persons[1].id);
	assert_int_equal(l.work_count, 1);
	assert_string_equal(l.work[0].kind, "screen_report");
	assert_int_equal(l.work[0].reference, receipt.report);
}

static void
nothing_personal_stands_in_plain(void **state)
{
	static const char *const words[] = { "瘀青", "陳範安", "王示範", "0900012345", "東信路",
		"不知道我通報" };
	struct room *room = *state;
	static char bytes[1 << 22];
	char path[128];
	FILE *file;
	size_t len;

	(void)receive_ok(room, CHILD);
	testdb_shut(&room->db);
	(void)snprintf(path, sizeof(path), "%s/t.db", room->db.dir);
	file = fopen(path, "rb");
	assert_non_null(file);
	len = fread(bytes, 1, sizeof(bytes), file);
	(void)fclose(file);
	assert_true(len > 10000);
	for (size_t i = 0; i < AW_COUNT(words); i++)
		if (memmem(bytes, len, words[i], strlen(words[i])) != NULL)
			fail_msg("word %zu stands in the file", i);
}

static void
a_report_without_persons_has_a_subject_nobody_knows(void **state)
{
	struct room *room = *state;
	struct aw_receipt receipt = receive_ok(
		room, "{'kind': 'child_protection', 'incident': {'narrative': '樓上孩子一直哭'}}");
	struct look l = look_at(room, receipt.report);

	assert_int_equal(l.person_count, 1);
	assert_string_equal(l.persons[0].role, "victim");
	assert_int_equal(l.issue_count, 1);
	assert_false(receipt.complete.can_dispatch);
	assert_string_equal(receipt.complete.missing[0].need->code, "incident_place");
	assert_string_equal(receipt.complete.missing[0].field, "incident.address");
}

static void
the_meter_says_what_is_missing_and_why(void **state)
{
	struct room *room = *state;
	struct aw_receipt receipt = receive_ok(room, CHILD);

	assert_int_equal(receipt.complete.wanted, 7);
	assert_int_equal(receipt.complete.held, 6);
	assert_int_equal(receipt.complete.permille, 857);
	assert_true(receipt.complete.can_dispatch);
	assert_string_equal(receipt.missing_codes, "respondent_lives_with");
	assert_int_equal(receipt.complete.missing[0].need->why, AW_WHY_URGENCY);
	assert_string_equal(receipt.complete.missing[0].field, "persons.2.lives_with");
}

static void
every_kind_takes_its_own_form(void **state)
{
	struct room *room = *state;

	for (size_t i = 0; i < room->policy->kind_count; i++) {
		const struct aw_kind *kind = &room->policy->kinds[i];
		struct aw_receipt receipt = receive_ok(room,
			aw_arena_printf(&room->arena,
				"{'kind': '%s', 'incident': {'narrative': '示範'}}", kind->code));
		struct look l = look_at(room, receipt.report);
		assert_string_equal(l.report.kind, kind->code);
		assert_int_equal(l.issue_count, 1);
		assert_int_equal(receipt.complete.wanted, kind->need_count);
		assert_true(receipt.complete.missing_count > 0);
	}
}

/* -- refusals and warnings -------------------------------------------------------------------- */

static void
what_cannot_be_right_is_refused_at_its_field(void **state)
{
	static const struct {
		const char *json, *field, *message;
	} bad[] = {
		{ "{'kind': 'burglary'}", "kind", "report.kind_unknown" },
		{ "{}", "kind", "report.kind_missing" },
		{ "{'kind': 'suicide'}", "incident.narrative", "report.empty" },
		{ "{'kind': 'suicide', 'persons': [{'birth_date': '110年2月30日'}]}",
			"persons.0.birth_date", "report.date_unreadable" },
		{ "{'kind': 'suicide', 'persons': [{'birth_date': '1121231'}]}",
			"persons.0.birth_date", "report.date_future" },
		{ "{'kind': 'suicide', 'persons': [{'age': 200}]}", "persons.0.age",
			"report.age_range" },
		{ "{'kind': 'suicide', 'persons': [{'role': 'driver'}]}", "persons.0.role",
			"report.role_unknown" },
		{ "{'kind': 'suicide', 'persons': [{'sex': 'Q'}]}", "persons.0.sex",
			"report.code_unknown" },
		{ "{'kind': 'suicide', 'incident': {'at': '2021-12-07T10:00:00+08:00'}}",
			"incident.at", "report.date_future" },
		{ "{'kind': 'suicide', 'incident': {'at': '昨天'}}", "incident.at",
			"report.date_unreadable" },
		{ "{'kind': 'suicide', 'incident': {'district': '板橋區'}}", "incident.district",
			"report.district_unknown" },
		{ "{'kind': 'suicide', 'answers': {'weather': true}}", "answers.weather",
			"report.answer_unknown" },
		{ "{'kind': 'suicide', 'answers': {'student': 'no'}}", "answers.student",
			"report.want_flag" },
		{ "{'kind': 'suicide', 'answers': {'safety': 'fine'}}", "answers.safety",
			"report.choice_unknown" },
		{ "{'kind': 'suicide', 'answers': {'bsrs5': {'sleep': 5}}}", "answers.bsrs5",
			"report.number_range" },
		{ "{'kind': 'suicide', 'answers': {'bsrs5': {'1': 4}}}", "answers.bsrs5",
			"report.item_unknown" },
		{ "{'kind': 'suicide', 'answers': {'bsrs5': 21}}", "answers.bsrs5",
			"report.number_range" },
		{ "{'kind': 'child_protection', 'answers': {'child_safety': {'decision': "
		  "'maybe'}}}",
			"answers.child_safety", "report.choice_unknown" },
		{ "{'kind': 'child_protection', 'answers': {'child_safety': {'decision': 1}}}",
			"answers.child_safety", "report.choice_unknown" },
		{ "{'kind': 'child_protection', 'answers': {'child_safety': 3}}",
			"answers.child_safety", "report.number_range" },
		{ "{'kind': 'vulnerable_family', 'answers': {'vf_factors': ['VF9-1']}}",
			"answers.vf_factors", "report.choice_unknown" },
		{ "{'kind': 'suicide', 'channel': 'pigeon'}", "channel", "report.code_unknown" },
		{ "{'kind': 'suicide', 'reporter': {'role': 'king'}}", "reporter.role",
			"report.code_unknown" },
		{ "{'kind': 'suicide', 'naration': 'x'}", "naration", "report.field_unknown" },
		{ "{'kind': 'suicide', 'persons': {'name': 'x'}}", "persons", "report.want_list" },
		{ "{'kind': 'suicide', 'persons': ['x']}", "persons.0", "report.want_object" },
		{ "{'kind': 'suicide', 'persons': [{'lives_with': 'yes'}]}", "persons.0.lives_with",
			"report.want_flag" },
		{ "{'kind': 'suicide', 'received_at': 'soon'}", "received_at",
			"report.time_unreadable" },
		{ "{'kind': ['suicide']}", "kind", "report.want_text" },
	};
	struct room *room = *state;

	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		struct receiving r = { .json = bad[i].json };
		struct aw_error err = { 0 };
		assert_int_equal(room_as(room, 0, receive, &r, &err), AW_INVALID);
		assert_true(r.problems.count >= 1);
		assert_string_equal(r.problems.at[0].field, bad[i].field);
		assert_string_equal(r.problems.at[0].message, bad[i].message);
	}
}

static void
all_problems_are_named_at_once(void **state)
{
	struct room *room = *state;
	struct receiving r = { .json = "{'kind': 'suicide', 'channel': 'pigeon', 'persons':"
				       " [{'age': -1, 'role': 'x'}, {'birth_date': 'y'}]}" };
	struct aw_error err = { 0 };

	assert_int_equal(room_as(room, 0, receive, &r, &err), AW_INVALID);
	assert_int_equal(r.problems.count, 4);
}

static void
mistyped_numbers_are_accepted_with_a_warning(void **state)
{
	struct room *room = *state;
	struct aw_receipt receipt = receive_ok(room,
		"{'kind': 'suicide', 'persons': [{'national_id': 'A123456788', 'phones': ['12']},"
		" {'national_id': '護照X12'}]}");

	assert_int_equal(receipt.warning_count, 3);
	assert_string_equal(receipt.warnings[0].message, "report.check_digit");
	assert_string_equal(receipt.warnings[0].field, "persons.0.national_id");
	assert_string_equal(receipt.warnings[1].message, "report.phone_form");
	assert_string_equal(receipt.warnings[2].message, "report.id_form");
}

static void
made_up_numbers_are_for_demo_databases_alone(void **state)
{
	struct room *room = *state;
	struct receiving r = {
		.json = "{'kind': 'suicide', 'persons': [{'national_id': 'A523456781'}]}"
	};
	struct aw_error err = { 0 };

	assert_ok(room_as(room, 0, receive, &r, &err));
	room->live = true;
	assert_int_equal(room_as(room, 0, receive, &r, &err), AW_INVALID);
	assert_string_equal(r.problems.at[0].message, "report.id_made_up");
}

/* -- receipts --------------------------------------------------------------------------------- */

static void
the_same_key_gives_the_same_receipt_for_a_day(void **state)
{
	struct room *room = *state;
	struct receiving a = { .json = CHILD, .key = "k-1", .sender = "hospital" }, b = a, c = a;
	struct aw_error err = { 0 };

	assert_ok(room_as(room, 0, receive, &a, &err));
	assert_ok(room_as(room, 0, receive, &b, &err));
	assert_true(b.receipt.repeated);
	assert_string_equal(a.receipt.number, b.receipt.number);
	assert_string_equal(a.receipt.code, b.receipt.code);
	assert_int_equal(b.receipt.report, a.receipt.report);
	/* another sender's key is another key */
	c.sender = "police";
	assert_ok(room_as(room, 0, receive, &c, &err));
	assert_string_not_equal(a.receipt.number, c.receipt.number);
	/* the same key for another body */
	c = a;
	c.json = "{'kind': 'suicide', 'incident': {'narrative': 'x'}}";
	assert_fails(room_as(room, 0, receive, &c, &err), AW_CONFLICT, "another report");
	/* a day later the key is free and the report is a new one */
	room->now_ms += 25 * AW_HOUR_MS;
	b = a;
	assert_ok(room_as(room, 0, receive, &b, &err));
	assert_false(b.receipt.repeated);
	assert_string_not_equal(a.receipt.number, b.receipt.number);
}

static void
without_a_key_the_same_report_is_a_new_one(void **state)
{
	struct room *room = *state;

	assert_string_not_equal(receive_ok(room, CHILD).number, receive_ok(room, CHILD).number);
}

struct asking {
	const char *number, *code, *status;
};

static enum aw_status
ask_status(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct asking *a = arg;

	return aw_report_status(act, a->number, a->code, &a->status, err);
}

static enum aw_status
set_state(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct asking *a = arg;
	struct aw_report report;

	if (aw_report_by_number(act, a->number, AW_REPORT_PLAIN, &report, err) != AW_OK)
		return err->status;
	return aw_report_state_set(act, report.id, a->status, err);
}

static void
status_needs_number_and_code(void **state)
{
	struct room *room = *state;
	struct aw_receipt r = receive_ok(room, CHILD), other = receive_ok(room, CHILD);
	char *lower = aw_arena_strdup(&room->arena, r.code);
	struct asking wrong[] = { { r.number, other.code, "" }, { r.number, "", "" },
		{ r.number, NULL, "" }, { "RC1101206-9999-1", r.code, "" }, { NULL, NULL, "" },
		{ r.number, "!!!", "" }, { "' OR 1=1 --", r.code, "" } };
	struct asking right = { r.number, lower, NULL };
	struct aw_error err = { 0 };

	for (char *c = lower; *c != '\0'; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c == '-' ? ' ' : *c;
	for (size_t i = 0; i < AW_COUNT(wrong); i++) {
		assert_ok(room_as(room, 0, ask_status, &wrong[i], &err));
		assert_null(wrong[i].status);
	}
	assert_ok(room_as(room, 0, ask_status, &right, &err));
	assert_string_equal(right.status, "received");
	assert_ok(room_as(room, 7, set_state,
		&(struct asking){ .number = r.number, .status = "screened" }, &err));
	assert_ok(room_as(room, 0, ask_status, &right, &err));
	assert_string_equal(right.status, "working");
	assert_ok(room_as(room, 7, set_state,
		&(struct asking){ .number = r.number, .status = "closed" }, &err));
	assert_ok(room_as(room, 0, ask_status, &right, &err));
	assert_string_equal(right.status, "closed");
	assert_fails(room_as(room, 7, set_state,
			     &(struct asking){ .number = r.number, .status = "received" }, &err),
		AW_CONFLICT, "does not become");
}

/* -- issues, links, supplements --------------------------------------------------------------- */

struct telling {
	int64_t report, issue, person, other, made;
	const char *result, *kind;
	const char *facts;
	struct aw_completeness complete;
};

static enum aw_status
screen(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct telling *t = arg;

	return aw_issue_screen(act, t->issue, t->result, t->other, err);
}

static enum aw_status
reclassify(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct telling *t = arg;

	return aw_issue_reclassify(act, t->issue, t->kind, &t->made, err);
}

static void
an_issue_gets_one_result_of_the_policy(void **state)
{
	struct room *room = *state;
	struct look l = look_at(room, receive_ok(room, CHILD).report);
	int64_t other = receive_ok(room, CHILD).report;
	struct telling t = { .issue = l.issues[0].id, .result = "nonsense" };
	struct aw_error err = { 0 };

	assert_fails(room_as(room, 7, screen, &t, &err), AW_INVALID, "no such screen result");
	t.result = "duplicate";
	assert_fails(room_as(room, 7, screen, &t, &err), AW_INVALID, "which report");
	t.other = l.id;
	assert_fails(room_as(room, 7, screen, &t, &err), AW_INVALID, "repeat itself");
	t.other = other;
	assert_ok(room_as(room, 7, screen, &t, &err));
	t = (struct telling){ .issue = l.issues[1].id, .kind = "vulnerable_family" };
	assert_ok(room_as(room, 7, reclassify, &t, &err));
	assert_fails(room_as(room, 7, reclassify, &t, &err), AW_CONFLICT, "already");
	l = look_at(room, l.id);
	assert_int_equal(l.issue_count, 3);
	assert_string_equal(l.issues[0].screen_result, "duplicate");
	assert_int_equal(l.issues[0].duplicate_of.v, other);
	assert_int_equal(l.issues[0].screened_by.v, 7);
	assert_string_equal(l.issues[1].screen_result, "reclassified");
	assert_string_equal(l.issues[2].kind, "vulnerable_family");
	assert_null(l.issues[2].screen_result);
}

static enum aw_status
link_and_repeat(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct telling *t = arg;
	struct aw_report_link link = { .report_person = t->person,
		.person = 4711,
		.state = "confirmed",
		.probability_ppm = 999000,
		.levels = "name=exact",
		.by_account = 7 };
	struct aw_report_candidate put[] = { { 4711, 999000, "name=exact" },
		{ 4712, 200000, "name=variant" } },
				   *got;
	struct aw_register_said said[] = { { "drug", 18900, "none", 0, 0 },
		{ "protection", 18901, "open", 5, 0 } },
				*heard;
	size_t count;

	if (aw_report_person_set_link(act, &link, err) != AW_OK ||
		aw_report_candidates_put(act, t->person, put, 2, err) != AW_OK ||
		aw_report_candidates_put(act, t->person, put, 2, err) != AW_OK ||
		aw_report_candidates(act, t->person, &got, &count, err) != AW_OK ||
		aw_register_answers_put(act, t->person, said, 2, err) != AW_OK)
		return err->status;
	assert_int_equal(count, 2);
	assert_int_equal(got[1].person, 4712);
	if (aw_register_answers(act, t->person, &heard, &count, err) != AW_OK)
		return err->status;
	assert_int_equal(count, 2);
	assert_string_equal(heard[1].answer, "open");
	assert_int_equal(heard[0].extract_day, 18900);
	return AW_OK;
}

static enum aw_status
repeats(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct telling *t = arg;
	struct aw_repeat *list;
	size_t count;

	if (aw_report_repeats(act, t->report, 90, &list, &count, err) != AW_OK)
		return err->status;
	t->made = (int64_t)count;
	if (count > 0) {
		assert_int_equal(list[0].report, t->other);
		assert_true(list[0].same_day);
		assert_int_equal(list[0].shared_persons, 1);
	}
	return AW_OK;
}

static void
a_second_report_of_the_same_person_is_a_probable_repeat(void **state)
{
	struct room *room = *state;
	int64_t first = receive_ok(room, CHILD).report, second;
	struct telling t = { .person = look_at(room, first).persons[0].id };
	struct aw_error err = { 0 };

	assert_ok(room_as(room, 7, link_and_repeat, &t, &err));
	room->now_ms += AW_HOUR_MS;
	second = receive_ok(room, CHILD).report;
	t = (struct telling){ .report = second, .other = first };
	assert_ok(room_as(room, 7, repeats, &t, &err));
	assert_int_equal(t.made, 0); /* nobody recognised yet */
	t.person = look_at(room, second).persons[0].id;
	assert_ok(room_as(room, 7, link_and_repeat, &t, &err));
	assert_ok(room_as(room, 7, repeats, &t, &err));
	assert_int_equal(t.made, 1);
	assert_string_equal(look_at(room, second).persons[0].link_state, "confirmed");
}

static enum aw_status
ask(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct telling *t = arg;
	const char *items[] = { t->kind };

	return aw_supplement_ask(act, t->report, items, 1, &t->made, err);
}

static enum aw_status
answer(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct telling *t = arg;

	return aw_supplement_answer(
		act, t->report, t->made, quoted_json(act->arena, t->facts), &t->complete, err);
}

static enum aw_status
see_supplements(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct telling *t = arg;
	struct aw_supplement *list;
	size_t count;

	if (aw_supplements(act, t->report, AW_REPORT_CONTENT, &list, &count, err) != AW_OK)
		return err->status;
	assert_int_equal(count, 2);
	assert_string_equal(list[0].items, "respondent_lives_with");
	assert_int_equal(list[0].due_at.v - list[0].asked_at.v, 24 * AW_HOUR_MS);
	assert_true(list[0].answered_at.known);
	assert_non_null(strstr(list[0].answer, "lives_with"));
	assert_int_equal(list[1].request, 0);
	return AW_OK;
}

static void
facts_asked_back_land_in_the_same_report(void **state)
{
	struct room *room = *state;
	struct telling t = { .report = receive_ok(room, CHILD).report, .kind = "weather" };
	struct aw_error err = { 0 };
	struct look l;

	assert_fails(room_as(room, 7, ask, &t, &err), AW_INVALID, "no form asks");
	t.kind = "respondent_lives_with";
	assert_fails(room_as(room, 0, ask, &t, &err), AW_DENIED, "account");
	assert_ok(room_as(room, 7, ask, &t, &err));
	t.facts = "{'persons': [{'position': 9, 'lives_with': true}]}";
	assert_fails(room_as(room, 0, answer, &t, &err), AW_INVALID, "no such person");
	t.facts = "{'persons': [{'position': 3, 'lives_with': true, 'age': 40}],"
		  " 'answers': {'safety': 'danger', 'injury': null}}";
	assert_ok(room_as(room, 0, answer, &t, &err));
	assert_int_equal(t.complete.permille, 1000);
	assert_fails(room_as(room, 0, answer, &t, &err), AW_CONFLICT, "answered already");
	t.made = 0;
	t.facts = "{'persons': [{'name': '陳範平', 'role': 'victim', 'age': 1}],"
		  " 'incident': {'narrative': '後來說的', 'address': '基隆市仁愛區愛三路2號'}}";
	assert_ok(room_as(room, 0, answer, &t, &err));
	assert_ok(room_as(room, 7, see_supplements, &t, &err));
	l = look_at(room, t.report);
	assert_string_equal(aw_json_string(l.report.answers, "safety"), "danger");
	assert_string_equal(
		aw_json_string(l.report.answers, "injury"), "minor");  /* unknown is no no */
	assert_string_equal(l.report.narrative, "左手前臂有一片瘀青"); /* as first written */
	assert_string_equal(l.report.missing, "");
	assert_int_equal(l.report.complete_permille, 1000);
	assert_int_equal(l.persons[2].as_reported.lives_with, AW_TRI_YES);
	assert_int_equal(l.persons[2].age.v, 40);
	assert_int_equal(l.person_count, 4);
	assert_int_equal(l.issue_count, 3);
}

/* -- the list --------------------------------------------------------------------------------- */

struct listing {
	struct aw_report_filter filter;
	struct aw_report_line *lines;
	size_t count;
	int64_t total;
};

static enum aw_status
list(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct listing *l = arg;

	return aw_report_list(act, &l->filter, &l->lines, &l->count, &l->total, err);
}

static void
the_list_filters_and_pages_without_gap_or_repeat(void **state)
{
	struct room *room = *state;
	struct listing l = { .filter = { .kind = "child_protection", .limit = 2 } };
	struct aw_error err = { 0 };
	size_t seen = 0;

	for (int i = 0; i < 5; i++)
		(void)receive_ok(room, CHILD);
	(void)receive_ok(room, "{'kind': 'suicide', 'incident': {'narrative': 'x'}}");
	do {
		assert_ok(room_as(room, 7, list, &l, &err));
		assert_int_equal(l.total, 5);
		for (size_t i = 0; i < l.count; i++) {
			assert_string_equal(l.lines[i].kind, "child_protection");
			assert_true(l.filter.before_id == 0 || l.lines[i].id < l.filter.before_id);
			l.filter.before_at = l.lines[i].received_at;
			l.filter.before_id = l.lines[i].id;
			seen++;
		}
	} while (l.count > 0);
	assert_int_equal(seen, 5);
	l.filter = (struct aw_report_filter){ .number = "RC1101206-0006", .limit = 50 };
	assert_ok(room_as(room, 7, list, &l, &err));
	assert_int_equal(l.count, 1);
	assert_string_equal(l.lines[0].kind, "suicide");
	assert_int_equal(l.lines[0].person_count, 1);
	l.filter = (struct aw_report_filter){ .from_day = AW_KNOWN(18968), .limit = 50 };
	assert_ok(room_as(room, 7, list, &l, &err));
	assert_int_equal(l.count, 0);
}

AW_TESTS(ROOM_TEST(a_report_comes_back_as_it_was_written),
	ROOM_TEST(nothing_personal_stands_in_plain),
	ROOM_TEST(a_report_without_persons_has_a_subject_nobody_knows),
	ROOM_TEST(the_meter_says_what_is_missing_and_why), ROOM_TEST(every_kind_takes_its_own_form),
	ROOM_TEST(what_cannot_be_right_is_refused_at_its_field),
	ROOM_TEST(all_problems_are_named_at_once),
	ROOM_TEST(mistyped_numbers_are_accepted_with_a_warning),
	ROOM_TEST(made_up_numbers_are_for_demo_databases_alone),
	ROOM_TEST(the_same_key_gives_the_same_receipt_for_a_day),
	ROOM_TEST(without_a_key_the_same_report_is_a_new_one),
	ROOM_TEST(status_needs_number_and_code), ROOM_TEST(an_issue_gets_one_result_of_the_policy),
	ROOM_TEST(a_second_report_of_the_same_person_is_a_probable_repeat),
	ROOM_TEST(facts_asked_back_land_in_the_same_report),
	ROOM_TEST(the_list_filters_and_pages_without_gap_or_repeat))
