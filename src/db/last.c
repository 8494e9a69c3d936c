/* Last numbers, kept for the length of a group. */
#include "db/last_keep.h"

#include <string.h>

#define IDLE_MOST 64 /* groups: whoever gives such a number gives more of them */

static struct aw_last *
find(struct aw_tx *tx, const char *name, int32_t day)
{
	struct aw_lasts *lasts = tx->lasts;

	for (size_t i = 0; lasts != NULL && i < lasts->count; i++)
		if (lasts->at[i].day == day && strcmp(lasts->at[i].name, name) == 0)
			return &lasts->at[i];
	return NULL;
}

/* A place for a number that has none; NULL: there is no room. */
static struct aw_last *
add(struct aw_tx *tx, const char *name, int32_t day, aw_last_fn *ask, int64_t none)
{
	struct aw_lasts *lasts = tx->lasts;
	struct aw_last *last;

	if (lasts == NULL || lasts->count == AW_LASTS_MOST || strlen(name) >= sizeof(last->name))
		return NULL;
	last = &lasts->at[lasts->count++];
	*last = (struct aw_last){ .day = day, .ask = ask, .none = none };
	memcpy(last->name, name, strlen(name) + 1);
	return last;
}

enum aw_status
aw_last_get(struct aw_tx *tx, const char *name, int32_t day, aw_last_fn *ask, int64_t *ret_last,
	struct aw_error *err)
{
	struct aw_last *last = find(tx, name, day);

	if (last == NULL)
		last = add(tx, name, day, ask, *ret_last);
	if (last != NULL)
		last->used = true;
	if (last != NULL && last->known) {
		*ret_last = last->last;
		return AW_OK;
	}
	if (ask(tx, name, day, ret_last, err) != AW_OK)
		return err->status;
	if (last != NULL) {
		last->last = *ret_last;
		last->known = true;
	}
	return AW_OK;
}

void
aw_last_given(struct aw_tx *tx, const char *name, int32_t day, int64_t number)
{
	struct aw_last *last = find(tx, name, day);

	if (last != NULL)
		last->last = number;
}

/* What was not used for long is not asked for any more. */
static void
begin(struct aw_lasts *lasts)
{
	size_t kept = 0;

	for (size_t i = 0; i < lasts->count; i++) {
		struct aw_last *last = &lasts->at[i];

		last->idle = last->used ? 0 : last->idle + 1;
		last->known = last->used = false;
		if (last->idle <= IDLE_MOST)
			lasts->at[kept++] = *last;
	}
	lasts->count = kept;
}

struct asking {
	struct aw_lasts *lasts;
	struct aw_conn *conn;
};

static enum aw_status
ask_all(void *arg, struct aw_error *err)
{
	struct asking *asking = arg;
	struct aw_tx tx = { .conn = asking->conn };

	for (size_t i = 0; i < asking->lasts->count; i++) {
		struct aw_last *last = &asking->lasts->at[i];

		last->last = last->none;
		if (last->ask(&tx, last->name, last->day, &last->last, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_lasts_begin(
	struct aw_lasts *lasts, struct aw_conn *conn, enum aw_step step, struct aw_error *err)
{
	struct asking asking = { lasts, conn };

	begin(lasts);
	if (conn->engine->begin_asking == NULL)
		return conn->engine->step(conn, step, err);
	if (conn->engine->begin_asking(conn, step, ask_all, &asking, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < lasts->count; i++)
		lasts->at[i].known = true;
	return AW_OK;
}

void
aw_lasts_forget(struct aw_lasts *lasts)
{
	for (size_t i = 0; i < lasts->count; i++)
		lasts->at[i].known = false;
}
