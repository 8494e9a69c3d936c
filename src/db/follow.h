/**
 * db/follow - how far this server has followed the changes of the others.
 * Layer: db, inside it alone.  Threads: any.
 */
#ifndef AW_DB_FOLLOW_H
#define AW_DB_FOLLOW_H

#include <pthread.h>

#include "db/change.h"

struct aw_follow;

/* Who is told of what was committed (aw_db_listen). */
struct aw_ear {
	pthread_mutex_t lock;
	aw_told_fn *fn; /* NULL: nobody */
	void *arg;
};

/** Tells whoever listens. */
void aw_ear_tell(struct aw_ear *ear, const char *kind, int64_t reference, uint64_t number);

/** The ear is borrowed. */
struct aw_follow *aw_follow_new(struct aw_ear *ear);
void aw_follow_free(struct aw_follow *follow);

/** False until aw_db_follow_start: then there is nothing to do. */
bool aw_follow_started(struct aw_follow *follow);

/** Takes a kind on; the first one also takes the number that tx sees as where to begin. */
AW_MUST_CHECK enum aw_status aw_follow_add(struct aw_follow *follow, struct aw_tx *tx,
	const char *kind, aw_change_fn *fn, void *arg, struct aw_error *err);
void aw_follow_start(struct aw_follow *follow);

/** Goes on to what tx sees; *ret_number (may be NULL) becomes that. */
AW_MUST_CHECK enum aw_status aw_follow_catch_up(
	struct aw_follow *follow, struct aw_tx *tx, uint64_t *ret_number, struct aw_error *err);

/** The number that memory holds. */
uint64_t aw_follow_seen(const struct aw_follow *follow);

/** Around a group's units, from before its commit until its own memory is current: readers that see
 *  the commit wait for it. noted: how many changes were committed, when the group had caught up. */
void aw_follow_enter(struct aw_follow *follow);
void aw_follow_leave(struct aw_follow *follow, int64_t noted);

#endif
