/* What an explanation tells whoever may see the level, and no health or sexual facts. */
#include "city/triage/fact_class.h"

#include "../citytest.h"
#include "base/json.h"
#include "city/triage/triage_view.h"
#include "page/view.h"
#include "policy/policy.h"
#include "rule/model.h"

#define RISK_ONLY                                                                                  \
	(AW_CLASS_BIT(AW_CLASS_EXISTENCE) | AW_CLASS_BIT(AW_CLASS_IDENTITY) |                      \
		AW_CLASS_BIT(AW_CLASS_NARRATIVE) | AW_CLASS_BIT(AW_CLASS_RISK))
#define EVERYTHING ((UINT32_C(1) << AW_CLASS_COUNT) - 1)

/* One case and what is varied of it. */
struct told {
	struct aw_triage_facts facts;
	uint32_t shown;
	struct aw_decision decision;
	const char *text; /* the view as JSON */
};

static enum aw_status
tell(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct told *t = arg;
	struct aw_access access = { .shown = t->shown };
	struct aw_view *view = aw_view_new(act->arena, &aw_decision_view);
	const struct aw_dmn_model *model =
		aw_policy_triage(act->policy, aw_taipei_day(act->now_ms))->model;
	json_t *json;

	if (aw_triage_run(act->arena, model, &t->facts, act->now_ms, &t->decision, err) != AW_OK)
		return err->status;
	t->decision.release = act->policy->hash;
	t->decision.made_at = act->now_ms;
	aw_view_allow(view, t->shown, "role");
	aw_decision_fill(view, act, &access, &t->decision, "zh-Hant-TW");
	json = aw_view_json(view);
	t->text = aw_json_text(act->arena, json);
	json_decref(json);
	return AW_OK;
}

/* What whoever sees the level sees in any case: levels, and who goes. */
static const char *
outcome(struct aw_arena *arena, const struct aw_decision *d)
{
	struct aw_buf buf = { .arena = arena };

	aw_buf_printf(&buf, "%s %s %s %s %d %d", d->scale, d->level, d->child_class, d->priority,
		d->may_rise, d->reference_only);
	for (size_t i = 0; i < d->explain.decision_count; i++) {
		const struct aw_explain_decision *table = &d->explain.decisions[i];

		/* of the tables that stand for levels: what they came to, and may come to */
		if (strncmp(table->id, "co_", 3) == 0 || strcmp(table->id, "lead") == 0 ||
			strcmp(table->id, "bsrs5_band") == 0 || strncmp(table->id, "vf_", 3) == 0)
			continue;
		aw_buf_printf(&buf, "|%s=%s", table->id, table->result);
		for (size_t k = 0; k < table->possible_count; k++)
			aw_buf_printf(&buf, ",%s", table->possible[k]);
	}
	for (size_t i = 0; i < d->co_count; i++)
		aw_buf_printf(&buf, "|%s", d->co_units[i].type);
	return aw_buf_z(&buf);
}

static const struct {
	const char *name;
	const char *texts[4]; /* values; flags: "true", "false" */
} hidden[] = { { "respondent_mental", { "true", "false" } }, { "pregnant", { "true", "false" } },
	{ "respondent_suicide", { "true", "false" } },
	{ "respondent_addiction", { "true", "false" } },
	{ "mental_disability", { "true", "false" } }, { "sexual_event", { "true", "false" } },
	{ "mental_open", { "true", "false" } }, { "attempt_90d", { "true", "false" } },
	{ "drug_open", { "true", "false" } }, { "disability", { "true", "false" } },
	{ "suicide_class", { "attempt", "ideation" } }, { "bsrs5", { "3", "17" } } };
static const char *const kinds[] = { "adult_ipv", "child_protection", "adult_elder",
	"adult_disability", "adult_family_other", "sexual_assault", "vulnerable_family",
	"suicide" };

static void
set(struct aw_triage_facts *facts, const char *name, const char *value)
{
	if (value == NULL)
		aw_fact_unknown(facts, name, "answer");
	else if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		aw_fact_flag(facts, name, value[0] == 't', "answer");
	else if (value[0] >= '0' && value[0] <= '9')
		aw_fact_number(facts, name, atoi(value), "answer");
	else
		aw_fact_text(facts, name, value, "answer");
}

