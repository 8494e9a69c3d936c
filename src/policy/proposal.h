/**
 * policy/proposal - a change of policy by two persons: one proposes, another answers.
 * Layer: policy.  Threads: as the tx.  Example: tests/policy/test_proposal.c
 *
 * Proposed is a whole policy (a folder's, a draft's, a former release) and the first day it is to count.
 * It is made on the release in force then; once another is in force it is stale and cannot be confirmed:
 * nobody has looked at what the two together would be. Whoever is at the console is known to the machine
 * alone, so of the two at least one is a person with an account.
 */
#ifndef AW_POLICY_PROPOSAL_H
#define AW_POLICY_PROPOSAL_H

#include "policy/release.h"

enum { AW_PROPOSAL_WORDS_LEAST = 4, AW_PROPOSAL_WORDS_MOST = 2000 }; /* characters */

/* Who proposes or answers. */
struct aw_proposal_by {
	int64_t account;   /* 0: at the console */
	const char *login; /* of the account; "console:root" */
};

struct aw_proposal_in {
	const struct aw_policy *policy;
	const char *base;  /* hash of the release it was made on; NULL: of the one in force */
	int64_t draft;	   /* number of the draft it comes from; 0: none */
	int32_t from_day;  /* not before today */
	const char *words; /* what is changed and why */
	struct aw_proposal_by by;
};

struct aw_proposal {
	int64_t number;
	const char *hash;
	const char *label;
	const char *base; /* hash */
	struct aw_maybe draft;
	int32_t from_day; /* asked for */
	const char *words;
	struct aw_maybe proposed_by; /* account */
	const char *proposer;	     /* login */
	int64_t proposed_at;
	const char *answer; /* confirmed, refused, withdrawn; NULL: waits */
	struct aw_maybe answered_by;
	const char *answerer;
	struct aw_maybe answered_at;
	const char *answer_words;
	bool stale; /* waits, and another release is in force than the one it was made on */
};

/** Keeps a proposal. Errors: AW_INVALID: no words, or a day that is over; AW_CONFLICT: it is the policy in
 *  force, is proposed already, or was made on another release than the one in force. */
AW_MUST_CHECK enum aw_status aw_proposal_make(struct aw_tx *tx, const struct aw_proposal_in *in,
	int64_t now_ms, int64_t *ret_number, struct aw_error *err);

/** Another person puts it in force: today, or on its first day when that is still to come. releases may
 *  be NULL. Errors: AW_NOT_FOUND; AW_CONFLICT: answered already, or stale; AW_DENIED: the same person,
 *  the console twice, or a policy under which whoever confirms could change none any more (roles: that
 *  person's, NULL at the console); AW_CORRUPT. */
AW_MUST_CHECK enum aw_status
aw_proposal_confirm(struct aw_tx *tx, struct aw_releases *releases, int64_t number,
	const struct aw_proposal_by *by, const char *roles, int64_t now_ms, struct aw_error *err);

/** Another person refuses it, with a reason. Errors as above; AW_INVALID: no reason. */
AW_MUST_CHECK enum aw_status aw_proposal_refuse(struct aw_tx *tx, int64_t number,
	const struct aw_proposal_by *by, const char *words, int64_t now_ms, struct aw_error *err);

/** Whoever proposed it takes it back. AW_DENIED: somebody else. */
AW_MUST_CHECK enum aw_status aw_proposal_withdraw(struct aw_tx *tx, int64_t number,
	const struct aw_proposal_by *by, int64_t now_ms, struct aw_error *err);

/** May this person answer it? The same question that confirm and refuse ask. */
bool aw_proposal_may_answer(const struct aw_proposal *proposal, const struct aw_proposal_by *by);
/** Is it this person's own? */
bool aw_proposal_is_own(const struct aw_proposal *proposal, const struct aw_proposal_by *by);

/** AW_NOT_FOUND. */
AW_MUST_CHECK enum aw_status aw_proposal_get(struct aw_tx *tx, struct aw_arena *arena,
	int64_t number, int64_t now_ms, struct aw_proposal *ret_proposal, struct aw_error *err);

/** The newest, those that wait first; at most `most`. */
AW_MUST_CHECK enum aw_status
aw_proposal_list(struct aw_tx *tx, struct aw_arena *arena, int64_t most, int64_t now_ms,
	struct aw_proposal **ret_list, size_t *ret_count, struct aw_error *err);

/** The policy that is, or was, proposed; the caller owns it. AW_NOT_FOUND: it was refused or withdrawn,
 *  and is no release. */
AW_MUST_CHECK enum aw_status aw_proposal_policy(struct aw_tx *tx,
	const struct aw_proposal *proposal, struct aw_policy **ret_policy, struct aw_error *err);

#endif
