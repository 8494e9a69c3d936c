/**
 * page/view_context - a view as the names of a template, and the reader it is shown to.
 * Layer: page (private to it).  Threads: one rendering.
 *
 * {{x}} by kind; behind a dot, the variants:
 *   every field   hidden  true when hidden      known  true when set and not hidden
 *                 text    plain text even where a part would stand
 *                 reason  the message of a hidden field's reason
 *   CODE          code    the code itself       is.<code>  true when it is that code
 *   NUMBER        value   bare digits           any    true when not 0      one  true when 1
 *   PERCENT       value   hundredths            number 6.92 without the sign
 *   INSTANT       iso short near time date day full plain value
 *   DAY           iso short near full plain value
 *   DURATION      value   ms
 *   LIST          any     true when not empty   count
 *   FLAG          not     the opposite
 * An item of a list also has  index (from 1), first, last.
 */
#ifndef AW_PAGE_VIEW_CONTEXT_H
#define AW_PAGE_VIEW_CONTEXT_H

#include "page/message.h"
#include "page/mustache.h"
#include "page/view.h"

/* Who reads: language and time decide the display text. mustache->user of every rendering of a
 * view begins with this struct. */
struct aw_reader {
	const struct aw_catalog *catalog;
	int64_t now_ms;
};

/** The view as a context; it must outlive the rendering. */
struct aw_mustache_value aw_view_context(const struct aw_view *view);

#endif
