/* What the holder of an account is told of its sign-ins: what is strange, and not what is daily. */
#include "guard/signin.h"

#include "guard/log.h"
#include "testact.h"

#define PASSWORD "correct horse battery"
#define EDGE                                                                                       \
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "        \
	"Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0"
#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"

static const struct aw_signin_from office = { "10.20.3.4", EDGE };
static const struct aw_signin_from desk_beside = { "10.20.77.9", EDGE };
static const struct aw_signin_from far = { "203.0.113.50", EDGE };
static const struct aw_signin_from penguin = { "10.20.3.4", FIREFOX };

/* -- a house with one account, and what happens to it --------------------------------------------- */

struct world {
	struct house house;
	struct aw_account account;
	char hash[AW_PASSWORD_TEXT];
	struct aw_signins found;
};

static enum aw_status
make_account(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct world *w = arg;
	int64_t id;

	if (aw_account_add(act,
		    &(struct aw_account_in){ .login = "hsu",
			    .name = "許示涵",
			    .title = "社工",
			    .unit = "dv",
			    .roles = "worker",
			    .password_hash = w->hash },
		    &id, err) != AW_OK)
		return err->status;
	return aw_account_get(act->tx, act->arena, id, &w->account, err);
}

static void
world_open(struct world *w)
{
	struct aw_error err = { 0 };

	*w = (struct world){ 0 };
	house_open(&w->house);
	assert_ok(aw_password_hash(PASSWORD, true, w->hash, &err));
	assert_ok(write_act(&w->house, make_account, w, &err));
}

static void
type(struct world *w, const struct aw_signin_from *from, const char *password)
{
	struct aw_act act = house_act(&w->house);
	struct aw_account account;
	struct aw_error err = { 0 };

	act.from = from;
	assert_int_equal(
		aw_account_check_password(w->house.db.db, &act, "hsu", password, &account, &err),
		strcmp(password, PASSWORD) == 0 ? AW_OK : AW_DENIED);
	w->house.real_ms += 1000;
}

static enum aw_status
read_signins(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct world *w = arg;
	const struct aw_session session = { .account = w->account, .created_at = act->real_ms };

	return aw_signins_read(act, &session, &w->found, err);
}

/* What is told now to who signed in last. */
static bool
told(struct world *w)
{
	struct aw_error err = { 0 };

	assert_ok(read_act(&w->house, read_signins, w, &err));
	return w->found.tell;
}

/* A day later, a right password. */
static bool
sign_in(struct world *w, const struct aw_signin_from *from)
{
	w->house.real_ms += AW_DAY_MS;
	type(w, from, PASSWORD);
	return told(w);
}

struct entry {
	const char *action, *outcome, *detail, *object;
	struct aw_viewer viewer;
};

static enum aw_status
append(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct entry *entry = arg;

	act->action = entry->action;
	act->object = entry->object;
	act->viewer = &entry->viewer;
	return aw_log_append(act, entry->outcome, entry->detail, err);
}

/* As the page or the command that does it writes it. by: 0 the command. */
static void
happen(struct world *w, const char *action, const char *outcome, int64_t by)
{
	struct aw_error err = { 0 };
	struct entry entry = { action, outcome, NULL, "hsu",
		{ .account = by, .login = by == 0 ? "console:root" : "somebody" } };

	assert_ok(write_act(&w->house, append, &entry, &err));
	w->house.real_ms += 1000;
}

/* A second factor's answer, or a password that asks for it. */
static void
step(struct world *w, const char *action, const struct aw_signin_from *from, bool asks)
{
	struct aw_error err = { 0 };
	struct entry entry = { action, strstr(action, "ok") != NULL ? "ok" : "denied",
		aw_signin_detail(&w->house.arena, "right", w->account.id, from, asks), "hsu",
		{ .account = w->account.id, .login = "hsu" } };

	assert_ok(write_act(&w->house, append, &entry, &err));
	w->house.real_ms += 1000;
}

/* -- tests ---------------------------------------------------------------------------------------- */

