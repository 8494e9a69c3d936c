/* The list of routes, and what is made from it. */
#include "net/route.h"

#include "base/file.h"
#include "city.h"
#include "page/render.h"

static const struct aw_route *
route_list(size_t *ret_count)
{
	const struct aw_route *list = aw_routes(ret_count);

	assert_true(*ret_count > 20);
	return list;
}

static bool
is_special(const struct aw_route *route)
{
	return strcmp(route->permission, AW_PERMIT_PUBLIC) == 0 ||
	       strcmp(route->permission, AW_PERMIT_SIGNED_IN) == 0 ||
	       strcmp(route->permission, AW_PERMIT_OWN_ACCOUNT) == 0 ||
	       strcmp(route->permission, AW_PERMIT_PASSWORD) == 0;
}

static void
a_get_changes_nothing_and_every_route_says_what_it_is(void **state)
{
	size_t count;
	const struct aw_route *list = route_list(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct aw_route *r = &list[i];
		bool get = strcmp(r->method, "GET") == 0;

		if (!get && strcmp(r->method, "POST") != 0)
			fail_msg("%s %s: neither GET nor POST", r->method, r->path);
		if (get && r->unit == AW_ROUTE_WRITE)
			fail_msg("GET %s writes", r->path);
		if (!get && r->own == NULL && r->unit != AW_ROUTE_WRITE)
			fail_msg("POST %s does not write", r->path);
		if ((r->own != NULL) == (r->handler != NULL))
			fail_msg("%s %s: one handler, not both or none", r->method, r->path);
		if ((r->unit == AW_ROUTE_NONE) != (r->own != NULL))
			fail_msg("%s %s: a handler needs a unit of work", r->method, r->path);
		if (r->summary == NULL || r->action == NULL || r->permission == NULL)
			fail_msg("%s %s is not described", r->method, r->path);
		if (!get && r->own == NULL && r->form == NULL && r->view == NULL)
			fail_msg("POST %s has no page for its form", r->path);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(list[k].path, r->path) == 0 &&
				strcmp(list[k].method, r->method) == 0)
				fail_msg("%s %s stands twice", r->method, r->path);
		}
	}
}

static void
every_form_has_its_page_and_every_page_its_template(void **state)
{
	struct aw_pages pages;
	struct aw_error err = { 0 };
	size_t count;
	const struct aw_route *list = route_list(&count);

	(void)state;
	assert_ok(aw_pages_load(source_dir(), &pages, &err));
	for (size_t i = 0; i < count; i++) {
		if (list[i].form != NULL)
			(void)aw_route_of(list, count, "GET", list[i].form);
		if (list[i].view == NULL || list[i].view->shown_by == NULL)
			continue;
		if (aw_pages_template(&pages, aw_str(list[i].view->shown_by)) == NULL)
			fail_msg("%s %s: there is no template %s", list[i].method, list[i].path,
				list[i].view->shown_by);
	}
	aw_pages_done(&pages);
}

static void
permissions_are_the_policys(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_policy *policy = NULL;
	struct aw_error err = { 0 };
	size_t count;
	const struct aw_route *list = route_list(&count);

	(void)state;
	assert_ok(aw_policy_load_dir(
		aw_arena_printf(&arena, "%s/policy/keelung", source_dir()), NULL, &policy, &err));
	for (size_t i = 0; i < count; i++) {
		bool known = is_special(&list[i]);

		for (size_t k = 0; k < policy->permission_count; k++)
			known = known ||
				strcmp(policy->permissions[k].code, list[i].permission) == 0;
		if (!known)
			fail_msg("%s: the policy knows no permission %s", list[i].path,
				list[i].permission);
	}
	aw_policy_free(policy);
}

static void
no_route_but_a_public_one_answers_a_stranger(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	size_t count, asked = 0;
	const struct aw_route *list = route_list(&count);

	(void)state;
	city_open(&city, NULL, 0);
	for (size_t i = 0; i < count; i++) {
		struct aw_request request;
		struct aw_reply reply;

		if (strcmp(list[i].permission, AW_PERMIT_PUBLIC) == 0)
			continue;
		request = city_request(&arena, list[i].method, city_path(&arena, &list[i]));
		request.accept = "application/json";
		reply = city_ask(&city, &request);
		if (reply.status != 401)
			fail_msg("%s %s answers a stranger with %d", list[i].method, list[i].path,
				reply.status);
		asked++;
	}
	assert_true(asked > 20);
	city_close(&city);
}

/* Every role at every route: 403 exactly where its permission is missing. What else comes (404, 422,
 * 200 on an empty city) is the rooms' affair. */
