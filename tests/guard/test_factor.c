/* The second factor: RFC 6238's own codes, each counted once, guessing held up, recovery codes. */
#include "guard/factor.h"

#include <ctype.h>
#include <oath.h>

#include "guard/log.h"
#include "testact.h"

struct enrolled {
	struct aw_account account;
	uint8_t secret[AW_FACTOR_SECRET_BYTES];
	const char *codes[AW_FACTOR_CODES];
	struct aw_second_factor factor;
	const char *code;
	bool right;
};

static enum aw_status
make_account(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct enrolled *e = arg;
	int64_t id;

	if (aw_account_add(act,
		    &(struct aw_account_in){ .login = "hsu",
			    .name = "許示涵",
			    .title = "社工",
			    .unit = "dv",
			    .roles = "worker",
			    .password_hash = "!" },
		    &id, err) != AW_OK)
		return err->status;
	return aw_account_get(act->tx, act->arena, id, &e->account, err);
}

static enum aw_status
begin(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct enrolled *e = arg;

	if (aw_factor_begin(act, e->account.id, err) != AW_OK)
		return err->status;
	return aw_factor_get(act, &e->account, &e->factor, err);
}

static enum aw_status
confirm(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct enrolled *e = arg;

	if (aw_factor_confirm(act, e->account.id, e->code, &e->right, err) != AW_OK)
		return err->status;
	if (e->right && aw_factor_codes(act, e->account.id, e->codes, err) != AW_OK)
		return err->status;
	return aw_factor_get(act, &e->account, &e->factor, err);
}

static enum aw_status
remove_it(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct enrolled *e = arg;

	if (aw_factor_remove(act, e->account.id, err) != AW_OK)
		return err->status;
	return aw_factor_get(act, &e->account, &e->factor, err);
}

static const char *
code_at(struct house *house, const struct enrolled *e, int64_t steps)
{
	char *code = aw_arena_alloc(&house->arena, 7);

	aw_factor_code(e->secret, house->real_ms / 30000 + steps, code);
	return code;
}

static enum aw_status
give(struct house *house, const struct enrolled *e, const char *code)
{
	struct aw_act act = house_act(house);
	struct aw_error err = { 0 };

	return aw_factor_check(house->db.db, &act, &e->account, code, &err);
}

/* An account whose factor is confirmed with the code of the step before now. */
static void
enrol(struct house *house, struct enrolled *e)
{
	struct aw_error err = { 0 };
	char *secret = NULL;
	size_t len = 0;

	house_open(house);
	*e = (struct enrolled){ 0 };
	assert_ok(write_act(house, make_account, e, &err));
	assert_ok(write_act(house, begin, e, &err));
	assert_true(e->factor.begun && !e->factor.confirmed);
	assert_int_equal(
		oath_base32_decode(e->factor.secret, strlen(e->factor.secret), &secret, &len),
		OATH_OK);
	assert_int_equal(len, AW_FACTOR_SECRET_BYTES);
	memcpy(e->secret, secret, len);
	free(secret);
	e->code = code_at(house, e, -1);
	assert_ok(write_act(house, confirm, e, &err));
	assert_true(e->right && e->factor.confirmed);
}

/* RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
static void
the_codes_are_those_of_rfc_6238(void **state)
{
	static const struct {
		int64_t seconds;
		const char *code;
	} vectors[] = {
		{ 59, "287082" },
		{ 1111111109, "081804" },
		{ 1111111111, "050471" },
		{ 1234567890, "005924" },
		{ 2000000000, "279037" },
		{ INT64_C(20000000000), "353130" },
	};
	char code[7];

	(void)state;
	for (size_t i = 0; i < AW_COUNT(vectors); i++) {
		aw_factor_code(
			(const uint8_t *)"12345678901234567890", vectors[i].seconds / 30, code);
		assert_string_equal(code, vectors[i].code);
	}
}

static void
a_secret_is_shown_until_it_is_answered_and_never_again(void **state)
{
	struct enrolled e;
	struct house house;
	struct aw_error err = { 0 };

	(void)state;
	enrol(&house, &e);
	assert_null(e.factor.secret);
	assert_null(e.factor.uri);
	assert_int_equal(e.factor.codes_left, AW_FACTOR_CODES);
	assert_int_equal(write_act(&house, begin, &e, &err), AW_CONFLICT);
	house_close(&house);
}

static void
a_wrong_first_code_confirms_nothing(void **state)
{
	struct enrolled e = { 0 };
	struct house house;
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	assert_ok(write_act(&house, make_account, &e, &err));
	assert_ok(write_act(&house, begin, &e, &err));
	e.code = "12345";
	assert_ok(write_act(&house, confirm, &e, &err));
	assert_false(e.right || e.factor.confirmed);
	assert_int_equal(give(&house, &e, "000000"), AW_DENIED);
	house_close(&house);
}

static void
a_code_counts_once_and_none_before_it(void **state)
{
	struct enrolled e;
	struct house house;

	(void)state;
	enrol(&house, &e);
	assert_int_equal(give(&house, &e, code_at(&house, &e, -1)), AW_DENIED); /* at enrolment */
	assert_int_equal(give(&house, &e, code_at(&house, &e, 1)), AW_OK);
	assert_int_equal(give(&house, &e, code_at(&house, &e, 1)), AW_DENIED);
	assert_int_equal(give(&house, &e, code_at(&house, &e, 0)), AW_DENIED);
	house.real_ms += 60000;
	assert_int_equal(give(&house, &e, code_at(&house, &e, 0)), AW_OK);
	house_close(&house);
}

static void
one_step_to_either_side_is_taken_and_not_two(void **state)
{
	struct enrolled e;
	struct house house;

	(void)state;
	enrol(&house, &e);
	house.real_ms += 300000;
	assert_int_equal(give(&house, &e, code_at(&house, &e, -2)), AW_DENIED);
	assert_int_equal(give(&house, &e, code_at(&house, &e, 2)), AW_DENIED);
	assert_int_equal(give(&house, &e, code_at(&house, &e, -1)), AW_OK);
	assert_int_equal(give(&house, &e, code_at(&house, &e, 1)), AW_OK);
	house_close(&house);
}

/* The code of six digits that is none of the next ones. */
static const char *
wrong_code(struct house *house, const struct enrolled *e)
{
	for (int64_t n = 111111;; n++) {
		const char *code = aw_arena_printf(&house->arena, "%06lld", (long long)n);

		if (strcmp(code, code_at(house, e, -1)) != 0 &&
			strcmp(code, code_at(house, e, 0)) != 0 &&
			strcmp(code, code_at(house, e, 1)) != 0)
			return code;
	}
}

static void
after_three_wrong_ones_no_code_is_looked_at_for_fifteen_minutes(void **state)
{
	struct enrolled e;
	struct house house;

	(void)state;
	enrol(&house, &e);
	/* 24 characters of five bits in groups of four: 112 are asked for (ASVS 5.0, 6.5.2) */
	for (size_t i = 0; i < AW_FACTOR_CODES; i++)
		assert_int_equal(strlen(e.codes[i]), 24 + 5);
	for (int i = 0; i < AW_FACTOR_FREE_TRIES; i++)
		assert_int_equal(give(&house, &e, wrong_code(&house, &e)), AW_DENIED);
	assert_int_equal(give(&house, &e, code_at(&house, &e, 0)), AW_DENIED);
	assert_int_equal(give(&house, &e, e.codes[0]), AW_DENIED); /* a recovery code neither */
	house.real_ms += 15 * AW_MINUTE_MS - 1;
	assert_int_equal(give(&house, &e, code_at(&house, &e, 0)), AW_DENIED);
	house.real_ms += 1;
	assert_int_equal(give(&house, &e, wrong_code(&house, &e)), AW_DENIED);
	house.real_ms += 15 * AW_MINUTE_MS; /* twice as long now */
	assert_int_equal(give(&house, &e, code_at(&house, &e, 0)), AW_DENIED);
	house.real_ms += 15 * AW_MINUTE_MS;
	assert_int_equal(give(&house, &e, code_at(&house, &e, 0)), AW_OK);
	house_close(&house);
}

