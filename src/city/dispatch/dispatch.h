/**
 * city/dispatch - to whom, by when: screening, second review, acceptance, dispute, assignment.
 * Layer: city, room dispatch.  Threads: a use case runs in the unit of work of its act.
 * Example: tests/city/dispatch/test_way.c
 *
 * A report on its way (table screening):
 *
 *   waiting --submit--> submitted --review: approve--> sent --all answered--> done
 *      |                    '--review: send back--> waiting     |
 *      |--urgent dispatch--> sent, reviewed afterwards          '--redirect--> submitted
 *      '--no issue valid--> closed (with a follow-up date if asked)
 *
 * A dispatch 案次 (table dispatch):
 *
 *   proposed -> dispatched -> accepted -> assigned -> finished
 *                   |-> returned -> (redirected) withdrawn, or disputed -> settled: dispatched
 *
 * Four eyes: who reviews is neither who submitted or dispatched, nor of a unit that receives
 * (AW_DENIED). A dispute is settled by none of those who screened, reviewed or received it, and not
 * by anyone of the units in it. A unit that returned a case keeps it until it is settled or
 * redirected. The 24-hour clock runs from receipt to the first confirmed dispatch, through nights
 * and holidays. Return codes come from the policy, which says for which kinds each is allowed.
 */
#ifndef AW_CITY_DISPATCH_DISPATCH_H
#define AW_CITY_DISPATCH_DISPATCH_H

#include "guard/act.h"

enum { AW_DISPATCH_NOTE_LIMIT = 2000 }; /* bytes of a note */

/* -- screening ------------------------------------------------------------------------------ */

/**
 * Screens a received report: recognises each person in it, keeps the candidates, the register
 * answers and the context, runs the policy in force, proposes lead and co-units (a unit that
 * already serves somebody of the household is added: 在案規則). Idempotent: a report that was
 * screened already is left as it is. Started by the work item "screen_report".
 */
AW_MUST_CHECK enum aw_status
aw_dispatch_screen(struct aw_act *act, int64_t report, struct aw_error *err);

/** Takes a waiting report as its screener. AW_CONFLICT if somebody else has it. */
AW_MUST_CHECK enum aw_status
aw_dispatch_claim(struct aw_act *act, int64_t report, struct aw_error *err);

/** Decides who a person of the report is: AW_LINK_SAME takes `person`; AW_LINK_OTHER rejects
 *  `person`; AW_LINK_NEW makes a new person from what was reported. Then decides again. */
enum aw_link_choice { AW_LINK_SAME, AW_LINK_OTHER, AW_LINK_NEW };
AW_MUST_CHECK enum aw_status aw_dispatch_link(struct aw_act *act, int64_t report_person,
	int64_t person, enum aw_link_choice choice, struct aw_error *err);

/** Runs the policy again after facts came in, and proposes anew. Edited dispatches stay. */
AW_MUST_CHECK enum aw_status
aw_dispatch_decide_again(struct aw_act *act, int64_t report, struct aw_error *err);

/** Adds a unit to the proposal, or changes its role or task. reason: code of policy's edit reasons. */
struct aw_dispatch_edit {
	const char *unit;
	const char *role; /* "lead" or "co"; a new lead makes the old one "co" unless removed */
	const char *task; /* NULL: the policy's words for the kind */
	const char *side; /* "protected", "respondent", "neutral"; NULL = protected */
	bool remove;
	const char *reason; /* code; required */
	const char *note;   /* may be NULL */
};
AW_MUST_CHECK enum aw_status aw_dispatch_edit(struct aw_act *act, int64_t report,
	const struct aw_dispatch_edit *edit, struct aw_error *err);

/** Sends a screened report to review 送複核. Every issue needs a screen result (valid is set on
 *  those that have none). With no valid issue the report is closed instead; follow_up asks for
 *  關懷追蹤. AW_CONFLICT without a lead unit. */
AW_MUST_CHECK enum aw_status aw_dispatch_submit(
	struct aw_act *act, int64_t report, const char *note, bool follow_up, struct aw_error *err);

/** 緊急先派: dispatches now, reviewed afterwards under its own clock. Only where the decision
 *  says `immediate`, or with a reason code. */
AW_MUST_CHECK enum aw_status
aw_dispatch_urgent(struct aw_act *act, int64_t report, const char *reason, struct aw_error *err);

/** 複核: approve dispatches what is proposed; otherwise the report goes back with the note. */
AW_MUST_CHECK enum aw_status aw_dispatch_review(
	struct aw_act *act, int64_t report, bool approve, const char *note, struct aw_error *err);

/** Why the viewer may not review this report, as a message key; NULL if they may. */
AW_MUST_CHECK enum aw_status aw_dispatch_review_bar(
	struct aw_act *act, int64_t report, const char **ret_bar, struct aw_error *err);

