/* What identifies a person: read from what was typed, asked, and taken from a report's JSON. */
#include "city/person/identity.h"

#include <string.h>

#include "base/clock.h"
#include "text/fold.h"
#include "text/name.h"

static char *
plain(struct aw_arena *arena, struct aw_str typed)
{
	struct aw_str text = aw_text_nfkc(arena, typed);

	return aw_arena_strndup(arena, text.at, text.len);
}

static bool
is_blank(const char *typed)
{
	return typed == NULL || aw_str_trim(aw_str(typed)).len == 0;
}

/* Lists are copied as they grow: a person has few of each. */
#define GROWN(arena, at, count)                                                                    \
	((count) == 0 ? aw_arena_array((arena), 1, sizeof(*(at)))                                  \
		      : grown((arena), (at), (count), sizeof(*(at))))

static void *
grown(struct aw_arena *arena, const void *at, size_t count, size_t size_bytes)
{
	void *copy = aw_arena_array(arena, count + 1, size_bytes);

	memcpy(copy, at, count * size_bytes);
	return copy;
}

static void
put_name(struct aw_arena *arena, struct aw_identity *identity, enum aw_name_kind kind,
	const char *text)
{
	if (text[0] == '\0' || identity->name_count == AW_IDENTITY_LIST_LIMIT)
		return;
	for (size_t i = 0; i < identity->name_count; i++)
		if (strcmp(identity->names[i].text, text) == 0)
			return;
	identity->names = GROWN(arena, identity->names, identity->name_count);
	identity->names[identity->name_count++] = (struct aw_name){ kind, text };
}

static bool
begins_latin(struct aw_str text)
{
	return text.len > 0 && ((text.at[0] >= 'A' && text.at[0] <= 'Z') ||
				       (text.at[0] >= 'a' && text.at[0] <= 'z'));
}

void
aw_identity_add_name(struct aw_arena *arena, struct aw_identity *identity, enum aw_name_kind kind,
	const char *typed)
{
	struct aw_str first, second;

	if (is_blank(typed))
		return;
	aw_name_split(arena, aw_str(typed), &first, &second);
	put_name(arena, identity, kind, first.at);
	put_name(arena, identity, begins_latin(second) ? AW_NAME_LATIN : AW_NAME_ALIAS, second.at);
}

void
aw_identity_add_number(struct aw_arena *arena, struct aw_identity *identity, const char *typed)
{
	struct aw_id_number number = { .kind = AW_IDNO_NONE };
	struct aw_idno idno;

	if (is_blank(typed) || identity->number_count == AW_IDENTITY_LIST_LIMIT)
		return;
	if (aw_idno_read(aw_str(typed), &idno)) {
		number.kind = idno.kind;
		number.check_ok = idno.check_ok;
		number.text = aw_arena_strdup(arena, idno.text);
		if (identity->sex == 0)
			identity->sex = idno.sex;
	} else {
		number.text = plain(arena, aw_str(typed));
	}
	for (size_t i = 0; i < identity->number_count; i++)
		if (strcmp(identity->numbers[i].text, number.text) == 0)
			return;
	identity->numbers = GROWN(arena, identity->numbers, identity->number_count);
	identity->numbers[identity->number_count++] = number;
}

void
aw_identity_add_phone(struct aw_arena *arena, struct aw_identity *identity, const char *typed)
{
	struct aw_contact_phone phone = { .safe_from_min = -1, .safe_to_min = -1 };
	struct aw_phone read;

	if (is_blank(typed) || identity->phone_count == AW_IDENTITY_LIST_LIMIT)
		return;
	phone.raw = plain(arena, aw_str(typed));
	if (aw_phone_read(aw_str(typed), &read)) {
		phone.e164 = aw_arena_strdup(arena, read.e164);
		if (read.extension[0] != '\0')
			phone.extension = aw_arena_strdup(arena, read.extension);
	}
	for (size_t i = 0; i < identity->phone_count; i++)
		if (phone.e164 != NULL && aw_text_eq(identity->phones[i].e164, phone.e164))
			return;
	identity->phones = GROWN(arena, identity->phones, identity->phone_count);
	identity->phones[identity->phone_count++] = phone;
}

void
aw_identity_add_address(struct aw_arena *arena, struct aw_identity *identity,
	enum aw_address_kind kind, const char *typed)
{
	struct aw_identity_address address = { .kind = kind };

	if (is_blank(typed) || identity->address_count == AW_IDENTITY_LIST_LIMIT)
		return;
	address.raw = plain(arena, aw_str(typed));
	aw_address_read(arena, aw_str(typed), &address.parts);
	identity->addresses = GROWN(arena, identity->addresses, identity->address_count);
	identity->addresses[identity->address_count++] = address;
}

bool
aw_identity_set_birth(struct aw_arena *arena, struct aw_identity *identity, const char *typed)
{
	struct aw_error err;

	if (is_blank(typed))
		return false;
	identity->birth_raw = plain(arena, aw_str(typed));
	identity->birth_known = aw_roc_read(aw_str(typed), &identity->birth, &err) == AW_OK;
	return identity->birth_known;
}

