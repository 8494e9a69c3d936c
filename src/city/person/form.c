/* An identity in the forms that link/ compares. */
#include "city/person/form.h"

#include "base/clock.h"

static void
add(struct aw_arena *arena, struct aw_person_forms *forms, const struct aw_link_input *input)
{
	if (forms->count == AW_PERSON_FORM_LIMIT)
		return;
	aw_link_form_make(arena, input, &forms->at[forms->count], &forms->others[forms->count]);
	forms->count++;
}

static void
set_birth(const struct aw_identity *identity, int32_t age, int32_t on_day,
	struct aw_link_input *input)
{
	input->birth_day = AW_BIRTH_UNKNOWN;
	if (identity->birth_known) {
		input->birth_day = identity->birth.from_day;
		input->birth_last_day = identity->birth.to_day;
	} else if (age >= 0) { /* the birthday of that age was within the year before on_day */
		input->birth_day = aw_add_months(on_day, -12 * (age + 1)) + 1;
		input->birth_last_day = aw_add_months(on_day, -12 * age);
	}
}

static bool
is_state_number(const struct aw_identity *identity, size_t i)
{
	return identity->numbers[i].kind != AW_IDNO_NONE;
}

void
aw_person_forms_make(struct aw_arena *arena, const struct aw_identity *identity, int32_t age,
	int32_t on_day, struct aw_person_forms *ret_forms)
{
	const char *name = aw_identity_name(identity), *number = aw_identity_number(identity);
	const struct aw_identity_address *home = aw_identity_residence(identity);
	struct aw_link_input base = { .name = name, .number = number, .sex = identity->sex }, one;
	size_t phones = 0;

	ret_forms->count = 0;
	set_birth(identity, age, on_day, &base);
	for (size_t i = 0; i < identity->phone_count && phones < 2; i++)
		if (identity->phones[i].e164 != NULL)
			base.phones[phones++] = identity->phones[i].e164;
	base.address = home == NULL ? NULL : &home->parts;
	add(arena, ret_forms, &base);
	for (size_t i = 0; i < identity->number_count; i++) {
		if (!is_state_number(identity, i) || identity->numbers[i].text == number)
			continue;
		one = base;
		one.number = identity->numbers[i].text;
		one.flags = AW_FORM_NUMBER_ALIAS;
		add(arena, ret_forms, &one);
	}
	for (size_t i = 0; i < identity->name_count; i++) {
		if (identity->names[i].text == name)
			continue;
		one = base;
		one.name = identity->names[i].text;
		one.flags = AW_FORM_NAME_ALIAS;
		add(arena, ret_forms, &one);
	}
	for (size_t i = 0; i < identity->address_count; i++) {
		if (&identity->addresses[i] == home)
			continue;
		one = base;
		one.address = &identity->addresses[i].parts;
		add(arena, ret_forms, &one);
	}
}
