/**
 * guard/relation - the ledger of who serves whom, and who is protected from whom.
 * Layer: guard.  Threads: inside a unit of work.  Example: tests/guard/test_access.c
 *
 * Rooms write it in the same unit of work as the step itself, one tie per person that the step
 * gives a unit to do with:
 *
 *   report received and recognised   oppose() for each protected x each respondent person of it;
 *                                    a tie SCREENING of the screening centre for everybody in it
 *                                    (and in their households), reference = the report;
 *   dispatched                       per dispatch LEAD or CO ties, reference = the dispatch,
 *                                    account 0: whom the unit serves, with the unit's side. A unit
 *                                    on the protected side has ties to all people of the report,
 *                                    the respondent too (it must know them); a unit on the
 *                                    respondent's side has a tie to the respondent alone;
 *   report done or closed            end(report): nothing is left to screen;
 *   assigned                         assign();
 *   returned                         nothing: the unit answers for it until it is redirected;
 *   withdrawn, finished              end(dispatch);
 *   case opened                      ties with reference = the service case and its worker;
 *   case closed                      end(service case).
 */
#ifndef AW_GUARD_RELATION_H
#define AW_GUARD_RELATION_H

#include "guard/act.h"

/* How a unit is tied to a person. */
enum aw_tie_kind {
	AW_TIE_LEAD,	  /* serves, as the lead unit of the matter */
	AW_TIE_CO,	  /* serves, as a co-unit */
	AW_TIE_CONTEXT,	  /* has to know of them, does not serve them */
	AW_TIE_SCREENING, /* screens a report they are in */
};

struct aw_tie {
	const char *unit;
	int64_t account; /* the worker; 0 = not assigned yet */
	int64_t person;
	const char *side; /* protected, respondent, neutral: the side the unit serves on */
	enum aw_tie_kind kind;
	int64_t reference; /* report, dispatch or service case */
};

/** Adds a tie from the act's time on; one that is there already (same unit, person, side, kind and
 *  reference, not ended) is left, but takes the account. AW_INVALID on an unknown side. */
AW_MUST_CHECK enum aw_status
aw_relation_add(struct aw_act *act, const struct aw_tie *tie, struct aw_error *err);

/** Ends every tie of a reference at the act's time. */
AW_MUST_CHECK enum aw_status
aw_relation_end(struct aw_act *act, int64_t reference, struct aw_error *err);

/** Gives every open tie of a reference to a worker. */
AW_MUST_CHECK enum aw_status
aw_relation_assign(struct aw_act *act, int64_t reference, int64_t account, struct aw_error *err);

/** From now on `protected_person` is protected from `respondent`. Twice is once. AW_INVALID when
 *  they are one person. */
AW_MUST_CHECK enum aw_status aw_relation_oppose(struct aw_act *act, int64_t protected_person,
	int64_t respondent, int64_t reference, struct aw_error *err);

/** Takes back what a report said of who is protected from whom: it was mistaken, or a person in it
 *  was somebody else. */
AW_MUST_CHECK enum aw_status
aw_relation_unoppose(struct aw_act *act, int64_t reference, struct aw_error *err);

/** True if giving `person` on `side` to this worker would make one worker serve both sides, so that
 *  rule 1 of guard/access.h would hide a client from them: to be shown before assigning. */
AW_MUST_CHECK enum aw_status aw_relation_conflict(struct aw_act *act, int64_t account,
	int64_t person, const char *side, bool *ret_conflict, struct aw_error *err);

#endif
