/* tests/policy/proposal - proposed by one, answered by another; and who works by what meanwhile. */
#include "policy/proposal.h"

#include <pthread.h>
#include <stdatomic.h>

#include "../testdb.h"
#include "nextpolicy.h"

#define TODAY 18967 /* 110-12-06 */

static const struct aw_proposal_by officer = { 7, "planner" }, second = { 8, "chief" },
				   console = { 0, "console:root" }, other = { 0, "console:eve" };

/* Keelung in force, and versions of it that are not. */
struct world {
	struct testdb db;
	struct aw_arena arena;
	struct aw_releases *releases;
	const struct aw_policy *base;
	struct aw_policy *next, *third;
	int64_t now_ms;
};

struct step {
	struct world *w;
	enum { LOAD, PROPOSE, CONFIRM, REFUSE, WITHDRAW, GET, FOLLOW } what;
	struct aw_proposal_in in;
	int64_t number;
	struct aw_proposal_by by;
	const char *words, *roles;
	struct aw_proposal got;
};

static enum aw_status
run(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct step *s = arg;
	struct world *w = s->w;

	switch (s->what) {
	case LOAD:
		return aw_release_by_loading(tx, s->in.policy, false, w->now_ms, err);
	case PROPOSE:
		return aw_proposal_make(tx, &s->in, w->now_ms, &s->number, err);
	case CONFIRM:
		return aw_proposal_confirm(
			tx, w->releases, s->number, &s->by, s->roles, w->now_ms, err);
	case REFUSE:
		return aw_proposal_refuse(tx, s->number, &s->by, s->words, w->now_ms, err);
	case WITHDRAW:
		return aw_proposal_withdraw(tx, s->number, &s->by, w->now_ms, err);
	case GET:
		return aw_proposal_get(tx, &w->arena, s->number, w->now_ms, &s->got, err);
	case FOLLOW:
		break;
	}
	return aw_releases_follow(w->releases, tx, err);
}

static void
world_open(struct world *w)
{
	struct aw_policy *loaded = NULL;
	struct aw_error err = { 0 };
	struct aw_clock clock = { 0 };
	char dir[512];

	*w = (struct world){ .now_ms = aw_taipei_day_start_ms(TODAY) + 9 * AW_HOUR_MS };
	testdb_open(&w->db);
	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source_dir());
	assert_ok(aw_policy_load_dir(dir, NULL, &loaded, &err));
	w->next = next_policy(&w->arena, loaded, "next");
	w->third = next_policy(&w->arena, loaded, "third");
	struct step load = { .w = w, .what = LOAD, .in = { .policy = loaded } };

	assert_ok(aw_db_write(w->db.db, run, &load, &err));
	clock.offset_ms = w->now_ms - aw_real_ms();
	w->releases = aw_releases_new();
	aw_releases_begin(w->releases, loaded, dir, &clock);
	w->base = loaded;
	assert_string_equal(aw_releases_folder(w->releases), dir);
}

static void
world_close(struct world *w)
{
	aw_releases_free(w->releases);
	aw_policy_free(w->next);
	aw_policy_free(w->third);
	testdb_close(&w->db);
	aw_arena_done(&w->arena);
}

static struct step
proposal_of(struct world *w, const struct aw_policy *policy, const struct aw_proposal_by *by)
{
	return (struct step){ .w = w,
		.what = PROPOSE,
		.in = { .policy = policy,
			.from_day = TODAY,
			.words = "a lower threshold",
			.by = *by } };
}

static int64_t
propose(struct world *w, const struct aw_policy *policy, const struct aw_proposal_by *by)
{
	struct step s = proposal_of(w, policy, by);
	struct aw_error err = { 0 };

	assert_ok(aw_db_write(w->db.db, run, &s, &err));
	return s.number;
}

static struct step
step_of(struct world *w, int what, int64_t number, const struct aw_proposal_by *by)
{
	struct step s = { .w = w, .number = number, .by = *by };

	s.what = (unsigned)what;
	return s;
}

static const char *
state_of(struct world *w, int64_t number)
{
	struct step s = step_of(w, GET, number, &officer);
	struct aw_error err = { 0 };

	assert_ok(aw_db_read(w->db.db, run, &s, &err));
	return s.got.answer != NULL ? s.got.answer : s.got.stale ? "stale" : "waits";
}

static void
another_person_puts_it_in_force_and_nobody_else(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct step s;
	int64_t number;

	(void)state;
	world_open(&w);
	number = propose(&w, w.next, &officer);
	assert_ptr_equal(aw_releases_current(w.releases), w.base);
	s = step_of(&w, CONFIRM, number, &officer);
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_DENIED, "another person");
	assert_ptr_equal(aw_releases_current(w.releases), w.base);
	s.by = second;
	s.roles = "worker"; /* who could put nothing else in its place */
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_DENIED, "any more");
	s.roles = "planner";
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	assert_string_equal(aw_releases_current(w.releases)->hash, w.next->hash);
	assert_string_equal(state_of(&w, number), "confirmed");
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_CONFLICT, "answered already");
	s.number = 99;
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_NOT_FOUND, "no proposal");
	world_close(&w);
}

static void
the_console_is_one_of_the_two_at_most(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct step s;
	int64_t number;

	(void)state;
	world_open(&w);
	number = propose(&w, w.next, &console);
	s = step_of(&w, CONFIRM, number, &other);
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_DENIED, "account");
	s = step_of(&w, WITHDRAW, number, &other);
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_DENIED, "withdraws");
	s = step_of(&w, CONFIRM, number, &officer);
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	number = propose(&w, w.base, &officer); /* back to the former */
	s = step_of(&w, CONFIRM, number, &console);
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	assert_ptr_equal(aw_releases_current(w.releases), w.base);
	world_close(&w);
}

