/* tests/base/str - slices, numbers, UTF-8 and the buffer. */
#include "../testing.h"

static void
trimming_takes_wide_spaces_too(void **state)
{
	(void)state;
	assert_true(aw_str_is(aw_str_trim(aw_str(" \t王小明　\n")), "王小明"));
	assert_true(aw_str_is(aw_str_trim(aw_str("　　")), ""));
}

static void
numbers_are_whole_or_refused(void **state)
{
	int64_t n = 7;

	(void)state;
	assert_true(aw_str_int64(aw_str("-9223372036854775808"), &n));
	assert_true(n == INT64_MIN);
	assert_true(aw_str_int64(aw_str("9223372036854775807"), &n));
	assert_true(n == INT64_MAX);
	n = 7;
	assert_false(aw_str_int64(aw_str("9223372036854775808"), &n));
	assert_false(aw_str_int64(aw_str("12a"), &n));
	assert_false(aw_str_int64(aw_str("-"), &n));
	assert_false(aw_str_int64(aw_str(""), &n));
	assert_int_equal(n, 7);
}

static void
only_well_formed_utf8_is_valid(void **state)
{
	(void)state;
	assert_true(aw_utf8_valid(aw_str("基隆𠮷")));
	assert_false(aw_utf8_valid(aw_str("\xc0\x80")));
	assert_false(aw_utf8_valid(aw_str("\xed\xa0\x80")));
	assert_false(aw_utf8_valid(aw_str("\xf4\x90\x80\x80")));
	assert_false(aw_utf8_valid(aw_str("\xe5\x9f")));
	assert_int_equal(aw_utf8_count(aw_str("基隆𠮷a")), 4);
}

static void
every_code_point_survives_the_buffer(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	for (uint32_t code = 1; code < 0x110000; code += 97) {
		struct aw_buf buf = { .arena = &arena };
		size_t pos = 0;
		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		aw_buf_utf8(&buf, code);
		assert_int_equal(aw_utf8_next((struct aw_str){ buf.at, buf.len }, &pos), code);
	}
}

static void
hexadecimal_is_read_back(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	unsigned char back[4];

	(void)state;
	assert_string_equal(aw_hex(&arena, "\x00\x7f\xff\x10", 4), "007fff10");
	assert_true(aw_unhex("007FFf10", back, 4));
	assert_memory_equal(back, "\x00\x7f\xff\x10", 4);
	assert_false(aw_unhex("007fff1", back, 4));
	assert_false(aw_unhex("007fffxx", back, 4));
}

static void
cutting_gives_both_parts(void **state)
{
	struct aw_str rest, part = aw_str_cut(aw_str("a=b=c"), '=', &rest);

	(void)state;
	assert_true(aw_str_is(part, "a") && aw_str_is(rest, "b=c"));
	part = aw_str_cut(aw_str("abc"), '=', &rest);
	assert_true(aw_str_is(part, "abc") && rest.at == NULL);
}

static void
a_text_is_one_of_the_words_only_when_whole(void **state)
{
	static const char *const words[] = { "one", "two" };

	(void)state;
	assert_true(aw_text_in("two", words, 2));
	assert_false(aw_text_in("two", words, 1));
	assert_false(aw_text_in("tw", words, 2));
	assert_false(aw_text_in(NULL, words, 2));
}

static void
numbers_stand_greatest_byte_first(void **state)
{
	static const uint8_t eight[] = { 0x80, 1, 2, 3, 4, 5, 6, 0xff };
	uint8_t out[8] = { 0 };

	(void)state;
	aw_put_be(out, 8, UINT64_C(0x80010203040506ff));
	assert_memory_equal(out, eight, 8);
	assert_true(aw_get_be(out, 8) == UINT64_C(0x80010203040506ff));
	aw_put_be(out, 4, UINT64_C(0x1aabbccdd)); /* what does not fit is cut off */
	assert_true(aw_get_be(out, 4) == 0xaabbccdd);
	assert_int_equal(out[4], 4); /* nothing behind is touched */
	assert_true(aw_get_be(eight, 1) == 0x80);
}

AW_TESTS(cmocka_unit_test(numbers_stand_greatest_byte_first),
	cmocka_unit_test(a_text_is_one_of_the_words_only_when_whole),
	cmocka_unit_test(trimming_takes_wide_spaces_too),
	cmocka_unit_test(numbers_are_whole_or_refused),
	cmocka_unit_test(only_well_formed_utf8_is_valid),
	cmocka_unit_test(every_code_point_survives_the_buffer),
	cmocka_unit_test(hexadecimal_is_read_back), cmocka_unit_test(cutting_gives_both_parts))
