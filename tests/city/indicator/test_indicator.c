/* The definitions of Keelung's indicators, event by event. */
#include "facts.h"

#define assert_counts(facts, code, period, num, den)                                               \
	do {                                                                                       \
		struct aw_indicator_result result_ = count_of(facts, code, period);                \
		if (result_.sum.numerator != (num) || result_.sum.denominator != (den))            \
			fail_msg("%s in %s is %lld/%lld, not %d/%d", code, period,                 \
				(long long)result_.sum.numerator,                                  \
				(long long)result_.sum.denominator, num, den);                     \
	} while (0)

/* -- the one-more-report table --------------------------------------------------------------- */

static const char *const codes[] = { "P1-S2-1", "P1-S2-2", "P1-S2-4", "P1-S2-5" };

/* What one more report adds to numerator and denominator of each, in 109. */
struct one_more {
	const char *name;
	struct fact fact;
	int days_since_closing; /* of the person's earlier case; 0 = none */
	bool twice;		/* the second time as a duplicate, which is the one that counts */
	int adds[4][2];
};

static void
add_one(struct facts *facts, void *arg)
{
	const struct one_more *one = arg;
	struct fact fact = one->fact;

	if (one->days_since_closing != 0) {
		int64_t closed = fact.received_at - one->days_since_closing * AW_DAY_MS;
		fact.person = fact_person(facts);
		(void)fact_case(
			facts, "adult_ipv", fact.person, 0, closed - 90 * AW_DAY_MS, closed);
	}
	(void)fact_report(facts, &fact);
}

static void
add_duplicate(struct facts *facts, void *arg)
{
	const struct one_more *one = arg;
	struct fact fact = one->fact;

	fact.result = "duplicate";
	fact.outcome = "";
	(void)fact_report(facts, &fact);
}

static void
add_background(struct facts *facts, void *arg)
{
	static const char *const kinds[] = { "adult_ipv", "child_protection", "vulnerable_family",
		"sexual_assault", "adult_elder" };

	(void)arg;
	for (size_t i = 0; i < 40; i++)
		(void)fact_report(facts,
			&(struct fact){ .kind = kinds[i % AW_COUNT(kinds)],
				.received_at = at(2020, 1, 5, 8) + (int64_t)i * 8 * AW_DAY_MS,
				.outcome = i % 3 == 0 ? "N" : "Y" });
}

static void
one_more_report_moves_what_the_table_says(void **state)
{
	const int64_t spring = at(2020, 3, 1, 9);
	const struct one_more table[] = {
		{ "adult_ipv, 1 victim", { .kind = "adult_ipv", .received_at = spring }, 0, false,
			{ { 0, 0 }, { 0, 1 }, { 0, 0 }, { 1, 1 } } },
		{ "child_protection, 2 children",
			{ .kind = "child_protection", .received_at = spring, .subjects = 2 }, 0,
			false, { { 1, 1 }, { 0, 2 }, { 2, 2 }, { 0, 0 } } },
		{ "vulnerable_family", { .kind = "vulnerable_family", .received_at = spring }, 0,
			false, { { 1, 1 }, { 0, 0 }, { 0, 0 }, { 0, 0 } } },
		{ "sexual_assault", { .kind = "sexual_assault", .received_at = spring }, 0, false,
			{ { 0, 0 }, { 0, 1 }, { 0, 0 }, { 0, 0 } } },
		{ "same incident twice", { .kind = "adult_ipv", .received_at = spring }, 0, true,
			{ { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 } } },
		{ "adult_ipv on a person closed 100 days ago",
			{ .kind = "adult_ipv", .received_at = spring }, 100, false,
			{ { 0, 0 }, { 1, 1 }, { 0, 0 }, { 1, 1 } } },
	};
	struct facts *facts = *state;

	facts_write(facts, add_background, NULL);
	for (size_t i = 0; i < AW_COUNT(table); i++) {
		struct one_more one = table[i];
		struct aw_indicator_result before[4];

		if (one.twice)
			facts_write(facts, add_one, &one);
		for (size_t k = 0; k < AW_COUNT(codes); k++)
			before[k] = count_of(facts, codes[k], "109");
		facts_write(facts, one.twice ? add_duplicate : add_one, &one);
		for (size_t k = 0; k < AW_COUNT(codes); k++) {
			struct aw_indicator_result after = count_of(facts, codes[k], "109");
			int64_t num = after.sum.numerator - before[k].sum.numerator;
			int64_t den = after.sum.denominator - before[k].sum.denominator;
			if (num != one.adds[k][0] || den != one.adds[k][1])
				fail_msg("%s: %s moved by %lld/%lld", one.name, codes[k],
					(long long)num, (long long)den);
		}
	}
}

