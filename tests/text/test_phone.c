/* Telephone numbers of Taiwan. */
#include "text/phone.h"

#include "../testing.h"

static void
numbers_are_read_to_e164(void **state)
{
	static const struct {
		const char *typed, *e164, *extension, *shown;
	} good[] = {
		{ "0900012345", "+886900012345", "", "0900-012-345" },
		{ "0900-012-345", "+886900012345", "", "0900-012-345" },
		{ "０９００－０１２３４５", "+886900012345", "", "0900-012-345" },
		{ "+886 900 012 345", "+886900012345", "", "0900-012-345" },
		{ "+886-0900-012-345", "+886900012345", "", "0900-012-345" },
		{ "886900012345", "+886900012345", "", "0900-012-345" },
		{ "002886900012345", "+886900012345", "", "0900-012-345" },
		{ "(02)2420-1122", "+886224201122", "", "02-2420-1122" },
		{ "02-24201122分機305", "+886224201122", "305", "02-2420-1122 #305" },
		{ "02-24201122 轉 305", "+886224201122", "305", "02-2420-1122 #305" },
		{ "02 2420 1122#305", "+886224201122", "305", "02-2420-1122 #305" },
		{ "02-24201122 ext. 305", "+886224201122", "305", "02-2420-1122 #305" },
		{ "07-7995678", "+88677995678", "", "07-799-5678" },
		{ "049-2222106", "+886492222106", "", "049-222-2106" },
		{ "037-320049", "+88637320049", "", "037-32-0049" },
		{ "082-325643", "+88682325643", "", "082-32-5643" },
		{ "0836-22345", "+88683622345", "", "0836-2-2345" },
		{ "+81 3-1234-5678", "+81312345678", "", "+81312345678" },
	};
	AW_SCOPE(aw_arena) arena = { 0 };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(good); i++) {
		struct aw_phone phone;

		if (!aw_phone_read(aw_str(good[i].typed), &phone))
			fail_msg("%s is no number", good[i].typed);
		assert_string_equal(phone.e164, good[i].e164);
		assert_string_equal(phone.extension, good[i].extension);
		assert_string_equal(
			aw_phone_text(&arena, phone.e164, phone.extension), good[i].shown);
		assert_int_equal(phone.mobile, phone.e164[4] == '9');
	}
}

static void
what_is_no_number_is_not_taken_for_one(void **state)
{
	static const char *const bad[] = { "", "無", "24201122", "0900-012-34", "0900-012-3456",
		"02-2420112", "02-242011223", "abc", "0900o12345", "09000123450900012345", "#305",
		"999", "+12", "0100000000" };
	struct aw_phone phone;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++) {
		if (aw_phone_read(aw_str(bad[i]), &phone))
			fail_msg("\"%s\" was taken for a number", bad[i]);
		assert_string_equal(phone.e164, "");
	}
}

AW_TESTS(cmocka_unit_test(numbers_are_read_to_e164),
	cmocka_unit_test(what_is_no_number_is_not_taken_for_one))
