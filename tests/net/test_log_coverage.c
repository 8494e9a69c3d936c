/* Every request to every route leaves exactly one entry in the log, under the route's own action, by
 * whoever asked, and its subjects are the people on the page: asked of the whole route table in a
 * small demo city, by an account of each role. Five planted routes that do otherwise, or show a
 * key that has no words, are found. */
#include "demo_city.h"
#include "net/life.h"

enum { PATHS = 6 };

struct test {
	struct demo_city demo;
	size_t requests, entries, pages, done, refused;
};

/* Routes with a life of their own show nobody's data but the account's. Those that only show leave no
 * entry; those that prove who one is leave theirs under the name of what came of it. */
static const struct {
	const char *method, *path;
	int least, most;
} own_routes[] = {
	{ "GET", "/", 0, 0 },
	{ "GET", "/healthz", 0, 0 },
	{ "GET", "/events", 0, 0 },
	{ "GET", "/openapi.json", 0, 0 },
	{ "POST", "/csp-report", 0, 1 },
	{ "GET", "/login", 0, 0 },
	{ "GET", "/login/factor", 0, 0 },
	{ "GET", "/verify", 0, 0 },
	{ "GET", "/purpose", 0, 0 },
	{ "GET", "/account/password", 0, 0 },
	{ "POST", "/account/password", 0, 1 },
	{ "POST", "/people/search", 0, 1 }, /* leads to the page, which leaves it */
	{ "POST", "/links/search", 0, 1 },
	{ "POST", "/login/factor", 0, 1 },
	{ "POST", "/verify", 0, 1 },
	{ "POST", "/purpose", 0, 1 },
};

/* -- what is asked for -------------------------------------------------------------------------- */

/* A path of something that is there, a different one each time. */
static const char *
path_of(struct test *t, struct aw_arena *arena, const struct aw_route *route)
{
	static const struct {
		const char *begin, *sql;
	} makers[] = {
		{ "/reports/{number}/units/{unit}",
			"SELECT '/reports/' || r.number || '/units/' || d.unit FROM dispatch d "
			"JOIN report r ON r.id = d.report ORDER BY (d.id * ?1) % 1000003" },
		{ "/reports/{number}",
			"SELECT '/reports/' || number FROM report ORDER BY (id * ?1) % 1000003" },
		{ "/people/{number}",
			"SELECT '/people/' || number FROM person ORDER BY (id * ?1) % 1000003" },
		{ "/families/{number}", "SELECT '/families/' || number FROM family_case ORDER BY "
					"(id * ?1) % 1000003" },
		{ "/cases/{number}", "SELECT '/cases/' || number FROM service_case ORDER BY (id * "
				     "?1) % 1000003" },
		{ "/indicators/{code}", "SELECT '/indicators/P1-S2-1'" },
		{ "/links/{link}",
			"SELECT '/links/' || id FROM identity_link WHERE state = 'proposed' "
			"OR decided_by IS NOT NULL ORDER BY (id * ?1) % 1000003" },
		{ "/break-glass/{number}", "SELECT '/break-glass/1'" },
		{ "/policy/drafts/{number}", "SELECT '/policy/drafts/1'" },
		{ "/policy/proposals/{number}", "SELECT '/policy/proposals/1'" },
		{ "/log/notices/{number}", "SELECT '/log/notices/1'" },
		{ "/accounts/{login}",
			"SELECT '/accounts/' || login FROM account ORDER BY login DESC" },
	};

	for (size_t i = 0; i < AW_COUNT(makers); i++) {
		size_t len = strlen(makers[i].begin);
		const char *made;

		if (strncmp(route->path, makers[i].begin, len) != 0)
			continue;
		made = demo_city_text(&t->demo, arena, makers[i].sql,
			1 + (int64_t)aw_random_below(&t->demo.random, 999983), NULL);
		if (made == NULL)
			return NULL;
		route = &(struct aw_route){ .path = route->path + len };
		if (strstr(route->path, "{index}") != NULL)
			return aw_arena_printf(arena, "%s/goals/1", made);
		return aw_arena_printf(arena, "%s%s", made, route->path);
	}
	assert_null(strchr(route->path, '{'));
	return route->path;
}