static void
one_more_report_of_110_moves_phase_two_alone(void **state)
{
	struct facts *facts = *state;
	const int64_t march = at(2021, 3, 1, 9);
	struct one_more ones[] = {
		{ "adult_ipv", { .kind = "adult_ipv", .received_at = march }, 0, false, { { 0 } } },
		{ "child", { .kind = "child_protection", .received_at = march, .subjects = 2 }, 0,
			false, { { 0 } } },
		{ "vulnerable", { .kind = "vulnerable_family", .received_at = march }, 0, false,
			{ { 0 } } },
		{ "closed", { .kind = "adult_ipv", .received_at = march }, 100, false, { { 0 } } },
	};

	facts_write(facts, add_background, NULL);
	for (size_t i = 0; i < AW_COUNT(ones); i++)
		facts_write(facts, add_one, &ones[i]);
	assert_counts(facts, "P2-S2-1", "110H1", 1, 4);
	assert_counts(facts, "P1-S2-1", "109", 16, 16);
	assert_counts(facts, "P1-S2-2", "109", 0, 32);
}

/* -- P1-S2-1 --------------------------------------------------------------------------------- */

static void
add_clocks(struct facts *facts, void *arg)
{
	struct fact fact = { .kind = "child_protection", .received_at = at(2020, 5, 1, 23) };

	(void)arg;
	fact.sent_after = AW_DAY_MS; /* to the millisecond: in time */
	(void)fact_report(facts, &fact);
	fact.sent_after = AW_DAY_MS + 1; /* late */
	(void)fact_report(facts, &fact);
	fact.sent_after = -1; /* never */
	(void)fact_report(facts, &fact);
	fact.sent_after = 0;
	fact.result = "mistaken"; /* in neither */
	(void)fact_report(facts, &fact);
	fact.result = NULL;
	fact.kind = "adult_elder"; /* not of this indicator, but its second issue is */
	fact.second_kind = "vulnerable_family";
	(void)fact_report(facts, &fact);
	fact.kind = "child_protection"; /* both kinds, three children: one report */
	fact.subjects = 3;
	(void)fact_report(facts, &fact);
}

static void
the_clock_of_24_hours_is_exact_and_reports_count_once(void **state)
{
	struct facts *facts = *state;
	struct aw_indicator_result result;

	facts_write(facts, add_clocks, NULL);
	result = count_of(facts, "P1-S2-1", "109");
	assert_int_equal(result.sum.numerator, 3);
	assert_int_equal(result.sum.denominator, 5);
	assert_int_equal(result.rows[0].value.v, AW_DAY_MS);
	assert_false(result.rows[2].value.known);
	assert_string_equal(result.rows[3].kind, "vulnerable_family");
	assert_string_equal(result.rows[4].kind, "child_protection");
	assert_counts(facts, "P1-S2-1", "109-05", 3, 5);
	assert_counts(facts, "P1-S2-1", "109-06", 0, 0);
}

/* -- P1-S2-2 --------------------------------------------------------------------------------- */

/* An issue on 109-12-31 of a person whose protective case closed that many days before. */
struct closing {
	const char *kind; /* of the case */
	int days;
	bool open_too; /* another protective case is open */
	bool unlinked;
};

static void
add_closing(struct facts *facts, void *arg)
{
	const struct closing *closing = arg;
	int64_t person = fact_person(facts), received = at(2020, 12, 31, 12);
	int64_t closed = received - closing->days * AW_DAY_MS - AW_HOUR_MS;

	(void)fact_case(facts, closing->kind, person, 0, closed - 30 * AW_DAY_MS, closed);
	if (closing->open_too)
		(void)fact_case(facts, "adult_elder", person, 0, received - AW_DAY_MS, 0);
	(void)fact_report(facts, &(struct fact){ .kind = "adult_ipv",
					 .received_at = received,
					 .person = person,
					 .unlinked = closing->unlinked });
}

