/* city/triage: a decision as it is kept, opened again, and changed by a person */
#include "../citytest.h"

#include "city/triage/triage.h"

static const char report_json[] =
	"{\"kind\":\"child_protection\",\"channel\":\"agency\","
	"\"reporter\":{\"role\":\"teacher\",\"unit\":\"示範國小\",\"name\":\"測試導師\"},"
	"\"incident\":{\"at\":\"2021-05-02T20:00:00+08:00\",\"address\":\"基隆市中山區示範路1號\","
	"\"narrative\":\"孩子手臂瘀青。\"},"
	"\"persons\":[{\"role\":\"victim\",\"name\":\"陳範安\",\"birth_date\":\"1010501\",\"sex\":"
	"\"M\"},"
	"{\"role\":\"respondent\",\"name\":\"陳例峯\",\"relation\":\"father\"}],"
	"\"answers\":{\"injury\":\"minor\",\"safety\":\"worried\",\"young_child_present\":true,"
	"\"weapon\":null}}";

struct deciding {
	const char *number;
	const char *reason, *note;
	struct aw_triage_change change;
	struct aw_decision first, second;
	bool found;
};

static enum aw_status
decide(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct deciding *d = arg;
	struct aw_report report;

	if (aw_report_by_number(act, d->number, AW_REPORT_PLAIN, &report, err) != AW_OK)
		return err->status;
	return aw_triage_decide(act, report.id, 0, &d->first, err);
}

static enum aw_status
get(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct deciding *d = arg;
	struct aw_report report;

	if (aw_report_by_number(act, d->number, AW_REPORT_PLAIN, &report, err) != AW_OK)
		return err->status;
	return aw_triage_get(act, report.id, &d->second, &d->found, err);
}

static enum aw_status
override(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct deciding *d = arg;

	return aw_triage_override(
		act, d->first.id, &d->change, d->reason, d->note, &d->second, err);
}

static const struct aw_fact *
fact(const struct aw_decision *d, const char *name)
{
	const struct aw_fact *found = aw_fact_find(&d->facts, name);

	assert_non_null(found);
	return found;
}

static struct deciding
decided(struct citytest *city)
{
	struct deciding d = { .number = city_report(city, report_json) };
	struct aw_error err = { 0 };

	assert_ok(city_as(city, "screener", decide, &d, &err));
	return d;
}

static void
facts_come_from_the_answers_and_the_people(void **state)
{
	struct deciding d = decided(*state);

	assert_string_equal(fact(&d.first, "injury")->text, "minor");
	assert_string_equal(fact(&d.first, "injury")->source, "answer");
	assert_int_equal(fact(&d.first, "subject_age")->number, 9);
	assert_string_equal(fact(&d.first, "subject_age")->source, "person");
	assert_string_equal(fact(&d.first, "relation")->text, "father");
	assert_int_equal(fact(&d.first, "weapon")->kind, AW_FACT_UNKNOWN);
	assert_string_equal(d.first.level, "second");
	assert_string_equal(d.first.child_class, "first");
	assert_string_equal(d.first.priority, "urgent");
	assert_string_equal(d.first.lead.type, "dv_child");
	assert_true(d.first.may_rise);
}

static void
what_is_kept_opens_as_it_was(void **state)
{
	struct citytest *city = *state;
	struct deciding d = decided(city);
	struct aw_error err = { 0 };

	assert_ok(city_as(city, "reviewer", get, &d, &err));
	assert_true(d.found);
	assert_int_equal(d.second.id, d.first.id);
	assert_string_equal(d.second.release, city->policy->hash);
	assert_int_equal(d.second.co_count, d.first.co_count);
	assert_int_equal(d.second.clock_count, d.first.clock_count);
	assert_int_equal(d.second.reason_count, 3);
	assert_string_equal(d.second.reasons[2].words, "6歲以下手足在場");
	assert_int_equal(d.second.facts.count, d.first.facts.count);
	struct aw_arena arena = { 0 };
	struct aw_buf was = { .arena = &arena }, is = { .arena = &arena };

	aw_explain_write(&d.first.explain, city->policy->hash, &was);
	aw_explain_write(&d.second.explain, city->policy->hash, &is);
	assert_string_equal(aw_buf_z(&was), aw_buf_z(&is));
	aw_arena_done(&arena);
}