/* -- what must be in the log -------------------------------------------------------------------- */

/* How many entries a request may leave; false: one with the route's name, as everywhere. */
static bool
is_own(const struct aw_route *route, int *ret_least, int *ret_most)
{
	for (size_t i = 0; i < AW_COUNT(own_routes); i++) {
		if (strcmp(own_routes[i].path, route->path) != 0 ||
			strcmp(own_routes[i].method, route->method) != 0)
			continue;
		*ret_least = own_routes[i].least;
		*ret_most = own_routes[i].most;
		return true;
	}
	*ret_least = *ret_most = 1;
	return false;
}

/* The first person whose number stands in the page, was not in the request, and who is no subject of
 * the entry. */
static const char *
unsaid(struct test *t, struct aw_arena *arena, const char *body, const char *asked, int64_t leaf)
{
	enum { LEN = 16 }; /* PC1101206-0001-3 */

	for (const char *at = body; (at = strchr(at, 'P')) != NULL; at++) {
		char text[LEN + 1] = { 0 };

		memcpy(text, at, strnlen(at, LEN));
		if (!aw_public_number_valid(text, "") || strstr(asked, text) != NULL)
			continue;
		if (demo_city_number(&t->demo,
			    "SELECT COUNT(*) FROM person p JOIN audit_subject s ON s.person = p.id "
			    "WHERE s.leaf = ?1 AND p.number = ?2",
			    leaf, text) == 0)
			return aw_arena_strdup(arena, text);
	}
	return NULL;
}

/* What is wrong with what a request left in the log; NULL when nothing is. */
static const char *
wrong_with(struct test *t, struct aw_arena *arena, const struct aw_route *route,
	const struct asker *asker, const char *path, const struct aw_reply *reply, int64_t before)
{
	int64_t count = demo_city_number(&t->demo,
		"SELECT COUNT(*) FROM audit_entry WHERE leaf >= ?1 AND actor = ?2", before,
		asker->login);
	int least, most;
	bool own = is_own(route, &least, &most);
	int64_t leaf;
	const char *action, *outcome, *person;

	t->entries += (size_t)count;
	if (count < least || count > most)
		return aw_arena_printf(arena, "%lld entries", (long long)count);
	if (own)
		return NULL;
	leaf = demo_city_number(&t->demo,
		"SELECT leaf FROM audit_entry WHERE leaf >= ?1 AND actor = ?2", before,
		asker->login);
	action = demo_city_text(
		&t->demo, arena, "SELECT action FROM audit_entry WHERE leaf = ?1", leaf, NULL);
	outcome = demo_city_text(
		&t->demo, arena, "SELECT outcome FROM audit_entry WHERE leaf = ?1", leaf, NULL);
	if (strcmp(action, route->action) != 0)
		return aw_arena_printf(arena, "the entry is called %s", action);
	if ((reply->status < 400) != (strcmp(outcome, "ok") == 0))
		return aw_arena_printf(arena, "%d is %s in the log", reply->status, outcome);
	if (strcmp(route->path, "/log") == 0) /* it shows the log's own subjects */
		return NULL;
	person = unsaid(
		t, arena, aw_arena_strndup(arena, reply->body.at, reply->body.len), path, leaf);
	if (person != NULL)
		return aw_arena_printf(arena, "%s is on the page and not in the entry", person);
	return NULL;
}

static struct aw_request
request_of(struct aw_arena *arena, const char *method, const char *path, const struct asker *asker)
{
	struct aw_request request = city_request(arena, method, path);

	request.cookie = asker->cookie;
	request.csrf = asker->csrf;
	return request;
}

/* A message's key that has no words, as a page shows it in its brackets; NULL when it shows none. */
static const char *
wordless(struct aw_arena *arena, const struct aw_reply *reply)
{
	const char *body = reply->body.len == 0
				   ? ""
				   : aw_arena_strndup(arena, reply->body.at, reply->body.len);
	const char *begin = strstr(body, "\xe2\x9f\xa6");
	const char *end = begin == NULL ? NULL : strstr(begin, "\xe2\x9f\xa7");

	return end == NULL ? NULL : aw_arena_strndup(arena, begin, (size_t)(end - begin) + 3);
}

