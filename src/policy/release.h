/**
 * policy/release - policies as released: kept whole by hash, and which one is in force.
 * Layer: policy.  Threads: as the tx.  Example: tests/policy/test_release.c
 *
 * The folder holds drafts; the database holds what decided. A policy is released by two persons:
 * one proposes it, another confirms it. Only into an empty database, or a demo's, it is released by
 * loading the folder. In force is the release that came into force last and whose effective day is
 * not later than the day asked about. Releases are never changed and never deleted.
 */
#ifndef AW_POLICY_RELEASE_H
#define AW_POLICY_RELEASE_H

#include "db/db.h"
#include "policy/policy.h"

struct aw_release {
	const char *hash;
	const char *label;
	int64_t released_at;	     /* proposed at, until it is confirmed */
	struct aw_maybe released_by; /* unknown: by loading */
	struct aw_maybe confirmed_by;
	int32_t effective_day;
	bool confirmed; /* by another person, or by loading */
};

/** Releases a policy by loading. A hash that is released already is left as it is. AW_DENIED: the
 *  database holds other releases and is no demo's. */
AW_MUST_CHECK enum aw_status aw_release_by_loading(struct aw_tx *tx, const struct aw_policy *policy,
	bool demo, int64_t now_ms, struct aw_error *err);

/** The first person: keeps the bundle, not yet in force. AW_CONFLICT: this hash is kept already. */
AW_MUST_CHECK enum aw_status aw_release_propose(struct aw_tx *tx, const struct aw_policy *policy,
	int64_t account, int64_t now_ms, struct aw_error *err);

/** The second person: puts it in force. AW_DENIED: the same person; AW_NOT_FOUND; AW_CONFLICT: it is
 *  confirmed already. */
AW_MUST_CHECK enum aw_status aw_release_confirm(
	struct aw_tx *tx, const char *hash, int64_t account, int64_t now_ms, struct aw_error *err);

/** The release in force on a day; *ret_found false when there is none. */
AW_MUST_CHECK enum aw_status aw_release_in_force(struct aw_tx *tx, struct aw_arena *arena,
	int32_t day, struct aw_release *ret_release, bool *ret_found, struct aw_error *err);

/** All of them, newest first. */
AW_MUST_CHECK enum aw_status aw_release_list(struct aw_tx *tx, struct aw_arena *arena,
	struct aw_release **ret_list, size_t *ret_count, struct aw_error *err);

/** A released policy by its hash, checked against it. The caller owns *ret_policy. AW_NOT_FOUND;
 *  AW_CORRUPT when the bundle is not what the hash names. */
AW_MUST_CHECK enum aw_status aw_release_read(
	struct aw_tx *tx, const char *hash, struct aw_policy **ret_policy, struct aw_error *err);

/* Older releases that were loaded, kept by hash as long as the city is open: opaque. Any thread. */
struct aw_releases;
struct aw_releases *aw_releases_new(void) __attribute__((returns_nonnull));
void aw_releases_free(struct aw_releases *releases); /* NULL is fine */

/** As aw_release_read, but loads a release once; *ret_policy is borrowed from releases. */
AW_MUST_CHECK enum aw_status aw_releases_get(struct aw_releases *releases, struct aw_tx *tx,
	const char *hash, const struct aw_policy **ret_policy, struct aw_error *err);

/* What came of opening a city's policy. */
struct aw_policy_open {
	struct aw_policy *policy; /* to work by; the caller owns it */
	bool folder_bad;	  /* the folder has a mistake: the last good one stays in force */
	bool folder_differs;	  /* the folder holds another policy than the one in force */
	char mistake[640];	  /* "file:line:column: text" of the first mistake, or "" */
};

/**
 * Finds the policy to work by. dir may be NULL (only what is released counts). A good folder is
 * released by loading where that is allowed; otherwise the release in force on `day` counts,
 * whatever the folder holds; with nothing released a good folder is worked by as it is (in a read
 * unit) . AW_INVALID: nothing is released and the folder has a mistake; AW_NOT_FOUND: neither.
 */
AW_MUST_CHECK enum aw_status aw_policy_open(struct aw_tx *tx, const char *dir, bool demo,
	int32_t day, int64_t now_ms, struct aw_policy_open *ret_open, struct aw_error *err);

#endif
