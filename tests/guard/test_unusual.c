/* Unusual looks: a thousand made-up snoops among a hundred thousand reads of a month are looked for by
 * Keelung's own rules; the test prints what share was flagged, story by story, and what was flagged
 * that should not have been. */
#include <sqlite3.h>

#include "guard/log.h"
#include "guard/unusual.h"
#include "policy/policy.h"
#include "testact.h"

enum {
	PEOPLE = 5000, /* the first TIED of them have a unit that serves them */
	TIED = 4000,
	UNITS = 40, /* unit 0 is the centre, which screens */
	SCREENERS = 20,
	WORKERS = 180,
	NORMAL = 100000,
	SNOOPS = 1000,
	DAYS = 28,
	POOL = 100, /* namesakes of a day, opened to be compared */
	UNIT_OF_WORK = 2000,
};

/* A Monday, 00:00 in Taipei. */
static const int64_t monday = INT64_C(1740931200000);

enum story { HONEST, BROWSES, AT_NIGHT, AGAIN, MANY_EYES, REFUSED, ONCE, STORIES };
static const char *const story_names[STORIES] = { "honest", "20 strangers within 40 minutes",
	"5 strangers in an evening", "one stranger on 5 days", "one person by 10 accounts in a day",
	"15 refusals in half an hour", "one look at one stranger" };

struct look {
	int64_t at, leaf;
	int32_t account, person; /* person 0: refused */
	enum story story;
	bool flagged;
};

struct bench {
	struct house house;
	struct aw_policy *policy;
	struct aw_random random;
	struct look looks[NORMAL + SNOOPS];
	size_t count, next;
	struct aw_watched watched;
	struct aw_notice *notices;
	size_t notice_count;
	size_t mistaken; /* notices in which nothing is a snoop's */
};

static int32_t
below(struct bench *b, int32_t most)
{
	return (int32_t)aw_random_below(&b->random, (uint64_t)most);
}

static bool
percent(struct bench *b, int32_t tenths)
{
	return below(b, 1000) < tenths;
}

/* -- a city ------------------------------------------------------------------------------------- */

static int32_t
unit_of(int32_t account)
{
	return account <= SCREENERS ? 0 : 1 + account % (UNITS - 1);
}

static const char *
number_of(struct aw_arena *arena, int32_t person)
{
	return aw_arena_printf(arena, "PC1101206-%04d-1", person);
}