static const char *
try_route(struct test *t, struct aw_arena *arena, const struct aw_route *route,
	const struct asker *asker, const char *path, const char *body)
{
	struct aw_request request = request_of(arena, route->method, path, asker);
	int64_t before = demo_city_number(
		&t->demo, "SELECT COUNT(*) FROM audit_entry WHERE ?1 = 0", 0, NULL);
	struct aw_reply reply;
	const char *wrong;

	request.body = aw_str(body);
	reply = city_ask(&t->demo.city, &request);
	t->requests++;
	t->pages += reply.status == 200;
	t->done += reply.status == 303;
	t->refused += reply.status >= 400;
	wrong = wordless(arena, &reply);
	if (wrong != NULL)
		return aw_arena_printf(arena, "%s %s by %s has no words for %s", route->method,
			path, asker->role, wrong);
	if (reply.status >= 500)
		return aw_arena_printf(
			arena, "%s %s by %s: %d", route->method, path, asker->role, reply.status);
	wrong = wrong_with(t, arena, route, asker, path, &reply, before);
	return wrong == NULL ? NULL
			     : aw_arena_printf(arena, "%s %s by %s (%d): %s", route->method, path,
				       asker->role, reply.status, wrong);
}

/* A form in which every field says something, right or not. */
static const char *
body_of(struct aw_arena *arena, const struct aw_route *route)
{
	struct aw_buf body = { .arena = arena };

	aw_buf_text(&body, "x=1");
	for (size_t i = 0; i < route->input_count; i++)
		aw_buf_printf(&body, "&%s=%s", route->inputs[i].name,
			strcmp(route->inputs[i].name, "purpose") == 0  ? "screening"
			: strcmp(route->inputs[i].name, "answer") == 0 ? "confirm"
			: strcmp(route->inputs[i].name, "choice") == 0 ? "unsure"
			: strcmp(route->inputs[i].name, "next") == 0   ? "/work"
								       : "1");
	return aw_buf_z(&body);
}

/* Is it one of the words that are no permission of roles.yaml? */
static bool
is_for_all(const struct test *t, const struct aw_route *route)
{
	for (size_t i = 0; i < t->demo.policy->permission_count; i++)
		if (strcmp(t->demo.policy->permissions[i].code, route->permission) == 0)
			return false;
	return true;
}

static bool
is_public(const struct aw_route *route)
{
	return strcmp(route->permission, AW_PERMIT_PUBLIC) == 0;
}

/* Asks as every asker; the first thing that is wrong, NULL when nothing is. */
static const char *
try_everywhere(struct test *t, const struct aw_route *route)
{
	bool post = strcmp(route->method, "POST") == 0;

	for (size_t i = 0; i < t->demo.asker_count; i++) {
		const struct asker *asker = &t->demo.askers[i];
		bool may = is_for_all(t, route) ||
			   aw_policy_may(t->demo.policy, asker->role, route->permission);

		for (int k = 0; k < (may ? PATHS : 1); k++) {
			AW_SCOPE(aw_arena) arena = { 0 };
			const char *path = path_of(t, &arena, route), *wrong;

			if (path == NULL)
				return aw_arena_printf(
					&t->demo.arena, "%s: the city has none", route->path);
			wrong = try_route(t, &arena, route, asker, path,
				!post	     ? ""
				: k % 2 == 0 ? "x=1"
					     : body_of(&arena, route));
			if (wrong != NULL)
				return aw_arena_strdup(&t->demo.arena, wrong);
		}
	}
	return NULL;
}

/* -- planted faults ----------------------------------------------------------------------------- */

static const AW_VIEW_TYPE(planted_view, "Planted", NULL, AW_FIELD("number", TEXT, OPEN));

static enum aw_status
says_nothing(struct aw_life *life, struct aw_error *err)
{
	struct aw_view *view = aw_view_new(life->arena, &planted_view);

	aw_view_text(view, "number", "somebody");
	return aw_show_view(life, view, 200, err);
}

