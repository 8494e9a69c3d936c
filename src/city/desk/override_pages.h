/**
 * city/desk/override_pages - 改定率: how often people decide otherwise than each rule, and which cases.
 * Layer: city, room desk.  Example: tests/city/desk/test_overrides.c
 *
 * Numbers need policy.view; cases need indicator.rows, are checked against the viewer's relations one by
 * one, and are noted in the log with their people, as rows of an indicator are.
 */
#ifndef AW_CITY_DESK_OVERRIDE_PAGES_H
#define AW_CITY_DESK_OVERRIDE_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_overrides_view;	 /* GET /policy/overrides */
extern const struct aw_view_type aw_override_cases_view; /* GET /policy/overrides/cases */

aw_handler_fn aw_overrides_show;      /* query: period; none: the last 365 days */
aw_handler_fn aw_override_cases_show; /* query: table (id), rule (from 1), period */

#endif
