/**
 * tests/city/pagetest - one request without a server: a handler with its values, in a unit of work.
 *
 * struct request r = { .handler = aw_person_show, .type = &aw_person_page_view, .path = { "number", n } };
 * handle is the unit's function; afterwards r.call tells what the handler answered, and r.page what the
 * page would show, until the arena of the unit's act is done.
 */
#ifndef AW_TESTS_CITY_PAGETEST_H
#define AW_TESTS_CITY_PAGETEST_H

#include "base/json.h"
#include "guard/act.h"
#include "page/call.h"
#include "page/view.h"

struct request {
	aw_handler_fn *handler;
	const struct aw_view_type *type;
	const struct aw_session *session;
	struct aw_form_value path, values[8];
	size_t value_count;
	struct aw_call call;
	json_t *page;
};

static inline enum aw_status
handle(struct aw_act *act, void *arg, struct aw_error *err)
{
	struct request *r = arg;

	r->call = (struct aw_call){ .act = *act,
		.method = "GET",
		.path_values = &r->path,
		.path_count = 1,
		.values = r->values,
		.value_count = r->value_count,
		.language = "zh-Hant-TW",
		.view = aw_view_new(act->arena, r->type) };
	r->call.act.session = r->session;
	if (r->handler(&r->call, err) != AW_OK)
		return err->status;
	r->page = aw_json_keep(act->arena, aw_view_json(r->call.view));
	return AW_OK;
}

#endif
