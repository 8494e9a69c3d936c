/* tests/page: pages of small templates of our own beside the house's, and a shell to stand them in. */
#ifndef AW_TESTS_PAGE_WORLD_H
#define AW_TESTS_PAGE_WORLD_H

#include "../testing.h"

#include "page/render.h"

#define NOW_MS INT64_C(1638767400000) /* 110年12月6日 13:10 */

static inline struct aw_shell
sample_shell(void)
{
	static const struct aw_nav_item nav[] = {
		{ "board", "/board", 4, true },
		{ "work", "/", 0, false },
		{ "indicators", "/indicators", -1, false },
	};

	return (struct aw_shell){ .city = "基隆市",
		.centre = "基隆市集中篩派案中心",
		.signed_in = true,
		.name = "高例真",
		.title = "篩派案",
		.unit = "集中篩派案中心",
		.purpose = "篩案派案",
		.csrf = "token",
		.path = "/board/list",
		.nav = nav,
		.nav_count = AW_COUNT(nav),
		.unread = -1,
		.demo = true,
		.recorded = true,
		.now_ms = NOW_MS };
}

/* Puts one more template into loaded pages (sorted in its place). */
static inline void
add_template(struct aw_pages *pages, const char *name, const char *text)
{
	struct aw_mustache_template **all = AW_NEW_ARRAY(
		&pages->arena, struct aw_mustache_template *, pages->template_count + 1);
	struct aw_mustache_template *added;
	struct aw_error err = { 0 };
	size_t at = 0;

	assert_ok(aw_mustache_compile(&pages->arena, name, aw_str(text), &added, &err));
	while (at < pages->template_count && strcmp(pages->templates[at]->name, name) < 0) {
		all[at] = pages->templates[at];
		at++;
	}
	all[at] = added;
	for (; at < pages->template_count; at++)
		all[at + 1] = pages->templates[at];
	pages->templates = all;
	pages->template_count++;
}

static inline const char *
render_view(struct aw_pages *pages, struct aw_arena *arena, const struct aw_view *view,
	const struct aw_call *call, const char *language)
{
	struct aw_shell shell = sample_shell();
	struct aw_page page = { .language = language, .view = view, .shell = &shell, .call = call };
	struct aw_error err = { 0 };
	struct aw_str html = { 0 };

	assert_ok(aw_page_render(pages, arena, &page, &html, &err));
	return html.at;
}

#endif