void
aw_identity_set_sex(struct aw_identity *identity, const char *typed)
{
	static const struct {
		const char *word;
		char sex;
	} words[] = { { "M", 'M' }, { "F", 'F' }, { "X", 'X' }, { "男", 'M' }, { "女", 'F' },
		{ "男性", 'M' }, { "女性", 'F' }, { "1", 'M' }, { "2", 'F' }, { "m", 'M' },
		{ "f", 'F' }, { "male", 'M' }, { "female", 'F' }, { "其他", 'X' },
		{ "生理男", 'M' }, { "生理女", 'F' } };
	struct aw_str text = aw_str_trim(aw_str(typed));

	for (size_t i = 0; i < AW_COUNT(words); i++)
		if (aw_str_is(text, words[i].word))
			identity->sex = words[i].sex;
}

/* -- asked --------------------------------------------------------------------------------------- */

const char *
aw_identity_name(const struct aw_identity *identity)
{
	for (size_t i = 0; i < identity->name_count; i++)
		if (identity->names[i].kind == AW_NAME_CURRENT)
			return identity->names[i].text;
	return identity->name_count > 0 ? identity->names[0].text : NULL;
}

const char *
aw_identity_number(const struct aw_identity *identity)
{
	for (size_t i = 0; i < identity->number_count; i++)
		if (identity->numbers[i].kind != AW_IDNO_NONE)
			return identity->numbers[i].text;
	return NULL;
}

const struct aw_identity_address *
aw_identity_residence(const struct aw_identity *identity)
{
	for (size_t i = 0; i < identity->address_count; i++)
		if (identity->addresses[i].kind == AW_ADDRESS_RESIDENCE)
			return &identity->addresses[i];
	return identity->address_count > 0 ? &identity->addresses[0] : NULL;
}

int32_t
aw_identity_age(const struct aw_identity *identity, int32_t on_day)
{
	int32_t years;

	if (!identity->birth_known)
		return -1;
	years = aw_years_between(identity->birth.from_day, on_day);
	return years < 0 ? 0 : years;
}

const char *
aw_identity_sex(const struct aw_identity *identity)
{
	switch (identity->sex) {
	case 'M':
		return "M";
	case 'F':
		return "F";
	case 'X':
		return "X";
	default:
		return "U";
	}
}

/* -- from a report ------------------------------------------------------------------------------- */

static void
take_strings(struct aw_arena *arena, struct aw_identity *identity, const json_t *value,
	void (*add)(struct aw_arena *, struct aw_identity *, const char *))
{
	if (json_is_string(value)) {
		add(arena, identity, json_string_value(value));
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++)
		if (json_is_string(json_array_get(value, i)))
			add(arena, identity, json_string_value(json_array_get(value, i)));
}

static void
add_alias(struct aw_arena *arena, struct aw_identity *identity, const char *typed)
{
	aw_identity_add_name(arena, identity, AW_NAME_ALIAS, typed);
}

static uint32_t
doubts_of(const struct aw_identity *identity, bool demo, bool bad_birth, char typed_sex)
{
	uint32_t doubts = bad_birth ? AW_DOUBT_BIRTH : 0;

	for (size_t i = 0; i < identity->number_count; i++) {
		const struct aw_id_number *number = &identity->numbers[i];
		struct aw_idno idno;

		if (number->kind == AW_IDNO_NONE)
			doubts |= AW_DOUBT_NUMBER_FORM;
		else if (!number->check_ok)
			doubts |= AW_DOUBT_NUMBER_CHECK;
		if (number->kind == AW_IDNO_DEMO && !demo)
			doubts |= AW_DOUBT_NUMBER_DEMO;
		if (typed_sex != 0 && aw_idno_read(aw_str(number->text), &idno) && idno.sex != 0 &&
			idno.sex != typed_sex)
			doubts |= AW_DOUBT_SEX;
	}
	for (size_t i = 0; i < identity->phone_count; i++)
		if (identity->phones[i].e164 == NULL)
			doubts |= AW_DOUBT_PHONE;
	return doubts;
}

void
aw_identity_from_json(struct aw_arena *arena, const json_t *person, bool demo,
	struct aw_identity *ret_identity, uint32_t *ret_doubts)
{
	struct aw_identity identity = { 0 };
	const char *birth = aw_json_string(person, "birth_date");
	bool bad_birth = false;
	char typed_sex;

	aw_identity_set_sex(&identity, aw_json_string(person, "sex"));
	typed_sex = identity.sex;
	aw_identity_add_name(arena, &identity, AW_NAME_CURRENT, aw_json_string(person, "name"));
	take_strings(arena, &identity, json_object_get(person, "alias"), add_alias);
	take_strings(
		arena, &identity, json_object_get(person, "national_id"), aw_identity_add_number);
	take_strings(arena, &identity, json_object_get(person, "phones"), aw_identity_add_phone);
	take_strings(arena, &identity, json_object_get(person, "phone"), aw_identity_add_phone);
	aw_identity_add_address(
		arena, &identity, AW_ADDRESS_RESIDENCE, aw_json_string(person, "address"));
	aw_identity_add_address(arena, &identity, AW_ADDRESS_REGISTERED,
		aw_json_string(person, "registered_address"));
	if (birth != NULL && !is_blank(birth))
		bad_birth = !aw_identity_set_birth(arena, &identity, birth);
	*ret_doubts = doubts_of(&identity, demo, bad_birth, typed_sex);
	*ret_identity = identity;
}

int32_t
aw_identity_json_age(const json_t *person)
{
	int64_t age;

	return aw_json_int(person, "age", &age) && age >= 0 && age <= 150 ? (int32_t)age : -1;
}