static void
a_re_report_needs_a_closing_within_365_days_and_no_open_case(void **state)
{
	static const struct {
		struct closing closing;
		int numerator;
	} cases[] = {
		{ { "adult_ipv", 365, false, false }, 1 },
		{ { "adult_ipv", 366, false, false }, 0 },
		{ { "child_protection", 0, false, false }, 1 }, /* the closing day itself */
		{ { "vulnerable_family", 10, false, false }, 0 },
		{ { "adult_ipv", 10, true, false }, 0 }, /* news of the open case */
		{ { "adult_ipv", 10, false, true }, 0 }, /* nobody confirmed who it is */
	};
	struct facts *facts = *state;

	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		int64_t before = count_of(facts, "P1-S2-2", "109").sum.numerator;
		struct closing closing = cases[i].closing;
		facts_write(facts, add_closing, &closing);
		assert_int_equal(count_of(facts, "P1-S2-2", "109").sum.numerator - before,
			cases[i].numerator);
		assert_int_equal(count_of(facts, "P1-S2-2", "109").sum.denominator, i + 1);
	}
}

static void
a_re_report_names_the_case_it_follows_and_how_long_after(void **state)
{
	struct facts *facts = *state;
	struct closing closing = { "adult_ipv", 118, false, false };
	struct aw_indicator_result result;

	facts_write(facts, add_closing, &closing);
	result = count_of(facts, "P2-S2-1", "109");
	assert_int_equal(result.row_count, 1);
	assert_int_equal(result.rows[0].value.v, 118);
	assert_non_null(result.rows[0].prior);
	assert_int_equal(result.rows[0].prior[0], 'S');
	assert_string_equal(result.rows[0].unit, "dv_adult");
}

static void
add_earlier_issue(struct facts *facts, void *arg)
{
	int64_t person = fact_report(
		facts, &(struct fact){ .kind = "adult_ipv", .received_at = at(2020, 9, 1, 9) });

	(void)arg;
	(void)fact_report(facts,
		&(struct fact){
			.kind = "adult_ipv", .received_at = at(2021, 2, 1, 9), .person = person });
}

static void
the_draft_counts_an_earlier_report_that_was_never_closed(void **state)
{
	struct facts *facts = *state;
	struct count draft = {
		.facts = facts, .code = "P2-S2-1", .version = "draft", .period = "110H1"
	};
	struct aw_error err = { 0 };

	facts_write(facts, add_earlier_issue, NULL);
	assert_counts(facts, "P2-S2-1", "110H1", 0, 1);
	assert_ok(aw_db_read(facts->db.db, count_in, &draft, &err));
	assert_int_equal(draft.result.sum.numerator, 1);
	assert_int_equal(draft.result.sum.denominator, 1);
}

/* -- P1-S2-4, P1-S2-5 ------------------------------------------------------------------------ */

static void
add_child_twice(struct facts *facts, void *arg)
{
	struct fact fact = { .kind = "child_protection", .received_at = at(2020, 2, 1, 9) };

	(void)arg;
	fact.outcome = "N";
	fact.person = fact_report(facts, &fact);
	fact.received_at += 30 * AW_DAY_MS;
	fact.outcome = "Y";
	(void)fact_report(facts, &fact);
	fact.received_at += 30 * AW_DAY_MS;
	(void)fact_report(facts, &fact);
	fact.person = 0;
	fact.outcome = "S"; /* short service and search are not opening */
	(void)fact_report(facts, &fact);
	fact.outcome = "M";
	(void)fact_report(facts, &fact);
}

