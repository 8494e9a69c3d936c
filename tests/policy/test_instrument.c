/* tests/policy/instrument - what answers come to, and what is open while some are missing */
#include "../testing.h"

#include "policy/instrument.h"

struct bench {
	struct aw_policy *policy;
	struct aw_arena arena;
};

static void
set_up(struct bench *b, const char *city)
{
	struct aw_error err = { 0 };

	*b = (struct bench){ 0 };
	assert_ok(aw_policy_load_dir(aw_arena_printf(&b->arena, "%s/policy/%s", source_dir(), city),
		NULL, &b->policy, &err));
}

static void
tear_down(struct bench *b)
{
	aw_policy_free(b->policy);
	aw_arena_done(&b->arena);
}

static struct aw_score
score(const struct bench *b, const char *code, const char *answers, bool *ret_any)
{
	const struct aw_instrument *instrument = aw_policy_instrument(
		b->policy, code, aw_day_of_date((struct aw_date){ 2021, 12, 6 }));
	struct aw_error err = { 0 };
	struct aw_score ret;
	json_t *json = NULL;

	assert_non_null(instrument);
	assert_ok(aw_json_parse(aw_str(answers), "answers", &json, &err));
	*ret_any = aw_instrument_score(instrument, json, &ret);
	json_decref(json);
	return ret;
}

static void
tipvda_counts_yes_and_leaves_open_what_is_open(void **state)
{
	static const struct {
		const char *answers;
		int64_t least, most;
		const char *lightest, *gravest;
		size_t answered;
	} cases[] = {
		{ "{}", 0, 15, "potential", "high", 0 },
		{ "{\"1\":true,\"2\":\"na\",\"3\":\"na\",\"4\":false}", 1, 12, "potential", "high",
			4 },
		{ "{\"1\":true,\"2\":true,\"3\":true,\"4\":true,\"5\":true,\"6\":true,\"7\":null,"
		  "\"8\":false,\"9\":false,\"10\":false,\"11\":false,\"12\":false,\"13\":false,"
		  "\"14\":false,\"15\":false}",
			6, 7, "attention", "attention", 14 },
		{ "{\"1\":true,\"2\":true,\"3\":true,\"4\":true,\"5\":true,\"6\":true,\"7\":true,"
		  "\"8\":true}",
			8, 15, "high", "high", 8 },
		{ "9", 9, 9, "high", "high", 15 },
	};
	struct bench b;
	bool any;

	(void)state;
	set_up(&b, "keelung");
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		struct aw_score got = score(&b, "tipvda", cases[i].answers, &any);

		assert_int_equal(got.least, cases[i].least);
		assert_int_equal(got.most, cases[i].most);
		assert_string_equal(got.lightest->code, cases[i].lightest);
		assert_string_equal(got.gravest->code, cases[i].gravest);
		assert_int_equal(got.answered, cases[i].answered);
		assert_int_equal(got.items, 15);
		assert_int_equal(any, cases[i].answered > 0);
		assert_null(got.conclusion);
	}
	tear_down(&b);
}

/* The suicide item is not summed; two or more refers whatever the sum is. */
static void
the_suicide_item_stands_alone(void **state)
{
	static const char full[] = "{\"sleep\":1,\"tense\":1,\"irritable\":1,\"low\":1,"
				   "\"inferior\":0,\"suicide\":%d}";
	struct bench b;
	struct aw_score got;
	bool any;

	(void)state;
	set_up(&b, "keelung");
	for (int n = 0; n <= 4; n++) {
		got = score(&b, "bsrs5", aw_arena_printf(&b.arena, full, n), &any);
		assert_int_equal(got.least, 4);
		assert_int_equal(got.most, 4);
		assert_string_equal(got.gravest->code, "normal");
		assert_int_equal(got.alone, n >= 2);
		assert_false(got.may_alone);
	}
	got = score(&b, "bsrs5", "{\"sleep\":4,\"tense\":4,\"irritable\":4}", &any);
	assert_int_equal(got.least, 12);
	assert_int_equal(got.most, 20);
	assert_string_equal(got.lightest->code, "moderate");
	assert_string_equal(got.gravest->code, "severe");
	assert_false(got.alone);
	assert_true(got.may_alone);
	tear_down(&b);
}

