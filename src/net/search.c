/* A search for people is posted, so that no name stands in a URL. */
#include "guard/handle.h"
#include "net/life.h"

enum aw_status
aw_own_search(struct aw_life *life, struct aw_error *err)
{
	const char *q = aw_life_value(life, "q"), *handle;

	if (q == NULL) {
		aw_show_redirect(life, "/people", NULL);
		return AW_OK;
	}
	if (aw_handle_make(life->arena, &life->session, "people", q,
		    aw_clock_real_ms(&life->server->house->clock), &handle, err) != AW_OK)
		return err->status;
	aw_show_redirect(life, aw_arena_printf(life->arena, "/people?search=%s", handle), NULL);
	return AW_OK;
}
