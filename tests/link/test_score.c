/* Weights, frequencies, probabilities, conflicts, models from a file. */
#include "link/score.h"

#include "../testing.h"

static struct aw_link_scale
scale(uint32_t population, uint32_t name, uint32_t phone, uint32_t door)
{
	struct aw_link_model model;
	struct aw_link_frequency frequency = { .population = population,
		.name = name,
		.variant = name,
		.phone = phone,
		.door = door };
	struct aw_link_scale made;

	aw_link_model_default(&model);
	aw_link_scale_make(&model, &frequency, &made);
	return made;
}

static void
a_common_name_says_less_than_a_rare_one(void **state)
{
	struct aw_link_scale rare = scale(364766, 1, 0, 0), common = scale(364766, 92, 0, 0);

	(void)state;
	assert_int_equal(rare.prior_mbits, -18477);
	assert_in_range(rare.weight[AW_LINK_NAME][AW_NAMES_EXACT], 18400, 18430);
	assert_int_equal(rare.weight[AW_LINK_NAME][AW_NAMES_EXACT] -
				 common.weight[AW_LINK_NAME][AW_NAMES_EXACT],
		6524);
	assert_true(common.weight[AW_LINK_NAME][AW_NAMES_VARIANT] <
		    common.weight[AW_LINK_NAME][AW_NAMES_EXACT]);
}

static void
a_shared_phone_or_a_shelter_says_little(void **state)
{
	struct aw_link_scale home = scale(364766, 1, 4, 4), shelter = scale(364766, 1, 5000, 5000);

	(void)state;
	assert_true(home.weight[AW_LINK_PHONE][AW_PHONE_SAME] < 8100);
	assert_true(shelter.weight[AW_LINK_PHONE][AW_PHONE_SAME] <
		    home.weight[AW_LINK_PHONE][AW_PHONE_SAME]);
	assert_true(shelter.weight[AW_LINK_ADDRESS][AW_PLACE_DOOR] <
		    home.weight[AW_LINK_ADDRESS][AW_PLACE_DOOR]);
	assert_true(shelter.weight[AW_LINK_ADDRESS][AW_PLACE_DOOR] >= 0);
}

static void
weights_fall_from_better_to_worse_levels(void **state)
{
	struct aw_link_scale s = scale(364766, 20, 4, 4);

	(void)state;
	assert_true(s.weight[AW_LINK_NUMBER][AW_NUMBER_SAME] >
		    s.weight[AW_LINK_NUMBER][AW_NUMBER_SLIP]);
	assert_true(s.weight[AW_LINK_NUMBER][AW_NUMBER_SLIP] >
		    s.weight[AW_LINK_NUMBER][AW_NUMBER_SLIP_VALID]);
	assert_true(s.weight[AW_LINK_NUMBER][AW_NUMBER_SLIP_VALID] >
		    s.weight[AW_LINK_NUMBER][AW_NUMBER_TWO]);
	assert_true(s.weight[AW_LINK_NUMBER][AW_NUMBER_DIFFERS] >
		    s.weight[AW_LINK_NUMBER][AW_NUMBER_OTHER]);
	assert_true(s.weight[AW_LINK_NUMBER][AW_NUMBER_OTHER] < -8000);
	assert_true(s.weight[AW_LINK_BIRTH][AW_BIRTH_EXACT] >
		    s.weight[AW_LINK_BIRTH][AW_BIRTH_SWAPPED]);
	assert_true(s.weight[AW_LINK_BIRTH][AW_BIRTH_EXACT] >
		    s.weight[AW_LINK_BIRTH][AW_BIRTH_NEW_YEAR]);
	assert_true(s.weight[AW_LINK_BIRTH][AW_BIRTH_DIFFERS] < 0);
	for (size_t f = 0; f < AW_LINK_FIELDS; f++)
		assert_int_equal(s.weight[f][0], 0);
}

static void
candidates_exclude_each_other(void **state)
{
	int32_t one[] = { 30000 }, twins[] = { 30000, 30000 }, ahead[] = { 30000, 20000, 100 };
	int32_t ppm[3];

	(void)state;
	aw_link_probabilities(-18000, one, 1, ppm);
	assert_in_range(ppm[0], 999700, 999800);
	aw_link_probabilities(-18000, twins, 2, ppm);
	assert_in_range(ppm[0], 499000, 500000);
	assert_int_equal(ppm[0], ppm[1]);
	aw_link_probabilities(-18000, ahead, 3, ppm);
	assert_in_range(ppm[0], 998000, 999900);
	assert_true(ppm[2] == 0);
	one[0] = 18000;
	aw_link_probabilities(-18000, one, 1, ppm);
	assert_int_equal(ppm[0], 500000);
	one[0] = 1900000;
	aw_link_probabilities(-18000, one, 1, ppm);
	assert_int_equal(ppm[0], 999999);
	one[0] = -1900000;
	aw_link_probabilities(-18000, one, 1, ppm);
	assert_int_equal(ppm[0], 0);
}

static uint32_t
conflicts(uint8_t number, uint8_t name, uint8_t birth, uint8_t sex, uint8_t phone)
{
	struct aw_link_levels levels = { { number, name, birth, sex, phone, 0 } };

	return aw_link_conflicts(&levels);
}

static uint32_t
conflicts_at(uint8_t name, uint8_t birth, uint8_t place)
{
	struct aw_link_levels levels = { { 0, name, birth, AW_SEX_SAME, 0, place } };

	return aw_link_conflicts(&levels);
}

