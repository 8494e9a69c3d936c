/**
 * city/desk/glass_pages - 緊急調閱: opening a person in an emergency, and looking at it afterwards.
 * Layer: city, room desk.  Example: tests/net/test_glass.c
 *
 * A person is named by public number or by number of the state. Nobody, somebody shielded from the
 * viewer, and a number that is none are answered alike.
 */
#ifndef AW_CITY_DESK_GLASS_PAGES_H
#define AW_CITY_DESK_GLASS_PAGES_H

#include "page/call.h"

extern const struct aw_view_type aw_glass_view;	       /* GET /break-glass */
extern const struct aw_view_type aw_glass_review_view; /* GET /break-glass/review */

aw_handler_fn aw_glass_show;  /* query: person (public number, filled in) */
aw_handler_fn aw_glass_start; /* POST /break-glass   person, reason, words */
aw_handler_fn aw_glass_stop;  /* POST /break-glass/{number}/end */
aw_handler_fn aw_glass_list;  /* GET /break-glass/review */
aw_handler_fn aw_glass_judge; /* POST /break-glass/{number}/review   justified yes|no, words */

#endif
