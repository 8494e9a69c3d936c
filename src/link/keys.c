/* The keys a form is filed under and looked for by. */
#include "link/keys.h"

#include "text/fold.h"

enum { TOKEN_LIMIT = 6, TOKEN_LEAST_BYTES = 2 };

/* A name is followed further than what sounds like it, and either character of it least. */
uint32_t
aw_link_family_limit(uint8_t family)
{
	static const uint32_t limits[] = {
		[AW_KEY_NAME] = 8192,
		[AW_KEY_SOUND] = 2048,
		[AW_KEY_BIRTH] = 16384,
		[AW_KEY_TOKEN] = 4096,
		[AW_KEY_FIRST] = 1024,
		[AW_KEY_LAST] = 1024,
		[AW_KEY_GIVEN] = 1024,
	};

	return family >= AW_COUNT(limits) || limits[family] == 0 ? UINT32_MAX : limits[family];
}

uint64_t
aw_link_key(enum aw_link_family family, uint64_t value)
{
	return aw_link_mix(value ^ ((uint64_t)family << 56) ^ ((uint64_t)family * 0x9E3779B9u));
}

struct key_list {
	struct aw_link_key *at;
	size_t count;
};

static void
add(struct key_list *keys, enum aw_link_family family, uint64_t hash, bool broad)
{
	/* a name may say a token twice, or marry into its own surname */
	for (size_t i = 0; i < keys->count; i++)
		if (keys->at[i].hash == hash)
			return;
	if (hash != 0 && keys->count < AW_LINK_KEY_LIMIT)
		keys->at[keys->count++] = (struct aw_link_key){ hash, broad, (uint8_t)family };
}

/* Up to four characters of 21 bits each do not fit in 64 bits: mixed. 0 when one is masked. */
static uint64_t
characters_key(enum aw_link_family family, const uint32_t *c, uint32_t n)
{
	uint64_t value = n;

	for (uint32_t i = 0; i < n; i++) {
		if (c[i] == AW_NAME_MASK)
			return 0;
		value = value * UINT64_C(0x1FFFF7) + c[i];
	}
	return aw_link_key(family, value);
}

uint64_t
aw_link_pair_key(enum aw_link_family family, uint32_t a, uint32_t b)
{
	uint32_t both[2] = { a, b };

	return characters_key(family, both, 2);
}

static uint64_t
text_key(enum aw_link_family family, struct aw_str text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (uint8_t)text.at[i]) * UINT64_C(0x100000001b3);
	return aw_link_key(family, h);
}

static uint32_t
folded(const struct aw_link_form *form, uint32_t c[AW_NAME_HAN_LIMIT])
{
	uint32_t n = 0;

	for (; n < AW_NAME_HAN_LIMIT && form->han[n] != 0; n++)
		c[n] = aw_char_fold(form->han[n]);
	return n;
}

uint64_t
aw_link_name_key(const struct aw_link_form *form, struct aw_str other)
{
	uint32_t c[AW_NAME_HAN_LIMIT];
	uint32_t n = folded(form, c);

	if (n >= 2)
		return characters_key(AW_KEY_NAME, c, n);
	return n == 0 && other.len > 0 ? text_key(AW_KEY_NAME, other) : 0;
}

uint64_t
aw_link_exact_key(const struct aw_link_form *form)
{
	uint32_t n = 0;

	while (n < AW_NAME_HAN_LIMIT && form->han[n] != 0)
		n++;
	return n >= 2 ? characters_key(AW_KEY_EXACT, form->han, n) : 0;
}

static uint64_t
sound_key(const uint32_t *c, uint32_t n)
{
	uint64_t value = n;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t sound = aw_char_sound(c[i]);

		if (sound == 0)
			return 0;
		value = value << 12 | sound;
	}
	return aw_link_key(AW_KEY_SOUND, value);
}

uint64_t
aw_link_sound_key(const struct aw_link_form *form)
{
	uint32_t c[AW_NAME_HAN_LIMIT];
	uint32_t n = folded(form, c);

	return n >= 2 ? sound_key(c, n) : 0;
}

