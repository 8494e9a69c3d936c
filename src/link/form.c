/* Makes the 64 bytes in which a person is compared. */
#include "link/form.h"

#include <string.h>

#include "text/fold.h"
#include "text/idno.h"

/* The finaliser of MurmurHash3 (Appleby, public domain). */
static uint64_t
hash64(uint64_t seed, const char *text, size_t len)
{
	uint64_t h = seed ^ UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)text[i]) * UINT64_C(0x100000001b3);
	return aw_link_mix(h);
}

static uint32_t
never_zero(uint64_t h)
{
	return (uint32_t)h != 0 ? (uint32_t)h : 1;
}

uint32_t
aw_link_hash32(const char *text, size_t len)
{
	return never_zero(hash64(0, text, len));
}

/* Variants fold: 臺北 and 台北, 峯 and 峰 are one road. */
static uint64_t
hash_folded(uint64_t seed, const char *text)
{
	struct aw_str s = aw_str(text);
	uint64_t h = seed;

	for (size_t pos = 0; pos < s.len;)
		h = aw_link_mix(h ^ aw_char_fold(aw_utf8_next(s, &pos)));
	return h;
}

static void
put_address(struct aw_link_form *form, const struct aw_address *a)
{
	uint64_t h, district = 0;

	if (a->district != NULL) {
		district = hash_folded(
			hash_folded(11, a->county == NULL ? "" : a->county), a->district);
		form->district = (uint16_t)(district | 1);
	}
	if (a->village != NULL)
		form->village = (uint16_t)(hash_folded(district, a->village) | 1);
	if (a->road == NULL && a->lane == NULL)
		return;
	h = district;
	if (a->road != NULL) {
		h = hash_folded(h, a->road);
		form->road = never_zero(h);
	}
	if (a->lane != NULL || a->alley != NULL) {
		h = aw_link_mix(hash_folded(h, a->lane == NULL ? "" : a->lane) ^ 3);
		if (a->alley != NULL)
			h = aw_link_mix(hash_folded(h, a->alley) ^ 5);
		form->lane = never_zero(h);
	}
	if (a->number == 0)
		return;
	h = aw_link_mix(h ^ ((uint64_t)(uint32_t)a->number << 20) ^ (uint32_t)a->number_sub);
	form->door = never_zero(h);
	if (a->floor != 0 || a->room != NULL) {
		h = aw_link_mix((uint64_t)(uint32_t)a->floor << 16 ^ (uint32_t)a->floor_sub);
		form->floor = (uint16_t)(hash_folded(h, a->room == NULL ? "" : a->room) | 1);
	}
}

void
aw_link_form_make(struct aw_arena *arena, const struct aw_link_input *input,
	struct aw_link_form *ret_form, struct aw_str *ret_other)
{
	struct aw_link_form form = { .birth_day = AW_BIRTH_UNKNOWN, .flags = input->flags };
	struct aw_name_form name = { 0 };
	struct aw_idno idno = { 0 };

	if (input->name != NULL)
		aw_name_read(arena, aw_str(input->name), &name);
	memcpy(form.han, name.han, sizeof(form.han));
	form.sex = (uint8_t)input->sex;
	if (input->number != NULL && aw_idno_read(aw_str(input->number), &idno)) {
		form.number = aw_idno_pack(idno.text);
		form.flags |= idno.check_ok ? AW_FORM_NUMBER_CHECKED : 0;
		if (form.sex == 0)
			form.sex = (uint8_t)idno.sex;
	}
	if (input->birth_day != AW_BIRTH_UNKNOWN && input->birth_last_day >= input->birth_day) {
		int32_t span = input->birth_last_day - input->birth_day;

		form.birth_day = input->birth_day;
		form.birth_span = span > UINT16_MAX ? UINT16_MAX : (uint16_t)span;
	}
	for (size_t i = 0; i < 2; i++)
		if (input->phones[i] != NULL && input->phones[i][0] != '\0')
			form.phone[i] = aw_link_hash32(input->phones[i], strlen(input->phones[i]));
	if (input->address != NULL)
		put_address(&form, input->address);
	*ret_form = form;
	*ret_other = name.other;
}
