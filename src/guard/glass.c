/* Emergency access: opened with a reason, over by itself, looked at afterwards by somebody else. */
#include "guard/glass.h"

#include "guard/access.h"
#include "guard/glass.sql.h"
#include "guard/shield.h"
#include "policy/policy.h"

enum { LIST_MOST = 200 };

typedef struct sql_glass_find glass_row;

static struct aw_place
place_of(const char *column, int64_t id)
{
	return (struct aw_place){ "break_glass", column, id, 1 };
}

bool
aw_glass_may(const struct aw_act *act)
{
	uint32_t classes =
		aw_policy_classes(act->policy, act->viewer->roles, AW_RELATION_BREAK_GLASS);

	return act->viewer->account != 0 && act->policy->break_glass.minutes > 0 &&
	       (classes & ~AW_CLASS_BIT(AW_CLASS_OPEN)) != 0;
}

/* -- opening ------------------------------------------------------------------------------------ */

static enum aw_status
check_words(const char *words, struct aw_error *err)
{
	size_t count = words == NULL ? 0 : aw_utf8_count(aw_str(words));

	if (count < AW_GLASS_WORDS_LEAST || count > AW_GLASS_WORDS_MOST)
		return aw_fail(err, AW_INVALID, "the words are %d to %d characters",
			AW_GLASS_WORDS_LEAST, AW_GLASS_WORDS_MOST);
	return AW_OK;
}

/* A shielded person is answered like nobody; so is one from whom a respondent of the viewer's unit is
 * kept: a colleague's emergency is no way round. */
static enum aw_status
check_person(struct aw_act *act, int64_t person, struct aw_error *err)
{
	struct aw_access access;
	int64_t *shielded = NULL;
	size_t count = 0;

	if (aw_access_to(act, person, &access, err) != AW_OK ||
		aw_shield_of(act, act->viewer->account, act->viewer->unit, &shielded, &count,
			err) != AW_OK)
		return err->status;
	if (access.shielded || aw_shield_has(shielded, count, person))
		return aw_fail(err, AW_NOT_FOUND, "there is no such person");
	if (access.opened || access.serves)
		return aw_fail(err, AW_CONFLICT, "the person is open to the viewer already");
	return AW_OK;
}

static enum aw_status
seal_words(struct aw_act *act, int64_t key_id, const char *column, int64_t id, const char *words,
	struct aw_bytes *ret_cell, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };

	if (aw_key_get(act->tx, act->keyring, key_id, &key, err) != AW_OK)
		return err->status;
	*ret_cell = aw_seal(act->arena, act->keyring, &key, place_of(column, id), aw_str(words));
	return AW_OK;
}

