/* Emergency access: opens what the role may, for its time, never the protected side to the other's. */
#include "guard/glass.h"

#include <sqlite3.h>

#include "guard/log.h"
#include "guard/relation.h"
#include "testact.h"

enum { WIFE = 1001, HUSBAND, CHILD };
enum { W_DUTY = 1, W_HEALTH, W_COLLEAGUE, W_SUPERVISOR, W_AUDITOR, W_SCHOOL };

static const struct {
	int64_t account;
	const char *unit, *roles, *purpose;
} people[] = {
	{ W_DUTY, "dv", "worker", "casework" },
	{ W_HEALTH, "health", "careless", "casework" },
	{ W_COLLEAGUE, "health", "careless", "casework" },
	{ W_SUPERVISOR, "dv", "supervisor", "casework" },
	{ W_AUDITOR, "centre", "auditor", "audit" },
	{ W_SCHOOL, "school", "worker", "casework" },
};

static enum aw_status
make_key(struct aw_act *act, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };

	(void)arg;
	return aw_key_make(act->tx, act->keyring, 1, "person", &key, err);
}

static enum aw_status
make_ties(struct aw_act *act, void *arg, struct aw_error *err)
{
	(void)arg;
	if (aw_relation_oppose(act, WIFE, HUSBAND, 1, err) != AW_OK)
		return err->status;
	return aw_relation_add(act,
		&(struct aw_tie){ .unit = "health",
			.account = W_HEALTH,
			.person = HUSBAND,
			.side = "respondent",
			.kind = AW_TIE_CO,
			.reference = 12 },
		err);
}

