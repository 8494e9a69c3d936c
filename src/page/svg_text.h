/**
 * page/svg_text - what every drawing needs: escaped text, title and description.
 * Layer: page (private to it).
 */
#ifndef AW_PAGE_SVG_TEXT_H
#define AW_PAGE_SVG_TEXT_H

#include "base/str.h"
#include "text/markup.h"

static inline void
aw_svg_escape(struct aw_buf *out, const char *text)
{
	for (; text != NULL && *text != '\0'; text++) {
		const char *entity = aw_markup_entity(*text);

		if (entity != NULL)
			aw_buf_text(out, entity);
		else
			aw_buf_char(out, *text);
	}
}

static inline void
aw_svg_titles(struct aw_buf *out, const char *title, const char *desc)
{
	aw_buf_text(out, "<title>");
	aw_svg_escape(out, title);
	aw_buf_text(out, "</title><desc>");
	aw_svg_escape(out, desc);
	aw_buf_text(out, "</desc>");
}

#endif
