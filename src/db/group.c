/* One transaction of the writer: its units, their commit, and what memory learns of it. */
#include "db/group.h"

#include <sodium.h>
#include <time.h>

#include "base/clock.h"

#define ATTEMPTS_MOST 8 /* of a unit that meets others' changes: about 2 s of waiting in all */

static void
after_drop(struct aw_tx *tx)
{
	aw_arena_done(&tx->arena);
	tx->notes = NULL;
	tx->after = NULL;
	tx->after_end = &tx->after;
}

static void
begin_unit(struct aw_group *group, struct aw_unit *unit, bool bold)
{
	aw_error_clear(unit->err);
	unit->tx = (struct aw_tx){
		.conn = group->conn, .writes = true, .lasts = &group->lasts, .bold = bold
	};
	unit->tx.after_end = &unit->tx.after;
}

/* Calls a unit's function. One that gives way is timed, without what it would wait for of others. */
static enum aw_status
call(struct aw_group *group, struct aw_unit *unit)
{
	struct aw_error ignored = { 0 };
	int64_t start_us;

	if (!unit->later)
		return unit->fn(&unit->tx, unit->arg, unit->err);
	/* what failed of those before it shows behind it, too */
	if (group->conn->engine->arrive != NULL)
		(void)group->conn->engine->arrive(group->conn, &ignored);
	start_us = aw_monotonic_us();
	unit->status = unit->fn(&unit->tx, unit->arg, unit->err);
	unit->took_us = aw_monotonic_us() - start_us;
	return unit->status;
}

/* Runs one unit inside the open transaction, without a savepoint. False: it failed, and what it wrote is
 * still there or the transaction takes nothing more. */
static bool
run_bare(struct aw_group *group, struct aw_unit *unit)
{
	const struct aw_engine *engine = group->conn->engine;

	begin_unit(group, unit, engine->begin_asking != NULL);
	(void)engine->wrote(group->conn);
	unit->status = call(group, unit);
	if (unit->status == AW_OK || !engine->in_transaction(group->conn))
		return true;
	after_drop(&unit->tx);
	return !engine->wrote(group->conn);
}

/* Runs one unit inside the open transaction, alone behind its savepoint. */
static void
run_saved(struct aw_group *group, struct aw_unit *unit)
{
	const struct aw_engine *engine = group->conn->engine;
	struct aw_error undo = { 0 };

	begin_unit(group, unit, false);
	unit->status = engine->step(group->conn, AW_STEP_SAVE, unit->err);
	if (unit->status != AW_OK)
		return;
	unit->status = call(group, unit);
	if (!engine->in_transaction(group->conn))
		return;
	if (unit->status == AW_OK)
		unit->status = engine->step(group->conn, AW_STEP_RELEASE, unit->err);
	if (unit->status != AW_OK) {
		after_drop(&unit->tx);
		aw_lasts_forget(&group->lasts);
		if (engine->step(group->conn, AW_STEP_UNDO, &undo) != AW_OK)
			(void)engine->step(group->conn, AW_STEP_ROLLBACK, &undo);
	}
}

static void
fail_all(struct aw_unit *const *units, size_t count, const struct aw_error *err)
{
	for (size_t i = 0; i < count; i++) {
		after_drop(&units[i]->tx);
		if (units[i]->status == AW_OK) {
			*units[i]->err = *err;
			units[i]->status = err->status;
		}
	}
}

enum ended {
	ENDED_DONE,  /* committed, or every unit knows why not */
	ENDED_GIVEN, /* the engine gave it up before the commit: the units may run again */
	ENDED_MET,   /* the same, for it met another server's change */
};

/* Undoes the whole group, so that it may run again. */
static enum ended
give_up(struct aw_group *group, struct aw_unit *const *units, size_t count, struct aw_error *why)
{
	const struct aw_engine *engine = group->conn->engine;
	bool met = engine->conflicted != NULL && engine->conflicted(group->conn);
	struct aw_error ignored = { 0 };

	if (engine->in_transaction(group->conn))
		(void)engine->step(group->conn, AW_STEP_ROLLBACK, &ignored);
	if (met)
		(void)aw_fail(why, AW_BUSY, "other servers change the same; try again");
	for (size_t i = 0; met && i < count; i++)
		units[i]->status = AW_OK; /* what they answered was seen in vain */
	fail_all(units, count, why);
	return met ? ENDED_MET : ENDED_GIVEN;
}

