/* Accounts, logins with back-off, sessions and tokens. */
#include "base/file.h"
#include "guard/account.h"
#include "guard/log.h"
#include "guard/password.h"
#include "testact.h"

#define PASSWORD "correct horse battery"

struct member {
	int64_t id;
	const char *login, *unit, *roles;
	char hash[AW_PASSWORD_TEXT];
	struct aw_maybe until;
};

static enum aw_status
add(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct member *m = arg;

	return aw_account_add(act,
		&(struct aw_account_in){ .login = m->login,
			.name = "許示涵",
			.title = "社工",
			.unit = m->unit,
			.roles = m->roles,
			.password_hash = m->hash },
		&m->id, err);
}

static struct member
member(struct house *house, const char *login)
{
	struct member m = { .login = login, .unit = "dv", .roles = "worker" };
	struct aw_error err = { 0 };

	assert_ok(aw_password_hash(PASSWORD, true, m.hash, &err));
	assert_ok(write_act(house, add, &m, &err));
	return m;
}

static enum aw_status
try_login(struct house *house, const char *login, const char *password)
{
	struct aw_act act = house_act(house);
	struct aw_account account;
	struct aw_error err = { 0 };

	return aw_account_check_password(house->db.db, &act, login, password, &account, &err);
}

static enum aw_status
disable(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_account_disable(act, *(int64_t *)arg, err);
}

static enum aw_status
enable(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_account_enable(act, *(int64_t *)arg, err);
}

static enum aw_status
reset(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct member *m = arg;

	return aw_account_reset(act, m->id, m->hash, m->until, err);
}

static void
a_password_is_hashed_with_argon2id_at_64_mib_and_checks(void **state)
{
	char hash[AW_PASSWORD_TEXT];
	struct aw_error err = { 0 };

	(void)state;
	assert_ok(aw_password_hash(PASSWORD, false, hash, &err));
	assert_non_null(strstr(hash, "$argon2id$v=19$m=65536,t=2,p=1$"));
	assert_ok(aw_password_hash(PASSWORD, true, hash, &err));
	assert_non_null(strstr(hash, "$argon2id$"));
}

static void
an_unknown_login_takes_the_time_of_a_known_one(void **state)
{
	char hash[AW_PASSWORD_TEXT];
	struct aw_error err = { 0 };
	int64_t begin, known_us = INT64_MAX, unknown_us = INT64_MAX;

	(void)state;
	assert_ok(aw_password_hash(PASSWORD, false, hash, &err));
	for (int i = 0; i < 3; i++) { /* the best of three: the machine has other things to do */
		begin = aw_monotonic_us();
		assert_false(aw_password_check(hash, "wrong password"));
		if (aw_monotonic_us() - begin < known_us)
			known_us = aw_monotonic_us() - begin;
		begin = aw_monotonic_us();
		assert_false(aw_password_check(NULL, "wrong password"));
		if (aw_monotonic_us() - begin < unknown_us)
			unknown_us = aw_monotonic_us() - begin;
	}
	print_message(
		"# known %lld us, unknown %lld us\n", (long long)known_us, (long long)unknown_us);
	assert_true(unknown_us > known_us / 2 && unknown_us < known_us * 2);
}

static const char *const hsu_words[] = { "hsu", "centre", "anwang", "keelung", "基隆" };
static const struct aw_password_of hsu = { hsu_words, AW_COUNT(hsu_words) };

static void
weak_passwords_are_refused_with_the_reason(void **state)
{
	struct aw_error err = { 0 };
	char long_one[AW_PASSWORD_MOST + 2];

	(void)state;
	memset(long_one, 'x', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	assert_fails(aw_password_allowed("elevenchars", &hsu, &err), AW_INVALID, "at least 12");
	assert_fails(aw_password_allowed("abababababab", &hsu, &err), AW_INVALID, "tried first");
	assert_fails(aw_password_allowed("my name is HSU", &hsu, &err), AW_INVALID, "login");
	assert_fails(aw_password_allowed("abc\xff"
					 "defghijkl",
			     &hsu, &err),
		AW_INVALID, "UTF-8");
	assert_fails(aw_password_allowed(long_one, &hsu, &err), AW_INVALID, "at most");
	assert_ok(aw_password_allowed("基隆的雨下個不停真是好看", &hsu, &err));
	assert_ok(aw_password_allowed(PASSWORD, &hsu, &err));
}

/* No rule says which kinds of characters; what counts is that nobody thinks of it soon. */
static void
what_everybody_tries_first_is_refused_and_a_phrase_is_not(void **state)
{
	static const char *const common[] = { "password1234", "Password2024!", "P@ssw0rd1234",
		"qwertyuiop123", "123456789012", "iloveyou2024", "sunshinemonkey", "aaaaaaaaaaaaa",
		"letmeinletmein", "abcdefghijkl", "Keelung20261125", "anwang anwang",
		"centrecentre1", "xk7xk7xk7xk7xk7", "基隆基隆基隆基隆基隆基隆" };
	static const char *const good[] = { "correct horse battery", "horse under the rain",
		"wzkqpxjvhtrmb", "7K3M-Q2XP-9ZRT-ABCD", "雨後的中正公園有三隻貓在曬",
		"aaaaaaaaaaab kite pond" };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(common); i++)
		if (aw_password_fault(common[i], &hsu) != AW_PASSWORD_COMMON)
			fail_msg("%s is taken", common[i]);
	for (size_t i = 0; i < AW_COUNT(good); i++)
		if (aw_password_fault(good[i], &hsu) != AW_PASSWORD_GOOD)
			fail_msg("%s is refused", good[i]);
}

