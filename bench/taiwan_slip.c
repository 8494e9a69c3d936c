/* What goes wrong when somebody of the made-up Taiwan is written down. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench/taiwan_inner.h"
#include "demo/typo.h"

enum { THREE = 3, DIGITS_FROM = 2, DIGITS = 8, GROWN = 18 };

static const struct {
	const char *code;
	uint16_t permille;
} slips[TW_SLIPS] = {
	[TW_NAME_SOUND] = { "name_sound", 15 },
	[TW_NAME_SHAPE] = { "name_shape", 10 },
	[TW_NAME_VARIANT] = { "name_variant", 15 },
	[TW_NAME_CHARACTER] = { "name_character", 8 },
	[TW_NAME_SWAPPED] = { "name_swapped", 3 },
	[TW_NAME_NEW] = { "name_new", 8 },
	[TW_NAME_SURNAME] = { "name_surname", 4 },
	[TW_NAME_CARER] = { "name_carer", 10 },
	[TW_NAME_OTHER] = { "name_other", 100 },
	[TW_NUMBER_NONE] = { "number_none", 80 },
	[TW_NUMBER_DIGIT] = { "number_digit", 12 },
	[TW_NUMBER_SWAPPED] = { "number_swapped", 6 },
	[TW_NUMBER_LETTER] = { "number_letter", 2 },
	[TW_NUMBER_EARLIER] = { "number_earlier", 3 },
	[TW_NUMBER_OLD] = { "number_old", 300 },
	[TW_BIRTH_NONE] = { "birth_none", 25 },
	[TW_BIRTH_SWAPPED] = { "birth_swapped", 8 },
	[TW_BIRTH_DIGIT] = { "birth_digit", 8 },
	[TW_BIRTH_YEAR] = { "birth_year", 6 },
	[TW_BIRTH_ERA] = { "birth_era", 3 },
	[TW_BIRTH_FIRST] = { "birth_first", 5 },
	[TW_BIRTH_ANOTHER] = { "birth_another", 2 },
	[TW_SEX_NONE] = { "sex_none", 30 },
	[TW_SEX_WRONG] = { "sex_wrong", 6 },
	[TW_PHONE_NONE] = { "phone_none", 350 },
	[TW_PHONE_ANOTHER] = { "phone_another", 60 },
	[TW_PLACE_NONE] = { "place_none", 80 },
	[TW_PLACE_ELSEWHERE] = { "place_elsewhere", 60 },
	[TW_PLACE_NEAR] = { "place_near", 40 },
	[TW_PLACE_DOOR] = { "place_door", 10 },
	[TW_PLACE_FLOOR] = { "place_floor", 60 },
};

const char *
tw_slip_code(enum tw_slip slip)
{
	return slips[slip].code;
}

void
tw_known_make(const struct tw_household *home, const struct tw_person *person, struct tw_known *ret)
{
	*ret = (struct tw_known){ .birth_day = person->birth_day,
		.birth_known = true,
		.has_place = true,
		.sex = person->sex,
		.place = home->place };
	memcpy(ret->name, person->name, sizeof(ret->name));
	memcpy(ret->number, person->number, sizeof(ret->number));
	memcpy(ret->phone, person->phones[person->phones[0][0] == '\0' ? 1 : 0],
		sizeof(ret->phone));
}

/* -- names ----------------------------------------------------------------------------------------- */

/* A Han name of three or four characters of three bytes: what follows the surname is the given name. */
static bool
is_han(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i += THREE)
		if ((name[i] & 0xF0) != 0xE0 || strncmp(name + i, "．", THREE) == 0)
			return false;
	return len >= 2 * (size_t)THREE && len <= 4 * (size_t)THREE;
}

static uint32_t
character_of(const char *at)
{
	struct aw_str text = { at, THREE };
	size_t pos = 0;

	return aw_utf8_next(text, &pos);
}

static bool
replace(char *at, const char *with)
{
	if (with == NULL || strlen(with) < THREE || strncmp(at, with, THREE) == 0)
		return false;
	memcpy(at, with, THREE);
	return true;
}

static bool
slip_name(struct aw_random *random, enum tw_slip slip, const struct tw_person *person, char *name)
{
	size_t len = strlen(name);
	char *last = name + len - THREE, *middle = last - THREE, was[THREE];
	char *any = len > 2 * (size_t)THREE && aw_random_below(random, 2) == 0 ? middle : last;
	char given[AW_DEMO_NAME_SIZE];

	switch ((int)slip) {
	case TW_NAME_SOUND:
		return replace(any, tw_sounds_like(random, character_of(any))) ||
		       replace(last, tw_sounds_like(random, character_of(last)));
	case TW_NAME_SHAPE:
		return replace(any, tw_looks_like(random, character_of(any))) ||
		       replace(last, tw_looks_like(random, character_of(last)));
	case TW_NAME_CHARACTER:
		return replace(any, tw_any_character(random));
	case TW_NAME_SWAPPED:
		memcpy(was, last, THREE);
		return len == 3 * (size_t)THREE && replace(last, middle) &&
		       memcpy(middle, was, THREE) != NULL;
	case TW_NAME_NEW:
		if (len > 3 * (size_t)THREE)
			return false;
		tw_given(random, aw_date_of_day(person->birth_day).year, person->sex, given,
			sizeof(given));
		(void)snprintf(name + THREE, AW_DEMO_NAME_SIZE - THREE, "%.40s", given);
		return true;
	case TW_NAME_SURNAME:
		return replace(name, tw_surname(random));
	default:
		return false;
	}
}

