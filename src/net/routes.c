/* The route table: one line a route. A route that is not here does not exist. */
#include "net/route.h"

#include "guard/access.h"
#include "net/life.h"

#define INPUTS(list) (list), AW_COUNT(list)
#define NO_INPUTS NULL, 0

static const struct aw_input next_input[] = { { "next", AW_INPUT_TEXT, false } };
static const struct aw_input login_inputs[] = { { "login", AW_INPUT_TEXT, true },
	{ "password", AW_INPUT_TEXT, true }, { "next", AW_INPUT_TEXT, false } };
static const struct aw_input purpose_inputs[] = { { "purpose", AW_INPUT_TEXT, true },
	{ "next", AW_INPUT_TEXT, false } };

/* clang-format off */
static const struct aw_route routes[] = {
	/* the house itself */
	{ "GET", "/", "public", "home", AW_ROUTE_NONE, NULL, aw_own_home, NULL, NO_INPUTS, "To one's work, or to the public form" },
	{ "GET", "/healthz", "public", "health", AW_ROUTE_NONE, NULL, aw_own_health, NULL, NO_INPUTS, "Answers while the database does" },
	{ "GET", "/openapi.json", "public", "openapi", AW_ROUTE_NONE, NULL, aw_own_openapi, NULL, NO_INPUTS, "This interface as an OpenAPI 3.1 document" },
	{ "GET", "/login", "public", "login", AW_ROUTE_NONE, NULL, aw_own_login_form, &aw_login_view, INPUTS(next_input), "The login form" },
	{ "POST", "/login", "public", "login", AW_ROUTE_NONE, NULL, aw_own_login, &aw_login_view, INPUTS(login_inputs), "Starts a session" },
	{ "POST", "/logout", "signed-in", "logout", AW_ROUTE_NONE, NULL, aw_own_logout, NULL, NO_INPUTS, "Ends the session" },
	{ "GET", "/purpose", "signed-in", "session.purpose", AW_ROUTE_NONE, NULL, aw_own_purposes, &aw_purpose_view, INPUTS(next_input), "The purposes one may act for" },
	{ "POST", "/purpose", "signed-in", "session.purpose", AW_ROUTE_NONE, NULL, aw_own_purpose, NULL, INPUTS(purpose_inputs), "Acts for another purpose from now on" },
};
/* clang-format on */

const struct aw_route *
aw_routes(size_t *ret_count)
{
	*ret_count = AW_COUNT(routes);
	return routes;
}

static const struct {
	const char *code, *path, *permission;
} menu[] = {
	{ "work", "/work", "desk.view" },
};

enum aw_status
aw_routes_nav(struct aw_act *act, struct aw_nav_item *items, size_t most, size_t *ret_count,
	struct aw_error *err)
{
	size_t count = 0;

	(void)err;
	for (size_t i = 0; i < AW_COUNT(menu) && count < most; i++) {
		if (!aw_access_may_do(act->policy, act->viewer, menu[i].permission))
			continue;
		items[count++] = (struct aw_nav_item){
			.code = menu[i].code, .path = menu[i].path, .count = -1
		};
	}
	*ret_count = count;
	return AW_OK;
}
