/* city/triage: decisions that people changed, by the rules that made them */
#include "../citytest.h"

#include "city/triage/override.h"
#include "city/triage/triage.h"

/* A change of the decision that stands for a report. */
struct changing {
	const char *number, *level, *reason;
};

static enum aw_status
change(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct changing *c = arg;
	struct aw_triage_change change = { .level = c->level };
	struct aw_decision decision, made;
	struct aw_report report;
	bool found;

	if (aw_report_by_number(act, c->number, AW_REPORT_PLAIN, &report, err) != AW_OK ||
		aw_triage_get(act, report.id, &decision, &found, err) != AW_OK)
		return err->status;
	return aw_triage_override(act, decision.id, &change, c->reason, "現場看過", &made, err);
}

struct counting {
	struct aw_period period;
	const char *table;
	int64_t rule;
	struct aw_overrides overrides;
};

static enum aw_status
count(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct counting *c = arg;

	return aw_triage_overrides(act, c->period, c->table, c->rule, &c->overrides, err);
}

static struct counting
counted(struct citytest *city, const char *table, int64_t rule)
{
	struct counting c = { .table = table, .rule = rule };
	struct aw_error err = { 0 };

	assert_ok(aw_period_read(AW_STR_LIT("110"), &c.period, &err));
	assert_ok(city_as(city, "reviewer", count, &c, &err));
	return c;
}

/* The rule of the table that decided most; NULL: none decided. */
static const struct aw_rule_tally *
tally(const struct counting *c, const char *table)
{
	const struct aw_rule_tally *most = NULL;

	for (size_t i = 0; i < c->overrides.rule_count; i++) {
		const struct aw_rule_tally *t = &c->overrides.rules[i];

		if (strcmp(t->table, table) == 0 && (most == NULL || t->decided > most->decided))
			most = t;
	}
	return most;
}

static void
a_changed_level_counts_for_the_rule_that_gave_it(void **state)
{
	struct citytest *city = *state;
	struct changing changing = { .level = "high",
		.reason = city->policy->reasons[AW_REASONS_EDIT][0].code };
	struct aw_error err = { 0 };
	struct counting c;

	(void)city_partner_report(city, 2);
	changing.number = city_partner_report(city, 3);
	c = counted(city, NULL, 0);
	assert_int_equal(c.overrides.decisions, 2);
	assert_int_equal(c.overrides.changed, 0);
	assert_int_equal(c.overrides.otherwise, 0);
	assert_int_equal(tally(&c, "tipvda")->decided, 2);
	assert_int_equal(tally(&c, "tipvda")->changed, 0);
	assert_int_equal(tally(&c, "lead")->decided, 2);
	assert_null(tally(&c, "suicide")); /* asked too, but nothing came from it */

	assert_ok(city_as(city, "screener", change, &changing, &err));
	c = counted(city, "tipvda", tally(&c, "tipvda")->rule);
	assert_int_equal(c.overrides.decisions, 2);
	assert_int_equal(c.overrides.changed, 1);
	assert_int_equal(tally(&c, "tipvda")->decided, 2);
	assert_int_equal(tally(&c, "tipvda")->changed, 1);
	assert_int_equal(tally(&c, "lead")->changed, 0); /* the unit stands */
	assert_int_equal(c.overrides.case_count, 1);
	assert_string_equal(c.overrides.cases[0].number, changing.number);
	assert_string_equal(c.overrides.cases[0].now, "high");
	assert_string_not_equal(c.overrides.cases[0].before, "high");
	assert_string_equal(c.overrides.cases[0].reason, changing.reason);
}

static void
what_other_tables_decide_otherwise_counts_for_no_rule(void **state)
{
	struct citytest *city = *state;
	struct aw_policy *old = city->policy;
	struct counting c;

	(void)city_partner_report(city, 8);
	city->policy = city_draft(city, "triage.dmn", "&gt;= 8</text>", "&gt;= 9</text>");
	c = counted(city, NULL, 0);
	assert_int_equal(c.overrides.decisions, 1);
	assert_int_equal(c.overrides.otherwise, 1);
	assert_int_equal(c.overrides.rule_count, 0);
	aw_policy_free(city->policy);
	city->policy = old;
}

AW_TESTS(CITY_TEST(a_changed_level_counts_for_the_rule_that_gave_it),
	CITY_TEST(what_other_tables_decide_otherwise_counts_for_no_rule))