/* -- numbers, births ------------------------------------------------------------------------------- */

static bool
slip_number(struct aw_random *random, enum tw_slip slip, char *number)
{
	size_t at = DIGITS_FROM + aw_random_below(random, DIGITS);
	char was = number[at];

	switch ((int)slip) {
	case TW_NUMBER_DIGIT:
		number[at] = (char)('0' + (was - '0' + 1 + (int)aw_random_below(random, 9)) % 10);
		return true;
	case TW_NUMBER_SWAPPED:
		at = at == DIGITS_FROM + DIGITS - 1 ? at - 1 : at;
		was = number[at];
		number[at] = number[at + 1];
		number[at + 1] = was;
		return number[at] != was;
	case TW_NUMBER_EARLIER: /* made of the present one: the same one each time */
		for (size_t i = DIGITS_FROM; i < DIGITS_FROM + DIGITS - 1; i++)
			number[i] = (char)('0' + (number[i] - '0' + 3 * (int)i + 1) % 10);
		number[9] = aw_demo_id_check(number);
		return true;
	case TW_NUMBER_LETTER:
		number[0] =
			(char)('A' + (number[0] - 'A' + 1 + (int)aw_random_below(random, 25)) % 26);
		return true;
	default:
		return false;
	}
}

/* A digit of the date as eight digits of the ROC or the CE year: a real day comes out, and no later one. */
static bool
slip_digit(struct aw_random *random, struct aw_date *date)
{
	for (int attempt = 0; attempt < 40; attempt++) {
		char text[16];
		size_t at = aw_random_below(random, 7);
		struct aw_date made;
		int value;

		(void)snprintf(text, sizeof(text), "%03d%02d%02d", date->year - 1911, date->month,
			date->day);
		if (date->year <= 1911 || strlen(text) != 7)
			return false;
		text[at] = (char)('0' + (int)aw_random_below(random, 10));
		value = atoi(text);
		made = (struct aw_date){ value / 10000 + 1911, value / 100 % 100, value % 100 };
		if (!aw_date_valid(made.year, made.month, made.day) ||
			aw_day_of_date(made) > aw_demo_today() ||
			aw_day_of_date(made) == aw_day_of_date(*date) || made.year <= 1911)
			continue;
		*date = made;
		return true;
	}
	return false;
}

static bool
slip_birth(struct aw_random *random, enum tw_slip slip, int32_t *birth_day)
{
	struct aw_date date = aw_date_of_day(*birth_day), made = date;

	switch ((int)slip) {
	case TW_BIRTH_SWAPPED:
		made = (struct aw_date){ date.year, date.day, date.month };
		break;
	case TW_BIRTH_DIGIT:
		if (!slip_digit(random, &made))
			return false;
		break;
	case TW_BIRTH_YEAR:
		made.year += aw_random_below(random, 2) == 0 ? 1 : -1;
		break;
	case TW_BIRTH_ERA:
		made.year += aw_random_below(random, 2) == 0 ? 11 : -11;
		break;
	case TW_BIRTH_ANOTHER:
		made = aw_date_of_day(*birth_day - 40 - (int32_t)aw_random_below(random, 20000));
		break;
	case TW_BIRTH_FIRST:
		made = (struct aw_date){ date.year, 1, 1 };
		break;
	default:
		return false;
	}
	if (!aw_date_valid(made.year, made.month, made.day) ||
		aw_day_of_date(made) > aw_demo_today() || aw_day_of_date(made) == *birth_day)
		return false;
	*birth_day = aw_day_of_date(made);
	return true;
}

/* -- places ---------------------------------------------------------------------------------------- */

static bool
slip_place(struct aw_random *random, enum tw_slip slip, struct tw_place *place)
{
	struct tw_place made = *place;

	switch ((int)slip) {
	case TW_PLACE_ELSEWHERE:
	case TW_PLACE_NEAR:
		tw_place_draw(random, &made);
		made.lane[0] = made.alley[0] = '\0';
		made.neighbourhood = 1 + (int32_t)aw_random_below(random, 30);
		made.number = 1 + (int32_t)aw_random_below(random, 400);
		made.number_sub = 0;
		made.floor = 1 + (int32_t)aw_random_below(random, 6);
		if (slip == TW_PLACE_NEAR) {
			made.county = place->county;
			made.district = place->district;
		}
		break;
	case TW_PLACE_DOOR:
		made.number += aw_random_below(random, 2) == 0 || made.number < 3 ? 1 : -2;
		break;
	case TW_PLACE_FLOOR:
		if (made.floor == 0)
			return false;
		made.floor = 0;
		break;
	default:
		return false;
	}
	*place = made;
	return true;
}