/* Each word of the list that is long enough, and each twentieth of the others with a year behind it. */
static void
the_whole_list_is_refused(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_str text, rest;
	size_t alone = 0, behind = 0;

	(void)state;
	assert_ok(aw_file_read(&arena,
		aw_arena_printf(&arena, "%s/src/guard/common_passwords.txt", source_dir()), 1 << 20,
		&text, &err));
	for (rest = text; rest.at != NULL;) {
		struct aw_str line = aw_str_cut(rest, '\n', &rest);
		const char *word = aw_arena_strndup(&arena, line.at, line.len);

		if (line.len < 8 || aw_str_starts(line, "# "))
			continue;
		if (line.len >= AW_PASSWORD_LEAST) {
			alone++;
			if (aw_password_fault(word, &hsu) != AW_PASSWORD_COMMON)
				fail_msg("%s is taken", word);
		}
		if (++behind % 20 == 0 && aw_password_fault(aw_arena_printf(&arena, "%s2026", word),
						  &hsu) != AW_PASSWORD_COMMON)
			fail_msg("%s2026 is taken", word);
	}
	assert_true(alone > 150 && behind > 5000);
}

static void
made_passwords_may_be_used_and_differ(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	const char *one = aw_password_make(&arena);

	(void)state;
	assert_ok(aw_password_allowed(one, &hsu, &err));
	assert_string_not_equal(one, aw_password_make(&arena));
}

static void
accounts_need_a_free_login_a_known_unit_and_known_roles(void **state)
{
	static const struct {
		const char *login, *unit, *roles;
		enum aw_status status;
		const char *words; /* of what is said; NULL: any */
	} cases[] = {
		{ "hsu", "dv", "worker", AW_CONFLICT, NULL },
		{ "Hsu", "dv", "worker", AW_INVALID, NULL },
		{ "h", "dv", "worker", AW_INVALID, NULL },
		{ "lin", "nowhere", "worker", AW_INVALID, "units.yaml" },
		{ "lin", "dv", "worker emperor", AW_INVALID, "there are: " },
		{ "lin", "dv", "  ", AW_INVALID, NULL },
		{ "lin", "dv", "worker supervisor", AW_OK, NULL },
	};
	struct house house;
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	(void)member(&house, "hsu");
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		struct member m = {
			.login = cases[i].login, .unit = cases[i].unit, .roles = cases[i].roles
		};

		if (write_act(&house, add, &m, &err) != cases[i].status ||
			(cases[i].words != NULL && strstr(err.text, cases[i].words) == NULL))
			fail_msg("case %zu: %s", i, err.text);
	}
	house_close(&house);
}

static void
every_refusal_of_a_login_looks_alike(void **state)
{
	struct house house;
	struct member m;
	struct aw_act act;
	struct aw_account account;
	struct aw_error wrong = { 0 }, unknown = { 0 }, disabled = { 0 }, err = { 0 };

	(void)state;
	house_open(&house);
	m = member(&house, "hsu");
	act = house_act(&house);
	assert_int_equal(try_login(&house, "hsu", PASSWORD), AW_OK);
	assert_int_equal(aw_account_check_password(
				 house.db.db, &act, "hsu", "wrong password", &account, &wrong),
		AW_DENIED);
	assert_int_equal(aw_account_check_password(
				 house.db.db, &act, "nobody", PASSWORD, &account, &unknown),
		AW_DENIED);
	assert_ok(write_act(&house, disable, &m.id, &err));
	assert_int_equal(
		aw_account_check_password(house.db.db, &act, "hsu", PASSWORD, &account, &disabled),
		AW_DENIED);
	assert_memory_equal(&wrong, &unknown, sizeof(wrong));
	assert_memory_equal(&wrong, &disabled, sizeof(wrong));
	assert_ok(write_act(&house, enable, &m.id, &err));
	assert_int_equal(try_login(&house, "hsu", PASSWORD), AW_OK);
	house_close(&house);
}

