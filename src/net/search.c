/* A search for people is posted, so that no name stands in a URL. */
#include "guard/handle.h"
#include "net/life.h"

/* To a page with a handle for what was typed, or to the page alone. */
static enum aw_status
lead_to(struct aw_life *life, const char *path, struct aw_error *err)
{
	const char *q = aw_life_value(life, "q"), *handle;

	if (q == NULL) {
		aw_show_redirect(life, path, NULL);
		return AW_OK;
	}
	if (aw_handle_make(life->arena, &life->session, "people", q,
		    aw_clock_real_ms(&life->server->house->clock), &handle, err) != AW_OK)
		return err->status;
	aw_show_redirect(life, aw_arena_printf(life->arena, "%s?search=%s", path, handle), NULL);
	return AW_OK;
}

enum aw_status
aw_own_search(struct aw_life *life, struct aw_error *err)
{
	return lead_to(life, "/people", err);
}

enum aw_status
aw_own_search_links(struct aw_life *life, struct aw_error *err)
{
	return lead_to(life, "/links", err);
}
