/**
 * page/check - a template held against the view type it shows: every name must mean something.
 * Layer: page.  Threads: pure.  Example: tests/page/test_check.c, and the walk over all routes in
 * tests/net/
 *
 * Mustache prints nothing for a name that does not exist; a renamed field would vanish from its page
 * in silence. So the tests walk each page with the types at hand: fields, their variants
 * (page/view_context.h), the names of the house (page/render.h), the arguments of its messages.
 */
#ifndef AW_PAGE_CHECK_H
#define AW_PAGE_CHECK_H

#include "page/render.h"

/** AW_INVALID with template, line and name for the first name that means nothing. A type without
 *  shown_by has no page and passes. */
AW_MUST_CHECK enum aw_status
aw_page_check(const struct aw_pages *pages, const struct aw_view_type *type, struct aw_error *err);

#endif