enum aw_status
aw_glass_open(struct aw_act *act, int64_t person, const char *reason, const char *words,
	const char **ret_number, struct aw_error *err)
{
	const struct aw_break_glass *rule = &act->policy->break_glass;
	struct sql_glass_add_in in = { .id = aw_act_id(act),
		.account = act->viewer->account,
		.unit = act->viewer->unit,
		.person = person,
		.reason = reason,
		.opened_at = act->real_ms,
		.until_at = act->real_ms + rule->minutes * AW_MINUTE_MS,
		.review_due_at = act->real_ms + rule->review_days * AW_DAY_MS };
	struct sql_glass_key_of key = { 0 };
	bool found = false;
	char *number;

	if (!aw_glass_may(act))
		return aw_fail(err, AW_DENIED, "no role of the viewer opens anything");
	if (reason == NULL || aw_policy_reason(act->policy, AW_REASONS_BREAK_GLASS, reason) == NULL)
		return aw_fail(err, AW_INVALID, "an emergency has a reason of reasons.yaml");
	if (check_words(words, err) != AW_OK || check_person(act, person, err) != AW_OK ||
		sql_glass_key_of(act->tx, &(struct sql_glass_key_of_in){ .person = person },
			act->arena, &key, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such person");
	in.key = key.key;
	if (seal_words(act, key.key, "sealed", in.id, words, &in.sealed, err) != AW_OK ||
		aw_act_number(act, 'B', &number, err) != AW_OK)
		return err->status;
	in.number = number;
	if (sql_glass_add(act->tx, &in, err) != AW_OK)
		return err->status;
	act->detail = aw_arena_printf(
		act->arena, "{\"break_glass\":\"%s\",\"reason\":\"%s\"}", number, reason);
	*ret_number = number;
	return AW_OK;
}

enum aw_status
aw_glass_now(
	struct aw_act *act, struct aw_glass_now **ret_list, size_t *ret_count, struct aw_error *err)
{
	struct sql_glass_open_of *rows = NULL;
	size_t count = 0;

	if (sql_glass_open_of(act->tx,
		    &(struct sql_glass_open_of_in){
			    .account = act->viewer->account, .moment = act->real_ms },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	*ret_list = AW_NEW_ARRAY(act->arena, struct aw_glass_now, count);
	for (size_t i = 0; i < count; i++)
		(*ret_list)[i] = (struct aw_glass_now){ .number = rows[i].number,
			.person = rows[i].person,
			.person_number = rows[i].person_number,
			.until_at = rows[i].until_at };
	*ret_count = count;
	return AW_OK;
}

/* -- afterwards --------------------------------------------------------------------------------- */

/* NULL when the person was erased. */
static enum aw_status
open_words(struct aw_act *act, const glass_row *row, const char *column, struct aw_bytes cell,
	const char **ret_words, struct aw_error *err)
{
	AW_SCOPE(aw_key) key = { 0 };
	struct aw_str text;

	*ret_words = NULL;
	if (cell.len == 0)
		return AW_OK;
	if (aw_key_get(act->tx, act->keyring, row->key, &key, err) != AW_OK) {
		if (err->status != AW_NOT_FOUND)
			return err->status;
		aw_error_clear(err);
		return AW_OK;
	}
	if (aw_unseal(act->arena, act->keyring, &key, place_of(column, row->id), cell, &text,
		    err) != AW_OK)
		return err->status;
	*ret_words = text.at;
	return AW_OK;
}

static enum aw_status
glass_of(struct aw_act *act, const glass_row *row, struct aw_glass *ret_glass, struct aw_error *err)
{
	*ret_glass = (struct aw_glass){ .id = row->id,
		.number = row->number,
		.account = row->account,
		.login = row->login,
		.name = row->name,
		.title = row->title,
		.unit = row->unit,
		.person = row->person,
		.person_number = row->person_number,
		.reason = row->reason,
		.opened_at = row->opened_at,
		.until_at = row->until_at,
		.review_due_at = row->review_due_at,
		.reviewed_at = row->reviewed_at,
		.reviewer = row->reviewer,
		.justified = row->justified };
	if (open_words(act, row, "sealed", row->sealed, &ret_glass->words, err) != AW_OK)
		return err->status;
	return open_words(act, row, "review_sealed", row->review_sealed, &ret_glass->review, err);
}

static enum aw_status
list(struct aw_act *act, const struct sql_glass_list_in *in, struct aw_glass **ret_list,
	size_t *ret_count, struct aw_error *err)
{
	glass_row *rows = NULL;
	size_t count = 0;

	if (sql_glass_list(act->tx, in, act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	*ret_list = AW_NEW_ARRAY(act->arena, struct aw_glass, count);
	for (size_t i = 0; i < count; i++)
		if (glass_of(act, &rows[i], &(*ret_list)[i], err) != AW_OK)
			return err->status;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_glass_own(
	struct aw_act *act, struct aw_glass **ret_list, size_t *ret_count, struct aw_error *err)
{
	return list(act,
		&(struct sql_glass_list_in){
			.account = AW_KNOWN(act->viewer->account), .most = LIST_MOST },
		ret_list, ret_count, err);
}

/* The unit whose emergencies the viewer reviews; NULL: every unit's. */
static const char *
unit_reviewed(const struct aw_act *act)
{
	if (aw_access_may_do(act->policy, act->viewer, "audit.view"))
		return NULL;
	return act->viewer->unit == NULL ? "" : act->viewer->unit;
}

/* Whom the viewer may not know of at all is reviewed by somebody else. */
static enum aw_status
is_hidden(struct aw_act *act, int64_t person, bool *ret_hidden, struct aw_error *err)
{
	struct aw_access access;

	if (aw_access_to(act, person, &access, err) != AW_OK)
		return err->status;
	*ret_hidden = access.shielded;
	return AW_OK;
}

enum aw_status
aw_glass_to_review(
	struct aw_act *act, struct aw_glass **ret_list, size_t *ret_count, struct aw_error *err)
{
	struct aw_glass *all;
	size_t count, kept = 0;
	bool hidden;

	if (list(act,
		    &(struct sql_glass_list_in){ .unit = unit_reviewed(act),
			    .except_account = AW_KNOWN(act->viewer->account),
			    .most = LIST_MOST },
		    &all, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++) {
		if (is_hidden(act, all[i].person, &hidden, err) != AW_OK)
			return err->status;
		if (!hidden)
			all[kept++] = all[i];
	}
	*ret_list = all;
	*ret_count = kept;
	return AW_OK;
}

enum aw_status
aw_glass_counts(
	struct aw_act *act, int64_t *ret_waiting, int64_t *ret_overdue, struct aw_error *err)
{
	struct sql_glass_counts counts = { 0 };
	bool found = false;

	if (sql_glass_counts(act->tx,
		    &(struct sql_glass_counts_in){ .unit = unit_reviewed(act),
			    .except_account = act->viewer->account,
			    .moment = act->real_ms },
		    act->arena, &counts, &found, err) != AW_OK)
		return err->status;
	*ret_waiting = counts.waiting;
	*ret_overdue = counts.overdue;
	return AW_OK;
}

static enum aw_status
find(struct aw_act *act, const char *number, glass_row *ret_row, struct aw_error *err)
{
	bool found = false;

	if (sql_glass_find(act->tx, &(struct sql_glass_find_in){ .number = number }, act->arena,
		    ret_row, &found, err) != AW_OK)
		return err->status;
	return found ? AW_OK : aw_fail(err, AW_NOT_FOUND, "there is no such emergency access");
}

enum aw_status
aw_glass_end(struct aw_act *act, const char *number, struct aw_error *err)
{
	int64_t changed = 0;
	glass_row row = { 0 };

	if (find(act, number, &row, err) != AW_OK)
		return err->status;
	if (row.account == act->viewer->account &&
		sql_glass_end(act->tx,
			&(struct sql_glass_end_in){ .id = row.id, .moment = act->real_ms },
			&changed, err) != AW_OK)
		return err->status;
	return changed > 0 ? AW_OK
			   : aw_fail(err, AW_NOT_FOUND, "there is no such emergency access");
}

enum aw_status
aw_glass_review(struct aw_act *act, const char *number, bool justified, const char *words,
	struct aw_error *err)
{
	const char *unit = unit_reviewed(act);
	struct sql_glass_review_in in = { .reviewed_at = act->real_ms,
		.reviewed_by = act->viewer->account,
		.justified = justified };
	int64_t changed = 0;
	glass_row row = { 0 };
	bool hidden;

	if (check_words(words, err) != AW_OK || find(act, number, &row, err) != AW_OK ||
		is_hidden(act, row.person, &hidden, err) != AW_OK)
		return err->status;
	if (hidden || row.account == act->viewer->account ||
		(unit != NULL && !aw_text_eq(unit, row.unit)))
		return aw_fail(err, AW_NOT_FOUND, "there is no such emergency access");
	if (row.reviewed_at.known)
		return aw_fail(err, AW_CONFLICT, "it was reviewed already");
	in.id = row.id;
	if (seal_words(act, row.key, "review_sealed", row.id, words, &in.review_sealed, err) !=
			AW_OK ||
		sql_glass_review(act->tx, &in, &changed, err) != AW_OK)
		return err->status;
	act->detail =
		aw_arena_printf(act->arena, "{\"justified\":%s}", justified ? "true" : "false");
	return AW_OK;
}
