/* policy/proposal - proposing a policy, and the second person's answer. */
#include "policy/proposal.h"

#include <string.h>

#include "policy/policy.sql.h"

/* Whoever puts a policy in force must be able to put another one in its place. */
#define PERMISSION "policy.release"

static struct aw_maybe
account_of(const struct aw_proposal_by *by)
{
	return by->account > 0 ? AW_KNOWN(by->account) : AW_UNKNOWN;
}

static bool
long_enough(const char *words)
{
	size_t count = words == NULL ? 0 : aw_utf8_count(aw_str(words));

	return count >= AW_PROPOSAL_WORDS_LEAST && count <= AW_PROPOSAL_WORDS_MOST;
}

bool
aw_proposal_is_own(const struct aw_proposal *proposal, const struct aw_proposal_by *by)
{
	if (by->account > 0)
		return proposal->proposed_by.known && proposal->proposed_by.v == by->account;
	return !proposal->proposed_by.known && strcmp(proposal->proposer, by->login) == 0;
}

bool
aw_proposal_may_answer(const struct aw_proposal *proposal, const struct aw_proposal_by *by)
{
	if (by->account > 0)
		return !aw_proposal_is_own(proposal, by);
	return proposal->proposed_by.known;
}

/* -- reading ------------------------------------------------------------------------------------ */

static struct aw_proposal
proposal_of(const struct sql_proposal_get *row, const char *in_force)
{
	return (struct aw_proposal){
		.number = row->number,
		.hash = row->hash,
		.label = row->label,
		.base = row->base,
		.draft = row->draft,
		.from_day = row->from_day,
		.words = row->words,
		.proposed_by = row->proposed_by,
		.proposer = row->proposer,
		.proposed_at = row->proposed_at,
		.answer = row->answer,
		.answered_by = row->answered_by,
		.answerer = row->answerer,
		.answered_at = row->answered_at,
		.answer_words = row->answer_words,
		.stale = row->answer == NULL && strcmp(row->base, in_force) != 0,
	};
}

/* Hash of the release in force at an instant; "" when none is. */
static enum aw_status
in_force(struct aw_tx *tx, struct aw_arena *arena, int64_t now_ms, const char **ret_hash,
	struct aw_error *err)
{
	struct aw_release release;
	bool found;

	if (aw_release_in_force(tx, arena, aw_taipei_day(now_ms), &release, &found, err) != AW_OK)
		return err->status;
	*ret_hash = found ? release.hash : "";
	return AW_OK;
}

enum aw_status
aw_proposal_get(struct aw_tx *tx, struct aw_arena *arena, int64_t number, int64_t now_ms,
	struct aw_proposal *ret_proposal, struct aw_error *err)
{
	struct sql_proposal_get row;
	const char *now;
	bool found;

