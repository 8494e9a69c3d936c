/* Notes of changes, and following those of other servers. */
#include "db/follow.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "db/db.sql.h"
#include "db/engine.h"
#include "db/last.h"

#define KINDS_MOST 4
#define AT_ONCE 1000
#define NAME "change" /* see db/last.h */

struct aw_follow {
	struct aw_ear *ear;
	pthread_mutex_t lock;	  /* held while memory is brought from one number to another */
	atomic_int_fast64_t seen; /* memory holds what is noted up to here */
	atomic_bool started;
	struct {
		const char *kind;
		aw_change_fn *fn;
		void *arg;
	} at[KINDS_MOST]; /* constant once started */
	size_t count;
};

void
aw_ear_tell(struct aw_ear *ear, const char *kind, int64_t reference, uint64_t number)
{
	pthread_mutex_lock(&ear->lock);
	if (ear->fn != NULL)
		ear->fn(kind, reference, number, ear->arg);
	pthread_mutex_unlock(&ear->lock);
}

/* False when the unit has noted the same before. */
static bool
keep_note(struct aw_tx *tx, const char *kind, int64_t reference)
{
	struct aw_note **end = &tx->notes;
	struct aw_note *note;

	for (; *end != NULL; end = &(*end)->next)
		if ((*end)->reference == reference && strcmp((*end)->kind, kind) == 0)
			return false;
	note = AW_NEW(&tx->arena, struct aw_note);
	note->kind = kind;
	note->reference = reference;
	*end = note;
	return true;
}

static enum aw_status
ask_last(struct aw_tx *tx, const char *name, int32_t day, int64_t *ret_last, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct sql_change_last row = { 0 };
	bool found = false;

	(void)name, (void)day;
	if (sql_change_last(tx, &arena, &row, &found, err) != AW_OK)
		return err->status;
	if (found)
		*ret_last = row.number;
	return AW_OK;
}

static enum aw_status
last_number(struct aw_tx *tx, int64_t *ret_number, struct aw_error *err)
{
	*ret_number = 0;
	return aw_last_get(tx, NAME, 0, ask_last, ret_number, err);
}

enum aw_status
aw_change_note(struct aw_tx *tx, const char *kind, int64_t reference, struct aw_error *err)
{
	int64_t number;

	if (!keep_note(tx, kind, reference) || !tx->conn->tells)
		return AW_OK;
	tx->noted++;
	if (last_number(tx, &number, err) != AW_OK ||
		sql_change_insert(tx,
			&(struct sql_change_insert_in){ .number = number + 1,
				.kind = kind,
				.reference = reference,
				.at = aw_real_ms() },
			err) != AW_OK)
		return err->status;
	aw_last_given(tx, NAME, 0, number + 1);
	return AW_OK;
}

enum aw_status
aw_change_forget(struct aw_tx *tx, int64_t before_ms, struct aw_error *err)
{
	int64_t deleted;

	return sql_change_forget(
		tx, &(struct sql_change_forget_in){ .before = before_ms }, &deleted, err);
}

struct aw_follow *
aw_follow_new(struct aw_ear *ear)
{
	struct aw_follow *follow = calloc(1, sizeof(*follow));

	if (follow == NULL)
		aw_die("no memory left for a database");
	follow->ear = ear;
	pthread_mutex_init(&follow->lock, NULL);
	return follow;
}

void
aw_follow_free(struct aw_follow *follow)
{
	if (follow == NULL)
		return;
	pthread_mutex_destroy(&follow->lock);
	free(follow);
}

bool
aw_follow_started(struct aw_follow *follow)
{
	return follow != NULL && atomic_load(&follow->started);
}

enum aw_status
aw_follow_add(struct aw_follow *follow, struct aw_tx *tx, const char *kind, aw_change_fn *fn,
	void *arg, struct aw_error *err)
{
	int64_t number = 0;

	if (follow->count == KINDS_MOST)
		return aw_fail(err, AW_INTERNAL, "too many kinds of changes are followed");
	if (follow->count == 0) {
		if (last_number(tx, &number, err) != AW_OK)
			return err->status;
		atomic_store(&follow->seen, number);
	}
	follow->at[follow->count].kind = kind;
	follow->at[follow->count].fn = fn;
	follow->at[follow->count++].arg = arg;
	return AW_OK;
}

void
aw_follow_start(struct aw_follow *follow)
{
	atomic_store(&follow->started, follow->count > 0);
}

static enum aw_status
tell(const struct aw_follow *follow, struct aw_tx *tx, const struct sql_change_after *change,
	struct aw_error *err)
{
	for (size_t i = 0; i < follow->count; i++)
		if (strcmp(follow->at[i].kind, change->kind) == 0 &&
			follow->at[i].fn(tx, change->reference, follow->at[i].arg, err) != AW_OK)
			return err->status;
	return AW_OK;
}

/* Some of what is noted behind `seen`. Number by number: what was forgotten cannot be followed. */
static enum aw_status
follow_some(struct aw_follow *follow, struct aw_tx *tx, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	int64_t seen = atomic_load(&follow->seen);
	struct sql_change_after *rows = NULL;
	size_t count = 0;

	if (sql_change_after(tx, &(struct sql_change_after_in){ .after = seen, .at_most = AT_ONCE },
		    &arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].number != seen + 1)
			return aw_fail(err, AW_BUSY,
				"this server has not heard of changes for too long (%" PRId64
				" is there, %" PRId64 " is not): start it again",
				rows[i].number, seen + 1);
		if (tell(follow, tx, &rows[i], err) != AW_OK)
			return aw_wrap(err, "following change %" PRId64, rows[i].number);
		atomic_store(&follow->seen, ++seen);
		aw_ear_tell(follow->ear, rows[i].kind, rows[i].reference, (uint64_t)seen);
	}
	return AW_OK;
}

enum aw_status
aw_follow_catch_up(
	struct aw_follow *follow, struct aw_tx *tx, uint64_t *ret_number, struct aw_error *err)
{
	enum aw_status status = AW_OK;
	int64_t number = 0;

	if (last_number(tx, &number, err) != AW_OK)
		return err->status;
	if (number > atomic_load(&follow->seen)) {
		pthread_mutex_lock(&follow->lock);
		while (status == AW_OK && number > atomic_load(&follow->seen))
			status = follow_some(follow, tx, err);
		pthread_mutex_unlock(&follow->lock);
	}
	if (ret_number != NULL)
		*ret_number = (uint64_t)number;
	return status;
}

uint64_t
aw_follow_seen(const struct aw_follow *follow)
{
	return (uint64_t)atomic_load(&follow->seen);
}

void
aw_follow_enter(struct aw_follow *follow)
{
	pthread_mutex_lock(&follow->lock);
}

void
aw_follow_leave(struct aw_follow *follow, int64_t noted)
{
	atomic_fetch_add(&follow->seen, noted);
	pthread_mutex_unlock(&follow->lock);
}
