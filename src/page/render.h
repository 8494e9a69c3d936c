/**
 * page/render - a page from its view: templates, messages and assets, loaded once.
 * Layer: page.  Threads: aw_pages never changes after it is loaded; a rendering belongs to one
 * request.  Example: tests/page/test_render.c
 *
 * Names that a template may use, innermost first: the view's fields (page/view_context.h); then
 *   shell            page/shell.h
 *   typed.<field>    what was typed in a form that is shown again
 *   picked.<field>.<value>   true when that value was among them
 *   problem.<field>  what is wrong at a field;  problems  all of them: field, text
 *   {{#wrong}}{{prefix}}.born{{/wrong}}   what is wrong at a field whose name is put together
 *   asset.css, asset.js      paths of the assets
 *   {{#t}}key a=name{{/t}}   the message of key; argument a is the value of name, other arguments
 *                            are the values of their own names
 *   {{#icon}}home{{/icon}}, {{#icon_s}}...   an icon of the sprite, normal and small
 *   language
 */
#ifndef AW_PAGE_RENDER_H
#define AW_PAGE_RENDER_H

#include "page/call.h"
#include "page/message.h"
#include "page/mustache.h"
#include "page/shell.h"
#include "page/view.h"

#define AW_MAX_LANGUAGES 4

struct aw_asset {
	const char *path; /* "/assets/anwang.0123456789ab.css" */
	const char *type; /* "text/css; charset=utf-8" */
	struct aw_str data;
};

struct aw_pages {
	struct aw_arena arena;			      /* owns everything below */
	struct aw_catalog catalogs[AW_MAX_LANGUAGES]; /* the first is the one to fall back to */
	size_t catalog_count;
	struct aw_mustache_template **templates; /* sorted by name */
	size_t template_count;
	struct aw_asset *assets;
	size_t asset_count;
};

/** Loads templates, messages and assets from the binary; with a folder, from its templates/,
 *  messages/ and assets/ (to see a change without building). Errors: AW_INVALID with the place, also
 *  for a part that a template names and none is; AW_IO. */
AW_MUST_CHECK enum aw_status
aw_pages_load(const char *folder, struct aw_pages *ret_pages, struct aw_error *err);
void aw_pages_done(struct aw_pages *pages);

/** The catalog of a language, the first when there is none. */
const struct aw_catalog *aw_pages_catalog(const struct aw_pages *pages, const char *language);
/** The catalog that suits an Accept-Language header best; NULL header: the first. */
const struct aw_catalog *aw_pages_accept(const struct aw_pages *pages, const char *header);
/** The asset of a request's path, NULL if there is none. */
const struct aw_asset *aw_pages_asset(const struct aw_pages *pages, const char *path);
/** The template of that name, NULL if there is none. */
const struct aw_mustache_template *
aw_pages_template(const struct aw_pages *pages, struct aw_str name);

struct aw_page {
	const char *language;
	const struct aw_view *view; /* its type's shown_by is the page's template */
	const struct aw_shell *shell;
	const struct aw_call *call; /* for what was typed and what is wrong; may be NULL */
};

/** Renders a page into the arena. Errors: AW_INTERNAL (no template), AW_TOO_LARGE. */
AW_MUST_CHECK enum aw_status aw_page_render(const struct aw_pages *pages, struct aw_arena *arena,
	const struct aw_page *page, struct aw_str *ret_html, struct aw_error *err);

/* An error as a page: what did not happen, what to do, a number to quote. */
extern const struct aw_view_type aw_error_page_view;
struct aw_view *aw_error_page(
	struct aw_arena *arena, enum aw_status status, const char *reference, const char *back);

#endif