static void
a_new_run_supersedes_the_one_before(void **state)
{
	struct citytest *city = *state;
	struct deciding d = decided(city);
	int64_t before = d.first.id;
	struct aw_error err = { 0 };

	assert_ok(city_as(city, "screener", decide, &d, &err));
	assert_int_not_equal(d.first.id, before);
	assert_ok(city_as(city, "screener", get, &d, &err));
	assert_int_equal(d.second.id, d.first.id);
}

static void
a_person_may_decide_otherwise_with_a_reason(void **state)
{
	struct citytest *city = *state;
	struct deciding d = decided(city);
	const struct aw_policy *policy = city->policy;
	struct aw_error err = { 0 };

	d.change.level = "first";
	assert_fails(city_as(city, "screener", override, &d, &err), AW_INVALID, "say why");
	d.reason = policy->reasons[AW_REASONS_EDIT][0].code;
	d.note = "現場看過";
	d.change.level = "third";
	aw_error_clear(&err);
	assert_fails(city_as(city, "screener", override, &d, &err), AW_INVALID, "no such level");
	d.change.level = "first";
	aw_error_clear(&err);
	assert_ok(city_as(city, "screener", override, &d, &err));
	assert_string_equal(d.second.level, "first");
	assert_string_equal(d.second.child_class, "first");
	assert_string_equal(d.second.override_reason, d.reason);
	assert_int_not_equal(d.second.made_by, 0);
	assert_int_equal(d.second.reason_count, 3); /* why the policy said otherwise is kept */
	assert_fails(city_as(city, "screener", override, &d, &err), AW_CONFLICT, "replaced");
	assert_ok(city_as(city, "screener", get, &d, &err));
	assert_string_equal(d.second.level, "first");
}

static enum aw_status
release(struct aw_act *act, void *policy, struct aw_error *err)
{
	return aw_release_by_loading(act->tx, policy, true, act->now_ms, err);
}

static void
an_old_decision_is_told_by_the_release_that_made_it(void **state)
{
	struct citytest *city = *state;
	struct deciding d = decided(city), later;
	struct aw_policy *old = city->policy;
	struct aw_policy *next = city_draft(city, "triage.dmn", "6歲以下手足在場", "手足年幼");
	struct aw_error err = { 0 };

	assert_ok(city_as(city, "reviewer", release, next, &err));
	city->policy = next;
	assert_ok(city_as(city, "reviewer", get, &d, &err));
	assert_string_equal(d.second.release, old->hash);
	assert_string_equal(d.second.reasons[2].words, "6歲以下手足在場");
	assert_false(d.second.otherwise);
	/* kept with the city, it is loaded once and tells the same */
	city->releases = aw_releases_new();
	for (int i = 0; i < 2; i++) {
		assert_ok(city_as(city, "reviewer", get, &d, &err));
		assert_string_equal(d.second.reasons[2].words, "6歲以下手足在場");
	}
	aw_releases_free(city->releases);
	city->releases = NULL;
	later = decided(city);
	assert_string_equal(later.first.release, next->hash);
	assert_string_equal(later.first.reasons[2].words, "手足年幼");
	city->policy = old;
	aw_policy_free(next);
}

AW_TESTS(CITY_TEST(facts_come_from_the_answers_and_the_people),
	CITY_TEST(what_is_kept_opens_as_it_was), CITY_TEST(a_new_run_supersedes_the_one_before),
	CITY_TEST(a_person_may_decide_otherwise_with_a_reason),
	CITY_TEST(an_old_decision_is_told_by_the_release_that_made_it))