static void
what_is_daily_is_not_told(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	assert_false(sign_in(&w, &office)); /* the first */
	assert_false(w.found.last_at.known);
	assert_false(sign_in(&w, &office));
	assert_true(w.found.last_at.known);
	assert_int_equal(w.house.real_ms - 1000 - w.found.last_at.v, AW_DAY_MS + 1000);
	assert_false(sign_in(&w, &desk_beside)); /* another address of the same network */
	type(&w, &desk_beside, "correct horse batery");
	type(&w, &desk_beside, "CORRECT HORSE BATTERY");
	type(&w, &desk_beside, PASSWORD);
	assert_false(told(&w)); /* one's own two slips */
	assert_int_equal(w.found.tries, 2);
	assert_int_equal(w.found.events[1].times, 2);
	assert_int_equal(w.found.events[1].what, AW_SIGNIN_WRONG);
	assert_true(w.found.events[0].own && w.found.events[0].here);
	house_close(&w.house);
}

static void
failed_tries_are_told_when_they_are_several_or_no_slip_of_ones_own(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	(void)sign_in(&w, &office);
	for (int i = 0; i < AW_LOGIN_FREE_TRIES; i++) /* and the account rests */
		type(&w, &office, "not it");
	assert_true(sign_in(&w, &office));
	assert_int_equal(w.found.tries, AW_LOGIN_FREE_TRIES);
	assert_false(sign_in(&w, &office)); /* told once */
	type(&w, &far, "not it");	    /* one, from elsewhere, just before */
	type(&w, &office, PASSWORD);
	assert_true(told(&w));
	assert_int_equal(w.found.tries, 1);
	assert_false(w.found.new_place); /* nobody came in from there */
	type(&w, &penguin, "not it");
	type(&w, &office, PASSWORD);
	assert_true(told(&w));
	type(&w, &office, "not it"); /* one from here, long before */
	assert_true(sign_in(&w, &office));
	happen(&w, "login.failed", "denied", 0); /* in a session: the old password mistyped */
	assert_false(sign_in(&w, &office));
	assert_int_equal(w.found.tries, 1);
	for (int i = 0; i < AW_LOGIN_FREE_TRIES; i++) /* somebody guesses at an open session */
		happen(&w, "login.failed", "denied", 0);
	assert_true(sign_in(&w, &office));
	house_close(&w.house);
}

static void
a_network_and_a_client_are_told_the_first_time(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	(void)sign_in(&w, &office);
	assert_true(sign_in(&w, &far));
	assert_true(w.found.new_place && !w.found.new_client);
	assert_true(w.found.events[0].new_place && !w.found.events[1].new_place);
	assert_false(sign_in(&w, &far));
	assert_true(sign_in(&w, &penguin));
	assert_true(w.found.new_client && !w.found.new_place);
	assert_string_equal(w.found.events[0].system, "linux");
	assert_string_equal(w.found.events[0].browser, "firefox");
	assert_false(sign_in(&w, &penguin));
	assert_true(sign_in(&w, &office)); /* of both, at the desk */
	assert_false(sign_in(&w, &office));
	assert_false(sign_in(&w, &penguin));
	house_close(&w.house);
}

/* Whoever signs in with a stolen password from elsewhere sees the news first, twice even. */
static void
a_thief_cannot_read_the_news_away(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	(void)sign_in(&w, &office);
	for (int i = 0; i < 2; i++)
		type(&w, &far, "not it");
	type(&w, &far, PASSWORD);
	assert_true(told(&w));
	happen(&w, "factor.remove", "ok", w.account.id);
	type(&w, &far, PASSWORD);
	type(&w, &far, PASSWORD);
	assert_false(told(&w));
	assert_true(sign_in(&w, &office));
	assert_true(w.found.new_place);
	assert_int_equal(w.found.tries, 2);
	assert_int_equal(w.found.changes, 1);
	house_close(&w.house);
}

static void
a_long_absence_is_told(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	(void)sign_in(&w, &office);
	w.house.real_ms += AW_SIGNIN_ABSENT_MS - AW_DAY_MS - 2000;
	assert_false(sign_in(&w, &office));
	w.house.real_ms += AW_SIGNIN_ABSENT_MS - AW_DAY_MS;
	assert_true(sign_in(&w, &office));
	assert_true(w.found.absent);
	assert_false(sign_in(&w, &office));
	house_close(&w.house);
}

