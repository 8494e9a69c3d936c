/**
 * policy/release - policies as released: kept whole by hash, and which one is in force.
 * Layer: policy.  Threads: as the tx, but for aw_releases.  Example: tests/policy/test_release.c
 *
 * The folder holds drafts; the database holds what decided. A policy is released by two persons
 * (policy/proposal.h). Only into an empty database, or a demo's, it is released by loading the folder.
 * Each release has its turns: from which day it counts. In force is the turn of the latest first day
 * that is not later than the day asked about, of several the last. Releases are never changed and never
 * deleted; one of before may get another turn.
 */
#ifndef AW_POLICY_RELEASE_H
#define AW_POLICY_RELEASE_H

#include "base/clock.h"
#include "db/db.h"
#include "policy/policy.h"

/* A release and one of its turns. */
struct aw_release {
	const char *hash;
	const char *label;
	int64_t released_at; /* put in force */
	struct aw_maybe
		released_by; /* account that proposed it; unknown: by loading, or at the console */
	struct aw_maybe confirmed_by;
	int32_t effective_day; /* first day */
};

/** Releases a policy by loading. A hash that is released already is left as it is. AW_DENIED: the
 *  database holds other releases and is no demo's. */
AW_MUST_CHECK enum aw_status aw_release_by_loading(struct aw_tx *tx, const struct aw_policy *policy,
	bool demo, int64_t now_ms, struct aw_error *err);

/** The release in force on a day; *ret_found false when there is none. */
AW_MUST_CHECK enum aw_status aw_release_in_force(struct aw_tx *tx, struct aw_arena *arena,
	int32_t day, struct aw_release *ret_release, bool *ret_found, struct aw_error *err);

/** Keeps a policy as a release, unless it is kept already. */
AW_MUST_CHECK enum aw_status
aw_release_keep(struct aw_tx *tx, const struct aw_policy *policy, struct aw_maybe released_by,
	struct aw_maybe confirmed_by, int32_t from_day, int64_t now_ms, struct aw_error *err);

/** Gives a kept release a turn from a day on. */
AW_MUST_CHECK enum aw_status aw_release_turn(
	struct aw_tx *tx, const char *hash, int32_t from_day, int64_t now_ms, struct aw_error *err);

/** All turns, the latest first day first. */
AW_MUST_CHECK enum aw_status aw_release_list(struct aw_tx *tx, struct aw_arena *arena,
	struct aw_release **ret_list, size_t *ret_count, struct aw_error *err);

/** A released policy by its hash, checked against it. The caller owns *ret_policy. AW_NOT_FOUND;
 *  AW_CORRUPT when the bundle is not what the hash names. */
AW_MUST_CHECK enum aw_status aw_release_read(
	struct aw_tx *tx, const char *hash, struct aw_policy **ret_policy, struct aw_error *err);

/*
 * The releases of an open city: which one its acts begin under, and older ones that were asked for.
 * Opaque. Any thread. What was loaded stays until the city is closed: whoever began under a release
 * works on with it, however many have followed, and needs no lock. A release takes some MB of memory;
 * a city makes a few a year.
 */
struct aw_releases;
struct aw_releases *aw_releases_new(void) __attribute__((returns_nonnull));
void aw_releases_free(struct aw_releases *releases); /* NULL is fine */

/** Sets up, before other threads know of it: the policy to work by (now owned), the folder that drafts
 *  come from (copied; NULL: none), the clock that says which day it is. */
void aw_releases_begin(struct aw_releases *releases, struct aw_policy *policy, const char *folder,
	const struct aw_clock *clock);

/** What acts begin under; NULL before aw_releases_begin. Borrowed. */
const struct aw_policy *aw_releases_current(const struct aw_releases *releases);
/** The city's folder, NULL if there is none. */
const char *aw_releases_folder(const struct aw_releases *releases);

/** As aw_release_read, but loads a release once; *ret_policy is borrowed from releases. */
AW_MUST_CHECK enum aw_status aw_releases_get(struct aw_releases *releases, struct aw_tx *tx,
	const char *hash, const struct aw_policy **ret_policy, struct aw_error *err);

/** Acts begin under what is in force today as the tx sees it, from now on; costs a statement when they do
 *  so already. What another thread put in force meanwhile is not undone. */
AW_MUST_CHECK enum aw_status
aw_releases_follow(struct aw_releases *releases, struct aw_tx *tx, struct aw_error *err);

/** In the unit of work that made a turn: acts begin under what is in force then once that is durable, and
 *  before its caller hears of it; other servers follow (db/change.h). releases may be NULL. */
AW_MUST_CHECK enum aw_status
aw_releases_turned(struct aw_releases *releases, struct aw_tx *tx, struct aw_error *err);

/** Follows what other servers put in force; before aw_db_follow_start. */
AW_MUST_CHECK enum aw_status
aw_releases_listen(struct aw_releases *releases, struct aw_db *db, struct aw_error *err);

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