static void
each_role_is_let_in_exactly_where_its_permissions_say(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	size_t count, refused = 0, let_in = 0;
	const struct aw_route *list = route_list(&count);

	(void)state;
	city_open(&city, NULL, 0);
	for (size_t role = 0; role < aw_house_policy(&city.house)->role_count; role++) {
		AW_SCOPE(aw_arena) own = { 0 };
		const char *code = aw_house_policy(&city.house)->roles[role].code;
		const char *cookie, *csrf;

		cookie = city_login(&city, &own, code);
		csrf = city_csrf(&city, &own, cookie);
		for (size_t i = 0; i < count; i++) {
			struct aw_request request =
				city_request(&own, list[i].method, city_path(&own, &list[i]));
			struct aw_reply reply;
			bool may = aw_policy_may(
				aw_house_policy(&city.house), code, list[i].permission);

			if (is_special(&list[i]))
				continue;
			request.cookie = cookie;
			request.csrf = csrf;
			request.accept = "application/json";
			reply = city_ask(&city, &request);
			if (!may && reply.status != 403)
				fail_msg("%s may %s %s: %d", code, list[i].method, list[i].path,
					reply.status);
			if (reply.status >= 500)
				fail_msg("%s %s %s: %d", code, list[i].method, list[i].path,
					reply.status);
			refused += !may;
			let_in += may && reply.status != 403;
		}
	}
	assert_true(refused > 100);
	assert_true(let_in > 100);
	city_close(&city);
}

static void
the_documented_list_is_the_real_one(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str written;
	struct aw_error err = { 0 };
	size_t count;
	const struct aw_route *list = route_list(&count);
	const char *made = aw_routes_markdown(&arena, list, count);
	const char *path = aw_arena_printf(&arena, "%s/docs/routes.md", source_dir());

	(void)state;
	if (getenv("ANWANG_WRITE") != NULL)
		assert_ok(aw_file_write(path, aw_str(made), 0644, &err));
	assert_ok(aw_file_read(&arena, path, 1 << 20, &written, &err));
	if (!aw_str_is(written, made))
		fail_msg("docs/routes.md is old: run this test with ANWANG_WRITE=1");
}

static void
the_openapi_document_names_each_route_and_every_schema_it_uses(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	size_t count;
	const struct aw_route *list = route_list(&count);
	AW_SCOPED(json, json_t *) document = aw_openapi(list, count);
	const json_t *paths = json_object_get(document, "paths");
	const json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
	char *text = aw_json_text(&arena, document);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const json_t *operation = json_object_get(json_object_get(paths, list[i].path),
			strcmp(list[i].method, "GET") == 0 ? "get" : "post");

		assert_non_null(operation);
		assert_string_equal(aw_json_string(operation, "summary"), list[i].summary);
		assert_non_null(json_object_get(operation, "responses"));
	}
	/* every reference leads somewhere */
	for (const char *at = text; (at = strstr(at, "\"#/components/schemas/")) != NULL;) {
		const char *name;

		at += strlen("\"#/components/schemas/");
		name = aw_arena_strndup(&arena, at, strcspn(at, "\""));
		if (json_object_get(schemas, name) == NULL)
			fail_msg("there is no schema %s", name);
	}
}

/* -- a system with a token ------------------------------------------------------------------------- */

static void
a_system_sends_reports_with_its_token_and_does_nothing_else(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct city city;
	struct aw_request request;
	const char *bearer;

	(void)state;
	city_open(&city, NULL, 0);
	bearer = city_bearer(&city, &arena);
	for (int again = 0; again < 2; again++) {
		request = city_request(&arena, "POST", "/reports");
		request.authorization = bearer;
		request.content_type = "application/json";
		request.idempotency_key = "k-1";
		request.body = aw_str("{\"kind\": \"adult_ipv\", \"channel\": \"police\","
				      " \"persons\": [{\"role\": \"victim\", \"name\": \"X\"}]}");
		assert_int_equal(city_ask(&city, &request).status, 200);
	}
	request = city_request(&arena, "GET", "/reports");
	request.authorization = bearer;
	assert_int_equal(city_ask(&city, &request).status, 403);
	request.authorization = "Bearer 00";
	assert_int_equal(city_ask(&city, &request).status, 401);
	city_close(&city);
}

AW_TESTS(cmocka_unit_test(a_get_changes_nothing_and_every_route_says_what_it_is),
	cmocka_unit_test(every_form_has_its_page_and_every_page_its_template),
	cmocka_unit_test(permissions_are_the_policys),
	cmocka_unit_test(no_route_but_a_public_one_answers_a_stranger),
	cmocka_unit_test(each_role_is_let_in_exactly_where_its_permissions_say),
	cmocka_unit_test(a_system_sends_reports_with_its_token_and_does_nothing_else),
	cmocka_unit_test(the_documented_list_is_the_real_one),
	cmocka_unit_test(the_openapi_document_names_each_route_and_every_schema_it_uses))