static enum aw_status
says_it_twice(struct aw_call *call, struct aw_error *err)
{
	aw_call_redirect(call, NULL, "/work");
	return aw_log_append(&call->act, "ok", NULL, err);
}

static const char *planted_number;

static enum aw_status
does_not_say_whom(struct aw_call *call, struct aw_error *err)
{
	(void)err;
	aw_view_text(call->view, "number", planted_number);
	return AW_OK;
}

static enum aw_status
says_something_else(struct aw_call *call, struct aw_error *err)
{
	(void)err;
	call->act.action = "desk.work";
	aw_view_text(call->view, "number", "somebody");
	return AW_OK;
}

static const AW_VIEW_TYPE(wordless_view, "Wordless", "layout/error",
	AW_FIELD_CODE("status", OPEN, "wordless"), AW_FIELD("http", NUMBER, OPEN),
	AW_FIELD("reference", TEXT, OPEN), AW_FIELD("back", LINK, OPEN));

static enum aw_status
has_no_words(struct aw_call *call, struct aw_error *err)
{
	(void)err;
	aw_view_text(call->view, "status", "mended");
	return AW_OK;
}

static const struct aw_route planted[] = {
	{ .method = "GET",
		.path = "/planted/nothing",
		.permission = AW_PERMIT_SIGNED_IN,
		.action = "planted",
		.unit = AW_ROUTE_NONE,
		.own = says_nothing,
		.view = &planted_view },
	{ .method = "POST",
		.path = "/planted/twice",
		.permission = AW_PERMIT_SIGNED_IN,
		.action = "planted",
		.unit = AW_ROUTE_WRITE,
		.handler = says_it_twice },
	{ .method = "GET",
		.path = "/planted/whom",
		.permission = AW_PERMIT_SIGNED_IN,
		.action = "planted",
		.unit = AW_ROUTE_READ,
		.handler = does_not_say_whom,
		.view = &planted_view },
	{ .method = "GET",
		.path = "/planted/else",
		.permission = AW_PERMIT_SIGNED_IN,
		.action = "planted",
		.unit = AW_ROUTE_READ,
		.handler = says_something_else,
		.view = &planted_view },
	{ .method = "GET",
		.path = "/planted/wordless",
		.permission = AW_PERMIT_SIGNED_IN,
		.action = "planted",
		.unit = AW_ROUTE_READ,
		.handler = has_no_words,
		.view = &wordless_view },
};

/* -- the tests ---------------------------------------------------------------------------------- */

/* They are asked for once, in the end, by one who has the right. */
static bool
ends_a_session(const struct aw_route *route)
{
	return strcmp(route->path, "/logout") == 0 ||
	       strncmp(route->path, "/accounts/{login}", 17) == 0;
}

static const char *
try_once(struct test *t, const struct aw_route *route)
{
	for (size_t i = 0; i < t->demo.asker_count; i++) {
		const struct asker *asker = &t->demo.askers[i];

		if (is_for_all(t, route) ||
			aw_policy_may(t->demo.policy, asker->role, route->permission))
			return try_route(t, &t->demo.arena, route, asker,
				path_of(t, &t->demo.arena, route), "x=1");
	}
	return "nobody may";
}

/* How many routes are wrong; each is told with its first fault. */
static size_t
try_route_table(struct test *t, const struct aw_route *routes, size_t count)
{
	size_t faults = 0;

	for (size_t i = 0; i < count; i++) {
		const char *wrong = is_public(&routes[i]) || ends_a_session(&routes[i])
					    ? NULL
					    : try_everywhere(t, &routes[i]);

		if (wrong == NULL)
			continue;
		(void)printf("# %s\n", wrong);
		faults++;
	}
	return faults;
}

/* What the public only looks at is nobody's data. */
static const char *
try_public_pages(struct test *t, const struct aw_route *routes, size_t count)
{
	const struct asker nobody = { .role = "nobody", .login = "public" };

	for (size_t i = 0; i < count; i++) {
		struct aw_request request;
		int64_t before = demo_city_number(
			&t->demo, "SELECT COUNT(*) FROM audit_entry WHERE ?1 = 0", 0, NULL);

		if (!is_public(&routes[i]) || strcmp(routes[i].method, "GET") != 0)
			continue;
		request = request_of(&t->demo.arena, "GET", routes[i].path, &nobody);
		(void)city_ask(&t->demo.city, &request);
		t->requests++;
		if (demo_city_number(&t->demo, "SELECT COUNT(*) FROM audit_entry WHERE leaf >= ?1",
			    before, NULL) != 0)
			return aw_arena_printf(&t->demo.arena, "GET %s is logged", routes[i].path);
	}
	return NULL;
}