size_t
aw_link_born_keys(const struct aw_link_form *form, int32_t day, uint64_t ret_keys[2])
{
	size_t surnames = aw_name_married(form->han) ? 2 : 1;

	if (form->han[1] == 0)
		return 0;
	for (size_t i = 0; i < surnames; i++) {
		if (form->han[i] == AW_NAME_MASK)
			return 0;
		ret_keys[i] = aw_link_key(
			AW_KEY_BORN, (uint64_t)(uint32_t)day << 24 | aw_char_fold(form->han[i]));
	}
	return surnames;
}

/* An exact birth day, and with each surname. */
static void
add_birth(struct key_list *keys, const struct aw_link_form *form)
{
	uint64_t born[2];
	size_t count;

	if (form->birth_day == AW_BIRTH_UNKNOWN || form->birth_span != 0)
		return;
	add(keys, AW_KEY_BIRTH, aw_link_key(AW_KEY_BIRTH, (uint32_t)form->birth_day), false);
	count = aw_link_born_keys(form, form->birth_day, born);
	for (size_t i = 0; i < count; i++)
		add(keys, AW_KEY_BORN, born[i], false);
}

static void
add_han(struct key_list *keys, const struct aw_link_form *form)
{
	uint32_t c[AW_NAME_HAN_LIMIT] = { 0 }, dropped[3];
	uint32_t n = folded(form, c);
	bool masked = false;

	if (n < 2)
		return;
	for (uint32_t i = 0; i < n; i++)
		masked |= c[i] == AW_NAME_MASK;
	add(keys, AW_KEY_NAME, characters_key(AW_KEY_NAME, c, n), false);
	add(keys, AW_KEY_SOUND, sound_key(c, n), false);
	if (aw_name_married(form->han)) {
		add(keys, AW_KEY_NAME, characters_key(AW_KEY_NAME, c + 1, 3), false);
		dropped[0] = c[0];
		dropped[1] = c[2];
		dropped[2] = c[3];
		add(keys, AW_KEY_NAME, characters_key(AW_KEY_NAME, dropped, 3), false);
	}
	add(keys, AW_KEY_FIRST, aw_link_pair_key(AW_KEY_FIRST, c[0], c[1]), !masked);
	add(keys, AW_KEY_LAST, aw_link_pair_key(AW_KEY_LAST, c[0], c[n - 1]), !masked);
	if (n >= 3)
		add(keys, AW_KEY_GIVEN, aw_link_pair_key(AW_KEY_GIVEN, c[n - 2], c[n - 1]),
			!masked);
}

static void
add_other(struct key_list *keys, struct aw_str other)
{
	struct aw_str rest = other;

	if (other.len == 0)
		return;
	add(keys, AW_KEY_NAME, text_key(AW_KEY_NAME, other), false);
	for (size_t i = 0; i < TOKEN_LIMIT && rest.len > 0; i++) {
		struct aw_str token = aw_str_cut(rest, ' ', &rest);

		if (token.len >= TOKEN_LEAST_BYTES)
			add(keys, AW_KEY_TOKEN, text_key(AW_KEY_TOKEN, token), false);
	}
}

size_t
aw_link_keys(const struct aw_link_form *form, struct aw_str other,
	struct aw_link_key ret_keys[AW_LINK_KEY_LIMIT])
{
	struct key_list keys = { .at = ret_keys };

	if (form->number != 0)
		add(&keys, AW_KEY_NUMBER, aw_link_key(AW_KEY_NUMBER, form->number), false);
	add_han(&keys, form);
	add_other(&keys, other);
	add_birth(&keys, form);
	for (size_t i = 0; i < 2; i++)
		if (form->phone[i] != 0)
			add(&keys, AW_KEY_PHONE, aw_link_key(AW_KEY_PHONE, form->phone[i]), false);
	if (form->door != 0)
		add(&keys, AW_KEY_DOOR, aw_link_key(AW_KEY_DOOR, form->door), false);
	return keys.count;
}
