/**
 * db/memo - answers kept in memory until something they could depend on has changed.
 * Layer: db.  Threads: any.  Example: tests/db/test_memo.c
 *
 * For readings that cost much and are asked often: what an indicator counted. An answer is kept
 * under a key (what was asked) and the stamp of its snapshot; any commit that touches a table of
 * facts moves the stamp, and what was kept before is gone. Bookkeeping (the log, sessions, work
 * items, counters) does not move it. Nothing is kept inside a unit of work. On PostgreSQL, where other
 * servers write too, the stamp is the number of the last change that the snapshot sees (db/change.h).
 * Together at most 32 MB, the oldest go first. Never for secrets.
 */
#ifndef AW_DB_MEMO_H
#define AW_DB_MEMO_H

#include "db/db.h"

/* The right to compute an answer, which one thread has at a time. */
struct aw_memo_turn {
	struct aw_memo *memo; /* NULL: nobody waits for it */
	struct aw_turn *turn;
	struct aw_tx *tx;
};

/** A kept answer, copied into arena; false when there is none for this snapshot. */
bool
aw_memo_get(struct aw_tx *tx, const char *key, struct aw_arena *arena, struct aw_bytes *ret_data);

/** Keeps an answer that was computed in this snapshot. key and data are copied. */
void aw_memo_put(struct aw_tx *tx, const char *key, struct aw_bytes data);

/**
 * As aw_memo_get, for an answer that takes long: when many ask at once, one computes and the others
 * wait for it. True: *ret_data is the answer, of this snapshot or of a newer one. False: it is this
 * thread's turn; it computes, puts, and ends the turn, which it does in any case:
 *   AW_SCOPE(aw_memo_turn) turn = { 0 };
 * While facts go on changing, who waits longest waits for two computations: of those who wait it is
 * the one with the newest snapshot whose turn comes, and its answer is good for all of them. No more
 * readings have turns at once than half the processors can work on, so that others are answered
 * meanwhile. A reading that has a turn may take another one, if no one takes these two the other way
 * round.
 */
bool aw_memo_take(struct aw_tx *tx, const char *key, struct aw_arena *arena,
	struct aw_bytes *ret_data, struct aw_memo_turn *turn);

/** Ends a turn; whoever waits has the answer or the next turn. */
void aw_memo_turn_done(struct aw_memo_turn *turn);

#endif