static void
a_right_password_that_no_code_followed_is_told_and_a_whole_sign_in_is_one_line(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	(void)sign_in(&w, &office);
	step(&w, "login.ok", &office, true);
	step(&w, "factor.ok", &office, false);
	assert_false(told(&w));
	assert_int_equal(w.found.count, 2);
	step(&w, "login.ok", &far, true); /* somebody has the password and not the telephone */
	step(&w, "factor.failed", &far, false);
	step(&w, "login.ok", &office, true);
	step(&w, "factor.ok", &office, false);
	assert_true(told(&w));
	assert_int_equal(w.found.half, 1);
	assert_int_equal(w.found.tries, 1);
	assert_false(w.found.new_place); /* nobody came in from there */
	assert_int_equal(w.found.events[2].what, AW_SIGNIN_HALF);
	/* a proof in a session is no sign-in, and makes no half one whole */
	step(&w, "login.ok", &far, true);
	happen(&w, "factor.ok", "ok", w.account.id);
	happen(&w, "factor.remove", "ok", w.account.id);
	assert_true(sign_in(&w, &office)); /* without a code: nor does this */
	assert_int_equal(w.found.half, 1);
	assert_int_equal(w.found.changes, 1);
	step(&w, "login.ok", &office, true); /* the telephone lay in the other room */
	step(&w, "login.ok", &office, true);
	step(&w, "factor.ok", &office, false);
	assert_false(told(&w));
	house_close(&w.house);
}

static void
each_change_of_what_one_signs_in_with_is_told_with_who_did_it(void **state)
{
	static const struct {
		const char *action;
		enum aw_signin_what what;
	} changes[] = {
		{ "account.password", AW_SIGNIN_PASSWORD },
		{ "user.reset", AW_SIGNIN_RESET },
		{ "factor.confirm", AW_SIGNIN_FACTOR_ON },
		{ "factor.codes", AW_SIGNIN_CODES },
		{ "factor.remove", AW_SIGNIN_FACTOR_OFF },
		{ "factor.reset", AW_SIGNIN_FACTOR_RESET },
		{ "account.disable", AW_SIGNIN_DISABLED },
		{ "user.disable", AW_SIGNIN_DISABLED },
		{ "account.enable", AW_SIGNIN_ENABLED },
		{ "user.enable", AW_SIGNIN_ENABLED },
	};
	struct world w;

	(void)state;
	world_open(&w);
	happen(&w, "user.reset", "ok", 0); /* before the first sign-in there is nobody to tell */
	assert_false(sign_in(&w, &office));
	for (size_t i = 0; i < AW_COUNT(changes); i++) {
		happen(&w, changes[i].action, "invalid", 77); /* one that came to nothing */
		assert_false(sign_in(&w, &office));
		happen(&w, changes[i].action, "ok", i % 2 == 0 ? 77 : 0);
		if (!sign_in(&w, &office))
			fail_msg("%s is not told", changes[i].action);
		assert_int_equal(w.found.changes, 1);
		assert_int_equal(w.found.events[1].what, changes[i].what);
		assert_int_equal(w.found.events[1].account.known, i % 2 == 0);
		assert_true(w.found.events[1].since);
		assert_false(sign_in(&w, &office));
	}
	happen(&w, "factor.secret", "ok", w.account.id); /* looked at, nothing changed */
	assert_false(sign_in(&w, &office));
	house_close(&w.house);
}

static void
somebody_elses_account_is_not_told_of(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct entry entry = { "account.password", "ok", NULL, "hsu2", { .login = "hsu2" } };

	(void)state;
	world_open(&w);
	(void)sign_in(&w, &office);
	assert_ok(write_act(&w.house, append, &entry, &err));
	assert_false(sign_in(&w, &office));
	assert_int_equal(w.found.count, 2);
	house_close(&w.house);
}

static void
a_flood_of_tries_hides_nothing(void **state)
{
	struct world w;
	size_t in = 0;

	(void)state;
	world_open(&w);
	(void)sign_in(&w, &office);
	happen(&w, "factor.reset", "ok", 77);
	for (int i = 0; i < AW_SIGNIN_TRIES_READ + 50; i++)
		happen(&w, "login.failed", "denied", 0);
	assert_true(sign_in(&w, &office));
	assert_int_equal(w.found.tries, AW_SIGNIN_TRIES_READ);
	assert_true(w.found.tries_more);
	assert_int_equal(w.found.changes, 1);
	for (size_t i = 0; i < w.found.count; i++)
		in += w.found.events[i].what == AW_SIGNIN_IN;
	assert_int_equal(in, 2);
	house_close(&w.house);
}

/* -- what is kept of where it came from ------------------------------------------------------------- */

