/* Appends to the log, and says how far it goes. */
#include "guard/log.h"

#include <string.h>

#include "db/last.h"
#include "guard/account.h"
#include "guard/guard.sql.h"
#include "guard/log_leaf.h"
#include "guard/access.h"

#define LEAF "leaf" /* see db/last.h */

static enum aw_status
ask_last(struct aw_tx *tx, const char *name, int32_t day, int64_t *ret_last, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct sql_guard_log_last row = { 0 };
	bool found = false;

	(void)name, (void)day;
	if (sql_guard_log_last(tx, &arena, &row, &found, err) != AW_OK)
		return err->status;
	if (found)
		*ret_last = row.leaf;
	return AW_OK;
}

static enum aw_status
next_leaf(struct aw_tx *tx, int64_t *ret_leaf, struct aw_error *err)
{
	*ret_leaf = -1;
	if (aw_last_get(tx, LEAF, 0, ask_last, ret_leaf, err) != AW_OK)
		return err->status;
	++*ret_leaf;
	return AW_OK;
}

/* Whom the act looked at, as the log writes it: by person. */
static void
take_subjects(const struct aw_act *act, struct aw_log_entry *entry)
{
	struct aw_log_subject *subjects = NULL;
	size_t count = 0, room = 0;

	for (const struct aw_looked *l = act->looked; l != NULL; l = l->next)
		*AW_PUSH(act->arena, subjects, count, room) =
			(struct aw_log_subject){ .person = l->person,
				.classes = aw_classes_text(act->arena, l->classes) };
	entry->subjects = subjects;
	entry->subject_count = count;
}

static enum aw_status
add_subjects(const struct aw_act *act, const struct aw_log_entry *entry, struct aw_error *err)
{
	for (size_t i = 0; i < entry->subject_count; i++) {
		const struct sql_guard_log_subject_add_in in = {
			.leaf = entry->leaf,
			.person = entry->subjects[i].person,
			.classes = entry->subjects[i].classes,
		};

		if (sql_guard_log_subject_add(act->tx, &in, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
append(const struct aw_act *act, const char *outcome, const char *detail, struct aw_error *err)
{
	const struct aw_viewer *viewer = act->viewer;
	struct aw_log_entry entry = {
		.at = act->real_ms,
		.account = viewer->account,
		.actor = viewer->login,
		.unit = viewer->unit,
		.purpose = viewer->purpose,
		.action = act->action,
		.object = act->object,
		.outcome = outcome,
		.detail = detail,
	};
	struct aw_hash hash;

	if (next_leaf(act->tx, &entry.leaf, err) != AW_OK)
		return err->status;
	take_subjects(act, &entry);
	hash = aw_leaf_hash(act->arena, &entry);
	if (sql_guard_log_add(act->tx,
		    &(struct sql_guard_log_add_in){ .leaf = entry.leaf,
			    .at = entry.at,
			    .account = entry.account == 0 ? AW_UNKNOWN : AW_KNOWN(entry.account),
			    .actor = entry.actor,
			    .unit = entry.unit,
			    .purpose = entry.purpose,
			    .action = entry.action,
			    .object = entry.object,
			    .outcome = entry.outcome,
			    .detail = entry.detail,
			    .hash = { .at = hash.at, .len = AW_HASH_BYTES } },
		    err) != AW_OK)
		return err->status;
	aw_last_given(act->tx, LEAF, 0, entry.leaf);
	return add_subjects(act, &entry, err);
}

enum aw_status
aw_log_append(struct aw_act *act, const char *outcome, const char *detail, struct aw_error *err)
{
	if (append(act, outcome, detail, err) == AW_OK)
		return AW_OK;
	(void)aw_wrap(err, "the log cannot be written, so nothing is done or shown");
	return err->status = AW_BUSY;
}

struct reads {
	struct aw_act act; /* a copy: the act itself belongs to the reader */
	const struct aw_session *session;
	const char *outcome;
};

static enum aw_status
write_reads(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct reads *reads = arg;

	reads->act.tx = tx;
	if (reads->session != NULL &&
		aw_session_touch(tx, reads->session, reads->act.real_ms, err) != AW_OK)
		return err->status;
	return aw_log_append(&reads->act, reads->outcome, reads->act.detail, err);
}

enum aw_status
aw_log_reads(struct aw_db *db, struct aw_act *act, const struct aw_session *session,
	const char *outcome, struct aw_error *err)
{
	struct reads reads = { .act = *act, .session = session, .outcome = outcome };

	if (aw_db_write(db, write_reads, &reads, err) == AW_OK)
		return AW_OK;
	(void)aw_wrap(err, "the look could not be logged");
	return err->status = AW_BUSY;
}

enum aw_status
aw_log_state(struct aw_tx *tx, struct aw_arena *arena, struct aw_checkpoint *ret_checkpoint,
	int64_t *ret_size, struct aw_error *err)
{
	struct sql_guard_checkpoint_last row = { 0 };
	struct aw_checkpoint checkpoint = { 0 };
	bool found = false;
	int64_t size;

	if (next_leaf(tx, &size, err) != AW_OK ||
		sql_guard_checkpoint_last(tx, arena, &row, &found, err) != AW_OK)
		return err->status;
	if (found) {
		if (row.root.len != AW_HASH_BYTES)
			return aw_fail(err, AW_CORRUPT,
				"the root of the last checkpoint is not 32 bytes long");
		checkpoint =
			(struct aw_checkpoint){ .size = row.size, .at = row.at, .note = row.note };
		memcpy(checkpoint.root.at, row.root.at, AW_HASH_BYTES);
	}
	*ret_checkpoint = checkpoint;
	*ret_size = size;
	return AW_OK;
}