/* What somebody without a session does is in the log when a report is sent or found, and once. */
static const char *
try_public_acts(struct test *t)
{
	static const struct {
		const char *path, *body, *action;
		int64_t entries;
	} acts[] = {
		{ "/report", "kind=adult_ipv&step=tell&go=next", "report.send", 0 },
		{ "/report",
			"kind=adult_ipv&step=check&go=send&reporter.role=neighbour&"
			"incident.narrative=shouting&persons.0.role=victim&persons.0.name=Lin",
			"report.send", 1 },
		{ "/status", "number=RC1101206-0001-0&code=wrong", "report.status", 0 },
		{ "/supplement", "number=RC1101206-0001-0&code=wrong", "report.supplement", 0 },
	};
	const struct asker nobody = { .role = "nobody", .login = "public" };

	for (size_t i = 0; i < AW_COUNT(acts); i++) {
		struct aw_request request =
			request_of(&t->demo.arena, "POST", acts[i].path, &nobody);
		int64_t before = demo_city_number(&t->demo,
			"SELECT COUNT(*) FROM audit_entry WHERE actor = ?2 AND ?1 = 0", 0,
			"public");
		int64_t made;

		request.body = aw_str(acts[i].body);
		(void)city_ask(&t->demo.city, &request);
		t->requests++;
		made = demo_city_number(&t->demo,
			       "SELECT COUNT(*) FROM audit_entry WHERE actor = ?2 AND ?1 = 0", 0,
			       "public") -
		       before;
		if (made != acts[i].entries)
			return aw_arena_printf(&t->demo.arena, "POST %s (%s): %lld entries",
				acts[i].path, acts[i].body, (long long)made);
	}
	return NULL;
}

static void
every_request_leaves_one_entry_with_its_people(void **state)
{
	struct test t = { 0 };
	size_t count;
	const struct aw_route *routes = aw_routes(&count);
	struct aw_route *all = calloc(count + AW_COUNT(planted), sizeof(*all));
	const char *wrong;

	(void)state;
	assert_non_null(all);
	memcpy(all, routes, count * sizeof(*all));
	memcpy(all + count, planted, sizeof(planted));
	demo_city_open(&t.demo, all, count + AW_COUNT(planted));
	demo_city_sign_everybody_in(&t.demo);
	assert_int_equal(try_route_table(&t, routes, count), 0);
	wrong = try_public_pages(&t, routes, count);
	if (wrong == NULL)
		wrong = try_public_acts(&t);
	if (wrong != NULL)
		fail_msg("%s", wrong);
	(void)printf("# %zu routes, %zu requests by %zu accounts: %zu entries; %zu pages, %zu acts "
		     "done, %zu refused\n",
		count, t.requests, t.demo.asker_count, t.entries, t.pages, t.done, t.refused);
	assert_true(t.pages > 300 && t.done > 30 && t.refused > 300);
	planted_number = demo_city_text(
		&t.demo, &t.demo.arena, "SELECT number FROM person WHERE ?1 = 0", 0, NULL);
	for (size_t i = 0; i < AW_COUNT(planted); i++) {
		wrong = try_everywhere(&t, &planted[i]);
		if (wrong == NULL)
			fail_msg("the planted fault %s was not found", planted[i].path);
		(void)printf("# control found: %s\n", wrong);
	}
	for (size_t i = 0; i < count; i++) {
		wrong = ends_a_session(&routes[i]) ? try_once(&t, &routes[i]) : NULL;
		if (wrong != NULL)
			fail_msg("%s", wrong);
	}
	demo_city_close(&t.demo);
	free(all);
}

AW_TESTS(cmocka_unit_test(every_request_leaves_one_entry_with_its_people))
