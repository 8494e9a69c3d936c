/**
 * city/indicator/pages - 指標: the tiles, one indicator with its groups, and the things it counted.
 * Layer: city, room indicator.
 *
 * Numbers alone need indicator.view; rows need indicator.rows, are checked against the viewer's
 * relations one by one, and are noted in the log with their people. Rows hold no names.
 */
#ifndef AW_CITY_INDICATOR_PAGES_H
#define AW_CITY_INDICATOR_PAGES_H

#include "city/indicator/indicator.h"
#include "page/call.h"

extern const struct aw_view_type aw_indicators_view;	 /* GET /indicators */
extern const struct aw_view_type aw_indicator_view;	 /* GET /indicators/{code} */
extern const struct aw_view_type aw_indicator_rows_view; /* GET /indicators/{code}/rows */

/* query: period; none = each indicator in the last period that a document prints */
aw_handler_fn aw_indicators_show;
/* query: period, definition, by */
aw_handler_fn aw_indicator_show;
/* query: period, definition, by, group, part (numerator: only these), from (first row, from 1) */
aw_handler_fn aw_indicator_rows_show;

/* A report or case in a list without names. */
struct aw_indicator_thing {
	const char *number;
	const char *kind;
	const char *unit; /* that made it; NULL: no unit's own */
	bool risk;	  /* its level is told as well */
};

/** May the viewer be told which report or case it is? Kinds that lists keep sealed: nobody. Who is in it
 *  was looked at then. */
AW_MUST_CHECK enum aw_status aw_indicator_may_tell(struct aw_act *act,
	const struct aw_indicator_thing *thing, bool *ret_may, struct aw_error *err);

extern const struct aw_view_type aw_fairness_view; /* GET /fairness */

/* query: year (of the Republic; whole and ended), by sex|age|district|indigenous|new_immigrant, of level|unit */
aw_handler_fn aw_fairness_show;

#endif