/** Joins the report to an open service case of the same subject and kind (併案); its worker sees it at once.
 *  A protective kind keeps its clocks. */
AW_MUST_CHECK enum aw_status aw_dispatch_join(struct aw_act *act, int64_t report,
	int64_t service_case, int64_t worker, const char *unit, struct aw_error *err);

/* -- the receiving unit --------------------------------------------------------------------- */

AW_MUST_CHECK enum aw_status
aw_dispatch_accept(struct aw_act *act, int64_t dispatch, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_dispatch_return(struct aw_act *act, int64_t dispatch,
	const char *code, const char *note, struct aw_error *err);
AW_MUST_CHECK enum aw_status
aw_dispatch_assign(struct aw_act *act, int64_t dispatch, int64_t worker, struct aw_error *err);
/** The worker says that they have it 確認收到. */
AW_MUST_CHECK enum aw_status
aw_dispatch_acknowledge(struct aw_act *act, int64_t dispatch, struct aw_error *err);

/* -- returned and disputed ------------------------------------------------------------------ */

/** The screener sends a returned case to another unit; it goes through review again. */
AW_MUST_CHECK enum aw_status aw_dispatch_redirect(struct aw_act *act, int64_t dispatch,
	const char *unit, const char *reason, const char *note, struct aw_error *err);
/** The screener does not accept the return: both reasons stand, somebody above decides. */
AW_MUST_CHECK enum aw_status
aw_dispatch_dispute(struct aw_act *act, int64_t dispatch, const char *note, struct aw_error *err);
/** 裁定: the case is that unit's; the unit cannot return it again. */
AW_MUST_CHECK enum aw_status aw_dispatch_settle(struct aw_act *act, int64_t dispatch,
	const char *unit, const char *note, struct aw_error *err);

/* -- told by family ------------------------------------------------------------------------- */

/** First contact was made: the clock stops. Later calls change nothing. */
AW_MUST_CHECK enum aw_status
aw_dispatch_contacted(struct aw_act *act, int64_t dispatch, int64_t at, struct aw_error *err);
/** The unit is done with its part (open decision made, or case closed). When every dispatch of
 *  the report is finished or withdrawn, the report is closed. */
AW_MUST_CHECK enum aw_status
aw_dispatch_finish(struct aw_act *act, int64_t dispatch, struct aw_error *err);

/** Ties the people of the dispatch to the case that came of it, on the dispatch's side, for its worker.
 *  Before aw_dispatch_finish, which ends the dispatch's own ties. */
AW_MUST_CHECK enum aw_status aw_dispatch_hand_over(struct aw_act *act, int64_t dispatch,
	int64_t service_case, int64_t worker, struct aw_error *err);

/** True if unit a is unit b or stands above or below it (one branch of an agency). NULL is no unit. */
bool aw_dispatch_same_unit(const struct aw_policy *policy, const char *a, const char *b);

/* One dispatch, as other rooms need it. */
struct aw_dispatch {
	int64_t id;
	int64_t report;
	int64_t decision;
	const char *report_number;
	const char *kind; /* of the report */
	const char *unit;
	const char *role;
	const char *side;
	const char *task;
	const char *basis;
	const char *state;
	struct aw_maybe person;
	struct aw_maybe dispatched_at;
	struct aw_maybe accepted_at;
	struct aw_maybe accept_due_at;
	struct aw_maybe first_contact_due_at;
	struct aw_maybe worker;
	struct aw_maybe assigned_at;
	/* who may be told of it, and of what remains for the others: dispatch/told.h */
	struct aw_maybe classes;
	const char *open_basis; /* NULL: nothing remains */
	const char *open_task;
	struct aw_maybe open_due_at;
	bool veiled; /* told by its agency alone */
};

/** AW_NOT_FOUND if there is none. */
AW_MUST_CHECK enum aw_status aw_dispatch_get(
	const struct aw_act *act, int64_t id, struct aw_dispatch *ret, struct aw_error *err);
/** All dispatches of a report, lead first, withdrawn ones too. */
AW_MUST_CHECK enum aw_status aw_dispatch_of_report(const struct aw_act *act, int64_t report,
	struct aw_dispatch **ret_list, size_t *ret_count, struct aw_error *err);

/* -- time ----------------------------------------------------------------------------------- */

/** Writes an `escalated` event for each clock that passed 75 % or 100 % since the last sweep
 *  (once each), so that supervisors find out early. Run every minute. */
AW_MUST_CHECK enum aw_status
aw_dispatch_sweep(struct aw_act *act, int64_t *ret_escalated, struct aw_error *err);

#endif
