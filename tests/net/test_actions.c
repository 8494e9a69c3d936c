/* What the log calls things: every action of the route table has words in both languages. */
#include "../testing.h"
#include "base/file.h"
#include "net/route.h"
#include "page/message.h"

static void
check(const char *language)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_catalog) catalog = { 0 };
	struct aw_error err = { 0 };
	const struct aw_route *routes;
	struct aw_str text;
	size_t count;

	assert_ok(aw_file_read(&arena,
		aw_arena_printf(&arena, "%s/messages/%s.json", source_dir(), language), 1 << 22,
		&text, &err));
	assert_ok(aw_catalog_load(&arena, language, text, &catalog, &err));
	routes = aw_routes(&count);
	assert_true(count > 20);
	for (size_t i = 0; i < count; i++) {
		/* what touches no database leaves no entry */
		if (routes[i].unit == AW_ROUTE_NONE && routes[i].own == NULL)
			continue;
		if (strcmp(routes[i].permission, AW_PERMIT_PUBLIC) == 0)
			continue;
		if (!aw_catalog_has(
			    &catalog, aw_arena_printf(&arena, "action.%s", routes[i].action)))
			fail_msg("%s lacks action.%s of %s", language, routes[i].action,
				routes[i].path);
	}
}

static void
every_action_that_is_logged_has_words(void **state)
{
	(void)state;
	check("zh-Hant-TW");
	check("en");
}

AW_TESTS(cmocka_unit_test(every_action_that_is_logged_has_words))
