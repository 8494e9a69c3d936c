/* Until when an account is good: its last day, how long nobody may use it, and its earlier passwords. */
#include <sqlite3.h>

#include "guard/account.h"
#include "guard/log.h"
#include "testact.h"

#define PASSWORD "correct horse battery"

struct member {
	const char *login;
	int64_t id;
	struct aw_maybe day;
	char hash[AW_PASSWORD_TEXT];
};

static enum aw_status
add(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct member *m = arg;

	return aw_account_add(act,
		&(struct aw_account_in){ .login = m->login,
			.name = "許示涵",
			.title = "社工",
			.unit = "dv",
			.roles = "worker",
			.password_hash = m->hash,
			.valid_until = m->day },
		&m->id, err);
}

static struct member
member_called(struct house *house, const char *login)
{
	struct member m = { .login = login, .day = AW_UNKNOWN };
	struct aw_error err = { 0 };

	assert_ok(aw_password_hash(PASSWORD, true, m.hash, &err));
	assert_ok(write_act(house, add, &m, &err));
	return m;
}

static struct member
member(struct house *house)
{
	return member_called(house, "hsu");
}

static enum aw_status
try_login(struct house *house, const char *login, struct aw_error *err)
{
	struct aw_act act = house_act(house);
	struct aw_account account;

	return aw_account_check_password(house->db.db, &act, login, PASSWORD, &account, err);
}

static bool
comes_in(struct house *house)
{
	struct aw_error err = { 0 };
	enum aw_status status = try_login(house, "hsu", &err);

	assert_true(status == AW_OK || status == AW_DENIED);
	return status == AW_OK;
}

struct start {
	int64_t account;
	char token[AW_TOKEN_TEXT];
	bool found;
};

static enum aw_status
start(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct start *s = arg;
	struct aw_account account;

	if (aw_account_get(act->tx, act->arena, s->account, &account, err) != AW_OK)
		return err->status;
	return aw_session_start(act, &account, NULL, false, s->token, err);
}

static enum aw_status
find(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct start *s = arg;
	struct aw_session session;

	return aw_session_find(
		act->tx, act->arena, s->token, act->real_ms, &session, &s->found, err);
}

static bool
alive(struct house *house, struct start *s)
{
	struct aw_error err = { 0 };

	assert_ok(read_act(house, find, s, &err));
	return s->found;
}

static enum aw_status
get(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct aw_account *account = arg;

	return aw_account_get(act->tx, act->arena, account->id, account, err);
}

static struct aw_account
account_of(struct house *house, int64_t id)
{
	struct aw_account account = { .id = id };
	struct aw_error err = { 0 };

	assert_ok(read_act(house, get, &account, &err));
	return account;
}

/* -- the last day --------------------------------------------------------------------------------- */

static enum aw_status
set_until(struct aw_act *act, void *arg, struct aw_error *err)
{
	const struct member *m = arg;

	return aw_account_set_until(act, m->id, m->day, err);
}

static void
an_account_is_good_on_its_last_day_and_dead_the_day_after(void **state)
{
	struct house house;
	struct member m;
	struct start s = { 0 };
	struct aw_error err = { 0 }, unknown = { 0 }, over = { 0 };

	(void)state;
	house_open(&house);
	m = member(&house);
	s.account = m.id;
	m.day = AW_KNOWN(aw_taipei_day(house.real_ms) + 3);
	assert_ok(write_act(&house, set_until, &m, &err));
	house.real_ms = aw_taipei_day_start_ms((int32_t)m.day.v + 1) - 1;
	assert_true(comes_in(&house));
	assert_ok(write_act(&house, start, &s, &err));
	assert_true(alive(&house, &s));
	house.real_ms++; /* Taipei's midnight */
	assert_false(alive(&house, &s));
	assert_int_equal(try_login(&house, "hsu", &over), AW_DENIED);
	assert_int_equal(try_login(&house, "nobody", &unknown), AW_DENIED);
	assert_memory_equal(&over, &unknown, sizeof(over));
	assert_int_equal(
		aw_account_state(&(struct aw_account){ .valid_until = m.day }, house.real_ms),
		AW_ACCOUNT_EXPIRED);
	assert_int_equal(account_of(&house, m.id).failed_count, 0);
	house_close(&house);
}

