/* What somebody typed, in a URL: nothing of it shows, and it opens where it was typed alone. */
#include "guard/handle.h"

#include "../testing.h"
#include "base/hash.h"

#define NOW_MS (INT64_C(1800000000000))

static struct aw_session
made_session(void)
{
	struct aw_session session = { 0 };

	aw_random_bytes(session.handle_key, sizeof(session.handle_key));
	return session;
}

static const char *
make(struct aw_arena *arena, const struct aw_session *session, const char *text)
{
	struct aw_error err = { 0 };
	const char *handle = NULL;

	assert_ok(aw_handle_make(arena, session, "people", text, NOW_MS, &handle, &err));
	return handle;
}

static void
what_was_typed_comes_back_in_its_session_and_nowhere_else(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_session mine = made_session(), other = made_session();
	const char *handle = make(&arena, &mine, "王小明 0912345678");

	(void)state;
	assert_string_equal(
		aw_handle_open(&arena, &mine, "people", handle, NOW_MS), "王小明 0912345678");
	assert_null(aw_handle_open(&arena, &other, "people", handle, NOW_MS));
	assert_null(aw_handle_open(&arena, NULL, "people", handle, NOW_MS));
	assert_null(aw_handle_open(&arena, &mine, "log", handle, NOW_MS));
	assert_string_equal(
		aw_handle_open(&arena, &mine, "people", make(&arena, &mine, ""), NOW_MS), "");
}

static void
it_opens_for_half_an_hour(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_session mine = made_session();
	const char *handle = make(&arena, &mine, "王小明");

	(void)state;
	assert_non_null(
		aw_handle_open(&arena, &mine, "people", handle, NOW_MS + AW_HANDLE_LIMIT_MS - 1));
	assert_null(aw_handle_open(&arena, &mine, "people", handle, NOW_MS + AW_HANDLE_LIMIT_MS));
	assert_null(aw_handle_open(&arena, &mine, "people", handle, NOW_MS - 2 * AW_MINUTE_MS));
}

static void
whatever_is_changed_in_it_it_does_not_open(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_session mine = made_session();
	char *handle = aw_arena_strdup(&arena, make(&arena, &mine, "王小明"));
	size_t len = strlen(handle);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		char before = handle[i];

		handle[i] = before == 'A' ? 'B' : 'A';
		assert_null(aw_handle_open(&arena, &mine, "people", handle, NOW_MS));
		handle[i] = '\0';
		assert_null(aw_handle_open(&arena, &mine, "people", handle, NOW_MS));
		handle[i] = before;
	}
	assert_non_null(aw_handle_open(&arena, &mine, "people", handle, NOW_MS));
	assert_null(aw_handle_open(&arena, &mine, "people", "", NOW_MS));
	assert_null(aw_handle_open(&arena, &mine, "people", "王小明", NOW_MS));
	assert_null(aw_handle_open(&arena, &mine, "people",
		aw_arena_printf(&arena, "%s%s%s%s%s%s%s", handle, handle, handle, handle, handle,
			handle, handle),
		NOW_MS));
}

static void
neither_the_text_nor_its_length_shows(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	const struct aw_session mine = made_session();
	char longest[AW_HANDLE_TEXT_MOST + 2] = { 0 };
	struct aw_error err = { 0 };
	const char *handle;

	(void)state;
	assert_int_equal(strlen(make(&arena, &mine, "王")),
		strlen(make(&arena, &mine, "A123456789 王小明")));
	assert_string_not_equal(make(&arena, &mine, "王"), make(&arena, &mine, "王"));
	memset(longest, 'a', AW_HANDLE_TEXT_MOST);
	handle = make(&arena, &mine, longest);
	assert_null(strstr(handle, "aaaaaaaa"));
	assert_int_equal(
		strspn(handle, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
		strlen(handle));
	assert_string_equal(aw_handle_open(&arena, &mine, "people", handle, NOW_MS), longest);
	longest[AW_HANDLE_TEXT_MOST] = 'a';
	assert_fails(aw_handle_make(&arena, &mine, "people", longest, NOW_MS, &handle, &err),
		AW_TOO_LARGE, "500 bytes");
}

AW_TESTS(cmocka_unit_test(what_was_typed_comes_back_in_its_session_and_nowhere_else),
	cmocka_unit_test(it_opens_for_half_an_hour),
	cmocka_unit_test(whatever_is_changed_in_it_it_does_not_open),
	cmocka_unit_test(neither_the_text_nor_its_length_shows))
