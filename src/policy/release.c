/* policy/release - keeping released policies, and choosing the one in force. */
#include "policy/release.h"

#include <pthread.h>
#include <string.h>

#include "policy/policy.sql.h"

static void
fill(struct aw_release *release, const char *hash, const char *label, int64_t released_at,
	struct aw_maybe released_by, struct aw_maybe confirmed_by, int32_t effective_day)
{
	*release = (struct aw_release){
		.hash = hash,
		.label = label,
		.released_at = released_at,
		.released_by = released_by,
		.confirmed_by = confirmed_by,
		.effective_day = effective_day,
		.confirmed = !released_by.known || confirmed_by.known,
	};
}

static enum aw_status
put(struct aw_tx *tx, const struct aw_policy *policy, struct aw_maybe account, int64_t now_ms,
	struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };

	return sql_release_put(tx,
		&(struct sql_release_put_in){
			.hash = policy->hash,
			.label = policy->label,
			.bundle = aw_policy_pack(&scratch, policy),
			.released_at = now_ms,
			.released_by = account,
			.effective_day = policy->effective_day,
		},
		err);
}

static enum aw_status
is_kept(struct aw_tx *tx, const char *hash, bool *ret_kept, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct sql_release_get row;

	return sql_release_get(
		tx, &(struct sql_release_get_in){ .hash = hash }, &scratch, &row, ret_kept, err);
}

enum aw_status
aw_release_by_loading(struct aw_tx *tx, const struct aw_policy *policy, bool demo, int64_t now_ms,
	struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct sql_release_count count;
	bool kept, found;

	if (is_kept(tx, policy->hash, &kept, err) != AW_OK)
		return err->status;
	if (kept)
		return AW_OK;
	if (sql_release_count(tx, &scratch, &count, &found, err) != AW_OK)
		return err->status;
	if (count.n > 0 && !demo)
		return aw_fail(err, AW_DENIED,
			"this database has a released policy: a new one is released by two "
			"persons");
	return put(tx, policy, AW_UNKNOWN, now_ms, err);
}

enum aw_status
aw_release_propose(struct aw_tx *tx, const struct aw_policy *policy, int64_t account,
	int64_t now_ms, struct aw_error *err)
{
	bool kept;

	if (account <= 0)
		return aw_fail(err, AW_DENIED, "a person with an account proposes a policy");
	if (is_kept(tx, policy->hash, &kept, err) != AW_OK)
		return err->status;
	if (kept)
		return aw_fail(err, AW_CONFLICT, "this policy is released or proposed already");
	return put(tx, policy, AW_KNOWN(account), now_ms, err);
}

