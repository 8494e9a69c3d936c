/* page/render - one page: its names, its messages, its icons. */
#include "page/render.h"

#include <string.h>

#include "page/render_inner.h"

#define ICON_PART "part/icon"
#define SMALL_ICON_PART "part/icon_s"

static const struct aw_mustache_template *
find_part(void *user, struct aw_str name)
{
	return aw_pages_template(((const struct aw_rendering *)user)->pages, name);
}

/* ---- {{#t}}key a=name{{/t}} ---- */

struct message_call {
	struct aw_mustache *m;
	struct aw_str pairs; /* "a=name b=name" */
};

static struct aw_str
next_word(struct aw_str *rest)
{
	struct aw_str text = aw_str_trim(*rest);
	size_t len = 0;

	while (len < text.len && strchr(" \t\r\n", text.at[len]) == NULL)
		len++;
	*rest = (struct aw_str){ text.at + len, text.len - len };
	return (struct aw_str){ text.at, len };
}

static bool
message_arg(void *user, struct aw_str name, struct aw_message_arg *ret_arg)
{
	const struct message_call *call = user;
	struct aw_str rest = call->pairs, path = name;
	struct aw_mustache_value value;

	for (struct aw_str pair = next_word(&rest); pair.len > 0; pair = next_word(&rest)) {
		struct aw_str target, word = aw_str_cut(pair, '=', &target);

		if (target.at != NULL && aw_str_eq(word, name))
			path = target;
	}
	if (!aw_mustache_find(call->m, path, &value))
		return false;
	ret_arg->numeric = value.numeric;
	ret_arg->number = value.number;
	ret_arg->text = value.kind == AW_MUSTACHE_NOTHING
				? ""
				: aw_arena_strndup(call->m->out.arena,
					  value.text.len == 0 ? "" : value.text.at, value.text.len);
	return true;
}

static enum aw_status
message_section(struct aw_mustache *m, const void *self, struct aw_str inner, struct aw_error *err)
{
	struct aw_buf out = { .arena = m->out.arena };
	struct message_call call = { .m = m, .pairs = inner };
	struct aw_str key = next_word(&call.pairs);

	(void)self;
	(void)err;
	aw_message_write(&out, aw_rendering_of(m)->reader.catalog, key, message_arg, &call);
	aw_mustache_escape(m, (struct aw_str){ aw_buf_z(&out), out.len });
	return AW_OK;
}

static const struct aw_mustache_source message_source = { .section = message_section };

/* ---- {{#icon}}name{{/icon}} ---- */

static enum aw_status
icon_section(struct aw_mustache *m, const void *self, struct aw_str inner, struct aw_error *err)
{
	struct aw_mustache_value name = { .kind = AW_MUSTACHE_VALUE, .text = aw_str_trim(inner) };

	/* {{#icon}}{{icon}}{{/icon}}: the icon that a view names */
	if (aw_str_starts(name.text, "{{") && aw_str_ends(name.text, "}}")) {
		name.text = aw_str_trim((struct aw_str){ name.text.at + 2, name.text.len - 4 });
		aw_mustache_find(m, name.text, &name);
		name.part = NULL;
	}
	return aw_mustache_part(m, self, &name, err);
}

static const struct aw_mustache_source icon_source = { .section = icon_section };

/* ---- the outermost names ---- */

/* "anwang." of "css"; "dmn." of "dmn_js" */
static const char *
asset_prefix(struct aw_arena *arena, struct aw_str name, struct aw_str *ret_suffix)
{
	struct aw_str suffix, file = aw_str_cut(name, '_', &suffix);

	*ret_suffix = suffix.len > 0 ? suffix : name;
	return suffix.len > 0 ? aw_arena_printf(arena, "/assets/%.*s.", (int)file.len, file.at)
			      : "/assets/anwang.";
}

/* asset.css is /assets/anwang.<hash>.css, asset.dmn_css is /assets/dmn.<hash>.css; nothing when the program
 * was built without it. */
