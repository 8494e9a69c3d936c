/* page/shell - the shell as a view: menu in its groups, current entry, who and why. */
#include "page/shell.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const struct {
	const char *code;
	const char *group;
	const char *icon;
} entries[] = {
	{ "work", "work", "home" },
	{ "reports", "work", "inbox" },
	{ "held", "work", "warn" },
	{ "board", "work", "board" },
	{ "match", "work", "match" },
	{ "new_report", "work", "plus" },
	{ "people", "family", "family" },
	{ "families", "family", "heart" },
	{ "referrals", "family", "refer" },
	{ "meetings", "family", "meet" },
	{ "break_glass", "family", "lock" },
	{ "indicators", "manage", "chart" },
	{ "policy", "manage", "policy" },
	{ "audit", "manage", "audit" },
	{ "glass_review", "manage", "eye" },
	{ "accounts", "manage", "staff" },
	{ "operator", "manage", "plan" },
};
static const char *const groups[] = { "work", "family", "manage" };

static AW_VIEW_TYPE(nav_item_view, "NavItem", NULL, AW_FIELD_CODE("code", OPEN, "nav"),
	AW_FIELD("path", LINK, OPEN), AW_FIELD("symbol", TEXT, OPEN),
	AW_FIELD("count", NUMBER, OPEN), AW_FIELD("hot", FLAG, OPEN),
	AW_FIELD("current", FLAG, OPEN));

static AW_VIEW_TYPE(nav_group_view, "NavGroup", NULL, AW_FIELD_CODE("code", OPEN, "nav.group"),
	AW_FIELD_OF("items", LIST, OPEN, &nav_item_view));

static AW_VIEW_TYPE(open_view, "ShellOpen", NULL, AW_FIELD("number", TEXT, OPEN),
	AW_FIELD("person", TEXT, OPEN), AW_FIELD("path", LINK, OPEN),
	AW_FIELD("until", INSTANT, OPEN));

AW_VIEW_TYPE(aw_shell_view, "Shell", NULL, AW_FIELD("city", TEXT, OPEN),
	AW_FIELD("centre", TEXT, OPEN), AW_FIELD("signed_in", FLAG, OPEN),
	AW_FIELD("name", TEXT, OPEN), AW_FIELD("title", TEXT, OPEN), AW_FIELD("unit", TEXT, OPEN),
	AW_FIELD("purpose", TEXT, OPEN), AW_FIELD("csrf", TEXT, OPEN), AW_FIELD("path", LINK, OPEN),
	AW_FIELD_OF("groups", LIST, OPEN, &nav_group_view), AW_FIELD("unread", NUMBER, OPEN),
	AW_FIELD("demo", FLAG, OPEN), AW_FIELD("policy_stale", FLAG, OPEN),
	AW_FIELD("verify", FLAG, OPEN), AW_FIELD_OF("open", LIST, OPEN, &open_view),
	AW_FIELD("recorded", FLAG, OPEN), AW_FIELD("notice", TEXT, OPEN),
	AW_FIELD("undo", LINK, OPEN), AW_FIELD("theme", TEXT, OPEN), AW_FIELD("now", INSTANT, OPEN),
	AW_FIELD("change", TEXT, OPEN));

static size_t
entry_of(const char *code)
{
	size_t i = 0;

	while (i < AW_COUNT(entries) && strcmp(entries[i].code, code) != 0)
		i++;
	assert(i < AW_COUNT(entries) && "the menu has no such entry");
	return i;
}

/* The entry whose path is the longest beginning of the path asked for. */
static const struct aw_nav_item *
current_item(const struct aw_shell *shell)
{
	const struct aw_nav_item *best = NULL;

	for (size_t i = 0; shell->path != NULL && i < shell->nav_count; i++) {
		size_t len = strlen(shell->nav[i].path);

		if (strncmp(shell->path, shell->nav[i].path, len) == 0 &&
			(shell->path[len] == '\0' || shell->path[len] == '/') &&
			(best == NULL || len > strlen(best->path)))
			best = &shell->nav[i];
	}
	return best;
}

static void
add_item(struct aw_view *group, const struct aw_nav_item *item, size_t entry, bool current)
{
	struct aw_view *view = aw_view_item(group, "items");

	aw_view_text(view, "code", item->code);
	aw_view_text(view, "path", item->path);
	aw_view_text(view, "symbol", entries[entry].icon);
	if (item->count >= 0)
		aw_view_int(view, "count", item->count);
	aw_view_flag(view, "hot", item->hot);
	aw_view_flag(view, "current", current);
}

static void
add_group(struct aw_view *view, const struct aw_shell *shell, const char *code)
{
	const struct aw_nav_item *current = current_item(shell);
	struct aw_view *group = NULL;

	for (size_t e = 0; e < AW_COUNT(entries); e++) {
		if (strcmp(entries[e].group, code) != 0)
			continue;
		for (size_t i = 0; i < shell->nav_count; i++) {
			if (entry_of(shell->nav[i].code) != e)
				continue;
			if (group == NULL) {
				group = aw_view_item(view, "groups");
				aw_view_text(group, "code", code);
			}
			add_item(group, &shell->nav[i], e, current == &shell->nav[i]);
		}
	}
}

struct aw_view *
aw_shell_as_view(
	struct aw_arena *arena, const struct aw_shell *shell, const struct aw_catalog *catalog)
{
	struct aw_view *view = aw_view_new(arena, &aw_shell_view);

	aw_view_text(view, "city", shell->city);
	aw_view_text(view, "centre", shell->centre);
	aw_view_flag(view, "signed_in", shell->signed_in);
	aw_view_text(view, "name", shell->name);
	aw_view_text(view, "title", shell->title);
	aw_view_text(view, "unit", shell->unit);
	aw_view_text(view, "purpose", shell->purpose);
	aw_view_text(view, "csrf", shell->csrf);
	aw_view_text(view, "path", shell->path);
	if (shell->unread >= 0)
		aw_view_int(view, "unread", shell->unread);
	aw_view_flag(view, "demo", shell->demo);
	aw_view_flag(view, "policy_stale", shell->policy_stale);
	aw_view_flag(view, "verify", shell->verify);
	for (size_t i = 0; i < shell->open_count; i++) {
		struct aw_view *item = aw_view_item(view, "open");

		aw_view_text(item, "number", shell->open[i].number);
		aw_view_text(item, "person", shell->open[i].person);
		aw_view_text(
			item, "path", aw_arena_printf(arena, "/people/%s", shell->open[i].person));
		aw_view_int(item, "until", shell->open[i].until_ms);
	}
	aw_view_flag(view, "recorded", shell->recorded);
	if (shell->notice != NULL)
		aw_view_text(view, "notice", aw_message(arena, catalog, shell->notice, NULL, 0));
	aw_view_text(view, "undo", shell->undo);
	aw_view_text(view, "theme", shell->theme);
	aw_view_int(view, "now", shell->now_ms);
	aw_view_text(view, "change", aw_arena_printf(arena, "%" PRIu64, shell->change));
	for (size_t i = 0; i < AW_COUNT(groups); i++)
		add_group(view, shell, groups[i]);
	return view;
}
