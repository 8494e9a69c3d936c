/* Asks the log: who saw a person, and whom an account saw. */
#include <string.h>

#include "guard/guard.sql.h"
#include "guard/log.h"

enum { LIMIT_MOST = 500 };

typedef struct sql_guard_log_page page_row;

/* A query with its defaults filled in. */
struct asked {
	struct aw_maybe account;
	const char *action, *action_end;
	int64_t before, to_at, most;
};

static struct asked
fill(struct aw_arena *arena, const struct aw_log_query *query)
{
	struct asked a = {
		.account = query->account == 0 ? AW_UNKNOWN : AW_KNOWN(query->account),
		.action = query->action,
		.before = query->before == 0 ? INT64_MAX : query->before,
		.to_at = query->to_at == 0 ? INT64_MAX : query->to_at,
		.most = query->limit < 1	    ? 1
			: query->limit > LIMIT_MOST ? LIMIT_MOST
						    : query->limit,
	};
	size_t len = query->action == NULL ? 0 : strlen(query->action);
	char *end;

	if (len == 0) {
		a.action = NULL;
	} else if (query->action[len - 1] == '.') { /* everything that begins so */
		end = aw_arena_strdup(arena, query->action);
		end[len - 1] = '/';
		a.action_end = end;
	} else {
		a.action_end = aw_arena_printf(arena, "%s\x01", query->action);
	}
	a.most++; /* one more tells whether there is a next page */
	return a;
}

static enum aw_status
read_person_page(struct aw_tx *tx, struct aw_arena *arena, const struct aw_log_query *q,
	const struct asked *a, page_row **ret_rows, size_t *ret_count, struct aw_error *err)
{
	return sql_guard_log_page_person(tx,
		&(struct sql_guard_log_page_person_in){ .person = q->person,
			.before = a->before,
			.account = a->account,
			.object = q->object,
			.action = a->action,
			.action_end = a->action_end,
			.outcome = q->outcome,
			.from_at = q->from_at,
			.to_at = a->to_at,
			.most = a->most },
		arena, ret_rows, ret_count, err);
}

static enum aw_status
read_account_page(struct aw_tx *tx, struct aw_arena *arena, const struct aw_log_query *q,
	const struct asked *a, page_row **ret_rows, size_t *ret_count, struct aw_error *err)
{
	return sql_guard_log_page_account(tx,
		&(struct sql_guard_log_page_account_in){ .account = q->account,
			.before = a->before,
			.object = q->object,
			.action = a->action,
			.action_end = a->action_end,
			.outcome = q->outcome,
			.from_at = q->from_at,
			.to_at = a->to_at,
			.most = a->most },
		arena, ret_rows, ret_count, err);
}

static enum aw_status
read_page(struct aw_tx *tx, struct aw_arena *arena, const struct aw_log_query *q,
	const struct asked *a, page_row **ret_rows, size_t *ret_count, struct aw_error *err)
{
	if (q->person != 0)
		return read_person_page(tx, arena, q, a, ret_rows, ret_count, err);
	if (q->account != 0)
		return read_account_page(tx, arena, q, a, ret_rows, ret_count, err);
	return sql_guard_log_page(tx,
		&(struct sql_guard_log_page_in){ .before = a->before,
			.account = a->account,
			.object = q->object,
			.action = a->action,
			.action_end = a->action_end,
			.outcome = q->outcome,
			.from_at = q->from_at,
			.to_at = a->to_at,
			.most = a->most },
		arena, ret_rows, ret_count, err);
}

static enum aw_status
read_subjects(
	struct aw_tx *tx, struct aw_arena *arena, struct aw_log_entry *entry, struct aw_error *err)
{
	struct sql_guard_log_subjects *rows = NULL;
	struct aw_log_subject *subjects;
	size_t count = 0;

