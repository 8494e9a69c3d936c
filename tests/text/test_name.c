/* Names in the form in which they are compared. */
#include "text/name.h"

#include "../testing.h"

static uint32_t
surname_count(const char *name)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_name_form form;

	aw_name_read(&arena, aw_str(name), &form);
	return aw_surname_count(&form);
}

static void
han_names_are_read_with_their_surname(void **state)
{
	(void)state;
	assert_int_equal(surname_count("陳怡君"), 1);
	assert_int_equal(surname_count("歐陽明"), 2);
	assert_int_equal(surname_count("張簡淑芬"), 2);
	assert_int_equal(surname_count("范姜怡"), 2);
	assert_int_equal(surname_count("張王淑芬"), 1);
	assert_int_equal(surname_count("歐陽"), 1);
	assert_int_equal(surname_count(""), 0);
	assert_int_equal(surname_count("Nguyen"), 0);
}

static void
other_names_are_folded_to_tokens(void **state)
{
	static const char *const pairs[][2] = { { "NGUYỄN  Thị-Hoa", "nguyen thi hoa" },
		{ "瓦歷斯·諾幹", "瓦历斯 诺干" }, { "Lo’oh", "looh" },
		{ "陳歐陽王美玲", "陈欧阳王美玲" }, { "O'Brien, Mary", "obrien mary" },
		{ "ＡＢＣ", "abc" },
		/* dots between, as typed on six keyboards */
		{ "巴義慈‧尤幹", "巴义慈 尤干" }, { "巴義慈•尤幹", "巴义慈 尤干" },
		{ "巴義慈・尤幹", "巴义慈 尤干" }, { "巴義慈．尤幹", "巴义慈 尤干" },
		{ "巴義慈-尤幹", "巴义慈 尤干" },
		/* glottal stops, as typed on five */
		{ "Lo'oh", "looh" }, { "Lo´oh", "looh" }, { "Lo`oh", "looh" }, { "Loʼoh", "looh" },
		{ "Lo‘oh", "looh" }, { "Kulas-Umo", "kulas umo" },
		{ "Sayun Noraw", "sayun noraw" } };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(pairs); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_name_form form;

		aw_name_read(&arena, aw_str(pairs[i][0]), &form);
		assert_int_equal(form.count, 0);
		assert_string_equal(form.other.at, pairs[i][1]);
	}
}

static void
two_names_in_one_field_come_apart(void **state)
{
	static const char *const cases[][3] = { { "陳怡君 CHEN YI-CHUN", "陳怡君", "CHEN YI-CHUN" },
		{ "陳怡君CHEN YI-CHUN", "陳怡君", "CHEN YI-CHUN" },
		{ "陳小明（阿明）", "陳小明", "阿明" }, { "陳怡君", "陳怡君", "" },
		{ "NGUYEN THI HOA", "NGUYEN THI HOA", "" }, { "陳O君", "陳O君", "" },
		{ "（不詳）", "(不詳)", "" }, { "", "", "" } };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(cases); i++) {
		AW_SCOPE(aw_arena) arena = { 0 };
		struct aw_str first, second;

		aw_name_split(&arena, aw_str(cases[i][0]), &first, &second);
		assert_string_equal(first.at, cases[i][1]);
		assert_string_equal(second.at, cases[i][2]);
	}
}

static void
likeness_is_jaro_winkler_by_characters(void **state)
{
	(void)state;
	assert_int_equal(aw_name_likeness(aw_str("martha"), aw_str("marhta")), 961);
	assert_int_equal(aw_name_likeness(aw_str("dixon"), aw_str("dicksonx")), 813);
	assert_int_equal(aw_name_likeness(aw_str("王小明"), aw_str("李大同")), 0);
	assert_int_equal(aw_name_likeness(aw_str("陳家豪"), aw_str("陳家豪")), 1000);
	assert_int_equal(aw_name_likeness(aw_str(""), aw_str("")), 1000);
	assert_int_equal(aw_name_likeness(aw_str("a"), aw_str("")), 0);
}

AW_TESTS(cmocka_unit_test(han_names_are_read_with_their_surname),
	cmocka_unit_test(other_names_are_folded_to_tokens),
	cmocka_unit_test(two_names_in_one_field_come_apart),
	cmocka_unit_test(likeness_is_jaro_winkler_by_characters))