/* -- all of it ------------------------------------------------------------------------------------- */

static bool
slip_in(struct aw_random *random, const struct tw_person *person, enum tw_slip slip,
	struct tw_known *known)
{
	char variant[AW_DEMO_NAME_SIZE];

	if (slip == TW_NAME_VARIANT) {
		if (!aw_demo_variant(known->name, variant, sizeof(variant)))
			return false;
		memcpy(known->name, variant, sizeof(variant));
		return true;
	}
	if (slip <= TW_NAME_SURNAME)
		return is_han(known->name) && slip_name(random, slip, person, known->name);
	if (slip >= TW_NUMBER_DIGIT && slip <= TW_NUMBER_EARLIER)
		return known->number[0] != '\0' && slip_number(random, slip, known->number);
	if (slip >= TW_BIRTH_SWAPPED && slip <= TW_BIRTH_ANOTHER)
		return known->birth_known && slip_birth(random, slip, &known->birth_day);
	return known->has_place && slip_place(random, slip, &known->place);
}

bool
tw_slip(struct aw_random *random, const struct tw_household *home, const struct tw_person *person,
	enum tw_slip slip, struct tw_known *known)
{
	struct tw_known made = *known;
	bool done = true;

	switch ((int)slip) {
	case TW_NAME_CARER:
		done = person != &home->members[0] &&
		       aw_years_between(person->birth_day, aw_demo_today()) < GROWN;
		memcpy(made.name, home->members[0].name, sizeof(made.name));
		break;
	case TW_NAME_OTHER:
		done = person->other_name[0] != '\0';
		memcpy(made.name, person->other_name, sizeof(made.name));
		made.name_is_other = true;
		break;
	case TW_NUMBER_NONE:
		made.number[0] = '\0';
		break;
	case TW_NUMBER_OLD:
		done = person->old_number[0] != '\0';
		memcpy(made.number, person->old_number, sizeof(made.number));
		made.number_is_old = true;
		break;
	case TW_BIRTH_NONE:
		made.birth_known = false;
		break;
	case TW_SEX_NONE:
		made.sex = 0;
		break;
	case TW_SEX_WRONG:
		made.sex = made.sex == 'M' ? 'F' : 'M';
		break;
	case TW_PHONE_NONE:
		made.phone[0] = '\0';
		break;
	case TW_PHONE_ANOTHER:
		(void)snprintf(made.phone, sizeof(made.phone), "+8869%08u",
			(unsigned)aw_random_below(random, 100000000));
		break;
	case TW_PLACE_NONE:
		made.has_place = false;
		break;
	default:
		done = slip_in(random, person, slip, &made);
		break;
	}
	if (done)
		*known = made;
	return done;
}

uint32_t
tw_record(struct aw_random *random, const struct tw_household *home, const struct tw_person *person,
	struct tw_known *ret)
{
	uint32_t made = 0;

	tw_known_make(home, person, ret);
	for (int slip = 0; slip < TW_SLIPS; slip++)
		if (aw_random_below(random, 1000) < slips[slip].permille &&
			tw_slip(random, home, person, (enum tw_slip)slip, ret))
			made |= UINT32_C(1) << slip;
	return made;
}

/* One field wrong: which slips a field knows. */
static const struct {
	const char *field;
	enum tw_slip slips[8];
	size_t count;
} corruptions[] = {
	{ "name",
		{ TW_NAME_SOUND, TW_NAME_SHAPE, TW_NAME_VARIANT, TW_NAME_CHARACTER,
			TW_NAME_SWAPPED },
		5 },
	{ "number", { TW_NUMBER_DIGIT, TW_NUMBER_SWAPPED, TW_NUMBER_LETTER }, 3 },
	{ "birth", { TW_BIRTH_SWAPPED, TW_BIRTH_DIGIT, TW_BIRTH_YEAR, TW_BIRTH_ERA }, 4 },
	{ "sex", { TW_SEX_WRONG }, 1 },
	{ "address", { TW_PLACE_ELSEWHERE, TW_PLACE_NEAR, TW_PLACE_DOOR, TW_PLACE_FLOOR }, 4 },
};

/* A query says name, number, birth, sex and address; one of those it says is wrong. Who cannot have a
 * slip (a name without another of its sound) gets the next kind of it, and at last the next field. */
enum tw_slip
tw_corrupt(struct aw_random *random, const struct tw_household *home,
	const struct tw_person *person, bool with_number, struct tw_known *known)
{
	size_t field = aw_random_below(random, AW_COUNT(corruptions));

	if (!with_number)
		known->number[0] = '\0';

	for (;; field = (field + 1) % AW_COUNT(corruptions)) {
		size_t first = aw_random_below(random, corruptions[field].count);

		if (!with_number && strcmp(corruptions[field].field, "number") == 0)
			continue;
		for (size_t i = 0; i < corruptions[field].count; i++) {
			enum tw_slip slip =
				corruptions[field].slips[(first + i) % corruptions[field].count];

			if (tw_slip(random, home, person, slip, known))
				return slip;
		}
	}
}