static void
a_safety_assessment_comes_to_what_a_person_decides(void **state)
{
	struct bench b;
	struct aw_score got;
	bool any;

	(void)state;
	set_up(&b, "keelung");
	got = score(&b, "child_safety", "{\"d1\":true,\"d2\":\"na\",\"capacity\":false}", &any);
	assert_true(any);
	assert_int_equal(got.answered, 3);
	assert_int_equal(got.most, 0);
	assert_null(got.conclusion);
	assert_null(got.gravest);
	got = score(&b, "child_safety", "{\"decision\":\"unsafe\"}", &any);
	assert_string_equal(got.conclusion->code, "unsafe");
	got = score(&b, "child_safety", "{\"decision\":\"no_such\"}", &any);
	assert_false(any);
	assert_null(got.conclusion);
	tear_down(&b);
}

static void
tipvda_is_for_women_harmed_by_men(void **state)
{
	static const struct {
		const char *subject, *respondent;
		enum aw_applies applies;
	} cases[] = {
		{ "F", "M", AW_APPLIES_YES },
		{ "F", NULL, AW_APPLIES_UNKNOWN },
		{ NULL, "M", AW_APPLIES_UNKNOWN },
		{ "M", NULL, AW_APPLIES_NO },
		{ NULL, "F", AW_APPLIES_NO },
		{ "M", "F", AW_APPLIES_NO },
		{ "F", "F", AW_APPLIES_NO },
	};
	const struct aw_instrument *tipvda, *bsrs5;
	struct bench b;
	int32_t day = aw_day_of_date((struct aw_date){ 2021, 12, 6 });

	(void)state;
	set_up(&b, "keelung");
	tipvda = aw_policy_instrument(b.policy, "tipvda", day);
	bsrs5 = aw_policy_instrument(b.policy, "bsrs5", day);
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		assert_int_equal(
			aw_instrument_applies(tipvda, cases[i].subject, cases[i].respondent),
			cases[i].applies);
		assert_int_equal(
			aw_instrument_applies(bsrs5, cases[i].subject, cases[i].respondent),
			AW_APPLIES_YES);
	}
	tear_down(&b);
}

static void
count_degrees(const struct bench *b, struct aw_date date, size_t counts[3])
{
	static const char *const degrees[] = { "high", "middle", "low" };
	int32_t day = aw_day_of_date(date);

	for (size_t d = 0; d < 3; d++) {
		counts[d] = 0;
		for (size_t i = 0; i < b->policy->factor_count; i++)
			counts[d] += aw_valid_on(&b->policy->factors[i].valid, day) &&
				     strcmp(b->policy->factors[i].degree, degrees[d]) == 0;
	}
}

/* As published: 7, 7, 2 from 107-11; 5, 10, 1 from 114-07-01. */
static void
the_factors_have_two_versions_with_their_sums(void **state)
{
	struct bench b;
	size_t counts[3];

	(void)state;
	set_up(&b, "keelung");
	assert_int_equal(b.policy->dimension_count, 6);
	count_degrees(&b, (struct aw_date){ 2025, 6, 30 }, counts);
	assert_int_equal(counts[0], 7);
	assert_int_equal(counts[1], 7);
	assert_int_equal(counts[2], 2);
	count_degrees(&b, (struct aw_date){ 2025, 7, 1 }, counts);
	assert_int_equal(counts[0], 5);
	assert_int_equal(counts[1], 10);
	assert_int_equal(counts[2], 1);
	assert_null(aw_policy_factor(
		b.policy, "VF4-4", aw_day_of_date((struct aw_date){ 2025, 6, 30 })));
	tear_down(&b);
}

static void
the_consultation_form_has_eight_groups(void **state)
{
	const struct aw_question *question;
	struct bench b;

	(void)state;
	set_up(&b, "new-taipei");
	question = aw_kind_question(aw_policy_kind(b.policy, "event_consult"), "consult_groups");
	assert_int_equal(question->choice_count, 8);
	tear_down(&b);
}

AW_TESTS(cmocka_unit_test(tipvda_counts_yes_and_leaves_open_what_is_open),
	cmocka_unit_test(the_suicide_item_stands_alone),
	cmocka_unit_test(a_safety_assessment_comes_to_what_a_person_decides),
	cmocka_unit_test(tipvda_is_for_women_harmed_by_men),
	cmocka_unit_test(the_factors_have_two_versions_with_their_sums),
	cmocka_unit_test(the_consultation_form_has_eight_groups))