enum aw_status
aw_release_confirm(
	struct aw_tx *tx, const char *hash, int64_t account, int64_t now_ms, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct sql_release_get row;
	int64_t changed;
	bool found;

	if (sql_release_get(tx, &(struct sql_release_get_in){ .hash = hash }, &scratch, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no policy with this hash was proposed");
	if (account <= 0 || (row.released_by.known && row.released_by.v == account))
		return aw_fail(err, AW_DENIED,
			"another person than the one who proposed the policy confirms it");
	if (sql_release_set_confirmed(tx,
		    &(struct sql_release_set_confirmed_in){
			    .hash = hash, .released_at = now_ms, .confirmed_by = account },
		    &changed, err) != AW_OK)
		return err->status;
	if (changed != 1)
		return aw_fail(err, AW_CONFLICT, "this policy is in force already");
	return AW_OK;
}

enum aw_status
aw_release_in_force(struct aw_tx *tx, struct aw_arena *arena, int32_t day,
	struct aw_release *ret_release, bool *ret_found, struct aw_error *err)
{
	struct sql_release_get row;

	if (sql_release_in_force(tx, &(struct sql_release_in_force_in){ .day = day }, arena, &row,
		    ret_found, err) != AW_OK)
		return err->status;
	if (*ret_found)
		fill(ret_release, row.hash, row.label, row.released_at, row.released_by,
			row.confirmed_by, row.effective_day);
	return AW_OK;
}

enum aw_status
aw_release_list(struct aw_tx *tx, struct aw_arena *arena, struct aw_release **ret_list,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_release_get *rows;
	struct aw_release *list;
	size_t count;

	if (sql_release_list(tx, arena, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(arena, struct aw_release, count);
	for (size_t i = 0; i < count; i++)
		fill(&list[i], rows[i].hash, rows[i].label, rows[i].released_at,
			rows[i].released_by, rows[i].confirmed_by, rows[i].effective_day);
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_release_read(
	struct aw_tx *tx, const char *hash, struct aw_policy **ret_policy, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct sql_release_bundle row;
	struct aw_policy *policy = NULL;
	bool found;

	if (sql_release_bundle(tx, &(struct sql_release_bundle_in){ .hash = hash }, &scratch, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "no policy with this hash was released");
	if (aw_policy_load_bundle(row.bundle, NULL, &policy, err) != AW_OK)
		return aw_wrap(err, "the released policy does not load");
	if (strcmp(policy->hash, hash) != 0) {
		aw_policy_free(policy);
		return aw_fail(err, AW_CORRUPT, "the released policy is not what its hash names");
	}
	*ret_policy = policy;
	return AW_OK;
}

/* -- kept -------------------------------------------------------------------------------------- */

struct aw_releases {
	struct aw_arena arena; /* of the list, and of this */
	pthread_mutex_t lock;
	struct aw_policy **at;
	size_t count, room;
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
	for (size_t i = 0; i < releases->count; i++)
		aw_policy_free(releases->at[i]);
	(void)pthread_mutex_destroy(&releases->lock);
	arena = releases->arena;
	aw_arena_done(&arena);
}

/* Two that ask for one release at once wait for one loading: it costs more than the wait. */
enum aw_status
aw_releases_get(struct aw_releases *releases, struct aw_tx *tx, const char *hash,
	const struct aw_policy **ret_policy, struct aw_error *err)
{
	struct aw_policy *policy = NULL;
	enum aw_status status = AW_OK;

	(void)pthread_mutex_lock(&releases->lock);
	for (size_t i = 0; i < releases->count && policy == NULL; i++)
		policy = strcmp(releases->at[i]->hash, hash) == 0 ? releases->at[i] : NULL;
	if (policy == NULL) {
		status = aw_release_read(tx, hash, &policy, err);
		if (status == AW_OK)
			*AW_PUSH(&releases->arena, releases->at, releases->count, releases->room) =
				policy;
	}
	(void)pthread_mutex_unlock(&releases->lock);
	if (status == AW_OK)
		*ret_policy = policy;
	return status;
}

/* -- opening ---------------------------------------------------------------------------------- */

/* The folder's policy, or NULL with the first mistake in open->mistake. */
static void
try_folder(const char *dir, struct aw_policy_open *open, struct aw_policy **ret_policy,
	struct aw_error *err)
{
	*ret_policy = NULL;
	if (dir == NULL || aw_policy_load_dir(dir, NULL, ret_policy, err) == AW_OK)
		return;
	open->folder_bad = true;
	aw_error_format(err, open->mistake, sizeof(open->mistake));
}

/* Releases the folder's policy where loading may; that it may not is no error. */
static enum aw_status
load_where_allowed(struct aw_tx *tx, const struct aw_policy *folder, bool demo, int64_t now_ms,
	struct aw_error *err)
{
	struct aw_error own = { 0 };
	enum aw_status status;

	if (folder == NULL || !aw_tx_writes(tx))
		return AW_OK;
	status = aw_release_by_loading(tx, folder, demo, now_ms, &own);
	if (status == AW_OK || status == AW_DENIED)
		return AW_OK;
	*err = own;
	return status;
}

enum aw_status
aw_policy_open(struct aw_tx *tx, const char *dir, bool demo, int32_t day, int64_t now_ms,
	struct aw_policy_open *ret_open, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_policy_open open = { 0 };
	struct aw_error folder_error = { 0 };
	struct aw_release release;
	struct aw_policy *folder;
	bool found;

	try_folder(dir, &open, &folder, &folder_error);
	if (load_where_allowed(tx, folder, demo, now_ms, err) != AW_OK ||
		aw_release_in_force(tx, &scratch, day, &release, &found, err) != AW_OK) {
		aw_policy_free(folder);
		return err->status;
	}
	if (!found && folder == NULL && dir == NULL)
		return aw_fail(err, AW_NOT_FOUND, "no policy is released: give one with --policy");
	if (!found && folder == NULL) {
		*err = folder_error;
		return err->status;
	}
	if (!found || (folder != NULL && strcmp(folder->hash, release.hash) == 0)) {
		open.policy = folder;
		*ret_open = open;
		return AW_OK;
	}
	open.folder_differs = folder != NULL;
	aw_policy_free(folder);
	if (aw_release_read(tx, release.hash, &open.policy, err) != AW_OK)
		return err->status;
	*ret_open = open;
	return AW_OK;
}
