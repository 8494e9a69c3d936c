/* policy/release - the releases of an open city: the one in force, and older ones that were loaded. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "db/change.h"
#include "policy/release.h"

#define CHANGE "release"

/* A loaded release. It stays where it is: what runs after a commit is handed it alone. */
struct loaded {
	struct aw_releases *releases;
	struct aw_policy *policy;
	struct loaded *next;
};

struct aw_releases {
	struct aw_arena arena; /* of the list, the folder's name, and of this */
	_Atomic(struct loaded *) current;
	const char *folder; /* constant once begun, like the clock */
	struct aw_clock clock;
	pthread_mutex_t lock; /* of the list */
	struct loaded *first;
};

struct aw_releases *
aw_releases_new(void)
{
	struct aw_arena arena = { 0 };
	struct aw_releases *releases = AW_NEW(&arena, struct aw_releases);

	(void)pthread_mutex_init(&releases->lock, NULL);
	releases->arena = arena;
	return releases;
}

void
aw_releases_free(struct aw_releases *releases)
{
	struct aw_arena arena;

	if (releases == NULL)
		return;
	for (struct loaded *at = releases->first; at != NULL; at = at->next)
		aw_policy_free(at->policy);
	(void)pthread_mutex_destroy(&releases->lock);
	arena = releases->arena;
	aw_arena_done(&arena);
}

static struct loaded *
keep(struct aw_releases *releases, struct aw_policy *policy)
{
	struct loaded *loaded = AW_NEW(&releases->arena, struct loaded);

	*loaded = (struct loaded){ releases, policy, releases->first };
	releases->first = loaded;
	return loaded;
}

void
aw_releases_begin(struct aw_releases *releases, struct aw_policy *policy, const char *folder,
	const struct aw_clock *clock)
{
	releases->folder = folder == NULL ? NULL : aw_arena_strdup(&releases->arena, folder);
	releases->clock = *clock;
	atomic_store(&releases->current, keep(releases, policy));
}

const struct aw_policy *
aw_releases_current(const struct aw_releases *releases)
{
	const struct loaded *current = releases == NULL ? NULL : atomic_load(&releases->current);

	return current == NULL ? NULL : current->policy;
}

const char *
aw_releases_folder(const struct aw_releases *releases)
{
	return releases == NULL ? NULL : releases->folder;
}

/* Two that ask for one release at once wait for one loading: it costs more than the wait. */
static enum aw_status
get(struct aw_releases *releases, struct aw_tx *tx, const char *hash, struct loaded **ret_loaded,
	struct aw_error *err)
{
	struct loaded *loaded;
	struct aw_policy *policy = NULL;
	enum aw_status status = AW_OK;

	(void)pthread_mutex_lock(&releases->lock);
	for (loaded = releases->first; loaded != NULL; loaded = loaded->next)
		if (strcmp(loaded->policy->hash, hash) == 0)
			break;
	if (loaded == NULL) {
		status = aw_release_read(tx, hash, &policy, err);
		if (status == AW_OK)
			loaded = keep(releases, policy);
	}
	(void)pthread_mutex_unlock(&releases->lock);
	if (status == AW_OK)
		*ret_loaded = loaded;
	return status;
}

enum aw_status
aw_releases_get(struct aw_releases *releases, struct aw_tx *tx, const char *hash,
	const struct aw_policy **ret_policy, struct aw_error *err)
{
	struct loaded *loaded;

	if (get(releases, tx, hash, &loaded, err) != AW_OK)
		return err->status;
	*ret_policy = loaded->policy;
	return AW_OK;
}

/* -- another one in force ------------------------------------------------------------------------ */

/* What is in force today as the tx sees it; NULL: nothing is released. */
static enum aw_status
find_today(struct aw_releases *releases, struct aw_tx *tx, struct loaded **ret_loaded,
	struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_release release;
	bool found;

	*ret_loaded = NULL;
	if (aw_release_in_force(tx, &scratch, aw_taipei_day(aw_business_ms(&releases->clock)),
		    &release, &found, err) != AW_OK ||
		!found)
		return err->status;
	return get(releases, tx, release.hash, ret_loaded, err);
}

enum aw_status
aw_releases_follow(struct aw_releases *releases, struct aw_tx *tx, struct aw_error *err)
{
	/* asked before the look: what a commit sets in between is newer than what was seen */
	struct loaded *before = atomic_load(&releases->current), *now;

	if (find_today(releases, tx, &now, err) != AW_OK)
		return err->status;
	if (now != NULL && now != before)
		(void)atomic_compare_exchange_strong(&releases->current, &before, now);
	return AW_OK;
}

static void
set_current(void *arg)
{
	struct loaded *loaded = arg;

	atomic_store(&loaded->releases->current, loaded);
}

enum aw_status
aw_releases_turned(struct aw_releases *releases, struct aw_tx *tx, struct aw_error *err)
{
	struct loaded *now;

	if (aw_change_note(tx, CHANGE, 0, err) != AW_OK || releases == NULL)
		return err->status;
	if (find_today(releases, tx, &now, err) != AW_OK)
		return err->status;
	if (now != NULL)
		aw_tx_after_commit(tx, set_current, now);
	return AW_OK;
}

static enum aw_status
heard(struct aw_tx *tx, int64_t reference, void *arg, struct aw_error *err)
{
	(void)reference;
	return aw_releases_follow(arg, tx, err);
}

enum aw_status
aw_releases_listen(struct aw_releases *releases, struct aw_db *db, struct aw_error *err)
{
	return aw_db_follow(db, CHANGE, heard, releases, err);
}
