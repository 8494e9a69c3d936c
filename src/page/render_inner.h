/**
 * page/render_inner - one rendering, for page/render and page/render_form alone.
 * Layer: page (private to it).
 */
#ifndef AW_PAGE_RENDER_INNER_H
#define AW_PAGE_RENDER_INNER_H

#include "page/render.h"
#include "page/view_context.h"

/* Begins with the reader that view_context asks for. */
struct aw_rendering {
	struct aw_reader reader;
	const struct aw_pages *pages;
	const struct aw_page *page;
	struct aw_view *shell;
};

static inline const struct aw_rendering *
aw_rendering_of(const struct aw_mustache *mustache)
{
	return mustache->user;
}

static inline struct aw_mustache_value
aw_text_value(const char *text)
{
	return (struct aw_mustache_value){
		.kind = text == NULL || text[0] == '\0' ? AW_MUSTACHE_NOTHING : AW_MUSTACHE_VALUE,
		.text = aw_str(text)
	};
}

/** The names of a form that is shown again: typed, picked, problem, problems, wrong. */
bool
aw_form_name(struct aw_mustache *mustache, struct aw_str name, struct aw_mustache_value *ret_value);

#endif
