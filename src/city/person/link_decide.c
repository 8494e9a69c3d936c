/* What people decide about links: reasons, words, and what a decision took the place of. */
#include <string.h>

#include "city/person/links.h"
#include "city/person/register.sql.h"
#include "guard/access.h"

enum { LAST_MS = AW_DAY_MS };

static struct aw_maybe
maybe_account(const struct aw_act *act)
{
	return act->viewer != NULL && act->viewer->account != 0 ? AW_KNOWN(act->viewer->account)
								: AW_UNKNOWN;
}

enum aw_status
aw_link_end(struct aw_act *act, int64_t link, int64_t cause, struct aw_error *err)
{
	struct sql_link_undo_in in = { .id = link,
		.undone_at = act->now_ms,
		.undone_by = maybe_account(act),
		.undone_by_link = cause == 0 ? AW_UNKNOWN : AW_KNOWN(cause) };
	int64_t changed = 0;

	if (sql_link_undo(act->tx, &in, &changed, err) != AW_OK)
		return err->status;
	return changed == 1 ? AW_OK : aw_fail(err, AW_CONFLICT, "this link was undone already");
}

/* -- words ------------------------------------------------------------------------------------------ */

enum aw_status
aw_link_words_seal(struct aw_act *act, int64_t key_id, const char *table, int64_t id,
	const char *words, struct aw_bytes *ret_cell, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_place place = { table, "words", id, 1 };

	*ret_cell = (struct aw_bytes){ 0 };
	if (words == NULL)
		return AW_OK;
	if (aw_key_get(act->tx, act->keyring, key_id, &key, err) != AW_OK)
		return err->status;
	*ret_cell = aw_seal(act->arena, act->keyring, &key, place, aw_str(words));
	return AW_OK;
}

enum aw_status
aw_link_words_open(struct aw_act *act, int64_t key_id, const char *table, int64_t id,
	struct aw_bytes cell, const char **ret_words, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_place place = { table, "words", id, 1 };
	struct aw_str text;

	*ret_words = NULL;
	if (cell.len == 0)
		return AW_OK;
	if (aw_key_get(act->tx, act->keyring, key_id, &key, err) != AW_OK) {
		if (err->status != AW_NOT_FOUND)
			return err->status;
		aw_error_clear(err); /* the person was erased */
		return AW_OK;
	}
	if (aw_unseal(act->arena, act->keyring, &key, place, cell, &text, err) != AW_OK)
		return err->status;
	*ret_words = text.at;
	return AW_OK;
}

/* -- the row of a decision -------------------------------------------------------------------------- */

static enum aw_status
check_why(const struct aw_act *act, const struct aw_link_why *why, struct aw_error *err)
{
	const struct aw_reason_code *reason =
		why->reason == NULL ? NULL
				    : aw_policy_reason(act->policy, AW_REASONS_LINK, why->reason);
	bool asks = act->policy->reason_count[AW_REASONS_LINK] > 0;

	if (asks && reason == NULL)
		return aw_fail(err, AW_INVALID, "a decision has a reason of reasons.yaml, link");
	if (reason != NULL && reason->needs_note && why->words == NULL)
		return aw_fail(err, AW_INVALID, "the reason \"%s\" needs words", reason->code);
	if (why->words != NULL && aw_utf8_count(aw_str(why->words)) > AW_LINK_WORDS_MOST)
		return aw_fail(err, AW_INVALID, "the words are longer than %d characters",
			AW_LINK_WORDS_MOST);
	return AW_OK;
}

/* Fills id, reason and words of a row, the words sealed as this row's. */
static enum aw_status
fill_why(struct aw_act *act, struct sql_link_insert_in *in, const struct aw_link_why *why,
	struct aw_error *err)
{
	struct sql_person_key_of key;
	bool found = false;

