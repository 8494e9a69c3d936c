/* National id and residence numbers: form, check digit, and how two of them differ. */
#include "text/idno.h"

#include <string.h>

#include "text/fold.h"

enum { LENGTH = 10, BITS = 6 };

/* A to Z as two digits; I, O, W and Z stand out of order for historical reasons. */
static const uint8_t letter_value[26] = { 10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22,
	35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33 };
static const uint8_t weight[LENGTH] = { 0, 8, 7, 6, 5, 4, 3, 2, 1, 1 };

static bool
check_holds(const char *s)
{
	uint32_t first = letter_value[s[0] - 'A'];
	uint32_t sum = first / 10 + first % 10 * 9;

	for (size_t i = 1; i < LENGTH; i++) {
		uint32_t digit =
			s[i] >= 'A' ? letter_value[s[i] - 'A'] % 10u : (uint32_t)(s[i] - '0');

		sum += digit * weight[i];
	}
	return sum % 10 == 0;
}

static enum aw_idno_kind
kind_of(const char *s)
{
	if (s[0] < 'A' || s[0] > 'Z')
		return AW_IDNO_NONE;
	for (size_t i = 2; i < LENGTH; i++)
		if (s[i] < '0' || s[i] > '9')
			return AW_IDNO_NONE;
	switch (s[1]) {
	case '1':
	case '2':
		return AW_IDNO_NATIONAL;
	case '7':
	case '8':
	case '9':
		return AW_IDNO_RESIDENCE;
	case '5':
	case '6':
		return AW_IDNO_DEMO;
	case 'A':
	case 'B':
	case 'C':
	case 'D':
		return AW_IDNO_RESIDENCE_OLD;
	default:
		return AW_IDNO_NONE;
	}
}

static char
sex_of(char second)
{
	switch (second) {
	case '1':
	case '5':
	case '8':
	case 'A':
	case 'C':
		return 'M';
	case '2':
	case '6':
	case '9':
	case 'B':
	case 'D':
		return 'F';
	default:
		return 0;
	}
}

/* Half-width upper-case letters and digits of the typed text, at most 11 of them. */
static size_t
plain_characters(struct aw_str typed, char out[LENGTH + 1])
{
	size_t len = 0;

	for (size_t pos = 0; pos < typed.len;) {
		uint32_t c = aw_utf8_next(typed, &pos);

		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c == ' ' || c == '-' || c == '\t' || c == 0x3000 || c == 0xA0 || c == 0x200B)
			continue;
		if (c >= 'a' && c <= 'z')
			c -= 32;
		if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) || len == LENGTH + 1)
			return 0;
		out[len++] = (char)c;
	}
	return len;
}

bool
aw_idno_read(struct aw_str typed, struct aw_idno *ret)
{
	char s[LENGTH + 1] = "";

	*ret = (struct aw_idno){ .kind = AW_IDNO_NONE };
	if (plain_characters(typed, s) != LENGTH)
		return false;
	ret->kind = kind_of(s);
	if (ret->kind == AW_IDNO_NONE)
		return false;
	memcpy(ret->text, s, LENGTH);
	ret->check_ok = check_holds(s);
	ret->sex = sex_of(s[1]);
	return true;
}

/* Six bits: 1 to 10 for digits, 11 to 36 for letters. */
static uint64_t
code_of(char c)
{
	return c >= 'A' ? (uint64_t)(c - 'A' + 11) : (uint64_t)(c - '0' + 1);
}

static char
char_of(uint64_t code)
{
	return code >= 11 ? (char)('A' + (char)(code - 11)) : (char)('0' + (char)(code - 1));
}

uint64_t
aw_idno_pack(const char *text)
{
	uint64_t packed = 0;

	if (text == NULL || strlen(text) != LENGTH)
		return 0;
	for (size_t i = 0; i < LENGTH; i++) {
		if (!((text[i] >= 'A' && text[i] <= 'Z') || (text[i] >= '0' && text[i] <= '9')))
			return 0;
		packed |= code_of(text[i]) << (i * BITS);
	}
	return packed;
}

static uint64_t
code_at(uint64_t packed, size_t i)
{
	return (packed >> (i * BITS)) & 63;
}

void
aw_idno_unpack(uint64_t packed, char ret_text[11])
{
	memset(ret_text, 0, LENGTH + 1);
	for (size_t i = 0; packed != 0 && i < LENGTH; i++)
		ret_text[i] = char_of(code_at(packed, i));
}

bool
aw_idno_check(uint64_t packed)
{
	char s[LENGTH + 1];

	aw_idno_unpack(packed, s);
	return packed != 0 && kind_of(s) != AW_IDNO_NONE && check_holds(s);
}

enum aw_idno_gap
aw_idno_compare(uint64_t a, uint64_t b)
{
	uint64_t differ = a ^ b;
	size_t count = 0, at[2] = { 0, 0 };

	if (differ == 0)
		return AW_IDNO_SAME;
	for (size_t i = 0; i < LENGTH; i++) {
		if (code_at(differ, i) == 0)
			continue;
		if (count == 2)
			return AW_IDNO_APART;
		at[count++] = i;
	}
	if (count == 1)
		return AW_IDNO_SLIP;
	if (at[1] == at[0] + 1 && code_at(a, at[0]) == code_at(b, at[1]) &&
		code_at(a, at[1]) == code_at(b, at[0]))
		return AW_IDNO_SLIP;
	return AW_IDNO_TWO;
}

static uint64_t
with_code(uint64_t packed, size_t i, uint64_t code)
{
	return (packed & ~(UINT64_C(63) << (i * BITS))) | code << (i * BITS);
}

size_t
aw_idno_near(uint64_t packed, uint64_t ret_near[AW_IDNO_NEAR_LIMIT])
{
	size_t count = 0;

	if (packed == 0)
		return 0;
	for (size_t i = 0; i < LENGTH; i++) {
		uint64_t own = code_at(packed, i);
		uint64_t first = i == 0 || own >= 11 ? 11 : 1;
		uint64_t last = i == 0 ? 36 : own >= 11 ? 14 : 10;

		for (uint64_t code = first; code <= last; code++)
			if (code != own)
				ret_near[count++] = with_code(packed, i, code);
	}
	for (size_t i = 1; i + 1 < LENGTH; i++) {
		uint64_t a = code_at(packed, i), b = code_at(packed, i + 1);

		if (a != b)
			ret_near[count++] = with_code(with_code(packed, i, b), i + 1, a);
	}
	return count; /* at most 25 + 9 * 9 + 8 = 114 */
}

size_t
aw_idno_near_valid(uint64_t packed, uint64_t ret_near[AW_IDNO_VALID_LIMIT])
{
	uint64_t near[AW_IDNO_NEAR_LIMIT];
	size_t all = aw_idno_near(packed, near), count = 0;

	for (size_t i = 0; i < all && count < AW_IDNO_VALID_LIMIT; i++) {
		if (aw_idno_check(near[i]))
			ret_near[count++] = near[i];
	}
	return count;
}
