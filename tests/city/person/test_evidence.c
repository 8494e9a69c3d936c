/* What two texts have in common, and how evidence is written. */
#include "city/person/evidence.h"

#include "../../testing.h"

/* "陳例[峯]" for a piece that differs. */
static const char *
marked(struct aw_arena *arena, const char *text, const char *other)
{
	struct aw_buf out = { .arena = arena };
	struct aw_text_piece *at;
	size_t count = aw_text_pieces(arena, text, other, &at);

	for (size_t i = 0; i < count; i++)
		aw_buf_printf(&out, at[i].differs ? "[%s]" : "%s", at[i].text);
	return aw_buf_z(&out);
}

static void
what_differs_is_marked_character_by_character(void **state)
{
	static const struct {
		const char *text, *other, *marked;
	} cases[] = {
		{ "陳例峯", "陳例峰", "陳例[峯]" },
		{ "陳例峰", "陳例峰", "陳例峰" },
		{ "張王淑芬", "王淑芬", "[張]王淑芬" },
		{ "王淑芬", "張王淑芬", "王淑芬" },
		{ "信義區東信路177巷12號", "信義區東信路177巷12號3樓", "信義區東信路177巷12號" },
		{ "林", "黃", "[林]" },
		{ "林", NULL, "林" },
		{ "林", "", "[林]" },
		{ "", "黃", "" },
		{ NULL, "黃", "" },
	};
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++)
		assert_string_equal(marked(&arena, cases[i].text, cases[i].other), cases[i].marked);
}

/* Above what is compared, a text is whole: equal or not. */
static void
a_long_text_is_marked_whole(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	char a[400], b[400];

	(void)state;
	memset(a, 'a', sizeof(a) - 1);
	a[sizeof(a) - 1] = '\0';
	memcpy(b, a, sizeof(a));
	b[7] = 'b';
	assert_int_equal(marked(&arena, a, b)[0], '[');
	assert_string_equal(marked(&arena, a, a), a);
}

static void
bits_and_percents_are_written_with_one_place(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	assert_string_equal(aw_evidence_bits(&arena, 8567), "+8.5");
	assert_string_equal(aw_evidence_bits(&arena, -2100), "\u22122.1");
	assert_string_equal(aw_evidence_bits(&arena, 0), "0.0");
	assert_string_equal(aw_evidence_percent(&arena, 999123), "99.9%");
	assert_string_equal(aw_evidence_percent(&arena, 5000), "0.5%");
}

AW_TESTS(cmocka_unit_test(what_differs_is_marked_character_by_character),
	cmocka_unit_test(a_long_text_is_marked_whole),
	cmocka_unit_test(bits_and_percents_are_written_with_one_place))