	if (sql_guard_log_subjects(tx, &(struct sql_guard_log_subjects_in){ .leaf = entry->leaf },
		    arena, &rows, &count, err) != AW_OK)
		return err->status;
	subjects = AW_NEW_ARRAY(arena, struct aw_log_subject, count);
	for (size_t i = 0; i < count; i++)
		subjects[i] =
			(struct aw_log_subject){ rows[i].person, rows[i].number, rows[i].classes };
	entry->subjects = subjects;
	entry->subject_count = count;
	return AW_OK;
}

static enum aw_status
take_row(const page_row *row, struct aw_log_entry *ret_entry, struct aw_error *err)
{
	if (row->hash.len != AW_HASH_BYTES)
		return aw_fail(
			err, AW_CORRUPT, "leaf %lld of the log has no hash", (long long)row->leaf);
	*ret_entry = (struct aw_log_entry){ .leaf = row->leaf,
		.at = row->at,
		.account = row->account.known ? row->account.v : 0,
		.actor = row->actor,
		.unit = row->unit,
		.purpose = row->purpose,
		.object = row->object,
		.action = row->action,
		.outcome = row->outcome,
		.detail = row->detail };
	memcpy(ret_entry->hash.at, row->hash.at, AW_HASH_BYTES);
	return AW_OK;
}

enum aw_status
aw_log_find(struct aw_tx *tx, struct aw_arena *arena, const struct aw_log_query *query,
	struct aw_log_entry **ret_entries, size_t *ret_count, bool *ret_more, struct aw_error *err)
{
	struct asked asked = fill(arena, query);
	struct aw_log_entry *entries;
	page_row *rows = NULL;
	size_t count = 0;

	if (read_page(tx, arena, query, &asked, &rows, &count, err) != AW_OK)
		return err->status;
	*ret_more = (int64_t)count == asked.most;
	if (*ret_more)
		count--;
	entries = AW_NEW_ARRAY(arena, struct aw_log_entry, count);
	for (size_t i = 0; i < count; i++)
		if (take_row(&rows[i], &entries[i], err) != AW_OK ||
			read_subjects(tx, arena, &entries[i], err) != AW_OK)
			return err->status;
	*ret_entries = entries;
	*ret_count = count;
	return AW_OK;
}

/* The first leaf that can be as young as `since`: what was signed before then is older. It spares the
 * years of a person who is seen daily. */
static enum aw_status
first_leaf_since(struct aw_tx *tx, struct aw_arena *arena, int64_t since, int64_t *ret_leaf,
	struct aw_error *err)
{
	struct sql_guard_checkpoint_before row = { 0 };
	bool found = false;

	if (sql_guard_checkpoint_before(tx, &(struct sql_guard_checkpoint_before_in){ .at = since },
		    arena, &row, &found, err) != AW_OK)
		return err->status;
	*ret_leaf = found ? row.size : 0;
	return AW_OK;
}

enum aw_status
aw_log_looks(struct aw_tx *tx, int64_t person, int64_t since, int64_t *ret_looks,
	int64_t *ret_accounts, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct sql_guard_log_looks_in in = { .person = person, .since = since };
	struct sql_guard_log_looks row = { 0 };
	bool found = false;

	if (first_leaf_since(tx, &arena, since, &in.from_leaf, err) != AW_OK ||
		sql_guard_log_looks(tx, &in, &arena, &row, &found, err) != AW_OK)
		return err->status;
	*ret_looks = row.looks;
	*ret_accounts = row.accounts;
	return AW_OK;
}

enum aw_status
aw_log_seen(struct aw_tx *tx, int64_t account, int64_t since, int64_t *ret_entries,
	int64_t *ret_people, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct sql_guard_log_seen_in in = { .account = account, .since = since };
	struct sql_guard_log_seen row = { 0 };
	bool found = false;

	if (first_leaf_since(tx, &arena, since, &in.from_leaf, err) != AW_OK ||
		sql_guard_log_seen(tx, &in, &arena, &row, &found, err) != AW_OK)
		return err->status;
	*ret_entries = row.entries;
	*ret_people = row.people;
	return AW_OK;
}