static void
three_failures_lock_for_fifteen_minutes_and_each_further_one_for_twice_as_long(void **state)
{
	struct house house;
	int64_t wait = 15 * AW_MINUTE_MS;

	(void)state;
	house_open(&house);
	(void)member(&house, "hsu");
	for (int i = 0; i < 2; i++)
		assert_int_equal(try_login(&house, "hsu", "wrong"), AW_DENIED);
	assert_int_equal(try_login(&house, "hsu", PASSWORD), AW_OK); /* and the count starts anew */
	for (int i = 0; i < 3; i++)
		assert_int_equal(try_login(&house, "hsu", "wrong"), AW_DENIED);
	for (int round = 0; round < 6; round++) {
		/* tries while it is locked do not make it longer */
		assert_int_equal(try_login(&house, "hsu", PASSWORD), AW_DENIED);
		assert_int_equal(try_login(&house, "hsu", "wrong"), AW_DENIED);
		house.real_ms += wait - 1;
		assert_int_equal(try_login(&house, "hsu", PASSWORD), AW_DENIED);
		house.real_ms += 1;
		assert_int_equal(try_login(&house, "hsu", "wrong"), AW_DENIED);
		wait = wait * 2 > 4 * AW_HOUR_MS ? 4 * AW_HOUR_MS : wait * 2;
	}
	assert_true(wait == 4 * AW_HOUR_MS);
	house.real_ms += wait;
	assert_int_equal(try_login(&house, "hsu", PASSWORD), AW_OK);
	house_close(&house);
}

