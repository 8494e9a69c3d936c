/**
 * city/dispatch/way - rows of the way: one report's screening, its dispatches, its events.
 * Layer: city, inside room dispatch.
 *
 * Every use case loads what it needs, checks, changes the copy, and puts it back with the state it
 * saw: when somebody was faster the put finds no row, and the use case fails with AW_CONFLICT.
 */
#ifndef AW_CITY_DISPATCH_WAY_H
#define AW_CITY_DISPATCH_WAY_H

#include "city/dispatch/dispatch.h"
#include "city/dispatch/dispatch.sql.h"
#include "city/intake/report.h"
#include "guard/access.h"
#include "policy/policy.h"

/* A dispatch of its row; the texts stay the row's. */
struct aw_dispatch aw_dispatch_of_row(const struct sql_dispatch_get *row);

/* One report on its way, with what use cases check against. */
struct aw_way {
	struct sql_screening_get s; /* the copy that is changed */
	const char *from_state;	    /* as it was loaded */
	struct aw_report report;
	const struct aw_kind *kind;
	struct aw_dispatch *dispatches; /* lead first */
	size_t dispatch_count;
};

/** Loads a report's way. parts: enum aw_report_part. AW_NOT_FOUND. */
AW_MUST_CHECK enum aw_status aw_way_load(
	struct aw_act *act, int64_t report, int parts, struct aw_way *ret, struct aw_error *err);

/** Writes the screening back; AW_CONFLICT if it moved meanwhile. */
AW_MUST_CHECK enum aw_status
aw_way_put(struct aw_act *act, struct aw_way *way, struct aw_error *err);

/** Appends an event; dispatch 0 = of the report as a whole; code and note may be NULL. */
AW_MUST_CHECK enum aw_status
aw_way_event(struct aw_act *act, const struct aw_way *way, int64_t dispatch, const char *kind,
	const char *code, const char *note, struct aw_error *err);

/** Opens an event's note; NULL when it has none. */
AW_MUST_CHECK enum aw_status aw_way_note(const struct aw_act *act, int64_t event, int64_t key,
	struct aw_bytes sealed, const char **ret_note, struct aw_error *err);

/** Loads one dispatch with its report's way; *ret_dispatch points into way. */
AW_MUST_CHECK enum aw_status aw_way_of_dispatch(struct aw_act *act, int64_t dispatch, int parts,
	struct aw_way *ret_way, struct aw_dispatch **ret_dispatch, struct aw_error *err);

/** Writes a dispatch back from the state it was in; AW_CONFLICT if it moved meanwhile. */
AW_MUST_CHECK enum aw_status aw_way_put_dispatch(struct aw_act *act, const struct aw_dispatch *d,
	const char *from_state, struct aw_error *err);

/** Who has to do with the report: the screening centre while something is left to it, whoever settles
 *  while there is a dispute, and each unit it was sent to, until its part is over: withdrawn, or finished
 *  without a case that is open or a refusal that waits for approval. For aw_access_of_matter(). */
AW_MUST_CHECK enum aw_status aw_way_ties(const struct aw_act *act,
	const struct aw_dispatch *dispatches, size_t count, const struct sql_screening_get *s,
	struct aw_tie_seen **ret_ties, size_t *ret_count, struct aw_error *err);

/** The lead that is not withdrawn; NULL if there is none. */
struct aw_dispatch *aw_way_lead(const struct aw_way *way);

/** The proposed dispatch to a unit; NULL if there is none. */
struct aw_dispatch *aw_way_proposed(const struct aw_way *way, const char *unit);

/** Dispatches one proposed 案次: state, clocks of acceptance, relation of the unit, event. */
AW_MUST_CHECK enum aw_status
aw_way_send(struct aw_act *act, struct aw_way *way, struct aw_dispatch *d, struct aw_error *err);

/** Sets screening done or closed when nothing waits any more. */
AW_MUST_CHECK enum aw_status
aw_way_settle(struct aw_act *act, struct aw_way *way, struct aw_error *err);

/** "sent" or "done" as dispatches that stand like these make it: sent, done or closed; any other state stays. */
const char *aw_way_state(const char *state, const struct aw_dispatch *list, size_t count);

/** Adds a proposed dispatch to the report. A unit that is asked already on that side is not asked twice; it
 *  may be told to more from then on, where this proposal may. */
struct aw_proposal {
	const char *unit, *role, *side, *task, *basis;
	struct aw_maybe person;
	struct aw_maybe first_contact_due_at;
	int64_t decision;
	uint32_t classes;		    /* that are needed to be told of it (dispatch/told.h) */
	const char *open_basis, *open_task; /* what is told to others; NULL: nothing */
	struct aw_maybe open_due_at;
};
/** Of a unit that no row of the policy asks, but a person or a case that it has: what its type says of whom it
 *  serves. Fills classes and what is open. */
void aw_way_proposal_by_type(const struct aw_act *act, struct aw_proposal *proposal);
AW_MUST_CHECK enum aw_status aw_way_propose(struct aw_act *act, struct aw_way *way,
	const struct aw_proposal *proposal, struct aw_error *err);

#endif