static void
raw_sql(struct bench *b, const char *sql)
{
	sqlite3 *raw = NULL;
	char *why = NULL;

	assert_int_equal(sqlite3_open(b->house.db.url + strlen("sqlite:"), &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	if (sqlite3_exec(raw, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	(void)sqlite3_close(raw);
}

/* People, and ties: each of the first TIED to one unit, every tenth also to the centre. */
static void
open_bench(struct bench *b)
{
	struct aw_error err = { 0 };

	house_open(&b->house);
	aw_random_seed(&b->random, 11);
	assert_ok(aw_policy_load_dir(
		aw_arena_printf(&b->house.arena, "%s/policy/keelung", source_dir()), NULL,
		&b->policy, &err));
	raw_sql(b,
		aw_arena_printf(&b->house.arena,
			"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
			"%d) INSERT INTO person (id, number, key, sealed, version, source, "
			"recorded_at) SELECT i, printf('PC1101206-%%04d-1', i), i, x'00', 1, "
			"'report', 1 FROM n",
			PEOPLE));
	raw_sql(b,
		aw_arena_printf(&b->house.arena,
			"INSERT INTO relation (id, unit, account, person, side, tie, reference, "
			"from_at, to_at) SELECT id, 'unit' || (1 + id %% %d), NULL, id, 'neutral', "
			"'lead', id, 1, NULL FROM person WHERE id <= %d;"
			"INSERT INTO relation (id, unit, account, person, side, tie, reference, "
			"from_at, to_at) SELECT 100000 + id, 'unit0', NULL, id, 'neutral', "
			"'screening', id, 1, NULL FROM person WHERE id %% 10 = 0",
			UNITS - 1, TIED));
}

static void
close_bench(struct bench *b)
{
	aw_policy_free(b->policy);
	house_close(&b->house);
	free(b);
}

/* -- a month of looks --------------------------------------------------------------------------- */

static int64_t
on_day(int32_t day, int32_t minute)
{
	return monday + day * AW_DAY_MS + minute * AW_MINUTE_MS;
}

static int32_t
working_day(struct bench *b)
{
	return below(b, DAYS / 7) * 7 + below(b, 5);
}

static int64_t
in_office(struct bench *b, int32_t day)
{
	return on_day(day, 8 * 60 + 15) + below(b, 9 * 60) * AW_MINUTE_MS + below(b, 60000);
}

static void
add(struct bench *b, enum story story, int64_t at, int32_t account, int32_t person)
{
	b->looks[b->count++] = (struct look){ at, 0, account, person, story, false };
}

/* Somebody that neither the account's unit nor the centre has to do with. */
static int32_t
stranger(struct bench *b, int32_t account)
{
	int32_t person;

	do
		person = 1 + below(b, PEOPLE);
	while (person % 10 == 0 ||
		(person <= TIED && 1 + person % (UNITS - 1) == unit_of(account)));
	return person;
}

static void
add_honest(struct bench *b)
{
	int32_t day = working_day(b);
	int32_t account =
		percent(b, 200) ? 1 + below(b, SCREENERS) : SCREENERS + 1 + below(b, WORKERS);
	int64_t at = in_office(b, day);
	int32_t person;

	if (percent(b, 40)) /* on call */
		at = on_day(day, 18 * 60) + below(b, 300) * AW_MINUTE_MS;
	if (account <= SCREENERS)
		person = percent(b, 80) ? 1 + 10 * ((day * POOL + below(b, POOL)) % (PEOPLE / 10))
					: 10 * (1 + below(b, PEOPLE / 10));
	else if (percent(b, 15)) /* a name mistaken, a colleague covered for */
		person = stranger(b, account);
	else
		person = (unit_of(account) - 1 +
			  (UNITS - 1) * (1 + below(b, TIED / (UNITS - 1) - 1)));
	add(b, HONEST, at, account, person);
}

static int32_t
any_account(struct bench *b)
{
	return 1 + below(b, SCREENERS + WORKERS);
}

static void
add_snoops(struct bench *b)
{
	for (int i = 0; i < 20; i++) { /* 400 */
		int32_t account = any_account(b);
		int64_t at = in_office(b, working_day(b));

		for (int k = 0; k < 20; k++)
			add(b, BROWSES, at + k * 2 * AW_MINUTE_MS, account, stranger(b, account));
	}
	for (int i = 0; i < 30; i++) { /* 150 */
		int32_t account = any_account(b);
		int64_t at = on_day(below(b, DAYS), 19 * 60 + below(b, 120));

		for (int k = 0; k < 5; k++)
			add(b, AT_NIGHT, at + k * 7 * AW_MINUTE_MS, account, stranger(b, account));
	}
	for (int i = 0; i < 40; i++) { /* 200 */
		int32_t account = any_account(b), person = stranger(b, account);
		int32_t day = below(b, 7);

		for (int k = 0; k < 5; k++)
			add(b, AGAIN, in_office(b, day + k * 4), account, person);
	}
	for (int i = 0; i < 5; i++) { /* 50 */
		int32_t person = TIED + 1 + 10 * below(b, (PEOPLE - TIED) / 10),
			day = working_day(b);

		for (int k = 0; k < 10; k++)
			add(b, MANY_EYES, in_office(b, day), 1 + 17 * k + below(b, 17), person);
	}
	for (int i = 0; i < 10; i++) { /* 150 */
		int32_t account = any_account(b);
		int64_t at = in_office(b, working_day(b));

		for (int k = 0; k < 15; k++)
			add(b, REFUSED, at + k * 2 * AW_MINUTE_MS, account, 0);
	}
	for (int i = 0; i < 50; i++) { /* 50 */
		int32_t account = any_account(b);

		add(b, ONCE, in_office(b, working_day(b)), account, stranger(b, account));
	}
}

static int
by_time(const void *left, const void *right)
{
	int64_t a = ((const struct look *)left)->at, c = ((const struct look *)right)->at;

	return (a > c) - (a < c);
}

static enum aw_status
write_some(struct aw_act *first, void *arg, struct aw_error *err)
{
	struct bench *b = arg;

	for (int i = 0; i < UNIT_OF_WORK && b->next < b->count; i++, b->next++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct look *look = &b->looks[b->next];
		struct aw_act act = *first;
		struct aw_viewer viewer = { .account = look->account, .purpose = "casework" };

		look->leaf = (int64_t)b->next;
		viewer.login = aw_arena_printf(&arena, "a%d", look->account);
		viewer.unit = aw_arena_printf(&arena, "unit%d", unit_of(look->account));
		act.arena = &arena;
		act.viewer = &viewer;
		act.real_ms = look->at;
		act.looked = NULL;
		act.action = "person.view";
		act.object = look->person == 0 ? NULL : number_of(&arena, look->person);
		aw_act_looked(&act, look->person, BIT(EXISTENCE) | BIT(IDENTITY));
		if (aw_log_append(&act, look->person == 0 ? "denied" : "ok", NULL, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static void
write_all(struct bench *b)
{
	struct aw_error err = { 0 };

	qsort(b->looks, b->count, sizeof(*b->looks), by_time);
	while (b->next < b->count)
		assert_ok(write_act(&b->house, write_some, b, &err));
}

/* -- watching ----------------------------------------------------------------------------------- */

static enum aw_status
watch(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct bench *b = arg;

	act->policy = b->policy;
	act->real_ms = act->now_ms = on_day(DAYS, 0);
	return aw_unusual_watch(act, 5000, &b->watched, err);
}

static enum aw_status
read_notices(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct bench *b = arg;

	return aw_notices(act->tx, act->arena, false, 100000, &b->notices, &b->notice_count, err);
}

static int64_t
watch_all(struct bench *b)
{
	struct aw_error err = { 0 };
	int64_t strays = 0;

	do {
		assert_ok(write_act(&b->house, watch, b, &err));
		strays += b->watched.strays;
	} while (b->watched.more);
	assert_ok(read_act(&b->house, read_notices, b, &err));
	return strays;
}

static bool
is_about(const struct aw_notice *notice, const struct look *look)
{
	bool refusals = strcmp(notice->rule, "refused") == 0;

	return (!notice->account.known || notice->account.v == look->account) &&
	       (!notice->person.known || notice->person.v == look->person) &&
	       refusals == (look->person == 0);
}

static bool
is_stray(const struct look *look)
{
	return look->person == 0 ||
	       (look->person > TIED
			       ? look->person % 10 != 0 || unit_of(look->account) != 0
			       : 1 + look->person % (UNITS - 1) != unit_of(look->account) &&
					 (look->person % 10 != 0 || unit_of(look->account) != 0));
}

static void
mark(struct bench *b)
{
	for (size_t n = 0; n < b->notice_count; n++) {
		const struct aw_notice *notice = &b->notices[n];
		bool snoop = false;

		for (int64_t i = notice->first_leaf; i <= notice->last_leaf; i++) {
			struct look *look = &b->looks[i];

			if (!is_about(notice, look) || !is_stray(look))
				continue;
			look->flagged = true;
			snoop |= look->story != HONEST;
		}
		b->mistaken += !snoop;
	}
}

static void
report(const struct bench *b, int64_t strays, size_t ret_flagged[STORIES], size_t ret_all[STORIES])
{
	size_t snoops = 0, flagged = 0;

	for (size_t i = 0; i < b->count; i++) {
		ret_all[b->looks[i].story]++;
		ret_flagged[b->looks[i].story] += b->looks[i].flagged;
	}
	for (int s = HONEST + 1; s < STORIES; s++) {
		(void)printf("# %s: %zu of %zu looks flagged\n", story_names[s], ret_flagged[s],
			ret_all[s]);
		snoops += ret_all[s];
		flagged += ret_flagged[s];
	}
	(void)printf(
		"# %zu of %zu snoops' looks flagged (%.1f %%) in %zu notices; %lld looks of %zu "
		"needed an explanation\n",
		flagged, snoops, 100.0 * (double)flagged / (double)snoops, b->notice_count,
		(long long)strays, b->count);
	(void)printf(
		"# false: %zu notices without a snoop, %zu of %zu honest looks (%.3f %%) in any\n",
		b->mistaken, ret_flagged[HONEST], ret_all[HONEST],
		100.0 * (double)ret_flagged[HONEST] / (double)ret_all[HONEST]);
}

static void
snoops_are_told_from_a_month_of_honest_reading(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	size_t flagged[STORIES] = { 0 }, all[STORIES] = { 0 };
	int64_t strays;

	(void)state;
	assert_non_null(b);
	open_bench(b);
	for (int i = 0; i < NORMAL; i++)
		add_honest(b);
	add_snoops(b);
	assert_int_equal(b->count, NORMAL + SNOOPS);
	write_all(b);
	strays = watch_all(b);
	mark(b);
	report(b, strays, flagged, all);
	for (int s = BROWSES; s <= REFUSED; s++)
		assert_true(flagged[s] * 100 >= all[s] * 95);
	assert_true(flagged[HONEST] * 100 <= all[HONEST]); /* one in a hundred at most */
	assert_true(b->mistaken * 10 <= b->notice_count);
	close_bench(b);
}

/* -- small ones --------------------------------------------------------------------------------- */

static struct bench *
open_small(void)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	open_bench(b);
	return b;
}

static void
one_account_in_twelve_minutes(struct bench *b, int32_t account, bool strangers, int count)
{
	for (int i = 0; i < count; i++)
		add(b, HONEST, on_day(0, 600 + i), account,
			strangers ? TIED + 1 + i * 10
				  : unit_of(account) - 1 + (UNITS - 1) * (1 + i));
}

static void
what_has_a_tie_raises_nothing_and_the_same_number_of_strangers_does(void **state)
{
	struct bench *b = open_small();

	(void)state;
	one_account_in_twelve_minutes(b, 100, false, 40);
	one_account_in_twelve_minutes(b, 101, true, 11);
	one_account_in_twelve_minutes(b, 102, true, 12);
	write_all(b);
	assert_int_equal(watch_all(b), 23);
	assert_int_equal(b->notice_count, 1);
	assert_string_equal(b->notices[0].rule, "many_strangers");
	assert_int_equal(b->notices[0].account.v, 102);
	assert_int_equal(b->notices[0].counted, 12);
	assert_int_equal(b->notices[0].looks, 12);
	/* looked through once is looked through */
	assert_int_equal(watch_all(b), 0);
	assert_int_equal(b->notice_count, 1);
	close_bench(b);
}

struct answering {
	int64_t number;
	const char *finding;
};

static enum aw_status
answer(struct aw_act *act, void *arg, struct aw_error *err)
{
	const struct answering *a = arg;

	return aw_notice_answer(act, a->number, a->finding, err);
}

static void
a_notice_is_answered_once_and_new_looks_raise_a_new_one(void **state)
{
	struct bench *b = open_small();
	struct aw_error err = { 0 };
	int64_t number;

	(void)state;
	one_account_in_twelve_minutes(b, 102, true, 13);
	write_all(b);
	(void)watch_all(b);
	assert_int_equal(b->notice_count, 1);
	assert_int_equal(b->notices[0].looks, 13); /* it grew by one */
	number = b->notices[0].number;
	assert_fails(write_act(&b->house, answer, &(struct answering){ number, "nothing" }, &err),
		AW_INVALID, "explained");
	assert_ok(write_act(&b->house, answer, &(struct answering){ number, "explained" }, &err));
	assert_fails(write_act(&b->house, answer, &(struct answering){ number, "pursued" }, &err),
		AW_CONFLICT, "answered already");
	assert_fails(
		write_act(&b->house, answer, &(struct answering){ number + 1, "pursued" }, &err),
		AW_NOT_FOUND, "no notice");
	add(b, HONEST, on_day(0, 620), 102, TIED + 501);
	b->next = b->count - 1;
	assert_ok(write_act(&b->house, write_some, b, &err));
	(void)watch_all(b);
	assert_int_equal(b->notice_count, 1);
	assert_true(b->notices[0].number > number);
	close_bench(b);
}

static void
without_rules_nothing_is_watched(void **state)
{
	struct bench *b = open_small();

	(void)state;
	one_account_in_twelve_minutes(b, 102, true, 50);
	write_all(b);
	b->policy->watch.rule_count = 0;
	assert_int_equal(watch_all(b), 0);
	assert_int_equal(b->notice_count, 0);
	close_bench(b);
}

AW_TESTS(cmocka_unit_test(what_has_a_tie_raises_nothing_and_the_same_number_of_strangers_does),
	cmocka_unit_test(a_notice_is_answered_once_and_new_looks_raise_a_new_one),
	cmocka_unit_test(without_rules_nothing_is_watched),
	cmocka_unit_test(snoops_are_told_from_a_month_of_honest_reading))