static enum aw_status
find_logins(struct aw_act *act, void *arg, struct aw_error *err)
{
	int64_t *counts = arg;
	struct aw_log_entry *entries;
	size_t count;
	bool more;

	if (aw_log_find(act->tx, act->arena,
		    &(struct aw_log_query){ .action = "login.", .limit = 100 }, &entries, &count,
		    &more, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		bool good = strcmp(entries[i].action, "login.ok") == 0;

		counts[good]++;
		assert_int_equal(entries[i].account != 0, good);
		assert_null(strstr(entries[i].detail, "horse"));
		/* what was typed as a login may be a password: only a known one is written */
		assert_true(entries[i].object == NULL || strcmp(entries[i].object, "hsu") == 0);
	}
	return AW_OK;
}

static void
each_try_is_in_the_log_without_what_was_typed(void **state)
{
	struct house house;
	struct aw_error err = { 0 };
	int64_t counts[2] = { 0 };

	(void)state;
	house_open(&house);
	(void)member(&house, "hsu");
	(void)try_login(&house, "hsu", PASSWORD);
	(void)try_login(&house, "hsu", "wrong");
	(void)try_login(&house, PASSWORD, "hsu");
	assert_ok(read_act(&house, find_logins, counts, &err));
	assert_int_equal(counts[0], 2);
	assert_int_equal(counts[1], 1);
	house_close(&house);
}

/* -- sessions ----------------------------------------------------------------------------------- */

struct start {
	int64_t account;
	const char *purpose;
	char token[AW_TOKEN_TEXT];
};

static enum aw_status
start(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct start *s = arg;
	struct aw_account account;

	if (aw_account_get(act->tx, act->arena, s->account, &account, err) != AW_OK)
		return err->status;
	return aw_session_start(act, &account, s->purpose, false, s->token, err);
}

struct finding {
	const char *token;
	struct aw_session session;
	bool found;
};

static enum aw_status
find(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct finding *f = arg;

	return aw_session_find(
		act->tx, act->arena, f->token, act->real_ms, &f->session, &f->found, err);
}

static bool
alive(struct house *house, const char *token, struct aw_session *ret_session)
{
	struct finding f = { .token = token };
	struct aw_error err = { 0 };

	assert_ok(read_act(house, find, &f, &err));
	if (f.found && ret_session != NULL)
		*ret_session = f.session;
	return f.found;
}

static enum aw_status
touch(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_session_touch(act->tx, arg, act->real_ms, err);
}

static enum aw_status
end(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_session_end(act, arg, err);
}

static void
a_session_lives_until_it_is_idle_or_old_or_ended(void **state)
{
	struct house house;
	struct start s = { 0 };
	struct aw_session session;
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	s.account = member(&house, "hsu").id;
	assert_ok(write_act(&house, start, &s, &err));
	assert_true(alive(&house, s.token, &session));
	assert_string_equal(session.account.login, "hsu");
	assert_string_equal(session.purpose, "casework");
	house.real_ms += AW_SESSION_IDLE_MS - 1;
	assert_true(alive(&house, s.token, NULL));
	house.real_ms += 1;
	assert_false(alive(&house, s.token, NULL)); /* dead at the limit itself */

	assert_ok(write_act(&house, start, &s, &err));
	for (int i = 0; i < 29; i++) { /* busy for 9 h 40 min */
		assert_true(alive(&house, s.token, &session));
		house.real_ms += 20 * AW_MINUTE_MS;
		assert_ok(write_act(&house, touch, &session, &err));
	}
	house.real_ms += 20 * AW_MINUTE_MS - 1;
	assert_true(alive(&house, s.token, NULL));
	house.real_ms += 1;
	assert_false(alive(&house, s.token, NULL));

	assert_ok(write_act(&house, start, &s, &err));
	assert_true(alive(&house, s.token, &session));
	assert_ok(write_act(&house, end, &session, &err));
	assert_false(alive(&house, s.token, NULL));
	house_close(&house);
}

static void
disabling_and_resetting_an_account_ends_its_sessions_at_once(void **state)
{
	struct house house;
	struct member m;
	struct start s = { 0 };
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	m = member(&house, "hsu");
	s.account = m.id;
	assert_ok(write_act(&house, start, &s, &err));
	assert_true(alive(&house, s.token, NULL));
	assert_ok(write_act(&house, disable, &m.id, &err));
	assert_false(alive(&house, s.token, NULL));
	assert_ok(write_act(&house, enable, &m.id, &err));
	assert_false(alive(&house, s.token, NULL));
	assert_ok(write_act(&house, start, &s, &err));
	assert_ok(aw_password_hash("another good password", true, m.hash, &err));
	assert_ok(write_act(&house, reset, &m, &err));
	assert_false(alive(&house, s.token, NULL));
	assert_int_equal(try_login(&house, "hsu", PASSWORD), AW_DENIED);
	assert_int_equal(try_login(&house, "hsu", "another good password"), AW_OK);
	m.id = 99;
	assert_int_equal(write_act(&house, reset, &m, &err), AW_NOT_FOUND);
	house_close(&house);
}

static void
a_token_that_is_not_one_finds_nothing_and_none_is_stored(void **state)
{
	struct house house;
	struct start s = { 0 };
	struct aw_error err = { 0 };
	char other[AW_TOKEN_TEXT];

	(void)state;
	house_open(&house);
	s.account = member(&house, "hsu").id;
	assert_ok(write_act(&house, start, &s, &err));
	memcpy(other, s.token, sizeof(other));
	other[0] = other[0] == '0' ? '1' : '0';
	assert_false(alive(&house, other, NULL));
	assert_false(alive(&house, "", NULL));
	assert_false(alive(&house, NULL, NULL));
	assert_false(alive(&house, "' OR 1=1 --", NULL));
	other[63] = '\0';
	assert_false(alive(&house, other, NULL));
	house_close(&house);
}

struct purpose {
	struct aw_session session;
	const char *purpose;
};

static enum aw_status
change(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct purpose *p = arg;

	return aw_session_purpose(act, &p->session, p->purpose, err);
}

static void
only_the_purposes_of_ones_roles_may_be_acted_for(void **state)
{
	struct house house;
	struct start s = { .purpose = "screening" };
	struct purpose p;
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	s.account = member(&house, "hsu").id;
	assert_int_equal(write_act(&house, start, &s, &err), AW_DENIED);
	s.purpose = "contact_reporter";
	assert_ok(write_act(&house, start, &s, &err));
	assert_true(alive(&house, s.token, &p.session));
	assert_string_equal(p.session.purpose, "contact_reporter");
	p.purpose = "casework";
	assert_ok(write_act(&house, change, &p, &err));
	assert_true(alive(&house, s.token, &p.session));
	assert_string_equal(p.session.purpose, "casework");
	p.purpose = "audit";
	assert_int_equal(write_act(&house, change, &p, &err), AW_DENIED);
	p.purpose = NULL;
	assert_int_equal(write_act(&house, change, &p, &err), AW_DENIED);
	house_close(&house);
}

static void
a_form_is_the_sessions_own_or_refused(void **state)
{
	struct house house;
	struct start s = { 0 }, t;
	struct aw_session session, other;
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	s.account = member(&house, "hsu").id;
	t = s;
	assert_ok(write_act(&house, start, &s, &err));
	assert_ok(write_act(&house, start, &t, &err));
	assert_true(alive(&house, s.token, &session));
	assert_true(alive(&house, t.token, &other));
	assert_true(aw_session_csrf_ok(&session, session.csrf));
	assert_false(aw_session_csrf_ok(&session, other.csrf));
	assert_false(aw_session_csrf_ok(&session, ""));
	assert_false(aw_session_csrf_ok(&session, NULL));
	assert_false(aw_session_csrf_ok(&session, s.token));
	house_close(&house);
}

/* -- agencies' tokens --------------------------------------------------------------------------- */

struct api {
	const char *sender, *unit, *ask;
	char token[AW_TOKEN_TEXT];
	struct aw_api_sender found;
	bool is_found;
};

static enum aw_status
add_token(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct api *a = arg;

	return aw_api_token_add(act, a->sender, a->unit, a->token, err);
}

static enum aw_status
find_token(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct api *a = arg;

	return aw_api_token_find(act->tx, act->arena, a->token, &a->found, &a->is_found, err);
}

static enum aw_status
disable_token(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_api_token_disable(act, ((struct api *)arg)->sender, err);
}

static void
an_agencys_token_names_its_sender_until_it_is_disabled(void **state)
{
	struct house house;
	struct api a = { .sender = "school-system", .unit = "school" };
	struct aw_error err = { 0 };

	(void)state;
	house_open(&house);
	assert_ok(write_act(&house, add_token, &a, &err));
	assert_ok(read_act(&house, find_token, &a, &err));
	assert_true(a.is_found);
	assert_string_equal(a.found.unit, "school");
	assert_ok(write_act(&house, disable_token, &a, &err));
	assert_ok(read_act(&house, find_token, &a, &err));
	assert_false(a.is_found);
	assert_int_equal(write_act(&house, disable_token, &a, &err), AW_NOT_FOUND);
	a.unit = "nowhere";
	assert_int_equal(write_act(&house, add_token, &a, &err), AW_INVALID);
	house_close(&house);
}

static enum aw_status
number(struct aw_act *act, void *arg, struct aw_error *err)
{
	return aw_act_number(act, 'R', arg, err);
}

static void
public_numbers_count_up_within_a_day_and_hold_their_check_digit(void **state)
{
	struct house house;
	struct aw_error err = { 0 };
	char *first = NULL, *second = NULL;

	(void)state;
	house_open(&house);
	assert_ok(write_act(&house, number, &first, &err));
	assert_ok(write_act(&house, number, &second, &err));
	assert_true(strncmp(first, "RC1101206-0001-", 15) == 0);
	assert_true(strncmp(second, "RC1101206-0002-", 15) == 0);
	assert_true(aw_public_number_valid(second, "RC"));
	house_close(&house);
}

AW_TESTS(cmocka_unit_test(a_password_is_hashed_with_argon2id_at_64_mib_and_checks),
	cmocka_unit_test(an_unknown_login_takes_the_time_of_a_known_one),
	cmocka_unit_test(weak_passwords_are_refused_with_the_reason),
	cmocka_unit_test(what_everybody_tries_first_is_refused_and_a_phrase_is_not),
	cmocka_unit_test(the_whole_list_is_refused),
	cmocka_unit_test(made_passwords_may_be_used_and_differ),
	cmocka_unit_test(accounts_need_a_free_login_a_known_unit_and_known_roles),
	cmocka_unit_test(every_refusal_of_a_login_looks_alike),
	cmocka_unit_test(
		three_failures_lock_for_fifteen_minutes_and_each_further_one_for_twice_as_long),
	cmocka_unit_test(each_try_is_in_the_log_without_what_was_typed),
	cmocka_unit_test(a_session_lives_until_it_is_idle_or_old_or_ended),
	cmocka_unit_test(disabling_and_resetting_an_account_ends_its_sessions_at_once),
	cmocka_unit_test(a_token_that_is_not_one_finds_nothing_and_none_is_stored),
	cmocka_unit_test(only_the_purposes_of_ones_roles_may_be_acted_for),
	cmocka_unit_test(a_form_is_the_sessions_own_or_refused),
	cmocka_unit_test(an_agencys_token_names_its_sender_until_it_is_disabled),
	cmocka_unit_test(public_numbers_count_up_within_a_day_and_hold_their_check_digit))