/* Two people of one name and one birth day who have never met are no rarity in a country. */
static void
a_name_and_a_birth_day_alone_link_nobody(void **state)
{
	(void)state;
	assert_int_equal(
		conflicts(0, AW_NAMES_EXACT, AW_BIRTH_EXACT, AW_SEX_SAME, 0), AW_CONFLICT_THIN);
	assert_int_equal(
		conflicts(0, AW_NAMES_EXACT, AW_BIRTH_EXACT, AW_SEX_SAME, AW_PHONE_SAME), 0);
	assert_int_equal(
		conflicts(AW_NUMBER_TWO, AW_NAMES_EXACT, AW_BIRTH_EXACT, AW_SEX_SAME, 0), 0);
	assert_int_equal(
		conflicts(AW_NUMBER_DIFFERS, AW_NAMES_EXACT, AW_BIRTH_EXACT, AW_SEX_SAME, 0),
		AW_CONFLICT_NUMBER | AW_CONFLICT_THIN);
	assert_int_equal(conflicts_at(AW_NAMES_EXACT, AW_BIRTH_EXACT, AW_PLACE_VILLAGE), 0);
	assert_int_equal(
		conflicts_at(AW_NAMES_EXACT, AW_BIRTH_EXACT, AW_PLACE_DISTRICT), AW_CONFLICT_THIN);
	assert_int_equal(conflicts_at(AW_NAMES_EXACT, 0, AW_PLACE_FLOOR), AW_CONFLICT_THIN);
	/* heard the same, read with a character masked: the other twin, too */
	assert_int_equal(
		conflicts_at(AW_NAMES_SOUND, AW_BIRTH_EXACT, AW_PLACE_FLOOR), AW_CONFLICT_NEAR);
	assert_int_equal(
		conflicts_at(AW_NAMES_MASKED, AW_BIRTH_EXACT, AW_PLACE_FLOOR), AW_CONFLICT_NEAR);
}

static void
what_contradicts_is_named(void **state)
{
	(void)state;
	assert_int_equal(
		conflicts(AW_NUMBER_SAME, AW_NAMES_EXACT, AW_BIRTH_SWAPPED, AW_SEX_DIFFERS, 0), 0);
	assert_int_equal(conflicts(0, AW_NAMES_EXACT, 0, 0, AW_PHONE_SAME), 0);
	assert_int_equal(conflicts(0, AW_NAMES_EXACT, AW_BIRTH_WITHIN, 0, 0), AW_CONFLICT_THIN);
	assert_int_equal(
		conflicts(AW_NUMBER_OTHER, AW_NAMES_EXACT, AW_BIRTH_EXACT, 0, AW_PHONE_SAME),
		AW_CONFLICT_NUMBER);
	assert_int_equal(conflicts(0, AW_NAMES_ONE_CHAR, AW_BIRTH_EXACT, 0, AW_PHONE_SAME),
		AW_CONFLICT_NEAR);
	assert_int_equal(
		conflicts(AW_NUMBER_SAME, AW_NAMES_NONE, AW_BIRTH_EXACT, 0, 0), AW_CONFLICT_NAME);
	assert_int_equal(
		conflicts(0, AW_NAMES_EXACT, AW_BIRTH_EXACT, AW_SEX_DIFFERS, AW_PHONE_SAME),
		AW_CONFLICT_SEX);
	assert_int_equal(conflicts(AW_NUMBER_SAME, AW_NAMES_EXACT, AW_BIRTH_DIFFERS, 0, 0),
		AW_CONFLICT_BIRTH);
}

static void
a_model_file_changes_what_it_names(void **state)
{
	struct aw_link_model model, given;
	struct aw_error err = { 0 };

	(void)state;
	aw_link_model_default(&model);
	assert_ok(aw_link_model_read(AW_STR_LIT("{\"sex\": {\"same\": {\"m\": 1.0, \"u\": 0.25}}}"),
		"m.json", &given, &err));
	assert_int_equal(given.weight[AW_LINK_SEX][AW_SEX_SAME], 2000);
	assert_int_equal(given.weight[AW_LINK_NAME][AW_NAMES_SOUND],
		model.weight[AW_LINK_NAME][AW_NAMES_SOUND]);
	assert_fails(aw_link_model_read(
			     AW_STR_LIT("{\"sex\": {\"maybe\": {}}}"), "m.json", &given, &err),
		AW_INVALID, "no level");
	assert_fails(aw_link_model_read(AW_STR_LIT("{\"hair\": {}}"), "m.json", &given, &err),
		AW_INVALID, "field");
	assert_fails(aw_link_model_read(AW_STR_LIT("{\"sex\": {\"same\": {\"m\": 0}}}"), "m.json",
			     &given, &err),
		AW_INVALID, "above 0");
	assert_fails(aw_link_model_read(AW_STR_LIT("{\"sex\": 1}"), "m.json", &given, &err),
		AW_INVALID, "field");
	assert_fails(aw_link_model_read(AW_STR_LIT("{"), "m.json", &given, &err), AW_INVALID, "");
}

AW_TESTS(cmocka_unit_test(a_common_name_says_less_than_a_rare_one),
	cmocka_unit_test(a_shared_phone_or_a_shelter_says_little),
	cmocka_unit_test(weights_fall_from_better_to_worse_levels),
	cmocka_unit_test(candidates_exclude_each_other),
	cmocka_unit_test(what_contradicts_is_named),
	cmocka_unit_test(a_name_and_a_birth_day_alone_link_nobody),
	cmocka_unit_test(a_model_file_changes_what_it_names))