static void
a_later_last_day_or_none_lets_in_again_and_one_that_is_over_is_refused(void **state)
{
	struct house house;
	struct member m;
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	m = member(&house);
	m.day = AW_KNOWN(aw_taipei_day(house.real_ms));
	assert_ok(write_act(&house, set_until, &m, &err));
	house.real_ms += AW_DAY_MS;
	assert_false(comes_in(&house));
	assert_fails(write_act(&house, set_until, &m, &err), AW_INVALID, "over already");
	m.day.v++;
	assert_ok(write_act(&house, set_until, &m, &err));
	assert_true(comes_in(&house));
	house.real_ms += 400 * AW_DAY_MS;
	assert_false(comes_in(&house));
	m.day = AW_UNKNOWN;
	assert_ok(write_act(&house, set_until, &m, &err));
	assert_true(comes_in(&house));
	m.id = 99;
	assert_int_equal(write_act(&house, set_until, &m, &err), AW_NOT_FOUND);
	m.day = AW_KNOWN(0);
	assert_fails(write_act(&house, add, &m, &err), AW_INVALID, "over already");
	house_close(&house);
}

/* -- accounts that nobody uses -------------------------------------------------------------------- */

enum { IDLE_DAYS = 90 };

/* A city that is no demo, and has the rule. */
static void
be_real(struct aw_act *act)
{
	static struct aw_policy policy;

	policy = test_policy;
	policy.idle.days = IDLE_DAYS;
	act->policy = &policy;
	act->demo = false;
}

static bool
comes_in_for_real(struct house *house)
{
	struct aw_act act = house_act(house);
	struct aw_account account;
	struct aw_error err = { 0 };
	enum aw_status status;

	be_real(&act);
	status = aw_account_check_password(house->db.db, &act, "hsu", PASSWORD, &account, &err);
	assert_true(status == AW_OK || status == AW_DENIED);
	return status == AW_OK;
}

static enum aw_status
sweep(struct aw_act *act, void *arg, struct aw_error *err)
{
	be_real(act);
	return aw_accounts_sweep(act, arg, err);
}

static enum aw_status
sweep_demo(struct aw_act *act, void *arg, struct aw_error *err)
{
	be_real(act);
	act->demo = true;
	return aw_accounts_sweep(act, arg, err);
}

static size_t
swept(struct house *house, act_fn *how)
{
	struct aw_error err = { 0 };
	size_t disabled = 99;

	assert_ok(write_act(house, how, &disabled, &err));
	return disabled;
}

static enum aw_status
enable(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_account_enable(act, ((struct member *)arg)->id, err);
}

struct entries {
	const char *action;
	struct aw_log_entry *at;
	size_t count;
};

static enum aw_status
read_entries(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct entries *e = arg;
	bool more;

	return aw_log_find(act->tx, act->arena,
		&(struct aw_log_query){ .action = e->action, .limit = 10 }, &e->at, &e->count,
		&more, err);
}

static void
an_account_that_nobody_uses_lets_nobody_in_until_it_is_enabled(void **state)
{
	struct house house;
	struct member m;
	struct entries e = { .action = "login.failed" };
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	m = member(&house);
	house.real_ms += IDLE_DAYS * AW_DAY_MS - 1;
	assert_true(comes_in_for_real(&house)); /* and from here on it counts */
	house.real_ms += IDLE_DAYS * AW_DAY_MS;
	assert_true(comes_in(&house)); /* a demo's */
	house.real_ms += IDLE_DAYS * AW_DAY_MS;
	assert_false(comes_in_for_real(&house));
	assert_ok(read_act(&house, read_entries, &e, &err));
	assert_string_equal(e.at[0].detail, "{\"why\":\"idle\"}");
	assert_int_equal(account_of(&house, m.id).failed_count, 0);
	assert_ok(write_act(&house, enable, &m, &err));
	assert_true(comes_in_for_real(&house));
	house_close(&house);
}

static void
the_sweep_disables_it_with_an_entry_and_once(void **state)
{
	struct house house;
	struct member m, other;
	struct start s = { 0 };
	struct entries e = { .action = "account.idle" };
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	m = member(&house);
	other = member_called(&house, "lin");
	s.account = m.id;
	assert_int_equal(swept(&house, sweep), 0);
	house.real_ms += IDLE_DAYS * AW_DAY_MS;
	assert_int_equal(swept(&house, sweep), 0); /* nobody is there: is the clock right? */
	assert_ok(write_act(&house, enable, &other, &err));
	assert_ok(write_act(&house, start, &s, &err)); /* behind the door's back */
	assert_int_equal(swept(&house, sweep_demo), 0);
	assert_true(alive(&house, &s));
	assert_int_equal(swept(&house, sweep), 1);
	assert_false(alive(&house, &s));
	assert_true(account_of(&house, m.id).disabled_at.known);
	assert_int_equal(swept(&house, sweep), 0);
	assert_ok(read_act(&house, read_entries, &e, &err));
	assert_int_equal(e.count, 1);
	assert_string_equal(e.at[0].object, "hsu");
	assert_string_equal(e.at[0].detail, "{\"days\":90}");
	assert_ok(write_act(&house, enable, &m, &err));
	assert_int_equal(swept(&house, sweep), 0);
	house_close(&house);
}

