/**
 * city/dispatch/ties - what a step on the way gives a unit to do with whom: relations and ledger.
 * Layer: city, inside room dispatch.
 */
#ifndef AW_CITY_DISPATCH_TIES_H
#define AW_CITY_DISPATCH_TIES_H

#include "city/dispatch/way.h"

/** After recognition, and again when a person's link changed: who is protected from whom by this
 *  report, and the screening centre's tie to everybody in it and in the subjects' households. */
AW_MUST_CHECK enum aw_status
aw_ties_of_report(struct aw_act *act, const struct aw_way *way, struct aw_error *err);

/** After a dispatch went out: whom the unit serves, on which side; the ledger of those it serves. */
AW_MUST_CHECK enum aw_status aw_ties_of_dispatch(struct aw_act *act, const struct aw_way *way,
	const struct aw_dispatch *d, struct aw_error *err);

/** The dispatch is over for its unit: ties and ledger entries end. */
AW_MUST_CHECK enum aw_status
aw_ties_end(struct aw_act *act, const struct aw_dispatch *d, struct aw_error *err);

/** The report left screening: the centre's ties end. */
AW_MUST_CHECK enum aw_status
aw_ties_end_screening(struct aw_act *act, const struct aw_way *way, struct aw_error *err);

#endif
