/* Width, variants and sound. */
#include "text/fold.h"

#include "../testing.h"

static bool
same_fold(const char *a, const char *b)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_str x = aw_text_fold(&arena, aw_text_nfkc(&arena, aw_str(a)));
	struct aw_str y = aw_text_fold(&arena, aw_text_nfkc(&arena, aw_str(b)));

	return aw_str_eq(x, y);
}

static uint32_t
point(const char *c)
{
	size_t pos = 0;

	return aw_utf8_next(aw_str(c), &pos);
}

static bool
same_sound(const char *a, const char *b)
{
	return aw_char_sound(point(a)) != 0 && aw_char_sound(point(a)) == aw_char_sound(point(b));
}

static void
nfkc_makes_equal_what_only_an_encoding_told_apart(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	assert_string_equal(aw_text_nfkc(&arena, aw_str("　Ａｂ１２　（３）\t\n")).at, "Ab12 (3)");
	assert_string_equal(aw_text_nfkc(&arena, aw_str("陳\xEF\xA4\x80")).at, "陳豈");
	assert_string_equal(aw_text_nfkc(&arena, aw_str("a\xC2\xA0\xE2\x80\x8B"
							"b"))
				    .at,
		"a b");
	assert_string_equal(aw_text_nfkc(&arena, aw_str("\xFF陳")).at, "\xEF\xBF\xBD陳");
	assert_string_equal(aw_text_nfkc(&arena, aw_str("")).at, "");
	assert_string_equal(aw_text_nfkc(&arena, (struct aw_str){ NULL, 0 }).at, "");
	assert_string_equal(aw_text_nfkc(&arena, aw_str("陳怡君")).at, "陳怡君");
	assert_string_equal(aw_text_nfkc(&arena, aw_str("𠮷")).at, "𠮷");
}

static void
variants_fold_together(void **state)
{
	static const char *const pairs[][2] = { { "臺北", "台北" }, { "峯", "峰" }, { "於", "于" },
		{ "温", "溫" }, { "黄", "黃" }, { "啟", "啓" }, { "羣", "群" }, { "裏", "裡" },
		{ "眾", "衆" }, { "勲", "勳" }, { "彥", "彦" }, { "真", "眞" }, { "戶", "户" },
		{ "鍾", "鐘" }, { "妍", "姸" }, { "清", "淸" }, { "青", "靑" }, { "鄉", "鄕" },
		{ "吳", "呉" }, { "俞", "兪" }, { "德", "徳" }, { "曉", "暁" }, { "余", "餘" },
		{ "范", "範" }, { "吉", "𠮷" }, { "Émile", "emile" }, { "陳 WANG", "陈 wang" } };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(pairs); i++)
		if (!same_fold(pairs[i][0], pairs[i][1]))
			fail_msg("%s and %s do not fold together", pairs[i][0], pairs[i][1]);
}

static void
characters_that_only_look_alike_stay_apart(void **state)
{
	static const char *const pairs[][2] = { { "凃", "涂" }, { "陳", "陣" }, { "王", "玉" },
		{ "己", "已" }, { "未", "末" }, { "士", "土" }, { "怡", "宜" }, { "祐", "佑" },
		{ "惠", "慧" }, { "弘", "宏" }, { "瑋", "偉" }, { "佩", "珮" }, { "泰", "太" } };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(pairs); i++)
		if (same_fold(pairs[i][0], pairs[i][1]))
			fail_msg("%s and %s fold together", pairs[i][0], pairs[i][1]);
}

static void
folding_twice_changes_nothing(void **state)
{
	size_t folded = 0;

	(void)state;
	for (uint32_t c = 0x3400; c < 0x30000; c++) {
		uint32_t once = aw_char_fold(c);

		if (aw_char_fold(once) != once)
			fail_msg("U+%04X folds to U+%04X, which folds on", c, once);
		folded += once != c ? 1 : 0;
	}
	assert_true(folded > 3000);
}

static void
homophones_share_a_sound(void **state)
{
	(void)state;
	assert_true(same_sound("怡", "宜"));
	assert_true(same_sound("婷", "亭"));
	assert_true(same_sound("豪", "毫"));
	assert_true(same_sound("惠", "慧"));
	assert_true(same_sound("心", "星"));
	assert_true(same_sound("志", "自"));
	assert_false(same_sound("陳", "王"));
	assert_false(same_sound("張", "占"));
	assert_int_equal(aw_char_sound('a'), 0);
}

static void
a_character_may_be_heard_in_several_ways(void **state)
{
	static const char *const alike[][2] = { { "曾", "增" }, { "曾", "層" }, { "單", "善" },
		{ "單", "丹" }, { "樂", "悅" }, { "樂", "勒" }, { "解", "謝" }, { "查", "扎" },
		{ "區", "歐" }, { "區", "瞿" }, { "晟", "成" }, { "晟", "勝" }, { "怡", "宜" } };
	static const char *const apart[][2] = { { "曾", "林" }, { "單", "王" }, { "怡", "a" } };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(alike); i++)
		if (!aw_char_heard_alike(point(alike[i][0]), point(alike[i][1])))
			fail_msg("%s and %s are heard alike", alike[i][0], alike[i][1]);
	for (size_t i = 0; i < AW_COUNT(apart); i++)
		assert_false(aw_char_heard_alike(point(apart[i][0]), point(apart[i][1])));
}

AW_TESTS(cmocka_unit_test(a_character_may_be_heard_in_several_ways),
	cmocka_unit_test(nfkc_makes_equal_what_only_an_encoding_told_apart),
	cmocka_unit_test(variants_fold_together),
	cmocka_unit_test(characters_that_only_look_alike_stay_apart),
	cmocka_unit_test(folding_twice_changes_nothing), cmocka_unit_test(homophones_share_a_sound))