static void
a_child_reported_three_times_is_three_issues_and_one_child(void **state)
{
	struct facts *facts = *state;
	struct aw_indicator_group *groups = NULL;
	struct aw_indicator_result result;
	size_t count = 0;
	int64_t sum = 0;

	facts_write(facts, add_child_twice, NULL);
	result = count_of(facts, "P1-S2-4", "109");
	assert_int_equal(result.sum.numerator, 1);
	assert_int_equal(result.sum.denominator, 5);
	aw_indicator_group(facts->policy, &facts->arena, &result, AW_BY_MONTH, &groups, &count);
	assert_int_equal(count, 12);
	for (size_t i = 0; i < count; i++)
		sum += groups[i].sum.numerator;
	assert_int_equal(sum, 1);
	assert_string_equal(groups[2].key, "2020-03"); /* the first issue decided Y carries it */
	assert_int_equal(groups[2].sum.numerator, 1);
}

static void
add_joined(struct facts *facts, void *arg)
{
	int64_t person = fact_person(facts), other = fact_person(facts);
	int64_t open = fact_case(facts, "adult_ipv", person, 0, at(2020, 1, 1, 9), 0);
	struct fact fact = { .kind = "adult_ipv",
		.received_at = at(2020, 6, 1, 9),
		.person = person,
		.outcome = "",
		.joined_case = open };

	(void)arg;
	(void)fact_report(facts, &fact); /* their own open case: as opened */
	fact.person = other;
	(void)fact_report(facts, &fact); /* somebody else's: not */
}

static void
joining_ones_own_open_case_counts_as_opened(void **state)
{
	struct facts *facts = *state;

	facts_write(facts, add_joined, NULL);
	assert_counts(facts, "P1-S2-5", "109", 1, 2);
}

static void
add_late_decision(struct facts *facts, void *arg)
{
	(void)arg;
	/* decided ten days after receipt: on 110-01-10 */
	(void)fact_report(
		facts, &(struct fact){ .kind = "adult_ipv", .received_at = at(2020, 12, 31, 9) });
}

static void
what_happened_after_as_of_has_not_happened(void **state)
{
	struct facts *facts = *state;
	struct count count = {
		.facts = facts, .code = "P1-S2-5", .period = "109", .as_of = "2021-01-09"
	};
	struct aw_error err = { 0 };

	facts_write(facts, add_late_decision, NULL);
	assert_counts(facts, "P1-S2-5", "109", 1, 1); /* 31 days after the year */
	assert_ok(aw_db_read(facts->db.db, count_in, &count, &err));
	assert_int_equal(count.result.sum.numerator, 0);
	assert_int_equal(count.result.sum.denominator, 1);
	count.as_of = "2021-01-10";
	assert_ok(aw_db_read(facts->db.db, count_in, &count, &err));
	assert_int_equal(count.result.sum.numerator, 1);
	count.as_of = "2020-12-30"; /* before it was screened: nothing is valid yet */
	assert_ok(aw_db_read(facts->db.db, count_in, &count, &err));
	assert_int_equal(count.result.sum.denominator, 0);
	assert_false(count.result.sum.value.known);
}

/* -- P2-S1-1 --------------------------------------------------------------------------------- */

/* A vulnerable-family case and one issue about a member. */
struct family {
	int64_t opened, closed, reported; /* closed 0 = open; reported 0 = not */
	const char *kind;
	int64_t left; /* when the reported member left; 0 = never */
	int numerator, denominator;
};

static void
add_family(struct facts *facts, void *arg)
{
	const struct family *family = arg;
	struct aw_error err = { 0 };
	int64_t head = fact_person(facts), member = fact_person(facts), frame = fact_id(facts);

	assert_ok(sql_fact_family_case(facts->tx,
		&(struct sql_fact_family_case_in){
			.id = frame, .number = fact_number(facts, "F", frame) },
		&err));
	assert_ok(sql_fact_family_member(facts->tx,
		&(struct sql_fact_family_member_in){ .family_case = frame,
			.person = member,
			.to_at = family->left == 0 ? AW_UNKNOWN : AW_KNOWN(family->left) },
		&err));
	(void)fact_case(facts, "vulnerable_family", head, frame, family->opened, family->closed);
	if (family->reported != 0)
		(void)fact_report(facts, &(struct fact){ .kind = family->kind,
						 .received_at = family->reported,
						 .person = member });
}