static void
a_recovery_code_is_good_once_however_it_is_typed(void **state)
{
	struct enrolled e, other;
	struct house house;
	char *typed;

	(void)state;
	enrol(&house, &e);
	typed = aw_arena_strdup(&house.arena, e.codes[3]);
	for (char *at = typed; *at != '\0'; at++)
		*at = *at == '-' ? ' ' : (char)tolower((unsigned char)*at);
	assert_int_equal(give(&house, &e, typed), AW_OK);
	assert_int_equal(give(&house, &e, e.codes[3]), AW_DENIED);
	assert_int_equal(give(&house, &e, e.codes[4]), AW_OK);
	other = e;
	other.account.id = 77; /* nobody else's */
	assert_int_equal(give(&house, &other, e.codes[5]), AW_DENIED);
	house_close(&house);
}

static void
taken_away_nothing_of_it_is_left(void **state)
{
	struct enrolled e;
	struct house house;
	struct aw_error err = { 0 };

	(void)state;
	enrol(&house, &e);
	assert_ok(write_act(&house, remove_it, &e, &err));
	assert_false(e.factor.begun);
	assert_int_equal(give(&house, &e, code_at(&house, &e, 0)), AW_DENIED);
	assert_int_equal(give(&house, &e, e.codes[0]), AW_DENIED);
	assert_int_equal(write_act(&house, remove_it, &e, &err), AW_NOT_FOUND);
	house_close(&house);
}

struct last {
	struct aw_log_entry *entries;
	size_t count;
};

static enum aw_status
find_last(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct last *last = arg;
	bool more;

	return aw_log_find(act->tx, act->arena, &(struct aw_log_query){ .limit = 1 },
		&last->entries, &last->count, &more, err);
}

static void
each_answer_is_in_the_log_with_why_and_without_the_code(void **state)
{
	static const char *const why[] = { "right", "replayed", "wrong", "recovery" };
	struct enrolled e;
	struct house house;
	struct aw_error err = { 0 };

	(void)state;
	enrol(&house, &e);
	for (size_t i = 0; i < AW_COUNT(why); i++) {
		const char *code = i < 2    ? code_at(&house, &e, 0)
				   : i == 2 ? wrong_code(&house, &e)
					    : e.codes[0];
		struct last last = { 0 };

		(void)give(&house, &e, code);
		assert_ok(read_act(&house, find_last, &last, &err));
		assert_string_equal(
			last.entries[0].action, i == 0 || i == 3 ? "factor.ok" : "factor.failed");
		assert_string_equal(last.entries[0].detail,
			aw_arena_printf(&house.arena, "{\"why\":\"%s\"}", why[i]));
		assert_string_equal(last.entries[0].object, "hsu");
	}
	house_close(&house);
}

static void
a_role_may_require_it(void **state)
{
	static const struct aw_role roles[] = { { .code = "worker" },
		{ .code = "screener", .second_factor = true } };
	static const struct aw_policy policy = { .roles = roles, .role_count = 2 };
	struct aw_session session = { .account = { .roles = "worker screener" } };

	(void)state;
	assert_false(aw_factor_required(&policy, "worker"));
	assert_true(aw_factor_required(&policy, "worker screener"));
	assert_false(aw_factor_required(&policy, "screeners"));
	assert_int_equal(aw_session_state(&policy, &session), AW_SESSION_NEEDS_ENROLMENT);
	session.has_factor = true;
	assert_int_equal(aw_session_state(&policy, &session), AW_SESSION_NEEDS_FACTOR);
	session.factor_at = AW_KNOWN(1);
	assert_int_equal(aw_session_state(&policy, &session), AW_SESSION_WHOLE);
	session = (struct aw_session){ .account = { .roles = "worker" } };
	assert_int_equal(aw_session_state(&policy, &session), AW_SESSION_WHOLE);
}

AW_TESTS(cmocka_unit_test(the_codes_are_those_of_rfc_6238),
	cmocka_unit_test(a_secret_is_shown_until_it_is_answered_and_never_again),
	cmocka_unit_test(a_wrong_first_code_confirms_nothing),
	cmocka_unit_test(a_code_counts_once_and_none_before_it),
	cmocka_unit_test(one_step_to_either_side_is_taken_and_not_two),
	cmocka_unit_test(after_three_wrong_ones_no_code_is_looked_at_for_fifteen_minutes),
	cmocka_unit_test(a_recovery_code_is_good_once_however_it_is_typed),
	cmocka_unit_test(taken_away_nothing_of_it_is_left),
	cmocka_unit_test(each_answer_is_in_the_log_with_why_and_without_the_code),
	cmocka_unit_test(a_role_may_require_it))
