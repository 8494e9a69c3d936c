/* One form for what is the same: NFKC, variant Han, sound. */
#include "text/fold.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "text/han_table.h"

enum { IDEOGRAPHIC_ZERO = 0x3007, ITERATION_MARK = 0x3005 };

/* Characters that NFKC leaves alone wherever they stand: printable ASCII and unified Han. */
static bool
is_plain(uint32_t c)
{
	return (c > 0x20 && c < 0x7F) || (c >= 0x3400 && c <= 0x9FFF);
}

static bool
all_plain(struct aw_str text)
{
	for (size_t pos = 0; pos < text.len;)
		if (!is_plain(aw_utf8_next(text, &pos)))
			return false;
	return true;
}

static bool
is_space(uint32_t c)
{
	return c == ' ' || c == 0xA0 || (c >= 0x09 && c <= 0x0D) || u_isUWhiteSpace((UChar32)c);
}

static bool
is_dropped(uint32_t c)
{
	int8_t type = u_charType((UChar32)c);

	return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || c == 0xFEFF;
}

/* UTF-16 in the arena; bad bytes become U+FFFD. */
static UChar *
to_utf16(struct aw_arena *arena, struct aw_str text, int32_t *ret_len)
{
	UChar *out = AW_NEW_ARRAY(arena, UChar, text.len + 1);
	int32_t len = 0;

	for (size_t pos = 0; pos < text.len;) {
		uint32_t c = aw_utf8_next(text, &pos);

		if (c > 0xFFFF) {
			out[len++] = (UChar)(0xD7C0 + (c >> 10));
			out[len++] = (UChar)(0xDC00 + (c & 0x3FF));
		} else {
			out[len++] = (UChar)c;
		}
	}
	*ret_len = len;
	return out;
}

/* One code point of UTF-16 without a surrogate on its own (ICU makes none). */
static uint32_t
next_utf16(const UChar *text, int32_t len, int32_t *pos)
{
	uint32_t c = text[(*pos)++];

	if (c >= 0xD800 && c < 0xDC00 && *pos < len)
		c = (c << 10) + text[(*pos)++] - ((0xD800u << 10) + 0xDC00u - 0x10000u);
	return c;
}

/* Normalised by an ICU instance, in the arena. ICU's own errors can only be exhausted memory. */
static UChar *
normalised(struct aw_arena *arena, const UNormalizer2 *norm, const UChar *text, int32_t *len)
{
	UErrorCode code = U_ZERO_ERROR;
	int32_t room = *len * 3 + 32, made;
	UChar *out = AW_NEW_ARRAY(arena, UChar, (size_t)room);

	made = unorm2_normalize(norm, text, *len, out, room, &code);
	if (code == U_BUFFER_OVERFLOW_ERROR) {
		code = U_ZERO_ERROR;
		room = made + 1;
		out = AW_NEW_ARRAY(arena, UChar, (size_t)room);
		made = unorm2_normalize(norm, text, *len, out, room, &code);
	}
	if (U_FAILURE(code))
		aw_die("ICU cannot normalise");
	*len = made;
	return out;
}

struct aw_str
aw_text_nfkc(struct aw_arena *arena, struct aw_str text)
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *nfkc;
	struct aw_buf out = { .arena = arena };
	UChar *wide;
	int32_t len;
	bool space = false;

	if (text.len > INT32_MAX / 8)
		text.len = INT32_MAX / 8;
	if (all_plain(text))
		return (struct aw_str){
			aw_arena_strndup(arena, text.at == NULL ? "" : text.at, text.len), text.len
		};
	nfkc = unorm2_getNFKCInstance(&code);
	if (U_FAILURE(code))
		aw_die("ICU has no NFKC data");
	wide = to_utf16(arena, text, &len);
	wide = normalised(arena, nfkc, wide, &len);
	for (int32_t pos = 0; pos < len;) {
		uint32_t c = next_utf16(wide, len, &pos);

		if (is_space(c)) {
			space = true;
		} else if (!is_dropped(c)) {
			if (space && out.len > 0)
				aw_buf_char(&out, ' ');
			space = false;
			aw_buf_utf8(&out, c);
		}
	}
	return (struct aw_str){ out.len == 0 ? aw_arena_strndup(arena, "", 0) : out.at, out.len };
}

bool
aw_char_is_han(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFD) ||
	       (c >= 0xF900 && c <= 0xFAFF) || c == IDEOGRAPHIC_ZERO || c == ITERATION_MARK ||
	       (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

uint32_t
aw_char_fold(uint32_t c)
{
	if (c - AW_HAN_FIRST < AW_HAN_COUNT)
		return aw_han_fold[c - AW_HAN_FIRST];
	if (c >= 0x20000) {
		for (size_t i = 0; i < aw_han_extra_count; i++)
			if (aw_han_extra[i].from == c)
				return aw_han_extra[i].to;
	}
	return c;
}

static uint32_t
heard(uint32_t c)
{
	return c - AW_HAN_FIRST < AW_HAN_COUNT ? aw_han_sound[c - AW_HAN_FIRST] : 0;
}

uint32_t
aw_char_sound(uint32_t c)
{
	return heard(c) & ~AW_HAN_HEARD_MORE;
}

enum { READINGS = 3 };

static size_t
readings_of(uint32_t c, uint32_t ret_sounds[READINGS])
{
	size_t count = 0;

	if (aw_char_sound(c) != 0)
		ret_sounds[count++] = aw_char_sound(c);
	for (size_t i = 0; i < aw_han_more_count && count > 0; i++) {
		if (aw_han_more[i].of != c)
			continue;
		for (size_t k = 0; k < 2 && aw_han_more[i].sounds[k] != 0; k++)
			ret_sounds[count++] = aw_han_more[i].sounds[k];
		break;
	}
	return count;
}

bool
aw_char_heard_alike(uint32_t a, uint32_t b)
{
	uint32_t x[READINGS], y[READINGS];
	size_t n, m;

	if (((heard(a) | heard(b)) & AW_HAN_HEARD_MORE) == 0)
		return heard(a) != 0 && heard(a) == heard(b);
	n = readings_of(a, x);
	m = readings_of(b, y);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < m; k++) {
			if (x[i] == y[k])
				return true;
		}
	}
	return false;
}

struct aw_str
aw_text_fold(struct aw_arena *arena, struct aw_str nfkc)
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *nfkd;
	struct aw_buf out = { .arena = arena };
	UChar *wide;
	int32_t len;

	if (all_plain(nfkc)) {
		for (size_t pos = 0; pos < nfkc.len;) {
			uint32_t c = aw_char_fold(aw_utf8_next(nfkc, &pos));

			aw_buf_utf8(&out, c >= 'A' && c <= 'Z' ? c + 32 : c);
		}
	} else {
		nfkd = unorm2_getNFKDInstance(&code);
		if (U_FAILURE(code))
			aw_die("ICU has no NFKD data");
		wide = to_utf16(arena, nfkc, &len);
		wide = normalised(arena, nfkd, wide, &len);
		for (int32_t pos = 0; pos < len;) {
			uint32_t c = next_utf16(wide, len, &pos);

			if (u_charType((UChar32)c) == U_NON_SPACING_MARK)
				continue;
			aw_buf_utf8(&out, (uint32_t)u_tolower((UChar32)aw_char_fold(c)));
		}
	}
	return (struct aw_str){ out.len == 0 ? aw_arena_strndup(arena, "", 0) : out.at, out.len };
}
