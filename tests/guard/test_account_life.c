/* Until when an account is good. */
#include "guard/account.h"
#include "guard/log.h"
#include "testact.h"

#define PASSWORD "correct horse battery"

struct member {
	int64_t id;
	struct aw_maybe day;
	char hash[AW_PASSWORD_TEXT];
};

static enum aw_status
add(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct member *m = arg;

	return aw_account_add(act,
		&(struct aw_account_in){ .login = "hsu",
			.name = "許示涵",
			.title = "社工",
			.unit = "dv",
			.roles = "worker",
			.password_hash = m->hash,
			.valid_until = m->day },
		&m->id, err);
}

static struct member
member(struct house *house)
{
	struct member m = { .day = AW_UNKNOWN };
	struct aw_error err = { 0 };

	assert_ok(aw_password_hash(PASSWORD, true, m.hash, &err));
	assert_ok(write_act(house, add, &m, &err));
	return m;
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

AW_TESTS(cmocka_unit_test(an_account_is_good_on_its_last_day_and_dead_the_day_after),
	cmocka_unit_test(a_later_last_day_or_none_lets_in_again_and_one_that_is_over_is_refused))
