/* Of which units on a report somebody is told who may not see why they were asked. */
#include "city/dispatch/told.h"

#include "../citytest.h"
#include "base/json.h"
#include "city/dispatch/pages.h"
#include "city/triage/triage.h"
#include "page/call.h"

/* A case as it is played in two cities, alike but for one fact that is not told to everybody. */
struct play {
	uint64_t seed;
	const char *number;
	struct aw_decision decision;
	struct aw_buf text; /* all that a viewer is shown */
	const char **units; /* that were asked */
	size_t unit_count;
	size_t hidden; /* units that are not told to all */
};

/* -- acting ------------------------------------------------------------------------------------- */

enum how { ACTS, LOOKS };

static enum aw_status
as(struct citytest *city, enum how how, const char *unit, const char *roles, const char *purpose,
	city_fn *fn, void *arg, struct aw_error *err)
{
	const struct aw_viewer viewer = { .login = "somebody",
		.name = "somebody",
		.title = "",
		.account = city->accounts[city->account_count - 1].account,
		.unit = unit,
		.roles = roles,
		.purpose = purpose };

	struct city_run run = { city, &viewer, fn, arg };

	return how == LOOKS ? aw_db_read(city->db.db, city_unit, &run, err)
			    : aw_db_write(city->db.db, city_unit, &run, err);
}

static enum aw_status
find(struct aw_act *act, struct play *play, struct aw_report *report, struct aw_dispatch **ret_list,
	size_t *ret_count, struct aw_error *err)
{
	if (aw_report_by_number(act, play->number, AW_REPORT_PLAIN, report, err) != AW_OK)
		return err->status;
	return aw_dispatch_of_report(act, report->id, ret_list, ret_count, err);
}

static enum aw_status
submit(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct play *play = arg;
	struct aw_dispatch *list;
	struct aw_report report;
	size_t count;
	bool found;

	if (find(act, play, &report, &list, &count, err) != AW_OK ||
		aw_triage_get(act, report.id, &play->decision, &found, err) != AW_OK)
		return err->status;
	return aw_dispatch_submit(act, report.id, NULL, false, err);
}

static enum aw_status
review(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct play *play = arg;
	struct aw_dispatch *list;
	struct aw_report report;
	size_t count;

	if (find(act, play, &report, &list, &count, err) != AW_OK)
		return err->status;
	return aw_dispatch_review(act, report.id, true, NULL, err);
}