static void
neither_the_address_nor_a_word_of_the_browser_is_kept(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_signin_from odd = { "10.20.3.4", "Tester\"/1 (secret phone)" };
	const char *detail = aw_signin_detail(&arena, "right", 7, &office, false);

	(void)state;
	assert_non_null(strstr(detail, "\"system\":\"windows\",\"browser\":\"edge\"}"));
	assert_null(strstr(detail, "10.20"));
	assert_null(strstr(detail, "124"));
	assert_string_equal(detail, aw_signin_detail(&arena, "right", 7, &desk_beside, false));
	assert_string_not_equal(detail, aw_signin_detail(&arena, "right", 7, &far, false));
	/* the same network is another code at another account */
	assert_string_not_equal(detail, aw_signin_detail(&arena, "right", 8, &office, false));
	detail = aw_signin_detail(&arena, "wrong", 7, &odd, false);
	assert_non_null(strstr(detail, "\"system\":\"other\",\"browser\":\"other\""));
	assert_null(strstr(detail, "secret"));
	assert_string_equal(
		aw_signin_detail(&arena, "right", 7, NULL, true), "{\"why\":\"right\"}");
}

static void
addresses_of_both_kinds_have_a_network(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	static const struct {
		const char *one, *other;
		bool same;
	} pairs[] = {
		{ "192.0.2.7", "192.0.200.7", true },
		{ "192.0.2.7", "192.1.2.7", false },
		{ "192.0.2.7", "::ffff:192.0.2.7", true },
		{ "2001:db8:1::1", "2001:db8:2::1", true },
		{ "2001:db8:1::1", "2001:db9:1::1", false },
		{ "console", "no address", true },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(pairs); i++) {
		const struct aw_signin_from one = { pairs[i].one, NULL },
					    other = { pairs[i].other, NULL };
		bool same = strcmp(aw_signin_detail(&arena, "right", 7, &one, false),
				    aw_signin_detail(&arena, "right", 7, &other, false)) == 0;

		if (same != pairs[i].same)
			fail_msg("%s and %s: %d", pairs[i].one, pairs[i].other, same);
	}
	assert_non_null(strstr(
		aw_signin_detail(&arena, "right", 7, &(struct aw_signin_from){ NULL, NULL }, false),
		"\"place\":\"-\""));
}

static void
browsers_are_told_apart_by_what_they_say_first(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	static const struct {
		const char *agent, *kept;
	} known[] = {
		{ "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, "
		  "like Gecko) Version/17.4 Safari/605.1.15",
			"\"macos\",\"browser\":\"safari\"" },
		{ "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
		  "(KHTML, like Gecko) CriOS/124.0 Mobile/15E148 Safari/604.1",
			"\"ios\",\"browser\":\"chrome\"" },
		{ "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) "
		  "Chrome/124.0.0.0 Mobile Safari/537.36",
			"\"android\",\"browser\":\"chrome\"" },
		{ "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, "
		  "like Gecko) SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36",
			"\"android\",\"browser\":\"other\"" },
		{ EDGE, "\"windows\",\"browser\":\"edge\"" },
		{ FIREFOX, "\"linux\",\"browser\":\"firefox\"" },
		{ "curl/7.88.1", "\"other\",\"browser\":\"other\"" },
		{ NULL, "\"other\",\"browser\":\"other\"" },
	};

	(void)state;
	for (size_t i = 0; i < AW_COUNT(known); i++) {
		const struct aw_signin_from from = { "192.0.2.7", known[i].agent };
		const char *detail = aw_signin_detail(&arena, "right", 7, &from, false);

		if (strstr(detail, known[i].kept) == NULL)
			fail_msg("%s: %s", known[i].agent, detail);
	}
}

AW_TESTS(cmocka_unit_test(what_is_daily_is_not_told),
	cmocka_unit_test(failed_tries_are_told_when_they_are_several_or_no_slip_of_ones_own),
	cmocka_unit_test(a_network_and_a_client_are_told_the_first_time),
	cmocka_unit_test(a_thief_cannot_read_the_news_away),
	cmocka_unit_test(a_long_absence_is_told),
	cmocka_unit_test(
		a_right_password_that_no_code_followed_is_told_and_a_whole_sign_in_is_one_line),
	cmocka_unit_test(each_change_of_what_one_signs_in_with_is_told_with_who_did_it),
	cmocka_unit_test(somebody_elses_account_is_not_told_of),
	cmocka_unit_test(a_flood_of_tries_hides_nothing),
	cmocka_unit_test(neither_the_address_nor_a_word_of_the_browser_is_kept),
	cmocka_unit_test(addresses_of_both_kinds_have_a_network),
	cmocka_unit_test(browsers_are_told_apart_by_what_they_say_first))
