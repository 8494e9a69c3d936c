/* city/triage: what is sealed with a decision, and what an older schema sealed */
#include "../../testing.h"
#include "cases.h"
#include "city/triage/outcome.h"
#include "city/triage/record.h"
#include "policy/policy.h"

static struct aw_explain_row rows[] = { { .number = 1 }, { .number = 2, .fired = true } };
static struct aw_explain_decision tables[] = { { .id = "level", .rows = rows, .row_count = 2 },
	{ .id = "lead", .rows = rows, .row_count = 1 } };

static void
facts_of_every_kind_come_back(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	struct aw_decision d = { .facts = { .arena = &a },
		.explain = { .decisions = tables, .decision_count = 2 } };
	struct aw_triage_facts facts;
	struct aw_error err = { 0 };

	(void)state;
	aw_fact_text(&d.facts, "kind", "suicide", "issue");
	aw_fact_flag(&d.facts, "weapon", false, "answer");
	aw_fact_unknown(&d.facts, "safety", "answer");
	aw_fact_number(&d.facts, "subject_age", 9, "person");
	aw_fact_between(&d.facts, "tipvda", 5, 7, "answer");
	aw_fact_add(&d.facts, "vf_factors", "vf1-1", "answer");
	aw_fact_add(&d.facts, "vf_factors", "vf5-2", "answer");
	struct aw_str text = aw_decision_record(&a, &d, "現場看過");
	AW_SCOPED(json, json_t *) record = NULL;

	assert_string_equal(text.at,
		"{\"facts\":[[\"kind\",\"issue\",\"suicide\"],[\"weapon\",\"answer\",false],"
		"[\"safety\",\"answer\"],[\"subject_age\",\"person\",9],[\"tipvda\",\"answer\",[5,"
		"7]],"
		"[\"vf_factors\",\"answer\",[[\"vf1-1\",\"vf5-2\"]]]],\"fired\":{\"level\":[2]},"
		"\"note\":\"現場看過\"}");
	assert_ok(aw_json_parse(text, "record", &record, &err));
	assert_string_equal(aw_json_compact(&a, record), text.at);
	assert_ok(aw_decision_read_facts(&a, record, &facts, &err));
	assert_int_equal(facts.count, 6);
	for (size_t i = 0; i < facts.count; i++) {
		const struct aw_fact *was = &d.facts.at[i], *is = &facts.at[i];

		assert_string_equal(is->name, was->name);
		assert_string_equal(is->source, was->source);
		assert_int_equal(is->kind, was->kind);
		assert_int_equal(is->number, was->number);
		assert_int_equal(is->most, was->most);
		assert_int_equal(is->flag, was->flag);
		assert_int_equal(is->list_count, was->list_count);
	}
	assert_string_equal(facts.at[0].text, "suicide");
	assert_string_equal(facts.at[5].list[1], "vf5-2");
}

static void
facts_of_an_older_schema_are_read(void **state)
{
	AW_SCOPE(aw_arena) a = { 0 };
	struct aw_triage_facts facts;
	struct aw_error err = { 0 };
	AW_SCOPED(json, json_t *) record = NULL;

	(void)state;
	assert_ok(aw_json_parse(
		AW_STR_LIT(
			"{\"facts\":[{\"name\":\"kind\",\"source\":\"issue\",\"text\":\"suicide\"},"
			"{\"name\":\"bsrs5\",\"source\":\"answer\",\"least\":10,\"most\":12},"
			"{\"name\":\"weapon\",\"source\":\"answer\",\"flag\":true},"
			"{\"name\":\"safety\",\"source\":\"answer\"}],\"explain\":{}}"),
		"record", &record, &err));
	assert_ok(aw_decision_read_facts(&a, record, &facts, &err));
	assert_int_equal(facts.count, 4);
	assert_int_equal(facts.at[1].most, 12);
	assert_true(facts.at[2].flag);
	assert_int_equal(facts.at[3].kind, AW_FACT_UNKNOWN);
	/* it did not say which rules fired */
	assert_true(aw_decision_fired_same(
		record, &(struct aw_explain){ .decisions = tables, .decision_count = 2 }));
}

static void
other_rules_than_then_are_seen(void **state)
{
	struct aw_explain was = { .decisions = tables, .decision_count = 2 };
	struct aw_explain_row now[] = { { .number = 1, .fired = true },
		{ .number = 2, .fired = true } };
	struct aw_explain_decision other[] = { { .id = "level", .rows = now, .row_count = 2 },
		{ .id = "lead", .rows = rows, .row_count = 2 } };
	struct aw_decision d = { .explain = was };
	AW_SCOPE(aw_arena) a = { 0 };
	AW_SCOPED(json, json_t *) record = NULL;
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_json_parse(aw_decision_record(&a, &d, NULL), "record", &record, &err));
	assert_true(aw_decision_fired_same(record, &was));
	/* one more of a table, a table that had none, and a table that is gone */
	assert_false(aw_decision_fired_same(
		record, &(struct aw_explain){ .decisions = other, .decision_count = 1 }));
	assert_false(aw_decision_fired_same(
		record, &(struct aw_explain){
				.decisions = (struct aw_explain_decision[]){ tables[0], other[1] },
				.decision_count = 2 }));
	assert_false(aw_decision_fired_same(record, &(struct aw_explain){ .decision_count = 0 }));
}

