/* Identities: from a report, packed and back. */
#include "city/person/identity.h"

#include "../../testing.h"
#include "base/clock.h"

static struct aw_identity
from_json(struct aw_arena *arena, const char *text, bool demo, uint32_t *doubts)
{
	AW_SCOPED(json, json_t *) json = NULL;
	struct aw_error err = { 0 };
	struct aw_identity identity = { 0 };

	assert_ok(aw_json_parse(aw_str(text), NULL, &json, &err));
	aw_identity_from_json(arena, json, demo, &identity, doubts);
	return identity;
}

static void
a_reported_person_is_read_as_written(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	uint32_t doubts = 99;
	struct aw_identity i = from_json(&arena,
		"{\"name\": \" 陳怡君 CHEN YI-CHUN\", \"alias\": \"小君\", \"national_id\": "
		"\"ａ123456789\","
		" \"birth_date\": \"0790101\", \"sex\": \"F\", \"phones\": [\"0900-012345\", "
		"\"不詳\"],"
		" \"address\": \"基隆市信義區東信路177巷12號\"}",
		false, &doubts);

	(void)state;
	assert_string_equal(aw_identity_name(&i), "陳怡君");
	assert_int_equal(i.name_count, 3);
	assert_string_equal(i.names[1].text, "CHEN YI-CHUN");
	assert_int_equal(i.names[1].kind, AW_NAME_LATIN);
	assert_string_equal(i.names[2].text, "小君");
	assert_string_equal(aw_identity_number(&i), "A123456789");
	assert_int_equal(i.birth.from_day, aw_day_of_date((struct aw_date){ 1990, 1, 1 }));
	assert_int_equal(i.sex, 'F');
	assert_string_equal(i.phones[0].e164, "+886900012345");
	assert_null(i.phones[1].e164);
	assert_string_equal(i.phones[1].raw, "不詳");
	assert_string_equal(aw_identity_residence(&i)->parts.district, "信義區");
	assert_int_equal(aw_identity_age(&i, aw_day_of_date((struct aw_date){ 2021, 12, 6 })), 31);
	assert_int_equal(doubts, AW_DOUBT_SEX | AW_DOUBT_PHONE);
}

static void
mistakes_are_doubts_and_never_refusals(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	uint32_t doubts = 0;
	struct aw_identity i;

	(void)state;
	i = from_json(&arena, "{\"national_id\": \"A123456788\", \"birth_date\": \"110/2/30\"}",
		false, &doubts);
	assert_int_equal(doubts, AW_DOUBT_NUMBER_CHECK | AW_DOUBT_BIRTH);
	assert_string_equal(i.birth_raw, "110/2/30");
	assert_false(i.birth_known);
	i = from_json(&arena, "{\"national_id\": \"M12-3456\"}", false, &doubts);
	assert_int_equal(doubts, AW_DOUBT_NUMBER_FORM);
	assert_null(aw_identity_number(&i));
	i = from_json(&arena, "{\"national_id\": \"C512345678\"}", false, &doubts);
	assert_true((doubts & AW_DOUBT_NUMBER_DEMO) != 0);
	i = from_json(&arena, "{\"national_id\": \"C512345678\"}", true, &doubts);
	assert_true((doubts & AW_DOUBT_NUMBER_DEMO) == 0);
	i = from_json(&arena, "{\"name\": null, \"phones\": 7, \"age\": 9, \"other\": {}}", true,
		&doubts);
	assert_int_equal(doubts, 0);
	assert_int_equal(i.name_count + i.phone_count + i.number_count, 0);
	assert_int_equal(aw_identity_age(&i, 0), -1);
}