enum ran {
	RAN_WELL,
	RAN_LOST,    /* the transaction came to nothing meanwhile */
	RAN_SPOILED, /* what a unit wrote that failed is in it */
};

/* What came of those that run without savepoints, once everything they asked for is answered. One of
 * them may have failed and not have heard of it. */
static enum ran
hear_out(struct aw_group *group)
{
	const struct aw_engine *engine = group->conn->engine;
	struct aw_error err = { 0 };

	if (engine->arrive == NULL || engine->arrive(group->conn, &err) == AW_OK)
		return RAN_WELL;
	return engine->in_transaction(group->conn) && !engine->conflicted(group->conn) ? RAN_SPOILED
										       : RAN_LOST;
}

static enum ran
run_units(struct aw_group *group, struct aw_unit *const *units, size_t count, bool saved,
	size_t *ret_good)
{
	const struct aw_engine *engine = group->conn->engine;

	*ret_good = 0;
	for (size_t i = 0; i < count; i++) {
		bool clean = true;

		if (saved)
			run_saved(group, units[i]);
		else
			clean = run_bare(group, units[i]);
		if (!engine->in_transaction(group->conn) ||
			(engine->conflicted != NULL && engine->conflicted(group->conn)))
			return RAN_LOST;
		/* alone it goes with its transaction, and is run again only to be careful */
		if (!clean && (count > 1 || units[i]->tx.dared))
			return RAN_SPOILED;
		*ret_good += units[i]->status == AW_OK ? 1 : 0;
	}
	return saved || *ret_good == 0 ? RAN_WELL : hear_out(group);
}

/* Has a unit that is about to be committed noted a change? */
static bool
has_notes(struct aw_unit *const *units, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (units[i]->status == AW_OK && units[i]->tx.notes != NULL)
			return true;
	return false;
}

/* Tells whoever listens what was committed. Notes of units that failed went with their savepoints. On
 * PostgreSQL each has the number of its row; before the following began there is nobody to tell. */
static void
tell_notes(struct aw_group *group, struct aw_unit *const *units, size_t count, uint64_t stamp)
{
	uint64_t number = stamp;

	if (group->follow != NULL && (!group->following || !group->conn->tells))
		return;
	if (group->follow != NULL)
		number = aw_follow_seen(group->follow);
	for (size_t i = 0; i < count; i++) {
		for (const struct aw_note *note = units[i]->tx.notes; note != NULL;
			note = note->next) {
			number += group->follow != NULL ? 1 : 0;
			aw_ear_tell(group->ear, note->kind, note->reference, number);
		}
	}
}

static void
run_after(struct aw_unit *const *units, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (struct aw_after *after = units[i]->tx.after; after != NULL;
			after = after->next)
			after->fn(after->arg);
	}
}

/* That an indicator may count otherwise now, for other servers; people who changed say so already. */
static enum aw_status
note_facts(struct aw_group *group, struct aw_unit *const *units, size_t count, bool touched,
	int64_t *ret_noted, struct aw_error *err)
{
	struct aw_tx tx = { .conn = group->conn, .writes = true, .lasts = &group->lasts };
	int64_t noted = 0;

	for (size_t i = 0; i < count; i++)
		noted += units[i]->status == AW_OK ? units[i]->tx.noted : 0;
	if (touched && noted == 0 && aw_change_note(&tx, "facts", 0, err) != AW_OK) {
		after_drop(&tx);
		return err->status;
	}
	*ret_noted = noted + tx.noted;
	after_drop(&tx); /* nobody listens for facts */
	return AW_OK;
}

