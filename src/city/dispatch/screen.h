/**
 * city/dispatch/screen - the parts of screening that other files of the room use.
 * Layer: city, inside room dispatch.
 */
#ifndef AW_CITY_DISPATCH_SCREEN_H
#define AW_CITY_DISPATCH_SCREEN_H

#include "city/dispatch/way.h"
#include "city/person/identity.h"
#include "city/triage/triage.h"

/** Looks everybody of a report up and keeps who they could be; proposes the best where nothing speaks
 *  against it. */
AW_MUST_CHECK enum aw_status
aw_screen_recognise(struct aw_act *act, struct aw_way *way, struct aw_error *err);

/** Is it one of those whom the report is about? */
bool aw_screen_is_subject(const struct aw_way *way, const struct aw_report_person *person);

/** Decides by the policy in force, and proposes what follows. */
AW_MUST_CHECK enum aw_status
aw_screen_decide(struct aw_act *act, struct aw_way *way, struct aw_error *err);

/** Proposes lead and co-units from a decision, and the units that already serve the household. */
AW_MUST_CHECK enum aw_status aw_screen_propose(struct aw_act *act, struct aw_way *way,
	const struct aw_decision *decision, struct aw_error *err);

/**
 * Before a report leaves the screener's hands: proposed links become confirmed, a subject nobody
 * was found for becomes a new person, each linked person's ledger gets the report. With `strict`, a
 * subject with undecided candidates is AW_CONFLICT; the urgent path leaves it open.
 */
AW_MUST_CHECK enum aw_status
aw_screen_confirm_people(struct aw_act *act, struct aw_way *way, bool strict, struct aw_error *err);

/** The identity of a person as the reporter wrote it. */
void aw_screen_identity(struct aw_arena *arena, const struct aw_report_person_in *reported,
	struct aw_identity *ret_identity);

#endif