static void
what_is_refused_withdrawn_or_stale_never_comes_into_force(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct step s;
	int64_t refused, withdrawn, stale, good;

	(void)state;
	world_open(&w);
	refused = propose(&w, w.next, &officer);
	s = step_of(&w, REFUSE, refused, &second);
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_INVALID, "why");
	s.words = "the numbers are wrong";
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	withdrawn = propose(&w, w.next, &officer); /* what was refused may be proposed again */
	s = step_of(&w, WITHDRAW, withdrawn, &officer);
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	stale = propose(&w, w.next, &officer);
	good = propose(&w, w.third, &officer);
	s = step_of(&w, CONFIRM, good, &second);
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	assert_string_equal(state_of(&w, stale), "stale");
	for (int64_t number = refused; number <= stale; number++) {
		s = step_of(&w, CONFIRM, number, &second);
		assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_CONFLICT,
			number == stale ? "proposed again" : "answered already");
	}
	assert_string_equal(aw_releases_current(w.releases)->hash, w.third->hash);
	assert_string_equal(state_of(&w, refused), "refused");
	assert_string_equal(state_of(&w, withdrawn), "withdrawn");
	world_close(&w);
}

static void
what_is_no_change_is_not_proposed(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct step s;

	(void)state;
	world_open(&w);
	s = proposal_of(&w, w.base, &officer);
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_CONFLICT, "policy in force");
	s = proposal_of(&w, w.next, &officer);
	s.in.base = w.third->hash;
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_CONFLICT, "another release");
	s = proposal_of(&w, w.next, &officer);
	s.in.from_day = TODAY - 1;
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_INVALID, "over already");
	s = proposal_of(&w, w.next, &officer);
	s.in.words = "x";
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_INVALID, "say what");
	(void)propose(&w, w.next, &officer);
	s = proposal_of(&w, w.next, &second);
	assert_fails(aw_db_write(w.db.db, run, &s, &err), AW_CONFLICT, "already, as number 1");
	world_close(&w);
}

static void
a_later_day_is_waited_for(void **state)
{
	struct world w;
	struct aw_error err = { 0 };
	struct step s;

	(void)state;
	world_open(&w);
	s = proposal_of(&w, w.next, &officer);
	s.in.from_day = TODAY + 1;
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	s = step_of(&w, CONFIRM, s.number, &second);
	assert_ok(aw_db_write(w.db.db, run, &s, &err));
	assert_ptr_equal(aw_releases_current(w.releases), w.base);
	s = step_of(&w, FOLLOW, 0, &second);
	assert_ok(aw_db_read(w.db.db, run, &s, &err));
	assert_ptr_equal(aw_releases_current(w.releases), w.base);

	/* the next day, on another server that was started meanwhile */
	struct aw_releases *morrow = aw_releases_new();
	struct aw_clock clock = { .offset_ms = w.now_ms + AW_DAY_MS - aw_real_ms() };
	struct aw_releases *today = w.releases;
	struct aw_policy *again = next_policy(&w.arena, w.base, "again");

	aw_releases_begin(morrow, again, NULL, &clock);
	w.releases = morrow;
	assert_ok(aw_db_read(w.db.db, run, &s, &err));
	assert_string_equal(aw_releases_current(morrow)->hash, w.next->hash);
	aw_releases_free(morrow);
	w.releases = today;
	world_close(&w);
}

/* -- readers in flight ----------------------------------------------------------------------------- */

struct reader {
	struct world *w;
	atomic_bool *stop;
	size_t looks, seen;
	pthread_t thread;
};

static void *
read_on(void *arg)
{
	struct reader *reader = arg;
	const struct aw_policy *first = aw_releases_current(reader->w->releases), *last = first;

	while (!atomic_load(reader->stop) || reader->looks < 100) {
		const struct aw_policy *now = aw_releases_current(reader->w->releases);

		reader->seen += now != last;
		last = now;
		/* what was begun under stays whole */
		assert_int_equal(strlen(first->hash), 64);
		assert_true(first->kind_count > 0 && now->kind_count == first->kind_count);
		reader->looks++;
	}
	return NULL;
}

static void
who_reads_meanwhile_keeps_what_was_begun_under(void **state)
{
	enum { READERS = 3, TURNS = 6 };
	struct world w;
	struct reader readers[READERS] = { 0 };
	struct aw_error err = { 0 };
	atomic_bool stop = false;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < READERS; i++) {
		readers[i].w = &w;
		readers[i].stop = &stop;
		assert_int_equal(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
	}
	for (size_t turn = 0; turn < TURNS; turn++) {
		const struct aw_policy *policy = turn % 2 == 0 ? w.next : w.base;
		struct step s = step_of(&w, CONFIRM, propose(&w, policy, &officer), &second);

		assert_ok(aw_db_write(w.db.db, run, &s, &err));
		assert_string_equal(aw_releases_current(w.releases)->hash, policy->hash);
	}
	atomic_store(&stop, true);
	for (size_t i = 0; i < READERS; i++) {
		pthread_join(readers[i].thread, NULL);
		assert_true(readers[i].looks >= 100);
	}
	world_close(&w);
}

AW_TESTS(cmocka_unit_test(another_person_puts_it_in_force_and_nobody_else),
	cmocka_unit_test(the_console_is_one_of_the_two_at_most),
	cmocka_unit_test(what_is_refused_withdrawn_or_stale_never_comes_into_force),
	cmocka_unit_test(what_is_no_change_is_not_proposed),
	cmocka_unit_test(a_later_day_is_waited_for),
	cmocka_unit_test(who_reads_meanwhile_keeps_what_was_begun_under))
