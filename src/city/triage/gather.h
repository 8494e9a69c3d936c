/**
 * city/triage/gather - the facts of a report, from its answers, its people and what is known of them.
 * Layer: city, inside room triage.  The list of facts: docs/facts.md.
 */
#ifndef AW_CITY_TRIAGE_GATHER_H
#define AW_CITY_TRIAGE_GATHER_H

#include "city/intake/report.h"
#include "city/triage/triage.h"

/** Facts of a report for one of its issues (0 = the leading one). facts->arena must be set. Errors
 *  as aw_report_get. */
AW_MUST_CHECK enum aw_status
aw_triage_gather(struct aw_act *act, int64_t report_id, int64_t issue_id,
	struct aw_triage_facts *facts, struct aw_report *ret_report, struct aw_error *err);

/** The answers of a form as facts: one a question, instruments summed (exposed for tests). */
void aw_triage_answers(const struct aw_policy *policy, const struct aw_kind *kind,
	const json_t *answers, int32_t day, struct aw_triage_facts *facts);

#endif
