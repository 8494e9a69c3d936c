/* Finds the route of a path. */
#include "net/route.h"

#include "../testing.h"

static const struct aw_route routes[] = {
	{ .method = "GET", .path = "/" },
	{ .method = "GET", .path = "/openapi.json" },
	{ .method = "GET", .path = "/reports" },
	{ .method = "POST", .path = "/reports" },
	{ .method = "GET", .path = "/reports/{number}" },
	{ .method = "GET", .path = "/reports/new" },
	{ .method = "POST", .path = "/reports/{number}/review" },
	{ .method = "GET", .path = "/families/{number}/members/{person}" },
};

/* Index of the route found; -1 none, -2 wrong method. */
static int
find(struct aw_arena *arena, const char *method, const char *path, struct aw_matched *matched)
{
	*matched = (struct aw_matched){ 0 };
	switch (aw_route_find(routes, AW_COUNT(routes), arena, method, aw_str(path), matched)) {
	case AW_ROUTED_FOUND:
		return (int)(matched->route - routes);
	case AW_ROUTED_METHOD:
		return -2;
	case AW_ROUTED_NONE:
		break;
	}
	return -1;
}

static void
literals_win_over_parts_and_parts_are_decoded(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_matched m;

	(void)state;
	assert_int_equal(find(&arena, "GET", "/", &m), 0);
	assert_int_equal(find(&arena, "GET", "/reports/new", &m), 5);
	assert_int_equal(find(&arena, "GET", "/reports/RC1101206-0005-3", &m), 4);
	assert_string_equal(m.path_values[0].name, "number");
	assert_string_equal(m.path_values[0].value, "RC1101206-0005-3");
	assert_int_equal(find(&arena, "GET", "/families/F1/members/%E5%AE%89", &m), 7);
	assert_int_equal(m.path_count, 2);
	assert_string_equal(m.path_values[1].value, "安");
}

static void
head_goes_with_get_and_other_methods_are_named(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_matched m;

	(void)state;
	assert_int_equal(find(&arena, "HEAD", "/reports", &m), 2);
	assert_int_equal(find(&arena, "POST", "/reports", &m), 3);
	assert_int_equal(find(&arena, "DELETE", "/reports", &m), -2);
	assert_string_equal(m.allow, "GET, HEAD, POST");
	assert_int_equal(find(&arena, "GET", "/reports/x/review", &m), -2);
	assert_string_equal(m.allow, "POST");
	assert_int_equal(find(&arena, "OPTIONS", "/openapi.json", &m), -2);
	assert_string_equal(m.allow, "GET, HEAD");
}

static void
the_suffix_json_asks_for_the_same_view(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_matched m;

	(void)state;
	assert_int_equal(find(&arena, "GET", "/openapi.json", &m), 1);
	assert_false(m.json);
	assert_int_equal(find(&arena, "GET", "/reports.json", &m), 2);
	assert_true(m.json);
	assert_int_equal(find(&arena, "GET", "/reports/R1.json", &m), 4);
	assert_true(m.json);
	assert_string_equal(m.path_values[0].value, "R1");
}

static void
paths_that_step_out_are_found_nowhere(void **state)
{
	static const char *const bad[] = { "", "reports", "//reports", "/reports/",
		"/reports//review", "/reports/%2F", "/reports/a%2Fb", "/reports/%00", "/reports/%",
		"/reports/a%5Cb", "/reports/%0d%0aX", "/Reports", "/reports/a/b" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_matched m;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++)
		assert_int_equal(find(&arena, "GET", bad[i], &m), -1);
}

AW_TESTS(cmocka_unit_test(literals_win_over_parts_and_parts_are_decoded),
	cmocka_unit_test(head_goes_with_get_and_other_methods_are_named),
	cmocka_unit_test(the_suffix_json_asks_for_the_same_view),
	cmocka_unit_test(paths_that_step_out_are_found_nowhere))