/* Commits, and brings memory to what is committed before anybody hears of it. */
static enum ended
commit_group(struct aw_group *group, struct aw_unit *const *units, size_t count)
{
	const struct aw_engine *engine = group->conn->engine;
	bool touched = engine->touched(group->conn);
	bool moves = touched || has_notes(units, count);
	struct aw_error err = { 0 };
	int64_t noted = 0;
	uint64_t stamp;
	enum aw_status status = note_facts(group, units, count, touched, &noted, &err);

	if (group->follow != NULL)
		aw_follow_enter(group->follow);
	if (status == AW_OK)
		status = engine->step(group->conn, AW_STEP_COMMIT, &err);
	/* A reader takes the stamp before its snapshot, so what it keeps under a stamp is never older than
	 * that stamp's facts. After a commit that failed the facts may stand all the same. */
	stamp = atomic_fetch_add(&group->stamp, moves ? 1 : 0) + 1;
	if (status == AW_OK) {
		atomic_fetch_add(&group->commits, 1);
		run_after(units, count);
		tell_notes(group, units, count, stamp);
		for (size_t i = 0; i < count; i++)
			after_drop(&units[i]->tx);
	}
	if (group->follow != NULL)
		aw_follow_leave(group->follow, status == AW_OK && group->following ? noted : 0);
	if (status == AW_OK)
		return ENDED_DONE;
	if (status != AW_BUSY && status != AW_UNSURE)
		err.status = AW_IO; /* a disk, not a conflict */
	if (give_up(group, units, count, &err) == ENDED_MET)
		return ENDED_MET;
	return status == AW_BUSY ? ENDED_GIVEN : ENDED_DONE;
}

/* Begins, and follows what other servers committed before. */
static enum aw_status
begin_group(struct aw_group *group, struct aw_error *err)
{
	struct aw_tx tx = { .conn = group->conn, .writes = true, .lasts = &group->lasts };

	aw_error_clear(err);
	if (aw_lasts_begin(&group->lasts, group->conn, AW_STEP_BEGIN_WRITE, err) != AW_OK)
		return err->status;
	group->following = aw_follow_started(group->follow);
	if (group->following && aw_follow_catch_up(group->follow, &tx, NULL, err) != AW_OK) {
		struct aw_error ignored = { 0 };
		if (group->conn->engine->in_transaction(group->conn))
			(void)group->conn->engine->step(group->conn, AW_STEP_ROLLBACK, &ignored);
	}
	return err->status;
}

/* Begins, and runs the units until their transaction holds what good ones did and nothing else. */
static enum aw_status
try_group(struct aw_group *group, struct aw_unit *const *units, size_t count, enum ran *ret_ran,
	size_t *ret_good, struct aw_error *err)
{
	const struct aw_engine *engine = group->conn->engine;

	for (bool saved = false;; saved = true) {
		for (size_t i = 0; i < count; i++)
			units[i]->status = AW_OK;
		if (begin_group(group, err) != AW_OK)
			return err->status;
		*ret_ran = run_units(group, units, count, saved, ret_good);
		if (*ret_ran != RAN_SPOILED)
			return AW_OK;
		for (size_t i = 0; i < count; i++)
			after_drop(&units[i]->tx);
		if (engine->step(group->conn, AW_STEP_ROLLBACK, err) != AW_OK)
			return err->status;
	}
}

/* One transaction. */
static enum ended
run_group(struct aw_group *group, struct aw_unit *const *units, size_t count)
{
	const struct aw_engine *engine = group->conn->engine;
	struct aw_error err = { 0 };
	enum ran ran = RAN_WELL;
	size_t good = 0;

	if (try_group(group, units, count, &ran, &good, &err) != AW_OK) {
		fail_all(units, count, &err);
		return ENDED_DONE;
	}
	if (ran == RAN_LOST) {
		(void)aw_fail(&err, engine->conflicted == NULL ? AW_IO : AW_BUSY,
			"the database gave up the transaction");
		return give_up(group, units, count, &err);
	}
	if (good == 0) {
		(void)engine->step(group->conn, AW_STEP_ROLLBACK, &err);
		return ENDED_DONE;
	}
	return commit_group(group, units, count);
}

/* 10 ms, 20 ms, ... and up to as much again by chance, so that two servers do not meet again. */
static void
wait_before(int attempt)
{
	int64_t ms = INT64_C(10) << attempt,
		us = ms * 1000 + (int64_t)randombytes_uniform((uint32_t)ms * 1000);
	struct timespec pause = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };

	(void)nanosleep(&pause, NULL);
}

static void
run_alone(struct aw_group *group, struct aw_unit *unit)
{
	enum ended ended = run_group(group, &unit, 1);

	for (int attempt = 0; ended == ENDED_MET && attempt < ATTEMPTS_MOST - 1; attempt++) {
		wait_before(attempt);
		ended = run_group(group, &unit, 1);
	}
}

void
aw_group_run(struct aw_group *group, struct aw_unit *const *units, size_t count)
{
	if (run_group(group, units, count) == ENDED_DONE)
		return;
	for (size_t i = 0; i < count; i++)
		run_alone(group, units[i]);
}