	in->id = aw_act_id(act);
	if (act->policy->reason_count[AW_REASONS_LINK] > 0)
		in->reason = why->reason;
	if (why->words == NULL)
		return AW_OK;
	if (sql_person_key_of(act->tx, &(struct sql_person_key_of_in){ .person = in->person },
		    act->arena, &key, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such person");
	in->key = AW_KNOWN(key.key);
	return aw_link_words_seal(
		act, key.key, "identity_link", in->id, why->words, &in->words, err);
}

static enum aw_status
standing(struct aw_act *act, int64_t link, struct sql_link_get *row, struct aw_error *err)
{
	bool found = false;

	if (sql_link_get(act->tx, &(struct sql_link_get_in){ .id = link }, act->arena, row, &found,
		    err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such link");
	if (row->undone_at.known)
		return aw_fail(err, AW_CONFLICT, "this link was undone already");
	return AW_OK;
}

static enum aw_status
links_of_record(struct aw_act *act, int64_t record, struct sql_links_of_record **ret_rows,
	size_t *ret_count, struct aw_error *err)
{
	*ret_count = 0;
	return sql_links_of_record(act->tx, &(struct sql_links_of_record_in){ .record = record },
		act->arena, ret_rows, ret_count, err);
}

/* Puts a decision in the place of what stood between record and person; confirming it, in that of what
 * links the record to anybody else, for a record is one person's. */
static enum aw_status
put_decision(struct aw_act *act, struct sql_link_insert_in *in, struct aw_error *err)
{
	bool same = strcmp(in->state, "confirmed") == 0;
	struct sql_links_of_record *rows;
	size_t count;

	if (links_of_record(act, in->record, &rows, &count, err) != AW_OK)
		return err->status;
	in->decided_at = act->now_ms;
	in->decided_by = maybe_account(act);
	if (sql_link_insert(act->tx, in, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		bool between = rows[i].person == in->person;
		bool other = same && strcmp(rows[i].state, "rejected") != 0;

		if ((between || other) && aw_link_end(act, rows[i].id, in->id, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

/* -- decided ---------------------------------------------------------------------------------------- */

enum aw_status
aw_identity_link_decide(struct aw_act *act, int64_t link, bool same, const struct aw_link_why *why,
	int64_t *ret_decision, struct aw_error *err)
{
	struct sql_link_get row;
	struct sql_link_insert_in in;

	if (check_why(act, why, err) != AW_OK || standing(act, link, &row, err) != AW_OK)
		return err->status;
	in = (struct sql_link_insert_in){ .record = row.record,
		.register_code = row.register_code,
		.person = row.person,
		.state = same ? "confirmed" : "rejected",
		.probability_ppm = row.probability_ppm,
		.levels = row.levels };
	aw_act_looked(act, row.person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	if (fill_why(act, &in, why, err) != AW_OK || put_decision(act, &in, err) != AW_OK)
		return err->status;
	if (ret_decision != NULL)
		*ret_decision = in.id;
	return AW_OK;
}

enum aw_status
aw_identity_link_add(struct aw_act *act, int64_t record, int64_t person,
	const struct aw_link_why *why, int64_t *ret_link, struct aw_error *err)
{
	struct sql_record_get row;
	struct sql_link_insert_in in = {
		.record = record, .person = person, .state = "confirmed", .levels = ""
	};
	struct aw_person known;
	bool found = false;

	if (check_why(act, why, err) != AW_OK ||
		sql_record_get(act->tx, &(struct sql_record_get_in){ .id = record }, act->arena,
			&row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such record");
	if (aw_person_get(act, person, &known, err) != AW_OK)
		return err->status;
	in.register_code = row.register_code;
	aw_act_looked(act, person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	if (fill_why(act, &in, why, err) != AW_OK || put_decision(act, &in, err) != AW_OK)
		return err->status;
	*ret_link = in.id;
	return AW_OK;
}

/* -- taken back --------------------------------------------------------------------------------------- */

/* What was decided about the record after this decision would be overturned unseen. */
static enum aw_status
check_latest(struct aw_act *act, const struct sql_link_get *row, struct aw_error *err)
{
	struct sql_links_of_record *rows;
	size_t count;

	if (!row->decided_by.known)
		return aw_fail(err, AW_CONFLICT,
			"the program made this link: say that it is not the same person");
	if (links_of_record(act, row->record, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (rows[i].decided_by.known && rows[i].id > row->id)
			return aw_fail(
				err, AW_CONFLICT, "the record was decided about since: look again");
	return AW_OK;
}

static enum aw_status
restore(struct aw_act *act, const struct sql_links_replaced *old, struct aw_error *err)
{
	struct sql_link_insert_in in = { .id = aw_act_id(act),
		.record = old->record,
		.register_code = old->register_code,
		.person = old->person,
		.state = old->state,
		.probability_ppm = old->probability_ppm,
		.levels = old->levels,
		.decided_at = old->decided_at,
		.decided_by = old->decided_by,
		.reason = old->reason,
		.restores = AW_KNOWN(old->id) };
	const char *words = NULL;

	if (old->key.known) {
		if (aw_link_words_open(act, old->key.v, "identity_link", old->id, old->words,
			    &words, err) != AW_OK ||
			aw_link_words_seal(act, old->key.v, "identity_link", in.id, words,
				&in.words, err) != AW_OK)
			return err->status;
		in.key = old->key;
	}
	aw_act_looked(act, old->person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	return sql_link_insert(act->tx, &in, err);
}

/* The program may have linked the record anew in the meantime: its newer word stands. */
static bool
stands(const struct sql_links_of_record *rows, size_t count, int64_t person)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].person == person)
			return true;
	return false;
}

/* What a decision took the place of. A row that stands for another again took that of the other's. */
static enum aw_status
find_replaced(struct aw_act *act, const struct sql_link_get *row,
	struct sql_links_replaced **ret_old, size_t *ret_count, struct aw_error *err)
{
	struct aw_maybe at = AW_KNOWN(row->id);
	struct sql_link_get earlier = *row;
	bool found = true;

	*ret_count = 0;
	while (at.known && found && *ret_count == 0) {
		if (sql_links_replaced(act->tx, &(struct sql_links_replaced_in){ .link = at.v },
			    act->arena, ret_old, ret_count, err) != AW_OK)
			return err->status;
		at = earlier.restores;
		if (at.known && sql_link_get(act->tx, &(struct sql_link_get_in){ .id = at.v },
					act->arena, &earlier, &found, err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

enum aw_status
aw_identity_link_undo(struct aw_act *act, int64_t link, struct aw_error *err)
{
	struct sql_links_replaced *old;
	struct sql_links_of_record *now;
	struct sql_link_get row;
	size_t old_count = 0, now_count;

	if (standing(act, link, &row, err) != AW_OK || check_latest(act, &row, err) != AW_OK)
		return err->status;
	aw_act_looked(act, row.person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	if (aw_link_end(act, link, 0, err) != AW_OK ||
		find_replaced(act, &row, &old, &old_count, err) != AW_OK ||
		links_of_record(act, row.record, &now, &now_count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < old_count; i++)
		if (!stands(now, now_count, old[i].person) && restore(act, &old[i], err) != AW_OK)
			return err->status;
	return AW_OK;
}

enum aw_status
aw_identity_link_last(struct aw_act *act, struct aw_identity_link *ret_link, bool *ret_found,
	struct aw_error *err)
{
	struct sql_link_last_of_in in = { .since = act->now_ms - LAST_MS };
	struct sql_link_last_of row;

	*ret_found = false;
	if (!maybe_account(act).known)
		return AW_OK;
	in.account = act->viewer->account;
	if (sql_link_last_of(act->tx, &in, act->arena, &row, ret_found, err) != AW_OK)
		return err->status;
	if (*ret_found)
		return aw_identity_link_get(act, row.id, ret_link, err);
	return AW_OK;
}

/* -- in doubt ----------------------------------------------------------------------------------------- */

enum aw_status
aw_identity_link_doubt(struct aw_act *act, int64_t link, const char *words, struct aw_error *err)
{
	struct sql_link_doubt_insert_in in = { .link = link, .at = act->now_ms };
	struct sql_person_key_of key;
	struct sql_link_get row;
	bool found = false;

	if (standing(act, link, &row, err) != AW_OK)
		return err->status;
	if (strcmp(row.state, "proposed") != 0)
		return aw_fail(err, AW_CONFLICT, "this link was decided meanwhile");
	if (words != NULL && aw_utf8_count(aw_str(words)) > AW_LINK_WORDS_MOST)
		return aw_fail(err, AW_INVALID, "the words are longer than %d characters",
			AW_LINK_WORDS_MOST);
	if (sql_person_key_of(act->tx, &(struct sql_person_key_of_in){ .person = row.person },
		    act->arena, &key, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such person");
	in.id = aw_act_id(act);
	in.account = act->viewer->account;
	in.key = key.key;
	aw_act_looked(act, row.person, AW_CLASS_BIT(AW_CLASS_EXISTENCE));
	if (aw_link_words_seal(act, key.key, "link_doubt", in.id, words, &in.words, err) != AW_OK)
		return err->status;
	return sql_link_doubt_insert(act->tx, &in, err);
}

enum aw_status
aw_identity_link_doubts(struct aw_act *act, int64_t link, struct aw_link_doubt **ret_at,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_link_doubts *rows;
	struct aw_link_doubt *at;
	size_t count = 0;

	if (sql_link_doubts(act->tx, &(struct sql_link_doubts_in){ .link = link }, act->arena,
		    &rows, &count, err) != AW_OK)
		return err->status;
	at = AW_NEW_ARRAY(act->arena, struct aw_link_doubt, count + 1);
	for (size_t i = 0; i < count; i++) {
		at[i] = (struct aw_link_doubt){ .name = rows[i].name, .at = rows[i].at };
		if (aw_link_words_open(act, rows[i].key, "link_doubt", rows[i].id, rows[i].words,
			    &at[i].words, err) != AW_OK)
			return err->status;
	}
	*ret_at = at;
	*ret_count = count;
	return AW_OK;
}