static void
what_is_no_record_is_refused(void **state)
{
	static const char *const wrong[] = { "{}", "[]", "{\"facts\":7}", "{\"facts\":[7]}",
		"{\"facts\":[[]]}", "{\"facts\":[[1,\"x\",true]]}",
		"{\"facts\":[[\"kind\",\"issue\",{}]]}", "{\"facts\":[{}]}" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(wrong); i++) {
		AW_SCOPE(aw_arena) a = { 0 };
		AW_SCOPED(json, json_t *) record = NULL;
		struct aw_triage_facts facts;
		struct aw_error err = { 0 };

		assert_ok(aw_json_parse(aw_str(wrong[i]), "record", &record, &err));
		assert_int_equal(aw_decision_read_facts(&a, record, &facts, &err), AW_CORRUPT);
	}
}

/* Written again, facts read without a tree are what they are with one. */
static void
same_facts(struct aw_arena *a, const char *text)
{
	AW_SCOPED(json, json_t *) record = NULL;
	struct aw_triage_facts quick, slow;
	struct aw_buf first = { .arena = a }, second = { .arena = a };
	struct aw_error err = { 0 };

	assert_ok(aw_record_facts(a, aw_str(text), &quick, &err));
	assert_ok(aw_json_parse(aw_str(text), "record", &record, &err));
	assert_ok(aw_decision_read_facts(a, record, &slow, &err));
	aw_record_write(&first, &quick, NULL, 0, NULL);
	aw_record_write(&second, &slow, NULL, 0, NULL);
	assert_string_equal(aw_buf_z(&first), aw_buf_z(&second));
	assert_int_equal(quick.count, slow.count);
}

static void
what_is_written_otherwise_is_read_all_the_same(void **state)
{
	static const char *const texts[] = {
		"{\"facts\":[[\"kind\",\"issue\",\"a\\\"b\"]],\"fired\":{}}",
		"{ \"facts\": [[\"kind\", null, \"suicide\"]], \"fired\": {}}",
		"{\"facts\":[[\"n\",null,-5],[\"r\",\"x\",[-2,7]],[\"u\",\"x\"]],\"fired\":{},"
		"\"note\":null}",
		"{\"facts\":[{\"name\":\"weapon\",\"source\":\"answer\",\"flag\":true}]}",
		"{\"facts\":[],\"fired\":{},\"note\":null}",
		"{\"facts\":[[\"l\",\"x\",[[\"a\",\"b\"]]]],\"fired\":{}}"
	};
	static const char *const wrong[] = { "", "{", "{\"facts\":[[\"kind\",\"issue\",\"x",
		"{\"facts\":[[\"kind\",\"issue\",{}]]}", "{\"facts\":[[7,\"issue\",true]]}",
		"{\"facts\":[[\"kind\",\"issue\",12", "{\"facts\":[[\"kind\",\"issue\",[[\"a\"]" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(texts); i++) {
		AW_SCOPE(aw_arena) a = { 0 };

		same_facts(&a, texts[i]);
	}
	for (size_t i = 0; i < AW_COUNT(wrong); i++) {
		AW_SCOPE(aw_arena) a = { 0 };
		struct aw_triage_facts facts;
		struct aw_error err = { 0 };

		assert_int_not_equal(aw_record_facts(&a, aw_str(wrong[i]), &facts, &err), AW_OK);
	}
}

/* What the compiled policy writes down of a case is what is sealed with a decision. */
static void
a_plan_writes_the_same_record_in(const char *folder, int32_t day)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_policy *policy = NULL;
	struct aw_outcomes *outcomes = NULL;
	struct aw_error err = { 0 };
	uint64_t seed = 1101206;

	assert_ok(aw_policy_load_dir(aw_arena_printf(&arena, "%s/policy/%s", source_dir(), folder),
		NULL, &policy, &err));
	const struct aw_dmn_model *model = aw_policy_triage(policy, day)->model;

	assert_ok(aw_outcomes_new(model, &outcomes, &err));
	for (int n = 0; n < 30; n++) {
		AW_SCOPE(aw_arena) a = { 0 };
		struct aw_triage_facts facts = case_facts(&a, model, &seed);
		struct aw_buf out = { .arena = &a };
		struct aw_decision decision;
		struct aw_outcome outcome;

		assert_ok(aw_outcomes_decide(outcomes, &a, &facts, 1, &outcome, &err));
		assert_true(aw_outcomes_record(outcomes, &facts, &out));
		assert_ok(aw_triage_run(&a, model, &facts, 1, &decision, &err));
		assert_string_equal(aw_buf_z(&out), aw_decision_record(&a, &decision, NULL).at);
		same_facts(&a, aw_buf_z(&out));
		assert_string_equal(outcome.kind, decision.kind);
		assert_true(aw_text_eq(outcome.level, decision.level));
		assert_string_equal(outcome.lead, decision.lead.type);
	}
	aw_outcomes_free(outcomes);
	aw_policy_free(policy);
}

static void
a_plan_writes_the_same_record(void **state)
{
	static const char *const cities[] = { "keelung", "kaohsiung", "new-taipei" };
	int32_t day = aw_day_of_date((struct aw_date){ 2021, 12, 6 });

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cities); i++)
		a_plan_writes_the_same_record_in(cities[i], day);
}

AW_TESTS(cmocka_unit_test(what_is_written_otherwise_is_read_all_the_same),
	cmocka_unit_test(a_plan_writes_the_same_record),
	cmocka_unit_test(facts_of_every_kind_come_back),
	cmocka_unit_test(facts_of_an_older_schema_are_read),
	cmocka_unit_test(other_rules_than_then_are_seen),
	cmocka_unit_test(what_is_no_record_is_refused))