static void
a_family_counts_from_its_three_month_day_to_its_closing(void **state)
{
	const struct family families[] = {
		/* opened 109-11-30: three months later is 110-02-28, the month's last day */
		{ at(2020, 11, 30, 9), 0, at(2021, 2, 28, 9), "child_protection", 0, 1, 1 },
		{ at(2020, 11, 30, 9), 0, at(2021, 2, 27, 9), "child_protection", 0, 0, 1 },
		{ at(2020, 11, 30, 9), 0, at(2021, 3, 1, 9), "vulnerable_family", 0, 0, 1 },
		{ at(2020, 11, 30, 9), 0, at(2021, 7, 1, 9), "child_protection", 0, 0, 1 },
		/* left before the report; left after it */
		{ at(2020, 1, 5, 9), 0, at(2021, 3, 1, 9), "adult_ipv", at(2021, 2, 1, 9), 0, 1 },
		{ at(2020, 1, 5, 9), 0, at(2021, 3, 1, 9), "adult_ipv", at(2021, 4, 1, 9), 1, 1 },
		/* closed in the period stays in; what comes after closing does not count */
		{ at(2020, 1, 5, 9), at(2021, 1, 1, 12), at(2021, 3, 1, 9), "adult_ipv", 0, 0, 1 },
		{ at(2020, 1, 5, 9), at(2021, 4, 1, 12), at(2021, 3, 1, 9), "adult_ipv", 0, 1, 1 },
		/* closed before the period, before its three months, or opened too late */
		{ at(2020, 1, 5, 9), at(2020, 12, 31, 12), 0, NULL, 0, 0, 0 },
		{ at(2020, 12, 1, 9), at(2021, 2, 15, 9), 0, NULL, 0, 0, 0 },
		{ at(2021, 4, 1, 9), 0, 0, NULL, 0, 0, 0 },
		{ at(2021, 3, 30, 9), 0, 0, NULL, 0, 0, 1 },
	};
	struct facts *facts = *state;

	for (size_t i = 0; i < AW_COUNT(families); i++) {
		struct aw_indicator_result before = count_of(facts, "P2-S1-1", "110H1"), after;
		struct family family = families[i];

		facts_write(facts, add_family, &family);
		after = count_of(facts, "P2-S1-1", "110H1");
		if (after.sum.numerator - before.sum.numerator != family.numerator ||
			after.sum.denominator - before.sum.denominator != family.denominator)
			fail_msg("family %zu moved it by %lld/%lld", i,
				(long long)(after.sum.numerator - before.sum.numerator),
				(long long)(after.sum.denominator - before.sum.denominator));
	}
}

static void
add_household_family(struct facts *facts, void *arg)
{
	struct aw_error err = { 0 };
	int64_t head = fact_person(facts), stays = fact_person(facts), left = fact_person(facts);
	int64_t household = fact_id(facts), frame = fact_id(facts);

	(void)arg;
	assert_ok(sql_fact_household(facts->tx,
		&(struct sql_fact_household_in){
			.id = household, .number = fact_number(facts, "H", household) },
		&err));
	assert_ok(sql_fact_membership(facts->tx,
		&(struct sql_fact_membership_in){
			.id = fact_id(facts), .household = household, .person = stays },
		&err));
	assert_ok(sql_fact_membership(facts->tx,
		&(struct sql_fact_membership_in){ .id = fact_id(facts),
			.household = household,
			.person = left,
			.to_day = AW_KNOWN(aw_taipei_day(at(2021, 1, 15, 0))) },
		&err));
	assert_ok(sql_fact_family_case(facts->tx,
		&(struct sql_fact_family_case_in){ .id = frame,
			.number = fact_number(facts, "F", frame),
			.household = AW_KNOWN(household) },
		&err));
	(void)fact_case(facts, "vulnerable_family", head, frame, at(2020, 1, 5, 9), 0);
	(void)fact_report(facts,
		&(struct fact){
			.kind = "adult_ipv", .received_at = at(2021, 2, 1, 9), .person = left });
	(void)fact_report(facts, &(struct fact){ .kind = "child_protection",
					 .received_at = at(2021, 3, 1, 9),
					 .person = stays });
	(void)fact_report(facts,
		&(struct fact){
			.kind = "adult_elder", .received_at = at(2021, 4, 1, 9), .person = stays });
}

