/**
 * guard/unusual - watches the log for looks that need an explanation, and tells the auditors.
 * Layer: guard.  Threads: inside a unit of work.  Example: tests/guard/test_unusual.c
 *
 * A look at a stranger is the page of a person, opened by an account when neither it nor its unit has,
 * or lately had, a tie to anybody of that page. One alone is no reproach: a name is mistaken, a
 * colleague covered for. The rules of roles.yaml (unusual) count them, each one thing within a time,
 * so that every notice can be explained in a sentence. Auditors' own looks for the purpose "audit" are
 * left out. What cannot be known is who is whose neighbour or kin outside the city's data.
 */
#ifndef AW_GUARD_UNUSUAL_H
#define AW_GUARD_UNUSUAL_H

#include "guard/act.h"

struct aw_watched {
	int64_t entries; /* looked through now */
	int64_t strays;	 /* looks among them that need an explanation */
	int64_t raised;	 /* new notices */
	bool more;	 /* there are entries left */
};

/** Looks through the entries that came since the last time, `most` of them at most, by the act's
 *  policy, and raises notices. In a write unit. Twice is once. Nothing happens without rules. */
AW_MUST_CHECK enum aw_status aw_unusual_watch(
	struct aw_act *act, int64_t most, struct aw_watched *ret_watched, struct aw_error *err);

struct aw_notice {
	int64_t number;
	const char *rule;
	struct aw_maybe account, person;
	const char *person_number; /* public; NULL: no person, or erased */
	int64_t first_leaf, last_leaf;
	int64_t first_at, last_at; /* real time */
	int64_t looks;
	int64_t counted;
	int64_t raised_at;
	struct aw_maybe answered_at, answered_by;
	const char *finding; /* NULL while nobody has answered */
};

/** Notices that wait for an answer, oldest first, or the newest answered ones. */
AW_MUST_CHECK enum aw_status aw_notices(struct aw_tx *tx, struct aw_arena *arena, bool answered,
	int64_t most, struct aw_notice **ret_notices, size_t *ret_count, struct aw_error *err);

/** Says what came of a notice: "explained" or "pursued". Errors: AW_NOT_FOUND, AW_CONFLICT (it is
 *  answered already), AW_INVALID (another word). */
AW_MUST_CHECK enum aw_status
aw_notice_answer(struct aw_act *act, int64_t number, const char *finding, struct aw_error *err);

#endif