static void
story(struct house *house)
{
	struct aw_error err = { 0 };
	sqlite3 *raw = NULL;

	house_open(house);
	assert_ok(write_act(house, make_key, NULL, &err));
	assert_int_equal(sqlite3_open(house->db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	assert_int_equal(
		sqlite3_exec(raw,
			"INSERT INTO person SELECT value, 'P' || value, 1, x'00', 1, 'F', "
			"1980, NULL, 'report', 1, NULL FROM (SELECT 1001 AS value UNION "
			"SELECT 1002 UNION SELECT 1003);"
			"INSERT INTO account (id, login, name, title, unit, roles, password, "
			"failed_count, created_at) SELECT value, 'a' || value, 'n', 't', 'dv', "
			"'worker', '!', 0, 1 FROM (SELECT 1 AS value UNION SELECT 2 UNION "
			"SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6);",
			NULL, NULL, NULL),
		SQLITE_OK);
	(void)sqlite3_close(raw);
	assert_ok(write_act(house, make_ties, NULL, &err));
}

static void
be(struct house *house, int64_t account)
{
	for (size_t i = 0; i < AW_COUNT(people); i++)
		if (people[i].account == account)
			house->viewer = (struct aw_viewer){ .account = account,
				.login = "x",
				.unit = people[i].unit,
				.roles = people[i].roles,
				.purpose = people[i].purpose };
}

struct opening {
	int64_t person;
	const char *reason, *words, *number;
	struct aw_access access;
	const char *detail;
};

static enum aw_status
open_it(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct opening *o = arg;

	return aw_glass_open(act, o->person, o->reason, o->words, &o->number, err);
}

static enum aw_status
ask(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct opening *o = arg;
	enum aw_status status = aw_access_to(act, o->person, &o->access, err);

	o->detail = act->detail;
	return status;
}

static enum aw_status
open_as(struct house *house, int64_t account, int64_t person, struct opening *o)
{
	struct aw_error err = { 0 };

	be(house, account);
	*o = (struct opening){
		.person = person, .reason = "night_duty", .words = "the police are at the door"
	};
	return write_act(house, open_it, o, &err);
}

static struct aw_access
access_as(struct house *house, int64_t account, int64_t person, const char **ret_detail)
{
	struct opening o = { .person = person };
	struct aw_error err = { 0 };

	be(house, account);
	assert_ok(read_act(house, ask, &o, &err));
	if (ret_detail != NULL)
		*ret_detail = o.detail;
	return o.access;
}

static void
it_opens_one_person_for_an_hour_and_the_log_is_told(void **state)
{
	struct aw_access access;
	struct opening o;
	struct house house;
	const char *detail;

	(void)state;
	story(&house);
	assert_int_equal(access_as(&house, W_DUTY, WIFE, NULL).shown, BIT(OPEN));
	assert_int_equal(open_as(&house, W_DUTY, WIFE, &o), AW_OK);
	assert_true(aw_public_number_valid(o.number, "B"));
	access = access_as(&house, W_DUTY, WIFE, &detail);
	assert_true(access.opened && aw_access_may(&access, AW_CLASS_ADDRESS));
	assert_false(aw_access_may(&access, AW_CLASS_WELFARE));	 /* not in the role's list */
	assert_false(aw_access_may(&access, AW_CLASS_REPORTER)); /* nor ever the reporter */
	assert_string_equal(
		detail, aw_arena_printf(&house.arena, "{\"break_glass\":\"%s\"}", o.number));
	assert_int_equal(access_as(&house, W_DUTY, CHILD, &detail).shown, BIT(OPEN));
	assert_null(detail);
	assert_int_equal(
		access_as(&house, W_SCHOOL, WIFE, NULL).shown, BIT(OPEN)); /* nobody else */
	assert_int_equal(open_as(&house, W_DUTY, WIFE, &o), AW_CONFLICT);
	house.real_ms += 60 * AW_MINUTE_MS - 1;
	assert_true(access_as(&house, W_DUTY, WIFE, NULL).opened);
	house.real_ms += 1;
	assert_int_equal(access_as(&house, W_DUTY, WIFE, NULL).shown, BIT(OPEN));
	house_close(&house);
}

static void
to_a_respondents_worker_and_unit_the_protected_side_is_nobody(void **state)
{
	static const int64_t accounts[] = { W_HEALTH, W_COLLEAGUE };
	struct aw_access access;
	struct opening o, nobody;
	struct house house;

	(void)state;
	story(&house);
	for (size_t i = 0; i < AW_COUNT(accounts); i++) {
		assert_int_equal(open_as(&house, accounts[i], WIFE, &o), AW_NOT_FOUND);
		assert_int_equal(open_as(&house, accounts[i], 4711, &nobody), AW_NOT_FOUND);
		assert_int_equal(open_as(&house, accounts[i], CHILD, &o), AW_OK); /* the control */
	}
	access = access_as(&house, W_HEALTH, WIFE, NULL);
	assert_int_equal(access.shown & (AW_CLASSES_SHIELDED | BIT(EXISTENCE)), 0);
	house_close(&house);
}

struct later_tie {
	int64_t account;
};

static enum aw_status
serve_him(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct later_tie *t = arg;

	return aw_relation_add(act,
		&(struct aw_tie){ .unit = "dv",
			.account = t->account,
			.person = HUSBAND,
			.side = "respondent",
			.kind = AW_TIE_LEAD,
			.reference = 13 },
		err);
}

static void
what_was_open_shuts_when_the_viewer_comes_to_serve_the_other_side(void **state)
{
	struct later_tie colleague = { W_SUPERVISOR };
	struct aw_access access;
	struct aw_error err = { 0 };
	struct opening o;
	struct house house;

	(void)state;
	story(&house);
	assert_int_equal(open_as(&house, W_DUTY, WIFE, &o), AW_OK);
	assert_true(access_as(&house, W_DUTY, WIFE, NULL).opened);
	assert_ok(
		write_act(&house, serve_him, &colleague, &err)); /* a colleague of the unit does */
	access = access_as(&house, W_DUTY, WIFE, NULL);
	assert_false(access.opened);
	assert_int_equal(access.shown & AW_CLASSES_SHIELDED, 0);
	house_close(&house);
}

static void
it_needs_a_role_a_reason_and_words(void **state)
{
	struct aw_error err = { 0 };
	struct opening o;
	struct house house;

	(void)state;
	story(&house);
	assert_int_equal(open_as(&house, W_AUDITOR, WIFE, &o), AW_DENIED);
	be(&house, W_DUTY);
	o.reason = "whim";
	assert_int_equal(write_act(&house, open_it, &o, &err), AW_INVALID);
	o.reason = "night_duty";
	o.words = "short";
	assert_int_equal(write_act(&house, open_it, &o, &err), AW_INVALID);
	house_close(&house);
}

struct reviewing {
	const char *number, *words;
	bool justified;
	struct aw_glass *list;
	size_t count;
	int64_t waiting, overdue;
};

static enum aw_status
review(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct reviewing *r = arg;

	return aw_glass_review(act, r->number, r->justified, r->words, err);
}

static enum aw_status
to_review(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct reviewing *r = arg;

	if (aw_glass_to_review(act, &r->list, &r->count, err) != AW_OK)
		return err->status;
	return aw_glass_counts(act, &r->waiting, &r->overdue, err);
}

static void
somebody_else_reviews_it_once_and_late_is_overdue(void **state)
{
	struct reviewing r = { .words = "the night shift's report agrees", .justified = true };
	struct aw_error err = { 0 };
	struct opening o;
	struct house house;

	(void)state;
	story(&house);
	assert_int_equal(open_as(&house, W_DUTY, WIFE, &o), AW_OK);
	r.number = o.number;
	assert_int_equal(write_act(&house, review, &r, &err), AW_NOT_FOUND); /* one's own */
	be(&house, W_SCHOOL);						     /* another unit */
	assert_int_equal(write_act(&house, review, &r, &err), AW_NOT_FOUND);
	assert_ok(read_act(&house, to_review, &r, &err));
	assert_int_equal(r.count, 0);
	be(&house, W_SUPERVISOR);
	assert_ok(read_act(&house, to_review, &r, &err));
	assert_int_equal(r.count, 1);
	assert_int_equal(r.waiting, 1);
	assert_int_equal(r.overdue, 0);
	assert_string_equal(r.list[0].words, "the police are at the door");
	house.real_ms += 3 * AW_DAY_MS + 1;
	be(&house, W_AUDITOR);
	assert_ok(read_act(&house, to_review, &r, &err));
	assert_int_equal(r.overdue, 1);
	assert_ok(write_act(&house, review, &r, &err));
	assert_int_equal(write_act(&house, review, &r, &err), AW_CONFLICT);
	assert_ok(read_act(&house, to_review, &r, &err));
	assert_int_equal(r.waiting, 0);
	assert_true(r.list[0].reviewed_at.known && r.list[0].justified.v == 1);
	assert_string_equal(r.list[0].review, "the night shift's report agrees");
	house_close(&house);
}

AW_TESTS(cmocka_unit_test(it_opens_one_person_for_an_hour_and_the_log_is_told),
	cmocka_unit_test(to_a_respondents_worker_and_unit_the_protected_side_is_nobody),
	cmocka_unit_test(what_was_open_shuts_when_the_viewer_comes_to_serve_the_other_side),
	cmocka_unit_test(it_needs_a_role_a_reason_and_words),
	cmocka_unit_test(somebody_else_reviews_it_once_and_late_is_overdue))
