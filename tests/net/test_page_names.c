/* Every route's page says only names that its view type has; every code it may print has words. */
#include "../testing.h"

#include "net/route.h"
#include "page/check.h"

static void
each_page_names_only_what_its_view_has(void **state)
{
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_error err = { 0 };
	size_t count, checked = 0;
	const struct aw_route *routes = aw_routes(&count);

	(void)state;
	assert_ok(aw_pages_load(NULL, &pages, &err));
	for (size_t i = 0; i < count; i++) {
		char text[640];

		if (routes[i].view == NULL || routes[i].view->shown_by == NULL)
			continue;
		checked++;
		if (aw_page_check(&pages, routes[i].view, &err) == AW_OK)
			continue;
		aw_error_format(&err, text, sizeof(text));
		fail_msg("%s %s: %s", routes[i].method, routes[i].path, text);
	}
	assert_true(checked >= 10);
}

/* Prefixes of messages, down through the types. */
static void
check_codes(const struct aw_catalog *catalog, const struct aw_view_type *type, int depth)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct aw_view_field *field = &type->fields[i];
		const char *key;
		bool found = field->codes == NULL || field->codes[0] == '\0';
		size_t len = found ? 0 : strlen(field->codes);

		for (size_t k = 0; !found && (key = aw_catalog_key(catalog, k)) != NULL; k++)
			found = strncmp(key, field->codes, len) == 0 && key[len] == '.';
		if (!found)
			fail_msg("%s: %s.%s: no message begins with \"%s.\"", catalog->language,
				type->name, field->name, field->codes);
		if (field->of != NULL && depth < 8)
			check_codes(catalog, field->of, depth + 1);
	}
}

static void
each_prefix_of_codes_has_words_in_both_languages(void **state)
{
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_error err = { 0 };
	size_t count;
	const struct aw_route *routes = aw_routes(&count);

	(void)state;
	assert_ok(aw_pages_load(NULL, &pages, &err));
	assert_int_equal(pages.catalog_count, 2);
	for (size_t c = 0; c < pages.catalog_count; c++) {
		for (size_t i = 0; i < count; i++) {
			if (routes[i].view != NULL)
				check_codes(&pages.catalogs[c], routes[i].view, 0);
		}
	}
}

/* The log page prints what a route is called in the log. */
static void
each_action_has_words(void **state)
{
	AW_SCOPE(aw_pages) pages = { 0 };
	struct aw_error err = { 0 };
	size_t count;
	const struct aw_route *routes = aw_routes(&count);

	(void)state;
	assert_ok(aw_pages_load(NULL, &pages, &err));
	for (size_t c = 0; c < pages.catalog_count; c++) {
		for (size_t i = 0; i < count; i++) {
			char key[128];

			if (routes[i].unit == AW_ROUTE_NONE) /* writes no entry of its own */
				continue;
			snprintf(key, sizeof(key), "action.%s", routes[i].action);
			if (!aw_catalog_has(&pages.catalogs[c], key))
				fail_msg("%s: no message \"%s\"", pages.catalogs[c].language, key);
		}
	}
}

AW_TESTS(cmocka_unit_test(each_page_names_only_what_its_view_has),
	cmocka_unit_test(each_prefix_of_codes_has_words_in_both_languages),
	cmocka_unit_test(each_action_has_words))