static bool
asset_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct aw_pages *pages = self;
	struct aw_str ending;
	const char *prefix = asset_prefix(m->out.arena, name, &ending);
	const char *suffix = aw_arena_printf(m->out.arena, ".%.*s", (int)ending.len, ending.at);

	for (size_t i = 0; i < pages->asset_count; i++) {
		struct aw_str path = aw_str(pages->assets[i].path);

		if (aw_str_starts(path, prefix) && aw_str_ends(path, suffix)) {
			*ret = aw_text_value(pages->assets[i].path);
			return true;
		}
	}
	return false;
}

static const struct aw_mustache_source asset_source = { .lookup = asset_lookup };

static bool
house_lookup(
	struct aw_mustache *m, const void *self, struct aw_str name, struct aw_mustache_value *ret)
{
	const struct aw_rendering *r = self;

	if (aw_str_is(name, "t"))
		*ret = (struct aw_mustache_value){ .kind = AW_MUSTACHE_LAMBDA,
			.source = &message_source };
	else if (aw_str_is(name, "icon") || aw_str_is(name, "icon_s"))
		*ret = (struct aw_mustache_value){ .kind = AW_MUSTACHE_LAMBDA,
			.source = &icon_source,
			.self = name.len == 4 ? ICON_PART : SMALL_ICON_PART };
	else if (aw_str_is(name, "shell"))
		*ret = aw_view_context(r->shell);
	else if (aw_str_is(name, "asset"))
		*ret = (struct aw_mustache_value){ .source = &asset_source, .self = r->pages };
	else if (aw_str_is(name, "language"))
		*ret = aw_text_value(r->reader.catalog->language);
	else
		return aw_form_name(m, name, ret);
	return true;
}

static const struct aw_mustache_source house_source = { .lookup = house_lookup };

enum aw_status
aw_page_render(const struct aw_pages *pages, struct aw_arena *arena, const struct aw_page *page,
	struct aw_str *ret_html, struct aw_error *err)
{
	struct aw_rendering rendering = { .reader = { aw_pages_catalog(pages, page->language),
						  page->shell->now_ms },
		.pages = pages,
		.page = page };
	struct aw_mustache m = {
		.out = { .arena = arena }, .partial = find_part, .user = &rendering
	};
	struct aw_mustache_value house = {
		.kind = AW_MUSTACHE_VALUE, .source = &house_source, .self = &rendering
	};
	struct aw_mustache_value view = aw_view_context(page->view);
	const struct aw_mustache_template *template;

	rendering.shell = aw_shell_as_view(arena, page->shell, rendering.reader.catalog);
	template = view.part == NULL ? NULL : aw_pages_template(pages, aw_str(view.part));
	if (template == NULL)
		return aw_fail(err, AW_INTERNAL, "this view has no template \"%s\"",
			view.part == NULL ? "" : view.part);
	aw_mustache_push(&m, &house);
	aw_mustache_push(&m, &view);
	if (aw_mustache_render(&m, template, err) != AW_OK)
		return aw_wrap(err, "template %s", template->name);
	*ret_html = (struct aw_str){ aw_buf_z(&m.out), m.out.len };
	return AW_OK;
}

AW_VIEW_TYPE(aw_error_page_view, "Error", "layout/error", AW_FIELD_CODE("status", OPEN, "error"),
	AW_FIELD("http", NUMBER, OPEN), AW_FIELD("reference", TEXT, OPEN),
	AW_FIELD("back", LINK, OPEN));

struct aw_view *
aw_error_page(
	struct aw_arena *arena, enum aw_status status, const char *reference, const char *back)
{
	struct aw_view *view = aw_view_new(arena, &aw_error_page_view);

	aw_view_text(view, "status", aw_status_name(status));
	aw_view_int(view, "http", aw_status_http(status));
	aw_view_text(view, "reference", reference);
	aw_view_text(view, "back", back);
	return view;
}
