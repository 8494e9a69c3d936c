/**
 * net/house - one city open for work: database, keys, policy in force, index of people, clock.
 * Layer: net.  Threads: opened and closed by one; between, shared and (but for its own locks)
 * unchanging.  Example: tests/net/city.h
 *
 * The server, its workers and each command that does not go through a server work in a house.
 *
 * Settings of the database that a house reads: "demo" = "1" (made-up people; its root key stands
 * beside it), "clock_offset_ms" (business time minus real time, a demo's), "city" (code of the
 * policy it was made with).
 *
 * The root key is looked for in this order: the file that ANWANG_KEY_FILE names; the systemd
 * credential anwang-root-key; PATH.key beside a sqlite:PATH database that is a demo's.
 */
#ifndef AW_NET_HOUSE_H
#define AW_NET_HOUSE_H

#include "guard/act.h"
#include "guard/log.h"

/* What is opened beyond the database and its settings. */
enum {
	AW_HOUSE_KEYS = 1 << 0,	  /* keyring, and the log's own key */
	AW_HOUSE_POLICY = 1 << 1, /* the release in force; the folder when nothing is released */
	AW_HOUSE_PEOPLE = 1 << 2, /* the index in memory (needs keys): about 4 us a person */
	AW_HOUSE_ALL = AW_HOUSE_KEYS | AW_HOUSE_POLICY | AW_HOUSE_PEOPLE,
};

struct aw_house {
	struct aw_arena arena;
	struct aw_db *db;
	struct aw_keyring *keyring; /* NULL without AW_HOUSE_KEYS, as the log's key is zero */
	struct aw_log_key log_key;
	struct aw_releases *releases; /* the policy in force, and older ones; NULL without
					 AW_HOUSE_POLICY */
	struct aw_people *people;     /* NULL without AW_HOUSE_PEOPLE */
	struct aw_ids ids;
	struct aw_clock clock;
	bool demo;
	bool policy_stale; /* the folder has a mistake: the last good release stays in force */
	char policy_mistake[640]; /* ... and this is it */
};

struct aw_house_options {
	const char *url;
	const char *policy_dir; /* NULL: only what is released counts */
	unsigned parts;
};

/**
 * Opens a city. Errors: as aw_db_open (AW_BUSY: a server or a command holds it), AW_CONFLICT
 * (schema of another version: run anwang init), AW_NOT_FOUND (no database, no key), AW_DENIED (mode
 * of the key file), AW_CORRUPT.
 */
AW_MUST_CHECK enum aw_status aw_house_open(
	const struct aw_house_options *options, struct aw_house *ret_house, struct aw_error *err);

/** Closes. Accepts a zeroed house. */
void aw_house_done(struct aw_house *house);

/** The policy that acts begin under now: another one from one moment to the next, so take it once for what
 *  must agree. Borrowed, for as long as the house is open. NULL without AW_HOUSE_POLICY. */
const struct aw_policy *aw_house_policy(const struct aw_house *house);

/** Looks which policy is in force today, and lets acts begin under it: for the day on which one comes into
 *  force that was confirmed before. Not inside a unit of work. */
AW_MUST_CHECK enum aw_status aw_house_follow_policy(struct aw_house *house, struct aw_error *err);

/** Path of the root key for a database, in the arena. AW_NOT_FOUND says how to make one. */
AW_MUST_CHECK enum aw_status aw_house_key_path(struct aw_arena *arena, const char *url, bool demo,
	const char **ret_path, struct aw_error *err);

/** An act of that viewer now, without a unit of work: set act.tx inside one. */
struct aw_act aw_house_act(struct aw_house *house, struct aw_arena *arena,
	const struct aw_viewer *viewer, const char *action);

#endif
