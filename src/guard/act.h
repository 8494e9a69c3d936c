/**
 * guard/act - one act: who does it, when, for what purpose, under which policy, in which unit of
 * work. Every use case of city/ takes one.
 * Layer: guard.  Threads: an act lives on the stack of one unit of work.
 *
 * net/ (a request), a worker (a work item), cli/ (a command) and the demo make acts; a use case
 * never asks the clock, the session or the network for anything itself, so that a unit of work can
 * be run again and the demo can play four years in minutes.
 */
#ifndef AW_GUARD_ACT_H
#define AW_GUARD_ACT_H

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "db/seal.h"

struct aw_policy;      /* policy/policy.h: the release in force */
struct aw_releases;    /* policy/release.h */
struct aw_people;      /* city/person/people.h: the index in memory; opaque to guard */
struct aw_known;       /* guard/access.c: what was already found out about this act's viewer */
struct aw_session;     /* guard/account.h */
struct aw_signin_from; /* guard/signin.h */

/* Who acts. account 0 = the public or the program itself. All text is borrowed. */
struct aw_viewer {
	int64_t account;
	const char *login; /* "public", "worker", "console:root" without an account */
	const char *name;  /* as shown */
	const char *title;
	const char *unit;    /* code; NULL for the public */
	const char *roles;   /* codes separated by spaces */
	const char *purpose; /* code; decides what is shown and what is logged */
};

/* A person somebody looked at or wrote about during the act, with the field classes shown. */
struct aw_looked {
	struct aw_looked *next;
	int64_t person;
	uint32_t classes; /* bits of enum aw_field_class, see guard/access.h */
};

struct aw_act {
	struct aw_tx *tx;
	struct aw_arena *arena; /* of this unit of work */
	const struct aw_viewer *viewer;
	const struct aw_policy *policy;
	struct aw_releases
		*releases; /* older ones, kept; NULL: each is loaded when it is asked for */
	struct aw_keyring *keyring;
	struct aw_ids *ids;
	struct aw_people *people;
	int64_t now_ms;	 /* business time: the demo's runs from 110-12-06 08:30 */
	int64_t real_ms; /* log, sessions, rate limits */
	bool demo; /* a demo database: made-up ids with second character 5 or 6 are accepted */
	const char *action; /* what the log calls it: "report.view" */
	const char *object; /* public number it is about; set by the use case; may stay NULL */
	const char *detail; /* JSON without personal data, for the log; may stay NULL */
	const struct aw_session *session; /* of a person's browser; NULL: program, token, command */
	const struct aw_signin_from *from; /* where who signs in comes from; NULL: nobody does */
	struct aw_looked *looked;
	struct aw_known *known; /* guard's own; starts NULL */
};

/** Notes that fields of these classes of a person were shown or written. Merges with earlier notes. */
void aw_act_looked(struct aw_act *act, int64_t person, uint32_t classes);

/** A new internal id at the act's time. */
static inline int64_t
aw_act_id(const struct aw_act *act)
{
	return aw_id_next(act->ids, act->now_ms);
}

/** The next public number of a kind ('R' report, 'P' person, 'F' family, 'S' service case) on the
 *  act's day, with the city's letter. In a write unit only. */
AW_MUST_CHECK enum aw_status
aw_act_number(const struct aw_act *act, char kind, char **ret_number, struct aw_error *err);

#endif