	if (in_force(tx, arena, now_ms, &now, err) != AW_OK ||
		sql_proposal_get(tx, &(struct sql_proposal_get_in){ .number = number }, arena, &row,
			&found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no proposal of this number");
	*ret_proposal = proposal_of(&row, now);
	return AW_OK;
}

enum aw_status
aw_proposal_list(struct aw_tx *tx, struct aw_arena *arena, int64_t most, int64_t now_ms,
	struct aw_proposal **ret_list, size_t *ret_count, struct aw_error *err)
{
	struct sql_proposal_get *rows;
	struct aw_proposal *list;
	const char *now;
	size_t count;

	if (in_force(tx, arena, now_ms, &now, err) != AW_OK ||
		sql_proposal_list(tx, &(struct sql_proposal_list_in){ .at_most = most }, arena,
			&rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(arena, struct aw_proposal, count);
	for (size_t i = 0; i < count; i++)
		list[i] = proposal_of(&rows[i], now);
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_proposal_policy(struct aw_tx *tx, const struct aw_proposal *proposal,
	struct aw_policy **ret_policy, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_policy *policy = NULL;
	struct sql_proposal_bundle row;
	bool found;

	if (sql_proposal_bundle(tx, &(struct sql_proposal_bundle_in){ .number = proposal->number },
		    &scratch, &row, &found, err) != AW_OK)
		return err->status;
	if (!found || row.bundle.at == NULL)
		return aw_release_read(tx, proposal->hash, ret_policy, err);
	if (aw_policy_load_bundle(row.bundle, NULL, &policy, err) != AW_OK)
		return aw_wrap(err, "the proposed policy does not load");
	if (strcmp(policy->hash, proposal->hash) != 0) {
		aw_policy_free(policy);
		return aw_fail(err, AW_CORRUPT, "the proposed policy is not what its hash names");
	}
	*ret_policy = policy;
	return AW_OK;
}

/* -- the first person --------------------------------------------------------------------------- */

static enum aw_status
check_new(struct aw_tx *tx, const struct aw_proposal_in *in, const char *now_hash, int64_t now_ms,
	struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct sql_proposal_waiting waiting;
	bool found;

	if (!long_enough(in->words))
		return aw_fail(err, AW_INVALID,
			"say what is changed and why, in %d to %d characters",
			(int)AW_PROPOSAL_WORDS_LEAST, (int)AW_PROPOSAL_WORDS_MOST);
	if (in->from_day < aw_taipei_day(now_ms))
		return aw_fail(err, AW_INVALID, "the first day of a release is over already");
	if (strcmp(in->policy->hash, now_hash) == 0)
		return aw_fail(err, AW_CONFLICT, "this is the policy in force");
	if (in->base != NULL && strcmp(in->base, now_hash) != 0)
		return aw_fail(err, AW_CONFLICT,
			"it was made on another release than the one in force now");
	if (sql_proposal_waiting(tx, &(struct sql_proposal_waiting_in){ .hash = in->policy->hash },
		    &scratch, &waiting, &found, err) != AW_OK)
		return err->status;
	if (found)
		return aw_fail(err, AW_CONFLICT, "this policy is proposed already, as number %lld",
			(long long)waiting.number);
	return AW_OK;
}

enum aw_status
aw_proposal_make(struct aw_tx *tx, const struct aw_proposal_in *in, int64_t now_ms,
	int64_t *ret_number, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct sql_release_get kept;
	struct sql_proposal_next next;
	struct aw_bytes bundle = { 0 };
	const char *now_hash;
	bool is_release, found;

	if (in_force(tx, &scratch, now_ms, &now_hash, err) != AW_OK ||
		check_new(tx, in, now_hash, now_ms, err) != AW_OK ||
		sql_release_get(tx, &(struct sql_release_get_in){ .hash = in->policy->hash },
			&scratch, &kept, &is_release, err) != AW_OK ||
		sql_proposal_next(tx, &scratch, &next, &found, err) != AW_OK)
		return err->status;
	if (!is_release)
		bundle = aw_policy_pack(&scratch, in->policy);
	if (sql_proposal_put(tx,
		    &(struct sql_proposal_put_in){
			    .number = next.number,
			    .hash = in->policy->hash,
			    .label = in->policy->label,
			    .bundle = bundle,
			    .base = now_hash,
			    .draft = in->draft > 0 ? AW_KNOWN(in->draft) : AW_UNKNOWN,
			    .from_day = in->from_day,
			    .words = in->words,
			    .proposed_by = account_of(&in->by),
			    .proposer = in->by.login,
			    .proposed_at = now_ms,
		    },
		    err) != AW_OK)
		return err->status;
	*ret_number = next.number;
	return AW_OK;
}

/* -- the second --------------------------------------------------------------------------------- */

static enum aw_status
answer(struct aw_tx *tx, int64_t number, const char *what, const struct aw_proposal_by *by,
	const char *words, int64_t now_ms, struct aw_error *err)
{
	int64_t changed;

	if (sql_proposal_answer(tx,
		    &(struct sql_proposal_answer_in){
			    .number = number,
			    .answer = what,
			    .answered_by = account_of(by),
			    .answerer = by->login,
			    .answered_at = now_ms,
			    .answer_words = words,
		    },
		    &changed, err) != AW_OK)
		return err->status;
	if (changed != 1)
		return aw_fail(err, AW_CONFLICT, "this proposal is answered already");
	return AW_OK;
}

/* The proposal, which waits for this person's answer. */
static enum aw_status
get_to_answer(struct aw_tx *tx, struct aw_arena *arena, int64_t number,
	const struct aw_proposal_by *by, int64_t now_ms, struct aw_proposal *ret_proposal,
	struct aw_error *err)
{
	if (aw_proposal_get(tx, arena, number, now_ms, ret_proposal, err) != AW_OK)
		return err->status;
	if (ret_proposal->answer != NULL)
		return aw_fail(err, AW_CONFLICT, "this proposal is answered already");
	if (!aw_proposal_may_answer(ret_proposal, by))
		return aw_fail(err, AW_DENIED,
			"another person than the one who proposed the policy answers, and one of "
			"the two has an account");
	return AW_OK;
}

enum aw_status
aw_proposal_confirm(struct aw_tx *tx, struct aw_releases *releases, int64_t number,
	const struct aw_proposal_by *by, const char *roles, int64_t now_ms, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_policy *policy = NULL;
	struct aw_proposal proposal;
	int32_t today = aw_taipei_day(now_ms), from_day;
	enum aw_status status;

	if (get_to_answer(tx, &scratch, number, by, now_ms, &proposal, err) != AW_OK)
		return err->status;
	if (proposal.stale)
		return aw_fail(err, AW_CONFLICT,
			"another release came into force since it was proposed: it is to be "
			"proposed again");
	if (aw_proposal_policy(tx, &proposal, &policy, err) != AW_OK)
		return err->status;
	from_day = proposal.from_day > today ? proposal.from_day : today;
	if (roles != NULL && !aw_policy_may(policy, roles, PERMISSION))
		status = aw_fail(err, AW_DENIED,
			"under this policy you could not release another one any more");
	else
		status = aw_release_keep(
			tx, policy, proposal.proposed_by, account_of(by), from_day, now_ms, err);
	aw_policy_free(policy);
	if (status != AW_OK || answer(tx, number, "confirmed", by, NULL, now_ms, err) != AW_OK ||
		aw_release_turn(tx, proposal.hash, from_day, now_ms, err) != AW_OK)
		return err->status;
	return aw_releases_turned(releases, tx, err);
}

enum aw_status
aw_proposal_refuse(struct aw_tx *tx, int64_t number, const struct aw_proposal_by *by,
	const char *words, int64_t now_ms, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_proposal proposal;

	if (get_to_answer(tx, &scratch, number, by, now_ms, &proposal, err) != AW_OK)
		return err->status;
	if (!long_enough(words))
		return aw_fail(err, AW_INVALID, "say why it is refused, in %d to %d characters",
			(int)AW_PROPOSAL_WORDS_LEAST, (int)AW_PROPOSAL_WORDS_MOST);
	return answer(tx, number, "refused", by, words, now_ms, err);
}

enum aw_status
aw_proposal_withdraw(struct aw_tx *tx, int64_t number, const struct aw_proposal_by *by,
	int64_t now_ms, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_proposal proposal;

	if (aw_proposal_get(tx, &scratch, number, now_ms, &proposal, err) != AW_OK)
		return err->status;
	if (!aw_proposal_is_own(&proposal, by))
		return aw_fail(err, AW_DENIED, "whoever proposed it withdraws it");
	return answer(tx, number, "withdrawn", by, NULL, now_ms, err);
}
