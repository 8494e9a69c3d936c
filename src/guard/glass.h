/**
 * guard/glass - 緊急調閱: emergency access to a person one has nothing to do with.
 * Layer: guard.  Threads: inside a unit of work or a reading.  Example: tests/guard/test_glass.c
 *
 * Whoever's roles grant something at sees.break_glass opens one person for the policy's minutes, with
 * a coded reason and words. It is logged when it is opened, each look under it says so in the log
 * (detail), every page says that it is open, and somebody else says afterwards whether it was
 * justified; until then it is listed, and overdue after the policy's days.
 *
 * It adds a relation (AW_RELATION_BREAK_GLASS) and lifts none of the rules of guard/access.h: who
 * serves a respondent opens nobody of the protected side, nor does a colleague of theirs, and the
 * answer is the one for a person who does not exist. The reporter stays closed.
 */
#ifndef AW_GUARD_GLASS_H
#define AW_GUARD_GLASS_H

#include "guard/act.h"

enum { AW_GLASS_WORDS_LEAST = 6, AW_GLASS_WORDS_MOST = 500 }; /* characters */

/** True if the viewer's roles open anything in an emergency, and the policy has it. */
bool aw_glass_may(const struct aw_act *act);

/** Opens a person. AW_NOT_FOUND: shielded from the viewer, or no such person; AW_CONFLICT: the
 *  viewer has it open, or sees as much without; AW_DENIED: not for these roles; AW_INVALID: reason or
 *  words. */
AW_MUST_CHECK enum aw_status aw_glass_open(struct aw_act *act, int64_t person, const char *reason,
	const char *words, const char **ret_number, struct aw_error *err);

/* One that is open now. */
struct aw_glass_now {
	const char *number;
	int64_t person;
	const char *person_number;
	int64_t until_at;
};

/** What the act's viewer has open, soonest to end first. */
AW_MUST_CHECK enum aw_status aw_glass_now(struct aw_act *act, struct aw_glass_now **ret_list,
	size_t *ret_count, struct aw_error *err);

struct aw_glass {
	int64_t id;
	const char *number;
	int64_t account;
	const char *login, *name, *title; /* of the account */
	const char *unit;
	int64_t person;
	const char *person_number;
	const char *reason;
	const char *words; /* NULL: the person was erased */
	int64_t opened_at, until_at, review_due_at;
	struct aw_maybe reviewed_at;
	const char *reviewer; /* name; NULL: not yet */
	struct aw_maybe justified;
	const char *review; /* what the reviewer said; NULL: not yet, or erased */
};

/** Ends one's own before its time. AW_NOT_FOUND: not one's own, or over. */
AW_MUST_CHECK enum aw_status
aw_glass_end(struct aw_act *act, const char *number, struct aw_error *err);

/** One's own, newest unreviewed first. */
AW_MUST_CHECK enum aw_status aw_glass_own(
	struct aw_act *act, struct aw_glass **ret_list, size_t *ret_count, struct aw_error *err);

/** What the viewer may review: of their unit; of every unit with the permission audit.view. Never
 *  their own. What waits comes first, by when it is due. */
AW_MUST_CHECK enum aw_status aw_glass_to_review(
	struct aw_act *act, struct aw_glass **ret_list, size_t *ret_count, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_glass_counts(
	struct aw_act *act, int64_t *ret_waiting, int64_t *ret_overdue, struct aw_error *err);

/** Says whether it was justified, once. AW_NOT_FOUND: none that the viewer may review; AW_CONFLICT:
 *  reviewed already; AW_INVALID: no words. */
AW_MUST_CHECK enum aw_status aw_glass_review(struct aw_act *act, const char *number, bool justified,
	const char *words, struct aw_error *err);

#endif
