/* policy/release - keeping released policies, and choosing the one in force. */
#include "policy/release.h"

#include <string.h>

#include "policy/policy.sql.h"

static struct aw_release
release_of(const struct sql_release_get *row)
{
	return (struct aw_release){
		.hash = row->hash,
		.label = row->label,
		.released_at = row->released_at,
		.released_by = row->released_by,
		.confirmed_by = row->confirmed_by,
		.effective_day = row->effective_day,
	};
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
aw_release_keep(struct aw_tx *tx, const struct aw_policy *policy, struct aw_maybe released_by,
	struct aw_maybe confirmed_by, int32_t from_day, int64_t now_ms, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	bool kept;

	if (is_kept(tx, policy->hash, &kept, err) != AW_OK)
		return err->status;
	if (kept)
		return AW_OK;
	return sql_release_put(tx,
		&(struct sql_release_put_in){
			.hash = policy->hash,
			.label = policy->label,
			.bundle = aw_policy_pack(&scratch, policy),
			.released_at = now_ms,
			.released_by = released_by,
			.confirmed_by = confirmed_by,
			.effective_day = from_day,
		},
		err);
}

enum aw_status
aw_release_turn(
	struct aw_tx *tx, const char *hash, int32_t from_day, int64_t now_ms, struct aw_error *err)
{
	return sql_release_turn_put(tx,
		&(struct sql_release_turn_put_in){
			.release = hash, .from_day = from_day, .at = now_ms },
		err);
}

enum aw_status
aw_release_by_loading(struct aw_tx *tx, const struct aw_policy *policy, bool demo, int64_t now_ms,
	struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	int32_t from_day = policy->effective_day;
	struct sql_release_count count;
	struct aw_release before;
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
	/* what a demo loads counts at once, whatever was in force */
	if (aw_release_in_force(tx, &scratch, aw_taipei_day(now_ms), &before, &found, err) != AW_OK)
		return err->status;
	if (found && before.effective_day > from_day)
		from_day = before.effective_day;
	if (aw_release_keep(tx, policy, AW_UNKNOWN, AW_UNKNOWN, from_day, now_ms, err) != AW_OK)
		return err->status;
	return aw_release_turn(tx, policy->hash, from_day, now_ms, err);
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
		*ret_release = release_of(&row);
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
		list[i] = release_of(&rows[i]);
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