/* As of before it was kept: nobody is shut out by a newer program. */
static void
one_of_which_it_is_not_known_counts_from_the_first_look(void **state)
{
	struct house house;
	struct member m;
	sqlite3 *raw = NULL;

	(void)state;
	house_open(&house);
	m = member(&house);
	assert_int_equal(sqlite3_open(house.db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	assert_int_equal(sqlite3_exec(raw, "UPDATE account SET used_at = NULL", NULL, NULL, NULL),
		SQLITE_OK);
	(void)sqlite3_close(raw);
	house.real_ms += 2 * IDLE_DAYS * AW_DAY_MS;
	assert_int_equal(swept(&house, sweep), 0);
	assert_true(account_of(&house, m.id).used_at.v == house.real_ms);
	house.real_ms += IDLE_DAYS * AW_DAY_MS;
	(void)member_called(&house, "lin"); /* the city is not asleep */
	assert_int_equal(swept(&house, sweep), 1);
	assert_true(account_of(&house, m.id).disabled_at.known);
	house_close(&house);
}

/* -- earlier passwords ------------------------------------------------------------------------------ */

struct password {
	int64_t account;
	const char *text;
	struct aw_maybe until;
};

static enum aw_status
set_password(struct aw_act *act, void *arg, struct aw_error *err)
{
	const struct password *p = arg;
	char hash[AW_PASSWORD_TEXT];

	if (aw_password_hash(p->text, true, hash, err) != AW_OK)
		return err->status;
	return aw_account_reset(act, p->account, hash, p->until, err);
}

static bool
is_earlier(struct house *house, int64_t account, const char *password)
{
	struct aw_error err = { 0 };
	bool is = false;

	assert_ok(
		aw_password_is_earlier(house->db.db, &house->arena, account, password, &is, &err));
	return is;
}

static void
the_three_before_the_present_one_are_known_again_and_no_others(void **state)
{
	static const char *const own[] = { "one horse under rain", "two horses under rain",
		"three horses in rain", "four horses in rain" };
	struct house house;
	struct member m;
	struct password p = { .until = AW_UNKNOWN };
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	m = member(&house);
	p.account = m.id;
	assert_false(is_earlier(&house, m.id, PASSWORD)); /* it is the present one */
	for (size_t i = 0; i < AW_COUNT(own); i++) {
		p.text = own[i];
		assert_ok(write_act(&house, set_password, &p, &err));
		assert_int_equal(is_earlier(&house, m.id, PASSWORD), i < 3);
	}
	for (size_t i = 0; i < AW_COUNT(own); i++)
		assert_int_equal(is_earlier(&house, m.id, own[i]), i < 3);
	/* what was handed over takes no other's place */
	for (int i = 0; i < 3; i++) {
		p.text = "handed over on paper";
		p.until = AW_KNOWN(house.real_ms + AW_PASSWORD_FIRST_MS);
		assert_ok(write_act(&house, set_password, &p, &err));
	}
	for (size_t i = 0; i < AW_COUNT(own); i++)
		assert_int_equal(is_earlier(&house, m.id, own[i]), i > 0);
	assert_false(is_earlier(&house, m.id, "handed over on paper"));
	assert_false(is_earlier(&house, 99, PASSWORD));
	house_close(&house);
}

AW_TESTS(cmocka_unit_test(an_account_is_good_on_its_last_day_and_dead_the_day_after),
	cmocka_unit_test(a_later_last_day_or_none_lets_in_again_and_one_that_is_over_is_refused),
	cmocka_unit_test(an_account_that_nobody_uses_lets_nobody_in_until_it_is_enabled),
	cmocka_unit_test(the_sweep_disables_it_with_an_entry_and_once),
	cmocka_unit_test(one_of_which_it_is_not_known_counts_from_the_first_look),
	cmocka_unit_test(the_three_before_the_present_one_are_known_again_and_no_others))