static void
an_identity_comes_back_as_it_was_packed(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	uint32_t doubts;
	struct aw_identity i = from_json(&arena,
		"{\"name\": \"陳怡君\", \"alias\": [\"小君\", \"Panay\"], \"national_id\": "
		"[\"A123456789\","
		" \"AC01234567\", \"護照 X1\"], \"birth_date\": \"民國79年\", \"sex\": \"F\","
		" \"phones\": [\"02-24201122#305\"], \"address\": "
		"\"基隆市信義區東信里5鄰東信路177巷3弄"
		"12號之3五樓之1室旁\\t小屋\", \"registered_address\": \"臺北市大安區和平路1號\"}",
		false, &doubts);
	struct aw_identity back = { 0 };
	struct aw_str packed, again;

	(void)state;
	i.phones[0].safe_from_min = 600;
	i.phones[0].safe_to_min = 900;
	i.phones[0].unsafe = true;
	i.addresses[0].protected_place = true;
	packed = aw_identity_pack(&arena, &i);
	assert_ok(aw_identity_unpack(&arena, packed, &back, &err));
	again = aw_identity_pack(&arena, &back);
	assert_true(aw_str_eq(packed, again));
	assert_int_equal(back.name_count, 3);
	assert_int_equal(back.number_count, 3);
	assert_string_equal(back.numbers[1].text, "AC01234567");
	assert_int_equal(back.birth.precision, AW_PRECISION_YEAR);
	assert_int_equal(back.phones[0].safe_to_min, 900);
	assert_true(back.phones[0].unsafe);
	assert_true(back.addresses[0].protected_place);
	assert_string_equal(back.addresses[0].parts.lane, "177");
	assert_int_equal(back.addresses[0].parts.number_sub, 3);
	assert_string_equal(back.addresses[1].parts.county, "臺北市");
}

static void
a_cell_that_is_no_identity_is_corrupt(void **state)
{
	static const char *const bad[] = { "", "2\n", "1\nN\t0\n", "1\nN\tx\t陳\n", "1\nN\t0\t陳",
		"1\nQ\t1\n", "1\nB\t1\t1\t1\t9\t\n", "1\nS\tZ\n", "1\nP\t\t\t5000\t0\t0\t\n",
		"1\n\n", "1\nA\t0\n", "1\nB\t1\t99999999999\t1\t0\t\n" };
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_error err = { 0 };
	struct aw_identity identity;

	(void)state;
	for (size_t i = 0; i < AW_COUNT(bad); i++)
		if (aw_identity_unpack(&arena, aw_str(bad[i]), &identity, &err) != AW_CORRUPT)
			fail_msg("cell %zu was taken for an identity", i);
}

static void
lists_stop_at_their_limit(void **state)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_identity identity = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		aw_identity_add_name(
			&arena, &identity, AW_NAME_ALIAS, aw_arena_printf(&arena, "名%d", i));
		aw_identity_add_phone(&arena, &identity, aw_arena_printf(&arena, "0900%06d", i));
		aw_identity_add_phone(&arena, &identity, aw_arena_printf(&arena, "0900%06d", i));
	}
	assert_int_equal(identity.name_count, AW_IDENTITY_LIST_LIMIT);
	assert_int_equal(identity.phone_count, AW_IDENTITY_LIST_LIMIT);
	aw_identity_add_number(&arena, &identity, "  ");
	aw_identity_add_number(&arena, &identity, NULL);
	assert_int_equal(identity.number_count, 0);
}

static void
each_sex_that_is_read_has_its_code(void **state)
{
	static const char *const typed[][2] = { { "男", "M" }, { "2", "F" }, { "其他", "X" },
		{ "不詳", "U" } };

	(void)state;
	for (size_t i = 0; i < AW_COUNT(typed); i++) {
		struct aw_identity identity = { 0 };

		aw_identity_set_sex(&identity, typed[i][0]);
		assert_string_equal(aw_identity_sex(&identity), typed[i][1]);
	}
}

AW_TESTS(cmocka_unit_test(a_reported_person_is_read_as_written),
	cmocka_unit_test(mistakes_are_doubts_and_never_refusals),
	cmocka_unit_test(an_identity_comes_back_as_it_was_packed),
	cmocka_unit_test(a_cell_that_is_no_identity_is_corrupt),
	cmocka_unit_test(lists_stop_at_their_limit),
	cmocka_unit_test(each_sex_that_is_read_has_its_code))