/* A unit does with its part what chance says, the same in both cities. */
static enum aw_status
answer(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct play *play = arg;
	struct aw_dispatch *list;
	struct aw_random random;
	struct aw_report report;
	uint64_t chance, mix = play->seed;
	size_t count;

	if (find(act, play, &report, &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].unit, act->viewer->unit) != 0)
			continue;
		for (const char *c = list[i].unit; *c != '\0'; c++)
			mix = mix * 31 + (unsigned char)*c;
		aw_random_seed(&random, mix);
		chance = aw_random_below(&random, 4);
		if (chance < 2 && aw_dispatch_accept(act, list[i].id, err) != AW_OK)
			return err->status;
		if (chance == 2 && aw_dispatch_return(act, list[i].id, "not_this_area", "別的轄區",
					   err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static const char *const words[] = { "weapon", "child_in_home", "care_need", "new_immigrant",
	"job_need", "child_witness", "parent_victim", "hardship_only" };
static const struct {
	const char *kind, *subject;
	const char *asked; /* what its form asks of those above */
	struct {
		const char *one, *other; /* answers that differ */
	} hidden[3];
} kinds[] = {
	{ "adult_ipv", "victim", "weapon child_in_home new_immigrant job_need child_witness",
		{ { "\"respondent_mental\":true", "\"respondent_mental\":false" },
			{ "\"respondent_suicide\":true", "\"respondent_suicide\":false" },
			{ "\"respondent_addiction\":true", "\"respondent_addiction\":false" } } },
	{ "adult_family_other", "victim", "weapon child_in_home new_immigrant hardship_only",
		{ { "\"respondent_mental\":true", "\"respondent_mental\":false" },
			{ "\"respondent_addiction\":true", "\"respondent_addiction\":false" } } },
	{ "adult_disability", "victim", "weapon care_need hardship_only",
		{ { "\"mental_disability\":true", "\"mental_disability\":false" },
			{ "\"respondent_mental\":true", "\"respondent_mental\":false" } } },
	{ "child_protection", "victim", "weapon parent_victim child_witness",
		{ { "\"sexual_event\":true", "\"sexual_event\":false" },
			{ "\"respondent_mental\":true", "\"respondent_mental\":false" },
			{ "\"respondent_addiction\":true", "\"respondent_addiction\":false" } } },
	{ "vulnerable_family", "subject", "child_in_home care_need new_immigrant job_need",
		{ { "\"vf_factors\":[\"VF1-1\",\"VF5-2\"]",
			  "\"vf_factors\":[\"VF1-1\",\"VF5-3\"]" },
			{ "\"vf_factors\":[\"VF3-1\",\"VF6-1\"]",
				"\"vf_factors\":[\"VF3-1\",\"VF5-1\"]" } } },
};

/* The report that chance makes, with this answer in it. */
static const char *
report_of(struct citytest *city, struct aw_random *random, size_t k, const char *hidden,
	uint64_t seed)
{
	static const char *const safety[] = { "danger", "worried", "safe" };
	static const char *const chars[] = { "安", "平", "和", "順", "康", "寧", "祥", "瑞", "福",
		"德", "明", "華" };
	struct aw_buf buf = { .arena = &city->arena };
	uint64_t n = AW_COUNT(chars);

	aw_buf_printf(&buf,
		"{\"kind\":\"%s\",\"channel\":\"agency\",\"reporter\":{\"role\":\"police\"},"
		"\"incident\":{\"narrative\":\"示範敘述\",\"address\":\"基隆市信義區示範路%d號\"},"
		"\"persons\":[{\"role\":\"%s\",\"name\":\"林%s%s\",\"sex\":\"F\",\"age\":%d},"
		"{\"role\":\"member\",\"name\":\"陳%s%s\",\"sex\":\"M\",\"age\":40}],"
		"\"answers\":{%s,\"safety\":\"%s\"",
		kinds[k].kind, (int)seed, kinds[k].subject, chars[seed % n], chars[seed / n % n],
		(int)aw_random_below(random, 5) + (k == 3 ? 8 : 30), chars[seed / n % n],
		chars[seed % n], hidden, safety[aw_random_below(random, 3)]);
	for (size_t i = 0; i < AW_COUNT(words); i++) {
		uint64_t what = aw_random_below(random, 3);

		if (what != 0 && strstr(kinds[k].asked, words[i]) != NULL)
			aw_buf_printf(&buf, ",\"%s\":%s", words[i], what == 1 ? "true" : "false");
	}
	aw_buf_text(&buf, "}}");
	return aw_buf_z(&buf);
}

static enum aw_status
find_units(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct play *play = arg;
	struct aw_dispatch *list;
	struct aw_report report;
	size_t count;

	if (find(act, play, &report, &list, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		play->hidden += list[i].classes.v != 0;
	play->units = AW_NEW_ARRAY(act->arena, const char *, count);
	for (size_t i = 0; i < count; i++) {
		size_t before = 0;

		while (before < play->unit_count && strcmp(play->units[before], list[i].unit) != 0)
			before++;
		if (before == play->unit_count)
			play->units[play->unit_count++] = list[i].unit;
	}
	return AW_OK;
}

/* From the report to what the units answered. */
static void
act_out(struct citytest *city, uint64_t seed, size_t k, const char *hidden, struct play *ret)
{
	struct aw_error err = { 0 };
	struct aw_random random;

	aw_random_seed(&random, seed);
	*ret = (struct play){ .seed = seed, .text = { .arena = &city->arena } };
	ret->number = city_report(city, report_of(city, &random, k, hidden, seed));
	assert_ok(city_as(city, "screener", submit, ret, &err));
	assert_ok(city_as(city, "reviewer", review, ret, &err));
	assert_ok(as(city, LOOKS, "centre", "screener", "screening", find_units, ret, &err));
	for (size_t i = 0; i < ret->unit_count; i++)
		assert_ok(as(
			city, ACTS, ret->units[i], "supervisor", "supervision", answer, ret, &err));
}

/* -- looking ------------------------------------------------------------------------------------ */

static enum aw_status
show(struct aw_act *act, struct play *play, const struct aw_view_type *type, aw_handler_fn *handler,
	struct aw_error *err)
{
	const struct aw_form_value values[] = { { "number", play->number } };
	struct aw_call call = { .act = *act,
		.language = "zh-Hant-TW",
		.path_values = values,
		.path_count = 1,
		.view = aw_view_new(act->arena, type) };
	enum aw_status status = handler(&call, err);
	json_t *json;

	if (status == AW_NOT_FOUND) {
		aw_error_clear(err);
		aw_buf_text(&play->text, "none|");
		return AW_OK;
	}
	if (status != AW_OK)
		return status;
	json = aw_view_json(call.view);
	aw_buf_printf(&play->text, "%s|", aw_json_text(act->arena, json));
	json_decref(json);
	return AW_OK;
}

/* The report's page, the board, its list, the hand-over sheet, and whether a unit's part is there. */
static enum aw_status
look(struct aw_act *act, void *arg, struct aw_error *err)
{
	static const char *const parts[] = { "mental_health", "drug_centre", "dv_sexual",
		"police_2" };
	struct play *play = arg;
	struct aw_error ignored = { 0 };
	int64_t dispatch;

	if (show(act, play, &aw_report_page_view, aw_report_page_show, err) != AW_OK)
		return err->status;
	/* the boards hold every case so far */
	if (play->seed % 13 == 0 &&
		(show(act, play, &aw_board_view, aw_board_show, err) != AW_OK ||
			show(act, play, &aw_board_view, aw_board_list, err) != AW_OK ||
			show(act, play, &aw_handover_view, aw_handover_show, err) != AW_OK))
		return err->status;
	for (size_t i = 0; i < AW_COUNT(parts); i++) {
		const struct aw_form_value values[] = { { "number", play->number },
			{ "unit", parts[i] } };
		struct aw_call call = { .act = *act, .path_values = values, .path_count = 2 };

		aw_buf_printf(&play->text, "%d", (int)aw_call_dispatch(&call, &dispatch, &ignored));
	}
	return AW_OK;
}

static const struct {
	const char *unit, *roles, *purpose;
} viewers[] = { { "city_office", "settler", "settlement" },
	{ "police_2", "partner", "cooperation" }, { "police_women", "partner", "cooperation" },
	{ "dv_child", "partner", "cooperation" }, { "dv_adult", "partner", "cooperation" },
	{ "fc_zhengyi", "partner", "cooperation" }, { "employment", "partner", "cooperation" },
	{ "immigrant_centre", "partner", "cooperation" },
	{ "women_children_aid", "partner", "cooperation" },
	{ "dv_adult", "supervisor", "contact_reporter" },
	{ "dv_child", "supervisor", "contact_reporter" },
	{ "fc_zhengyi", "supervisor", "contact_reporter" },
	{ "dv_adult", "supervisor", "supervision" }, { "dv_child", "supervisor", "supervision" },
	{ "fc_zhengyi", "supervisor", "supervision" }, { "centre", "screener", "screening" } };
enum { SEE_NOT = 12 }; /* of them: may not see health; the others lead or screen, and may */

static const char *
seen_by(struct citytest *city, struct play *play, size_t viewer)
{
	struct aw_error err = { 0 };

	play->text = (struct aw_buf){ .arena = &city->arena };
	assert_ok(as(city, LOOKS, viewers[viewer].unit, viewers[viewer].roles,
		viewers[viewer].purpose, look, play, &err));
	return aw_buf_z(&play->text);
}

/* What everybody on a report is told in any case. */
static bool
same_level(const struct aw_decision *a, const struct aw_decision *b)
{
	return aw_text_eq(a->level, b->level) && aw_text_eq(a->priority, b->priority) &&
	       aw_text_eq(a->child_class, b->child_class) && a->immediate == b->immediate &&
	       a->may_rise == b->may_rise;
}

static void
differs(uint64_t seed, size_t k, size_t viewer, const char *a, const char *b)
{
	size_t at = 0, from;

	while (a[at] == b[at])
		at++;
	from = at > 300 ? at - 300 : 0;
	fail_msg("seed %d, %s: %s of %s for %s is told\n%.400s\n%.400s", (int)seed, kinds[k].kind,
		viewers[viewer].roles, viewers[viewer].unit, viewers[viewer].purpose, a + from,
		b + from);
}

static void
cases_that_differ_in_why_a_unit_was_asked_look_alike(void **state)
{
	struct citytest *one = *state, *other;
	size_t compared = 0, hidden = 0, seen = 0, partners = 0;
	void *second = NULL;

	city_setup(&second);
	other = second;
	other->now_ms = one->now_ms;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		size_t k = seed % AW_COUNT(kinds), h = seed / AW_COUNT(kinds) % 3;
		struct play a, b;

		h = kinds[k].hidden[h].one == NULL ? 0 : h;
		act_out(one, seed, k, kinds[k].hidden[h].one, &a);
		act_out(other, seed, k, kinds[k].hidden[h].other, &b);
		assert_string_equal(a.number, b.number);
		assert_true(same_level(&a.decision, &b.decision));
		hidden += a.hidden != b.hidden;
		for (size_t v = 0; v < AW_COUNT(viewers); v++) {
			const char *left = seen_by(one, &a, v), *right = seen_by(other, &b, v);

			if (v >= SEE_NOT) {
				seen += strcmp(left, right) != 0;
				continue;
			}
			compared++;
			partners += strncmp(left, "none", 4) != 0;
			if (strcmp(left, right) != 0)
				differs(seed, k, v, left, right);
		}
		aw_arena_done(&one->arena);
		aw_arena_done(&other->arena);
	}
	city_teardown(&second);
	print_message("# %zu looks, %zu of them at the report; %zu cases with other units\n",
		compared, partners, hidden);
	assert_true(compared > 700);
	assert_true(partners > 200);
	assert_true(hidden > 40);
	assert_true(seen > 60); /* the control: whoever may see why sees the difference */
}

/* -- the rule itself ---------------------------------------------------------------------------- */

static size_t
told_of(const struct citytest *city, const char *unit, uint32_t shown, struct aw_dispatch *list,
	size_t count)
{
	const struct aw_viewer viewer = { .unit = unit, .roles = "partner" };
	const struct aw_act act = { .policy = city->policy, .viewer = &viewer };
	const struct aw_access access = { .shown = shown, .unit = unit };

	return aw_told_dispatches(&act, &access, list, count);
}

#define HEALTH AW_CLASS_BIT(AW_CLASS_HEALTH)

static void
a_lead_is_told_by_its_agency_and_what_is_open_by_its_open_row(void **state)
{
	const struct citytest *city = *state;
	const struct aw_dispatch made[] = {
		{ .id = 1,
			.unit = "mental_health",
			.role = "lead",
			.state = "accepted",
			.task = "原心衛社工併案關懷",
			.basis = "lead:8",
			.worker = AW_KNOWN(7),
			.classes = AW_KNOWN(HEALTH) },
		{ .id = 2,
			.unit = "family_education",
			.role = "co",
			.state = "dispatched",
			.task = "甲、乙",
			.basis = "co:1",
			.first_contact_due_at = AW_KNOWN(5),
			.classes = AW_KNOWN(HEALTH),
			.open_basis = "co:2",
			.open_task = "乙",
			.open_due_at = AW_KNOWN(9) },
		{ .id = 3,
			.unit = "drug_centre",
			.role = "co",
			.state = "dispatched",
			.task = "",
			.basis = "",
			.classes = AW_KNOWN(HEALTH) },
		{ .id = 4,
			.unit = "drug_centre",
			.role = "co",
			.state = "disputed",
			.task = "",
			.basis = "" },
	};
	struct aw_dispatch list[AW_COUNT(made)];

	memcpy(list, made, sizeof(made));
	assert_int_equal(told_of(city, "employment", 0, list, AW_COUNT(list)), 2);
	assert_true(list[0].veiled && !list[0].worker.known);
	assert_string_equal(list[0].task, "");
	assert_string_equal(aw_told_unit(city->policy, &list[0], "unit", "zh-Hant-TW"), "衛生局");
	assert_string_equal(list[1].task, "乙");
	assert_string_equal(list[1].basis, "co:2");
	assert_int_equal(list[1].first_contact_due_at.v, 9);
	assert_true(aw_told_event(list, 2, AW_KNOWN(2)) && aw_told_event(list, 2, AW_UNKNOWN));
	assert_false(aw_told_event(list, 2, AW_KNOWN(3)));

	memcpy(list, made,
		sizeof(made)); /* who may see the class; an old one says nothing of classes */
	assert_int_equal(told_of(city, "employment", HEALTH, list, AW_COUNT(list)), 3);
	assert_false(list[0].veiled);
	memcpy(list, made, sizeof(made)); /* the unit itself, and its bureau */
	assert_int_equal(told_of(city, "health_bureau", 0, list, AW_COUNT(list)), 4);
	memcpy(list, made, sizeof(made)); /* who settles: of the dispute */
	assert_int_equal(told_of(city, "city_office", 0, list, AW_COUNT(list)), 3);
	assert_int_equal(list[2].id, 4);
}

AW_TESTS(CITY_TEST(cases_that_differ_in_why_a_unit_was_asked_look_alike),
	CITY_TEST(a_lead_is_told_by_its_agency_and_what_is_open_by_its_open_row))
