/**
 * city/family - the work with a family: assessment, open decision, contacts, plan, closing.
 * Layer: city, room family.  Threads: a use case runs in the unit of work of its act.
 * Example: tests/city/family/test_family.c
 *
 * A family_case 案家 is the frame; service_cases 案 stand in it, each of one unit, one kind, one
 * subject. Opening, closing and re-report count service cases. After acceptance and assessment the
 * lead unit decides per issue: Y 開案, N 不開案, S 短期服務, M 行方不明協尋. N and closing need the
 * approval of another person of the unit. Contacts and plans belong to the person, not to the
 * household. Reasons are codes of the policy.
 */
#ifndef AW_CITY_FAMILY_FAMILY_H
#define AW_CITY_FAMILY_FAMILY_H

#include "guard/act.h"

struct aw_contact_in {
	int64_t service_case; /* 0: before a case was opened, then dispatch is set */
	int64_t dispatch;     /* 0: none */
	int64_t person;
	const char *form;	  /* phone, home, joint, office, video */
	const char *outcome;	  /* met, not_home, refused_now, whereabouts_unknown */
	const char *partner_unit; /* of a joint visit; NULL */
	int64_t at;
	const char *note; /* sealed; may be NULL */
};

/** Records a contact. The first one of a dispatch stops its first-contact clock if it was met. */
AW_MUST_CHECK enum aw_status aw_family_contact(struct aw_act *act, const struct aw_contact_in *in,
	int64_t *ret_contact, struct aw_error *err);

/** Records the assessment after acceptance (findings: text, sealed under the person's key). */
AW_MUST_CHECK enum aw_status aw_family_assess(struct aw_act *act, int64_t dispatch, int64_t person,
	const char *findings, struct aw_error *err);

struct aw_open_in {
	int64_t issue;
	int64_t dispatch;
	const char *outcome; /* Y N S M */
	const char *reason;  /* code */
	const char *level;   /* of the case, code; NULL = the decision's */
};

struct aw_opened {
	int64_t open_decision; /* the decision kept; 0 where none is (found, reopened) */
	int64_t service_case;  /* 0 when nothing was opened or joined */
	int64_t family_case;
	const char *case_number; /* NULL when nothing was opened */
	const char *family_number;
	bool joined; /* the subject had an open case of the same kind in this unit */
};

/** Decides 開案 or not for one issue. Y and S open a service case (or join the unit's own open one
 *  of the same subject and kind) in the family's frame, which is found by household or made. */
AW_MUST_CHECK enum aw_status aw_family_decide(struct aw_act *act, const struct aw_open_in *in,
	struct aw_opened *ret, struct aw_error *err);

/** A supervisor of the unit, other than who decided, approves a decision not to open. */
AW_MUST_CHECK enum aw_status
aw_family_decision_approve(struct aw_act *act, int64_t open_decision, struct aw_error *err);

/** 主動發掘: opens a case with no report behind it. */
AW_MUST_CHECK enum aw_status aw_family_open_found(struct aw_act *act, int64_t person,
	const char *kind, const char *level, struct aw_opened *ret, struct aw_error *err);

/** Adds a goal to the plan, or closes one (state met, dropped). due_day as in aw_maybe. */
struct aw_goal_in {
	int64_t service_case;
	const char *goal;	 /* sealed */
	const char *step;	 /* sealed; may be NULL */
	const char *responsible; /* unit code */
	struct aw_maybe due_day;
};
AW_MUST_CHECK enum aw_status aw_family_goal_add(
	struct aw_act *act, const struct aw_goal_in *in, int64_t *ret_goal, struct aw_error *err);
AW_MUST_CHECK enum aw_status
aw_family_goal_set(struct aw_act *act, int64_t goal, const char *state, struct aw_error *err);

/** The worker asks to close by a coded reason; a supervisor of the unit (another person) approves
 *  or refuses with a note. On approval the case is closed at the act's time. */
AW_MUST_CHECK enum aw_status aw_family_close_ask(
	struct aw_act *act, int64_t service_case, const char *reason, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_family_close_answer(struct aw_act *act, int64_t service_case,
	bool approve, const char *note, struct aw_error *err);

/** Opens a new case that continues a closed one, by the same unit. */
AW_MUST_CHECK enum aw_status aw_family_reopen(
	struct aw_act *act, int64_t service_case, struct aw_opened *ret, struct aw_error *err);

/** A supervisor hands a case to another worker of the unit. */
AW_MUST_CHECK enum aw_status
aw_family_assign(struct aw_act *act, int64_t service_case, int64_t worker, struct aw_error *err);

/* One service case, as other rooms need it. Texts live in the act's arena. */
struct aw_service_case {
	int64_t id;
	int64_t family_case;
	const char *number;
	const char *family_number;
	const char *unit;
	const char *kind;
	const char *side;
	const char *level;
	int64_t subject;
	int64_t worker;
	int64_t opened_at;
	struct aw_maybe issue;
	struct aw_maybe closed_at;
	const char *close_reason;
	struct aw_maybe close_asked_at;
	struct aw_maybe close_asked_by;
};

AW_MUST_CHECK enum aw_status aw_service_case_get(
	const struct aw_act *act, int64_t id, struct aw_service_case *ret, struct aw_error *err);
AW_MUST_CHECK enum aw_status aw_service_case_by_number(const struct aw_act *act, const char *number,
	struct aw_service_case *ret, struct aw_error *err);
/** Open cases of a person (any unit), oldest first. */
AW_MUST_CHECK enum aw_status aw_service_cases_open_of(const struct aw_act *act, int64_t person,
	struct aw_service_case **ret_list, size_t *ret_count, struct aw_error *err);

#endif
