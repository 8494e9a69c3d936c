/* city/indicator: decisions of a year by who they are about, small counts hidden */
#include "../citytest.h"

#include "city/indicator/fairness.h"

static void
partner_report(struct citytest *city, const char *sex, int age, int tipvda)
{
	(void)city_report(
		city, aw_arena_printf(&city->arena,
			      "{\"kind\":\"adult_ipv\",\"channel\":\"police\","
			      "\"incident\":{\"address\":\"基隆市中山區示範路1號\",\"narrative\":"
			      "\"示範\"},"
			      "\"persons\":[{\"role\":\"victim\",\"name\":\"測試甲\",\"age\":%d%s},"
			      "{\"role\":\"respondent\",\"name\":\"測試乙\",\"relation\":"
			      "\"spouse\"}],\"answers\":{\"tipvda\":%d}}",
			      age, sex, tipvda));
}

struct counting {
	struct aw_period year;
	enum aw_fair_by by;
	enum aw_fair_of of;
	struct aw_fairness fairness;
};

static enum aw_status
count(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct counting *c = arg;

	return aw_fairness_count(act, c->year, c->by, c->of, &c->fairness, err);
}

static struct aw_fairness
counted(struct citytest *city, const char *year, enum aw_fair_by by, enum aw_fair_of of)
{
	struct counting c = { .by = by, .of = of };
	struct aw_error err = { 0 };

	assert_ok(aw_period_read(aw_str(year), &c.year, &err));
	assert_ok(city_as(city, "reviewer", count, &c, &err));
	return c.fairness;
}

static const struct aw_fair_group *
group(const struct aw_fairness *f, const char *code)
{
	for (size_t i = 0; i < f->group_count; i++) {
		if (strcmp(f->groups[i].code, code) == 0)
			return &f->groups[i];
	}
	fail_msg("there is no group \"%s\"", code);
	return NULL;
}

static size_t
column(const struct aw_fairness *f, const char *code)
{
	for (size_t i = 0; i < f->column_count; i++) {
		if (strcmp(f->columns[i], code) == 0)
			return i;
	}
	fail_msg("there is no column \"%s\"", code);
	return 0;
}

/* 12 women (6 of them gravely), 9 men (8 gravely, one not): the one is hidden, and what tells of him. */
static void
one_who_stands_alone_is_not_told(void **state)
{
	struct citytest *city = *state;
	struct aw_fairness f;
	size_t gravest;

	for (int i = 0; i < 12; i++)
		partner_report(city, ",\"sex\":\"F\"", 34, i < 6 ? 12 : 2);
	for (int i = 0; i < 9; i++)
		partner_report(city, ",\"sex\":\"M\"", 40, i < 8 ? 12 : 2);
	f = counted(city, "110", AW_FAIR_SEX, AW_FAIR_LEVEL);
	assert_int_equal(f.total, 21);
	assert_int_equal(f.least, 5);
	gravest = column(&f, "1");
	assert_int_equal(f.column_totals[gravest], 14);
	assert_int_equal(group(&f, "F")->total, 12);
	assert_int_equal(group(&f, "M")->total, 9);
	assert_int_equal(group(&f, "")->total, 0);
	assert_true(f.any_hidden);
	/* four counts that tell each other: none is shown */
	for (size_t k = 0; k < f.column_count; k++) {
		if (f.column_totals[k] == 0)
			continue;
		assert_true(group(&f, "F")->hidden[k]);
		assert_true(group(&f, "M")->hidden[k]);
	}
	/* by age nobody stands alone: 30 to 49 all of them */
	f = counted(city, "110", AW_FAIR_AGE, AW_FAIR_LEVEL);
	assert_false(f.any_hidden);
	assert_int_equal(group(&f, "30")->total, 21);
	assert_int_equal(group(&f, "30")->cells[gravest], 14);
	assert_string_equal(group(&f, "30")->label.en, "30 to 49");
	f = counted(city, "110", AW_FAIR_DISTRICT, AW_FAIR_UNIT);
	assert_int_equal(group(&f, "10017050")->total, 21);
	assert_int_equal(f.column_count, 1);
	assert_string_equal(f.columns[0], "dv_adult");
	f = counted(city, "109", AW_FAIR_SEX, AW_FAIR_LEVEL);
	assert_int_equal(f.total, 0);
}

static void
groups_of_few_are_put_together(void **state)
{
	struct citytest *city = *state;
	struct aw_fairness f;

	for (int i = 0; i < 7; i++)
		partner_report(city, ",\"sex\":\"F\"", 34, 12);
	for (int i = 0; i < 2; i++)
		partner_report(city, ",\"sex\":\"M\"", 40, 12);
	partner_report(city, "", 40, 12);
	f = counted(city, "110", AW_FAIR_SEX, AW_FAIR_LEVEL);
	assert_int_equal(f.group_count, 1); /* 2 men and 1 unknown are 3: the women join them */
	assert_string_equal(f.groups[0].code, "*");
	assert_int_equal(f.groups[0].total, 10);
}

static void
too_few_in_all_are_not_told(void **state)
{
	struct citytest *city = *state;
	struct aw_fairness f;

	partner_report(city, ",\"sex\":\"F\"", 34, 12);
	f = counted(city, "110", AW_FAIR_SEX, AW_FAIR_LEVEL);
	assert_int_equal(f.total, 0);
	assert_int_equal(f.group_count, 0);
}

AW_TESTS(CITY_TEST(one_who_stands_alone_is_not_told), CITY_TEST(groups_of_few_are_put_together),
	CITY_TEST(too_few_in_all_are_not_told))
