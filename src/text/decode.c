/* Text in UTF-8, whatever it came in. */
#include <string.h>
#include <unicode/ucnv.h>

#include "text/csv.h"

static size_t
first_bad_byte(struct aw_str text)
{
	size_t pos = 0;

	while (pos < text.len) {
		size_t before = pos;

		if (aw_utf8_next(text, &pos) == 0xFFFD &&
			(pos - before != 3 || memcmp(text.at + before, "\xEF\xBF\xBD", 3) != 0))
			return before;
	}
	return pos;
}

/* Converts strictly; false when a byte does not belong. */
static bool
convert(struct aw_arena *arena, const char *from, struct aw_str bytes, struct aw_str *ret)
{
	UErrorCode code = U_ZERO_ERROR;
	UConverter *source = ucnv_open(from, &code);
	UChar *wide;
	int32_t len = 0;
	struct aw_buf out = { .arena = arena };

	if (U_FAILURE(code))
		aw_die("ICU has no converter for Big5");
	ucnv_setToUCallBack(source, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
	wide = AW_NEW_ARRAY(arena, UChar, bytes.len + 1);
	len = ucnv_toUChars(source, wide, (int32_t)bytes.len, bytes.at, (int32_t)bytes.len, &code);
	ucnv_close(source);
	if (U_FAILURE(code))
		return false;
	for (int32_t i = 0; i < len; i++) {
		uint32_t c = wide[i];

		if (c >= 0xD800 && c < 0xDC00 && i + 1 < len)
			c = (c << 10) + wide[++i] - ((0xD800u << 10) + 0xDC00u - 0x10000u);
		/* bytes that the code page maps to nothing that is written */
		if ((c >= 0x80 && c < 0xA0) || c == 0xF8F8 || c == 0xFFFD)
			return false;
		if (c != 0xFEFF)
			aw_buf_utf8(&out, c);
	}
	*ret = (struct aw_str){ aw_buf_z(&out), out.len };
	return true;
}

enum aw_status
aw_text_decode(struct aw_arena *arena, struct aw_str bytes, struct aw_str *ret_text,
	const char **ret_encoding, struct aw_error *err)
{
	struct aw_str text = bytes;

	if (bytes.len > INT32_MAX / 4)
		return aw_fail(err, AW_TOO_LARGE, "the text is larger than 512 MB");
	if (aw_str_starts(bytes, "\xFF\xFE") || aw_str_starts(bytes, "\xFE\xFF")) {
		const char *name = bytes.at[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";

		if (!convert(arena, name, bytes, &text))
			return aw_fail(err, AW_INVALID, "the text begins as UTF-16 but is not");
		*ret_text = text;
		*ret_encoding = "utf-16";
		return AW_OK;
	}
	if (aw_utf8_valid(bytes)) {
		if (aw_str_starts(bytes, "\xEF\xBB\xBF"))
			text = (struct aw_str){ bytes.at + 3, bytes.len - 3 };
		*ret_text = text;
		*ret_encoding = "utf-8";
		return AW_OK;
	}
	if (!convert(arena, "windows-950-2000", bytes, &text))
		return aw_fail(err, AW_INVALID,
			"the text is neither UTF-8 nor Big5: UTF-8 ends at byte %zu",
			first_bad_byte(bytes) + 1);
	*ret_text = text;
	*ret_encoding = "big5";
	return AW_OK;
}