static void
a_family_counts_once_by_the_kind_of_its_first_issue(void **state)
{
	struct facts *facts = *state;
	struct aw_indicator_group *groups = NULL;
	struct aw_indicator_result result;
	size_t count = 0;
	int64_t num = 0, den = 0;

	facts_write(facts, add_household_family, NULL);
	result = count_of(facts, "P2-S1-1", "110H1");
	assert_int_equal(result.sum.numerator, 1);
	assert_int_equal(result.sum.denominator, 1);
	assert_string_equal(result.rows[0].numerator_kind, "child_protection");
	aw_indicator_group(facts->policy, &facts->arena, &result, AW_BY_KIND, &groups, &count);
	for (size_t i = 0; i < count; i++) {
		num += groups[i].sum.numerator;
		den += groups[i].sum.denominator;
		if (strcmp(groups[i].key, "child_protection") == 0)
			assert_int_equal(groups[i].sum.numerator, 1);
	}
	assert_int_equal(count, 2);
	assert_int_equal(num, 1);
	assert_int_equal(den, 1);
}

/* -- sums and groups ------------------------------------------------------------------------- */

static void
add_many(struct facts *facts, void *arg)
{
	static const char *const kinds[] = { "adult_ipv", "child_protection", "vulnerable_family",
		"sexual_assault", "adult_elder", "child_sexual_exploitation", "suicide" };
	const struct aw_policy *policy = facts->policy;

	(void)arg;
	for (size_t i = 0; i < 200; i++)
		(void)fact_report(facts,
			&(struct fact){ .kind = kinds[i % AW_COUNT(kinds)],
				.received_at = at(2020, 1, 1, 1) + (int64_t)i * 43 * AW_HOUR_MS,
				.outcome = i % 4 == 0 ? "N" : "Y",
				.sent_after = i % 9 == 0 ? 30 * AW_HOUR_MS : 0,
				.subjects = 1 + (int)(i % 3),
				.district = policy->city.districts[i % policy->city.district_count]
						    .code });
}

static void
groups_of_every_kind_add_up_to_the_total(void **state)
{
	struct facts *facts = *state;

	facts_write(facts, add_many, NULL);
	for (size_t k = 0; k < AW_COUNT(codes); k++) {
		struct aw_indicator_result result = count_of(facts, codes[k], "109");
		assert_true(result.sum.denominator > 0);
		for (int by = AW_BY_DISTRICT; by < AW_BY_COUNT; by++) {
			struct aw_indicator_group *groups = NULL;
			size_t count = 0;
			int64_t num = 0, den = 0;

			aw_indicator_group(facts->policy, &facts->arena, &result,
				(enum aw_indicator_by)by, &groups, &count);
			for (size_t i = 0; i < count; i++) {
				num += groups[i].sum.numerator;
				den += groups[i].sum.denominator;
				assert_non_null(groups[i].label.zh);
			}
			assert_int_equal(num, result.sum.numerator);
			assert_int_equal(den, result.sum.denominator);
		}
	}
}

static void
values_round_half_up_and_targets_are_decided_on_the_fraction(void **state)
{
	struct facts *facts = *state;
	const struct aw_indicator *strict =
		aw_indicator_find(facts->list, facts->count, "P2-S2-1", NULL, 18700);
	const struct aw_indicator *plain =
		aw_indicator_find(facts->list, facts->count, "P1-S2-2", NULL, 18300);
	struct aw_indicator_group *groups = NULL;
	size_t count = 0;
	/* rows by hand: 77 of 1,000 is exactly 7.7 %, which is not below 7.7 % */
	struct aw_indicator_row *rows = AW_NEW_ARRAY(&facts->arena, struct aw_indicator_row, 1000);
	struct aw_indicator_result result = {
		.indicator = strict, .period = { 18628, 18808 }, .rows = rows, .row_count = 1000
	};

	for (int i = 0; i < 1000; i++)
		rows[i] = (struct aw_indicator_row){ .numerator = i < 77, .kind = "adult_ipv" };
	result.target = aw_indicator_target(strict, result.period);
	assert_non_null(result.target);
	aw_indicator_group(facts->policy, &facts->arena, &result, AW_BY_NOTHING, &groups, &count);
	assert_int_equal(groups[0].sum.value.v, 770);
	assert_int_equal(groups[0].sum.met, AW_INDICATOR_MISSED);
	rows[0].numerator = false;
	aw_indicator_group(facts->policy, &facts->arena, &result, AW_BY_NOTHING, &groups, &count);
	assert_int_equal(groups[0].sum.met, AW_INDICATOR_MET);
	/* 100 of 1,000 is 10 %, which meets "10 %" */
	for (int i = 0; i < 1000; i++)
		rows[i].numerator = i < 100;
	result.indicator = plain;
	result.period = (struct aw_period){ 18262, 18627 };
	result.target = aw_indicator_target(plain, result.period);
	aw_indicator_group(facts->policy, &facts->arena, &result, AW_BY_NOTHING, &groups, &count);
	assert_int_equal(groups[0].sum.met, AW_INDICATOR_MET);
	/* 773/798 = 96.867 %: 96.87, where the document prints 96.86 */
	result.row_count = 798;
	for (int i = 0; i < 798; i++)
		rows[i].numerator = i < 773;
	aw_indicator_group(facts->policy, &facts->arena, &result, AW_BY_NOTHING, &groups, &count);
	assert_int_equal(groups[0].sum.value.v, 9687);
}

