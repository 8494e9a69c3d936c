/* tests/base/arena - what an arena promises. */
#include "../testing.h"

static void
memory_is_zeroed_and_aligned(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	for (size_t size = 0; size < 200; size++) {
		unsigned char *at = aw_arena_alloc(&arena, size);
		assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(at[i], 0);
		memset(at, 0xff, size);
	}
}

static void
items_do_not_overlap(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	char *texts[2000];

	(void)state;
	for (int i = 0; i < 2000; i++)
		texts[i] = aw_arena_printf(&arena, "item %d", i);
	for (int i = 0; i < 2000; i++) {
		char expected[32];
		(void)snprintf(expected, sizeof(expected), "item %d", i);
		assert_string_equal(texts[i], expected);
	}
}

static void
an_array_grows_and_keeps_its_items(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	int *at = NULL;
	size_t count = 0, room = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		*AW_PUSH(&arena, at, count, room) = i;
	assert_int_equal(count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(at[i], i);
}

static void
done_twice_is_harmless(void **state)
{
	struct aw_arena arena = { 0 };

	(void)state;
	(void)aw_arena_alloc(&arena, 10);
	aw_arena_done(&arena);
	aw_arena_done(&arena);
	assert_null(arena.blocks);
	assert_null(aw_arena_strdup(&arena, NULL));
}

static void
note_end(void *arg)
{
	char *order = arg;

	(void)strcat(order, order[0] == '\0' ? "first" : " second");
}

static void
what_was_asked_for_happens_at_the_end_once(void **state)
{
	struct aw_arena arena = { 0 };
	char order[32] = "";

	(void)state;
	aw_arena_at_end(&arena, note_end, order);
	aw_arena_at_end(&arena, note_end, order);
	assert_string_equal(order, "");
	aw_arena_done(&arena);
	aw_arena_done(&arena);
	assert_string_equal(order, "first second");
}

static void
an_arena_is_used_again_and_its_ends_are_called(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	char order[32] = "";

	(void)state;
	aw_arena_again(&arena);
	for (int n = 0; n < 3; n++) {
		for (int i = 0; i < 100; i++) {
			unsigned char *item = aw_arena_alloc(&arena, 1000);

			for (size_t k = 0; k < 1000; k++)
				assert_int_equal(item[k], 0);
			memset(item, 0xA5, 1000);
		}
		order[0] = '\0';
		aw_arena_at_end(&arena, note_end, order);
		aw_arena_again(&arena);
		assert_string_equal(order, "first");
		assert_int_equal(arena.used_bytes, 0);
	}
}

AW_TESTS(cmocka_unit_test(an_arena_is_used_again_and_its_ends_are_called),
	cmocka_unit_test(memory_is_zeroed_and_aligned), cmocka_unit_test(items_do_not_overlap),
	cmocka_unit_test(an_array_grows_and_keeps_its_items),
	cmocka_unit_test(done_twice_is_harmless),
	cmocka_unit_test(what_was_asked_for_happens_at_the_end_once))
