/* The ledger of who serves whom and who is protected from whom. */
#include "guard/relation.h"

#include <assert.h>

#include "guard/guard.sql.h"
#include "guard/shield.h"

static const char *const kinds[] = {
	[AW_TIE_LEAD] = "lead",
	[AW_TIE_CO] = "co",
	[AW_TIE_CONTEXT] = "context",
	[AW_TIE_SCREENING] = "screening",
};

static struct aw_maybe
maybe_account(int64_t account)
{
	return account == 0 ? AW_UNKNOWN : AW_KNOWN(account);
}

static bool
is_side(const char *side)
{
	return aw_text_eq(side, "protected") || aw_text_eq(side, "respondent") ||
	       aw_text_eq(side, "neutral");
}

/* What was found out about the viewer may not hold any more. */
static void
forget(struct aw_act *act)
{
	act->known = NULL;
}

enum aw_status
aw_relation_add(struct aw_act *act, const struct aw_tie *tie, struct aw_error *err)
{
	const char *kind = kinds[tie->kind];
	struct sql_guard_relation_find row = { 0 };
	bool found = false;

	assert(tie->unit != NULL && tie->person != 0 && tie->reference != 0);
	if (!is_side(tie->side))
		return aw_fail(
			err, AW_INVALID, "a tie needs a side: protected, respondent or neutral");
	forget(act);
	if (sql_guard_relation_find(act->tx,
		    &(struct sql_guard_relation_find_in){ .unit = tie->unit,
			    .person = tie->person,
			    .side = tie->side,
			    .tie = kind,
			    .reference = tie->reference },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (found)
		return tie->account == 0
			       ? AW_OK
			       : sql_guard_relation_give(act->tx,
					 &(struct sql_guard_relation_give_in){ .id = row.id,
						 .account = maybe_account(tie->account) },
					 err);
	return sql_guard_relation_add(act->tx,
		&(struct sql_guard_relation_add_in){ .id = aw_act_id(act),
			.unit = tie->unit,
			.account = maybe_account(tie->account),
			.person = tie->person,
			.side = tie->side,
			.tie = kind,
			.reference = tie->reference,
			.from_at = act->now_ms },
		err);
}

enum aw_status
aw_relation_end(struct aw_act *act, int64_t reference, struct aw_error *err)
{
	forget(act);
	return sql_guard_relation_end(act->tx,
		&(struct sql_guard_relation_end_in){ .reference = reference, .to_at = act->now_ms },
		err);
}

enum aw_status
aw_relation_assign(struct aw_act *act, int64_t reference, int64_t account, struct aw_error *err)
{
	assert(account != 0);
	forget(act);
	return sql_guard_relation_assign(act->tx,
		&(struct sql_guard_relation_assign_in){
			.reference = reference, .account = account },
		err);
}

enum aw_status
aw_relation_oppose(struct aw_act *act, int64_t protected_person, int64_t respondent,
	int64_t reference, struct aw_error *err)
{
	struct sql_guard_opposition_find row = { 0 };
	bool found = false;

	if (protected_person == respondent)
		return aw_fail(err, AW_INVALID,
			"one person stands on both sides of a report: correct who is who first");
	forget(act);
	if (sql_guard_opposition_find(act->tx,
		    &(struct sql_guard_opposition_find_in){ .protected = protected_person,
			    .respondent = respondent,
			    .reference = reference },
		    act->arena, &row, &found, err) != AW_OK)
		return err->status;
	if (found)
		return AW_OK;
	return sql_guard_opposition_add(act->tx,
		&(struct sql_guard_opposition_add_in){ .id = aw_act_id(act),
			.protected = protected_person,
			.respondent = respondent,
			.reference = reference,
			.from_at = act->now_ms },
		err);
}

enum aw_status
aw_relation_unoppose(struct aw_act *act, int64_t reference, struct aw_error *err)
{
	forget(act);
	return sql_guard_opposition_end(act->tx,
		&(struct sql_guard_opposition_end_in){
			.reference = reference, .to_at = act->now_ms },
		err);
}

/* Does the account serve one of these people? */
static enum aw_status
serves_any(const struct aw_act *act, int64_t account, const int64_t *persons, size_t count,
	bool *ret_serves, struct aw_error *err)
{
	struct sql_guard_served_by *rows = NULL;
	size_t row_count = 0;

	if (sql_guard_served_by(act->tx, &(struct sql_guard_served_by_in){ .account = account },
		    act->arena, &rows, &row_count, err) != AW_OK)
		return err->status;
	*ret_serves = false;
	for (size_t i = 0; i < row_count && !*ret_serves; i++)
		*ret_serves = aw_shield_has(persons, count, rows[i].person);
	return AW_OK;
}

enum aw_status
aw_relation_conflict(struct aw_act *act, int64_t account, int64_t person, const char *side,
	bool *ret_conflict, struct aw_error *err)
{
	int64_t *shielded = NULL;
	size_t count = 0;

	if (aw_text_eq(side, "respondent")) {
		if (aw_shield_around(act, person, &shielded, &count, err) != AW_OK)
			return err->status;
		return serves_any(act, account, shielded, count, ret_conflict, err);
	}
	if (aw_shield_of(act, account, NULL, &shielded, &count, err) != AW_OK)
		return err->status;
	*ret_conflict = aw_shield_has(shielded, count, person);
	return AW_OK;
}
