/* What a viewer may see, from the ledgers in the database; and the ledgers themselves. */
#include <sqlite3.h>

#include "guard/relation.h"
#include "guard/shield.h"
#include "testact.h"

enum { WIFE = 1001, HUSBAND, SON, GRANDMOTHER, SISTER, STRANGER };
enum { REPORT = 1, DISPATCH_DV = 11, DISPATCH_HEALTH = 12, DISPATCH_SCHOOL = 13, OTHER_REPORT = 2 };
enum { W_DV = 1, W_HEALTH, W_SCHOOL, W_SCREENER, W_SUPERVISOR, W_CARELESS };

static void
sql(struct house *house, const char *text)
{
	sqlite3 *raw = NULL;
	char *why = NULL;

	assert_int_equal(sqlite3_open(house->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	if (sqlite3_exec(raw, text, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", text, why);
	(void)sqlite3_close(raw);
}

static enum aw_status
tie(struct aw_act *act, const char *unit, int64_t account, int64_t person, const char *side,
	enum aw_tie_kind kind, int64_t reference, struct aw_error *err)
{
	return aw_relation_add(act,
		&(struct aw_tie){ .unit = unit,
			.account = account,
			.person = person,
			.side = side,
			.kind = kind,
			.reference = reference },
		err);
}

/* A wife is protected from her husband; their son is at school; she fled to her sister. */
static enum aw_status
make_story(struct aw_act *act, void *arg, struct aw_error *err)
{
	(void)arg;
	if (aw_relation_oppose(act, WIFE, HUSBAND, REPORT, err) != AW_OK ||
		aw_relation_oppose(act, WIFE, HUSBAND, REPORT, err) != AW_OK ||
		tie(act, "dv", 0, WIFE, "protected", AW_TIE_LEAD, DISPATCH_DV, err) != AW_OK ||
		tie(act, "dv", 0, HUSBAND, "protected", AW_TIE_LEAD, DISPATCH_DV, err) != AW_OK ||
		tie(act, "dv", 0, SON, "protected", AW_TIE_LEAD, DISPATCH_DV, err) != AW_OK ||
		aw_relation_assign(act, DISPATCH_DV, W_DV, err) != AW_OK ||
		tie(act, "health", W_HEALTH, HUSBAND, "respondent", AW_TIE_CO, DISPATCH_HEALTH,
			err) != AW_OK ||
		tie(act, "school", W_SCHOOL, SON, "neutral", AW_TIE_CO, DISPATCH_SCHOOL, err) !=
			AW_OK)
		return err->status;
	return AW_OK;
}

static void
story(struct house *house)
{
	struct aw_error err = { 0 };

	house_open(house);
	sql(house,
		"INSERT INTO person SELECT value, 'P' || value, 1, x'00', 1, 'F', 1980, NULL, "
		"'report', 1, NULL FROM (SELECT 1001 AS value UNION SELECT 1002 UNION SELECT 1003 "
		"UNION SELECT 1004 UNION SELECT 1005 UNION SELECT 1006);"
		"INSERT INTO household VALUES (71, 'H71', NULL, NULL, 1), (72, 'H72', NULL, NULL, "
		"1);"
		"INSERT INTO membership VALUES (1, 71, 1001, 'head', NULL, NULL), "
		"(2, 71, 1002, 'spouse', NULL, NULL), (3, 71, 1003, 'child', NULL, NULL), "
		"(4, 72, 1005, 'head', NULL, NULL), (5, 72, 1004, 'parent', NULL, NULL), "
		"(6, 72, 1006, 'other', NULL, 10);"
		"INSERT INTO relationship VALUES (1, 1005, 1001, 'sibling', 'report', NULL, NULL, "
		"1, "
		"NULL);");
	assert_ok(write_act(house, make_story, NULL, &err));
}

struct asking {
	int64_t person;
	struct aw_access access;
};

static enum aw_status
ask(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct asking *a = arg;

	return aw_access_to(act, a->person, &a->access, err);
}

static struct aw_access
access_of(struct house *house, int64_t account, const char *unit, const char *roles, int64_t person)
{
	struct asking a = { .person = person };
	struct aw_error err = { 0 };

	house->viewer = (struct aw_viewer){ .account = account,
		.login = "x",
		.unit = unit,
		.roles = roles,
		.purpose = "casework" };
	assert_ok(read_act(house, ask, &a, &err));
	assert_int_equal(a.access.person, person);
	return a.access;
}

static void
who_serves_the_wife_sees_where_she_is(void **state)
{
	struct house house;
	struct aw_access access;

	(void)state;
	story(&house);
	access = access_of(&house, W_DV, "dv", "worker", WIFE);
	assert_true(access.serves && access.leads && !access.shielded);
	assert_true(aw_access_may(&access, AW_CLASS_ADDRESS));
	assert_true(aw_access_may(&access, AW_CLASS_REPORTER));
	access = access_of(&house, W_DV, "dv", "worker", HUSBAND);
	assert_true(aw_access_may(&access, AW_CLASS_IDENTITY));
	house_close(&house);
}

static void
who_serves_the_husband_sees_him_and_nobody_through_whom_she_could_be_found(void **state)
{
	static const int64_t hidden[] = { WIFE, SON, SISTER, GRANDMOTHER };
	struct house house;
	struct aw_access access;

	(void)state;
	story(&house);
	access = access_of(&house, W_HEALTH, "health", "careless", HUSBAND);
	assert_true(access.serves && access.as_respondent && !access.shielded);
	assert_true(aw_access_may(&access, AW_CLASS_ADDRESS));
	assert_false(aw_access_may(&access, AW_CLASS_REPORTER));
	for (size_t i = 0; i < AW_COUNT(hidden); i++) {
		access = access_of(&house, W_HEALTH, "health", "careless", hidden[i]);
		assert_true(access.shielded);
		assert_int_equal(access.shown & AW_CLASSES_SHIELDED, 0);
		assert_false(aw_access_may(&access, AW_CLASS_EXISTENCE));
		assert_string_equal(aw_access_reason(&access, AW_CLASS_ADDRESS), "confidential");
		assert_false(aw_access_lists(&access, AW_CLASS_RISK, "dv"));
	}
	/* that there is something of a class is told to whom the class is shown */
	access = (struct aw_access){ .shown = BIT(EXISTENCE) | BIT(RISK) };
	assert_true(aw_access_lists(&access, AW_CLASS_RISK, NULL));
	assert_false(aw_access_lists(&access, AW_CLASS_PLAN, NULL));
	assert_false(aw_access_lists(&access, AW_CLASS_SEXUAL, "dv"));
	/* who left the sister's household long ago is no way to her */
	access = access_of(&house, W_HEALTH, "health", "careless", STRANGER);
	assert_false(access.shielded);
	house_close(&house);
}

static void
the_school_sees_its_pupil_but_not_who_reported(void **state)
{
	struct house house;
	struct aw_access access;

	(void)state;
	story(&house);
	access = access_of(&house, W_SCHOOL, "school", "worker", SON);
	assert_true(access.serves && !access.leads && !access.shielded);
	assert_true(aw_access_may(&access, AW_CLASS_CONTACT));
	assert_false(aw_access_may(&access, AW_CLASS_REPORTER));
	access = access_of(&house, W_SCHOOL, "school", "worker", WIFE);
	assert_int_equal(access.shown, BIT(OPEN));
	house_close(&house);
}

static void
a_supervisor_stands_where_the_unit_stands(void **state)
{
	struct house house;
	struct aw_access access;

	(void)state;
	story(&house);
	access = access_of(&house, W_SUPERVISOR, "dv", "supervisor", WIFE);
	assert_true(aw_access_may(&access, AW_CLASS_ADDRESS));
	assert_true(aw_access_may(&access, AW_CLASS_REPORTER));
	assert_false(access.serves);
	access = access_of(&house, W_SUPERVISOR, "health", "supervisor", HUSBAND);
	assert_true(access.as_respondent && aw_access_may(&access, AW_CLASS_ADDRESS));
	access = access_of(&house, W_SUPERVISOR, "health", "supervisor careless", WIFE);
	assert_true(access.shielded);
	assert_int_equal(access.shown & AW_CLASSES_SHIELDED, 0);
	/* a colleague who does not supervise does not serve him */
	access = access_of(&house, 77, "health", "worker", WIFE);
	assert_false(access.shielded);
	assert_int_equal(access.shown, BIT(OPEN));
	house_close(&house);
}

static void
the_public_and_a_viewer_without_a_purpose_see_nothing(void **state)
{
	struct house house;
	struct aw_access access;
	struct asking a = { .person = WIFE };
	struct aw_error err = { 0 };

	(void)state;
	story(&house);
	access = access_of(&house, 0, NULL, "careless", WIFE);
	assert_int_equal(access.shown, BIT(OPEN));
	assert_int_equal(access.on_request, 0);
	house.viewer = (struct aw_viewer){ .account = W_DV, .unit = "dv", .roles = "worker" };
	assert_ok(read_act(&house, ask, &a, &err));
	assert_int_equal(a.access.shown, BIT(OPEN));
	house.viewer.purpose = "audit"; /* not one of a worker's */
	assert_ok(read_act(&house, ask, &a, &err));
	assert_int_equal(a.access.shown, BIT(OPEN));
	house_close(&house);
}

/* -- screening, ending, taking back ------------------------------------------------------------- */

static enum aw_status
screen(struct aw_act *act, void *arg, struct aw_error *err)
{
	(void)arg;
	return tie(act, "centre", 0, STRANGER, "neutral", AW_TIE_SCREENING, OTHER_REPORT, err);
}

static enum aw_status
end_screening(struct aw_act *act, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_relation_end(act, OTHER_REPORT, err);
}

static enum aw_status
take_back(struct aw_act *act, void *arg, struct aw_error *err)
{
	(void)arg;
	return aw_relation_unoppose(act, REPORT, err);
}

static enum aw_status
ask_twice(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct aw_access *both = arg;

	if (aw_access_to(act, STRANGER, &both[0], err) != AW_OK ||
		end_screening(act, NULL, err) != AW_OK)
		return err->status;
	return aw_access_to(act, STRANGER, &both[1], err);
}

static void
a_screener_sees_people_in_reports_that_wait(void **state)
{
	struct house house;
	struct aw_access both[2];
	struct aw_error err = { 0 };

	(void)state;
	story(&house);
	assert_ok(write_act(&house, screen, NULL, &err));
	house.viewer = (struct aw_viewer){
		.account = W_SCREENER, .unit = "centre", .roles = "screener", .purpose = "screening"
	};
	/* within one act too, what was known is forgotten when the ledger changes */
	assert_ok(write_act(&house, ask_twice, both, &err));
	assert_true(aw_access_may(&both[0], AW_CLASS_NARRATIVE));
	assert_true(aw_access_may(&both[0], AW_CLASS_REPORTER));
	assert_false(aw_access_may(&both[1], AW_CLASS_NARRATIVE));
	assert_true(aw_access_may(&both[1], AW_CLASS_IDENTITY));
	house_close(&house);
}

static void
a_mistaken_report_protects_nobody_any_more(void **state)
{
	struct house house;
	struct aw_access access;
	struct aw_error err = { 0 };

	(void)state;
	story(&house);
	access = access_of(&house, W_HEALTH, "health", "worker", SON);
	assert_true(access.shielded);
	assert_ok(write_act(&house, take_back, NULL, &err));
	access = access_of(&house, W_HEALTH, "health", "worker", SON);
	assert_false(access.shielded);
	house_close(&house);
}

struct conflict {
	int64_t account, person;
	const char *side;
	bool is;
};

static enum aw_status
ask_conflict(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct conflict *c = arg;

	return aw_relation_conflict(act, c->account, c->person, c->side, &c->is, err);
}

static void
one_worker_for_both_sides_is_a_conflict_before_it_happens(void **state)
{
	struct conflict cases[] = { { W_HEALTH, WIFE, "protected", true },
		{ W_HEALTH, SON, "neutral", true }, { W_HEALTH, HUSBAND, "respondent", false },
		{ W_DV, HUSBAND, "respondent", true }, { W_SCHOOL, HUSBAND, "respondent", true },
		{ W_SCHOOL, WIFE, "protected", false }, { 99, HUSBAND, "respondent", false } };
	struct house house;
	struct aw_error err = { 0 };

	(void)state;
	story(&house);
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		bool expected = cases[i].is;

		assert_ok(read_act(&house, ask_conflict, &cases[i], &err));
		if (cases[i].is != expected)
			fail_msg("case %zu", i);
	}
	house_close(&house);
}

static enum aw_status
bad_ties(struct aw_act *act, void *arg, struct aw_error *err)
{
	(void)arg;
	assert_int_equal(tie(act, "dv", 0, WIFE, "both", AW_TIE_CO, REPORT, err), AW_INVALID);
	assert_non_null(strstr(err->text, "side"));
	assert_int_equal(aw_relation_oppose(act, WIFE, WIFE, REPORT, err), AW_INVALID);
	assert_non_null(strstr(err->text, "both sides"));
	return AW_OK;
}

struct matter {
	const int64_t *people;
	size_t count;
	const struct aw_tie_seen *ties;
	size_t tie_count;
	struct aw_access access;
};

static enum aw_status
ask_matter(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct matter *m = arg;

	return aw_access_of_matter(
		act, m->people, m->count, m->ties, m->tie_count, &m->access, err);
}

static struct aw_access
matter(struct house *house, struct aw_viewer viewer, const int64_t *people, size_t count,
	const struct aw_tie_seen *ties, size_t tie_count)
{
	struct matter m = { people, count, ties, tie_count, { 0 } };
	struct aw_error err = { 0 };

	house->viewer = viewer;
	assert_ok(read_act(house, ask_matter, &m, &err));
	return m.access;
}

#define VIEWER(account_, unit_, roles_, purpose_)                                                  \
	((struct aw_viewer){ .account = (account_),                                                \
		.unit = (unit_),                                                                   \
		.roles = (roles_),                                                                 \
		.purpose = (purpose_),                                                             \
		.login = "x" })

static const struct aw_tie_seen ties_of_report[] = {
	{ "centre", 0, "neutral", "screening" },
	{ "dv", W_DV, "protected", "lead" },
	{ "school", W_SCHOOL, "neutral", "co" },
	{ "health", W_HEALTH, "respondent", "co" },
};

static void
a_report_is_as_hidden_as_the_most_hidden_of_its_people(void **state)
{
	static const int64_t people[] = { HUSBAND, WIFE };
	struct house house;
	struct aw_access access;
	struct aw_error err = { 0 };

	(void)state;
	story(&house);
	assert_ok(write_act(&house, bad_ties, NULL, &err));
	access = matter(&house, VIEWER(W_HEALTH, "health", "careless", "casework"), people, 2,
		ties_of_report, AW_COUNT(ties_of_report));
	assert_true(access.shielded && access.as_respondent);
	assert_int_equal(access.shown & AW_CLASSES_SHIELDED, 0);
	/* also where the victim was not recognised, or nobody was */
	access = matter(&house, VIEWER(W_HEALTH, "health", "careless", "casework"), people, 1,
		ties_of_report, AW_COUNT(ties_of_report));
	assert_int_equal(access.shown & AW_CLASSES_SHIELDED, 0);
	access = matter(&house, VIEWER(W_HEALTH, "health", "careless", "casework"), NULL, 0,
		ties_of_report, AW_COUNT(ties_of_report));
	assert_int_equal(access.shown & AW_CLASSES_SHIELDED, 0);
	house_close(&house);
}

static void
who_screens_or_leads_sees_a_report_in_which_nobody_was_recognised(void **state)
{
	struct house house;
	struct aw_access access;

	(void)state;
	story(&house);
	access = matter(&house, VIEWER(W_SCREENER, "centre", "screener", "screening"), NULL, 0,
		ties_of_report, AW_COUNT(ties_of_report));
	assert_true(access.screens && aw_access_may(&access, AW_CLASS_NARRATIVE));
	assert_true(aw_access_may(&access, AW_CLASS_REPORTER));
	access = matter(&house, VIEWER(W_DV, "dv", "worker", "casework"), NULL, 0, ties_of_report,
		AW_COUNT(ties_of_report));
	assert_true(access.leads && aw_access_may(&access, AW_CLASS_NARRATIVE));
	access = matter(&house, VIEWER(77, "family", "worker", "casework"), NULL, 0, ties_of_report,
		AW_COUNT(ties_of_report));
	assert_int_equal(access.shown, BIT(OPEN));
	house_close(&house);
}

static void
who_leads_one_matter_does_not_learn_the_reporter_of_another(void **state)
{
	static const int64_t people[] = { SON };
	static const struct aw_tie_seen other[] = { { "school", W_SCHOOL, "neutral", "lead" } };
	struct house house;
	struct aw_access access;

	(void)state;
	story(&house);
	access = matter(&house, VIEWER(W_DV, "dv", "worker", "casework"), people, 1, ties_of_report,
		AW_COUNT(ties_of_report));
	assert_true(aw_access_may(&access, AW_CLASS_REPORTER));
	assert_string_equal(aw_access_reason(&access, AW_CLASS_REPORTER_NAME), "request");
	access = matter(&house, VIEWER(W_DV, "dv", "worker", "casework"), people, 1, other, 1);
	assert_true(aw_access_may(&access, AW_CLASS_NARRATIVE)); /* it is about their client */
	assert_false(aw_access_may(&access, AW_CLASS_REPORTER));
	assert_string_equal(aw_access_reason(&access, AW_CLASS_REPORTER_NAME), "confidential");
	house_close(&house);
}

struct filtering {
	bool may[2];
};

static enum aw_status
filter(struct aw_act *act, void *arg, struct aw_error *err)
{
	static const int64_t people[] = { HUSBAND, WIFE };
	struct filtering *f = arg;

	return aw_access_filter(act, people, 2, AW_CLASS_IDENTITY, f->may, err);
}

static void
lists_are_made_of_those_the_viewer_may_see(void **state)
{
	struct house house;
	struct filtering f;
	struct aw_error err = { 0 };

	(void)state;
	story(&house);
	house.viewer = VIEWER(W_HEALTH, "health", "careless", "casework");
	assert_ok(read_act(&house, filter, &f, &err));
	assert_true(f.may[0]);
	assert_false(f.may[1]);
	house_close(&house);
}

AW_TESTS(cmocka_unit_test(who_serves_the_wife_sees_where_she_is),
	cmocka_unit_test(
		who_serves_the_husband_sees_him_and_nobody_through_whom_she_could_be_found),
	cmocka_unit_test(the_school_sees_its_pupil_but_not_who_reported),
	cmocka_unit_test(a_supervisor_stands_where_the_unit_stands),
	cmocka_unit_test(the_public_and_a_viewer_without_a_purpose_see_nothing),
	cmocka_unit_test(a_screener_sees_people_in_reports_that_wait),
	cmocka_unit_test(a_mistaken_report_protects_nobody_any_more),
	cmocka_unit_test(one_worker_for_both_sides_is_a_conflict_before_it_happens),
	cmocka_unit_test(a_report_is_as_hidden_as_the_most_hidden_of_its_people),
	cmocka_unit_test(who_screens_or_leads_sees_a_report_in_which_nobody_was_recognised),
	cmocka_unit_test(who_leads_one_matter_does_not_learn_the_reporter_of_another),
	cmocka_unit_test(lists_are_made_of_those_the_viewer_may_see))
