/**
 * policy/draft - a version of the decision tables that people work on, kept in the database.
 * Layer: policy.  Threads: as the tx.  Example: tests/policy/test_draft.c
 *
 * A draft is the decision model alone; every other file is that of the release it is made on. Each time
 * it is saved it gets another version, none is ever changed, and whoever saves says which version they
 * began with: of two who began with the same, the second is told. What is saved may have mistakes.
 */
#ifndef AW_POLICY_DRAFT_H
#define AW_POLICY_DRAFT_H

#include "policy/release.h"

enum {
	AW_DRAFT_NAME_MOST = 60, /* characters */
	AW_DRAFT_MODEL_MOST =
		512 * 1024, /* bytes: escaped in a form, which holds a million, it is longer */
};

struct aw_draft {
	int64_t number;
	const char *name;
	const char *base; /* hash of the release it is made on */
	const char *path; /* of the model in the bundle */
	int64_t made_by;  /* account */
	int64_t made_at;
	struct aw_maybe closed_at;
	int64_t version; /* the last one, from 1 */
	int64_t saved_by;
	int64_t saved_at;
};

struct aw_draft_version {
	int64_t version;
	int64_t saved_by;
	int64_t saved_at;
};

/* What is wanted: a name, the day whose model it begins as, and who wants it when. */
struct aw_draft_in {
	const char *name;
	int32_t day;
	int64_t account, now_ms;
};

/** A draft that begins as the model in force on a day in the policy in force. Errors: AW_INVALID: the name
 *  is empty, too long, or holds a control character. */
AW_MUST_CHECK enum aw_status aw_draft_new(struct aw_tx *tx, const struct aw_draft_in *in,
	const struct aw_policy *in_force, int64_t *ret_number, struct aw_error *err);

/** AW_NOT_FOUND. */
AW_MUST_CHECK enum aw_status aw_draft_get(struct aw_tx *tx, struct aw_arena *arena, int64_t number,
	struct aw_draft *ret_draft, struct aw_error *err);

/** Those that are not put away, newest first. */
AW_MUST_CHECK enum aw_status aw_draft_list(struct aw_tx *tx, struct aw_arena *arena, int64_t most,
	struct aw_draft **ret_list, size_t *ret_count, struct aw_error *err);

/** The last 50 versions, newest first. */
AW_MUST_CHECK enum aw_status
aw_draft_versions(struct aw_tx *tx, struct aw_arena *arena, int64_t number,
	struct aw_draft_version **ret_list, size_t *ret_count, struct aw_error *err);

/** The model of a version, in the arena. AW_NOT_FOUND. */
AW_MUST_CHECK enum aw_status aw_draft_model(struct aw_tx *tx, struct aw_arena *arena,
	int64_t number, int64_t version, struct aw_str *ret_model, struct aw_error *err);

/** Saves another version. from: the one it was begun with. Errors: AW_NOT_FOUND; AW_CONFLICT: somebody saved
 *  meanwhile, or it was put away; AW_INVALID: not UTF-8, empty; AW_TOO_LARGE. */
AW_MUST_CHECK enum aw_status aw_draft_save(struct aw_tx *tx, int64_t number, int64_t from,
	struct aw_str model, int64_t account, int64_t now_ms, struct aw_error *err);

/** Makes it a draft on another release: the policy in force, when that has changed. */
AW_MUST_CHECK enum aw_status aw_draft_rebase(struct aw_tx *tx, int64_t number,
	const struct aw_policy *in_force, int32_t day, struct aw_error *err);

/** Puts it away. AW_CONFLICT: it is. */
AW_MUST_CHECK enum aw_status
aw_draft_close(struct aw_tx *tx, int64_t number, int64_t now_ms, struct aw_error *err);

/** A policy whose decision model is another; its version is the draft's name. Loaded and checked as a
 *  folder is: with mistakes AW_INVALID comes back, and *ret_policy is untouched. The caller owns it. */
AW_MUST_CHECK enum aw_status
aw_draft_policy(const struct aw_draft *draft, const struct aw_policy *base, struct aw_str model,
	struct aw_mistakes *mistakes, struct aw_policy **ret_policy, struct aw_error *err);

#endif
