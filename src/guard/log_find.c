/* Asks the log: who saw a person, whom an account saw, and proofs over it. */
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

enum aw_status
aw_log_looks(struct aw_tx *tx, int64_t person, int64_t since, int64_t *ret_looks,
	int64_t *ret_accounts, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct sql_guard_log_looks row = { 0 };
	bool found = false;

	if (sql_guard_log_looks(tx,
		    &(struct sql_guard_log_looks_in){ .person = person, .since = since }, &arena,
		    &row, &found, err) != AW_OK)
		return err->status;
	*ret_looks = row.looks;
	*ret_accounts = row.accounts;
	return AW_OK;
}

static enum aw_status
prove_row(const struct sql_guard_log_hashes *row, void *arg, struct aw_error *err)
{
	struct aw_prover *prover = arg;
	struct aw_hash hash;

	if (row->leaf != (int64_t)prover->next || row->hash.len != AW_HASH_BYTES)
		return aw_fail(err, AW_CORRUPT,
			"the log has a gap or a bad hash at leaf %lld: run anwang audit verify",
			(long long)prover->next);
	memcpy(hash.at, row->hash.at, AW_HASH_BYTES);
	aw_prover_leaf(prover, &hash);
	return AW_OK;
}

static enum aw_status
prove(struct aw_tx *tx, int64_t size, struct aw_proof *ret_proof, struct aw_error *err)
{
	struct aw_prover prover;

	aw_prover_begin(&prover, ret_proof);
	if (sql_guard_log_hashes(tx,
		    &(struct sql_guard_log_hashes_in){ .from_leaf = 0, .to_leaf = size }, prove_row,
		    &prover, err) != AW_OK)
		return err->status;
	if (prover.next != (uint64_t)size)
		return aw_fail(
			err, AW_NOT_FOUND, "the log has only %lld entries", (long long)prover.next);
	return AW_OK;
}

enum aw_status
aw_log_prove_inclusion(struct aw_tx *tx, int64_t leaf, int64_t size, struct aw_proof *ret_proof,
	struct aw_error *err)
{
	if (leaf < 0 || leaf >= size)
		return aw_fail(err, AW_NOT_FOUND, "leaf %lld is not in a log of %lld entries",
			(long long)leaf, (long long)size);
	aw_tree_inclusion((uint64_t)leaf, (uint64_t)size, ret_proof);
	return prove(tx, size, ret_proof, err);
}

enum aw_status
aw_log_prove_growth(struct aw_tx *tx, int64_t old, int64_t size, struct aw_proof *ret_proof,
	struct aw_error *err)
{
	if (old < 1 || old > size)
		return aw_fail(err, AW_NOT_FOUND, "a log of %lld entries did not grow from %lld",
			(long long)size, (long long)old);
	aw_tree_consistency((uint64_t)old, (uint64_t)size, ret_proof);
	return prove(tx, size, ret_proof, err);
}
