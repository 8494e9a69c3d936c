/**
 * text/markup - what stands for a character in XML and HTML that would be read as a part of them.
 * Layer: text.  Threads: any.  Cost: none.  Example: tests/page/test_mustache.c, tests/text/test_grid.c
 *
 * The five of XML 1.0 §4.6; &#39; because HTML 4 does not know &apos;. Enough for content and for attributes
 * between quotation marks of either kind.
 */
#ifndef AW_TEXT_MARKUP_H
#define AW_TEXT_MARKUP_H

#include <stddef.h>

/** The entity of a character; NULL: it stands for itself. */
static inline const char *
aw_markup_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

#endif