/* What is seen of a case, drawn at random. */
static void
draw(struct aw_random *random, struct aw_triage_facts *facts)
{
	static const char *const flags[] = { "cohabiting", "weapon", "young_child_present",
		"child_in_home", "needs_doctor_now", "protection_order", "lives_alone",
		"care_need" };
	static const char *const safety[] = { "danger", "worried", "safe" };
	static const char *const injury[] = { "none", "minor", "moderate", "severe" };

	set(facts, "kind", kinds[aw_random_below(random, AW_COUNT(kinds))]);
	set(facts, "safety", safety[aw_random_below(random, 3)]);
	set(facts, "injury", injury[aw_random_below(random, 4)]);
	set(facts, "subject_sex", aw_random_below(random, 2) == 0 ? "F" : "M");
	set(facts, "respondent_sex", aw_random_below(random, 2) == 0 ? "F" : "M");
	aw_fact_number(facts, "subject_age", (int64_t)aw_random_below(random, 90), "person");
	aw_fact_number(facts, "prior_90", (int64_t)aw_random_below(random, 4), "reports");
	aw_fact_number(facts, "tipvda", (int64_t)aw_random_below(random, 15), "answer");
	for (size_t i = 0; i < AW_COUNT(flags); i++) {
		uint64_t what = aw_random_below(random, 3);

		set(facts, flags[i], what == 0 ? NULL : what == 1 ? "true" : "false");
	}
}

/* The case told twice, with one hidden fact that differs. Returns whether all else came out alike. */
static bool
told_twice(struct citytest *city, uint64_t seed, size_t h, const char *one, const char *other,
	uint32_t shown, struct told *a, struct told *b)
{
	struct told *both[] = { a, b };
	const char *values[] = { one, other };
	struct aw_error err = { 0 };

	for (int i = 0; i < 2; i++) {
		struct aw_random random;

		*both[i] = (struct told){ .facts = { .arena = &city->arena }, .shown = shown };
		aw_random_seed(&random, seed);
		draw(&random, &both[i]->facts);
		set(&both[i]->facts, hidden[h].name, values[i]);
		assert_ok(city_as(city, "screener", tell, both[i], &err));
	}
	return strcmp(outcome(&city->arena, &a->decision), outcome(&city->arena, &b->decision)) ==
	       0;
}

static void
cases_that_differ_in_hidden_facts_alone_look_alike(void **state)
{
	struct citytest *city = *state;
	size_t alike = 0, seen_by_all = 0;
	struct told a, b;

	for (uint64_t seed = 1; seed <= 60; seed++) {
		for (size_t h = 0; h < AW_COUNT(hidden); h++) {
			const char *other = seed % 3 == 0 ? NULL : hidden[h].texts[1];

			if (!told_twice(
				    city, seed, h, hidden[h].texts[0], other, RISK_ONLY, &a, &b))
				continue;
			alike++;
			if (strcmp(a.text, b.text) != 0)
				fail_msg("seed %d: %s shows through\n%s\n%s", (int)seed,
					hidden[h].name, a.text, b.text);
			(void)told_twice(
				city, seed, h, hidden[h].texts[0], other, EVERYTHING, &a, &b);
			seen_by_all += strcmp(a.text, b.text) != 0;
		}
		aw_arena_done(&city->arena);
	}
	assert_true(alike > 300);
	assert_true(
		seen_by_all > 40); /* the control: whoever may see health does see the difference */
}

static void
what_is_not_hidden_is_told_as_before(void **state)
{
	struct citytest *city = *state;
	struct told t = { .facts = { .arena = &city->arena }, .shown = EVERYTHING };
	struct aw_error err = { 0 };

	set(&t.facts, "kind", "suicide");
	set(&t.facts, "suicide_class", "attempt");
	aw_fact_number(&t.facts, "bsrs5", 17, "answer");
	assert_ok(city_as(city, "screener", tell, &t, &err));
	assert_null(strstr(t.text, "\"hidden\""));
	assert_null(strstr(t.text, "\"sealed\":true"));
	t.shown = RISK_ONLY;
	assert_ok(city_as(city, "screener", tell, &t, &err));
	assert_non_null(strstr(t.text, "\"hidden\""));
	assert_non_null(strstr(t.text, "\"sealed\":true"));
	assert_null(strstr(t.text, "\"17\""));
	t.shown = 0; /* and nothing at all where not even the level may be seen */
	assert_ok(city_as(city, "screener", tell, &t, &err));
	assert_null(strstr(t.text, "\"fired\":true"));
}

AW_TESTS(CITY_TEST(cases_that_differ_in_hidden_facts_alone_look_alike),
	CITY_TEST(what_is_not_hidden_is_told_as_before))
