/* One value in the form in which values of its type are compared. */
#include "link/value.h"

#include <string.h>

#include "base/clock.h"
#include "text/fold.h"
#include "text/idno.h"
#include "text/phone.h"
#include "text/roc.h"

bool
aw_value_has_form(enum aw_field_type type)
{
	return type == AW_TYPE_NAME || type == AW_TYPE_NATIONAL_ID || type == AW_TYPE_DATE ||
	       type == AW_TYPE_TW_ADDRESS;
}

/* Printable ASCII needs no ICU: lower case, blanks made one. False for any other text. */
static bool
fold_ascii(struct aw_arena *arena, struct aw_str typed, struct aw_str *ret)
{
	char *out = aw_arena_alloc(arena, typed.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < typed.len; i++) {
		unsigned char c = (unsigned char)typed.at[i];

		if (c >= 0x7f || (c < 0x20 && c != '\t'))
			return false;
		if (c == ' ' || c == '\t') {
			if (len > 0 && out[len - 1] != ' ')
				out[len++] = ' ';
		} else {
			out[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		}
	}
	if (len > 0 && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	*ret = (struct aw_str){ out, len };
	return true;
}

static struct aw_str
fold(struct aw_arena *arena, struct aw_str typed)
{
	struct aw_str text;

	if (fold_ascii(arena, typed, &text))
		return text;
	return aw_text_fold(arena, aw_str_trim(aw_text_nfkc(arena, typed)));
}

/* Letters and digits of the folded text; `upper`: capitals. Other scripts stay. */
static struct aw_str
only_signs(struct aw_arena *arena, struct aw_str folded, bool digits, bool upper)
{
	char *out = aw_arena_alloc(arena, folded.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < folded.len; i++) {
		unsigned char c = (unsigned char)folded.at[i];
		bool letter = (c >= 'a' && c <= 'z') || c >= 0x80;

		if ((c >= '0' && c <= '9') || (letter && !digits))
			out[len++] = (char)(upper && c >= 'a' && c <= 'z' ? c - 32 : c);
	}
	return (struct aw_str){ out, len };
}

static struct aw_str
latin_name(struct aw_arena *arena, struct aw_str folded)
{
	char *out = aw_arena_alloc(arena, folded.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < folded.len; i++) {
		char c = folded.at[i];

		if (c == '\'' || c == '.' || c == '`')
			continue;
		if (c == '-' || c == ',' || c == ' ') {
			if (len > 0 && out[len - 1] != ' ')
				out[len++] = ' ';
		} else {
			out[len++] = c;
		}
	}
	while (len > 0 && out[len - 1] == ' ')
		len--;
	return (struct aw_str){ out, len };
}

static struct aw_str
name(struct aw_arena *arena, struct aw_str typed, struct aw_link_form *form)
{
	struct aw_name_form read = { 0 };
	struct aw_buf buf = { .arena = arena };

	aw_name_read(arena, typed, &read);
	memcpy(form->han, read.han, sizeof(form->han));
	if (read.count == 0)
		return read.other;
	for (uint32_t i = 0; i < read.count; i++)
		aw_buf_utf8(&buf, read.han[i]);
	return (struct aw_str){ aw_buf_z(&buf), buf.len };
}

static struct aw_str
national_id(struct aw_arena *arena, struct aw_str typed, struct aw_link_form *form)
{
	struct aw_idno idno;

	if (!aw_idno_read(typed, &idno))
		return only_signs(arena, fold(arena, typed), false, true);
	form->number = aw_idno_pack(idno.text);
	form->flags |= idno.check_ok ? AW_FORM_NUMBER_CHECKED : 0;
	return (struct aw_str){ aw_arena_strdup(arena, idno.text), strlen(idno.text) };
}

static struct aw_str
date(struct aw_arena *arena, struct aw_str typed, struct aw_link_form *form)
{
	struct aw_roc_date read;
	struct aw_error err = { 0 };
	struct aw_date day;
	char *text;

	if (aw_roc_read(typed, &read, &err) != AW_OK)
		return only_signs(arena, fold(arena, typed), true, false);
	form->birth_day = read.from_day;
	form->birth_span = (uint16_t)(read.to_day - read.from_day);
	day = aw_date_of_day(read.from_day);
	if (read.precision == AW_PRECISION_YEAR)
		text = aw_arena_printf(arena, "%04d", day.year);
	else if (read.precision == AW_PRECISION_MONTH)
		text = aw_arena_printf(arena, "%04d%02d", day.year, day.month);
	else
		text = aw_arena_printf(arena, "%04d%02d%02d", day.year, day.month, day.day);
	return (struct aw_str){ text, strlen(text) };
}

static struct aw_str
phone(struct aw_arena *arena, struct aw_str typed)
{
	struct aw_phone read;

	if (!aw_phone_read(typed, &read))
		return only_signs(arena, fold(arena, typed), true, false);
	return (struct aw_str){ aw_arena_strdup(arena, read.e164), strlen(read.e164) };
}

static struct aw_str
tw_address(struct aw_arena *arena, struct aw_str typed, struct aw_link_form *form)
{
	struct aw_address read;
	struct aw_link_input input = { .birth_day = AW_BIRTH_UNKNOWN, .address = &read };
	struct aw_str other;
	char *text;

	aw_address_read(arena, typed, &read);
	aw_link_form_make(arena, &input, form, &other);
	text = aw_address_text(arena, &read);
	return (struct aw_str){ text, strlen(text) };
}

void
aw_value_read(struct aw_arena *arena, enum aw_field_type type, struct aw_str typed,
	struct aw_str *ret_text, struct aw_link_form *ret_form)
{
	struct aw_link_form form = { .birth_day = AW_BIRTH_UNKNOWN };
	struct aw_str trimmed = aw_str_trim(typed);

	*ret_text = (struct aw_str){ "", 0 };
	switch (type) {
	case AW_TYPE_NAME:
		*ret_text = name(arena, trimmed, &form);
		break;
	case AW_TYPE_LATIN_NAME:
		*ret_text = latin_name(arena, fold(arena, trimmed));
		break;
	case AW_TYPE_NATIONAL_ID:
		*ret_text = national_id(arena, trimmed, &form);
		break;
	case AW_TYPE_DATE:
		*ret_text = date(arena, trimmed, &form);
		break;
	case AW_TYPE_CODE:
	case AW_TYPE_POSTCODE:
		*ret_text = only_signs(arena, fold(arena, trimmed), false, true);
		break;
	case AW_TYPE_PHONE:
		*ret_text = phone(arena, trimmed);
		break;
	case AW_TYPE_TW_ADDRESS:
		*ret_text = tw_address(arena, trimmed, &form);
		break;
	case AW_TYPE_TEXT:
	case AW_TYPES:
	default:
		*ret_text = fold(arena, trimmed);
		break;
	}
	*ret_form = form;
}

/* -- sound --------------------------------------------------------------------------------------- */

static uint64_t
soundex(struct aw_str text)
{
	static const char codes[] = "01230120022455012623010202";
	uint64_t sound = 0;
	char last = '0';
	int digits = 0;

	for (size_t i = 0; i < text.len && digits < 3; i++) {
		char c = text.at[i], code;

		if (c < 'a' || c > 'z')
			continue;
		code = codes[c - 'a'];
		if (sound == 0) {
			sound = (uint64_t)c;
		} else if (code != '0' && code != last) {
			sound = sound << 8 | (uint64_t)code;
			digits++;
		}
		if (c != 'h' && c != 'w')
			last = code;
	}
	return sound;
}

uint64_t
aw_value_sound(struct aw_str text)
{
	uint64_t sound = 0;

	for (size_t pos = 0; pos < text.len;) {
		uint32_t c = aw_utf8_next(text, &pos);

		if (!aw_char_is_han(c))
			return sound == 0 ? soundex(text) : sound;
		sound = aw_link_mix(
			sound ^ (aw_char_sound(c) != 0 ? aw_char_sound(c) : c + UINT32_C(0x10000)));
	}
	return sound;
}