/* -- definitions ----------------------------------------------------------------- */

static void
every_printed_figure_follows_from_its_numbers_or_says_why_not(void **state)
{
	struct facts *facts = *state;
	size_t printed = 0;

	assert_int_equal(facts->count, 8);
	for (size_t i = 0; i < facts->count; i++) {
		const struct aw_indicator *indicator = &facts->list[i];
		for (size_t k = 0; k < indicator->printed_count; k++) {
			const struct aw_indicator_printed *figure = &indicator->printed[k];
			int64_t value = (figure->numerator * 20000 + figure->denominator) /
					(figure->denominator * 2);
			assert_int_equal(value == figure->value, figure->agrees);
			printed++;
		}
		assert_true(indicator->valid.unverified);
		assert_true(indicator->draft || indicator->note_count > 0);
	}
	assert_int_equal(printed, 10);
}

static void
a_version_is_found_by_day_and_drafts_by_name_alone(void **state)
{
	struct facts *facts = *state;

	assert_string_equal(
		aw_indicator_find(facts->list, facts->count, "P2-S2-1", NULL, 18700)->version,
		"110.1");
	assert_true(aw_indicator_find(facts->list, facts->count, "P2-S2-1", "draft", 18700)->draft);
	/* before it was in force: the nearest, never a draft */
	assert_string_equal(
		aw_indicator_find(facts->list, facts->count, "P2-S2-1", NULL, 17000)->version,
		"110.1");
	assert_null(aw_indicator_find(facts->list, facts->count, "P9", NULL, 18700));
	assert_null(aw_indicator_find(facts->list, facts->count, "P2-S2-1", "9", 18700));
}

#define WITH_FACTS(test) cmocka_unit_test_setup_teardown(test, facts_setup, facts_teardown)
AW_TESTS(WITH_FACTS(one_more_report_moves_what_the_table_says),
	WITH_FACTS(one_more_report_of_110_moves_phase_two_alone),
	WITH_FACTS(the_clock_of_24_hours_is_exact_and_reports_count_once),
	WITH_FACTS(a_re_report_needs_a_closing_within_365_days_and_no_open_case),
	WITH_FACTS(a_re_report_names_the_case_it_follows_and_how_long_after),
	WITH_FACTS(the_draft_counts_an_earlier_report_that_was_never_closed),
	WITH_FACTS(a_child_reported_three_times_is_three_issues_and_one_child),
	WITH_FACTS(joining_ones_own_open_case_counts_as_opened),
	WITH_FACTS(what_happened_after_as_of_has_not_happened),
	WITH_FACTS(a_family_counts_from_its_three_month_day_to_its_closing),
	WITH_FACTS(a_family_counts_once_by_the_kind_of_its_first_issue),
	WITH_FACTS(groups_of_every_kind_add_up_to_the_total),
	WITH_FACTS(values_round_half_up_and_targets_are_decided_on_the_fraction),
	WITH_FACTS(every_printed_figure_follows_from_its_numbers_or_says_why_not),
	WITH_FACTS(a_version_is_found_by_day_and_drafts_by_name_alone))
